import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Ajv2020 from 'ajv/dist/2020.js'
import { expect } from 'chai'
import { parseEther } from 'ethers'
import fc from 'fast-check'
import { pinWork } from '../../src/document/index.ts'
import { fingerprint } from '../../src/fingerprint/index.ts'
import { type Colophon, createColophon, type Hex } from '../../src/index.ts'
import {
  createIndexer,
  type Database,
  type DocumentSource,
  type Indexer,
  type IndexService,
  openApiDocument,
  openDatabase,
  type Queries,
  serveIndex,
} from '../../src/indexer/index.ts'
import { createSimilarityIndex, type SimilarityIndex } from '../../src/search/index.ts'
import { createMemoryStore, type Storage } from '../../src/storage/index.ts'
import { startChain, type TestChain } from '../chain.ts'
import { newWork } from '../deposits/works.ts'
import { expectError } from '../expectError.ts'
import { ESSAY, PHOTO } from '../fingerprint/media.ts'
import { needPeer } from '../needPeer.ts'
import { startToken } from '../tokens.ts'
import { startPostgres, type TestPostgres } from './databases.ts'

/** What happens on the chain is the same for both databases. */
interface Life {
  photo: Hex
  essay: Hex
  sealed: Hex
  song: Hex
  remix: Hex
  clip: Hex
  license: Hex
  claim: Hex
  token: string
}

