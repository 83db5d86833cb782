import { type AddressLike, TypedDataEncoder, ZeroAddress, ZeroHash } from 'ethers'
import { network } from 'hardhat'
import type {} from '../../types/ethers-contracts/hardhat.d.ts'
import { type Domain, idOf, newWork, random } from '../registry/fixture.ts'
import { AGREEMENT_TYPES, AUCTION_TYPES, ORDER_TYPES, TERMINATION_TYPES } from './types.ts'

/** `Order` of contracts/types/Order.sol. */
export interface Order {
  seller: string
  isLicense: boolean
  tokenId: bigint
  currency: string
  price: bigint
  buyer: string
  expiresAt: bigint
  nonce: bigint
}

/** `Auction` of contracts/types/Order.sol. */
export interface Auction {
  seller: string
  isLicense: boolean
  tokenId: bigint
  currency: string
  reserve: bigint
  stepBps: bigint
  startsAt: bigint
  endsAt: bigint
  extension: bigint
  nonce: bigint
}

/** `GrantTerms` of contracts/types/Agreement.sol. */
export interface GrantTerms {
  licensor: string
  downPayment: bigint
  deposit: bigint
  duration: bigint
  exclusive: boolean
  territories: bigint
  channels: bigint
  rights: bigint
  transferable: boolean
  resaleBps: bigint
  derivativeBps: bigint
  document: string
}

/** `Agreement` of contracts/types/Agreement.sol. */
export interface Agreement {
  workId: bigint
  licensee: string
  currency: string
  startsAt: bigint
  period: bigint
  periods: bigint
  instalment: bigint
  minimum: bigint
  unitPrice: bigint
  reportWithin: bigint
  payWithin: bigint
  grace: bigint
  cure: bigint
  grant: string
}

/** Whoever signs: an account of the test chain, or a wallet of its own. */
interface Signer {
  address: string
  signTypedData: (domain: Domain, types: Record<string, { name: string; type: string }[]>, value: object) => Promise<string>
}

export const DAY = 86_400n
export const STATUS = { none: 0n, active: 1n, due: 2n, overdue: 3n, inCure: 4n, breached: 5n, fulfilled: 6n, terminated: 7n } as const
export const PHASE = { none: 0n, open: 1n, sold: 2n, unsold: 3n, void: 4n } as const
/** `Manner` of contracts/test/Payees.sol. */
export const MANNER = { take: 0, refuse: 1, burnEverything: 2, bomb: 3, callBack: 4, callBackOrRefuse: 5 } as const
/** `Reply` of contracts/test/Tokens.sol. */
export const REPLY = { true: 0, nothing: 1, false: 2, falseButMoves: 3, trueButStays: 4, revert: 5 } as const
const RULINGS_ROLE = 7n

