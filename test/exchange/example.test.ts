import { expect } from 'chai'
import { parseEther, ZeroAddress } from 'ethers'
import { deployMarket } from '../market/fixture.ts'

// The worked example of docs/contracts/exchange.md.
describe('docs/contracts/exchange.md', () => {
  it('is true', async () => {
    const at = await deployMarket()
    const [ada, ben, cleo, dan] = [at.author, at.alice, at.bob, at.carol]
    const tokenId = await at.titleOf(ben, 500n)
    const gains = async (who: typeof ada, what: () => Promise<unknown>) => {
      const before = await at.balance(who.address)
      await what()
      return (await at.balance(who.address)) - before
    }

    const order = at.orderOf(tokenId, { seller: ben.address, price: parseEther('1') })
    const signature = await at.signOrder(order, ben)
    let benGained = 0n
    const adaGained = await gains(ada, async () => {
      benGained = await gains(ben, () => at.by(cleo).exchange.fill(order, signature, { value: parseEther('1') }))
    })
    expect([adaGained, benGained]).to.deep.equal([parseEther('0.05'), parseEther('0.95')])

    await at.by(cleo).title.setApprovalForAll(at.market, true)
    const auction = await at.auctionOf(tokenId, { seller: cleo.address, reserve: parseEther('1') })
    await at.by(cleo).exchange.open(auction)
    await at.bid(auction, dan, parseEther('1'))
    await at.bid(auction, ben, parseEther('2'))
    expect(await at.by(dan).exchange.withdraw.staticCall(ZeroAddress, dan.address)).to.equal(parseEther('1'))
    await at.by(dan).exchange.withdraw(ZeroAddress, dan.address)
    await at.reach(auction.endsAt)
    let cleoGained = 0n
    const royalty = await gains(ada, async () => {
      cleoGained = await gains(cleo, () => at.by(dan).exchange.settle(auction))
    })
    expect([royalty, cleoGained]).to.deep.equal([parseEther('0.1'), parseEther('1.9')])
    expect(await at.title.ownerOf(tokenId)).to.equal(ben.address)
    expect(await at.balance(at.market)).to.equal(0n)
  })
})
