import { stat } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { bytes32, type Hex, type WorkFields, type WorkInput, workOf } from '../deposits/work.ts'
import { pinWork, type WorkDescription } from '../document/index.ts'
import { ColophonError } from '../errors/base.ts'
import type { Fingerprint, FingerprintOptions } from '../fingerprint/index.ts'
import { createEstimate } from '../progress/estimate.ts'
import type { LongCallOptions } from '../progress/progress.ts'
import { checkOriginality, type Originality, type SimilarityIndex } from '../search/index.ts'
import type { Storage } from '../storage/index.ts'
import { listFiles } from './files.node.ts'
import type { BatchRecord, Records } from './records.node.ts'
import { createFingerprintThreads, type FingerprintThreads } from './threads.node.ts'

/**
 * One work of a large batch: its facts, or the file to take them from. `key` names it in the batch, as its path in a folder or its number in a
 * catalogue. `description` goes before what `describe` says of the file.
 */
export type BatchItem = { key: string; work: WorkInput } | { key: string; file: string; description?: WorkDescription }

/** A folder, or works one after the other. The same works in the same order each time, so that an interrupted batch can go on. */
export type BatchSource = string | Iterable<BatchItem> | AsyncIterable<BatchItem>

export interface CreateBatchOptions extends LongCallOptions<'take' | 'tree' | 'index' | 'anchor' | 'similarity'> {
  /** Folder for the batch; the same folder again goes on where it stopped. */
  out: string
  /** Where the documents of files are pinned. Without it, or for files that nothing describes, works have no document. */
  storage?: Storage
  /** What is known of each file. */
  describe?(key: string, fingerprint: Fingerprint): WorkDescription
  /** Layers of features that go into the storage; `signature` takes less time. Default `all`. */
  layers?: FingerprintOptions['layers']
  /** What to do about files without a robust fingerprint: refuse them (the default), or take them by their identity alone. */
  unsupported?: 'refuse' | 'data'
  /** What to do when files were refused: stop before anything is paid (the default), or leave them out. */
  refused?: 'stop' | 'skip'
  /**
   * Index in which look-alikes of each file are looked for before anything is paid; its document says what was found. All works are added to it
   * once they are anchored, with what was pinned of them. Look-alikes within the batch are not looked for.
   */
  index?: SimilarityIndex
  /** What to do about files with look-alikes in the index: refuse them (the default), or deposit them nevertheless. */
  lookAlikes?: 'refuse' | 'deposit'
  /** How many works the source has, where it cannot be counted; only progress goes by it. */
  total?: number
  /** Threads that fingerprint; as many as there are processors by default. */
  threads?: number
  /** Asked once, before the anchor is paid for; throwing stops the batch with everything kept. */
  confirm?(plan: { root: Hex; count: number; gas: bigint; refused: readonly RefusedItem[] }): Promise<void>
}

/** A file that is no part of the batch, and why. */
export interface RefusedItem {
  key: string
  code: string
  message: string
}

/** Records that are kept by the disk at once. */
const SYNC_EVERY = 20_000
/** Files in work or waiting for their turn, for each thread: the records keep the order of the source. */
const AHEAD = 4

/** Takes every work of the source that the records do not have yet, in the order of the source. */
export async function takeAll(source: BatchSource, records: Records, options: CreateBatchOptions): Promise<void> {
  const { signal, onProgress } = options
  const total = typeof source === 'string' ? await countFiles(source, options) : Array.isArray(source) ? source.length : options.total
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
  { key, file, description }: Extract<BatchItem, { file: string }>,
  before: BatchRecord | undefined,
  threads: FingerprintThreads,
  options: CreateBatchOptions,
): Promise<BatchRecord | undefined> {
  const { signal, storage, describe, layers, index } = options
  const { size = 0, mtimeMs: modified = 0 } = (await stat(file).catch(() => undefined)) ?? {}
  // What was refused for its kind is asked again when the options may have changed.
  if (before !== undefined && before.refusal === undefined && before.size === size && before.modified === modified) return undefined
  try {
    const found = await fingerprintOf(file, threads, { ...options, ...(layers === undefined ? {} : { layers }) })
    const long = signal === undefined ? {} : { signal }
    const originality = index === undefined ? undefined : await checkOriginality(index, found, long)
    if (originality !== undefined && options.lookAlikes !== 'deposit') checkLookAlikes(originality)
    const known = storage === undefined ? undefined : (description ?? describe?.(key, found))
    const document =
      storage === undefined || known === undefined
        ? undefined
        : await pinWork(storage, found, { ...known, ...(originality && { originality }) }, { fileName: key.split('/').at(-1)!, ...long })
    const after = await stat(file)
    if (after.size !== size || after.mtimeMs !== modified)
      throw new ColophonError('FILE_CHANGED', 'The file changed while it was read.', { hint: 'Run the batch again when it is at rest.' })
    return { key, work: wordsOf({ fingerprint: found, document }), size, modified }
  } catch (fault) {
    signal?.throwIfAborted()
    if (!(fault instanceof ColophonError) || /^(STORAGE_|DEPENDENCY_|INDEX_|THREAD_FAILED|INTERRUPTED)/.test(fault.code)) throw fault
    const work = { contentHash: NOTHING, fingerprint: NOTHING, metadata: NOTHING, salt: NOTHING, fingerprintType: 0 }
    return { key, refusal: { code: fault.code, message: fault.shortMessage.slice(0, 1000) }, work, size, modified }
  }
}

function checkLookAlikes({ lookAlikes }: Originality): void {
  const [first] = lookAlikes
  if (first === undefined) return
  const like = first.deposit === undefined ? 'a work' : first.deposit
  throw new ColophonError('LOOK_ALIKES_FOUND', `The index has ${lookAlikes.length} like it, such as ${like}: ${first.reason}`, {
    hint: "Look at them; lookAlikes: 'deposit' takes the file nevertheless, and its document says what was found.",
    details: { lookAlikes },
  })
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
