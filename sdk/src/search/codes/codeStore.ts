import { CODE_BITS, CODE_WORDS, permute, restore } from './bands.ts'
import { type Column, createColumn, HALF_WORDS, halfDistance, SCRATCH_CODES } from './column.ts'
import { buildTables, lookUp, planLookup, planMostly, SCAN_COST, type Tables } from './tables.ts'

/** Codes of 256 bits by number, in the order they were added. */
export interface CodeStore {
  readonly count: number
  /** Codes of which look-up tables are built; those after them are scanned. */
  readonly tabled: number
  /** Makes room for this many codes in all, so that adding them cannot fail halfway. */
  reserve(count: number): void
  /** Adds a code, 32 bytes; gives its number. */
  add(code: Uint8Array): number
  /** Adds codes in their stored form, eight words each; gives the number of the first. */
  addStored(words: Uint32Array): number
  /** Makes room for so many codes that {@link fill} brings later; until then nothing is to be looked for. */
  skip(count: number): void
  /** Writes codes in their stored form in place of those from a number on. */
  fill(from: number, words: Uint32Array): void
  /** Writes a code in its stored form. */
  stored(code: number, into: Uint32Array, at: number): void
  /** Bits in which the code with this number differs from another. */
  distance(code: number, other: Uint8Array): number
  /** The code with this number. */
  code(code: number): Uint8Array<ArrayBuffer>
  /**
   * Gives every code within `radius` bits of the query once, with its distance, unless `exact` in the order of their numbers. `visit` gives the radius to go on with, so that one who
   * wants the nearest few can tighten it; below 0 ends the search.
   *
   * Within 44 bits nothing is ever missed. Beyond, halves are compared first, with a margin of 2.75 standard deviations, so that of 350 codes
   * at the very edge of the radius one is missed and hardly any further in; `exact` misses none and takes twice as long. `missing` is the share
   * at the edge that may be missed where that is faster; far fewer are further in.
   */
  search(query: Uint8Array, radius: number, visit: (code: number, distance: number) => number, options?: CodeSearchOptions): SearchCost
  /** Whether so many codes are scanned that building the tables again pays. */
  readonly isDue: boolean
  /** Builds tables over all codes there are. Yields often; searches and additions may go on between, with the old tables until the last step. */
  build(): Generator<undefined, void>
}

export interface CodeSearchOptions {
  exact?: boolean
  missing?: number
}

/** How a search went. */
export interface SearchCost {
  /** Whether tables were used; else everything was scanned. */
  lookedUp: boolean
  /** Codes that were compared after look-up or first comparison. */
  candidates: number
}

/** Bits in which the fronts of codes within a radius may differ, so that no code (`exact`: whose backs are not nearer) is missed. */
function frontLimit(radius: number, exact: boolean): number {
  if (radius <= MOST_FRONT_RADIUS) return radius
  return exact ? radius >> 1 : likelyLimit(radius)
}

/** Bits in which the fronts of nearly all codes within a radius differ at most: differing bits are shared out between the halves as by lot (hypergeometric), because the order of the bits is. */
function likelyLimit(radius: number): number {
  return Math.ceil(radius / 2 + FRONT_DEVIATIONS * Math.sqrt((radius * (CODE_BITS - radius)) / (4 * (CODE_BITS - 1))))
}

/** Fewer codes than this are scanned faster than tables are worth. */
const WORTH_TABLES = 1 << 15
/** Beyond this radius a comparison of the fronts at the full radius lets too much through. */
const MOST_FRONT_RADIUS = 44
/** Standard deviations by which a half may differ in more than half of the radius before a search that need not be exact misses its code. */
const FRONT_DEVIATIONS = 2.75

