import { contentBox } from '../image/border.ts'
import { lowFrequencies } from '../image/frequencies.ts'
import { qualityOf } from '../image/pdq.ts'
import type { Plane } from '../image/pixels.ts'
import { TURNS, turned } from '../image/turns.ts'
import { gridOf, integral } from '../image/views.ts'

/** Words of a code. */
export const CODE_WORDS = 8
const BITS = 256

/** What a frame looks like without its border: 256 bits, and how much there is to see (0 to 100, as PDQ counts it). */
export interface FrameCode {
  words: Uint32Array<ArrayBuffer>
  quality: number
}

/**
 * Code of a frame. It has PDQ's frequencies of the picture without bars and borders, and a bit for each that is above zero, where PDQ asks whether it is above
 * the median: so the codes of the frame turned and mirrored are made of the same bits, and need not be kept.
 */
export function frameCode(frame: Plane): FrameCode {
  const grid = gridOf(integral(frame), frame.width, contentBox(frame))
  const low = lowFrequencies(grid)
  const words = new Uint32Array(CODE_WORDS)
  for (let bit = 0; bit < BITS; bit++) if (low[bit]! > 0) words[bit >> 5]! |= 1 << (bit & 31)
  return { words, quality: qualityOf(grid) }
}

interface Rearrangement {
  /** For each bit, the one it is taken from. */
  from: Uint8Array
  /** Which bits change their value. */
  flips: Uint32Array
}

const REARRANGED: readonly Rearrangement[] = /* @__PURE__ */ TURNS.map((_, turn) => {
  const moved = turned(
    Float32Array.from({ length: BITS }, (_unused, bit) => bit + 1),
    turn,
  )
  const flips = new Uint32Array(CODE_WORDS)
  for (let bit = 0; bit < BITS; bit++) if (moved[bit]! < 0) flips[bit >> 5]! |= 1 << (bit & 31)
  return { from: Uint8Array.from(moved, (value) => Math.abs(value) - 1), flips }
})

/** The codes that frames have when they are turned: `codes` are eight words each, `turn` is a place in `TURNS`. */
export function turnedFrames(codes: Uint32Array, turn: number): Uint32Array<ArrayBuffer> {
  const { from, flips } = REARRANGED[turn]!
  const out = new Uint32Array(codes.length)
  for (let at = 0; at < codes.length; at += CODE_WORDS) {
    for (let bit = 0; bit < BITS; bit++) {
      const source = from[bit]!
      if ((codes[at + (source >> 5)]! >>> (source & 31)) & 1) out[at + (bit >> 5)]! |= 1 << (bit & 31)
    }
    for (let word = 0; word < CODE_WORDS; word++) out[at + word]! ^= flips[word]!
  }
  return out
}

/** Bits by which two codes differ. */
export function bitsBetween(a: Uint32Array, atA: number, b: Uint32Array, atB: number): number {
  let sum = 0
  for (let word = 0; word < CODE_WORDS; word++) sum += ones(a[atA + word]! ^ b[atB + word]!)
  return sum
}

function ones(word: number): number {
  let value = word - ((word >>> 1) & 0x55555555)
  value = (value & 0x33333333) + ((value >>> 2) & 0x33333333)
  return Math.imul((value + (value >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}
