import { createConnection } from '../client/connection.ts'
import { ColophonError } from '../errors/base.ts'
import type { Source } from '../source/index.ts'
import { type Check, failed, passed, skipped } from '../verify/check.ts'
import { hammingDistance, mediaOfWork } from '../verify/file.ts'
import { type Verdict, type Verification, type VerifyOptions, verify } from '../verify/index.ts'
import { faultFacts, say } from '../verify/sentence.ts'
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
    return refused(fault)
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

function refused(fault: ColophonError): CertificateVerification {
  const check = failed('certificate', 'a certificate as it was made', 'another file', say('certificate-unreadable', faultFacts(fault)))
  return { verdict: 'refuted', checks: [check], others: [] }
}

/** Nothing is verified while anything that the page shows is not. */
function verdictOf(verdict: Verdict, checks: readonly Check[], shown: readonly Check[]): Verdict {
  if (checks.some(({ status }) => status === 'failed')) return 'refuted'
  return verdict === 'verified' && !shown.every(({ ok }) => ok) ? 'incomplete' : verdict
}

function checkBytes(bytes: Uint8Array, content: CertificateContent, own: readonly Setting[]): Check {
  // Known without any font: damage is told even where the page cannot be made again.
  if (!isWhole(bytes)) return failed('certificate', 'the file that its identifier names', 'another', say('certificate-changed'))
  const settings: Setting[] = []
  for (const { role, name, sha256 } of content.data.fonts) {
    const found = own.find(({ font }) => font.sha256 === sha256)
    if (found === undefined)
      return skipped(
        'certificate',
        say('certificate-font-absent', {
          ...{ font: name.slice(0, 60), sha256: sha256.slice(0, 66) },
          remedy: /^Noto Serif SC/.test(name) ? 'install @fontsource/noto-serif-sc' : 'give that font',
        }),
      )
    if (found.font.name !== name) return failed('certificate', found.font.name, name, say('certificate-font-renamed'))
    settings.push({ role, font: found.font })
  }
  let made: Uint8Array
  try {
    made = composeCertificate(content, settings)
  } catch (fault) {
    if (!(fault instanceof ColophonError)) throw fault
    return failed('certificate', 'a page that follows from its data', 'none', say('certificate-unmakeable', faultFacts(fault)))
  }
  const at = firstDifference(made, bytes)
  if (at === undefined) return passed('certificate', say('certificate-same'))
  return failed(
    'certificate',
    `${made.length} bytes that follow from the data within`,
    `${bytes.length} bytes, the first other one at ${at}`,
    say('certificate-other'),
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
      if (code?.type !== work.fingerprintType || mediaOfWork(work) !== 'image') return skipped('preview', say('preview-other-kind'))
      const bits = hammingDistance(work.fingerprint, code.bits)
      return bits <= PICTURE_BITS
        ? passed('preview', say('preview-same', { bits }), code.bits)
        : failed('preview', work.fingerprint, code.bits, say('preview-other', { bits }))
    } catch (fault) {
      signal?.throwIfAborted()
      if (!(fault instanceof ColophonError)) throw fault
      return fault.code === 'DEPENDENCY_MISSING'
        ? skipped('preview', say('dependency-missing', faultFacts(fault)))
        : failed('preview', work.fingerprint, 'none', say('preview-unreadable', faultFacts(fault)))
    }
  }
  if (data.waveform !== undefined) {
    if (file === undefined) return skipped('preview', say('preview-waveform-open'))
    try {
      return isSameWaveform(await waveformOf(file, signal), data.waveform)
        ? passed('preview', say('preview-waveform-same'))
        : failed('preview', 'the waveform of the recording', 'another', say('preview-waveform-other'))
    } catch (fault) {
      return unread(fault, signal)
    }
  }
  if (data.excerpt === undefined) return skipped('preview', say('preview-none'))
  if (file === undefined) return skipped('preview', say('preview-excerpt-open'))
  const expected = excerptOf(await headOf(file))
  return expected === data.excerpt
    ? passed('preview', say('preview-excerpt-same'))
    : failed('preview', expected, data.excerpt, say('preview-excerpt-other'))
}

/** Frames prove nothing by themselves: a deposit's fingerprint is of the whole film. */
async function checkFrames(jpeg: Uint8Array, file: Source | undefined, signal: AbortSignal | undefined): Promise<Check> {
  if (file === undefined) return skipped('preview', say('preview-frames-open'))
  try {
    const { fingerprint } = await import('../fingerprint/index.ts')
    const codeOf = async (picture: Uint8Array): Promise<`0x${string}`> =>
      (await fingerprint(picture, { media: 'image', layers: 'signature', ...(signal === undefined ? {} : { signal }) })).code!.bits
    const [shown, made] = [await codeOf(jpeg), await codeOf(await filmStripOf(file, signal))]
    const bits = hammingDistance(shown, made)
    return bits <= PICTURE_BITS
      ? passed('preview', say('preview-frames-same', { bits }), shown)
      : failed('preview', made, shown, say('preview-frames-other', { bits }))
  } catch (fault) {
    return unread(fault, signal)
  }
}

/** The work that was given cannot be looked at. */
function unread(fault: unknown, signal: AbortSignal | undefined): Check {
  signal?.throwIfAborted()
  if (!(fault instanceof ColophonError)) throw fault
  return fault.code === 'DEPENDENCY_MISSING'
    ? skipped('preview', say('dependency-missing', faultFacts(fault)))
    : failed('preview', 'the work', 'none', say('work-unreadable', faultFacts(fault)))
}

async function checkIdentity({ data, receipt }: CertificateContent, { provider, deployment }: VerifyCertificateOptions): Promise<Check> {
  const { identity } = data
  if (identity === undefined) return skipped('identity', say('identity-none'))
  if (provider === undefined) return skipped('identity', say('identity-not-asked'))
  try {
    const found = await identityAt(createConnection({ provider, ...(deployment === undefined ? {} : { deployment }) }), receipt)
    if (found === undefined) return skipped('identity', say('identity-unknown'))
    const text = (one: typeof found): string => `level ${one.level} in ${one.registry}`
    return text(found) === text(identity)
      ? passed('identity', say('identity-same'), text(found))
      : failed('identity', text(identity), text(found), say('identity-other'))
  } catch (fault) {
    if (!(fault instanceof ColophonError)) throw fault
    return skipped('identity', say('fault', faultFacts(fault)))
  }
}
