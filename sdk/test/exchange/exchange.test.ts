import { expect } from 'chai'
import type { Contract } from 'ethers'
import { RightsExchange__factory } from '../../src/contracts/index.ts'
import { parseAuction, parseOrder, readOrder } from '../../src/exchange/index.ts'
import { type Colophon, createColophon, type Hex } from '../../src/index.ts'
import { startChain, type TestChain } from '../chain.ts'
import { newWork } from '../deposits/works.ts'
import { expectError } from '../expectError.ts'
import { startToken } from '../tokens.ts'

const DAY = 86_400

describe('exchange', () => {
  let chain: TestChain
  let token: Contract
  let ada: Colophon
  let bob: Colophon
  let cleo: Colophon
  before(async () => {
    chain = await startChain()
    token = await startToken(chain)
    ada = createColophon({ signer: chain.accounts[1]! })
    bob = createColophon({ signer: chain.accounts[2]! })
    cleo = createColophon({ signer: chain.accounts[3]! })
  })
  after(() => chain.stop())

  const address = (index: number): string => chain.accounts[index]!.address
  const now = async (): Promise<number> => (await chain.provider.getBlock('latest'))!.timestamp
  const contract = () => RightsExchange__factory.connect(chain.deployment.contracts.RightsExchange!.address, chain.provider)
  async function title(): Promise<Hex> {
    const { id } = await ada.deposits.create(newWork())
    await ada.titles.mint({ workId: id, royaltyPercent: 5 })
    return id
  }
  async function offered(more: object = {}) {
    const workId = await title()
    await ada.exchange.approveTitle({ title: workId })
    return { workId, order: await ada.exchange.sign({ token: { title: workId }, price: 10_000n, ...more }) }
  }

  describe('orders', () => {
    it('are signed once the token is approved, and filled in coins', async () => {
      const workId = await title()
      const terms = { token: { title: workId }, price: 10_000n, expiresAt: new Date('2060-01-01') }
      await expectError('TOKEN_NOT_APPROVED', () => ada.exchange.sign(terms))
      await expectError('TOKEN_NOT_OWNED', () => bob.exchange.sign(terms))
      expect((await ada.exchange.approveTitle({ title: workId })).token).to.deep.equal({ title: workId })
      const order = await ada.exchange.sign(terms)
      expect(order.id).to.equal(await contract().orderIdOf(order.value))
      const read = parseOrder(JSON.stringify(order))
      expect(read).to.deep.equal(order)
      expect(readOrder(read)).to.deep.equal({
        id: order.id,
        seller: address(1),
        token: { title: workId },
        price: 10_000n,
        currency: 'native',
        buyer: undefined,
        expiresAt: new Date('2060-01-01'),
      })
      expect(await bob.exchange.fill.simulate(read)).to.deep.equal({ id: order.id })
      expect(await bob.exchange.fill.populate(read)).to.include({ value: 10_000n })
      const sold = await bob.exchange.fill(read)
      // The claimant sells himself, so no royalty is set apart; from the next sale on he gets it.
      expect(sold).to.deep.include({ seller: address(1), buyer: address(2), paid: { amount: 10_000n, currency: 'native' }, fee: 0n })
      expect(sold.token).to.deep.equal({ title: workId })
      expect(await bob.titles.rightsHolderOf(workId)).to.equal(address(2))
      await expectError('ORDER_USED', () => cleo.exchange.fill(read))
      await bob.exchange.approveTitle({ title: workId })
      const next = await bob.exchange.sign({ token: { title: workId }, price: 20_000n })
      expect((await cleo.exchange.fill(next)).fee).to.equal(1_000n)
    })

    it('are filled in tokens, approved exactly, and only while they stand', async () => {
      const currency = await token.getAddress()
      const { workId, order } = await offered({ currency, price: 700n, buyer: address(2) })
      await (await token.getFunction('mint').send(address(2), 1_000n)).wait()
      await (await token.getFunction('mint').send(address(3), 1_000n)).wait()
      await ((await token.connect(chain.accounts[3]!)) as Contract)
        .getFunction('approve')
        .send(chain.deployment.contracts.RevenueSplitter!.address, 700n)
      await expectError('NOT_THE_BUYER', () => cleo.exchange.fill(order))
      await expectError('ALLOWANCE_MISSING', () => bob.exchange.fill(order, { approve: false }))
      await bob.exchange.fill(order)
      expect(await token.getFunction('balanceOf').staticCall(address(2))).to.equal(300n)
      expect(await bob.titles.rightsHolderOf(workId)).to.equal(address(2))

      const late = await offered({ currency, price: 7n, expiresAt: (await now()) + 100 })
      await chain.pass(200)
      const before = await chain.provider.getTransactionCount(address(2))
      await expectError('ORDER_EXPIRED', () => bob.exchange.fill(late.order))
      expect(await chain.provider.getTransactionCount(address(2))).to.equal(before)
      const { order: second } = await offered()
      expect((await ada.exchange.cancel(second)).id).to.equal(second.id)
      await expectError('ORDER_USED', () => bob.exchange.fill(second))
      await expectError('NOT_SELLER', () => bob.exchange.cancel(second))
    })

    it('sell licenses, with the fee of their resale', async () => {
      const { id: workId } = await ada.deposits.create(newWork())
      const offer = await ada.licenses.sign({
        workId,
        price: 0n,
        rights: ['display'],
        duration: { years: 50 },
        transferable: true,
        resalePercent: 20,
      })
      const { licenseId } = await bob.licenses.acquire({ offer })
      await expectError('LICENSE_NOT_TRANSFERABLE', () => bob.licenses.transfer({ licenseId, to: address(3) }))
      await bob.exchange.approveLicense({ license: licenseId })
      const order = await bob.exchange.sign({ token: { license: licenseId }, price: 1_000n })
      const sold = await cleo.exchange.fill(order)
      expect(sold.fee).to.equal(200n)
      expect(sold.token).to.deep.equal({ license: licenseId })
      expect((await cleo.licenses.get(licenseId))!.owner).to.equal(address(3))
      expect((await ada.revenue.balances(address(1), { works: [workId] })).totals).to.deep.equal([{ amount: 200n, currency: 'native' }])
    })
  })

  describe('auctions', () => {
    it('open with the first bid, refund who is outbid, and settle', async () => {
      const workId = await title()
      await ada.exchange.approveTitle({ title: workId })
      const endsAt = (await now()) + DAY
      const auction = parseAuction(JSON.stringify(await ada.exchange.signAuction({ token: { title: workId }, reserve: 1_000n, endsAt })))
      expect(auction.id).to.equal(await contract().auctionIdOf(auction.value))
      expect(await bob.exchange.auction(auction)).to.deep.include({ phase: 'none', bidder: undefined, leastBid: 1_000n })
      await expectError('BID_OUT_OF_RANGE', () => bob.exchange.bid({ auction, amount: 999n }))
      expect((await bob.exchange.bid({ auction, amount: 1_000n })).bid).to.deep.equal({ amount: 1_000n, currency: 'native' })
      expect(await bob.exchange.auction(auction)).to.deep.include({ phase: 'open', bidder: address(2), leastBid: 1_050n })
      await cleo.exchange.bid({ auction, amount: 2_000n })
      expect(await bob.exchange.heldFor(address(2))).to.deep.equal({ amount: 1_000n, currency: 'native' })
      expect((await bob.exchange.withdraw({})).withdrawn).to.deep.equal({ amount: 1_000n, currency: 'native' })
      await expectError('NOTHING_HELD', () => bob.exchange.withdraw({}))
      await expectError('AUCTION_RUNNING', () => bob.exchange.settle(auction))
      await chain.pass(DAY + 1)
      expect((await bob.exchange.auction(auction)).leastBid).to.equal(undefined)
      const settled = await bob.exchange.settle(auction)
      expect(settled).to.deep.include({ phase: 'sold', winner: address(3), paid: { amount: 2_000n, currency: 'native' }, fee: 0n })
      expect(await bob.titles.rightsHolderOf(workId)).to.equal(address(3))
    })

    it('are opened on the chain, closed without bids, or cancelled', async () => {
      const workId = await title()
      await ada.exchange.approveTitle({ title: workId })
      const terms = { token: { title: workId }, reserve: 1n, endsAt: (await now()) + DAY, stepPercent: 10 }
      const { auction } = await ada.exchange.openAuction(terms)
      expect(auction.id).to.equal(await contract().auctionIdOf(auction.value))
      expect(await bob.exchange.auction(auction)).to.include({ phase: 'open' })
      await ada.exchange.closeAuction(auction)
      expect(await bob.exchange.auction(auction)).to.include({ phase: 'unsold' })
      expect(await bob.titles.rightsHolderOf(workId)).to.equal(address(1))
      await ada.exchange.approveTitle({ title: workId })
      const signed = await ada.exchange.signAuction(terms)
      await ada.exchange.cancelAuction(signed)
      await expectError('ORDER_USED', () => bob.exchange.bid({ auction: signed, amount: 5n }))
      for (const [field, more] of [
        ['reserve', { reserve: 0n }],
        ['stepPercent', { stepPercent: 0.5 }],
        ['extension', { extension: 10 }],
        ['endsAt', { endsAt: 5 }],
      ] as const)
        expect((await expectError('INVALID_INPUT', () => ada.exchange.signAuction({ ...terms, ...more }))).details.field).to.equal(field)
    })
  })
})
