import { expect } from 'chai'
import { deployIdentities } from './fixture.ts'

describe('docs/contracts/identity.md', () => {
  it('tells a worked example that works', async () => {
    const at = await deployIdentities()
    const ann = at.subject.address
    const start = (await at.now()) + 100n
    const at_ = (second: bigint) => at.time.setNextBlockTimestamp(start + second)
    const attest = async (verifier: typeof at.verifier, second: bigint, level: bigint, until: bigint) => {
      await at_(second)
      await at.by(verifier).attest(await at.attestation({ level, validFrom: start + second, expiry: start + until }))
    }
    const levelAt = (second: bigint) => at.identities.levelAt(ann, start + second)

    await attest(at.verifier, 0n, 2n, 1000n)
    expect(await levelAt(0n)).to.equal(2n)
    await attest(at.verifier, 200n, 3n, 2000n)
    expect(await levelAt(200n)).to.equal(3n)
    await at_(300n)
    await at.by(at.verifier).revoke(ann)
    expect(await levelAt(300n)).to.equal(0n)
    await attest(at.other, 400n, 1n, 5000n)
    await at_(500n)
    await at.alliance.suspend(at.verifier.address)

    const answers = { 0: [-1n, 300n, 399n, 5000n], 1: [400n, 500n, 4999n], 2: [0n, 100n, 199n], 3: [200n, 299n] }
    for (const [level, seconds] of Object.entries(answers))
      for (const second of seconds) expect(await levelAt(second), `second ${second}`).to.equal(BigInt(level))
  })
})
