import { ColophonError } from '../../errors/base.ts'
import { type ByteSource, openSource, type Source } from '../../source/index.ts'
import { MOST_PIXELS } from '../image/collect.ts'
import type { Pixels } from '../image/pixels.ts'
import { readHead } from '../media.ts'
import { decodeVideo } from './decode.node.ts'
import { type Luma, SAMPLE_FPS } from './decode.ts'

export interface StillOptions {
  /** Most pixels of a frame; 100 million by default. */
  maxPixels?: number
  signal?: AbortSignal
}

/**
 * Frames of a film, in shades of grey, by the number of their sample. Reading ends with the last that is wanted; samples that the film has not are missing.
 *
 * @throws ColophonError `SOURCE_*`, `VIDEO_*`, `FINGERPRINT_WRONG_MEDIA`, `DEPENDENCY_MISSING`; the signal's reason when aborted
 */
export async function stillsOf(source: Source, samples: readonly number[], options: StillOptions = {}): Promise<Map<number, Pixels>> {
  const { maxPixels = MOST_PIXELS, signal } = options
  const opened = await openSource(source)
  const stills = new Map<number, Pixels>()
  const last = Math.max(-1, ...samples)
  const { name, path, blob } = opened
  const pieces = decodeVideo(opened.open(), {
    mediaType: await typeOf(opened),
    maxPixels,
    maxSeconds: Number.MAX_SAFE_INTEGER / SAMPLE_FPS,
    ...(name === undefined ? {} : { name }),
    ...(path === undefined ? {} : { path }),
    ...(blob === undefined ? {} : { blob }),
    ...(signal === undefined ? {} : { signal }),
  })
  let sample = 0
  for await (const piece of pieces) {
    if (piece.kind === 'sound') continue
    const next = sample + piece.repeats
    for (const wanted of samples) if (wanted >= sample && wanted < next) stills.set(wanted, greyOf(piece.luma))
    sample = next
    if (sample > last) break
  }
  return stills
}

async function typeOf(source: ByteSource): Promise<string> {
  const { media, mediaType } = await readHead(source)
  if (media === 'video') return mediaType
  throw new ColophonError('FINGERPRINT_WRONG_MEDIA', `The file was to be taken for a film, but its bytes are ${mediaType}.`, {
    hint: 'Give the films that were compared.',
    details: { name: source.name, wanted: 'video', mediaType },
  })
}

function greyOf({ width, height, stride, data }: Luma): Pixels {
  const pixels = new Uint8Array(width * height * 4)
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 4) {
      pixels.fill(data[y * stride + x]!, at, at + 3)
      pixels[at + 3] = 255
    }
  }
  return { width, height, data: pixels }
}
