import { expect } from 'chai'
import { keccak256, ZeroAddress, ZeroHash } from 'ethers'
import { ARBITRATOR, PANEL, SEAT_FEE } from '../claims/fixture.ts'
import { DAY } from '../market/fixture.ts'
import { random } from '../registry/fixture.ts'
import { deployPanel, type PanelFixture, REACTION } from './fixture.ts'

const refused = (at: PanelFixture, sent: Promise<unknown>, error: string) =>
  expect(sent).to.be.revertedWithCustomError(at.panel, `ArbitrationPanel_${error}`)

describe('ArbitrationPanel: the pool', () => {
  it('takes members with the role, once, and gives them a place for good', async () => {
    const at = await deployPanel()
    const [first] = at.arbitrators
    expect(await at.panel.poolSize()).to.equal(14n)
    expect(await at.panel.poolAt(0)).to.equal(first!.address)
    await refused(at, at.as(at.bob).panel.enlist(), 'NotArbitrator')
    await refused(at, at.as(first!).panel.enlist(), 'EnlistedAlready')
    await expect(at.as(first!).panel.retire()).to.emit(at.panel, 'Retired').withArgs(first!.address)
    await refused(at, at.as(first!).panel.retire(), 'NotEnlisted')
    expect((await at.panel.standingOf(first!.address)).enlisted).to.equal(false)
    await expect(at.as(first!).panel.enlist()).to.emit(at.panel, 'Enlisted').withArgs(first!.address, 0n)
    expect(await at.panel.poolSize()).to.equal(14n)
    await at.alliance.set(at.bob.address, ARBITRATOR, true)
    await expect(at.as(at.bob).panel.enlist()).to.emit(at.panel, 'Enlisted').withArgs(at.bob.address, 14n)
  })
})

describe('ArbitrationPanel: createDispute', () => {
  it('charges for the seats that are asked for, in its range and odd', async () => {
    const at = await deployPanel()
    for (const [wanted, seats] of [
      [0n, 3n],
      [2n, 3n],
      [3n, 3n],
      [4n, 5n],
      [9n, 9n],
      [10n, 9n],
      [2n ** 255n, 9n],
    ] as const) {
      expect(await at.panel.arbitrationCost(at.extra(wanted))).to.equal(seats * SEAT_FEE)
      const disputeId = await at.open({ extraData: at.extra(wanted) })
      expect((await at.dispute(disputeId)).seats).to.equal(seats)
    }
    for (const extraData of ['0x', '0x00', `0x${'00'.repeat(63)}`])
      expect(await at.panel.arbitrationCost(extraData)).to.equal(3n * SEAT_FEE)
  })

  it('tells what it was asked, and names a block that is yet to come', async () => {
    const at = await deployPanel()
    const cost = 3n * SEAT_FEE
    const sent = at.arbitrable.create(4n, '0x', { value: cost })
    await expect(sent).to.emit(at.panel, 'DisputeCreation').withArgs(1n, at.arbitrableAddress)
    const number = BigInt(await at.ethers.provider.getBlockNumber())
    const { arbitrable, phase, choices, round, filled, deadline, drawBlock, fee } = await at.dispute(1n)
    expect([arbitrable, phase, choices, round, filled, drawBlock, fee]).to.deep.equal([
      at.arbitrableAddress,
      PANEL.drawing,
      4n,
      0n,
      0n,
      number + 4n,
      cost,
    ])
    expect(deadline).to.equal((await at.now()) + 3n * DAY)
    expect(await at.panel.disputeStatus(1n)).to.equal(0n)
    expect([...(await at.panel.appealPeriod(1n))]).to.deep.equal([0n, 0n])
  })

  it('refuses less than the fee, and gives back what is more', async () => {
    const at = await deployPanel()
    await refused(at, at.arbitrable.create(2n, at.extra(), { value: 3n * SEAT_FEE - 1n }), 'FeeTooLow')
    await at.open({ surplus: 5n })
    expect(await at.creditOf(at.bob)).to.equal(5n)
    // Who names nobody is named himself.
    await at.open({ extraData: '0x', surplus: 6n })
    expect(await at.panel.creditOf(at.arbitrableAddress)).to.equal(6n)
  })

  it('takes 2 to 15 choices', async () => {
    const at = await deployPanel()
    for (const choices of [0n, 1n, 16n, 256n]) await refused(at, at.open({ choices }), 'ChoicesInvalid')
    for (const choices of [2n, 15n]) await at.open({ choices })
  })
})

