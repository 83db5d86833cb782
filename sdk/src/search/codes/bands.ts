/**
 * Multi-index hashing (Norouzi, Punjani, Fleet 2012). A code of 256 bits is cut into bands. If two codes differ in at most `r` bits and each band
 * `i` is searched up to `t_i` flipped bits, where the `t_i + 1` add up to more than `r`, then they agree so far in some band: else each had at
 * least `t_i + 1` differing bits, which are more than `r`. How the flips are shared out is free, so they go where they find few candidates
 * (Qin, Wang, Xiao, Zhang: GPH, 2018).
 */
export interface Band {
  /** First bit of the band in the permuted code. */
  from: number
  /** Number of bits. */
  bits: number
}

/** Bits of a code. */
export const CODE_BITS = 256
/** Words of 32 bits. */
export const CODE_WORDS = 8

/**
 * The order in which bits are kept, drawn once from a fixed generator: neighbouring bits of real codes depend on each other, and bands
 * should not. Part of the file format.
 */
const ORDER: readonly number[] = /* @__PURE__ */ (() => {
  const order = Array.from({ length: CODE_BITS }, (_, bit) => bit)
  let state = 0x2545f491
  for (let last = CODE_BITS - 1; last > 0; last--) {
    // xorshift32
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    const other = (state >>> 0) % (last + 1)
    ;[order[last], order[other]] = [order[other]!, order[last]!]
  }
  return order
})()

/** For each byte of a code and each value of it, the eight words of the permuted code that it gives. */
let spread: Uint32Array | undefined

function spreadTable(): Uint32Array {
  if (spread !== undefined) return spread
  const placeOf = new Uint8Array(CODE_BITS)
  for (const [place, bit] of ORDER.entries()) placeOf[bit] = place
  const table = new Uint32Array(32 * 256 * CODE_WORDS)
  for (let byte = 0; byte < 32; byte++) {
    for (let value = 0; value < 256; value++) {
      const row = (byte * 256 + value) * CODE_WORDS
      for (let bit = 0; bit < 8; bit++) {
        if ((value & (128 >> bit)) === 0) continue
        const place = placeOf[byte * 8 + bit]!
        table[row + (place >> 5)]! |= 1 << (place & 31)
      }
    }
  }
  spread = table
  return table
}

/** The permuted code, {@link CODE_WORDS} words, into `into` from `at` on. */
export function permute(code: Uint8Array, into: Uint32Array, at: number): void {
  const table = spreadTable()
  let [a, b, c, d, e, f, g, h] = [0, 0, 0, 0, 0, 0, 0, 0]
  for (let byte = 0; byte < 32; byte++) {
    const row = (byte * 256 + code[byte]!) * CODE_WORDS
    a |= table[row]!
    b |= table[row + 1]!
    c |= table[row + 2]!
    d |= table[row + 3]!
    e |= table[row + 4]!
    f |= table[row + 5]!
    g |= table[row + 6]!
    h |= table[row + 7]!
  }
  into[at] = a
  into[at + 1] = b
  into[at + 2] = c
  into[at + 3] = d
  into[at + 4] = e
  into[at + 5] = f
  into[at + 6] = g
  into[at + 7] = h
}

/** The code that {@link permute} was given. */
export function restore(words: Uint32Array, at: number): Uint8Array<ArrayBuffer> {
  const code = new Uint8Array(32)
  for (const [place, bit] of ORDER.entries()) {
    if (((words[at + (place >> 5)]! >>> (place & 31)) & 1) === 1) code[bit >> 3]! |= 128 >> (bit & 7)
  }
  return code
}

/** Bands for so many codes: wide enough that a bucket holds a few of them, and no wider, so that there are few ways of flipping bits. */
export function bandsFor(count: number): Band[] {
  const widest = Math.min(Math.max(Math.log2(Math.max(count, 1)) - 1.5, 12), 22)
  const bands = Math.ceil(CODE_BITS / widest)
  return Array.from({ length: bands }, (_, band) => {
    const from = Math.floor((band * CODE_BITS) / bands)
    return { from, bits: Math.floor(((band + 1) * CODE_BITS) / bands) - from }
  })
}

const masksOf = new Map<number, readonly Uint32Array[]>()

/** Most bits of a band that are flipped. */
export const MOST_FLIPS = 3

/** For 0, 1, … {@link MOST_FLIPS} flipped bits, what a key of so many bits is combined with. */
export function flipsOf(bits: number): readonly Uint32Array[] {
  const known = masksOf.get(bits)
  if (known !== undefined) return known
  const masks: number[][] = [[0]]
  for (let flips = 1; flips <= MOST_FLIPS; flips++) {
    const more: number[] = []
    for (const mask of masks[flips - 1]!) {
      // The new bit is above all that are set, so that each set of bits comes once.
      for (let bit = 32 - Math.clz32(mask); bit < bits; bit++) more.push(mask | (1 << bit))
    }
    masks.push(more)
  }
  const arrays = masks.map((list) => Uint32Array.from(list))
  masksOf.set(bits, arrays)
  return arrays
}
