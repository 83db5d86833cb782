import type { Plane } from '../image/pixels.ts'
import type { Luma } from './decode.ts'
import { MOST_ROWS, makeRoom, PART_BYTES, type RowKernels, rowKernels } from './rowKernels.ts'

/**
 * Brings frames to at most `side` pixels a side by area means, shares of pixels at the edges included. The plane it returns is the same every time.
 * @param kernels - vector code, or null to do it in plain code, bit for bit the same
 */
export function createShrinker(side: number, kernels: RowKernels | null = rowKernels()): (luma: Luma) => Plane {
  let made: { width: number; height: number; shrink: (luma: Luma) => Plane } | undefined
  return (luma) => {
    if (made === undefined || made.width !== luma.width || made.height !== luma.height) {
      made = { width: luma.width, height: luma.height, shrink: shrinker(luma.width, luma.height, side, kernels) }
    }
    return made.shrink(luma)
  }
}

function shrinker(fromWidth: number, fromHeight: number, side: number, kernels: RowKernels | null): (luma: Luma) => Plane {
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
  return kernels === null || Math.max(across.length, down.length) >= MOST_ROWS - 1
    ? plainShrinker(across, down, out)
    : vectorShrinker(kernels, fromWidth, across, down, out)
}

function plainShrinker(across: Parts, down: Parts, out: Plane): (luma: Luma) => Plane {
  const { width, height } = out
  const sums = new Float64Array(width)
  const whole = weightOf(across, down)
  const addRow = (data: Uint8Array, start: number, weight: number): void => {
    const { firsts, lasts, heads, tails } = across
    for (let x = 0; x < width; x++) {
      const from = start + firsts[x]!
      const to = start + lasts[x]!
      let sum = 0
      for (let at = from + 1; at < to; at++) sum += data[at]!
      // The tail of a part of one sample is nothing.
      sums[x]! += weight * ((sum << 8) + data[from]! * heads[x]! + data[to]! * tails[x]!)
    }
  }
  return ({ data, stride }) => {
    for (let y = 0; y < height; y++) {
      const [first, last] = [down.firsts[y]!, down.lasts[y]!]
      sums.fill(0)
      addRow(data, first * stride, down.heads[y]!)
      for (let row = first + 1; row < last; row++) addRow(data, row * stride, ONE)
      if (last > first) addRow(data, last * stride, down.tails[y]!)
      for (let x = 0; x < width; x++) out.data[y * width + x] = Math.round(sums[x]! / whole)
    }
    return out
  }
}

/** Bytes of rows that are brought into the kernels' memory at once: they should stay near the processor. */
const BAND = 1 << 17

/** The same: first the rows of a part are added up, 16 samples at a time, then what lies beside one another in the sums. */
function vectorShrinker(kernels: RowKernels, fromWidth: number, across: Parts, down: Parts, out: Plane): (luma: Luma) => Plane {
  const { width, height } = out
  const table = new Uint8Array(width * PART_BYTES)
  const entries = new DataView(table.buffer)
  for (let x = 0; x < width; x++) {
    entries.setInt32(x * PART_BYTES, across.firsts[x]! * 4, true)
    entries.setInt32(x * PART_BYTES + 4, across.lasts[x]! * 4, true)
    entries.setFloat64(x * PART_BYTES + 8, across.heads[x]!, true)
    entries.setFloat64(x * PART_BYTES + 16, across.tails[x]!, true)
  }
  const line = table.length
  const lineEnd = line + fromWidth * 4
  // Kernels finish the 16 samples they have begun.
  const made = lineEnd + 64
  const band = made + width * height
  const whole = weightOf(across, down)
  return ({ data, stride }) => {
    const { memory } = kernels
    const most = Math.max(Math.floor(BAND / stride), Math.ceil(down.length) + 2)
    makeRoom(memory, band + most * stride)
    const bytes = new Uint8Array(memory.buffer)
    bytes.set(table)
    // Rows that are in the memory.
    let [from, end] = [0, 0]
    for (let y = 0; y < height; y++) {
      const [first, last] = [down.firsts[y]!, down.lasts[y]!]
      if (last >= end) {
        from = first
        end = Math.min(first + most, down.lasts[height - 1]! + 1)
        bytes.set(data.subarray(from * stride, (end - 1) * stride + fromWidth), band)
      }
      const row = (number: number): number => band + (number - from) * stride
      kernels.weigh(row(first), row(last), stride, down.heads[y]!, down.tails[y]!, line, lineEnd)
      kernels.means(line, 0, table.length, made + y * width, whole)
    }
    out.data.set(bytes.subarray(made, band))
    return out
  }
}

/** What a part weighs: both sides count in 256ths. */
function weightOf(across: Parts, down: Parts): number {
  return across.length * down.length * ONE * ONE
}

/** The weight of a sample that counts whole. */
const ONE = 256

interface Parts {
  /** First and last sample of each part, and how much of them belongs to it, in 256ths; all between count whole. */
  firsts: Int32Array
  lasts: Int32Array
  heads: Int32Array
  tails: Int32Array
  /** Samples a part. */
  length: number
}

/** Parts of equal length that a side is divided into. */
function parts(from: number, into: number): Parts {
  const length = from / into
  const made: Parts = {
    firsts: new Int32Array(into),
    lasts: new Int32Array(into),
    heads: new Int32Array(into),
    tails: new Int32Array(into),
    length,
  }
  for (let at = 0; at < into; at++) {
    const start = at * length
    const end = Math.min(start + length, from)
    const first = Math.floor(start)
    const last = Math.min(Math.ceil(end), from) - 1
    made.firsts[at] = first
    made.lasts[at] = last
    made.heads[at] = Math.round((Math.min(first + 1, end) - start) * ONE)
    made.tails[at] = last > first ? Math.round((end - last) * ONE) : 0
  }
  return made
}
