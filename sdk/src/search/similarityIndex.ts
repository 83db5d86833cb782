import { ColophonError } from '../errors/base.ts'
import { compare, type Fingerprint, type Match } from '../fingerprint/index.ts'
import type { LongCallOptions } from '../progress/progress.ts'
import { CODE_WORDS } from './codes/bands.ts'
import { explainByIndex } from './explain.ts'
import type { Spill } from './keys/keyStore.ts'
import { type Payload, type StoredWork, wordsOf } from './log/record.ts'
import { readSnapshot } from './log/stream.ts'
import { fileAway, fill, inTurns, load, type OpenLog, SLICE } from './opening.ts'
import { closed, damaged, unknownWork } from './problems.ts'
import { featuresOfQuery, isFingerprint, type Query } from './query.ts'
import { type Hit, type SearchOptions, searchState } from './search.ts'
import { livingWorks, snapshotOf } from './snapshot.ts'
import { turn } from './turn.ts'
import { verifyHits } from './verifyHits.ts'
import type { IndexedWork } from './works/features.ts'
import { encodeId } from './works/ids.ts'
import { knownWork } from './works/known.ts'
import { createState, type State } from './works/state.ts'
import { storedWork } from './works/stored.ts'

/** What an index holds. */
export interface IndexReport {
  /** Works that can be found. */
  works: number
  codes: number
  keys: number
  /** Works that were removed or replaced and still take room; `compact` frees it. */
  dead: number
  /** Of the log. */
  bytes: number
  /** Bytes that a process had not finished writing when it died: what they were to hold was never acknowledged. */
  dropped: number
}

/** An index of works by what they look, sound or read like. */
export interface SimilarityIndex {
  /** Works in it. */
  size(): Promise<number>
  has(id: string): Promise<boolean>
  /**
   * Adds a work, or replaces the one with this id. Once this returns the work is on the disk. Calls that are made at once share a flush.
   * @throws ColophonError `INDEX_WORK_INVALID`, `INDEX_READ_ONLY`, `INDEX_DISK_FULL`, `INDEX_TOO_LARGE`
   */
  insert(work: IndexedWork): Promise<void>
  /**
   * Adds many works. They are acknowledged in groups, so that an abort or a failure leaves the first ones in; doing it again replaces them
   * with themselves.
   */
  insertMany(works: Iterable<IndexedWork> | AsyncIterable<IndexedWork>, options?: LongCallOptions<'insert'>): Promise<{ inserted: number }>
  /** Removes a work; gives whether it was there. */
  remove(id: string): Promise<boolean>
  /**
   * The works most like this one, best first. It sees the index as it is now, whatever is changed while it runs.
   * @throws ColophonError `INDEX_QUERY_INVALID`
   */
  search(query: Query, options?: SearchOptions): Promise<Hit[]>
  /**
   * Says why a work was found. Where `load` gives its fingerprint the answer is that of `compare`; else it is what the index itself knows.
   * @throws ColophonError `INDEX_WORK_UNKNOWN`
   */
  explain(
    query: Query,
    id: string,
    options?: { load?: (id: string) => Promise<Fingerprint | undefined>; signal?: AbortSignal },
  ): Promise<Match>
  /** The living works as bytes that `restore` reads; what changes meanwhile is not in them. */
  snapshot(options?: LongCallOptions<'write'>): AsyncIterable<Uint8Array>
  /**
   * Fills an empty index from a snapshot. Whatever goes wrong, it is empty again.
   * @throws ColophonError `INDEX_NOT_EMPTY`, `INDEX_FOREIGN`, `INDEX_UNSUPPORTED`, `INDEX_DAMAGED`
   */
  restore(snapshot: AsyncIterable<Uint8Array>, options?: LongCallOptions<'insert'>): Promise<{ inserted: number }>
  /**
   * Reads the whole log again and compares it with what is in memory.
   * @throws ColophonError `INDEX_DAMAGED`
   */
  verify(options?: LongCallOptions<'read'>): Promise<IndexReport>
  /** Writes the log anew without what is dead. */
  compact(options?: LongCallOptions<'write'>): Promise<void>
  /** A reader catches up with the writer. */
  refresh(): Promise<void>
  /** Returns once everything is in look-up tables; until then part of the codes is scanned, which gives the same answers. */
  settled(): Promise<void>
  close(): Promise<void>
}

/** Bytes of new records for each work there is before another checkpoint pays: a quarter of what it takes for a work. */
const WORK_BYTES = 20
/** Works and words of one record. */
const MOST_WORKS = 16_384
const MOST_WORDS = 1 << 21

