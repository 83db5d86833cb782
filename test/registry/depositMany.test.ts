// CopyrightRegistry.depositMany; every branch is listed in depositMany.tree.
import { expect } from 'chai'
import { concat, toBeHex, ZeroHash } from 'ethers'
import { deployRegistry, idOf, KIND, NO_RECORD, newWork, record } from './fixture.ts'

describe('CopyrightRegistry.depositMany', () => {
  it('gives the ids in the order of the works and records each', async () => {
    const { registry, claimant, recordOf, time } = await deployRegistry()
    const works = Array.from({ length: 20 }, () => newWork())
    const ids = works.map((work) => idOf(claimant.address, work))
    expect(await registry.connect(claimant).depositMany.staticCall(works)).to.deep.equal(ids)

    const at = BigInt(await time.latest()) + 50n
    await time.setNextBlockTimestamp(at)
    const receipt = await (await registry.connect(claimant).depositMany(works)).wait()
    const events = receipt!.logs.map((log) => registry.interface.parseLog(log)!)
    expect(events.map(({ args }) => [...args])).to.deep.equal(
      works.map((work, index) => [
        ids[index],
        claimant.address,
        work.contentHash,
        work.fingerprint,
        BigInt(work.fingerprintType),
        work.metadata,
        work.salt,
      ]),
    )
    for (const id of ids) {
      expect(await recordOf(id)).to.deep.equal(record(claimant.address, at, BigInt(receipt!.blockNumber), KIND.direct))
    }
  })

  it('refuses an empty list', async () => {
    const { registry, claimant } = await deployRegistry()
    await expect(registry.connect(claimant).depositMany([])).to.be.revertedWithCustomError(registry, 'CopyrightRegistry_BatchEmpty')
  })

  it('records none if one was deposited before', async () => {
    const { registry, claimant, recordOf } = await deployRegistry()
    const [first, known] = [newWork(), newWork()]
    await registry.connect(claimant).deposit(known)
    await expect(registry.connect(claimant).depositMany([first, known]))
      .to.be.revertedWithCustomError(registry, 'CopyrightRegistry_DepositExists')
      .withArgs(idOf(claimant.address, known))
    expect(await recordOf(idOf(claimant.address, first))).to.deep.equal(NO_RECORD)
  })

  it('records none if one is there twice', async () => {
    const { registry, claimant, recordOf } = await deployRegistry()
    const [first, twice] = [newWork(), newWork()]
    await expect(registry.connect(claimant).depositMany([twice, first, twice]))
      .to.be.revertedWithCustomError(registry, 'CopyrightRegistry_DepositExists')
      .withArgs(idOf(claimant.address, twice))
    expect(await recordOf(idOf(claimant.address, first))).to.deep.equal(NO_RECORD)
  })

  it('records none if one has no content hash', async () => {
    const { registry, claimant, recordOf } = await deployRegistry()
    const first = newWork()
    await expect(registry.connect(claimant).depositMany([first, newWork({ contentHash: ZeroHash })])).to.be.revertedWithCustomError(
      registry,
      'CopyrightRegistry_ContentHashZero',
    )
    expect(await recordOf(idOf(claimant.address, first))).to.deep.equal(NO_RECORD)
  })

  it('refuses dirty high bits of fingerprintType in any of the works', async () => {
    const { registry, address, claimant, ethers } = await deployRegistry()
    const clean = registry.interface.encodeFunctionData('depositMany', [[newWork(), newWork()]])
    // Selector, offset and length, the first work's five words, and two of the second's.
    const at = 2 + 2 * (4 + 9 * 32)
    const dirty = concat([clean.slice(0, at), toBeHex(1n << 16n, 32), `0x${clean.slice(at + 64)}`])
    await expect(claimant.sendTransaction({ to: address, data: dirty })).to.revert(ethers)
    await claimant.sendTransaction({ to: address, data: clean })
  })

  it('refuses a list that claims to be longer than its calldata', async () => {
    const { registry, address, claimant, ethers } = await deployRegistry()
    const honest = registry.interface.encodeFunctionData('depositMany', [[newWork()]])
    const at = 2 + 2 * (4 + 32)
    for (const length of [2n, 2n ** 64n, 2n ** 256n - 1n]) {
      const lying = concat([honest.slice(0, at), toBeHex(length, 32), `0x${honest.slice(at + 64)}`])
      await expect(claimant.sendTransaction({ to: address, data: lying, gasLimit: 1_000_000n })).to.revert(ethers)
    }
  })
})
