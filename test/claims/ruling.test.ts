import { expect } from 'chai'
import { AbiCoder, ZeroAddress } from 'ethers'
import { DAY } from '../market/fixture.ts'
import { BOND, type Claims, deployClaims, FREEZE_BOND, forumOf, OUTCOME, PHASE, RULING, SEAT_FEE } from './fixture.ts'

const refused = (at: Claims, sent: Promise<unknown>, error: string) =>
  expect(sent).to.be.revertedWithCustomError(at.claims, `InfringementClaims_${error}`)

describe('InfringementClaims: escalate', () => {
  it('tells the arbitrator the court, the number, who paid, and both sides', async () => {
    const at = await deployClaims()
    const forum = await at.puppetArbitrator()
    await forum.contract.behave(9n, 77n, false)
    const { claim } = await at.filed({ forum: forumOf(forum.address, 4n, 21n) })
    await at.answer(claim, { accepts: true })
    await at.escalate(claim, at.alice)
    expect(
      AbiCoder.defaultAbiCoder().decode(['uint256', 'uint256', 'address', 'address', 'address'], await forum.contract.heard()),
    ).to.deep.equal([4n, 21n, at.alice.address, at.author.address, at.alice.address])
    expect(await at.balance(forum.address)).to.equal(77n)
    expect(await at.claims.claimOfDispute(forum.address, 9n)).to.equal(at.idOfClaim(claim))
    expect((await at.record(claim)).deadline).to.equal((await at.now()) + 60n * DAY)
  })

  it('is either side’s after an answer, until the last second', async () => {
    const at = await deployClaims()
    const [first, second] = [await at.filed(), await at.filed()]
    for (const { claim } of [first, second]) await at.answer(claim)
    await refused(at, at.escalate(first.claim, at.bob), 'NotParty')
    await at.at((await at.record(first.claim)).deadline)
    await at.escalate(first.claim, at.alice)
    await at.at((await at.record(second.claim)).deadline + 1n)
    await refused(at, at.escalate(second.claim), 'TooLate')
  })

  it('is the claimant’s without one, when the time to answer is over', async () => {
    const at = await deployClaims()
    const { claim } = await at.filed()
    const { deadline } = await at.record(claim)
    await refused(at, at.escalate(claim), 'TooEarly')
    await at.at(deadline)
    await refused(at, at.escalate(claim), 'TooEarly')
    await at.at(deadline + 1n)
    await refused(at, at.escalate(claim, at.alice), 'NotParty')
    await at.at(deadline + 14n * DAY + 1n)
    await refused(at, at.escalate(claim), 'TooLate')
    const next = await at.filed()
    await at.at((await at.record(next.claim)).deadline + 14n * DAY)
    await at.escalate(next.claim)
  })

  it('gives back what is beyond the fee, and refuses less', async () => {
    const at = await deployClaims()
    const { claim } = await at.filed()
    await at.answer(claim)
    await refused(at, at.as(at.author).claims.escalate(claim, { value: 3n * SEAT_FEE - 1n }), 'FeeTooLow')
    await at.as(at.author).claims.escalate(claim, { value: 3n * SEAT_FEE + 5n })
    expect(await at.owed(at.author)).to.equal(5n)
    expect(await at.balance(at.panelAddress)).to.equal(3n * SEAT_FEE)
    await refused(at, at.as(at.author).claims.escalate(claim, { value: 3n * SEAT_FEE }), 'TooEarly')
  })

  it('is not for claims that are new, ruled on, or closed', async () => {
    const at = await deployClaims()
    const arbitrator = await at.puppetArbitrator()
    const { claim } = await at.disputed({ forum: forumOf(arbitrator.address) }, true)
    await arbitrator.contract.giveRuling(at.claimsAddress, 0n, 1n)
    await refused(at, at.as(at.author).claims.escalate(claim), 'WrongPhase')
    await at.claims.conclude(claim)
    await refused(at, at.as(at.author).claims.escalate(claim), 'WrongPhase')
    await refused(at, at.as(at.author).claims.escalate(at.claimOf(1n)), 'WrongPhase')
  })

  it('goes to the backup for a while, once', async () => {
    const at = await deployClaims()
    const arbitrator = await at.puppetArbitrator()
    const { claim } = await at.disputed({ forum: forumOf(arbitrator.address) }, true)
    const { deadline } = await at.record(claim)
    await at.at(deadline)
    await refused(at, at.as(at.alice).claims.escalate(claim, { value: BOND }), 'TooEarly')
    await at.reach(deadline + 1n)
    await refused(at, at.as(at.bob).claims.escalate(claim, { value: BOND }), 'NotParty')
    expect(await at.claims.feeOf(claim)).to.equal(3n * SEAT_FEE)
    await at.at(deadline + 14n * DAY)
    await at.escalate(claim, at.alice)
    await at.pass(61n * DAY)
    await refused(at, at.as(at.alice).claims.escalate(claim, { value: BOND }), 'WrongPhase')
    const late = await at.disputed()
    await at.at((await at.record(late.claim)).deadline + 14n * DAY + 1n)
    await refused(at, at.as(at.alice).claims.escalate(late.claim, { value: BOND }), 'TooLate')
  })

  it('refuses an arbitrator’s number that another dispute has', async () => {
    const at = await deployClaims()
    const arbitrator = await at.puppetArbitrator()
    const first = await at.disputed({ forum: forumOf(arbitrator.address) }, true)
    const { claim } = await at.filed({ forum: forumOf(arbitrator.address) })
    await at.answer(claim, { accepts: true })
    await refused(at, at.escalate(claim), 'DisputeExists')
    expect(await at.claims.claimOfDispute(arbitrator.address, 0n)).to.equal(first.id)
  })

  it('fails as the arbitrator does, and leaves everything as it was', async () => {
    const at = await deployClaims()
    const arbitrator = await at.puppetArbitrator()
    await arbitrator.contract.behave(0n, 0n, true)
    const { claim } = await at.filed({ forum: forumOf(arbitrator.address) })
    await at.answer(claim, { accepts: true })
    await expect(at.escalate(claim)).to.be.revertedWithCustomError(arbitrator.contract, 'Refused')
    expect((await at.record(claim)).phase).to.equal(PHASE.answered)
  })
})

