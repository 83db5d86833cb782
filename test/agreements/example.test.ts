import { expect } from 'chai'
import { DAY, deployMarket, STATUS } from '../market/fixture.ts'

// The worked example of docs/contracts/agreements.md.
describe('docs/contracts/agreements.md', () => {
  it('is true', async () => {
    const at = await deployMarket()
    const { agreement, grant, licenseId, workId } = await at.agree({ deposit: 700n })
    const { startsAt, period } = agreement
    const status = () => at.agreements.statusOf(agreement)
    const magazine = at.by(at.alice).agreements

    await at.reach(startsAt)
    expect(await status()).to.equal(STATUS.due)
    await at.pay(agreement, 1000n)
    expect(await status()).to.equal(STATUS.active)

    // The second quarter begins, and the first quarter's report falls due.
    await at.reach(startsAt + period)
    await magazine.reportUsage(agreement, 0n, 100n)
    await at.reach(startsAt + period + agreement.payWithin + agreement.grace + 1n)
    expect(await status()).to.equal(STATUS.inCure)
    expect((await at.agreements.booksOf(agreement)).owed).to.equal(1700n)
    await at.pay(agreement, 1700n)
    expect(await status()).to.equal(STATUS.active)
    expect(await at.licenses.isActive(licenseId, 0, 0)).to.equal(true)

    // Then nothing more comes: the third instalment is due, and breached 51 days later.
    const breachAt = startsAt + 2n * period + 51n * DAY
    expect((await at.agreements.booksOf(agreement)).breachAt).to.equal(breachAt)
    await at.reach(breachAt - 1n)
    expect(await at.licenses.isActive(licenseId, 0, 0)).to.equal(true)
    await at.reach(breachAt)
    expect(await status()).to.equal(STATUS.breached)
    expect(await at.licenses.isActive(licenseId, 0, 0)).to.equal(false)

    await at.by(at.author).agreements.terminate(agreement, licenseId)
    await at.agreements.returnDeposit(agreement, grant)
    expect(await at.earned(workId)).to.equal(1000n + 1700n + 700n)
    expect(await at.credit(at.alice.address)).to.equal(0n)
  })
})
