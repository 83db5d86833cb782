import { expect } from 'chai'
import { type Colophon, createColophon } from '../../src/index.ts'
import { createTitles } from '../../src/titles/index.ts'
import { startChain, type TestChain } from '../chain.ts'
import { newWork } from '../deposits/works.ts'
import { expectError } from '../expectError.ts'

describe('titles', () => {
  let chain: TestChain
  let ada: Colophon
  let bob: Colophon
  before(async () => {
    chain = await startChain()
    ada = createColophon({ signer: chain.accounts[1]! })
    bob = createColophon({ signer: chain.accounts[2]! })
  })
  after(() => chain.stop())

  const deposit = async (): Promise<`0x${string}`> => (await ada.deposits.create(newWork())).id
  const address = (index: number): string => chain.accounts[index]!.address

  it('tells the claimant as rights holder before there is a title, and nobody for an unknown work', async () => {
    const workId = await deposit()
    expect(await ada.titles.rightsHolderOf(workId)).to.equal(address(1))
    expect(await ada.titles.get(workId)).to.deep.equal({
      workId,
      rightsHolder: address(1),
      minted: false,
      epoch: 0,
      royaltyPercent: 0,
      frozenUntil: undefined,
      refuted: false,
    })
    expect(await ada.titles.get(newWork().contentHash)).to.equal(undefined)
    expect(await ada.titles.rightsHolderOf(newWork().contentHash)).to.equal(undefined)
  })

  it('mints, lowers the royalty, transfers, lists', async () => {
    const workId = await deposit()
    expect(await ada.titles.mint.simulate({ workId, royaltyPercent: 7.5 })).to.deep.equal({ workId })
    expect(Number(await ada.titles.mint.estimate({ workId, royaltyPercent: 7.5 }))).to.be.within(60_000, 110_000)
    expect(await ada.titles.mint.populate({ workId })).to.include({ to: chain.deployment.contracts.CopyrightTitle!.address, value: 0n })
    const minted = await ada.titles.mint({ workId, royaltyPercent: 7.5 })
    expect(minted).to.include({ workId, owner: address(1), royaltyPercent: 7.5 })
    expect(minted.at.getTime()).to.equal((await chain.provider.getBlock(minted.block))!.timestamp * 1000)
    expect((await ada.titles.lowerRoyalty({ workId, royaltyPercent: 5 })).royaltyPercent).to.equal(5)
    await expectError('ROYALTY_TOO_HIGH', () => ada.titles.lowerRoyalty({ workId, royaltyPercent: 6 }))

    expect(await ada.titles.listByOwner(address(1))).to.include(workId)
    const sent = await ada.titles.transfer({ workId, to: address(2) })
    expect(sent).to.include({ workId, to: address(2) })
    expect(await ada.titles.get(workId)).to.include({ rightsHolder: address(2), minted: true, epoch: 1, royaltyPercent: 5 })
    expect(await ada.titles.listByOwner(address(1))).not.to.include(workId)
    expect(await ada.titles.listByOwner(address(2))).to.deep.equal([workId])

    expect(await bob.titles.withdrawOffers.simulate({ workId })).to.deep.equal({ epoch: 2 })
    expect((await bob.titles.withdrawOffers({ workId })).epoch).to.equal(2)
    await expectError('NOT_RIGHTS_HOLDER', () => ada.titles.withdrawOffers({ workId }))
  })

  it('refuses before anything is spent', async () => {
    const workId = await deposit()
    const before = await chain.provider.getTransactionCount(address(1))
    await expectError('NOT_CLAIMANT', () => bob.titles.mint({ workId }))
    await expectError('ROYALTY_TOO_HIGH', () => ada.titles.mint({ workId, royaltyPercent: 10.01 }))
    for (const royaltyPercent of [-1, 101, 0.001, Number.NaN])
      expect((await expectError('INVALID_INPUT', () => ada.titles.mint({ workId, royaltyPercent }))).details.field).to.equal(
        'royaltyPercent',
      )
    expect((await expectError('INVALID_INPUT', () => ada.titles.mint({ workId: '0x12' }))).details.field).to.equal('workId')
    await expectError('TOKEN_NOT_FOUND', () => ada.titles.transfer({ workId, to: address(2) }))
    await expectError('INVALID_ADDRESS', () => ada.titles.transfer({ workId, to: '0x12' }))
    expect(await chain.provider.getTransactionCount(address(1))).to.equal(before)
    await ada.titles.mint({ workId })
    await expectError('TOKEN_EXISTS', () => ada.titles.mint({ workId }))
    await expectError('TOKEN_NOT_APPROVED', () => bob.titles.transfer({ workId, to: address(3) }))
  })

  it('shows a freeze and a refutation', async () => {
    const workId = await deposit()
    const claims = chain.deployment.contracts.InfringementClaims!.address
    await chain.provider.send('anvil_impersonateAccount', [claims])
    await chain.provider.send('anvil_setBalance', [claims, '0xde0b6b3a7640000'])
    const { CopyrightTitle__factory } = await import('../../src/contracts/index.ts')
    const title = CopyrightTitle__factory.connect(
      chain.deployment.contracts.CopyrightTitle!.address,
      await chain.provider.getSigner(claims),
    )
    const until = (await chain.provider.getBlock('latest'))!.timestamp + 86_400
    await (await title.freeze(workId, until)).wait()
    await ada.titles.mint({ workId })
    await expectError('TITLE_FROZEN', () => ada.titles.transfer({ workId, to: address(2) }))
    await (await title.refute(workId)).wait()
    expect(await ada.titles.get(workId)).to.deep.include({ frozenUntil: new Date(until * 1000), refuted: true })
  })

  it('reads without a signer, and writes not', async () => {
    const workId = await deposit()
    const reader = createTitles({ provider: chain.connect() })
    expect(await reader.rightsHolderOf(workId)).to.equal(address(1))
    await expectError('SIGNER_MISSING', () => reader.mint({ workId }))
    await expectError('INVALID_ADDRESS', () => reader.listByOwner('nobody'))
    const reason = new Error('enough')
    expect(await reader.listByOwner(address(1), { signal: AbortSignal.abort(reason) }).catch((fault) => fault)).to.equal(reason)
  })
})
