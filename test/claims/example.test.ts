import { expect } from 'chai'
import { toBeHex, ZeroAddress } from 'ethers'
import { DAY } from '../market/fixture.ts'
import { BOND, deployClaims, FREEZE_BOND, OUTCOME, PHASE, RULING, SEAT_FEE } from './fixture.ts'

// The worked example of docs/contracts/claims.md.
describe('docs/contracts/claims.md', () => {
  it('is true', async () => {
    const at = await deployClaims()
    const photographer = at.as(at.author).claims
    const { id: workId, work } = await at.deposit()
    // Somebody deposits a copy, 12 bits away, and mints a title to sell it.
    const fingerprint = toBeHex(BigInt(work.fingerprint) ^ 0xfffn, 32)
    const { id: suspectId } = await at.deposit(at.alice, { fingerprint })
    await at.by(at.alice).title.mint(suspectId, 0n)

    const claim = at.claimOf(workId, { respondent: ZeroAddress, suspectId, suspectFingerprint: fingerprint, suspectType: 1n })
    await photographer.fileMatch(claim, at.author.address, work, { value: BOND })
    expect((await at.record(claim)).distance).to.equal(12n)
    await photographer.freeze(claim, { value: FREEZE_BOND })
    await expect(at.by(at.alice).title.transferFrom(at.alice.address, at.bob.address, suspectId)).to.be.revertedWithCustomError(
      at.title,
      'CopyrightTitle_TitleFrozen',
    )

    await at.answer(claim, { evidence: 'ipfs://alice-says' })
    await photographer.escalate(claim, { value: 3n * SEAT_FEE })
    const disputeId = await at.disputeIdOf(claim)
    const first = await at.deliberate(disputeId, [RULING.refute, RULING.refute, RULING.respondent])
    expect(await at.panel.currentRuling(disputeId)).to.equal(RULING.refute)
    await at.as(at.alice).claims.appeal(claim, { value: 7n * SEAT_FEE })
    await at.deliberate(disputeId, RULING.refute)
    await at.pass(3n * DAY + 1n)
    await at.panel.execute(disputeId)
    expect((await at.record(claim)).phase).to.equal(PHASE.ruled)

    await at.claims.conclude(claim)
    await at.claims.enforce(claim)
    expect((await at.record(claim)).outcome).to.equal(OUTCOME.refuted)
    expect(await at.title.isRefuted(suspectId)).to.equal(true)
    await photographer.withdraw(at.author.address)
    expect(await at.owed(at.alice)).to.equal(0n)
    expect(await at.balance(at.claimsAddress)).to.equal(0n)
    // Who was outvoted is paid like the others.
    for (const who of first) expect(await at.panel.creditOf(who.address)).to.equal(SEAT_FEE)
  })
})
