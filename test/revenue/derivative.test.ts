import { expect } from 'chai'
import { type Ancestor, COIN, deploySplitter, lineageHash, type Splitter, work } from './fixture.ts'

const byId = (...ids: bigint[]): bigint[] => [...ids].sort((a, b) => (a < b ? -1 : 1))
const lineage = (...entries: [bigint, number][]): Ancestor[] =>
  entries.map(([workId, share]) => ({ workId, share })).sort((a, b) => (a.workId < b.workId ? -1 : 1))

describe('RevenueSplitter derivatives', () => {
  let at: Splitter
  const [root, middle, child, other] = [work('root'), work('middle'), work('child'), work('other')]
  beforeEach(async () => {
    at = await deploySplitter()
    for (const each of [root, middle, child, other]) await at.rights.give(each, at.holder.address)
  })
  const entry = (parent: bigint, share: number, grantor: string = at.holder.address) => ({ parent, share, grantor })
  const shareOf = async (of: bigint, ancestor: bigint) => (await at.splitter.royaltyOf(of, ancestor, COIN)).share

  describe('registerDerivative', () => {
    it("inherits every ancestor's share beside the parent's", async () => {
      await at.derive(middle, [[root, 100_000]])
      const sent = await at.derive(child, [[middle, 50_000]], [lineage([root, 100_000])])
      const full = lineage([root, 100_000], [middle, 50_000])
      expect(at.lineageIn(await sent.wait())).to.deep.equal(full)
      expect([...(await at.splitter.lineageOf(child))]).to.deep.equal([lineageHash(full), 150_000n, true, false])
      expect([...(await at.splitter.lineageOf(middle))]).to.deep.equal([lineageHash(lineage([root, 100_000])), 100_000n, true, true])
      expect((await at.splitter.lineageOf(root)).hasDerivatives).to.equal(true)
      expect(await shareOf(child, root)).to.equal(100_000n)
      expect(await shareOf(child, middle)).to.equal(50_000n)
      expect(await shareOf(child, other)).to.equal(0n)
    })

    for (const [first, second] of [
      [100_000, 70_000],
      [70_000, 100_000],
    ] as const)
      it(`gives an ancestor the highest of its shares once, through a diamond of ${first} and ${second}`, async () => {
        const [left, right] = byId(work('left'), work('right')) as [bigint, bigint]
        await at.derive(left, [[root, first]])
        await at.derive(right, [[root, second]])
        await at.derive(
          child,
          [
            [left, 10_000],
            [right, 20_000],
            [root, 30_000],
          ],
          [lineage([root, first]), lineage([root, second]), []],
        )
        expect([await shareOf(child, root), await shareOf(child, left), await shareOf(child, right)]).to.deep.equal([
          100_000n,
          10_000n,
          20_000n,
        ])
        expect((await at.splitter.lineageOf(child)).total).to.equal(130_000n)
      })

    it('does not let own works in between dilute an ancestor: eight of them, for nothing', async () => {
      let parent = root
      let known: Ancestor[] = []
      for (let depth = 1; depth <= 9; depth++) {
        const next = work(`own ${depth}`)
        const sent = await at.derive(next, [[parent, depth === 1 ? 100_000 : 0]], [known])
        known = at.lineageIn(await sent.wait())
        parent = next
      }
      expect(known).to.deep.equal([{ workId: root, share: 100_000 }])
      await at.pay(parent, 1000n)
      await at.splitter.sweep(parent, root, COIN)
      expect(await at.claimable(root, at.holderOnly, at.holder.address)).to.equal(100n)
    })

    it('does not let a share be dodged by registering the work in between late', async () => {
      await at.derive(child, [[middle, 10_000]])
      await expect(at.derive(middle, [[root, 100_000]]))
        .to.be.revertedWithCustomError(at.splitter, 'RevenueSplitter_DerivativesExist')
        .withArgs(middle)
    })

    it('is done once', async () => {
      await at.derive(child, [[root, 0]])
      expect([...(await at.splitter.lineageOf(child))]).to.deep.equal([`0x${'00'.repeat(32)}`, 0n, true, false])
      await expect(at.derive(child, [[middle, 10_000]]))
        .to.be.revertedWithCustomError(at.splitter, 'RevenueSplitter_DerivativeExists')
        .withArgs(child)
    })

    it("wants the parent's own lineage, whole", async () => {
      await at.derive(middle, [
        [root, 100_000],
        [other, 50_000],
      ])
      const good = lineage([root, 100_000], [other, 50_000])
      const none = `0x${'00'.repeat(32)}`
      for (const bad of [[], good.slice(1), lineage([root, 1], [other, 50_000]), [...good].reverse()])
        await expect(at.derive(child, [[middle, 1]], [bad]))
          .to.be.revertedWithCustomError(at.splitter, 'RevenueSplitter_LineageMismatch')
          .withArgs(middle, lineageHash(good), bad.length === 0 ? none : lineageHash(bad))
      // A lineage for a work that has none would let a stranger's work in.
      await expect(at.derive(child, [[root, 1]], [lineage([other, 10])])).to.be.revertedWithCustomError(
        at.splitter,
        'RevenueSplitter_LineageMismatch',
      )
      await at.derive(child, [[middle, 1]], [good])
    })

    it('takes 32 ancestors, not 33, and shares up to the whole', async () => {
      const parents = byId(...Array.from({ length: 33 }, (_, i) => work(`parent ${i}`)))
      for (const each of parents) await at.rights.give(each, at.holder.address)
      const register = (ids: bigint[], share: number) =>
        at.by(at.holder).registerDerivative(
          child,
          ids.map((id) => entry(id, share)),
          ids.map(() => []),
        )
      await expect(register(parents, 1)).to.be.revertedWithCustomError(at.splitter, 'RevenueSplitter_ParentsInvalid').withArgs(33)
      await expect(register(parents.slice(0, 32), 31_251))
        .to.be.revertedWithCustomError(at.splitter, 'RevenueSplitter_LineageSharesTooHigh')
        .withArgs(1_000_032)
      await register(parents.slice(0, 32), 31_250)
      expect((await at.splitter.lineageOf(child)).total).to.equal(1_000_000n)
      const grandchild = work('grandchild')
      await at.rights.give(grandchild, at.holder.address)
      await expect(at.derive(grandchild, [[child, 1]], [lineage(...parents.slice(0, 32).map((id): [bigint, number] => [id, 31_250]))]))
        .to.be.revertedWithCustomError(at.splitter, 'RevenueSplitter_LineageTooLong')
        .withArgs(33)
    })

    it('refuses no parent, itself, parents out of order or twice, and lists that do not fit', async () => {
      const [low, high] = byId(root, middle)
      const cases: [bigint[], number, bigint][] = [
        [[], 0, 0n],
        [[child], 1, 0n],
        [[high!, low!], 2, 1n],
        [[low!, low!], 2, 1n],
        [[low!], 2, 1n],
        [[low!, high!], 1, 2n],
      ]
      for (const [parents, lists, index] of cases)
        await expect(
          at.by(at.holder).registerDerivative(
            child,
            parents.map((id) => entry(id, 1)),
            Array.from({ length: lists }, () => []),
          ),
        )
          .to.be.revertedWithCustomError(at.splitter, 'RevenueSplitter_ParentsInvalid')
          .withArgs(index)
    })

    it("is for the child's rights holder, or a module", async () => {
      await expect(at.by(at.stranger).registerDerivative(child, [entry(root, 1)], [[]]))
        .to.be.revertedWithCustomError(at.splitter, 'RevenueSplitter_NotRightsHolder')
        .withArgs(child, at.holder.address, at.stranger.address)
      await at.by(at.module).registerDerivative(child, [entry(root, 1, at.module.address)], [[]])
    })
  })

  describe('grantDerivative', () => {
    const register = (share: number, grantor: string = at.holder.address) =>
      at.by(at.stranger).registerDerivative(child, [entry(root, share, grantor)], [[]])
    beforeEach(() => at.rights.give(child, at.stranger.address))

    it("lets a stranger's work be registered for the share agreed, and no other", async () => {
      await expect(register(70_000))
        .to.be.revertedWithCustomError(at.splitter, 'RevenueSplitter_GrantMissing')
        .withArgs(root, child, at.holder.address)
      await expect(at.by(at.holder).grantDerivative(root, child, 70_000))
        .to.emit(at.splitter, 'DerivativeGranted')
        .withArgs(root, child, at.holder.address, 70_000)
      for (const share of [69_999, 70_001, 0])
        await expect(register(share)).to.be.revertedWithCustomError(at.splitter, 'RevenueSplitter_GrantMissing')
      await register(70_000)
      expect(await shareOf(child, root)).to.equal(70_000n)
    })

    it('tells a share of zero from none', async () => {
      await expect(register(0)).to.be.revertedWithCustomError(at.splitter, 'RevenueSplitter_GrantMissing')
      await at.by(at.holder).grantDerivative(root, child, 0)
      await register(0)
    })

    it('can be taken back before it is used', async () => {
      await at.by(at.holder).grantDerivative(root, child, 1)
      await expect(at.by(at.holder).revokeDerivative(root, child))
        .to.emit(at.splitter, 'DerivativeRevoked')
        .withArgs(root, child, at.holder.address)
      await expect(register(1)).to.be.revertedWithCustomError(at.splitter, 'RevenueSplitter_GrantMissing')
      await expect(at.by(at.holder).revokeDerivative(root, child))
        .to.be.revertedWithCustomError(at.splitter, 'RevenueSplitter_GrantMissing')
        .withArgs(root, child, at.holder.address)
    })

    it("dies with the sale of the parent; a module's stays", async () => {
      await at.by(at.holder).grantDerivative(root, child, 1)
      await at.by(at.module).grantDerivative(root, child, 2)
      await at.rights.sell(root, at.bob.address, at.address)
      await expect(register(1))
        .to.be.revertedWithCustomError(at.splitter, 'RevenueSplitter_GrantorInvalid')
        .withArgs(root, at.holder.address)
      await expect(register(2, at.bob.address)).to.be.revertedWithCustomError(at.splitter, 'RevenueSplitter_GrantMissing')
      await register(2, at.module.address)
    })

    it("is for the parent's rights holder, or a module", async () => {
      await expect(at.by(at.stranger).grantDerivative(root, child, 1))
        .to.be.revertedWithCustomError(at.splitter, 'RevenueSplitter_NotRightsHolder')
        .withArgs(root, at.holder.address, at.stranger.address)
      await expect(register(1, at.stranger.address))
        .to.be.revertedWithCustomError(at.splitter, 'RevenueSplitter_GrantorInvalid')
        .withArgs(root, at.stranger.address)
    })

    it('refuses shares above the whole', async () => {
      for (const run of [() => at.by(at.holder).grantDerivative(root, child, 1_000_001), () => register(1_000_001)])
        await expect(run()).to.be.revertedWithCustomError(at.splitter, 'RevenueSplitter_ShareInvalid').withArgs(1_000_001)
    })
  })

  describe('sweep', () => {
    beforeEach(async () => {
      await at.derive(middle, [[root, 100_000]])
      await at.derive(child, [[middle, 50_000]], [lineage([root, 100_000])])
      await at.setSplit(child, at.halves)
      await at.setSplit(root, at.thirds)
    })

    it("moves what an ancestor is owed to its payees, and leaves the rest to the child's", async () => {
      await at.pay(child, 10_000n)
      await expect(at.by(at.stranger).sweep(child, root, COIN))
        .to.emit(at.splitter, 'Swept')
        .withArgs(root, child, COIN, 1_000_000_000)
      await at.splitter.sweep(child, middle, COIN)
      expect(await at.claim(root, at.thirds, at.cyd.address)).to.equal(333n)
      expect(await at.claim(middle, at.holderOnly, at.holder.address)).to.equal(500n)
      expect(await at.claim(child, at.halves, at.ann.address)).to.equal(4250n)
      // The parent's part has paid the grandparent already: nothing of it is owed again.
      await expect(at.splitter.sweep(middle, root, COIN)).to.be.revertedWithCustomError(at.splitter, 'RevenueSplitter_NothingDue')
    })

    it('loses nothing over many small amounts', async () => {
      for (let i = 0; i < 7; i++) {
        await at.pay(child, 3n, at.token)
        await at.splitter.sweep(child, root, at.token)
      }
      expect((await at.splitter.royaltyOf(child, root, at.token)).grains).to.equal(0n)
      // 21 units: 2.1 for the root, of which a third is 0.7.
      expect(await at.claimable(root, at.thirds, at.ann.address, at.token)).to.equal(0n)
      await at.pay(child, 9n, at.token)
      expect((await at.splitter.royaltyOf(child, root, at.token)).grains).to.equal(900_000n)
      await at.splitter.sweep(child, root, at.token)
      expect(await at.claimable(root, at.thirds, at.cyd.address, at.token)).to.equal(1n)
      expect(await at.claimable(child, at.halves, at.ann.address, at.token)).to.equal(12n)
    })

    it('shares what is sent on at once and what comes by a channel in the same way', async () => {
      await at.payDirect(child, at.halves, 10_000n, at.token)
      expect(await at.balance(at.ann.address, at.token)).to.equal(4250n)
      await at.collect(child, 10_000n, 850_000, at.token)
      expect(await at.claimable(child, at.halves, at.ann.address, at.token)).to.equal(0n)
      await at.splitter.sweep(child, root, at.token)
      await at.splitter.sweep(child, middle, at.token)
      expect(await at.claim(middle, at.holderOnly, at.holder.address, at.token)).to.equal(1000n)
      expect(await at.claim(root, at.thirds, at.cyd.address, at.token)).to.equal(666n)
      await at.splitter.withdraw(at.channel.address, at.token)
      expect(await at.balance(at.channel.address, at.token)).to.equal(8500n)
    })

    it('does not let a channel take what ancestors are owed', async () => {
      await expect(at.collect(child, 10_000n, 850_001))
        .to.be.revertedWithCustomError(at.splitter, 'RevenueSplitter_CommissionTooHigh')
        .withArgs(850_001, 850_000)
    })

    it('leaves what came before the registration alone', async () => {
      await at.pay(other, 100n)
      await at.derive(other, [[root, 500_000]])
      await at.pay(other, 10n)
      expect((await at.splitter.royaltyOf(other, root, COIN)).grains).to.equal(5_000_000n)
      expect(await at.claimable(other, at.holderOnly, at.holder.address)).to.equal(105n)
    })

    it('goes to the split in force when it is swept', async () => {
      await at.pay(child, 10_000n)
      await at.setSplit(root, at.halves)
      await at.splitter.sweep(child, root, COIN)
      expect(await at.claimable(root, at.halves, at.ann.address)).to.equal(500n)
      expect(await at.claimable(root, at.thirds, at.ann.address)).to.equal(0n)
    })

    it('finds nothing twice, nothing for strangers, nothing in another currency', async () => {
      await at.pay(child, 10_000n)
      await at.splitter.sweep(child, root, COIN)
      for (const currency of [COIN, at.token])
        await expect(at.splitter.sweep(child, root, currency)).to.be.revertedWithCustomError(at.splitter, 'RevenueSplitter_NothingDue')
      for (const [of, ancestor] of [
        [child, other],
        [root, child],
        [child, child],
      ] as const)
        await expect(at.splitter.sweep(of, ancestor, COIN))
          .to.be.revertedWithCustomError(at.splitter, 'RevenueSplitter_NotAncestor')
          .withArgs(of, ancestor)
    })

    it('waits while nobody holds the rights in the ancestor', async () => {
      await at.pay(child, 10_000n)
      await at.rights.give(middle, `0x${'00'.repeat(20)}`)
      await expect(at.splitter.sweep(child, middle, COIN))
        .to.be.revertedWithCustomError(at.splitter, 'RevenueSplitter_RightsHolderMissing')
        .withArgs(middle)
      await at.rights.give(middle, at.bob.address)
      await at.splitter.sweep(child, middle, COIN)
    })
  })
})
