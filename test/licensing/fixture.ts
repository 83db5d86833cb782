import { type AddressLike, type Result, ZeroAddress } from 'ethers'
import { network } from 'hardhat'
import type {} from '../../types/ethers-contracts/hardhat.d.ts'
import { type Domain, idOf, newWork, random } from '../registry/fixture.ts'

/** `Offer` of contracts/types/Offer.sol. */
export interface Offer {
  workId: bigint
  seller: string
  epoch: bigint
  currency: string
  price: bigint
  duration: bigint
  closesAt: bigint
  supply: bigint
  exclusive: boolean
  territories: bigint
  channels: bigint
  rights: bigint
  transferable: boolean
  renewable: boolean
  resaleBps: bigint
  derivativeBps: bigint
  commissionCapPpm: bigint
  platform: string
  document: string
}

export const OFFER_FIELDS: { name: keyof Offer; type: string }[] = [
  { name: 'workId', type: 'uint256' },
  { name: 'seller', type: 'address' },
  { name: 'epoch', type: 'uint32' },
  { name: 'currency', type: 'address' },
  { name: 'price', type: 'uint256' },
  { name: 'duration', type: 'uint40' },
  { name: 'closesAt', type: 'uint40' },
  { name: 'supply', type: 'uint24' },
  { name: 'exclusive', type: 'bool' },
  { name: 'territories', type: 'uint16' },
  { name: 'channels', type: 'uint16' },
  { name: 'rights', type: 'uint8' },
  { name: 'transferable', type: 'bool' },
  { name: 'renewable', type: 'bool' },
  { name: 'resaleBps', type: 'uint16' },
  { name: 'derivativeBps', type: 'uint16' },
  { name: 'commissionCapPpm', type: 'uint24' },
  { name: 'platform', type: 'address' },
  { name: 'document', type: 'bytes32' },
]

export const OFFER_TYPES = { Offer: OFFER_FIELDS }