describe('InfringementClaims: reentrancy', () => {
  for (const name of ['escalate', 'appeal', 'settle', 'freeze', 'withdraw'] as const)
    it(`an arbitrator cannot call ${name} while it is asked`, async () => {
      const at = await deployClaims()
      const arbitrator = await at.puppetArbitrator()
      const { claim } = await at.filed({ forum: forumOf(arbitrator.address) })
      await at.answer(claim, { accepts: true })
      const settlement = await at.settlementOf(claim, { amount: 0n })
      const data = {
        escalate: at.claims.interface.encodeFunctionData('escalate', [claim]),
        appeal: at.claims.interface.encodeFunctionData('appeal', [claim]),
        settle: at.claims.interface.encodeFunctionData('settle', [claim, settlement, await at.signSettlement(settlement), 0n]),
        freeze: at.claims.interface.encodeFunctionData('freeze', [claim]),
        withdraw: at.claims.interface.encodeFunctionData('withdraw', [at.bob.address]),
      }[name]
      await arbitrator.contract.callBack(at.claimsAddress, data)
      await at.escalate(claim)
      expect(await arbitrator.contract.succeeded()).to.equal(false)
      expect(await arbitrator.contract.reason()).to.equal(at.claims.interface.getError('ReentrancyGuardReentrantCall')!.selector)
    })

  it('a ruling in the middle of an appeal stands; nothing writes over it', async () => {
    const at = await deployClaims()
    const arbitrator = await at.puppetArbitrator()
    const { claim } = await at.disputed({ forum: forumOf(arbitrator.address) }, true)
    await arbitrator.contract.callBack(at.claimsAddress, at.claims.interface.encodeFunctionData('rule', [0n, 2n]))
    await at.appeal(claim, at.author)
    const { phase, outcome } = await at.record(claim)
    expect([phase, outcome]).to.deep.equal([PHASE.ruled, OUTCOME.rejected])
  })

  it('a ruling in the middle of the dispute’s opening is of no dispute', async () => {
    const at = await deployClaims()
    const arbitrator = await at.puppetArbitrator()
    await arbitrator.contract.callBack(at.claimsAddress, at.claims.interface.encodeFunctionData('rule', [0n, 2n]))
    await at.disputed({ forum: forumOf(arbitrator.address) }, true)
    expect(await arbitrator.contract.reason()).to.equal(at.claims.interface.getError('InfringementClaims_DisputeUnknown')!.selector)
  })
})