describe('ArbitrationPanel: draw', () => {
  it('fills every seat with another enlisted member by the hash of the named block', async () => {
    const at = await deployPanel()
    const disputeId = await at.open({ extraData: at.extra(9n) })
    const { drawBlock } = await at.dispute(disputeId)
    await refused(at, at.panel.draw(disputeId), 'TooEarly')
    await at.draw(disputeId)
    const people = await at.seated(disputeId)
    expect(new Set(people).size).to.equal(9)
    for (const who of people) expect(at.arbitrators).to.include(who)
    expect((await at.dispute(disputeId)).phase).to.equal(PANEL.committing)
    await refused(at, at.panel.draw(disputeId), 'WrongPhase')
    // The lots are the hash's: the first seat is the first lot's that can be drawn.
    const seed = (await at.ethers.provider.getBlock(Number(drawBlock)))!.hash!
    const lot = BigInt(keccak256(at.ethers.AbiCoder.defaultAbiCoder().encode(['bytes32', 'uint256', 'uint256'], [seed, disputeId, 0n])))
    expect(people[0]!.address).to.equal(await at.panel.poolAt(lot % 14n))
  })

  it('draws nobody who is excluded, retired, suspended, or came after the block was named', async () => {
    const at = await deployPanel()
    const [excluded, excludedToo, retired, suspended] = at.arbitrators
    // Three draws: in one of twenty, no lot falls on a given one of those who must not be drawn.
    const disputes: bigint[] = []
    for (let count = 0; count < 3; count++)
      disputes.push(await at.open({ extraData: at.extra(9n, at.bob.address, excluded!.address, excludedToo!.address) }))
    await at.as(retired!).panel.retire()
    await at.alliance.set(suspended!.address, ARBITRATOR, false)
    for (const late of [at.author, at.alice, at.bob, at.carol]) {
      await at.alliance.set(late.address, ARBITRATOR, true)
      await at.as(late).panel.enlist()
    }
    for (const disputeId of disputes) {
      await at.draw(disputeId)
      const people = await at.seated(disputeId)
      expect(people.filter((who) => who !== undefined)).to.have.length(9)
      for (const who of people) expect(at.arbitrators.slice(4)).to.include(who)
    }
  })

  it('names another block where the hash is forgotten, and one where seats stay empty', async () => {
    const at = await deployPanel()
    const disputeId = await at.open()
    await at.mine(300)
    await expect(at.panel.draw(disputeId)).to.emit(at.panel, 'DrawScheduled')
    expect((await at.dispute(disputeId)).filled).to.equal(0n)
    for (const each of at.arbitrators.slice(2)) await at.as(each).panel.retire()
    for (let time = 0; time < 4; time++) {
      await at.mine(5)
      await at.panel.draw(disputeId)
    }
    const { phase, filled, deadline } = await at.dispute(disputeId)
    expect([phase, filled]).to.deep.equal([PANEL.drawing, 2n])
    await refused(at, at.panel.advance(disputeId), 'TooEarly')
    await at.at(deadline + 1n)
    await refused(at, at.panel.draw(disputeId), 'TooLate')
    // Two of three can be a majority.
    await at.at(deadline + 2n)
    await at.panel.advance(disputeId)
    expect((await at.dispute(disputeId)).phase).to.equal(PANEL.committing)
  })

  it('does nothing with an empty pool', async () => {
    const at = await deployPanel()
    const fresh = await at.ethers.deployContract('ArbitrationPanel', [
      await at.authority.getAddress(),
      await at.alliance.getAddress(),
      1n,
      2n,
    ])
    await fresh.createDispute(2n, '0x', { value: 3n })
    await at.mine(5)
    await fresh.draw(1n)
    expect((await fresh.disputeOf(1n)).filled).to.equal(0n)
    await at.pass(3n * DAY)
    await fresh.advance(1n)
    expect((await fresh.disputeOf(1n)).phase).to.equal(PANEL.decided)
  })
})

