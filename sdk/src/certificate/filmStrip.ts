import { readHead } from '../fingerprint/media.ts'
import { decodeVideo } from '../fingerprint/video/decode.node.ts'
import type { Luma } from '../fingerprint/video/decode.ts'
import { openSource, type Source } from '../source/index.ts'
import { encodePicture } from './preview.node.ts'

/** Frames on a strip: two rows of three. */
const [COLUMNS, ROWS] = [3, 2]
/** Pixels: width of a frame, and between frames. */
const FRAME_WIDTH = 320
const GAP = 10
/** Frames that are kept while a film is read. */
const KEPT = 48
const MOST_PIXELS = 100_000_000
const MOST_SECONDS = 24 * 3600
/** Darkest shade of the print, as of a photograph in ink. */
const INK = [26, 33, 46] as const

interface Thumbnail {
  width: number
  height: number
  grey: Uint8Array
}

/**
 * Six frames of a film, from its beginning to its end, as one JPEG of two rows.
 *
 * @throws ColophonError `SOURCE_*`, `VIDEO_*`, `DEPENDENCY_MISSING`
 */
export async function filmStripOf(file: Source, signal?: AbortSignal): Promise<Uint8Array> {
  const opened = await openSource(file)
  const { mediaType } = await readHead(opened)
  const { name, path } = opened
  let kept: Thumbnail[] = []
  /** Every how many samples one is kept: as many as there is room for, however long the film is. */
  let every = 1
  let sample = 0
  const pieces = decodeVideo(opened.open(), {
    mediaType,
    maxPixels: MOST_PIXELS,
    maxSeconds: MOST_SECONDS,
    ...(name === undefined ? {} : { name }),
    ...(path === undefined ? {} : { path }),
    ...(signal === undefined ? {} : { signal }),
  })
  for await (const piece of pieces) {
    if (piece.kind === 'sound') continue
    let shown: Thumbnail | undefined
    for (const end = sample + piece.repeats; sample < end; sample++) {
      if (sample % every !== 0) continue
      shown ??= shrunk(piece.luma)
      kept.push(shown)
      if (kept.length < KEPT) continue
      kept = kept.filter((_, index) => index % 2 === 0)
      every *= 2
    }
  }
  const count = COLUMNS * ROWS
  const chosen = Array.from({ length: count }, (_, index) => kept[Math.floor(((index + 0.5) * kept.length) / count)]!)
  return await encodePicture(strip(chosen))
}

/** A frame made small, each pixel the mean of those it stands for. */
function shrunk({ width, height, stride, data }: Luma): Thumbnail {
  const small = { width: FRAME_WIDTH, height: Math.max(1, Math.round((FRAME_WIDTH * height) / width)) }
  const grey = new Uint8Array(small.width * small.height)
  for (let y = 0, at = 0; y < small.height; y++) {
    const [top, bottom] = span(y, small.height, height)
    for (let x = 0; x < small.width; x++, at++) {
      const [left, right] = span(x, small.width, width)
      let sum = 0
      for (let row = top; row < bottom; row++) for (let column = left; column < right; column++) sum += data[row * stride + column]!
      grey[at] = Math.round(sum / ((bottom - top) * (right - left)))
    }
  }
  return { ...small, grey }
}

function span(index: number, parts: number, length: number): [from: number, to: number] {
  const from = Math.min(Math.floor((index * length) / parts), length - 1)
  return [from, Math.max(from + 1, Math.floor(((index + 1) * length) / parts))]
}

/** Red, green and blue of the frames in their rows, on white. */
function strip(frames: readonly Thumbnail[]): { width: number; height: number; rgb: Uint8Array } {
  const tall = Math.max(...frames.map(({ height }) => height))
  const width = COLUMNS * FRAME_WIDTH + (COLUMNS - 1) * GAP
  const height = ROWS * tall + (ROWS - 1) * GAP
  const rgb = new Uint8Array(width * height * 3).fill(255)
  for (const [index, frame] of frames.entries()) {
    const left = (index % COLUMNS) * (FRAME_WIDTH + GAP)
    const top = Math.floor(index / COLUMNS) * (tall + GAP) + Math.floor((tall - frame.height) / 2)
    for (let y = 0; y < frame.height; y++) {
      for (let x = 0; x < frame.width; x++) {
        const shade = frame.grey[y * frame.width + x]! / 255
        const at = ((top + y) * width + left + x) * 3
        for (const [channel, dark] of INK.entries()) rgb[at + channel] = Math.round(dark + (255 - dark) * shade)
      }
    }
  }
  return { width, height, rgb }
}