describe('InfringementClaims: appeal', () => {
  it('is either side’s, three times, each with time of its own', async () => {
    const at = await deployClaims()
    const arbitrator = await at.puppetArbitrator()
    await arbitrator.contract.behave(0n, 50n, false)
    const { claim } = await at.disputed({ forum: forumOf(arbitrator.address) }, true)
    await refused(at, at.as(at.bob).claims.appeal(claim, { value: 50n }), 'NotParty')
    await refused(at, at.as(at.alice).claims.appeal(claim, { value: 49n }), 'FeeTooLow')
    for (const by of [at.alice, at.author, at.alice]) {
      await at.pass(50n * DAY)
      await at.as(by).claims.appeal(claim, { value: 51n })
      expect((await at.record(claim)).deadline).to.equal((await at.now()) + 60n * DAY)
    }
    expect([await at.owed(at.alice), await at.owed(at.author)]).to.deep.equal([2n, 1n])
    expect((await at.record(claim)).appeals).to.equal(3n)
    await refused(at, at.as(at.alice).claims.appeal(claim, { value: 50n }), 'AppealsUsedUp')
    await at.pass(60n * DAY + 1n)
    await refused(at, at.as(at.alice).claims.appeal(claim, { value: 50n }), 'TooLate')
    // The backup's appeals are counted anew.
    await at.escalate(claim)
    expect((await at.record(claim)).appeals).to.equal(0n)
  })

  it('is for disputes only', async () => {
    const at = await deployClaims()
    const { claim } = await at.filed()
    await refused(at, at.as(at.author).claims.appeal(claim), 'WrongPhase')
  })
})

describe('InfringementClaims: conclude', () => {
  it('waits for the time of each phase', async () => {
    const at = await deployClaims()
    const filed = await at.filed()
    const { deadline } = await at.record(filed.claim)
    const answered = await at.filed()
    await at.answer(answered.claim)
    const disputed = await at.disputed()
    await refused(at, at.claims.conclude(answered.claim), 'TooEarly')
    await refused(at, at.claims.conclude(disputed.claim), 'TooEarly')
    await at.at(deadline)
    await refused(at, at.as(at.author).claims.conclude(filed.claim), 'TooEarly')
    // The claimant may still want a ruling, so nobody else takes the default for him.
    await at.at(deadline + 14n * DAY)
    await refused(at, at.as(at.alice).claims.conclude(filed.claim), 'TooEarly')
    await at.at(deadline + 14n * DAY + 1n)
    await at.as(at.alice).claims.conclude(filed.claim)
    const end = (await at.record(disputed.claim)).deadline
    await at.at(end + 14n * DAY)
    await refused(at, at.claims.conclude(disputed.claim), 'TooEarly')
    await at.at(end + 14n * DAY + 1n)
    await at.claims.conclude(disputed.claim)
    expect((await at.record(disputed.claim)).outcome).to.equal(OUTCOME.unruled)
    await refused(at, at.claims.conclude(disputed.claim), 'WrongPhase')
    await refused(at, at.claims.conclude(at.claimOf(1n)), 'WrongPhase')
  })

  it('gives each his own where the arbitrator did not decide', async () => {
    const at = await deployClaims()
    const arbitrator = await at.puppetArbitrator()
    const { claim } = await at.contested({ forum: forumOf(arbitrator.address) })
    await at.as(at.author).claims.freeze(claim, { value: FREEZE_BOND })
    await at.answer(claim, { accepts: true })
    await at.escalate(claim)
    await arbitrator.contract.giveRuling(at.claimsAddress, 0n, 0n)
    await at.claims.conclude(claim)
    expect([await at.owed(at.author), await at.owed(at.alice)]).to.deep.equal([BOND + FREEZE_BOND, BOND])
    expect((await at.record(claim)).bond).to.equal(0n)
  })

  it('compensates who holds the disputed deposit though he never answered', async () => {
    const at = await deployClaims()
    const { claim } = await at.contested()
    await at.as(at.author).claims.freeze(claim, { value: FREEZE_BOND })
    await at.pass(21n * DAY + 1n)
    await at.escalate(claim)
    await at.judge(claim, RULING.respondent)
    expect(await at.owed(at.alice)).to.equal(BOND + FREEZE_BOND)
  })

  it('goes on though the title contract refuses: the money does not wait for the title', async () => {
    const at = await deployClaims()
    const { claim, suspectId } = await at.contested()
    await at.answer(claim)
    await at.escalate(claim)
    await at.authority.revokeRole(7n, at.claimsAddress)
    await at.judge(claim, RULING.refute)
    expect(await at.owed(at.author)).to.equal(2n * BOND)
    await expect(at.claims.enforce(claim)).to.be.revertedWithCustomError(at.title, 'AccessManagedUnauthorized')
    await at.authority.grantRole(7n, at.claimsAddress, 0)
    await at.claims.enforce(claim)
    await at.claims.enforce(claim)
    expect(await at.title.isRefuted(suspectId)).to.equal(true)
  })
})

