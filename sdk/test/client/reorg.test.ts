import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { type HDNodeWallet, type JsonRpcProvider, parseEther, toBeHex } from 'ethers'
import { type Colophon, createColophon } from '../../src/client/index.ts'
import { ColophonError } from '../../src/errors/base.ts'
import { verify } from '../../src/verify/index.ts'
import { startChain, type TestChain } from '../chain.ts'
import { newWork } from '../deposits/works.ts'
import { expectError } from '../expectError.ts'

for (const depth of [8, 64])
  describe(`a reorganisation of ${depth} blocks in the middle`, () => {
    let chain: TestChain
    let creator: Colophon
    let buyer: Colophon
    let folder: string
    before(async () => {
      chain = await startChain()
      creator = clientOf(chain.accounts[1]!, chain.provider)
      buyer = clientOf(chain.accounts[2]!, chain.provider)
      // Room for reorganisations that leave the contracts alone.
      await mine(100)
    })
    after(() => chain.stop())
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'colophon-reorg-'))
    })
    afterEach(() => rmSync(folder, { recursive: true, force: true }))

    const clientOf = (account: HDNodeWallet, provider: JsonRpcProvider): Colophon =>
      createColophon({ signer: account.connect(provider), deployment: chain.deployment })
    const mine = (count: number): Promise<unknown> => chain.provider.send('anvil_mine', [toBeHex(count)])
    const reorg = (): Promise<unknown> => chain.provider.send('anvil_reorg', [depth, []])
    const sent = (account: number): Promise<number> => chain.provider.getTransactionCount(chain.accounts[account]!.address)

    /**
     * A provider before which the chain reorganises, once: when it is first asked this after it has sent a transaction, that is while the SDK
     * waits for it or reads what came of it.
     */
    function reorganising(method: string, then: () => void = () => undefined): JsonRpcProvider {
      const provider = chain.connect()
      const send = provider._send.bind(provider)
      let armed = false
      provider._send = async (payload) => {
        const methods = [payload].flat().map((each) => each.method)
        if (armed && methods.includes(method)) {
          armed = false
          await mine(depth - 1)
          await reorg()
          then()
        }
        const answer = await send(payload)
        armed ||= methods.includes('eth_sendRawTransaction')
        return answer
      }
      return provider
    }

    /** Runs it where the chain reorganises, expects a typed error or its completion, and runs it again to its end where it is not done. */
    async function twice<Value>(first: () => Promise<Value>, again: () => Promise<Value>): Promise<void> {
      const fault = await first().then(
        () => undefined,
        (thrown: unknown) => thrown,
      )
      if (fault !== undefined) expect(fault, String(fault)).to.be.instanceOf(ColophonError)
      await again().catch((thrown: unknown) => {
        // Whatever is there already needs nothing.
        expect(thrown)
          .to.have.property('code')
          .that.matches(/_EXISTS$/)
      })
    }

    it('leaves a deposit done or pending, and a rerun makes it once; an earlier receipt tells that its record is gone', async () => {
      for (const method of ['eth_getTransactionReceipt', 'eth_getBlockByNumber']) {
        const work = newWork()
        const provider = reorganising(method)
        const before = await sent(1)
        const options = { timeout: 300 }
        await twice(
          () => clientOf(chain.accounts[1]!, provider).deposits.create(work, options),
          () => creator.deposits.create(work),
        )
        const found = await creator.deposits.find(work.contentHash)
        expect(found, method).to.have.length(1)
        expect(await sent(1), method).to.equal(before + 1)
      }
      const work = newWork()
      const receipt = await creator.deposits.create(work)
      await mine(depth - 1)
      await reorg()
      const trust = { provider: chain.provider, deployment: chain.deployment }
      expect((await verify({ receipt }, trust)).verdict).to.equal('refuted')
      const again = await creator.deposits.create(work)
      expect(again.id).to.equal(receipt.id)
      expect((await verify({ receipt: again }, trust)).verdict).to.equal('verified')
    })

    it('takes an anchored batch away, and a rerun anchors the same root once', async () => {
      const works = Array.from({ length: 5 }, (_, at) => ({ key: `work ${at}`, work: newWork() }))
      const out = join(folder, 'batch')
      const before = await sent(1)
      // It waits longer than a test for what a reorganisation has dropped; whoever is tired of waiting gets a typed error.
      const stop = new AbortController()
      const provider = reorganising('eth_getTransactionReceipt', () => setTimeout(() => stop.abort(new Error('tired')), 300))
      await twice(
        () => clientOf(chain.accounts[1]!, provider).deposits.createBatch(works, { out, signal: stop.signal }),
        () => creator.deposits.createBatch(works, { out }),
      )
      const made = await creator.deposits.createBatch(works, { out })
      expect([made.alreadyDone, await sent(1)]).to.deep.equal([true, before + 1])
      await mine(depth - 1)
      await reorg()
      const again = await creator.deposits.createBatch(works, { out })
      expect([again.alreadyDone, again.anchor.root, await sent(1)]).to.deep.equal([false, made.anchor.root, before + 1])
    })

    it('takes a payment back with what it bought, and paying again pays once', async () => {
      const { id: workId } = await creator.deposits.create(newWork())
      const price = parseEther('0.05')
      const offer = await creator.licenses.sign({ workId, price, rights: ['display'], duration: { years: 1 }, supply: 1 })
      await mine(depth)
      const provider = reorganising('eth_getTransactionReceipt')
      const held = async (): Promise<bigint> =>
        (await creator.revenue.balances(chain.accounts[1]!.address, { works: [workId] })).totals[0]?.amount ?? 0n
      const before = await sent(2)
      const options = { timeout: 300 }
      const first = await clientOf(chain.accounts[2]!, provider)
        .licenses.acquire({ offer }, options)
        .catch((fault: unknown) => fault)
      if (first instanceof ColophonError) {
        expect(first.code).to.equal('TRANSACTION_PENDING')
        expect(await held()).to.equal(0n)
        await buyer.licenses.acquire({ offer })
      }
      expect(await sent(2)).to.equal(before + 1)
      const { totals } = await creator.revenue.claim({ workId })
      expect(totals.map(({ amount }) => amount)).to.deep.equal([price])
      await expectError('OFFER_DEAD', () => buyer.licenses.acquire({ offer }))
    })

    it('takes a claim and its answer back, and filing and answering again count once', async () => {
      const { id: workId } = await creator.deposits.create(newWork())
      const terms = { workId, respondent: chain.accounts[2]!.address, evidence: newWork().contentHash }
      await mine(depth)
      const [claimant, respondent] = [1, 2].map((index) => clientOf(chain.accounts[index]!, reorganising('eth_getTransactionReceipt')))
      const { id } = await creator.claims.file.simulate(terms)
      await twice(
        () => claimant!.claims.file(terms, { timeout: 300 }),
        () => creator.claims.file(terms),
      )
      expect((await buyer.claims.listByWork(workId)).map((each) => each.id)).to.deep.equal([id])
      const bonds = await sent(2)
      await mine(depth)
      await twice(
        () => respondent!.claims.respond({ claim: id }, { timeout: 300 }),
        () => buyer.claims.respond({ claim: id }),
      )
      expect(await sent(2)).to.equal(bonds + 1)
      expect(await creator.claims.status(id)).to.include({ phase: 'answered', standing: true })
    })
  })
