import { createConnection } from '../client/connection.ts'
import { ColophonError } from '../errors/base.ts'
import type { Source } from '../source/index.ts'
import { type Check, failed, passed, skipped } from '../verify/check.ts'
import { hammingDistance, mediaOfWork } from '../verify/file.ts'
import { type Verdict, type Verification, type VerifyOptions, verify } from '../verify/index.ts'
import { composeCertificate } from './certificate.ts'
import { type CertificateContent, readCertificate } from './data.ts'
import { filmStripOf } from './filmStrip.ts'
import { standardFonts } from './fonts.node.ts'
import { openGiven, openSettings, type RoleFont, type Setting } from './fonts.ts'
import { identityAt } from './identity.ts'
import { isWhole } from './pdf/objects.ts'
import { excerptOf, headOf } from './preview.ts'
import { isSameWaveform, waveformOf } from './waveform.ts'

export interface VerifyCertificateOptions extends VerifyOptions {
  /** The work itself, to check it against the deposit, and what the page shows against it. */
  file?: Source
  /** Fonts the certificate was set in, if they are not among those of the SDK. */
  fonts?: readonly RoleFont[]
}

export interface CertificateVerification extends Verification {
  /** What the certificate was made from; absent when it cannot be read. */
  content?: CertificateContent
}

/** Bits by which the picture on the page may differ from the deposit's fingerprint: PDQ's own threshold for a copy. */
const PICTURE_BITS = 31

/**
 * Checks a certificate to the last byte, trusting neither its issuer nor its text: makes the file again from the receipt, the document and the
 * picture in it, and compares; then verifies these as {@link verify} does. Whatever does not agree is a failed check, not an exception.
 *
 * @throws as {@link verify} does, `FONT_INVALID` for a font that was given
 */
export async function verifyCertificate(bytes: Uint8Array, options: VerifyCertificateOptions = {}): Promise<CertificateVerification> {
  options.signal?.throwIfAborted()
  let content: CertificateContent
  try {
    content = readCertificate(bytes)
  } catch (fault) {
    if (!(fault instanceof ColophonError)) throw fault
    return refused(fault.shortMessage)
  }
  const own = [...openSettings(await standardFonts()), ...openGiven(options.fonts ?? [])]
  const certificate = checkBytes(bytes, content, own)
  const { receipt, document } = content
  const verification = await verify(
    { receipt, ...(document === undefined ? {} : { document }), ...(options.file === undefined ? {} : { file: options.file }) },
    options,
  )
  const preview = await checkPreview(content, options)
  const identity = await checkIdentity(content, options)
  const checks = [certificate, preview, identity, ...verification.checks]
  const shown = [
    certificate,
    ...(content.jpeg === undefined && content.data.excerpt === undefined && content.data.waveform === undefined ? [] : [preview]),
    ...(content.data.identity === undefined ? [] : [identity]),
  ]
  return { ...verification, verdict: verdictOf(verification.verdict, checks, shown), checks, content }
}

function refused(explanation: string): CertificateVerification {
  return { verdict: 'refuted', checks: [failed('certificate', 'a certificate as it was made', 'another file', explanation)], others: [] }
}

/** Nothing is verified while anything that the page shows is not. */
function verdictOf(verdict: Verdict, checks: readonly Check[], shown: readonly Check[]): Verdict {
  if (checks.some(({ status }) => status === 'failed')) return 'refuted'
  return verdict === 'verified' && !shown.every(({ ok }) => ok) ? 'incomplete' : verdict
}

function checkBytes(bytes: Uint8Array, content: CertificateContent, own: readonly Setting[]): Check {
  // Known without any font: damage is told even where the page cannot be made again.
  if (!isWhole(bytes))
    return failed(
      'certificate',
      'the file that its identifier names',
      'another',
      'The file was changed: its identifier does not follow from its bytes.',
    )
  const settings: Setting[] = []
  for (const { role, name, sha256 } of content.data.fonts) {
    const found = own.find(({ font }) => font.sha256 === sha256)
    if (found === undefined)
      return skipped(
        'certificate',
        `The page was set in ${name.slice(0, 60)} (SHA-256 ${sha256.slice(0, 66)}), which is not at hand: ${
          /^Noto Serif SC/.test(name) ? 'install @fontsource/noto-serif-sc' : 'give that font'
        }. Until then its text proves nothing.`,
      )
    if (found.font.name !== name) return failed('certificate', found.font.name, name, 'A font has another name than the certificate says.')
    settings.push({ role, font: found.font })
  }
  let made: Uint8Array
  try {
    made = composeCertificate(content, settings)
  } catch (fault) {
    if (!(fault instanceof ColophonError)) throw fault
    return failed('certificate', 'a page that follows from its data', 'none', `The page cannot be made again: ${fault.shortMessage}`)
  }
  const at = firstDifference(made, bytes)
  if (at === undefined)
    return passed('certificate', 'Made again from the receipt, the document and the picture within, the file is the same, byte for byte.')
  return failed(
    'certificate',
    `${made.length} bytes that follow from the data within`,
    `${bytes.length} bytes, the first other one at ${at}`,
    'The file is not what its own data gives: the page, or something in it, was changed.',
  )
}

