import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createMPT } from '@ethereumjs/mpt'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect } from 'chai'
import { hexlify, JsonRpcProvider, keccak256, randomBytes } from 'ethers'
import fc from 'fast-check'
import { createDeposits, type DepositReceipt, type Hex, parseReceipt } from '../../src/index.ts'
import { readEventProof } from '../../src/proof/index.ts'
import { readTrie } from '../../src/proof/trie.ts'
import { proveInTrie } from '../../src/proof/trieProof.ts'
import { proveDeposit, type Verification, verify } from '../../src/verify/index.ts'
import { startChain, type TestChain } from '../chain.ts'
import { newWork } from '../deposits/works.ts'
import { expectError } from '../expectError.ts'
import { receiptsOfEveryKind } from './everyKind.ts'

const statusOf = ({ checks }: Verification, name: string): string | undefined => checks.find((check) => check.name === name)?.status

/** An RPC that serves some methods not at all, and changes the answers of others. */
class Poor extends JsonRpcProvider {
  readonly lacks: readonly string[]
  readonly twist: (method: string, answer: unknown) => unknown
  constructor(url: string, lacks: readonly string[], twist: (method: string, answer: unknown) => unknown = (_, answer) => answer) {
    super(url, 31_337, { staticNetwork: true, cacheTimeout: -1 })
    this.lacks = lacks
    this.twist = twist
  }
  override async send(method: string, params: unknown[]): Promise<unknown> {
    if (this.lacks.includes(method))
      throw Object.assign(new Error(`the method ${method} does not exist`), { code: 'UNSUPPORTED_OPERATION' })
    return this.twist(method, await super.send(method, params as never[]))
  }
}

