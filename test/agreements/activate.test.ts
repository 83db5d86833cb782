import { expect } from 'chai'
import { ZeroAddress } from 'ethers'
import { DAY, deployMarket, type Market, STATUS } from '../market/fixture.ts'

/** Where the fields of an agreement that are less than a word lie in calldata. */
const NARROW = [
  'licensee',
  'currency',
  'startsAt',
  'period',
  'periods',
  'instalment',
  'minimum',
  'unitPrice',
  'reportWithin',
  'payWithin',
  'grace',
  'cure',
]

describe('LicenseAgreements: activate', () => {
  const draft = async (at: Market, given: Parameters<Market['agreementOf']>[2] = {}, grantGiven: Parameters<Market['grantOf']>[0] = {}) => {
    const workId = given.workId ?? (await at.depositWork())
    const grant = at.grantOf(grantGiven)
    return { workId, grant, agreement: await at.agreementOf(workId, grant, given) }
  }

  it('issues the license and tells everything in the event', async () => {
    const at = await deployMarket()
    const { grant, agreement } = await draft(at)
    const id = at.agreementHash(agreement, grant)
    const tx = await at.activate(agreement, grant)
    await expect(tx).to.emit(at.agreements, 'Activated')
    expect(await at.agreements.idOf(agreement)).to.equal(id)
    expect(await at.agreements.grantHashOf(grant)).to.equal(agreement.grant)
    expect(await at.agreements.statusOf(agreement)).to.equal(STATUS.active)
    const { licenseId } = await at.agree()
    expect(await at.licenses.ownerOf(licenseId)).to.equal(at.alice.address)
    expect(await at.licenses.isActive(licenseId, 0, 0)).to.equal(true)
    const license = await at.licenses.licenseOf(licenseId)
    expect(license.underAgreement).to.equal(true)
  })

  it('knows its licenses', async () => {
    const at = await deployMarket()
    const { licenseId, id } = await at.agree()
    expect(await at.agreements.agreementOf(licenseId)).to.equal(id)
    expect(await at.agreements.isSuspended(licenseId)).to.equal(false)
    expect(await at.agreements.isSuspended(1n)).to.equal(false)
  })

  it('can be called by anybody with both signatures, or by one side with the other’s', async () => {
    const at = await deployMarket()
    for (const [caller, licensor, licensee] of [
      [at.bob, undefined, undefined],
      [at.alice, undefined, '0x'],
      [at.author, '0x', undefined],
    ] as const) {
      const { grant, agreement } = await draft(at)
      await at.activate(agreement, grant, { by: caller, ...(licensor && { licensor }), ...(licensee && { licensee }) })
      expect(await at.agreements.statusOf(agreement)).to.equal(STATUS.active)
    }
  })

  it('is refused without the licensor’s signature, and without the licensee’s', async () => {
    const at = await deployMarket()
    const { grant, agreement } = await draft(at)
    const forged = await at.signAgreement(agreement, grant, at.bob)
    for (const given of [{ licensor: forged }, { licensee: forged }, { licensor: '0x' }, { licensee: '0x' }]) {
      await expect(at.activate(agreement, grant, { by: at.bob, ...given })).to.be.revertedWithCustomError(
        at.agreements,
        'LicenseAgreements_SignatureInvalid',
      )
    }
    const elsewhere = await at.signAgreement(agreement, grant, at.author, { chainId: 1n })
    await expect(at.activate(agreement, grant, { licensor: elsewhere })).to.be.revertedWithCustomError(
      at.agreements,
      'LicenseAgreements_SignatureInvalid',
    )
  })

  for (const [kind, given] of [
    ['with instalments and usage', {}],
    ['that the down payment fulfils', { periods: 0n, period: 0n, instalment: 0n, minimum: 0n, unitPrice: 0n }],
  ] as const)
    it(`is refused with dirty high bits in any field of an agreement ${kind}`, async () => {
      const at = await deployMarket()
      const workId = await at.depositWork()
      const grant = at.grantOf({})
      // The author with himself, so that no signature binds the bits.
      const agreement = await at.agreementOf(workId, grant, { ...given, licensee: at.author.address })
      const data = at.agreements.interface.encodeFunctionData('activate', [agreement, grant, '0x', '0x'])
      const agreements = await at.agreements.getAddress()
      const value = grant.downPayment + grant.deposit
      const send = (input: string) => at.author.sendTransaction({ to: agreements, data: input, value, gasLimit: 2_000_000n })
      for (const [index] of NARROW.entries()) {
        const place = 2 + 8 + 64 * (index + 1)
        await expect(send(`${data.slice(0, place)}01${data.slice(place + 2)}`)).to.be.revert(at.ethers)
      }
      await send(data)
      expect(await at.agreements.statusOf(agreement)).not.to.equal(STATUS.none)
    })

  it('binds every field of agreement and grant', async () => {
    const at = await deployMarket()
    const { grant, agreement } = await draft(at)
    const licensor = await at.signAgreement(agreement, grant, at.author)
    for (const field of ['instalment', 'minimum', 'unitPrice', 'cure', 'grace', 'payWithin', 'reportWithin', 'startsAt'] as const) {
      const other = { ...agreement, [field]: agreement[field] - 1n }
      await expect(at.activate(other, grant, { licensor })).to.be.revertedWithCustomError(
        at.agreements,
        'LicenseAgreements_SignatureInvalid',
      )
    }
    const otherGrant = { ...grant, deposit: 1n }
    await expect(at.activate(agreement, otherGrant, { licensor }))
      .to.be.revertedWithCustomError(at.agreements, 'LicenseAgreements_GrantMismatch')
      .withArgs(agreement.grant, at.grantHash(otherGrant))
  })

  it('happens once', async () => {
    const at = await deployMarket()
    const { grant, agreement } = await draft(at)
    await at.activate(agreement, grant)
    await expect(at.activate(agreement, grant))
      .to.be.revertedWithCustomError(at.agreements, 'LicenseAgreements_NotNew')
      .withArgs(at.agreementHash(agreement, grant))
  })

  it('happens until the first period begins', async () => {
    const at = await deployMarket()
    const { grant, agreement } = await draft(at)
    await at.at(agreement.startsAt)
    await at.activate(agreement, grant)
    const late = await draft(at)
    await at.at(late.agreement.startsAt + 1n)
    await expect(at.activate(late.agreement, late.grant))
      .to.be.revertedWithCustomError(at.agreements, 'LicenseAgreements_ActivationLate')
      .withArgs(late.agreement.startsAt, late.agreement.startsAt + 1n)
  })

  it('needs the licensor to hold the rights', async () => {
    const at = await deployMarket()
    const workId = await at.titleOf(at.bob)
    const { grant, agreement } = await draft(at, { workId })
    await expect(at.activate(agreement, grant)).to.be.revertedWithCustomError(at.licenses, 'LicenseToken_SellerNotHolder')
    expect(await at.agreements.statusOf(agreement)).to.equal(STATUS.none)
  })

  for (const [field, given] of [
    ['periods', { periods: 4096n }],
    ['instalment', { periods: 0n, minimum: 0n, unitPrice: 0n }],
    ['minimum', { periods: 0n, instalment: 0n, unitPrice: 0n }],
    ['unitPrice', { periods: 0n, instalment: 0n, minimum: 0n }],
    ['period', { period: 0n }],
    ['cure', { cure: 50n * DAY }],
    ['cure', { cure: 0n }],
    ['startsAt', { startsAt: 2n ** 40n - 1n - 5n * 90n * DAY }],
    ['minimum', { instalment: 2n ** 95n, minimum: 2n ** 95n }],
  ] as const) {
    it(`refuses terms that contradict each other: ${field} of ${Object.entries(given).join(' ')}`, async () => {
      const at = await deployMarket()
      const { grant, agreement } = await draft(at, given)
      await expect(at.activate(agreement, grant))
        .to.be.revertedWithCustomError(at.agreements, 'LicenseAgreements_TermsInvalid')
        .withArgs(at.ethers.encodeBytes32String(field))
    })
  }

  it('takes terms at their limits', async () => {
    const at = await deployMarket()
    for (const given of [
      { periods: 4095n, period: 2n ** 24n },
      { startsAt: 2n ** 40n - 2n - 5n * 90n * DAY },
      { reportWithin: 0n, payWithin: 0n, grace: 0n, cure: 1n },
      { cure: 49n * DAY },
      { instalment: 2n ** 93n, minimum: 2n ** 93n - 1n },
      { periods: 0n, period: 0n, instalment: 0n, minimum: 0n, unitPrice: 0n },
    ]) {
      const { grant, agreement } = await draft(at, given)
      await at.activate(agreement, grant)
    }
  })

  it('is fulfilled at once when there are no periods', async () => {
    const at = await deployMarket()
    const { agreement, licenseId } = await at.agree({ downPayment: 5n }, { periods: 0n, instalment: 0n, minimum: 0n, unitPrice: 0n })
    expect(await at.agreements.statusOf(agreement)).to.equal(STATUS.fulfilled)
    await at.reach(4_000_000_000n)
    expect(await at.licenses.isInForce(licenseId)).to.equal(true)
    const { owed, surplus, breachAt } = await at.agreements.booksOf(agreement)
    expect([owed, surplus, breachAt]).to.deep.equal([0n, 0n, 0n])
  })

  for (const native of [true, false]) {
    it(`takes down payment and deposit in ${native ? 'coins' : 'tokens'}: the one to the work, the other kept`, async () => {
      const at = await deployMarket()
      const currency = native ? ZeroAddress : at.currency
      const { workId } = await at.agree({ downPayment: 300n, deposit: 700n }, { currency })
      expect(await at.earned(workId, currency)).to.equal(300n)
      expect(native ? await at.balance(at.agreementsAddress) : await at.coin.balanceOf(at.agreementsAddress)).to.equal(700n)
    })
  }

  it('wants exactly the coins that are due, and none with tokens', async () => {
    const at = await deployMarket()
    const { grant, agreement } = await draft(at, {}, { downPayment: 300n, deposit: 700n })
    for (const value of [0n, 999n, 1001n]) {
      await expect(at.activate(agreement, grant, { value }))
        .to.be.revertedWithCustomError(at.agreements, 'LicenseAgreements_ValueWrong')
        .withArgs(value, 1000n)
    }
    const tokens = await draft(at, { currency: at.currency }, { downPayment: 300n, deposit: 700n })
    await expect(at.activate(tokens.agreement, tokens.grant, { value: 1n }))
      .to.be.revertedWithCustomError(at.agreements, 'LicenseAgreements_ValueWrong')
      .withArgs(1n, 0n)
  })

  it('refuses a deposit that does not arrive in full', async () => {
    const at = await deployMarket()
    const { grant, agreement } = await draft(at, { currency: at.currency }, { deposit: 700n })
    await at.coin.charge(1, 0)
    await expect(at.activate(agreement, grant)).to.be.revertedWithCustomError(at.splitter, 'RevenueSplitter_Underpaid')
  })

  it('refuses a deposit that shrinks on its way from the splitter', async () => {
    const at = await deployMarket()
    const { grant, agreement } = await draft(at, { currency: at.currency }, { deposit: 700n })
    await at.coin.chargeLeaving(1)
    await expect(at.activate(agreement, grant))
      .to.be.revertedWithCustomError(at.agreements, 'Escrow_Shortfall')
      .withArgs(at.currency, 693n, 700n)
  })

  it('lets a licensee who calls back when the license comes change nothing', async () => {
    const at = await deployMarket()
    const puppet = await at.ethers.deployContract('ReenteringLicensee', [at.alice.address])
    const workId = await at.depositWork()
    const grant = at.grantOf({ deposit: 700n })
    const agreement = await at.agreementOf(workId, grant, {
      licensee: await puppet.getAddress(),
      periods: 0n,
      instalment: 0n,
      minimum: 0n,
      unitPrice: 0n,
    })
    await puppet.prepare(at.agreementsAddress, at.agreements.interface.encodeFunctionData('returnDeposit', [agreement, grant]))
    await at.activate(agreement, grant)
    expect(await puppet.called()).to.equal(true)
    expect(await puppet.succeeded()).to.equal(false)
    expect(await at.balance(at.agreementsAddress)).to.equal(700n)
  })

  it('publishes the EIP-712 domain that signatures need (ERC-5267)', async () => {
    const at = await deployMarket()
    const { name, version, chainId, verifyingContract } = await at.agreements.eip712Domain()
    expect({ name, version, chainId, verifyingContract }).to.deep.equal(at.agreementDomain)
  })
})

