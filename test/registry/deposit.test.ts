import { expect } from 'chai'
import { ZeroAddress, ZeroHash } from 'ethers'
import { deployRegistry, idOf, KIND, newWork, type Registry, record } from './fixture.ts'

describe('CopyrightRegistry.deposit', () => {
  let at: Registry
  beforeEach(async () => {
    at = await deployRegistry()
  })

  it('records claimant, time, block and kind under the id', async () => {
    const work = newWork()
    const id = idOf(at.claimant.address, work)
    expect(await at.by(at.claimant).deposit.staticCall(work)).to.equal(id)
    await at.by(at.claimant).deposit(work)
    const { time, number } = await at.latest()
    expect([...(await at.registry.depositOf(id))]).to.deep.equal(record(at.claimant.address, time, number, KIND.direct))
  })

  it('tells the whole work in one event', async () => {
    const work = newWork({ fingerprintType: 65_535 })
    await expect(at.by(at.claimant).deposit(work))
      .to.emit(at.registry, 'Deposited')
      .withArgs(
        idOf(at.claimant.address, work),
        at.claimant.address,
        work.contentHash,
        work.fingerprint,
        work.fingerprintType,
        work.metadata,
        work.salt,
      )
  })

  it('lets another claimant deposit the same content, each with a time of his own', async () => {
    const work = newWork()
    await at.by(at.thief).deposit(work)
    const first = await at.latest()
    await at.time.increase(60)
    await at.by(at.claimant).deposit(work)
    const second = await at.latest()
    expect((await at.registry.depositOf(idOf(at.thief.address, work))).depositedAt).to.equal(first.time)
    expect((await at.registry.depositOf(idOf(at.claimant.address, work))).depositedAt).to.equal(second.time)
  })

  it('refuses the same work by the same claimant and keeps the first record', async () => {
    const work = newWork()
    const id = idOf(at.claimant.address, work)
    await at.by(at.claimant).deposit(work)
    const before = [...(await at.registry.depositOf(id))]
    await expect(at.by(at.claimant).deposit(work))
      .to.be.revertedWithCustomError(at.registry, 'CopyrightRegistry_DepositExists')
      .withArgs(id)
    expect([...(await at.registry.depositOf(id))]).to.deep.equal(before)
  })

  it('refuses a work without a content hash', async () => {
    await expect(at.by(at.claimant).deposit(newWork({ contentHash: ZeroHash }))).to.be.revertedWithCustomError(
      at.registry,
      'CopyrightRegistry_ContentHashZero',
    )
  })

  it('takes no money', async () => {
    const data = at.registry.interface.encodeFunctionData('deposit', [newWork()])
    await expect(at.claimant.sendTransaction({ to: at.address, value: 1n, data })).to.be.revertedWithoutReason(at.ethers)
    await expect(at.claimant.sendTransaction({ to: at.address, value: 1n })).to.be.revertedWithoutReason(at.ethers)
  })

  it('has no function that can change a record, and none that is payable', () => {
    const writes = at.registry.interface.fragments.filter((each) => each.type === 'function' && !('constant' in each && each.constant))
    expect(writes.map((each) => ('name' in each ? each.name : '')).sort()).to.deep.equal([
      'anchor',
      'deposit',
      'depositBySig',
      'depositMany',
      'depositManyBySig',
      'lift',
      'liftBySig',
      'seal',
      'unseal',
    ])
    expect(writes.some((each) => 'payable' in each && each.payable)).to.equal(false)
  })
})

describe('CopyrightRegistry.depositMany', () => {
  let at: Registry
  beforeEach(async () => {
    at = await deployRegistry()
  })

  it('records every work and returns the ids in order', async () => {
    const works = [newWork(), newWork(), newWork()]
    const ids = works.map((work) => idOf(at.claimant.address, work))
    expect([...(await at.by(at.claimant).depositMany.staticCall(works))]).to.deep.equal(ids)
    await at.by(at.claimant).depositMany(works)
    const { time, number } = await at.latest()
    for (const id of ids)
      expect([...(await at.registry.depositOf(id))]).to.deep.equal(record(at.claimant.address, time, number, KIND.direct))
  })

  it('records none when one exists, and names it', async () => {
    const works = [newWork(), newWork()]
    await at.by(at.claimant).deposit(works[1]!)
    await expect(at.by(at.claimant).depositMany(works))
      .to.be.revertedWithCustomError(at.registry, 'CopyrightRegistry_DepositExists')
      .withArgs(idOf(at.claimant.address, works[1]!))
    expect((await at.registry.depositOf(idOf(at.claimant.address, works[0]!))).claimant).to.equal(ZeroAddress)
  })

  it('refuses one work given twice', async () => {
    const work = newWork()
    await expect(at.by(at.claimant).depositMany([work, work])).to.be.revertedWithCustomError(at.registry, 'CopyrightRegistry_DepositExists')
  })

  it('refuses an empty list', async () => {
    await expect(at.by(at.claimant).depositMany([])).to.be.revertedWithCustomError(at.registry, 'CopyrightRegistry_BatchEmpty')
  })

  it('refuses a work without a content hash', async () => {
    await expect(at.by(at.claimant).depositMany([newWork({ contentHash: ZeroHash })])).to.be.revertedWithCustomError(
      at.registry,
      'CopyrightRegistry_ContentHashZero',
    )
  })
})
