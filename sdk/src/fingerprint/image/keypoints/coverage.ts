import type { Frame } from './fit.ts'
import { SUBPIXELS } from './keypoints.ts'
import { applied, type Transform } from './transform.ts'

/** How much of what the two pictures would share is really the same. */
export interface Coverage {
  /** Of the cells of a 4 × 4 grid over the shared area that have keypoints of a, the share with one that is the same in b; 0 to 1. */
  cells: number
  /** Share of a's keypoints in the shared area that are the same in b, 0 to 1. */
  points: number
}

const GRID = 4
/** Keypoints that a cell must have to count. */
const FEWEST = 4
/** Pixels of b's frame along its edges where no keypoint can be. */
const EDGE = 8

/**
 * Whether a fit is of the pictures or only of something that lies on both, a caption or a logo. Two photographs with the same words over them
 * fit as well as a copy does, but only where the words are.
 */
export function coverageOf(a: Frame, b: Frame, transform: Transform, inliers: readonly (readonly [a: number, b: number])[]): Coverage {
  const { keypoints } = a
  const same = new Set(inliers.map(([index]) => index))
  const inside: { x: number; y: number; same: boolean }[] = []
  for (let k = 0; k < keypoints.count; k++) {
    const [x, y] = [keypoints.x[k]! / SUBPIXELS, keypoints.y[k]! / SUBPIXELS]
    const [u, v] = applied(transform, x, y)
    if (u > EDGE && v > EDGE && u < b.width - EDGE && v < b.height - EDGE) inside.push({ x, y, same: same.has(k) })
  }
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const { x, y } of inside) {
    left = Math.min(left, x)
    right = Math.max(right, x)
    top = Math.min(top, y)
    bottom = Math.max(bottom, y)
  }
  const cell = (value: number, from: number, to: number): number =>
    Math.min(Math.floor(((value - from) / (to - from || 1)) * GRID), GRID - 1)
  const all = new Uint16Array(GRID * GRID)
  const hit = new Uint16Array(GRID * GRID)
  for (const point of inside) {
    const at = cell(point.y, top, bottom) * GRID + cell(point.x, left, right)
    all[at]!++
    if (point.same) hit[at]!++
  }
  let [counted, covered] = [0, 0]
  for (let at = 0; at < all.length; at++) {
    if (all[at]! < FEWEST) continue
    counted++
    if (hit[at]! > 0) covered++
  }
  return { cells: counted === 0 ? 0 : covered / counted, points: inside.length === 0 ? 0 : inliers.length / inside.length }
}
