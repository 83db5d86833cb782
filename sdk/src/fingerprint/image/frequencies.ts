import { CODE, GRID } from './pdq.ts'

const HALF = GRID / 2

/** The first half of rows 1 to 16 of the 64-point cosine transform; the other half is the same in reverse, with the sign changed in every second row. */
const COSINES: Float64Array = /* @__PURE__ */ (() => {
  const rows = new Float64Array(CODE * HALF)
  for (let i = 0; i < CODE; i++) {
    for (let k = 0; k < HALF; k++) rows[i * HALF + k] = Math.cos((Math.PI / 2 / GRID) * (i + 1) * (2 * k + 1)) * Math.sqrt(2 / GRID)
  }
  return rows
})()

/**
 * The 16 × 16 lowest frequencies but the constant ones, as PDQ has them but in double precision, from a grid folded in the middle: in a quarter of
 * the time that the published order of sums takes, which only PDQ's own bits need.
 */
export function lowFrequencies(grid: Float32Array): Float32Array {
  const sums = new Float64Array(HALF * GRID)
  const differences = new Float64Array(HALF * GRID)
  for (let k = 0; k < HALF; k++) {
    const upper = k * GRID
    const lower = (GRID - 1 - k) * GRID
    for (let j = 0; j < GRID; j++) {
      sums[upper + j] = grid[lower + j]! + grid[upper + j]!
      differences[upper + j] = grid[upper + j]! - grid[lower + j]!
    }
  }
  const low = new Float32Array(CODE * CODE)
  const line = new Float64Array(GRID)
  for (let i = 0; i < CODE; i++) {
    // Row i is of frequency i + 1: the odd ones change sign in the middle.
    const folded = i % 2 === 0 ? differences : sums
    line.fill(0)
    for (let k = 0; k < HALF; k += 4) {
      const [c0, c1, c2, c3] = [COSINES[i * HALF + k]!, COSINES[i * HALF + k + 1]!, COSINES[i * HALF + k + 2]!, COSINES[i * HALF + k + 3]!]
      const at = k * GRID
      for (let j = 0; j < GRID; j++) {
        line[j]! += c0 * folded[at + j]! + c1 * folded[at + GRID + j]! + c2 * folded[at + 2 * GRID + j]! + c3 * folded[at + 3 * GRID + j]!
      }
    }
    for (let k = 0; k < HALF; k++) {
      const [left, right] = [line[k]!, line[GRID - 1 - k]!]
      line[k] = left + right
      line[GRID - 1 - k] = left - right
    }
    for (let j = 0; j < CODE; j++) {
      let sum = 0
      if (j % 2 === 0) for (let k = 0; k < HALF; k++) sum += COSINES[j * HALF + k]! * line[GRID - 1 - k]!
      else for (let k = 0; k < HALF; k++) sum += COSINES[j * HALF + k]! * line[k]!
      low[i * CODE + j] = sum
    }
  }
  return low
}
