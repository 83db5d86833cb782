import { expect } from 'chai'
import { AbiCoder, keccak256, toBeHex, ZeroAddress, ZeroHash, zeroPadValue } from 'ethers'
import { deployRegistry, idOf, newWork, type Registry, random, treeOf } from './fixture.ts'

describe('CopyrightRegistry views', () => {
  let at: Registry
  beforeEach(async () => {
    at = await deployRegistry()
  })

  it('computes the id as anyone can', async () => {
    for (const work of [newWork(), newWork({ fingerprintType: 65_535, salt: random() })])
      expect(await at.registry.idOf(at.claimant.address, work)).to.equal(idOf(at.claimant.address, work))
  })

  it('verifyWork gives the time for the very work and zero for anything else', async () => {
    const work = newWork()
    const id = idOf(at.claimant.address, work)
    expect(await at.registry.verifyWork(id, at.claimant.address, work)).to.equal(0n)
    await at.by(at.claimant).deposit(work)
    const { time } = await at.latest()
    expect(await at.registry.verifyWork(id, at.claimant.address, work)).to.equal(time)
    expect(await at.registry.verifyWork(id, at.thief.address, work)).to.equal(0n)
    expect(await at.registry.verifyWork(id, at.claimant.address, newWork())).to.equal(0n)
    expect(await at.registry.verifyWork(random(), at.claimant.address, work)).to.equal(0n)
  })

  it('verifyAnchored gives the anchor time for a leaf and zero for anything else', async () => {
    const entries = [newWork(), newWork(), newWork()].map((work) => ({ claimant: at.claimant.address, work }))
    const tree = treeOf(entries)
    const proof = tree.getProof(0)
    const ask = (root: string, claimant: string, work = entries[0]!.work, path = proof) =>
      at.registry.verifyAnchored(root, claimant, work, path)
    expect(await ask(tree.root, at.claimant.address)).to.equal(0n)
    await at.by(at.sponsor).anchor(tree.root, 3, ZeroHash)
    const { time } = await at.latest()
    expect(await ask(tree.root, at.claimant.address)).to.equal(time)
    expect(await ask(tree.root, at.thief.address)).to.equal(0n)
    expect(await ask(tree.root, at.claimant.address, entries[1]!.work)).to.equal(0n)
    expect(await ask(tree.root, at.claimant.address, entries[0]!.work, [])).to.equal(0n)
    expect(await ask(random(), at.claimant.address)).to.equal(0n)
  })

  it('shows nothing where nothing was recorded', async () => {
    expect([...(await at.registry.depositOf(random()))]).to.deep.equal([ZeroAddress, 0n, 0n, 0n])
    expect([...(await at.registry.sealOf(at.claimant.address, random()))]).to.deep.equal([ZeroAddress, 0n, 0n])
    expect([...(await at.registry.anchorOf(random()))]).to.deep.equal([ZeroAddress, 0n, 0n])
  })

  it('does not take the storage slot of an anchor or a seal for a deposit', async () => {
    const root = random()
    await at.by(at.thief).anchor(root, 1, ZeroHash)
    await at.by(at.thief).seal(root)
    const coder = AbiCoder.defaultAbiCoder()
    let met = 0
    for (let slot = 0; slot < 8; slot++) {
      const base = keccak256(coder.encode(['address', 'uint256'], [at.thief.address, slot]))
      for (const place of [
        keccak256(coder.encode(['bytes32', 'uint256'], [root, slot])),
        keccak256(coder.encode(['bytes32', 'bytes32'], [root, base])),
      ]) {
        if ((await at.ethers.provider.getStorage(at.address, place)) === ZeroHash) continue
        met++
        expect([...(await at.registry.depositOf(place))]).to.deep.equal([ZeroAddress, 0n, 0n, 0n])
      }
    }
    expect(met).to.equal(2)
  })

  it('counts the bits in which two fingerprints differ', async () => {
    const fingerprint = random()
    const flip = (mask: bigint): string => zeroPadValue(toBeHex(BigInt(fingerprint) ^ mask), 32)
    const all = (1n << 256n) - 1n
    for (const [mask, bits] of [
      [0n, 0n],
      [1n, 1n],
      [1n << 255n, 1n],
      [0xff00ff00n, 16n],
      [(1n << 31n) - 1n, 31n],
      [all, 256n],
    ] as const)
      expect(await at.registry.distance(newWork({ fingerprint }), flip(mask))).to.equal(bits)
  })

  it('refuses a fingerprint type that does not fit in its 16 bits', async () => {
    const data = at.registry.interface.encodeFunctionData('deposit', [newWork()])
    const place = 2 + 8 + 64 * 2
    const dirty = `${data.slice(0, place)}${'01'.padStart(60, '0')}0001${data.slice(place + 64)}`
    await expect(at.claimant.sendTransaction({ to: at.address, data: dirty })).to.be.revertedWithoutReason(at.ethers)
  })
})
