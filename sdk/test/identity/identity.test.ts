import { expect } from 'chai'
import { IdentityRegistry__factory } from '../../src/contracts/index.ts'
import { createIdentity, credentialClaim, type Identity, parseAttestation } from '../../src/identity/index.ts'
import { startChain, type TestChain } from '../chain.ts'
import { expectError } from '../expectError.ts'
import { admit, ROLE } from '../roles.ts'

describe('identity', () => {
  let chain: TestChain
  let verifier: Identity
  let person: Identity
  before(async () => {
    chain = await startChain()
    await admit(
      chain,
      [1, 2].map((index) => ({ account: address(index), roles: ROLE.verifier })),
    )
    verifier = createIdentity({ signer: chain.accounts[1]! })
    person = createIdentity({ signer: chain.accounts[5]! })
  })
  after(() => chain.stop())

  const address = (index: number): string => chain.accounts[index]!.address
  const now = async (): Promise<number> => (await chain.provider.getBlock('latest'))!.timestamp
  const credential = new TextEncoder().encode('{"name":"Ann"}')

  it('is attested, at its time for ever, and revoked', async () => {
    const subject = address(5)
    const { claim, salt } = credentialClaim(subject, credential)
    const registry = IdentityRegistry__factory.connect(chain.deployment.contracts.IdentityRegistry!.address, chain.provider)
    const hash = `0x${Buffer.from(await crypto.subtle.digest('SHA-256', credential)).toString('hex')}`
    expect(claim).to.equal(await registry.claimOf(subject, salt, hash))
    expect(credentialClaim(subject, hash, salt).claim).to.equal(claim)
    expect(credentialClaim(subject, credential).claim).not.to.equal(claim)

    expect(await person.levelAt(subject)).to.equal('none')
    const terms = { subject, level: 'substantial', claim } as const
    expect(await verifier.attest.simulate(terms)).to.deep.equal({ subject, level: 'substantial' })
    const attested = await verifier.attest(terms)
    expect(attested).to.deep.include({ subject, verifier: address(1), level: 'substantial', claim })
    expect(attested.expiresAt.getTime() - attested.at.getTime()).to.be.within(31_535_990_000, 31_536_000_000)
    expect(await person.levelAt(subject)).to.equal('substantial')
    expect(await person.levelBy(address(1), subject)).to.equal('substantial')
    expect(await person.levelBy(address(2), subject)).to.equal('none')

    await chain.pass(100)
    const revoked = await verifier.revoke({ subject })
    expect(revoked).to.include({ subject, verifier: address(1) })
    expect(await person.levelAt(subject)).to.equal('none')
    expect(await person.levelAt(subject, attested.at)).to.equal('substantial')
    expect(await person.levelAt(subject, new Date(attested.at.getTime() - 1000))).to.equal('none')
    expect(await person.history(subject)).to.deep.equal([
      { verifier: address(1), level: 'substantial', from: attested.at, until: revoked.at },
    ])
    await expectError('NOT_ATTESTED', () => verifier.revoke({ subject }))
  })

  it('is attested by a signature that the person sends', async () => {
    const subject = address(5)
    const { claim } = credentialClaim(subject, credential)
    await chain.pass(10)
    const signed = await verifier.sign({ subject, level: 'high', claim, expiresAt: (await now()) + 1_000 })
    const again = parseAttestation(JSON.stringify(signed))
    expect(again).to.deep.equal(signed)
    expect(await person.submit.simulate(again)).to.deep.equal({ subject, level: 'high' })
    const attested = await person.submit(again)
    expect(attested).to.include({ verifier: address(1), level: 'high' })
    await expectError('ATTESTATION_REPLAYED', () => person.submit(again))
    await expectError('INVALID_SIGNED', () => person.submit({ ...signed, value: { ...signed.value, level: 3, subject: address(6) } }))
    const forged = { ...signed, signature: `0x${'11'.repeat(65)}` as const }
    await expectError('SIGNATURE_INVALID', () => person.submit(forged))

    const end = await verifier.signRevocation(subject)
    expect((await person.submitRevocation(end)).verifier).to.equal(address(1))
    expect(await person.levelAt(subject)).to.equal('none')
  })

  it('can be renounced, and attested for many', async () => {
    const subjects = [6, 7].map(address)
    const terms = subjects.map((subject) => ({ subject, level: 'low' as const, claim: credentialClaim(subject, credential).claim }))
    expect((await verifier.attestMany(terms)).attested).to.equal(2)
    const sixth = createIdentity({ signer: chain.accounts[6]! })
    expect((await sixth.renounce({ verifier: address(1) })).subject).to.equal(address(6))
    expect(await Promise.all(subjects.map((subject) => person.levelAt(subject)))).to.deep.equal(['none', 'low'])
  })

  it('refuses who is no verifier, and what is no statement', async () => {
    const { claim } = credentialClaim(address(8), credential)
    const terms = { subject: address(8), level: 'low', claim } as const
    expect([await person.isVerifier(address(2)), await person.isVerifier(address(5))]).to.deep.equal([true, false])
    await expectError('NOT_VERIFIER', () => person.attest(terms))
    await expectError('INVALID_INPUT', () => verifier.attest({ ...terms, level: 'none' as never }))
    await expectError('INVALID_INPUT', () => verifier.attest({ ...terms, claim: '0x' }))
    await expectError('ATTESTATION_INVALID', () => verifier.attest({ ...terms, expiresAt: 5 }))
    await expectError('SIGNATURE_EXPIRED', () => verifier.sign(terms, { deadline: 5 }))
  })
})