describe('InfringementClaims: enforce', () => {
  it('is for closed claims only, and touches no other claim’s freeze', async () => {
    const at = await deployClaims()
    const { claim, workId, suspectId } = await at.contested()
    const other = at.claimOf(workId, { respondent: ZeroAddress, suspectId })
    await at.file(other)
    await refused(at, at.claims.enforce(claim), 'WrongPhase')
    await at.as(at.author).claims.freeze(other, { value: FREEZE_BOND })
    await at.as(at.author).claims.retract(claim)
    await at.claims.enforce(claim)
    expect(await at.title.frozenUntil(suspectId)).to.not.equal(0n)
    const page = await at.filed()
    await at.as(at.author).claims.retract(page.claim)
    await at.claims.enforce(page.claim)
  })

  it('counts a freeze that ended early only as long as it lasted', async () => {
    const at = await deployClaims()
    const { claim, suspectId } = await at.contested()
    await at.as(at.author).claims.freeze(claim, { value: FREEZE_BOND })
    const until = (await at.claims.freezeOf(suspectId)).until
    expect((await at.claims.freezeOf(suspectId)).used).to.equal(30n * DAY)
    await at.pass(9n * DAY)
    await at.as(at.author).claims.retract(claim)
    await at.claims.enforce(claim)
    // Nine days, of which three are forgotten already.
    const { until: lifted, used } = await at.claims.freezeOf(suspectId)
    expect(lifted).to.equal(0n)
    expect(used).to.be.within(6n * DAY, 6n * DAY + 10n)
    // After it is over by itself there is nothing to lift.
    await at.reach(until)
    await expect(at.claims.enforce(claim)).not.to.emit(at.claims, 'FreezeLifted')
    await at.pass(10n * DAY)
    expect((await at.claims.freezeOf(suspectId)).used).to.equal(0n)
  })

  it('gives a quick end nothing to use up', async () => {
    const at = await deployClaims()
    const { claim, suspectId } = await at.contested()
    await at.as(at.author).claims.freeze(claim, { value: FREEZE_BOND })
    await at.pass(15n * DAY)
    await at.as(at.author).claims.retract(claim)
    await at.pass(14n * DAY)
    await at.claims.enforce(claim)
    expect((await at.claims.freezeOf(suspectId)).used).to.be.lessThan(20n * DAY)
  })
})

