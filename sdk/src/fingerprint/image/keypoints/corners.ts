import type { Plane } from '../pixels.ts'

// Corners as FAST finds them (Rosten and Drummond, “Machine learning for high-speed corner detection”, 2006): nine pixels in a row of the
// sixteen on a circle are all brighter or all darker than the middle. Ranked by Harris's measure, as ORB does (Rublee et al. 2011).

/** Corners of one level. */
export interface Corners {
  count: number
  x: Uint16Array
  y: Uint16Array
  /** How much of a corner it is; comparable within a picture. */
  strength: Float32Array
}

/** The circle of radius 3, clockwise from the top. */
const CIRCLE: readonly (readonly [x: number, y: number])[] = [
  [0, -3],
  [1, -3],
  [2, -2],
  [3, -1],
  [3, 0],
  [3, 1],
  [2, 2],
  [1, 3],
  [0, 3],
  [-1, 3],
  [-2, 2],
  [-3, 1],
  [-3, 0],
  [-3, -1],
  [-2, -2],
  [-1, -3],
]
const ARC = 9

/** Whether a mask of sixteen bits, a circle, has nine in a row set. 64 Ki entries, made at the first call. */
let arcs: Uint8Array | undefined
function arcTable(): Uint8Array {
  if (arcs !== undefined) return arcs
  arcs = new Uint8Array(1 << 16)
  for (let mask = 0; mask < 1 << 16; mask++) {
    let runs = mask | (mask << 16)
    for (let k = 1; k < ARC; k++) runs &= (mask | (mask << 16)) >>> k
    arcs[mask] = runs === 0 ? 0 : 1
  }
  return arcs
}

/**
 * Corners at least `margin` pixels from every edge, each stronger than its eight neighbours.
 *
 * @param threshold - grey levels that the pixels of the arc must differ from the middle
 */
export function cornersOf(plane: Plane, margin: number, threshold: number): Corners {
  const { width, height, data } = plane
  const scores = new Uint16Array(width * height)
  const found = detect(plane, margin, threshold, scores)
  let count = 0
  const x = new Uint16Array(found.length)
  const y = new Uint16Array(found.length)
  for (const at of found) {
    const score = scores[at]!
    if (
      score > scores[at - 1]! &&
      score > scores[at - width]! &&
      score > scores[at - width - 1]! &&
      score > scores[at - width + 1]! &&
      score >= scores[at + 1]! &&
      score >= scores[at + width]! &&
      score >= scores[at + width - 1]! &&
      score >= scores[at + width + 1]!
    ) {
      x[count] = at % width
      y[count] = Math.floor(at / width)
      count++
    }
  }
  const strength = new Float32Array(count)
  for (let k = 0; k < count; k++) strength[k] = harris(data, width, height, x[k]!, y[k]!)
  return { count, x: x.subarray(0, count), y: y.subarray(0, count), strength }
}

/** Places of all corners; their scores, the sum by which the circle differs, are left in `scores`. */
function detect({ width, height, data }: Plane, margin: number, threshold: number, scores: Uint16Array): number[] {
  const table = arcTable()
  const offsets = Int32Array.from(CIRCLE, ([dx, dy]) => dy * width + dx)
  const [o0, o1, o2, o3, o4, o5, o6, o7, o8, o9, o10, o11, o12, o13, o14, o15] = offsets as unknown as number[]
  const found: number[] = []
  for (let y = margin; y < height - margin; y++) {
    const end = y * width + width - margin
    for (let at = y * width + margin; at < end; at++) {
      const middle = data[at]!
      const high = middle + threshold
      const low = middle - threshold
      // An arc of nine holds two neighbours of these four.
      const n = data[at + o0!]!
      const s = data[at + o8!]!
      if (n <= high && n >= low && s <= high && s >= low) continue
      const e = data[at + o4!]!
      const w = data[at + o12!]!
      const bright = (n > high || s > high) && (e > high || w > high)
      const dark = (n < low || s < low) && (e < low || w < low)
      if (!bright && !dark) continue
      let arc = 0
      if (bright) {
        arc =
          (n > high ? 1 : 0) |
          (data[at + o1!]! > high ? 2 : 0) |
          (data[at + o2!]! > high ? 4 : 0) |
          (data[at + o3!]! > high ? 8 : 0) |
          (e > high ? 16 : 0) |
          (data[at + o5!]! > high ? 32 : 0) |
          (data[at + o6!]! > high ? 64 : 0) |
          (data[at + o7!]! > high ? 128 : 0) |
          (s > high ? 256 : 0) |
          (data[at + o9!]! > high ? 512 : 0) |
          (data[at + o10!]! > high ? 1024 : 0) |
          (data[at + o11!]! > high ? 2048 : 0) |
          (w > high ? 4096 : 0) |
          (data[at + o13!]! > high ? 8192 : 0) |
          (data[at + o14!]! > high ? 16384 : 0) |
          (data[at + o15!]! > high ? 32768 : 0)
        if (table[arc] === 0) arc = 0
      }
      if (dark && arc === 0) {
        arc =
          (n < low ? 1 : 0) |
          (data[at + o1!]! < low ? 2 : 0) |
          (data[at + o2!]! < low ? 4 : 0) |
          (data[at + o3!]! < low ? 8 : 0) |
          (e < low ? 16 : 0) |
          (data[at + o5!]! < low ? 32 : 0) |
          (data[at + o6!]! < low ? 64 : 0) |
          (data[at + o7!]! < low ? 128 : 0) |
          (s < low ? 256 : 0) |
          (data[at + o9!]! < low ? 512 : 0) |
          (data[at + o10!]! < low ? 1024 : 0) |
          (data[at + o11!]! < low ? 2048 : 0) |
          (w < low ? 4096 : 0) |
          (data[at + o13!]! < low ? 8192 : 0) |
          (data[at + o14!]! < low ? 16384 : 0) |
          (data[at + o15!]! < low ? 32768 : 0)
        if (table[arc] === 0) arc = 0
      }
      if (arc === 0) continue
      let score = 0
      for (let k = 0; k < 16; k++) {
        if ((arc >> k) & 1) score += Math.abs(data[at + offsets[k]!]! - middle) - threshold
      }
      scores[at] = score
      found.push(at)
    }
  }
  return found
}

const HARRIS_RADIUS = 3
const HARRIS_K = 0.04

/** Harris's corner measure over 7 × 7 pixels. */
function harris(data: Uint8Array, width: number, height: number, x: number, y: number): number {
  if (x <= HARRIS_RADIUS || y <= HARRIS_RADIUS || x >= width - HARRIS_RADIUS - 1 || y >= height - HARRIS_RADIUS - 1) return 0
  let xx = 0
  let yy = 0
  let xy = 0
  for (let dy = -HARRIS_RADIUS; dy <= HARRIS_RADIUS; dy++) {
    for (let dx = -HARRIS_RADIUS; dx <= HARRIS_RADIUS; dx++) {
      const at = (y + dy) * width + x + dx
      const falling = data[at + width + 1]! - data[at - width - 1]!
      const rising = data[at - width + 1]! - data[at + width - 1]!
      const gx = falling + rising + 2 * (data[at + 1]! - data[at - 1]!)
      const gy = falling - rising + 2 * (data[at + width]! - data[at - width]!)
      xx += gx * gx
      yy += gy * gy
      xy += gx * gy
    }
  }
  // Integers this far; dividing before multiplying keeps them well inside a double.
  const scale = 1 / (4 * 49 * 255)
  const a = xx * scale
  const b = yy * scale
  const c = xy * scale
  return a * b - c * c - HARRIS_K * (a + b) * (a + b)
}
