import { MOST_ROWS, makeRoom, type RowKernels, rowKernels } from './rowKernels.ts'
import { CATEGORIES, type Category } from './signatureElements.ts'

/** Cells along a side of the grid that a frame is divided into. */
const CELLS = 32
/** Values of a frame signature. */
const SIGNATURE_VALUES = 380

/** Sums of the frame's brightness over each cell, row by row, and the pixels each sum is of. */
export interface CellSums {
  sums: Float64Array
  /** Columns of pixels in each column of cells, and rows in each row. */
  columns: Int32Array
  rows: Int32Array
}

/** An MPEG-7 frame signature: 380 values of 0, 1 or 2, and how much contrast they rest on. */
export interface FrameSignature {
  values: Uint8Array<ArrayBuffer>
  /** Median of the differences, in eighths of a grey level, at most 255: what the standard calls confidence. */
  confidence: number
}

/** Where the pixels of a side are parted: cell i has those from `edges[i]` up to `edges[i + 1]`. */
function cellEdges(length: number, cells: number = CELLS): Int32Array {
  return Int32Array.from({ length: cells + 1 }, (_, cell) => Math.ceil((cell * length) / cells))
}

/**
 * Divides a frame into 32 × 32 cells. A cell is as many pixels as begin in it, so that sums are whole numbers.
 * @param kernels - vector code, or null to do it in plain code, to the same sums
 */
export function cellSums(
  data: Uint8Array,
  width: number,
  height: number,
  stride: number,
  kernels: RowKernels | null = rowKernels(),
): CellSums {
  const sums = new Float64Array(CELLS * CELLS)
  const across = cellEdges(width)
  const down = cellEdges(height)
  const addLine = (row: number, line: Uint8Array | Uint32Array, start: number): void => {
    for (let column = 0; column < CELLS; column++) {
      let sum = 0
      const end = start + across[column + 1]!
      for (let at = start + across[column]!; at < end; at++) sum += line[at]!
      sums[row * CELLS + column]! += sum
    }
  }
  for (let row = 0; row < CELLS; row++) {
    if (kernels === null) for (let y = down[row]!; y < down[row + 1]!; y++) addLine(row, data, y * stride)
    else for (const line of columnSums(kernels, data, width, stride, down[row]!, down[row + 1]!)) addLine(row, line, 0)
  }
  const lengths = (edges: Int32Array): Int32Array => Int32Array.from({ length: CELLS }, (_, cell) => edges[cell + 1]! - edges[cell]!)
  return { sums, columns: lengths(across), rows: lengths(down) }
}

/** Bytes of rows that are brought into the kernels' memory at once. */
const BAND = 1 << 17

/** Sums of the columns of rows, as many rows at a time as the kernels take. What it gives is valid until the next. */
function* columnSums(
  { memory, add }: RowKernels,
  data: Uint8Array,
  width: number,
  stride: number,
  top: number,
  bottom: number,
): Generator<Uint32Array> {
  const most = Math.min(Math.max(Math.floor(BAND / stride), 1), MOST_ROWS)
  // Kernels finish the 16 samples they have begun.
  const band = width * 4 + 64
  makeRoom(memory, band + most * stride)
  const bytes = new Uint8Array(memory.buffer)
  const line = new Uint32Array(memory.buffer, 0, width)
  for (let from = top; from < bottom; from += most) {
    const rows = Math.min(most, bottom - from)
    bytes.set(data.subarray(from * stride, (from + rows - 1) * stride + width), band)
    line.fill(0)
    add(band, band + rows * stride, stride, 0, width * 4)
    yield line
  }
}

const WIDE = CELLS + 1

/** Terms of all elements as columns: corners in a table of sums, weights; where each element and each category begins. */
interface Plan {
  corners: Int32Array
  weights: Float64Array
  starts: Int32Array
}

const PLAN: Plan = /* @__PURE__ */ (() => {
  const elements = CATEGORIES.flatMap((category) => category.elements)
  const terms = elements.flat()
  const starts = new Int32Array(elements.length + 1)
  for (const [index, element] of elements.entries()) starts[index + 1] = starts[index]! + element.length
  return {
    corners: Int32Array.from(
      terms.flatMap(({ x, y, width, height }) => [
        (y + height) * WIDE + x + width,
        y * WIDE + x + width,
        (y + height) * WIDE + x,
        y * WIDE + x,
      ]),
    ),
    weights: Float64Array.from(terms, ({ weight }) => weight),
    starts,
  }
})()

/** Share of the elements of a category that are nearest to zero and become 1. */
const MIDDLE_SHARE = 0.333

/** The frame signature (ISO/IEC 15938-3:2002/Amd 4:2010) of a frame of at least 32 × 32 pixels. */
export function frameSignature({ sums, columns, rows }: CellSums): FrameSignature {
  // Cells may be a pixel wider or higher than others. Brought to the same denominator, all that follows is whole numbers.
  const across = [Math.min(...columns), Math.max(...columns)] as const
  const down = [Math.min(...rows), Math.max(...rows)] as const
  const denominator = (across[0] === across[1] ? across[0] : across[0] * across[1]) * (down[0] === down[1] ? down[0] : down[0] * down[1])
  const table = new Float64Array(WIDE * WIDE)
  for (let row = 0; row < CELLS; row++) {
    let line = 0
    for (let column = 0; column < CELLS; column++) {
      line += sums[row * CELLS + column]! * (denominator / (rows[row]! * columns[column]!))
      const at = (row + 1) * WIDE + column + 1
      table[at] = table[at - WIDE]! + line
    }
  }
  const values = new Uint8Array(SIGNATURE_VALUES)
  const contrasts: number[] = []
  let first = 0
  for (const category of CATEGORIES) {
    const found = valuesOf(table, first, category, denominator)
    if (!category.average) for (const value of found) contrasts.push(Math.trunc((Math.abs(value) * 8) / (category.scale * denominator)))
    const sizes = found.map(Math.abs).sort()
    const limit = sizes[Math.trunc(sizes.length * MIDDLE_SHARE)]!
    for (let index = 0; index < found.length; index++) values[first + index] = found[index]! < -limit ? 0 : found[index]! <= limit ? 1 : 2
    first += found.length
  }
  contrasts.sort((a, b) => a - b)
  return { values, confidence: Math.min(contrasts[contrasts.length >> 1]!, 255) }
}

function valuesOf(table: Float64Array, first: number, { average, scale, elements }: Category, denominator: number): Float64Array {
  const { corners, weights, starts } = PLAN
  const found = new Float64Array(elements.length)
  for (let index = 0; index < found.length; index++) {
    let sum = average ? -128 * scale * denominator : 0
    for (let term = starts[first + index]!; term < starts[first + index + 1]!; term++) {
      const at = term * 4
      const inside = table[corners[at]!]! - table[corners[at + 1]!]! - table[corners[at + 2]!]! + table[corners[at + 3]!]!
      sum += weights[term]! * inside
    }
    found[index] = sum
  }
  return found
}
