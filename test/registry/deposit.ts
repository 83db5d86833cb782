// CopyrightRegistry.deposit; every branch is listed in deposit.tree.
import { expect } from 'chai'
import { concat, getBytes, toBeHex, ZeroHash } from 'ethers'
import { network } from 'hardhat'
import { aWork, deploy, idFor, Kind, NO_RECORD, recordOf, type Scene, WORK_FIELDS, withOtherBit } from './registry.ts'

const { ethers, networkHelpers } = await network.create()
const scene = (): Promise<Scene> => deploy(ethers)

describe('CopyrightRegistry: deposit', () => {
  it('gives the id that the claimant and the work have by EIP-712', async () => {
    const { registry, claimant } = await networkHelpers.loadFixture(scene)
    const work = aWork()
    expect(await registry.connect(claimant).deposit.staticCall(work)).to.equal(idFor(claimant.address, work))
  })

  it('records who, when, in which block and how', async () => {
    const { registry, claimant } = await networkHelpers.loadFixture(scene)
    const work = aWork()
    const time = BigInt(await networkHelpers.time.latest()) + 1_000n
    await networkHelpers.time.setNextBlockTimestamp(time)
    const receipt = await (await registry.connect(claimant).deposit(work)).wait()
    expect(await recordOf(registry, idFor(claimant.address, work))).to.deep.equal({
      claimant: claimant.address,
      depositedAt: time,
      recordedIn: BigInt(receipt!.blockNumber),
      kind: Kind.Direct,
    })
  })

  it('keeps the record in one word, at the slot that is the id', async () => {
    const { registry, address, claimant } = await networkHelpers.loadFixture(scene)
    const work = aWork()
    const time = BigInt(await networkHelpers.time.latest()) + 1_000n
    await networkHelpers.time.setNextBlockTimestamp(time)
    const receipt = await (await registry.connect(claimant).deposit(work)).wait()
    const word = BigInt(claimant.address) | (time << 160n) | (BigInt(receipt!.blockNumber) << 200n) | (1n << 240n)
    expect(await networkHelpers.getStorageAt(address, idFor(claimant.address, work))).to.equal(toBeHex(word, 32))
  })

  it('tells the whole work in the event', async () => {
    const { registry, claimant } = await networkHelpers.loadFixture(scene)
    const work = aWork({ fingerprintType: 0xabcd })
    const deposited = registry.connect(claimant).deposit(work)
    await expect(deposited)
      .to.emit(registry, 'Deposited')
      .withArgs(
        idFor(claimant.address, work),
        claimant.address,
        work.contentHash,
        work.fingerprint,
        work.fingerprintType,
        work.metadata,
        work.salt,
      )
    const receipt = await (await deposited).wait()
    expect(receipt!.logs).to.have.length(1)
    expect(getBytes(receipt!.logs[0]!.data), 'four words, as the ABI says').to.have.length(128)
  })

  for (const fields of [
    { fingerprint: ZeroHash, fingerprintType: 0 },
    { metadata: ZeroHash },
    { salt: ZeroHash },
    { fingerprintType: 0xffff },
  ]) {
    it(`takes a work with ${JSON.stringify(fields).replaceAll(ZeroHash, '0')}`, async () => {
      const { registry, claimant } = await networkHelpers.loadFixture(scene)
      const work = aWork(fields)
      await registry.connect(claimant).deposit(work)
      expect((await registry.depositOf(idFor(claimant.address, work))).claimant).to.equal(claimant.address)
    })
  }

  it('refuses a work without a content hash and records nothing', async () => {
    const { registry, claimant } = await networkHelpers.loadFixture(scene)
    const work = aWork({ contentHash: ZeroHash })
    await expect(registry.connect(claimant).deposit(work)).to.be.revertedWithCustomError(registry, 'CopyrightRegistry_ContentHashZero')
    expect(await recordOf(registry, idFor(claimant.address, work))).to.deep.equal(NO_RECORD)
  })

  it('refuses a second deposit of the same work and keeps the first', async () => {
    const { registry, claimant } = await networkHelpers.loadFixture(scene)
    const work = aWork()
    const id = idFor(claimant.address, work)
    await registry.connect(claimant).deposit(work)
    const before = await recordOf(registry, id)
    await networkHelpers.mine(3)
    await expect(registry.connect(claimant).deposit(work))
      .to.be.revertedWithCustomError(registry, 'CopyrightRegistry_DepositExists')
      .withArgs(id)
    expect(await recordOf(registry, id)).to.deep.equal(before)
  })

  it('lets two claimants deposit the same work, so nobody can take it from another by being first', async () => {
    const { registry, claimant, stranger } = await networkHelpers.loadFixture(scene)
    const work = aWork()
    await registry.connect(stranger).deposit(work)
    await registry.connect(claimant).deposit(work)
    expect((await registry.depositOf(idFor(stranger.address, work))).claimant).to.equal(stranger.address)
    expect((await registry.depositOf(idFor(claimant.address, work))).claimant).to.equal(claimant.address)
  })

  for (const { name } of WORK_FIELDS) {
    it(`takes works that differ in one bit of ${name} for different works`, async () => {
      const { registry, claimant } = await networkHelpers.loadFixture(scene)
      const work = aWork()
      const other = withOtherBit(work, name)
      await registry.connect(claimant).deposit(work)
      await registry.connect(claimant).deposit(other)
      expect(idFor(claimant.address, work)).not.to.equal(idFor(claimant.address, other))
      expect((await registry.depositOf(idFor(claimant.address, other))).kind).to.equal(Kind.Direct)
    })
  }

  for (const bit of [16n, 17n, 128n, 255n]) {
    it(`refuses calldata whose fingerprintType has bit ${bit} set, so that one work has one encoding`, async () => {
      const { registry, address, claimant } = await networkHelpers.loadFixture(scene)
      const work = aWork()
      const clean = registry.interface.encodeFunctionData('deposit', [work])
      const dirty = concat([clean.slice(0, 2 + 8 + 128), toBeHex(BigInt(work.fingerprintType) | (1n << bit), 32), `0x${clean.slice(202)}`])
      expect(getBytes(dirty)).to.have.length(getBytes(clean).length)
      await expect(claimant.sendTransaction({ to: address, data: dirty })).to.revert(ethers)
      await claimant.sendTransaction({ to: address, data: clean })
      expect((await registry.depositOf(idFor(claimant.address, work))).kind).to.equal(Kind.Direct)
    })
  }

  it('refuses calldata that ends before the work does', async () => {
    const { registry, address, claimant } = await networkHelpers.loadFixture(scene)
    const data = registry.interface.encodeFunctionData('deposit', [aWork()])
    await expect(claimant.sendTransaction({ to: address, data: data.slice(0, -2) })).to.revert(ethers)
  })

  it('takes no ether, with a call or without', async () => {
    const { registry, address, claimant } = await networkHelpers.loadFixture(scene)
    const data = registry.interface.encodeFunctionData('deposit', [aWork()])
    await expect(claimant.sendTransaction({ to: address, data, value: 1n })).to.revert(ethers)
    await expect(claimant.sendTransaction({ to: address, value: 1n })).to.revert(ethers)
    await claimant.sendTransaction({ to: address, data })
  })
})