describe('queries of an index', () => {
  let chain: TestChain
  let life: Life
  let storage: Storage
  let hidden: boolean
  let ada: Colophon
  let bob: Colophon
  let cleo: Colophon
  const address = (account: number): string => chain.accounts[account]!.address
  /** The storage, which can be out of reach. */
  const reach: DocumentSource = {
    get: async (cid, options) => {
      if (hidden) throw new Error('out of reach')
      return await storage.get(cid, options)
    },
  }

  before(async function () {
    this.timeout(120_000)
    chain = await startChain()
    ;[ada, bob, cleo] = [1, 2, 3].map((index) => createColophon({ signer: chain.accounts[index]! })) as [Colophon, Colophon, Colophon]
    storage = createMemoryStore()
    life = await live()
  })
  after(() => chain.stop())

  async function live(): Promise<Life> {
    const photograph = await fingerprint(PHOTO, { layers: 'signature' })
    const text = await fingerprint(ESSAY)
    const photoDocument = await pinWork(storage, photograph, { title: 'Crème brûlée at the Café', creators: [{ name: 'Ada Lovelace' }] })
    const essayDocument = await pinWork(storage, text, { title: '论版权页与咖啡', creators: [{ name: 'Bob' }, { name: 'ADA  LOVELACE' }] })
    const { id: photo } = await ada.deposits.create({ fingerprint: photograph, document: photoDocument })
    await chain.pass(3_600)
    const { id: essay } = await bob.deposits.create({ fingerprint: text, document: essayDocument })

    const secret = await ada.deposits.prepareSeal(newWork())
    await ada.deposits.seal(secret)
    await chain.pass(86_400)
    const { id: sealed } = await ada.deposits.unseal(secret)
    expect(secret.commitment).to.equal(sealed)

    const [song, remix, clip] = [
      (await ada.deposits.create(newWork())).id,
      (await bob.deposits.create(newWork())).id,
      (await cleo.deposits.create(newWork())).id,
    ]
    await ada.revenue.grantDerivative({ parent: song, child: remix, percent: 10 })
    await bob.revenue.registerDerivative({ child: remix, parents: [{ workId: song, percent: 10 }] })
    await bob.revenue.grantDerivative({ parent: remix, child: clip, percent: 5 })
    await cleo.revenue.registerDerivative({ child: clip, parents: [{ workId: remix, percent: 5 }] })
    await cleo.revenue.pay({ workId: clip, amount: 10_001n })
    await bob.revenue.sweep({ child: clip, ancestor: song })

    await ada.titles.mint({ workId: photo })
    const offer = await ada.licenses.sign({
      workId: photo,
      price: parseEther('0.05'),
      rights: ['display'],
      duration: { days: 30 },
      renewable: true,
      transferable: true,
      supply: 2,
    })
    const { licenseId: license } = await bob.licenses.acquire({ offer })
    await bob.licenses.renew({ licenseId: license, offer })
    await bob.licenses.transfer({ licenseId: license, to: address(3) })
    await cleo.licenses.acquire({ offer })
    await ada.titles.transfer({ workId: photo, to: address(4) })

    const token = await startToken(chain)
    const tokenAddress = await token.getAddress()
    const huge = 2n ** 120n
    await (await token.getFunction('mint')(address(2), 3n * huge)).wait()
    await bob.revenue.pay({ workId: essay, amount: huge, currency: tokenAddress })
    await chain.pass(40 * 86_400)
    await bob.revenue.pay({ workId: essay, amount: huge + 1n, currency: tokenAddress })
    await bob.revenue.payDirect({ workId: essay, amount: 7n })

    const evidence = `0x${'ab'.repeat(32)}`
    const { id: claim } = await bob.claims.file({ workId: essay, respondent: address(3), evidence })
    await cleo.claims.respond({ claim, evidence: 'ipfs://cleo-says' })
    const { id: second } = await bob.claims.file({ workId: essay, suspectId: song, evidence })
    await bob.claims.retract({ claim: second })
    return { photo, essay, sealed, song, remix, clip, license, claim, token: tokenAddress }
  }

  for (const kind of ['sqlite', 'postgres'] as const)
    describe(kind === 'sqlite' ? 'in SQLite' : 'in PostgreSQL', () => {
      let postgres: TestPostgres | undefined
      let folder: string
      let database: Database
      let similarity: SimilarityIndex
      let indexer: Indexer
      let queries: Queries
      if (kind === 'postgres') needPeer('pg')
      before(async function () {
        this.timeout(300_000)
        folder = mkdtempSync(join(tmpdir(), 'colophon-queries-'))
        if (kind === 'postgres') {
          postgres = await startPostgres()
          if (postgres === undefined) return this.skip()
          database = await openDatabase({ postgres: await postgres.create() })
        } else database = await openDatabase({ file: join(folder, 'index', 'chain.db') })
        similarity = await createSimilarityIndex()
        indexer = createIndexer({ provider: chain.provider, database, storage: reach, similarity })
        queries = indexer.queries
      })
      after(async () => {
        await database?.close()
        await similarity?.close()
        await postgres?.stop()
        rmSync(folder, { recursive: true, force: true })
      })

      it('go on without documents, and find them when they are in reach', async () => {
        hidden = true
        await indexer.sync()
        expect(await queries.status()).to.deep.include({ works: 6, documents: { found: 0, missing: 6, invalid: 0 } })
        expect((await queries.work(life.photo))!).to.include({ title: undefined, documentState: 'missing', media: 'image' })
        expect((await queries.works({ text: 'cafe' })).items).to.deep.equal([])
        expect(await similarity.size()).to.equal(6)
        hidden = false
        await indexer.sync()
        // They are asked for again after a while.
        expect((await queries.status()).documents.found).to.equal(0)
        await database.transaction((transaction) => transaction.run('UPDATE documents SET retry_at = 0'))
        await indexer.sync()
        expect((await queries.status()).documents).to.deep.equal({ found: 2, missing: 4, invalid: 0 })
        const photo = await queries.work(life.photo)
        expect(photo).to.deep.include({ title: 'Crème brûlée at the Café', documentState: 'found', media: 'image' })
        expect(photo!.document!.creators).to.deep.equal([{ name: 'Ada Lovelace' }])
      })

      it('find works by words of their titles, whatever the case and accents, also Chinese', async () => {
        const found = async (text: string): Promise<Hex[]> => (await queries.works({ text })).items.map(({ id }) => id)
        expect(await found('CAFE creme')).to.deep.equal([life.photo])
        expect(await found('creme caf')).to.deep.equal([life.photo])
        expect(await found('caf tea')).to.deep.equal([])
        expect(await found('版权')).to.deep.equal([life.essay])
        expect(await found('版权页与咖')).to.deep.equal([life.essay])
        expect(await found('权版')).to.deep.equal([])
        expect(await found("'; DROP TABLE works; --")).to.deep.equal([])
        await expectError('INVALID_INPUT', () => queries.works({ text: ' … ' }))
      })

      it('find works by who, when and what', async () => {
        const ids = async (query: Parameters<Queries['works']>[0]): Promise<Hex[]> =>
          (await queries.works({ order: 'oldest', ...query })).items.map(({ id }) => id)
        expect(await ids({ claimant: address(1) })).to.deep.equal([life.photo, life.sealed, life.song])
        expect(await ids({ creator: 'ada lovelace' })).to.deep.equal([life.photo, life.essay])
        expect(await ids({ rightsHolder: address(4) })).to.deep.equal([life.photo])
        expect(await ids({ rightsHolder: address(1) })).to.deep.equal([life.sealed, life.song])
        expect(await ids({ media: 'text' })).to.deep.equal([life.essay])
        expect(await ids({ media: 'audio' })).to.deep.equal([])
        const [photo, essay, sealed] = [
          (await queries.work(life.photo))!,
          (await queries.work(life.essay))!,
          (await queries.work(life.sealed))!,
        ]
        expect(await ids({ contentHash: photo.work.contentHash })).to.deep.equal([life.photo])
        expect(photo).to.include({ rightsHolder: address(4), claimant: address(1), hasTitle: true, isRefuted: false })
        // A sealed work counts from its seal.
        expect(sealed.record.time.getTime() - sealed.depositedAt.getTime()).to.be.at.least(86_400_000)
        expect(await ids({ from: essay.depositedAt, until: sealed.record.time })).to.deep.equal([life.essay, life.sealed])
        const truth = await ada.deposits.get(life.sealed)
        expect(sealed.depositedAt.getTime()).to.equal(truth!.depositedAt * 1000)
        expect(await queries.work(`0x${'12'.repeat(32)}`)).to.equal(undefined)
        for (const bad of [{ media: 'smell' }, { limit: 0 }, { limit: 501 }, { cursor: 'x' }, { from: 'now' }, { order: 'best' }])
          await expectError('INVALID_INPUT', () => queries.works(bad as never))
        await expectError('INVALID_ADDRESS', () => queries.works({ claimant: 'me' }))
      })

      it('give pages that hold each work once', async () => {
        for (const order of ['newest', 'oldest'] as const) {
          const seen: Hex[] = []
          let cursor: string | undefined
          do {
            const page = await queries.works({ limit: 2, order, ...(cursor === undefined ? {} : { cursor }) })
            seen.push(...page.items.map(({ id }) => id))
            cursor = page.next
          } while (cursor !== undefined)
          const all = [life.photo, life.essay, life.sealed, life.song, life.remix, life.clip]
          expect(seen).to.deep.equal(order === 'oldest' ? all : all.reverse())
        }
      })

      it('find licenses by holder and work, as the chain has them', async () => {
        const { items } = await queries.licenses({ holder: address(3), order: 'oldest' })
        expect(items.map(({ workId }) => workId)).to.deep.equal([life.photo, life.photo])
        const truth = await ada.licenses.get(life.license)
        const { holder, start, until, rights, territories, exclusive, duration, transferable } = items[0]!
        expect({ holder, start, until, rights, territories, exclusive, duration, transferable }).to.deep.equal({
          ...{ holder: truth!.owner, start: truth!.start, until: truth!.until, rights: truth!.rights, territories: truth!.territories },
          ...{ exclusive: truth!.exclusive, duration: truth!.duration, transferable: truth!.transferable },
        })
        expect((await queries.licenses({ holder: address(2) })).items).to.deep.equal([])
        expect((await queries.licenses({ workId: life.photo })).items.length).to.equal(2)
        // The clock of the chain has run ahead of ours.
        expect((await queries.licenses({ running: true })).items.length).to.equal(2)
      })

      it('add revenue up by period and currency, without losing a unit', async () => {
        const months = await queries.revenue({ workId: life.essay })
        const tokens = months.filter(({ currency }) => currency === life.token)
        expect(tokens.map(({ received, payments }) => [received, payments])).to.deep.equal([
          [2n ** 120n, 1],
          [2n ** 120n + 1n, 1],
        ])
        expect(months.filter(({ currency }) => currency === 'native').map(({ received }) => received)).to.deep.equal([7n])
        const [all] = await queries.revenue({ workId: life.essay, period: 'all', currency: life.token })
        expect(all!.received).to.equal(2n ** 121n + 1n)
        const [royalty] = await queries.revenue({ workId: life.song, period: 'year' })
        // A tenth of 10,001: in millionths, so that nothing is rounded.
        expect(royalty!.royaltyGrains).to.equal(1_000_100_000n)
        expect(royalty!.royalties).to.equal(1)
        const ofAda = await queries.revenue({ claimant: address(1), period: 'all', currency: 'native' })
        expect(ofAda[0]!.received).to.equal(parseEther('0.15'))
        expect(await queries.revenue({ workId: life.essay, until: 1 })).to.deep.equal([])
        await expectError('INVALID_INPUT', () => queries.revenue({ period: 'week' as never }))
        const days = await queries.revenue({ period: 'day' })
        expect(days.every(({ start }) => start.getTime() % 86_400_000 === 0)).to.equal(true)
      })

      it('find claims by how far they have come', async () => {
        const [claim] = (await queries.claims({ phase: 'answered' })).items
        const truth = await ada.claims.status(life.claim)
        expect(claim).to.deep.include({ id: life.claim, workId: life.essay, respondent: address(3), bond: truth.bond, outcome: 'none' })
        expect((await queries.claims({ outcome: 'retracted' })).items.map(({ phase, suspectId }) => [phase, suspectId])).to.deep.equal([
          ['closed', life.song],
        ])
        expect((await queries.claims({ respondent: address(3) })).items.length).to.equal(1)
        expect((await queries.claims({ workId: life.essay })).items.length).to.equal(2)
        expect((await queries.claims({ phase: 'filed' })).items).to.deep.equal([])
        await expectError('INVALID_INPUT', () => queries.claims({ phase: 'open' as never }))
      })

      it('walk the graph of derivatives both ways', async () => {
        const graph = await queries.derivatives(life.remix)
        expect(graph.edges.map(({ child, parent, sharePercent }) => [child, parent, sharePercent])).to.deep.equal([
          [life.remix, life.song, 10],
          [life.clip, life.remix, 5],
        ])
        expect(graph.works).to.have.members([life.remix, life.song, life.clip])
        expect((await queries.derivatives(life.clip, { direction: 'ancestors', depth: 1 })).isCut).to.equal(true)
        expect((await queries.derivatives(life.clip, { direction: 'ancestors' })).edges.length).to.equal(2)
        expect((await queries.derivatives(life.song, { limit: 1 })).isCut).to.equal(true)
        expect((await queries.derivatives(life.photo)).works).to.deep.equal([life.photo])
      })

      it('give every event of every contract, typed as the events client has them', async () => {
        const { items } = await queries.events({ contract: 'CopyrightRegistry', event: 'Deposited', order: 'oldest' })
        const truth = await ada.events.list({ contract: 'CopyrightRegistry', event: 'Deposited' })
        expect(items.map(({ time: _, ...event }) => event)).to.deep.equal(truth)
        expect(items[0]!.time).to.deep.equal((await queries.work(life.photo))!.record.time)
        expect((await queries.events({ toBlock: items[0]!.block, fromBlock: items[0]!.block })).items.length).to.equal(1)
        await expectError('INVALID_INPUT', () => queries.events({ event: 'Deposited' } as never))
        await expectError('INVALID_INPUT', () => queries.events({ contract: 'Nobody' } as never))
      })

      it('let the similarity index follow, and forget what a reorganisation took', async () => {
        expect(await similarity.size()).to.equal(6)
        const essay = await fingerprint(ESSAY)
        const [hit] = await similarity.search(essay, { k: 1 })
        expect(hit!.id).to.equal(life.essay)
        // Its passages came with its features, after its document.
        expect(hit!.keys!.shared).to.be.greaterThan(100)
        await chain.provider.send('anvil_mine', ['0x4'])
        const { id } = await cleo.deposits.create(newWork())
        await indexer.sync()
        expect(await similarity.has(id)).to.equal(true)
        await chain.provider.send('anvil_reorg', [2, []])
        await chain.provider.send('anvil_mine', ['0x1'])
        expect((await indexer.sync()).removed).to.equal(1)
        expect(await similarity.has(id)).to.equal(false)
        expect(await similarity.size()).to.equal(6)
      })

      it('take no harm from anything that is searched for', async () => {
        await fc.assert(
          fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 40 }), async (text) => {
            await queries.works({ creator: text })
            await queries.works({ text: `${text} 1` })
          }),
          { numRuns: 60 },
        )
      })

      if (kind === 'postgres') return

      describe('over HTTP', () => {
        let service: IndexService
        before(async () => {
          service = await serveIndex({ queries, similarity, port: 0 })
        })
        after(() => service.close())
        // biome-ignore lint/suspicious/noExplicitAny: what comes is checked against its schema
        const get = async (path: string): Promise<{ status: number; body: any; headers: Headers }> => {
          const answer = await fetch(`${service.url}${path}`)
          return { status: answer.status, body: await answer.json(), headers: answer.headers }
        }

        it('answer as their description says, everywhere', async () => {
          const { body: description, headers } = await get('/openapi.json')
          expect(description).to.deep.equal(JSON.parse(JSON.stringify(openApiDocument('1.0.0'))))
          expect(description.openapi).to.equal('3.1.0')
          expect(headers.get('access-control-allow-origin')).to.equal('*')
          expect(new URL(service.url).hostname).to.equal('127.0.0.1')
          const ajv = new Ajv2020.default({ strict: false, validateFormats: false })
          ajv.addSchema({ $id: 'api', ...description })
          const code = (await queries.work(life.photo))!.work.fingerprint
          for (const path of Object.keys(description.paths)) {
            const id = path.endsWith('/derivatives') ? life.remix : life.photo
            const asked = path.replace('{id}', id) + (path === '/similar' ? `?fingerprint=${code}` : '')
            const { status, body } = await get(asked)
            expect(status, asked).to.equal(200)
            const list = body.items ?? body
            expect(Array.isArray(list) ? list.length : 1, `${asked} has nothing to check`).to.be.greaterThan(0)
            const pointer = `api#/paths/${path.replaceAll('/', '~1')}/get/responses/200/content/application~1json/schema`
            const valid = ajv.validate({ $ref: encodeURI(pointer) }, body)
            expect(valid, `${asked}: ${ajv.errorsText()}`).to.equal(true)
          }
        })

        it('take every parameter of the description, and no other', async () => {
          const { items } = (await get(`/works?claimant=${address(1)}&order=oldest&limit=1`)).body
          expect(items.map(({ id }: { id: Hex }) => id)).to.deep.equal([life.photo])
          const { next } = (await get('/works?limit=4')).body
          expect((await get(`/works?limit=4&cursor=${next}`)).body.items.length).to.equal(2)
          expect((await get(`/licenses?holder=${address(3)}&running=true`)).body.items.length).to.equal(2)
          expect((await get('/claims?phase=answered')).body.items[0].bond).to.be.a('string')
          expect((await get(`/works?from=2020-01-01&text=${encodeURIComponent('版权')}`)).body.items.length).to.equal(1)
          for (const bad of [
            '/works?limit=501',
            '/works?limit=1&limit=2',
            '/works?colour=red',
            '/works?__proto__=1',
            '/works?claimant=me',
            '/works?from=yesterday',
            '/revenue?period=week',
            '/similar',
            '/similar?fingerprint=0x12',
            '/events?event=Deposited',
          ]) {
            const { status, body } = await get(bad)
            expect(status, bad).to.equal(400)
            expect(body.error.code, bad).to.equal('INVALID_INPUT')
          }
          for (const nothing of ['/secrets', `/works/0x${'12'.repeat(32)}`, '/works/1', '/../etc/passwd'])
            expect((await get(nothing)).status, nothing).to.equal(404)
          expect((await get(`/works?text=${'a'.repeat(5_000)}`)).status).to.equal(414)
        })

        it('are read only, and allow pages of other origins only what they ask for', async () => {
          for (const method of ['POST', 'PUT', 'DELETE']) {
            const answer = await fetch(`${service.url}/works`, { method, body: 'x' })
            expect(answer.status).to.equal(405)
            expect(answer.headers.get('allow')).to.equal('GET, HEAD, OPTIONS')
          }
          expect((await fetch(`${service.url}/works`, { method: 'OPTIONS' })).status).to.equal(204)
          expect((await fetch(`${service.url}/works`, { method: 'HEAD' })).status).to.equal(200)
          const closed = await serveIndex({ queries, port: 0, cors: false })
          try {
            expect((await fetch(`${closed.url}/status`)).headers.get('access-control-allow-origin')).to.equal(null)
            expect((await fetch(`${closed.url}/similar?fingerprint=0x${'00'.repeat(32)}`)).status).to.equal(404)
          } finally {
            await closed.close()
          }
          await expectError('PORT_TAKEN', () => serveIndex({ queries, port: Number(new URL(service.url).port) }))
          await expectError('SERVICE_FAILED', () => serveIndex({ queries, port: 0, host: '192.0.2.1' }))
        })

        it('tell their health, and hide what a database says', async () => {
          expect((await get('/health')).body).to.deep.equal({ status: 'ok' })
          service.report({ block: 7, head: 9 })
          expect((await get('/health')).body).to.include({ status: 'ok', block: 7, head: 9 })
          service.report(await expectError('INVALID_INPUT', () => queries.works({ limit: 0 })))
          expect(await get('/health')).to.deep.include({ status: 503 })
          const broken = await serveIndex({
            queries: { ...queries, status: () => Promise.reject(new TypeError('secret')) },
            ...{ port: 0, atOnce: 1, patience: 0 },
          })
          try {
            const failed = await fetch(`${broken.url}/status`)
            expect(failed.status).to.equal(500)
            expect(await failed.text()).not.to.include('secret')
            broken.report({ block: 1, head: 1 })
            await new Promise((resolve) => setTimeout(resolve, 100))
            expect(((await (await fetch(`${broken.url}/health`)).json()) as { status: string }).status).to.equal('behind')
          } finally {
            await broken.close()
          }
        })

        it('answer only so many at once', async () => {
          let release!: () => void
          const held = new Promise<void>((resolve) => (release = resolve))
          const slow = await serveIndex({
            queries: { ...queries, works: async () => await held.then(() => ({ items: [], next: undefined })) },
            ...{ port: 0, atOnce: 1 },
          })
          try {
            const first = fetch(`${slow.url}/works`)
            let second: Response
            do second = await fetch(`${slow.url}/status`)
            while (second.status === 200)
            expect([second.status, second.headers.get('retry-after')]).to.deep.equal([503, '1'])
            release()
            expect((await first).status).to.equal(200)
            expect((await fetch(`${slow.url}/status`)).status).to.equal(200)
          } finally {
            await slow.close()
          }
        })
      })
    })
})
