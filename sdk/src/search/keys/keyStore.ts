import { damaged } from '../problems.ts'
import {
  type FileTable,
  holdTable,
  type KeptTable,
  keepTable,
  mergeFiles,
  openTable,
  type PairWords,
  readRun,
  type Scratch,
  type ScratchFile,
  sumOf,
  writeTable,
} from './fileTable.ts'

/**
 * Keys of 64 bits and the works that have them: hashes of passages, bands of minhashes, words of chromaprint, triplets of peaks. A key is two
 * words of 32 bits, low and high.
 */
export interface KeyStore {
  /** Pairs of key and work. */
  readonly count: number
  /** Makes room for this many pairs in all, so that adding them cannot fail halfway. */
  reserve(count: number): void
  /** Adds a work's keys; a work's keys are given once, all together. `places` has one for each key where the store is placed. */
  add(keys: Uint32Array, work: number, places?: Uint32Array): void
  /**
   * Counts for each work how many of the query's keys it has. A key that more than `most` works have says nothing and would cost much (a
   * refrain, a licence's text): it is passed over, and counted in the result.
   */
  countShared(keys: Uint32Array, most: number): { shared: Map<number, number>; passedOver: number }
  /**
   * Pairs of a key of the query and the same key of a work, with their places, good until the next call. Of a placed store only. Keys that more than `most` times are there are
   * passed over, and of the others the most frequent ones where there would be more than `budget` pairs in all.
   */
  gather(keys: Uint32Array, places: Uint32Array, most: number, budget: number): KeyPairs
  readonly isDue: boolean
  /** Whether so many pairs are loose that they should go into a file before others come. */
  readonly isFull: boolean
  /** Builds the table over all pairs there are. Yields often; look-ups and additions may go on between. */
  build(): Generator<undefined, void>
  /** Puts all pairs into files that are kept, but for the last few, and gives what the store can be made of again. Undefined where no files are kept. */
  keep(): Generator<undefined, KeyImage | undefined>
  /** Reads those files into memory that there is memory for. */
  hold(): Generator<undefined, void>
  /**
   * Compares the files that were kept with their sums.
   *
   * @throws ColophonError `INDEX_DAMAGED`
   */
  check(): Generator<undefined, void>
  /** Lets go of files. */
  close(): void
}

/** Where pairs go that are too many for memory. */
export interface Spill {
  scratch: Scratch
  /** Opens a file that was kept. */
  open?: (name: string) => ScratchFile
  /** Pairs that are held in memory. */
  inMemory: number
}

/** What a store is made of: files, and the pairs that are in none. */
export interface KeyImage {
  files: KeptTable[]
  loose: Loose
}

/** Files of one size that a look-up reads; when there are as many they are made one, eight times as large. */
const MOST_FILES = 8

/** Equal keys of a query and of works: columns of `count` entries and room behind them. */
export interface KeyPairs {
  count: number
  works: Uint32Array
  /** Where the key is in the work, and in the query. */
  places: Uint32Array
  asked: Uint32Array
  /** Which of the query's different keys it is. Pairs of one are together. */
  groups: Uint32Array
}

/** Pairs by bucket, and in a bucket in the order they were added. */
export interface Table {
  count: number
  starts: Uint32Array
  /** 32 bits of each key beside those that choose its bucket. */
  checks: Uint32Array
  works: Uint32Array
  /** Empty unless the store is placed. */
  places: Uint32Array
}

/** The pairs that are in no table yet. */
export interface Loose {
  checks: Uint32Array
  mixes: Uint32Array
  works: Uint32Array
  places: Uint32Array
}

const SLICE = 1 << 18
/** Fewer pairs than this are gone through one by one. */
const WORTH_TABLE = 1 << 15

const FIRST_ROOM = 1 << 10

