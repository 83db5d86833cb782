import { expect } from 'chai'
import { type Contract, toBeHex } from 'ethers'
import type { AgreementTerms } from '../../src/agreements/index.ts'
import { CopyrightTitle__factory, RevenueSplitter__factory } from '../../src/contracts/index.ts'
import { type Colophon, createColophon, type Hex } from '../../src/index.ts'
import { startChain, type TestChain } from '../chain.ts'
import { newWork } from '../deposits/works.ts'
import { expectError } from '../expectError.ts'
import { admit, ROLE } from '../roles.ts'
import { startToken } from '../tokens.ts'

const DAY = 86_400

/** What users need rarely, and then badly. */
describe('rarely used writes', () => {
  let chain: TestChain
  let token: Contract
  let ada: Colophon
  let bob: Colophon
  let third: Colophon
  before(async () => {
    chain = await startChain()
    token = await startToken(chain)
    await admit(chain, [
      { account: address(1), roles: ROLE.owner },
      { account: address(2), roles: ROLE.verifier },
    ])
    await chain.pass(2)
    ;[ada, bob, third] = [1, 2, 3].map((index) => createColophon({ signer: chain.accounts[index]! })) as [Colophon, Colophon, Colophon]
  })
  after(() => chain.stop())

  const address = (index: number): string => chain.accounts[index]!.address
  const now = async (): Promise<number> => (await chain.provider.getBlock('latest'))!.timestamp
  const deposit = async (who = ada): Promise<Hex> => (await who.deposits.create(newWork())).id

  async function agreed(more: Partial<AgreementTerms> = {}): ReturnType<Colophon['agreements']['propose']> {
    const proposed = await ada.agreements.propose({
      ...{ workId: await deposit(), licensor: address(1), licensee: address(2), startsAt: (await now()) + DAY },
      ...{ periods: 4, periodDays: 91, instalment: 1_000n, deposit: 700n, rights: ['reproduce'], duration: { years: 2 } },
      ...more,
    })
    await bob.agreements.activate(proposed)
    return proposed
  }

  it('end an agreement that both sides want to end', async () => {
    const agreement = await agreed()
    const termination = JSON.parse(JSON.stringify(await bob.agreements.signTermination({ agreement })))
    await expectError('NOT_ENTITLED', () => third.agreements.terminateByConsent({ agreement, termination }))
    // One side's signature does not do for both.
    await expectError('SIGNATURE_INVALID', () => bob.agreements.terminateByConsent({ agreement, termination }))
    const other = await agreed()
    await expectError('INVALID_INPUT', () => ada.agreements.terminateByConsent({ agreement: other, termination }))
    await expectError('INVALID_SIGNED', () =>
      ada.agreements.terminateByConsent({ agreement, termination: { ...termination, value: { ...termination.value, deadline: '9' } } }),
    )
    await expectError('SIGNATURE_EXPIRED', async () => bob.agreements.signTermination({ agreement, until: await now() }))
    expect((await ada.agreements.terminateByConsent.simulate({ agreement, termination })).id).to.equal(agreement.id)
    expect((await ada.agreements.terminateByConsent({ agreement, termination })).owed.amount).to.equal(0n)
    expect((await ada.agreements.status(agreement)).state).to.equal('terminated')
    const soon = await bob.agreements.signTermination({ agreement: other, until: (await now()) + 60 })
    await chain.pass(120)
    await expectError('SIGNATURE_EXPIRED', () => ada.agreements.terminateByConsent({ agreement: other, termination: soon }))
  })

  it('fetch a deposit that waits because the splitter takes its currency no longer', async () => {
    const currency = await token.getAddress()
    await (await token.getFunction('mint')(address(2), 700n)).wait()
    const agreement = await agreed({ currency })
    const splitter = RevenueSplitter__factory.connect(chain.deployment.contracts.RevenueSplitter!.address, chain.accounts[0]!)
    await (await splitter.setCurrency(currency, false)).wait()
    const termination = await bob.agreements.signTermination({ agreement })
    await ada.agreements.terminateByConsent({ agreement, termination })
    await ada.agreements.returnDeposit(agreement)
    await expectError('NOTHING_HELD', () => third.agreements.withdrawHeld({ currency }))
    expect((await bob.agreements.withdrawHeld.simulate({ currency })).withdrawn).to.deep.equal({ amount: 700n, currency })
    expect((await bob.agreements.withdrawHeld({ currency, to: address(5) })).withdrawn.amount).to.equal(700n)
    expect(await token.getFunction('balanceOf')(address(5))).to.equal(700n)
    await (await splitter.setCurrency(currency, true)).wait()
  })

  it('cancel many orders at once', async () => {
    const title = await deposit()
    await ada.titles.mint({ workId: title })
    await ada.exchange.approveTitle({ title })
    const orders = []
    for (const nonce of [512n, 513n, 767n, 768n]) orders.push(await ada.exchange.sign({ token: { title }, price: 10n, nonce }))
    await expectError('INVALID_INPUT', () => ada.exchange.cancelNonces({ nonces: [] }))
    await expectError('INVALID_INPUT', () => ada.exchange.cancelNonces({ nonces: [767n, 768n] }))
    expect((await ada.exchange.cancelNonces({ nonces: [512n, 513n, 767n] })).nonces.length).to.equal(3)
    for (const order of orders.slice(0, 3)) await expectError('ORDER_USED', () => bob.exchange.fill(order))
    expect((await bob.exchange.fill(orders[3]!)).buyer).to.equal(address(2))
  })

  it('take a token that the exchange keeps', async () => {
    const title = await deposit()
    await ada.titles.mint({ workId: title })
    await ada.exchange.approveTitle({ title })
    const endsAt = (await now()) + 10 * DAY
    const { auction } = await ada.exchange.openAuction({ token: { title }, reserve: 10n, endsAt })
    await bob.exchange.bid({ auction, amount: 20n })
    // As a claim would.
    const claims = chain.deployment.contracts.InfringementClaims!.address
    await chain.provider.send('anvil_impersonateAccount', [claims])
    await chain.provider.send('anvil_setBalance', [claims, toBeHex(10n ** 18n)])
    const titles = CopyrightTitle__factory.connect(
      chain.deployment.contracts.CopyrightTitle!.address,
      await chain.provider.getSigner(claims),
    )
    await (await titles.freeze(title, endsAt + 100 * DAY)).wait()
    await chain.pass(60 * DAY)
    await bob.exchange.settle(auction)
    await expectError('TITLE_FROZEN', () => ada.exchange.release({ title }))
    await chain.pass(60 * DAY)
    await expectError('NOT_KEPT', () => bob.exchange.release({ title }))
    expect((await ada.exchange.release.simulate({ title })).to).to.equal(address(1))
    expect((await ada.exchange.release({ title, to: address(4) })).to).to.equal(address(4))
    expect(await ada.titles.rightsHolderOf(title)).to.equal(address(4))
  })

  it('take an agreement to a derivative back', async () => {
    const [parent, child] = [await deposit(), await deposit(bob)]
    await ada.revenue.grantDerivative({ parent, child, percent: 10 })
    expect(await ada.revenue.revokeDerivative({ parent, child })).to.include({ parent, child })
    await expectError('GRANT_MISSING', () => bob.revenue.registerDerivative({ child, parents: [{ workId: parent, percent: 10 }] }))
  })

  it('revoke several attestations, all or none', async () => {
    const claim = `0x${'ab'.repeat(32)}`
    await bob.identity.attestMany([5, 6].map((index) => ({ subject: address(index), level: 'substantial' as const, claim })))
    await chain.pass(60)
    expect(await ada.identity.levelAt(address(5))).to.equal('substantial')
    await expectError('INVALID_INPUT', () => bob.identity.revokeMany([]))
    expect((await bob.identity.revokeMany([address(5), address(6)])).revoked.map(({ subject }) => subject)).to.deep.equal([
      address(5),
      address(6),
    ])
    await chain.pass(2)
    expect([await ada.identity.levelAt(address(5)), await ada.identity.levelAt(address(6))]).to.deep.equal(['none', 'none'])
  })

  it('vote without coins, by a signed ballot', async () => {
    const { id: proposal } = await ada.alliance.propose({ decisions: [{ suspend: address(2) }], description: 'Suspend Bob' })
    const { votesFrom } = await ada.alliance.proposal(proposal)
    await chain.pass(Math.ceil(votesFrom.getTime() / 1000) - (await now()) + 1)
    const ballot = JSON.parse(JSON.stringify(await bob.alliance.signBallot({ proposal, support: 'against' })))
    await expectError('INVALID_SIGNED', () => third.alliance.submitBallot({ ...ballot, value: { ...ballot.value, support: 1 } }))
    await expectError('INVALID_INPUT', () => bob.alliance.signBallot({ proposal, support: 'maybe' as never }))
    const stolen = { ...ballot, signature: (await ada.alliance.signBallot({ proposal, support: 'against' })).signature }
    await expectError('SIGNATURE_INVALID', () => third.alliance.submitBallot(stolen))
    expect((await third.alliance.submitBallot.simulate(ballot)).weight).to.equal(1n)
    expect(await third.alliance.submitBallot(ballot)).to.include({ voter: address(2), weight: 1n })
    expect((await ada.alliance.proposal(proposal)).votes).to.deep.equal({ for: 0n, against: 1n, abstain: 0n })
    // Its nonce is used.
    await expectError('SIGNATURE_INVALID', () => third.alliance.submitBallot(ballot))
  })
})
