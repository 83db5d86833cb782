import { StandardMerkleTree } from '@openzeppelin/merkle-tree'
import { expect } from 'chai'
import {
  anchoredReceipt,
  createDeposits,
  type Deposits,
  type Hex,
  hashWork,
  idOf,
  leafOf,
  parseReceipt,
  type Work,
} from '../../src/index.ts'
import { startChain, type TestChain } from '../chain.ts'
import { expectError } from '../expectError.ts'
import { newWork } from './works.ts'

describe('deposits: anchor and lift', () => {
  let chain: TestChain
  let platform: Deposits
  let creator: Deposits

  before(async () => {
    chain = await startChain()
    platform = createDeposits({ signer: chain.accounts[1]! })
    creator = createDeposits({ signer: chain.accounts[2]! })
  })
  after(() => chain.stop())

  const claimant = (): string => chain.accounts[2]!.address
  const sent = (): Promise<number> => chain.provider.getTransactionCount(chain.accounts[1]!.address)

  /** A batch of works of one claimant, with OpenZeppelin's own tree. */
  function batchOf(count: number): { works: Work[]; root: Hex; proofOf: (work: Work) => Hex[]; count: number } {
    const works = Array.from({ length: count }, newWork)
    const tree = StandardMerkleTree.of(
      works.map((work) => [claimant(), hashWork(work)]),
      ['address', 'bytes32'],
    )
    return { works, count, root: tree.root as Hex, proofOf: (work) => tree.getProof([claimant(), hashWork(work)]) as Hex[] }
  }

  it('agrees with the standard tree about leaves', () => {
    const work = newWork()
    const tree = StandardMerkleTree.of([[claimant(), hashWork(work)]], ['address', 'bytes32'])
    expect(leafOf(idOf(claimant(), work))).to.equal(tree.leafHash([claimant(), hashWork(work)]))
  })

  it('dates any number of works with one transaction, and lifts one of them', async () => {
    const batch = batchOf(1000)
    const manifest = newWork().contentHash
    const anchor = await platform.anchor({ root: batch.root, count: batch.count, manifest })
    expect(anchor).to.include({ root: batch.root, by: chain.accounts[1]!.address, count: 1000n, manifest })
    expect(await creator.getAnchor(batch.root)).to.deep.equal(anchor)
    await chain.pass(1000)

    const work = batch.works[500]!
    const lifted = { root: batch.root, work, proof: batch.proofOf(work) }
    expect(await creator.lift.simulate(lifted)).to.deep.equal({ id: idOf(claimant(), work) })
    const receipt = await creator.lift(lifted)
    expect(receipt).to.include({ kind: 'lifted', claimant: claimant(), depositedAt: anchor.time })
    const { transaction, block, time } = anchor
    expect(receipt.anchor).to.deep.equal({ root: batch.root, proof: lifted.proof, transaction, block, time })
    expect(await creator.receipt(receipt.id)).to.deep.equal(receipt)
    await expectError('DEPOSIT_EXISTS', () => creator.lift(lifted))
  })

  it('makes a receipt for a work that was anchored only', async () => {
    const batch = batchOf(3)
    const anchor = await platform.anchor({ root: batch.root, count: 3 })
    const work = batch.works[1]!
    const id = idOf(claimant(), work)
    const at = { chainId: 31_337, registry: chain.deployment.contracts.CopyrightRegistry!.address }
    const receipt = anchoredReceipt(at, anchor, { id, claimant: claimant(), work, proof: batch.proofOf(work) })
    expect(receipt).to.include({ kind: 'anchored', id, depositedAt: anchor.time })
    expect(parseReceipt(JSON.stringify(receipt))).to.deep.equal(receipt)
  })

  it('refuses to anchor the same batch again, before anything is spent', async () => {
    const batch = batchOf(2)
    const first = await platform.anchor({ root: batch.root, count: 2 })
    const before = await sent()
    const error = await expectError('ANCHOR_EXISTS', () => platform.anchor({ root: batch.root, count: 2 }))
    expect(error.details).to.deep.equal({ ...first, count: '2' })
    expect(await sent()).to.equal(before)
  })

  it('gives the anchor that stands when somebody else was a moment earlier', async () => {
    const { root } = batchOf(2)
    await chain.provider.send('evm_setAutomine', [false])
    try {
      const both = Promise.all([platform.anchor({ root, count: 2 }), creator.anchor({ root, count: 5 })])
      const waitForBoth = async (): Promise<void> => {
        while (Number(((await chain.provider.send('txpool_status', [])) as { pending: string }).pending) < 2)
          await new Promise((resolve) => setTimeout(resolve, 20))
      }
      await waitForBoth()
      await chain.provider.send('evm_mine', [])
      const [first, second] = await both
      expect(first).to.deep.equal(second)
    } finally {
      await chain.provider.send('evm_setAutomine', [true])
    }
  })

  it('refuses a wrong proof, another claimant, an unknown root and an empty batch', async () => {
    const batch = batchOf(4)
    const [work, other] = batch.works
    const lifted = { root: batch.root, work: work!, proof: batch.proofOf(work!) }
    await expectError('ANCHOR_NOT_FOUND', () => creator.lift(lifted))
    await platform.anchor({ root: batch.root, count: 4 })
    await expectError('PROOF_INVALID', () => creator.lift({ ...lifted, proof: batch.proofOf(other!) }))
    await expectError('PROOF_INVALID', () => platform.lift(lifted))
    await expectError('INVALID_WORK', () => creator.lift({ ...lifted, proof: ['0x12'] }))
    await expectError('INVALID_BATCH', () => platform.anchor({ root: newWork().contentHash, count: 0 }))
    await expectError('INVALID_BATCH', () => platform.anchor({ root: newWork().contentHash, count: 1.5 }))
    await expectError('INVALID_BATCH', () => platform.anchor({ root: `0x${'0'.repeat(64)}`, count: 1 }))
  })

  it('lifts by signature, so that a sponsor pays for it', async () => {
    const batch = batchOf(5)
    await platform.anchor({ root: batch.root, count: 5 })
    const work = batch.works[2]!
    const signed = await creator.signLift({ root: batch.root, work, proof: batch.proofOf(work) })
    await expectError('SIGNATURE_INVALID', () => platform.submitSignedLift({ ...signed, deadline: signed.deadline + 1 }))
    expect(await platform.submitSignedLift.simulate(signed)).to.deep.equal({ id: idOf(claimant(), work) })
    const receipt = await platform.submitSignedLift(signed)
    expect(receipt).to.include({ kind: 'lifted', claimant: claimant() })
    expect(receipt.anchor!.proof).to.deep.equal(signed.proof)
    expect((await expectError('DEPOSIT_EXISTS', () => platform.submitSignedLift(signed))).details.earlier).to.include({ kind: 'lifted' })
  })
})