describe('LicenseAgreements: withdraw', () => {
  it('lets either side take its word back, for good', async () => {
    const at = await deployMarket()
    // What lies there is another's.
    await at.agree({ deposit: 1400n })
    for (const side of [at.author, at.alice]) {
      const workId = await at.depositWork()
      const grant = at.grantOf({ deposit: 700n })
      const agreement = await at.agreementOf(workId, grant)
      const id = at.agreementHash(agreement, grant)
      await expect(at.by(side).agreements.withdraw(agreement, grant)).to.emit(at.agreements, 'Withdrawn').withArgs(id, side.address)
      expect(await at.agreements.statusOf(agreement)).to.equal(STATUS.terminated)
      await expect(at.activate(agreement, grant)).to.be.revertedWithCustomError(at.agreements, 'LicenseAgreements_NotNew').withArgs(id)
      await expect(at.by(side).agreements.withdraw(agreement, grant)).to.be.revertedWithCustomError(
        at.agreements,
        'LicenseAgreements_NotNew',
      )
      await expect(at.pay(agreement, 1n)).to.be.revertedWithCustomError(at.agreements, 'LicenseAgreements_NotRunning')
      // It was never lodged.
      await expect(at.agreements.returnDeposit(agreement, grant)).to.be.revertedWithCustomError(
        at.agreements,
        'LicenseAgreements_NoDepositDue',
      )
      const books = await at.agreements.booksOf(agreement)
      expect([books.status, books.owed, books.breachAt]).to.deep.equal([STATUS.terminated, 0n, await at.now()])
    }
  })

  it('is nobody else’s, needs the right grant, and is too late once the agreement is in force', async () => {
    const at = await deployMarket()
    const workId = await at.depositWork()
    const grant = at.grantOf()
    const agreement = await at.agreementOf(workId, grant)
    await expect(at.by(at.bob).agreements.withdraw(agreement, grant))
      .to.be.revertedWithCustomError(at.agreements, 'LicenseAgreements_NotEntitled')
      .withArgs(at.agreementHash(agreement, grant), at.bob.address)
    const forged = { ...grant, licensor: at.bob.address }
    await expect(at.by(at.bob).agreements.withdraw(agreement, forged)).to.be.revertedWithCustomError(
      at.agreements,
      'LicenseAgreements_GrantMismatch',
    )
    await at.activate(agreement, grant)
    await expect(at.by(at.author).agreements.withdraw(agreement, grant)).to.be.revertedWithCustomError(
      at.agreements,
      'LicenseAgreements_NotNew',
    )
  })
})
