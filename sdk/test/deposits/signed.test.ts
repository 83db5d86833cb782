import { expect } from 'chai'
import { createDeposits, type Deposits, parseSigned, type SignedDeposit } from '../../src/index.ts'
import { startChain, type TestChain } from '../chain.ts'
import { expectError } from '../expectError.ts'
import { newWork } from './works.ts'

describe('deposits: signed', () => {
  let chain: TestChain
  let creator: Deposits
  let sponsor: Deposits

  before(async () => {
    chain = await startChain()
    creator = createDeposits({ signer: chain.accounts[1]! })
    sponsor = createDeposits({ signer: chain.accounts[2]! })
  })
  after(() => chain.stop())

  const claimant = (): string => chain.accounts[1]!.address
  const sent = async (): Promise<[number, number]> => [
    await chain.provider.getTransactionCount(claimant()),
    await chain.provider.getTransactionCount(chain.accounts[2]!.address),
  ]

  it('costs the creator nothing: the sponsor pays, the claimant is the creator', async () => {
    const work = newWork()
    const before = await chain.provider.getBalance(claimant())
    const signed = await creator.sign(work)
    expect(parseSigned(JSON.stringify(signed))).to.deep.equal(signed)
    const receipt = await sponsor.submitSigned(signed)
    expect(receipt).to.include({ kind: 'signed', claimant: claimant() })
    expect(receipt.signature).to.deep.equal({ value: signed.signature, deadline: signed.deadline })
    expect(await chain.provider.getBalance(claimant())).to.equal(before)
    expect(await sponsor.receipt(receipt.id)).to.deep.equal(receipt)
  })

  it('takes a deadline as a date or in seconds, a day by default', async () => {
    const now = (await chain.provider.getBlock('latest'))!.timestamp
    expect((await creator.sign(newWork())).deadline).to.equal(now + 86_400)
    expect((await creator.sign(newWork(), { deadline: now + 60 })).deadline).to.equal(now + 60)
    expect((await creator.sign(newWork(), { deadline: new Date((now + 90) * 1000 + 999) })).deadline).to.equal(now + 90)
    for (const deadline of [now, now - 1, 1.5, Number.NaN, new Date(Number.NaN)])
      await expectError('SIGNATURE_EXPIRED', () => creator.sign(newWork(), { deadline }))
  })

  it('refuses replayed, expired, altered and foreign signatures, and sends nothing', async () => {
    const signed = await creator.sign(newWork())
    const used = await creator.sign(newWork())
    await sponsor.submitSigned(used)
    const before = await sent()
    expect((await expectError('DEPOSIT_EXISTS', () => sponsor.submitSigned(used))).details.earlier).to.include({ kind: 'signed' })
    await expectError('SIGNATURE_INVALID', () => sponsor.submitSigned({ ...signed, work: newWork() }))
    await expectError('SIGNATURE_INVALID', () => sponsor.submitSigned({ ...signed, deadline: signed.deadline + 1 }))
    await expectError('SIGNATURE_INVALID', () => sponsor.submitSigned({ ...signed, claimant: chain.accounts[3]!.address }))
    await expectError('SIGNATURE_ELSEWHERE', () => sponsor.submitSigned({ ...signed, chainId: 1 }))
    await expectError('SIGNATURE_ELSEWHERE', () => sponsor.submitSigned({ ...signed, registry: claimant() as `0x${string}` }))
    await chain.pass(86_401)
    const error = await expectError('SIGNATURE_EXPIRED', () => sponsor.submitSigned(signed))
    expect(error.details.deadline).to.equal(String(signed.deadline))
    expect(error.shortMessage).to.include(new Date(signed.deadline * 1000).toISOString())
    expect(await sent()).to.deep.equal(before)
  })

  it('refuses malformed signed deposits', async () => {
    const signed = await creator.sign(newWork())
    const cases: unknown[] = [
      'nonsense',
      null,
      { ...signed, type: 'other' },
      { ...signed, chainId: 'x' },
      { ...signed, deadline: -1 },
      { ...signed, signature: '0xzz' },
      { ...signed, registry: 'x' },
      { ...signed, work: {} },
    ]
    for (const input of cases) await expectError('INVALID_SIGNED_DEPOSIT', () => parseSigned(input as object))
    await expectError('INVALID_SIGNED_DEPOSIT', () => sponsor.submitSigned({ ...signed, signature: '' as never }))
  })

  it('submits many, leaves out what cannot be recorded, and says why', async () => {
    const now = (await chain.provider.getBlock('latest'))!.timestamp
    const there = await creator.sign(newWork())
    await sponsor.submitSigned(there)
    const late = await creator.sign(newWork(), { deadline: now + 30 })
    const good = [await creator.sign(newWork()), await creator.sign(newWork())]
    const forged: SignedDeposit = { ...(await creator.sign(newWork())), work: newWork() }
    await chain.pass(60)
    const batch = [there, good[0]!, late, forged, good[1]!]
    expect(await sponsor.submitManySigned.simulate(batch)).to.deep.equal({ deposited: 2 })
    const { receipts, skipped } = await sponsor.submitManySigned(batch)
    expect(receipts.map(({ work }) => work)).to.deep.equal(good.map(({ work }) => work))
    expect(receipts.map(({ signature }) => signature!.value)).to.deep.equal(good.map(({ signature }) => signature))
    expect(skipped.map(({ index, reason }) => [index, reason])).to.deep.equal([
      [0, 'deposit exists'],
      [2, 'signature expired'],
      [3, 'signature invalid'],
    ])
    expect(skipped[0]).to.include({ claimant: claimant() })

    const before = await sent()
    await expectError('NOTHING_TO_DEPOSIT', () => sponsor.submitManySigned(batch))
    await expectError('INVALID_BATCH', () => sponsor.submitManySigned([]))
    expect(await sent()).to.deep.equal(before)
  })

  it('does not guess which of two signatures for one work was used', async () => {
    const work = newWork()
    const [first, second] = [await creator.sign(work), await creator.sign(work, { deadline: 4_000_000_000 })]
    const { receipts, skipped } = await sponsor.submitManySigned([first, second])
    expect(skipped).to.have.length(1)
    expect(receipts[0]).not.to.have.property('signature')
  })
})
