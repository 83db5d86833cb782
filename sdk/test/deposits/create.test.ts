import { expect } from 'chai'
import { createColophon, createDeposits, type Deposits, idOf, parseReceipt } from '../../src/index.ts'
import { startChain, startInProcessChain, type TestChain } from '../chain.ts'
import { expectError } from '../expectError.ts'
import { newWork } from './works.ts'

describe('deposits: create', () => {
  let chain: TestChain
  let deposits: Deposits

  before(async () => {
    chain = await startChain()
    deposits = createColophon({ signer: chain.accounts[1]! }).deposits
  })
  after(() => chain.stop())

  const claimant = (): string => chain.accounts[1]!.address
  const transactionsOf = (index: number): Promise<number> => chain.provider.getTransactionCount(chain.accounts[index]!.address)

  it('deposits a work and gives a receipt with everything in it', async () => {
    const work = newWork()
    const receipt = await deposits.create(work)
    expect(receipt).to.include({ type: 'colophon-deposit-receipt', version: 1, kind: 'direct', chainId: 31_337, claimant: claimant() })
    expect(receipt.registry).to.equal(chain.deployment.contracts.CopyrightRegistry!.address)
    expect(receipt.work).to.deep.equal(work)
    expect(receipt.id).to.equal(idOf(claimant(), work))
    expect(receipt.document).to.match(/^bafkrei[a-z2-7]{52}$/)
    const block = (await chain.provider.getBlock(receipt.record!.block))!
    expect(receipt.depositedAt).to.equal(block.timestamp)
    expect(receipt.record).to.deep.equal({ transaction: block.transactions[0], block: block.number, time: block.timestamp })
    expect(parseReceipt(JSON.stringify(receipt))).to.deep.equal(receipt)
  })

  it('leaves the document out of the receipt when the work has none', async () => {
    expect(await deposits.create({ contentHash: newWork().contentHash })).not.to.have.property('document')
  })

  it('takes what fingerprint() and the document give', async () => {
    const { contentHash, fingerprint, metadata } = newWork()
    const input = { fingerprint: { sha256: contentHash, code: { type: 3, bits: fingerprint } }, document: { digest: metadata } }
    const receipt = await deposits.create(input)
    expect(receipt.work).to.deep.equal({ contentHash, fingerprint, fingerprintType: 3, metadata, salt: `0x${'0'.repeat(64)}` })
  })

  it('simulates, estimates and populates without sending anything', async () => {
    const work = newWork()
    const before = await transactionsOf(1)
    expect(await deposits.create.simulate(work)).to.deep.equal({ id: idOf(claimant(), work) })
    const gas = await deposits.create.estimate(work)
    const request = await deposits.create.populate(work)
    expect(request).to.include({ from: claimant(), to: chain.deployment.contracts.CopyrightRegistry!.address, value: 0n, chainId: 31_337n })
    expect(await transactionsOf(1)).to.equal(before)
    expect(await deposits.get(idOf(claimant(), work))).to.equal(undefined)
    // What was populated is a deposit, if sent by the account itself.
    const mined = await (await chain.accounts[1]!.sendTransaction(request)).wait()
    expect(mined!.gasUsed <= gas).to.equal(true)
    expect(await deposits.receipts(mined!.hash)).to.have.length(1)
  })

  it('refuses a second deposit before anything is spent, and shows the first', async () => {
    const work = newWork()
    const first = await deposits.create(work)
    const before = await transactionsOf(1)
    const error = await expectError('DEPOSIT_EXISTS', () => deposits.create(work))
    expect(error.details.id).to.equal(first.id)
    expect(error.details.earlier).to.deep.equal({ claimant: claimant(), kind: 'direct', depositedAt: first.depositedAt, ...first.record })
    await expectError('DEPOSIT_EXISTS', () => deposits.create.simulate(work))
    await expectError('DEPOSIT_EXISTS', () => deposits.create.estimate(work))
    expect(await transactionsOf(1)).to.equal(before)
  })

  it('lets another claimant deposit the same work, and finds both, the earlier first', async () => {
    const work = newWork()
    const other = createDeposits({ signer: chain.accounts[2]! })
    const first = await deposits.create(work)
    const second = await other.create(work)
    expect(second.id).not.to.equal(first.id)
    const found = await deposits.find(work.contentHash)
    expect(found.map(({ id }) => id)).to.deep.equal([first.id, second.id])
    expect(found[1]).to.deep.equal({
      id: second.id,
      claimant: chain.accounts[2]!.address,
      work,
      kind: 'direct',
      depositedAt: second.depositedAt,
      record: second.record,
    })
    expect((await deposits.findByClaimant(chain.accounts[2]!.address)).map(({ id }) => id))
      .to.include(second.id)
      .and.not.include(first.id)
  })

  it('gives the receipt again from the chain alone', async () => {
    const receipt = await deposits.create(newWork())
    const reader = createDeposits({ provider: chain.connect() })
    expect(await reader.receipt(receipt.id)).to.deep.equal(receipt)
    expect(await reader.receipts(receipt.record!.transaction)).to.deep.equal([receipt])
    await expectError('DEPOSIT_NOT_FOUND', () => reader.receipt(newWork().contentHash))
    await expectError('TRANSACTION_NOT_FOUND', () => reader.receipts(newWork().contentHash))
  })

  it('refuses malformed works by field', async () => {
    const work = newWork()
    const cases: [string, unknown][] = [
      ['contentHash', { ...work, contentHash: '0x1234' }],
      ['contentHash', { ...work, contentHash: `0x${'0'.repeat(64)}` }],
      ['contentHash', {}],
      ['fingerprint', { ...work, fingerprint: new Uint8Array(31) }],
      ['fingerprintType', { ...work, fingerprintType: 65_536 }],
      ['fingerprintType', { ...work, fingerprintType: 1.5 }],
      ['metadata', { ...work, metadata: `0x${'g'.repeat(64)}` }],
      ['salt', { ...work, salt: 7 }],
      ['work', null],
    ]
    for (const [field, input] of cases) {
      const error = await expectError('INVALID_WORK', () => deposits.create(input as never))
      expect(error.details.field).to.equal(field)
    }
  })

  it('reports its steps, and sends nothing when aborted before', async () => {
    const stages: string[] = []
    let hash: string | undefined
    const receipt = await deposits.create(newWork(), {
      onProgress: ({ stage }) => stages.push(stage),
      onSent: (sent) => {
        hash = sent
      },
    })
    expect(stages).to.deep.equal(['simulate', 'send', 'confirm', 'confirm'])
    expect(hash).to.equal(receipt.record!.transaction)

    const before = await transactionsOf(1)
    const reason = new Error('changed my mind')
    const thrown = await deposits.create(newWork(), { signal: AbortSignal.abort(reason) }).catch((error: unknown) => error)
    expect(thrown).to.equal(reason)
    const late = new AbortController()
    const stopped = await deposits
      .create(newWork(), { signal: late.signal, onProgress: () => late.abort(reason) })
      .catch((error: unknown) => error)
    expect(stopped).to.equal(reason)
    expect(await transactionsOf(1)).to.equal(before)
  })

  describe('many', () => {
    it('deposits all in one transaction', async () => {
      const works = [newWork(), newWork(), newWork()]
      const { receipts, existing } = await deposits.createMany(works)
      expect(receipts.map(({ work }) => work)).to.deep.equal(works)
      expect(new Set(receipts.map(({ record }) => record!.transaction)).size).to.equal(1)
      expect(existing).to.deep.equal([])
    })

    it('simulates, estimates and populates', async () => {
      const works = [newWork(), newWork()]
      expect(await deposits.createMany.simulate(works)).to.deep.equal({ ids: works.map((work) => idOf(claimant(), work)) })
      expect(Number(await deposits.createMany.estimate(works))).to.be.greaterThan(50_000)
      expect((await deposits.createMany.populate(works)).data).to.match(/^0x/)
    })

    it('records none when one is there already, or skips it when asked to', async () => {
      const works = [newWork(), newWork(), newWork()]
      const first = await deposits.create(works[1]!)
      const before = await transactionsOf(1)
      const error = await expectError('DEPOSIT_EXISTS', () => deposits.createMany(works))
      expect(error.details.id).to.equal(first.id)
      expect(await transactionsOf(1)).to.equal(before)

      const { receipts, existing } = await deposits.createMany(works, { existing: 'skip' })
      expect(receipts.map(({ work }) => work)).to.deep.equal([works[0], works[2]])
      expect(existing.map(({ id }) => id)).to.deep.equal([first.id])
      const sent = await transactionsOf(1)
      // Once more, as after a crash: all is there, nothing is paid.
      const again = await deposits.createMany(works, { existing: 'skip' })
      expect(again.receipts).to.deep.equal([])
      expect(again.existing).to.have.length(3)
      expect(await transactionsOf(1)).to.equal(sent)
    })

    it('refuses an empty batch and the same work twice', async () => {
      const work = newWork()
      await expectError('INVALID_BATCH', () => deposits.createMany([]))
      await expectError('INVALID_BATCH', () => deposits.createMany([], { existing: 'skip' }))
      const error = await expectError('INVALID_BATCH', () => deposits.createMany([newWork(), work, work]))
      expect(error.details.indices).to.deep.equal([1, 2])
    })
  })

  it('works the same on another node, behind a wallet interface', async () => {
    const other = await startInProcessChain()
    try {
      const work = newWork()
      const wallet = createDeposits({ signer: other.signers[1]! })
      const receipt = await wallet.create(work)
      expect(await wallet.receipt(receipt.id)).to.deep.equal(receipt)
      await expectError('DEPOSIT_EXISTS', () => wallet.create(work))
    } finally {
      await other.stop()
    }
  })
})