/** `checkpointBytes`: of new records after which what is known is kept beside them. */
export async function createIndex(
  openLog: OpenLog,
  spill?: Spill,
  checkpointBytes: number = Number.POSITIVE_INFINITY,
): Promise<SimilarityIndex> {
  let state: State
  let log: Awaited<ReturnType<OpenLog>>
  ;({ state, log } = await load(openLog, spill))
  /** What of a checkpoint's works is still being read; searches wait for it. */
  let filling = fill(state, log)
  /** Searches under way, and states that others have come in place of and that these may still look at. */
  let searching = 0
  let retired: State[] = []
  function retire(old: State): void {
    retired.push(old)
    letGo()
  }
  function letGo(): void {
    if (searching > 0) return
    for (const old of retired) old.close()
    retired = []
  }
  /** Puts another state in place of this one. */
  async function change(anew: State): Promise<void> {
    const [old, before] = [state, filling]
    state = anew
    filling = fill(state, log)
    await before.stop()
    retire(old)
  }
  async function seeing<Value>(run: (now: State) => Promise<Value>): Promise<Value> {
    await whole()
    searching++
    try {
      return await run(state)
    } finally {
      searching--
      letGo()
    }
  }
  let isClosed = false
  /** Whether there was no memory for something that is in the log. */
  let isBehind = false
  /** Bulk loads under way: tables are built once, after them. */
  let bulk = 0
  let building: Promise<void> | undefined
  /** There is no memory for tables: everything is scanned, which gives the same answers. */
  let scansOnly = false
  /** Snapshots that are being read from the log. */
  let reading = 0
  const waiting: { works: StoredWork[]; done: () => void; failed: (cause: unknown) => void }[] = []
  let writing: Promise<unknown> = Promise.resolve()

  const open = (): void => {
    if (isClosed) throw closed()
  }

  /** One change after the other. */
  function inTurn<Value>(run: () => Promise<Value>): Promise<Value> {
    const result = writing.then(run)
    writing = result.catch(() => undefined)
    return result
  }

  async function commit(payload: Payload): Promise<void> {
    open()
    assertCurrent()
    if (payload.kind === 'works') state.reserve(payload.works)
    await log.append(payload)
    try {
      state.apply(payload)
    } catch (cause) {
      isBehind = true
      throw cause
    }
  }

  /** Works have the same numbers in the log and in memory, or what is written of them would be of others. */
  function assertCurrent(): void {
    if (!isBehind) return
    throw new ColophonError('INDEX_NOT_WRITABLE', 'Not all works of the index are in memory.', {
      hint: 'There was too little of it. Open the index again: nothing that was acknowledged is lost.',
    })
  }

  /** Writes all that is waiting, in as few records as it fits. */
  async function flush(): Promise<void> {
    while (waiting.length > 0) {
      const group: typeof waiting = []
      for (let words = 0; waiting.length > 0 && (group.length === 0 || words < MOST_WORDS); ) {
        const next = waiting.shift()!
        group.push(next)
        for (const work of next.works) words += wordsOf(work)
      }
      try {
        await commit({ kind: 'works', works: group.flatMap(({ works }) => works) })
        for (const { done } of group) done()
      } catch (cause) {
        for (const { failed } of group) failed(cause)
      }
    }
    keepUp()
    if (bulk === 0 && isWorthKeeping()) void inTurn(keepState)
  }

  function enqueue(works: StoredWork[]): Promise<void> {
    return new Promise((done, failed) => {
      waiting.push({ works, done, failed })
      // The first of those that wait writes for all.
      if (waiting.length === 1) void inTurn(flush)
    })
  }

  function keepUp(): void {
    if (building !== undefined || bulk > 0 || isClosed || scansOnly || !state.isDue) return
    building = build()
      .catch(() => {
        scansOnly = true
      })
      .finally(() => {
        building = undefined
        keepUp()
      })
  }

  async function build(): Promise<void> {
    const steps = state.build()
    for (;;) {
      const until = performance.now() + SLICE
      while (performance.now() < until) if (isClosed || steps.next().done) return
      await turn()
    }
  }

  /** During a load nothing is built but files: all of its keys are too many for memory. */
  async function fileAwayInTurns(): Promise<void> {
    while (state.isFull && !scansOnly && !isClosed) {
      building ??= build()
        .catch(() => {
          scansOnly = true
        })
        .finally(() => {
          building = undefined
        })
      await building
    }
  }

  /** Returns once the codes of all works are there. Meanwhile another state may have come in place of the one that was waited for. */
  async function whole(): Promise<void> {
    while (!state.isWhole) {
      open()
      const { done } = filling
      try {
        await done
      } catch (cause) {
        if (!(cause instanceof ColophonError) || cause.code !== 'INDEX_REWRITTEN') throw cause
        // Its writer has written the log anew, and the codes of this state are gone.
        await inTurn(async () => {
          if (filling.done === done && !isClosed) await reopen()
        })
      }
    }
  }

  /** A reader takes what its writer has put in place of everything. */
  async function reopen(): Promise<void> {
    const anew = await load(openLog, spill)
    await log.close()
    log = anew.log
    await change(anew.state)
  }

  function isWorthKeeping(): boolean {
    return log.writable && log.uncovered >= Math.max(checkpointBytes, state.works * WORK_BYTES)
  }

  /** Keeps what is known where opening would otherwise read much. Without it all is as well, only slower. */
  async function keepState(): Promise<void> {
    if (!isWorthKeeping()) return
    await whole()
    while (building !== undefined) await building
    if (isClosed || scansOnly || isBehind) return
    building = (async () => {
      const image = await inTurns(state.keep())
      if (image !== undefined) await log.checkpoint(image)
    })()
      .catch(() => undefined)
      .finally(() => {
        building = undefined
      })
    await building
  }

  async function settled(): Promise<void> {
    await filling.done.catch(() => undefined)
    keepUp()
    while (building !== undefined) await building
  }

  async function insertStored(
    works: AsyncIterable<StoredWork> | Iterable<StoredWork>,
    { signal, onProgress }: LongCallOptions<'insert'>,
  ): Promise<{ inserted: number }> {
    let inserted = 0
    let group: StoredWork[] = []
    let words = 0
    let pending: Promise<void> = Promise.resolve()
    const send = async (): Promise<void> => {
      const sent = group
      group = []
      words = 0
      await pending
      await fileAwayInTurns()
      inserted += sent.length
      onProgress?.({ stage: 'insert', done: inserted - sent.length, unit: 'items' })
      pending = enqueue(sent)
      pending.catch(() => undefined)
    }
    const take = (work: StoredWork): boolean => {
      signal?.throwIfAborted()
      group.push(work)
      words += wordsOf(work)
      return group.length >= MOST_WORKS || words >= MOST_WORDS
    }
    bulk++
    try {
      // Awaiting each of ten million works would take longer than adding them.
      if (Symbol.iterator in works) {
        for (const work of works) if (take(work)) await send()
      } else for await (const work of works) if (take(work)) await send()
      if (group.length > 0) await send()
      await pending
    } finally {
      bulk--
      keepUp()
    }
    onProgress?.({ stage: 'insert', done: inserted, total: inserted, unit: 'items' })
    await settled()
    await inTurn(keepState)
    return { inserted }
  }

  return {
    async size() {
      open()
      return state.alive
    },
    async has(id) {
      open()
      return state.find(encodeId(id)) !== undefined
    },
    async insert(work) {
      open()
      await enqueue([storedWork(work)])
    },
    async insertMany(works, options = {}) {
      open()
      return await insertStored(Symbol.iterator in works ? mapped(works, storedWork) : mappedLater(works, storedWork), options)
    },
    async remove(id) {
      open()
      const stored = encodeId(id)
      return await inTurn(async () => {
        if (state.find(stored) === undefined) return false
        await commit({ kind: 'removals', ids: [stored] })
        return true
      })
    },
    async search(query, options = {}) {
      open()
      const features = featuresOfQuery(query)
      const hits = await seeing((now) => searchState(now, features, options))
      return options.load === undefined ? hits : await verifyHits(hits, query, options.load, options.signal)
    },
    async explain(query, id, { load: loadFingerprint, signal } = {}) {
      open()
      signal?.throwIfAborted()
      const known = (now: State): number => {
        const work = now.find(encodeId(id))
        if (work === undefined) throw unknownWork(id)
        return work
      }
      known(state)
      const features = featuresOfQuery(query)
      const found = isFingerprint(query) ? await loadFingerprint?.(id) : undefined
      return found === undefined
        ? explainByIndex(await seeing((now) => knownWork(now, known(now), features)), features)
        : compare(query as Fingerprint, found)
    },
    async *snapshot(options = {}) {
      open()
      assertCurrent()
      reading++
      try {
        yield* snapshotOf(state, log, options)
      } finally {
        reading--
      }
    },
    async restore(snapshot, options = {}) {
      open()
      if (state.works > 0 || waiting.length > 0) {
        throw new ColophonError('INDEX_NOT_EMPTY', 'A snapshot can only be restored into an empty index.', {
          hint: 'Restore it into a new folder.',
          details: { works: state.alive },
        })
      }
      try {
        return await insertStored(storedOf(readSnapshot(snapshot)), options)
      } catch (cause) {
        await inTurn(async () => {
          await log.replace(none())
          await change(createState(spill))
        })
        throw cause
      }
    },
    async verify({ signal, onProgress } = {}) {
      open()
      await whole()
      return await inTurn(async () => {
        await inTurns(state.check(), signal)
        let [work, codes, keys] = [0, 0, 0]
        for await (const payload of log.records()) {
          signal?.throwIfAborted()
          if (payload.kind !== 'works') continue
          for (const stored of payload.works) {
            assertSame(state, work++, stored)
            codes += (stored.codes.length + stored.parts.length) / CODE_WORDS
            keys += (stored.keys.length + stored.bands.length) / 2
          }
          onProgress?.({ stage: 'read', done: work, total: state.works, unit: 'items' })
          await turn()
        }
        if (work !== state.works)
          throw damaged(`its log has ${work} works and ${state.works} were read`, { works: work, read: state.works })
        return { works: state.alive, codes, keys, dead: state.works - state.alive, bytes: log.bytes, dropped: log.dropped }
      })
    },
    async compact(options = {}) {
      open()
      await inTurn(async () => {
        if (reading > 0) {
          throw new ColophonError('INDEX_BUSY', 'A snapshot of the index is being read.', { hint: 'Compact it afterwards.' })
        }
        assertCurrent()
        const anew = createState(spill)
        try {
          await log.replace(appliedTo(anew, livingWorks(state, log, options)))
        } catch (cause) {
          anew.close()
          throw cause
        }
        await change(anew)
      })
      await settled()
      await inTurn(keepState)
    },
    async refresh() {
      open()
      await inTurn(async () => {
        const fresh = await log.fresh()
        if (fresh === undefined) await reopen()
        else for (const payload of fresh) state.load(payload)
      })
      keepUp()
    },
    settled,
    async close() {
      if (isClosed) return
      await inTurn(async () => {
        await keepState().catch(() => undefined)
        isClosed = true
        await filling.stop()
        await building
        await log.close()
        retire(state)
      })
    },
  }
}

