// The life of a decision of the alliance, on the whole of Colophon as it is deployed; every branch is listed in governance.tree.
import { expect } from 'chai'
import { encodeBytes32String, parseEther, ZeroHash } from 'ethers'
import { decide, deployEverything, type Everything, MEMBER_AS, ROLE, SETTINGS, STATE, VOTE } from './fixture.ts'

describe('AllianceGovernor', () => {
  let all: Everything
  let clean: Awaited<ReturnType<Everything['connection']['networkHelpers']['takeSnapshot']>>
  before(async () => {
    all = await deployEverything()
    clean = await all.connection.networkHelpers.takeSnapshot()
  })
  afterEach(() => clean.restore())

  const alliance = (name: string, args: unknown[]) => ({
    target: all.addresses.copyrightAlliance!,
    data: all.alliance.interface.encodeFunctionData(name as never, args as never),
  })
  const own = (name: string, args: unknown[]) => ({
    target: all.addresses.allianceGovernor!,
    data: all.governor.interface.encodeFunctionData(name as never, args as never),
  })
  const refuses = (sent: Promise<unknown>, error: string, ...args: unknown[]) =>
    expect(sent)
      .to.be.revertedWithCustomError(all.governor, error)
      .withArgs(...args)

  it('starts as it was deployed', async () => {
    expect(await all.governor.votingDelay()).to.equal(BigInt(SETTINGS.votingDelay))
    expect(await all.governor.votingPeriod()).to.equal(BigInt(SETTINGS.votingPeriod))
    expect(await all.governor['quorumNumerator()']()).to.equal(BigInt(SETTINGS.quorumPercent))
    expect(await all.governor.proposalThreshold()).to.equal(1n)
    expect(await all.governor.timelock()).to.equal(all.addresses.allianceTimelock)
    expect(await all.governor.token()).to.equal(all.addresses.copyrightAlliance)
    expect(await all.governor.ALLIANCE()).to.equal(all.addresses.copyrightAlliance)
    expect(await all.governor.CLOCK_MODE()).to.equal('mode=timestamp')
    expect(await all.timelock.getMinDelay()).to.equal(BigInt(SETTINGS.timelockDelay))
    expect(await all.governor.supportsInterface('0x01ffc9a7')).to.equal(true)
  })

  it('admits a member: proposed, open, decided, queued, executed', async () => {
    const calls = [alliance('admit', [all.stranger.address, ROLE.agency])]
    const proposal = await all.propose(calls, 'Admit an agency')
    expect(await all.governor.state(proposal)).to.equal(STATE.pending)
    await refuses(
      all.by(all.ann).castVote(proposal, VOTE.for),
      'GovernorUnexpectedProposalState',
      proposal,
      STATE.pending,
      `0x${(1n << STATE.active).toString(16).padStart(64, '0')}`,
    )
    await all.open(proposal)
    expect(await all.governor.state(proposal)).to.equal(STATE.active)
    await all.by(all.ann).castVote(proposal, VOTE.for)
    await all.by(all.bob).castVoteWithReason(proposal, VOTE.for, 'They are honest')
    await all.by(all.cyd).castVote(proposal, VOTE.against)
    await refuses(all.by(all.cyd).castVote(proposal, VOTE.for), 'GovernorAlreadyCastVote', all.cyd.address)
    expect([...(await all.governor.proposalVotes(proposal))]).to.deep.equal([1n, 2n, 0n])
    await all.close(proposal)
    expect(await all.governor.state(proposal)).to.equal(STATE.succeeded)
    expect(await all.governor.proposalNeedsQueuing(proposal)).to.equal(true)
    await all.queue(calls, 'Admit an agency')
    expect(await all.governor.state(proposal)).to.equal(STATE.queued)
    await expect(all.execute(calls, 'Admit an agency')).to.be.revertedWithCustomError(all.timelock, 'TimelockUnexpectedOperationState')
    expect(await all.alliance.isMember(all.stranger.address, MEMBER_AS.agency)).to.equal(false)
    await all.time.increase(SETTINGS.timelockDelay)
    await all.execute(calls, 'Admit an agency')
    expect(await all.governor.state(proposal)).to.equal(STATE.executed)
    expect(await all.alliance.isMember(all.stranger.address, MEMBER_AS.agency)).to.equal(true)
    expect(await all.alliance.activeMembers()).to.equal(5n)
  })

  it('refuses what has no quorum, and what has no majority', async () => {
    const calls = [alliance('suspend', [all.dan.address])]
    const few = await all.propose(calls, 'One of four')
    const tied = await all.propose(calls, 'Two against two')
    await all.open(tied)
    await all.by(all.ann).castVote(few, VOTE.for)
    for (const [member, vote] of [
      [all.ann, VOTE.for],
      [all.bob, VOTE.for],
      [all.cyd, VOTE.against],
      [all.dan, VOTE.against],
    ] as const)
      await all.by(member).castVote(tied, vote)
    await all.close(tied)
    for (const each of [few, tied]) expect(await all.governor.state(each)).to.equal(STATE.defeated)
    await expect(all.queue(calls, 'Two against two')).to.be.revertedWithCustomError(all.governor, 'GovernorUnexpectedProposalState')
    expect(await all.alliance.isActive(all.dan.address)).to.equal(true)
  })

  it('suspends, after which the member can neither vote on what is open nor propose', async () => {
    const open = await all.propose([alliance('admit', [all.stranger.address, 1])], 'Open meanwhile')
    await decide(all, [own('setVotingPeriod', [20 * 86_400])], 'Longer votes')
    const running = await all.propose([alliance('admit', [all.stranger.address, 1])], 'Still open')
    // Decided by the timelock in the middle of that vote, as a proposal made earlier would be.
    await all.open(running)
    await all.by(all.bob).castVote(running, VOTE.for)
    await asTimelock((alliance) => alliance.suspend(all.dan.address))
    await asTimelock((alliance) => alliance.suspend(all.bob.address))
    const snapshot = await all.governor.proposalSnapshot(running)
    expect(await all.alliance.getPastVotes(all.dan.address, snapshot)).to.equal(1n)
    expect(await all.governor.getVotes(all.dan.address, snapshot)).to.equal(0n)
    await refuses(all.by(all.dan).castVote(running, VOTE.against), 'AllianceGovernor_NotActive', all.dan.address)
    await refuses(all.by(all.stranger).castVote(running, VOTE.for), 'AllianceGovernor_NotActive', all.stranger.address)
    await refuses(
      all.propose([alliance('resign', [])], 'By a suspended member', all.dan),
      'GovernorInsufficientProposerVotes',
      all.dan.address,
      0,
      1,
    )
    // What Bob said while he was a member stands.
    expect([...(await all.governor.proposalVotes(running))]).to.deep.equal([0n, 1n, 0n])
    await asTimelock((alliance) => alliance.reinstate(all.dan.address))
    await all.by(all.dan).castVote(running, VOTE.against)
    expect([...(await all.governor.proposalVotes(running))]).to.deep.equal([1n, 1n, 0n])
    expect(await all.governor.state(open)).to.equal(STATE.defeated)
  })

  async function asTimelock(act: (alliance: Everything['alliance']) => Promise<unknown>): Promise<void> {
    const address = all.addresses.allianceTimelock!
    const { networkHelpers } = all.connection
    await networkHelpers.setBalance(address, parseEther('1'))
    await networkHelpers.impersonateAccount(address)
    await act(all.alliance.connect(await all.ethers.getSigner(address)) as Everything['alliance'])
    await networkHelpers.stopImpersonatingAccount(address)
  }

  it('gives who joins after the proposal, or with it, no weight', async () => {
    const { provider } = all.ethers
    // In one and the same block: admission, proposal, and a try to vote.
    const address = all.addresses.allianceTimelock!
    await all.connection.networkHelpers.setBalance(address, parseEther('1'))
    await all.connection.networkHelpers.impersonateAccount(address)
    const timelock = await all.ethers.getSigner(address)
    const calls = [alliance('expel', [all.dan.address])]
    await provider.send('evm_setAutomine', [false])
    const gasLimit = 1_000_000
    await (all.alliance.connect(timelock) as Everything['alliance']).admit(all.stranger.address, ROLE.owner, { gasLimit })
    const early = await all
      .by(all.stranger)
      .getFunction('propose')
      .send([calls[0]!.target], [0n], [calls[0]!.data], 'In the block of the admission', { gasLimit })
    await provider.send('evm_mine', [])
    await provider.send('evm_setAutomine', [true])
    expect((await provider.getTransactionReceipt(early.hash))!.status).to.equal(0)
    expect(await all.alliance.getVotes(all.stranger.address)).to.equal(1n)

    const proposal = await all.propose(calls, 'A second later', all.stranger)
    await all.open(proposal)
    await asTimelock((each) => each.admit(all.deployer.address, ROLE.owner))
    await all.by(all.deployer).castVote(proposal, VOTE.for)
    expect([...(await all.governor.proposalVotes(proposal))]).to.deep.equal([0n, 0n, 0n])
    await all.by(all.stranger).castVote(proposal, VOTE.for)
    expect([...(await all.governor.proposalVotes(proposal))]).to.deep.equal([0n, 1n, 0n])
  })

  it('takes a vote by signature, once', async () => {
    const proposal = await all.propose([alliance('admit', [all.stranger.address, 1])], 'By signature')
    await all.open(proposal)
    const { chainId } = await all.ethers.provider.getNetwork()
    const domain = { name: 'Colophon AllianceGovernor', version: '1', chainId, verifyingContract: all.addresses.allianceGovernor! }
    const types = {
      Ballot: [
        { name: 'proposalId', type: 'uint256' },
        { name: 'support', type: 'uint8' },
        { name: 'voter', type: 'address' },
        { name: 'nonce', type: 'uint256' },
      ],
    }
    const ballot = { proposalId: proposal, support: VOTE.for, voter: all.bob.address, nonce: 0n }
    const signature = await all.bob.signTypedData(domain, types, ballot)
    await all.by(all.stranger).castVoteBySig(proposal, VOTE.for, all.bob.address, signature)
    expect([...(await all.governor.proposalVotes(proposal))]).to.deep.equal([0n, 1n, 0n])
    await refuses(
      all.by(all.stranger).castVoteBySig(proposal, VOTE.for, all.bob.address, signature),
      'GovernorInvalidSignature',
      all.bob.address,
    )
  })

  it('lets the proposer withdraw before the vote, and nobody else', async () => {
    const calls = [alliance('expel', [all.dan.address])]
    const proposal = await all.propose(calls, 'A rash one')
    await refuses(all.cancel(calls, 'A rash one', all.bob), 'GovernorUnableToCancel', proposal, all.bob.address)
    await all.cancel(calls, 'A rash one')
    expect(await all.governor.state(proposal)).to.equal(STATE.canceled)
  })

  it('changes its own settings by decision, within their ranges', async () => {
    await decide(
      all,
      [own('setVotingDelay', [30 * 86_400]), own('setVotingPeriod', [3600]), own('updateQuorumNumerator', [60])],
      'Other settings',
    )
    expect(await all.governor.votingDelay()).to.equal(30n * 86_400n)
    expect(await all.governor.votingPeriod()).to.equal(3600n)
    expect(await all.governor['quorumNumerator()']()).to.equal(60n)
    expect(await all.governor.quorum((await all.governor.clock()) - 1n)).to.equal(2n)
    await refuses(all.by(all.ann).setVotingDelay(1), 'GovernorOnlyExecutor', all.ann.address)
  })

  it('can be stopped for ever by no setting', async () => {
    const bad: [string, string, unknown[]][] = [
      ['votingDelay', 'setVotingDelay', [30 * 86_400 + 1]],
      ['votingPeriod', 'setVotingPeriod', [3599]],
      ['votingPeriod', 'setVotingPeriod', [30 * 86_400 + 1]],
      ['proposalThreshold', 'setProposalThreshold', [0]],
      ['proposalThreshold', 'setProposalThreshold', [2]],
      ['quorum', 'updateQuorumNumerator', [9]],
      ['quorum', 'updateQuorumNumerator', [61]],
      ['timelock', 'updateTimelock', [all.stranger.address]],
    ]
    for (const [field, name, args] of bad) {
      const before = await all.connection.networkHelpers.takeSnapshot()
      await refuses(
        decide(all, [own(name, args)], `${name} ${String(args)}`),
        'AllianceGovernor_SettingInvalid',
        encodeBytes32String(field),
      )
      await before.restore()
    }
    await decide(all, [own('setProposalThreshold', [1])], 'The same again')
  })

  it('decides for one call only if all succeed', async () => {
    const calls = [alliance('admit', [all.stranger.address, 1]), alliance('admit', [all.ann.address, 1])]
    await expect(decide(all, calls, 'One of two fails')).to.be.revertedWithCustomError(all.alliance, 'ERC721InvalidSender')
    expect(await all.alliance.isActive(all.stranger.address)).to.equal(false)
  })

  it('obeys nobody but the governor in the timelock', async () => {
    const call = [all.addresses.copyrightAlliance!, 0n, '0x', ZeroHash, ZeroHash] as const
    for (const signer of [all.ann, all.deployer]) {
      const timelock = all.timelock.connect(signer) as typeof all.timelock
      await expect(timelock.schedule(...call, SETTINGS.timelockDelay)).to.be.revertedWithCustomError(
        all.timelock,
        'AccessControlUnauthorizedAccount',
      )
      await expect(timelock.execute(...call)).to.be.revertedWithCustomError(all.timelock, 'AccessControlUnauthorizedAccount')
      await expect(timelock.cancel(ZeroHash)).to.be.revertedWithCustomError(all.timelock, 'AccessControlUnauthorizedAccount')
      await expect(timelock.updateDelay(0)).to.be.revertedWithCustomError(all.timelock, 'TimelockUnauthorizedCaller')
    }
  })
})
