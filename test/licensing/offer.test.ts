import { expect } from 'chai'
import { AbiCoder, keccak256, TypedDataEncoder, toUtf8Bytes, ZeroAddress, ZeroHash } from 'ethers'
import { ANSWER, brokenForms, WALLET_ANSWERS } from '../registry/fixture.ts'
import { DAY, deployLicensing, type Licensing, OFFER_FIELDS, OFFER_TYPES, type Offer, RIGHT, WORLD } from './fixture.ts'

const idOfOffer = (offer: Offer) => TypedDataEncoder.hashStruct('Offer', OFFER_TYPES, offer)

/** Another offer, by the least change of one field. */
function withOther(offer: Offer, field: keyof Offer): Offer {
  const value = offer[field]
  if (typeof value === 'boolean') return { ...offer, [field]: !value }
  if (typeof value === 'bigint') return { ...offer, [field]: value ^ 1n }
  const flipped = BigInt(value) ^ 1n
  return { ...offer, [field]: `0x${flipped.toString(16).padStart(value.length - 2, '0')}` }
}

const refusedForm: [string, Partial<Offer>, string, unknown[]][] = [
  ['without an act', { rights: RIGHT.commercial | RIGHT.sublicense }, 'LicenseToken_RightsEmpty', []],
  ['without a territory', { territories: 0n }, 'LicenseToken_TerritoriesEmpty', []],
  ['without a channel', { channels: 0n }, 'LicenseToken_ChannelsEmpty', []],
  ['with a resale share above one', { resaleBps: 10_001n }, 'LicenseToken_BpsTooHigh', [10_001n]],
  ['with a derivative share above one', { derivativeBps: 10_001n }, 'LicenseToken_BpsTooHigh', [10_001n]],
  [
    'with a derivative share but no right to adapt',
    { derivativeBps: 1n, rights: RIGHT.display },
    'LicenseToken_DerivativeWithoutAdapt',
    [],
  ],
  ['that ends later than can be stored', { duration: 2n ** 39n - 1n }, 'LicenseToken_DurationTooLong', [2n ** 39n - 1n]],
]

