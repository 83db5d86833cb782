import { expect } from 'chai'
import type { Filter, Log, Provider } from 'ethers'
import fc from 'fast-check'
import { searchLogs } from '../../src/client/logs.ts'
import { CopyrightRegistry__factory } from '../../src/contracts/index.ts'
import { createDeposits, domainOf, idOf, workOf } from '../../src/index.ts'
import { startChain, type TestChain } from '../chain.ts'
import { expectError } from '../expectError.ts'
import { anyAddress, anyWork, newWork } from './works.ts'

describe('deposits: reads', () => {
  let chain: TestChain
  before(async () => {
    chain = await startChain()
  })
  after(() => chain.stop())

  const registry = () => CopyrightRegistry__factory.connect(chain.deployment.contracts.CopyrightRegistry!.address, chain.provider)

  it('computes hashes and ids as the contract does', async () => {
    await fc.assert(
      fc.asyncProperty(anyWork, anyAddress, async (work, claimant) => {
        expect(idOf(claimant, work)).to.equal(await registry().idOf(claimant, work))
      }),
      { numRuns: 25 },
    )
  })

  it('takes 32 bytes in any spelling', () => {
    const hash = newWork().contentHash
    const spellings = [hash, hash.slice(2), hash.toUpperCase().replace('0X', '0x'), Uint8Array.from(Buffer.from(hash.slice(2), 'hex'))]
    for (const contentHash of spellings) expect(workOf({ contentHash }).contentHash).to.equal(hash)
    expect(() => idOf('0x12', newWork())).to.throw('claimant is not an address')
  })

  it('signs in the domain the contract tells (ERC-5267)', async () => {
    const { name, version, chainId, verifyingContract } = await registry().eip712Domain()
    expect({ name, version, chainId: Number(chainId), verifyingContract }).to.deep.equal(domainOf(31_337, await registry().getAddress()))
  })

  it('answers undefined for what is not there', async () => {
    const reader = createDeposits({ provider: chain.provider })
    expect(await reader.get(newWork().contentHash)).to.equal(undefined)
    expect(await reader.getAnchor(newWork().contentHash)).to.equal(undefined)
    expect(await reader.find(newWork().contentHash)).to.deep.equal([])
    await expectError('INVALID_WORK', () => reader.get('0x12'))
  })

  it('finds deposits in ranges of any size, between any blocks', async () => {
    const deposits = createDeposits({ signer: chain.accounts[1]! })
    const work = newWork()
    const first = await deposits.create(work)
    await chain.provider.send('anvil_mine', ['0x20'])
    const second = await createDeposits({ signer: chain.accounts[2]! }).create(work)
    const ids = async (options: object): Promise<string[]> => (await deposits.find(work.contentHash, options)).map(({ id }) => id)
    for (const range of [1, 3, 7, 1000]) expect(await ids({ range })).to.deep.equal([first.id, second.id])
    expect(await ids({ toBlock: second.record!.block - 1 })).to.deep.equal([first.id])
    expect(await ids({ fromBlock: first.record!.block + 1 })).to.deep.equal([second.id])
    const steps: number[] = []
    await ids({ range: 10, onProgress: ({ done }: { done: number }) => steps.push(done) })
    expect(steps.length).to.be.greaterThan(3)
    expect(steps).to.deep.equal([...steps].sort((a, b) => a - b))
    const reason = new Error('enough')
    expect(await deposits.find(work.contentHash, { signal: AbortSignal.abort(reason) }).catch((error: unknown) => error)).to.equal(reason)
  })

  describe('through a provider with limits', () => {
    /** A provider that holds one log in every tenth block and refuses ranges or answers above its limits. */
    function limited(limits: { blocks?: number; results?: number; message: string }): { provider: Provider; asked: number[] } {
      const asked: number[] = []
      const provider = {
        getBlockNumber: async () => 999,
        getLogs: async ({ fromBlock, toBlock }: Filter & { fromBlock: number; toBlock: number }) => {
          asked.push(toBlock - fromBlock + 1)
          const logs = Array.from({ length: toBlock - fromBlock + 1 }, (_, index) => fromBlock + index).filter((block) => block % 10 === 0)
          if (toBlock - fromBlock + 1 > (limits.blocks ?? 1e9) || logs.length > (limits.results ?? 1e9)) throw new Error(limits.message)
          return logs.map((blockNumber) => ({ blockNumber }) as Log)
        },
      }
      return { provider: provider as unknown as Provider, asked }
    }

    const messages = [
      'query returned more than 10000 results',
      'block range is too wide',
      'exceed maximum block range: 5000',
      'eth_getLogs is limited to a 10,000 range',
      'Log response size exceeded',
    ]
    for (const message of messages)
      it(`halves the range on "${message}"`, async () => {
        for (const limits of [{ blocks: 100 }, { results: 3 }]) {
          const { provider, asked } = limited({ ...limits, message })
          const found: number[] = []
          for await (const log of searchLogs(provider, {}, { fromBlock: 0, range: 1000 })) found.push(log.blockNumber)
          expect(found).to.deep.equal(Array.from({ length: 100 }, (_, index) => index * 10))
          expect(asked.length).to.be.lessThan(100)
        }
      })

    it('gives up on other faults, and when a single block is too much', async () => {
      const run = async (limits: { results: number; message: string }): Promise<void> => {
        for await (const _ of searchLogs(limited(limits).provider, {}, { fromBlock: 0 }));
      }
      await expectError('RATE_LIMITED', () => run({ results: 3, message: 'rate limit exceeded' }))
      await expectError('CHAIN_FAULT', () => run({ results: 0, message: 'query returned more than 0 results' }))
      await expectError('CHAIN_FAULT', () => run({ results: 3, message: 'internal error' }))
    })
  })
})
