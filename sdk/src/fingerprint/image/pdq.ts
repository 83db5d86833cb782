import { shrunkDown } from './luma.ts'
import { type Plane, release } from './pixels.ts'
import { type Blur, loadPlaneEngine, type PlaneEngine } from './planes.ts'

// PDQ, the perceptual hash that Meta published in 2019 (“The TMK+PDQF video-hashing algorithm and the PDQ image-hashing algorithm”).
// Sums are kept in single precision, in the published order, so that the bits equal those of the published C++.

/** Signature of a picture's coarse structure. */
export interface Pdq {
  /** 256 bits, the most significant first, as PDQ's tools print them. */
  bits: Uint8Array<ArrayBuffer>
  /** 0 to 100; pictures of 49 and less are too plain to be told apart (limit of the published algorithm). */
  quality: number
}

/** Larger pictures are brought to this size on both axes first, as the published tools do. */
export const WORK_SIZE = 512
export const GRID = 64
export const CODE = 16
const PASSES = 2

/** PDQ of a picture's luma, whose rows have at most {@link WORK_SIZE} samples. */
export function pdq(luma: Plane<Float32Array>, engine: PlaneEngine | null = loadPlaneEngine()): Pdq {
  const plane = luma.height > WORK_SIZE ? shrunkDown(luma, WORK_SIZE, engine) : luma
  const grid = gridOf(plane, engine)
  return { bits: bitsOf(transform(grid)), quality: qualityOf(grid) }
}

/** The 64 × 64 samples that both the code and the quality are made from. */
function gridOf(plane: Plane<Float32Array>, engine: PlaneEngine | null): Float32Array {
  const { width, height } = plane
  const places = (size: number): Int32Array => Int32Array.from({ length: GRID }, (_, i) => Math.trunc(((i + 0.5) * size) / GRID))
  const blur: Blur = {
    windows: { columns: windowOf(width), rows: windowOf(height) },
    passes: PASSES,
    at: { columns: places(width), rows: places(height) },
  }
  return engine === null ? plainBlurred(plane, blur) : engine.blurred(plane, blur)
}

function plainBlurred({ width, height, data }: Plane<Float32Array>, { windows, passes, at }: Blur): Float32Array {
  const blurred = data.slice()
  const other = new Float32Array(data.length)
  for (let pass = 0; pass < passes; pass++) {
    for (let y = 0; y < height; y++) boxFilter(blurred, other, y * width, width, windows.columns)
    boxFilterDown(other, blurred, width, height, windows.rows)
  }
  const grid = new Float32Array(GRID * GRID)
  for (let i = 0; i < GRID; i++) {
    for (let j = 0; j < GRID; j++) grid[i * GRID + j] = blurred[at.rows[i]! * width + at.columns[j]!]!
  }
  release(other)
  release(blurred)
  return grid
}

/** Two passes of a box this wide make the tent that suits 64 samples. */
function windowOf(size: number): number {
  return Math.trunc((size + 2 * GRID - 1) / (2 * GRID))
}

/** Running mean over `window` samples of one row; the window shrinks towards both ends. */
function boxFilter(from: Float32Array, to: Float32Array, start: number, length: number, window: number): void {
  const half = (window + 2) >> 1
  let sum = Math.fround(0)
  let count = 0
  let left = start
  let right = start
  let out = start
  // A picture narrower than the window never fills it.
  const lead = Math.min(half - 1, length)
  const grow = Math.max(Math.min(window, length) - lead, 0)
  for (let i = 0; i < lead; i++, right++, count++) sum = Math.fround(sum + from[right]!)
  for (let i = 0; i < grow; i++, right++, out++) {
    sum = Math.fround(sum + from[right]!)
    count++
    to[out] = Math.fround(sum / count)
  }
  for (let i = 0; i < length - window; i++, left++, right++, out++) {
    sum = Math.fround(Math.fround(sum + from[right]!) - from[left]!)
    to[out] = Math.fround(sum / count)
  }
  const end = start + length
  for (; out < end; left++, out++) {
    sum = Math.fround(sum - from[left]!)
    count--
    to[out] = Math.fround(sum / count)
  }
}

