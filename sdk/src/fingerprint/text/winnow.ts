// Winnowing (Schleimer, Wilkerson, Aiken 2003): of every WINDOW consecutive hashes of GRAM characters the least is kept. Any passage
// of GRAM + WINDOW − 1 characters that two texts share leaves at least one hash in both.

/** Characters a hash covers. */
export const GRAM = 25
/** Consecutive hashes of which one is kept. */
export const WINDOW = 20
/** Most hashes kept of a text; beyond, only those are kept whose lowest bits are zero, one bit more each time it gets full. */
export const MOST_HASHES = 32_768

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
  /** Adds one reduced character; `from` and `to` bound its source. */
  push(point: number, from: number, to: number): void
  finish(): Winnowed
}

const BASE = 0x01000193

/** A winnower that takes a text character by character, in memory that does not grow with it. */
export function createWinnower(): Winnower {
  let leadingPower = 1
  for (let i = 1; i < GRAM; i++) leadingPower = Math.imul(leadingPower, BASE)

  const points = new Uint32Array(GRAM)
  const froms = new Float64Array(GRAM)
  const windowHashes = new Uint32Array(WINDOW)
  const windowStarts = new Float64Array(WINDOW)
  const windowEnds = new Float64Array(WINDOW)
  let rolling = 0
  let seen = 0
  let grams = 0
  let least = -1
  let winnowed: Winnowed = { level: 0, hashes: [], starts: [], ends: [] }

  function keep(slot: number): void {
    const hash = windowHashes[slot]!
    if (winnowed.level > 0 && (hash & ((1 << winnowed.level) - 1)) !== 0) return
    winnowed.hashes.push(hash)
    winnowed.starts.push(windowStarts[slot]!)
    winnowed.ends.push(windowEnds[slot]!)
    if (winnowed.hashes.length > MOST_HASHES) winnowed = thinned(winnowed, winnowed.level + 1)
  }

  /** Keeps the rightmost least hash of the window, unless it was kept before. */
  function select(): void {
    const newest = grams - 1
    const oldest = grams - WINDOW
    if (least >= oldest && windowHashes[newest % WINDOW]! > windowHashes[least % WINDOW]!) return
    let best = newest
    if (least < oldest) {
      for (let gram = newest - 1; gram >= oldest; gram--) {
        if (windowHashes[gram % WINDOW]! < windowHashes[best % WINDOW]!) best = gram
      }
    }
    least = best
    keep(least % WINDOW)
  }

  return {
    push(point, from, to) {
      const slot = seen % GRAM
      if (seen >= GRAM) rolling = (rolling - Math.imul(points[slot]! + 1, leadingPower)) | 0
      rolling = (Math.imul(rolling, BASE) + point + 1) | 0
      points[slot] = point
      froms[slot] = from
      seen++
      if (seen < GRAM) return
      const gramSlot = grams % WINDOW
      windowHashes[gramSlot] = mix(rolling)
      windowStarts[gramSlot] = froms[seen % GRAM]!
      windowEnds[gramSlot] = to
      grams++
      if (grams >= WINDOW) select()
    },
    finish() {
      // A text shorter than a window keeps its least hash, so that short texts can be found too.
      if (grams > 0 && grams < WINDOW) {
        let best = grams - 1
        for (let gram = grams - 2; gram >= 0; gram--) if (windowHashes[gram]! < windowHashes[best]!) best = gram
        keep(best)
      }
      return winnowed
    },
  }
}

/** Spreads the bits of a rolling hash, so that its least value says nothing about the characters. */
function mix(hash: number): number {
  let mixed = hash
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
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
