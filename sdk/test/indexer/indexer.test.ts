import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { expect } from 'chai'
import { type Colophon, createColophon, type Hex } from '../../src/index.ts'
import { createIndexer, createQueries, type Database, type DatabasePlace, type Indexer, openDatabase } from '../../src/indexer/index.ts'
import { startChain, type TestChain } from '../chain.ts'
import { newWork } from '../deposits/works.ts'
import { expectError } from '../expectError.ts'
import { needPeer } from '../needPeer.ts'
import { sqlitePlaces, startPostgres, type TestPlaces, type TestPostgres } from './databases.ts'
import { type FaultyRpc, startFaultyRpc } from './faultyRpc.ts'

const writer = join(import.meta.dirname, 'writer.ts')

for (const kind of ['node', 'libsql', 'postgres'] as const)
  describe(`the indexer on ${kind === 'postgres' ? 'PostgreSQL' : `SQLite (${kind})`}`, () => {
    let chain: TestChain
    let rpc: FaultyRpc
    let ada: Colophon
    let places: TestPlaces
    let postgres: TestPostgres | undefined
    let place: DatabasePlace
    let database: Database
    let indexer: Indexer
    if (kind === 'libsql') needPeer('libsql')
    if (kind === 'postgres') needPeer('pg')
    before(async function () {
      this.timeout(300_000)
      if (kind === 'postgres') {
        postgres = await startPostgres()
        if (postgres === undefined) return this.skip()
        places = { next: async () => ({ postgres: await postgres!.create() }), stop: () => postgres!.stop() }
      } else places = sqlitePlaces(kind)
      chain = await startChain()
      rpc = await startFaultyRpc(chain.url)
      ada = createColophon({ signer: chain.accounts[1]! })
    })
    after(async () => {
      await rpc?.close()
      await chain?.stop()
      await places?.stop()
    })
    beforeEach(async () => {
      // Room for reorganisations that leave the contracts alone.
      await mine(100)
      Object.assign(rpc, { mostBlocks: Number.POSITIVE_INFINITY, mostLogs: Number.POSITIVE_INFINITY, silent: 0, lag: 0, untimed: false })
      rpc.refused.count = 0
      rpc.calls.clear()
      place = await places.next()
      database = await openDatabase(place)
      indexer = createIndexer({ provider: rpc.provider, database })
    })
    afterEach(() => database.close())

    const mine = (blocks: number): Promise<unknown> => chain.provider.send('anvil_mine', [`0x${blocks.toString(16)}`])
    const reorg = (depth: number): Promise<unknown> => chain.provider.send('anvil_reorg', [depth, []])
    const deposit = async (): Promise<Hex> => (await ada.deposits.create(newWork())).id
    const ids = async (limit?: number): Promise<Hex[]> =>
      (await createQueries(database).works(limit === undefined ? {} : { limit })).items.map(({ id }) => id)
    /** What the chain itself says, newest first. */
    const truth = async (): Promise<Hex[]> =>
      (await ada.events.list({ contract: 'CopyrightRegistry', event: 'Deposited' })).map(({ values }) => values.id as Hex).reverse()

    it('reads past and tip, each event once, and goes on where it was', async () => {
      const first = await deposit()
      await mine(50)
      const second = await deposit()
      const { block, head } = await indexer.sync()
      expect([block, head]).to.deep.equal([await chain.provider.getBlockNumber(), block])
      expect((await ids()).slice(0, 2)).to.deep.equal([second, first])
      const events = await database.all<{ count: string }>('SELECT CAST(COUNT(*) AS TEXT) AS count FROM events')
      expect((await indexer.sync()).added).to.equal(0)
      const third = await deposit()
      await database.close()
      database = await openDatabase(place)
      expect((await createIndexer({ provider: chain.provider, database }).sync()).added).to.equal(1)
      expect((await ids(1))[0]).to.equal(third)
      const status = await createQueries(database).status()
      expect(status).to.include({ chainId: 31_337, block: block + 1, events: Number(events[0]!.count) + 1 })
      const found = await createQueries(database).work(third)
      expect(found!.record.time.getTime()).to.equal(1000 * (await chain.provider.getBlock('latest'))!.timestamp)
    })

    for (const depth of kind === 'libsql' ? [8] : [8, 64])
      it(`takes back what a reorganisation of ${depth} blocks took, in the past and while it follows`, async () => {
        const kept = await deposit()
        await mine(depth)
        await deposit()
        await mine(depth - 2)
        await indexer.sync()
        await reorg(depth)
        const fresh = await deposit()
        const { removed, added } = await indexer.sync()
        expect([removed, added]).to.deep.equal([1, 1])
        expect((await ids(2)).slice(0, 2)).to.deep.equal([fresh, kept])

        const stop = new AbortController()
        let positions = 0
        const following = createIndexer({ provider: rpc.provider, database, pollInterval: 10 })
          .follow({ signal: stop.signal, onPosition: () => positions++ })
          .catch((fault: unknown) => fault)
        await deposit()
        await until(async () => (await ids(1))[0] !== fresh)
        await mine(depth - 2)
        const seen = positions
        await until(async () => positions > seen + 2)
        await reorg(depth)
        const last = await deposit()
        await until(async () => (await ids(1))[0] === last)
        expect(await ids()).to.deep.equal((await truth()).slice(0, 50))
        stop.abort(new Error('enough'))
        expect(await following).to.have.property('message', 'enough')
      })

    if (kind === 'postgres')
      it('has counted what it holds once it has caught up with many events, so that plans are not those of empty tables', async () => {
        const counted = async (): Promise<number> =>
          (await database.all<{ rows: number }>(`SELECT reltuples::int AS rows FROM pg_class WHERE oid = 'works'::regclass`))[0]!.rows
        await deposit()
        await indexer.sync()
        expect(await counted()).to.be.at.most(0)
        for (let time = 0; time < 5; time++) await ada.deposits.createMany(Array.from({ length: 200 }, newWork))
        await indexer.sync()
        expect(await counted()).to.be.greaterThan(1000)
      })

    it('belongs to one chain and its contracts', async () => {
      await indexer.sync()
      const { contracts } = chain.deployment
      const other = { chainId: 31_337, contracts: { CopyrightRegistry: contracts.CopyrightTitle! } }
      await expectError('DATABASE_FOREIGN', () => createIndexer({ provider: chain.provider, database, deployment: other }).sync())
      await expectError('WRONG_CHAIN', () =>
        createIndexer({ provider: chain.provider, database, deployment: { chainId: 5, contracts } }).sync(),
      )
      await database.transaction((transaction) => transaction.run("UPDATE meta SET value = '999' WHERE name = 'version'"))
      await expectError('DATABASE_FOREIGN', () => openDatabase(place))
    })

    if (kind === 'libsql') return

    it('is whole after it was killed in the middle of a back-fill, wherever that was', async function () {
      this.timeout(60_000)
      for (let count = 0; count < 6; count++) {
        await deposit()
        await mine(40)
      }
      // Small ranges make many transactions; each run is killed after another number of them.
      for (const lines of kind === 'node' ? [1, 4] : [2]) expect(await writeUntilKilled(lines)).to.equal(true)
      await indexer.sync()
      expect(await ids()).to.deep.equal((await truth()).slice(0, 50))
      const [twice] = await database.all('SELECT block FROM events GROUP BY block, log_index HAVING COUNT(*) > 1')
      expect(twice).to.equal(undefined)
    })

    /** Runs a process that indexes, and kills it when it has written so many lines. */
    async function writeUntilKilled(lines: number): Promise<boolean> {
      const child = spawn(process.execPath, [writer, chain.url, JSON.stringify(place)], { stdio: ['ignore', 'pipe', 'inherit'] })
      let said = ''
      child.stdout.on('data', (chunk: Buffer) => {
        said += chunk.toString()
        if (said.split('\n').length > lines) child.kill('SIGKILL')
      })
      return (await new Promise((resolve) => child.once('exit', (_, signal) => resolve(signal)))) === 'SIGKILL'
    }

    it('does no harm when two write it at once', async () => {
      for (let count = 0; count < 4; count++) {
        await deposit()
        await mine(30)
      }
      const second = await openDatabase(place)
      try {
        await Promise.all([
          createIndexer({ provider: chain.provider, database, range: 90 }).sync(),
          createIndexer({ provider: rpc.provider, database: second, range: 120 }).sync(),
        ])
        expect(await ids()).to.deep.equal((await truth()).slice(0, 50))
      } finally {
        await second.close()
      }
    })

    if (kind === 'postgres')
      it('goes on when the server has crashed', async () => {
        await deposit()
        const faults: string[] = []
        const stop = new AbortController()
        const following = createIndexer({ provider: chain.provider, database, pollInterval: 10 })
          .follow({ signal: stop.signal, onFault: ({ code }) => faults.push(code) })
          .catch((fault: unknown) => fault)
        await until(async () => (await ids(1)).length === 1)
        await postgres!.crash()
        const fresh = await deposit()
        await until(async () => (await ids(1).catch(() => []))[0] === fresh)
        expect(faults).to.include('DATABASE_UNREACHABLE')
        stop.abort()
        await following
      })

    if (kind !== 'node') return

    describe('before an RPC', () => {
      beforeEach(async () => {
        for (let count = 0; count < 3; count++) {
          await deposit()
          await mine(30)
        }
      })
      const fresh = (options: object = {}): Indexer => createIndexer({ provider: rpc.provider, database, pollInterval: 10, ...options })
      const isTrue = async (): Promise<void> => {
        expect(await ids()).to.deep.equal((await truth()).slice(0, 50))
      }

      it('that limits blocks asks for as many as it gives', async () => {
        rpc.mostBlocks = 17
        await fresh().sync()
        await isTrue()
      })

      it('that limits events asks for fewer blocks', async () => {
        rpc.mostLogs = 40
        await fresh().sync()
        await isTrue()
        const status = await createQueries(database).status()
        expect(status.works).to.equal((await truth()).length)
      })

      it('whose logs have no times reads them from the blocks', async () => {
        rpc.untimed = true
        await fresh().sync()
        const [newest] = (await createQueries(database).works({ limit: 1 })).items
        const block = await chain.provider.getBlock(newest!.record.block)
        expect(newest!.depositedAt.getTime()).to.equal(block!.timestamp * 1000)
      })

      it('that does not answer asks again', async () => {
        await rpc.provider.getBlockNumber()
        rpc.silent = 2
        const faults: string[] = []
        await fresh({ timeout: 200 }).sync({ onFault: ({ code }) => faults.push(code) })
        expect(faults).to.include('NETWORK_TIMEOUT')
        await isTrue()
      })

      it('that refuses for a while waits', async () => {
        rpc.refused = { count: 4, status: 503 }
        await fresh().sync()
        await isTrue()
      })

      it('that refuses for good says so at last', async function () {
        this.timeout(60_000)
        await rpc.provider.getBlockNumber()
        const controller = new AbortController()
        const faults: string[] = []
        rpc.silent = Number.POSITIVE_INFINITY
        const failed = fresh({ timeout: 20 }).sync({
          signal: controller.signal,
          onFault: ({ code }) => {
            faults.push(code)
            if (faults.length === 4) controller.abort(new Error('seen enough'))
          },
        })
        expect(await failed.catch((fault: unknown) => fault)).to.have.property('message', 'seen enough')
        expect(new Set(faults)).to.deep.equal(new Set(['NETWORK_TIMEOUT']))
      })

      it('half of whose servers lag behind misses nothing', async () => {
        rpc.lag = 5
        const stop = new AbortController()
        const following = fresh()
          .follow({ signal: stop.signal })
          .catch((fault: unknown) => fault)
        const made: Hex[] = []
        for (let count = 0; count < 4; count++) made.push(await deposit())
        await until(async () => (await ids(1))[0] === made.at(-1))
        await isTrue()
        stop.abort()
        await following
      })
    })
  })

