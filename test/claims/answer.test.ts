import { expect } from 'chai'
import { ZeroAddress, ZeroHash } from 'ethers'
import { DAY } from '../market/fixture.ts'
import { newWork, random } from '../registry/fixture.ts'
import { BOND, type Claims, deployClaims, forumOf, OUTCOME, PHASE } from './fixture.ts'

const refused = (at: Claims, sent: Promise<unknown>, error: string) =>
  expect(sent).to.be.revertedWithCustomError(at.claims, `InfringementClaims_${error}`)

describe('InfringementClaims: answer', () => {
  it('takes the bond, the evidence and the word about the forum', async () => {
    const at = await deployClaims()
    const forum = await at.puppetArbitrator()
    const { claim, id } = await at.filed({ forum: forumOf(forum.address) })
    expect(await at.claims.arbitratorOf(claim)).to.equal(at.panelAddress)
    await expect(at.answer(claim, { accepts: true, evidence: 'ipfs://mine' }))
      .to.emit(at.claims, 'ClaimAnswered')
      .withArgs(id, at.alice.address, true, BOND)
      .and.to.emit(at.claims, 'Evidence')
      .withArgs(forum.address, BigInt(id), at.alice.address, 'ipfs://mine')
    const { phase, deadline, answerBond, forumAccepted } = await at.record(claim)
    expect([phase, answerBond, forumAccepted]).to.deep.equal([PHASE.answered, BOND, true])
    expect(deadline).to.equal((await at.now()) + 14n * DAY)
    expect(await at.claims.arbitratorOf(claim)).to.equal(forum.address)
  })

  it('leaves the forum to the panel where the respondent does not agree', async () => {
    const at = await deployClaims()
    const forum = await at.puppetArbitrator()
    const { claim } = await at.disputed({ forum: forumOf(forum.address), backup: forumOf(forum.address) }, false)
    expect(await at.claims.arbitratorOf(claim)).to.equal(at.panelAddress)
    await at.pass(60n * DAY + 1n)
    await at.escalate(claim)
    expect(await at.claims.arbitratorOf(claim)).to.equal(at.panelAddress)
  })

  it('counts until its last second', async () => {
    const at = await deployClaims()
    const [first, second] = [await at.filed(), await at.filed()]
    await at.at((await at.record(first.claim)).deadline)
    await at.answer(first.claim)
    const { deadline } = await at.record(second.claim)
    await at.at(deadline + 1n)
    await expect(at.answer(second.claim))
      .to.be.revertedWithCustomError(at.claims, 'InfringementClaims_TooLate')
      .withArgs(deadline, deadline + 1n)
  })

  it('is not taken twice, nor with another bond', async () => {
    const at = await deployClaims()
    const { claim } = await at.filed()
    for (const value of [0n, BOND - 1n, BOND + 1n]) await refused(at, at.answer(claim, { value }), 'ValueWrong')
    await at.answer(claim)
    await refused(at, at.answer(claim), 'WrongPhase')
    await refused(at, at.answer(at.claimOf(1n)), 'WrongPhase')
  })

  it('is the respondent’s: the named one, or who holds the disputed deposit, or, for a page, anybody but the claimant', async () => {
    const at = await deployClaims()
    const named = await at.filed()
    await refused(at, at.answer(named.claim, { by: at.bob }), 'NotRespondent')
    const contested = await at.contested()
    await refused(at, at.answer(contested.claim, { by: at.bob }), 'NotRespondent')
    await at.by(at.alice).title.mint(contested.suspectId, 0n)
    await at.by(at.alice).title.transferFrom(at.alice.address, at.bob.address, contested.suspectId)
    await refused(at, at.answer(contested.claim), 'NotRespondent')
    await at.answer(contested.claim, { by: at.bob })
    const page = await at.filed({ respondent: ZeroAddress })
    await refused(at, at.answer(page.claim, { by: at.author }), 'NotRespondent')
    await at.answer(page.claim, { by: at.carol })
    // A copy in the claimant's own hands is no copy.
    const own = await at.deposit()
    const silly = at.claimOf(page.workId, { respondent: ZeroAddress, suspectId: own.id })
    await at.file(silly)
    await refused(at, at.answer(silly, { by: at.author }), 'NotRespondent')
  })

  it('is the depositor’s while the exchange has the title, and so are the bonds', async () => {
    const at = await deployClaims()
    const { claim, suspectId } = await at.contested()
    await at.by(at.alice).title.mint(suspectId, 0n)
    await at.by(at.alice).title.setApprovalForAll(at.market, true)
    const auction = await at.auctionOf(suspectId)
    await at.bid(auction, at.bob, 10_000n, { signature: await at.signAuction(auction) })
    expect(await at.title.rightsHolderOf(suspectId)).to.equal(at.market)
    await at.answer(claim)
    expect((await at.record(claim)).respondent).to.equal(at.alice.address)
  })
})