/** @throws ColophonError `INDEX_DAMAGED` */
function assertSame(state: State, work: number, stored: StoredWork): void {
  const same = (a: ArrayLike<number>, b: ArrayLike<number>): boolean => {
    if (a.length !== b.length) return false
    for (let index = 0; index < a.length; index++) if (a[index] !== b[index]) return false
    return true
  }
  const isThere = work < state.works && state.medium(work) === stored.medium && same(state.id(work), stored.id)
  const space = state.space(stored.medium)
  const isSame = (kind: 'codes' | 'parts'): boolean => {
    const held = new Uint32Array(stored[kind].length)
    const { store, firstOf } = space[kind]
    for (let code = 0; code < held.length / CODE_WORDS; code++) store.stored(firstOf(work) + code, held, code * CODE_WORDS)
    return same(held, stored[kind])
  }
  if (!isThere || !isSame('codes') || !isSame('parts')) throw damaged(`work ${work} of its log is another than was read`, { work })
}

function* mapped<Item, Result>(items: Iterable<Item>, change: (item: Item) => Result): Generator<Result, void> {
  for (const item of items) yield change(item)
}

async function* mappedLater<Item, Result>(items: AsyncIterable<Item>, change: (item: Item) => Result): AsyncGenerator<Result, void> {
  for await (const item of items) yield change(item)
}

async function* storedOf(payloads: AsyncIterable<Payload>): AsyncGenerator<StoredWork, void> {
  for await (const payload of payloads) if (payload.kind === 'works') yield* payload.works
}

/** Makes the changes as they go by: where that fails, for want of room, the log is not put in place either. */
async function* appliedTo(state: State, payloads: AsyncIterable<Payload>): AsyncGenerator<Payload, void> {
  for await (const payload of payloads) {
    state.apply(payload)
    fileAway(state)
    yield payload
  }
}

async function* none(): AsyncGenerator<Payload, void> {}
