// IdentityRegistry.revoke, revokeMany, revokeBySig, renounce, revokeFor and setVerifier; every branch is listed in revoke.tree.
import { expect } from 'chai'
import { AbiCoder, keccak256, ZeroAddress } from 'ethers'
import { DAY, deployIdentities, type Identities, REVOCATION_TYPES, ROLE } from './fixture.ts'

describe('IdentityRegistry.revoke', () => {
  let at: Identities
  beforeEach(async () => {
    at = await deployIdentities()
    await at.by(at.verifier).attest(await at.attestation())
  })

  const level = (time: bigint): Promise<bigint> => at.identities.levelAt(at.subject.address, time)

  it('ends it from its own second on, and leaves the past', async () => {
    const before = await at.now()
    const time = await at.at(100n)
    await expect(at.by(at.verifier).revoke(at.subject.address))
      .to.emit(at.identities, 'AttestationRevoked')
      .withArgs(at.subject.address, at.verifier.address, at.verifier.address)
    expect(await level(before)).to.equal(2n)
    expect(await level(time - 1n)).to.equal(2n)
    expect(await level(time)).to.equal(0n)
    expect(await level(time + DAY)).to.equal(0n)
    expect(await at.identities.latestOf(at.subject.address, at.verifier.address)).to.equal(time)
  })

  it('can be followed by another attestation, with a gap between', async () => {
    const start = await at.now()
    const end = await at.at(100n)
    await at.by(at.verifier).revoke(at.subject.address)
    const again = await at.at(100n)
    await at.by(at.verifier).attest(await at.attestation({ validFrom: again, expiry: again + 10n }))
    const periods = await at.identities.periodsOf(at.subject.address, at.verifier.address)
    expect(periods.map((each) => [...each])).to.deep.equal([
      [start, end, 2n],
      [again, again + 10n, 2n],
    ])
    expect(await level(end - 1n)).to.equal(2n)
    expect(await level(end)).to.equal(0n)
    expect(await level(again)).to.equal(2n)
  })

  it('is for what is in force, and for one’s own', async () => {
    for (const subject of [at.stranger.address, ZeroAddress])
      await expect(at.by(at.verifier).revoke(subject))
        .to.be.revertedWithCustomError(at.identities, 'IdentityRegistry_NotInForce')
        .withArgs(subject, at.verifier.address)
    await expect(at.by(at.other).revoke(at.subject.address)).to.be.revertedWithCustomError(at.identities, 'IdentityRegistry_NotInForce')
    await expect(at.by(at.stranger).revoke(at.subject.address)).to.be.revertedWithCustomError(at.identities, 'IdentityRegistry_NotVerifier')
    await at.by(at.verifier).revoke(at.subject.address)
    await expect(at.by(at.verifier).revoke(at.subject.address)).to.be.revertedWithCustomError(at.identities, 'IdentityRegistry_NotInForce')
  })

  it('is not for suspended verifiers', async () => {
    await at.alliance.suspend(at.verifier.address)
    await expect(at.by(at.verifier).revoke(at.subject.address)).to.be.revertedWithCustomError(at.identities, 'IdentityRegistry_NotVerifier')
    expect(await level(await at.now())).to.equal(2n)
  })

  it('is done for many, all or none', async () => {
    await at.by(at.verifier).attest(await at.attestation({ subject: at.stranger.address }))
    await expect(at.by(at.verifier).revokeMany([])).to.be.revertedWithCustomError(at.identities, 'IdentityRegistry_BatchEmpty')
    await expect(at.by(at.verifier).revokeMany([at.subject.address, at.sponsor.address])).to.be.revertedWithCustomError(
      at.identities,
      'IdentityRegistry_NotInForce',
    )
    expect(await level(await at.now())).to.equal(2n)
    await at.by(at.verifier).revokeMany([at.subject.address, at.stranger.address])
    expect(await level(await at.now())).to.equal(0n)
    expect(await at.identities.levelAt(at.stranger.address, await at.now())).to.equal(0n)
  })

  describe('by signature', () => {
    const sign = async (validFrom: bigint, deadline: bigint, signer = at.verifier) =>
      signer.signTypedData(at.domain, REVOCATION_TYPES, { verifier: at.verifier.address, subject: at.subject.address, validFrom, deadline })
    const send = (validFrom: bigint, deadline: bigint, signature: string) =>
      at.by(at.sponsor).revokeBySig(at.verifier.address, at.subject.address, validFrom, deadline, signature)

    it('ends the attestation that it names, and no later one', async () => {
      const validFrom = await at.identities.latestOf(at.subject.address, at.verifier.address)
      const deadline = (await at.now()) + 1000n
      const signature = await sign(validFrom, deadline)
      await expect(send(validFrom, deadline, signature))
        .to.emit(at.identities, 'AttestationRevoked')
        .withArgs(at.subject.address, at.verifier.address, at.sponsor.address)
      const again = await at.at(50n)
      await at.by(at.verifier).attest(await at.attestation({ validFrom: again }))
      await expect(send(validFrom, deadline, signature)).to.be.revertedWithCustomError(at.identities, 'IdentityRegistry_NotLatest')
      expect(await level(await at.now())).to.equal(2n)
    })

    it('is refused late, forged, or by a suspended verifier’s', async () => {
      const validFrom = await at.identities.latestOf(at.subject.address, at.verifier.address)
      const deadline = (await at.now()) + 1000n
      await expect(send(validFrom, deadline, await sign(validFrom, deadline, at.other))).to.be.revertedWithCustomError(
        at.identities,
        'IdentityRegistry_SignatureInvalid',
      )
      const past = await at.now()
      await expect(send(validFrom, past, await sign(validFrom, past))).to.be.revertedWithCustomError(
        at.identities,
        'IdentityRegistry_SignatureExpired',
      )
      const signature = await sign(validFrom, deadline)
      await at.alliance.suspend(at.verifier.address)
      await expect(send(validFrom, deadline, signature)).to.be.revertedWithCustomError(at.identities, 'IdentityRegistry_NotVerifier')
    })
  })

  it('is open to the subject, whoever the verifier is by now', async () => {
    await at.alliance.expel(at.verifier.address)
    await expect(at.by(at.stranger).renounce(at.verifier.address)).to.be.revertedWithCustomError(
      at.identities,
      'IdentityRegistry_NotInForce',
    )
    await expect(at.by(at.subject).renounce(at.verifier.address))
      .to.emit(at.identities, 'AttestationRevoked')
      .withArgs(at.subject.address, at.verifier.address, at.subject.address)
    expect(await level(await at.now())).to.equal(0n)
    await expect(at.by(at.subject).renounce(at.stranger.address)).to.be.revertedWithCustomError(
      at.identities,
      'IdentityRegistry_NotInForce',
    )
  })

  it('is open to the authority when the verifier is none any more, and not before', async () => {
    const revokeFor = () => at.identities.revokeFor(at.verifier.address, at.subject.address)
    await expect(revokeFor()).to.be.revertedWithCustomError(at.identities, 'IdentityRegistry_StillVerifier').withArgs(at.verifier.address)
    await at.alliance.setRoles(at.verifier.address, ROLE.owner)
    await expect(at.by(at.stranger).revokeFor(at.verifier.address, at.subject.address))
      .to.be.revertedWithCustomError(at.identities, 'AccessManagedUnauthorized')
      .withArgs(at.stranger.address)
    const before = await at.now()
    await revokeFor()
    expect(await level(before)).to.equal(2n)
    expect(await level(await at.now())).to.equal(0n)
    await expect(revokeFor()).to.be.revertedWithCustomError(at.identities, 'IdentityRegistry_NotInForce')
  })

  it('learns of verifiers from the alliance alone', async () => {
    for (const signer of [at.deployer, at.verifier])
      await expect(at.by(signer).setVerifier(at.stranger.address, true))
        .to.be.revertedWithCustomError(at.identities, 'IdentityRegistry_NotAlliance')
        .withArgs(signer.address)
    expect(await at.identities.isVerifier(at.stranger.address)).to.equal(false)
    await expect(at.alliance.admit(at.stranger.address, ROLE.verifier + ROLE.owner))
      .to.emit(at.identities, 'VerifierSet')
      .withArgs(at.stranger.address, true)
    expect(await at.identities.isVerifier(at.stranger.address)).to.equal(true)
    await expect(at.alliance.setRoles(at.stranger.address, ROLE.verifier)).not.to.emit(at.identities, 'VerifierSet')
    await expect(at.alliance.setRoles(at.stranger.address, ROLE.owner))
      .to.emit(at.identities, 'VerifierSet')
      .withArgs(at.stranger.address, false)
    expect(await at.identities.ALLIANCE()).to.equal(await at.alliance.getAddress())
    await expect(
      at.ethers.deployContract('IdentityRegistry', [ZeroAddress, await at.authority.getAddress()]),
    ).to.be.revertedWithCustomError(at.identities, 'IdentityRegistry_AllianceZero')
  })

  it('keeps the timeline of a verifier who comes back', async () => {
    await at.alliance.expel(at.verifier.address)
    await at.alliance.admit(at.verifier.address, ROLE.verifier)
    await at.by(at.verifier).attest(await at.attestation({ level: 3n }))
    expect([...(await at.identities.verifiersOf(at.subject.address))]).to.deep.equal([at.verifier.address])
    expect(await at.identities.periodsOf(at.subject.address, at.verifier.address)).to.have.length(2)
  })

  it('knows nothing of strangers', async () => {
    expect(await at.identities.levelAt(at.stranger.address, await at.now())).to.equal(0n)
    expect(await at.identities.periodsOf(at.stranger.address, at.verifier.address)).to.have.length(0)
    expect(await at.identities.verifiersOf(at.stranger.address)).to.have.length(0)
    expect(await at.identities.latestOf(at.subject.address, at.stranger.address)).to.equal(0n)
  })

  it('says how a claim is made', async () => {
    const [salt, hash] = [`0x${'5a'.repeat(32)}`, `0x${'c0'.repeat(32)}`]
    const expected = keccak256(AbiCoder.defaultAbiCoder().encode(['address', 'bytes32', 'bytes32'], [at.subject.address, salt, hash]))
    expect(await at.identities.claimOf(at.subject.address, salt, hash)).to.equal(expected)
  })
})