describe('ArbitrationPanel: votes', () => {
  it('are secret, and bound to chain, panel, dispute, round and arbitrator', async () => {
    const at = await deployPanel()
    const { disputeId, people } = await at.drawn()
    const [first, second, third] = people
    const salt = at.saltOf(first!.address)
    const commitment = await at.panel.commitmentOf(disputeId, 0n, first!.address, 1n, salt)
    const { chainId } = await at.ethers.provider.getNetwork()
    const types = ['uint256', 'address', 'uint256', 'uint256', 'address', 'uint256', 'bytes32']
    const values = [chainId, at.panelAddress, disputeId, 0n, first!.address, 1n, salt]
    expect(keccak256(at.ethers.AbiCoder.defaultAbiCoder().encode(types, values))).to.equal(commitment)
    await expect(at.as(first!).panel.commit(disputeId, commitment))
      .to.emit(at.panel, 'VoteCommitted')
      .withArgs(disputeId, first!.address, commitment)
    // A copied commitment cannot be opened.
    await at.as(second!).panel.commit(disputeId, commitment)
    await at.commit(disputeId, third!, 2n)
    expect((await at.dispute(disputeId)).phase).to.equal(PANEL.revealing)
    await refused(at, at.as(second!).panel.reveal(disputeId, 1n, salt), 'CommitmentMismatch')
    await refused(at, at.as(first!).panel.reveal(disputeId, 2n, salt), 'CommitmentMismatch')
    await refused(at, at.as(first!).panel.reveal(disputeId, 1n, random()), 'CommitmentMismatch')
    await expect(at.as(first!).panel.reveal(disputeId, 1n, salt))
      .to.emit(at.panel, 'VoteRevealed')
      .withArgs(disputeId, first!.address, 1n)
    await refused(at, at.as(first!).panel.reveal(disputeId, 1n, salt), 'VotedAlready')
    expect(await at.panel.votesFor(disputeId, 1n)).to.equal(1n)
    expect([...(await at.panel.seatOf(disputeId, 0n))]).to.deep.equal([first!.address, commitment, true])
  })

  it('are cast by who sits, once, in time, for a choice there is, and while he is a member', async () => {
    const at = await deployPanel()
    const { disputeId, people } = await at.drawn()
    const [first, second, third] = people
    const outsider = at.arbitrators.find((each) => !people.includes(each))!
    await refused(at, at.as(outsider).panel.commit(disputeId, random()), 'NotSeated')
    await refused(at, at.as(first!).panel.commit(disputeId, ZeroHash), 'CommitmentZero')
    await refused(at, at.as(first!).panel.reveal(disputeId, 1n, random()), 'WrongPhase')
    await at.alliance.set(first!.address, ARBITRATOR, false)
    await refused(at, at.as(first!).panel.commit(disputeId, random()), 'NotArbitrator')
    await at.alliance.set(first!.address, ARBITRATOR, true)
    await at.commit(disputeId, first!, 3n)
    await refused(at, at.commit(disputeId, first!, 2n), 'VotedAlready')
    await at.commit(disputeId, second!, 1n)
    await at.commit(disputeId, third!, 1n)
    await refused(at, at.commit(disputeId, third!, 1n), 'WrongPhase')
    await refused(at, at.reveal(disputeId, first!, 3n), 'ChoiceInvalid')
    await at.alliance.set(second!.address, ARBITRATOR, false)
    await refused(at, at.reveal(disputeId, second!, 1n), 'NotArbitrator')
    await refused(at, at.reveal(disputeId, outsider, 1n), 'NotSeated')
    const { deadline } = await at.dispute(disputeId)
    await at.at(deadline + 1n)
    await refused(at, at.reveal(disputeId, third!, 1n), 'TooLate')
    const late = await at.drawn()
    await at.at((await at.dispute(late.disputeId)).deadline + 1n)
    await refused(at, at.commit(late.disputeId, late.people[0]!, 1n), 'TooLate')
    await refused(at, at.as(first!).panel.commit(99n, random()), 'WrongPhase')
  })

  it('of an earlier round do not count in the next, nor does who cast them', async () => {
    const at = await deployPanel()
    const { disputeId, people } = await at.drawn()
    for (const who of people) await at.commit(disputeId, who, 1n)
    for (const who of people) await at.reveal(disputeId, who, 1n)
    await at.arbitrable.appeal(disputeId, at.extra(), { value: 7n * SEAT_FEE })
    await at.draw(disputeId)
    expect(await at.panel.votesFor(disputeId, 1n)).to.equal(0n)
    await refused(at, at.commit(disputeId, people[0]!, 1n), 'NotSeated')
  })
})

