import { ColophonError } from '../errors/base.ts'
import type { DecodedLog, IndexedContracts } from './chain/events.ts'
import type { ChainSource, Header, RawLog } from './chain/source.ts'
import type { Database, Reader } from './database/database.ts'

/** What was read of some blocks, all of one history. */
export interface Batch {
  from: number
  to: number
  logs: (DecodedLog & { time: number })[]
  /** Blocks whose hashes are worth keeping: those that have events, and the last. */
  blocks: { number: number; hash: string; time: number }[]
  /** Seconds at which deposits count as made, where that is not their block's. */
  depositedAt: ReadonlyMap<string, number>
}

/** Questions that are under way at once. */
const AT_ONCE = 64

/**
 * Events of a range in the past. Its last block is the same before and after the question, so that all are of one history.
 * @throws CHAIN_CHANGED when it is not
 */
export async function readRange(
  source: ChainSource,
  database: Reader,
  contracts: IndexedContracts,
  from: number,
  to: number,
): Promise<Batch> {
  const before = await source.header(to)
  const logs = await source.logs(contracts.addresses, { from, to })
  const after = await source.header(to)
  if (before.hash !== after.hash) throw changed(to)
  const times = new Map<number, { hash: string; time: number }>([[to, after]])
  const untimed = new Set<number>()
  for (const log of logs) {
    const known = times.get(log.blockNumber)
    if (known !== undefined && known.hash !== log.blockHash) throw changed(log.blockNumber)
    if (known !== undefined) continue
    if (log.time === undefined) untimed.add(log.blockNumber)
    else times.set(log.blockNumber, { hash: log.blockHash, time: log.time })
  }
  for (const header of await inParallel([...untimed], (number) => source.header(number))) times.set(header.number, header)
  for (const log of logs) if (times.get(log.blockNumber)!.hash !== log.blockHash) throw changed(log.blockNumber)
  return await batchOf(source, database, contracts, { from, to, logs, blocks: [...times].map(([number, block]) => ({ number, ...block })) })
}

/**
 * Events of the newest blocks, each asked for by its hash, which a node that lags behind does not know and says so.
 * @throws CHAIN_CHANGED when a block does not follow on the one before
 */
export async function readBlocks(
  source: ChainSource,
  database: Database,
  contracts: IndexedContracts,
  from: number,
  to: number,
): Promise<Batch> {
  const numbers = Array.from({ length: to - from + 1 }, (_, index) => from + index)
  const headers = await firstOnes(numbers, (number) => source.header(number))
  const [stored] = await database.all<{ hash: string }>('SELECT hash FROM blocks WHERE number = ?', [from - 1])
  let parent = stored?.hash
  for (const { number, hash, parentHash } of headers) {
    if (parent !== undefined && parentHash !== parent) throw changed(number)
    parent = hash
  }
  const found = await firstOnes(headers, async ({ hash, number, time }) => {
    const logs = await source.logs(contracts.addresses, { blockHash: hash })
    return logs.map((log) => ({ ...log, blockNumber: number, time }))
  })
  const blocks = headers.slice(0, found.length)
  return await batchOf(source, database, contracts, { from, to: blocks.at(-1)!.number, logs: found.flat(), blocks })
}

/**
 * Answers for the first of these, up to one that fails: where some servers of an RPC lag behind, what the others know is taken.
 * @throws what the first one failed with
 */
async function firstOnes<Item, Result>(items: readonly Item[], run: (item: Item) => Promise<Result>): Promise<Result[]> {
  const settled = await Promise.allSettled(items.map(run))
  const failed = settled.findIndex(({ status }) => status === 'rejected')
  if (failed === 0) throw (settled[0] as PromiseRejectedResult).reason
  return settled.slice(0, failed === -1 ? undefined : failed).map((each) => (each as PromiseFulfilledResult<Result>).value)
}

async function batchOf(
  source: ChainSource,
  database: Reader,
  contracts: IndexedContracts,
  { from, to, logs, blocks }: { from: number; to: number; logs: RawLog[]; blocks: Pick<Header, 'number' | 'hash' | 'time'>[] },
): Promise<Batch> {
  const times = new Map(blocks.map(({ number, time }) => [number, time]))
  const decoded: Batch['logs'] = []
  for (const log of logs) {
    const known = decodedLog(contracts, log)
    if (known !== undefined) decoded.push({ ...known, time: times.get(log.blockNumber)! })
  }
  return {
    ...{ from, to, logs: decoded },
    blocks: blocks.map(({ number, hash, time }) => ({ number, hash, time })),
    depositedAt: await depositTimes(source, database, contracts, decoded),
  }
}

function decodedLog(contracts: IndexedContracts, log: RawLog): DecodedLog | undefined {
  try {
    return contracts.decode(log)
  } catch (cause) {
    throw new ColophonError('BAD_CHAIN_DATA', `An event in block ${log.blockNumber} does not have the form of its contract's.`, {
      hint: 'Use another RPC endpoint if it does not stop.',
      details: { block: log.blockNumber, logIndex: log.logIndex, address: log.address },
      cause,
    })
  }
}

/**
 * A deposit that was sealed or anchored before counts from then, which its event does not tell: its record is asked for, wherever there was a
 * seal or an anchor to count from.
 */
async function depositTimes(
  source: ChainSource,
  database: Reader,
  contracts: IndexedContracts,
  logs: readonly DecodedLog[],
): Promise<Map<string, number>> {
  const [stamp] = await database.all('SELECT block FROM stamps LIMIT 1')
  let stamped = stamp !== undefined
  const asked: { id: string; block: number }[] = []
  for (const { contract, event, values, blockNumber } of logs) {
    if (contract !== 'CopyrightRegistry') continue
    if (event === 'Sealed' || event === 'Anchored') stamped = true
    else if (event === 'Deposited' && stamped) asked.push({ id: values.id as string, block: blockNumber })
  }
  if (asked.length === 0) return new Map()
  const face = contracts.faceOf('CopyrightRegistry')
  const registry = contracts.addressOf('CopyrightRegistry')!
  const times = await inParallel(asked, async ({ id, block }) => {
    const answer = await source.call(registry, face.encodeFunctionData('depositOf', [id]))
    const [record] = face.decodeFunctionResult('depositOf', answer)
    // A record never changes, so one that is not there is on another history, or not yet known to this node.
    if (Number(record.recordedIn) === 0) throw changed(block)
    return [id, Number(record.depositedAt)] as const
  })
  return new Map(times)
}

async function inParallel<Item, Result>(items: readonly Item[], run: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = []
  for (let from = 0; from < items.length; from += AT_ONCE) results.push(...(await Promise.all(items.slice(from, from + AT_ONCE).map(run))))
  return results
}

function changed(block: number): ColophonError {
  return new ColophonError('CHAIN_CHANGED', `The chain changed at block ${block} while it was read.`, {
    hint: 'It is read again.',
    details: { block },
  })
}
