import type { Connection } from '../client/connection.ts'
import { timeOfBlock } from '../client/mined.ts'
import { defineWrite, type Write } from '../client/write.ts'
import { ColophonError } from '../errors/base.ts'
import { cidOfDigest } from '../receipt/cid.ts'
import type { DepositReceipt } from '../receipt/receipt.ts'
import { firstOf, withEarlierRecord } from './create.ts'
import { receiptsOfTransaction } from './receipts.ts'
import type { AnchorRecord, DepositReads } from './records.ts'
import { registryInterface } from './registry.ts'
import { type Bytes32, bytes32, type Hex, type WorkInput, workOf, ZERO_32 } from './work.ts'

/** A Merkle tree's root over any number of deposits, ready for the chain. */
export interface AnchorInput {
  /** Root over the leaves `leafOf(id)`, as `createMerkleTree` builds it. */
  root: Bytes32
  /** How many leaves there are. */
  count: number | bigint
  /** sha2-256 digest of the CID of the batch's manifest, if there is one. */
  manifest?: Bytes32
}

/** One work under an anchor, as `lift` needs it. */
export interface AnchoredWork {
  root: Bytes32
  work: WorkInput
  /** From leaf to root. */
  proof: readonly Bytes32[]
}

export interface AnchorWrites {
  /**
   * Puts a root on the chain: one transaction dates any number of deposits, whoever their claimants are.
   * @throws ANCHOR_EXISTS with the earlier anchor in its details, before anything is spent; INVALID_BATCH
   */
  anchor: Write<AnchorInput, AnchorRecord, { root: Hex }>
  /**
   * Turns one of the signer's works under an anchor into a full record with the anchor's time.
   * @throws ANCHOR_NOT_FOUND, PROOF_INVALID, DEPOSIT_EXISTS
   */
  lift: Write<AnchoredWork, DepositReceipt, { id: Hex }>
}

/** Receipt of a work that has no record of its own, only a leaf under an anchor. */
export function anchoredReceipt(
  at: { chainId: number; registry: string },
  anchor: AnchorRecord,
  leaf: { id: Hex; claimant: string; work: WorkInput; proof: readonly Bytes32[] },
): DepositReceipt {
  const work = workOf(leaf.work)
  return {
    type: 'colophon-deposit-receipt',
    version: 1,
    kind: 'anchored',
    ...at,
    id: leaf.id,
    claimant: leaf.claimant,
    work,
    ...(work.metadata === ZERO_32 ? {} : { document: cidOfDigest(work.metadata) }),
    depositedAt: anchor.time,
    anchor: {
      transaction: anchor.transaction,
      block: anchor.block,
      time: anchor.time,
      root: anchor.root,
      proof: leaf.proof.map((each) => bytes32('proof', each)),
    },
  }
}

export function createAnchorWrites(connection: Connection, reads: DepositReads): AnchorWrites {
  const common = { connection, contract: 'CopyrightRegistry', interfaces: () => [registryInterface()] } as const

  return {
    anchor: defineWrite<AnchorInput, AnchorRecord, { root: Hex }>({
      ...common,
      action: 'anchoring the batch',
      encode: async (input) => {
        const { root, count, manifest } = anchorOf(input)
        // The contract lets the first anchor stand and takes a second without a word; the SDK saves the gas.
        const earlier = await reads.getAnchor(root)
        if (earlier !== undefined)
          throw new ColophonError('ANCHOR_EXISTS', 'This batch is anchored already.', {
            hint: 'Nothing was sent; the earlier anchor, in the details, stands.',
            details: { ...earlier, count: earlier.count.toString() },
          })
        return registryInterface().encodeFunctionData('anchor', [root, count, manifest])
      },
      preview: (_, input) => ({ root: anchorOf(input).root }),
      result: async (mined, input, { from }) => {
        const { root, count, manifest } = anchorOf(input)
        const own = { root, by: from, count, manifest, transaction: mined.hash as Hex, block: mined.blockNumber }
        // Somebody else may have anchored the same root a moment earlier; then theirs is the one that counts.
        if (mined.logs.length === 0) return (await reads.getAnchor(root))!
        return { ...own, time: await timeOfBlock(connection.provider, mined.blockNumber) }
      },
    }),

    lift: defineWrite<AnchoredWork, DepositReceipt, { id: Hex }>({
      ...common,
      action: 'lifting the work',
      encode: ({ root, work, proof }) =>
        registryInterface().encodeFunctionData('lift', [bytes32('root', root), workOf(work), proof.map((each) => bytes32('proof', each))]),
      preview: (returned) => ({ id: registryInterface().decodeFunctionResult('lift', returned)[0] }),
      result: async (mined) => firstOf(await receiptsOfTransaction(connection, reads, mined), mined.hash),
      explain: (error) => withEarlierRecord(error, reads),
    }),
  }
}

function anchorOf(input: AnchorInput): { root: Hex; count: bigint; manifest: Hex } {
  const root = bytes32('root', input.root)
  if (root === ZERO_32)
    throw new ColophonError('INVALID_BATCH', 'The root of the batch is zero.', { hint: 'Build the tree with createMerkleTree.' })
  const count = typeof input.count === 'bigint' ? input.count : Number.isSafeInteger(input.count) ? BigInt(input.count) : 0n
  if (count < 1n)
    throw new ColophonError('INVALID_BATCH', 'The batch has no works.', {
      hint: 'count is the number of leaves, at least 1.',
      details: { count: String(input.count) },
    })
  return { root, count, manifest: bytes32('manifest', input.manifest ?? ZERO_32) }
}
