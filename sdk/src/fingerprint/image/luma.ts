import { type Pixels, type Plane, wordsOf } from './pixels.ts'
import { loadPlaneEngine, type PlaneEngine } from './planes.ts'

/** What each value of a channel adds to the brightness. */
const [RED, GREEN, BLUE] = /* @__PURE__ */ [0.299, 0.587, 0.114].map((weight) =>
  Float64Array.from({ length: 256 }, (_, value) => weight * value),
) as [Float64Array, Float64Array, Float64Array]

/**
 * Brightness as PDQ and every layer after it take it (ITU-R 601), 0 to 255, with rows brought to `width`, at most the picture's own, by area means: in plain code,
 * as `scan` makes it with vector code. Large pictures are read once and never stored as a plane of their own. Transparent pixels should be put on white before.
 */
export function plainLuma(pixels: Pixels, width: number): Plane<Float32Array> {
  const { height } = pixels
  const words = wordsOf(pixels.data)
  const luma = new Float32Array(width * height)
  const line = new Float32Array(pixels.width)
  const shares = width === pixels.width ? undefined : sharesOf(pixels.width, width)
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < line.length; x++, at++) {
      const word = words[at]!
      line[x] = RED[word & 255]! + GREEN[(word >> 8) & 255]! + BLUE[(word >> 16) & 255]!
    }
    if (shares === undefined) luma.set(line, y * width)
    else shrink(line, shares, luma, y * width)
  }
  return { width, height, data: luma }
}

/**
 * The plane with as many columns and fewer rows. A pixel of it is the mean of the rectangle it covers, shares of pixels at its edges included:
 * unlike nearest-neighbour or a kernel that differs from one library to the next, that is the same everywhere.
 */
export function shrunkDown(
  plane: Plane<Float32Array>,
  height: number,
  engine: PlaneEngine | null = loadPlaneEngine(),
): Plane<Float32Array> {
  if (engine !== null) return engine.shrunkDown(plane, height)
  const { width, height: fromHeight, data: columns } = plane
  const data = new Float32Array(width * height)
  const scale = fromHeight / height
  const row = new Float64Array(width)
  for (let y = 0; y < height; y++) {
    const from = y * scale
    const to = Math.min((y + 1) * scale, fromHeight)
    row.fill(0)
    for (let source = Math.floor(from); source < to; source++) {
      const weight = Math.min(source + 1, to) - Math.max(source, from)
      const start = source * width
      for (let x = 0; x < width; x++) row[x]! += columns[start + x]! * weight
    }
    for (let x = 0; x < width; x++) data[y * width + x] = row[x]! / (to - from)
  }
  return { width, height, data }
}

/** Which samples each output sample is the mean of: how much of the first and the last counts; all between count whole. */
export interface Shares {
  firsts: Int32Array
  lasts: Int32Array
  heads: Float64Array
  /** Of the last, where it is not the first as well. */
  tails: Float64Array
  /** What all add up to. */
  lengths: Float64Array
}

export function sharesOf(fromWidth: number, width: number): Shares {
  const scale = fromWidth / width
  const firsts = new Int32Array(width)
  const lasts = new Int32Array(width)
  const heads = new Float64Array(width)
  const tails = new Float64Array(width)
  const lengths = new Float64Array(width)
  for (let x = 0; x < width; x++) {
    const from = x * scale
    const to = Math.min((x + 1) * scale, fromWidth)
    const first = Math.floor(from)
    const last = Math.min(Math.ceil(to), fromWidth) - 1
    firsts[x] = first
    lasts[x] = last
    heads[x] = Math.min(first + 1, to) - from
    tails[x] = last > first ? Math.min(last + 1, to) - Math.max(last, from) : 0
    lengths[x] = to - from
  }
  return { firsts, lasts, heads, tails, lengths }
}

/** Writes a line with fewer samples, at a place of a plane. */
function shrink(line: Float32Array, { firsts, lasts, heads, tails, lengths }: Shares, into: Float32Array, at: number): void {
  for (let x = 0; x < firsts.length; x++) {
    const first = firsts[x]!
    const last = lasts[x]!
    let sum = line[first]! * heads[x]!
    for (let source = first + 1; source < last; source++) sum += line[source]!
    if (last > first) sum += line[last]! * tails[x]!
    into[at + x] = sum / lengths[x]!
  }
}
