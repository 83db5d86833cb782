import { stat } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { Signer } from 'ethers'
import type { Deposits } from '../deposits/client.ts'
import type { AnchorRecord } from '../deposits/records.ts'
import { bytes32, type Hex, WORK_TYPE_HASH, type WorkFields, type WorkInput, workOf, ZERO_32 } from '../deposits/work.ts'
import { pinWork, type WorkDescription } from '../document/index.ts'
import { ColophonError } from '../errors/base.ts'
import type { Fingerprint, FingerprintOptions } from '../fingerprint/index.ts'
import { createMerkleTree, type MerkleTree } from '../merkle/index.ts'
import { openTree, writeTree } from '../merkle/merkle.node.ts'
import { createEstimate } from '../progress/estimate.ts'
import type { LongCallOptions } from '../progress/progress.ts'
import type { Storage } from '../storage/index.ts'
import { listFiles } from './files.node.ts'
import { type AnchoredEntry, type BatchEntry, type Journal, openJournal, type SignedEntry, type TreeEntry } from './journal.node.ts'
import { writeKeyIndex } from './keyIndex.node.ts'
import { type BatchRecord, createLeafHasher, openRecords, type Records } from './records.node.ts'
import { sendAnchor } from './sending.node.ts'
import { createFingerprintThreads, type FingerprintThreads } from './threads.node.ts'

/** One work of a large batch: its facts, or the file to take them from. `key` names it in the batch, as its path in a folder or its number in a catalogue. */
export type BatchItem = { key: string; work: WorkInput } | { key: string; file: string }

/** A folder, or works one after the other. The same works in the same order each time, so that an interrupted batch can go on. */
export type BatchSource = string | Iterable<BatchItem> | AsyncIterable<BatchItem>

export interface CreateBatchOptions extends LongCallOptions<'take' | 'tree' | 'index' | 'anchor'> {
  /** Folder for the batch; the same folder again goes on where it stopped. */
  out: string
  /** Where the documents of files are pinned; with `describe`. Without the two, works have no document. */
  storage?: Storage
  /** What is known of each file. */
  describe?(key: string, fingerprint: Fingerprint): WorkDescription
  /** Layers of features that go into the storage; `signature` takes less time. Default `all`. */
  layers?: FingerprintOptions['layers']
  /** What to do about files without a robust fingerprint: refuse them (the default), or take them by their identity alone. */
  unsupported?: 'refuse' | 'data'
  /** What to do when files were refused: stop before anything is paid (the default), or leave them out. */
  refused?: 'stop' | 'skip'
  /** Threads that fingerprint; as many as there are processors by default. */
  threads?: number
  /** Asked once, before the anchor is paid for; throwing stops the batch with everything kept. */
  confirm?(plan: { root: Hex; count: number; gas: bigint }): Promise<void>
}

/** What `createBatch` has made. Open its folder with `openBatch` for works, proofs and receipts. */
export interface CreatedBatch {
  anchor: AnchorRecord
  /** Works under the anchor. */
  count: number
  /** Files left out. */
  refused: { key: string; code: string; message: string }[]
  /** Whether everything had been done before, and nothing was sent. */
  alreadyDone: boolean
}

/** Records that are kept by the disk at once. */
const SYNC_EVERY = 20_000
/** Files in work or waiting for their turn, for each thread: the records keep the order of the source. */
const AHEAD = 4

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
  const { out, signal } = options
  signal?.throwIfAborted()
  const claimant = await signer.getAddress()
  // A populated call names chain and registry, and checks that the contract is there.
  const { to: registry, chainId } = await deposits.anchor.populate({ root: `0x${'1'.repeat(64)}`, count: 1 })
  const here = { chainId: Number(chainId), registry, claimant }
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
        await options.confirm({ root, count, gas: await deposits.anchor.estimate(input) })
      const sending = { deposits, signer, provider: signer.provider!, journal, chainId: here.chainId, signed: state.signed }
      const anchor = before ?? (await sendAnchor(input, sending, options))
      const alreadyDone = state.anchored?.transaction === anchor.transaction && state.anchored.time === anchor.time
      if (!alreadyDone) {
        const { transaction, block, time, by } = anchor
        await journal.append({ type: 'anchored', transaction, block, time, by }, true)
      }
      return { anchor, count, refused, alreadyDone }
    } finally {
      await records.close()
    }
  } finally {
    await journal.close()
  }
}