describe('ArbitrationPanel: who says nothing', () => {
  it('is replaced twice at most, and benched; who votes is paid for all', async () => {
    const at = await deployPanel()
    const { disputeId, people } = await at.drawn()
    await at.commit(disputeId, people[0]!, 2n)
    const silent = [people[1]!, people[2]!]
    await refused(at, at.panel.advance(disputeId), 'TooEarly')
    await at.pass(5n * DAY + 1n)
    await expect(at.panel.advance(disputeId)).to.emit(at.panel, 'Benched')
    for (const who of silent) {
      const { enlisted, benchedUntil } = await at.panel.standingOf(who.address)
      expect([enlisted, benchedUntil]).to.deep.equal([false, (await at.now()) + 90n * DAY])
      await refused(at, at.as(who).panel.enlist(), 'BenchedUntil')
    }
    await at.draw(disputeId)
    const next = await at.seated(disputeId)
    expect(next[0]).to.equal(people[0])
    expect(next.filter((who) => silent.includes(who!))).to.deep.equal([])
    await at.commit(disputeId, next[1]!, 2n)
    await at.pass(5n * DAY + 1n)
    await at.panel.advance(disputeId)
    await at.draw(disputeId)
    expect((await at.dispute(disputeId)).replacements).to.equal(2n)
    await at.pass(5n * DAY + 1n)
    await at.panel.advance(disputeId)
    expect((await at.dispute(disputeId)).phase).to.equal(PANEL.revealing)
    await at.reveal(disputeId, people[0]!, 2n)
    await at.reveal(disputeId, next[1]!, 2n)
    expect(await at.panel.currentRuling(disputeId)).to.equal(2n)
    for (const who of [people[0]!, next[1]!]) expect(await at.creditOf(who)).to.equal((3n * SEAT_FEE) / 2n)
    await at.time.increase(90n * DAY)
    await at.as(silent[0]!).panel.enlist()
  })

  it('may recuse himself instead, before he votes', async () => {
    const at = await deployPanel()
    const { disputeId, people } = await at.drawn()
    const [first, second, third] = people
    await expect(at.as(first!).panel.recuse(disputeId)).to.emit(at.panel, 'Recused').withArgs(disputeId, 0n, first!.address)
    await refused(at, at.as(first!).panel.recuse(disputeId), 'NotSeated')
    await refused(at, at.commit(disputeId, first!, 1n), 'NotSeated')
    await at.commit(disputeId, second!, 1n)
    await refused(at, at.as(second!).panel.recuse(disputeId), 'VotedAlready')
    await at.commit(disputeId, third!, 1n)
    expect((await at.dispute(disputeId)).phase).to.equal(PANEL.committing)
    await at.pass(5n * DAY + 1n)
    await at.panel.advance(disputeId)
    expect((await at.panel.standingOf(first!.address)).enlisted).to.equal(true)
    await at.draw(disputeId)
    expect((await at.seated(disputeId)).includes(first!)).to.equal(false)
    await refused(at, at.as(first!).panel.recuse(99n), 'WrongPhase')
  })

  it('cannot leave the seat after the time to vote, and is benched', async () => {
    const at = await deployPanel()
    const { disputeId, people } = await at.drawn()
    const [first, second] = people
    const { deadline } = await at.dispute(disputeId)
    await at.at(deadline)
    await at.as(first!).panel.recuse(disputeId)
    await refused(at, at.as(second!).panel.recuse(disputeId), 'TooLate')
    await at.panel.advance(disputeId)
    expect((await at.panel.standingOf(first!.address)).enlisted).to.equal(true)
    expect((await at.panel.standingOf(second!.address)).enlisted).to.equal(false)
  })

  it('and where nobody says anything, the fee goes back and there is no ruling', async () => {
    const at = await deployPanel()
    const { disputeId } = await at.drawn()
    for (let time = 0; time < 2; time++) {
      await at.pass(5n * DAY + 1n)
      await at.panel.advance(disputeId)
      await at.draw(disputeId)
    }
    await at.pass(5n * DAY + 1n)
    await expect(at.panel.advance(disputeId)).to.emit(at.panel, 'RoundClosed').withArgs(disputeId, 0n, false, 0n)
    expect(await at.creditOf(at.bob)).to.equal(3n * SEAT_FEE)
    await refused(at, at.panel.advance(disputeId), 'WrongPhase')
    await refused(at, at.panel.advance(99n), 'WrongPhase')
  })

  it('after committing is benched, and the others share', async () => {
    const at = await deployPanel()
    const { disputeId, people } = await at.drawn()
    for (const who of people) await at.commit(disputeId, who, 1n)
    await at.reveal(disputeId, people[0]!, 1n)
    await at.pass(3n * DAY + 1n)
    await at.panel.advance(disputeId)
    // One of three is no majority.
    expect(await at.panel.currentRuling(disputeId)).to.equal(0n)
    expect(await at.creditOf(people[0]!)).to.equal(3n * SEAT_FEE)
    expect((await at.panel.standingOf(people[1]!.address)).enlisted).to.equal(false)
    expect(await at.owedInAll()).to.equal(await at.balance(at.panelAddress))
  })

  it('cannot stop those who have voted, though no replacement is found', async () => {
    const at = await deployPanel()
    const { disputeId, people } = await at.drawn()
    for (const each of at.arbitrators) if (!people.includes(each)) await at.as(each).panel.retire()
    await at.commit(disputeId, people[0]!, 1n)
    await at.commit(disputeId, people[1]!, 1n)
    await at.pass(5n * DAY + 1n)
    await at.panel.advance(disputeId)
    await at.draw(disputeId)
    await at.pass(3n * DAY + 1n)
    await at.panel.advance(disputeId)
    expect((await at.dispute(disputeId)).phase).to.equal(PANEL.revealing)
    for (const who of people.slice(0, 2)) await at.reveal(disputeId, who, 1n)
    expect(await at.panel.currentRuling(disputeId)).to.equal(1n)
  })
})

