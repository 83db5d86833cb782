import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from 'chai'
import { JsonRpcProvider } from 'ethers'
import { type Colophon, createColophon, type EventChange, type Hex } from '../../src/index.ts'
import { startChain, type TestChain } from '../chain.ts'
import { newWork } from '../deposits/works.ts'
import { expectError } from '../expectError.ts'

type Change = EventChange<'CopyrightRegistry', 'Deposited'>

const QUERY = { contract: 'CopyrightRegistry', event: 'Deposited', pollInterval: 20 } as const

describe('events', () => {
  let chain: TestChain
  let ada: Colophon
  /** First block of the test that runs. */
  let fromBlock: number
  before(async () => {
    chain = await startChain()
    ada = createColophon({ signer: chain.accounts[1]! })
  })
  // Room for reorganisations that leave the contracts alone.
  beforeEach(async () => {
    await mine(100)
    fromBlock = (await chain.provider.getBlockNumber()) + 1
  })
  after(() => chain.stop())

  const deposit = async (): Promise<Hex> => (await ada.deposits.create(newWork())).id
  const mine = (blocks: number): Promise<unknown> => chain.provider.send('anvil_mine', [`0x${blocks.toString(16)}`])
  const reorg = (depth: number): Promise<unknown> => chain.provider.send('anvil_reorg', [depth, []])

  /** The next changes, by kind and id. */
  async function take(watch: AsyncGenerator<Change>, count: number): Promise<string[]> {
    const taken: string[] = []
    while (taken.length < count) {
      const { value } = await watch.next()
      taken.push(`${value!.kind} ${value!.values.id}`)
    }
    return taken
  }

  it('are listed, with values and filters', async () => {
    const [first, second] = [await deposit(), await deposit()]
    const other = createColophon({ signer: chain.accounts[2]! })
    const { id: third } = await other.deposits.create(newWork())
    const all = await ada.events.list({ contract: 'CopyrightRegistry', event: 'Deposited' }, { fromBlock })
    expect(all.map(({ values }) => values.id)).to.deep.equal([first, second, third])
    expect(all[0]!.values.claimant).to.equal(chain.accounts[1]!.address)
    const where = { claimant: chain.accounts[2]!.address }
    const [only, ...rest] = await ada.events.list({ contract: 'CopyrightRegistry', event: 'Deposited', where }, { fromBlock })
    expect([only!.values.id, rest.length]).to.deep.equal([third, 0])
    expect(only!.blockHash).to.equal((await chain.provider.getBlock(only!.block))!.hash)
    await expectError('INVALID_INPUT', () => ada.events.list({ contract: 'Nobody', event: 'Deposited' } as never))
    await expectError('INVALID_INPUT', () => ada.events.list({ contract: 'CopyrightRegistry', event: 'Nothing' } as never))
    await expectError('INVALID_INPUT', () => ada.events.list({ ...QUERY, where: { metadata: '0x' } }))
    await expectError('INVALID_INPUT', () => ada.events.list({ ...QUERY, where: { claimant: 'me' } }))
  })

  it('are followed from a block on, then live, each once', async () => {
    const first = await deposit()
    const watch = ada.events.watch({ ...QUERY, fromBlock })
    expect(await take(watch, 1)).to.deep.equal([`added ${first}`])
    const later = take(watch, 2)
    const second = await deposit()
    await mine(3)
    const third = await deposit()
    expect(await later).to.deep.equal([`added ${second}`, `added ${third}`])
    await watch.return()
  })

  it('wait for confirmations', async () => {
    const watch = ada.events.watch({ ...QUERY, fromBlock, confirmations: 3 })
    const first = await deposit()
    let told = false
    const next = take(watch, 1).then((found) => {
      told = true
      return found
    })
    await mine(2)
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(told).to.equal(false)
    await mine(1)
    expect(await next).to.deep.equal([`added ${first}`])
    await watch.return()
  })

  for (const depth of [8, 64])
    it(`are taken back by a reorganisation of ${depth} blocks, newest first, and told again`, async () => {
      const kept = await deposit()
      await mine(3)
      const watch = ada.events.watch({ ...QUERY, fromBlock })
      expect(await take(watch, 1)).to.deep.equal([`added ${kept}`])
      const both = take(watch, 2)
      const lost = [await deposit(), await deposit()]
      expect(await both).to.deep.equal(lost.map((id) => `added ${id}`))
      await mine(depth - 2)
      await reorg(depth)
      expect(await take(watch, 2)).to.deep.equal([`removed ${lost[1]}`, `removed ${lost[0]}`])
      const after = take(watch, 1)
      const fresh = await deposit()
      expect(await after).to.deep.equal([`added ${fresh}`])
      // What a list says now is what was told and not taken back.
      const listed = await ada.events.list({ contract: 'CopyrightRegistry', event: 'Deposited' }, { fromBlock })
      expect(listed.map(({ values }) => values.id)).to.deep.equal([kept, fresh])
      await watch.return()
    })

  it('begin again when the reorganisation reaches behind everything that was seen, unless something was forgotten', async () => {
    const watch = ada.events.watch({ ...QUERY, fromBlock })
    const first = await deposit()
    expect(await take(watch, 1)).to.deep.equal([`added ${first}`])
    await reorg(2)
    expect(await take(watch, 1)).to.deep.equal([`removed ${first}`])
    await watch.return()

    const shallow = ada.events.watch({ ...QUERY, fromBlock, depth: 4 })
    const second = await deposit()
    expect(await take(shallow, 1)).to.deep.equal([`added ${second}`])
    const next = take(shallow, 2)
    await mine(10)
    const third = await deposit()
    await new Promise((resolve) => setTimeout(resolve, 200))
    await mine(10)
    const fourth = await deposit()
    expect(await next).to.deep.equal([`added ${third}`, `added ${fourth}`])
    await new Promise((resolve) => setTimeout(resolve, 200))
    await reorg(20)
    await expectError('REORG_TOO_DEEP', () => shallow.next())
  })

  it('survive an RPC that is away, says so, and loses nothing', async () => {
    const gate = await startGate(chain.url)
    const provider = new JsonRpcProvider(gate.url, undefined, { cacheTimeout: -1 })
    try {
      const faults: string[] = []
      const { events } = createColophon({ provider })
      const watch = events.watch({ ...QUERY, fromBlock, onFault: ({ code }) => faults.push(code) })
      const first = await deposit()
      expect(await take(watch, 1)).to.deep.equal([`added ${first}`])
      gate.open = false
      const next = take(watch, 1)
      const second = await deposit()
      while (faults.length < 2) await new Promise((resolve) => setTimeout(resolve, 20))
      gate.open = true
      expect(await next).to.deep.equal([`added ${second}`])
      expect(faults[0]).to.match(/^(NETWORK_|CHAIN_FAULT|RATE_LIMITED)/)
      await watch.return()
    } finally {
      provider.destroy()
      await gate.close()
    }
  })

  it('end with the signal, also while nothing comes', async () => {
    const controller = new AbortController()
    const reason = new Error('enough')
    const watch = ada.events.watch({ ...QUERY, signal: controller.signal })
    const next = watch.next()
    setTimeout(() => controller.abort(reason), 50)
    expect(await next.catch((fault: unknown) => fault)).to.equal(reason)
    expect((await watch.next()).done).to.equal(true)
  })
})

/** A server before the chain that can refuse for a while. */
async function startGate(url: string): Promise<{ url: string; open: boolean; close(): Promise<void> }> {
  const gate = { url: '', open: true, close: async () => {} }
  const server: Server = createServer(async (request, response) => {
    if (!gate.open) {
      response.writeHead(503).end()
      return
    }
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const answer = await fetch(url, { method: 'POST', body: Buffer.concat(chunks), headers: { 'content-type': 'application/json' } })
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  gate.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  gate.close = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return gate
}
