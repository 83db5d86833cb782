import { type GramShape, type HashGrams, loadHashGrams } from './gramsSimd.ts'
import type { Stretch } from './reader.ts'

// Winnowing (Schleimer, Wilkerson, Aiken 2003): of every WINDOW consecutive hashes of GRAM characters the least is kept. Any passage
// of GRAM + WINDOW − 1 characters that two texts share leaves at least one hash in both.

/** Characters a hash covers. */
const GRAM = 25
/** Consecutive hashes of which one is kept. */
const WINDOW = 20
/** Most hashes kept of a text; beyond, only those are kept whose lowest bits are zero, one bit more each time it gets full. */
const MOST_HASHES = 32_768

/** Hashes of passages, in order of position. */
export interface Winnowed {
  /** Hashes with any of the lowest `level` bits set are left out. */
  level: number
  /** 32-bit hashes. */
  hashes: number[]
  /** Where each passage starts: offset in UTF-16 code units of the text. */
  starts: number[]
  /** Where each passage ends, exclusive. */
  ends: number[]
}

export interface Winnower {
  /** Adds the letters of a stretch. */
  add(stretch: Pick<Stretch, 'letters' | 'places' | 'count' | 'base'>): void
  finish(): Winnowed
}

const BASE = 0x2c9277b5
const SIGN = 1 << 31
const LEAVING_POWER: number = /* @__PURE__ */ (() => {
  let power = 1
  for (let i = 0; i < GRAM; i++) power = Math.imul(power, BASE)
  return power
})()

/** Letters that the next stretch needs: those of a whole window and the gram before it. */
const KEPT = GRAM + WINDOW
/** Letters that are taken at once. */
const BATCH = 8192
/** From this many on it pays to start the vector code. */
const WORTH_VECTORS = 1024

/** A winnower that takes a text stretch by stretch, in memory that does not grow with it. */
export function createWinnower(load: (shape: GramShape) => HashGrams | null = loadHashGrams): Winnower {
  /** Letters, their bits spread (small numbers would collide far too often in a polynomial modulo 2³²), and their places as in a stretch, but counted from the start of the text. */
  const letters = new Int32Array(KEPT + BATCH)
  const places = new Float64Array(KEPT + BATCH)
  /** Hashes of the grams that end with these letters, their highest bit turned so that they compare as signed numbers. */
  const hashes = new Int32Array(KEPT + BATCH)
  /** How many elements the arrays hold. */
  let held = 0
  let rolling = 0
  let seen = 0
  let least = -1
  let winnowed: Winnowed = { level: 0, hashes: [], starts: [], ends: [] }

  function keep(at: number): void {
    const hash = (hashes[at]! ^ SIGN) >>> 0
    if (winnowed.level > 0 && (hash & ((1 << winnowed.level) - 1)) !== 0) return
    const last = places[at]!
    winnowed.hashes.push(hash)
    winnowed.starts.push(Math.floor(places[at + 1 - GRAM]! / 2))
    winnowed.ends.push(Math.floor(last / 2) + (last % 2) + 1)
    if (winnowed.hashes.length > MOST_HASHES) winnowed = thinned(winnowed, winnowed.level + 1)
  }

  /** The rightmost least hash from `oldest` to `newest`. */
  function leastOf(oldest: number, newest: number): number {
    let best = newest
    for (let at = newest - 1; at >= oldest; at--) if (hashes[at]! < hashes[best]!) best = at
    return best
  }

  /** Leaves the last letters at the front. */
  function shift(): void {
    const dropped = Math.max(held - KEPT, 0)
    letters.copyWithin(0, dropped, held)
    places.copyWithin(0, dropped, held)
    hashes.copyWithin(0, dropped, held)
    held -= dropped
    least -= dropped
  }

  /** Takes letters to `start` and hashes the grams that end with them. */
  function hash(added: Int32Array, start: number): void {
    const vectors = added.length < WORTH_VECTORS ? null : load({ gram: GRAM, most: BATCH, base: BASE, leavingPower: LEAVING_POWER })
    if (vectors === null) hashPlain(added, start)
    else {
      const leaving = new Int32Array(GRAM)
      const behind = Math.min(seen, GRAM)
      leaving.set(letters.subarray(start - behind, start), GRAM - behind)
      rolling = vectors(added, added.length, rolling, leaving, letters.subarray(start), hashes.subarray(start))
    }
    seen += added.length
  }

  function hashPlain(added: Int32Array, start: number): void {
    let value = rolling
    for (let i = 0, at = start; i < added.length; i++, at++) {
      letters[at] = spread(added[i]!)
      const leaving = seen + i < GRAM ? 0 : Math.imul(letters[at - GRAM]!, LEAVING_POWER)
      value = (Math.imul(value, BASE) + ((letters[at]! - leaving) | 0)) | 0
      hashes[at] = mix(value)
    }
    rolling = value
  }

  /** Of every window that ends from `from` to `to`, keeps the rightmost least hash, unless it was kept before. */
  function select(from: number, to: number): void {
    let best = least
    let bestHash = best < 0 ? 0 : hashes[best]!
    for (let newest = from; newest < to; newest++) {
      const oldest = newest + 1 - WINDOW
      if (best >= oldest) {
        if (hashes[newest]! > bestHash) continue
        best = newest
      } else best = leastOf(oldest, newest)
      bestHash = hashes[best]!
      keep(best)
    }
    least = best
  }

  return {
    add(stretch) {
      for (let taken = 0; taken < stretch.count; ) {
        shift()
        const start = held
        const count = Math.min(stretch.count - taken, BATCH)
        const base = stretch.base * 2
        for (let i = 0; i < count; i++) places[start + i] = base + stretch.places[taken + i]!
        const before = seen
        hash(stretch.letters.subarray(taken, taken + count), start)
        held += count
        taken += count
        // The first window ends with letter GRAM + WINDOW − 1.
        select(start + Math.min(Math.max(GRAM + WINDOW - 2 - before, 0), count), held)
      }
    },
    finish() {
      // A text shorter than a window keeps its least hash, so that short texts can be found too.
      if (seen >= GRAM && seen < GRAM + WINDOW - 1) keep(leastOf(GRAM - 1, seen - 1))
      return winnowed
    },
  }
}

function spread(letter: number): number {
  const product = Math.imul(letter + 1, 0x9e3779b1)
  return Math.imul(product ^ (product >>> 15), 0x85ebca6b)
}

/** Spreads the bits of a rolling hash, so that its least value says nothing about the characters; its highest bit is turned. */
function mix(hash: number): number {
  let mixed = hash
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return mixed ^ (mixed >>> 16) ^ SIGN
}

/** The same passages at a coarser level. */
export function thinned(winnowed: Winnowed, level: number): Winnowed {
  if (level <= winnowed.level) return winnowed
  const mask = (1 << level) - 1
  const kept: Winnowed = { level, hashes: [], starts: [], ends: [] }
  for (const [index, hash] of winnowed.hashes.entries()) {
    if ((hash & mask) !== 0) continue
    kept.hashes.push(hash)
    kept.starts.push(winnowed.starts[index]!)
    kept.ends.push(winnowed.ends[index]!)
  }
  return kept
}
