import { expect } from 'chai'
import { encodeBytes32String, toBeHex, ZeroAddress, ZeroHash } from 'ethers'
import { DAY } from '../market/fixture.ts'
import { idOf, newWork, random } from '../registry/fixture.ts'
import { BOND, type Claims, deployClaims, FREEZE_BOND, type InfringementClaim, NO_DISTANCE, OUTCOME, PHASE, SEAT_FEE } from './fixture.ts'

type Call = Promise<unknown>
const refused = (at: Claims, sent: Call, error: string) =>
  expect(sent).to.be.revertedWithCustomError(at.claims, `InfringementClaims_${error}`)
/** The contract names a field as ASCII. */
const field = encodeBytes32String

describe('InfringementClaims: fileClaim', () => {
  it('keeps the bond and tells the whole claim', async () => {
    const at = await deployClaims()
    const { id: workId } = await at.deposit()
    const claim = at.claimOf(workId, { forum: 5n, backup: 6n })
    const id = at.idOfClaim(claim)
    await expect(at.file(claim, BOND + 7n))
      .to.emit(at.claims, 'ClaimFiled')
      .withArgs(...[id, workId, claim.respondent, claim.claimant, 0n, claim.evidence, ZeroHash, 0n, 5n, 6n, BOND + 7n, NO_DISTANCE])
    expect(await at.claims.claimIdOf(claim)).to.equal(id)
    const { phase, outcome, deadline, bond, isMatched, respondent, answerBond, freezeBond } = await at.record(claim)
    expect([phase, outcome, bond, isMatched, respondent, answerBond, freezeBond]).to.deep.equal([
      PHASE.filed,
      OUTCOME.none,
      BOND + 7n,
      false,
      at.alice.address,
      0n,
      0n,
    ])
    expect(deadline).to.equal((await at.now()) + 21n * DAY)
    expect(await at.balance(at.claimsAddress)).to.equal(BOND + 7n)
  })

  it('takes no other’s claim, so that nobody can use one up', async () => {
    const at = await deployClaims()
    const { id: workId } = await at.deposit()
    const claim = at.claimOf(workId)
    await refused(at, at.as(at.bob).claims.fileClaim(claim, { value: BOND }), 'NotClaimant')
    // The thief's own version is another claim.
    await at.file({ ...claim, claimant: at.bob.address })
    await at.file(claim)
  })

  it('takes none twice, not even a closed one', async () => {
    const at = await deployClaims()
    const { claim, id } = await at.filed()
    await refused(at, at.file(claim), 'ClaimExists')
    await at.as(at.author).claims.retract(claim)
    await expect(at.file(claim)).to.be.revertedWithCustomError(at.claims, 'InfringementClaims_ClaimExists').withArgs(id)
  })

  for (const [name, given] of Object.entries({
    respondent: (at: Claims) => ({ respondent: at.author.address }),
    evidence: () => ({ evidence: ZeroHash }),
    suspectFingerprint: () => ({ suspectFingerprint: random() }),
  }) as [string, (at: Claims) => Partial<InfringementClaim>][])
    it(`refuses a claim that is wrong in its ${name}`, async () => {
      const at = await deployClaims()
      const { id: workId } = await at.deposit()
      await expect(at.file(at.claimOf(workId, given(at))))
        .to.be.revertedWithCustomError(at.claims, 'InfringementClaims_ClaimInvalid')
        .withArgs(field(name))
    })

  it('refuses a disputed deposit together with a respondent, and the claimant’s own', async () => {
    const at = await deployClaims()
    const { id: workId } = await at.deposit()
    for (const given of [{ suspectId: 5n }, { suspectId: workId, respondent: ZeroAddress }])
      await expect(at.file(at.claimOf(workId, given)))
        .to.be.revertedWithCustomError(at.claims, 'InfringementClaims_ClaimInvalid')
        .withArgs(field('suspectId'))
  })

  it('refuses a bond that is too small, or too large to be stored', async () => {
    const at = await deployClaims()
    const { id: workId } = await at.deposit()
    await refused(at, at.file(at.claimOf(workId), BOND - 1n), 'BondOutOfRange')
    await at.setBalance(at.author.address, 2n ** 97n)
    await refused(at, at.file(at.claimOf(workId), 2n ** 96n), 'BondOutOfRange')
    await at.file(at.claimOf(workId), 2n ** 96n - 1n)
  })

  it('cannot be deployed without bonds', async () => {
    const at = await deployClaims()
    for (const [bond, freeze] of [
      [0n, 1n],
      [2n ** 96n, 1n],
      [1n, 0n],
    ])
      await refused(
        at,
        at.ethers.deployContract('InfringementClaims', [at.titles, at.licensesAddress, at.split, at.panelAddress, bond!, freeze!, '']),
        'BondOutOfRange',
      )
  })
})

