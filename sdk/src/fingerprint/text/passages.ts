import { thinned, type Winnowed } from './winnow.ts'

/** A stretch of a text, in UTF-16 code units of its decoded characters; `to` is exclusive. */
export interface Range {
  from: number
  to: number
}

/** A passage that stands in both texts. */
export interface SharedPassage {
  a: Range
  b: Range
  /** Winnowed hashes that agree in it. */
  hashes: number
}

export interface SharedPassages {
  /** Longest first. */
  passages: SharedPassage[]
  /** Distinct hashes that both have and neither repeats often. */
  agreeing: number
  /** Share of the first text's hashes that the second has too, 0 to 1. */
  containmentOfA: number
  /** Share of the second text's hashes that the first has too, 0 to 1. */
  containmentOfB: number
}

/** Hashes further apart than this, in code units, belong to two passages; twice as far for every level, as half as many hashes are left. */
const GAP = 80
/** One agreeing hash may be chance (32 bits, and a long text has thousands); two in the right order at the right distance are not. */
const LEAST_HASHES = 2
/** A hash that a text repeats more often than this (a refrain, a header) cannot place a passage. */
const MOST_REPEATS = 8

/** Finds the passages that two texts share. */
export function sharedPassages(first: Winnowed, second: Winnowed): SharedPassages {
  const level = Math.max(first.level, second.level)
  const a = thinned(first, level)
  const b = thinned(second, level)
  const gap = GAP * 2 ** level
  const places = new Map<number, number[]>()
  for (const [index, hash] of b.hashes.entries()) {
    const found = places.get(hash)
    if (found === undefined) places.set(hash, [index])
    else found.push(index)
  }
  const inA = new Map<number, number>()
  for (const hash of a.hashes) inA.set(hash, (inA.get(hash) ?? 0) + 1)
  let common = 0
  let agreeing = 0
  for (const [hash, times] of inA) {
    const here = places.get(hash)
    if (here === undefined) continue
    common++
    if (Math.max(times, here.length) <= MOST_REPEATS) agreeing++
  }

  const open: SharedPassage[] = []
  const closed: SharedPassage[] = []
  for (const [index, hash] of a.hashes.entries()) {
    const here = places.get(hash)
    if (here === undefined || here.length > MOST_REPEATS) continue
    const from = a.starts[index]!
    const to = a.ends[index]!
    for (let at = open.length - 1; at >= 0; at--) if (open[at]!.a.to + gap < from) closed.push(...open.splice(at, 1))
    for (const place of here) {
      const range = { from: b.starts[place]!, to: b.ends[place]! }
      const grown = open.find((passage) => range.from > passage.b.from && range.from <= passage.b.to + gap)
      if (grown === undefined) open.push({ a: { from, to }, b: range, hashes: 1 })
      else {
        grown.a.to = Math.max(grown.a.to, to)
        grown.b.to = Math.max(grown.b.to, range.to)
        grown.hashes++
      }
    }
  }
  return {
    passages: [...closed, ...open].filter(({ hashes }) => hashes >= LEAST_HASHES).sort((x, y) => y.a.to - y.a.from - (x.a.to - x.a.from)),
    agreeing,
    containmentOfA: inA.size === 0 ? 0 : common / inA.size,
    containmentOfB: places.size === 0 ? 0 : common / places.size,
  }
}
