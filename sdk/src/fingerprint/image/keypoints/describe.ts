import { integral } from '../views.ts'
import type { Level } from './pyramid.ts'

// Binary descriptors in the manner of BRIEF (Calonder et al. 2010) and ORB: each bit says which of two small squares near the keypoint is
// darker, the pattern turned by the keypoint's own direction. Ours differs in one thing: the pattern is closed under mirroring and under half
// a turn, so that the descriptor of a mirrored or of an inverted picture is a permutation of the original's bits and needs no second extraction.

/** Bytes of a descriptor. */
export const DESCRIPTOR_BYTES = 32
/** Directions that are told apart. */
export const DIRECTIONS = 256
/** Pixels around a keypoint that its direction is taken from. */
const DIRECTION_RADIUS = 15
/** Pixels from the keypoint to the farthest middle of a square. */
const PATTERN_RADIUS = 13
/** Squares are this many pixels to each side of their middle: 5 × 5. */
const SQUARE_RADIUS = 2
/** Pixels around a keypoint that its level must have. */
export const PATCH_RADIUS = 16

/** Tests of one quarter of the pattern; the other quarters are its mirror images. */
const TESTS = 64

/** Ends of the 64 tests of the first quarter: x and y of one, x and y of the other, relative to the keypoint whose direction is +x. */
const BASE: Float64Array = /* @__PURE__ */ (() => {
  const points = new Float64Array(TESTS * 4)
  let state = 20_250_611
  const next = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0
    return (state >>> 8) / 2 ** 24
  }
  // Twelve numbers from 0 to 1 add up to something close to a normal distribution, without a logarithm that engines may round differently.
  const normal = (): number => {
    let sum = -6
    for (let k = 0; k < 12; k++) sum += next()
    return sum
  }
  const place = (): [number, number] => {
    for (;;) {
      const x = normal() * 6.2
      const y = normal() * 6.2
      if (x * x + y * y <= PATTERN_RADIUS ** 2) return [x, y]
    }
  }
  for (let test = 0; test < TESTS; ) {
    const [ax, ay] = place()
    const [bx, by] = place()
    // Squares that overlap say little.
    if ((ax - bx) ** 2 + (ay - by) ** 2 < 16) continue
    // A test that is its own mirror image says nothing.
    if (Math.abs(ay) + Math.abs(by) < 2 || Math.abs(ax) + Math.abs(bx) < 2) continue
    points.set([ax, ay, bx, by], test++ * 4)
  }
  return points
})()

/** The quarters: as it is, mirrored across the direction, turned by half, both. Swapping them is what {@link variant} does. */
const QUARTERS = [
  [1, 1],
  [1, -1],
  [-1, -1],
  [-1, 1],
] as const

/** Offsets of all tests for every direction: 256 × 256 × (x, y, x, y), made at the first call. */
let patterns: Int8Array | undefined
function patternTable(): Int8Array {
  if (patterns !== undefined) return patterns
  const table = new Int8Array(DIRECTIONS * 256 * 4)
  for (let direction = 0; direction < DIRECTIONS; direction++) {
    const angle = (direction * 2 * Math.PI) / DIRECTIONS
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
    for (const [quarter, [fx, fy]] of QUARTERS.entries()) {
      for (let test = 0; test < TESTS; test++) {
        for (let end = 0; end < 2; end++) {
          const x = BASE[test * 4 + end * 2]! * fx
          const y = BASE[test * 4 + end * 2 + 1]! * fy
          const at = ((direction * 4 + quarter) * TESTS + test) * 4 + end * 2
          table[at] = Math.round(x * cos - y * sin)
          table[at + 1] = Math.round(x * sin + y * cos)
        }
      }
    }
  }
  patterns = table
  return table
}

/** Half the width of a disc's row. */
const DISC: Uint8Array = /* @__PURE__ */ (() =>
  Uint8Array.from({ length: DIRECTION_RADIUS + 1 }, (_, y) => Math.floor(Math.sqrt((DIRECTION_RADIUS + 0.5) ** 2 - y * y))))()

/** Where the brightness around a place is heavier, as one of 256 directions, 0 to the right, 64 down. */
export function directionAt({ width, data }: Level, x: number, y: number): number {
  let momentX = 0
  let momentY = 0
  for (let dy = -DIRECTION_RADIUS; dy <= DIRECTION_RADIUS; dy++) {
    const half = DISC[Math.abs(dy)]!
    const middle = (y + dy) * width + x
    let row = 0
    for (let dx = -half; dx <= half; dx++) {
      const value = data[middle + dx]!
      row += value
      momentX += dx * value
    }
    momentY += dy * row
  }
  const direction = Math.round((Math.atan2(momentY, momentX) * DIRECTIONS) / (2 * Math.PI))
  return direction & (DIRECTIONS - 1)
}

/** Makes a writer of descriptors for one level. */
export function describer(level: Level): (x: number, y: number, direction: number, into: Uint8Array, at: number) => void {
  const sums = integral(level)
  const wide = level.width + 1
  const table = patternTable()
  const size = 2 * SQUARE_RADIUS + 1
  const down = size * wide
  return (x, y, direction, into, at) => {
    const corner = (y - SQUARE_RADIUS) * wide + x - SQUARE_RADIUS
    let entry = direction * 1024
    for (let byte = 0; byte < DESCRIPTOR_BYTES; byte++) {
      let bits = 0
      for (let bit = 0; bit < 8; bit++, entry += 4) {
        const a = corner + table[entry + 1]! * wide + table[entry]!
        const b = corner + table[entry + 3]! * wide + table[entry + 2]!
        const first = sums[a + down + size]! - sums[a + down]! - sums[a + size]! + sums[a]!
        const second = sums[b + down + size]! - sums[b + down]! - sums[b + size]! + sums[b]!
        if (first < second) bits |= 1 << bit
      }
      into[at + byte] = bits
    }
  }
}

/**
 * Descriptors of the same keypoints in the mirrored picture, in the inverted one, or in both.
 *
 * @param words - descriptors of eight words each
 */
export function variant(words: Int32Array, mirrored: boolean, inverted: boolean): Int32Array {
  const out = new Int32Array(words.length)
  // Quarters are two words: mirroring swaps the first and the second pair, half a turn (the direction of an inverted picture) the two pairs.
  const swap = (mirrored ? 2 : 0) ^ (inverted ? 4 : 0)
  // Mirroring keeps each end where it belongs; inverting makes darker brighter.
  const flip = inverted ? -1 : 0
  for (let at = 0; at < words.length; at += 8) {
    for (let word = 0; word < 8; word++) out[at + word] = words[at + (word ^ swap)]! ^ flip
  }
  return out
}
