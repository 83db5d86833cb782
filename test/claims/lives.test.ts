import { expect } from 'chai'
import { solidityPackedKeccak256, toBeHex, ZeroAddress } from 'ethers'
import { DAY } from '../market/fixture.ts'
import { random } from '../registry/fixture.ts'
import { BOND, type Claims, deployClaims, FREEZE_BOND, forumOf, OUTCOME, PANEL, PHASE, RULING, SEAT_FEE } from './fixture.ts'

/** Turns over some bits of a fingerprint. */
const near = (fingerprint: string, bits: number): string =>
  `0x${(BigInt(fingerprint) ^ ((1n << BigInt(bits)) - 1n)).toString(16).padStart(64, '0')}`

const depositOf = (at: Claims, id: bigint) => at.registry.depositOf(toBeHex(id, 32))

/** Nothing is held but what is owed: what is left belongs to these people. */
const expectPaidOut = async (at: Claims, people: { address: string }[]) => {
  let owed = 0n
  for (const who of people) owed += await at.owed(who)
  expect(await at.balance(at.claimsAddress)).to.equal(owed)
}

const outcomeOf = async (at: Claims, claim: Parameters<Claims['record']>[0]) => {
  const { phase, outcome } = await at.record(claim)
  expect(phase).to.equal(PHASE.closed)
  return outcome
}

/** An offer of the author's work, opened on chain, and a license of it that alice buys. */
const license = async (at: Claims, workId: bigint, price = 2000n) => {
  const offer = {
    workId,
    seller: at.author.address,
    epoch: await at.title.epochOf(workId),
    currency: ZeroAddress,
    price,
    duration: 365n * DAY,
    closesAt: 4_102_444_799n,
    supply: 5n,
    exclusive: false,
    territories: 0xffffn,
    channels: 0xffffn,
    rights: 0x7fn,
    transferable: true,
    renewable: false,
    resaleBps: 0n,
    derivativeBps: 0n,
    commissionCapPpm: 0n,
    platform: ZeroAddress,
    document: random(),
  }
  await at.by(at.author).licenses.open(offer)
  const offerId = await at.licenses.offerIdOf(offer)
  const buy = async (): Promise<bigint> => {
    const sent = await at.by(at.alice).licenses.acquire(offer, '0x', at.alice.address, ZeroAddress, 0n, { value: price })
    const { timestamp } = (await at.ethers.provider.getBlock((await sent.wait())!.blockNumber))!
    const { sold } = await at.licenses.offerStateOf(offerId)
    return ((BigInt(offerId) >> 64n) << 64n) | (BigInt(timestamp) << 24n) | sold
  }
  return { offer, offerId, buy }
}

