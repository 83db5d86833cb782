// CopyrightAlliance; every branch is listed in membership.tree.
import { expect } from 'chai'
import { ZeroAddress } from 'ethers'
import { type Alliance, deployAlliance, MEMBER_AS, ROLE } from './fixture.ts'

describe('CopyrightAlliance', () => {
  let at: Alliance
  beforeEach(async () => {
    at = await deployAlliance()
  })

  const membership = async (account: string) => [...(await at.alliance.membershipOf(account))]
  const admitThree = () =>
    at.alliance.admitMany([at.one.address, at.two.address, at.three.address], [ROLE.owner, ROLE.verifier, ROLE.arbitrator + ROLE.agency])
  const refuses = (sent: Promise<unknown>, error: string, ...args: unknown[]) =>
    expect(sent)
      .to.be.revertedWithCustomError(at.alliance, error)
      .withArgs(...args)

  it('admits with a token that stays, a vote, and roles', async () => {
    const tokenId = BigInt(at.one.address)
    const sent = at.alliance.admit(at.one.address, ROLE.owner + ROLE.arbitrator)
    await expect(sent).to.emit(at.alliance, 'MemberAdmitted').withArgs(at.one.address, 17)
    await expect(sent).to.emit(at.alliance, 'Locked').withArgs(tokenId)
    const now = await at.now()
    expect(await membership(at.one.address)).to.deep.equal([17n, false, now])
    expect(await at.alliance.ownerOf(tokenId)).to.equal(at.one.address)
    expect(await at.alliance.locked(tokenId)).to.equal(true)
    await refuses(at.alliance.locked(5n), 'ERC721NonexistentToken', 5n)
    expect(await at.alliance.getVotes(at.one.address)).to.equal(1n)
    expect(await at.alliance.delegates(at.one.address)).to.equal(at.one.address)
    expect(await at.alliance.activeMembers()).to.equal(1n)
    expect(await at.alliance.isActive(at.one.address)).to.equal(true)
    const is = await Promise.all(Object.values(MEMBER_AS).map((role) => at.alliance.isMember(at.one.address, role)))
    expect(is).to.deep.equal([true, false, false, false, true])
    expect(await at.alliance.isMember(at.stranger.address, MEMBER_AS.owner)).to.equal(false)
    expect(await at.alliance.isActive(at.stranger.address)).to.equal(false)
  })

  it('admits nobody twice, nobody without a role, and not zero', async () => {
    await at.alliance.admit(at.one.address, ROLE.owner)
    await refuses(at.alliance.admit(at.one.address, ROLE.agency), 'ERC721InvalidSender', ZeroAddress)
    for (const roles of [0, 32, 255]) await refuses(at.alliance.admit(at.two.address, roles), 'CopyrightAlliance_RolesInvalid', roles)
    await refuses(at.alliance.setRoles(at.one.address, 0), 'CopyrightAlliance_RolesInvalid', 0)
    await refuses(at.alliance.admit(ZeroAddress, ROLE.owner), 'CopyrightAlliance_AccountZero')
    await refuses(at.alliance.admitMany([at.two.address], []), 'CopyrightAlliance_LengthsDiffer', 1, 0)
    await refuses(at.alliance.admitMany([at.two.address, at.one.address], [ROLE.owner, ROLE.owner]), 'ERC721InvalidSender', ZeroAddress)
    expect(await membership(at.one.address)).to.deep.equal([1n, false, (await membership(at.one.address))[2]])
    expect(await at.alliance.activeMembers()).to.equal(1n)
  })

  it('suspends at once: no vote, no role, and the token stays', async () => {
    await admitThree()
    const before = await at.now()
    await expect(at.alliance.suspend(at.three.address)).to.emit(at.alliance, 'MemberSuspended').withArgs(at.three.address)
    const during = await at.now()
    expect(await at.alliance.getVotes(at.three.address)).to.equal(0n)
    expect(await at.alliance.isActive(at.three.address)).to.equal(false)
    expect(await at.alliance.isMember(at.three.address, MEMBER_AS.arbitrator)).to.equal(false)
    expect(await at.alliance.balanceOf(at.three.address)).to.equal(1n)
    expect(await at.alliance.activeMembers()).to.equal(2n)
    await refuses(at.alliance.suspend(at.three.address), 'CopyrightAlliance_Suspended', at.three.address)
    await at.alliance.setRoles(at.three.address, ROLE.platform)
    expect(await at.alliance.isMember(at.three.address, MEMBER_AS.platform)).to.equal(false)
    await expect(at.alliance.reinstate(at.three.address)).to.emit(at.alliance, 'MemberReinstated').withArgs(at.three.address)
    expect(await at.alliance.isMember(at.three.address, MEMBER_AS.platform)).to.equal(true)
    expect(await at.alliance.getVotes(at.three.address)).to.equal(1n)
    await refuses(at.alliance.reinstate(at.three.address), 'CopyrightAlliance_NotSuspended', at.three.address)

    // What was, is still to be asked.
    expect(await at.alliance.rolesAt(at.three.address, before)).to.equal(18n)
    expect(await at.alliance.rolesAt(at.three.address, before - 1n)).to.equal(0n)
    expect(await at.alliance.rolesAt(at.three.address, during)).to.equal(0n)
    expect(await at.alliance.getPastVotes(at.three.address, before)).to.equal(1n)
    expect(await at.alliance.getPastVotes(at.three.address, during)).to.equal(0n)
    expect(await at.alliance.getPastTotalSupply(before)).to.equal(3n)
    expect(await at.alliance.getPastTotalSupply(during)).to.equal(2n)
    const now = await at.now()
    await refuses(at.alliance.rolesAt(at.three.address, now), 'ERC5805FutureLookup', now, now)
  })

  it('expels members and suspended members, who can be admitted again', async () => {
    await admitThree()
    await at.alliance.suspend(at.three.address)
    await expect(at.alliance.expel(at.three.address)).to.emit(at.alliance, 'MemberExpelled').withArgs(at.three.address)
    await at.alliance.expel(at.two.address)
    for (const { address } of [at.two, at.three]) {
      expect(await at.alliance.balanceOf(address)).to.equal(0n)
      expect(await at.alliance.getVotes(address)).to.equal(0n)
      expect((await membership(address)).slice(0, 2)).to.deep.equal([0n, false])
      await refuses(at.alliance.setRoles(address, ROLE.owner), 'CopyrightAlliance_NotMember', address)
      await refuses(at.alliance.suspend(address), 'CopyrightAlliance_NotMember', address)
      await refuses(at.alliance.reinstate(address), 'CopyrightAlliance_NotMember', address)
      await refuses(at.alliance.expel(address), 'CopyrightAlliance_NotMember', address)
    }
    expect(await at.alliance.activeMembers()).to.equal(1n)
    await at.alliance.admit(at.three.address, ROLE.owner)
    expect(await at.alliance.getVotes(at.three.address)).to.equal(1n)
    expect(await at.alliance.activeMembers()).to.equal(2n)
  })

  it('lets members resign, but not the last one leave', async () => {
    await admitThree()
    await expect(at.by(at.one).resign()).to.emit(at.alliance, 'MemberResigned').withArgs(at.one.address)
    await refuses(at.by(at.one).resign(), 'CopyrightAlliance_NotMember', at.one.address)
    await at.alliance.suspend(at.two.address)
    for (const send of [
      () => at.alliance.suspend(at.three.address),
      () => at.alliance.expel(at.three.address),
      () => at.by(at.three).resign(),
    ])
      await refuses(send(), 'CopyrightAlliance_LastMember', at.three.address)
    // A suspended member has no vote to lose, so may go.
    await at.by(at.two).resign()
    expect(await at.alliance.activeMembers()).to.equal(1n)
  })

  it('obeys the authority alone', async () => {
    await admitThree()
    const by = at.by(at.one)
    for (const send of [
      () => by.admit(at.stranger.address, 1),
      () => by.admitMany([at.stranger.address], [1]),
      () => by.setRoles(at.one.address, 31),
      () => by.suspend(at.two.address),
      () => by.reinstate(at.two.address),
      () => by.expel(at.two.address),
      () => by.getFunction('connect(address)').send(at.stranger.address),
    ])
      await refuses(send(), 'AccessManagedUnauthorized', at.one.address)
  })

  it('moves no membership, whoever asks', async () => {
    await admitThree()
    const tokenId = BigInt(at.one.address)
    const by = at.by(at.one)
    const data = '0x'
    for (const send of [
      () => by.transferFrom(at.one.address, at.stranger.address, tokenId),
      () => by['safeTransferFrom(address,address,uint256)'](at.one.address, at.stranger.address, tokenId),
      () => by['safeTransferFrom(address,address,uint256,bytes)'](at.one.address, at.stranger.address, tokenId, data),
      () => by.transferFrom(at.one.address, at.one.address, tokenId),
      () => by.approve(at.stranger.address, tokenId),
      () => by.setApprovalForAll(at.stranger.address, true),
    ])
      await refuses(send(), 'CopyrightAlliance_Soulbound')
    expect(await at.alliance.ownerOf(tokenId)).to.equal(at.one.address)
  })

  it('delegates no vote, directly or by signature', async () => {
    await admitThree()
    for (const to of [at.two.address, at.stranger.address, ZeroAddress])
      await refuses(at.by(at.one).delegate(to), 'CopyrightAlliance_NotDelegable', at.one.address, to)
    const { chainId } = await at.ethers.provider.getNetwork()
    const domain = { name: 'Colophon CopyrightAlliance', version: '1', chainId, verifyingContract: await at.alliance.getAddress() }
    const types = {
      Delegation: [
        { name: 'delegatee', type: 'address' },
        { name: 'nonce', type: 'uint256' },
        { name: 'expiry', type: 'uint256' },
      ],
    }
    const expiry = (await at.now()) + 1000n
    const signature = at.ethers.Signature.from(await at.one.signTypedData(domain, types, { delegatee: at.two.address, nonce: 0n, expiry }))
    await refuses(
      at.by(at.stranger).delegateBySig(at.two.address, 0n, expiry, signature.v, signature.r, signature.s),
      'CopyrightAlliance_NotDelegable',
      at.one.address,
      at.two.address,
    )
    // To oneself it changes nothing, for members and for those who become one later.
    await at.by(at.one).delegate(at.one.address)
    await at.by(at.stranger).delegate(at.stranger.address)
    await at.alliance.admit(at.stranger.address, ROLE.owner)
    for (const { address } of [at.one, at.stranger]) expect(await at.alliance.getVotes(address)).to.equal(1n)
    expect(await at.alliance.getVotes(at.two.address)).to.equal(1n)
  })

  it('keeps time in seconds', async () => {
    expect(await at.alliance.clock()).to.equal(await at.now())
    expect(await at.alliance.CLOCK_MODE()).to.equal('mode=timestamp')
  })

  it('says which interfaces it has', async () => {
    for (const id of ['0x01ffc9a7', '0x80ac58cd', '0x5b5e139f', '0xb45a3c0e'])
      expect(await at.alliance.supportsInterface(id)).to.equal(true)
    expect(await at.alliance.supportsInterface('0xffffffff')).to.equal(false)
  })

  it('is connected once, before anybody is a member', async () => {
    const address = await at.identities.getAddress()
    const connect = (to: string) => at.alliance.getFunction('connect(address)').send(to)
    await refuses(connect(ZeroAddress), 'CopyrightAlliance_ModuleZero')
    await expect(at.wire()).to.emit(at.alliance, 'Connected').withArgs(address)
    expect(await at.alliance.identityRegistry()).to.equal(address)
    await refuses(at.wire(), 'CopyrightAlliance_AlreadyConnected')
    await admitThree()
    expect(await at.identities.isVerifier(at.two.address)).to.equal(true)
    await at.alliance.expel(at.two.address)
    expect(await at.identities.isVerifier(at.two.address)).to.equal(false)

    const late = await deployAlliance()
    await late.alliance.admit(late.one.address, ROLE.verifier)
    await expect(late.wire()).to.be.revertedWithCustomError(late.alliance, 'CopyrightAlliance_NotEmpty').withArgs(1)
  })
})