/** `kept`: what to begin with; its arrays are taken over. */
export function createKeyStore({
  placed = false,
  spill,
  kept,
}: {
  placed?: boolean
  spill?: Spill | undefined
  kept?: KeyImage | undefined
} = {}): KeyStore {
  const words: PairWords = placed ? 3 : 2
  /** What came first. */
  let files: FileTable[] = kept === undefined ? [] : openAll(kept.files, words, spill)
  const room = (size: number): Loose => ({
    checks: new Uint32Array(size),
    mixes: new Uint32Array(size),
    works: new Uint32Array(size),
    places: new Uint32Array(placed ? size : 0),
  })
  const moved = (from: Loose, start: number, end: number, size: number): Loose => {
    const to = room(size)
    for (const field of ['checks', 'mixes', 'works'] as const) to[field].set(from[field].subarray(start, end))
    if (placed) to.places.set(from.places.subarray(start, end))
    return to
  }
  // Those before them are only in the table.
  let fresh = kept?.loose ?? room(FIRST_ROOM)
  let loose = fresh === kept?.loose ? fresh.checks.length : 0
  let table: Table | undefined

  const tabled = (): number => (table?.count ?? 0) + files.reduce((sum, { count }) => sum + count, 0)

  /** Puts the loose pairs into the table in memory. */
  function* tabulate(): Generator<undefined, void> {
    const taken = loose
    table = yield* buildTable(table, fresh, taken)
    // What was added meanwhile moves to the front.
    fresh = moved(fresh, taken, loose, Math.max(loose - taken, FIRST_ROOM))
    loose -= taken
  }

  /** Puts the table in memory into a file, and files of one size into one. */
  function* fileAway({ scratch }: Spill): Generator<undefined, void> {
    const written = yield* writeTable(table!, words, scratch)
    files = [...files, written]
    table = undefined
    while (files.length >= MOST_FILES) {
      const last = files.slice(-MOST_FILES)
      // Larger ones are left alone, so that no merge needs as much room as all there is.
      if (sizeOf(last[0]!) > sizeOf(last.at(-1)!)) return
      const merged = yield* mergeFiles(last, words, scratch)
      files = [...files.slice(0, -MOST_FILES), merged]
      for (const { file } of last) file.close()
    }
  }

  function reserve(total: number): void {
    const wanted = total - tabled()
    const has = fresh.checks.length
    if (wanted > has) fresh = moved(fresh, 0, loose, Math.max(wanted, Math.ceil(has * 1.5)))
  }

  return {
    get count() {
      return tabled() + loose
    },
    reserve,
    add(keys, work, places) {
      reserve(tabled() + loose + keys.length / 2)
      const { checks, mixes, works } = fresh
      if (placed) fresh.places.set(places!, loose)
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
      const { checks, mixes, works } = fresh
      const seen = new Set<bigint>()
      const holders: number[][] = []
      for (let at = 0; at < keys.length; at += 2) {
        const key = (BigInt(keys[at + 1]!) << 32n) | BigInt(keys[at]!)
        if (seen.has(key)) continue
        seen.add(key)
        const check = checkOf(keys[at]!, keys[at + 1]!)
        const mix = mixOf(keys[at]!, keys[at + 1]!)
        const found: number[] = []
        for (const file of files) addHolders(readRun(file, words, mix >>> SHIFT), words, check, most, found)
        if (table !== undefined) holdersOf(table, check, mix, most, found)
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
    gather(keys, places, most, budget) {
      return gather(files, table, fresh, loose, keys, places, most, budget)
    },
    get isDue() {
      return loose >= WORTH_TABLE && loose * 8 >= (table?.count ?? 0)
    },
    *build() {
      yield* tabulate()
      if (spill === undefined || table === undefined || table.count < spill.inMemory) return
      yield* fileAway(spill)
    },
    *keep() {
      if (spill?.open === undefined) return undefined
      if (table !== undefined || loose >= WORTH_TABLE) {
        yield* tabulate()
        yield* fileAway(spill)
        yield* this.hold()
      }
      const tables: KeptTable[] = []
      for (const file of files) {
        const table = yield* keepTable(file, words)
        if (table === undefined) return undefined
        tables.push(table)
      }
      return { files: tables, loose: moved(fresh, 0, loose, loose) }
    },
    *hold() {
      for (const file of files.toReversed()) {
        const held = files.reduce((sum, other) => sum + (other.held === undefined ? 0 : other.count), 0)
        if (file.held === undefined && spill !== undefined && held + file.count <= spill.inMemory) yield* holdTable(file, words)
      }
    },
    *check() {
      for (const file of files) {
        if (file.sum !== undefined && (yield* sumOf(file, words)) !== file.sum)
          throw damaged(`${file.file.name} does not match its sum`, { file: file.file.name })
      }
    },
    get isFull() {
      return spill !== undefined && loose >= Math.max(spill.inMemory, WORTH_TABLE)
    },
    close() {
      for (const { file } of files) file.close()
      files = []
    },
  }
}

/** Opens files that were kept, all or none. */
function openAll(kept: readonly KeptTable[], words: PairWords, spill: Spill | undefined): FileTable[] {
  if (kept.length > 0 && spill?.open === undefined) throw damaged('its files of keys cannot be opened here')
  const tables: FileTable[] = []
  try {
    for (const table of kept) {
      const file = spill!.open!(table.name)
      try {
        tables.push(openTable(table, file, words, 2 ** BUCKET_BITS))
      } catch (cause) {
        file.close()
        throw cause
      }
    }
    return tables
  } catch (cause) {
    for (const { file } of tables) file.close()
    throw cause
  }
}

/** Which power of {@link MOST_FILES} it is. */
function sizeOf({ count }: FileTable): number {
  return Math.floor(Math.log(Math.max(count, 1)) / Math.log(MOST_FILES))
}

/** The same for a run of a file. */
function addHolders(run: Uint32Array, words: PairWords, check: number, most: number, found: number[]): void {
  for (let at = 0; at < run.length && found.length <= most; at += words) {
    if (run[at] === check && found.at(-1) !== run[at + 1]) found.push(run[at + 1]!)
  }
}

/** Adds works that have a key, each once, in order; stops after one more than `most`. */
function holdersOf({ starts, checks, works }: Table, check: number, mix: number, most: number, found: number[]): void {
  const bucket = mix >>> SHIFT
  for (let at = starts[bucket]!; at < starts[bucket + 1]! && found.length <= most; at++) {
    // A work's pairs are together, so the same work comes at once if it comes again.
    if (checks[at] === check && found.at(-1) !== works[at]) found.push(works[at]!)
  }
}

/** One table of the old one and the loose pairs. */
function* buildTable(old: Table | undefined, fresh: Loose, count: number): Generator<undefined, Table> {
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
  const places = new Uint32Array(fresh.places.length === 0 ? 0 : total)
  yield
  for (let to = count; to > 0; to -= SLICE) {
    for (let at = to - 1; at >= Math.max(to - SLICE, 0); at--) {
      const place = --starts[fresh.mixes[at]! >>> SHIFT]!
      checks[place] = fresh.checks[at]!
      works[place] = fresh.works[at]!
      if (places.length > 0) places[place] = fresh.places[at]!
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
          if (places.length > 0) places[place] = old.places[at]!
        }
      }
      yield
    }
  }
  return { count: total, starts, checks, works, places }
}

