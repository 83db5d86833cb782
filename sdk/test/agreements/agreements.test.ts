import { expect } from 'chai'
import type { Contract } from 'ethers'
import { type AgreementTerms, parseAgreement } from '../../src/agreements/index.ts'
import { LicenseAgreements__factory } from '../../src/contracts/index.ts'
import { type Colophon, createColophon } from '../../src/index.ts'
import { startChain, type TestChain } from '../chain.ts'
import { newWork } from '../deposits/works.ts'
import { expectError } from '../expectError.ts'
import { startToken } from '../tokens.ts'

const DAY = 86_400

describe('agreements', () => {
  let chain: TestChain
  let token: Contract
  let ada: Colophon
  let magazine: Colophon
  before(async () => {
    chain = await startChain()
    token = await startToken(chain)
    ada = createColophon({ signer: chain.accounts[1]! })
    magazine = createColophon({ signer: chain.accounts[2]! })
  })
  after(() => chain.stop())

  const address = (index: number): string => chain.accounts[index]!.address
  const now = async (): Promise<number> => (await chain.provider.getBlock('latest'))!.timestamp
  const terms = async (more: Partial<AgreementTerms> = {}): Promise<AgreementTerms> => ({
    workId: (await ada.deposits.create(newWork())).id,
    licensor: address(1),
    licensee: address(2),
    startsAt: (await now()) + DAY,
    periods: 4,
    periodDays: 91,
    instalment: 1_000n,
    minimum: 500n,
    unitPrice: 7n,
    deposit: 700n,
    downPayment: 50n,
    rights: ['reproduce', 'distribute'],
    duration: { years: 2 },
    ...more,
  })
  const place = { territory: 'westernEurope', channel: 'press' } as const

  it('are proposed, activated, paid, reported, breached and ended', async () => {
    const given = await terms()
    const proposed = parseAgreement(JSON.stringify(await ada.agreements.propose(given)))
    const contract = LicenseAgreements__factory.connect(chain.deployment.contracts.LicenseAgreements!.address, chain.provider)
    const grant = await contract.grantHashOf(proposed.value.grant)
    expect(proposed.id).to.equal(await contract.idOf({ ...proposed.value, grant }))
    expect(proposed.signer).to.equal(address(1))
    expect((await magazine.agreements.status(proposed)).state).to.equal('none')
    expect(await magazine.agreements.licenseOf(proposed)).to.equal(undefined)

    expect((await magazine.agreements.activate.populate(proposed)).value).to.equal(750n)
    const activated = await magazine.agreements.activate(proposed)
    expect(activated).to.deep.include({ id: proposed.id, paid: { amount: 750n, currency: 'native' } })
    expect(await magazine.agreements.licenseOf(proposed)).to.equal(activated.licenseId)
    expect(await magazine.licenses.get(activated.licenseId)).to.include({ owner: address(2), underAgreement: true })

    const startsAt = proposed.value.startsAt
    await chain.pass(startsAt - (await now()))
    const due = await ada.agreements.status(proposed)
    expect(due).to.deep.include({ state: 'due', owed: { amount: 1_000n, currency: 'native' }, reported: 0, reportDue: false })
    expect(due.dueAt).to.deep.equal(new Date(startsAt * 1000))
    expect(due.breachAt).to.deep.equal(new Date((startsAt + 51 * DAY) * 1000))
    expect((await magazine.agreements.pay({ agreement: proposed })).paid.amount).to.equal(1_000n)
    expect((await ada.agreements.status(proposed)).state).to.equal('active')
    await expectError('NOTHING_DUE', () => magazine.agreements.pay({ agreement: proposed }))
    await expectError('REPORT_EARLY', () => magazine.agreements.reportUsage({ agreement: proposed, units: 1 }))

    await chain.pass(91 * DAY)
    expect((await ada.agreements.status(proposed)).reportDue).to.equal(true)
    const reported = await magazine.agreements.reportUsage({ agreement: proposed, units: 100 })
    expect(reported).to.deep.include({ period: 0, units: 100n })
    await expectError('NOT_ENTITLED', () => ada.agreements.reportUsage({ agreement: proposed, units: 1 }))
    await chain.pass(30 * DAY)
    expect(await ada.agreements.status(proposed)).to.deep.include({ state: 'inCure', owed: { amount: 1_700n, currency: 'native' } })
    await magazine.agreements.pay({ agreement: proposed })

    await chain.pass(91 * DAY + 60 * DAY)
    expect((await ada.agreements.status(proposed)).state).to.equal('breached')
    expect(await magazine.licenses.isActive(activated.licenseId, place)).to.equal(false)
    const { owed } = await ada.agreements.status(proposed)
    await expectError('NOT_ENTITLED', () => magazine.agreements.terminate(proposed))
    expect((await ada.agreements.terminate(proposed)).owed.amount >= owed.amount).to.equal(true)
    expect((await ada.agreements.status(proposed)).state).to.equal('terminated')
    expect(await ada.agreements.returnDeposit(proposed)).to.deep.include({ toWork: 700n, toLicensee: 0n })
    await expectError('NO_DEPOSIT_DUE', () => ada.agreements.returnDeposit(proposed))
  })

  it('are signed by both for a third who activates, paid in tokens approved exactly', async () => {
    const currency = await token.getAddress()
    await (await token.getFunction('mint').send(address(3), 1_000n)).wait()
    const proposed = await magazine.agreements.propose(
      await terms({ currency, periods: 0, downPayment: 600n, deposit: 0n, instalment: 0n, minimum: 0n, unitPrice: 0n }),
    )
    const third = createColophon({ signer: chain.accounts[3]! })
    await expectError('NOT_PARTY', () => third.agreements.sign(proposed))
    await (
      await (token.connect(chain.accounts[3]!) as Contract)
        .getFunction('approve')
        .send(chain.deployment.contracts.RevenueSplitter!.address, 600n)
    ).wait()
    await expectError('SIGNATURE_INVALID', () => third.agreements.activate(proposed))
    const both = parseAgreement(JSON.stringify(await ada.agreements.sign(proposed)))
    expect(both.countersignature).to.match(/^0x[0-9a-f]{130}$/)
    const { licenseId } = await third.agreements.activate(both)
    expect((await third.licenses.get(licenseId))!.owner).to.equal(address(2))
    expect(await token.getFunction('balanceOf').staticCall(address(3))).to.equal(400n)
    expect((await third.agreements.status(both)).state).to.equal('fulfilled')
  })

  it('can be withdrawn before they begin', async () => {
    const proposed = await ada.agreements.propose(await terms())
    expect((await ada.agreements.withdraw(proposed)).id).to.equal(proposed.id)
    expect((await ada.agreements.status(proposed)).state).to.equal('terminated')
    await expectError('AGREEMENT_EXISTS', () => magazine.agreements.activate(proposed))
  })

  it('are refused by field', async () => {
    const good = await terms()
    for (const [field, more] of [
      ['periods', { periods: 5_000 }],
      ['periodDays', { periodDays: undefined }],
      ['cureDays', { cureDays: 0 }],
      ['cureDays', { payWithinDays: 80 }],
      ['instalment', { instalment: 5 }],
      ['deposit', { deposit: 2n ** 96n }],
      ['rights', { rights: [] }],
      ['workId', { workId: '0x' }],
    ] as const)
      expect((await expectError('INVALID_INPUT', () => ada.agreements.propose({ ...good, ...more } as never))).details.field).to.equal(
        field,
      )
    await expectError('INVALID_ADDRESS', () => ada.agreements.propose({ ...good, licensee: 'her' }))
    const proposed = await ada.agreements.propose(good)
    await expectError('INVALID_SIGNED', () => parseAgreement({ ...proposed, signer: 5 }))
    await expectError('INVALID_SIGNED', () => parseAgreement({ ...proposed, countersignature: 'yes' }))
    await expectError('INVALID_SIGNED', () =>
      parseAgreement({ ...proposed, value: { ...proposed.value, grant: { ...proposed.value.grant, deposit: '1' } } }),
    )
  })
})
