import { expect } from 'chai'
import { TypedDataEncoder, ZeroAddress } from 'ethers'
import { deployMarket, MANNER, type Market, type Order } from '../market/fixture.ts'
import { ORDER_TYPES } from '../market/types.ts'
import { idOf, newWork } from '../registry/fixture.ts'

/** `Welcome` of contracts/test/MarketParties.sol. */
const WELCOME = { take: 0, refuse: 1, wrongAnswer: 2, burnEverything: 3, callBack: 4 } as const

/** A license of the author's, issued to alice, with a resale fee of ten per cent. */
const licenseOf = async (at: Market, resaleBps = 1000n) => {
  const { licenseId, workId, agreement } = await at.agree({ resaleBps })
  await at.by(at.alice).licenses.setApprovalForAll(at.market, true)
  return { licenseId, workId, agreement }
}

describe('RightsExchange: fill', () => {
  it('hands over the title and pays royalty and seller, in coins', async () => {
    const at = await deployMarket()
    const tokenId = await at.titleOf(at.alice)
    const order = at.orderOf(tokenId)
    const id = TypedDataEncoder.hashStruct('Order', ORDER_TYPES, order)
    const [author, alice] = [await at.balance(at.author.address), await at.balance(at.alice.address)]
    await expect(at.fill(order))
      .to.emit(at.exchange, 'OrderFilled')
      .withArgs(id, at.alice.address, at.bob.address, tokenId, ZeroAddress, 10_000n, 500n)
    expect(await at.title.ownerOf(tokenId)).to.equal(at.bob.address)
    expect((await at.balance(at.author.address)) - author).to.equal(500n)
    expect((await at.balance(at.alice.address)) - alice).to.equal(9500n)
    expect(await at.exchange.orderIdOf(order)).to.equal(id)
    expect(await at.exchange.isNonceUsed(at.alice.address, order.nonce)).to.equal(true)
  })

  it('does the same in tokens, the royalty as credit', async () => {
    const at = await deployMarket()
    const tokenId = await at.titleOf(at.alice)
    const before = await at.coin.balanceOf(at.alice.address)
    await at.fill(at.orderOf(tokenId, { currency: at.currency }))
    expect(await at.title.ownerOf(tokenId)).to.equal(at.bob.address)
    expect((await at.coin.balanceOf(at.alice.address)) - before).to.equal(9500n)
    expect(await at.credit(at.author.address, at.currency)).to.equal(500n)
  })

  it('takes no royalty of the claimant’s own sale', async () => {
    const at = await deployMarket()
    for (const currency of [ZeroAddress, at.currency]) {
      const tokenId = await at.titleOf()
      const order = at.orderOf(tokenId, { seller: at.author.address, currency })
      await expect(at.fill(order, { signature: await at.signOrder(order, at.author) }))
        .to.emit(at.exchange, 'OrderFilled')
        .withArgs(await at.exchange.orderIdOf(order), at.author.address, at.bob.address, tokenId, currency, 10_000n, 0n)
    }
  })

  for (const native of [true, false]) {
    it(`pays a license’s resale fee into the work’s split, in ${native ? 'coins' : 'tokens'}`, async () => {
      const at = await deployMarket()
      const currency = native ? ZeroAddress : at.currency
      const { licenseId, workId } = await licenseOf(at)
      await at.fill(at.orderOf(licenseId, { isLicense: true, currency }))
      expect(await at.licenses.ownerOf(licenseId)).to.equal(at.bob.address)
      expect(await at.earned(workId, currency)).to.equal(1000n)
    })
  }

  it('trades licenses without a fee, and those whose fee is everything', async () => {
    const at = await deployMarket()
    for (const [resaleBps, fee] of [
      [0n, 0n],
      [10_000n, 10_000n],
    ] as const) {
      const { licenseId, workId } = await licenseOf(at, resaleBps)
      await at.fill(at.orderOf(licenseId, { isLicense: true }))
      expect(await at.earned(workId)).to.equal(fee)
    }
  })

  it('fills an order once, and of several with one nonce one', async () => {
    const at = await deployMarket()
    const tokenId = await at.titleOf(at.alice)
    const order = at.orderOf(tokenId)
    const other = at.orderOf(await at.titleOf(at.alice), { nonce: order.nonce })
    await at.fill(order)
    for (const each of [order, other]) {
      await expect(at.fill(each))
        .to.be.revertedWithCustomError(at.exchange, 'RightsExchange_NonceUsed')
        .withArgs(at.alice.address, order.nonce)
    }
  })

  it('keeps nonces apart: by seller, by bit, by word', async () => {
    const at = await deployMarket()
    await at.fill(at.orderOf(await at.titleOf(at.alice), { nonce: 256n + 7n }))
    for (const nonce of [7n, 256n + 6n, 512n + 7n]) expect(await at.exchange.isNonceUsed(at.alice.address, nonce)).to.equal(false)
    expect(await at.exchange.isNonceUsed(at.bob.address, 263n)).to.equal(false)
    await at.fill(at.orderOf(await at.titleOf(at.alice), { nonce: 2n ** 256n - 1n }))
    expect(await at.exchange.isNonceUsed(at.alice.address, 2n ** 256n - 1n)).to.equal(true)
  })

  it('is possible until the last second', async () => {
    const at = await deployMarket()
    const tokenId = await at.titleOf(at.alice)
    const order = at.orderOf(tokenId, { expiresAt: (await at.now()) + 100n })
    await at.at(order.expiresAt + 1n)
    await expect(at.fill(order))
      .to.be.revertedWithCustomError(at.exchange, 'RightsExchange_OrderExpired')
      .withArgs(order.expiresAt, order.expiresAt + 1n)
    await at.at(order.expiresAt)
    await at.fill(order)
  })

  it('is for the named buyer alone', async () => {
    const at = await deployMarket()
    const order = at.orderOf(await at.titleOf(at.alice), { buyer: at.carol.address })
    await expect(at.fill(order))
      .to.be.revertedWithCustomError(at.exchange, 'RightsExchange_NotTheBuyer')
      .withArgs(at.carol.address, at.bob.address)
    await at.fill(order, { by: at.carol })
  })

  it('wants the price exactly, and no coins with tokens', async () => {
    const at = await deployMarket()
    const order = at.orderOf(await at.titleOf(at.alice))
    for (const value of [0n, 9999n, 10_001n]) {
      await expect(at.fill(order, { value }))
        .to.be.revertedWithCustomError(at.exchange, 'RightsExchange_ValueWrong')
        .withArgs(value, 10_000n)
    }
    const tokens = at.orderOf(order.tokenId, { currency: at.currency })
    await expect(at.fill(tokens, { value: 1n }))
      .to.be.revertedWithCustomError(at.exchange, 'RightsExchange_ValueWrong')
      .withArgs(1n, 0n)
    await expect(at.fill(at.orderOf(order.tokenId, { price: 0n }))).to.be.revertedWithCustomError(at.exchange, 'RightsExchange_PriceZero')
  })

  it('binds every field, the chain and the contract', async () => {
    const at = await deployMarket()
    const order = at.orderOf(await at.titleOf(at.alice))
    const signature = await at.signOrder(order)
    const changes: Partial<Order>[] = [
      { tokenId: order.tokenId ^ 1n },
      { price: 1n },
      { currency: at.currency },
      { buyer: at.bob.address },
      { expiresAt: order.expiresAt - 1n },
      { nonce: 99n },
      { isLicense: true },
      { seller: at.author.address },
    ]
    for (const change of changes) {
      await expect(at.fill({ ...order, ...change }, { signature })).to.be.revertedWithCustomError(
        at.exchange,
        'RightsExchange_SignatureInvalid',
      )
    }
    for (const change of [{ chainId: 1n }, { verifyingContract: at.split }, { name: 'Colophon' }, { version: '2' }]) {
      await expect(at.fill(order, { signature: await at.signOrder(order, at.alice, change) })).to.be.revertedWithCustomError(
        at.exchange,
        'RightsExchange_SignatureInvalid',
      )
    }
    await expect(at.fill(order, { signature: await at.signOrder(order, at.carol) })).to.be.revertedWithCustomError(
      at.exchange,
      'RightsExchange_SignatureInvalid',
    )
    await at.fill(order, { signature })
  })

  it('takes an ERC-1271 wallet’s word, and hands its proceeds to it', async () => {
    const at = await deployMarket()
    const wallet = await at.ethers.deployContract('Trader', [at.alice.address])
    const seller = await wallet.getAddress()
    const tokenId = await at.titleOf()
    await at.by(at.author).title.transferFrom(at.author.address, seller, tokenId)
    await wallet.execute(at.titles, at.title.interface.encodeFunctionData('setApprovalForAll', [at.market, true]))
    await at.fill(at.orderOf(tokenId, { seller }))
    expect(await at.balance(seller)).to.equal(9500n)
    expect(await at.title.ownerOf(tokenId)).to.equal(at.bob.address)
  })

  it('is worth nothing without the token or its approval', async () => {
    const at = await deployMarket()
    const tokenId = await at.titleOf(at.alice)
    const order = at.orderOf(tokenId)
    await at.by(at.alice).title.setApprovalForAll(at.market, false)
    await expect(at.fill(order)).to.be.revertedWithCustomError(at.title, 'ERC721InsufficientApproval')
    await at.by(at.alice).title.setApprovalForAll(at.market, true)
    await at.by(at.alice).title.transferFrom(at.alice.address, at.carol.address, tokenId)
    await expect(at.fill(order)).to.be.revertedWithCustomError(at.title, 'ERC721InsufficientApproval')
    await at.by(at.carol).title.setApprovalForAll(at.market, true)
    await expect(at.fill(order)).to.be.revertedWithCustomError(at.title, 'ERC721IncorrectOwner')
  })

  it('sells nothing that is refuted, frozen or out of force', async () => {
    const at = await deployMarket()
    const tokenId = await at.titleOf(at.alice)
    await at.by(at.court).title.freeze(tokenId, (await at.now()) + 100n)
    await expect(at.fill(at.orderOf(tokenId))).to.be.revertedWithCustomError(at.title, 'CopyrightTitle_TitleFrozen')
    await at.by(at.court).title.refute(tokenId)
    await expect(at.fill(at.orderOf(tokenId)))
      .to.be.revertedWithCustomError(at.exchange, 'RightsExchange_Worthless')
      .withArgs(false, tokenId)
    const { licenseId, agreement } = await licenseOf(at)
    const order = at.orderOf(licenseId, { isLicense: true })
    await at.reach(agreement.startsAt + 60n * 86_400n)
    await expect(at.fill(order)).to.be.revertedWithCustomError(at.licenses, 'LicenseToken_NotInForce')
  })

  for (const manner of ['refuse', 'burnEverything', 'bomb'] as const) {
    it(`credits a creator and a seller who ${manner} when coins come`, async () => {
      const at = await deployMarket()
      const { contract: creator, address } = await at.puppet()
      const work = newWork()
      await creator.execute(await at.registry.getAddress(), at.registry.interface.encodeFunctionData('deposit', [work]))
      const tokenId = BigInt(idOf(address, work))
      await creator.execute(at.titles, at.title.interface.encodeFunctionData('mint', [tokenId, 500n]))
      await creator.execute(at.titles, at.title.interface.encodeFunctionData('transferFrom', [address, at.alice.address, tokenId]))
      await creator.behave(MANNER[manner], ZeroAddress, '0x')
      await at.by(at.alice).title.setApprovalForAll(at.market, true)
      const order = at.orderOf(tokenId)
      const bought = await at.by(at.bob).exchange.fill(order, await at.signOrder(order), { value: order.price, gasLimit: 5_000_000n })
      // The buyer pays for no more than the 50,000 gas that a recipient of coins may use.
      expect((await bought.wait())!.gasUsed).to.be.lessThan(400_000n)
      expect(await at.title.ownerOf(tokenId)).to.equal(at.bob.address)
      expect(await at.credit(address)).to.equal(500n)

      // The wallet signs by alice's key and takes no coins.
      const wallet = await at.ethers.deployContract('CoinlessTrader', [at.alice.address])
      const seller = await wallet.getAddress()
      await at.by(at.bob).title.transferFrom(at.bob.address, seller, tokenId)
      await wallet.execute(at.titles, at.title.interface.encodeFunctionData('setApprovalForAll', [at.market, true]))
      await at.fill(at.orderOf(tokenId, { seller }))
      expect(await at.credit(seller)).to.equal(9500n)
      expect(await at.credit(address)).to.equal(1000n)
    })
  }

  it('lets a buyer who refuses the token not have it, and pays nobody then', async () => {
    const at = await deployMarket()
    const buyer = await at.ethers.deployContract('Trader', [at.bob.address])
    const tokenId = await at.titleOf(at.alice)
    const order = at.orderOf(tokenId)
    const call = at.exchange.interface.encodeFunctionData('fill', [order, await at.signOrder(order)])
    for (const how of [WELCOME.refuse, WELCOME.wrongAnswer, WELCOME.burnEverything]) {
      await buyer.welcome(how, ZeroAddress, '0x')
      await expect(buyer.execute(at.market, call, { value: 10_000n })).to.revert(at.ethers)
      expect(await at.title.ownerOf(tokenId)).to.equal(at.alice.address)
    }
    await buyer.welcome(WELCOME.take, ZeroAddress, '0x')
    await buyer.execute(at.market, call, { value: 10_000n })
    expect(await at.title.ownerOf(tokenId)).to.equal(await buyer.getAddress())
  })

  it('stops a buyer who calls back while he receives', async () => {
    const at = await deployMarket()
    const buyer = await at.ethers.deployContract('Trader', [at.bob.address])
    const order = at.orderOf(await at.titleOf(at.alice), { currency: at.currency })
    const again = at.orderOf(await at.titleOf(at.alice), { currency: at.currency })
    const encode = async (each: Order) => at.exchange.interface.encodeFunctionData('fill', [each, await at.signOrder(each)])
    await at.coin.mint(await buyer.getAddress(), 30_000n)
    await buyer.execute(at.currency, at.coin.interface.encodeFunctionData('approve', [at.split, 30_000n]))
    await buyer.welcome(WELCOME.callBack, at.market, await encode(again))
    await buyer.execute(at.market, await encode(order))
    expect([await buyer.succeeded(), await buyer.reason()]).to.deep.equal([
      false,
      at.exchange.interface.getError('ReentrancyGuardReentrantCall')!.selector,
    ])
  })

  it('refuses tokens that do not pay: fees, false, nothing moved, not on the list', async () => {
    const at = await deployMarket()
    const tokenId = await at.titleOf(at.alice)
    const order = () => at.orderOf(tokenId, { currency: at.currency })
    await at.coin.charge(1, 0)
    await expect(at.fill(order())).to.be.revertedWithCustomError(at.splitter, 'RevenueSplitter_Underpaid')
    await at.coin.charge(0, 0)
    for (const reply of [2, 3, 4, 5]) {
      await at.coin.answer(reply)
      await expect(at.fill(order())).to.revert(at.ethers)
    }
    await at.coin.answer(0)
    await at.splitter.setCurrency(at.currency, false)
    await expect(at.fill(order())).to.be.revertedWithCustomError(at.splitter, 'RevenueSplitter_CurrencyNotAllowed')
    expect(await at.title.ownerOf(tokenId)).to.equal(at.alice.address)
  })

  it('credits a seller whom the token has blocked', async () => {
    const at = await deployMarket()
    const tokenId = await at.titleOf(at.alice)
    await at.coin.block_(at.alice.address, true)
    await at.fill(at.orderOf(tokenId, { currency: at.currency }))
    expect(await at.credit(at.alice.address, at.currency)).to.equal(9500n)
  })

  it('publishes the EIP-712 domain that signatures need (ERC-5267)', async () => {
    const at = await deployMarket()
    const { name, version, chainId, verifyingContract } = await at.exchange.eip712Domain()
    expect({ name, version, chainId, verifyingContract }).to.deep.equal(at.domain)
  })
})

