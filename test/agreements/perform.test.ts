import { expect } from 'chai'
import { ZeroAddress } from 'ethers'
import { DAY, deployMarket, MANNER, type Market, STATUS } from '../market/fixture.ts'

/** The default agreement's dates, from its beginning. */
const QUARTER = 90n * DAY

describe('LicenseAgreements: pay', () => {
  it('sends the money to the work in the same transaction and counts it', async () => {
    const at = await deployMarket()
    for (const currency of [ZeroAddress, at.currency]) {
      const { agreement, workId, id } = await at.agree({}, { currency })
      await expect(at.pay(agreement, 400n)).to.emit(at.agreements, 'Paid').withArgs(id, at.alice.address, 400n)
      expect(await at.earned(workId, currency)).to.equal(400n)
      expect((await at.agreements.booksOf(agreement)).surplus).to.equal(400n)
    }
    expect(await at.balance(at.agreementsAddress)).to.equal(0n)
    expect(await at.coin.balanceOf(at.agreementsAddress)).to.equal(0n)
  })

  it('can be done by anybody', async () => {
    const at = await deployMarket()
    const { agreement } = await at.agree()
    await at.pay(agreement, 1000n, at.bob)
    expect((await at.agreements.booksOf(agreement)).surplus).to.equal(1000n)
  })

  it('counts early, partial, late and over payments against the oldest debt', async () => {
    const at = await deployMarket()
    const { agreement, licenseId } = await at.agree({}, { minimum: 0n, unitPrice: 0n })
    const start = agreement.startsAt
    await at.pay(agreement, 400n)
    await at.reach(start)
    const status = () => at.agreements.statusOf(agreement)
    expect(await status()).to.equal(STATUS.due)
    expect((await at.agreements.booksOf(agreement)).owed).to.equal(600n)
    await at.reach(start + agreement.payWithin - 1n)
    expect(await status()).to.equal(STATUS.due)
    await at.reach(start + agreement.payWithin)
    expect(await status()).to.equal(STATUS.overdue)
    await at.reach(start + agreement.payWithin + agreement.grace)
    expect(await status()).to.equal(STATUS.inCure)
    await at.pay(agreement, 1600n)
    expect(await status()).to.equal(STATUS.active)
    expect((await at.agreements.booksOf(agreement)).dueAt).to.equal(start + 2n * QUARTER)
    await at.reach(start + 2n * QUARTER - 1n)
    expect(await status()).to.equal(STATUS.active)
    await at.reach(start + 2n * QUARTER + agreement.payWithin + agreement.grace + agreement.cure)
    expect(await status()).to.equal(STATUS.breached)
    expect(await at.licenses.isActive(licenseId, 0, 0)).to.equal(false)
    await at.pay(agreement, 999n)
    expect(await status()).to.equal(STATUS.breached)
    await at.pay(agreement, 1n)
    expect(await status()).to.equal(STATUS.active)
    expect(await at.licenses.isActive(licenseId, 0, 0)).to.equal(true)
    await at.pay(agreement, 1000n)
    expect(await status()).to.equal(STATUS.fulfilled)
  })

  it('is due by the schedule, to the second, and nothing after the last period', async () => {
    const at = await deployMarket()
    const { agreement } = await at.agree({}, { unitPrice: 0n })
    const { startsAt, period, periods, instalment, minimum, reportWithin } = agreement
    const numbers = Array.from({ length: Number(periods) }, (_, index) => BigInt(index))
    const items = numbers.flatMap((index) => [
      { dueAt: startsAt + index * period, amount: instalment },
      { dueAt: startsAt + (index + 1n) * period + reportWithin, amount: minimum },
    ])
    const times = [...items.flatMap(({ dueAt }) => [dueAt - 1n, dueAt]), startsAt + (periods + 5n) * period].sort((a, b) => Number(a - b))
    for (const time of times) {
      await at.reach(time)
      const owed = items.reduce((sum, { dueAt, amount }) => (dueAt <= time ? sum + amount : sum), 0n)
      expect((await at.agreements.booksOf(agreement)).owed, `${time - startsAt} s`).to.equal(owed)
    }
  })

  it('moves the oldest debt on item by item, the last minimum included', async () => {
    const at = await deployMarket()
    const { agreement } = await at.agree({}, { unitPrice: 0n })
    const { startsAt, period, reportWithin } = agreement
    const usage = (index: bigint) => startsAt + (index + 1n) * period + reportWithin
    for (const [amount, dueAt] of [
      [1000n, startsAt + period],
      [999n, startsAt + period],
      [1n, usage(0n)],
      [500n, startsAt + 2n * period],
      [2500n, usage(2n)],
      [500n, usage(3n)],
    ] as const) {
      await at.pay(agreement, amount)
      expect((await at.agreements.booksOf(agreement)).dueAt).to.equal(dueAt)
    }
    await at.pay(agreement, 500n - 1n)
    expect((await at.agreements.booksOf(agreement)).dueAt).to.equal(usage(3n))
    await at.pay(agreement, 1n)
    expect(await at.agreements.statusOf(agreement)).to.equal(STATUS.fulfilled)
  })

  it('heals a breach only when nothing is due any more', async () => {
    const at = await deployMarket()
    const { agreement, licenseId } = await at.agree({}, { minimum: 0n, unitPrice: 0n })
    const status = () => at.agreements.statusOf(agreement)
    await at.reach(agreement.startsAt + QUARTER)
    expect(await status()).to.equal(STATUS.breached)
    // What breached it is paid; the next instalment is due, though in time.
    await at.pay(agreement, 1000n)
    expect(await status()).to.equal(STATUS.breached)
    expect(await at.licenses.isInForce(licenseId)).to.equal(false)
    await at.pay(agreement, 1000n)
    expect(await status()).to.equal(STATUS.active)
    expect(await at.licenses.isInForce(licenseId)).to.equal(true)
  })

  it('heals no breach while a report is late', async () => {
    const at = await deployMarket()
    const { agreement } = await at.agree()
    const status = () => at.agreements.statusOf(agreement)
    await at.reach(agreement.startsAt + QUARTER + agreement.reportWithin)
    await at.pay(agreement, 2500n)
    expect((await at.agreements.booksOf(agreement)).owed).to.equal(0n)
    expect(await status()).to.equal(STATUS.breached)
    await at.by(at.alice).agreements.reportUsage(agreement, 0n, 0n)
    expect(await status()).to.equal(STATUS.active)
  })

  it('refuses more than will ever be due where no usage is reported', async () => {
    const at = await deployMarket()
    const { agreement } = await at.agree({}, { unitPrice: 0n })
    await at.pay(agreement, 1000n)
    await expect(at.pay(agreement, 5001n)).to.be.revertedWithCustomError(at.agreements, 'LicenseAgreements_Overpaid').withArgs(5001n, 5000n)
    await at.pay(agreement, 5000n)
    expect(await at.agreements.statusOf(agreement)).to.equal(STATUS.fulfilled)
  })

  it('refuses nothing, too much, and other coins than said', async () => {
    const at = await deployMarket()
    const { agreement } = await at.agree({}, { currency: at.currency })
    for (const amount of [0n, 2n ** 96n]) {
      await expect(at.pay(agreement, amount))
        .to.be.revertedWithCustomError(at.agreements, 'LicenseAgreements_AmountInvalid')
        .withArgs(amount)
    }
    await expect(at.by(at.alice).agreements.pay(agreement, 5n, { value: 5n }))
      .to.be.revertedWithCustomError(at.agreements, 'LicenseAgreements_ValueWrong')
      .withArgs(5n, 0n)
    const native = await at.agree()
    for (const value of [0n, 4n, 6n]) {
      await expect(at.by(at.alice).agreements.pay(native.agreement, 5n, { value }))
        .to.be.revertedWithCustomError(at.agreements, 'LicenseAgreements_ValueWrong')
        .withArgs(value, 5n)
    }
  })

  it('refuses what the books cannot hold', async () => {
    const at = await deployMarket()
    const { agreement } = await at.agree({}, { currency: at.currency })
    const most = 2n ** 96n - 1n
    await at.coin.mint(at.alice.address, 2n ** 110n)
    await at.by(at.alice).coin.approve(at.split, 2n ** 120n)
    for (let i = 0; i < 128; i++) await at.pay(agreement, most)
    await expect(at.pay(agreement, most)).to.be.revertedWithCustomError(at.agreements, 'LicenseAgreements_AmountInvalid').withArgs(most)
  })

  it('is refused for what is no agreement', async () => {
    const at = await deployMarket()
    const { agreement } = await at.agree()
    const other = { ...agreement, instalment: 999n }
    await expect(at.pay(other, 1n)).to.be.revertedWithCustomError(at.agreements, 'LicenseAgreements_NotRunning')
  })

  it('counts nothing that does not arrive', async () => {
    const at = await deployMarket()
    const { agreement } = await at.agree({}, { currency: at.currency })
    await at.coin.charge(1, 0)
    await expect(at.pay(agreement, 1000n)).to.be.revertedWithCustomError(at.splitter, 'RevenueSplitter_Underpaid')
    expect((await at.agreements.booksOf(agreement)).surplus).to.equal(0n)
  })

  it('is not confused by a payer who is called by his token and calls back', async () => {
    const at = await deployMarket()
    const { agreement, workId } = await at.agree({}, { currency: at.currency })
    const { contract, address } = await at.puppet()
    await at.coin.mint(address, 5000n)
    const pay = at.agreements.interface.encodeFunctionData('pay', [agreement, 100n])
    await contract.execute(at.currency, at.coin.interface.encodeFunctionData('approve', [at.split, 5000n]))
    await contract.behave(MANNER.callBack, at.agreementsAddress, pay)
    await at.coin.hook(address, true)
    await contract.execute(at.agreementsAddress, pay)
    expect(await contract.failed()).to.equal(1n)
    expect((await at.agreements.booksOf(agreement)).surplus).to.equal(100n)
    expect(await at.earned(workId, at.currency)).to.equal(100n)
  })
})

