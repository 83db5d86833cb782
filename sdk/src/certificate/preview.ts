import { ColophonError } from '../errors/base.ts'
import type { Media } from '../fingerprint/index.ts'
import { openSource, type Source } from '../source/index.ts'
import type { Preview } from './data.ts'
import { filmStripOf } from './filmStrip.ts'
import { shrinkPicture } from './preview.node.ts'
import { waveformOf } from './waveform.ts'

/** Bytes of a picture, at most. */
const MAX_PICTURE = 256 << 20
/** Bytes of a text that are looked at for its beginning. */
const TEXT_HEAD = 8192

/**
 * What a certificate may show of a work: a picture made small, six frames of a film, the waveform of a recording, or the beginning of a text; undefined for data. It shows
 * the work to whoever sees the certificate; leave it out if the work is to stay unseen. Films are read in Node only.
 *
 * @param media what the work was taken for when it was deposited
 * @throws ColophonError `SOURCE_*`, `IMAGE_UNREADABLE`, `AUDIO_UNREADABLE`, `VIDEO_*`, `DEPENDENCY_MISSING`; the signal's reason when aborted
 */
export async function previewOf(file: Source, media: Media, { signal }: { signal?: AbortSignal } = {}): Promise<Preview | undefined> {
  if (media === 'data') return undefined
  if (media === 'audio') return { kind: 'waveform', bars: await waveformOf(file, signal) }
  if (media === 'video') return { kind: 'frames', jpeg: await filmStripOf(file, signal) }
  const source = await openSource(file)
  if (media === 'image') return { kind: 'picture', jpeg: await shrinkPicture(await readUpTo(source.open(), MAX_PICTURE, true)) }
  const text = excerptOf(await headOf(source))
  return text === '' ? undefined : { kind: 'excerpt', text }
}

/** As many bytes of a text as its excerpt comes from. */
export async function headOf(file: Source): Promise<Uint8Array> {
  return await readUpTo((await openSource(file)).open(), TEXT_HEAD, false)
}

/** The beginning of a text, as it is shown: white space as single spaces, cut after a word. */
export function excerptOf(head: Uint8Array): string {
  const big = head[0] === 0xfe && head[1] === 0xff
  const little = head[0] === 0xff && head[1] === 0xfe
  const text = new TextDecoder(big ? 'utf-16be' : little ? 'utf-16le' : 'utf-8')
    .decode(head, { stream: true })
    .replace(/[\s\u200b\ufeff\p{Cc}]+/gu, ' ')
    .trim()
  const short = [...text].slice(0, EXCERPT).join('')
  if (short === text) return text
  return /\p{Script=Han}/u.test(short) ? `${short}…` : `${short.replace(/\s+\S*$/, '')} …`
}

/** Characters, of which eleven lines show what fits. */
const EXCERPT = 560

async function readUpTo(chunks: AsyncIterable<Uint8Array>, limit: number, whole: boolean): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const chunk of chunks) {
    parts.push(chunk)
    size += chunk.length
    if (size < limit) continue
    if (whole)
      throw new ColophonError('SOURCE_TOO_LARGE', `The picture has more than ${limit} bytes.`, {
        hint: 'Leave the file out.',
        details: { limit },
      })
    break
  }
  const all = new Uint8Array(size)
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all.subarray(0, Math.min(size, limit))
}