describe('InfringementClaims: answerWithLicense', () => {
  const licensed = async () => {
    const at = await deployClaims()
    const { licenseId, workId } = await at.agree({ territories: 0x3n, channels: 0x1n })
    const other = await at.agree({ territories: 0x3n, channels: 0x1n })
    const claim = at.claimOf(workId)
    await at.file(claim)
    const show = (id = licenseId, territory = 0n, channel = 0n, by = at.alice) =>
      at.as(by).claims.answerWithLicense(claim, id, territory, channel, true)
    return { at, claim, licenseId, workId, other, show }
  }

  it('needs no bond', async () => {
    const { at, claim, show } = await licensed()
    await expect(show()).to.emit(at.claims, 'ClaimAnswered').withArgs(at.idOfClaim(claim), at.alice.address, true, 0n)
    expect((await at.record(claim)).forumAccepted).to.equal(true)
    // The other side escalates, and wins: there is only its own bond.
    await at.escalate(claim)
    await at.judge(claim, 1n)
    expect(await at.owed(at.author)).to.equal(BOND)
  })

  it('looks at territory, channel, work and owner', async () => {
    const { at, show, licenseId, other } = await licensed()
    await refused(at, show(licenseId, 2n), 'LicenseInsufficient')
    await refused(at, show(licenseId, 0n, 1n), 'LicenseInsufficient')
    await refused(at, show(other.licenseId), 'LicenseInsufficient')
    await at.by(at.alice).licenses.transferFrom(at.alice.address, at.bob.address, licenseId)
    await refused(at, show(), 'LicenseInsufficient')
    await refused(at, show(licenseId, 0n, 0n, at.bob), 'NotRespondent')
  })

  it('looks at the time: a license must be older than the claim, and active', async () => {
    const at = await deployClaims()
    const { workId, claim } = await at.filed()
    const { licenseId } = await at.agree({}, { workId })
    await refused(at, at.as(at.alice).claims.answerWithLicense(claim, licenseId, 0, 0, false), 'LicenseInsufficient')
    const suspended = await at.agree()
    const second = at.claimOf(suspended.workId)
    await at.reach((await at.agreements.booksOf(suspended.agreement)).breachAt)
    await at.file(second)
    await refused(at, at.as(at.alice).claims.answerWithLicense(second, suspended.licenseId, 0, 0, false), 'LicenseInsufficient')
  })
})

