import { expect } from 'chai'
import { type Colophon, createColophon } from '../../src/index.ts'
import { type Link, sentenceOf, type Trail, trace, trailPage } from '../../src/trail/index.ts'
import { startChain, type TestChain } from '../chain.ts'
import { newWork } from '../deposits/works.ts'

const DAY = 86_400

describe('trail: money and agreements', function () {
  this.timeout(120_000)
  let chain: TestChain
  let ada: Colophon
  let magazine: Colophon
  let trail: Trail
  let agreementId: string
  const now = async (): Promise<number> => (await chain.provider.getBlock('latest'))!.timestamp
  const linksOf = (contract: Link['contract'], event: string): Link[] =>
    trail.links.filter((link) => link.contract === contract && link.event === event)

  before(async () => {
    chain = await startChain()
    ada = createColophon({ signer: chain.accounts[1]! })
    magazine = createColophon({ signer: chain.accounts[2]! })
    const [author, singer] = [chain.accounts[1]!.address, chain.accounts[3]!.address]
    const { id: workId } = await ada.deposits.create(newWork())
    const other = await ada.deposits.create(newWork())
    await ada.revenue.setSplit({
      workId,
      payees: [
        { account: author, percent: 75 },
        { account: singer, percent: 25 },
      ],
    })
    const terms = { duration: { days: 30 }, rights: ['display'], territories: ['westernEurope'], channels: ['web'] } as const
    const offer = await ada.licenses.sign({ workId, price: 5_000n, ...terms })
    await magazine.licenses.acquire({ offer })
    await magazine.revenue.pay({ workId, amount: 777n })
    // What another work earns is not of this trail.
    await magazine.revenue.pay({ workId: other.id, amount: 999n })

    const startsAt = (await now()) + DAY
    const proposed = await ada.agreements.propose({
      workId,
      licensor: author,
      licensee: chain.accounts[2]!.address,
      startsAt,
      periods: 4,
      periodDays: 91,
      instalment: 1_000n,
      minimum: 0n,
      unitPrice: 7n,
      deposit: 700n,
      downPayment: 50n,
      rights: ['reproduce'],
      duration: { years: 2 },
    })
    agreementId = proposed.id
    await magazine.agreements.activate(proposed)
    await chain.pass(startsAt - (await now()))
    await magazine.agreements.pay({ agreement: proposed })
    await chain.pass(91 * DAY)
    await magazine.agreements.reportUsage({ agreement: proposed, units: 10 })
    await chain.pass(200 * DAY)
    await ada.agreements.terminate(proposed)
    await ada.agreements.returnDeposit(proposed)
    await ada.revenue.claim({ workId })
    trail = await trace(workId, { provider: chain.provider, deployment: chain.deployment })
  })
  after(() => chain.stop())

  it('has every payment for the work, in order, and none of another work', () => {
    const paid = linksOf('RevenueSplitter', 'Paid').map(({ facts }) => facts.amount)
    // The license, the voluntary payment, the down payment, the first instalment, and the deposit that paid debts.
    expect(paid).to.deep.equal(['5000', '777', '50', '1000', '700'])
    expect(linksOf('RevenueSplitter', 'SplitSet')).to.have.length(1)
    expect(linksOf('RevenueSplitter', 'Claimed').map(({ facts }) => facts.payee)).to.deep.equal([chain.accounts[1]!.address])
    for (const link of trail.links.filter(({ contract }) => contract === 'RevenueSplitter')) expect(link.stage).to.equal('payment')
  })

  it('has the agreement from its beginning to its end, each instalment checked against what arrived', () => {
    const agreement = trail.links.filter(({ contract }) => contract === 'LicenseAgreements')
    expect(agreement.map(({ event }) => event)).to.deep.equal(['Activated', 'Paid', 'UsageReported', 'Terminated', 'DepositReturned'])
    expect(new Set(agreement.map(({ about }) => about))).to.deep.equal(new Set([agreementId]))
    const instalment = agreement.find(({ event }) => event === 'Paid')!
    expect([instalment.stage, instalment.facts.amount]).to.deep.equal(['payment', '1000'])
    expect(instalment.checks.find(({ name }) => name === 'state')).to.include({ status: 'ok' })
    expect(trail.verdict, JSON.stringify(trail.links.flatMap(({ checks }) => checks.filter(({ status }) => status !== 'ok')))).to.equal(
      'verified',
    )
  })

  it('says in words what was paid, and to whom it went', () => {
    const page = trailPage(trail)
    for (const link of trail.links) {
      expect(sentenceOf(link), link.event).to.not.equal(link.event)
      expect(page).to.include(link.transaction)
    }
    const [license] = linksOf('RevenueSplitter', 'Paid')
    expect(sentenceOf(license!)).to.equal(`${license!.facts.payer} paid 5000 wei`)
    expect(sentenceOf(linksOf('RevenueSplitter', 'SplitSet')[0]!)).to.equal('Revenue split among 2 payees')
    expect(page).to.include('Payment')
  })
})
