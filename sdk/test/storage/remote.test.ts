import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CarBlockIterator } from '@ipld/car'
import { expect } from 'chai'
import type { ColophonError } from '../../src/errors/base.ts'
import {
  createMemoryStore,
  openBlockStore,
  openGateways,
  openKuboStore,
  openPinningService,
  repair,
  replicasOf,
  replicate,
  type Storage,
  serviceTarget,
  storeTarget,
  type Target,
} from '../../src/storage/index.ts'
import { expectError } from '../expectError.ts'
import { type KuboLike, startGateway, startKubo, startKuboLike, startPinningService, TOKEN } from './servers.ts'

/** Bytes that do not repeat within a chunk. */
function pattern(size: number, seed = 0): Uint8Array {
  return Uint8Array.from({ length: size }, (_, at) => (at * 31 + (at >> 8) * 17 + (at >> 16) * 7 + seed) & 0xff)
}
const fast = { delay: 1, timeout: 20_000, retries: 2 }
const BIG = pattern(2_500_000)

/** What must hold of Kubo, whoever speaks its RPC. */
function kuboBehaviour(start: () => Promise<KuboLike>): void {
  let kubo: KuboLike
  let store: Storage
  before(async () => {
    kubo = await start()
    store = openKuboStore({ url: kubo.url, ...fast })
  })

  it('gives a file the same CID as the embedded store, and gives it back', async () => {
    const local = createMemoryStore()
    for (const bytes of [new Uint8Array(0), pattern(100), BIG]) {
      const { cid } = await store.put(bytes)
      expect(cid).to.equal((await local.put(bytes)).cid)
      expect(Buffer.compare(await store.get(cid), bytes)).to.equal(0)
      expect(await store.has(cid)).to.equal(true)
    }
  })

  it('pins, lists, unpins, and collects what nothing needs', async () => {
    const { cid } = await store.put(pattern(1_200_000, 5))
    expect(await store.pins()).to.include(cid)
    await store.collect()
    expect(await store.has(cid)).to.equal(true)
    await store.unpin(cid)
    await store.unpin(cid)
    expect(await store.pins()).to.not.include(cid)
    expect(await store.collect()).to.be.greaterThan(1)
    expect(await store.has(cid)).to.equal(false)
    await expectError('BLOCK_NOT_FOUND', () => store.get(cid))
    await expectError('BLOCK_NOT_FOUND', () => store.pin(cid))
  })

  it('takes and gives CARs', async () => {
    const local = createMemoryStore()
    const { cid } = await local.put(pattern(1_500_000, 9))
    await store.importCar({ open: () => local.exportCar(cid) })
    const other = createMemoryStore()
    await other.importCar({ open: () => store.exportCar(cid) })
    expect(Buffer.compare(await other.get(cid), pattern(1_500_000, 9))).to.equal(0)
  })
}

