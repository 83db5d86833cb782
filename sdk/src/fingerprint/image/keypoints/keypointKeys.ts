import { DESCRIPTOR_BYTES, DIRECTIONS, variant } from './describe.ts'
import type { Keypoints } from './keypoints.ts'

// Keys by which an index finds keypoints again (locality-sensitive hashing: Indyk and Motwani 1998). A crop cuts where it likes, so codes of some forty fixed parts hardly
// ever meet it; its keypoints are those of the whole. Bits of a descriptor depend on each other so much that twenty of them are the same for one pair of strangers' in
// three hundred. Forty-eight leave those that are like no other, and of these enough stay the same in a copy.

/** Selections of bits, and how many bits each has. */
const SELECTIONS = 4
const SELECTED = 48
/** Of every four keys one is used, the same ones in every picture. */
const LEFT_OUT = 3
/** Directions that are told apart, and what a step in size counts beside them, so that neither is taken for the other. */
const DIRECTION_SHIFT = 3
const LEVEL_STEP = 64

/** The bits of each selection, drawn once from a fixed generator (xorshift32). Part of the format of indexes. */
const BITS: readonly (readonly number[])[] = /* @__PURE__ */ (() => {
  let state = 0x1234567
  const bit = (): number => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % (DESCRIPTOR_BYTES * 8)
  }
  return Array.from({ length: SELECTIONS }, () => {
    const bits = new Set<number>()
    while (bits.size < SELECTED) bits.add(bit())
    return [...bits]
  })
})()

/** What a picture's keypoints are as they are, and when it is mirrored, in negative, or both: [mirrored, inverted]. */
export const KEYPOINT_VARIANTS = [
  [false, false],
  [true, false],
  [false, true],
  [true, true],
] as const

/**
 * Keys of 64 bits, and where each is: size and direction, so that those of a copy differ from those of the original by the same everywhere; as they are in the picture, or in
 * the mirrored one or the negative.
 */
export function keypointKeys(
  { count, level, direction, descriptors: plain }: Keypoints,
  [mirrored, inverted]: readonly [mirrored: boolean, inverted: boolean] = [false, false],
): { keys: BigUint64Array; places: Uint32Array } {
  const descriptors =
    mirrored || inverted ? new Uint8Array(variant(new Int32Array(plain.slice().buffer), mirrored, inverted).buffer) : plain
  const words: number[] = []
  const places: number[] = []
  for (let point = 0; point < count; point++) {
    const at = point * DESCRIPTOR_BYTES
    for (const [selection, bits] of BITS.entries()) {
      let [low, high] = [0, 0]
      for (let index = 0; index < 24; index++) low = (low << 1) | bitAt(descriptors, at, bits[index]!)
      for (let index = 24; index < SELECTED; index++) high = (high << 1) | bitAt(descriptors, at, bits[index]!)
      const mixed = Math.imul((low + selection) ^ Math.imul(high, 0x9e3779b1), 0x85ebca6b)
      if (((mixed ^ (mixed >>> 15)) & LEFT_OUT) !== 0) continue
      words.push(low, high | (selection << 24))
      const turned = ((mirrored ? 128 - direction[point]! : direction[point]!) + (inverted ? 128 : 0)) & (DIRECTIONS - 1)
      places.push(level[point]! * LEVEL_STEP + (turned >> DIRECTION_SHIFT))
    }
  }
  return { keys: new BigUint64Array(Uint32Array.from(words).buffer), places: Uint32Array.from(places) }
}

function bitAt(descriptors: Uint8Array, at: number, bit: number): number {
  return (descriptors[at + (bit >> 3)]! >> (bit & 7)) & 1
}
