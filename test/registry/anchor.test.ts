import { expect } from 'chai'
import { keccak256, ZeroAddress, ZeroHash } from 'ethers'
import { deployRegistry, idOf, KIND, mirrored, newWork, type Registry, random, record, treeOf } from './fixture.ts'

describe('CopyrightRegistry.anchor', () => {
  let at: Registry
  beforeEach(async () => {
    at = await deployRegistry()
  })

  it('keeps who, when and where, and tells count and manifest', async () => {
    const [root, manifest] = [random(), random()]
    await expect(at.by(at.sponsor).anchor(root, 1024, manifest))
      .to.emit(at.registry, 'Anchored')
      .withArgs(root, at.sponsor.address, 1024n, manifest)
    const { time, number } = await at.latest()
    expect([...(await at.registry.anchorOf(root))]).to.deep.equal([at.sponsor.address, time, number])
  })

  it('lets the first time stand without reverting', async () => {
    const root = random()
    await at.by(at.sponsor).anchor(root, 3, ZeroHash)
    const before = [...(await at.registry.anchorOf(root))]
    await at.time.increase(60)
    const receipt = await (await at.by(at.thief).anchor(root, 5, random())).wait()
    expect(receipt!.logs).to.deep.equal([])
    expect([...(await at.registry.anchorOf(root))]).to.deep.equal(before)
  })

  it('refuses a zero root and a count of zero', async () => {
    await expect(at.by(at.sponsor).anchor(ZeroHash, 1, ZeroHash)).to.be.revertedWithCustomError(
      at.registry,
      'CopyrightRegistry_CommitmentZero',
    )
    await expect(at.by(at.sponsor).anchor(random(), 0, ZeroHash)).to.be.revertedWithCustomError(at.registry, 'CopyrightRegistry_CountZero')
  })
})