describe('InfringementClaims: fileMatch', () => {
  const suspect = (fingerprint: string) => ({ suspectFingerprint: fingerprint, suspectType: 1n })

  it('computes the distance from the very work that the id names', async () => {
    const at = await deployClaims()
    const { id: workId, work } = await at.deposit()
    for (const [bits, other] of [
      [0n, work.fingerprint],
      [1n, toBeHex(BigInt(work.fingerprint) ^ 1n, 32)],
      [256n, toBeHex(BigInt(work.fingerprint) ^ (2n ** 256n - 1n), 32)],
    ] as const) {
      const claim = at.claimOf(workId, suspect(other))
      if (BigInt(other) === 0n) continue
      const sent = at.as(at.author).claims.fileMatch(claim, at.author.address, work, { value: BOND })
      expect((await at.eventOf(sent, 'ClaimFiled'))!.distance).to.equal(bits)
      const { isMatched, distance } = await at.record(claim)
      expect([isMatched, distance]).to.deep.equal([true, bits])
      expect(await at.registry.distance(work, other)).to.equal(bits)
    }
  })

  it('takes the work of a deposit that somebody else made, by the holder of its title', async () => {
    const at = await deployClaims()
    const { id: workId, work } = await at.deposit(at.bob)
    await at.by(at.bob).title.mint(workId, 0n)
    await at.by(at.bob).title.transferFrom(at.bob.address, at.author.address, workId)
    const claim = at.claimOf(workId, suspect(random()))
    await at.as(at.author).claims.fileMatch(claim, at.bob.address, work, { value: BOND })
    expect(await at.claims.hasStanding(claim)).to.equal(true)
  })

  it('refuses another work, another depositor, another type, and no fingerprint', async () => {
    const at = await deployClaims()
    const { id: workId, work } = await at.deposit()
    const claim = at.claimOf(workId, suspect(random()))
    const file = (given: Partial<InfringementClaim>, depositor = at.author.address, shown = work) =>
      at.as(at.author).claims.fileMatch({ ...claim, ...given }, depositor, shown, { value: BOND })
    const other = { ...work, fingerprint: random() }
    await expect(file({}, at.author.address, other))
      .to.be.revertedWithCustomError(at.claims, 'InfringementClaims_WorkMismatch')
      .withArgs(idOf(at.author.address, other), toBeHex(workId, 32))
    await refused(at, file({}, at.bob.address), 'WorkMismatch')
    await refused(at, file({ suspectType: 2n }), 'FingerprintMissing')
    await refused(at, file({ suspectFingerprint: ZeroHash }), 'FingerprintMissing')
    const plain = await at.deposit(at.author, { ...newWork(), fingerprint: ZeroHash, fingerprintType: 0 })
    await refused(at, file({ workId: plain.id, suspectType: 0n }, at.author.address, plain.work), 'FingerprintMissing')
  })
})

describe('InfringementClaims: retract', () => {
  it('gives the bond back before an answer, and half of it after one', async () => {
    const at = await deployClaims()
    const { claim } = await at.filed()
    await expect(at.as(at.author).claims.retract(claim))
      .to.emit(at.claims, 'ClaimClosed')
      .withArgs(at.idOfClaim(claim), OUTCOME.retracted, BOND, at.alice.address, 0n)
    const next = await at.filed()
    await at.answer(next.claim)
    await at.as(at.author).claims.retract(next.claim)
    expect([await at.owed(at.author), await at.owed(at.alice)]).to.deep.equal([BOND + BOND / 2n, BOND + BOND / 2n])
    // The odd wei is the respondent's.
    const { id: workId } = await at.deposit()
    const odd = at.claimOf(workId, { respondent: at.carol.address })
    await at.file(odd, BOND + 1n)
    await at.answer(odd, { by: at.carol })
    await at.as(at.author).claims.retract(odd)
    expect(await at.owed(at.carol)).to.equal(BOND + BOND / 2n + 1n)
  })

  it('is the claimant’s alone, and not possible in a dispute or after the end', async () => {
    const at = await deployClaims()
    const { claim } = await at.disputed()
    await refused(at, at.as(at.alice).claims.retract(claim), 'NotClaimant')
    await refused(at, at.as(at.author).claims.retract(claim), 'WrongPhase')
    await refused(at, at.as(at.author).claims.retract(at.claimOf(1n)), 'WrongPhase')
    const done = await at.filed()
    await at.as(at.author).claims.retract(done.claim)
    await refused(at, at.as(at.author).claims.retract(done.claim), 'WrongPhase')
  })
})

describe('InfringementClaims: standing', () => {
  it('dismisses the claim of somebody who does not hold the rights, on anybody’s call', async () => {
    const at = await deployClaims()
    const { id: workId } = await at.deposit()
    const claim = at.claimOf(workId, { claimant: at.bob.address, respondent: ZeroAddress })
    await at.file(claim)
    expect(await at.claims.hasStanding(claim)).to.equal(false)
    await expect(at.as(at.carol).claims.conclude(claim))
      .to.emit(at.claims, 'ClaimClosed')
      .withArgs(at.idOfClaim(claim), OUTCOME.dismissed, 0n, at.carol.address, BOND)
    const named = { ...claim, respondent: at.alice.address }
    await at.file(named)
    await at.answer(named)
    await at.as(at.carol).claims.conclude(named)
    expect([await at.owed(at.carol), await at.owed(at.alice), await at.owed(at.bob)]).to.deep.equal([BOND, 2n * BOND, 0n])
  })

  it('is lost with the title, and with a refuted deposit; it is asked for at every step that matters', async () => {
    const at = await deployClaims()
    const { claim, workId } = await at.contested()
    await at.answer(claim)
    const settlement = await at.settlementOf(claim)
    await at.by(at.author).title.mint(workId, 0n)
    await at.by(at.author).title.transferFrom(at.author.address, at.bob.address, workId)
    expect(await at.claims.hasStanding(claim)).to.equal(false)
    await refused(at, at.as(at.alice).claims.escalate(claim, { value: 3n * SEAT_FEE }), 'NoStanding')
    await refused(at, at.settle(claim, settlement), 'NoStanding')
    await refused(at, at.as(at.author).claims.freeze(claim, { value: FREEZE_BOND }), 'NoStanding')
    await at.claims.conclude(claim)
    expect((await at.record(claim)).outcome).to.equal(OUTCOME.dismissed)

    const next = await at.filed()
    await at.by(at.court).title.refute(next.workId)
    expect(await at.claims.hasStanding(next.claim)).to.equal(false)
  })
})
