import { type Hex, leafOf, type Work } from '../deposits/work.ts'
import { ColophonError } from '../errors/base.ts'
import type { Events } from '../events/index.ts'
import { hexToBytes } from '../hex/index.ts'
import { createMerkleTree } from '../merkle/index.ts'
import type { LongCallOptions } from '../progress/progress.ts'
import { digestToCid } from '../storage/cid.ts'
import type { Storage } from '../storage/index.ts'
import { type Deposited, type FeatureFault, indexedDeposit } from './deposited.ts'
import type { SimilarityIndex } from './similarityIndex.ts'
import type { IndexedWork } from './works/features.ts'

export interface RebuildOptions extends LongCallOptions<'search' | 'insert'> {
  /** Events of the chain, as `createColophon` gives them. */
  events: Events
  /** Where documents and features are pinned; gateways will do. */
  storage: Pick<Storage, 'get' | 'read'>
  /** First block; that in which the registry was deployed by default. A rebuild that goes on may begin where the last one said it was. */
  fromBlock?: number
  /** Last block; the newest by default. */
  toBlock?: number
  /** Works that are in the index already are read again and replaced; by default they are passed over, so that a rebuild that was broken off goes on. */
  again?: boolean
  /** Works whose features are fetched at the same time; 8 by default. */
  concurrency?: number
}

export interface Rebuilt {
  /** Deposits that were found on the chain, those under anchors included. */
  deposits: number
  inserted: number
  /** Deposits that were in the index already. */
  present: number
  /**
   * Deposits of which the storage has not all: they are in the index with what the chain has, their SHA-256 and their fingerprint. Their number, and the first hundred.
   */
  lacking: { count: number; first: { id: string; fault: FeatureFault }[] }
  /** Anchors whose works could not be told: the manifest is not there, or does not give the root. */
  anchors: { root: string; fault: FeatureFault }[]
  /** Last block whose events are in the index. */
  block: number | undefined
}

/** Deposits that are looked up in the index, and works that are inserted, together. */
const GROUP = 256
const MOST_TOLD = 100

/**
 * Fills an index from the chain's events and what is pinned, and from nothing else. It can be broken off at any point and begun again: what is in the index is not
 * fetched a second time.
 *
 * @throws what the chain and the index throw; a storage that lacks something does not end it
 */
export async function rebuildIndex(index: SimilarityIndex, options: RebuildOptions): Promise<Rebuilt> {
  const { storage, again = false, concurrency = 8, signal, onProgress } = options
  const result: Rebuilt = { deposits: 0, inserted: 0, present: 0, lacking: { count: 0, first: [] }, anchors: [], block: undefined }
  let group: Deposited[] = []

  async function flush(): Promise<void> {
    signal?.throwIfAborted()
    const wanted: Deposited[] = []
    for (const deposit of group) {
      if (!again && (await index.has(deposit.id))) result.present++
      else wanted.push(deposit)
    }
    group = []
    const works: IndexedWork[] = new Array(wanted.length)
    let next = 0
    const worker = async (): Promise<void> => {
      for (let at = next++; at < wanted.length; at = next++) {
        signal?.throwIfAborted()
        const { work, fault } = await indexedDeposit(storage, wanted[at]!, signal)
        works[at] = work
        if (fault === undefined) continue
        result.lacking.count++
        if (result.lacking.first.length < MOST_TOLD) result.lacking.first.push({ id: wanted[at]!.id, fault })
      }
    }
    await Promise.all(Array.from({ length: concurrency }, worker))
    const { inserted } = await index.insertMany(works, signal === undefined ? {} : { signal })
    result.inserted += inserted
    onProgress?.({ stage: 'insert', done: result.inserted + result.present, unit: 'items' })
  }
  const add = async (deposit: Deposited): Promise<void> => {
    result.deposits++
    group.push(deposit)
    if (group.length >= GROUP) await flush()
  }

  const found = await depositsAndAnchors(options)
  onProgress?.({ stage: 'search', done: found.length, total: found.length, unit: 'items' })
  for (const event of found) {
    if (event.kind === 'deposit') await add(event.deposit)
    else {
      const fault = await addAnchored(storage, event, add, signal)
      if (fault !== undefined) result.anchors.push({ root: event.root, fault })
    }
    result.block = event.block
  }
  await flush()
  return result
}