describe('RightsExchange: cancel', () => {
  it('kills an order, and what shares its nonce', async () => {
    const at = await deployMarket()
    const order = at.orderOf(await at.titleOf(at.alice))
    await expect(at.by(at.bob).exchange.cancel(order))
      .to.be.revertedWithCustomError(at.exchange, 'RightsExchange_NotSeller')
      .withArgs(at.alice.address, at.bob.address)
    await expect(at.by(at.alice).exchange.cancel(order))
      .to.emit(at.exchange, 'Cancelled')
      .withArgs(await at.exchange.orderIdOf(order), at.alice.address)
    await expect(at.fill(order)).to.be.revertedWithCustomError(at.exchange, 'RightsExchange_NonceUsed')
    await expect(at.by(at.alice).exchange.cancel(order)).to.be.revertedWithCustomError(at.exchange, 'RightsExchange_NonceUsed')
  })

  it('kills a signed auction', async () => {
    const at = await deployMarket()
    const auction = await at.auctionOf(await at.titleOf(at.alice))
    await expect(at.by(at.bob).exchange.cancelAuction(auction)).to.be.revertedWithCustomError(at.exchange, 'RightsExchange_NotSeller')
    await expect(at.by(at.alice).exchange.cancelAuction(auction))
      .to.emit(at.exchange, 'Cancelled')
      .withArgs(await at.exchange.auctionIdOf(auction), at.alice.address)
    await expect(at.bid(auction, at.bob, 10_000n, { signature: await at.signAuction(auction) })).to.be.revertedWithCustomError(
      at.exchange,
      'RightsExchange_NonceUsed',
    )
  })

  it('kills up to 256 nonces at once, and only the caller’s', async () => {
    const at = await deployMarket()
    await expect(at.by(at.alice).exchange.cancelNonces(2n, 0b101n))
      .to.emit(at.exchange, 'NoncesCancelled')
      .withArgs(at.alice.address, 2n, 0b101n)
    const used = await Promise.all([512n, 513n, 514n, 0n].map((nonce) => at.exchange.isNonceUsed(at.alice.address, nonce)))
    expect(used).to.deep.equal([true, false, true, false])
    expect(await at.exchange.isNonceUsed(at.bob.address, 512n)).to.equal(false)
    await at.by(at.alice).exchange.cancelNonces(2n, 0b10n)
    expect(await at.exchange.isNonceUsed(at.alice.address, 512n)).to.equal(true)
    await expect(at.fill(at.orderOf(await at.titleOf(at.alice), { nonce: 513n }))).to.be.revertedWithCustomError(
      at.exchange,
      'RightsExchange_NonceUsed',
    )
  })
})
