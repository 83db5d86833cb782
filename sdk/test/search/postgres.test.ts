import { expect } from 'chai'
import { fingerprint } from '../../src/fingerprint/index.ts'
import { createSimilarityIndex, type IndexedWork, type SimilarityIndex } from '../../src/search/index.ts'
import { openPostgresIndex, type PostgresIndexOptions } from '../../src/search/postgres/index.ts'
import { expectError } from '../expectError.ts'
import { blobs, bytesOf, ESSAY, photo } from '../fingerprint/media.ts'
import { play } from '../fingerprint/recordings.ts'
import { type PostgresServer, startPostgres } from '../postgresServer.ts'
import { ask, codeOf, describeBehaviour, families } from './behaviour.ts'
import { bruteForce, flipped, nearnessOf, numbered, picture, randomCode, randomWords, text } from './codes.ts'
import { film, type Scene } from './film.ts'
import { recording } from './recording.ts'

const works = (count: number, from = 0): IndexedWork[] => Array.from({ length: count }, (_, index) => numbered(from + index))

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = []
  for await (const chunk of chunks) all.push(chunk)
  return Buffer.concat(all)
}

async function* pieces(bytes: Uint8Array, size = 1000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

describe('An index in PostgreSQL', () => {
  let server: PostgresServer
  const opened: SimilarityIndex[] = []
  let schemas = 0
  before(async function () {
    this.timeout(320_000)
    const started = await startPostgres()
    if (started === undefined) return this.skip()
    server = started
  })
  after(async () => {
    await Promise.all(opened.map((index) => index.close()))
    await server?.stop()
  })

  async function open(options: PostgresIndexOptions = {}): Promise<SimilarityIndex> {
    const index = await openPostgresIndex({ connection: server.connection, partitions: 2, connections: 2, ...options })
    opened.push(index)
    return index
  }
  const fresh = (): string => `index_${++schemas}`

  /** What a question outside of the index answers. */
  const asked = async (sql: string, of = server): Promise<Record<string, unknown>[]> => (await of.ask(sql)).rows

  describe('behaves as every index:', () => {
    describeBehaviour({ create: () => open({ schema: fresh() }), runs: 8, pictures: 3000, copies: 2 })
  })

  describe('of more codes than are compared one by one', () => {
    const schema = 'large'
    const meme = randomCode(randomWords(91))
    const pictures = [
      ...families(20_000, 77),
      // A picture that everybody has.
      ...Array.from({ length: 4000 }, (_, at) => picture(`meme ${at}`, ...Array.from({ length: 10 }, () => meme))),
    ]
    let index: SimilarityIndex
    before(async function () {
      this.timeout(120_000)
      index = await open({ schema })
      await index.insertMany(pictures)
    })

    it('finds all within 35 bits by keys alone, and most beyond', async function () {
      this.timeout(60_000)
      const next = randomWords(3)
      let [expected, found] = [0, 0]
      for (const threshold of [0, 11, 23, 31, 35]) {
        const code = flipped(codeOf(pictures[next() % 20_000]!), next() % (threshold + 1), next)
        expect(nearnessOf(await index.search(ask(code), { threshold, k: 10_000 }))).to.deep.equal(bruteForce(pictures, code, threshold))
        const all = bruteForce(pictures, code, 60)
        expect(nearnessOf(await index.search(ask(code), { threshold: 60, k: 10_000, exact: true }))).to.deep.equal(all)
        expected += all.length
        found += (await index.search(ask(code), { threshold: 60, k: 10_000 })).length
      }
      expect(found).to.be.at.least(0.5 * expected)
      // The keys are what finds them: with no other way allowed the planner takes their index.
      const plan = await asked(`SET enable_seqscan = off; EXPLAIN SELECT 1 FROM ${schema}.codes WHERE bands && ARRAY[1, 2]`)
      expect(JSON.stringify(plan)).to.match(/Index Scan on codes_\d_bands/)
    })

    it('is analyzed as soon as it is loaded', async () => {
      const tables = await asked(
        `SELECT relname, last_analyze IS NOT NULL AS analyzed FROM pg_stat_user_tables WHERE schemaname = '${schema}' AND relname LIKE 'codes%' ORDER BY 1`,
      )
      expect(tables.filter(({ relname }) => relname !== 'codes')).to.deep.equal([
        { relname: 'codes_0', analyzed: true },
        { relname: 'codes_1', analyzed: true },
      ])
    })

    it('answers with the first of forty thousand equal codes', async function () {
      this.timeout(60_000)
      const hits = await index.search(ask(flipped(meme, 10, randomWords(4))), { threshold: 31, k: 3 })
      expect(hits.map(({ id }) => id)).to.deep.equal(['meme 0', 'meme 1', 'meme 2'])
    })

    it('makes the indexes that a load which died has left out', async () => {
      await asked(`DROP INDEX ${schema}.codes_0_bands; DROP INDEX ${schema}.terms_1_keys`)
      await open({ schema })
      const made = await asked(
        `SELECT relname FROM pg_class WHERE relnamespace = '${schema}'::regnamespace AND relname IN ('codes_0_bands', 'terms_1_keys') ORDER BY 1`,
      )
      expect(made).to.deep.equal([{ relname: 'codes_0_bands' }, { relname: 'terms_1_keys' }])
    })
  })

  it('answers as the embedded one does, for works with all their features', async function () {
    this.timeout(240_000)
    const { width, height } = await photo().metadata()
    const cut = photo().extract({ left: 0, top: 0, width: Math.round(width! * 0.6), height: Math.round(height! * 0.6) })
    const scenes = (from: number): Scene[] => Array.from({ length: 8 }, (_, at) => ({ seed: from + at, samples: 8 + (at % 5) }))
    const known = {
      photo: await fingerprint(await bytesOf(photo())),
      blobs: await fingerprint(await blobs(4)),
      essay: await fingerprint(ESSAY),
      one: await recording(play({ seed: 1, seconds: 40 })),
      two: await recording(play({ seed: 2, seconds: 40 })),
      film: await film(scenes(20)),
      'other film': await film(scenes(50)),
    }
    const queries = [
      ...Object.values(known),
      await film(scenes(20).slice(2), { zoom: 1.06, shift: 4 }),
      await fingerprint(await bytesOf(cut)),
      await fingerprint(await bytesOf(cut.clone().flop())),
      await recording(play({ seed: 2, seconds: 6, from: 20, noise: 0.01 })),
      await recording(play({ seed: 1, seconds: 8, from: 20, pitch: 3, tempo: 0.9 })),
    ]
    const [embedded, database] = [await createSimilarityIndex(), await open({ schema: fresh() })]
    for (const index of [embedded, database]) {
      await index.insertMany(Object.entries(known).map(([id, found]) => ({ id, fingerprint: found })))
    }
    for (const query of queries) {
      const hits = await embedded.search(query)
      expect(hits.length).to.be.greaterThan(0)
      expect(await database.search(query)).to.deep.equal(hits)
      for (const { id } of hits) expect(await database.explain(query, id)).to.deep.equal(await embedded.explain(query, id))
      expect((await database.explain(query, 'blobs')).verdict).to.equal((await embedded.explain(query, 'blobs')).verdict)
    }
    // From one to the other and back.
    const [there, back] = [await open({ schema: fresh() }), await createSimilarityIndex()]
    await there.restore(pieces(await collect(embedded.snapshot())))
    await back.restore(pieces(await collect(there.snapshot()), 77))
    for (const query of queries) expect(await back.search(query)).to.deep.equal(await embedded.search(query))
    const { works: count, codes, keys } = await there.verify()
    const report = await embedded.verify()
    expect([count, codes]).to.deep.equal([report.works, report.codes])
    // A landmark that is twice at the same place is kept twice as well.
    expect(keys).to.equal(report.keys)
  })

  it('loses nothing and doubles nothing where the server dies in the middle of a load', async function () {
    this.timeout(120_000)
    const schema = fresh()
    const index = await open({ schema, batch: 500 })
    await index.insertMany(works(100))
    let deaths = 0
    const progress: number[] = []
    let back: Promise<void> = Promise.resolve()
    async function* loading(): AsyncGenerator<IndexedWork> {
      for (let number = 0; number < 4000; number++) {
        // A group is on its way then.
        if (number === 1002 || number === 2503) {
          await back
          await server.kill()
          deaths++
          back = new Promise((resolve) => setTimeout(resolve, 300)).then(() => server.start())
        }
        yield numbered(number)
      }
    }
    await index.insertMany(loading(), { onProgress: ({ done }) => progress.push(done) })
    await back
    expect(deaths).to.equal(2)
    expect(progress.at(-1)).to.equal(4000)
    const report = await index.verify()
    expect(report).to.include({ works: 4000, codes: 8000 })
    expect(await asked(`SELECT count(DISTINCT (work, number))::int AS codes, count(*)::int AS rows FROM ${schema}.codes`)).to.deep.equal([
      { codes: 8000, rows: 8000 },
    ])
    for (const number of [0, 1001, 1002, 3999]) {
      expect((await index.search(numbered(number) as never, { threshold: 0 })).map(({ id }) => id)).to.deep.equal([`n${number}`])
    }
  })

  it('says that the connection is lost where the server stays away, and goes on when it is back', async function () {
    this.timeout(60_000)
    const schema = fresh()
    const index = await open({ schema, patience: 400 })
    await index.insertMany(works(10))
    await server.kill()
    try {
      await expectError('INDEX_CONNECTION_LOST', () => index.insertMany(works(20)))
      await expectError('INDEX_CONNECTION_LOST', () => index.search(numbered(1) as never))
      await expectError('INDEX_CONNECTION_LOST', () => collect(index.snapshot()))
      await expectError('INDEX_CONNECTION_LOST', () => openPostgresIndex({ connection: server.connection, schema, patience: 100 }))
    } finally {
      await server.start()
    }
    expect(await index.size()).to.equal(10)
    await index.insertMany(works(20))
    expect((await index.verify()).works).to.equal(20)
  })

  it('can be aborted while it waits for the server', async function () {
    this.timeout(30_000)
    const index = await open({ schema: fresh() })
    await server.kill()
    try {
      const controller = new AbortController()
      setTimeout(() => controller.abort(new Error('enough')), 200)
      let reason: unknown
      await index.search(numbered(1) as never, { signal: controller.signal }).catch((cause) => {
        reason = cause
      })
      expect(String(reason)).to.equal('Error: enough')
    } finally {
      await server.start()
    }
  })

  it('has many writers, also at the same works', async function () {
    this.timeout(60_000)
    const schema = fresh()
    const writers = await Promise.all(Array.from({ length: 4 }, () => open({ schema })))
    // All start at once where there are no tables yet.
    await Promise.all(writers.map((writer, at) => writer.insertMany(works(300, at * 100))))
    await Promise.all(writers.flatMap((writer) => works(10).map((work) => writer.insert(work))))
    const report = await writers[0]!.verify()
    expect(report).to.include({ works: 600, codes: 1200 })
  })

  it('reads without making or changing anything', async () => {
    const schema = fresh()
    await expectError('INDEX_NOT_FOUND', () => open({ schema, mode: 'read' }))
    expect(await asked(`SELECT to_regnamespace('${schema}') IS NULL AS missing`)).to.deep.equal([{ missing: true }])
    const writer = await open({ schema })
    await writer.insert(numbered(1))
    const reader = await open({ schema, mode: 'read' })
    expect(await reader.has('n1')).to.equal(true)
    for (const change of [
      () => reader.insert(numbered(2)),
      () => reader.insertMany(works(2)),
      () => reader.remove('n1'),
      () => reader.compact(),
      () => reader.restore(pieces(new Uint8Array(40))),
    ]) {
      await expectError('INDEX_READ_ONLY', change)
    }
    await reader.settled()
    await writer.compact()
    expect(await reader.size()).to.equal(1)
  })

  it('refuses schemas of others, later versions, wrong names and wrong logins', async () => {
    const [other, later] = [fresh(), fresh()]
    await asked(`CREATE SCHEMA ${other}; CREATE TABLE ${other}.codes (holiday text)`)
    await expectError('INDEX_FOREIGN', () => open({ schema: other }))
    await expectError('INDEX_NOT_FOUND', () => open({ schema: other, mode: 'read' }))
    expect(await asked(`SELECT relname FROM pg_class WHERE relnamespace = '${other}'::regnamespace`)).to.deep.equal([{ relname: 'codes' }])
    await open({ schema: later })
    await asked(`INSERT INTO ${later}.colophon_index (version) VALUES (2)`)
    for (const mode of ['read', 'write'] as const) await expectError('INDEX_UNSUPPORTED', () => open({ schema: later, mode }))
    for (const schema of ['Colophon', 'a b', 'x; DROP SCHEMA public', '']) await expectError('INVALID_INPUT', () => open({ schema }))
    for (const partitions of [0, 1.5, 2000]) await expectError('INVALID_INPUT', () => open({ schema: fresh(), partitions }))
    await expectError('INDEX_NOT_WRITABLE', () => open({ connection: { ...server.connection, database: 'nowhere' } }))
    await expectError('INDEX_WORK_INVALID', async () => (await open({ schema: fresh() })).insert(picture('a\0b')))
  })

  it('tells a database that was changed by others', async () => {
    const schema = fresh()
    const index = await open({ schema })
    await index.insertMany([...works(3), text('words', 1n, 2n)])
    expect((await index.verify()).works).to.equal(4)
    await asked(
      `UPDATE ${schema}.codes SET code = ~code WHERE number = 1 AND ordinal = (SELECT ordinal FROM ${schema}.works WHERE id = 'n1')`,
    )
    expect((await expectError('INDEX_DAMAGED', () => index.verify())).details).to.deep.equal({ id: 'n1' })
    await index.insert(numbered(1))
    await index.verify()
    await asked(`DELETE FROM ${schema}.works WHERE id = 'words'`)
    expect((await expectError('INDEX_DAMAGED', () => index.verify())).details).to.include({ table: 'terms' })
    await asked(`DROP TABLE ${schema}.terms CASCADE`)
    const error = await expectError('INDEX_DATABASE_FAULT', () => index.insert(numbered(1)))
    expect(error.details.code).to.equal('42P01')
  })

  it('is empty again after a snapshot that could not be restored', async () => {
    const index = await open({ schema: fresh() })
    await index.insertMany(works(1500))
    const snapshot = await collect(index.snapshot())
    await expectError('INDEX_NOT_EMPTY', () => index.restore(pieces(snapshot)))
    const empty = await open({ schema: fresh() })
    await expectError('INDEX_DAMAGED', () => empty.restore(pieces(snapshot.subarray(0, snapshot.length - 100))))
    expect(await empty.size()).to.equal(0)
    expect(await empty.restore(pieces(snapshot, 5000))).to.deep.equal({ inserted: 1500 })
    // A reader that stops early gives its connection back.
    for (let reader = 0; reader < 5; reader++) for await (const _ of empty.snapshot()) break
    expect((await empty.verify()).works).to.equal(1500)
  })

  describe('with partitions on two servers', () => {
    const shards: PostgresServer[] = []
    before(async function () {
      this.timeout(120_000)
      for (let shard = 0; shard < 2; shard++) shards.push((await startPostgres())!)
    })
    after(() => Promise.all(shards.map((shard) => shard.stop())))

    it('answers as one does', async function () {
      this.timeout(120_000)
      const schema = 'sharded'
      const joined = await open({ schema, shards: shards.map(({ connection }) => connection) })
      const single = await open({ schema: fresh() })
      const essay = await fingerprint(ESSAY)
      const track = await recording(play({ seed: 3, seconds: 20 }))
      const pictures = families(1000, 12)
      const all: IndexedWork[] = [...pictures, { id: 'essay', fingerprint: essay }, { id: 'track', fingerprint: track }]
      for (const index of [joined, single]) {
        await index.insertMany(all)
        await index.remove('work 7')
        await index.insert(picture('work 8', new Uint8Array(32)))
      }
      // Each server has its part, and the one that is asked has none.
      const counts = await Promise.all(
        shards.map(async (shard, part) => (await asked(`SELECT count(*)::int AS works FROM ${schema}.works_${part}`, shard))[0]!.works),
      )
      expect(counts[0] as number).to.be.within(400, 600)
      expect((counts[0] as number) + (counts[1] as number)).to.equal(1001)
      const next = randomWords(6)
      for (let query = 0; query < 10; query++) {
        const code = flipped(codeOf(pictures[next() % pictures.length]!), next() % 60, next)
        for (const threshold of [31, 75]) {
          const hits = await single.search(ask(code), { threshold, k: 200 })
          expect(await joined.search(ask(code), { threshold, k: 200 })).to.deep.equal(hits)
        }
      }
      for (const query of [essay, track, await recording(play({ seed: 3, seconds: 6, from: 8 }))]) {
        const hits = await single.search(query)
        expect(hits.length).to.equal(1)
        expect(await joined.search(query)).to.deep.equal(hits)
        expect(await joined.explain(query, hits[0]!.id)).to.deep.equal(await single.explain(query, hits[0]!.id))
      }
      const [one, two] = await Promise.all([joined.verify(), single.verify()])
      expect({ ...one, bytes: 0 }).to.deep.equal({ ...two, bytes: 0 })
      const copy = await createSimilarityIndex()
      await copy.restore(pieces(await collect(joined.snapshot()), 10_000))
      expect(await copy.size()).to.equal(1001)
      // Whoever would put another index into the same tables is told.
      await expectError('INDEX_FOREIGN', () =>
        openPostgresIndex({ connection: shards[1]!.connection, schema, shards: [shards[0]!.connection] }),
      )
      await expectError('INDEX_FOREIGN', () =>
        open({ schema, connection: { ...server.connection, database: 'template1' }, shards: [shards[0]!.connection] }),
      )
    })

    it('loses nothing and doubles nothing where one of them dies in the middle of a load', async function () {
      this.timeout(120_000)
      const schema = 'mortal'
      const joined = await open({ schema, batch: 500, shards: shards.map(({ connection }) => connection) })
      let back: Promise<void> = Promise.resolve()
      async function* loading(): AsyncGenerator<IndexedWork> {
        for (let number = 0; number < 2000; number++) {
          if (number === 1002) {
            await shards[1]!.kill()
            back = new Promise((resolve) => setTimeout(resolve, 300)).then(() => shards[1]!.start())
          }
          yield numbered(number)
        }
      }
      await joined.insertMany(loading())
      await back
      expect(await joined.verify()).to.include({ works: 2000, codes: 4000 })
    })
  })

  it('finds works that many have nothing in common with', async () => {
    const next = randomWords(14)
    const index = await open({ schema: fresh() })
    const code = randomCode(next)
    await index.insertMany([...works(50), picture('it', code)])
    expect((await index.search(ask(flipped(code, 30, next)), { threshold: 31 })).map(({ id }) => id)).to.deep.equal(['it'])
  })
})
