import { expect } from 'chai'
import { type Call, deployEverything, MEMBER_AS, ROLE, SETTINGS, STATE, VOTE } from './fixture.ts'

describe('docs/contracts/alliance.md', () => {
  it('tells a worked example that works', async () => {
    const all = await deployEverything()
    const [eve, mallory] = [all.stranger, all.deployer]
    const alliance = (name: 'admit' | 'suspend', args: unknown[]): Call => ({
      target: all.addresses.copyrightAlliance!,
      data: all.alliance.interface.encodeFunctionData(name as never, args as never),
    })
    const decide = async (call: Call, title: string, proposer: typeof all.ann, votes: [typeof all.ann, number][]) => {
      const proposal = await all.propose([call], title, proposer)
      await all.open(proposal)
      for (const [member, vote] of votes) await all.by(member).castVote(proposal, vote)
      await all.close(proposal)
      expect(await all.governor.state(proposal)).to.equal(STATE.succeeded)
      await all.queue([call], title)
      await all.time.increase(SETTINGS.timelockDelay)
      await all.execute([call], title)
    }
    const four = [all.ann, all.bob, all.cyd, all.dan]

    await decide(alliance('admit', [eve.address, ROLE.verifier]), 'Admit Eve', all.ann, [
      [all.ann, VOTE.for],
      [all.bob, VOTE.for],
      [all.cyd, VOTE.against],
    ])
    expect(await all.alliance.activeMembers()).to.equal(5n)
    expect(await all.alliance.isMember(eve.address, MEMBER_AS.verifier)).to.equal(true)

    const identities = all.identities.connect(eve) as typeof all.identities
    const now = BigInt(await all.time.latest())
    const attestation = { subject: mallory.address, level: 3n, validFrom: now, expiry: now + 31_536_000n, claim: `0x${'5a'.repeat(32)}` }
    await identities.attest(attestation)
    const careless = BigInt(await all.time.latest())

    await decide(
      alliance('suspend', [eve.address]),
      'Suspend Eve',
      all.bob,
      four.map((member) => [member, VOTE.for]),
    )
    expect(await all.alliance.activeMembers()).to.equal(4n)
    await expect(identities.attest({ ...attestation, validFrom: careless })).to.be.revertedWithCustomError(
      all.identities,
      'IdentityRegistry_NotVerifier',
    )
    expect(await all.identities.levelAt(mallory.address, await all.time.latest())).to.equal(3n)

    const revoke = {
      target: all.addresses.identityRegistry!,
      data: all.identities.interface.encodeFunctionData('revokeFor', [eve.address, mallory.address]),
    }
    await decide(
      revoke,
      'Revoke what Eve said of Mallory',
      all.ann,
      four.map((member) => [member, VOTE.for]),
    )
    expect(await all.identities.levelAt(mallory.address, await all.time.latest())).to.equal(0n)
    expect(await all.identities.levelAt(mallory.address, careless)).to.equal(3n)
  })
})
