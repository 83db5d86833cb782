import { expect } from 'chai'
import { ZeroAddress } from 'ethers'
import { behavesAsErc721 } from '../tokens/erc721.ts'
import { DAY, deployLicensing, FOREVER_40, FOREVER_64, RIGHT, WORLD } from './fixture.ts'

const YEAR = 365n * DAY

describe('LicenseToken: licenses', () => {
  behavesAsErc721('Colophon License', 'LICENSE', async () => {
    const at = await deployLicensing()
    const offer = at.offerOf()
    return { at, address: at.address, owner: at.buyer, ids: [await at.buy(offer), await at.buy(offer)] }
  })

  describe('acquire', () => {
    it('gives the recipient a license whose id names offer, start and serial number', async () => {
      const at = await deployLicensing()
      const offer = at.offerOf({ exclusive: false, resaleBps: 250n, derivativeBps: 1000n })
      const offerId = await at.licenses.offerIdOf(offer)
      const signature = await at.sign(offer)
      const time = (await at.now()) + 50n
      await at.time.setNextBlockTimestamp(time)
      const first = at.licenseIdOf(offerId, time, 1n)
      await expect(at.acquire(offer, { signature, recipient: at.thief.address }))
        .to.emit(at.licenses, 'Transfer')
        .withArgs(ZeroAddress, at.thief.address, first)
        .and.to.emit(at.licenses, 'LicenseAcquired')
        .withArgs(
          first,
          at.workId,
          at.buyer.address,
          (value: bigint) => (value & 0xffffffn) === 1n && ((value >> 168n) & 0xffffn) === WORLD,
          offer.document,
        )
      await at.time.setNextBlockTimestamp(time + 7n)
      await at.acquire(offer, { signature })
      expect(await at.licenses.ownerOf(at.licenseIdOf(offerId, time + 7n, 2n))).to.equal(at.buyer.address)
      expect(await at.termsOf(first)).to.deep.equal({
        workId: at.workId,
        start: time,
        until: time + YEAR,
        duration: YEAR,
        exclusive: false,
        territories: WORLD,
        channels: WORLD,
        rights: 0xffn,
        transferable: true,
        renewable: true,
        underAgreement: false,
        resaleBps: 250n,
        derivativeBps: 1000n,
      })
      expect(await at.licenses.workOf(first)).to.equal(at.workId)
      expect([...(await at.licenses.offerStateOf(offerId))]).to.deep.equal([2n, false, false])
    })

    it('refuses address zero as the recipient', async () => {
      const at = await deployLicensing()
      await expect(at.acquire(at.offerOf(), { recipient: ZeroAddress }))
        .to.be.revertedWithCustomError(at.licenses, 'ERC721InvalidReceiver')
        .withArgs(ZeroAddress)
    })

    it('asks a contract whether it takes licenses', async () => {
      const at = await deployLicensing()
      const yes = await at.ethers.deployContract('Receiver', [0])
      const no = await at.ethers.deployContract('Receiver', [2])
      const recipient = await yes.getAddress()
      const offer = at.offerOf()
      await expect(at.acquire(offer, { recipient })).to.emit(yes, 'Received')
      expect(await at.licenses.balanceOf(recipient)).to.equal(1n)
      await expect(at.acquire(offer, { recipient: await no.getAddress() })).to.be.revertedWithCustomError(no, 'Unwelcome')
      await expect(at.acquire(offer, { recipient: at.titleAddress })).to.be.revertedWithCustomError(at.licenses, 'ERC721InvalidReceiver')
    })

    it('sends coins on in full, and keeps none', async () => {
      const at = await deployLicensing()
      const offer = at.offerOf({ price: 12_345n })
      await expect(at.acquire(offer))
        .to.emit(at.splitter, 'Collected')
        .withArgs(at.workId, at.buyer.address, ZeroAddress, 12_345n, ZeroAddress, 0n, 12_345n, at.address)
      expect(await at.ethers.provider.getBalance(at.address)).to.equal(0n)
      expect(await at.ethers.provider.getBalance(at.splitterAddress)).to.equal(12_345n)
    })

    it('lets the splitter pull tokens from the buyer, who approves nobody else', async () => {
      const at = await deployLicensing()
      const currency = await at.coin.getAddress()
      await at.coin.mint(at.buyer.address, 1000n)
      await at.coin.connect(at.buyer).getFunction('approve')(at.splitterAddress, 1000n)
      await expect(at.acquire(at.offerOf({ currency }), { recipient: at.thief.address }))
        .to.emit(at.splitter, 'Collected')
        .withArgs(at.workId, at.buyer.address, currency, 1000n, ZeroAddress, 0n, 0n, at.address)
      expect(await at.coin.balanceOf(at.splitterAddress)).to.equal(1000n)
      expect(await at.coin.balanceOf(at.buyer.address)).to.equal(0n)
    })

    for (const [what, value] of [
      ['less', 999n],
      ['more', 1001n],
      ['nothing', 0n],
    ] as const) {
      it(`refuses ${what} than the price`, async () => {
        const at = await deployLicensing()
        await expect(at.acquire(at.offerOf(), { value }))
          .to.be.revertedWithCustomError(at.licenses, 'LicenseToken_ValueWrong')
          .withArgs(value, 1000n)
      })
    }

    it('refuses coins for a price in tokens, and for a gift', async () => {
      const at = await deployLicensing()
      await expect(at.acquire(at.offerOf({ currency: await at.coin.getAddress() }), { value: 1000n }))
        .to.be.revertedWithCustomError(at.licenses, 'LicenseToken_ValueWrong')
        .withArgs(1000n, 0n)
      await expect(at.acquire(at.offerOf({ price: 0n }), { value: 1n }))
        .to.be.revertedWithCustomError(at.licenses, 'LicenseToken_ValueWrong')
        .withArgs(1n, 0n)
    })

    it('does not trouble the splitter for a gift', async () => {
      const at = await deployLicensing()
      await at.splitter.refuse(true)
      const license = await at.buy(at.offerOf({ price: 0n }))
      expect(await at.licenses.isInForce(license)).to.equal(true)
    })

    it('sells nothing when the splitter refuses', async () => {
      const at = await deployLicensing()
      await at.splitter.refuse(true)
      const offer = at.offerOf({ exclusive: true })
      await expect(at.acquire(offer)).to.be.revertedWithCustomError(at.splitter, 'Refused')
      await at.splitter.refuse(false)
      expect(await at.licenses.isAvailable(at.workId, 0xff, WORLD, true)).to.equal(true)
      await at.buy(offer)
    })

    describe('through a platform', () => {
      it('tells the splitter the commission, up to the offer’s cap', async () => {
        const at = await deployLicensing()
        const offer = at.offerOf({ commissionCapPpm: 100_000n })
        const platform = at.platform.address
        await expect(at.acquire(offer, { platform, commissionPpm: 100_000n }))
          .to.emit(at.splitter, 'Collected')
          .withArgs(at.workId, at.buyer.address, ZeroAddress, 1000n, platform, 100_000n, 1000n, at.address)
        await expect(at.acquire(offer, { platform, commissionPpm: 100_001n }))
          .to.be.revertedWithCustomError(at.licenses, 'LicenseToken_CommissionTooHigh')
          .withArgs(100_001n, 100_000n)
        // Above 32 bits it must not be cut.
        await expect(at.acquire(offer, { platform, commissionPpm: 2n ** 32n })).to.be.revertedWithCustomError(
          at.licenses,
          'LicenseToken_CommissionTooHigh',
        )
      })

      it('names no platform to the splitter without a commission', async () => {
        const at = await deployLicensing()
        await expect(at.acquire(at.offerOf(), { platform: at.platform.address }))
          .to.emit(at.splitter, 'Collected')
          .withArgs(at.workId, at.buyer.address, ZeroAddress, 1000n, ZeroAddress, 0n, 1000n, at.address)
      })

      it('refuses a commission for nobody, and for another than the offer names', async () => {
        const at = await deployLicensing()
        const free = at.offerOf({ commissionCapPpm: 100_000n })
        await expect(at.acquire(free, { commissionPpm: 1n }))
          .to.be.revertedWithCustomError(at.licenses, 'LicenseToken_PlatformNotNamed')
          .withArgs(ZeroAddress, ZeroAddress)
        const bound = at.offerOf({ commissionCapPpm: 100_000n, platform: at.platform.address })
        await expect(at.acquire(bound, { platform: at.buyer.address, commissionPpm: 1n }))
          .to.be.revertedWithCustomError(at.licenses, 'LicenseToken_PlatformNotNamed')
          .withArgs(at.buyer.address, at.platform.address)
        await at.acquire(bound, { platform: at.platform.address, commissionPpm: 1n })
        await at.acquire(bound)
      })
    })
  })

  describe('renew', () => {
    it('adds the duration to the end while the license runs, paid by anybody', async () => {
      const at = await deployLicensing()
      const offer = at.offerOf({ commissionCapPpm: 50_000n })
      const license = await at.buy(offer)
      const end = await at.licenses.expiresAt(license)
      expect(await at.as(at.thief).renew.staticCall(license, offer, ZeroAddress, 0n, { value: 1000n })).to.equal(end + YEAR)
      await expect(at.renew(license, offer, { by: at.thief, platform: at.platform.address, commissionPpm: 50_000n }))
        .to.emit(at.licenses, 'LicenseRenewed')
        .withArgs(license, at.thief.address, end, end + YEAR)
        .and.to.emit(at.licenses, 'MetadataUpdate')
        .withArgs(license)
        .and.to.emit(at.splitter, 'Collected')
        .withArgs(at.workId, at.thief.address, ZeroAddress, 1000n, at.platform.address, 50_000n, 1000n, at.address)
      await at.renew(license, offer)
      expect(await at.licenses.expiresAt(license)).to.equal(end + 2n * YEAR)
      expect(await at.licenses.userExpires(license)).to.equal(end + 2n * YEAR)
      expect((await at.licenses.licenseOf(license)).until).to.equal(end + 2n * YEAR)
      await at.time.increaseTo(end + 1n)
      expect(await at.licenses.isInForce(license)).to.equal(true)
    })

    it('starts anew from now when the license has expired', async () => {
      const at = await deployLicensing()
      const offer = at.offerOf({ duration: 100n, closesAt: 2n ** 40n - 1n })
      const license = await at.buy(offer)
      const end = await at.licenses.expiresAt(license)
      await at.time.setNextBlockTimestamp(end + 500n)
      await expect(at.renew(license, offer))
        .to.emit(at.licenses, 'LicenseRenewed')
        .withArgs(license, at.buyer.address, end + 500n, end + 600n)
      expect(await at.licenses.isInForce(license)).to.equal(true)
    })

    it('goes on when the supply is sold', async () => {
      const at = await deployLicensing()
      const offer = at.offerOf({ supply: 1n })
      await at.renew(await at.buy(offer), offer)
    })

    it('lets an exclusive license go on, and yields to others once it has lapsed', async () => {
      const at = await deployLicensing()
      const offer = at.offerOf({ exclusive: true, duration: 1000n })
      const license = await at.buy(offer)
      await at.renew(license, offer)
      const end = await at.licenses.expiresAt(license)
      await at.time.increaseTo(end)
      const other = at.offerOf({ duration: 1000n })
      const second = await at.buy(other)
      expect(await at.licenses.isRenewable(license)).to.equal(false)
      await expect(at.renew(license, offer))
        .to.be.revertedWithCustomError(at.licenses, 'LicenseToken_Overlap')
        .withArgs(at.workId, 0n, 0n, await at.licenses.expiresAt(second))
      await at.time.increaseTo(await at.licenses.expiresAt(second))
      expect(await at.licenses.isRenewable(license)).to.equal(true)
      await at.renew(license, offer)
      await expect(at.renew(second, other)).to.be.revertedWithCustomError(at.licenses, 'LicenseToken_Overlap')
    })

    it('refuses licenses of another offer, and what is no license', async () => {
      const at = await deployLicensing()
      const [offer, other] = [at.offerOf(), at.offerOf()]
      const license = await at.buy(offer)
      await expect(at.renew(license, other))
        .to.be.revertedWithCustomError(at.licenses, 'LicenseToken_NotOfOffer')
        .withArgs(license, await at.licenses.offerIdOf(other))
      await expect(at.renew(license + 1n, offer))
        .to.be.revertedWithCustomError(at.licenses, 'ERC721NonexistentToken')
        .withArgs(license + 1n)
    })

    it('refuses where the offer allows none, and where there is no end', async () => {
      const at = await deployLicensing()
      for (const given of [{ renewable: false }, { duration: 0n }]) {
        const offer = at.offerOf(given)
        const license = await at.buy(offer)
        expect(await at.licenses.isRenewable(license)).to.equal(false)
        await expect(at.renew(license, offer)).to.be.revertedWithCustomError(at.licenses, 'LicenseToken_NotRenewable').withArgs(license)
      }
    })

    it('refuses a wrong amount, a commission too high, and a closed offer', async () => {
      const at = await deployLicensing()
      const closesAt = (await at.now()) + 100n
      const offer = at.offerOf({ closesAt })
      const license = await at.buy(offer)
      await expect(at.renew(license, offer, { value: 1n }))
        .to.be.revertedWithCustomError(at.licenses, 'LicenseToken_ValueWrong')
        .withArgs(1n, 1000n)
      await expect(at.renew(license, offer, { commissionPpm: 1n })).to.be.revertedWithCustomError(
        at.licenses,
        'LicenseToken_CommissionTooHigh',
      )
      expect(await at.licenses.isRenewable(license)).to.equal(true)
      await at.time.increaseTo(closesAt)
      expect(await at.licenses.isRenewable(license)).to.equal(true)
      await at.time.increaseTo(closesAt + 1n)
      expect(await at.licenses.isRenewable(license)).to.equal(false)
      await expect(at.renew(license, offer)).to.be.revertedWithCustomError(at.licenses, 'LicenseToken_OfferClosed')
    })

    it('does not push an end past what can be stored', async () => {
      const at = await deployLicensing()
      const offer = at.offerOf({ duration: 2n ** 38n })
      const license = await at.buy(offer)
      await expect(at.renew(license, offer))
        .to.be.revertedWithCustomError(at.licenses, 'LicenseToken_DurationTooLong')
        .withArgs(2n ** 38n)
    })
  })

  describe('isActive', () => {
    it('is true in the license’s territories and channels only', async () => {
      const at = await deployLicensing()
      const license = await at.buy(at.offerOf({ territories: 0b1000000000000101n, channels: 0b10n }))
      for (let territory = 0; territory < 18; territory++)
        for (const channel of [0, 1, 2, 257])
          expect(await at.licenses.isActive(license, territory, channel), `${territory} ${channel}`).to.equal(
            [0, 2, 15].includes(territory) && channel === 1,
          )
      expect(await at.licenses.isActive(license, 2n ** 255n, 1)).to.equal(false)
    })

    it('ends with the license, in the same second as every other view', async () => {
      const at = await deployLicensing()
      const license = await at.buy(at.offerOf())
      const end = await at.licenses.expiresAt(license)
      const views = async () => [
        await at.licenses.isActive(license, 3, 4),
        await at.licenses.isInForce(license),
        (await at.licenses.userOf(license)) !== ZeroAddress,
        await at.licenses.isAvailable(at.workId, RIGHT.adapt, WORLD, true),
      ]
      await at.time.increaseTo(end - 1n)
      expect(await views()).to.deep.equal([true, true, true, false])
      await at.time.increaseTo(end)
      expect(await views()).to.deep.equal([false, false, false, true])
      expect(await at.licenses.expiresAt(license)).to.equal(end)
    })

    it('is false, and everything else empty, for what is no license', async () => {
      const at = await deployLicensing()
      const license = await at.buy(at.offerOf())
      // The same offer, but never sold: its terms are known and it would run.
      const never = license + 1n
      expect(await at.licenses.isActive(never, 0, 0)).to.equal(false)
      expect(await at.licenses.isInForce(never)).to.equal(false)
      expect(await at.licenses.userOf(never)).to.equal(ZeroAddress)
      expect(await at.licenses.userExpires(never)).to.equal(0n)
      expect(await at.licenses.expiresAt(never)).to.equal(0n)
      expect(await at.licenses.isRenewable(never)).to.equal(false)
      expect(await at.licenses.workOf(never)).to.equal(0n)
      expect([...(await at.licenses.royaltyInfo(never, 100n))]).to.deep.equal([ZeroAddress, 0n])
      await expect(at.licenses.licenseOf(never)).to.be.revertedWithCustomError(at.licenses, 'ERC721NonexistentToken')
    })

    it('never ends without a duration', async () => {
      const at = await deployLicensing()
      const license = await at.buy(at.offerOf({ duration: 0n, rights: RIGHT.display }))
      expect(await at.licenses.expiresAt(license)).to.equal(FOREVER_64)
      expect(await at.licenses.userExpires(license)).to.equal(FOREVER_64)
      expect((await at.licenses.licenseOf(license)).until).to.equal(FOREVER_40)
      await at.time.increaseTo(2n ** 33n)
      expect(await at.licenses.isActive(license, 0, 0)).to.equal(true)
      expect(await at.licenses.isAvailable(at.workId, RIGHT.display, 1n, true)).to.equal(false)
    })
  })

  describe('transfers', () => {
    it('are refused for licenses that may not change hands', async () => {
      const at = await deployLicensing()
      const license = await at.buy(at.offerOf({ transferable: false }))
      await at.as(at.buyer).setApprovalForAll(await at.exchange.getAddress(), true)
      await expect(at.as(at.buyer).transferFrom(at.buyer.address, at.thief.address, license))
        .to.be.revertedWithCustomError(at.licenses, 'LicenseToken_NotTransferable')
        .withArgs(license)
      await expect(at.exchange.move(at.address, at.buyer.address, at.thief.address, license)).to.be.revertedWithCustomError(
        at.licenses,
        'LicenseToken_NotTransferable',
      )
    })

    it('go through the exchange only, where there is a resale fee', async () => {
      const at = await deployLicensing()
      const license = await at.buy(at.offerOf({ resaleBps: 1n }))
      const exchange = await at.exchange.getAddress()
      await expect(at.as(at.buyer).transferFrom(at.buyer.address, at.thief.address, license))
        .to.be.revertedWithCustomError(at.licenses, 'LicenseToken_OnlyByExchange')
        .withArgs(license, at.buyer.address)
      // Not even into the exchange's hands past its back.
      await expect(
        at.as(at.buyer)['safeTransferFrom(address,address,uint256)'](at.buyer.address, exchange, license),
      ).to.be.revertedWithCustomError(at.licenses, 'LicenseToken_OnlyByExchange')
      await expect(at.exchange.move(at.address, at.buyer.address, at.thief.address, license)).to.be.revertedWithCustomError(
        at.licenses,
        'ERC721InsufficientApproval',
      )
      await at.as(at.buyer).approve(exchange, license)
      await at.exchange.move(at.address, at.buyer.address, at.thief.address, license)
      expect(await at.licenses.ownerOf(license)).to.equal(at.thief.address)
      expect(await at.licenses.userOf(license)).to.equal(at.thief.address)
    })

    it('end with the license, except out of the exchange’s hands', async () => {
      const at = await deployLicensing()
      const offer = at.offerOf({ resaleBps: 1n })
      const [kept, held] = [await at.buy(offer), await at.buy(offer)]
      const exchange = await at.exchange.getAddress()
      await at.as(at.buyer).setApprovalForAll(exchange, true)
      await at.exchange.move(at.address, at.buyer.address, exchange, held)
      await at.time.increaseTo((await at.licenses.expiresAt(held)) + 1n)
      await expect(at.exchange.move(at.address, at.buyer.address, at.thief.address, kept))
        .to.be.revertedWithCustomError(at.licenses, 'LicenseToken_NotInForce')
        .withArgs(kept)
      await at.exchange.move(at.address, exchange, at.buyer.address, held)
      expect(await at.licenses.ownerOf(held)).to.equal(at.buyer.address)
    })
  })

  it('pays resale fees to the work’s rights holder of the day (ERC-2981)', async () => {
    const at = await deployLicensing()
    const license = await at.buy(at.offerOf({ resaleBps: 250n }))
    expect([...(await at.licenses.royaltyInfo(license, 10_000n))]).to.deep.equal([at.claimant.address, 250n])
    // The next license of the same offer, which nobody has bought.
    expect([...(await at.licenses.royaltyInfo(license + 1n, 10_000n))]).to.deep.equal([ZeroAddress, 0n])
    await at.titleAs(at.claimant).mint(at.workId, 0)
    await at.titleAs(at.claimant).transferFrom(at.claimant.address, at.thief.address, at.workId)
    expect((await at.licenses.royaltyInfo(license, 10_000n))[0]).to.equal(at.thief.address)
    expect((await at.licenses.royaltyInfo(license, 2n ** 256n - 1n))[1]).to.equal(((2n ** 256n - 1n) * 250n) / 10_000n)
  })

  describe('authorizeDerivative', () => {
    it('grants the splitter the license’s share for the caller’s own work', async () => {
      const at = await deployLicensing()
      const license = await at.buy(at.offerOf({ derivativeBps: 1250n }))
      const child = await at.deposit(at.buyer)
      await expect(at.as(at.buyer).authorizeDerivative(license, child))
        .to.emit(at.licenses, 'DerivativeAuthorized')
        .withArgs(license, at.workId, child, 1250n)
        .and.to.emit(at.splitter, 'Granted')
        .withArgs(at.workId, child, 125_000n, at.address)
    })

    it('is for the license’s owner, while it is in force, and for his own work', async () => {
      const at = await deployLicensing()
      const license = await at.buy(at.offerOf({ derivativeBps: 1250n }))
      const child = await at.deposit(at.buyer)
      await expect(at.as(at.thief).authorizeDerivative(license, child))
        .to.be.revertedWithCustomError(at.licenses, 'LicenseToken_NotOwner')
        .withArgs(license, at.thief.address)
      for (const work of [at.workId, 1n])
        await expect(at.as(at.buyer).authorizeDerivative(license, work))
          .to.be.revertedWithCustomError(at.licenses, 'LicenseToken_ChildNotHeld')
          .withArgs(work, at.buyer.address)
      await at.time.increaseTo(await at.licenses.expiresAt(license))
      await expect(at.as(at.buyer).authorizeDerivative(license, child))
        .to.be.revertedWithCustomError(at.licenses, 'LicenseToken_NotInForce')
        .withArgs(license)
    })

    it('needs the right to adapt', async () => {
      const at = await deployLicensing()
      const license = await at.buy(at.offerOf({ rights: 0xffn ^ RIGHT.adapt }))
      await expect(at.as(at.buyer).authorizeDerivative(license, await at.deposit(at.buyer)))
        .to.be.revertedWithCustomError(at.licenses, 'LicenseToken_AdaptNotGranted')
        .withArgs(license)
    })
  })

  describe('connect', () => {
    it('is for the deployer, once, and for two contracts', async () => {
      const at = await deployLicensing()
      const fresh = await at.ethers.deployContract('LicenseToken', [at.titleAddress, at.splitterAddress])
      const connect = (by: typeof at.thief, agreements: string, exchange: string) =>
        fresh.connect(by).getFunction('connect')(agreements, exchange)
      const [agreements, exchange] = [await at.agreements.getAddress(), await at.exchange.getAddress()]
      await expect(connect(at.thief, agreements, exchange))
        .to.be.revertedWithCustomError(fresh, 'LicenseToken_NotDeployer')
        .withArgs(at.thief.address)
      for (const pair of [
        [ZeroAddress, exchange],
        [agreements, ZeroAddress],
      ] as const)
        await expect(connect(at.deployer, ...pair)).to.be.revertedWithCustomError(fresh, 'LicenseToken_ModuleZero')
      await expect(connect(at.deployer, agreements, exchange))
        .to.emit(fresh, 'Connected')
        .withArgs(agreements, exchange)
      expect([await fresh.agreements(), await fresh.exchange()]).to.deep.equal([agreements, exchange])
      await expect(connect(at.deployer, exchange, agreements)).to.be.revertedWithCustomError(fresh, 'LicenseToken_AlreadyConnected')
      expect([await fresh.TITLE(), await fresh.SPLITTER()]).to.deep.equal([at.titleAddress, at.splitterAddress])
    })
  })

  it('has no way to send several calls with one payment, and takes no coins by itself', async () => {
    const at = await deployLicensing()
    const names = at.licenses.interface.fragments.filter((each) => each.type === 'function').map((each) => (each as { name?: string }).name)
    expect(names).not.to.include.members(['multicall'])
    expect([at.licenses.interface.receive, at.licenses.interface.fallback]).to.deep.equal([false, null])
    await expect(at.buyer.sendTransaction({ to: at.address, value: 1n })).to.be.revert(at.ethers)
  })
})
