import { type Band, CODE_BITS, flipsOf } from '../codes/bands.ts'

/** Bands of a code in the database. Part of its format: wide, because looking at a key costs less than fetching a row that only shares a narrow band. */
const BANDS: readonly Band[] = Array.from({ length: 12 }, (_, band) => {
  const from = Math.floor((band * CODE_BITS) / 12)
  return { from, bits: Math.floor(((band + 1) * CODE_BITS) / 12) - from }
})

/** Most bits of a band that are flipped: three would be twenty thousand keys. */
const MOST_FLIPS = 2
/** Distance up to which nothing is missed: codes that differ in no more bits agree in some band but for two. */
export const SURE_DISTANCE: number = BANDS.length * (MOST_FLIPS + 1) - 1

/** Bits of a key that are the band's own, and those that say which band; codes of other media and of parts have other keys. */
const BAND_SHIFT = 22
const SPACE_SHIFT = 26

/** Number of the space that codes of a medium are in, wholes and parts apart. */
export function spaceOf(medium: number, kind: 'codes' | 'parts'): number {
  return medium * 2 + (kind === 'parts' ? 1 : 0)
}

/** The keys of a permuted code of eight words, one for each band, below 2³¹. */
export function bandKeys(space: number, words: Uint32Array, at: number = 0): number[] {
  return BANDS.map((band, index) => (space << SPACE_SHIFT) | (index << BAND_SHIFT) | bandValue(band, words, at))
}

/**
 * For each band the keys that codes within `radius` have one of, in some band; beyond {@link SURE_DISTANCE} most of them. The flips that are needed are
 * shared out evenly.
 */
export function askedKeys(space: number, words: Uint32Array, radius: number): number[][] {
  const shares = Math.min(radius, SURE_DISTANCE) + 1
  const asked: number[][] = []
  for (const [index, band] of BANDS.entries()) {
    const flips = Math.floor(shares / BANDS.length) + (index < shares % BANDS.length ? 1 : 0) - 1
    if (flips < 0) continue
    const head = (space << SPACE_SHIFT) | (index << BAND_SHIFT)
    const value = bandValue(band, words, 0)
    const keys: number[] = []
    for (let flipped = 0; flipped <= flips; flipped++) for (const mask of flipsOf(band.bits)[flipped]!) keys.push(head | (value ^ mask))
    asked.push(keys)
  }
  return asked
}

function bandValue({ from, bits }: Band, words: Uint32Array, at: number): number {
  const word = at + (from >> 5)
  const shift = from & 31
  const low = words[word]! >>> shift
  return (shift + bits <= 32 ? low : low | (words[word + 1]! << (32 - shift))) & ((1 << bits) - 1)
}