/** 4 M buckets, 16 MB: a few pairs each at ten million, some forty at a hundred and fifty million. */
const BUCKET_BITS = 22
/** Makes a bucket of a mixed key. */
const SHIFT = 32 - BUCKET_BITS

let gathered: KeyPairs | undefined

/** Columns with room for more pairs. */
function roomFor(count: number): KeyPairs {
  if (gathered !== undefined && gathered.works.length >= count) return gathered
  const size = Math.max(count, (gathered?.works.length ?? 1 << 12) * 2)
  const column = (old: Uint32Array | undefined): Uint32Array => {
    const larger = new Uint32Array(size)
    if (old !== undefined) larger.set(old)
    return larger
  }
  gathered = {
    count: gathered?.count ?? 0,
    works: column(gathered?.works),
    places: column(gathered?.places),
    asked: column(gathered?.asked),
    groups: column(gathered?.groups),
  }
  return gathered
}

function gather(
  files: readonly FileTable[],
  table: Table | undefined,
  fresh: Loose,
  loose: number,
  keys: Uint32Array,
  places: Uint32Array,
  most: number,
  budget: number,
): KeyPairs {
  // The places of each different key of the query, and the run of the table that it is in.
  const groups: { check: number; mix: number; places: number[]; from: number; to: number; filed: number }[] = []
  const wanted = new Map<number, number[]>()
  // Almost no loose pair is of the query's keys; one look at a small table tells.
  const may = new Uint8Array(1 << 16)
  for (let index = 0; index < places.length; index++) {
    const check = checkOf(keys[index * 2]!, keys[index * 2 + 1]!)
    const mix = mixOf(keys[index * 2]!, keys[index * 2 + 1]!)
    const same = wanted.get(check) ?? []
    const known = same.find((group) => groups[group]!.mix === mix)
    if (known !== undefined) {
      groups[known]!.places.push(places[index]!)
      continue
    }
    const bucket = mix >>> SHIFT
    const [from, to] = table === undefined ? [0, 0] : [table.starts[bucket]!, table.starts[bucket + 1]!]
    may[check & 0xffff] = 1
    wanted.set(check, [...same, groups.length])
    let filed = 0
    for (const { starts } of files) filed += starts[bucket + 1]! - starts[bucket]!
    const some = to - from + filed <= most
    groups.push({ check, mix, places: [places[index]!], from, to: some ? to : from, filed: some ? filed : 0 })
  }
  // The rarest keys say most and cost least; those that would take too long are left out.
  let left = budget
  for (const group of [...groups].sort((a, b) => a.to - a.from + a.filed - (b.to - b.from + b.filed))) {
    left -= (group.to - group.from + group.filed) * group.places.length
    if (left < 0) [group.to, group.filed] = [group.from, 0]
  }
  // The loose pairs that are of the query's keys, by group as those of the table come.
  const more = new Map<number, number[]>()
  for (let at = 0; at < loose; at++) {
    if (may[fresh.checks[at]! & 0xffff] === 0) continue
    for (const group of wanted.get(fresh.checks[at]!) ?? []) {
      if (groups[group]!.mix !== fresh.mixes[at]) continue
      const own = more.get(group)
      if (own === undefined) more.set(group, [at])
      else own.push(at)
    }
  }
  let pairs = roomFor(1)
  let count = 0
  for (const [group, { check, mix, places: asked, from, to, filed }] of groups.entries()) {
    const own = more.get(group) ?? []
    pairs = roomFor(count + (to - from + filed + own.length) * asked.length)
    const { works, places: there, asked: here, groups: which } = pairs
    for (const file of filed === 0 ? [] : files) {
      const run = readRun(file, 3, mix >>> SHIFT)
      for (const ask of asked) {
        for (let at = 0; at < run.length; at += 3) {
          if (run[at] !== check) continue
          works[count] = run[at + 1]!
          there[count] = run[at + 2]!
          here[count] = ask
          which[count++] = group
        }
      }
    }
    for (const ask of asked) {
      for (let at = from; at < to; at++) {
        if (table!.checks[at] !== check) continue
        works[count] = table!.works[at]!
        there[count] = table!.places[at]!
        here[count] = ask
        which[count++] = group
      }
      for (const at of own) {
        works[count] = fresh.works[at]!
        there[count] = fresh.places[at]!
        here[count] = ask
        which[count++] = group
      }
    }
  }
  pairs.count = count
  return pairs
}

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
