import { ENTRIES } from './minhash.ts'

// Bands of a MinHash (Broder 1997; Indyk and Motwani 1998): two texts that share a part s of their runs of words have a band of three entries in common
// with probability s³, and one of the 42 with 1 − (1 − s³)⁴², which is 94 % at 0.4, where copies begin, and a thousandth at 0.03.
const ROWS = 3

/** Keys of 64 bits, one for each band; none for a text without words. */
export function minhashBands(entries: readonly number[]): BigUint64Array {
  if (entries.length !== ENTRIES) return new BigUint64Array(0)
  return BigUint64Array.from({ length: Math.floor(ENTRIES / ROWS) }, (_, band) => {
    let [low, high] = [Math.imul(band + 1, 0x9e3779b1), Math.imul(band + 1, 0x85ebca6b)]
    for (const entry of entries.slice(band * ROWS, (band + 1) * ROWS)) {
      low = mix(Math.imul(low, 0x01000193) ^ entry)
      high = mix(Math.imul(high, 0xc2b2ae35) + entry)
    }
    return (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0)
  })
}

function mix(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x7feb352d)
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x846ca68b)
  return mixed ^ (mixed >>> 16)
}
