// CopyrightRegistry.deposit; every branch is listed in deposit.tree.
import { expect } from 'chai'
import { concat, getBytes, toBeHex, ZeroHash } from 'ethers'
import { deployRegistry, idOf, KIND, NO_RECORD, newWork, record, WORK_FIELDS, withOtherBit } from './fixture.ts'

describe('CopyrightRegistry.deposit', () => {
  it('gives the id that the claimant and the work have by EIP-712', async () => {
    const { registry, claimant } = await deployRegistry()
    const work = newWork()
    expect(await registry.connect(claimant).deposit.staticCall(work)).to.equal(idOf(claimant.address, work))
  })

  it('records who, when, in which block and how', async () => {
    const { registry, claimant, recordOf, time } = await deployRegistry()
    const work = newWork()
    const at = BigInt(await time.latest()) + 1_000n
    await time.setNextBlockTimestamp(at)
    const receipt = await (await registry.connect(claimant).deposit(work)).wait()
    expect(await recordOf(idOf(claimant.address, work))).to.deep.equal(
      record(claimant.address, at, BigInt(receipt!.blockNumber), KIND.direct),
    )
  })

  it('keeps the record in one word, at the slot that is the id', async () => {
    const { registry, address, claimant, time, ethers } = await deployRegistry()
    const work = newWork()
    const at = BigInt(await time.latest()) + 1_000n
    await time.setNextBlockTimestamp(at)
    const receipt = await (await registry.connect(claimant).deposit(work)).wait()
    const word = BigInt(claimant.address) | (at << 160n) | (BigInt(receipt!.blockNumber) << 200n) | (1n << 240n)
    expect(await ethers.provider.getStorage(address, idOf(claimant.address, work))).to.equal(toBeHex(word, 32))
  })

  it('tells the whole work in the event', async () => {
    const { registry, claimant } = await deployRegistry()
    const work = newWork({ fingerprintType: 0xabcd })
    const deposited = registry.connect(claimant).deposit(work)
    await expect(deposited)
      .to.emit(registry, 'Deposited')
      .withArgs(
        idOf(claimant.address, work),
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
      const { registry, claimant } = await deployRegistry()
      const work = newWork(fields)
      await registry.connect(claimant).deposit(work)
      expect((await registry.depositOf(idOf(claimant.address, work))).claimant).to.equal(claimant.address)
    })
  }

  it('refuses a work without a content hash and records nothing', async () => {
    const { registry, claimant, recordOf } = await deployRegistry()
    const work = newWork({ contentHash: ZeroHash })
    await expect(registry.connect(claimant).deposit(work)).to.be.revertedWithCustomError(registry, 'CopyrightRegistry_ContentHashZero')
    expect(await recordOf(idOf(claimant.address, work))).to.deep.equal(NO_RECORD)
  })

  it('refuses a second deposit of the same work and keeps the first', async () => {
    const { registry, claimant, recordOf, time } = await deployRegistry()
    const work = newWork()
    const id = idOf(claimant.address, work)
    await registry.connect(claimant).deposit(work)
    const before = await recordOf(id)
    await time.increase(60)
    await expect(registry.connect(claimant).deposit(work))
      .to.be.revertedWithCustomError(registry, 'CopyrightRegistry_DepositExists')
      .withArgs(id)
    expect(await recordOf(id)).to.deep.equal(before)
  })

  it('lets two claimants deposit the same work, so nobody can take it from another by being first', async () => {
    const { registry, claimant, thief } = await deployRegistry()
    const work = newWork()
    await registry.connect(thief).deposit(work)
    await registry.connect(claimant).deposit(work)
    expect((await registry.depositOf(idOf(thief.address, work))).claimant).to.equal(thief.address)
    expect((await registry.depositOf(idOf(claimant.address, work))).claimant).to.equal(claimant.address)
  })

  for (const { name } of WORK_FIELDS) {
    it(`takes works that differ in one bit of ${name} for different works`, async () => {
      const { registry, claimant } = await deployRegistry()
      const work = newWork()
      const other = withOtherBit(work, name)
      await registry.connect(claimant).deposit(work)
      await registry.connect(claimant).deposit(other)
      expect(idOf(claimant.address, work)).not.to.equal(idOf(claimant.address, other))
      expect((await registry.depositOf(idOf(claimant.address, other))).kind).to.equal(KIND.direct)
    })
  }

  for (const bit of [16n, 17n, 128n, 255n]) {
    it(`refuses calldata whose fingerprintType has bit ${bit} set, so that one work has one encoding`, async () => {
      const { registry, address, claimant, ethers } = await deployRegistry()
      const work = newWork()
      const clean = registry.interface.encodeFunctionData('deposit', [work])
      const dirty = concat([clean.slice(0, 2 + 8 + 128), toBeHex(BigInt(work.fingerprintType) | (1n << bit), 32), `0x${clean.slice(202)}`])
      expect(getBytes(dirty)).to.have.length(getBytes(clean).length)
      await expect(claimant.sendTransaction({ to: address, data: dirty })).to.revert(ethers)
      await claimant.sendTransaction({ to: address, data: clean })
      expect((await registry.depositOf(idOf(claimant.address, work))).kind).to.equal(KIND.direct)
    })
  }

  it('refuses calldata that ends before the work does', async () => {
    const { registry, address, claimant, ethers } = await deployRegistry()
    const data = registry.interface.encodeFunctionData('deposit', [newWork()])
    await expect(claimant.sendTransaction({ to: address, data: data.slice(0, -2) })).to.revert(ethers)
  })

  it('takes no ether, with a call or without', async () => {
    const { registry, address, claimant, ethers } = await deployRegistry()
    const data = registry.interface.encodeFunctionData('deposit', [newWork()])
    await expect(claimant.sendTransaction({ to: address, data, value: 1n })).to.revert(ethers)
    await expect(claimant.sendTransaction({ to: address, value: 1n })).to.revert(ethers)
    await claimant.sendTransaction({ to: address, data })
  })

  it('is, with the eight others, all that anybody can do: nothing changes or removes a record, and nothing is payable', async () => {
    const { registry } = await deployRegistry()
    const writes: string[] = []
    registry.interface.forEachFunction(({ name, constant, payable }) => {
      if (!constant) writes.push(name)
      expect(payable, name).to.equal(false)
    })
    expect(writes.sort()).to.deep.equal([
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
  })
})