describe('LicenseAgreements: reportUsage', () => {
  const report = (at: Market, agreement: Awaited<ReturnType<Market['agree']>>['agreement'], period: bigint, units: bigint) =>
    at.by(at.alice).agreements.reportUsage(agreement, period, units)

  it('charges the units, at least the minimum, due when the report is', async () => {
    const at = await deployMarket()
    const { agreement, id } = await at.agree({}, { instalment: 0n })
    const end = agreement.startsAt + QUARTER
    await at.at(end)
    await expect(report(at, agreement, 0n, 100n))
      .to.emit(at.agreements, 'UsageReported')
      .withArgs(id, 0n, 100n)
    await at.reach(end + agreement.reportWithin - 1n)
    expect(await at.agreements.statusOf(agreement)).to.equal(STATUS.active)
    await at.reach(end + agreement.reportWithin)
    let books = await at.agreements.booksOf(agreement)
    expect([books.status, books.owed, books.reported]).to.deep.equal([STATUS.due, 700n, 1n])
    await at.pay(agreement, 700n)
    await at.at(end + QUARTER)
    await report(at, agreement, 1n, 3n)
    await at.reach(end + QUARTER + agreement.reportWithin)
    books = await at.agreements.booksOf(agreement)
    expect(books.owed).to.equal(500n)
  })

  it('beyond the minimum is due when the report is, neither before nor with what came before', async () => {
    const at = await deployMarket()
    const { agreement } = await at.agree()
    const dueAt = agreement.startsAt + QUARTER + agreement.reportWithin
    await at.pay(agreement, 2500n)
    await at.reach(agreement.startsAt + QUARTER)
    await report(at, agreement, 0n, 243n)
    expect((await at.agreements.booksOf(agreement)).dueAt).to.equal(dueAt)
    await at.reach(dueAt - 1n)
    expect((await at.agreements.booksOf(agreement)).owed).to.equal(0n)
    await at.reach(dueAt)
    expect((await at.agreements.booksOf(agreement)).owed).to.equal(1201n)
  })

  it('beyond the minimum heals no breach by what is older', async () => {
    const at = await deployMarket()
    const { agreement } = await at.agree()
    await at.reach(agreement.startsAt + QUARTER)
    await report(at, agreement, 0n, 100n)
    expect(await at.agreements.statusOf(agreement)).to.equal(STATUS.breached)
  })

  it('of the last period, paid for, fulfils', async () => {
    const at = await deployMarket()
    const { agreement } = await at.agree({}, { instalment: 0n })
    await at.pay(agreement, 4n * 700n)
    for (let period = 0n; period < 4n; period++) {
      expect(await at.agreements.statusOf(agreement)).not.to.equal(STATUS.fulfilled)
      await at.reach(agreement.startsAt + (period + 1n) * QUARTER)
      await report(at, agreement, period, 100n)
    }
    expect(await at.agreements.statusOf(agreement)).to.equal(STATUS.fulfilled)
  })

  it('is wanted from the end of a period, late after reportWithin, and breaches if it never comes', async () => {
    const at = await deployMarket()
    const { agreement, licenseId } = await at.agree({}, { instalment: 0n, minimum: 0n })
    const end = agreement.startsAt + QUARTER
    const status = () => at.agreements.statusOf(agreement)
    const late = end + agreement.reportWithin
    for (const [time, expected] of [
      [end - 1n, STATUS.active],
      [end, STATUS.due],
      [late - 1n, STATUS.due],
      [late, STATUS.overdue],
      [late + agreement.grace, STATUS.inCure],
      [late + agreement.grace + agreement.cure, STATUS.breached],
    ] as const) {
      await at.reach(time)
      expect(await status()).to.equal(expected)
    }
    expect(await at.licenses.isInForce(licenseId)).to.equal(false)
    await report(at, agreement, 0n, 0n)
    expect(await status()).to.equal(STATUS.active)
    expect(await at.licenses.isInForce(licenseId)).to.equal(true)
  })

  it('can be corrected until the next report', async () => {
    const at = await deployMarket()
    const { agreement } = await at.agree({}, { instalment: 0n })
    const end = agreement.startsAt + QUARTER
    await at.reach(end + agreement.reportWithin)
    await report(at, agreement, 0n, 1000n)
    const owed = async () => (await at.agreements.booksOf(agreement)).owed
    expect(await owed()).to.equal(7000n)
    await report(at, agreement, 0n, 100n)
    expect(await owed()).to.equal(700n)
    await at.pay(agreement, 700n)
    await at.reach(end + QUARTER)
    await report(at, agreement, 1n, 100n)
    await expect(report(at, agreement, 0n, 1n))
      .to.be.revertedWithCustomError(at.agreements, 'LicenseAgreements_ReportOutOfTurn')
      .withArgs(0n, 2n)
  })

  it('refuses a correction that would breach, until it is paid for', async () => {
    const at = await deployMarket()
    const { agreement } = await at.agree({}, { instalment: 0n })
    const due = agreement.startsAt + QUARTER + agreement.reportWithin
    await at.reach(due)
    await report(at, agreement, 0n, 0n)
    await at.pay(agreement, 500n)
    await at.reach(due + agreement.payWithin + agreement.grace + agreement.cure - 2n)
    await at.at(due + agreement.payWithin + agreement.grace + agreement.cure)
    await expect(report(at, agreement, 0n, 100n))
      .to.be.revertedWithCustomError(at.agreements, 'LicenseAgreements_CorrectionUnpaid')
      .withArgs(200n)
    await at.pay(agreement, 200n)
    await report(at, agreement, 0n, 100n)
    expect(await at.agreements.statusOf(agreement)).to.equal(STATUS.active)
  })

  it('is the licensee’s, in turn, after the period, and only where usage is reported', async () => {
    const at = await deployMarket()
    const { agreement, id } = await at.agree()
    await expect(at.by(at.author).agreements.reportUsage(agreement, 0n, 1n))
      .to.be.revertedWithCustomError(at.agreements, 'LicenseAgreements_NotEntitled')
      .withArgs(id, at.author.address)
    const end = agreement.startsAt + QUARTER
    await at.at(end - 1n)
    await expect(report(at, agreement, 0n, 1n))
      .to.be.revertedWithCustomError(at.agreements, 'LicenseAgreements_PeriodNotOver')
      .withArgs(0n, end)
    await expect(report(at, agreement, 1n, 1n))
      .to.be.revertedWithCustomError(at.agreements, 'LicenseAgreements_ReportOutOfTurn')
      .withArgs(1n, 0n)
    await at.reach(end + 10n * QUARTER)
    for (let period = 0n; period < 4n; period++) await report(at, agreement, period, 1n)
    await expect(report(at, agreement, 4n, 1n))
      .to.be.revertedWithCustomError(at.agreements, 'LicenseAgreements_ReportOutOfTurn')
      .withArgs(4n, 4n)
    const silent = await at.agree({}, { unitPrice: 0n })
    await expect(report(at, silent.agreement, 0n, 1n))
      .to.be.revertedWithCustomError(at.agreements, 'LicenseAgreements_NothingToReport')
      .withArgs(silent.id)
  })

  it('refuses charges that the books cannot hold', async () => {
    const at = await deployMarket()
    const price = 2n ** 95n
    const { agreement } = await at.agree({}, { instalment: 0n, minimum: 0n, unitPrice: price, periods: 300n })
    await at.reach(agreement.startsAt + 301n * QUARTER)
    await expect(report(at, agreement, 0n, 2n))
      .to.be.revertedWithCustomError(at.agreements, 'LicenseAgreements_AmountInvalid')
      .withArgs(2n * price)
    for (let period = 0n; period < 257n; period++) await report(at, agreement, period, 1n)
    await expect(report(at, agreement, 257n, 1n))
      .to.be.revertedWithCustomError(at.agreements, 'LicenseAgreements_AmountInvalid')
      .withArgs(price)
  })
})
