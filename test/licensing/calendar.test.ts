import { expect } from 'chai'
import { DAY, deployLicensing, type Licensing, type Offer, RIGHT, WORLD } from './fixture.ts'

const overlaps = async (at: Licensing, offer: Offer, territory: bigint, act: bigint, until: bigint) =>
  await expect(at.acquire(offer))
    .to.be.revertedWithCustomError(at.licenses, 'LicenseToken_Overlap')
    .withArgs(offer.workId, territory, act, until)

describe('LicenseToken: the calendar', () => {
  it('sells simple licenses beside each other', async () => {
    const at = await deployLicensing()
    for (const territories of [WORLD, 1n, 0x8000n, WORLD]) await at.buy(at.offerOf({ territories }))
  })

  it('refuses an exclusive license while a simple one runs, and takes it in the second that ends', async () => {
    const at = await deployLicensing()
    const end = await at.licenses.expiresAt(await at.buy(at.offerOf({ duration: 50n * DAY })))
    const longest = await at.licenses.expiresAt(await at.buy(at.offerOf({ duration: 100n * DAY })))
    expect(await at.licenses.expiresAt(await at.buy(at.offerOf({ duration: 20n * DAY })))).to.be.lessThan(end)
    const exclusive = at.offerOf({ exclusive: true })
    await overlaps(at, exclusive, 0n, 0n, longest)
    const signature = await at.sign(exclusive)
    await at.time.setNextBlockTimestamp(longest - 1n)
    await expect(at.acquire(exclusive, { signature })).to.be.revertedWithCustomError(at.licenses, 'LicenseToken_Overlap')
    await at.time.setNextBlockTimestamp(longest)
    await at.acquire(exclusive, { signature })
  })

  it('refuses everything else while an exclusive license runs', async () => {
    const at = await deployLicensing()
    const end = await at.licenses.expiresAt(await at.buy(at.offerOf({ exclusive: true })))
    await overlaps(at, at.offerOf(), 0n, 0n, end)
    await overlaps(at, at.offerOf({ exclusive: true }), 0n, 0n, end)
    await overlaps(at, at.offerOf({ territories: 0x10n, rights: RIGHT.perform }), 4n, 3n, end)
    await at.time.increaseTo(end)
    await at.buy(at.offerOf())
  })

  for (const [name, act] of Object.entries(RIGHT).slice(0, 6)) {
    it(`keeps ${name} apart from the other acts`, async () => {
      const at = await deployLicensing()
      const number = BigInt(Math.log2(Number(act)))
      const end = await at.licenses.expiresAt(await at.buy(at.offerOf({ rights: act, exclusive: true })))
      await overlaps(at, at.offerOf({ rights: act }), 0n, number, end)
      await at.buy(at.offerOf({ rights: 0x3fn ^ act, exclusive: true }))
    })
  }

  it('binds acts, not how they may be done', async () => {
    const at = await deployLicensing()
    await at.buy(at.offerOf({ rights: RIGHT.display | RIGHT.commercial | RIGHT.sublicense, exclusive: true }))
    await at.buy(at.offerOf({ rights: RIGHT.perform | RIGHT.commercial | RIGHT.sublicense, exclusive: true }))
  })

  it('keeps works apart', async () => {
    const at = await deployLicensing()
    await at.buy(at.offerOf({ exclusive: true }))
    await at.buy(at.offerOf({ exclusive: true, workId: await at.deposit() }))
    await at.buy(at.offerOf({ exclusive: true, workId: await at.deposit(), territories: 1n }))
  })

  describe('of territories', () => {
    for (let group = 0n; group < 16n; group += 5n) {
      it(`keeps group ${group} apart from the others`, async () => {
        const at = await deployLicensing()
        const territories = 1n << group
        const end = await at.licenses.expiresAt(await at.buy(at.offerOf({ territories, exclusive: true })))
        await overlaps(at, at.offerOf({ territories }), group, 0n, end)
        await overlaps(at, at.offerOf(), group, 0n, end)
        await at.buy(at.offerOf({ territories: WORLD ^ territories, exclusive: true }))
      })
    }

    it('lets the world’s license stand in the way of each', async () => {
      const at = await deployLicensing()
      const end = await at.licenses.expiresAt(await at.buy(at.offerOf()))
      await overlaps(at, at.offerOf({ territories: 0x0110n, exclusive: true }), 4n, 0n, end)
      await at.buy(at.offerOf({ territories: 0x0110n }))
    })

    it('names the territory and the act in the way', async () => {
      const at = await deployLicensing()
      const rights = RIGHT.adapt | RIGHT.trainAi
      const end = await at.licenses.expiresAt(await at.buy(at.offerOf({ territories: 0x0180n, rights, exclusive: true })))
      await overlaps(at, at.offerOf({ territories: 0xff00n, rights: 0x3fn }), 8n, 4n, end)
      await at.time.increaseTo(end)
      await at.buy(at.offerOf({ territories: 0xff00n, rights: 0x3fn }))
    })
  })

  it('tells what is free, without changing it', async () => {
    const at = await deployLicensing()
    await at.buy(at.offerOf({ territories: 1n, rights: RIGHT.display }))
    const free = (rights: bigint, territories: bigint, exclusive: boolean) =>
      at.licenses.isAvailable(at.workId, rights, territories, exclusive)
    expect(await free(RIGHT.display, 1n, false)).to.equal(true)
    expect(await free(RIGHT.display, 1n, true)).to.equal(false)
    expect(await free(RIGHT.display, 2n, true)).to.equal(true)
    expect(await free(RIGHT.perform, WORLD, true)).to.equal(true)
    expect(await free(RIGHT.display, WORLD, true)).to.equal(false)
  })

  it('costs the same after a hundred sales as after three', async () => {
    const at = await deployLicensing()
    const offer = at.offerOf({ supply: 1000n })
    const signature = await at.sign(offer)
    const used: bigint[] = []
    for (let sale = 0; sale < 100; sale++) used.push((await (await at.acquire(offer, { signature })).wait())!.gasUsed)
    expect(used.at(-1)).to.equal(used[2])
  })
})