describe('InfringementClaims: answerWithDeposit', () => {
  const twice = async (given: object = {}) => {
    const at = await deployClaims()
    const base = { fingerprint: random(), fingerprintType: 1 }
    const first = await at.deposit(at.alice, base)
    const second = await at.deposit(at.author, { ...base, ...given })
    const claim = at.claimOf(second.id, { respondent: ZeroAddress, suspectId: first.id })
    await at.file(claim)
    const show = (earlier = first.work, work = second.work, depositor = at.author.address) =>
      at.as(at.alice).claims.answerWithDeposit(claim, depositor, work, earlier, false)
    return { at, claim, first, second, show }
  }

  it('takes an older deposit of the same file, whatever the fingerprints', async () => {
    const contentHash = random()
    const at = await deployClaims()
    const first = await at.deposit(at.alice, { contentHash, fingerprintType: 0 })
    const second = await at.deposit(at.author, { contentHash })
    const claim = at.claimOf(second.id)
    await at.file(claim)
    await expect(at.as(at.alice).claims.answerWithDeposit(claim, at.author.address, second.work, first.work, false))
      .to.emit(at.claims, 'EarlierDepositShown')
      .and.to.emit(at.claims, 'ClaimAnswered')
  })

  it('takes one whose fingerprint is 31 bits away, and none that is 32', async () => {
    const near = (bits: bigint, to: string) => `0x${(BigInt(to) ^ ((1n << bits) - 1n)).toString(16).padStart(64, '0')}`
    const at = await deployClaims()
    const first = await at.deposit(at.alice)
    for (const bits of [32n, 31n]) {
      const { id, work } = await at.deposit(at.author, { fingerprint: near(bits, first.work.fingerprint) })
      const claim = at.claimOf(id)
      await at.file(claim)
      const sent = at.as(at.alice).claims.answerWithDeposit(claim, at.author.address, work, first.work, false)
      if (bits === 31n) await expect(sent).to.emit(at.claims, 'ClaimAnswered')
      else await refused(at, sent, 'DepositInsufficient')
    }
  })

  it('takes no other file that has no fingerprint either', async () => {
    const at = await deployClaims()
    const none = { fingerprint: ZeroHash, fingerprintType: 0 }
    const first = await at.deposit(at.alice, none)
    const { id, work } = await at.deposit(at.author, none)
    const claim = at.claimOf(id)
    await at.file(claim)
    const sent = at.as(at.alice).claims.answerWithDeposit(claim, at.author.address, work, first.work, false)
    await refused(at, sent, 'DepositInsufficient')
  })

  it('takes none that is younger, of another type, not there, somebody else’s, or shown beside another work', async () => {
    const { at, show, second } = await twice({ fingerprintType: 2 })
    await refused(at, show(), 'DepositInsufficient')
    await refused(at, show(newWork()), 'DepositInsufficient')
    await refused(at, show(second.work), 'DepositInsufficient')
    await refused(at, show(undefined, newWork()), 'WorkMismatch')
    await refused(at, show(undefined, undefined, at.bob.address), 'WorkMismatch')
    const later = await at.deposit(at.alice, { contentHash: second.work.contentHash })
    await refused(at, show(later.work), 'DepositInsufficient')
  })

  it('takes no fingerprints that are not there for equal ones', async () => {
    const { at, show } = await twice({ fingerprintType: 0 })
    await refused(at, show(), 'DepositInsufficient')
    const both = await at.deposit(at.alice, { ...newWork(), fingerprintType: 0 })
    const mine = await at.deposit(at.author, { ...newWork(), fingerprintType: 0 })
    const claim = at.claimOf(mine.id)
    await at.file(claim)
    await refused(
      at,
      at.as(at.alice).claims.answerWithDeposit(claim, at.author.address, mine.work, both.work, false),
      'DepositInsufficient',
    )
  })
})

describe('InfringementClaims: submitEvidence', () => {
  it('is for both sides, while there is time', async () => {
    const at = await deployClaims()
    const { claim, id } = await at.filed()
    const submit = (by: typeof at.alice, about = claim) => at.as(by).claims.submitEvidence(about, 'ipfs://it')
    for (const by of [at.author, at.alice])
      await expect(submit(by)).to.emit(at.claims, 'Evidence').withArgs(at.panelAddress, BigInt(id), by.address, 'ipfs://it')
    await refused(at, submit(at.bob), 'NotParty')
    const page = await at.filed({ respondent: ZeroAddress })
    await refused(at, submit(at.bob, page.claim), 'NotParty')
    const { claim: contested } = await at.contested()
    await expect(submit(at.alice, contested)).to.emit(at.claims, 'Evidence')
    await at.answer(claim)
    await at.pass(14n * DAY + 1n)
    await refused(at, submit(at.author), 'TooLate')
    await at.claims.conclude(claim)
    expect((await at.record(claim)).outcome).to.equal(OUTCOME.lapsed)
    await refused(at, submit(at.author), 'WrongPhase')
    await refused(at, submit(at.author, at.claimOf(1n)), 'WrongPhase')
  })

  it('is possible again after an appeal', async () => {
    const at = await deployClaims()
    const { claim, disputeId } = await at.disputed()
    await at.deliberate(disputeId, 1n)
    await at.pass(2n * DAY)
    await at.appeal(claim, at.alice)
    await at.pass(2n * DAY)
    await expect(at.as(at.alice).claims.submitEvidence(claim, 'ipfs://new')).to.emit(at.claims, 'Evidence')
  })
})
