import { expect } from 'chai'
import { ZeroAddress } from 'ethers'
import { DAY, deployLicensing, FOREVER_64, type Grant, RIGHT, WORLD } from './fixture.ts'

const refusedForm: [string, Partial<Grant>, string][] = [
  ['without an act', { rights: RIGHT.commercial }, 'LicenseToken_RightsEmpty'],
  ['without a territory', { territories: 0n }, 'LicenseToken_TerritoriesEmpty'],
  ['without a channel', { channels: 0n }, 'LicenseToken_ChannelsEmpty'],
  ['with a resale share above one', { resaleBps: 10_001n }, 'LicenseToken_BpsTooHigh'],
  ['with a derivative share above one', { derivativeBps: 10_001n }, 'LicenseToken_BpsTooHigh'],
  ['with a derivative share but no right to adapt', { derivativeBps: 1n, rights: 1n }, 'LicenseToken_DerivativeWithoutAdapt'],
  ['that ends later than can be stored', { duration: 2n ** 39n }, 'LicenseToken_DurationTooLong'],
]

describe('LicenseToken: licenses under agreements', () => {
  it('are issued to the licensee with the agreement’s terms', async () => {
    const at = await deployLicensing()
    const grant = at.grantOf({ derivativeBps: 300n, channels: 2n })
    const license = await at.issue(grant)
    expect(await at.licenses.ownerOf(license)).to.equal(at.buyer.address)
    expect(await at.termsOf(license)).to.deep.include({
      workId: at.workId,
      duration: grant.duration,
      exclusive: false,
      territories: WORLD,
      channels: 2n,
      rights: 0xffn,
      transferable: true,
      renewable: false,
      underAgreement: true,
      resaleBps: 0n,
      derivativeBps: 300n,
    })
    expect(await at.licenses.isActive(license, 0, 1)).to.equal(true)
    expect(await at.licenses.isRenewable(license)).to.equal(false)
    const another = at.grantOf({ resaleBps: 7n })
    await expect(at.agreements.issue(another))
      .to.emit(at.licenses, 'LicenseIssued')
      .withArgs(
        (id: bigint) => (id & 0xffffffn) === 1n,
        at.workId,
        another.agreementId,
        (terms: bigint) => ((terms >> 200n) & 0xffffn) === 7n,
        another.document,
      )
  })

  it('stay with the licensee where the agreement says so', async () => {
    const at = await deployLicensing()
    const license = await at.issue(at.grantOf({ transferable: false }))
    expect((await at.termsOf(license)).transferable).to.equal(false)
    await expect(at.as(at.buyer).transferFrom(at.buyer.address, at.thief.address, license))
      .to.be.revertedWithCustomError(at.licenses, 'LicenseToken_NotTransferable')
      .withArgs(license)
  })

  it('are issued by the agreements contract only', async () => {
    const at = await deployLicensing()
    for (const signer of [at.claimant, at.deployer])
      await expect(at.as(signer).issueUnderAgreement(at.grantOf()))
        .to.be.revertedWithCustomError(at.licenses, 'LicenseToken_NotAgreements')
        .withArgs(signer.address)
  })

  it('are issued once an agreement', async () => {
    const at = await deployLicensing()
    const grant = at.grantOf()
    await at.issue(grant)
    await expect(at.agreements.issue({ ...grant, licensee: at.thief.address }))
      .to.be.revertedWithCustomError(at.licenses, 'LicenseToken_AgreementIssued')
      .withArgs(grant.agreementId)
  })

  it('need a licensor who holds the rights in a work that is not refuted', async () => {
    const at = await deployLicensing()
    await expect(at.agreements.issue(at.grantOf({ licensor: at.thief.address })))
      .to.be.revertedWithCustomError(at.licenses, 'LicenseToken_SellerNotHolder')
      .withArgs(at.workId, at.thief.address, at.claimant.address)
    await expect(at.agreements.issue(at.grantOf({ workId: 1n, licensor: ZeroAddress }))).to.be.revertedWithCustomError(
      at.licenses,
      'LicenseToken_SellerNotHolder',
    )
    await at.titleAs(at.court).refute(at.workId)
    await expect(at.agreements.issue(at.grantOf())).to.be.revertedWithCustomError(at.licenses, 'LicenseToken_WorkRefuted')
  })

  for (const [what, given, error] of refusedForm) {
    it(`are refused ${what}`, async () => {
      const at = await deployLicensing()
      await expect(at.agreements.issue(at.grantOf(given))).to.be.revertedWithCustomError(at.licenses, error)
    })
  }

  it('ask a contract whether it takes licenses', async () => {
    const at = await deployLicensing()
    const no = await at.ethers.deployContract('Receiver', [2])
    await expect(at.agreements.issue(at.grantOf({ licensee: await no.getAddress() }))).to.be.revertedWithCustomError(no, 'Unwelcome')
  })

  describe('in the calendar', () => {
    it('stand in the way as sold ones do, and the other way round', async () => {
      const at = await deployLicensing()
      const license = await at.issue(at.grantOf({ rights: RIGHT.display, territories: 0x30n }))
      const end = await at.licenses.expiresAt(license)
      await at.buy(at.offerOf({ rights: RIGHT.display }))
      const other = await at.deposit()
      const sold = await at.buy(at.offerOf({ workId: other, exclusive: true }))
      await expect(at.agreements.issue(at.grantOf({ workId: other })))
        .to.be.revertedWithCustomError(at.licenses, 'LicenseToken_Overlap')
        .withArgs(other, 0n, 0n, await at.licenses.expiresAt(sold))
      const third = await at.deposit()
      const simple = await at.issue(at.grantOf({ workId: third, rights: RIGHT.perform | RIGHT.adapt, territories: 0x30n }))
      await expect(at.acquire(at.offerOf({ workId: third, exclusive: true, rights: 0x3cn, territories: 0xe0n })))
        .to.be.revertedWithCustomError(at.licenses, 'LicenseToken_Overlap')
        .withArgs(third, 5n, 3n, await at.licenses.expiresAt(simple))
      await at.buy(at.offerOf({ workId: third, exclusive: true, territories: 0xc0n }))
      await at.buy(at.offerOf({ workId: third, exclusive: true, territories: 0x30n, rights: RIGHT.display }))
      await at.time.increaseTo(end)
    })

    it('stand in the way in their territories only, also of questions with bits that mean nothing', async () => {
      const at = await deployLicensing()
      await at.issue(at.grantOf({ territories: 1n, rights: RIGHT.display }))
      const senseless = (2n ** 256n - 1n) ^ WORLD
      expect(await at.licenses.isAvailable(at.workId, RIGHT.display, senseless | 2n, true)).to.equal(true)
      expect(await at.licenses.isAvailable(at.workId, RIGHT.display, senseless | 1n, true)).to.equal(false)
      expect(await at.licenses.isAvailable(at.workId, senseless | RIGHT.perform, 1n, true)).to.equal(true)
    })

    it('free their place when they end early', async () => {
      const at = await deployLicensing()
      for (const [exclusive, territories] of [
        [false, WORLD],
        [false, 6n],
        [true, WORLD],
        [true, 6n],
      ] as const) {
        const license = await at.issue(at.grantOf({ exclusive, territories, rights: RIGHT.display | RIGHT.trainAi }))
        expect(await at.licenses.isAvailable(at.workId, RIGHT.trainAi, 4n, true)).to.equal(false)
        await at.agreements.end(license)
        expect(await at.licenses.isAvailable(at.workId, 0x3fn, WORLD, true)).to.equal(true)
      }
      const kept = await at.issue(at.grantOf({ exclusive: true, territories: 6n, rights: RIGHT.perform }))
      const ended = await at.issue(at.grantOf({ exclusive: true, territories: 6n, rights: RIGHT.display }))
      await at.agreements.end(ended)
      expect(await at.licenses.isAvailable(at.workId, RIGHT.perform, 2n, false)).to.equal(false)
      expect(await at.licenses.isInForce(kept)).to.equal(true)
    })

    it('free only their own place among simple ones', async () => {
      const at = await deployLicensing()
      const [short, long] = [await at.issue(at.grantOf({ duration: 10n * DAY })), await at.issue(at.grantOf({ duration: 100n * DAY }))]
      await at.agreements.end(long)
      const end = await at.licenses.expiresAt(short)
      await expect(at.acquire(at.offerOf({ exclusive: true })))
        .to.be.revertedWithCustomError(at.licenses, 'LicenseToken_Overlap')
        .withArgs(at.workId, 0n, 0n, end)
      await at.time.increaseTo(end)
      await at.buy(at.offerOf({ exclusive: true }))
    })

    it('do not free the place of whoever came after them', async () => {
      const at = await deployLicensing()
      const license = await at.issue(at.grantOf({ exclusive: true, duration: 100n }))
      await at.time.increaseTo(await at.licenses.expiresAt(license))
      await at.buy(at.offerOf({ exclusive: true }))
      await expect(at.agreements.end(license)).not.to.emit(at.licenses, 'LicenseEnded')
      expect(await at.licenses.isAvailable(at.workId, 1n, 1n, false)).to.equal(false)
      expect((await at.licenses.licenseOf(license)).until).to.equal((await at.licenses.licenseOf(license)).start + 100n)
    })

    it('are kept apart up to 32 simple ones of one work, in whose places others follow', async () => {
      const at = await deployLicensing()
      const ids: bigint[] = []
      for (let i = 0; i < 32; i++) ids.push(await at.issue(at.grantOf({ duration: i === 5 ? 10_000n : 0n })))
      await expect(at.agreements.issue(at.grantOf()))
        .to.be.revertedWithCustomError(at.licenses, 'LicenseToken_AgreementsFull')
        .withArgs(at.workId, 32n)
      await at.issue(at.grantOf({ workId: await at.deposit() }))
      // The place is taken to its last second.
      const end = await at.licenses.expiresAt(ids[5]!)
      await at.time.setNextBlockTimestamp(end - 1n)
      await expect(at.agreements.issue(at.grantOf())).to.be.revertedWithCustomError(at.licenses, 'LicenseToken_AgreementsFull')
      await at.time.increaseTo(end)
      await at.issue(at.grantOf())
      await expect(at.agreements.issue(at.grantOf())).to.be.revertedWithCustomError(at.licenses, 'LicenseToken_AgreementsFull')
      await at.agreements.end(ids[31]!)
      await at.issue(at.grantOf({ duration: 0n }))
      expect(await at.licenses.isAvailable(at.workId, 1n, 1n, true)).to.equal(false)
      expect(await at.licenses.isAvailable(at.workId, 1n, 1n, false)).to.equal(true)
    })
  })

  describe('suspended', () => {
    it('are out of force in every view, and cannot be moved, until they are revived', async () => {
      const at = await deployLicensing()
      const license = await at.issue(at.grantOf())
      await at.agreements.suspend(license, true)
      expect(await at.licenses.isInForce(license)).to.equal(false)
      expect(await at.licenses.isActive(license, 0, 0)).to.equal(false)
      expect(await at.licenses.userOf(license)).to.equal(ZeroAddress)
      const move = () => at.as(at.buyer).transferFrom(at.buyer.address, at.thief.address, license)
      await expect(move()).to.be.revertedWithCustomError(at.licenses, 'LicenseToken_NotInForce').withArgs(license)
      await expect(at.as(at.buyer).authorizeDerivative(license, await at.deposit(at.buyer))).to.be.revertedWithCustomError(
        at.licenses,
        'LicenseToken_NotInForce',
      )
      // It may come back, so its place is still taken.
      expect(await at.licenses.isAvailable(at.workId, 1n, 1n, true)).to.equal(false)
      await at.agreements.suspend(license, false)
      expect(await at.licenses.isActive(license, 0, 0)).to.equal(true)
      await move()
    })

    it('is not asked of licenses that were sold', async () => {
      const at = await deployLicensing()
      const license = await at.buy(at.offerOf())
      await at.agreements.suspend(license, true)
      expect(await at.licenses.isInForce(license)).to.equal(true)
    })
  })

  describe('end', () => {
    it('puts the end to now, for good', async () => {
      const at = await deployLicensing()
      const license = await at.issue(at.grantOf({ duration: 0n }))
      expect(await at.licenses.expiresAt(license)).to.equal(FOREVER_64)
      const time = (await at.now()) + 1000n
      await at.time.setNextBlockTimestamp(time)
      await expect(at.agreements.end(license))
        .to.emit(at.licenses, 'LicenseEnded')
        .withArgs(license)
        .and.to.emit(at.licenses, 'MetadataUpdate')
        .withArgs(license)
      expect(await at.licenses.expiresAt(license)).to.equal(time)
      expect(await at.licenses.isInForce(license)).to.equal(false)
      await at.time.setNextBlockTimestamp(time + 1000n)
      await expect(at.agreements.end(license)).not.to.emit(at.licenses, 'LicenseEnded')
      expect(await at.licenses.expiresAt(license)).to.equal(time)
    })

    it('is for the agreements contract only, and for licenses under agreements', async () => {
      const at = await deployLicensing()
      const license = await at.issue(at.grantOf())
      await expect(at.as(at.claimant).end(license))
        .to.be.revertedWithCustomError(at.licenses, 'LicenseToken_NotAgreements')
        .withArgs(at.claimant.address)
      const sold = await at.buy(at.offerOf())
      for (const id of [sold, license + 1n, 5n])
        await expect(at.agreements.end(id)).to.be.revertedWithCustomError(at.licenses, 'LicenseToken_NotUnderAgreement').withArgs(id)
      expect(await at.licenses.isInForce(sold)).to.equal(true)
    })
  })
})
