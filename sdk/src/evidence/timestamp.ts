import { fromBER, Integer, type ObjectIdentifier, OctetString } from 'asn1js'
import {
  AlgorithmIdentifier,
  Certificate,
  ContentInfo,
  type ExtKeyUsage,
  MessageImprint,
  SignedData,
  TimeStampReq,
  TimeStampResp,
  TSTInfo,
} from 'pkijs'
import { ColophonError } from '../errors/base.ts'
import { bytesToHex, hexToBytes } from '../hex/index.ts'
import type { LongCallOptions } from '../progress/progress.ts'

const SHA256_OID = '2.16.840.1.101.3.4.2.1'
const TST_INFO_OID = '1.2.840.113549.1.9.16.1.4'
const CONTENT_TYPE_OID = '1.2.840.113549.1.9.3'
const TIME_STAMPING_OID = '1.3.6.1.5.5.7.3.8'
/** Tokens with a long chain have some 10 KB. */
const MAX_RESPONSE = 1 << 20

/** What a timestamp says. */
export interface Timestamp {
  /** When the authority saw the digest. */
  time: Date
  /** SHA-256 that was timestamped. */
  digest: `0x${string}`
  /** Number the authority gave the token, in hex. */
  serial: string
  /** The authority's policy, an OID. */
  policy: string
  /** Name in the certificate that signed. */
  authority: string
}

export interface TimestampOptions extends LongCallOptions {
  /** Milliseconds to wait for an answer; 30,000 by default. */
  timeout?: number
  fetch?: typeof fetch
}

/**
 * Asks a time-stamping authority (RFC 3161) to witness a digest. The answer is checked before it is returned.
 *
 * @param digest - SHA-256, 32 bytes in hex
 * @param authority - address of the authority
 * @returns the token, DER
 * @throws ColophonError `TIMESTAMP_UNAVAILABLE` when there is no answer, `TIMESTAMP_INVALID` when it is not what was asked for
 */
export async function requestTimestamp(digest: `0x${string}`, authority: string, options: TimestampOptions = {}): Promise<Uint8Array> {
  const { signal, timeout = 30_000 } = options
  const nonce = crypto.getRandomValues(new Uint8Array(8))
  // Positive, whatever the random bits are.
  nonce[0]! &= 0x7f
  nonce[0]! |= 0x40
  const request = new TimeStampReq({
    version: 1,
    messageImprint: new MessageImprint({
      hashAlgorithm: new AlgorithmIdentifier({ algorithmId: SHA256_OID }),
      hashedMessage: new OctetString({ valueHex: hexToBytes(digest).buffer }),
    }),
    nonce: new Integer({ valueHex: nonce.buffer }),
    certReq: true,
  })
  const body = new Uint8Array(request.toSchema().toBER())
  const limit = AbortSignal.timeout(timeout)
  let answer: Uint8Array
  try {
    const response = await (options.fetch ?? fetch)(authority, {
      method: 'POST',
      headers: { 'content-type': 'application/timestamp-query' },
      body,
      signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
    })
    if (!response.ok) throw new Error(`it answered with status ${response.status}`)
    answer = new Uint8Array(await response.arrayBuffer())
    if (answer.length > MAX_RESPONSE) throw new Error('its answer is too long')
  } catch (cause) {
    signal?.throwIfAborted()
    throw new ColophonError(
      'TIMESTAMP_UNAVAILABLE',
      `The time-stamping authority ${authority} gave no timestamp: ${(cause as Error).message}.`,
      {
        hint: 'Try again later or with another authority; the evidence is kept.',
        details: { authority },
        cause,
      },
    )
  }
  const token = tokenOf(answer)
  const info = infoOf(signedDataOf(token))
  if (info.nonce === undefined || bytesToHex(new Uint8Array(info.nonce.valueBlock.valueHexView)) !== bytesToHex(nonce))
    throw invalid('its nonce is not the one that was sent')
  await verifyTimestamp(token, digest)
  return token
}

function tokenOf(answer: Uint8Array): Uint8Array {
  const response = parsed(answer, (schema) => new TimeStampResp({ schema }))
  // 0 is granted, 1 granted with changes.
  if (response.status.status > 1 || response.timeStampToken === undefined) {
    const why = response.status.statusStrings?.map(({ valueBlock }) => valueBlock.value).join(' ')
    throw invalid(`the authority refused (${response.status.status})${why ? `: ${why}` : ''}`)
  }
  return new Uint8Array(response.timeStampToken.toSchema().toBER())
}

/**
 * Checks a token: the digest, the signature, that its certificate may sign timestamps, and, where roots are given, its chain at that time.
 *
 * @param token - DER, as `requestTimestamp` gave it
 * @param roots - certificates to trust, DER; without any the authority's name is only as good as the token's own claim
 * @throws ColophonError `TIMESTAMP_INVALID`
 */
export async function verifyTimestamp(
  token: Uint8Array,
  digest: `0x${string}`,
  options: { roots?: readonly Uint8Array[] } = {},
): Promise<Timestamp> {
  try {
    return await checked(token, digest, options)
  } catch (fault) {
    // Malformed parts are found only where they are used, and the parser throws what it likes.
    throw fault instanceof ColophonError ? fault : invalid('it is malformed', fault)
  }
}