describe('the life of a claim', () => {
  it('a copy registered by a stranger: the panel refutes his deposit', async () => {
    const at = await deployClaims()
    const { id: workId, work } = await at.deposit()
    const { id: suspectId, work: suspect } = await at.deposit(at.alice, { fingerprint: near(work.fingerprint, 9) })
    const claim = at.claimOf(workId, {
      respondent: ZeroAddress,
      suspectId,
      suspectFingerprint: suspect.fingerprint,
      suspectType: 1n,
    })
    await at.as(at.author).claims.fileMatch(claim, at.author.address, work, { value: BOND })
    expect((await at.record(claim)).distance).to.equal(9n)
    await at.answer(claim, { evidence: 'ipfs://alice' })
    const disputeId = await at.claims
      .connect(at.author)
      .getFunction('escalate')
      .staticCall(claim, { value: 3n * SEAT_FEE })
    const [mine, theirs] = [await depositOf(at, workId), await depositOf(at, suspectId)]
    await expect(at.escalate(claim))
      .to.emit(at.claims, 'DepositsCompared')
      .withArgs(at.idOfClaim(claim), mine.depositedAt, theirs.depositedAt)
      .and.to.emit(at.claims, 'Dispute')
      .withArgs(at.panelAddress, disputeId, 0n, BigInt(at.idOfClaim(claim)))
    await at.judge(claim, RULING.refute)
    expect(await outcomeOf(at, claim)).to.equal(OUTCOME.refuted)
    expect(await at.owed(at.author)).to.equal(2n * BOND)
    expect(await at.title.isRefuted(suspectId)).to.equal(false)
    await at.claims.enforce(claim)
    expect(await at.title.isRefuted(suspectId)).to.equal(true)
    // The record stays.
    expect((await depositOf(at, suspectId)).claimant).to.equal(at.alice.address)
    await expectPaidOut(at, [at.author])
  })

  it('a copy on a web page with an unknown respondent: he comes forward, and loses', async () => {
    const at = await deployClaims()
    const { claim } = await at.filed({ respondent: ZeroAddress })
    expect((await at.record(claim)).respondent).to.equal(ZeroAddress)
    await at.answer(claim, { by: at.bob })
    expect((await at.record(claim)).respondent).to.equal(at.bob.address)
    await at.escalate(claim)
    await at.judge(claim, RULING.claimant)
    expect(await outcomeOf(at, claim)).to.equal(OUTCOME.upheld)
    expect(await at.owed(at.author)).to.equal(2n * BOND)
    await expectPaidOut(at, [at.author, at.bob])
  })

  it('a copy on a web page with an unknown respondent: nobody comes, and the panel rules all the same', async () => {
    const at = await deployClaims()
    const { claim } = await at.filed({ respondent: ZeroAddress })
    await at.pass(21n * DAY + 1n)
    await at.escalate(claim)
    await at.judge(claim, RULING.respondent)
    // There is nobody to be compensated.
    expect(await outcomeOf(at, claim)).to.equal(OUTCOME.rejected)
    expect(await at.owed(at.author)).to.equal(BOND)
    await expectPaidOut(at, [at.author])
  })

  it('a false claim: the claimant loses his bond to the respondent', async () => {
    const at = await deployClaims()
    const { claim } = await at.disputed()
    await at.judge(claim, RULING.respondent)
    expect(await outcomeOf(at, claim)).to.equal(OUTCOME.rejected)
    expect(await at.owed(at.author)).to.equal(0n)
    expect(await at.owed(at.alice)).to.equal(2n * BOND)
    const before = await at.balance(at.bob.address)
    await at.as(at.alice).claims.withdraw(at.bob.address)
    expect((await at.balance(at.bob.address)) - before).to.equal(2n * BOND)
    await expectPaidOut(at, [])
  })

  it('settlement by retroactive license: the price goes through the split', async () => {
    const at = await deployClaims()
    const { claim, workId } = await at.filed()
    await at.answer(claim)
    const { offerId, buy } = await license(at, workId)
    const settlement = await at.settlementOf(claim, { amount: 300n, offerId, coversFrom: 1_750_000_000n })
    const licenseId = await buy()
    await expect(at.settle(claim, settlement, { licenseId }))
      .to.emit(at.claims, 'ClaimSettled')
      .withArgs(at.idOfClaim(claim), at.alice.address, ZeroAddress, 300n, licenseId, 1_750_000_000n)
    expect(await outcomeOf(at, claim)).to.equal(OUTCOME.settled)
    expect(await at.earned(workId)).to.equal(2300n)
    expect([await at.owed(at.author), await at.owed(at.alice)]).to.deep.equal([BOND, BOND])
    expect(await at.licenses.isActive(licenseId, 0, 0)).to.equal(true)
  })

  for (const native of [true, false])
    it(`settlement by payment, in ${native ? 'coins' : 'tokens'}: it goes through the split`, async () => {
      const at = await deployClaims()
      const { claim, workId } = await at.filed({ respondent: ZeroAddress })
      const settlement = await at.settlementOf(claim, native ? {} : { currency: at.currency })
      if (!native) await at.by(at.bob).coin.approve(at.claimsAddress, settlement.amount)
      await at.settle(claim, settlement, { by: at.bob })
      expect(await outcomeOf(at, claim)).to.equal(OUTCOME.settled)
      expect((await at.record(claim)).respondent).to.equal(at.bob.address)
      expect(await at.earned(workId, settlement.currency)).to.equal(5000n)
      expect(await at.coin.balanceOf(at.claimsAddress)).to.equal(0n)
      await expectPaidOut(at, [at.author])
    })

  it('a respondent who shows a license: the claimant gives in, at half his bond', async () => {
    const at = await deployClaims()
    const { id: workId } = await at.deposit()
    const { buy } = await license(at, workId)
    const licenseId = await buy()
    const claim = at.claimOf(workId)
    await at.file(claim)
    const { start, until } = await at.licenses.licenseOf(licenseId)
    await expect(at.as(at.alice).claims.answerWithLicense(claim, licenseId, 3, 5, false))
      .to.emit(at.claims, 'LicenseShown')
      .withArgs(at.idOfClaim(claim), licenseId, start, until)
    expect((await at.record(claim)).answerBond).to.equal(0n)
    await at.as(at.author).claims.retract(claim)
    expect(await outcomeOf(at, claim)).to.equal(OUTCOME.retracted)
    expect([await at.owed(at.author), await at.owed(at.alice)]).to.deep.equal([BOND / 2n, BOND / 2n])
  })

  it('a respondent with an earlier deposit: the contract sees the times, and the claim lapses', async () => {
    const at = await deployClaims()
    const first = await at.deposit(at.alice)
    const { id: workId, work } = await at.deposit(at.author, { fingerprint: near(first.work.fingerprint, 31) })
    const claim = at.claimOf(workId, { respondent: ZeroAddress, suspectId: first.id })
    await at.file(claim)
    const timeOf = async (id: bigint) => (await depositOf(at, id)).depositedAt
    await expect(at.as(at.alice).claims.answerWithDeposit(claim, at.author.address, work, first.work, false))
      .to.emit(at.claims, 'EarlierDepositShown')
      .withArgs(at.idOfClaim(claim), first.id, await timeOf(first.id), await timeOf(workId), 31n)
    await at.pass(14n * DAY + 1n)
    await at.claims.conclude(claim)
    expect(await outcomeOf(at, claim)).to.equal(OUTCOME.lapsed)
    expect([await at.owed(at.author), await at.owed(at.alice)]).to.deep.equal([0n, BOND])
  })

  it('no answer in time: the default is for the claimant, and refutes nothing', async () => {
    const at = await deployClaims()
    const { claim, suspectId } = await at.contested()
    await at.pass(21n * DAY + 1n)
    await at.as(at.author).claims.conclude(claim)
    expect(await outcomeOf(at, claim)).to.equal(OUTCOME.defaulted)
    expect(await at.owed(at.author)).to.equal(BOND)
    await at.claims.enforce(claim)
    expect(await at.title.isRefuted(suspectId)).to.equal(false)
  })

  it('escalation to an outside ERC-792 arbitrator, Kleros’ own contract: both sides agreed to it', async () => {
    const at = await deployClaims()
    const kleros = await at.ethers.deployContract('KlerosCentralizedArbitrator')
    const address = await kleros.getAddress()
    const { claim, disputeId } = await at.disputed({ forum: forumOf(address, 2n, 5n) }, true)
    expect(await at.claims.arbitratorOf(claim)).to.equal(address)
    expect(await at.balance(address)).to.equal(10n ** 15n)
    await kleros.giveRuling(disputeId, RULING.claimant)
    await at.pass(181n)
    await expect(kleros.executeRuling(disputeId)).to.emit(at.claims, 'Ruling').withArgs(address, disputeId, RULING.claimant)
    await at.claims.conclude(claim)
    expect(await outcomeOf(at, claim)).to.equal(OUTCOME.upheld)
    expect(await at.owed(at.author)).to.equal(2n * BOND)
  })

  it('an appeal at the outside arbitrator turns the ruling', async () => {
    const at = await deployClaims()
    const kleros = await at.ethers.deployContract('KlerosCentralizedArbitrator')
    const { claim, disputeId } = await at.disputed({ forum: forumOf(await kleros.getAddress()) }, true)
    await kleros.giveRuling(disputeId, RULING.claimant)
    // It reckons an appeal's cost after it has counted it, and so wants twice what it says.
    const said = await at.claims.feeOf(claim)
    await expect(at.as(at.alice).claims.appeal(claim, { value: said })).to.revert(at.ethers)
    await kleros.setArbitrationCost(0n)
    await expect(at.as(at.alice).claims.appeal(claim))
      .to.emit(at.claims, 'ClaimAppealed')
      .withArgs(at.idOfClaim(claim), at.alice.address, 1n)
    await kleros.giveRuling(disputeId, RULING.respondent)
    await at.pass(181n)
    await kleros.executeRuling(disputeId)
    await at.claims.conclude(claim)
    expect(await outcomeOf(at, claim)).to.equal(OUTCOME.rejected)
  })

  it('an appeal at the panel: a larger round turns the ruling', async () => {
    const at = await deployClaims()
    const { claim, disputeId } = await at.disputed()
    const first = await at.deliberate(disputeId, RULING.claimant)
    expect(await at.panel.currentRuling(disputeId)).to.equal(RULING.claimant)
    expect(await at.claims.feeOf(claim)).to.equal(7n * SEAT_FEE)
    await at.appeal(claim, at.alice)
    const second = await at.deliberate(disputeId, RULING.respondent)
    expect([first.length, second.length]).to.deep.equal([3, 7])
    expect(second.filter((each) => first.includes(each))).to.deep.equal([])
    await at.passAppeal(disputeId)
    await at.claims.conclude(claim)
    expect(await outcomeOf(at, claim)).to.equal(OUTCOME.rejected)
    for (const who of [...first, ...second]) expect(await at.panel.creditOf(who.address)).to.equal(SEAT_FEE)
  })

  it('an arbitrator that never answers: the backup rules', async () => {
    const at = await deployClaims()
    const silent = await at.puppetArbitrator()
    const { claim, disputeId } = await at.disputed({ forum: forumOf(silent.address) }, true)
    expect(await at.claims.arbitratorOf(claim)).to.equal(silent.address)
    await at.pass(60n * DAY + 1n)
    await at.escalate(claim, at.alice)
    expect(await at.claims.arbitratorOf(claim)).to.equal(at.panelAddress)
    await expect(silent.contract.giveRuling(at.claimsAddress, disputeId, RULING.claimant)).to.be.revertedWithCustomError(
      at.claims,
      'InfringementClaims_DisputeUnknown',
    )
    await at.judge(claim, RULING.respondent)
    expect(await outcomeOf(at, claim)).to.equal(OUTCOME.rejected)
  })

  it('an arbitrator that never answers, and a backup that does not either: everybody has his bond back', async () => {
    const at = await deployClaims()
    const [silent, mute] = [await at.puppetArbitrator(), await at.puppetArbitrator()]
    const { claim } = await at.disputed({ forum: forumOf(silent.address), backup: forumOf(mute.address) }, true)
    await at.pass(60n * DAY + 1n)
    await at.escalate(claim)
    expect((await at.record(claim)).inBackup).to.equal(true)
    await at.pass(60n * DAY + 1n)
    await at.claims.conclude(claim)
    expect(await outcomeOf(at, claim)).to.equal(OUTCOME.unruled)
    expect([await at.owed(at.author), await at.owed(at.alice)]).to.deep.equal([BOND, BOND])
    await expectPaidOut(at, [at.author, at.alice])
  })

  it('a panel that nobody serves says so at once, and everybody has bond and fee back', async () => {
    const at = await deployClaims()
    for (const each of at.arbitrators) await at.as(each).panel.retire()
    const { claim, disputeId } = await at.disputed()
    await at.draw(disputeId)
    await at.pass(3n * DAY + 1n)
    await at.panel.advance(disputeId)
    expect((await at.panel.disputeOf(disputeId)).phase).to.equal(PANEL.decided)
    expect(await at.panel.creditOf(at.author.address)).to.equal(3n * SEAT_FEE)
    await at.passAppeal(disputeId)
    await at.claims.conclude(claim)
    expect(await outcomeOf(at, claim)).to.equal(OUTCOME.undecided)
    expect([await at.owed(at.author), await at.owed(at.alice)]).to.deep.equal([BOND, BOND])
  })

  it('an arbitrator that rules twice, late, on the wrong case, or out of the choices', async () => {
    const at = await deployClaims()
    const arbitrator = await at.puppetArbitrator()
    const other = await at.puppetArbitrator()
    const { claim } = await at.disputed({ forum: forumOf(arbitrator.address) }, true)
    const rule = (ruling: bigint, id = 0n, by = arbitrator) => by.contract.giveRuling(at.claimsAddress, id, ruling)
    const refused = (sent: ReturnType<typeof rule>, error: string) => expect(sent).to.be.revertedWithCustomError(at.claims, error)
    await refused(rule(1n, 1n), 'InfringementClaims_DisputeUnknown')
    await refused(rule(1n, 0n, other), 'InfringementClaims_DisputeUnknown')
    await refused(rule(RULING.refute), 'InfringementClaims_RulingInvalid')
    await rule(1n)
    await refused(rule(2n), 'InfringementClaims_WrongPhase')
    await at.claims.conclude(claim)
    await refused(rule(2n), 'InfringementClaims_WrongPhase')
    expect(await outcomeOf(at, claim)).to.equal(OUTCOME.upheld)

    await arbitrator.contract.behave(7n, 0n, false)
    const late = await at.disputed({ forum: forumOf(arbitrator.address) }, true)
    const { deadline } = await at.record(late.claim)
    await at.at(deadline + 1n)
    await refused(rule(1n, 7n), 'InfringementClaims_TooLate')
  })

  it('new evidence after the window is refused', async () => {
    const at = await deployClaims()
    const { claim } = await at.disputed()
    const id = BigInt(at.idOfClaim(claim))
    const { deadline } = await at.record(claim)
    const last = deadline - 60n * DAY + 3n * DAY
    await at.at(last)
    await expect(at.as(at.alice).claims.submitEvidence(claim, 'ipfs://one'))
      .to.emit(at.claims, 'Evidence')
      .withArgs(at.panelAddress, id, at.alice.address, 'ipfs://one')
    await at.at(last + 1n)
    await expect(at.as(at.author).claims.submitEvidence(claim, 'ipfs://two'))
      .to.be.revertedWithCustomError(at.claims, 'InfringementClaims_TooLate')
      .withArgs(last, last + 1n)
  })

  it('a title under auction: its transfer alone is frozen, bonded, and for a limited time', async () => {
    const at = await deployClaims()
    const { claim, suspectId } = await at.contested()
    await at.by(at.alice).title.mint(suspectId, 0n)
    await at.by(at.alice).title.setApprovalForAll(at.market, true)
    const auction = await at.auctionOf(suspectId)
    await at.bid(auction, at.bob, 10_000n, { signature: await at.signAuction(auction) })
    await at.as(at.author).claims.freeze(claim, { value: FREEZE_BOND })
    const { until } = await at.claims.freezeOf(suspectId)
    expect(await at.title.frozenUntil(suspectId)).to.equal(until)
    await at.reach(auction.endsAt + 1n)
    await expect(at.exchange.settle(auction)).to.be.revertedWithCustomError(at.exchange, 'RightsExchange_TitleFrozen')
    // His other titles, and what he earns, go on.
    const other = await at.deposit(at.alice)
    await at.by(at.alice).title.mint(other.id, 0n)
    await at.by(at.alice).title.transferFrom(at.alice.address, at.bob.address, other.id)
    await at.by(at.bob).splitter.pay(suspectId, ZeroAddress, 1000n, { value: 1000n })
    await at.splitter.claim(suspectId, [{ account: at.alice.address, share: 1_000_000 }], 0, ZeroAddress)
    await at.answer(claim)
    await at.reach(until)
    expect(await at.title.frozenUntil(suspectId)).to.equal(0n)
    await at.exchange.settle(auction)
    expect(await at.title.ownerOf(suspectId)).to.equal(at.bob.address)
  })

  it('a title with running agreements: they run on while it is frozen, and a ruling for it pays for the freeze', async () => {
    const at = await deployClaims()
    const suspect = await at.deposit(at.bob)
    // The licensor of the fixture's agreements is the author, so here he is the one who is claimed against.
    const { workId, agreement, licenseId } = await at.agree()
    const before = await at.deposit(at.bob)
    const claim = at.claimOf(before.id, { claimant: at.bob.address, respondent: ZeroAddress, suspectId: workId })
    await at.file(claim)
    await expect(at.as(at.bob).claims.freeze(claim, { value: FREEZE_BOND })).to.be.revertedWithCustomError(
      at.claims,
      'InfringementClaims_NotOlder',
    )
    const older = at.claimOf(suspect.id, { claimant: at.bob.address, respondent: ZeroAddress, suspectId: workId })
    await at.file(older)
    await at.as(at.bob).claims.freeze(older, { value: FREEZE_BOND })
    await at.reach(agreement.startsAt)
    await at.pay(agreement, 1000n)
    expect(await at.earned(workId)).to.equal(1000n)
    expect(await at.licenses.isActive(licenseId, 0, 0)).to.equal(true)
    await at.answer(older, { by: at.author })
    await at.escalate(older, at.author)
    await at.judge(older, RULING.respondent)
    expect(await outcomeOf(at, older)).to.equal(OUTCOME.rejected)
    expect(await at.owed(at.author)).to.equal(2n * BOND + FREEZE_BOND)
    expect(await at.title.frozenUntil(workId)).to.not.equal(0n)
    await expect(at.claims.enforce(older)).to.emit(at.claims, 'FreezeLifted')
    expect(await at.title.frozenUntil(workId)).to.equal(0n)
  })

  it('several claims on one work, one of them again and again', async () => {
    const at = await deployClaims()
    const { id: workId } = await at.deposit()
    const suspects = [await at.deposit(at.alice), await at.deposit(at.bob)]
    const made = suspects.map(({ id: suspectId }) => at.claimOf(workId, { respondent: ZeroAddress, suspectId }))
    const web = at.claimOf(workId, { respondent: at.carol.address })
    for (const claim of [...made, web]) await at.file(claim)
    await at.answer(made[0]!, { by: at.alice })
    await at.answer(made[1]!, { by: at.bob })
    for (const claim of made) await at.escalate(claim)
    const disputes = [await at.disputeIdOf(made[0]!), await at.disputeIdOf(made[1]!)]
    await at.deliberate(disputes[0]!, RULING.claimant)
    await at.deliberate(disputes[1]!, RULING.respondent)
    await at.passAppeal(disputes[1]!)
    await at.panel.execute(disputes[0]!)
    for (const each of made) await at.claims.conclude(each)
    await at.pass(21n * DAY + 14n * DAY)
    await at.claims.conclude(web)
    expect(await Promise.all([...made, web].map((claim) => outcomeOf(at, claim)))).to.deep.equal([
      OUTCOME.upheld,
      OUTCOME.rejected,
      OUTCOME.defaulted,
    ])
    expect(await at.owed(at.author)).to.equal(2n * BOND + BOND)
    expect(await at.owed(at.bob)).to.equal(2n * BOND)
    await expect(at.file(web)).to.be.revertedWithCustomError(at.claims, 'InfringementClaims_ClaimExists')
    await expectPaidOut(at, [at.author, at.alice, at.bob, at.carol])
  })

  it('several claims on one copy: one freeze at a time, and none for ever', async () => {
    const at = await deployClaims()
    const { claim, suspectId, workId } = await at.contested()
    const again = at.claimOf(workId, { respondent: ZeroAddress, suspectId, evidence: solidityPackedKeccak256(['string'], ['more']) })
    const third = { ...again, evidence: random() }
    for (const each of [again, third]) await at.file(each)
    const freeze = (each: typeof claim) => at.as(at.author).claims.freeze(each, { value: FREEZE_BOND })
    const refused = (each: typeof claim, error: string) => expect(freeze(each)).to.be.revertedWithCustomError(at.claims, error)
    await freeze(claim)
    await refused(claim, 'InfringementClaims_FreezeUsed')
    await refused(again, 'InfringementClaims_FrozenAlready')
    await at.as(at.author).claims.retract(claim)
    // It was not for nothing: the holder has the bond.
    expect(await at.owed(at.alice)).to.equal(FREEZE_BOND)
    await at.claims.enforce(claim)
    await freeze(again)
    const { until } = await at.claims.freezeOf(suspectId)
    expect(until).to.be.lessThan((await at.now()) + 30n * DAY + 1n)
    await at.answer(third)
    await at.escalate(third)
    await at.reach(until)
    // Thirty days of sixty are used, ten of them forgotten; that leaves room for another freeze, but not for two.
    await freeze(third)
    expect((await at.claims.freezeOf(suspectId)).used).to.be.greaterThan(49n * DAY)
    await at.reach((await at.claims.freezeOf(suspectId)).until)
    const fourth = { ...again, evidence: random() }
    await at.file(fourth)
    await refused(fourth, 'InfringementClaims_FreezeUsedUp')
    expect((await at.claims.freezeOf(suspectId)).claimId).to.equal(at.idOfClaim(third))
  })
})