describe('proof: the event of a deposit from one block hash', function () {
  this.timeout(60_000)
  let chain: TestChain
  let poor: Poor
  const ajv = new Ajv2020({ strict: true, strictRequired: false })
  const valid = ajv.compile(JSON.parse(readFileSync(join(import.meta.dirname, '../../schema/deposit-receipt-v1.json'), 'utf8')))
  const receipts: Partial<Record<DepositReceipt['kind'], DepositReceipt>> = {}
  const hashOf = (receipt: DepositReceipt): Hex => keccak256(receipt.eventProof!.header) as Hex

  before(async () => {
    chain = await startChain()
    poor = new Poor(chain.url, ['eth_getProof'])
    const [, creator, sponsor] = chain.accounts
    const deposits = createDeposits({ signer: creator! })
    // Several transactions in one block, of which one makes forty deposits: a trie worth the name.
    await chain.provider.send('evm_setAutomine', [false])
    const nonce = await creator!.getNonce()
    const sent = [
      deposits.create(newWork(), { overrides: { nonce } } as never),
      ...Array.from({ length: 20 }, (_, index) =>
        chain.accounts[4]!.sendTransaction({ to: sponsor!.address, value: 1n, nonce: index, gasLimit: 21_000n }),
      ),
    ]
    const waiting = async (): Promise<number> => Number((await chain.provider.send('txpool_status', [])).pending)
    while ((await waiting()) < sent.length) await new Promise((resolve) => setTimeout(resolve, 20))
    await chain.provider.send('evm_mine', [])
    await chain.provider.send('evm_setAutomine', [true])
    const direct = (await sent[0]) as DepositReceipt
    await deposits.createMany(Array.from({ length: 40 }, newWork))
    for (const [kind, receipt] of Object.entries(await receiptsOfEveryKind(chain, direct)))
      receipts[kind as DepositReceipt['kind']] = await proveDeposit(receipt, { provider: poor })
  })
  after(async () => {
    poor?.destroy()
    await chain?.stop()
  })

  it('stands in where the RPC serves no eth_getProof, for every kind of deposit, and needs no RPC afterwards', async () => {
    for (const receipt of Object.values(receipts)) {
      expect(receipt, receipt.kind).to.have.property('eventProof')
      expect(receipt).to.not.have.property('stateProof')
      const read = parseReceipt(JSON.stringify(receipt))
      expect(read).to.deep.equal(receipt)
      expect(valid(read), ajv.errorsText(valid.errors)).to.equal(true)
      const verification = await verify({ receipt: read }, { blockHash: hashOf(receipt) })
      expect(verification.verdict, `${receipt.kind}: ${JSON.stringify(verification.checks, null, 1)}`).to.equal('verified')
      expect([statusOf(verification, 'event-proof'), statusOf(verification, 'record'), statusOf(verification, 'time')]).to.deep.equal([
        'ok',
        'ok',
        'ok',
      ])
    }
    // The proof of one transaction among many goes through branches.
    expect(receipts.direct!.eventProof!.nodes.length).to.be.greaterThan(1)
  })

  it('asks for receipts one by one where they are not given together', async () => {
    const poorer = new Poor(chain.url, ['eth_getProof', 'eth_getBlockReceipts'])
    try {
      const { eventProof: _, ...bare } = receipts.direct!
      expect((await proveDeposit(bare, { provider: poorer })).eventProof).to.deep.equal(receipts.direct!.eventProof)
    } finally {
      poorer.destroy()
    }
  })

  it('proves nothing without a hash, and asks the chain for it where there is one', async () => {
    const receipt = receipts.direct!
    const alone = await verify({ receipt })
    expect([alone.verdict, statusOf(alone, 'event-proof')]).to.deep.equal(['incomplete', 'skipped'])
    const asked = await verify({ receipt }, { provider: chain.provider, deployment: chain.deployment })
    expect([asked.verdict, statusOf(asked, 'event-proof')]).to.deep.equal(['verified', 'ok'])
  })

  it('refuses another block, registry, time and deposit, and a root with another path', async () => {
    const receipt = receipts.direct!
    const other = await verify({ receipt }, { blockHash: hexlify(randomBytes(32)) })
    expect([other.verdict, statusOf(other, 'event-proof')]).to.deep.equal(['refuted', 'failed'])
    const elsewhere = { chainId: 31_337, contracts: { CopyrightRegistry: { address: chain.accounts[0]!.address, block: 0 } } }
    const foreign = await verify({ receipt }, { blockHash: hashOf(receipt), deployment: elsewhere })
    expect([foreign.verdict, statusOf(foreign, 'contract')]).to.deep.equal(['refuted', 'failed'])
    const backdated = { ...receipt, depositedAt: receipt.depositedAt - 1, record: { ...receipt.record!, time: receipt.record!.time - 1 } }
    expect(statusOf(await verify({ receipt: backdated }, { blockHash: hashOf(receipt) }), 'event-proof')).to.equal('failed')
    const borrowed = { ...receipt, eventProof: receipts.signed!.eventProof }
    expect((await verify({ receipt: borrowed }, { blockHash: hashOf(receipts.signed!) })).verdict).to.equal('refuted')
    // The root was anchored; that the work is under it is the path's to show.
    const { anchor } = receipts.anchored!
    const pathless = { ...receipts.anchored!, anchor: { ...anchor!, proof: [...anchor!.proof.slice(1), hexlify(randomBytes(32)) as Hex] } }
    expect((await verify({ receipt: pathless }, { blockHash: hashOf(receipts.anchored!) })).verdict).to.equal('refuted')
  })

  it('breaks with any bit of the proof', () => {
    const receipt = receipts.direct!
    const { header, index, nodes } = receipt.eventProof!
    for (const [at, node] of nodes.entries()) {
      for (let turn = 0; turn < 20; turn++) {
        const bytes = Buffer.from(node.slice(2), 'hex')
        bytes[Math.floor(Math.random() * bytes.length)]! ^= 1 << Math.floor(Math.random() * 8)
        const changed = nodes.map((each, place) => (place === at ? (`0x${bytes.toString('hex')}` as Hex) : each))
        expect(readEventProof({ ...receipt, eventProof: { header, index, nodes: changed } })).to.equal(undefined)
      }
    }
    expect(readEventProof({ ...receipt, eventProof: { header, index: index + 1, nodes } })?.found ?? false).to.equal(false)
  })

  it('says so where the RPC’s receipts are not those of the header, or there are none', async () => {
    const { eventProof: _, ...bare } = receipts.direct!
    const twists: ((method: string, answer: unknown) => unknown)[] = [
      (method, answer) =>
        method === 'eth_getBlockReceipts' ? (answer as object[]).map((each) => ({ ...each, cumulativeGasUsed: '0x1' })) : answer,
      (method, answer) => (method === 'eth_getTransactionReceipt' ? null : answer),
      (method, answer) => (method === 'eth_getBlockByHash' ? { ...(answer as object), gasUsed: '0x1' } : answer),
    ]
    for (const twist of twists) {
      const liar = new Poor(chain.url, ['eth_getProof'], twist)
      try {
        await expectError('PROOF_UNAVAILABLE', () => proveDeposit(bare, { provider: liar }))
      } finally {
        liar.destroy()
      }
    }
    const { anchor: __, eventProof: ___, ...unanchored } = receipts.lifted!
    await expectError('PROOF_UNAVAILABLE', () => proveDeposit(unanchored, { provider: poor }))
  })

  it('builds tries as another implementation does', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.uint8Array({ minLength: 2, maxLength: 2 }), { minLength: 1, maxLength: 40, selector: hexlify }),
        fc.array(fc.uint8Array({ minLength: 1, maxLength: 60 }), { minLength: 40, maxLength: 40 }),
        fc.nat(),
        async (keys, values, pick) => {
          const trie = await createMPT()
          const entries = new Map<string, string>()
          for (const [index, key] of keys.entries()) {
            await trie.put(key, values[index]!)
            entries.set(hexlify(key), hexlify(values[index]!))
          }
          const key = hexlify(keys[pick % keys.length]!)
          const { root, nodes } = proveInTrie(entries, key)
          expect(root).to.equal(hexlify(trie.root()))
          expect(readTrie(root, key, nodes)).to.equal(entries.get(key))
        },
      ),
      { numRuns: 100 },
    )
  })
})
