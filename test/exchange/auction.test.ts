import { expect } from 'chai'
import { TypedDataEncoder, ZeroAddress } from 'ethers'
import { type Auction, DAY, deployMarket, MANNER, type Market, NOTHING, PHASE } from '../market/fixture.ts'
import { AUCTION_TYPES } from '../market/types.ts'

/** `Welcome` of contracts/test/MarketParties.sol. */
const WELCOME = { take: 0, refuse: 1, wrongAnswer: 2, burnEverything: 3, callBack: 4 } as const
const PATIENCE = 30n * DAY

/** An open auction of a title of alice's. */
const opened = async (at: Market, given: Partial<Auction> = {}) => {
  const tokenId = await at.titleOf(at.alice)
  const auction = await at.auctionOf(tokenId, given)
  await at.by(at.alice).exchange.open(auction)
  return { tokenId, auction, id: await at.exchange.auctionIdOf(auction) }
}

describe('RightsExchange: open and close', () => {
  it('takes the token and tells the terms', async () => {
    const at = await deployMarket()
    const tokenId = await at.titleOf(at.alice)
    const auction = await at.auctionOf(tokenId)
    const id = TypedDataEncoder.hashStruct('Auction', AUCTION_TYPES, auction)
    await expect(at.by(at.alice).exchange.open(auction)).to.emit(at.exchange, 'AuctionOpened')
    expect(await at.title.ownerOf(tokenId)).to.equal(at.market)
    expect([...(await at.exchange.auctionOf(id))]).to.deep.equal([ZeroAddress, 0n, auction.endsAt, PHASE.open])
    expect(await at.exchange.leastBidOf(auction)).to.equal(10_000n)
    expect(await at.exchange.isNonceUsed(at.alice.address, auction.nonce)).to.equal(true)
  })

  it('is the seller’s, once', async () => {
    const at = await deployMarket()
    const { auction, id } = await opened(at)
    await expect(at.by(at.alice).exchange.open(auction))
      .to.be.revertedWithCustomError(at.exchange, 'RightsExchange_AuctionNotOpen')
      .withArgs(id)
    const other = await at.auctionOf(await at.titleOf(at.alice))
    await expect(at.by(at.bob).exchange.open(other))
      .to.be.revertedWithCustomError(at.exchange, 'RightsExchange_NotSeller')
      .withArgs(at.alice.address, at.bob.address)
    const sharing = await at.auctionOf(other.tokenId, { nonce: auction.nonce })
    await expect(at.by(at.alice).exchange.open(sharing)).to.be.revertedWithCustomError(at.exchange, 'RightsExchange_NonceUsed')
  })

  for (const [field, change] of [
    ['stepBps', { stepBps: 99n }],
    ['stepBps', { stepBps: 10_001n }],
    ['extension', { extension: 299n }],
    ['extension', { extension: 86_401n }],
    ['startsAt', { startsAt: 4_000_000_000n, endsAt: 4_000_000_000n }],
    ['endsAt', { endsAt: 4_000_000_000n }],
  ] as const) {
    it(`refuses terms out of range: ${Object.entries(change).join(' ')}`, async () => {
      const at = await deployMarket()
      const auction = await at.auctionOf(await at.titleOf(at.alice), change)
      await expect(at.by(at.alice).exchange.open(auction))
        .to.be.revertedWithCustomError(at.exchange, 'RightsExchange_AuctionInvalid')
        .withArgs(at.ethers.encodeBytes32String(field))
    })
  }

  it('takes terms at their limits, and refuses no reserve and an end that has passed', async () => {
    const at = await deployMarket()
    const now = await at.now()
    for (const change of [
      { stepBps: 100n, extension: 300n },
      { stepBps: 10_000n, extension: 86_400n },
      { startsAt: now - 5n, endsAt: now + 90n * DAY },
    ]) {
      await at.by(at.alice).exchange.open(await at.auctionOf(await at.titleOf(at.alice), change))
    }
    const tokenId = await at.titleOf(at.alice)
    await expect(at.by(at.alice).exchange.open(await at.auctionOf(tokenId, { reserve: 0n }))).to.be.revertedWithCustomError(
      at.exchange,
      'RightsExchange_PriceZero',
    )
    const past = await at.auctionOf(tokenId, { startsAt: 1n, endsAt: (await at.now()) + 10n })
    await at.at(past.endsAt)
    await expect(at.by(at.alice).exchange.open(past))
      .to.be.revertedWithCustomError(at.exchange, 'RightsExchange_AuctionOver')
      .withArgs(past.endsAt, past.endsAt)
  })

  it('refuses a refuted title and a license out of force', async () => {
    const at = await deployMarket()
    const tokenId = await at.titleOf(at.alice)
    await at.by(at.court).title.refute(tokenId)
    await expect(at.by(at.alice).exchange.open(await at.auctionOf(tokenId))).to.be.revertedWithCustomError(
      at.exchange,
      'RightsExchange_Worthless',
    )
  })

  it('gives the token back while nobody has bid', async () => {
    const at = await deployMarket()
    const { auction, tokenId, id } = await opened(at)
    await expect(at.by(at.bob).exchange.close(auction)).to.be.revertedWithCustomError(at.exchange, 'RightsExchange_NotSeller')
    await at.by(at.alice).exchange.close(auction)
    expect(await at.title.ownerOf(tokenId)).to.equal(at.alice.address)
    expect((await at.stateOf(auction)).phase).to.equal(PHASE.unsold)
    await expect(at.by(at.alice).exchange.close(auction))
      .to.be.revertedWithCustomError(at.exchange, 'RightsExchange_AuctionNotOpen')
      .withArgs(id)
    await expect(at.bid(auction, at.bob, 10_000n)).to.be.revertedWithCustomError(at.exchange, 'RightsExchange_AuctionNotOpen')
    const other = await opened(at)
    await at.bid(other.auction, at.bob, 10_000n)
    await expect(at.by(at.alice).exchange.close(other.auction))
      .to.be.revertedWithCustomError(at.exchange, 'RightsExchange_HasBids')
      .withArgs(other.id)
  })

  it('lets the seller empty the title no more: no license, no agreement, no lineage', async () => {
    const at = await deployMarket()
    const { tokenId } = await opened(at)
    const offer = {
      workId: tokenId,
      seller: at.alice.address,
      epoch: await at.title.epochOf(tokenId),
      currency: ZeroAddress,
      price: 0n,
      duration: 0n,
      closesAt: 4_102_444_799n,
      supply: 1n,
      exclusive: true,
      territories: 0xffffn,
      channels: 0xffffn,
      rights: 0xffn,
      transferable: true,
      renewable: false,
      resaleBps: 0n,
      derivativeBps: 0n,
      commissionCapPpm: 0n,
      platform: ZeroAddress,
      document: NOTHING,
    }
    await at.by(at.alice).licenses.getFunction('open')(offer)
    await expect(at.by(at.alice).licenses.acquire(offer, '0x', at.alice.address, ZeroAddress, 0n))
      .to.be.revertedWithCustomError(at.licenses, 'LicenseToken_SellerNotHolder')
      .withArgs(tokenId, at.alice.address, at.market)

    const grant = at.grantOf({ licensor: at.alice.address })
    const agreement = await at.agreementOf(tokenId, grant)
    await expect(at.activate(agreement, grant, { licensor: await at.signAgreement(agreement, grant, at.alice) }))
      .to.be.revertedWithCustomError(at.licenses, 'LicenseToken_SellerNotHolder')
      .withArgs(tokenId, at.alice.address, at.market)

    const own = await at.depositWork(at.alice)
    await expect(
      at.by(at.alice).splitter.registerDerivative(tokenId, [{ parent: own, share: 1_000_000n, grantor: at.alice.address }], [[]]),
    )
      .to.be.revertedWithCustomError(at.splitter, 'RevenueSplitter_NotRightsHolder')
      .withArgs(tokenId, at.market, at.alice.address)
  })

  it('leaves the seller what the work earns meanwhile', async () => {
    const at = await deployMarket()
    const { tokenId } = await opened(at)
    await at.by(at.carol).splitter.pay(tokenId, ZeroAddress, 1000n, { value: 1000n })
    await at.by(at.alice).splitter.claim(tokenId, [{ account: at.alice.address, share: 1_000_000 }], 0, ZeroAddress)
    expect(await at.balance(at.split)).to.equal(0n)
  })
})

