import type { HardhatEthers } from '@nomicfoundation/hardhat-ethers/types'
import { getBytes, hexlify, id, type TransactionResponse, ZeroAddress, ZeroHash } from 'ethers'
import type { GasAction } from './gasAction.ts'

const OFFER_TYPES = {
  Offer: [
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
  ],
}

let drawn = 0

/** Different at every call, the same in every run, and without a zero byte, which would be cheaper: the dearest calldata there is. */
function hash(): string {
  return hexlify(getBytes(id(`licensing ${drawn++}`)).map((byte) => byte | 1))
}

/**
 * What titles and licenses cost, per transaction, with ceilings from the design. The splitter is the real one. An action whose name ends
 * in `First` meets storage that nobody has written to: the first sale of an offer, of a work, and to a buyer.
 */
export async function licensingActions(ethers: HardhatEthers): Promise<GasAction[]> {
  const [deployer, claimant, buyer, platform, friend] = await ethers.getSigners()
  if (!deployer || !claimant || !buyer || !platform || !friend) throw new Error('five accounts are needed')
  const registry = await ethers.deployContract('CopyrightRegistry')
  const authority = await ethers.deployContract('Authority', [deployer.address])
  const title = await ethers.deployContract('CopyrightTitle', [await registry.getAddress(), await authority.getAddress()])
  const titleAddress = await title.getAddress()
  const splitter = await ethers.deployContract('RevenueSplitter', [await authority.getAddress(), titleAddress])
  const splitterAddress = await splitter.getAddress()
  const licenses = await ethers.deployContract('LicenseToken', [titleAddress, splitterAddress])
  const address = await licenses.getAddress()
  await title.getFunction('connect')(splitterAddress)
  // The deployer plays agreements and exchange, which the actions here do not need.
  await licenses.getFunction('connect')(deployer.address, deployer.address)
  const coin = await ethers.deployContract('Coin')
  const currency = await coin.getAddress()
  await splitter.setCurrency(currency, true)
  await splitter.setModules([address])
  await coin.mint(buyer.address, 10n ** 24n)
  await coin.mint(splitterAddress, 1n)
  await coin.connect(buyer).getFunction('approve')(splitterAddress, 10n ** 23n)
  const { chainId } = await ethers.provider.getNetwork()
  const domain = { name: 'Colophon LicenseToken', version: '1', chainId, verifyingContract: address }

  const deposit = async (): Promise<bigint> => {
    const work = { contentHash: hash(), fingerprint: hash(), fingerprintType: 1, metadata: hash(), salt: ZeroHash }
    await registry.connect(claimant).getFunction('deposit')(work)
    return BigInt(await registry.idOf(claimant.address, work))
  }
  const offerOf = (workId: bigint, given: object = {}) => ({
    workId,
    seller: claimant.address,
    epoch: 0n,
    currency: ZeroAddress,
    price: 10n ** 16n,
    duration: 31_536_000n,
    closesAt: 4_102_444_799n,
    supply: 1000n,
    exclusive: false,
    territories: 0xffffn,
    channels: 0xffffn,
    rights: 0x5fn,
    transferable: true,
    renewable: true,
    resaleBps: 500n,
    derivativeBps: 1000n,
    commissionCapPpm: 100_000n,
    platform: ZeroAddress,
    document: hash(),
    ...given,
  })
  type Offer = ReturnType<typeof offerOf>
  const sign = (offer: Offer) => claimant.signTypedData(domain, OFFER_TYPES, offer)
  const acquire = async (
    offer: Offer,
    given: { commission?: bigint; signature?: string; to?: string } = {},
  ): Promise<TransactionResponse> =>
    await licenses.connect(buyer).getFunction('acquire')(
      offer,
      given.signature ?? (await sign(offer)),
      given.to ?? buyer.address,
      given.commission === undefined ? ZeroAddress : platform.address,
      given.commission ?? 0n,
      { value: offer.currency === ZeroAddress ? offer.price : 0n },
    )

  const setSplit = async (workId: bigint) => {
    const payees = [claimant, friend].map((each) => each.address).sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1))
    await splitter.connect(claimant).getFunction('setSplit')(
      workId,
      payees.map((account) => ({ account, share: 500_000 })),
    )
  }

  const work = await deposit()
  await setSplit(work)
  const native = offerOf(work)
  const token = offerOf(work, { currency })
  const opened = offerOf(work)
  await licenses.connect(claimant).getFunction('open')(opened)
  for (const offer of [native, token, opened]) await acquire(offer, { commission: 50_000n })
  const unsplit = offerOf(await deposit())
  await acquire(unsplit)
  const titled = await deposit()
  await setSplit(titled)
  await title.connect(claimant).getFunction('mint')(titled, 500)
  await title.connect(claimant).getFunction('transferFrom')(claimant.address, friend.address, titled)
  await title.connect(friend).getFunction('transferFrom')(friend.address, claimant.address, titled)
  await setSplit(titled)
  const ofTitled = offerOf(titled, { epoch: 2n })
  await acquire(ofTitled)

  return [
    { name: 'mintTitle', send: async () => await title.connect(claimant).getFunction('mint')(await deposit(), 0) },
    { name: 'mintTitleWithRoyalty', send: async () => await title.connect(claimant).getFunction('mint')(await deposit(), 500) },
    { name: 'offerOpened', ceiling: 54_000, send: () => licenses.connect(claimant).getFunction('open')(offerOf(work)) },
    { name: 'acquireNative', ceiling: 115_000, send: () => acquire(native) },
    { name: 'acquireNativeCommission', send: () => acquire(native, { commission: 50_000n }) },
    { name: 'acquireNativeOpened', ceiling: 115_000, send: () => acquire(opened, { signature: '0x' }) },
    { name: 'acquireNativeTitled', ceiling: 115_000, send: () => acquire(ofTitled) },
    { name: 'acquireNativeUnsplit', ceiling: 115_000, send: () => acquire(unsplit) },
    { name: 'acquireNativeGift', send: () => acquire(native, { to: friend.address }) },
    { name: 'acquireErc20', ceiling: 130_000, send: () => acquire(token) },
    { name: 'acquireErc20Commission', send: () => acquire(token, { commission: 50_000n }) },
    { name: 'acquireNativeFirst', send: async () => await acquire(offerOf(await deposit())) },
    { name: 'acquireExclusiveFirst', send: async () => await acquire(offerOf(await deposit(), { exclusive: true, supply: 1n })) },
    {
      name: 'renewNative',
      send: async () => {
        const licenseId = await licenses
          .connect(buyer)
          .acquire.staticCall(native, await sign(native), buyer.address, ZeroAddress, 0n, { value: native.price })
        const { blockNumber } = (await (await acquire(native)).wait())!
        const { timestamp } = (await ethers.provider.getBlock(blockNumber))!
        const fixed = ((licenseId >> 64n) << 64n) | (BigInt(timestamp) << 24n) | (licenseId & 0xffffffn)
        return await licenses.connect(buyer).getFunction('renew')(fixed, native, ZeroAddress, 0n, { value: native.price })
      },
    },
    {
      name: 'cancelOffer',
      send: () => licenses.connect(claimant).getFunction('cancel')(offerOf(work)),
    },
  ]
}
