import { expect } from 'chai'
import { createDeposits, type Deposits, idOf, parseOpening } from '../../src/index.ts'
import { startChain, type TestChain } from '../chain.ts'
import { expectError } from '../expectError.ts'
import { newWork } from './works.ts'

describe('deposits: seal and unseal', () => {
  let chain: TestChain
  let deposits: Deposits
  let other: Deposits

  before(async () => {
    chain = await startChain()
    deposits = createDeposits({ signer: chain.accounts[1]! })
    other = createDeposits({ signer: chain.accounts[2]! })
  })
  after(() => chain.stop())

  const claimant = (): string => chain.accounts[1]!.address
  const transactions = (): Promise<number> => chain.provider.getTransactionCount(claimant())

  it('hides the work behind a random salt, and sends nothing while preparing', async () => {
    const work = newWork()
    const before = await transactions()
    const [first, second] = [await deposits.prepareSeal(work), await deposits.prepareSeal(work)]
    expect(first.work.salt)
      .to.match(/^0x[0-9a-f]{64}$/)
      .and.not.equal(second.work.salt)
    expect(first.commitment).to.equal(idOf(claimant(), first.work)).and.not.equal(second.commitment)
    expect(first).to.include({ claimant: claimant(), chainId: 31_337, registry: chain.deployment.contracts.CopyrightRegistry!.address })
    expect(await transactions()).to.equal(before)
    expect(parseOpening(JSON.stringify(first))).to.deep.equal(first)
  })

  it('gives the unsealed deposit the time of the seal', async () => {
    const opening = await deposits.prepareSeal(newWork())
    const { sealed } = await deposits.seal(opening)
    expect(await deposits.getSeal(claimant(), opening.commitment)).to.deep.equal({
      claimant: claimant(),
      commitment: opening.commitment,
      ...sealed,
    })
    expect(await deposits.find(opening.work.contentHash)).to.deep.equal([])
    await chain.pass(3600)
    expect(await deposits.unseal.simulate(opening)).to.deep.equal({ id: opening.commitment })
    const receipt = await deposits.unseal(opening)
    expect(receipt).to.include({ kind: 'unsealed', id: opening.commitment, depositedAt: sealed.time })
    expect(receipt.seal).to.deep.equal(sealed)
    expect(receipt.record!.time).to.be.at.least(sealed.time + 3600)
    expect(await deposits.receipt(receipt.id)).to.deep.equal(receipt)
  })

  it('refuses what was sealed, unsealed or never sealed, before anything is spent', async () => {
    const opening = await deposits.prepareSeal(newWork())
    const before = await transactions()
    await expectError('SEAL_NOT_FOUND', () => deposits.unseal(opening))
    expect(await transactions()).to.equal(before)
    await deposits.seal(opening)
    const error = await expectError('SEAL_EXISTS', () => deposits.seal(opening))
    expect(error.details.commitment).to.equal(opening.commitment)
    await deposits.unseal(opening)
    expect((await expectError('DEPOSIT_EXISTS', () => deposits.unseal(opening))).details.earlier).to.include({ kind: 'unsealed' })
    expect(await transactions()).to.equal(before + 2)
    expect(await deposits.getSeal(chain.accounts[2]!.address, opening.commitment)).to.equal(undefined)
  })

  it('opens for the account that prepared it, on its chain and registry only', async () => {
    const opening = await deposits.prepareSeal(newWork())
    const error = await expectError('WRONG_CLAIMANT', () => other.seal(opening))
    expect(error.details).to.include({ expected: claimant(), found: chain.accounts[2]!.address })
    const field = async (change: object): Promise<unknown> =>
      (await expectError('INVALID_OPENING', () => deposits.seal({ ...opening, ...change }))).details.field
    expect(await field({ chainId: 1 })).to.equal('chainId')
    expect(await field({ registry: claimant() })).to.equal('registry')
  })

  it('refuses an opening that was changed', async () => {
    const opening = await deposits.prepareSeal(newWork())
    const cases: [string, unknown][] = [
      ['opening', '{'],
      ['type', null],
      ['type', { ...opening, version: 2 }],
      ['chainId', { ...opening, chainId: '31337' }],
      ['registry', { ...opening, registry: 'here' }],
      ['claimant', { ...opening, claimant: undefined }],
      ['commitment', { ...opening, commitment: '0x' }],
      ['commitment', { ...opening, work: newWork(), commitment: opening.commitment, salt: 1 }],
      ['contentHash', { ...opening, work: { ...opening.work, contentHash: 'x' } }],
      ['work.salt', { ...opening, work: { ...opening.work, salt: `0x${'0'.repeat(64)}` } }],
      ['commitment', { ...opening, work: { ...opening.work, fingerprintType: 2 } }],
    ]
    cases[7]![1] = { ...opening, work: { ...newWork(), salt: opening.work.salt } }
    for (const [field, input] of cases) {
      const error = await expectError('INVALID_OPENING', () => parseOpening(input as object))
      expect(error.details.field, JSON.stringify(input)).to.equal(field)
    }
  })

  it('keeps a salt the caller chose', async () => {
    const salt = newWork().contentHash
    expect((await deposits.prepareSeal({ ...newWork(), salt })).work.salt).to.equal(salt)
  })
})
