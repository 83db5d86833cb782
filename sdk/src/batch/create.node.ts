import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Signer } from 'ethers'
import type { Deposits } from '../deposits/client.ts'
import type { AnchorRecord } from '../deposits/records.ts'
import { type Hex, idOf, WORK_TYPE_HASH, type Work, ZERO_32 } from '../deposits/work.ts'
import { ColophonError } from '../errors/base.ts'
import { bytesToHex } from '../hex/index.ts'
import { createMerkleTree, type MerkleTree } from '../merkle/index.ts'
import { openTree, writeTree } from '../merkle/merkle.node.ts'
import { indexedDeposit } from '../search/deposited.ts'
import type { IndexedWork } from '../search/index.ts'
import { createDryStore } from '../storage/index.ts'
import {
  type AnchoredEntry,
  type BatchEntry,
  copyJournal,
  type Journal,
  openJournal,
  type SignedEntry,
  type TreeEntry,
} from './journal.node.ts'
import { writeKeyIndex } from './keyIndex.node.ts'
import { type BatchRecord, createLeafHasher, openRecords, type Records } from './records.node.ts'
import { isNoted, sendAnchor } from './sending.node.ts'
import { type BatchSource, type CreateBatchOptions, type RefusedItem, takeAll } from './taking.node.ts'

/** What `createBatch` has made. Open its folder with `openBatch` for works, proofs and receipts. */
export interface CreatedBatch {
  anchor: AnchorRecord
  /** Works under the anchor. */
  count: number
  /** Files left out. */
  refused: RefusedItem[]
  /** Whether everything had been done before, and nothing was sent. */
  alreadyDone: boolean
}

/** What `createBatch` would do. */
export interface BatchEstimate extends Pick<CreatedBatch, 'count' | 'refused'> {
  root: Hex
  /** Gas units of the anchor; 0 where it is on the chain already. */
  gas: bigint
  alreadyAnchored: boolean
}

/**
 * Anchors any number of works with one transaction: 16,777,216 at most, in bounded memory. Killed at any point it goes on when run again with
 * the same source and folder; the anchor is paid for once.
 * @param signer signs and pays; must be able to sign a transaction without sending it, as ethers' `Wallet` is
 * @throws INVALID_BATCH, INVALID_WORK, BATCH_BUSY, BATCH_OTHER, BATCH_EMPTY, BATCH_REFUSED, BATCH_DAMAGED, FOLDER_NOT_FOUND, OUTPUT_UNWRITABLE,
 * TRANSACTION_PENDING, and what storage and chain throw
 */
export async function createBatchOn(
  deposits: Deposits,
  signer: Signer,
  source: BatchSource,
  options: CreateBatchOptions,
): Promise<CreatedBatch> {
  const { out } = options
  const here = await whereabouts(deposits, signer, options)
  const journal = await openJournal(out)
  try {
    const state = await stateOf(journal, here)
    const records = await openRecords(out, { write: true })
    try {
      const closed = state.tree ?? (await close(source, records, journal, here.claimant, options))
      const refused = await refusedOf(records, closed)
      const { root, count } = closed
      await checkTree(join(out, TREE), closed)
      const before = await deposits.getAnchor(root)
      const input = { root, count }
      if (before === undefined && options.confirm !== undefined)
        await options.confirm({ root, count, gas: await deposits.anchor.estimate(input), refused })
      const sending = { deposits, signer, provider: signer.provider!, journal, chainId: here.chainId, signed: state.signed }
      const anchor = before ?? (await sendAnchor(input, sending, options))
      const same = isNoted(anchor, state.anchored)
      if (!same) {
        const { transaction, block, time, by } = anchor
        await journal.append({ type: 'anchored', transaction, block, time, by }, true)
      }
      const finished = same && (state.done || options.index === undefined)
      if (!finished && options.index !== undefined) {
        await addToIndex(records, count, here.claimant, options)
        await journal.append({ type: 'done' }, true)
      }
      return { anchor, count, refused, alreadyDone: finished && before !== undefined }
    } finally {
      await records.close()
    }
  } finally {
    await journal.close()
  }
}

/**
 * Says what {@link createBatchOn} would do: takes all works that the folder does not have yet, in a folder of its own that is removed, and pins,
 * sends and keeps nothing. That needs as much room for temporary files as the batch.
 * @throws as `createBatchOn` before it pays
 */
