import type { Pixels, Plane } from './pixels.ts'

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
const WORK_SIZE = 512
const GRID = 64
const CODE = 16
const PASSES = 2

/** PDQ of an opaque picture; transparent pixels should be put on white before. */
export function pdq(pixels: Pixels): Pdq {
  const grid = gridOf(lumaOf(pixels))
  return { bits: bitsOf(transform(grid)), quality: qualityOf(grid) }
}

/**
 * Luma at working size. A pixel of the smaller picture is the mean of the rectangle it covers, shares of pixels at its
 * edges included: unlike nearest-neighbour or a kernel that differs from one library to the next, that is the same everywhere.
 */
function lumaOf({ width, height, data }: Pixels): Plane<Float32Array> {
  const luma = new Float32Array(width * height)
  for (let at = 0, to = 0; to < luma.length; at += 4, to++) {
    luma[to] = 0.299 * data[at]! + 0.587 * data[at + 1]! + 0.114 * data[at + 2]!
  }
  if (width <= WORK_SIZE && height <= WORK_SIZE) return { width, height, data: luma }
  return shrunk({ width, height, data: luma }, Math.min(width, WORK_SIZE), Math.min(height, WORK_SIZE))
}

function shrunk(plane: Plane<Float32Array>, width: number, height: number): Plane<Float32Array> {
  const columns = width === plane.width ? plane.data : shrunkRows(plane.data, plane.width, plane.height, width)
  if (height === plane.height) return { width, height, data: columns }
  const data = new Float32Array(width * height)
  const scale = plane.height / height
  const row = new Float64Array(width)
  for (let y = 0; y < height; y++) {
    const from = y * scale
    const to = Math.min((y + 1) * scale, plane.height)
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

function shrunkRows(data: Float32Array, fromWidth: number, height: number, width: number): Float32Array {
  const out = new Float32Array(width * height)
  const scale = fromWidth / width
  for (let x = 0; x < width; x++) {
    const from = x * scale
    const to = Math.min((x + 1) * scale, fromWidth)
    const first = Math.floor(from)
    const last = Math.min(Math.ceil(to), fromWidth)
    for (let y = 0; y < height; y++) {
      let sum = 0
      for (let source = first; source < last; source++) {
        sum += data[y * fromWidth + source]! * (Math.min(source + 1, to) - Math.max(source, from))
      }
      out[y * width + x] = sum / (to - from)
    }
  }
  return out
}

/** The 64 × 64 samples that both the code and the quality are made from. */
function gridOf(plane: Plane<Float32Array>): Float32Array {
  const { width, height } = plane
  const blurred = plane.data
  const other = new Float32Array(blurred.length)
  const alongRows = windowOf(width)
  const alongColumns = windowOf(height)
  for (let pass = 0; pass < PASSES; pass++) {
    for (let y = 0; y < height; y++) boxFilter(blurred, other, y * width, width, 1, alongRows)
    for (let x = 0; x < width; x++) boxFilter(other, blurred, x, height, width, alongColumns)
  }
  const grid = new Float32Array(GRID * GRID)
  for (let i = 0; i < GRID; i++) {
    const row = Math.trunc(((i + 0.5) * height) / GRID) * width
    for (let j = 0; j < GRID; j++) grid[i * GRID + j] = blurred[row + Math.trunc(((j + 0.5) * width) / GRID)]!
  }
  return grid
}

/** Two passes of a box this wide make the tent that suits 64 samples. */
function windowOf(size: number): number {
  return Math.trunc((size + 2 * GRID - 1) / (2 * GRID))
}

/** Running mean over `window` samples of one line; the window shrinks towards both ends. */
function boxFilter(from: Float32Array, to: Float32Array, start: number, length: number, stride: number, window: number): void {
  const half = (window + 2) >> 1
  let sum = Math.fround(0)
  let count = 0
  let left = start
  let right = start
  let out = start
  // A picture narrower than the window never fills it.
  const lead = Math.min(half - 1, length)
  const grow = Math.max(Math.min(window, length) - lead, 0)
  for (let i = 0; i < lead; i++, right += stride, count++) sum = Math.fround(sum + from[right]!)
  for (let i = 0; i < grow; i++, right += stride, out += stride) {
    sum = Math.fround(sum + from[right]!)
    count++
    to[out] = Math.fround(sum / count)
  }
  for (let i = 0; i < length - window; i++, left += stride, right += stride, out += stride) {
    sum = Math.fround(Math.fround(sum + from[right]!) - from[left]!)
    to[out] = Math.fround(sum / count)
  }
  const end = start + length * stride
  for (; out < end; left += stride, out += stride) {
    sum = Math.fround(sum - from[left]!)
    count--
    to[out] = Math.fround(sum / count)
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
    for (let j = 0; j < GRID; j++) {
      let sum = Math.fround(0)
      for (let k = 0; k < GRID; k++) sum = Math.fround(sum + Math.fround(COSINES[i * GRID + k]! * grid[k * GRID + j]!))
      half[i * GRID + j] = sum
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
function bitsOf(low: Float32Array): Uint8Array<ArrayBuffer> {
  const median = low.slice().sort()[low.length / 2 - 1]!
  const bits = new Uint8Array(32)
  for (let bit = 0; bit < low.length; bit++) {
    if (low[bit]! > median) bits[31 - (bit >> 3)]! |= 1 << (bit & 7)
  }
  return bits
}

/** How much the samples differ from their neighbours. */
function qualityOf(grid: Float32Array): number {
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