/** What stands for a split whose only payee is the account. */
const splitOfSole = async (at: Market, account: string) => {
  const workId = await at.depositWork()
  await at.by(at.author).splitter.setSplit(workId, [{ account, share: 1_000_000 }])
  const [hash] = await at.splitter.splitOf(workId)
  return hash
}

describe('RightsExchange: bid', () => {
  for (const native of [true, false]) {
    it(`keeps the highest and owes everybody else his own, in ${native ? 'coins' : 'tokens'}`, async () => {
      const at = await deployMarket()
      const currency = native ? ZeroAddress : at.currency
      const { auction, id } = await opened(at, { currency })
      await expect(at.bid(auction, at.bob, 10_000n))
        .to.emit(at.exchange, 'Bid')
        .withArgs(id, at.bob.address, 10_000n, auction.endsAt)
      await expect(at.bid(auction, at.carol, 10_500n))
        .to.emit(at.exchange, 'Refunded')
        .withArgs(at.bob.address, currency, 10_000n)
      await at.bid(auction, at.carol, 20_000n)
      expect(await at.exchange.heldFor(at.bob.address, currency)).to.equal(10_000n)
      expect(await at.exchange.heldFor(at.carol.address, currency)).to.equal(10_500n)
      expect(await at.exchange.heldOf(currency)).to.equal(40_500n)
      expect(native ? await at.balance(at.market) : await at.coin.balanceOf(at.market)).to.equal(40_500n)
      await at.by(at.bob).exchange.withdraw(currency, at.author.address)
      expect(await at.exchange.heldFor(at.bob.address, currency)).to.equal(0n)
      expect(await at.exchange.heldOf(currency)).to.equal(30_500n)
      await expect(at.by(at.bob).exchange.withdraw(currency, at.bob.address))
        .to.be.revertedWithCustomError(at.exchange, 'RightsExchange_NothingHeld')
        .withArgs(at.bob.address, currency)
    })
  }

  it('wants the reserve first, and a step more each time, rounded up', async () => {
    const at = await deployMarket()
    const { auction } = await opened(at, { reserve: 3n })
    const bid = (amount: bigint) => at.bid(auction, at.bob, amount)
    await expect(bid(2n)).to.be.revertedWithCustomError(at.exchange, 'RightsExchange_BidOutOfRange').withArgs(2n, 3n)
    await bid(3n)
    expect(await at.exchange.leastBidOf(auction)).to.equal(4n)
    await expect(bid(3n)).to.be.revertedWithCustomError(at.exchange, 'RightsExchange_BidOutOfRange').withArgs(3n, 4n)
    await bid(1001n)
    expect(await at.exchange.leastBidOf(auction)).to.equal(1052n)
    await expect(at.bid(auction, at.bob, 2n ** 96n, { value: 5n }))
      .to.be.revertedWithCustomError(at.exchange, 'RightsExchange_BidOutOfRange')
      .withArgs(2n ** 96n, 1052n)
  })

  it('opens a signed auction with the first bid', async () => {
    const at = await deployMarket()
    const tokenId = await at.titleOf(at.alice)
    const auction = await at.auctionOf(tokenId)
    for (const signature of ['0x', await at.signAuction(auction, at.bob)]) {
      await expect(at.bid(auction, at.bob, 10_000n, { signature })).to.be.revertedWithCustomError(
        at.exchange,
        'RightsExchange_SignatureInvalid',
      )
    }
    const signature = await at.signAuction(auction)
    await expect(at.bid({ ...auction, reserve: 1n }, at.bob, 10_000n, { signature })).to.be.revertedWithCustomError(
      at.exchange,
      'RightsExchange_SignatureInvalid',
    )
    await at.bid(auction, at.bob, 10_000n, { signature })
    expect(await at.title.ownerOf(tokenId)).to.equal(at.market)
    await at.bid(auction, at.carol, 11_000n)
  })

  it('is possible from the first second to the last', async () => {
    const at = await deployMarket()
    const startsAt = (await at.now()) + 1000n
    const { auction } = await opened(at, { startsAt, endsAt: startsAt + DAY })
    await at.at(startsAt - 1n)
    await expect(at.bid(auction, at.bob, 10_000n))
      .to.be.revertedWithCustomError(at.exchange, 'RightsExchange_AuctionNotStarted')
      .withArgs(startsAt, startsAt - 1n)
    await at.at(auction.endsAt)
    await expect(at.bid(auction, at.bob, 10_000n))
      .to.be.revertedWithCustomError(at.exchange, 'RightsExchange_AuctionOver')
      .withArgs(auction.endsAt, auction.endsAt)
    await at.at(auction.endsAt - 1n)
    await at.bid(auction, at.bob, 10_000n)
  })

  it('leaves time for an answer after every bid', async () => {
    const at = await deployMarket()
    const { auction } = await opened(at)
    await at.at(auction.endsAt - 600n)
    await at.bid(auction, at.bob, 10_000n)
    expect((await at.stateOf(auction)).endsAt).to.equal(auction.endsAt)
    let end = auction.endsAt
    for (let amount = 20_000n; amount < 100_000n; amount *= 2n) {
      await at.at(end - 1n)
      await at.bid(auction, at.carol, amount)
      expect((await at.stateOf(auction)).endsAt).to.equal(end + 599n)
      end += 599n
    }
    await at.at(end - 1n)
    await expect(at.exchange.settle(auction))
      .to.be.revertedWithCustomError(at.exchange, 'RightsExchange_AuctionRunning')
      .withArgs(end, end - 1n)
    await at.at(end)
    await expect(at.bid(auction, at.bob, 10n ** 6n)).to.be.revertedWithCustomError(at.exchange, 'RightsExchange_AuctionOver')
  })

  it('is not the seller’s, and needs the coins that it names', async () => {
    const at = await deployMarket()
    const { auction } = await opened(at)
    await expect(at.bid(auction, at.alice, 10_000n))
      .to.be.revertedWithCustomError(at.exchange, 'RightsExchange_SellerBids')
      .withArgs(at.alice.address)
    await expect(at.bid(auction, at.bob, 10_000n, { value: 9999n }))
      .to.be.revertedWithCustomError(at.exchange, 'RightsExchange_ValueWrong')
      .withArgs(9999n, 10_000n)
    const tokens = await opened(at, { currency: at.currency })
    await expect(at.bid(tokens.auction, at.bob, 10_000n, { value: 1n })).to.be.revertedWithCustomError(
      at.exchange,
      'RightsExchange_ValueWrong',
    )
  })

  it('is refused on what has lost its worth', async () => {
    const at = await deployMarket()
    const { auction, tokenId } = await opened(at)
    await at.by(at.court).title.refute(tokenId)
    await expect(at.bid(auction, at.bob, 10_000n))
      .to.be.revertedWithCustomError(at.exchange, 'RightsExchange_Worthless')
      .withArgs(false, tokenId)
    const { licenseId } = await at.agree({ duration: DAY / 2n })
    await at.by(at.alice).licenses.setApprovalForAll(at.market, true)
    const license = await at.auctionOf(licenseId, { isLicense: true })
    await at.by(at.alice).exchange.open(license)
    await at.reach(license.endsAt - 1000n)
    await expect(at.bid(license, at.bob, 10_000n))
      .to.be.revertedWithCustomError(at.exchange, 'RightsExchange_Worthless')
      .withArgs(true, licenseId)
  })

  it('takes no token that does not arrive in full, and none that is short', async () => {
    const at = await deployMarket()
    const { auction } = await opened(at, { currency: at.currency })
    await at.coin.charge(1, 0)
    await expect(at.bid(auction, at.bob, 10_000n)).to.be.revertedWithCustomError(at.splitter, 'RevenueSplitter_Underpaid')
    await at.coin.charge(0, 0)
    await at.bid(auction, at.bob, 10_000n)
    await at.coin.rebase(5n * 10n ** 17n)
    await expect(at.bid(auction, at.carol, 20_000n))
      .to.be.revertedWithCustomError(at.exchange, 'Escrow_Shortfall')
      .withArgs(at.currency, 5000n, 10_000n)
  })

  it('lets nobody in who is called while his bid is taken, to withdraw or to bid', async () => {
    const at = await deployMarket()
    const encodeBid = (of: Auction, amount: bigint) => at.exchange.interface.encodeFunctionData('bid', [of, '0x', amount])
    const { contract, address } = await at.puppet()
    const inCoins = await opened(at)
    await contract.execute(at.market, encodeBid(inCoins.auction, 10_000n), { value: 10_000n })
    await at.bid(inCoins.auction, at.carol, 20_000n)
    const { auction } = await opened(at, { currency: at.currency })
    await at.coin.mint(address, 100_000n)
    await contract.execute(at.currency, at.coin.interface.encodeFunctionData('approve', [at.split, 100_000n]))
    await at.coin.hook(address, true)
    // Nothing but the exchange's lock refuses that he draws coins that are his; the books would refuse the bid, for another reason.
    for (const [index, again] of [
      at.exchange.interface.encodeFunctionData('withdraw', [ZeroAddress, at.author.address]),
      encodeBid(auction, 40_000n),
    ].entries()) {
      const amount = 10_000n << BigInt(index)
      await contract.behave(MANNER.callBack, at.market, again)
      await contract.execute(at.market, encodeBid(auction, amount))
      expect([await contract.succeeded(), await contract.failed(), await contract.reason()]).to.deep.equal([
        0n,
        BigInt(index) + 1n,
        at.exchange.interface.getError('ReentrancyGuardReentrantCall')!.selector,
      ])
      expect((await at.stateOf(auction)).bid).to.equal(amount)
    }
    expect(await at.exchange.heldFor(address, ZeroAddress)).to.equal(10_000n)
  })
})

