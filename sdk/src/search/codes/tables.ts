import { type Band, bandsFor, CODE_BITS, flipsOf, MOST_FLIPS } from './bands.ts'
import { type Column, HALF_WORDS } from './column.ts'

/** For one band: the codes of each key, one list behind the other. */
interface BandTable {
  band: Band
  /** Where each key's list starts in `codes`; one more than there are keys. */
  starts: Uint32Array
  /** Numbers of codes. */
  codes: Uint32Array
}

/** Look-up tables over the first codes of a store; they never change. */
export interface Tables {
  /** Codes that are in them. */
  count: number
  bands: readonly BandTable[]
}

/** Codes that are handled between two yields of {@link buildTables}. */
const SLICE = 1 << 18

/** Builds tables over the first `count` codes. Yields often, so that a caller can let other work go on between; codes may be added meanwhile. */
export function* buildTables(fronts: Column, backs: Column, count: number): Generator<undefined, Tables> {
  const keys = new Uint32Array(count)
  const bands: BandTable[] = []
  for (const band of bandsFor(count)) {
    const starts = new Uint32Array(2 ** band.bits + 1)
    for (let from = 0; from < count; from += SLICE) {
      const to = Math.min(from + SLICE, count)
      keysOf(band, fronts.words, backs.words, from, to, keys)
      for (let code = from; code < to; code++) starts[keys[code]!]!++
      yield
    }
    let sum = 0
    for (let key = 0; key < starts.length; key++) {
      sum += starts[key]!
      starts[key] = sum
    }
    yield
    const codes = new Uint32Array(count)
    // From the last one down, so that each list ends up in order and `starts` at its beginnings.
    for (let to = count; to > 0; to -= SLICE) {
      for (let code = to - 1; code >= Math.max(to - SLICE, 0); code--) codes[--starts[keys[code]!]!] = code
      yield
    }
    bands.push({ band, starts, codes })
  }
  return { count, bands }
}

function keysOf({ from, bits }: Band, fronts: Uint32Array, backs: Uint32Array, start: number, end: number, into: Uint32Array): void {
  const word = from >> 5
  const shift = from & 31
  const mask = (1 << bits) - 1
  const column = (index: number): Uint32Array => (index < HALF_WORDS ? fronts : backs)
  const low = column(word)
  const at = word % HALF_WORDS
  if (shift + bits <= 32) {
    for (let code = start; code < end; code++) into[code] = (low[code * HALF_WORDS + at]! >>> shift) & mask
    return
  }
  const high = column(word + 1)
  const above = (word + 1) % HALF_WORDS
  for (let code = start; code < end; code++) {
    into[code] = ((low[code * HALF_WORDS + at]! >>> shift) | (high[code * HALF_WORDS + above]! << (32 - shift))) & mask
  }
}

/** The band's bits of a permuted code of eight words. */
function keyOf({ from, bits }: Band, query: Uint32Array): number {
  const word = from >> 5
  const shift = from & 31
  const low = query[word]! >>> shift
  return (shift + bits <= 32 ? low : low | (query[word + 1]! << (32 - shift))) & ((1 << bits) - 1)
}

/** What a look-up will do: for each band the number of flipped bits up to which it is searched, −1 for not at all. */
export interface Plan {
  flips: readonly number[]
  /** Estimate of nanoseconds. */
  cost: number
}

/** Nanoseconds of looking one key up, of looking at one candidate, and of scanning past one code; they decide between look-up and scan only. */
const PROBE_COST = 40
const CANDIDATE_COST = 80
export const SCAN_COST = 1

/** The cheapest shares of flips that cannot miss a code within `radius`; undefined where the bands do not reach so far. */
export function planLookup({ bands }: Tables, query: Uint32Array, radius: number): Plan | undefined {
  const goal = radius + 1
  // least[n]: the least cost of the bands so far with shares that add up to n or, for the goal, to no less.
  let least = new Float64Array(goal + 1).fill(Number.POSITIVE_INFINITY)
  least[0] = 0
  const chosen: Int8Array[] = []
  for (const table of bands) {
    const costs = costsOf(table, query)
    const next = new Float64Array(goal + 1).fill(Number.POSITIVE_INFINITY)
    const choice = new Int8Array(goal + 1)
    for (let sum = 0; sum <= goal; sum++) {
      if (least[sum] === Number.POSITIVE_INFINITY) continue
      for (let share = 0; share <= MOST_FLIPS + 1; share++) {
        const reached = Math.min(sum + share, goal)
        const cost = least[sum]! + costs[share]!
        if (cost >= next[reached]!) continue
        next[reached] = cost
        choice[reached] = share
        if (reached === goal) overshoot(choice, reached, share, goal - sum)
      }
    }
    least = next
    chosen.push(choice)
  }
  if (least[goal] === Number.POSITIVE_INFINITY) return undefined
  const flips = new Array<number>(bands.length)
  let sum = goal
  for (let band = bands.length - 1; band >= 0; band--) {
    const share = chosen[band]![sum]!
    flips[band] = share - 1
    sum -= share
  }
  return { flips, cost: least[goal]! }
}

