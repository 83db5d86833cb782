import { A_HIGH, A_LOW, B_HIGH, B_LOW } from './minhashPermutations.ts'
import { loadLowest, MOST_FEATURES } from './minhashSimd.ts'

const PERMUTATIONS = 64
/** Features that are collected before the permutations run over them. */
const BATCH = MOST_FEATURES
/** From this many features on it pays to start the vector code. */
const WORTH_VECTORS = 1024

/** The minimum over all features of 64 permutations, computed as the features come. */
export interface MinHash {
  /** Adds one 32-bit feature. */
  add(feature: number): void
  /** Adds the first `length` of these 32-bit features. */
  addAll(features: Int32Array, length: number): void
  /** Number of features so far. */
  readonly count: number
  /** 256 bits: the lowest bit of all 64 minima, then the second, third and fourth. */
  digest(): Uint8Array<ArrayBuffer>
}

/**
 * The standard's minhash: `((a x + b) mod 2^64 mod (2^61 - 1)) mod 2^32`, its minimum over all features x, for 64 pairs a, b.
 *
 * Modulo that Mersenne prime, a number is its three bits above bit 61 added to the rest; the sum reaches the prime itself for none of
 * these pairs and 2^32 features. So the low word of the result is the low word of `a x + b` plus 0 to 7: one 32-bit multiplication
 * tells for all but a handful of features that they cannot lower a minimum, and only those few are computed in full.
 */
export function createMinHash(): MinHash {
  const pending = new Int32Array(BATCH)
  const minima = new Uint32Array(PERMUTATIONS).fill(0xffffffff)
  let filled = 0
  let count = 0
  const flush = (): void => {
    const lowest = filled < WORTH_VECTORS ? undefined : loadLowest()
    if (lowest === undefined) {
      for (let p = 0; p < PERMUTATIONS; p += 4) lowerFour(p, pending, filled, minima)
    } else {
      lowest.load(pending, filled)
      for (let p = 0; p < PERMUTATIONS; p++) {
        if (lowest.run(A_LOW[p]!, offsetOf(p)) <= boundOf(minima[p]!)) lowerOne(p, pending, filled, minima)
      }
    }
    filled = 0
  }
  return {
    add(feature) {
      pending[filled++] = feature
      count++
      if (filled === BATCH) flush()
    },
    addAll(features, length) {
      for (let at = 0; at < length; ) {
        const taken = Math.min(BATCH - filled, length - at)
        pending.set(features.subarray(at, at + taken), filled)
        at += taken
        filled += taken
        if (filled === BATCH) flush()
      }
      count += length
    },
    get count() {
      return count
    },
    digest() {
      flush()
      return compress(minima)
    },
  }
}

/** Minhash digest of 32-bit features. Of no features it is all ones, which the standard leaves undefined. */
export function minHash256(features: Iterable<number>): Uint8Array<ArrayBuffer> {
  const hash = createMinHash()
  for (const feature of features) hash.add(feature)
  return hash.digest()
}

/** Lowers the minima of permutations `p` to `p + 3` by the first `count` features. Four at once, because that is what keeps a core busy. */
function lowerFour(p: number, features: Int32Array, count: number, minima: Uint32Array): void {
  const a0 = A_LOW[p]! | 0
  const a1 = A_LOW[p + 1]! | 0
  const a2 = A_LOW[p + 2]! | 0
  const a3 = A_LOW[p + 3]! | 0
  const b0 = offsetOf(p)
  const b1 = offsetOf(p + 1)
  const b2 = offsetOf(p + 2)
  const b3 = offsetOf(p + 3)
  let bound0 = boundOf(minima[p]!)
  let bound1 = boundOf(minima[p + 1]!)
  let bound2 = boundOf(minima[p + 2]!)
  let bound3 = boundOf(minima[p + 3]!)
  for (let i = 0; i < count; i++) {
    const feature = features[i]!
    if (((Math.imul(a0, feature) + b0) | 0) <= bound0) bound0 = lower(p, feature, minima)
    if (((Math.imul(a1, feature) + b1) | 0) <= bound1) bound1 = lower(p + 1, feature, minima)
    if (((Math.imul(a2, feature) + b2) | 0) <= bound2) bound2 = lower(p + 2, feature, minima)
    if (((Math.imul(a3, feature) + b3) | 0) <= bound3) bound3 = lower(p + 3, feature, minima)
  }
}

/** Lowers the minimum of one permutation by the first `count` features. */
function lowerOne(p: number, features: Int32Array, count: number, minima: Uint32Array): void {
  const a = A_LOW[p]! | 0
  const b = offsetOf(p)
  let bound = boundOf(minima[p]!)
  for (let i = 0; i < count; i++) {
    const feature = features[i]!
    if (((Math.imul(a, feature) + b) | 0) <= bound) bound = lower(p, feature, minima)
  }
}

/** Lowers one minimum by one feature and returns its new bound. */
function lower(p: number, feature: number, minima: Uint32Array): number {
  minima[p] = Math.min(minima[p]!, permute(p, feature))
  return boundOf(minima[p]!)
}

// Unsigned numbers are compared as signed ones, so both sides are shifted by 2^31. The 7 turns "low word plus 0 to 7, which may wrap,
// is below the minimum" into one test that never misses and seldom asks in vain.
function offsetOf(p: number): number {
  return (B_LOW[p]! + 7 - 0x80000000) | 0
}

function boundOf(minimum: number): number {
  return Math.min(minimum + 6 - 0x80000000, 0x7fffffff) | 0
}

/** One permutation in full. */
function permute(p: number, feature: number): number {
  const x = feature >>> 0
  const a = A_LOW[p]!
  const product = Math.imul(a, x) >>> 0
  const low = (product + B_LOW[p]!) >>> 0
  const carry = low < product ? 1 : 0
  const high = (highWord(a, x) + Math.imul(A_HIGH[p]!, x) + B_HIGH[p]! + carry) >>> 0
  return (low + (high >>> 29)) >>> 0
}

/** The high 32 bits of the product of two unsigned 32-bit numbers. */
function highWord(a: number, b: number): number {
  const aLow = a & 0xffff
  const aHigh = a >>> 16
  const bLow = b & 0xffff
  const bHigh = b >>> 16
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16)
  const cross = aLow * bHigh + (middle % 0x10000)
  return aHigh * bHigh + Math.floor(middle / 0x10000) + Math.floor(cross / 0x10000)
}

function compress(minima: Uint32Array): Uint8Array<ArrayBuffer> {
  const digest = new Uint8Array(32)
  let at = 0
  for (let bit = 0; bit < 4; bit++) {
    for (let p = 0; p < PERMUTATIONS; p++, at++) {
      digest[at >>> 3]! |= ((minima[p]! >>> bit) & 1) << (7 - (at & 7))
    }
  }
  return digest
}
