import { bitsOf, CODE } from './pdq.ts'

/** The eight ways of laying a picture down: turned by 0, 90, 180 or 270 degrees clockwise, each as it is or mirrored first (left to right). */
export const TURNS = ['0', '90', '180', '270', 'mirror', 'mirror 90', 'mirror 180', 'mirror 270'] as const
export type Turn = (typeof TURNS)[number]

/**
 * The codes that the picture would have if it were turned, in the order of {@link TURNS}, from its cosine transform alone: mirroring a
 * signal negates its odd frequencies, and transposing it transposes them.
 *
 * @param low - the 16 × 16 frequencies 1 to 16 of `transform`
 */
export function turnedCodes(low: Float32Array): Uint8Array<ArrayBuffer>[] {
  return TURNS.map((_, turn) => bitsOf(turned(low, turn)))
}

/** The frequencies of the picture turned so; see {@link turnedCodes}. */
export function turned(low: Float32Array, turn: number): Float32Array {
  const mirror = turn >= 4
  const quarter = turn & 3
  const out = new Float32Array(low.length)
  for (let i = 0; i < CODE; i++) {
    for (let j = 0; j < CODE; j++) {
      // Row and column of the source that stands here after a quarter turn clockwise: out[y][x] = in[end - x][y].
      const [row, column] = quarter & 1 ? [j, i] : [i, j]
      const flipRows = quarter === 1 || quarter === 2
      const flipColumns = (quarter === 2 || quarter === 3) !== mirror
      // Index 0 is frequency 1, so even indices are the odd frequencies.
      const negative = (flipRows && (row & 1) === 0) !== (flipColumns && (column & 1) === 0)
      const value = low[row * CODE + column]!
      out[i * CODE + j] = negative ? -value : value
    }
  }
  return out
}
