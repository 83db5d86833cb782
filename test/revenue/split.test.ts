import { expect } from 'chai'
import { concat, toBeHex, Wallet, ZeroAddress } from 'ethers'
import { COIN, deploySplitter, type Payee, type Splitter, split, splitHash } from './fixture.ts'

describe('RevenueSplitter.setSplit and resetSplit', () => {
  let at: Splitter
  beforeEach(async () => {
    at = await deploySplitter()
  })

  it("pays the rights holder where no split is set, and the split's payees where one is", async () => {
    expect([...(await at.splitter.splitOf(at.one))]).to.deep.equal([splitHash(at.holderOnly), false])
    await expect(at.setSplit(at.one, at.thirds))
      .to.emit(at.splitter, 'SplitSet')
      .withArgs(at.one, (payees: [string, bigint][]) => {
        expect(payees.map(([account, share]) => ({ account, share: Number(share) }))).to.deep.equal(at.thirds)
        return true
      })
    expect([...(await at.splitter.splitOf(at.one))]).to.deep.equal([splitHash(at.thirds), true])
    expect([...(await at.splitter.splitOf(at.two))]).to.deep.equal([splitHash(at.holderOnly), false])
  })

  it('takes 32 payees and a single one', async () => {
    const many = split(
      ...Array.from({ length: 32 }, (_, i): [string, number] => [Wallet.createRandom().address, i === 0 ? 31_250 : 31_250]),
    )
    await at.setSplit(at.one, many)
    expect((await at.splitter.splitOf(at.one)).split).to.equal(splitHash(many))
    await at.setSplit(at.one, at.holderOnly)
    expect([...(await at.splitter.splitOf(at.one))]).to.deep.equal([splitHash(at.holderOnly), true])
  })

  it('leaves money where it was earned, and goes on with it when a split comes back', async () => {
    await at.setSplit(at.one, at.halves)
    await at.pay(at.one, 101n)
    await at.setSplit(at.one, at.thirds)
    await at.pay(at.one, 9n)
    expect(await at.claimable(at.one, at.halves, at.ann.address)).to.equal(50n)
    expect(await at.claimable(at.one, at.thirds, at.ann.address)).to.equal(2n)
    expect(await at.claimable(at.one, at.thirds, at.cyd.address)).to.equal(3n)
    await at.setSplit(at.one, at.halves)
    await at.pay(at.one, 1n)
    // 102 in all: the odd unit of the first payment was kept.
    expect(await at.claim(at.one, at.halves, at.ann.address)).to.equal(51n)
    expect(await at.claim(at.one, at.halves, at.bob.address)).to.equal(51n)
  })

  it('keeps what was earned before a sale for the seller', async () => {
    await at.setSplit(at.one, at.halves)
    await at.pay(at.one, 100n)
    await expect(at.rights.sell(at.one, at.stranger.address, at.address))
      .to.emit(at.splitter, 'SplitReset')
      .withArgs(at.one)
    await at.pay(at.one, 10n)
    const buyer = split([at.stranger.address, 1_000_000])
    expect([...(await at.splitter.splitOf(at.one))]).to.deep.equal([splitHash(buyer), false])
    expect(await at.claim(at.one, buyer, at.stranger.address)).to.equal(10n)
    expect(await at.claim(at.one, at.halves, at.ann.address)).to.equal(50n)
    await expect(at.setSplit(at.one, at.halves))
      .to.be.revertedWithCustomError(at.splitter, 'RevenueSplitter_NotRightsHolder')
      .withArgs(at.one, at.stranger.address, at.holder.address)
  })

  it('resets nothing where no split is set, and for nobody but the contract of titles', async () => {
    await expect(at.rights.sell(at.one, at.stranger.address, at.address)).to.not.emit(at.splitter, 'SplitReset')
    await at.setSplit(at.two, at.halves)
    for (const caller of [at.holder, at.module, at.deployer])
      await expect(at.by(caller).resetSplit(at.two))
        .to.be.revertedWithCustomError(at.splitter, 'RevenueSplitter_NotRightsContract')
        .withArgs(caller.address)
    expect((await at.splitter.splitOf(at.two)).isSet).to.equal(true)
  })

  it('keeps a lineage through a reset', async () => {
    await at.derive(at.two, [[at.one, 100_000]])
    await at.setSplit(at.two, at.halves)
    const before = [...(await at.splitter.lineageOf(at.two))]
    await at.rights.sell(at.two, at.stranger.address, at.address)
    expect([...(await at.splitter.lineageOf(at.two))]).to.deep.equal(before)
    expect(before.slice(1)).to.deep.equal([100_000n, true, false])
  })

  it('is for the rights holder alone', async () => {
    for (const caller of [at.stranger, at.module, at.deployer])
      await expect(at.by(caller).setSplit(at.one, at.halves))
        .to.be.revertedWithCustomError(at.splitter, 'RevenueSplitter_NotRightsHolder')
        .withArgs(at.one, at.holder.address, caller.address)
  })

  const account = (n: number): string => toBeHex(n, 20)
  const refused: [string, Payee[], string, unknown[]][] = [
    ['no payee', [], 'PayeeCountInvalid', [0n]],
    ['33 payees', Array.from({ length: 33 }, (_, i) => ({ account: account(i + 1), share: 30_303 })), 'PayeeCountInvalid', [33n]],
    ['the zero address', [{ account: ZeroAddress, share: 1_000_000 }], 'PayeeInvalid', [0n, ZeroAddress, 1_000_000n]],
    [
      'a share of zero',
      [
        { account: account(1), share: 1_000_000 },
        { account: account(2), share: 0 },
      ],
      'PayeeInvalid',
      [1n, account(2), 0n],
    ],
    ['a share above the whole', [{ account: account(1), share: 1_000_001 }], 'PayeeInvalid', [0n, account(1), 1_000_001n]],
    [
      'an account twice',
      [
        { account: account(7), share: 500_000 },
        { account: account(7), share: 500_000 },
      ],
      'PayeesUnsorted',
      [1n],
    ],
    [
      'accounts out of order',
      [
        { account: account(1), share: 300_000 },
        { account: account(9), share: 300_000 },
        { account: account(8), share: 400_000 },
      ],
      'PayeesUnsorted',
      [2n],
    ],
    [
      'shares that do not reach the whole',
      [
        { account: account(1), share: 500_000 },
        { account: account(2), share: 499_999 },
      ],
      'SharesInvalid',
      [999_999n],
    ],
    [
      'shares beyond the whole',
      [
        { account: account(1), share: 500_000 },
        { account: account(2), share: 500_001 },
      ],
      'SharesInvalid',
      [1_000_001n],
    ],
  ]
  for (const [what, payees, error, args] of refused)
    it(`refuses ${what}`, async () => {
      await expect(at.setSplit(at.one, payees))
        .to.be.revertedWithCustomError(at.splitter, `RevenueSplitter_${error}`)
        .withArgs(...args)
      expect((await at.splitter.splitOf(at.one)).isSet).to.equal(false)
    })

  it('refuses itself as a payee', async () => {
    await expect(at.setSplit(at.one, split([at.address, 1_000_000])))
      .to.be.revertedWithCustomError(at.splitter, 'RevenueSplitter_PayeeInvalid')
      .withArgs(0, at.address, 1_000_000)
  })

  it('refuses bits that belong to no field: one list must have one hash', async () => {
    const data = at.call('setSplit', [at.one, at.halves])
    const dirty = (offset: number) => concat([data.slice(0, 2 + 2 * offset), '0x01', `0x${data.slice(4 + 2 * offset)}`])
    // The accounts of both payees and the second one's share, in their highest bytes.
    for (const offset of [4 + 96, 4 + 96 + 64, 4 + 96 + 96])
      await expect(at.holder.sendTransaction({ to: at.address, data: dirty(offset) })).to.revert(at.ethers)
    await at.holder.sendTransaction({ to: at.address, data })
    expect((await at.splitter.splitOf(at.one)).isSet).to.equal(true)
  })

  it('needs a rights holder for a work that has no split', async () => {
    await expect(at.pay(5n, 10n)).to.be.revertedWithCustomError(at.splitter, 'RevenueSplitter_RightsHolderMissing').withArgs(5)
    await expect(at.splitter.splitOf(5n)).to.be.revertedWithCustomError(at.splitter, 'RevenueSplitter_RightsHolderMissing')
    expect(await at.balance(at.address)).to.equal(0n)
    expect(await at.splitter.claimable(5n, at.holderOnly, 0, COIN)).to.equal(0n)
  })

  it('passes on what the contract of titles says when it fails, and takes silence for nobody', async () => {
    // Its code: revert(0xdeadbeef).
    const sent = await at.deployer.sendTransaction({ data: '0x6b63deadbeef5f526004601cfd5f52600c6014f3' })
    const { contractAddress } = (await sent.wait())!
    const overRights = async (rights: string) =>
      await at.ethers.deployContract('RevenueSplitter', [await at.authority.getAddress(), rights])
    const failing = await overRights(contractAddress!)
    const said = await failing.splitOf(5n).then(
      () => 'no error',
      (error: { data?: string }) => error.data,
    )
    expect(said).to.equal('0xdeadbeef')
    const silent = await overRights(at.stranger.address)
    // A work whose id leaves something in the memory that the answer should have filled.
    await expect(silent.splitOf(at.one)).to.be.revertedWithCustomError(silent, 'RevenueSplitter_RightsHolderMissing').withArgs(at.one)
  })
})
