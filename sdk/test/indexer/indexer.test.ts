import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { type Colophon, createColophon, type Hex } from '../../src/index.ts'
import { createIndexer, type Database, openDatabase } from '../../src/indexer/index.ts'
import { startChain, type TestChain } from '../chain.ts'
import { newWork } from '../deposits/works.ts'

describe('indexer', () => {
  let chain: TestChain
  let ada: Colophon
  let folder: string
  let database: Database
  before(async () => {
    chain = await startChain()
    ada = createColophon({ signer: chain.accounts[1]! })
    folder = mkdtempSync(join(tmpdir(), 'colophon-indexer-'))
  })
  after(async () => {
    await chain.stop()
    rmSync(folder, { recursive: true, force: true })
  })
  beforeEach(async () => {
    database = await openDatabase({ file: join(folder, `${Math.random()}.db`) })
  })
  afterEach(() => database.close())

  const mine = (blocks: number): Promise<unknown> => chain.provider.send('anvil_mine', [`0x${blocks.toString(16)}`])
  const deposit = async (): Promise<Hex> => (await ada.deposits.create(newWork())).id

  it('reads the past and the tip once', async () => {
    const first = await deposit()
    await mine(100)
    const second = await deposit()
    const indexer = createIndexer({ provider: chain.provider, database })
    const report = await indexer.sync()
    const head = await chain.provider.getBlockNumber()
    expect(report.block).to.equal(head)
    const { items } = await indexer.queries.works()
    expect(items.map(({ id }) => id)).to.deep.equal([second, first])
    expect((await indexer.sync()).added).to.equal(0)
    console.log(await indexer.queries.status())
  })

  for (const depth of [8, 64])
    it(`takes back what a reorganisation of ${depth} blocks took`, async () => {
      const indexer = createIndexer({ provider: chain.provider, database })
      const kept = await deposit()
      await mine(100)
      await deposit()
      await mine(depth - 2)
      await indexer.sync()
      await chain.provider.send('anvil_reorg', [depth, []])
      const fresh = await deposit()
      const { removed, added } = await indexer.sync()
      expect([removed, added]).to.deep.equal([1, 1])
      const { items } = await indexer.queries.works({ limit: 2 })
      expect(items.map(({ id }) => id)).to.deep.equal([fresh, kept])
    })
})