/** `Grant` of contracts/types/Offer.sol. */
export interface Grant {
  agreementId: string
  workId: bigint
  licensor: string
  licensee: string
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

/** Bits of `rights`. */
export const RIGHT = {
  reproduce: 1n,
  distribute: 2n,
  display: 4n,
  perform: 8n,
  adapt: 16n,
  trainAi: 32n,
  commercial: 64n,
  sublicense: 128n,
} as const
export const WORLD = 0xffffn
export const DAY = 86_400n
export const FOREVER_64 = 2n ** 64n - 1n
export const FOREVER_40 = 2n ** 40n - 1n
const RULINGS_ROLE = 7n

/** Whoever signs offers: an account of the test chain, or a wallet of its own. */
export interface Seller {
  address: string
  signTypedData: (domain: Domain, types: Record<string, { name: string; type: string }[]>, value: object) => Promise<string>
}

/** A fresh chain with a registry, titles and licenses, doubles of the contracts around them, and a deposited work. */
export async function deployLicensing() {
  const { ethers, networkHelpers, provider } = await network.create()
  const [deployer, claimant, buyer, court, thief, platform] = await ethers.getSigners()
  if (!deployer || !claimant || !buyer || !court || !thief || !platform) throw new Error('six accounts are needed')
  const registry = await ethers.deployContract('CopyrightRegistry')
  const access = await ethers.deployContract('Authority', [deployer.address])
  const title = await ethers.deployContract('CopyrightTitle', [await registry.getAddress(), await access.getAddress()])
  const titleAddress = await title.getAddress()
  await access.setTargetFunctionRole(
    titleAddress,
    ['freeze', 'refute'].map((name) => title.interface.getFunction(name as 'freeze').selector),
    RULINGS_ROLE,
  )
  await access.grantRole(RULINGS_ROLE, court.address, 0)
  const splitter = await ethers.deployContract('SplitterDouble')
  const splitterAddress = await splitter.getAddress()
  const licenses = await ethers.deployContract('LicenseToken', [titleAddress, splitterAddress])
  const address = await licenses.getAddress()
  const agreements = await ethers.deployContract('AgreementsDouble', [address])
  const exchange = await ethers.deployContract('ExchangeDouble')
  await title.getFunction('connect')(splitterAddress)
  await licenses.connect(deployer).getFunction('connect')(await agreements.getAddress(), await exchange.getAddress())
  const coin = await ethers.deployContract('Coin')
  const { chainId } = await ethers.provider.getNetwork()
  const domain: Domain = { name: 'Colophon LicenseToken', version: '1', chainId, verifyingContract: address }

  const work = newWork()
  const workId = BigInt(idOf(claimant.address, work))
  await registry.connect(claimant).deposit(work)
  const now = async () => BigInt(await networkHelpers.time.latest())

  const as = (signer: typeof claimant) => licenses.connect(signer) as typeof licenses
  const titleAs = (signer: typeof claimant) => title.connect(signer) as typeof title

  /** An offer of the claimant's work: a year, simple, everything, everywhere, for 1,000 wei, unless told otherwise. */
  const offerOf = (given: Partial<Offer> = {}): Offer => ({
    workId,
    seller: claimant.address,
    epoch: 0n,
    currency: ZeroAddress,
    price: 1000n,
    duration: 365n * DAY,
    closesAt: 4_102_444_799n,
    supply: 10n,
    exclusive: false,
    territories: WORLD,
    channels: WORLD,
    rights: 0xffn,
    transferable: true,
    renewable: true,
    resaleBps: 0n,
    derivativeBps: 0n,
    commissionCapPpm: 0n,
    platform: ZeroAddress,
    document: random(),
    ...given,
  })
  const sign = (offer: Offer, signer: Seller = claimant, given: Partial<Domain> = {}) =>
    signer.signTypedData({ ...domain, ...given }, OFFER_TYPES, offer)

  interface Sale {
    signature?: string
    by?: typeof claimant
    recipient?: AddressLike
    platform?: string
    commissionPpm?: bigint
    value?: bigint
  }
  /** Signs the offer by the claimant and takes it. */
  const acquire = async (offer: Offer, given: Sale = {}) => {
    const by = given.by ?? buyer
    return await as(by).acquire(
      offer,
      given.signature ?? (await sign(offer)),
      given.recipient ?? by.address,
      given.platform ?? ZeroAddress,
      given.commissionPpm ?? 0n,
      { value: given.value ?? (offer.currency === ZeroAddress ? offer.price : 0n) },
    )
  }
  /** The offer's licenses have these ids: computed without the contract. */
  const licenseIdOf = (offerId: string, start: bigint, serial: bigint): bigint =>
    ((BigInt(offerId) >> 64n) << 64n) | (start << 24n) | serial
  const buy = async (offer: Offer, given: Sale = {}): Promise<bigint> => {
    const { blockNumber } = (await (await acquire(offer, given)).wait())!
    const offerId = await licenses.offerIdOf(offer)
    const { timestamp } = (await ethers.provider.getBlock(blockNumber))!
    return licenseIdOf(offerId, BigInt(timestamp), (await licenses.offerStateOf(offerId)).sold)
  }
  const renew = (licenseId: bigint, offer: Offer, given: Sale = {}) =>
    as(given.by ?? buyer).renew(licenseId, offer, given.platform ?? ZeroAddress, given.commissionPpm ?? 0n, {
      value: given.value ?? (offer.currency === ZeroAddress ? offer.price : 0n),
    })

  const grantOf = (given: Partial<Grant> = {}): Grant => ({
    agreementId: random(),
    workId,
    licensor: claimant.address,
    licensee: buyer.address,
    duration: 365n * DAY,
    exclusive: false,
    territories: WORLD,
    channels: WORLD,
    rights: 0xffn,
    transferable: true,
    resaleBps: 0n,
    derivativeBps: 0n,
    document: random(),
    ...given,
  })
  const issue = async (grant: Grant): Promise<bigint> => {
    const licenseId = await agreements.issue.staticCall(grant)
    const { blockNumber } = (await (await agreements.issue(grant)).wait())!
    const { timestamp } = (await ethers.provider.getBlock(blockNumber))!
    return licenseIdOf(`0x${licenseId.toString(16).padStart(64, '0')}`, BigInt(timestamp), 1n)
  }

  return {
    ethers,
    provider,
    time: networkHelpers.time,
    now,
    registry,
    access,
    title,
    titleAddress,
    splitter,
    splitterAddress,
    licenses,
    address,
    agreements,
    exchange,
    coin,
    domain,
    deployer,
    claimant,
    buyer,
    court,
    thief,
    platform,
    work,
    workId,
    as,
    titleAs,
    offerOf,
    sign,
    acquire,
    buy,
    renew,
    licenseIdOf,
    grantOf,
    issue,
    /** A license's terms by their names. */
    termsOf: async (licenseId: bigint) => ((await licenses.licenseOf(licenseId)) as unknown as Result).toObject(),
    /** Deposits another work. */
    deposit: async (by: typeof claimant = claimant): Promise<bigint> => {
      const another = newWork()
      await registry.connect(by).deposit(another)
      return BigInt(idOf(by.address, another))
    },
  }
}

export type Licensing = Awaited<ReturnType<typeof deployLicensing>>