export function createCodeStore(newColumn: () => Column = createColumn): CodeStore {
  // Made with the first code: most stores of an index stay empty, and each column takes address space.
  let fronts!: Column
  let backs!: Column
  let count = 0
  let tables: Tables | undefined
  const one = new Uint32Array(CODE_WORDS)

  function addStored(words: Uint32Array): number {
    const first = count
    const added = words.length / CODE_WORDS
    reserve(count + added)
    fill(first, words)
    count += added
    return first
  }

  function fill(first: number, words: Uint32Array): void {
    if (words.length === 0) return
    const [front, back] = [fronts.words, backs.words]
    for (let from = 0, to = first * HALF_WORDS; from < words.length; from += CODE_WORDS, to += HALF_WORDS) {
      front[to] = words[from]!
      front[to + 1] = words[from + 1]!
      front[to + 2] = words[from + 2]!
      front[to + 3] = words[from + 3]!
      back[to] = words[from + 4]!
      back[to + 1] = words[from + 5]!
      back[to + 2] = words[from + 6]!
      back[to + 3] = words[from + 7]!
    }
  }

  function reserve(total: number): void {
    if (total === 0) return
    fronts ??= newColumn()
    backs ??= newColumn()
    fronts.reserve(total)
    backs.reserve(total)
  }

  function stored(code: number, into: Uint32Array, at: number): void {
    into.set(fronts.words.subarray(code * HALF_WORDS, (code + 1) * HALF_WORDS), at)
    into.set(backs.words.subarray(code * HALF_WORDS, (code + 1) * HALF_WORDS), at + HALF_WORDS)
  }

  function search(
    code: Uint8Array,
    radius: number,
    visit: (code: number, distance: number) => number,
    { exact = false, missing = 0 }: CodeSearchOptions = {},
  ): SearchCost {
    if (count === 0) return { lookedUp: false, candidates: 0 }
    const query = new Uint32Array(CODE_WORDS)
    permute(code, query, 0)
    const [front, back] = [query.subarray(0, HALF_WORDS), query.subarray(HALF_WORDS)]
    let within = radius
    let candidates = 0
    const scanCost = (tables?.count ?? 0) * SCAN_COST
    const whole = tables === undefined ? undefined : planLookup(tables, query, radius)
    const fast =
      tables === undefined || missing === 0 || exact || (whole !== undefined && whole.cost < scanCost)
        ? undefined
        : planMostly(tables, query, radius, missing)
    const plan = fast ?? whole
    const lookedUp = plan !== undefined && plan.cost < scanCost

    if (lookedUp) {
      const near = new Set<number>()
      const { scratch } = fronts
      let held = 0
      const sift = (): void => {
        // Of strangers' fronts one of twenty is within the whole radius, and would have to be looked at by itself.
        const kept = fronts.sift(held, front, plan === fast ? Math.min(likelyLimit(within), within) : within)
        for (let at = 0; at < kept; at++) near.add(scratch[at]!)
        candidates += held
        held = 0
      }
      lookUp(tables!, plan, query, (codes, from, to) => {
        for (let at = from; at < to; at++) {
          scratch[held++] = codes[at]!
          if (held === SCRATCH_CODES) sift()
        }
      })
      sift()
      for (const found of Uint32Array.from(near).sort()) {
        const distance = halfDistance(fronts.words, found, front) + halfDistance(backs.words, found, back)
        if (distance <= within) within = visit(found, distance)
      }
    }
    scanAll(lookedUp ? tables!.count : 0)
    return { lookedUp, candidates }

    /** Everything from a code on. The radius may become smaller as it goes. */
    function scanAll(start: number): void {
      for (let from = start; from < count && within >= 0; ) {
        const limit = frontLimit(within, exact)
        const { found, next } = fronts.scan(from, count, front, limit)
        candidates += found
        let near: Uint32Array = fronts.scratch.subarray(0, found)
        if (!exact && limit < within) {
          // What holds of one half holds of the other, and the kernel rules it out faster.
          backs.scratch.set(near)
          near = backs.scratch.subarray(0, backs.sift(found, back, limit))
        }
        // A visitor may search again, and would write over the scratch space.
        for (const number of near.slice()) {
          const distance = halfDistance(fronts.words, number, front) + halfDistance(backs.words, number, back)
          if (distance <= within) within = visit(number, distance)
        }
        if (exact) scanBacks(from, next, limit)
        from = next
      }
    }

    /** Of these codes, those whose fronts are further than `limit`: their backs are nearer then. */
    function scanBacks(start: number, end: number, limit: number): void {
      for (let from = start; from < end && within > limit; ) {
        const { found, next } = backs.scan(from, end, back, within - limit - 1)
        candidates += found
        for (const number of backs.scratch.slice(0, found)) {
          const ahead = halfDistance(fronts.words, number, front)
          const distance = ahead + halfDistance(backs.words, number, back)
          if (ahead > limit && distance <= within) within = visit(number, distance)
        }
        from = next
      }
    }
  }

  return {
    get count() {
      return count
    },
    get tabled() {
      return tables?.count ?? 0
    },
    reserve,
    add(code) {
      permute(code, one, 0)
      return addStored(one)
    },
    addStored,
    skip(added) {
      reserve(count + added)
      count += added
    },
    fill,
    stored,
    distance(number, other) {
      permute(other, one, 0)
      return halfDistance(fronts.words, number, one) + halfDistance(backs.words, number, one.subarray(HALF_WORDS))
    },
    code(number) {
      stored(number, one, 0)
      return restore(one, 0)
    },
    search,
    get isDue() {
      const scanned = count - (tables?.count ?? 0)
      return scanned >= WORTH_TABLES && scanned * 8 >= (tables?.count ?? 0)
    },
    *build() {
      const built = yield* buildTables(fronts, backs, count)
      if (built.count > (tables?.count ?? 0)) tables = built
    },
  }
}
