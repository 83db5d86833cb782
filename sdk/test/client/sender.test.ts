import { expect } from 'chai'
import { JsonRpcProvider, parseEther, type TransactionRequest, type TransactionResponse, toBeHex, Wallet } from 'ethers'
import { createColophon } from '../../src/client/index.ts'
import type { Deposits } from '../../src/index.ts'
import { startChain, type TestChain } from '../chain.ts'
import { newWork } from '../deposits/works.ts'
import { expectError } from '../expectError.ts'
import { type Fault, type FaultyRpc, startFaultyRpc } from '../relay/faultyRpc.ts'

describe('sending', () => {
  let chain: TestChain
  let rpc: FaultyRpc
  let provider: JsonRpcProvider
  before(async () => {
    chain = await startChain()
  })
  after(() => chain.stop())
  beforeEach(async () => {
    rpc = await startFaultyRpc(chain.url)
    provider = new JsonRpcProvider(rpc.url, 31_337, { staticNetwork: true, cacheTimeout: -1, pollingInterval: 20 })
  })
  afterEach(async () => {
    await chain.provider.send('evm_setAutomine', [true])
    provider.destroy()
    await rpc.stop()
  })

  const depositsOf = (index: number): Deposits =>
    createColophon({ signer: new Wallet(chain.accounts[index]!.privateKey, provider), deployment: chain.deployment }).deposits
  const sent = (index: number): Promise<number> => chain.provider.getTransactionCount(chain.accounts[index]!.address)
  /** Answers the first so many transactions that are handed over with a fault. */
  function refuse(times: number, fault: Fault): void {
    let left = times
    rpc.fault = ({ method }) => (method === 'eth_sendRawTransaction' && left-- > 0 ? fault : 'pass')
  }

  it('takes hundreds of deposits of one account at once, each by a number of its own', async () => {
    const works = Array.from({ length: 120 }, newWork)
    // Two clients of one account: the number is the account's.
    const clients = [depositsOf(1), depositsOf(1)] as const
    const receipts = await Promise.all(works.map((work, index) => clients[index & 1]!.create(work)))
    expect(new Set(receipts.map(({ id }) => id)).size).to.equal(120)
    expect(await sent(1)).to.equal(120)
  })

  it('leaves it to a wallet to send that has a way of its own', async () => {
    const handed: string[] = []
    class Counting extends Wallet {
      override async sendTransaction(transaction: TransactionRequest): Promise<TransactionResponse> {
        const response = await super.sendTransaction(transaction)
        handed.push(response.hash)
        return response
      }
    }
    const signer = new Counting(chain.accounts[8]!.privateKey, provider)
    const receipt = await createColophon({ signer, deployment: chain.deployment }).deposits.create(newWork())
    expect(handed).to.deep.equal([receipt.record!.transaction])
  })

  it('finds a transaction again whose answer was lost, and sends nothing twice', async () => {
    for (const times of [1, 2]) {
      const before = await sent(2)
      refuse(times, 'lose')
      const receipt = await depositsOf(2).create(newWork())
      expect(await depositsOf(2).get(receipt.id)).to.not.equal(undefined)
      expect(await sent(2)).to.equal(before + 1)
    }
    // Not mined at once, it is found among what waits.
    await chain.provider.send('evm_setAutomine', [false])
    refuse(1, 'lose')
    const waiting = depositsOf(2).create(newWork())
    while ((await chain.provider.send('txpool_status', [])).pending === '0x0') await new Promise((resolve) => setTimeout(resolve, 20))
    await chain.provider.send('evm_mine', [])
    expect((await waiting).kind).to.equal('direct')
  })

  it('leaves it open where it cannot be found out, with the hash to ask for', async () => {
    const before = await sent(3)
    let cut = false
    rpc.fault = ({ method }) => {
      cut ||= method === 'eth_sendRawTransaction'
      return cut ? 'lose' : 'pass'
    }
    const error = await expectError('TRANSACTION_PENDING', () => depositsOf(3).create(newWork()))
    expect(await chain.provider.getTransactionReceipt(String(error.details.transactionHash))).to.not.equal(null)
    expect(await sent(3)).to.equal(before + 1)
  })

  it('tries again what the RPC has no time for, and says so where it never has', async () => {
    const before = await sent(4)
    refuse(1, { code: -32_005, message: 'rate limit exceeded' })
    await depositsOf(4).create(newWork())
    refuse(100, { code: -32_005, message: 'rate limit exceeded' })
    await expectError('RATE_LIMITED', () => depositsOf(4).create(newWork()))
    expect(await sent(4)).to.equal(before + 1)
  })

  it('takes another number where somebody else has used it, and none for what is refused', async () => {
    const before = await sent(5)
    refuse(1, { code: -32_003, message: 'replacement transaction underpriced' })
    await depositsOf(5).create(newWork())
    // Another process with the same key.
    await chain.provider.send('evm_setAutomine', [false])
    await chain.accounts[5]!.sendTransaction({ to: chain.accounts[5]!.address, value: 1n, nonce: before + 1, gasLimit: 21_000n })
    const next = depositsOf(5).create(newWork())
    while ((await chain.provider.send('txpool_status', [])).pending !== '0x2') await new Promise((resolve) => setTimeout(resolve, 20))
    await chain.provider.send('evm_mine', [])
    await next
    await chain.provider.send('evm_setAutomine', [true])
    expect(await sent(5)).to.equal(before + 3)
    const { address } = chain.accounts[6]!
    await chain.provider.send('anvil_setBalance', [address, '0x1'])
    await expectError('INSUFFICIENT_FUNDS', () => depositsOf(6).create(newWork()))
    await chain.provider.send('anvil_setBalance', [address, toBeHex(parseEther('1'))])
    await depositsOf(6).create(newWork())
    expect(await sent(6)).to.equal(1)
  })

  it('goes on when the one before was given up', async () => {
    const stop = new AbortController()
    const account = depositsOf(7)
    const given = account.create(newWork(), {
      signal: stop.signal,
      onProgress: ({ stage }) => (stage === 'send' ? stop.abort(new Error('enough')) : undefined),
    })
    const other = account.create(newWork())
    await given.then(
      () => expect.fail('it was not stopped'),
      (fault: Error) => expect(fault.message).to.equal('enough'),
    )
    await other
    expect(await sent(7)).to.equal(1)
  })
})