function firstDifference(a: Uint8Array, b: Uint8Array): number | undefined {
  const length = Math.min(a.length, b.length)
  for (let at = 0; at < length; at++) if (a[at] !== b[at]) return at
  return a.length === b.length ? undefined : length
}

/** What the page shows of the work: a picture must have the deposit's fingerprint, an excerpt must be the beginning of the file. */
async function checkPreview({ receipt, jpeg, data }: CertificateContent, { file, signal }: VerifyCertificateOptions): Promise<Check> {
  if (jpeg !== undefined && mediaOfWork(receipt.work) === 'video') return await checkFrames(jpeg, file, signal)
  if (jpeg !== undefined) {
    const { fingerprint } = await import('../fingerprint/index.ts')
    const { work } = receipt
    try {
      const { code } = await fingerprint(jpeg, { media: 'image', ...(signal === undefined ? {} : { signal }) })
      if (code?.type !== work.fingerprintType || mediaOfWork(work) !== 'image')
        return skipped('preview', 'The picture on the page and the deposit have no fingerprint of the same kind.')
      const bits = hammingDistance(work.fingerprint, code.bits)
      return bits <= PICTURE_BITS
        ? passed('preview', `The picture on the page has the fingerprint of the deposit: ${bits} of 256 bits differ.`, code.bits)
        : failed(
            'preview',
            work.fingerprint,
            code.bits,
            `The picture on the page is another: its fingerprint differs in ${bits} of 256 bits.`,
          )
    } catch (fault) {
      signal?.throwIfAborted()
      if (!(fault instanceof ColophonError)) throw fault
      return fault.code === 'DEPENDENCY_MISSING'
        ? skipped('preview', fault.shortMessage)
        : failed('preview', work.fingerprint, 'none', `The picture on the page has no fingerprint: ${fault.shortMessage}`)
    }
  }
  if (data.waveform !== undefined) {
    if (file === undefined) return skipped('preview', 'Whether the waveform is of the recording is known when the recording is at hand.')
    try {
      return isSameWaveform(await waveformOf(file, signal), data.waveform)
        ? passed('preview', 'The waveform on the page is that of the recording.')
        : failed('preview', 'the waveform of the recording', 'another', 'The waveform on the page is not that of the recording.')
    } catch (fault) {
      return unread(fault, signal)
    }
  }
  if (data.excerpt === undefined) return skipped('preview', 'The page shows nothing of the work but its fingerprint.')
  if (file === undefined) return skipped('preview', 'Whether the excerpt is from the work is known when the work is at hand.')
  const expected = excerptOf(await headOf(file))
  return expected === data.excerpt
    ? passed('preview', 'The excerpt on the page is the beginning of the file.')
    : failed('preview', expected, data.excerpt, 'The excerpt on the page is not the beginning of the file.')
}

/** Frames prove nothing by themselves: a deposit's fingerprint is of the whole film. */
async function checkFrames(jpeg: Uint8Array, file: Source | undefined, signal: AbortSignal | undefined): Promise<Check> {
  if (file === undefined) return skipped('preview', 'Whether the frames are of the film is known when the film is at hand.')
  try {
    const { fingerprint } = await import('../fingerprint/index.ts')
    const codeOf = async (picture: Uint8Array): Promise<`0x${string}`> =>
      (await fingerprint(picture, { media: 'image', layers: 'signature', ...(signal === undefined ? {} : { signal }) })).code!.bits
    const [shown, made] = [await codeOf(jpeg), await codeOf(await filmStripOf(file, signal))]
    const bits = hammingDistance(shown, made)
    return bits <= PICTURE_BITS
      ? passed('preview', `The frames on the page are of the film: ${bits} of 256 bits differ.`, shown)
      : failed('preview', made, shown, `The frames on the page are not of the film: ${bits} of 256 bits differ.`)
  } catch (fault) {
    return unread(fault, signal)
  }
}

/** The work that was given cannot be looked at. */
function unread(fault: unknown, signal: AbortSignal | undefined): Check {
  signal?.throwIfAborted()
  if (!(fault instanceof ColophonError)) throw fault
  return fault.code === 'DEPENDENCY_MISSING'
    ? skipped('preview', fault.shortMessage)
    : failed('preview', 'the work', 'none', `The work cannot be read: ${fault.shortMessage}`)
}

async function checkIdentity({ data, receipt }: CertificateContent, { provider, deployment }: VerifyCertificateOptions): Promise<Check> {
  const { identity } = data
  if (identity === undefined) return skipped('identity', 'The certificate says nothing about who the claimant is.')
  if (provider === undefined) return skipped('identity', 'No provider was given, so the identity registry was not asked.')
  try {
    const found = await identityAt(createConnection({ provider, ...(deployment === undefined ? {} : { deployment }) }), receipt)
    if (found === undefined) return skipped('identity', 'No identity registry is known on this chain.')
    const text = (one: typeof found): string => `level ${one.level} in ${one.registry}`
    return text(found) === text(identity)
      ? passed('identity', 'The identity registry gives the claimant this level at the time of the deposit.', text(found))
      : failed('identity', text(identity), text(found), 'The identity registry says something else of the claimant.')
  } catch (fault) {
    if (!(fault instanceof ColophonError)) throw fault
    return skipped('identity', `Could not be checked: ${fault.shortMessage}`)
  }
}
