import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { JsonRpcProvider, Wallet } from 'ethers'
import { createColophon } from '../../src/client/index.ts'
import { startStack } from '../../src/stack/index.ts'
import { verify } from '../../src/verify/index.ts'
import { startChain, type TestChain } from '../chain.ts'
import { newWork } from '../deposits/works.ts'
import { expectError } from '../expectError.ts'
import { startFaultyRpc } from '../relay/faultyRpc.ts'

describe('faults of a node', () => {
  let chain: TestChain
  before(async () => {
    chain = await startChain()
  })
  after(() => chain.stop())
  afterEach(() => chain.provider.send('evm_setAutomine', [true]))

  it('that was stopped and started again: a typed error, and the same client goes on', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'colophon-restart-'))
    const state = join(folder, 'state.json')
    let stack = await startStack({ port: 0, state })
    const port = Number(new URL(stack.url).port)
    const provider = new JsonRpcProvider(stack.url, undefined, { cacheTimeout: -1, pollingInterval: 20 })
    try {
      const signer = new Wallet(stack.accounts[1]!.privateKey, provider)
      const { deposits } = createColophon({ signer })
      const [before, meanwhile] = [newWork(), newWork()]
      await deposits.create(before)
      await stack.stop()
      await expectError('NETWORK_UNREACHABLE', () => deposits.create(meanwhile))
      stack = await startStack({ port, state })
      await deposits.create(meanwhile)
      await expectError('DEPOSIT_EXISTS', () => deposits.create(before))
      expect((await deposits.findByClaimant(signer.address)).map(({ work }) => work.contentHash)).to.deep.equal([
        before.contentHash,
        meanwhile.contentHash,
      ])
      expect(await provider.getTransactionCount(signer.address)).to.equal(2)
    } finally {
      provider.destroy()
      await stack.stop()
      rmSync(folder, { recursive: true, force: true })
    }
  })

  it('that drops connections: what only asks is asked three times, and what stays away is told', async () => {
    const rpc = await startFaultyRpc(chain.url)
    const provider = new JsonRpcProvider(rpc.url, 31_337, { staticNetwork: true, cacheTimeout: -1, pollingInterval: 20, batchMaxCount: 1 })
    try {
      const { deposits } = createColophon({ signer: new Wallet(chain.accounts[8]!.privateKey, provider), deployment: chain.deployment })
      const dropped = new Map<string, number>()
      const dropTwice = ['eth_getCode', 'eth_call', 'eth_estimateGas', 'eth_getLogs', 'eth_getBlockByNumber']
      rpc.fault = ({ method }) => {
        const times = dropped.get(method) ?? 0
        if (!dropTwice.includes(method) || times === 2) return 'pass'
        dropped.set(method, times + 1)
        return 'lose'
      }
      const work = newWork()
      const { id } = await deposits.create(work)
      expect((await deposits.findByClaimant(chain.accounts[8]!.address)).map((found) => found.id)).to.deep.equal([id])
      expect([...dropped.keys()].sort()).to.deep.equal(dropTwice.toSorted())
      expect(await provider.getTransactionCount(chain.accounts[8]!.address)).to.equal(1)

      const before = rpc.seen.get('eth_call')!
      rpc.fault = ({ method }) => (method === 'eth_call' ? 'lose' : 'pass')
      await expectError('NETWORK_UNREACHABLE', () => deposits.get(id))
      expect(rpc.seen.get('eth_call')! - before).to.equal(3)
    } finally {
      provider.destroy()
      await rpc.stop()
    }
  })

  it('whose fees rise after a transaction was sent: it is named, and done once they fall', async () => {
    const { deposits } = createColophon({ signer: chain.accounts[1]! })
    const work = newWork()
    const before = await chain.provider.getTransactionCount(chain.accounts[1]!.address)
    await chain.provider.send('evm_setAutomine', [false])
    let hash = ''
    const error = await expectError('TRANSACTION_PENDING', () =>
      deposits.create(work, {
        timeout: 400,
        onSent: async (sent) => {
          hash = sent
          await chain.provider.send('anvil_setNextBlockBaseFeePerGas', ['0x746a528800'])
          await chain.provider.send('evm_mine', [])
        },
      }),
    )
    expect(error.details.transactionHash).to.equal(hash)
    expect(await deposits.find(work.contentHash)).to.deep.equal([])
    await chain.provider.send('anvil_setNextBlockBaseFeePerGas', ['0x3b9aca00'])
    await chain.provider.send('evm_setAutomine', [true])
    await chain.provider.send('evm_mine', [])
    // This node forgets what cannot be paid for; one that keeps it mines it now, and nothing is left to do.
    if ((await chain.provider.getTransactionReceipt(hash)) === null) await deposits.create(work)
    expect((await deposits.find(work.contentHash)).map(({ id }) => id)).to.have.length(1)
    expect(await chain.provider.getTransactionCount(chain.accounts[1]!.address)).to.equal(before + 1)
  })

  it('that lies about its chain, at first or later: nothing is sent', async () => {
    const provider = chain.connect()
    const send = provider._send.bind(provider)
    let told = '0x7a69'
    provider._send = async (payload) => {
      const asked = [payload].flat()
      return (await send(payload)).map((answer, index) =>
        asked[index]!.method === 'eth_chainId' && 'result' in answer ? { ...answer, result: told } : answer,
      )
    }
    const { address } = chain.accounts[2]!
    const { deposits } = createColophon({ signer: chain.accounts[2]!.connect(provider), deployment: chain.deployment })
    await deposits.create(newWork())
    told = '0x1'
    await expectError('WRONG_CHAIN', () => deposits.create(newWork()))
    expect(await chain.provider.getTransactionCount(address)).to.equal(1)
  })

  it('whose clock is days ahead of that of the machine: signatures and receipts go by the chain', async () => {
    await chain.pass(5 * 86_400)
    const creator = createColophon({ signer: chain.accounts[3]! }).deposits
    const sponsor = createColophon({ signer: chain.accounts[4]! }).deposits
    const receipt = await sponsor.submitSigned(await creator.sign(newWork()))
    expect(receipt.depositedAt).to.be.greaterThan(Date.now() / 1000 + 4 * 86_400)
    expect((await verify({ receipt }, { provider: chain.provider, deployment: chain.deployment })).verdict).to.equal('verified')
  })

  it('that is behind with the account: a gap in its nonces waits, and closes by itself', async () => {
    const account = chain.accounts[5]!
    const { deposits } = createColophon({ signer: account })
    // One that came before its turn: it waits for those between.
    const early = await account.sendTransaction({ to: account.address, nonce: 2, gasLimit: 21_000n })
    await deposits.create(newWork())
    await deposits.create(newWork())
    expect((await chain.provider.getTransactionReceipt(early.hash))?.status).to.equal(1)
    await deposits.create(newWork())
    expect(await chain.provider.getTransactionCount(account.address)).to.equal(4)
  })
})