interface Anchor {
  kind: 'anchor'
  root: Hex
  manifest: Hex
}

type Found = ({ kind: 'deposit'; deposit: Deposited } | Anchor) & { block: number; logIndex: number }

/** Everything on the chain that says which works were deposited, oldest first. */
async function depositsAndAnchors({ events, fromBlock, toBlock, signal }: RebuildOptions): Promise<Found[]> {
  const ranges = {
    ...(fromBlock === undefined ? {} : { fromBlock }),
    ...(toBlock === undefined ? {} : { toBlock }),
    ...(signal === undefined ? {} : { signal }),
  }
  const deposited = await events.list({ contract: 'CopyrightRegistry', event: 'Deposited' }, ranges)
  const anchored = await events.list({ contract: 'CopyrightRegistry', event: 'Anchored' }, ranges)
  const all: Found[] = []
  for (const { values, block, logIndex } of deposited) {
    const { id, contentHash, fingerprint, fingerprintType, metadata } = values
    const work = { contentHash, fingerprint, fingerprintType: Number(fingerprintType), metadata } as Pick<Work, keyof Deposited['work']>
    all.push({ kind: 'deposit', deposit: { id: id as Hex, work }, block, logIndex })
  }
  for (const { values, block, logIndex } of anchored) {
    all.push({ kind: 'anchor', root: values.root as Hex, manifest: values.manifest as Hex, block, logIndex })
  }
  return all.sort((a, b) => a.block - b.block || a.logIndex - b.logIndex)
}

/** The works under an anchor, from its manifest, once it is known that they give the root. */
async function addAnchored(
  storage: Pick<Storage, 'read'>,
  { root, manifest }: Anchor,
  add: (deposit: Deposited) => Promise<void>,
  signal: AbortSignal | undefined,
): Promise<FeatureFault | undefined> {
  if (/^0x0*$/.test(manifest)) return { code: 'MANIFEST_MISSING', message: 'The anchor names no manifest.' }
  const cid = digestToCid(hexToBytes(manifest))
  try {
    const tree = await createMerkleTree(leavesOf(manifestWorks(storage, cid, signal)), signal === undefined ? {} : { signal })
    if (tree.root !== root) return { code: 'MANIFEST_WRONG', message: `The works in the manifest ${cid} do not give the root.` }
    for await (const deposit of manifestWorks(storage, cid, signal)) await add(deposit)
    return undefined
  } catch (cause) {
    signal?.throwIfAborted()
    if (!(cause instanceof ColophonError) || cause.code.startsWith('INDEX_')) throw cause
    return { code: cause.code, message: cause.shortMessage }
  }
}

async function* leavesOf(works: AsyncIterable<Deposited>): AsyncGenerator<Hex, void> {
  for await (const { id } of works) yield leafOf(id)
}

/** Works of a manifest, which has one on each line. */
async function* manifestWorks(
  storage: Pick<Storage, 'read'>,
  cid: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<Deposited, void> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of storage.read(cid, signal === undefined ? {} : { signal })) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop()!
    for (const line of lines) {
      const deposit = parseLine(line)
      if (deposit !== undefined) yield deposit
    }
  }
}

function parseLine(line: string): Deposited | undefined {
  if (!line.startsWith('{"id"')) return undefined
  try {
    const { id, work } = JSON.parse(line.replace(/,$/, '')) as Deposited
    const isHex = (value: unknown): boolean => typeof value === 'string' && /^0x[0-9a-f]{64}$/.test(value)
    return [id, work.contentHash, work.fingerprint, work.metadata].every(isHex) ? { id, work } : undefined
  } catch {
    return undefined
  }
}