export async function estimateBatchOn(
  deposits: Deposits,
  signer: Signer,
  source: BatchSource,
  options: CreateBatchOptions,
): Promise<BatchEstimate> {
  const here = await whereabouts(deposits, signer, options)
  const journal = await copyJournal(options.out)
  const { tree: known } = await stateOf(journal, here)
  const draft = await mkdtemp(join(tmpdir(), 'colophon-estimate-')).catch((cause: Error) => {
    throw new ColophonError('OUTPUT_UNWRITABLE', `There is no place for temporary files: ${cause.message}.`, {
      hint: 'Check permissions and free space, or set TMPDIR.',
      details: { path: tmpdir() },
      cause,
    })
  })
  try {
    // What was taken before is not taken again.
    for (const name of ['works.bin', 'keys.bin'])
      await copyFile(join(options.out, name), join(draft, name)).catch((fault: NodeJS.ErrnoException) => {
        if (fault.code !== 'ENOENT') throw fault
      })
    const records = await openRecords(draft, { write: true })
    try {
      const dry = { ...options, ...(options.storage && { storage: createDryStore() }) }
      const closed = known ?? (await close(source, records, journal, here.claimant, dry, draft))
      const { root, count } = closed
      const alreadyAnchored = (await deposits.getAnchor(root)) !== undefined
      const gas = alreadyAnchored ? 0n : await deposits.anchor.estimate({ root, count })
      return { root, count, gas, refused: await refusedOf(records, closed), alreadyAnchored }
    } finally {
      await records.close()
    }
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}

type Whereabouts = Omit<BatchEntry, 'type' | 'version' | 'form'>

async function whereabouts(deposits: Deposits, signer: Signer, { index, storage, signal }: CreateBatchOptions): Promise<Whereabouts> {
  signal?.throwIfAborted()
  if (index !== undefined && storage === undefined)
    throw new ColophonError('INVALID_BATCH', 'Works cannot be added to an index without what is pinned of them.', {
      hint: 'Give storage and describe too.',
    })
  const claimant = await signer.getAddress()
  // A populated call names chain and registry, and checks that the contract is there.
  const { to: registry, chainId } = await deposits.anchor.populate({ root: `0x${'1'.repeat(64)}`, count: 1 })
  return { chainId: Number(chainId), registry, claimant }
}

/** Name of the tree's file in the folder of a batch. */
export const TREE = 'tree.merkle'
/** Name of the index from keys to works. */
export const KEYS = 'keys.index'

interface State {
  tree: TreeEntry | undefined
  signed: SignedEntry[]
  anchored: AnchoredEntry | undefined
  /** Whether its works were added to an index. */
  done: boolean
}

async function stateOf(journal: Journal, here: Whereabouts): Promise<State> {
  const state: State = { tree: undefined, signed: [], anchored: undefined, done: false }
  let begun: BatchEntry | undefined
  for await (const entry of journal.entries()) {
    if (entry.type === 'batch') begun = entry
    else if (entry.type === 'tree') state.tree = entry
    else if (entry.type === 'signed') state.signed = [...state.signed.filter(({ nonce }) => nonce === entry.nonce), entry]
    else if (entry.type === 'anchored') Object.assign(state, { anchored: entry, done: false })
    else if (entry.type === 'done') state.done = true
  }
  if (begun === undefined) {
    await journal.append({ type: 'batch', version: 1, form: 'indexed', ...here }, true)
    return state
  }
  const { chainId, registry, claimant, form } = begun
  if (form === 'indexed' && chainId === here.chainId && registry === here.registry && claimant === here.claimant) return state
  throw new ColophonError('BATCH_OTHER', 'The batch in this folder belongs to another chain, registry or account, or is of another form.', {
    hint: 'Use those it was begun with, or another folder for its results.',
    details: { begun: { chainId, registry, claimant, form: form ?? 'receipts' }, found: { ...here, form: 'indexed' } },
  })
}

/** Takes all works, builds the tree and notes its root: these works and no others. */
async function close(
  source: BatchSource,
  records: Records,
  journal: Journal,
  claimant: string,
  options: CreateBatchOptions,
  folder: string = options.out,
): Promise<TreeEntry> {
  const { signal, onProgress } = options
  await takeAll(source, records, options)
  const refused = await listRefused(records, options)
  if (refused.length > 0 && options.refused !== 'skip')
    throw new ColophonError(
      'BATCH_REFUSED',
      `${refused.length} of ${records.count} files cannot be deposited, such as ${refused[0]!.key}. Nothing was paid.`,
      {
        hint: "Mend or remove them and run the batch again, or leave them out with refused: 'skip'.",
        details: { refused: refused.slice(0, 100), count: refused.length },
      },
    )
  if (records.count === refused.length)
    throw new ColophonError('BATCH_EMPTY', 'There is no work to deposit.', {
      hint: 'Give at least one work.',
      details: { refused: refused.slice(0, 100) },
    })
  const tree = await treeOf(records, claimant, options)
  const long = signal === undefined ? {} : { signal }
  await writeTree(join(folder, TREE), tree, long)
  onProgress?.({ stage: 'index', done: 0, total: records.count, unit: 'items' })
  await writeKeyIndex(join(folder, KEYS), records)
  const entry: TreeEntry = {
    type: 'tree',
    root: tree.root,
    count: tree.size,
    manifest: ZERO_32,
    manifestCid: '',
    refused: refused.map(({ index }) => index),
  }
  await journal.append(entry, true)
  return entry
}

async function treeOf(records: Records, claimant: string, { signal, onProgress }: CreateBatchOptions): Promise<MerkleTree> {
  const leafOf = createLeafHasher(claimant, WORK_TYPE_HASH)
  async function* leaves(): AsyncGenerator<Uint8Array> {
    for await (const { refusal, work } of records.scan()) if (refusal === undefined) yield leafOf(work)
  }
  return await createMerkleTree(leaves(), {
    ...(signal === undefined ? {} : { signal }),
    ...(onProgress === undefined ? {} : { onProgress: (progress) => onProgress({ ...progress, stage: 'tree' }) }),
  })
}

/** The tree's file is the one that was noted; it is the only place that has the proofs. */
async function checkTree(path: string, { root, count }: TreeEntry): Promise<void> {
  const tree = await openTree(path)
  try {
    if (tree.root === root && tree.size === count) return
    throw new ColophonError('BATCH_DAMAGED', 'The tree in the folder is not the one that was noted.', {
      hint: 'Restore the folder from a copy.',
      details: { noted: root, found: tree.root },
    })
  } finally {
    await tree.close()
  }
}

async function refusedOf(records: Records, { refused = [] }: TreeEntry): Promise<CreatedBatch['refused']> {
  return await Promise.all(
    refused.map(async (index) => {
      const { key, refusal } = await records.read(index)
      return { key, ...refusal! }
    }),
  )
}

async function listRefused(records: Records, { signal }: CreateBatchOptions): Promise<(RefusedItem & { index: number })[]> {
  const refused: (RefusedItem & { index: number })[] = []
  let index = 0
  for await (const { key, refusal } of records.scan()) {
    if (index % 10_000 === 0) signal?.throwIfAborted()
    if (refusal !== undefined) refused.push({ index, key, ...refusal })
    index++
  }
  return refused
}

/** Puts the works of the batch into the index, from what was pinned of them. */
async function addToIndex(
  records: Records,
  total: number,
  claimant: string,
  { index, storage, signal, onProgress }: CreateBatchOptions,
): Promise<void> {
  let done = 0
  async function* works(): AsyncGenerator<IndexedWork> {
    for await (const { refusal, work: words } of records.scan()) {
      if (refusal !== undefined) continue
      const work = workOfWords(words)
      yield (await indexedDeposit(storage!, { id: idOf(claimant, work), work }, signal)).work
      if (++done % 256 === 0 || done === total) onProgress?.({ stage: 'similarity', done, total, unit: 'items' })
    }
  }
  await index!.insertMany(works(), signal === undefined ? {} : { signal })
}

/** A work of a record with its fields in hex. */
export function workOfWords({ contentHash, fingerprint, metadata, salt, fingerprintType }: BatchRecord['work']): Work {
  return {
    contentHash: bytesToHex(contentHash),
    fingerprint: bytesToHex(fingerprint),
    fingerprintType,
    metadata: bytesToHex(metadata),
    salt: bytesToHex(salt),
  }
}
