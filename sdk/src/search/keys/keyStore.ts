/**
 * Keys of 64 bits and the works that have them: hashes of passages, bands of minhashes, words of chromaprint, triplets of peaks. A key is two
 * words of 32 bits, low and high.
 */
export interface KeyStore {
  /** Pairs of key and work. */
  readonly count: number
  /** Makes room for this many pairs in all, so that adding them cannot fail halfway. */
  reserve(count: number): void
  /** Adds a work's keys; a work's keys are given once, all together. */
  add(keys: Uint32Array, work: number): void
  /**
   * Counts for each work how many of the query's keys it has. A key that more than `most` works have says nothing and would cost much (a
   * refrain, a licence's text): it is passed over, and counted in the result.
   */
  countShared(keys: Uint32Array, most: number): { shared: Map<number, number>; passedOver: number }
  readonly isDue: boolean
  /** Builds the table over all pairs there are. Yields often; look-ups and additions may go on between. */
  build(): Generator<undefined, void>
}

/** Pairs by bucket, and in a bucket in the order they were added. */
interface Table {
  count: number
  starts: Uint32Array
  /** 32 bits of each key beside those that choose its bucket. */
  checks: Uint32Array
  works: Uint32Array
}

const SLICE = 1 << 18
/** Fewer pairs than this are gone through one by one. */
const WORTH_TABLE = 1 << 15

export function createKeyStore(): KeyStore {
  // The pairs that are in no table yet: those before are only in the table.
  let checks = new Uint32Array(1 << 10)
  let mixes = new Uint32Array(1 << 10)
  let works = new Uint32Array(1 << 10)
  let loose = 0
  let table: Table | undefined

  function reserve(total: number): void {
    const wanted = total - (table?.count ?? 0)
    if (wanted <= checks.length) return
    const size = Math.max(wanted, Math.ceil(checks.length * 1.5))
    const larger = (old: Uint32Array): Uint32Array<ArrayBuffer> => {
      const array = new Uint32Array(size)
      array.set(old)
      return array
    }
    ;[checks, mixes, works] = [larger(checks), larger(mixes), larger(works)]
  }

  return {
    get count() {
      return (table?.count ?? 0) + loose
    },
    reserve,
    add(keys, work) {
      reserve((table?.count ?? 0) + loose + keys.length / 2)
      for (let at = 0; at < keys.length; at += 2) {
        checks[loose] = checkOf(keys[at]!, keys[at + 1]!)
        mixes[loose] = mixOf(keys[at]!, keys[at + 1]!)
        works[loose] = work
        loose++
      }
    },
    countShared(keys, most) {
      const shared = new Map<number, number>()
      const wanted = new Map<number, number[]>()
      let passedOver = 0
      const seen = new Set<bigint>()
      const holders: number[][] = []
      for (let at = 0; at < keys.length; at += 2) {
        const key = (BigInt(keys[at + 1]!) << 32n) | BigInt(keys[at]!)
        if (seen.has(key)) continue
        seen.add(key)
        const check = checkOf(keys[at]!, keys[at + 1]!)
        const mix = mixOf(keys[at]!, keys[at + 1]!)
        const found = table === undefined ? [] : holdersOf(table, check, mix, most)
        const slot = holders.push(found) - 1
        const same = wanted.get(check)
        if (same === undefined) wanted.set(check, [mix, slot])
        else same.push(mix, slot)
      }
      // Almost no loose pair is of the query's keys; one look at a small table tells.
      const may = new Uint8Array(1 << 16)
      for (const check of wanted.keys()) may[check & 0xffff] = 1
      for (let at = 0; at < loose; at++) {
        if (may[checks[at]! & 0xffff] === 0) continue
        const entry = wanted.get(checks[at]!)
        if (entry === undefined) continue
        for (let i = 0; i < entry.length; i += 2) {
          if (entry[i] !== mixes[at]) continue
          const found = holders[entry[i + 1]!]!
          if (found.length <= most && found.at(-1) !== works[at]) found.push(works[at]!)
        }
      }
      for (const found of holders) {
        if (found.length > most) passedOver++
        else for (const work of found) shared.set(work, (shared.get(work) ?? 0) + 1)
      }
      return { shared, passedOver }
    },
    get isDue() {
      return loose >= WORTH_TABLE && loose * 8 >= (table?.count ?? 0)
    },
    *build() {
      const taken = loose
      const built = yield* buildTable(table, { checks, mixes, works }, taken)
      table = built
      // What was added meanwhile moves to the front.
      loose -= taken
      const rest = (old: Uint32Array): Uint32Array<ArrayBuffer> => {
        const array = new Uint32Array(Math.max(loose, 1 << 10))
        array.set(old.subarray(taken, taken + loose))
        return array
      }
      ;[checks, mixes, works] = [rest(checks), rest(mixes), rest(works)]
    },
  }
}

