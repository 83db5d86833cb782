import { type Hex, leafOf, type Work } from '../deposits/work.ts'
import { ColophonError } from '../errors/base.ts'
import { hexToBytes } from '../hex/index.ts'
import { createMerkleTree } from '../merkle/index.ts'
import { digestToCid } from '../storage/cid.ts'
import type { Storage } from '../storage/index.ts'
import { type Deposited, type FeatureFault, indexedDeposit } from './deposited.ts'
import type { RebuildOptions, Rebuilt } from './lazyRebuild.ts'
import type { SimilarityIndex } from './similarityIndex.ts'
import type { IndexedWork } from './works/features.ts'

/** Deposits that are looked up in the index, and works that are inserted, together. */
const GROUP = 256
const MOST_TOLD = 100

/** The work of `lazyRebuild.ts`. */
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