describe('LicenseToken: offers', () => {
  describe('offerIdOf', () => {
    it('is the EIP-712 struct hash, which the documented type string gives', async () => {
      const at = await deployLicensing()
      const offer = at.offerOf({ exclusive: true, resaleBps: 1n, derivativeBps: 2n, commissionCapPpm: 3n, platform: at.platform.address })
      expect(await at.licenses.offerIdOf(offer)).to.equal(idOfOffer(offer))
      const type = `Offer(${OFFER_FIELDS.map(({ name, type }) => `${type} ${name}`).join(',')})`
      const encoded = AbiCoder.defaultAbiCoder().encode(
        ['bytes32', ...OFFER_FIELDS.map(({ type }) => type)],
        [keccak256(toUtf8Bytes(type)), ...OFFER_FIELDS.map(({ name }) => offer[name])],
      )
      expect(keccak256(encoded)).to.equal(idOfOffer(offer))
    })

    for (const { name } of OFFER_FIELDS) {
      it(`binds ${name}`, async () => {
        const at = await deployLicensing()
        const offer = at.offerOf()
        expect(await at.licenses.offerIdOf(withOther(offer, name))).not.to.equal(idOfOffer(offer))
      })
    }
  })

  describe('open', () => {
    it('records the offer and shows all of it', async () => {
      const at = await deployLicensing()
      const offer = at.offerOf({ commissionCapPpm: 100_000n, platform: at.platform.address, currency: await at.coin.getAddress() })
      const id = idOfOffer(offer)
      expect(await at.as(at.claimant).open.staticCall(offer)).to.equal(id)
      const terms =
        (offer.supply << 24n) |
        (offer.closesAt << 48n) |
        (offer.duration << 120n) |
        (offer.rights << 160n) |
        (offer.territories << 168n) |
        (offer.channels << 184n) |
        (3n << 233n)
      await expect(at.as(at.claimant).open(offer))
        .to.emit(at.licenses, 'OfferOpened')
        .withArgs(
          id,
          offer.workId,
          offer.seller,
          terms,
          offer.currency,
          offer.price,
          offer.commissionCapPpm,
          offer.platform,
          offer.document,
        )
      expect([...(await at.licenses.offerStateOf(id))]).to.deep.equal([0n, true, false])
    })

    it('lets everybody take the offer without a signature', async () => {
      const at = await deployLicensing()
      const offer = at.offerOf()
      await at.as(at.claimant).open(offer)
      const license = await at.buy(offer, { signature: '0x' })
      expect(await at.licenses.ownerOf(license)).to.equal(at.buyer.address)
    })

    it('is for the seller only', async () => {
      const at = await deployLicensing()
      await expect(at.as(at.thief).open(at.offerOf()))
        .to.be.revertedWithCustomError(at.licenses, 'LicenseToken_NotSeller')
        .withArgs(at.claimant.address, at.thief.address)
    })

    it('opens once', async () => {
      const at = await deployLicensing()
      const refused = (offer: Offer) =>
        expect(at.as(at.claimant).open(offer))
          .to.be.revertedWithCustomError(at.licenses, 'LicenseToken_OfferExists')
          .withArgs(idOfOffer(offer))
      const [opened, sold, cancelled] = [at.offerOf(), at.offerOf(), at.offerOf()]
      await at.as(at.claimant).open(opened)
      await at.buy(sold)
      await at.as(at.claimant).cancel(cancelled)
      for (const offer of [opened, sold, cancelled]) await refused(offer)
    })

    for (const [what, given, error, args] of refusedForm) {
      it(`refuses an offer ${what}`, async () => {
        const at = await deployLicensing()
        const refusal = expect(at.as(at.claimant).open(at.offerOf(given))).to.be.revertedWithCustomError(at.licenses, error)
        await (args.length === 0 ? refusal : refusal.withArgs(...args))
      })
    }

    it('is harmless from somebody who does not hold the rights', async () => {
      const at = await deployLicensing()
      const offer = at.offerOf({ seller: at.thief.address })
      await at.as(at.thief).open(offer)
      await expect(at.acquire(offer, { signature: '0x' }))
        .to.be.revertedWithCustomError(at.licenses, 'LicenseToken_SellerNotHolder')
        .withArgs(at.workId, at.thief.address, at.claimant.address)
    })
  })

  describe('cancel', () => {
    for (const how of ['signed', 'opened', 'sold'] as const) {
      it(`ends an offer that was ${how}, for good`, async () => {
        const at = await deployLicensing()
        const offer = at.offerOf()
        const id = idOfOffer(offer)
        if (how === 'opened') await at.as(at.claimant).open(offer)
        if (how === 'sold') await at.buy(offer)
        await expect(at.as(at.claimant).cancel(offer)).to.emit(at.licenses, 'OfferCancelled').withArgs(id, at.workId, at.claimant.address)
        await expect(at.acquire(offer)).to.be.revertedWithCustomError(at.licenses, 'LicenseToken_OfferCancelled').withArgs(id)
        await expect(at.as(at.claimant).cancel(offer))
          .to.be.revertedWithCustomError(at.licenses, 'LicenseToken_OfferCancelled')
          .withArgs(id)
        expect([...(await at.licenses.offerStateOf(id))]).to.deep.equal([how === 'sold' ? 1n : 0n, how === 'opened', true])
      })
    }

    it('leaves sold licenses running, without renewal', async () => {
      const at = await deployLicensing()
      const offer = at.offerOf()
      const license = await at.buy(offer)
      await at.as(at.claimant).cancel(offer)
      expect(await at.licenses.isInForce(license)).to.equal(true)
      expect(await at.licenses.isRenewable(license)).to.equal(false)
      await expect(at.renew(license, offer)).to.be.revertedWithCustomError(at.licenses, 'LicenseToken_OfferCancelled')
    })

    it('is for the seller only', async () => {
      const at = await deployLicensing()
      await expect(at.as(at.thief).cancel(at.offerOf()))
        .to.be.revertedWithCustomError(at.licenses, 'LicenseToken_NotSeller')
        .withArgs(at.claimant.address, at.thief.address)
    })
  })

  describe('the seller’s signature', () => {
    const refused = async (at: Licensing, offer: Offer, signature: string) => {
      const digest = TypedDataEncoder.hash(at.domain, OFFER_TYPES, offer)
      await expect(at.acquire(offer, { signature }))
        .to.be.revertedWithCustomError(at.licenses, 'LicenseToken_SignatureInvalid')
        .withArgs(offer.seller, digest)
      await expect(at.licenses.checkOffer(offer, signature)).to.be.revertedWithCustomError(at.licenses, 'LicenseToken_SignatureInvalid')
    }

    // workId, seller and epoch are refused earlier, by who holds the rights.
    for (const { name } of OFFER_FIELDS.filter(({ name }) => !['workId', 'seller', 'epoch'].includes(name))) {
      it(`is refused for another ${name}`, async () => {
        const at = await deployLicensing()
        const offer = at.offerOf({ rights: 0xf0n, territories: 3n, channels: 3n })
        await refused(at, withOther(offer, name), await at.sign(offer))
      })
    }

    it('is refused from another key, chain, contract, name and version', async () => {
      const at = await deployLicensing()
      const offer = at.offerOf()
      await refused(at, offer, await at.sign(offer, at.thief))
      await refused(at, offer, await at.sign(offer, at.claimant, { chainId: at.domain.chainId + 1n }))
      await refused(at, offer, await at.sign(offer, at.claimant, { verifyingContract: at.titleAddress }))
      await refused(at, offer, await at.sign(offer, at.claimant, { name: 'Colophon licenseToken' }))
      await refused(at, offer, await at.sign(offer, at.claimant, { version: '2' }))
      await refused(at, offer, await at.claimant.signMessage(TypedDataEncoder.hash(at.domain, OFFER_TYPES, offer)))
    })

    for (const form of Object.keys(brokenForms(`0x${'01'.repeat(64)}1b`))) {
      it(`is refused ${form}`, async () => {
        const at = await deployLicensing()
        const offer = at.offerOf()
        await refused(at, offer, brokenForms(await at.sign(offer))[form]!)
      })
    }

    it('is proved by the first sale for all that follow', async () => {
      const at = await deployLicensing()
      const offer = at.offerOf()
      await at.buy(offer)
      const second = await at.buy(offer, { signature: '0x' })
      expect(await at.licenses.ownerOf(second)).to.equal(at.buyer.address)
    })

    it('of a contract is asked for at every sale, and dies with the contract’s consent', async () => {
      const at = await deployLicensing()
      const wallet = await at.ethers.deployContract('OwnedWallet', [at.claimant.address])
      const seller = await wallet.getAddress()
      await at.titleAs(at.claimant).mint(at.workId, 0)
      await at.titleAs(at.claimant).transferFrom(at.claimant.address, seller, at.workId)
      const offer = at.offerOf({ seller, epoch: 1n })
      const signature = await at.sign(offer)
      await at.buy(offer)
      await refused(at, offer, '0x')
      await wallet.changeOwner(at.thief.address)
      await refused(at, offer, signature)
      await at.buy(offer, { signature: await at.sign(offer, at.thief) })
    })

    for (const [answer, good] of WALLET_ANSWERS) {
      it(`${good ? 'counts' : 'is refused'} when a contract that holds the title answers ${answer}`, async () => {
        const at = await deployLicensing()
        const seller = await (await at.ethers.deployContract('HostileWallet', [ANSWER[answer]])).getAddress()
        await at.titleAs(at.claimant).mint(at.workId, 0)
        await at.titleAs(at.claimant).transferFrom(at.claimant.address, seller, at.workId)
        const offer = at.offerOf({ seller, epoch: 1n })
        if (!good) return await refused(at, offer, '0x1234')
        expect(await at.licenses.ownerOf(await at.buy(offer, { signature: '0x1234' }))).to.equal(at.buyer.address)
      })
    }

    it('never speaks for address zero, which holds the rights in works that are none', async () => {
      const at = await deployLicensing()
      const offer = at.offerOf({ workId: 1n, seller: ZeroAddress })
      for (const signature of ['0x', `0x${'00'.repeat(65)}`])
        await expect(at.acquire(offer, { signature }))
          .to.be.revertedWithCustomError(at.licenses, 'LicenseToken_SellerNotHolder')
          .withArgs(1n, ZeroAddress, ZeroAddress)
    })
  })

  describe('dies', () => {
    it('a second after its closing second', async () => {
      const at = await deployLicensing()
      const closesAt = (await at.now()) + 100n
      const offer = at.offerOf({ closesAt })
      const signature = await at.sign(offer)
      await at.time.setNextBlockTimestamp(closesAt)
      await at.acquire(offer, { signature })
      await at.time.setNextBlockTimestamp(closesAt + 1n)
      await expect(at.acquire(offer, { signature }))
        .to.be.revertedWithCustomError(at.licenses, 'LicenseToken_OfferClosed')
        .withArgs(closesAt, closesAt + 1n)
    })

    it('when its supply is sold', async () => {
      const at = await deployLicensing()
      const offer = at.offerOf({ supply: 2n })
      await at.buy(offer)
      await at.buy(offer)
      await expect(at.acquire(offer)).to.be.revertedWithCustomError(at.licenses, 'LicenseToken_OfferSoldOut').withArgs(idOfOffer(offer), 2n)
      const none = at.offerOf({ supply: 0n })
      await expect(at.acquire(none)).to.be.revertedWithCustomError(at.licenses, 'LicenseToken_OfferSoldOut').withArgs(idOfOffer(none), 0n)
    })

    it('when the title is sold, and does not rise when the title comes back', async () => {
      const at = await deployLicensing()
      const [signed, opened] = [at.offerOf(), at.offerOf()]
      await at.as(at.claimant).open(opened)
      const license = await at.buy(signed)
      await at.titleAs(at.claimant).mint(at.workId, 0)
      await at.buy(signed)
      await at.titleAs(at.claimant).transferFrom(at.claimant.address, at.thief.address, at.workId)
      for (const [offer, signature] of [
        [signed, await at.sign(signed)],
        [opened, '0x'],
      ] as const)
        await expect(at.acquire(offer, { signature }))
          .to.be.revertedWithCustomError(at.licenses, 'LicenseToken_SellerNotHolder')
          .withArgs(at.workId, at.claimant.address, at.thief.address)
      expect(await at.licenses.isRenewable(license)).to.equal(false)
      await at.titleAs(at.thief).transferFrom(at.thief.address, at.claimant.address, at.workId)
      for (const [offer, signature] of [
        [signed, await at.sign(signed)],
        [opened, '0x'],
      ] as const)
        await expect(at.acquire(offer, { signature }))
          .to.be.revertedWithCustomError(at.licenses, 'LicenseToken_EpochOver')
          .withArgs(at.workId, 0n, 2n)
      expect(await at.licenses.isRenewable(license)).to.equal(false)
      await expect(at.renew(license, signed)).to.be.revertedWithCustomError(at.licenses, 'LicenseToken_EpochOver')
      // What was sold runs on.
      expect(await at.licenses.isInForce(license)).to.equal(true)
      await at.buy(at.offerOf({ epoch: 2n }))
    })

    it('when the holder withdraws all offers', async () => {
      const at = await deployLicensing()
      const offer = at.offerOf()
      await at.titleAs(at.claimant).withdrawOffers(at.workId)
      await expect(at.acquire(offer)).to.be.revertedWithCustomError(at.licenses, 'LicenseToken_EpochOver').withArgs(at.workId, 0n, 1n)
      await at.buy(at.offerOf({ epoch: 1n }))
    })

    it('when the work is refuted', async () => {
      const at = await deployLicensing()
      const offer = at.offerOf()
      const license = await at.buy(offer)
      await at.titleAs(at.court).refute(at.workId)
      await expect(at.acquire(offer)).to.be.revertedWithCustomError(at.licenses, 'LicenseToken_WorkRefuted').withArgs(at.workId)
      await expect(at.renew(license, offer)).to.be.revertedWithCustomError(at.licenses, 'LicenseToken_WorkRefuted')
      expect(await at.licenses.isRenewable(license)).to.equal(false)
      expect(await at.licenses.isInForce(license)).to.equal(true)
    })
  })

  describe('of bad form', () => {
    for (const [what, given, error, args] of refusedForm) {
      it(`is not taken: ${what}`, async () => {
        const at = await deployLicensing()
        const refusal = expect(at.acquire(at.offerOf(given))).to.be.revertedWithCustomError(at.licenses, error)
        await (args.length === 0 ? refusal : refusal.withArgs(...args))
      })
    }

    it('is taken with shares of one, and with the longest duration', async () => {
      const at = await deployLicensing()
      await at.buy(at.offerOf({ resaleBps: 10_000n, derivativeBps: 10_000n }))
      const time = (await at.now()) + 10n
      const offer = at.offerOf({ duration: 2n ** 39n - 2n - time })
      const signature = await at.sign(offer)
      await at.time.setNextBlockTimestamp(time)
      const license = await at.buy(offer, { signature })
      expect(await at.licenses.expiresAt(license)).to.equal(2n ** 39n - 2n)
    })

    for (const field of [
      'epoch',
      'duration',
      'closesAt',
      'supply',
      'exclusive',
      'territories',
      'rights',
      'resaleBps',
      'platform',
    ] as const) {
      it(`is refused with dirty high bits in ${field}`, async () => {
        const at = await deployLicensing()
        const offer = at.offerOf()
        const data = at.licenses.interface.encodeFunctionData('acquire', [offer, await at.sign(offer), at.buyer.address, ZeroAddress, 0n])
        const place = 10 + 64 * OFFER_FIELDS.findIndex(({ name }) => name === field)
        const dirty = `${data.slice(0, place)}01${data.slice(place + 2)}`
        await expect(at.buyer.sendTransaction({ to: at.address, data: dirty, value: offer.price })).to.be.revert(at.ethers)
      })
    }
  })

  describe('checkOffer', () => {
    it('says nothing of an offer that can be taken, and why of one that cannot', async () => {
      const at = await deployLicensing()
      const offer = at.offerOf({ supply: 1n })
      const signature = await at.sign(offer)
      await at.licenses.checkOffer(offer, signature)
      await at.buy(offer)
      await expect(at.licenses.checkOffer(offer, signature)).to.be.revertedWithCustomError(at.licenses, 'LicenseToken_OfferSoldOut')
      const exclusive = at.offerOf({ exclusive: true })
      await expect(at.licenses.checkOffer(exclusive, await at.sign(exclusive))).to.be.revertedWithCustomError(
        at.licenses,
        'LicenseToken_Overlap',
      )
    })
  })

  it('publishes the EIP-712 domain that signatures need (ERC-5267)', async () => {
    const at = await deployLicensing()
    const { fields, name, version, chainId, verifyingContract, salt, extensions } = await at.licenses.eip712Domain()
    expect({ name, version, chainId, verifyingContract }).to.deep.equal(at.domain)
    expect([fields, salt, [...extensions]]).to.deep.equal(['0x0f', ZeroHash, []])
  })

  it('lasts as long as anybody asks, for the whole world', async () => {
    const at = await deployLicensing()
    const license = await at.buy(at.offerOf({ duration: 100n * 365n * DAY, territories: WORLD }))
    expect(await at.licenses.isActive(license, 15, 15)).to.equal(true)
  })
})
