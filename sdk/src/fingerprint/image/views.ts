import { lowFrequencies } from './frequencies.ts'
import { bitsOf, GRID, qualityOf } from './pdq.ts'
import type { Box, Plane } from './pixels.ts'
import { turnedCodes } from './turns.ts'

/** A part of the picture and its code of 256 bits. */
export interface View {
  /** In pixels of the frame. */
  box: Box
  /** 0 to 100: how much there is to see, as PDQ counts it. Codes of parts that are too plain are not compared. */
  quality: number
  code: Uint8Array<ArrayBuffer>
}

export interface Views {
  /** The whole picture without its border, in eight turns (order of `TURNS`). */
  turns: Uint8Array<ArrayBuffer>[]
  /** The whole first, then its crops. */
  views: View[]
}

const CORNERS = [
  [0, 0],
  [1, 0],
  [0, 1],
  [1, 1],
] as const

/** Shares of width and height that are left, and where: across and down, 0 is left or top, 1 right or bottom. */
const CROPS: readonly (readonly [across: number, down: number, x: number, y: number])[] = [
  [1, 1, 0.5, 0.5],
  ...[0.96, 0.92, 0.88, 0.84, 0.8, 0.75, 0.7, 0.65, 0.6, 0.5].map((share) => [share, share, 0.5, 0.5] as const),
  // Cuts from a corner, and down to the quarters of a collage of four.
  ...[0.95, 0.9, 0.85, 0.8, 0.7, 0.6, 0.5].flatMap((share) => CORNERS.map(([x, y]) => [share, share, x, y] as const)),
  // Halves: two pictures side by side or one above the other.
  [0.5, 1, 0, 0],
  [0.5, 1, 1, 0],
  [1, 0.5, 0, 0],
  [1, 0.5, 0, 1],
]

/** Number of views that {@link viewsOf} takes of every picture. */
export const VIEWS: number = CROPS.length

/**
 * Codes of the picture and of its crops. They are PDQ's but for the sampling: area means from a table of sums, where PDQ blurs,
 * so that forty of them cost no more than one.
 */
export function viewsOf(frame: Plane, content: Box): Views {
  const sums = integral(frame)
  const width = content.right - content.left
  const height = content.bottom - content.top
  let turns: Uint8Array<ArrayBuffer>[] = []
  const views = CROPS.map(([shareAcross, shareDown, x, y], index): View => {
    const across = Math.max(Math.round(width * shareAcross), 1)
    const down = Math.max(Math.round(height * shareDown), 1)
    const left = content.left + Math.round((width - across) * x)
    const top = content.top + Math.round((height - down) * y)
    const box = { left, top, right: left + across, bottom: top + down }
    const grid = gridOf(sums, frame.width, box)
    const low = lowFrequencies(grid)
    if (index === 0) turns = turnedCodes(low)
    return { box, quality: qualityOf(grid), code: bitsOf(low) }
  })
  return { turns, views }
}

/** Sums of all pixels above and to the left, one row and column larger than the plane. */
export function integral({ width, height, data }: Plane): Uint32Array {
  const wide = width + 1
  const sums = new Uint32Array(wide * (height + 1))
  for (let y = 0; y < height; y++) {
    let row = 0
    const above = y * wide + 1
    for (let x = 0; x < width; x++) {
      row += data[y * width + x]!
      sums[above + wide + x] = sums[above + x]! + row
    }
  }
  return sums
}

/** Means of 64 × 64 equal rectangles of the box. Cells end between pixels: the table of sums is interpolated there, which is exact. */
export function gridOf(sums: Uint32Array, width: number, box: Box): Float32Array {
  const wide = width + 1
  const cellWidth = (box.right - box.left) / GRID
  const cellHeight = (box.bottom - box.top) / GRID
  const grid = new Float32Array(GRID * GRID)
  // Where the edges across lie: the pixel before each, and how far into it.
  const columns = new Int32Array(GRID + 1)
  const shares = new Float64Array(GRID + 1)
  for (let j = 0; j <= GRID; j++) {
    const at = box.left + j * cellWidth
    const column = Math.min(Math.floor(at), box.right - 1)
    columns[j] = column
    shares[j] = at - column
  }
  let above = new Float64Array(GRID + 1)
  let below = new Float64Array(GRID + 1)
  const line = (into: Float64Array, edge: number): void => {
    const y = Math.min(Math.floor(edge), box.bottom - 1)
    const down = edge - y
    const row = y * wide
    for (let j = 0; j <= GRID; j++) {
      const corner = row + columns[j]!
      const right = shares[j]!
      const upper = sums[corner]! + (sums[corner + 1]! - sums[corner]!) * right
      const lower = sums[corner + wide]! + (sums[corner + wide + 1]! - sums[corner + wide]!) * right
      into[j] = upper + (lower - upper) * down
    }
  }
  line(above, box.top)
  for (let i = 0; i < GRID; i++) {
    line(below, box.top + (i + 1) * cellHeight)
    for (let j = 0; j < GRID; j++) {
      grid[i * GRID + j] = (below[j + 1]! - below[j]! - above[j + 1]! + above[j]!) / (cellWidth * cellHeight)
    }
    ;[above, below] = [below, above]
  }
  return grid
}