describe('ArbitrationPanel: rounds', () => {
  it('are decided by more than half of all seats', async () => {
    const at = await deployPanel()
    for (const [votes, ruling] of [
      [[1n, 1n, 2n], 1n],
      [[2n, 2n, 2n], 2n],
      [[0n, 0n, 1n], 0n],
      [[0n, 1n, 2n], 0n],
    ] as const) {
      const { disputeId, people } = await at.drawn()
      for (const [seat, who] of people.entries()) await at.commit(disputeId, who, votes[seat]!)
      for (const [seat, who] of people.slice(0, 2).entries()) await at.reveal(disputeId, who, votes[seat]!)
      await expect(at.reveal(disputeId, people[2]!, votes[2]!))
        .to.emit(at.panel, 'RoundClosed')
        .withArgs(disputeId, 0n, new Set(votes).size < 3, ruling)
      expect(await at.panel.currentRuling(disputeId)).to.equal(ruling)
    }
  })

  it('of an appeal that decide nothing leave the ruling as it was', async () => {
    const at = await deployPanel()
    const disputeId = await at.open()
    await at.deliberate(disputeId, 2n)
    await at.arbitrable.appeal(disputeId, at.extra(), { value: 7n * SEAT_FEE + 3n })
    expect(await at.creditOf(at.bob)).to.equal(3n)
    await at.deliberate(disputeId, [0n, 1n, 2n])
    expect(await at.panel.currentRuling(disputeId)).to.equal(2n)
  })

  it('are appealed by the arbitrable alone, in time, for the fee, twice', async () => {
    const at = await deployPanel()
    const disputeId = await at.open()
    const appeal = (value = 100n * SEAT_FEE) => at.arbitrable.appeal(disputeId, at.extra(), { value })
    await refused(at, appeal(), 'WrongPhase')
    await at.deliberate(disputeId, 1n)
    expect(await at.panel.disputeStatus(disputeId)).to.equal(1n)
    const { deadline } = await at.dispute(disputeId)
    expect([...(await at.panel.appealPeriod(disputeId))]).to.deep.equal([deadline - 3n * DAY, deadline])
    await refused(at, at.as(at.bob).panel.appeal(disputeId, '0x', { value: 7n * SEAT_FEE }), 'NotArbitrable')
    await refused(at, appeal(7n * SEAT_FEE - 1n), 'FeeTooLow')
    expect(await at.panel.appealCost(disputeId, '0x')).to.equal(7n * SEAT_FEE)
    await at.at(deadline)
    await expect(appeal()).to.emit(at.panel, 'AppealDecision').withArgs(disputeId, at.arbitrableAddress)
    await at.deliberate(disputeId, 1n)
    // Fifteen seats, and four arbitrators left who have not sat.
    expect(await at.panel.appealCost(disputeId, '0x')).to.equal(15n * SEAT_FEE)
    await appeal()
    await at.draw(disputeId)
    await at.pass(3n * DAY + 1n)
    await at.panel.advance(disputeId)
    expect((await at.dispute(disputeId)).phase).to.equal(PANEL.decided)
    await refused(at, appeal(), 'AppealsUsedUp')
    expect(await at.panel.appealCost(disputeId, '0x')).to.equal(2n ** 128n - 1n)
    expect([...(await at.panel.appealPeriod(disputeId))]).to.deep.equal([0n, 0n])
    expect(await at.panel.disputeStatus(disputeId)).to.equal(2n)
    // There is nothing to wait for.
    await at.panel.execute(disputeId)
    expect(await at.arbitrable.lastRuling()).to.equal(1n)
    const late = await at.open()
    await at.deliberate(late, 1n)
    await at.at((await at.dispute(late)).deadline + 1n)
    await refused(at, at.arbitrable.appeal(late, at.extra(), { value: 100n * SEAT_FEE }), 'TooLate')
  })
})

