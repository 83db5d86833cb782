import type { Plane } from '../pixels.ts'

/** How much smaller one level is than the one below it. */
export const STEP = 1.2
/** Levels; the last is 3.6 times smaller than the first. */
export const LEVELS = 8

export interface Level extends Plane {
  /** Size of its pixels in pixels of the frame, across and down. */
  scaleX: number
  scaleY: number
}

/** The frame at ever smaller sizes, until it is too small to hold a keypoint. */
export function pyramidOf(frame: Plane, smallest: number): Level[] {
  const levels: Level[] = [{ ...frame, scaleX: 1, scaleY: 1 }]
  for (let index = 1; index < LEVELS; index++) {
    const width = Math.round(frame.width / STEP ** index)
    const height = Math.round(frame.height / STEP ** index)
    if (width < smallest || height < smallest) break
    const data = reduced(levels[index - 1]!, width, height)
    levels.push({ width, height, data, scaleX: frame.width / width, scaleY: frame.height / height })
  }
  return levels
}

/** Bits of the fixed-point weights. */
const PRECISION = 11

/** Bilinear, in integers: at a step of 1.2 a pixel is made of all that it covers. */
function reduced(from: Plane, width: number, height: number): Uint8Array {
  const out = new Uint8Array(width * height)
  const columns = samplesOf(from.width, width)
  const rows = samplesOf(from.height, height)
  const { data } = from
  const half = 1 << (2 * PRECISION - 1)
  for (let y = 0; y < height; y++) {
    const upper = rows.at[y]! * from.width
    const lower = upper + from.width
    const down = rows.share[y]!
    const up = (1 << PRECISION) - down
    const target = y * width
    for (let x = 0; x < width; x++) {
      const at = columns.at[x]!
      const right = columns.share[x]!
      const left = (1 << PRECISION) - right
      const above = data[upper + at]! * left + data[upper + at + 1]! * right
      const below = data[lower + at]! * left + data[lower + at + 1]! * right
      out[target + x] = (above * up + below * down + half) >> (2 * PRECISION)
    }
  }
  return out
}

/** For every pixel of the smaller side, the first of the two that it lies between and the second's share. */
function samplesOf(from: number, to: number): { at: Int32Array; share: Int32Array } {
  const at = new Int32Array(to)
  const share = new Int32Array(to)
  for (let index = 0; index < to; index++) {
    const place = Math.max(((index + 0.5) * from) / to - 0.5, 0)
    at[index] = Math.min(Math.floor(place), from - 2)
    share[index] = Math.round(Math.min(place - at[index]!, 1) * (1 << PRECISION))
  }
  return { at, share }
}
