import type { PoolClient } from 'pg'
import { ColophonError } from '../../errors/base.ts'
import { compare, type Fingerprint } from '../../fingerprint/index.ts'
import { invalidInput } from '../../input/input.ts'
import type { LongCallOptions } from '../../progress/progress.ts'
import { CODE_WORDS } from '../codes/bands.ts'
import { explainByIndex } from '../explain.ts'
import { encodePayload, framed, type Payload, type StoredWork, wordsOf } from '../log/record.ts'
import { encodeHead, readSnapshot } from '../log/stream.ts'
import { closed, damaged, unknownWork } from '../problems.ts'
import { featuresOfQuery, isFingerprint } from '../query.ts'
import { rankHits } from '../rank.ts'
import { checkedQuery } from '../search.ts'
import type { SimilarityIndex } from '../similarityIndex.ts'
import { verifyHits } from '../verifyHits.ts'
import { decodeId } from '../works/ids.ts'
import { knownWork } from '../works/known.ts'
import { createState } from '../works/state.ts'
import { storedWork } from '../works/stored.ts'
import { bandKeys, spaceOf } from './bandKeys.ts'
import { type Database, openDatabase } from './connection.node.ts'
import { checkedLayout, hasForeign, migrate, versionOf } from './migrate.node.ts'
import { deleteWorks, putWorks, readWorks, uuidOf, type Where } from './rows.node.ts'
import { keyIndexesOf, TABLE_NAMES } from './schema.ts'
import { findEvidence } from './search.node.ts'
import type { PostgresConnection } from './settings.ts'

export interface PostgresIndexOptions {
  /** Where the database is: a URL (`postgres://…`), or its parts. By default what the environment says (`PGHOST`, `PGUSER`, …). */
  connection?: string | PostgresConnection
  /** `'write'`, the default, makes the tables where there are none, and any number of processes may write. `'read'` changes nothing. */
  mode?: 'write' | 'read'
  /** Schema that the tables are in; `colophon` by default. */
  schema?: string
  /** Hash partitions that each table is made with; 4 by default. Looked at only when the tables are made. */
  partitions?: number
  /**
   * Other servers, each of which is to hold one partition, joined by postgres_fdw. Looked at only when the tables are made, by a user who may make extensions and servers; then the server of `connection`
   * holds no works itself.
   */
  shards?: readonly PostgresConnection[]
  /** Works that are loaded in one transaction, at most; 16,384 by default. A lost connection loses the time of one. */
  batch?: number
  /** Connections at once; 4 by default. */
  connections?: number
  /** Milliseconds for which a lost connection is tried again; 30,000 by default. */
  patience?: number
}

/** Works, and words of their codes and keys, that are loaded in one transaction. */
const MOST_WORKS = 16_384
const MOST_WORDS = 1 << 21
/** Works from which on a load changes so much that plans should be made anew. */
const ANALYZED = 5000
/** Works that are read at once, and a record of a snapshot has. */
const PAGE = 1000

const SEE = 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY'

/**
 * Opens the index in a PostgreSQL database (14 or later), for more works than one machine holds, or more than one machine asking.
 *
 * It answers as the embedded one, but for distances beyond 35 bits: unless `exact`, 97 % of codes within 45 bits are found, 82 % within 55 and half within 73. Where there are fewer than
 * 100,000 codes all are. `size` and `verify` read much of the tables.
 *
 * @throws ColophonError `DEPENDENCY_MISSING`, `INDEX_CONNECTION_LOST`, `INDEX_NOT_WRITABLE`, `INDEX_NOT_FOUND`, `INDEX_FOREIGN`, `INDEX_UNSUPPORTED`, `INVALID_INPUT`
 */
