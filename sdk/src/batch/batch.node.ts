import { existsSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
import { getBytes, hexlify, type Signer } from 'ethers'
import type { Colophon } from '../client/index.ts'
import { anchoredReceipt } from '../deposits/anchor.ts'
import type { AnchorRecord } from '../deposits/records.ts'
import { type Hex, idOf, leafOf, workOf } from '../deposits/work.ts'
import { pinWork, type WorkDescription } from '../document/index.ts'
import { ColophonError } from '../errors/base.ts'
import { type Fingerprint, fingerprint } from '../fingerprint/index.ts'
import { createMerkleTree, type MerkleTree } from '../merkle/index.ts'
import type { LongCallOptions } from '../progress/progress.ts'
import { indexedDeposit } from '../search/deposited.ts'
import { checkOriginality, type IndexedWork, type Originality, type SimilarityIndex } from '../search/index.ts'
import { cidToDigest, createDryStore, type Storage } from '../storage/index.ts'
import { type BatchFile, listFiles } from './files.node.ts'
import {
  type AnchoredEntry,
  copyJournal,
  type Journal,
  openJournal,
  type RefusedEntry,
  type SignedEntry,
  type TreeEntry,
  type WorkEntry,
} from './journal.node.ts'
import { checkReceipts, receiptFileOf, writeReceipt } from './receipts.node.ts'
import { isNoted, sendAnchor } from './sending.node.ts'

export interface BatchOptions extends LongCallOptions<'list' | 'fingerprint' | 'tree' | 'anchor' | 'receipts'> {
  /** Folder with the works. */
  folder: string
  /** Folder for journal and receipts; the same folder again goes on where it stopped. */
  out: string
  colophon: Colophon
  /** Signs and pays; must be able to sign a transaction without sending it, as ethers' `Wallet` is. */
  signer: Signer
  /** Where the documents are pinned. */
  storage: Storage
  /** What is known of each work. */
  describe(path: string, fingerprint: Fingerprint): WorkDescription
  /** What to do about files without a robust fingerprint: refuse them (the default), or take them by their identity alone. */
  unsupported?: 'refuse' | 'data'
  /** What to do when files were refused: stop before anything is paid (the default), or leave them out. */
  refused?: 'stop' | 'skip'
  /**
   * Index in which look-alikes of each work are looked for before anything is paid. The documents say what was found, and the works are added to it once they are anchored; look-alikes within the
   * batch are not looked for.
   */
  index?: SimilarityIndex
  /** What to do when works have look-alikes in the index: stop before anything is paid (the default), or deposit them nevertheless. */
  lookAlikes?: 'stop' | 'deposit'
  /** Files in work at the same time; as many as there are processors by default. */
  concurrency?: number
  /** Asked once, before the anchor is paid for; throwing stops the batch with everything kept. */
  confirm?(plan: BatchPlan): Promise<void>
}

/** What is about to be anchored. */
export interface BatchPlan {
  root: Hex
  count: number
  manifestCid: string
  /** Gas units of the anchor. */
  gas: bigint
  /** Works that have look-alikes; only where an index was given. */
  lookAlikes?: FoundLookAlikes
}

/** Works with look-alikes: how many, and the first hundred. */
export interface FoundLookAlikes {
  count: number
  first: { path: string; lookAlikes: Originality['lookAlikes'] }[]
}

export interface BatchResult {
  anchor: AnchorRecord
  count: number
  manifestCid: string
  /** Folder with one receipt a work, named by its path with `.receipt.json` behind. */
  receipts: string
  /** Files left out. */
  refused: RefusedFile[]
  /** Colophon's own files and folders, which are no works and were left out. */
  own: string[]
  /** Files that were added or changed since the batch was closed: they are not part of it. */
  later: string[]
  /** Whether everything had been done before, and nothing was sent. */
  alreadyDone: boolean
}

/** What a batch would do. */
export interface BatchForecast extends BatchPlan, Pick<BatchResult, 'refused' | 'own' | 'later'> {
  /** Whether the anchor is there already and costs nothing; `gas` is 0 then. */
  alreadyAnchored: boolean
}

export type RefusedFile = Pick<RefusedEntry, 'path' | 'code' | 'message'>

/**
 * Deposits a folder: fingerprints every file, pins its document, anchors all of them with one transaction and writes a receipt for each.
 *
 * Killed at any point it goes on when run again with the same folders. The anchor is paid for once.
 *
 * @throws BATCH_BUSY, BATCH_OTHER, BATCH_EMPTY, BATCH_REFUSED, BATCH_DAMAGED, FOLDER_NOT_FOUND, OUTPUT_UNWRITABLE, TRANSACTION_PENDING, and
 * what storage and chain throw
 */
export async function runBatch(options: BatchOptions): Promise<BatchResult> {
  const { out, colophon } = options
  const where = await whereabouts(options)
  const journal = await openJournal(out)
  try {
    const prepared = await prepare(options, where, journal)
    const { state, tree, entry, later, refused, alike, own } = prepared
    const { root, count, manifestCid } = entry
    const input = { root, count, manifest: entry.manifest }
    const before = await colophon.deposits.getAnchor(root)
    if (before === undefined && options.confirm !== undefined)
      await options.confirm({ root, count, manifestCid, gas: await colophon.deposits.anchor.estimate(input), ...alike })
    const { provider } = options.signer
    if (provider === null)
      throw new ColophonError('SIGNER_MISSING', 'The signer is not connected to a provider.', { hint: 'Use signer.connect(provider).' })
    const sending = {
      deposits: colophon.deposits,
      signer: options.signer,
      provider,
      journal,
      chainId: where.chainId,
      signed: state.signed,
    }
    const anchor = before ?? (await sendAnchor(input, sending, options))
    const noted = state.anchored
    const same = isNoted(anchor, noted)
    const alreadyDone = state.done && same && before !== undefined
    if (!same) {
      const { transaction, block, time, by } = anchor
      await journal.append({ type: 'anchored', transaction, block, time, by }, true)
    }
    // Receipts of this anchor that are there were renamed into place whole; those of one that a reorganisation moved are written again.
    const receipts = receiptsIn(out)
    await writeReceipts(journal, state, tree, anchor, where, receipts, same, options)
    if (!alreadyDone) {
      await addToIndex(journal, state, options)
      await journal.append({ type: 'done' }, true)
    }
    return { anchor, count, manifestCid, receipts, refused, own, later, alreadyDone }
  } finally {
    await journal.close()
  }
}

/**
 * Says what {@link runBatch} would do with these options: reads every file, and sends, pins and writes nothing. `storage` is not used.
 * @throws as `runBatch` before it pays
 */
export async function planBatch(options: BatchOptions): Promise<BatchForecast> {
  const { out, colophon } = options
  const where = await whereabouts(options)
  const { entry, alike, later, refused, own } = await prepare({ ...options, storage: createDryStore() }, where, await copyJournal(out), {
    dry: true,
  })
  const { root, count, manifestCid, manifest } = entry
  const alreadyAnchored = (await colophon.deposits.getAnchor(root)) !== undefined
  const gas = alreadyAnchored ? 0n : await colophon.deposits.anchor.estimate({ root, count, manifest })
  return { root, count, manifestCid, gas, ...alike, refused, own, later, alreadyAnchored }
}

interface Prepared extends Pick<BatchResult, 'refused' | 'own' | 'later'> {
  alike: Pick<BatchPlan, 'lookAlikes'>
  state: State
  tree: MerkleTree
  entry: TreeEntry
}

/** Everything before the first thing that is paid for. */
async function prepare(
  options: BatchOptions,
  where: Whereabouts,
  journal: Journal,
  { dry = false }: { dry?: boolean } = {},
): Promise<Prepared> {
  const { claimant } = where
  const state = await replay(journal)
  await checkSame(journal, state, where)
  const closed = state.tree
  const own = new Set<string>()
  const later =
    closed === undefined ? await fingerprintAll(options, claimant, journal, state, own) : await changedSince(options, state, own)
  const refused = [...state.refused.values()].map(({ path, code, message }) => ({ path, code, message }))
  if (closed === undefined) {
    checkRefused(options, state, refused)
  }
  const alike = await lookAlikesOf(journal, state, options)
  if (closed === undefined) checkLookAlikes(options, alike)

  // While names can still be mended, and in any case before anything is paid.
  if (state.anchored === undefined && state.signed.length === 0)
    await checkReceipts(receiptsIn(options.out), pathsOf(journal, state), { dry })
  const tree = await buildTree(journal, state, options)
  const entry = closed ?? (await close(tree, claimant, journal, state, options))
  if (entry.root !== tree.root)
    throw new ColophonError('BATCH_DAMAGED', 'The works in the journal do not give the root that was noted.', {
      hint: 'The journal was changed. Keep its copy if you have one.',
      details: { noted: entry.root, found: tree.root },
    })
  return { state, tree, entry, later, refused, alike, own: [...own] }
}

function receiptsIn(out: string): string {
  return join(resolve(out), 'receipts')
}

interface State {
  /** Line of the entry that counts, by path. */
  lines: Map<string, number>
  /** Size and time of the file when it was last read, by path. */
  seen: Map<string, string>
  refused: Map<string, RefusedEntry>
  works: number
  begun: { chainId: number; registry: string; claimant: string; form?: 'indexed' } | undefined
  tree: TreeEntry | undefined
  /** Those of the last nonce. */
  signed: SignedEntry[]
  anchored: AnchoredEntry | undefined
  done: boolean
  /** Lines in the journal. */
  length: number
}

async function replay(journal: Journal): Promise<State> {
  const state: State = {
    lines: new Map(),
    seen: new Map(),
    refused: new Map(),
    works: 0,
    begun: undefined,
    tree: undefined,
    signed: [],
    anchored: undefined,
    done: false,
    length: 0,
  }
  for await (const entry of journal.entries()) {
    if (entry.type === 'batch') state.begun = entry
    else if (entry.type === 'work' || entry.type === 'refused') take(state, entry)
    else if (entry.type === 'tree') state.tree = entry
    else if (entry.type === 'signed') state.signed = [...state.signed.filter(({ nonce }) => nonce === entry.nonce), entry]
    else if (entry.type === 'anchored') Object.assign(state, { anchored: entry, done: false })
    else if (entry.type === 'done') state.done = true
    state.length++
  }
  return state
}

/** The last entry of a path counts. */
function take(state: State, entry: WorkEntry | RefusedEntry): void {
  if (entry.type === 'work') state.refused.delete(entry.path)
  else state.refused.set(entry.path, entry)
  state.lines.set(entry.path, state.length)
  state.seen.set(entry.path, markOf(entry))
}

function markOf({ size, modified }: { size: number; modified: number }): string {
  return `${size} ${modified}`
}

interface Whereabouts {
  chainId: number
  registry: string
  claimant: string
}

/** Asked first, with whether there is anything to do: without them nothing else is worth the time. */
async function whereabouts(options: BatchOptions): Promise<Whereabouts> {
  options.signal?.throwIfAborted()
  const claimant = await options.signer.getAddress()
  // A populated call names both, and checks that the contract is there.
  const { to, chainId } = await options.colophon.deposits.anchor.populate({ root: `0x${'1'.repeat(64)}`, count: 1 })
  if (!(await hasFiles(options)) && !existsSync(join(options.out, 'journal.jsonl'))) throw empty(options.folder, [])
  return { chainId: Number(chainId), registry: to, claimant }
}

async function checkSame(journal: Journal, state: State, now: Whereabouts): Promise<void> {
  const { begun } = state
  if (begun === undefined) {
    await journal.append({ type: 'batch', version: 1, ...now }, true)
    state.length++
    return
  }
  if (begun.chainId === now.chainId && begun.registry === now.registry && begun.claimant === now.claimant && begun.form === undefined)
    return
  throw new ColophonError('BATCH_OTHER', 'The batch in this folder belongs to another chain, registry or account, or is of another form.', {
    hint: 'Use those it was begun with, or another folder for its results.',
    details: { begun: { chainId: begun.chainId, registry: begun.registry, claimant: begun.claimant }, found: now },
  })
}

/** Fingerprints what is new or changed; entries of files that are gone no longer count. */
async function fingerprintAll(
  options: BatchOptions,
  claimant: string,
  journal: Journal,
  state: State,
  own: Set<string>,
): Promise<string[]> {
  const { folder, out, signal, onProgress } = options
  let total = 0
  const present = new Set<string>()
  for await (const { path } of listFiles(folder, { except: out, onOwn: (path) => own.add(path) })) {
    signal?.throwIfAborted()
    present.add(path)
    if (++total % 1000 === 0) onProgress?.({ stage: 'list', done: total, unit: 'items' })
  }
  for (const path of [...state.lines.keys()]) {
    if (present.has(path)) continue
    state.lines.delete(path)
    state.seen.delete(path)
    state.refused.delete(path)
  }
  let done = 0
  const files = listFiles(folder, { except: out })
  const report = (): void => onProgress?.({ stage: 'fingerprint', done, total, unit: 'items' })
  report()
  // One iterator that all workers draw from; the first failure stops the others at their next file.
  const stop = new AbortController()
  const worker = async (): Promise<void> => {
    for (;;) {
      signal?.throwIfAborted()
      if (stop.signal.aborted) return
      const next = await files.next()
      if (next.done === true) return
      const entry = await entryOf(next.value, options, claimant, state)
      if (entry !== undefined) {
        // Appends of several workers must get their line numbers in the order of the lines.
        await inTurn(async () => {
          await journal.append(entry)
          take(state, entry)
          state.length++
        })
      }
      done++
      report()
    }
  }
  const inTurn = createTurns()
  const workers = Array.from({ length: Math.max(1, options.concurrency ?? availableParallelism()) }, () =>
    worker().catch((fault: unknown) => {
      stop.abort()
      throw fault
    }),
  )
  const settled = await Promise.allSettled(workers)
  for (const each of settled) if (each.status === 'rejected') throw each.reason
  return []
}

function createTurns(): <Value>(run: () => Promise<Value>) => Promise<Value> {
  let last: Promise<unknown> = Promise.resolve()
  return (run) => {
    const next = last.then(run)
    last = next.catch(() => undefined)
    return next
  }
}

/** The entry for a file, or undefined when the journal has it already. */
async function entryOf(
  { path, file }: BatchFile,
  options: BatchOptions,
  claimant: string,
  state: State,
): Promise<WorkEntry | RefusedEntry | undefined> {
  const { signal, storage } = options
  const facts = await stat(file).catch(() => undefined)
  const mark = { size: facts?.size ?? 0, modified: facts?.mtimeMs ?? 0 }
  const known = state.refused.get(path)
  // What was refused for its kind is asked again when the options may have changed.
  if (state.seen.get(path) === markOf(mark) && known === undefined) return undefined
  try {
    const found = await fingerprintOf(file, options)
    const originality =
      options.index === undefined ? undefined : await checkOriginality(options.index, found, signal === undefined ? {} : { signal })
    const known = originality === undefined ? {} : { originality }
    const { digest } = await pinWork(
      storage,
      found,
      { ...options.describe(path, found), ...known },
      {
        fileName: path.split('/').at(-1)!,
        ...(signal === undefined ? {} : { signal }),
      },
    )
    const after = await stat(file)
    if (after.size !== mark.size || after.mtimeMs !== mark.modified)
      throw new ColophonError('FILE_CHANGED', 'The file changed while it was read.', { hint: 'Run the batch again when it is at rest.' })
    const work = workOf({ fingerprint: found, document: { digest } })
    const { lookAlikes = [] } = originality ?? {}
    return { type: 'work', path, ...mark, id: idOf(claimant, work), work, ...(lookAlikes.length === 0 ? {} : { lookAlikes }) }
  } catch (fault) {
    signal?.throwIfAborted()
    if (!(fault instanceof ColophonError) || /^(STORAGE_|DEPENDENCY_|INDEX_)/.test(fault.code)) throw fault
    return { type: 'refused', path, ...mark, code: fault.code, message: fault.shortMessage }
  }
}

async function fingerprintOf(file: string, { signal, unsupported }: BatchOptions): Promise<Fingerprint> {
  const long = signal === undefined ? {} : { signal }
  try {
    return await fingerprint(file, long)
  } catch (fault) {
    if (unsupported !== 'data' || !(fault instanceof ColophonError) || fault.code !== 'FINGERPRINT_UNSUPPORTED') throw fault
    return await fingerprint(file, { ...long, media: 'data' })
  }
}

function checkRefused({ refused: policy, folder }: BatchOptions, state: State, refused: readonly RefusedFile[]): void {
  if (refused.length > 0 && policy !== 'skip') {
    const shown = refused.slice(0, 3).map(({ path, message }) => `${path} (${message.replace(/\.$/, '')})`)
    const named = `${shown.join(', ')}${refused.length > shown.length ? ', …' : ''}`
    throw new ColophonError(
      'BATCH_REFUSED',
      `${refused.length} of ${state.lines.size} files cannot be deposited: ${named}. Nothing was paid.`,
      {
        hint: 'Mend or remove them and run the batch again, or leave them out with skip (--skip).',
        details: { refused: refused.slice(0, 100), count: refused.length },
      },
    )
  }
  if (state.lines.size === refused.length) throw empty(folder, refused)
}

const MOST_LOOK_ALIKES_TOLD = 100

async function lookAlikesOf(journal: Journal, state: State, { index }: BatchOptions): Promise<Pick<BatchPlan, 'lookAlikes'>> {
  if (index === undefined) return {}
  const found: FoundLookAlikes = { count: 0, first: [] }
  for await (const { path, lookAlikes } of worksOf(journal, state)) {
    if (lookAlikes === undefined) continue
    found.count++
    if (found.first.length < MOST_LOOK_ALIKES_TOLD) found.first.push({ path, lookAlikes })
  }
  return { lookAlikes: found }
}

function checkLookAlikes(
  { lookAlikes: policy }: BatchOptions,
  { lookAlikes: { count, first } = { count: 0, first: [] } }: Pick<BatchPlan, 'lookAlikes'>,
): void {
  if (count === 0 || policy === 'deposit') return
  const shown = first.slice(0, 3).map(({ path, lookAlikes }) => `${path} (${lookAlikes[0]!.reason.replace(/\.$/, '')})`)
  throw new ColophonError(
    'LOOK_ALIKES_FOUND',
    `${count} files have look-alikes in the index: ${shown.join(', ')}${count > shown.length ? ', …' : ''}. Nothing was paid.`,
    {
      hint: 'Look at them. Take them out of the folder and run the batch again, or deposit them nevertheless (--despite-look-alikes): their documents say what was found.',
      details: { count, lookAlikes: first },
    },
  )
}

/** Puts the works of the batch into the index, from what was pinned of them. */
async function addToIndex(journal: Journal, state: State, { index, storage, signal }: BatchOptions): Promise<void> {
  if (index === undefined) return
  async function* works(): AsyncGenerator<IndexedWork> {
    for await (const { id, work } of worksOf(journal, state)) yield (await indexedDeposit(storage, { id, work }, signal)).work
  }
  await index.insertMany(works(), signal === undefined ? {} : { signal })
}

function empty(folder: string, refused: readonly RefusedFile[]): ColophonError {
  return new ColophonError('BATCH_EMPTY', `There is no work to deposit in ${folder}.`, {
    hint: "Hidden files, links and Colophon's own files are not taken.",
    details: { folder, refused: refused.slice(0, 100) },
  })
}

async function hasFiles({ folder, out }: BatchOptions): Promise<boolean> {
  for await (const _ of listFiles(folder, { except: out })) return true
  return false
}

/** Paths that are new or changed since the batch was closed. */
async function changedSince({ folder, out, signal }: BatchOptions, state: State, own: Set<string>): Promise<string[]> {
  const later: string[] = []
  for await (const { path, file } of listFiles(folder, { except: out, onOwn: (path) => own.add(path) })) {
    signal?.throwIfAborted()
    const facts = await stat(file).catch(() => undefined)
    if (facts !== undefined && state.seen.get(path) !== markOf({ size: facts.size, modified: facts.mtimeMs })) later.push(path)
  }
  return later
}

/** The works that count, in the order of the journal, which is the order of the leaves. */
async function* worksOf(journal: Journal, { lines }: State): AsyncGenerator<WorkEntry> {
  let line = 0
  for await (const entry of journal.entries()) {
    if (entry.type === 'work' && lines.get(entry.path) === line) yield entry
    line++
  }
}

async function* pathsOf(journal: Journal, state: State): AsyncGenerator<string> {
  for await (const { path } of worksOf(journal, state)) yield path
}

async function buildTree(journal: Journal, state: State, { signal, onProgress }: BatchOptions): Promise<MerkleTree> {
  async function* leaves(): AsyncGenerator<Uint8Array> {
    for await (const { id } of worksOf(journal, state)) yield getBytes(leafOf(id))
  }
  return await createMerkleTree(leaves(), {
    ...(signal === undefined ? {} : { signal }),
    ...(onProgress === undefined ? {} : { onProgress: (progress) => onProgress({ ...progress, stage: 'tree' }) }),
  })
}

/** Closes the batch: stores the list of its works and notes the root. */
async function close(
  tree: MerkleTree,
  claimant: string,
  journal: Journal,
  state: State,
  { storage, signal }: BatchOptions,
): Promise<TreeEntry> {
  const encoder = new TextEncoder()
  async function* manifest(): AsyncGenerator<Uint8Array> {
    yield encoder.encode(`{"type":"colophon-batch-manifest","version":1,"claimant":"${claimant}","root":"${tree.root}","works":[`)
    let first = true
    for await (const { id, work } of worksOf(journal, state)) {
      yield encoder.encode(`${first ? '' : ','}\n${JSON.stringify({ id, work })}`)
      first = false
    }
    yield encoder.encode('\n]}\n')
  }
  const { cid } = await storage.put({ open: manifest }, signal === undefined ? {} : { signal })
  const entry: TreeEntry = { type: 'tree', root: tree.root, count: tree.size, manifest: hexlify(cidToDigest(cid)) as Hex, manifestCid: cid }
  await journal.append(entry, true)
  return entry
}

async function writeReceipts(
  journal: Journal,
  state: State,
  tree: MerkleTree,
  anchor: AnchorRecord,
  at: Whereabouts,
  folder: string,
  keep: boolean,
  { signal, onProgress }: BatchOptions,
): Promise<void> {
  const { claimant, ...where } = at
  let index = 0
  for await (const { path, id, work } of worksOf(journal, state)) {
    signal?.throwIfAborted()
    const proof = tree.proof(index++)
    const file = receiptFileOf(folder, path)
    await writeReceipt(file, anchoredReceipt(where, anchor, { id, claimant, work, proof }), keep)
    if (index % 50 === 0 || index === tree.size) onProgress?.({ stage: 'receipts', done: index, total: tree.size, unit: 'items' })
  }
}