/** Name of the tree's file in the folder of a batch. */
export const TREE = 'tree.merkle'
/** Name of the index from keys to works. */
export const KEYS = 'keys.index'

interface State {
  tree: TreeEntry | undefined
  signed: SignedEntry[]
  anchored: AnchoredEntry | undefined
}

async function stateOf(journal: Journal, here: Omit<BatchEntry, 'type' | 'version'>): Promise<State> {
  const state: State = { tree: undefined, signed: [], anchored: undefined }
  let begun: BatchEntry | undefined
  for await (const entry of journal.entries()) {
    if (entry.type === 'batch') begun = entry
    else if (entry.type === 'tree') state.tree = entry
    else if (entry.type === 'signed') state.signed = [...state.signed.filter(({ nonce }) => nonce === entry.nonce), entry]
    else if (entry.type === 'anchored') state.anchored = entry
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
): Promise<TreeEntry> {
  const { out, signal, onProgress } = options
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
  await writeTree(join(out, TREE), tree, long)
  onProgress?.({ stage: 'index', done: 0, total: records.count, unit: 'items' })
  await writeKeyIndex(join(out, KEYS), records)
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

async function listRefused(
  records: Records,
  { signal }: CreateBatchOptions,
): Promise<{ index: number; key: string; code: string; message: string }[]> {
  const refused: { index: number; key: string; code: string; message: string }[] = []
  let index = 0
  for await (const { key, refusal } of records.scan()) {
    if (index % 10_000 === 0) signal?.throwIfAborted()
    if (refusal !== undefined) refused.push({ index, key, ...refusal })
    index++
  }
  return refused
}

/** Takes every work of the source that the records do not have yet, in the order of the source. */
async function takeAll(source: BatchSource, records: Records, options: CreateBatchOptions): Promise<void> {
  const { signal, onProgress } = options
  const total = typeof source === 'string' ? await countFiles(source, options) : Array.isArray(source) ? source.length : undefined
  const threads = createFingerprintThreads(options.threads ?? availableParallelism())
  const estimate = createEstimate()
  /** Records that are being made, oldest first. */
  const pending: { index: number; record: Promise<BatchRecord | undefined> }[] = []
  const kept = records.scan()
  let known = records.count
  let index = 0
  let done = 0
  let unsynced = 0

  async function finish(): Promise<void> {
    const { index, record } = pending.shift()!
    const found = await record
    if (found !== undefined) {
      if (index < records.count) await records.replace(index, found)
      else await records.append(found)
      if (++unsynced >= SYNC_EVERY) {
        await records.sync()
        unsynced = 0
      }
    }
    done++
    if (done % 256 === 0 || done === total || typeof source === 'string')
      onProgress?.({ stage: 'take', done, ...(total === undefined ? {} : { total }), unit: 'items', ...estimate(done, total) })
  }

  try {
    for await (const item of itemsOf(source, options)) {
      signal?.throwIfAborted()
      let before: BatchRecord | undefined
      if (index < known) {
        before = (await kept.next()).value as BatchRecord | undefined
        // Another source than before, from here on: nothing was paid for what was taken already.
        if (before?.key !== item.key) {
          while (pending.length > 0) await finish()
          await records.truncate(index)
          known = index
          before = undefined
        }
      }
      const record = recordOf(item, before, threads, options)
      // Nobody waits for it until its turn comes.
      if (record instanceof Promise) record.catch(() => undefined)
      pending.push({ index, record: record as Promise<BatchRecord | undefined> })
      index++
      while (pending.length >= ('file' in item ? threads.size * AHEAD : 1)) await finish()
    }
    while (pending.length > 0) await finish()
    if (records.count > index) await records.truncate(index)
    await records.sync()
    onProgress?.({ stage: 'take', done, total: done, unit: 'items' })
  } finally {
    // What was made in order is kept, also when one failed.
    await threads.close()
    await kept.return(undefined)
  }
}

async function* itemsOf(source: BatchSource, { out }: CreateBatchOptions): AsyncGenerator<BatchItem> {
  if (typeof source !== 'string') yield* source
  else for await (const { path, file } of listFiles(source, { except: out })) yield { key: path, file }
}

async function countFiles(folder: string, { out, signal }: CreateBatchOptions): Promise<number> {
  let count = 0
  for await (const _ of listFiles(folder, { except: out })) if (++count % 1000 === 0) signal?.throwIfAborted()
  return count
}

/** The record of an item, or undefined when the one from before is still right. */
function recordOf(
  item: BatchItem,
  before: BatchRecord | undefined,
  threads: FingerprintThreads,
  options: CreateBatchOptions,
): BatchRecord | undefined | Promise<BatchRecord | undefined> {
  if ('file' in item) return recordOfFile(item, before, threads, options)
  const record = { key: item.key, work: wordsOf(item.work), size: 0, modified: 0 }
  return before !== undefined && before.refusal === undefined && sameWork(before.work, record.work) ? undefined : record
}

async function recordOfFile(
  { key, file }: { key: string; file: string },
  before: BatchRecord | undefined,
  threads: FingerprintThreads,
  options: CreateBatchOptions,
): Promise<BatchRecord | undefined> {
  const { signal, storage, describe, layers } = options
  const { size = 0, mtimeMs: modified = 0 } = (await stat(file).catch(() => undefined)) ?? {}
  // What was refused for its kind is asked again when the options may have changed.
  if (before !== undefined && before.refusal === undefined && before.size === size && before.modified === modified) return undefined
  try {
    const found = await fingerprintOf(file, threads, { ...options, ...(layers === undefined ? {} : { layers }) })
    const document =
      storage === undefined || describe === undefined
        ? undefined
        : await pinWork(storage, found, describe(key, found), {
            fileName: key.split('/').at(-1)!,
            ...(signal === undefined ? {} : { signal }),
          })
    const after = await stat(file)
    if (after.size !== size || after.mtimeMs !== modified)
      throw new ColophonError('FILE_CHANGED', 'The file changed while it was read.', { hint: 'Run the batch again when it is at rest.' })
    return { key, work: wordsOf({ fingerprint: found, document }), size, modified }
  } catch (fault) {
    signal?.throwIfAborted()
    if (!(fault instanceof ColophonError) || /^(STORAGE_|DEPENDENCY_|THREAD_FAILED|INTERRUPTED)/.test(fault.code)) throw fault
    const work = { contentHash: NOTHING, fingerprint: NOTHING, metadata: NOTHING, salt: NOTHING, fingerprintType: 0 }
    return { key, refusal: { code: fault.code, message: fault.shortMessage.slice(0, 1000) }, work, size, modified }
  }
}

async function fingerprintOf(file: string, threads: FingerprintThreads, { layers, unsupported }: CreateBatchOptions): Promise<Fingerprint> {
  const chosen = layers === undefined ? {} : { layers }
  try {
    return await threads.fingerprint(file, chosen)
  } catch (fault) {
    if (unsupported !== 'data' || !(fault instanceof ColophonError) || fault.code !== 'FINGERPRINT_UNSUPPORTED') throw fault
    return await threads.fingerprint(file, { ...chosen, media: 'data' })
  }
}

const NOTHING = new Uint8Array(32)

/** The work as bytes, every field checked. @throws INVALID_WORK */
function wordsOf(input: WorkInput): BatchRecord['work'] {
  // Bytes need no way through hex, of which a million works would make a gigabyte.
  const fields: WorkFields = isPlain(input) ? input : workOf(input)
  const { fingerprintType = 0 } = fields
  const work = {
    contentHash: word('contentHash', fields.contentHash),
    fingerprint: word('fingerprint', fields.fingerprint),
    metadata: word('metadata', fields.metadata),
    salt: word('salt', fields.salt),
    fingerprintType,
  }
  if (!Number.isInteger(fingerprintType) || fingerprintType < 0 || fingerprintType > 0xffff || work.contentHash.every((byte) => byte === 0))
    workOf(input)
  return work
}

function isPlain(input: WorkInput): input is WorkFields {
  return typeof input === 'object' && input !== null && 'contentHash' in input
}

function word(field: string, value: WorkFields['salt']): Uint8Array {
  if (value === undefined) return NOTHING
  if (value instanceof Uint8Array && value.length === 32) return value
  return Buffer.from(bytes32(field, value).slice(2), 'hex')
}

function sameWork(a: BatchRecord['work'], b: BatchRecord['work']): boolean {
  return (
    a.fingerprintType === b.fingerprintType &&
    (['contentHash', 'fingerprint', 'metadata', 'salt'] as const).every((field) => Buffer.compare(a[field], b[field]) === 0)
  )
}