async function checked(token: Uint8Array, digest: `0x${string}`, { roots }: { roots?: readonly Uint8Array[] }): Promise<Timestamp> {
  const signed = signedDataOf(token)
  const info = infoOf(signed)
  const { hashAlgorithm, hashedMessage } = info.messageImprint
  if (hashAlgorithm.algorithmId !== SHA256_OID) throw invalid('it is over another kind of hash than SHA-256')
  const found = bytesToHex(new Uint8Array(hashedMessage.valueBlock.valueHexView))
  if (found !== digest.toLowerCase()) throw invalid('it is over another digest')
  const signer = signerOf(signed)
  if (!maySignTime(signer)) throw invalid('its certificate may not sign timestamps')
  if (signer.notBefore.value > info.genTime || signer.notAfter.value < info.genTime)
    throw invalid('its certificate was not valid at that time')
  await checkSignature(signed, roots, info.genTime)
  return {
    time: info.genTime,
    digest: found,
    serial: bytesToHex(new Uint8Array(info.serialNumber.valueBlock.valueHexView)),
    policy: info.policy,
    authority: nameOf(signer),
  }
}

function signedDataOf(token: Uint8Array): SignedData {
  const content = parsed(token, (schema) => new ContentInfo({ schema }))
  if (content.contentType !== ContentInfo.SIGNED_DATA) throw invalid('it is no signed data')
  try {
    return new SignedData({ schema: content.content })
  } catch (cause) {
    throw invalid('its signed data cannot be read', cause)
  }
}

function infoOf(signed: SignedData): TSTInfo {
  const { eContentType, eContent } = signed.encapContentInfo
  if (eContentType !== TST_INFO_OID || eContent === undefined) throw invalid('it holds no timestamp')
  return parsed(new Uint8Array(eContent.getValue()), (schema) => new TSTInfo({ schema }))
}

function parsed<Value>(
  bytes: Uint8Array,
  read: (schema: NonNullable<ConstructorParameters<typeof ContentInfo>[0]>['schema']) => Value,
): Value {
  const { offset, result } = fromBER(bytes)
  if (offset === -1) throw invalid('it is no DER')
  try {
    return read(result)
  } catch (cause) {
    throw invalid('it has another form than RFC 3161 gives it', cause)
  }
}

function signerOf(signed: SignedData): Certificate {
  const certificates = certificatesOf(signed)
  const sid = signed.signerInfos[0]?.sid as {
    issuer?: { isEqual(other: unknown): boolean }
    serialNumber?: { isEqual(other: unknown): boolean }
  }
  const signer = certificates.find(
    (each) => sid?.issuer?.isEqual(each.issuer) === true && sid.serialNumber?.isEqual(each.serialNumber) === true,
  )
  if (signed.signerInfos.length !== 1 || signer === undefined) throw invalid('it does not hold the one certificate that signed it')
  return signer
}

function certificatesOf(signed: SignedData): Certificate[] {
  return (signed.certificates ?? []).filter((each): each is Certificate => each instanceof Certificate)
}

/** RFC 3161: the certificate is for time-stamping, critically, and for nothing else. */
function maySignTime(certificate: Certificate): boolean {
  const usage = certificate.extensions?.find(({ extnID }) => extnID === '2.5.29.37')
  const { keyPurposes } = (usage?.parsedValue ?? {}) as Partial<ExtKeyUsage>
  return usage?.critical === true && keyPurposes?.length === 1 && keyPurposes[0] === TIME_STAMPING_OID
}

/** The signature over the token, and with roots the chain of the certificate that made it, at the token's own time. */
async function checkSignature(signed: SignedData, roots: readonly Uint8Array[] | undefined, time: Date): Promise<void> {
  const attribute = signed.signerInfos[0]?.signedAttrs?.attributes.find(({ type }) => type === CONTENT_TYPE_OID)
  const said = (attribute?.values[0] as ObjectIdentifier | undefined)?.valueBlock.toString()
  if (said !== TST_INFO_OID) throw invalid('what was signed is no timestamp')
  // The library would compare the imprint with the document itself, which we have only the digest of; that comparison is made above.
  signed.encapContentInfo.eContentType = ContentInfo.DATA
  try {
    const chain = roots === undefined ? {} : { trustedCerts: roots.map((root) => parsed(root, (schema) => new Certificate({ schema }))) }
    const { signatureVerified, signerCertificateVerified } = await signed.verify({
      signer: 0,
      checkChain: roots !== undefined,
      checkDate: time,
      extendedMode: true,
      passedWhenNotRevValues: true,
      ...chain,
    })
    if (signatureVerified !== true) throw new Error('the signature does not fit')
    if (roots !== undefined && signerCertificateVerified !== true) throw new Error('no chain leads to a trusted root')
  } catch (cause) {
    throw invalid(
      roots === undefined
        ? 'its signature does not hold'
        : 'its signature does not hold, or no chain of certificates leads to a root that is trusted',
      cause,
    )
  }
}

function nameOf({ subject }: Certificate): string {
  const values = subject.typesAndValues.map(({ type, value }) => [type, String(value.valueBlock.value)] as const)
  return values.find(([type]) => type === '2.5.4.3')?.[1] ?? values.map(([, value]) => value).join(', ')
}

function invalid(why: string, cause?: unknown): ColophonError {
  return new ColophonError('TIMESTAMP_INVALID', `The timestamp is not valid: ${why}.`, {
    hint: 'Ask for another, or use the token that belongs to this evidence.',
    ...(cause === undefined ? {} : { cause }),
  })
}