describe('CopyrightRegistry.lift and liftBySig', () => {
  let at: Registry
  const entries: { claimant: string; work: ReturnType<typeof newWork> }[] = []
  let root: string
  let anchoredAt: bigint
  const proofOf = (index: number): string[] => treeOf(entries).getProof([...treeOf(entries).entries()][index]![1])

  beforeEach(async () => {
    at = await deployRegistry()
    entries.length = 0
    for (let index = 0; index < 5; index++) entries.push({ claimant: (index === 4 ? at.thief : at.claimant).address, work: newWork() })
    root = treeOf(entries).root
    await at.by(at.sponsor).anchor(root, entries.length, ZeroHash)
    anchoredAt = (await at.latest()).time
    await at.time.increase(3600)
  })

  it("records each leaf of OpenZeppelin's tree with the anchor's time", async () => {
    for (const [index, { claimant, work }] of entries.entries()) {
      const id = idOf(claimant, work)
      await expect(at.by(index === 4 ? at.thief : at.claimant).lift(root, work, proofOf(index))).to.emit(at.registry, 'Deposited')
      const { number } = await at.latest()
      expect([...(await at.registry.depositOf(id))]).to.deep.equal(record(claimant, anchoredAt, number, KIND.lifted))
    }
  })

  it('refuses a second time', async () => {
    await at.by(at.claimant).lift(root, entries[0]!.work, proofOf(0))
    await expect(at.by(at.claimant).lift(root, entries[0]!.work, proofOf(0))).to.be.revertedWithCustomError(
      at.registry,
      'CopyrightRegistry_DepositExists',
    )
  })

  it('refuses anybody but the claimant in the leaf', async () => {
    const { work } = entries[0]!
    await expect(at.by(at.thief).lift(root, work, proofOf(0)))
      .to.be.revertedWithCustomError(at.registry, 'CopyrightRegistry_ProofInvalid')
      .withArgs(root, idOf(at.thief.address, work))
  })

  it('refuses a root that nobody anchored, the zero root, and a proof of another leaf', async () => {
    const { work } = entries[0]!
    const lonely = treeOf([entries[0]!]).root
    for (const unknown of [lonely, ZeroHash])
      await expect(at.by(at.claimant).lift(unknown, work, []))
        .to.be.revertedWithCustomError(at.registry, 'CopyrightRegistry_AnchorMissing')
        .withArgs(unknown)
    await expect(at.by(at.claimant).lift(root, work, proofOf(1))).to.be.revertedWithCustomError(
      at.registry,
      'CopyrightRegistry_ProofInvalid',
    )
  })

  it('refuses a work without a content hash', async () => {
    const work = newWork({ contentHash: ZeroHash })
    const tree = treeOf([{ claimant: at.claimant.address, work }])
    await at.by(at.sponsor).anchor(tree.root, 1, ZeroHash)
    await expect(at.by(at.claimant).lift(tree.root, work, [])).to.be.revertedWithCustomError(
      at.registry,
      'CopyrightRegistry_ContentHashZero',
    )
  })

  it('refuses a leaf hashed once, whose two words could be an inner node', async () => {
    const work = newWork()
    const id = idOf(at.claimant.address, work)
    await at.by(at.thief).anchor(id, 1, ZeroHash)
    await expect(at.by(at.claimant).lift(id, work, [])).to.be.revertedWithCustomError(at.registry, 'CopyrightRegistry_ProofInvalid')
    expect(treeOf([{ claimant: at.claimant.address, work }]).root).to.equal(keccak256(id))
  })

  describe('signed', () => {
    const send = (signature: string, deadline = at.deadline, claimant = entries[0]!.claimant) =>
      at.by(at.sponsor).liftBySig(claimant, root, entries[0]!.work, proofOf(0), deadline, signature)

    it("records in the signer's name", async () => {
      await send(await at.signLift(at.claimant, root, entries[0]!.work))
      const found = await at.registry.depositOf(idOf(at.claimant.address, entries[0]!.work))
      expect([found.claimant, found.depositedAt, found.kind]).to.deep.equal([at.claimant.address, anchoredAt, KIND.lifted])
    })

    it('refuses it late', async () => {
      const signature = await at.signLift(at.claimant, root, entries[0]!.work, 5n)
      await expect(send(signature, 5n)).to.be.revertedWithCustomError(at.registry, 'CopyrightRegistry_SignatureExpired')
    })

    it("refuses another's signature, another root, a deposit's signature and the mirrored one", async () => {
      const { work } = entries[0]!
      const good = await at.signLift(at.claimant, root, work)
      const bad = [
        await at.signLift(at.thief, root, work, at.deadline, at.claimant.address),
        await at.signLift(at.claimant, random(), work),
        await at.signLift(at.claimant, root, work, at.deadline + 1n),
        (await at.signDeposit(at.claimant, work)).signature,
        mirrored(good),
      ]
      for (const signature of bad)
        await expect(send(signature))
          .to.be.revertedWithCustomError(at.registry, 'CopyrightRegistry_SignatureInvalid')
          .withArgs(at.claimant.address, at.liftDigest(at.claimant.address, root, work))
      await send(good)
    })

    it('cannot be used as a deposit', async () => {
      const { work } = entries[0]!
      const signature = await at.signLift(at.claimant, root, work)
      await expect(at.by(at.sponsor).depositBySig(at.claimant.address, work, at.deadline, signature)).to.be.revertedWithCustomError(
        at.registry,
        'CopyrightRegistry_SignatureInvalid',
      )
    })

    it('refuses a claimant who signed but is not in the leaf', async () => {
      const signature = await at.signLift(at.thief, root, entries[0]!.work)
      await expect(send(signature, at.deadline, at.thief.address)).to.be.revertedWithCustomError(
        at.registry,
        'CopyrightRegistry_ProofInvalid',
      )
      expect((await at.registry.depositOf(idOf(at.thief.address, entries[0]!.work))).claimant).to.equal(ZeroAddress)
    })
  })
})
