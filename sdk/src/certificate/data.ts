import { ColophonError } from '../errors/base.ts'
import { type DepositReceipt, parseReceipt } from '../receipt/receipt.ts'

/** Bars of a waveform. */
export const BARS = 160

/** Languages that a certificate can be in: English, simplified Chinese. */
export type CertificateLanguage = 'en' | 'zh'

/** What the page shows of the work. */
export type Preview =
  /** A small JPEG of a picture: 8 bits, three components, sRGB. */
  | { kind: 'picture'; jpeg: Uint8Array }
  /** Six frames of a film, as such a JPEG. */
  | { kind: 'frames'; jpeg: Uint8Array }
  /** How loud a recording is from beginning to end: 160 numbers of 0 to 255. */
  | { kind: 'waveform'; bars: readonly number[] }
  /** The beginning of a text. */
  | { kind: 'excerpt'; text: string }

/** How well the claimant was known when the deposit was made, as the identity registry says. */
export interface IdentityStatement {
  /** Address of the IdentityRegistry. */
  registry: string
  /** 1 to 255, as the verifiers of the alliance define them; 0 means that nobody has attested who the claimant is. */
  level: number
}

/** The roles that fonts have on the page. */
export type FontRole = 'text' | 'bold' | 'italic' | 'mono'

/** A font that the page was set in. */
export interface FontNote {
  role: FontRole
  name: string
  /** Of the font file. */
  sha256: string
}

/** `certificate.json` in the PDF: with receipt, document and picture all that the page is made from. */
export interface CertificateData {
  type: 'colophon-certificate'
  /** Of the page's layout; whoever reads it makes the page again, byte for byte. */
  version: 1
  language: CertificateLanguage
  /** Where the QR code leads. */
  verifyAt: string
  excerpt?: string
  waveform?: number[]
  identity?: IdentityStatement
  fonts: FontNote[]
}

/** Everything a certificate is made from. */
export interface CertificateContent {
  data: CertificateData
  receipt: DepositReceipt
  /** The deposit document, byte for byte. */
  document?: Uint8Array
  jpeg?: Uint8Array
}

/** Names of the attachments, in the order in which they are in the file. */
export const ATTACHMENTS = { data: 'certificate.json', receipt: 'deposit.receipt.json', document: 'deposit-document.json' } as const

const ROLES: readonly FontRole[] = ['text', 'bold', 'italic', 'mono']
/** Characters of an excerpt, at most. */
export const MAX_EXCERPT = 700