describe('ArbitrationPanel: the largest round', () => {
  it('has fifteen seats, however large the one before it was', async () => {
    const at = await deployPanel()
    const disputeId = await at.open({ extraData: at.extra(9n) })
    await at.deliberate(disputeId, 1n)
    expect(await at.panel.appealCost(disputeId, '0x')).to.equal(15n * SEAT_FEE)
    await at.arbitrable.appeal(disputeId, at.extra(), { value: 15n * SEAT_FEE })
    expect((await at.dispute(disputeId)).seats).to.equal(15n)
  })
})

describe('ArbitrationPanel: execute', () => {
  const decided = async () => {
    const at = await deployPanel()
    const disputeId = await at.open()
    const people = await at.deliberate(disputeId, 2n)
    return { at, disputeId, people }
  }

  it('tells the arbitrable once, when no appeal is possible any more', async () => {
    const { at, disputeId } = await decided()
    await refused(at, at.panel.execute(disputeId), 'TooEarly')
    await refused(at, at.panel.execute(99n), 'WrongPhase')
    await at.at((await at.dispute(disputeId)).deadline)
    await refused(at, at.panel.execute(disputeId), 'TooEarly')
    await at.reach((await at.dispute(disputeId)).deadline + 1n)
    // Nobody has told the arbitrable yet, and it is too late to appeal.
    expect(await at.panel.disputeStatus(disputeId)).to.equal(2n)
    await expect(at.panel.execute(disputeId))
      .to.emit(at.panel, 'RulingDelivered')
      .withArgs(disputeId, at.arbitrableAddress, 2n, true)
      .and.to.emit(at.arbitrable, 'Ruling')
      .withArgs(at.panelAddress, disputeId, 2n)
    expect(await at.panel.disputeStatus(disputeId)).to.equal(2n)
    await refused(at, at.panel.execute(disputeId), 'DeliveredAlready')
    expect(await at.arbitrable.ruled()).to.equal(1n)
    await refused(at, at.arbitrable.appeal(disputeId, at.extra(), { value: 100n * SEAT_FEE }), 'WrongPhase')
  })

  for (const [name, reaction] of Object.entries({ reverts: REACTION.refuse, burns: REACTION.burnEverything, bombs: REACTION.bomb }))
    it(`is not held up by an arbitrable that ${name}; it can be told again`, async () => {
      const { at, disputeId, people } = await decided()
      await at.arbitrable.behave(reaction)
      await at.pass(3n * DAY + 1n)
      const told = await at.panel.execute(disputeId, { gasLimit: 5_000_000n })
      // He who brings the ruling pays for no more than the arbitrable may use.
      expect((await told.wait())!.gasUsed).to.be.lessThan((await at.panel.RULE_GAS()) + 200_000n)
      await expect(told).to.emit(at.panel, 'RulingDelivered').withArgs(disputeId, at.arbitrableAddress, 2n, false)
      expect((await at.dispute(disputeId)).phase).to.equal(PANEL.solved)
      for (const who of people) await at.as(who!).panel.withdraw(who!.address)
      await at.arbitrable.behave(REACTION.take)
      await at.panel.execute(disputeId)
      expect(await at.arbitrable.lastRuling()).to.equal(2n)
    })

  it('gives the arbitrable all its gas or does not begin', async () => {
    const { at, disputeId } = await decided()
    await at.pass(3n * DAY + 1n)
    for (const gasLimit of [150_000n, 200_000n, 230_000n]) await expect(at.panel.execute(disputeId, { gasLimit })).to.revert(at.ethers)
    expect((await at.dispute(disputeId)).delivered).to.equal(false)
    await at.panel.execute(disputeId, { gasLimit: 400_000n })
    expect(await at.arbitrable.ruled()).to.equal(1n)
  })

  it('is not entered again by who is told', async () => {
    const { at, disputeId } = await decided()
    await at.arbitrable.behave(REACTION.executeAgain)
    await at.pass(3n * DAY + 1n)
    await at.panel.execute(disputeId, { gasLimit: 5_000_000n })
    expect([await at.arbitrable.ruled(), await at.arbitrable.executedAgain()]).to.deep.equal([1n, false])
  })
})

