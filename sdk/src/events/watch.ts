import type { Log, Provider } from 'ethers'
import { searchLogs } from '../client/logs.ts'
import { ColophonError } from '../errors/base.ts'
import { chainError } from '../errors/chain.ts'
import { untilAborted } from '../progress/aborted.ts'
import { pauseFor } from '../progress/pause.ts'

/** A log that came, or one that a reorganisation took back. */
export interface LogChange {
  kind: 'added' | 'removed'
  log: Log
}

export interface FollowOptions {
  /** First block; the next one by default. */
  fromBlock?: number
  /** Blocks that must lie on top of an event before it is told; 0 by default. */
  confirmations: number
  /** Blocks within which a reorganisation is followed. */
  depth: number
  /** Milliseconds between two questions. */
  pollInterval: number
  signal: AbortSignal | undefined
  /** Told of each fault of the RPC that is waited out. */
  onFault: ((error: ColophonError) => void) | undefined
  /** Asked before each round; throws when the chain is no longer the right one. */
  check: () => Promise<{ address: string }>
}

/** A block that was seen, and the logs that were told of it. */
interface Seen {
  number: number
  hash: string
  logs: Log[]
}

const LONGEST_PAUSE = 30_000

/** Faults that pass by themselves. */
const PASSING = /^(NETWORK_|RATE_LIMITED|CHAIN_FAULT|BLOCK_MISSING|RPC_|BAD_CHAIN_DATA)/

/**
 * Logs as they come, each once, for ever. After a reorganisation those of blocks that are no more are told again as removed, newest first, and then
 * those of the new blocks. Faults of the RPC are waited out.
 *
 * What was seen is remembered by block hash: the last block of each range that was searched, and each block that had logs. The newest of them that
 * the chain still has is where the two histories part: below it nothing has changed, since a block's hash stands for all before it.
 */
export async function* followLogs(
  provider: Provider,
  topics: (string | string[] | null)[],
  options: FollowOptions,
): AsyncGenerator<LogChange> {
  const { signal, depth, confirmations } = options
  const seen: Seen[] = []
  let next = options.fromBlock
  /** Where to begin again if nothing that was seen is left; undefined once something was forgotten. */
  let start: number | undefined
  let begun = false
  let pause = options.pollInterval
  for (;;) {
    signal?.throwIfAborted()
    const changes: LogChange[] = []
    try {
      const { address } = await untilAborted(options.check(), signal)
      const head = (await untilAborted(provider.getBlockNumber(), signal)) - confirmations
      next ??= head + 1
      if (!begun) {
        start = next
        begun = true
      }
      next = await rollBack(provider, { seen, start }, head, next, changes, signal)
      if (head >= next) {
        const found = await searched(provider, { address, topics }, next, head, signal)
        // Undefined when the chain changed meanwhile; the next round sees how.
        if (found !== undefined) {
          for (const log of found.logs) changes.push({ kind: 'added', log })
          remember(seen, found, head)
          next = head + 1
        }
      }
      if (forget(seen, head - depth)) start = undefined
      pause = options.pollInterval
    } catch (fault) {
      if (signal?.aborted === true) throw signal.reason
      const error = chainError(fault, { action: 'following events' })
      if (!PASSING.test(error.code)) throw error
      options.onFault?.(error)
      pause = Math.min(LONGEST_PAUSE, Math.max(250, pause * 2))
    }
    // Told outside of the guard: what the caller throws is not the RPC's fault.
    yield* changes
    if (changes.length === 0) await pauseFor(pause, signal)
  }
}

/** Takes back what lies on blocks that are no more; gives the block to go on from. */
async function rollBack(
  provider: Provider,
  { seen, start }: { seen: Seen[]; start: number | undefined },
  head: number,
  next: number,
  changes: LogChange[],
  signal: AbortSignal | undefined,
): Promise<number> {
  // Where the chain is shorter than what was seen, a server may lag behind: only a block that it has, and another one, proves a reorganisation.
  let known = seen.length - 1
  while (known >= 0 && seen[known]!.number > head) known--
  const unproven = known
  while (known >= 0) {
    const { number, hash } = seen[known]!
    const block = await untilAborted(provider.getBlock(number), signal)
    if (block === null)
      throw new ColophonError('BLOCK_MISSING', `The RPC does not have block ${number}.`, { hint: 'Its servers may be out of step.' })
    if (block.hash === hash) break
    known--
  }
  if (known === unproven) return next
  if (known < 0 && start === undefined)
    throw new ColophonError(
      'REORG_TOO_DEEP',
      `The chain was reorganised below block ${seen[0]!.number}, deeper than events are followed.`,
      {
        hint: 'Watch again from an earlier block, with a greater depth, and drop what was read since.',
        details: { block: seen[0]!.number },
      },
    )
  const gone = seen.splice(known + 1)
  for (const { logs } of gone.reverse()) for (const log of logs.reverse()) changes.push({ kind: 'removed', log })
  return known < 0 ? start! : seen[known]!.number + 1
}

interface Searched {
  logs: Log[]
  last: { number: number; hash: string }
}

/** The logs of a range, if its last block is the same before and after: then they are of one history. */
async function searched(
  provider: Provider,
  filter: { address: string; topics: (string | string[] | null)[] },
  from: number,
  to: number,
  signal: AbortSignal | undefined,
): Promise<Searched | undefined> {
  const before = await untilAborted(provider.getBlock(to), signal)
  const logs: Log[] = []
  for await (const log of searchLogs(provider, filter, { fromBlock: from, toBlock: to, ...(signal === undefined ? {} : { signal }) }))
    logs.push(log)
  const after = await untilAborted(provider.getBlock(to), signal)
  const hash = before?.hash
  if (hash === undefined || hash === null || after?.hash !== hash) return undefined
  return { logs, last: { number: to, hash } }
}

function remember(seen: Seen[], { logs, last }: Searched, head: number): void {
  for (const log of logs) {
    const newest = seen.at(-1)
    if (newest !== undefined && newest.number === log.blockNumber && newest.hash === log.blockHash) newest.logs.push(log)
    else seen.push({ number: log.blockNumber, hash: log.blockHash, logs: [log] })
  }
  if (seen.at(-1)?.number !== head) seen.push({ ...last, logs: [] })
}

/** Drops what lies deeper than reorganisations are followed; the newest of it stays, as the floor. Tells whether anything was dropped. */
function forget(seen: Seen[], below: number): boolean {
  let drop = 0
  while (drop + 1 < seen.length && seen[drop + 1]!.number <= below) drop++
  seen.splice(0, drop)
  return drop > 0
}
