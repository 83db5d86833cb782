import type { ColophonError } from '../errors/base.ts'
import { decodeManifest, type EncodedManifest, type EvidenceSignature, isSignedBy } from './manifest.ts'
import { type Timestamp, verifyTimestamp } from './timestamp.ts'
import { validateWacz } from './validate.ts'
import { hashOf } from './wacz.ts'

/** What was checked. */
export interface EvidenceCheck {
  name: 'archive-hash' | 'archive' | 'page' | 'signature' | 'timestamp'
  status: 'ok' | 'failed' | 'skipped'
  /** A sentence for people. */
  explanation: string
}

/** What is known of the evidence; the more, the better. */
export interface EvidenceParts {
  /** Bytes of the manifest. */
  manifest: Uint8Array
  /** The WACZ. */
  archive?: Uint8Array
  signature?: EvidenceSignature
  /** RFC 3161 token over the manifest's SHA-256, DER. */
  timestamp?: Uint8Array
}

export interface EvidenceVerification extends EncodedManifest {
  /** `'verified'` when archive and manifest agree and nothing failed; `'incomplete'` without the archive. */
  verdict: 'verified' | 'refuted' | 'incomplete'
  checks: EvidenceCheck[]
  timestamp?: Timestamp
}

/**
 * Checks evidence offline: that the archive is the one the manifest names and whole in itself, that it holds the page, who signed, and
 * when an authority saw it.
 *
 * @param options - `roots`: certificates of time-stamping authorities to trust, DER
 * @throws ColophonError `EVIDENCE_INVALID` when the manifest cannot be read at all
 */
export async function verifyEvidence(parts: EvidenceParts, options: { roots?: readonly Uint8Array[] } = {}): Promise<EvidenceVerification> {
  const encoded = decodeManifest(parts.manifest)
  const { manifest } = encoded
  const checks: EvidenceCheck[] = []
  const add = (name: EvidenceCheck['name'], status: EvidenceCheck['status'], explanation: string): number =>
    checks.push({ name, status, explanation })

  if (parts.archive === undefined)
    for (const name of ['archive-hash', 'archive', 'page'] as const) add(name, 'skipped', 'The archive is not at hand.')
  else {
    const same = `0x${hashOf(parts.archive).slice('sha256:'.length)}` === manifest.archive.sha256
    add(
      'archive-hash',
      same ? 'ok' : 'failed',
      same ? 'The archive is the one the manifest names.' : 'The archive is not the one the manifest names: its SHA-256 differs.',
    )
    addArchive(parts.archive, manifest.finalUrl, add)
  }

  if (parts.signature === undefined) add('signature', 'skipped', 'The manifest is not signed.')
  else {
    const signed = isSignedBy(encoded, parts.signature)
    add(
      'signature',
      signed ? 'ok' : 'failed',
      signed
        ? `${parts.signature.signer} signed this manifest.`
        : 'The signature is not over this manifest, or not by the account it names.',
    )
  }

  let timestamp: Timestamp | undefined
  if (parts.timestamp === undefined) add('timestamp', 'skipped', 'There is no timestamp of an authority.')
  else
    try {
      timestamp = await verifyTimestamp(parts.timestamp, encoded.digest, options)
      const trust = options.roots === undefined ? ' Whether to trust it is not checked: no root was given.' : ''
      add('timestamp', 'ok', `${timestamp.authority} saw this manifest at ${timestamp.time.toISOString()}.${trust}`)
    } catch (fault) {
      add('timestamp', 'failed', (fault as ColophonError).shortMessage)
    }

  const refuted = checks.some(({ status }) => status === 'failed')
  const verdict = refuted ? 'refuted' : parts.archive === undefined ? 'incomplete' : 'verified'
  return { ...encoded, verdict, checks, ...(timestamp === undefined ? {} : { timestamp }) }
}

function addArchive(
  archive: Uint8Array,
  url: string,
  add: (name: 'archive' | 'page', status: EvidenceCheck['status'], explanation: string) => void,
): void {
  try {
    const { valid, problems, records, responses } = validateWacz(archive)
    const first = problems[0]
    add(
      'archive',
      valid ? 'ok' : 'failed',
      valid
        ? `The archive is a valid WACZ: every hash of its ${records} records holds.`
        : `The archive is no valid WACZ: ${first!.where} ${first!.problem}.`,
    )
    const page = responses.some((each) => each.url === url)
    add('page', page ? 'ok' : 'failed', page ? `The archive holds ${url}.` : `The archive does not hold ${url}.`)
  } catch (fault) {
    add('archive', 'failed', (fault as ColophonError).shortMessage)
    add('page', 'skipped', 'The archive cannot be read.')
  }
}
