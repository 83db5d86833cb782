import { expect } from 'chai'
import { ZeroAddress, ZeroHash } from 'ethers'
import hre from 'hardhat'
import { ANSWER, deployRegistry, idOf, KIND, newWork, type Registry, SKIP } from './fixture.ts'

describe('CopyrightRegistry.depositManyBySig', () => {
  let at: Registry
  beforeEach(async () => {
    at = await deployRegistry()
  })

  const entryOf = (claimant: string) => ({ claimant, work: newWork(), deadline: at.deadline, signature: '0x' })

  it('records works of several claimants', async () => {
    const entries = [await at.signDeposit(at.claimant, newWork()), await at.signDeposit(at.thief, newWork())]
    expect(await at.by(at.sponsor).depositManyBySig.staticCall(entries)).to.equal(2n)
    await at.by(at.sponsor).depositManyBySig(entries)
    for (const { claimant, work } of entries) {
      const found = await at.registry.depositOf(idOf(claimant, work))
      expect([found.claimant, found.kind]).to.deep.equal([claimant, KIND.signed])
    }
  })

  it('skips what cannot be recorded, says why, and records the rest', async () => {
    const known = await at.signDeposit(at.claimant, newWork())
    await at.by(at.thief).depositBySig(known.claimant, known.work, known.deadline, known.signature)
    const good = await at.signDeposit(at.claimant, newWork())
    const skipped = [
      { entry: await at.signDeposit(at.claimant, newWork({ contentHash: ZeroHash })), reason: SKIP.contentHashZero },
      { entry: known, reason: SKIP.depositExists },
      { entry: await at.signDeposit(at.claimant, newWork(), { until: 1n }), reason: SKIP.signatureExpired },
      { entry: await at.signDeposit(at.thief, newWork(), { name: at.claimant.address }), reason: SKIP.signatureInvalid },
      { entry: entryOf(ZeroAddress), reason: SKIP.signatureInvalid },
    ]
    const batch = [...skipped.map(({ entry }) => entry), good, good]
    expect(await at.by(at.sponsor).depositManyBySig.staticCall(batch)).to.equal(1n)

    const receipt = await (await at.by(at.sponsor).depositManyBySig(batch)).wait()
    const events = receipt!.logs.map((log) => at.registry.interface.parseLog(log)!)
    expect(events.map(({ name }) => name)).to.deep.equal([...skipped.map(() => 'DepositSkipped'), 'Deposited', 'DepositSkipped'])
    const expected = [...skipped, { entry: good, reason: 0n }, { entry: good, reason: SKIP.depositExists }].map(
      ({ entry, reason }, index) => [BigInt(index), idOf(entry.claimant, entry.work), entry.claimant, reason],
    )
    expect(events.filter(({ name }) => name === 'DepositSkipped').map(({ args }) => [...args])).to.deep.equal(
      expected.filter(([, , , reason]) => reason !== 0n),
    )
    expect((await at.registry.depositOf(idOf(good.claimant, good.work))).kind).to.equal(KIND.signed)
  })

  it('bounds the gas that hostile wallets burn, and what their answers cost', async () => {
    for (const answer of [ANSWER.burnEverything, ANSWER.bomb]) {
      const wallet = await at.wallet(answer)
      const good = await at.signDeposit(at.claimant, newWork())
      const batch = [...Array.from({ length: 10 }, () => entryOf(wallet)), good]
      const receipt = await (await at.by(at.sponsor).depositManyBySig(batch, { gasLimit: 4_000_000 })).wait()
      expect((await at.registry.depositOf(idOf(good.claimant, good.work))).kind).to.equal(KIND.signed)
      // Ten times the 150,000 that a wallet may burn, and what the entries cost anyhow. Marks of coverage cost gas of their own.
      const marks = hre.globalOptions.coverage ? 10_000n : 0n
      expect(receipt!.gasUsed).to.be.lessThan(10n * (165_000n + marks) + 80_000n)
    }
  })

  it('gives a wallet enough for 120,000 gas of checking, and refuses bad answers', async () => {
    const slow = entryOf(await at.wallet(ANSWER.slowYes))
    const bad = await Promise.all([ANSWER.revert, ANSWER.nothing, ANSWER.short, ANSWER.dirtyTail].map(at.wallet))
    expect(await at.by(at.sponsor).depositManyBySig.staticCall([slow, ...bad.map(entryOf)])).to.equal(1n)
  })

  it('refuses an empty list', async () => {
    await expect(at.by(at.sponsor).depositManyBySig([])).to.be.revertedWithCustomError(at.registry, 'CopyrightRegistry_BatchEmpty')
  })
})
