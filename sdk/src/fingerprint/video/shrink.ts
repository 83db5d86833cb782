import type { Plane } from '../image/pixels.ts'
import type { Luma } from './decode.ts'

/**
 * Brings frames to at most `side` pixels a side by area means, shares of pixels at the edges included. The plane it returns is the same every time.
 */
export function createShrinker(side: number): (luma: Luma) => Plane {
  let made: { width: number; height: number; shrink: (luma: Luma) => Plane } | undefined
  return (luma) => {
    if (made === undefined || made.width !== luma.width || made.height !== luma.height) {
      made = { width: luma.width, height: luma.height, shrink: shrinker(luma.width, luma.height, side) }
    }
    return made.shrink(luma)
  }
}

function shrinker(fromWidth: number, fromHeight: number, side: number): (luma: Luma) => Plane {
  const scale = Math.max(1, Math.max(fromWidth, fromHeight) / side)
  const width = Math.max(Math.round(fromWidth / scale), 1)
  const height = Math.max(Math.round(fromHeight / scale), 1)
  const out: Plane = { width, height, data: new Uint8Array(width * height) }
  if (width === fromWidth && height === fromHeight) {
    return ({ data, stride }) => {
      for (let y = 0; y < height; y++) out.data.set(data.subarray(y * stride, y * stride + width), y * width)
      return out
    }
  }
  const across = parts(fromWidth, width)
  const down = parts(fromHeight, height)
  const line = new Float32Array(fromWidth)
  return ({ data, stride }) => {
    for (let y = 0; y < height; y++) {
      const [first, last] = [down.firsts[y]!, down.lasts[y]!]
      addLine(line, data, first * stride, down.heads[y]!, true)
      for (let row = first + 1; row < last; row++) addLine(line, data, row * stride, 1, false)
      if (last > first) addLine(line, data, last * stride, down.tails[y]!, false)
      const share = 1 / down.length
      for (let x = 0; x < width; x++) {
        const [from, to] = [across.firsts[x]!, across.lasts[x]!]
        let sum = line[from]! * across.heads[x]!
        for (let column = from + 1; column < to; column++) sum += line[column]!
        if (to > from) sum += line[to]! * across.tails[x]!
        out.data[y * width + x] = (sum * share) / across.length + 0.5
      }
    }
    return out
  }
}

function addLine(line: Float32Array, data: Uint8Array, from: number, weight: number, fresh: boolean): void {
  if (fresh) for (let x = 0; x < line.length; x++) line[x] = data[from + x]! * weight
  else if (weight === 1) for (let x = 0; x < line.length; x++) line[x]! += data[from + x]!
  else for (let x = 0; x < line.length; x++) line[x]! += data[from + x]! * weight
}

interface Parts {
  /** First and last sample of each part, and how much of them belongs to it; all between count whole. */
  firsts: Int32Array
  lasts: Int32Array
  heads: Float64Array
  tails: Float64Array
  /** Samples a part. */
  length: number
}

/** Parts of equal length that a side is divided into. */
function parts(from: number, into: number): Parts {
  const length = from / into
  const made: Parts = {
    firsts: new Int32Array(into),
    lasts: new Int32Array(into),
    heads: new Float64Array(into),
    tails: new Float64Array(into),
    length,
  }
  for (let at = 0; at < into; at++) {
    const start = at * length
    const end = Math.min(start + length, from)
    const first = Math.floor(start)
    const last = Math.min(Math.ceil(end), from) - 1
    made.firsts[at] = first
    made.lasts[at] = last
    made.heads[at] = Math.min(first + 1, end) - start
    made.tails[at] = end - Math.max(last, start)
  }
  return made
}
