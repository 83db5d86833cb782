import { expect } from 'chai'
import { ZeroAddress } from 'ethers'
import { DAY, deployMarket, type Market, STATUS } from '../market/fixture.ts'

const QUARTER = 90n * DAY
/** From the due date of an instalment to the breach, with the default terms. */
const PATIENCE = 51n * DAY

describe('LicenseAgreements: terminate', () => {
  it('is the rights holder’s while the agreement is breached, and final', async () => {
    const at = await deployMarket()
    const { agreement, grant, licenseId, id, workId } = await at.agree()
    await at.at(agreement.startsAt + PATIENCE - 1n)
    await expect(at.by(at.author).agreements.terminate(agreement, licenseId))
      .to.be.revertedWithCustomError(at.agreements, 'LicenseAgreements_NotBreached')
      .withArgs(id, agreement.startsAt + PATIENCE)
    await at.at(agreement.startsAt + PATIENCE)
    await expect(at.by(at.author).agreements.terminate(agreement, licenseId))
      .to.emit(at.agreements, 'Terminated')
      .withArgs(id, at.author.address, 1000n)
      .and.to.emit(at.licenses, 'LicenseEnded')
      .withArgs(licenseId)
    expect(await at.licenses.isAvailable(workId, grant.rights, grant.territories, true)).to.equal(true)
    expect(await at.agreements.statusOf(agreement)).to.equal(STATUS.terminated)
    expect(await at.agreements.isSuspended(licenseId)).to.equal(true)
    expect(await at.licenses.isInForce(licenseId)).to.equal(false)
    await expect(at.pay(agreement, 1000n)).to.be.revertedWithCustomError(at.agreements, 'LicenseAgreements_NotRunning')
    await expect(at.by(at.author).agreements.terminate(agreement, licenseId)).to.be.revertedWithCustomError(
      at.agreements,
      'LicenseAgreements_NotRunning',
    )
  })

  it('goes with the title', async () => {
    const at = await deployMarket()
    const workId = await at.titleOf()
    const { agreement, licenseId } = await at.agree({}, { workId })
    await at.by(at.author).title.transferFrom(at.author.address, at.bob.address, workId)
    await at.reach(agreement.startsAt + PATIENCE)
    for (const person of [at.author, at.alice, at.carol]) {
      await expect(at.by(person).agreements.terminate(agreement, licenseId)).to.be.revertedWithCustomError(
        at.agreements,
        'LicenseAgreements_NotEntitled',
      )
    }
    await at.by(at.bob).agreements.terminate(agreement, licenseId)
  })

  it('ends only its own license', async () => {
    const at = await deployMarket()
    const one = await at.agree()
    const other = await at.agree()
    await at.reach(one.agreement.startsAt + PATIENCE)
    await expect(at.by(at.author).agreements.terminate(one.agreement, other.licenseId))
      .to.be.revertedWithCustomError(at.agreements, 'LicenseAgreements_NotItsLicense')
      .withArgs(one.id, other.licenseId)
  })

  it('is the licensee’s when the work is refuted, and costs him nothing of the deposit', async () => {
    const at = await deployMarket()
    const { agreement, licenseId, workId, grant } = await at.agree({ deposit: 700n })
    await expect(at.by(at.alice).agreements.terminate(agreement, licenseId)).to.be.revertedWithCustomError(
      at.agreements,
      'LicenseAgreements_NotEntitled',
    )
    await at.reach(agreement.startsAt + PATIENCE)
    await at.by(at.court).title.refute(workId)
    await expect(at.by(at.alice).agreements.terminate(agreement, licenseId)).to.emit(at.agreements, 'Terminated')
    await at.agreements.returnDeposit(agreement, grant)
    expect(await at.credit(at.alice.address)).to.equal(700n)
  })
})

describe('LicenseAgreements: terminateByConsent', () => {
  it('takes either side’s call with the other’s signature', async () => {
    const at = await deployMarket()
    for (const [caller, signer] of [
      [at.alice, at.author],
      [at.author, at.alice],
    ] as const) {
      const { agreement, licenseId, id } = await at.agree()
      const deadline = (await at.now()) + DAY
      const forged = await at.signTermination(id, deadline, at.carol)
      const end = (signature: string, until: bigint = deadline, by = caller) =>
        at.by(by).agreements.terminateByConsent(agreement, licenseId, until, signature)
      await expect(end(forged)).to.be.revertedWithCustomError(at.agreements, 'LicenseAgreements_SignatureInvalid')
      await expect(end(await at.signTermination(id, deadline, caller))).to.be.revertedWithCustomError(
        at.agreements,
        'LicenseAgreements_SignatureInvalid',
      )
      const signature = await at.signTermination(id, deadline, signer)
      await expect(end(signature, deadline + 1n)).to.be.revertedWithCustomError(at.agreements, 'LicenseAgreements_SignatureInvalid')
      await expect(end(signature, deadline, at.carol)).to.be.revertedWithCustomError(at.agreements, 'LicenseAgreements_NotEntitled')
      await at.at(deadline)
      await end(signature)
      expect(await at.agreements.statusOf(agreement)).to.equal(STATUS.terminated)
      expect(await at.licenses.isInForce(licenseId)).to.equal(false)
    }
  })

  it('is refused after the deadline, and for another license', async () => {
    const at = await deployMarket()
    const { agreement, licenseId, id } = await at.agree()
    const deadline = (await at.now()) + DAY
    const signature = await at.signTermination(id, deadline, at.author)
    await expect(at.by(at.alice).agreements.terminateByConsent(agreement, 1n, deadline, signature)).to.be.revertedWithCustomError(
      at.agreements,
      'LicenseAgreements_NotItsLicense',
    )
    await at.at(deadline + 1n)
    await expect(at.by(at.alice).agreements.terminateByConsent(agreement, licenseId, deadline, signature))
      .to.be.revertedWithCustomError(at.agreements, 'LicenseAgreements_SignatureExpired')
      .withArgs(deadline, deadline + 1n)
  })
})

