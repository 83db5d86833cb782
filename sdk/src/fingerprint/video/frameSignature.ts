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

/** Divides a frame into 32 × 32 cells. A cell is as many pixels as begin in it, so that sums are whole numbers. */
export function cellSums(data: Uint8Array, width: number, height: number, stride: number): CellSums {
  const sums = new Float64Array(CELLS * CELLS)
  const across = cellEdges(width)
  const down = cellEdges(height)
  for (let row = 0; row < CELLS; row++) {
    for (let y = down[row]!; y < down[row + 1]!; y++) {
      const line = y * stride
      for (let column = 0; column < CELLS; column++) {
        let sum = 0
        const end = line + across[column + 1]!
        for (let at = line + across[column]!; at < end; at++) sum += data[at]!
        sums[row * CELLS + column]! += sum
      }
    }
  }
  const lengths = (edges: Int32Array): Int32Array => Int32Array.from({ length: CELLS }, (_, cell) => edges[cell + 1]! - edges[cell]!)
  return { sums, columns: lengths(across), rows: lengths(down) }
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