describe('ArbitrationPanel: money', () => {
  it('pays each vote alike, whatever it says, and gives back what cannot be divided', async () => {
    const at = await deployPanel()
    await at.panel.setFee(SEAT_FEE + 1n)
    const { disputeId, people } = await at.drawn({ extraData: at.extra(5n) })
    for (const who of people) await at.commit(disputeId, who, 1n)
    for (const who of people.slice(0, 3)) await at.reveal(disputeId, who, 1n)
    await at.pass(3n * DAY + 1n)
    await at.panel.advance(disputeId)
    const fee = 5n * (SEAT_FEE + 1n)
    for (const who of people.slice(0, 3)) expect(await at.creditOf(who)).to.equal(fee / 3n)
    expect(await at.creditOf(at.bob)).to.equal(fee % 3n)
    expect(await at.owedInAll()).to.equal(await at.balance(at.panelAddress))
  })

  it('pays credit once, to whom its owner says', async () => {
    const at = await deployPanel()
    const disputeId = await at.open()
    const [who] = await at.deliberate(disputeId, 1n)
    const before = await at.balance(at.carol.address)
    await expect(at.as(who!).panel.withdraw(at.carol.address))
      .to.emit(at.panel, 'Withdrawn')
      .withArgs(who!.address, at.carol.address, SEAT_FEE)
    expect((await at.balance(at.carol.address)) - before).to.equal(SEAT_FEE)
    await refused(at, at.as(who!).panel.withdraw(at.carol.address), 'NothingHeld')
  })

  it('leaves credit where the receiver refuses it, and pays nobody twice who comes back', async () => {
    const at = await deployPanel()
    const payee = await at.puppet()
    await at.open({ surplus: 5n, extraData: at.extra(3n, payee.address) })
    await at.open({ surplus: 5n })
    await payee.contract.behave(1, ZeroAddress, '0x')
    const withdraw = at.panel.interface.encodeFunctionData('withdraw', [payee.address])
    await expect(payee.contract.execute(at.panelAddress, withdraw)).to.be.revertedWithCustomError(
      at.panel,
      'ArbitrationPanel_TransferFailed',
    )
    await payee.contract.behave(4, at.panelAddress, withdraw)
    await payee.contract.execute(at.panelAddress, withdraw)
    expect(await at.balance(payee.address)).to.equal(5n)
    expect(await payee.contract.reason()).to.equal(at.panel.interface.getError('ArbitrationPanel_NothingHeld')!.selector)
  })

  it('has its fee set by the authority, in its range, for what comes', async () => {
    const at = await deployPanel()
    const disputeId = await at.open()
    await expect(at.as(at.bob).panel.setFee(2n * SEAT_FEE)).to.be.revertedWithCustomError(at.panel, 'AccessManagedUnauthorized')
    for (const fee of [0n, SEAT_FEE - 1n, 10n * SEAT_FEE + 1n]) await refused(at, at.panel.setFee(fee), 'FeeOutOfRange')
    await expect(at.panel.setFee(10n * SEAT_FEE))
      .to.emit(at.panel, 'FeeSet')
      .withArgs(10n * SEAT_FEE)
    expect((await at.dispute(disputeId)).fee).to.equal(3n * SEAT_FEE)
    expect(await at.panel.appealCost(disputeId, '0x')).to.equal(70n * SEAT_FEE)
  })

  it('cannot be deployed without a fee, or with one that its books cannot hold', async () => {
    const at = await deployPanel()
    for (const [least, most] of [
      [0n, 1n],
      [2n, 1n],
      [1n, 2n ** 88n],
    ])
      await refused(
        at,
        at.ethers.deployContract('ArbitrationPanel', [await at.authority.getAddress(), await at.alliance.getAddress(), least!, most!]),
        'FeeOutOfRange',
      )
  })
})