/** Works that have a key, each once, in order; stops after one more than `most`. */
function holdersOf({ starts, checks, works }: Table, check: number, mix: number, most: number): number[] {
  const found: number[] = []
  const bucket = mix >>> SHIFT
  for (let at = starts[bucket]!; at < starts[bucket + 1]! && found.length <= most; at++) {
    // A work's pairs are together, so the same work comes at once if it comes again.
    if (checks[at] === check && found.at(-1) !== works[at]) found.push(works[at]!)
  }
  return found
}

/** One table of the old one and the loose pairs. */
function* buildTable(
  old: Table | undefined,
  fresh: { checks: Uint32Array; mixes: Uint32Array; works: Uint32Array },
  count: number,
): Generator<undefined, Table> {
  const total = (old?.count ?? 0) + count
  const buckets = 2 ** BUCKET_BITS
  const starts = new Uint32Array(buckets + 1)
  for (let from = 0; from < count; from += SLICE) {
    for (let at = from; at < Math.min(from + SLICE, count); at++) starts[fresh.mixes[at]! >>> SHIFT]!++
    yield
  }
  if (old !== undefined) for (let bucket = 0; bucket < buckets; bucket++) starts[bucket]! += old.starts[bucket + 1]! - old.starts[bucket]!
  yield
  let sum = 0
  for (let bucket = 0; bucket <= buckets; bucket++) {
    sum += starts[bucket]!
    starts[bucket] = sum
  }
  const checks = new Uint32Array(total)
  const works = new Uint32Array(total)
  yield
  for (let to = count; to > 0; to -= SLICE) {
    for (let at = to - 1; at >= Math.max(to - SLICE, 0); at--) {
      const place = --starts[fresh.mixes[at]! >>> SHIFT]!
      checks[place] = fresh.checks[at]!
      works[place] = fresh.works[at]!
    }
    yield
  }
  if (old !== undefined) {
    for (let from = 0; from < buckets; from += SLICE) {
      for (let bucket = from; bucket < Math.min(from + SLICE, buckets); bucket++) {
        for (let at = old.starts[bucket + 1]! - 1; at >= old.starts[bucket]!; at--) {
          const place = --starts[bucket]!
          checks[place] = old.checks[at]!
          works[place] = old.works[at]!
        }
      }
      yield
    }
  }
  return { count: total, starts, checks, works }
}

/** 4 M buckets, 16 MB: a few pairs each at ten million, some forty at a hundred and fifty million. */
const BUCKET_BITS = 22
/** Makes a bucket of a mixed key. */
const SHIFT = 32 - BUCKET_BITS

/** Two different mixtures of a key's 64 bits, 32 bits each: one chooses the bucket, one is compared. */
function mixOf(low: number, high: number): number {
  let state = Math.imul(low ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(high, 0xc2b2ae35)
  state ^= state >>> 16
  state = Math.imul(state, 0x7feb352d)
  state ^= state >>> 15
  return Math.imul(state, 0x846ca68b) >>> 0
}

function checkOf(low: number, high: number): number {
  let state = Math.imul(high ^ 0x27d4eb2f, 0x165667b1) + Math.imul(low, 0x9e3779b1)
  state ^= state >>> 15
  state = Math.imul(state, 0x2c1b3c6d)
  return (state ^ (state >>> 13)) >>> 0
}