/**
 * A cheap look-up that misses at most this share of the codes at the edge of the radius and far fewer within; where even {@link MOST_FLIPS} flips in every band
 * miss more, that. One more flip at a time goes to the band where it saves most for what it costs.
 */
export function planMostly({ bands, count }: Tables, query: Uint32Array, radius: number, mostMissed: number): Plan {
  const steps = bands.map((table) => {
    const costs = usualCosts(table, query, count)
    // Logarithms of the shares that are missed, which the bands together multiply.
    return Array.from({ length: MOST_FLIPS + 2 }, (_, at) => ({
      cost: costs[at]!,
      missed: Math.log(beyond(at - 1, table.band.bits, radius)),
    }))
  })
  const flips = bands.map(() => -1)
  for (let missed = 0; missed > Math.log(mostMissed); ) {
    let best = { band: -1, worth: 0, saved: 0 }
    for (const [band, step] of steps.entries()) {
      const [here, next] = [step[flips[band]! + 1]!, step[flips[band]! + 2]]
      if (next === undefined) continue
      const saved = here.missed - next.missed
      const worth = saved / (next.cost - here.cost)
      if (best.band < 0 || worth > best.worth) best = { band, worth, saved }
    }
    if (best.band < 0) break
    flips[best.band]!++
    missed -= best.saved
  }
  return { flips, cost: steps.reduce((sum, step, band) => sum + step[flips[band]! + 1]!.cost, 0) }
}

/** Probability that of `radius` differing bits more than `flips` fall into a band: they are spread as by lot (hypergeometric), because the order of the bits is. */
function beyond(flips: number, bits: number, radius: number): number {
  let at = 1
  // None of them.
  for (let bit = 0; bit < bits; bit++) at *= Math.max(CODE_BITS - radius - bit, 0) / (CODE_BITS - bit)
  let within = 0
  for (let differing = 0; differing <= flips; differing++) {
    within += at
    at *= ((bits - differing) * (radius - differing)) / ((differing + 1) * (CODE_BITS - radius - bits + differing + 1))
  }
  return Math.max(1 - within, 0)
}

/** A share may be larger than what was missing; what was missing is what leads back. */
function overshoot(choice: Int8Array, reached: number, share: number, missing: number): void {
  choice[reached] = Math.min(share, missing)
}

/** Estimated cost of searching a band not at all, for its key, and up to one flip, two and so on. */
function costsOf({ band, starts }: BandTable, query: Uint32Array): Float64Array {
  const key = keyOf(band, query)
  const masks = flipsOf(band.bits)
  const costs = new Float64Array(MOST_FLIPS + 2)
  let ring = 0
  for (let flips = 0; flips <= MOST_FLIPS; flips++) {
    if (flips <= 1) {
      ring = 0
      for (const mask of masks[flips]!) ring += starts[(key ^ mask) + 1]! - starts[key ^ mask]!
    } else {
      // Buckets thin out as they do from the key to its neighbours, so their mean size there is taken for those beyond.
      ring = (ring * masks[flips]!.length) / masks[flips - 1]!.length
    }
    costs[flips + 1] = costs[flips]! + masks[flips]!.length * PROBE_COST + ring * CANDIDATE_COST
  }
  return costs
}

/**
 * The same from the mean size of the buckets around the key, and at least that of all. A look-up that goes where few codes are would go where the one that it looks for is not: whether it is in a
 * bucket must not tell whether that is searched.
 */
function usualCosts({ band, starts }: BandTable, query: Uint32Array, count: number): Float64Array {
  const key = keyOf(band, query)
  const masks = flipsOf(band.bits)
  let around = 0
  for (const mask of masks[1]!) around += starts[(key ^ mask) + 1]! - starts[key ^ mask]!
  const mean = Math.max(around / masks[1]!.length, count / 2 ** band.bits)
  const costs = new Float64Array(MOST_FLIPS + 2)
  for (let flips = 0; flips <= MOST_FLIPS; flips++)
    costs[flips + 1] = costs[flips]! + masks[flips]!.length * (PROBE_COST + mean * CANDIDATE_COST)
  return costs
}

/** Gives the lists of all keys that the plan searches. A code may come several times. */
export function lookUp(
  { bands }: Tables,
  { flips }: Plan,
  query: Uint32Array,
  visit: (codes: Uint32Array, from: number, to: number) => void,
): void {
  for (const [index, { band, starts, codes }] of bands.entries()) {
    const most = flips[index]!
    if (most < 0) continue
    const key = keyOf(band, query)
    const masks = flipsOf(band.bits)
    for (let flipped = 0; flipped <= most; flipped++) {
      for (const mask of masks[flipped]!) {
        const from = starts[key ^ mask]!
        const to = starts[(key ^ mask) + 1]!
        if (from < to) visit(codes, from, to)
      }
    }
  }
}