describe('RightsExchange: settle', () => {
  for (const native of [true, false]) {
    it(`gives the winner the title, the seller the money and the creator his royalty, in ${native ? 'coins' : 'tokens'}`, async () => {
      const at = await deployMarket()
      const currency = native ? ZeroAddress : at.currency
      const held = (account: string) => (native ? at.balance(account) : at.coin.balanceOf(account))
      const { auction, tokenId, id } = await opened(at, { currency })
      await at.bid(auction, at.bob, 10_000n)
      await at.bid(auction, at.carol, 20_000n)
      const before = await held(at.alice.address)
      await at.reach(auction.endsAt)
      await expect(at.by(at.deployer).exchange.settle(auction))
        .to.emit(at.exchange, 'AuctionSettled')
        .withArgs(id, PHASE.sold, at.carol.address, 20_000n, 1000n)
      expect(await at.title.ownerOf(tokenId)).to.equal(at.carol.address)
      expect((await held(at.alice.address)) - before).to.equal(19_000n)
      expect(await held(at.market)).to.equal(10_000n)
      expect(await at.exchange.heldOf(currency)).to.equal(10_000n)
      await expect(at.exchange.settle(auction)).to.be.revertedWithCustomError(at.exchange, 'RightsExchange_AuctionNotOpen').withArgs(id)
    })

    it(`pays a license’s resale fee into the work’s split, in ${native ? 'coins' : 'tokens'}`, async () => {
      const at = await deployMarket()
      const currency = native ? ZeroAddress : at.currency
      const { licenseId, workId } = await at.agree({ resaleBps: 1000n })
      await at.by(at.alice).licenses.setApprovalForAll(at.market, true)
      const auction = await at.auctionOf(licenseId, { isLicense: true, currency })
      await at.bid(auction, at.bob, 10_000n, { signature: await at.signAuction(auction) })
      await at.reach(auction.endsAt)
      await at.exchange.settle(auction)
      expect(await at.licenses.ownerOf(licenseId)).to.equal(at.bob.address)
      expect(await at.earned(workId, currency)).to.equal(1000n)
    })
  }

  it('gives an unsold token back', async () => {
    const at = await deployMarket()
    const { auction, tokenId, id } = await opened(at)
    await at.reach(auction.endsAt)
    await expect(at.exchange.settle(auction)).to.emit(at.exchange, 'AuctionSettled').withArgs(id, PHASE.unsold, ZeroAddress, 0n, 0n)
    expect(await at.title.ownerOf(tokenId)).to.equal(at.alice.address)
    const never = await at.auctionOf(tokenId)
    await expect(at.exchange.settle(never)).to.be.revertedWithCustomError(at.exchange, 'RightsExchange_AuctionNotOpen')
  })

  it('is void when the title was refuted meanwhile: the bid goes back, and the title', async () => {
    const at = await deployMarket()
    const { auction, tokenId, id } = await opened(at)
    await at.bid(auction, at.bob, 10_000n)
    await at.by(at.court).title.refute(tokenId)
    await at.reach(auction.endsAt)
    await expect(at.exchange.settle(auction)).to.emit(at.exchange, 'AuctionSettled').withArgs(id, PHASE.void, at.bob.address, 10_000n, 0n)
    expect(await at.title.ownerOf(tokenId)).to.equal(at.alice.address)
    expect(await at.exchange.heldFor(at.bob.address, ZeroAddress)).to.equal(10_000n)
  })

  it('is void when the license has run out meanwhile, and the license goes back', async () => {
    const at = await deployMarket()
    const { licenseId } = await at.agree({ duration: DAY / 2n, resaleBps: 1000n })
    await at.by(at.alice).licenses.setApprovalForAll(at.market, true)
    const auction = await at.auctionOf(licenseId, { isLicense: true })
    await at.bid(auction, at.bob, 10_000n, { signature: await at.signAuction(auction) })
    await at.reach(auction.endsAt)
    await at.exchange.settle(auction)
    expect((await at.stateOf(auction)).phase).to.equal(PHASE.void)
    expect(await at.licenses.ownerOf(licenseId)).to.equal(at.alice.address)
    expect(await at.exchange.heldFor(at.bob.address, ZeroAddress)).to.equal(10_000n)
  })

  it('waits for a frozen title, and sells it when it thaws', async () => {
    const at = await deployMarket()
    const { auction, tokenId } = await opened(at)
    await at.bid(auction, at.bob, 10_000n)
    await at.by(at.court).title.freeze(tokenId, auction.endsAt + 10n * DAY)
    await at.reach(auction.endsAt)
    await expect(at.exchange.settle(auction))
      .to.be.revertedWithCustomError(at.exchange, 'RightsExchange_TitleFrozen')
      .withArgs(tokenId, auction.endsAt + PATIENCE)
    await at.reach(auction.endsAt + 10n * DAY)
    await at.exchange.settle(auction)
    expect(await at.title.ownerOf(tokenId)).to.equal(at.bob.address)
  })

  it('is void when the title stays frozen: the bid goes back at once, the title when it can', async () => {
    const at = await deployMarket()
    const { auction, tokenId } = await opened(at)
    await at.bid(auction, at.bob, 10_000n)
    await at.by(at.court).title.freeze(tokenId, auction.endsAt + 100n * DAY)
    await at.at(auction.endsAt + PATIENCE - 1n)
    await expect(at.exchange.settle(auction)).to.be.revertedWithCustomError(at.exchange, 'RightsExchange_TitleFrozen')
    await at.at(auction.endsAt + PATIENCE)
    await expect(at.exchange.settle(auction)).to.emit(at.exchange, 'Kept').withArgs(false, tokenId, at.alice.address)
    expect(await at.exchange.heldFor(at.bob.address, ZeroAddress)).to.equal(10_000n)
    await expect(at.by(at.alice).exchange.release(false, tokenId, at.alice.address)).to.be.revertedWithCustomError(
      at.title,
      'CopyrightTitle_TitleFrozen',
    )
    await at.reach(auction.endsAt + 100n * DAY)
    await at.by(at.alice).exchange.release(false, tokenId, at.alice.address)
    expect(await at.title.ownerOf(tokenId)).to.equal(at.alice.address)
  })

  for (const how of ['refuse', 'wrongAnswer', 'burnEverything'] as const) {
    it(`keeps the title for a winner who meets it with ${how}, and pays the seller`, async () => {
      const at = await deployMarket()
      const { auction, tokenId } = await opened(at)
      const winner = await at.ethers.deployContract('Trader', [at.bob.address])
      const address = await winner.getAddress()
      await winner.execute(at.market, at.exchange.interface.encodeFunctionData('bid', [auction, '0x', 10_000n]), { value: 10_000n })
      await winner.welcome(WELCOME[how], ZeroAddress, '0x')
      await at.reach(auction.endsAt)
      const before = await at.balance(at.alice.address)
      await at.by(at.deployer).exchange.settle(auction)
      expect((await at.balance(at.alice.address)) - before).to.equal(9500n)
      expect(await at.exchange.keptFor(false, tokenId)).to.equal(address)
      const release = (to: string) => at.exchange.interface.encodeFunctionData('release', [false, tokenId, to])
      await expect(at.by(at.bob).exchange.release(false, tokenId, at.bob.address))
        .to.be.revertedWithCustomError(at.exchange, 'RightsExchange_NotKept')
        .withArgs(false, tokenId, at.bob.address)
      for (const to of [at.market, address]) await expect(winner.execute(at.market, release(to))).to.revert(at.ethers)
      expect(await at.exchange.keptFor(false, tokenId)).to.equal(address)
      // What the work earns while it is kept is the winner's.
      expect((await at.splitter.splitOf(tokenId))[0]).to.equal(await splitOfSole(at, address))
      await winner.execute(at.market, release(at.carol.address))
      expect(await at.title.ownerOf(tokenId)).to.equal(at.carol.address)
      expect(await at.exchange.keptFor(false, tokenId)).to.equal(ZeroAddress)
    })
  }

  it('keeps a license for a winner who refuses it, and leaves the work’s split alone', async () => {
    const at = await deployMarket()
    const { licenseId, workId } = await at.agree()
    await at.by(at.alice).licenses.setApprovalForAll(at.market, true)
    const auction = await at.auctionOf(licenseId, { isLicense: true })
    await at.by(at.alice).exchange.open(auction)
    const winner = await at.ethers.deployContract('Trader', [at.bob.address])
    const address = await winner.getAddress()
    await winner.execute(at.market, at.exchange.interface.encodeFunctionData('bid', [auction, '0x', 10_000n]), { value: 10_000n })
    await winner.welcome(WELCOME.refuse, ZeroAddress, '0x')
    const before = [...(await at.splitter.splitOf(workId))]
    await at.reach(auction.endsAt)
    await at.exchange.settle(auction)
    expect(await at.exchange.keptFor(true, licenseId)).to.equal(address)
    expect(await at.exchange.keptFor(false, licenseId)).to.equal(ZeroAddress)
    expect([...(await at.splitter.splitOf(workId))]).to.deep.equal(before)
    await winner.execute(at.market, at.exchange.interface.encodeFunctionData('release', [true, licenseId, at.carol.address]))
    expect(await at.licenses.ownerOf(licenseId)).to.equal(at.carol.address)
  })

  it('cannot be made to withhold the title by little gas', async () => {
    const at = await deployMarket()
    const { auction, tokenId } = await opened(at)
    const winner = await at.ethers.deployContract('Trader', [at.bob.address])
    await winner.execute(at.market, at.exchange.interface.encodeFunctionData('bid', [auction, '0x', 10_000n]), { value: 10_000n })
    await at.reach(auction.endsAt)
    await expect(at.exchange.settle.staticCall(auction, { gasLimit: 600_000 })).to.be.revertedWithCustomError(
      at.exchange,
      'RightsExchange_GasTooLow',
    )
    await at.exchange.settle(auction)
    expect(await at.title.ownerOf(tokenId)).to.equal(await winner.getAddress())
  })

  it('stops a winner who calls back while he receives', async () => {
    const at = await deployMarket()
    const { auction } = await opened(at)
    const winner = await at.ethers.deployContract('Trader', [at.bob.address])
    await winner.execute(at.market, at.exchange.interface.encodeFunctionData('bid', [auction, '0x', 10_000n]), { value: 10_000n })
    await winner.execute(at.market, at.exchange.interface.encodeFunctionData('bid', [auction, '0x', 20_000n]), { value: 20_000n })
    const steal = at.exchange.interface.encodeFunctionData('withdraw', [ZeroAddress, await winner.getAddress()])
    await winner.welcome(WELCOME.callBack, at.market, steal)
    await at.reach(auction.endsAt)
    await at.exchange.settle(auction)
    expect([await winner.succeeded(), await winner.reason()]).to.deep.equal([
      false,
      at.exchange.interface.getError('ReentrancyGuardReentrantCall')!.selector,
    ])
  })

  it('cannot be spoiled from within a payment of the splitter’s', async () => {
    const at = await deployMarket()
    const { auction, tokenId } = await opened(at, { currency: at.currency })
    await at.bid(auction, at.bob, 10_000n)
    await at.reach(auction.endsAt)
    const { contract, address } = await at.puppet()
    await contract.behave(MANNER.callBack, at.market, at.exchange.interface.encodeFunctionData('settle', [auction]))
    await at.by(at.carol).splitter.credit(address, at.carol.address, ZeroAddress, 5n, { value: 5n })
    await at.splitter.withdraw(address, ZeroAddress)
    expect([await contract.failed(), await contract.reason()]).to.deep.equal([
      1n,
      at.exchange.interface.getError('RightsExchange_PaymentFailed')!.selector,
    ])
    await at.exchange.settle(auction)
    expect(await at.title.ownerOf(tokenId)).to.equal(at.bob.address)
  })

  it('waits for a currency that was struck off, then gives token and bid back', async () => {
    const at = await deployMarket()
    const { auction, tokenId } = await opened(at, { currency: at.currency })
    await at.bid(auction, at.bob, 10_000n)
    await at.splitter.setCurrency(at.currency, false)
    await at.at(auction.endsAt + PATIENCE - 1n)
    await expect(at.exchange.settle(auction))
      .to.be.revertedWithCustomError(at.exchange, 'RightsExchange_PaymentFailed')
      .withArgs(at.currency, auction.endsAt + PATIENCE)
    await at.at(auction.endsAt + PATIENCE)
    await at.exchange.settle(auction)
    expect((await at.stateOf(auction)).phase).to.equal(PHASE.void)
    expect(await at.title.ownerOf(tokenId)).to.equal(at.alice.address)
    expect(await at.exchange.heldOf(at.currency)).to.equal(10_000n)
    const before = await at.coin.balanceOf(at.bob.address)
    await at.by(at.bob).exchange.withdraw(at.currency, at.bob.address)
    expect((await at.coin.balanceOf(at.bob.address)) - before).to.equal(10_000n)
  })

  it('credits a seller whom the token has blocked', async () => {
    const at = await deployMarket()
    const { auction } = await opened(at, { currency: at.currency })
    await at.bid(auction, at.bob, 10_000n)
    await at.coin.block_(at.alice.address, true)
    await at.reach(auction.endsAt)
    await at.exchange.settle(auction)
    expect(await at.credit(at.alice.address, at.currency)).to.equal(9500n)
  })

  it('shares what is left of a currency that has shrunk', async () => {
    const at = await deployMarket()
    const { auction } = await opened(at, { currency: at.currency })
    await at.bid(auction, at.bob, 10_000n)
    await at.bid(auction, at.carol, 30_000n)
    await at.coin.rebase(5n * 10n ** 17n)
    expect(await at.by(at.bob).exchange.withdraw.staticCall(at.currency, at.bob.address)).to.equal(5000n)
    await at.by(at.bob).exchange.withdraw(at.currency, at.bob.address)
    await at.reach(auction.endsAt)
    const before = await at.coin.balanceOf(at.alice.address)
    await at.exchange.settle(auction)
    expect((await at.coin.balanceOf(at.alice.address)) - before).to.equal(14_250n)
    expect(await at.exchange.heldOf(at.currency)).to.equal(0n)
  })

  it('pays from the holdings for nobody but itself', async () => {
    const at = await deployMarket()
    const { auction } = await opened(at)
    await at.bid(auction, at.bob, 10_000n)
    await expect(at.by(at.bob).exchange.payFromHoldings(auction, 1n))
      .to.be.revertedWithCustomError(at.exchange, 'RightsExchange_OnlySelf')
      .withArgs(at.bob.address)
  })
})