describe('InfringementClaims: freeze', () => {
  it('is the claimant’s, for the exact bond, while the claim runs', async () => {
    const at = await deployClaims()
    const { claim, suspectId } = await at.contested()
    const freeze = (by = at.author, value = FREEZE_BOND, about = claim) => at.as(by).claims.freeze(about, { value })
    await refused(at, freeze(at.alice), 'NotClaimant')
    for (const value of [0n, FREEZE_BOND - 1n, FREEZE_BOND + 1n]) await refused(at, freeze(at.author, value), 'ValueWrong')
    await refused(at, freeze(at.author, FREEZE_BOND, at.claimOf(1n)), 'WrongPhase')
    const { deadline } = await at.record(claim)
    await at.at(deadline + 1n)
    await refused(at, freeze(), 'TooLate')
    await at.escalate(claim)
    await expect(freeze())
      .to.emit(at.claims, 'FreezeStarted')
      .and.to.emit(at.title, 'Frozen')
      .withArgs(suspectId, (await at.now()) + 30n * DAY + 1n)
    expect((await at.record(claim)).freezeBond).to.equal(FREEZE_BOND)
    await at.judge(claim, RULING.claimant)
    await refused(at, freeze(), 'WrongPhase')
  })

  it('has a bond that falls to the other side when the claim lapses, or goes with the title', async () => {
    for (const end of ['lapsed', 'dismissed'] as const) {
      const owed: bigint[][] = []
      for (const isFrozen of [false, true]) {
        const at = await deployClaims()
        const { claim, workId } = await at.contested()
        if (isFrozen) await at.as(at.author).claims.freeze(claim, { value: FREEZE_BOND })
        await at.answer(claim)
        if (end === 'lapsed') await at.at((await at.record(claim)).deadline + 1n)
        else {
          await at.by(at.author).title.mint(workId, 0n)
          await at.by(at.author).title.transferFrom(at.author.address, at.bob.address, workId)
        }
        await at.claims.conclude(claim)
        expect((await at.record(claim)).outcome).to.equal(OUTCOME[end])
        owed.push([await at.owed(at.author), await at.owed(at.alice)])
      }
      const [without, withFreeze] = owed
      expect(withFreeze).to.deep.equal([without![0], without![1]! + FREEZE_BOND])
    }
  })

  it('is not for a younger deposit, nor where none is disputed', async () => {
    const at = await deployClaims()
    const page = await at.filed()
    await refused(at, at.as(at.author).claims.freeze(page.claim, { value: FREEZE_BOND }), 'NotOlder')
    const nowhere = at.claimOf(page.workId, { respondent: ZeroAddress, suspectId: 5n })
    await at.file(nowhere)
    await refused(at, at.as(at.author).claims.freeze(nowhere, { value: FREEZE_BOND }), 'NotOlder')
    // Nor has it a respondent, and a claim that nobody has filed has none either.
    await refused(at, at.answer(nowhere), 'NotRespondent')
    expect((await at.record(at.claimOf(page.workId))).respondent).to.equal(ZeroAddress)
  })

  it('is refused after a ruling', async () => {
    const at = await deployClaims()
    const arbitrator = await at.puppetArbitrator()
    const { claim } = await at.contested({ forum: forumOf(arbitrator.address) })
    await at.answer(claim, { accepts: true })
    await at.escalate(claim)
    await arbitrator.contract.giveRuling(at.claimsAddress, 0n, 1n)
    await refused(at, at.as(at.author).claims.freeze(claim, { value: FREEZE_BOND }), 'WrongPhase')
  })
})

describe('InfringementClaims: withdraw', () => {
  it('pays credit once, to whom its owner says', async () => {
    const at = await deployClaims()
    const { claim } = await at.filed()
    await at.as(at.author).claims.retract(claim)
    const before = await at.balance(at.carol.address)
    await expect(at.as(at.author).claims.withdraw(at.carol.address))
      .to.emit(at.claims, 'Withdrawn')
      .withArgs(at.author.address, at.carol.address, BOND)
    expect((await at.balance(at.carol.address)) - before).to.equal(BOND)
    await refused(at, at.as(at.author).claims.withdraw(at.carol.address), 'NothingHeld')
  })

  it('leaves the credit where the receiver refuses, and lets nobody in again', async () => {
    const at = await deployClaims()
    const payee = await at.puppet()
    const { claim } = await at.filed()
    await at.as(at.author).claims.retract(claim)
    await payee.contract.behave(1, ZeroAddress, '0x')
    await refused(at, at.as(at.author).claims.withdraw(payee.address), 'TransferFailed')
    expect(await at.owed(at.author)).to.equal(BOND)
    await payee.contract.behave(4, at.claimsAddress, at.claims.interface.encodeFunctionData('withdraw', [payee.address]))
    await at.as(at.author).claims.withdraw(payee.address)
    expect(await payee.contract.reason()).to.equal(at.claims.interface.getError('ReentrancyGuardReentrantCall')!.selector)
  })
})