describe('an index and a chain begun anew', () => {
  let chain: TestChain
  let places: TestPlaces
  let database: Database
  before(async () => {
    chain = await startChain()
    places = sqlitePlaces('node')
    database = await openDatabase(await places.next())
  })
  after(async () => {
    await database.close()
    await chain.stop()
    await places.stop()
  })

  it('refuses what is another one below what is final, and follows it within', async () => {
    const ada = createColophon({ signer: chain.accounts[1]! })
    const mine = (blocks: number): Promise<unknown> => chain.provider.send('anvil_mine', [`0x${blocks.toString(16)}`])
    const sync = (finality: number): ReturnType<Indexer['sync']> => createIndexer({ provider: chain.provider, database, finality }).sync()
    const { id: kept } = await ada.deposits.create(newWork())
    await mine(20)
    await ada.deposits.create(newWork())
    await mine(20)
    await sync(10)
    await mine(20)
    await sync(10)
    await chain.provider.send('anvil_reorg', [45, []])
    await expectError('REORG_TOO_DEEP', () => sync(10))
    expect((await sync(100)).removed).to.equal(1)
    expect((await createQueries(database).works()).items.map(({ id }) => id)).to.deep.equal([kept])
  })
})

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 1_000; tries++) {
    if (await condition()) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error('It never came to that.')
}
