import type { Filter, Log, Provider } from 'ethers'
import { chainError } from '../errors/chain.ts'
import { untilAborted } from '../progress/aborted.ts'
import type { LongCallOptions } from '../progress/progress.ts'
import { asking } from './asking.ts'

export interface LogSearch extends LongCallOptions<'search'> {
  /** First block, usually the contract's deployment. */
  fromBlock: number
  /** Last block; the newest by default. */
  toBlock?: number
  /** Blocks per request to begin with; halved as often as the provider refuses. Default 50,000. */
  range?: number
}

/** Logs matching a filter, oldest first, asked for in bounded ranges because providers limit both blocks and results. */
export async function* searchLogs(provider: Provider, filter: Pick<Filter, 'address' | 'topics'>, options: LogSearch): AsyncGenerator<Log> {
  const { fromBlock, signal, onProgress } = options
  signal?.throwIfAborted()
  const last = options.toBlock ?? (await untilAborted(provider.getBlockNumber(), signal).catch((fault: unknown) => refuse(fault, signal)))
  const total = last - fromBlock + 1
  let range = Math.max(1, options.range ?? 50_000)
  let from = fromBlock
  while (from <= last) {
    signal?.throwIfAborted()
    const to = Math.min(last, from + range - 1)
    let logs: Log[]
    try {
      logs = await asking(() => untilAborted(provider.getLogs({ ...filter, fromBlock: from, toBlock: to }), signal), signal)
    } catch (fault) {
      if (signal?.aborted === true || range === 1 || !isTooMuch(fault)) refuse(fault, signal)
      range = Math.max(1, Math.floor(Math.min(range, to - from + 1) / 2))
      continue
    }
    yield* logs
    onProgress?.({ stage: 'search', done: to - fromBlock + 1, total, unit: 'items' })
    from = to + 1
  }
}

function refuse(fault: unknown, signal: AbortSignal | undefined): never {
  signal?.throwIfAborted()
  throw chainError(fault, { action: 'searching events' })
}

/** Providers word it differently: "query returned more than 10000 results", "block range is too wide", "exceeds max block range" … */
export function isTooMuch(fault: unknown): boolean {
  // Asking for less at a time means asking more often, which is no cure for a rate limit.
  if (chainError(fault).code === 'RATE_LIMITED') return false
  const text =
    fault instanceof Error
      ? `${fault.message} ${JSON.stringify((fault as { info?: unknown; error?: unknown }).error ?? '')}`
      : String(fault)
  return /more than|too (many|large|wide|big)|exceed|limit(ed)? to|block range|response size|max(imum)?.{0,20}(range|results|blocks)|timed? ?out/i.test(
    text,
  )
}