describe('RightsExchange: withdraw', () => {
  it('says when the money is refused, and keeps it for another address', async () => {
    const at = await deployMarket()
    const { auction } = await opened(at)
    await at.bid(auction, at.bob, 10_000n)
    await at.bid(auction, at.carol, 20_000n)
    const { contract, address } = await at.puppet()
    await contract.behave(MANNER.refuse, ZeroAddress, '0x')
    await expect(at.by(at.bob).exchange.withdraw(ZeroAddress, address))
      .to.be.revertedWithCustomError(at.exchange, 'RightsExchange_TransferFailed')
      .withArgs(address, ZeroAddress, 10_000n)
    await expect(at.by(at.bob).exchange.withdraw(ZeroAddress, at.author.address))
      .to.emit(at.exchange, 'Withdrawn')
      .withArgs(at.bob.address, ZeroAddress, at.author.address, 10_000n)
  })

  it('pays once, whoever calls back', async () => {
    const at = await deployMarket()
    const { auction } = await opened(at)
    const { contract, address } = await at.puppet()
    await contract.execute(at.market, at.exchange.interface.encodeFunctionData('bid', [auction, '0x', 10_000n]), { value: 10_000n })
    await at.bid(auction, at.carol, 20_000n)
    const withdraw = at.exchange.interface.encodeFunctionData('withdraw', [ZeroAddress, address])
    await contract.behave(MANNER.callBack, at.market, withdraw)
    await contract.execute(at.market, withdraw)
    expect([await contract.succeeded(), await contract.failed()]).to.deep.equal([0n, 1n])
    expect(await at.balance(address)).to.equal(10_000n)
  })
})
