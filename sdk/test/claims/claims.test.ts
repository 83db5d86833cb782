import { expect } from 'chai'
import { type Contract, parseEther, toBeHex } from 'ethers'
import { parseSettlement, readSettlement } from '../../src/claims/index.ts'
import { InfringementClaims__factory } from '../../src/contracts/index.ts'
import { type Colophon, createColophon, type Hex } from '../../src/index.ts'
import { startChain, type TestChain } from '../chain.ts'
import { newWork } from '../deposits/works.ts'
import { expectError } from '../expectError.ts'
import { startToken } from '../tokens.ts'

const DAY = 86_400
const EVIDENCE = `0x${'e1'.repeat(32)}`

describe('claims', () => {
  let chain: TestChain
  let token: Contract
  let ada: Colophon
  let bob: Colophon
  before(async () => {
    chain = await startChain()
    token = await startToken(chain)
    ada = createColophon({ signer: chain.accounts[1]! })
    bob = createColophon({ signer: chain.accounts[2]! })
  })
  after(() => chain.stop())

  const address = (index: number): string => chain.accounts[index]!.address
  const contract = () => InfringementClaims__factory.connect(chain.deployment.contracts.InfringementClaims!.address, chain.provider)
  const deposit = async (by = ada, work = newWork()): Promise<Hex> => (await by.deposits.create(work)).id
  const against = async (more: object = {}) =>
    await ada.claims.file({ workId: await deposit(), respondent: address(2), evidence: EVIDENCE, ...more })
  const refund = async (who: Colophon): Promise<bigint> => (await who.claims.withdraw({})).amount

  it('are filed with a bond, and read by id or by themselves', async () => {
    const workId = await deposit()
    const terms = { workId, respondent: address(2), evidence: EVIDENCE }
    const { id: expected } = await ada.claims.file.simulate(terms)
    expect(Number(await ada.claims.file.estimate(terms))).to.be.within(45_000, 90_000)
    const filed = await ada.claims.file(terms)
    expect(filed.id).to.equal(expected)
    expect(filed.id).to.equal(await contract().claimIdOf(filed.claim))
    expect(filed.bond).to.equal(await contract().MIN_BOND())
    expect(filed.distance).to.equal(undefined)
    const status = await bob.claims.status(filed.id)
    expect(status).to.deep.equal(await bob.claims.status(filed.claim))
    expect(status).to.deep.include({ id: filed.id, claim: filed.claim, phase: 'filed', outcome: 'none', bond: filed.bond, standing: true })
    expect(status).to.deep.include({ respondent: address(2), distance: undefined, disputeId: undefined, appeals: 0, inBackup: false })
    expect(status.deadline.getTime() - filed.at.getTime()).to.equal(21 * DAY * 1000)
    expect((await bob.claims.listByWork(workId)).map(({ id }) => id)).to.deep.equal([filed.id])
    expect((await bob.claims.listByRespondent(address(2))).map(({ id }) => id)).to.include(filed.id)
    await expectError('CLAIM_EXISTS', () => ada.claims.file(terms))
    await expectError('CLAIM_NOT_FOUND', () => bob.claims.status(EVIDENCE))
    await expectError('CLAIM_NOT_FOUND', () => bob.claims.trail({ ...filed.claim, evidence: filed.id }))
    await expectError('INVALID_SIGNED', () => bob.claims.status({ ...filed.claim, suspectType: 70_000 }))
    await expectError('BOND_OUT_OF_RANGE', () => ada.claims.file({ ...terms, evidence: filed.id, bond: 1n }))
    await expectError('INVALID_INPUT', () => ada.claims.file({ ...terms, evidence: 'https://example.org' }))
  })

  it('have the distance that the contract computes', async () => {
    const work = newWork()
    const workId = await deposit(ada, work)
    await chain.pass(10)
    const copy = toBeHex(BigInt(work.fingerprint) ^ 0xfffn, 32)
    const suspectId = await deposit(bob, { ...newWork(), fingerprint: copy as Hex })
    const filed = await ada.claims.file({ workId, suspectId, evidence: EVIDENCE, fingerprint: { type: 1, bits: copy } })
    expect(filed.distance).to.equal(12)
    expect((await ada.claims.status(filed.id)).distance).to.equal(12)
    await bob.titles.mint({ workId: suspectId })
    const frozen = await ada.claims.freeze({ claim: filed.claim })
    expect(frozen.until.getTime() - frozen.at.getTime()).to.equal(30 * DAY * 1000)
    await expectError('TITLE_FROZEN', () => bob.titles.transfer({ workId: suspectId, to: address(3) }))
    await expectError('CLAIM_FINGERPRINT_MISSING', () =>
      ada.claims.file({ workId, suspectId, evidence: filed.id, fingerprint: { type: 2, bits: copy } }),
    )
  })

  it('are denied, disputed, and leave a trail', async () => {
    const { id, claim } = await against()
    await expectError('NOT_RESPONDENT', () => createColophon({ signer: chain.accounts[3]! }).claims.respond({ claim: id }))
    expect((await bob.claims.respond.simulate({ claim: id })).id).to.equal(id)
    const answered = await bob.claims.respond({ claim: id, evidence: 'ipfs://bob-says' })
    expect(answered.id).to.equal(id)
    await ada.claims.submitEvidence({ claim, evidence: 'ipfs://ada-says' })
    const before = await ada.claims.status(id)
    expect(before).to.include({ phase: 'answered', answerBond: await contract().MIN_BOND(), forumAccepted: false })
    expect(before.fee! > 0n).to.equal(true)
    const { disputeId, fee } = await ada.claims.escalate({ claim: id })
    expect(fee).to.equal(before.fee)
    const disputed = await ada.claims.status(id)
    expect(disputed).to.include({ phase: 'disputed', disputeId, arbitrator: chain.deployment.contracts.ArbitrationPanel!.address })
    const trail = await bob.claims.trail(id)
    expect(trail.map(({ event }) => event).slice(0, 4)).to.deep.equal(['ClaimFiled', 'ClaimAnswered', 'Evidence', 'Evidence'])
    expect(trail[0]!.values).to.include({ id, claimant: address(1), bond: before.bond })
    expect(trail[3]!.values).to.include({ party: address(1), evidence: 'ipfs://ada-says' })
    expect(trail[1]!.at).to.deep.equal(answered.at)
    await expectError('TOO_EARLY', () => bob.claims.conclude({ claim: id }))

    // No arbitrator rules, and nobody asks the backup: everybody has his own back.
    await chain.pass(61 * DAY + 15 * DAY)
    expect((await bob.claims.conclude.simulate({ claim: id })).outcome).to.equal('unruled')
    expect((await bob.claims.conclude({ claim: id })).outcome).to.equal('unruled')
    expect(await ada.claims.status(id)).to.include({ phase: 'closed', outcome: 'unruled', fee: undefined })
    expect(await bob.claims.creditOf(address(2))).to.equal(before.answerBond)
    expect(await refund(bob)).to.equal(before.answerBond)
    expect(await bob.claims.creditOf(address(2))).to.equal(0n)
    await expectError('NOTHING_HELD', () => bob.claims.withdraw({}))
    await expectError('CLAIM_WRONG_PHASE', () => ada.claims.escalate({ claim: id }))
  })

  it('end by default when nobody answers, or by retraction', async () => {
    const unanswered = await against()
    const other = await against()
    expect((await ada.claims.retract({ claim: other.id })).id).to.equal(other.id)
    expect(await ada.claims.status(other.id)).to.include({ phase: 'closed', outcome: 'retracted' })
    await chain.pass(22 * DAY)
    await expectError('TOO_LATE', () => bob.claims.respond({ claim: unanswered.id }))
    expect((await ada.claims.conclude({ claim: unanswered.claim })).outcome).to.equal('defaulted')
    expect((await ada.claims.enforce({ claim: unanswered.id })).id).to.equal(unanswered.id)
  })

  it('are answered with a license or an earlier deposit', async () => {
    const work = newWork()
    const earlierId = await deposit(bob, work)
    await chain.pass(10)
    const workId = await deposit(ada, work)
    const claim = (await ada.claims.file({ workId, respondent: address(2), evidence: EVIDENCE })).id
    await bob.claims.respondWithDeposit({ claim, earlierId })
    expect(await ada.claims.status(claim)).to.include({ phase: 'answered', answerBond: 0n })
    expect((await ada.claims.trail(claim)).map(({ event }) => event)).to.include('EarlierDepositShown')

    const licensed = await deposit()
    const offer = await ada.licenses.sign({ workId: licensed, price: 0n, rights: ['display'], channels: ['web'], duration: { years: 1 } })
    const { licenseId } = await bob.licenses.acquire({ offer })
    await chain.pass(10)
    const second = (await ada.claims.file({ workId: licensed, respondent: address(2), evidence: EVIDENCE })).id
    const place = { territory: 'oceania', channel: 'cinema' } as const
    await expectError('LICENSE_INSUFFICIENT', () => bob.claims.respondWithLicense({ claim: second, licenseId, ...place }))
    await bob.claims.respondWithLicense({ claim: second, licenseId, ...place, channel: 'web' })
    expect((await ada.claims.trail(second)).map(({ event }) => event)).to.include('LicenseShown')
    await expectError('DEPOSIT_NOT_FOUND', () => bob.claims.respondWithDeposit({ claim: second, earlierId: EVIDENCE }))
  })

  it('are settled in coins, with a license, or in tokens approved exactly', async () => {
    const { id, claim } = await against()
    const offer = await ada.licenses.sign({
      workId: claim.workId,
      price: parseEther('0.01'),
      rights: ['display'],
      duration: { years: 1 },
      closesAt: 4_102_444_799,
    })
    const settlement = await ada.claims.offerSettlement(id, { amount: 500n, offerId: offer.id, coversFrom: new Date('2020-01-01') })
    expect(parseSettlement(JSON.stringify(settlement))).to.deep.equal(settlement)
    expect(readSettlement(settlement)).to.deep.include({ claimId: id, amount: 500n, currency: 'native', offerId: offer.id })
    await expectError('SETTLEMENT_MISMATCH', () => bob.claims.acceptSettlement({ claim: id, settlement }))
    const { licenseId } = await bob.licenses.acquire({ offer })
    const settled = await bob.claims.acceptSettlement({ claim: id, settlement, licenseId })
    expect(settled.paid).to.deep.equal({ amount: 500n, currency: 'native' })
    expect(await ada.claims.status(id)).to.include({ phase: 'closed', outcome: 'settled' })
    expect((await ada.revenue.balances(address(1), { works: [claim.workId] })).totals[0]!.amount).to.equal(parseEther('0.01') + 500n)

    const second = await against()
    const currency = await token.getAddress()
    const inTokens = await ada.claims.offerSettlement(second.id, { amount: 70n, currency, coversFrom: 0 })
    await expectError('BALANCE_TOO_LOW', () => bob.claims.acceptSettlement({ claim: second.id, settlement: inTokens }))
    await (await token.getFunction('mint').send(address(2), 100n)).wait()
    await bob.claims.acceptSettlement({ claim: second.id, settlement: inTokens })
    expect(await token.getFunction('balanceOf').staticCall(address(2))).to.equal(30n)
    expect(await token.getFunction('allowance').staticCall(address(2), await contract().getAddress())).to.equal(0n)
    await expectError('SIGNATURE_ELSEWHERE', () =>
      bob.claims.acceptSettlement({ claim: second.id, settlement: { ...inTokens, chainId: 5 } }),
    )
  })
})
