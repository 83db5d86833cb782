import { createHash } from 'node:crypto'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ColophonError } from '../errors/base.ts'
import { explanationOf, type Fingerprint, fingerprint, type Match } from '../fingerprint/index.ts'
import type { ByteSource } from '../source/index.ts'
import type { Finding, Ledger } from './ledger.node.ts'
import type { WatchedWork, WatchedWorks } from './matcher.ts'

/** Something that was found: a file, or the text of a page. */
export interface Content {
  bytes: Uint8Array<ArrayBuffer>
  /** File name, where there is one. */
  name?: string
  /** The text of a page is looked at as text, whatever it says. */
  text?: true
}

/** What came of looking at something. */
export type Examined =
  /** `sha256` is absent where there was nothing to look at. */
  { sha256?: string } | { problem: string; code: string }

/** Pictures smaller than this are icons and counters. */
const SMALLEST = 1024
/** Letters and pixels beyond which a page does not show a work, but is one. */
const MOST_PIXELS = 100_000_000
const MOST_SECONDS = 4 * 3600
/** Copies larger than this are not kept, only named by their hash. */
const MOST_KEPT = 32 << 20

/** Looks for the watched works in a file or text; what was looked at before is not looked at again. */
export async function examine(content: Content, ledger: Ledger, works: WatchedWorks, signal: AbortSignal | undefined): Promise<Examined> {
  const { bytes, name, text } = content
  if (text === undefined && bytes.length < SMALLEST) return {}
  if (text === true && bytes.length === 0) return {}
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  if (ledger.foundIn(sha256) !== undefined) return { sha256 }
  const source: ByteSource = { ...(name === undefined ? {} : { name }), size: bytes.length, open: () => once(bytes) }
  let found: Fingerprint
  try {
    found = await fingerprint(source, {
      maxPixels: MOST_PIXELS,
      maxSeconds: MOST_SECONDS,
      ...(text === true ? { media: 'text' as const } : {}),
      ...(signal === undefined ? {} : { signal }),
    })
  } catch (fault) {
    signal?.throwIfAborted()
    if (!(fault instanceof ColophonError)) throw fault
    // Installing what is missing lets the next pass look at it; a file that cannot be read will not change.
    if (fault.code !== 'DEPENDENCY_MISSING') await ledger.lookedAt({ sha256, media: 'data' }, [])
    return { problem: fault.shortMessage, code: fault.code }
  }
  const hits = await works.search(found, signal)
  const findings: Finding[] = []
  for (const { work, match } of hits) findings.push(await findingOf({ content, source, found, work, match, sha256 }, ledger, signal))
  await ledger.lookedAt({ sha256, media: found.media }, findings)
  return { sha256 }
}

interface Seen {
  content: Content
  source: ByteSource
  found: Fingerprint
  work: WatchedWork
  match: Match
  sha256: string
}

async function findingOf(
  { content, source, found, work, match, sha256 }: Seen,
  ledger: Ledger,
  signal: AbortSignal | undefined,
): Promise<Finding> {
  const id = createHash('sha256').update(`${work.id} ${sha256}`).digest('hex').slice(0, 12)
  const rate = rateOf(match)
  const copy = content.bytes.length <= MOST_KEPT ? `suspects/${id}.${extensionOf(found.mediaType)}` : undefined
  if (copy !== undefined) await keep(ledger.folder, copy, content.bytes)
  const explained = await explain({ source, found, work, match }, signal)
  const picture = explained === undefined ? undefined : `suspects/${id}-match.${explained.mediaType === 'text/html' ? 'html' : 'svg'}`
  if (picture !== undefined) await keep(ledger.folder, picture, explained!.content)
  return {
    id,
    work: work.id,
    media: found.media,
    mediaType: found.mediaType,
    size: found.size,
    sha256,
    verdict: match.verdict as Finding['verdict'],
    reason: match.reason,
    layers: match.layers,
    ...(rate === undefined ? {} : { falsePositiveRate: rate }),
    ...(found.code === undefined ? {} : { code: { type: found.code.type, bits: found.code.bits } }),
    firstSeen: new Date().toISOString(),
    pass: ledger.pass.number,
    ...(copy === undefined ? {} : { copy }),
    ...(picture === undefined ? {} : { picture }),
  }
}

/** The match in pictures; a suspect counts without, too. */
async function explain(
  { source, found, work, match }: Pick<Seen, 'source' | 'found' | 'work' | 'match'>,
  signal: AbortSignal | undefined,
): Promise<Awaited<ReturnType<typeof explanationOf>>> {
  if (work.file === undefined) return undefined
  try {
    const sides = [
      { source: work.file, name: work.title ?? work.id, fingerprint: work.fingerprint },
      { source, name: 'found', fingerprint: found },
    ] as const
    return await explanationOf(match, ...sides, { side: 420, ...(signal === undefined ? {} : { signal }) })
  } catch (fault) {
    signal?.throwIfAborted()
    if (fault instanceof ColophonError) return undefined
    throw fault
  }
}

/** Share of pairs of strangers that look as much alike as these, at most: of the match, or of the layer that speaks for it most clearly. */
function rateOf(match: Match): number | undefined {
  // Another file with this SHA-256 will not be met.
  if (match.verdict === 'identical') return 0
  if (match.falsePositiveRate !== undefined) return match.falsePositiveRate
  const rates = match.layers.flatMap(({ speaksForCopy, falsePositiveRate }) => (speaksForCopy ? (falsePositiveRate ?? []) : []))
  return rates.length === 0 ? undefined : Math.min(...rates)
}

/** Whole or not at all. */
export async function keep(folder: string, file: string, content: Uint8Array | string): Promise<void> {
  const path = join(folder, file)
  const draft = `${path}.${process.pid}.tmp`
  try {
    await mkdir(join(path, '..'), { recursive: true })
    await writeFile(draft, content, { flush: true } as never)
    await rename(draft, path)
  } catch (cause) {
    await rm(draft, { force: true }).catch(() => undefined)
    throw new ColophonError('OUTPUT_UNWRITABLE', `${path} cannot be written: ${(cause as Error).message}.`, {
      hint: 'Check permissions and free space.',
      details: { file: path },
      cause,
    })
  }
}

const EXTENSIONS: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpg',
  'audio/mpeg': 'mp3',
  'text/plain': 'txt',
  'text/markdown': 'md',
  'audio/mp4': 'm4a',
}

/** Names what a browser may open by what it is; nothing that it would run. */
function extensionOf(mediaType: string): string {
  if (EXTENSIONS[mediaType] !== undefined) return EXTENSIONS[mediaType]
  return /^(?:image|audio|video)\/([a-z0-9]{2,5})$/.exec(mediaType)?.[1] ?? 'bin'
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