describe('storage: remote', function () {
  this.timeout(120_000)
  const stops: (() => Promise<void>)[] = []
  after(async () => {
    for (const stop of stops) await stop()
  })
  const kept = <Server extends { stop(): Promise<void> }>(server: Server): Server => {
    stops.push(server.stop)
    return server
  }

  describe('Kubo’s RPC', () => {
    kuboBehaviour(async () => kept(await startKuboLike()))

    it('survives faults that pass, and reports those that do not', async () => {
      const kubo = kept(await startKuboLike())
      const store = openKuboStore({ url: kubo.url, ...fast })
      kubo.faults.push(503, 429)
      const { cid } = await store.put(pattern(50))
      kubo.faults.push(503, 502, 500)
      await expectError('STORAGE_UNREACHABLE', () => store.get(cid))
      kubo.faults.push(403)
      await expectError('STORAGE_REFUSED', () => store.get(cid))
      kubo.capacity.lies = true
      const lie = await expectError('STORAGE_REFUSED', () => store.put(pattern(60)))
      expect(lie.message).to.include('not under its own name')
      delete kubo.capacity.lies
      kubo.capacity.bytes = 1000
      await expectError('STORAGE_FULL', () => store.put(pattern(5000)))
      kubo.blocks.set(cid, pattern(50, 1))
      await expectError('BLOCK_TAMPERED', () => store.get(cid))
      await kubo.stop()
      stops.pop()
      const fault = await expectError('STORAGE_UNREACHABLE', () => openKuboStore({ url: kubo.url, ...fast }).has(cid))
      expect(fault.details).to.include({ tries: 3 })
    })

    it('gives up on a server that never answers', async () => {
      const slow = kept(await startGateway(() => new Promise(() => {})))
      const gateways = openGateways([slow.url], { retries: 0, timeout: 50 })
      await expectError('STORAGE_UNREACHABLE', () => gateways.get('bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy'))
    })
  })

  describe('a real Kubo', function () {
    this.timeout(20 * 60_000)
    let kubo: Exclude<Awaited<ReturnType<typeof startKubo>>, { reason: string }>
    before(async function () {
      const started = await startKubo()
      if ('reason' in started) {
        console.log(`      skipped: ${started.reason}`)
        this.skip()
      }
      kubo = kept(started)
    })
    kuboBehaviour(async () => kubo)

    it('adds files under the same CIDs by itself, and its gateway’s blocks are the file’s', async () => {
      const cid = await kubo.add(BIG)
      expect(cid).to.equal((await createMemoryStore().put(BIG)).cid)
      expect(Buffer.compare(await openGateways([kubo.gateway], fast).get(cid), BIG)).to.equal(0)
    })
  })

  describe('gateways', () => {
    it('are asked in turn, and believed by the hash alone', async () => {
      const local = createMemoryStore()
      const { cid } = await local.put(BIG)
      const blocks = new Map<string, Uint8Array>()
      for await (const block of await CarBlockIterator.fromIterable(local.exportCar(cid))) blocks.set(block.cid.toString(), block.bytes)
      expect(blocks.size).to.be.greaterThan(3)
      const raw = async (asked: string): Promise<Uint8Array | undefined> => blocks.get(asked)
      const [honest, liar, down] = [kept(await startGateway(raw)), kept(await startGateway(raw, true)), kept(await startGateway(raw))]
      down.faults.push(...Array.from({ length: 100 }, () => 503))
      expect(Buffer.compare(await openGateways([down.url, liar.url, honest.url], { ...fast, retries: 0 }).get(cid), BIG)).to.equal(0)
      expect(liar.requests.length, 'the liar was asked').to.be.greaterThan(0)
      await expectError('BLOCK_TAMPERED', () => openGateways([liar.url], fast).get(cid))
      const empty = kept(await startGateway(async () => undefined))
      await expectError('BLOCK_NOT_FOUND', () => openGateways([empty.url], fast).get(cid))
      await expectError('STORAGE_NOT_WRITABLE', () => openGateways([honest.url], fast).put(BIG))
    })
  })

  describe('the Pinning Service API', () => {
    it('pins once, lists page by page, and unpins', async () => {
      const server = kept(await startPinningService())
      const service = openPinningService({ url: server.url, token: TOKEN, origins: ['/ip4/127.0.0.1/tcp/4001'], ...fast })
      const local = createMemoryStore()
      const cids: string[] = []
      for (let index = 0; index < 230; index++) cids.push((await local.putBlock(pattern(10, index))).cid)
      const first = await service.pin(cids[0]!, { name: 'a document' })
      expect(first).to.include({ cid: cids[0], status: 'queued', name: 'a document' })
      expect(await service.pin(cids[0]!)).to.include({ requestId: first.requestId })
      expect(server.records).to.have.length(1)
      expect(server.records[0]!.pin.origins).to.deep.equal(['/ip4/127.0.0.1/tcp/4001'])
      for (const cid of cids.slice(1)) await service.pin(cid)
      for (const record of server.records) record.status = 'pinned'
      const listed: string[] = []
      for await (const { cid } of service.list()) listed.push(cid)
      expect(listed.sort()).to.deep.equal([...cids].sort())
      expect(await service.unpin(cids[0]!)).to.equal(1)
      expect(await service.unpin(cids[0]!)).to.equal(0)
      expect(await service.find(cids[0]!)).to.equal(undefined)
    })

    it('says what the service says, and never the token', async () => {
      const server = kept(await startPinningService())
      const cid = (await createMemoryStore().putBlock(pattern(9))).cid
      const denied = await expectError('STORAGE_REFUSED', () => openPinningService({ url: server.url, token: 'wrong', ...fast }).pin(cid))
      expect(denied.shortMessage).to.include('401').and.include('UNAUTHORIZED')
      expect(JSON.stringify(denied.toJSON())).to.not.include('wrong')
      await expectError('CID_INVALID', () => openPinningService({ url: server.url, token: TOKEN }).pin('nonsense'))
      server.faults.push(500, 500, 500, 500)
      await expectError('STORAGE_UNREACHABLE', () => openPinningService({ url: server.url, token: TOKEN, ...fast }).pin(cid))
      const html = kept(await startGateway(async () => undefined))
      await expectError('STORAGE_REFUSED', () => openPinningService({ url: html.url, token: TOKEN, ...fast }).pin(cid))
    })
  })

  describe('replication', () => {
    it('spreads a file by its policy, leaves alone what is there, and takes up where it stopped', async () => {
      const from = createMemoryStore()
      const { cid } = await from.put(BIG)
      const kubo = kept(await startKuboLike())
      const pinning = kept(await startPinningService())
      const second = createMemoryStore()
      const targets: Target[] = [
        storeTarget('another store', second),
        storeTarget('Kubo', openKuboStore({ url: kubo.url, ...fast })),
        serviceTarget('service', openPinningService({ url: pinning.url, token: TOKEN, ...fast }), { patience: 2000 }),
      ]
      // Down in the middle of the transfer: the first block arrives, the next one does not.
      kubo.capacity.bytes = 1_100_000
      const short = await expectError('REPLICATION_SHORT', () => replicate(cid, from, targets))
      expect((short.details.replicas as { holding: string }[]).map(({ holding }) => holding)).to.deep.equal(['pinned', 'missing', 'pinned'])
      expect((await replicate(cid, from, targets, { needed: 2 })).map(({ before }) => before)).to.deep.equal([true, false, true])
      kubo.capacity.bytes = Number.POSITIVE_INFINITY
      let bytes = 0
      const done = await replicate(cid, from, targets, { onProgress: ({ done: sent }) => (bytes = Math.max(bytes, sent)) })
      expect(done.map(({ holding, before }) => [holding, before])).to.deep.equal([
        ['pinned', true],
        ['pinned', false],
        ['pinned', true],
      ])
      expect(bytes, 'progress counts the bytes').to.be.greaterThan(BIG.length)
      expect((await replicasOf(cid, targets)).map(({ holding }) => holding)).to.deep.equal(['pinned', 'pinned', 'pinned'])
      // A pin whose blocks are gone is no copy.
      kubo.blocks.delete([...kubo.blocks.keys()][0]!)
      expect((await replicasOf(cid, targets))[1]!.holding).to.equal('missing')
    })

    it('sends no block twice after a transfer that was broken off', async () => {
      const from = createMemoryStore()
      // Every block is another one.
      const { cid } = await from.put(Uint8Array.from({ length: 12 << 20 }, (_, at) => (at * 2_654_435_761) >>> (7 + ((at >>> 20) & 7))))
      const kubo = kept(await startKuboLike())
      const target = storeTarget('Kubo', openKuboStore({ url: kubo.url, ...fast }))
      kubo.capacity.bytes = 6 << 20
      await expectError('REPLICATION_SHORT', () => replicate(cid, from, [target]))
      const arrived = new Set(kubo.blocks.keys())
      expect(arrived.size).to.be.within(3, 11)
      kubo.capacity.bytes = Number.POSITIVE_INFINITY
      kubo.requests.length = 0
      expect((await replicate(cid, from, [target]))[0]!.holding).to.equal('pinned')
      const puts = kubo.requests.filter((each) => each.includes('block/put')).length
      expect(puts).to.equal(kubo.blocks.size - arrived.size)
      // A new transfer does not ask for every block whether it is there.
      const other = kept(await startKuboLike())
      await replicate(cid, from, [storeTarget('another', openKuboStore({ url: other.url, ...fast }))])
      expect(other.requests.filter((each) => each.includes('block/stat')).length).to.be.below(5)
    })

    it('reports a service that fails or is still fetching, and stops when told to', async () => {
      const from = createMemoryStore()
      const { cid } = await from.put(pattern(100))
      const server = kept(await startPinningService())
      const target = serviceTarget('service', openPinningService({ url: server.url, token: TOKEN, ...fast }), { patience: 600 })
      server.becomes = 'pinning'
      expect((await replicate(cid, from, [target], { needed: 0 }))[0]!.holding).to.equal('pending')
      server.becomes = 'failed'
      const short = await expectError('REPLICATION_SHORT', () => replicate(cid, from, [target]))
      expect(JSON.stringify(short.details)).to.include('could not fetch')
      const stopped = AbortSignal.abort(new Error('enough'))
      await replicate(cid, from, [target], { signal: stopped }).then(
        () => expect.fail('it should stop'),
        (fault: Error) => expect(fault.message).to.equal('enough'),
      )
      await expectError('REPLICATION_SHORT', () => replicate(cid, from, [target], { needed: 2 }))
      await expectError('BLOCK_NOT_FOUND', () => replicate('bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy', from, [target]))
    })

    it('repairs a store from whoever has the true blocks', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'colophon-repair-'))
      try {
        const store = await openBlockStore(folder)
        const source = createMemoryStore()
        const { cid } = await store.put(BIG)
        await source.put(BIG)
        expect(await repair(cid, store, [source])).to.equal(false)
        const shards = join(folder, 'blocks')
        const files = readdirSync(shards).flatMap((shard) => readdirSync(join(shards, shard)).map((name) => join(shards, shard, name)))
        writeFileSync(files[0]!, 'not the block')
        rmSync(files[1]!)
        expect(
          await repair(cid, store, []).then(
            () => 'done',
            (fault: ColophonError) => fault.code,
          ),
        ).to.equal('BLOCK_NOT_FOUND')
        expect(await repair(cid, store, [createMemoryStore(), source])).to.equal(true)
        expect(Buffer.compare(await store.get(cid), BIG)).to.equal(0)
        await store.close()
      } finally {
        rmSync(folder, { recursive: true, force: true })
      }
    })
  })
})
