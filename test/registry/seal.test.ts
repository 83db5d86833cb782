import { expect } from 'chai'
import { ZeroHash } from 'ethers'
import { deployRegistry, idOf, KIND, newWork, type Registry, random, record, treeOf } from './fixture.ts'

describe('CopyrightRegistry.seal and unseal', () => {
  let at: Registry
  beforeEach(async () => {
    at = await deployRegistry()
  })

  it('records the unsealed work with the time of the seal', async () => {
    const work = newWork({ salt: random() })
    const id = idOf(at.claimant.address, work)
    await expect(at.by(at.claimant).seal(id)).to.emit(at.registry, 'Sealed').withArgs(at.claimant.address, id)
    const sealed = await at.latest()
    expect([...(await at.registry.sealOf(at.claimant.address, id))]).to.deep.equal([at.claimant.address, sealed.time, sealed.number])
    expect((await at.registry.depositOf(id)).kind).to.equal(KIND.none)

    await at.time.increase(1000)
    await expect(at.by(at.claimant).unseal(work)).to.emit(at.registry, 'Deposited')
    const { number } = await at.latest()
    expect([...(await at.registry.depositOf(id))]).to.deep.equal(record(at.claimant.address, sealed.time, number, KIND.unsealed))
    expect((await at.registry.sealOf(at.claimant.address, id)).time).to.equal(sealed.time)
  })

  it('refuses to seal twice and tells the first time', async () => {
    const commitment = random()
    await at.by(at.claimant).seal(commitment)
    const { time } = await at.latest()
    await expect(at.by(at.claimant).seal(commitment))
      .to.be.revertedWithCustomError(at.registry, 'CopyrightRegistry_SealExists')
      .withArgs(at.claimant.address, commitment, time)
  })

  it("keeps a thief's copy of the commitment apart, and worthless", async () => {
    const work = newWork({ salt: random() })
    const id = idOf(at.claimant.address, work)
    await at.by(at.thief).seal(id)
    await at.by(at.claimant).seal(id)
    const { time } = await at.latest()
    await expect(at.by(at.thief).unseal(work))
      .to.be.revertedWithCustomError(at.registry, 'CopyrightRegistry_SealMissing')
      .withArgs(at.thief.address, idOf(at.thief.address, work))
    await at.by(at.claimant).unseal(work)
    expect((await at.registry.depositOf(id)).depositedAt).to.equal(time)
  })

  it('refuses a zero commitment', async () => {
    await expect(at.by(at.claimant).seal(ZeroHash)).to.be.revertedWithCustomError(at.registry, 'CopyrightRegistry_CommitmentZero')
  })

  it('refuses to unseal another salt, what nobody sealed, and a second time', async () => {
    const work = newWork({ salt: random() })
    await at.by(at.claimant).seal(idOf(at.claimant.address, work))
    await expect(at.by(at.claimant).unseal({ ...work, salt: random() })).to.be.revertedWithCustomError(
      at.registry,
      'CopyrightRegistry_SealMissing',
    )
    await at.by(at.claimant).unseal(work)
    await expect(at.by(at.claimant).unseal(work)).to.be.revertedWithCustomError(at.registry, 'CopyrightRegistry_DepositExists')
  })

  it('leaves a record alone that was made in the meantime', async () => {
    const work = newWork({ salt: random() })
    const id = idOf(at.claimant.address, work)
    await at.by(at.claimant).seal(id)
    await at.time.increase(10)
    await at.by(at.claimant).deposit(work)
    const { time } = await at.latest()
    await expect(at.by(at.claimant).unseal(work)).to.be.revertedWithCustomError(at.registry, 'CopyrightRegistry_DepositExists')
    expect((await at.registry.depositOf(id)).depositedAt).to.equal(time)
  })

  it('refuses to unseal a work without a content hash', async () => {
    const work = newWork({ contentHash: ZeroHash })
    await at.by(at.claimant).seal(idOf(at.claimant.address, work))
    await expect(at.by(at.claimant).unseal(work)).to.be.revertedWithCustomError(at.registry, 'CopyrightRegistry_ContentHashZero')
  })

  it('needs no sealBySig: a sponsor anchors the one leaf, and the claimant signs only to reveal', async () => {
    const work = newWork({ salt: random() })
    const { root } = treeOf([{ claimant: at.claimant.address, work }])
    await at.by(at.sponsor).anchor(root, 1, ZeroHash)
    const { time } = await at.latest()
    await at.time.increase(500)
    const signature = await at.signLift(at.claimant, root, work)
    await at.by(at.sponsor).liftBySig(at.claimant.address, root, work, [], at.deadline, signature)
    expect((await at.registry.depositOf(idOf(at.claimant.address, work))).depositedAt).to.equal(time)
  })
})
