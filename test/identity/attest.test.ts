// IdentityRegistry.attest, attestMany and attestBySig; every branch is listed in attest.tree.
import { expect } from 'chai'
import { encodeBytes32String, ZeroAddress, ZeroHash } from 'ethers'
import { brokenForms } from '../registry/fixture.ts'
import { type Attestation, DAY, deployIdentities, type Identities, ROLE } from './fixture.ts'

const MAX_TERM = 1826n * DAY

describe('IdentityRegistry.attest', () => {
  let at: Identities
  beforeEach(async () => {
    at = await deployIdentities()
  })

  const level = (time: bigint): Promise<bigint> => at.identities.levelAt(at.subject.address, time)

  it('vouches from its own second on, until the expiry', async () => {
    const given = await at.attestation({ level: 3n })
    const time = await at.at(100n)
    await expect(at.by(at.verifier).attest(given))
      .to.emit(at.identities, 'Attested')
      .withArgs(given.subject, at.verifier.address, 3n, given.validFrom, given.expiry, given.claim)
    expect(await level(given.validFrom)).to.equal(0n)
    expect(await level(time - 1n)).to.equal(0n)
    expect(await level(time)).to.equal(3n)
    expect(await level(given.expiry - 1n)).to.equal(3n)
    expect(await level(given.expiry)).to.equal(0n)
    expect(await at.identities.levelBy(at.verifier.address, given.subject, time)).to.equal(3n)
    expect(await at.identities.levelBy(at.other.address, given.subject, time)).to.equal(0n)
    expect(await at.identities.latestOf(given.subject, at.verifier.address)).to.equal(given.validFrom)
    expect([...(await at.identities.verifiersOf(given.subject))]).to.deep.equal([at.verifier.address])
  })

  it('takes the last second and the longest term, and one more of neither', async () => {
    const time = await at.at(10n)
    await at.by(at.verifier).attest(await at.attestation({ validFrom: time, expiry: time + MAX_TERM }))
    const next = await at.at(10n)
    await expect(at.by(at.verifier).attest(await at.attestation({ validFrom: next, expiry: next + MAX_TERM + 1n })))
      .to.be.revertedWithCustomError(at.identities, 'IdentityRegistry_AttestationInvalid')
      .withArgs(encodeBytes32String('expiry'))
    expect(await at.identities.MAX_TERM()).to.equal(MAX_TERM)
  })

  const bad: [string, (now: bigint) => Partial<Attestation>][] = [
    ['subject', () => ({ subject: ZeroAddress })],
    ['level', () => ({ level: 0n })],
    ['level', () => ({ level: 4n })],
    ['validFrom', (now) => ({ validFrom: now + 1n })],
    ['expiry', (now) => ({ expiry: now })],
    ['claim', () => ({ claim: ZeroHash })],
  ]
  for (const [index, [field, change]] of bad.entries())
    it(`refuses a bad ${field} (${index})`, async () => {
      const time = await at.at(10n)
      const given = await at.attestation(change(time))
      await expect(at.by(at.verifier).attest(given))
        .to.be.revertedWithCustomError(at.identities, 'IdentityRegistry_AttestationInvalid')
        .withArgs(encodeBytes32String(field))
      expect(await level(time)).to.equal(0n)
    })

  it('is for verifiers only, and not for suspended ones', async () => {
    for (const signer of [at.stranger, at.deployer])
      await expect(at.by(signer).attest(await at.attestation()))
        .to.be.revertedWithCustomError(at.identities, 'IdentityRegistry_NotVerifier')
        .withArgs(signer.address)
    await at.alliance.suspend(at.verifier.address)
    await expect(at.by(at.verifier).attest(await at.attestation())).to.be.revertedWithCustomError(
      at.identities,
      'IdentityRegistry_NotVerifier',
    )
    await at.alliance.reinstate(at.verifier.address)
    await at.by(at.verifier).attest(await at.attestation())
  })

  it('is prolonged by the same level without a break, and its past stays', async () => {
    const first = await at.attestation()
    const start = await at.at(10n)
    await at.by(at.verifier).attest(first)
    const second = await at.attestation({ validFrom: start, expiry: first.expiry + 100n })
    await at.at(50n)
    await at.by(at.verifier).attest(second)
    const periods = await at.identities.periodsOf(at.subject.address, at.verifier.address)
    expect(periods.map((each) => [...each])).to.deep.equal([[start, second.expiry, 2n]])
  })

  it('is prolonged once by one word, and no more by what was said before', async () => {
    const first = await at.attestation()
    await at.by(at.verifier).attest(first)
    await at.at(50n)
    const shorter = await at.attestation({ validFrom: first.validFrom + 1n })
    const longer = await at.attestation({ validFrom: first.validFrom + 2n, expiry: shorter.expiry + 100n })
    for (const each of [shorter, longer]) {
      await at.by(at.verifier).attest(each)
      expect(await at.identities.latestOf(at.subject.address, at.verifier.address)).to.equal(each.validFrom)
    }
    // Whoever kept the signature of an earlier word could shorten the period by it.
    for (const again of [longer, shorter])
      await expect(at.by(at.verifier).attest(again))
        .to.be.revertedWithCustomError(at.identities, 'IdentityRegistry_NotLater')
        .withArgs(again.validFrom, longer.validFrom)
    expect(await level(longer.expiry - 1n)).to.equal(2n)
  })

  it('begins a period when the level changes, and another after a gap', async () => {
    const start = await at.at(10n)
    await at.by(at.verifier).attest(await at.attestation({ level: 3n, expiry: start + 1000n }))
    const lowered = await at.at(100n)
    await at.by(at.verifier).attest(await at.attestation({ level: 1n, expiry: lowered + 50n }))
    const again = await at.at(500n)
    await at.by(at.verifier).attest(await at.attestation({ level: 1n, expiry: again + 50n }))
    const periods = await at.identities.periodsOf(at.subject.address, at.verifier.address)
    expect(periods.map((each) => [...each])).to.deep.equal([
      [start, lowered, 3n],
      [lowered, lowered + 50n, 1n],
      [again, again + 50n, 1n],
    ])
    for (const [time, expected] of [
      [start - 1n, 0n],
      [start, 3n],
      [lowered - 1n, 3n],
      [lowered, 1n],
      [lowered + 50n, 0n],
      [again - 1n, 0n],
      [again, 1n],
    ] as const)
      expect(await level(time)).to.equal(expected)
  })

  it('is the highest of all verifiers, each of whom has a timeline', async () => {
    await at.by(at.verifier).attest(await at.attestation({ level: 1n, expiry: (await at.now()) + 1000n }))
    await at.by(at.other).attest(await at.attestation({ level: 3n, expiry: (await at.now()) + 500n }))
    const now = await at.now()
    expect(await level(now)).to.equal(3n)
    expect(await level(now + 600n)).to.equal(1n)
    await at.by(at.other).revoke(at.subject.address)
    expect(await level((await at.now()) + 1n)).to.equal(1n)
    expect([...(await at.identities.verifiersOf(at.subject.address))]).to.deep.equal([at.verifier.address, at.other.address])
  })

  it('cannot be said twice, nor as of an earlier second', async () => {
    const given = await at.attestation()
    await at.by(at.verifier).attest(given)
    for (const again of [given, { ...given, validFrom: given.validFrom - 1n }])
      await expect(at.by(at.verifier).attest(again))
        .to.be.revertedWithCustomError(at.identities, 'IdentityRegistry_NotLater')
        .withArgs(again.validFrom, given.validFrom)
  })

  it('has room for sixteen verifiers of one subject', async () => {
    const accounts = Array.from({ length: 17 }, (_, index) => `0x${(0xbeef00 + index).toString(16).padStart(40, '0')}`)
    await at.alliance.admitMany(
      accounts,
      accounts.map(() => ROLE.verifier),
    )
    for (const [index, account] of accounts.entries()) {
      await at.ethers.provider.send('hardhat_impersonateAccount', [account])
      await at.ethers.provider.send('hardhat_setBalance', [account, '0xde0b6b3a7640000'])
      const sent = at.by((await at.ethers.getSigner(account)) as never).attest(await at.attestation({ level: index === 15 ? 3n : 1n }))
      if (index < 16) await sent
      else
        await expect(sent).to.be.revertedWithCustomError(at.identities, 'IdentityRegistry_VerifiersFull').withArgs(at.subject.address, 16)
    }
    expect(await level(await at.now())).to.equal(3n)
    expect(await at.identities.levelBy(accounts[16]!, at.subject.address, await at.now())).to.equal(0n)
    expect(await at.identities.verifiersOf(at.subject.address)).to.have.length(16)
    expect(await at.identities.MAX_VERIFIERS()).to.equal(16n)
  })

  it('is done for many, all or none', async () => {
    const many = [await at.attestation(), await at.attestation({ subject: at.stranger.address, level: 1n })]
    await at.by(at.verifier).attestMany(many)
    const now = await at.now()
    expect(await level(now)).to.equal(2n)
    expect(await at.identities.levelAt(at.stranger.address, now)).to.equal(1n)
    await expect(at.by(at.verifier).attestMany([])).to.be.revertedWithCustomError(at.identities, 'IdentityRegistry_BatchEmpty')
    await expect(at.by(at.stranger).attestMany(many)).to.be.revertedWithCustomError(at.identities, 'IdentityRegistry_NotVerifier')
    const half = [await at.attestation({ subject: at.sponsor.address }), await at.attestation({ level: 9n })]
    await expect(at.by(at.verifier).attestMany(half)).to.be.revertedWithCustomError(at.identities, 'IdentityRegistry_AttestationInvalid')
    expect(await at.identities.levelAt(at.sponsor.address, await at.now())).to.equal(0n)
  })

  it('twice in one second leaves the last word, and no period of the one before', async () => {
    const validFrom = await at.now()
    await at
      .by(at.verifier)
      .attestMany([await at.attestation({ level: 3n, validFrom: validFrom - 1n }), await at.attestation({ level: 1n, validFrom })])
    expect(await level(await at.now())).to.equal(1n)
    expect(await at.identities.periodsOf(at.subject.address, at.verifier.address)).to.have.length(1)
  })

  describe('by signature', () => {
    const send = (given: Attestation, deadline: bigint, signature: string, name: string = at.verifier.address) =>
      at.by(at.sponsor).attestBySig(name, given, deadline, signature)

    it('counts as the verifier’s own word, once', async () => {
      const given = await at.attestation()
      const deadline = (await at.now()) + 100n
      const signature = await at.sign(at.verifier, given, deadline)
      await expect(send(given, deadline, signature))
        .to.emit(at.identities, 'Attested')
        .withArgs(given.subject, at.verifier.address, 2n, given.validFrom, given.expiry, given.claim)
      await expect(send(given, deadline, signature)).to.be.revertedWithCustomError(at.identities, 'IdentityRegistry_NotLater')
    })

    it('cannot come back after a revocation, sent before or not', async () => {
      const given = await at.attestation()
      const waiting = await at.attestation({ validFrom: given.validFrom + 1n })
      const deadline = (await at.now()) + 1000n
      const [first, second] = [await at.sign(at.verifier, given, deadline), await at.sign(at.verifier, waiting, deadline)]
      await send(given, deadline, first)
      await at.at(100n)
      await at.by(at.verifier).revoke(at.subject.address)
      for (const [each, signature] of [
        [given, first],
        [waiting, second],
      ] as const)
        await expect(send(each, deadline, signature)).to.be.revertedWithCustomError(at.identities, 'IdentityRegistry_NotLater')
      expect(await level(await at.now())).to.equal(0n)
    })

    it('counts in the second of its deadline, not in the next', async () => {
      const given = await at.attestation()
      const deadline = await at.at(50n)
      await send(given, deadline, await at.sign(at.verifier, given, deadline))
      const late = await at.attestation({ validFrom: deadline })
      const signature = await at.sign(at.verifier, late, deadline)
      await at.time.setNextBlockTimestamp(deadline + 1n)
      await expect(send(late, deadline, signature))
        .to.be.revertedWithCustomError(at.identities, 'IdentityRegistry_SignatureExpired')
        .withArgs(deadline, deadline + 1n)
    })

    it('is refused for any field that was not signed', async () => {
      const given = await at.attestation()
      const deadline = (await at.now()) + 100n
      const signature = await at.sign(at.verifier, given, deadline)
      const changes: Partial<Attestation>[] = [
        { subject: at.stranger.address },
        { level: 3n },
        { validFrom: given.validFrom - 1n },
        { expiry: given.expiry + 1n },
        { claim: `0x${'11'.repeat(32)}` },
      ]
      for (const change of changes) {
        const changed = { ...given, ...change }
        await expect(send(changed, deadline, signature))
          .to.be.revertedWithCustomError(at.identities, 'IdentityRegistry_SignatureInvalid')
          .withArgs(at.verifier.address, at.digest(at.verifier.address, changed, deadline))
      }
      await expect(send(given, deadline + 1n, signature)).to.be.revertedWithCustomError(at.identities, 'IdentityRegistry_SignatureInvalid')
      await expect(send(given, deadline, signature, at.other.address)).to.be.revertedWithCustomError(
        at.identities,
        'IdentityRegistry_SignatureInvalid',
      )
    })

    it('is refused for another chain, contract, or in another form', async () => {
      const given = await at.attestation()
      const deadline = (await at.now()) + 1000n
      const signature = await at.sign(at.verifier, given, deadline)
      const foreign = [
        await at.sign(at.verifier, given, deadline, at.verifier.address, { ...at.domain, chainId: 5 }),
        await at.sign(at.verifier, given, deadline, at.verifier.address, { ...at.domain, verifyingContract: at.stranger.address }),
        ...Object.values(brokenForms(signature)),
      ]
      for (const each of foreign)
        await expect(send(given, deadline, each)).to.be.revertedWithCustomError(at.identities, 'IdentityRegistry_SignatureInvalid')
      expect([...(await at.identities.eip712Domain())].slice(1, 5)).to.deep.equal([
        at.domain.name,
        at.domain.version,
        at.domain.chainId,
        at.address,
      ])
    })

    it('is refused once the verifier is suspended, though it was signed before', async () => {
      const given = await at.attestation()
      const deadline = (await at.now()) + 1000n
      const signature = await at.sign(at.verifier, given, deadline)
      await at.alliance.suspend(at.verifier.address)
      await expect(send(given, deadline, signature))
        .to.be.revertedWithCustomError(at.identities, 'IdentityRegistry_NotVerifier')
        .withArgs(at.verifier.address)
    })

    it('can be a contract’s (ERC-1271)', async () => {
      const wallet = await at.ethers.deployContract('OwnedWallet', [at.stranger.address])
      const name = await wallet.getAddress()
      await at.alliance.admit(name, ROLE.verifier)
      const given = await at.attestation()
      const deadline = (await at.now()) + 1000n
      await expect(send(given, deadline, await at.sign(at.sponsor, given, deadline, name), name)).to.be.revertedWithCustomError(
        at.identities,
        'IdentityRegistry_SignatureInvalid',
      )
      await send(given, deadline, await at.sign(at.stranger, given, deadline, name), name)
      expect(await at.identities.levelBy(name, at.subject.address, await at.now())).to.equal(2n)
    })
  })
})