describe('LicenseAgreements: returnDeposit', () => {
  for (const native of [true, false]) {
    it(`gives it back to the licensee who fulfilled, in ${native ? 'coins' : 'tokens'}`, async () => {
      const at = await deployMarket()
      const currency = native ? ZeroAddress : at.currency
      const { agreement, grant, id } = await at.agree({ deposit: 700n }, { currency, unitPrice: 0n })
      await expect(at.agreements.returnDeposit(agreement, grant))
        .to.be.revertedWithCustomError(at.agreements, 'LicenseAgreements_NoDepositDue')
        .withArgs(id)
      await at.pay(agreement, 6000n)
      await expect(at.by(at.bob).agreements.returnDeposit(agreement, grant))
        .to.emit(at.agreements, 'DepositReturned')
        .withArgs(id, 0n, 700n)
      expect(await at.credit(at.alice.address, currency)).to.equal(700n)
      await expect(at.agreements.returnDeposit(agreement, grant)).to.be.revertedWithCustomError(
        at.agreements,
        'LicenseAgreements_NoDepositDue',
      )
    })

    it(`pays what was owed at the termination, and not more, in ${native ? 'coins' : 'tokens'}`, async () => {
      const at = await deployMarket()
      const currency = native ? ZeroAddress : at.currency
      for (const [deposit, toWork] of [
        [700n, 700n],
        [1700n, 1000n],
      ] as const) {
        const { agreement, grant, id, licenseId, workId } = await at.agree({ deposit }, { currency, unitPrice: 0n })
        await at.at(agreement.startsAt + PATIENCE)
        await at.by(at.author).agreements.terminate(agreement, licenseId)
        // What would have fallen due later is nobody's.
        await at.reach(agreement.startsAt + 3n * QUARTER)
        const before = await at.credit(at.alice.address, currency)
        await expect(at.agreements.returnDeposit(agreement, grant))
          .to.emit(at.agreements, 'DepositReturned')
          .withArgs(id, toWork, deposit - toWork)
        expect(await at.earned(workId, currency)).to.equal(toWork)
        expect((await at.credit(at.alice.address, currency)) - before).to.equal(deposit - toWork)
        expect((await at.agreements.booksOf(agreement)).owed).to.equal(1000n)
      }
      expect(native ? await at.balance(at.agreementsAddress) : await at.coin.balanceOf(at.agreementsAddress)).to.equal(0n)
    })
  }

  it('gives every deposit the same proportion of a currency that has shrunk, whoever comes first', async () => {
    const at = await deployMarket()
    const made = [
      await at.agree({ deposit: 1000n }, { currency: at.currency, unitPrice: 0n }),
      await at.agree({ deposit: 1000n }, { currency: at.currency, unitPrice: 0n }),
    ]
    expect(await at.agreements.heldOf(at.currency)).to.equal(2000n)
    for (const { agreement, licenseId } of made) {
      await at.reach(agreement.startsAt + PATIENCE)
      await at.by(at.author).agreements.terminate(agreement, licenseId)
    }
    await at.coin.rebase(6n * 10n ** 17n)
    for (const { agreement, grant, workId } of made) {
      await at.agreements.returnDeposit(agreement, grant)
      expect(await at.earned(workId, at.currency)).to.equal(600n)
    }
    expect(await at.agreements.heldOf(at.currency)).to.equal(0n)
    expect(await at.coin.balanceOf(at.agreementsAddress)).to.equal(0n)
  })

  it('lets both sides share what has shrunk as they would have shared the whole', async () => {
    const at = await deployMarket()
    const { agreement, grant, licenseId, workId } = await at.agree({ deposit: 4000n }, { currency: at.currency, unitPrice: 0n })
    await at.reach(agreement.startsAt + PATIENCE)
    await at.by(at.author).agreements.terminate(agreement, licenseId)
    await at.coin.rebase(5n * 10n ** 17n)
    await at.agreements.returnDeposit(agreement, grant)
    expect(await at.earned(workId, at.currency)).to.equal(500n)
    expect(await at.credit(at.alice.address, at.currency)).to.equal(1500n)
  })

  it('takes no deposit in a currency that has shrunk under the others', async () => {
    const at = await deployMarket()
    await at.agree({ deposit: 1000n }, { currency: at.currency })
    await at.coin.rebase(5n * 10n ** 17n)
    const grant = at.grantOf({ deposit: 1000n })
    const agreement = await at.agreementOf(await at.depositWork(), grant, { currency: at.currency })
    await expect(at.activate(agreement, grant))
      .to.be.revertedWithCustomError(at.agreements, 'Escrow_Shortfall')
      .withArgs(at.currency, 500n, 1000n)
  })

  for (const [why, close] of [
    ['was struck off', async (at: Market) => await at.splitter.setCurrency(at.currency, false)],
    [
      'is short with the splitter',
      async (at: Market) => {
        await at.by(at.bob).splitter.pay(await at.depositWork(), at.currency, 1000n)
        // The splitter alone loses: what the contract of agreements holds is made up for.
        await at.coin.rebase(5n * 10n ** 17n)
        await at.coin.mint(at.agreementsAddress, 2000n)
      },
    ],
  ] as const) {
    it(`keeps both parts for their owners when the currency ${why}`, async () => {
      const at = await deployMarket()
      const { agreement, grant, id, licenseId } = await at.agree({ deposit: 1700n }, { currency: at.currency, unitPrice: 0n })
      await at.reach(agreement.startsAt + PATIENCE)
      await at.by(at.author).agreements.terminate(agreement, licenseId)
      await close(at)
      await expect(at.agreements.returnDeposit(agreement, grant))
        .to.emit(at.agreements, 'Held')
        .withArgs(at.author.address, at.currency, 1000n)
        .and.to.emit(at.agreements, 'Held')
        .withArgs(at.alice.address, at.currency, 700n)
        .and.to.emit(at.agreements, 'DepositReturned')
        .withArgs(id, 1000n, 700n)
      await expect(at.agreements.returnDeposit(agreement, grant)).to.be.revertedWithCustomError(
        at.agreements,
        'LicenseAgreements_NoDepositDue',
      )
      expect(await at.agreements.heldFor(at.alice.address, at.currency)).to.equal(700n)
      const before = await at.coin.balanceOf(at.carol.address)
      await expect(at.by(at.alice).agreements.withdrawHeld(at.currency, at.carol.address))
        .to.emit(at.agreements, 'HeldWithdrawn')
        .withArgs(at.alice.address, at.currency, at.carol.address, 700n)
      await at.by(at.author).agreements.withdrawHeld(at.currency, at.carol.address)
      expect((await at.coin.balanceOf(at.carol.address)) - before).to.equal(1700n)
      await expect(at.by(at.alice).agreements.withdrawHeld(at.currency, at.carol.address))
        .to.be.revertedWithCustomError(at.agreements, 'LicenseAgreements_NothingHeld')
        .withArgs(at.alice.address, at.currency)
      expect(await at.agreements.heldOf(at.currency)).to.equal(0n)
    })
  }

  it('pays in proportion what shrank while it waited', async () => {
    const at = await deployMarket()
    const { agreement, grant } = await at.agree({ deposit: 1000n }, { currency: at.currency, unitPrice: 0n })
    await at.agree({ deposit: 1000n }, { currency: at.currency })
    await at.pay(agreement, 6000n)
    await at.splitter.setCurrency(at.currency, false)
    await at.agreements.returnDeposit(agreement, grant)
    await at.coin.rebase(5n * 10n ** 17n)
    const before = await at.coin.balanceOf(at.carol.address)
    await at.by(at.alice).agreements.withdrawHeld(at.currency, at.carol.address)
    expect((await at.coin.balanceOf(at.carol.address)) - before).to.equal(500n)
    expect(await at.coin.balanceOf(at.agreementsAddress)).to.equal(500n)
    expect(await at.agreements.heldOf(at.currency)).to.equal(1000n)
  })

  it('is refused for none, for another grant, and without an agreement', async () => {
    const at = await deployMarket()
    const { agreement, grant } = await at.agree({}, { unitPrice: 0n })
    await at.pay(agreement, 6000n)
    await expect(at.agreements.returnDeposit(agreement, grant)).to.be.revertedWithCustomError(
      at.agreements,
      'LicenseAgreements_NoDepositDue',
    )
    await expect(at.agreements.returnDeposit(agreement, { ...grant, deposit: 5n })).to.be.revertedWithCustomError(
      at.agreements,
      'LicenseAgreements_GrantMismatch',
    )
    const other = at.grantOf({ deposit: 5n })
    const draft = await at.agreementOf(await at.depositWork(), other)
    await expect(at.agreements.returnDeposit(draft, other)).to.be.revertedWithCustomError(at.agreements, 'LicenseAgreements_NoDepositDue')
    const books = await at.agreements.booksOf(draft)
    expect([books.status, books.owed, books.surplus, books.reported, books.dueAt, books.breachAt]).to.deep.equal([0n, 0n, 0n, 0n, 0n, 0n])
  })
})