/** The whole market on a fresh chain, wired as it is deployed, with a titled work of the author's. */
export async function deployMarket() {
  const { ethers, networkHelpers, provider } = await network.create()
  const [deployer, author, alice, bob, carol, court] = await ethers.getSigners()
  if (!deployer || !author || !alice || !bob || !carol || !court) throw new Error('six accounts are needed')
  type Person = typeof author
  const authority = await ethers.deployContract('Authority', [deployer.address])
  const registry = await ethers.deployContract('CopyrightRegistry')
  const title = await ethers.deployContract('CopyrightTitle', [await registry.getAddress(), await authority.getAddress()])
  const titles = await title.getAddress()
  await authority.setTargetFunctionRole(
    titles,
    ['freeze', 'refute'].map((name) => title.interface.getFunction(name as 'freeze').selector),
    RULINGS_ROLE,
  )
  await authority.grantRole(RULINGS_ROLE, court.address, 0)
  const splitter = await ethers.deployContract('RevenueSplitter', [await authority.getAddress(), titles])
  const split = await splitter.getAddress()
  const licenses = await ethers.deployContract('LicenseToken', [titles, split])
  const licensesAddress = await licenses.getAddress()
  const agreements = await ethers.deployContract('LicenseAgreements', [titles, licensesAddress, split])
  const agreementsAddress = await agreements.getAddress()
  const exchange = await ethers.deployContract('RightsExchange', [titles, licensesAddress, split])
  const market = await exchange.getAddress()
  await licenses.getFunction('connect')(agreementsAddress, market)
  await splitter.setModules([licensesAddress, agreementsAddress, market])
  await title.getFunction('connect')(split)
  const coin = await ethers.deployContract('HostileToken')
  const currency = await coin.getAddress()
  await splitter.setCurrency(currency, true)
  for (const { address } of [author, alice, bob, carol]) await coin.mint(address, 10n ** 21n)
  for (const person of [author, alice, bob, carol]) await (coin.connect(person) as typeof coin).approve(split, 10n ** 30n)

  const { chainId } = await ethers.provider.getNetwork()
  const domain: Domain = { name: 'Colophon RightsExchange', version: '1', chainId, verifyingContract: market }
  const agreementDomain: Domain = { name: 'Colophon LicenseAgreements', version: '1', chainId, verifyingContract: agreementsAddress }
  const now = async () => BigInt(await networkHelpers.time.latest())
  /** Who calls, for the contracts of this test. */
  const by = (person: Person) => ({
    exchange: exchange.connect(person) as typeof exchange,
    agreements: agreements.connect(person) as typeof agreements,
    title: title.connect(person) as typeof title,
    licenses: licenses.connect(person) as typeof licenses,
    splitter: splitter.connect(person) as typeof splitter,
    coin: coin.connect(person) as typeof coin,
  })

  const depositWork = async (claimant: Person = author): Promise<bigint> => {
    const work = newWork()
    await registry.connect(claimant).deposit(work)
    return BigInt(idOf(claimant.address, work))
  }
  /** A title of the author's work, with a royalty of five per cent, in the hands of `owner`, who trades on the exchange. */
  const titleOf = async (owner: Person = author, royaltyBps = 500n): Promise<bigint> => {
    const workId = await depositWork()
    await by(author).title.mint(workId, royaltyBps)
    if (owner !== author) await by(author).title.transferFrom(author.address, owner.address, workId)
    await by(owner).title.setApprovalForAll(market, true)
    return workId
  }

  let nonce = 0n
  const orderOf = (tokenId: bigint, given: Partial<Order> = {}): Order => ({
    seller: alice.address,
    isLicense: false,
    tokenId,
    currency: ZeroAddress,
    price: 10_000n,
    buyer: ZeroAddress,
    expiresAt: 4_102_444_799n,
    nonce: nonce++,
    ...given,
  })
  const signOrder = (order: Order, signer: Signer = alice, given: Partial<Domain> = {}) =>
    signer.signTypedData({ ...domain, ...given }, ORDER_TYPES, order)
  interface Filling {
    by?: Person
    signature?: string
    value?: bigint
  }
  const fill = async (order: Order, given: Filling = {}) =>
    await by(given.by ?? bob).exchange.fill(order, given.signature ?? (await signOrder(order)), {
      value: given.value ?? (order.currency === ZeroAddress ? order.price : 0n),
    })

  const auctionOf = async (tokenId: bigint, given: Partial<Auction> = {}): Promise<Auction> => {
    const startsAt = given.startsAt ?? (await now())
    return {
      seller: alice.address,
      isLicense: false,
      tokenId,
      currency: ZeroAddress,
      reserve: 10_000n,
      stepBps: 500n,
      startsAt,
      endsAt: startsAt + DAY,
      extension: 600n,
      nonce: nonce++,
      ...given,
    }
  }
  const signAuction = (auction: Auction, signer: Signer = alice) => signer.signTypedData(domain, AUCTION_TYPES, auction)
  const bid = async (auction: Auction, person: Person, amount: bigint, given: { signature?: string; value?: bigint } = {}) =>
    await by(person).exchange.bid(auction, given.signature ?? '0x', amount, {
      value: given.value ?? (auction.currency === ZeroAddress ? amount : 0n),
    })
  const stateOf = async (auction: Auction) => await exchange.auctionOf(await exchange.auctionIdOf(auction))

  const grantOf = (given: Partial<GrantTerms> = {}): GrantTerms => ({
    licensor: author.address,
    downPayment: 0n,
    deposit: 0n,
    duration: 0n,
    exclusive: false,
    territories: 0xffffn,
    channels: 0xffffn,
    rights: 0xffn,
    transferable: true,
    resaleBps: 0n,
    derivativeBps: 0n,
    document: random(),
    ...given,
  })
  const grantHash = (grant: GrantTerms) => TypedDataEncoder.hashStruct('GrantTerms', { GrantTerms: AGREEMENT_TYPES.GrantTerms }, grant)
  /** Four quarters of 90 days with an instalment of 1,000, a minimum of 500 and 7 a unit, unless told otherwise. */
  const agreementOf = async (workId: bigint, grant: GrantTerms, given: Partial<Agreement> = {}): Promise<Agreement> => ({
    workId,
    licensee: alice.address,
    currency: ZeroAddress,
    startsAt: (await now()) + 10n * DAY,
    period: 90n * DAY,
    periods: 4n,
    instalment: 1000n,
    minimum: 500n,
    unitPrice: 7n,
    reportWithin: 20n * DAY,
    payWithin: 14n * DAY,
    grace: 7n * DAY,
    cure: 30n * DAY,
    grant: grantHash(grant),
    ...given,
  })
  const agreementHash = (agreement: Agreement, grant: GrantTerms) =>
    TypedDataEncoder.hashStruct('Agreement', AGREEMENT_TYPES, { ...agreement, grant })
  const signAgreement = (agreement: Agreement, grant: GrantTerms, signer: Signer, given: Partial<Domain> = {}) =>
    signer.signTypedData({ ...agreementDomain, ...given }, AGREEMENT_TYPES, { ...agreement, grant })
  interface Activation {
    by?: Person
    licensor?: string
    licensee?: string
    value?: bigint
  }
  const activate = async (agreement: Agreement, grant: GrantTerms, given: Activation = {}) =>
    await by(given.by ?? alice).agreements.activate(
      agreement,
      grant,
      given.licensor ?? (await signAgreement(agreement, grant, author)),
      given.licensee ?? (await signAgreement(agreement, grant, alice)),
      { value: given.value ?? (agreement.currency === ZeroAddress ? grant.downPayment + grant.deposit : 0n) },
    )
  /** An agreement in force, with its license. */
  const agree = async (givenGrant: Partial<GrantTerms> = {}, given: Partial<Agreement> = {}) => {
    const workId = given.workId ?? (await depositWork())
    const grant = grantOf(givenGrant)
    const agreement = await agreementOf(workId, grant, given)
    const receipt = await (await activate(agreement, grant)).wait()
    const [event] = receipt!.logs.flatMap((log) => {
      const parsed = log.address === agreementsAddress ? agreements.interface.parseLog(log) : null
      return parsed === null ? [] : [parsed]
    })
    const licenseId = event!.args.licenseId as bigint
    return { workId, grant, agreement, licenseId, id: agreementHash(agreement, grant) }
  }
  const pay = async (agreement: Agreement, amount: bigint, person: Person = alice) =>
    await by(person).agreements.pay(agreement, amount, { value: agreement.currency === ZeroAddress ? amount : 0n })
  const signTermination = (agreementId: string, deadline: bigint, signer: Signer) =>
    signer.signTypedData(agreementDomain, TERMINATION_TYPES, { agreementId, deadline })

  return {
    ethers,
    provider,
    time: networkHelpers.time,
    setBalance: networkHelpers.setBalance,
    now,
    /** The next block has this time. */
    at: (time: bigint) => networkHelpers.time.setNextBlockTimestamp(time),
    /** This time has come, and a block with it. */
    reach: (time: bigint) => networkHelpers.time.increaseTo(time),
    deployer,
    author,
    alice,
    bob,
    carol,
    court,
    registry,
    title,
    titles,
    splitter,
    split,
    licenses,
    licensesAddress,
    agreements,
    agreementsAddress,
    exchange,
    market,
    coin,
    currency,
    domain,
    agreementDomain,
    by,
    depositWork,
    titleOf,
    orderOf,
    signOrder,
    fill,
    auctionOf,
    signAuction,
    bid,
    stateOf,
    grantOf,
    grantHash,
    agreementOf,
    agreementHash,
    signAgreement,
    activate,
    agree,
    pay,
    signTermination,
    /** A contract that does as it is told, and what it does. */
    puppet: async () => {
      const contract = await ethers.deployContract('HostilePayee')
      const address = await contract.getAddress()
      return { contract, address }
    },
    /** What an account has as credit with the splitter, in whole units. */
    credit: async (account: AddressLike, of: string = ZeroAddress) => (await splitter.creditOf(account, of)) / 1_000_000n,
    /** What came in for a work whose only payee is the author, who has claimed nothing. */
    earned: (workId: bigint, of: string = ZeroAddress) =>
      splitter.claimable(workId, [{ account: author.address, share: 1_000_000 }], 0, of),
    balance: (account: AddressLike) => ethers.provider.getBalance(account),
  }
}

export type Market = Awaited<ReturnType<typeof deployMarket>>
export const NOTHING = ZeroHash
