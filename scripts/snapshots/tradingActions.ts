import type { HardhatEthers } from '@nomicfoundation/hardhat-ethers/types'
import { id, type TransactionResponse, ZeroAddress, ZeroHash } from 'ethers'
import { AGREEMENT_TYPES, AUCTION_TYPES, ORDER_TYPES } from '../../test/market/types.ts'
import type { GasAction } from './gasAction.ts'

const PRICE = 123_456_789_012_345_679n
const DAY = 86_400n

/** What agreements and the exchange cost, on the whole market as it is deployed: OpenZeppelin's tokens, real splitter, no doubles. */
export async function tradingActions(ethers: HardhatEthers): Promise<GasAction[]> {
  const [deployer, author, alice, bob] = await ethers.getSigners()
  if (!deployer || !author || !alice || !bob) throw new Error('four accounts are needed')
  const authority = await ethers.deployContract('Authority', [deployer.address])
  const registry = await ethers.deployContract('CopyrightRegistry')
  const title = await ethers.deployContract('CopyrightTitle', [await registry.getAddress(), await authority.getAddress()])
  const titles = await title.getAddress()
  const splitter = await ethers.deployContract('RevenueSplitter', [await authority.getAddress(), titles])
  const split = await splitter.getAddress()
  const licenseToken = await ethers.deployContract('LicenseToken', [titles, split])
  const licenses = await licenseToken.getAddress()
  const agreements = await ethers.deployContract('LicenseAgreements', [titles, licenses, split])
  const exchange = await ethers.deployContract('RightsExchange', [titles, licenses, split])
  const [agreementsAddress, market] = [await agreements.getAddress(), await exchange.getAddress()]
  await licenseToken.getFunction('connect')(agreementsAddress, market)
  await splitter.setModules([licenses, agreementsAddress, market])
  await title.getFunction('connect')(split)
  const coin = await ethers.deployContract('PlainToken')
  const currency = await coin.getAddress()
  await splitter.setCurrency(currency, true)
  const { chainId } = await ethers.provider.getNetwork()
  const domain = { name: 'Colophon RightsExchange', version: '1', chainId, verifyingContract: market }
  const now = async () => BigInt((await ethers.provider.getBlock('latest'))!.timestamp)
  const pass = async (seconds: bigint) => {
    await ethers.provider.send('evm_increaseTime', [Number(seconds)])
    await ethers.provider.send('evm_mine', [])
  }
  for (const trader of [author, alice, bob]) {
    await coin.mint(trader.address, 10n ** 24n)
    await (coin.connect(trader) as typeof coin).approve(split, 10n ** 24n)
    await (title.connect(trader) as typeof title).setApprovalForAll(market, true)
  }

  let works = 0
  const work = async (royaltyBps = 500): Promise<bigint> => {
    const entry = { contentHash: id(`traded ${works++}`), fingerprint: ZeroHash, fingerprintType: 0, metadata: ZeroHash, salt: ZeroHash }
    await (registry.connect(author) as typeof registry).deposit(entry)
    const workId = BigInt(await registry.idOf(author.address, entry))
    await (title.connect(author) as typeof title).mint(workId, royaltyBps)
    return workId
  }

  /* The exchange: alice and bob sell one title to each other and own others besides, so that every counter is warm. */
  const traded = await work()
  for (const owner of [alice, bob]) {
    await (title.connect(author) as typeof title).transferFrom(author.address, owner.address, await work())
  }
  await (title.connect(author) as typeof title).transferFrom(author.address, alice.address, traded)
  let nonce = 1n
  const orderOf = (seller: string, of: string) => ({
    seller,
    isLicense: false,
    tokenId: traded,
    currency: of,
    price: PRICE,
    buyer: ZeroAddress,
    expiresAt: 4_102_444_799n,
    nonce: nonce++,
  })
  const fill = async (of: string): Promise<TransactionResponse> => {
    const [seller, buyer] = (await title.ownerOf(traded)) === alice.address ? [alice, bob] : [bob, alice]
    const order = orderOf(seller.address, of)
    const signature = await seller.signTypedData(domain, ORDER_TYPES, order)
    return await (exchange.connect(buyer) as typeof exchange).fill(order, signature, { value: of === ZeroAddress ? PRICE : 0n })
  }
  /** Both sides' nonces and credits are used before the sale that counts. */
  const warm = async (of: string) => {
    await fill(of)
    return await fill(of)
  }
  const auction = async () => {
    const seller = (await title.ownerOf(traded)) === alice.address ? alice : bob
    const [startsAt] = [await now()]
    const terms = {
      seller: seller.address,
      isLicense: false,
      tokenId: traded,
      currency: ZeroAddress,
      reserve: PRICE,
      stepBps: 500n,
      startsAt,
      endsAt: startsAt + DAY,
      extension: 600n,
      nonce: nonce++,
    }
    const bid = (by: typeof alice, amount: bigint, signature = '0x') =>
      (exchange.connect(by) as typeof exchange).bid(terms, signature, amount, { value: amount })
    return { seller, terms, bid, signature: () => seller.signTypedData(domain, AUCTION_TYPES, terms) }
  }

  /* Agreements: ten periods of a year, instalments and usage. */
  const licensed = await work()
  await (splitter.connect(author) as typeof splitter).setSplit(licensed, [{ account: author.address, share: 1_000_000 }])
  const terms = {
    licensor: author.address,
    downPayment: PRICE,
    deposit: PRICE,
    duration: 0n,
    exclusive: false,
    territories: 0xffffn,
    channels: 0xffffn,
    rights: 0xffn,
    transferable: true,
    resaleBps: 0n,
    derivativeBps: 0n,
    document: id('terms'),
  }
  const agreementOf = async (of: string) => ({
    workId: licensed,
    licensee: alice.address,
    currency: of,
    startsAt: (await now()) + 1000n,
    period: 365n * DAY,
    periods: 10n,
    instalment: PRICE,
    minimum: PRICE / 2n,
    unitPrice: 12_345_678_901n,
    reportWithin: 30n * DAY,
    payWithin: 14n * DAY,
    grace: 7n * DAY,
    cure: 30n * DAY,
    grant: await agreements.grantHashOf(terms),
  })
  const agreementDomain = { ...domain, name: 'Colophon LicenseAgreements', verifyingContract: agreementsAddress }
  const activate = async (of: string) => {
    const agreement = await agreementOf(of)
    const signature = await author.signTypedData(agreementDomain, AGREEMENT_TYPES, { ...agreement, grant: terms })
    const sent = await (agreements.connect(alice) as typeof agreements).activate(agreement, terms, signature, '0x', {
      value: of === ZeroAddress ? terms.downPayment + terms.deposit : 0n,
    })
    return { agreement, sent }
  }
  const running = (await activate(ZeroAddress)).agreement
  const runningErc20 = (await activate(currency)).agreement
  const licensee = agreements.connect(alice) as typeof agreements
  let period = 0n

  return [
    {
      name: 'fillSale',
      ceiling: 100_000,
      send: () => warm(ZeroAddress),
    },
    { name: 'fillSaleErc20', send: () => warm(currency) },
    {
      name: 'cancelOrder',
      send: () => (exchange.connect(alice) as typeof exchange).cancel(orderOf(alice.address, ZeroAddress)),
    },
    {
      name: 'openAuction',
      send: async () => {
        const { seller, terms: given } = await auction()
        const sent = await (exchange.connect(seller) as typeof exchange).open(given)
        await (exchange.connect(seller) as typeof exchange).close(given)
        return sent
      },
    },
    {
      name: 'bid',
      send: async () => {
        const { seller, terms: given, bid } = await auction()
        await (exchange.connect(seller) as typeof exchange).open(given)
        await bid(author, PRICE)
        const sent = await bid(seller === alice ? bob : alice, 2n * PRICE)
        await pass(DAY)
        await exchange.settle(given)
        return sent
      },
    },
    {
      name: 'settleAuction',
      send: async () => {
        const { seller, bid, signature, terms: given } = await auction()
        await bid(seller === alice ? bob : alice, PRICE, await signature())
        await pass(DAY)
        return await exchange.settle(given)
      },
    },
    { name: 'activateAgreement', send: async () => (await activate(ZeroAddress)).sent },
    {
      name: 'payInstalment',
      ceiling: 52_000,
      missed:
        'transaction, calldata, words, events, guard and handing the coins on are 50,626, finding two functions and their arguments 955',
      send: () => licensee.pay(running, PRICE, { value: PRICE }),
    },
    { name: 'payInstalmentErc20', send: () => licensee.pay(runningErc20, PRICE) },
    {
      name: 'reportUsage',
      ceiling: 33_000,
      send: async () => {
        const due = running.startsAt + (period + 1n) * running.period + 1n
        if ((await now()) < due) await pass(due - (await now()))
        return await licensee.reportUsage(running, period++, 1_234_567n + period)
      },
    },
  ]
}