/** JSON as it stands in the file. */
export function jsonBytes(value: unknown): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`)
}

/**
 * Takes a certificate apart. Only files of this format are read, by the very form in which they are written; whether the file is as it was
 * written is what {@link verifyCertificate} finds out.
 *
 * @throws ColophonError `CERTIFICATE_INVALID`, `INVALID_RECEIPT`
 */
export function readCertificate(bytes: Uint8Array): CertificateContent {
  const files = attachmentsOf(bytes)
  const data = readData(json(files.get(ATTACHMENTS.data), ATTACHMENTS.data))
  const receiptBytes = files.get(ATTACHMENTS.receipt)
  if (receiptBytes === undefined) throw invalid(`it has no ${ATTACHMENTS.receipt}`)
  const document = files.get(ATTACHMENTS.document)
  const jpeg = files.get(PICTURE)
  return {
    data,
    receipt: parseReceipt(text(receiptBytes, ATTACHMENTS.receipt)),
    ...(document === undefined ? {} : { document }),
    ...(jpeg === undefined ? {} : { jpeg }),
  }
}

const PICTURE = 'picture'

/** The streams of the file that data is in. */
function attachmentsOf(bytes: Uint8Array): Map<string, Uint8Array> {
  const found = new Map<string, Uint8Array>()
  const decoder = new TextDecoder('latin1')
  // What is attached stands before everything else, and no name or dictionary is longer than this.
  const head = /^\d+ 0 obj\n<< \/Type \/(Filespec \/F \(([\w.-]+)\)|EmbeddedFile|XObject \/Subtype \/Image)[^\n]*\n/
  const length = / \/Length (\d+) >>\nstream\n$/
  let name: string | undefined
  for (let at = indexAfterHeader(bytes); at < bytes.length; ) {
    const line = decoder.decode(bytes.subarray(at, at + 2000))
    const object = head.exec(line)
    if (object === null) break
    if (object[2] !== undefined) {
      name = object[2]
      at += object[0].length + 'endobj\n'.length
      continue
    }
    const start = at + object[0].length + 'stream\n'.length
    const size = length.exec(line.slice(0, start - at))
    if (size === null) break
    const end = start + Number(size[1])
    if (end > bytes.length) throw invalid('it is cut short')
    const picture = object[1]!.startsWith('XObject')
    found.set(picture ? PICTURE : (name ?? ''), bytes.slice(start, end))
    at = end + '\nendstream\nendobj\n'.length
  }
  if (found.size === 0) throw invalid('nothing of a certificate is attached where it should be')
  return found
}

function indexAfterHeader(bytes: Uint8Array): number {
  const first = bytes.indexOf(0x0a)
  const second = bytes.indexOf(0x0a, first + 1)
  if (first === -1 || second === -1 || second > 20) throw invalid('it is not a PDF that was made as a certificate')
  return second + 1
}

function readData(value: unknown): CertificateData {
  const fields = record(value, 'it')
  if (fields.type !== 'colophon-certificate') throw invalid('its data is of another type')
  if (fields.version !== 1) throw invalid(`its layout is of version ${String(fields.version)}, which this SDK does not know`)
  if (fields.language !== 'en' && fields.language !== 'zh') throw invalid('its language is not en or zh')
  if (!Array.isArray(fields.fonts) || fields.fonts.length > 64) throw invalid('its fonts are not listed')
  return {
    type: 'colophon-certificate',
    version: 1,
    language: fields.language,
    verifyAt: string(fields.verifyAt, 'verifyAt'),
    ...(fields.excerpt === undefined ? {} : { excerpt: string(fields.excerpt, 'excerpt') }),
    ...(fields.waveform === undefined ? {} : { waveform: barsOf(fields.waveform) }),
    ...(fields.identity === undefined ? {} : { identity: identityOf(record(fields.identity, 'identity')) }),
    fonts: fields.fonts.map((each: unknown) => {
      const { role, name, sha256 } = record(each, 'fonts')
      const known = ROLES.find((one) => one === role)
      if (known === undefined) throw invalid('a font has no role on the page')
      return { role: known, name: string(name, 'fonts.name'), sha256: string(sha256, 'fonts.sha256') }
    }),
  }
}

function barsOf(value: unknown): number[] {
  if (isWaveform(value)) return value
  throw invalid('waveform is none')
}

/** Whether it is what the page can draw as a waveform. */
export function isWaveform(value: unknown): value is number[] {
  return Array.isArray(value) && value.length === BARS && value.every((bar) => Number.isInteger(bar) && bar >= 0 && bar <= 255)
}

function identityOf({ registry, level }: Record<string, unknown>): IdentityStatement {
  if (typeof level !== 'number' || !Number.isInteger(level) || level < 0 || level > 255) throw invalid('identity.level is no level')
  return { registry: string(registry, 'identity.registry'), level }
}

function json(bytes: Uint8Array | undefined, name: string): unknown {
  if (bytes === undefined) throw invalid(`it has no ${name}`)
  try {
    return JSON.parse(text(bytes, name))
  } catch (cause) {
    throw cause instanceof ColophonError ? cause : invalid(`${name} is not JSON`, cause)
  }
}

function text(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    throw invalid(`${name} is not UTF-8`, cause)
  }
}

function record(value: unknown, name: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(`${name} is no object`)
  return value as Record<string, unknown>
}

function string(value: unknown, name: string): string {
  if (typeof value !== 'string' || value.length > 4000) throw invalid(`${name} is no short text`)
  return value
}

/** The error of a file that is no certificate, or no longer one. */
function invalid(why: string, cause?: unknown): ColophonError {
  return new ColophonError('CERTIFICATE_INVALID', `The file is not a certificate as it was made: ${why}.`, {
    hint: 'Use the PDF as it was written; printing to PDF, signing or optimising it makes another file.',
    cause,
  })
}