export async function openPostgresIndex({
  connection = {},
  mode = 'write',
  schema = 'colophon',
  partitions = 4,
  shards = [],
  batch = MOST_WORKS,
  connections = 4,
  patience = 30_000,
}: PostgresIndexOptions = {}): Promise<SimilarityIndex> {
  const layout = checkedLayout({ schema, partitions, shards })
  if (!Number.isInteger(batch) || batch < 1) throw invalidInput('batch', batch, 'a whole number from 1')
  const database = await openDatabase(connection, { connections, patience })
  let elsewhere: boolean
  try {
    if (mode === 'write') await migrate(database, layout)
    else {
      const version = await database.transaction(SEE, (client) => versionOf(client, schema))
      if (version === undefined) {
        throw new ColophonError('INDEX_NOT_FOUND', `There is no index in the schema ${schema}.`, {
          hint: 'Check the schema, or open it for writing to make one.',
          details: { schema },
        })
      }
    }
    elsewhere = await database.transaction(SEE, (client) => hasForeign(client, schema))
  } catch (cause) {
    await database.close()
    throw cause
  }
  return createPostgresIndex(database, { schema, elsewhere }, mode, batch)
}

function createPostgresIndex(database: Database, where: Where, mode: 'write' | 'read', batch: number): SimilarityIndex {
  const { schema } = where
  let isClosed = false
  const size = { isLarge: false }
  const open = (): void => {
    if (isClosed) throw closed()
  }
  const openToWrite = (): void => {
    open()
    if (mode === 'write') return
    throw new ColophonError('INDEX_READ_ONLY', 'The index was opened for reading only.', {
      hint: 'Open it with mode "write".',
      details: { schema },
    })
  }
  const write = <Value>(run: (client: PoolClient) => Promise<Value>, signal?: AbortSignal): Promise<Value> =>
    database.transaction('BEGIN', run, signal)
  const read = <Value>(run: (client: PoolClient) => Promise<Value>, signal?: AbortSignal): Promise<Value> =>
    database.transaction(SEE, run, signal)
  const isEmpty = async (client: PoolClient): Promise<boolean> => {
    const { rows } = await client.query<{ empty: boolean }>(`SELECT NOT EXISTS (SELECT 1 FROM ${schema}.works) AS empty`)
    return rows[0]!.empty
  }
  const count = async (client: PoolClient): Promise<number> => {
    const { rows } = await client.query<{ count: string }>(`SELECT count(*) FROM ${schema}.works`)
    return Number(rows[0]!.count)
  }

  /** Makes or drops the indexes over keys on this server, two at a time. */
  async function keyIndexes(change: 'create' | 'drop'): Promise<void> {
    const statements = (await read(localTables)).flatMap((name) => keyIndexesOf(schema, name).map((sql) => sql[change]))
    const worker = async (): Promise<void> => {
      for (let sql = statements.shift(); sql !== undefined; sql = statements.shift()) {
        const statement = sql
        await write(async (client) => {
          await client.query(`SET LOCAL maintenance_work_mem = '512MB'; ${statement}`)
        })
      }
    }
    await Promise.all([worker(), worker()])
  }

  async function insertStored(
    works: Iterable<StoredWork> | AsyncIterable<StoredWork>,
    { signal, onProgress }: LongCallOptions<'insert'>,
  ): Promise<{ inserted: number }> {
    let inserted = 0
    let group: StoredWork[] = []
    let words = 0
    // One group is loaded while the next is made.
    let pending: Promise<void> = Promise.resolve()
    let withoutIndexes = false
    const send = async (more: boolean): Promise<void> => {
      if (more && inserted === 0 && !withoutIndexes && (await read(isEmpty))) {
        withoutIndexes = true
        await keyIndexes('drop')
      }
      const sent = group
      group = []
      words = 0
      await pending
      pending = write((client) => putWorks(client, where, sent), signal).then(() => {
        inserted += sent.length
        onProgress?.({ stage: 'insert', done: inserted, unit: 'items' })
      })
      pending.catch(() => undefined)
    }
    try {
      for await (const work of works) {
        signal?.throwIfAborted()
        group.push(work)
        words += wordsOf(work)
        if (group.length >= batch || words >= MOST_WORDS) await send(true)
      }
      if (group.length > 0) await send(false)
      await pending
    } catch (cause) {
      await pending.catch(() => undefined)
      // Where this fails too, the next who opens the index to write makes them.
      if (withoutIndexes) await keyIndexes('create').catch(() => undefined)
      throw cause
    }
    if (withoutIndexes) await keyIndexes('create')
    if (inserted >= ANALYZED) await analyze()
    onProgress?.({ stage: 'insert', done: inserted, total: inserted, unit: 'items' })
    return { inserted }
  }

  /** Tells the planner what there is now; the server itself may get to it minutes later. */
  async function analyze(): Promise<void> {
    // What is on other servers they look after themselves: from here it would be fetched.
    for (const name of await read(localTables)) await database.run(`ANALYZE ${schema}.${name}`)
  }

  /** All works, page by page; to be called in a transaction that sees one state. */
  async function* pages(client: PoolClient): AsyncGenerator<Awaited<ReturnType<typeof readWorks>>> {
    for (let after = -1n; ; ) {
      const page = await readWorks(client, schema, { after, most: PAGE })
      if (page.length === 0) return
      yield page
      after = page.at(-1)!.ordinal
    }
  }

  const index: SimilarityIndex = {
    async size() {
      open()
      return await read(count)
    },
    async has(id) {
      open()
      return await read(async (client) => {
        const { rowCount } = await client.query(`SELECT 1 FROM ${schema}.works WHERE work = $1`, [uuidOf(id)])
        return rowCount! > 0
      })
    },
    async insert(work) {
      openToWrite()
      const stored = storedWork(work)
      await write((client) => putWorks(client, where, [stored]))
    },
    async insertMany(works, options = {}) {
      openToWrite()
      return await insertStored(mapped(works, storedWork), options)
    },
    async remove(id) {
      openToWrite()
      return await write(async (client) => (await deleteWorks(client, schema, [id])) > 0)
    },
    async search(query, options = {}) {
      open()
      options.signal?.throwIfAborted()
      const features = featuresOfQuery(query)
      const wanted = checkedQuery(features, options)
      const evidence = await read((client) => findEvidence(client, schema, features, wanted, size, options.signal), options.signal)
      const hits = rankHits(evidence, wanted.media, wanted.k)
      return options.load === undefined ? hits : await verifyHits(hits, query, options.load, options.signal)
    },
    async explain(query, id, { load, signal } = {}) {
      open()
      signal?.throwIfAborted()
      const features = featuresOfQuery(query)
      const [found] = await read((client) => readWorks(client, schema, { id, most: 1 }), signal)
      if (found === undefined) throw unknownWork(id)
      const known: Fingerprint | undefined = isFingerprint(query) ? await load?.(id) : undefined
      if (known !== undefined) return compare(query as Fingerprint, known)
      // An index of this one work alone says what an index says.
      const state = createState()
      state.apply({ kind: 'works', works: [found.work] })
      return explainByIndex(await knownWork(state, 0, features), features)
    },
    async *snapshot({ signal, onProgress } = {}) {
      open()
      yield encodeHead({ number: 0, generation: 0 })
      const works = yield* database.stream(SEE, async function* (client) {
        const total = await count(client)
        let done = 0
        for await (const page of pages(client)) {
          signal?.throwIfAborted()
          done += page.length
          onProgress?.({ stage: 'write', done, total, unit: 'items' })
          yield framed(encodePayload({ kind: 'works', works: page.map(({ work }) => work) }))
        }
        return done
      })
      yield framed(encodePayload({ kind: 'end', works, removals: 0 }))
    },
    async restore(snapshot, options = {}) {
      openToWrite()
      const works = await read(count)
      if (works > 0) {
        throw new ColophonError('INDEX_NOT_EMPTY', 'A snapshot can only be restored into an empty index.', {
          hint: 'Restore it into another schema.',
          details: { works },
        })
      }
      try {
        return await insertStored(storedOf(readSnapshot(snapshot)), options)
      } catch (cause) {
        await database.run(`TRUNCATE ${TABLE_NAMES.map((table) => `${schema}.${table}`).join(', ')}`)
        throw cause
      }
    },
    async verify({ signal, onProgress } = {}) {
      open()
      return await read(async (client) => {
        const total = await count(client)
        let [works, codes, keys] = [0, 0, 0]
        for await (const page of pages(client)) {
          signal?.throwIfAborted()
          for (const { work, bands } of page) {
            assertBands(work, bands)
            codes += bands.length
            keys += (work.keys.length + work.bands.length) / 2
          }
          works += page.length
          onProgress?.({ stage: 'read', done: works, total, unit: 'items' })
        }
        for (const table of TABLE_NAMES) {
          const { rows } = await client.query<{ work: string }>(
            `SELECT work FROM ${schema}.${table} AS own WHERE NOT EXISTS (SELECT 1 FROM ${schema}.works AS known WHERE known.work = own.work) LIMIT 1`,
          )
          if (rows.length > 0) throw damaged(`${table} has rows of a work that is not there`, { table, work: rows[0]!.work })
        }
        return { works, codes, keys, dead: 0, bytes: await bytesOf(client), dropped: 0 }
      }, signal)
    },
    async compact() {
      openToWrite()
      for (const name of await read(localTables)) await database.run(`VACUUM (ANALYZE) ${schema}.${name}`)
    },
    async refresh() {
      open()
    },
    async settled() {
      open()
      if (mode === 'read') return
      await write(async (client) => {
        for (const name of await localTables(client)) {
          await client.query(
            `SELECT gin_clean_pending_list(index.indexrelid) FROM pg_index AS index JOIN pg_class AS own ON own.oid = index.indexrelid
             JOIN pg_am AS method ON method.oid = own.relam WHERE method.amname = 'gin' AND index.indrelid = $1::regclass`,
            [`${schema}.${name}`],
          )
        }
      })
    },
    async close() {
      if (isClosed) return
      isClosed = true
      await database.close()
    },
  }

  async function bytesOf(client: PoolClient): Promise<number> {
    const { rows } = await client.query<{ bytes: string | null }>(
      'SELECT sum(pg_total_relation_size(oid)) AS bytes FROM pg_class WHERE relnamespace = to_regnamespace($1) AND relkind = $2',
      [schema, 'r'],
    )
    return Number(rows[0]!.bytes ?? 0)
  }

  /** Partitions that are on this server. */
  async function localTables(client: PoolClient): Promise<string[]> {
    const { rows } = await client.query<{ name: string }>(
      'SELECT relname AS name FROM pg_class WHERE relnamespace = to_regnamespace($1) AND relkind = $2 AND relispartition',
      [schema, 'r'],
    )
    return rows.map(({ name }) => name)
  }

  return index
}

/** @throws ColophonError `INDEX_DAMAGED` */
function assertBands({ id, medium, codes, parts }: StoredWork, bands: readonly number[][]): void {
  const expected = (
    [
      ['codes', codes],
      ['parts', parts],
    ] as const
  ).flatMap(([kind, words]) =>
    Array.from({ length: words.length / CODE_WORDS }, (_, code) => bandKeys(spaceOf(medium, kind), words, code * CODE_WORDS)),
  )
  if (JSON.stringify(expected) !== JSON.stringify(bands)) {
    throw damaged('the bands of a code do not belong to it', { id: decodeId(id) })
  }
}

async function* mapped<Item, Result>(
  items: Iterable<Item> | AsyncIterable<Item>,
  change: (item: Item) => Result,
): AsyncGenerator<Result, void> {
  for await (const item of items) yield change(item)
}

async function* storedOf(payloads: AsyncIterable<Payload>): AsyncGenerator<StoredWork, void> {
  for await (const payload of payloads) if (payload.kind === 'works') yield* payload.works
}
