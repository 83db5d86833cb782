import type { Plane } from '../pixels.ts'
import { type Corners, cornersOf } from './corners.ts'
import { DESCRIPTOR_BYTES, describer, directionAt, PATCH_RADIUS } from './describe.ts'
import { pyramidOf, STEP } from './pyramid.ts'

/** Most keypoints of a picture. */
export const MOST_KEYPOINTS = 500
/** Keypoints lie on a frame of at most this many pixels a side. */
export const FRAME_SIZE = 512
/** Places are kept in steps of 1/16 pixel of the frame. */
export const SUBPIXELS = 16

/** Places that look like no other in the picture, and what they look like. Columns of `count` entries. */
export interface Keypoints {
  count: number
  /** Place in the frame, in 1/{@link SUBPIXELS} pixel. */
  x: Uint16Array
  y: Uint16Array
  /** Level of the pyramid it was found on, 0 the finest: its size is 1.2 to the power of it. */
  level: Uint8Array
  /** 0 to 255: 256 is a full turn, 0 points right, 64 down. */
  direction: Uint8Array
  /** {@link DESCRIPTOR_BYTES} each. */
  descriptors: Uint8Array<ArrayBuffer>
}

/** Grey levels by which a corner must stand out. */
const THRESHOLD = 8
/** Cells that the keypoints of one level are spread over, along the longer side. */
const CELLS = 8

/** Keypoints of a grey picture of at most 512 pixels a side, at most `most` of them. Pictures of fewer than 33 pixels a side have none. */
export function keypointsOf(frame: Plane, most: number = MOST_KEYPOINTS): Keypoints {
  const smallest = 2 * PATCH_RADIUS + 1
  const levels = frame.width < smallest || frame.height < smallest ? [] : pyramidOf(frame, smallest)
  const found = levels.map((level) => cornersOf(level, PATCH_RADIUS, THRESHOLD))
  const chosen = shared(levels, found, most)
  const count = chosen.reduce((sum, list) => sum + list.length, 0)
  const points: Keypoints = {
    count,
    x: new Uint16Array(count),
    y: new Uint16Array(count),
    level: new Uint8Array(count),
    direction: new Uint8Array(count),
    descriptors: new Uint8Array(count * DESCRIPTOR_BYTES),
  }
  let next = 0
  for (const [index, level] of levels.entries()) {
    if (chosen[index]!.length === 0) continue
    const describe = describer(level)
    const { x, y } = found[index]!
    for (const corner of chosen[index]!) {
      const [column, row] = [x[corner]!, y[corner]!]
      const direction = directionAt(level, column, row)
      describe(column, row, direction, points.descriptors, next * DESCRIPTOR_BYTES)
      points.x[next] = Math.round((column + 0.5) * level.scaleX * SUBPIXELS)
      points.y[next] = Math.round((row + 0.5) * level.scaleY * SUBPIXELS)
      points.level[next] = index
      points.direction[next] = direction
      next++
    }
  }
  return points
}

/** The corners to keep, for every level: finer levels get more, and each level's are spread over the picture. */
function shared(levels: readonly Plane[], found: readonly Corners[], most: number): number[][] {
  const weights = levels.map((_, index) => 1 / STEP ** index)
  let weight = weights.reduce((sum, value) => sum + value, 0)
  let left = most
  const chosen: number[][] = levels.map(() => [])
  // From the coarsest, which have the fewest, so that what they leave goes to the others.
  for (let index = levels.length - 1; index >= 0; index--) {
    const quota = Math.round((left * weights[index]!) / weight)
    chosen[index] = spread(levels[index]!, found[index]!, quota)
    left -= chosen[index]!.length
    weight -= weights[index]!
  }
  return chosen
}

/** Up to `quota` corners, the strongest of every cell first, then the second of every cell, and so on. */
function spread({ width, height }: Plane, { count, x, y, strength }: Corners, quota: number): number[] {
  if (count <= quota) return Array.from({ length: count }, (_, index) => index)
  const size = Math.max(width, height) / CELLS
  const columns = Math.ceil(width / size)
  const order = new Uint32Array(count)
  for (let corner = 0; corner < count; corner++) order[corner] = corner
  order.sort((a, b) => strength[b]! - strength[a]! || a - b)
  const filled = new Uint16Array(columns * Math.ceil(height / size))
  const ranks: number[][] = []
  for (const corner of order) {
    const cell = Math.floor(y[corner]! / size) * columns + Math.floor(x[corner]! / size)
    const rank = filled[cell]!++
    ranks[rank] ??= []
    ranks[rank].push(corner)
  }
  // Within a rank the stronger stay first.
  return ranks.flat().slice(0, quota)
}