/** The same down all columns at once, row after row as they lie in memory; each column's sums are what they would be alone. */
function boxFilterDown(from: Float32Array, to: Float32Array, width: number, height: number, window: number): void {
  const half = (window + 2) >> 1
  const sums = new Float32Array(width)
  const lead = Math.min(half - 1, height)
  const grow = Math.max(Math.min(window, height) - lead, 0)
  let count = 0
  let left = 0
  let right = 0
  let out = 0
  const add = (): void => {
    for (let x = 0; x < width; x++) sums[x]! += from[right + x]!
    right += width
    count++
  }
  const take = (): void => {
    for (let x = 0; x < width; x++) sums[x]! -= from[left + x]!
    left += width
    count--
  }
  const write = (): void => {
    for (let x = 0; x < width; x++) to[out + x] = sums[x]! / count
    out += width
  }
  for (let i = 0; i < lead; i++) add()
  for (let i = 0; i < grow; i++) {
    add()
    write()
  }
  for (let i = 0; i < height - window; i++) {
    add()
    take()
    write()
  }
  while (out < width * height) {
    take()
    write()
  }
}

/** Rows 1 to 16 of the 64-point cosine transform. */
const COSINES: Float32Array = /* @__PURE__ */ (() => {
  const rows = new Float32Array(CODE * GRID)
  for (let i = 0; i < CODE; i++) {
    for (let j = 0; j < GRID; j++) rows[i * GRID + j] = Math.sqrt(2 / GRID) * Math.cos((Math.PI / 2 / GRID) * (i + 1) * (2 * j + 1))
  }
  return rows
})()

/** The 16 × 16 lowest frequencies but the constant ones. */
function transform(grid: Float32Array): Float32Array {
  const half = new Float32Array(CODE * GRID)
  for (let i = 0; i < CODE; i++) {
    const row = i * GRID
    // The sums grow side by side, each in the published order; storing them rounds to single precision.
    for (let k = 0; k < GRID; k++) {
      const cosine = COSINES[row + k]!
      const sample = k * GRID
      for (let j = 0; j < GRID; j++) half[row + j]! += Math.fround(cosine * grid[sample + j]!)
    }
  }
  const low = new Float32Array(CODE * CODE)
  for (let i = 0; i < CODE; i++) {
    for (let j = 0; j < CODE; j++) {
      let sum = Math.fround(0)
      for (let k = 0; k < GRID; k++) sum = Math.fround(sum + Math.fround(half[i * GRID + k]! * COSINES[j * GRID + k]!))
      low[i * CODE + j] = sum
    }
  }
  return low
}

/** A bit for every frequency above the (lower) median. Bit 0 is the last of the last byte. */
export function bitsOf(low: Float32Array): Uint8Array<ArrayBuffer> {
  const median = low.slice().sort()[low.length / 2 - 1]!
  const bits = new Uint8Array(32)
  for (let bit = 0; bit < low.length; bit++) {
    if (low[bit]! > median) bits[31 - (bit >> 3)]! |= 1 << (bit & 7)
  }
  return bits
}

/** How much the samples differ from their neighbours. */
export function qualityOf(grid: Float32Array): number {
  let sum = 0
  for (let i = 0; i < GRID; i++) {
    for (let j = 0; j < GRID; j++) {
      const here = grid[i * GRID + j]!
      if (i < GRID - 1) sum += Math.abs(Math.trunc(((here - grid[(i + 1) * GRID + j]!) * 100) / 255))
      if (j < GRID - 1) sum += Math.abs(Math.trunc(((here - grid[i * GRID + j + 1]!) * 100) / 255))
    }
  }
  return Math.min(Math.trunc(sum / 90), 100)
}
