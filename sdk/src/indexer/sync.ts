import type { Provider } from 'ethers'
import { wrongChain } from '../client/connection.ts'
import { type Deployment, deploymentOn } from '../contracts/deployments.ts'
import { ColophonError } from '../errors/base.ts'
import { pauseFor } from '../progress/pause.ts'
import type { LongCallOptions } from '../progress/progress.ts'
import { type IndexedContracts, loadContracts } from './chain/events.ts'
import { type ChainSource, createSource } from './chain/source.ts'
import type { Database } from './database/database.ts'
import { adopt, readMeta } from './database/schema.ts'
import { findFork, rollBack } from './fork.ts'
import { type Batch, readBlocks, readRange } from './reading.ts'
import { writeBatch } from './writing.ts'

export interface ChainIndexOptions {
  provider: Provider
  database: Database
  /** Where the contracts are; by default what this SDK knows for the provider's chain. */
  deployment?: Deployment
  /** Blocks that must lie on top of an event before it is indexed; 0 by default. */
  confirmations?: number
  /** Deepest reorganisation that is followed, in blocks; 4,096 by default. Beyond it the chain is taken for another one. */
  finality?: number
  /** Most blocks asked for at once in the past; 10,000 by default. It adapts downwards to what the RPC allows. */
  range?: number
  /** Milliseconds to wait for an answer of the RPC; 30,000 by default. */
  timeout?: number
  /** Milliseconds between two questions for new blocks; 1,000 by default. */
  pollInterval?: number
}

export interface SyncOptions extends LongCallOptions<'index' | 'documents' | 'similarity'> {
  /** Told of each fault that is waited out. */
  onFault?: (error: ColophonError) => void
}

/** Where an index stands. */
export interface Position {
  /** Last block that is in the index. */
  block: number
  /** Newest block of the chain when it was last asked. */
  head: number
}

/** One step of following the chain. */
export interface ChainFollower {
  /** Reads one piece; gives undefined when there is nothing new. */
  step(): Promise<(Position & { removed: number; added: number }) | undefined>
  /** Where the index stood at the last step. */
  position(): Position
  /** Waits after a fault, longer each time; throws what does not pass by itself. */
  recover(fault: unknown): Promise<void>
}

/** Blocks at the tip that are read one by one, by their hashes: there a node that lags behind would leave events out without a word. */
const TIP = 32
/** Milliseconds. */
const SHORTEST_PAUSE = 100
const LONGEST_PAUSE = 30_000
/** Logs that a range should have. Of answers ten times as long ethers makes half a gigabyte of memory, and is no quicker. */
const MANY_LOGS = 500
/** Blocks asked for to begin with, before it is known how many events they have. */
const FIRST_RANGE = 8

/** Questions at the RPC's limit after which more is tried again. */
const TRIAL = 64

/** Events after which a database that has caught up counts what it holds: until then its plans are those of empty tables. */
const MANY_NEW = 1000

/** Faults that pass by themselves. */
const PASSING = /^(NETWORK_|RATE_LIMITED|CHAIN_FAULT|BLOCK_MISSING|BAD_CHAIN_DATA|CHAIN_CHANGED|DATABASE_UNREACHABLE|DATABASE_FULL)/

/** Whether a fault passes by itself, so that it is waited out. */
export function isPassing(fault: unknown): fault is ColophonError {
  return fault instanceof ColophonError && PASSING.test(fault.code)
}

/**
 * Follows a chain into a database.
 *
 * The past is read in ranges that adapt to what the RPC allows; the newest blocks one by one, each by its hash and joined to the one before. Each
 * piece is one transaction, with the block to go on from: whenever the process is killed, it has happened or not.
 */
export function createFollower(options: ChainIndexOptions, { signal, onFault }: SyncOptions): ChainFollower {
  const { provider, database, confirmations = 0, finality = 4_096, timeout = 30_000 } = options
  const source: ChainSource = createSource(provider, { timeout, signal })
  const mostBlocks = Math.max(1, options.range ?? 10_000)
  let range = Math.min(FIRST_RANGE, mostBlocks)
  let contracts: IndexedContracts | undefined
  /** Blocks that the RPC refused to look at, and how often it has looked at as many as it takes since. */
  let refused: number | undefined
  let granted = 0
  let adopted = false
  let pause = 0
  let uncounted = 0
  let position: Position = { block: -1, head: -1 }

  /** Makes sure of the chain, and gives its newest block and where the index stands. */
  async function begin(): Promise<{ contracts: IndexedContracts; next: number; head: number }> {
    const [chainId, newest] = await Promise.all([source.chainId(), source.head()])
    const deployment = options.deployment ?? deploymentOn(chainId)
    if (deployment === undefined)
      throw new ColophonError('DEPLOYMENT_UNKNOWN', `No deployment is known on chain ${chainId}.`, {
        hint: 'Pass { deployment } with the addresses.',
        details: { chainId },
      })
    if (deployment.chainId !== chainId) throw wrongChain(deployment.chainId, chainId)
    contracts ??= await loadContracts(deployment)
    const { text, start } = contracts
    // Asked each time: another process may write the same index, and whoever is behind goes on where the other is.
    const next = adopted ? Number((await readMeta(database)).next) : await adopt(database, { chainId, contracts: text, start })
    adopted = true
    return { contracts, next, head: newest - confirmations }
  }

  async function readNext(known: IndexedContracts, next: number, head: number): Promise<Batch> {
    const past = head - TIP
    if (next > past) return await readBlocks(source, database, known, next, Math.min(head, next + TIP - 1))
    for (;;) {
      const to = Math.min(past, next + range - 1)
      const blocks = to - next + 1
      try {
        const batch = await readRange(source, database, known, next, to)
        range = wider(blocks, batch.logs.length)
        return batch
      } catch (fault) {
        const code = fault instanceof ColophonError ? fault.code : ''
        if (blocks === 1 || (code !== 'LOGS_TOO_MANY' && code !== 'NETWORK_TIMEOUT')) throw fault
        range = Math.max(1, Math.floor(blocks / 2))
        if (code === 'NETWORK_TIMEOUT') throw fault
        refused = blocks
      }
    }
  }

  /** Blocks to ask for after so many were given. A limit that the RPC has is approached by halves, and tried again now and then. */
  function wider(blocks: number, logs: number): number {
    if (logs >= MANY_LOGS) return Math.max(1, Math.floor((blocks * MANY_LOGS) / logs))
    if (blocks < range) return range
    if (refused === undefined) return Math.min(mostBlocks, blocks * 2)
    // Limits of the number of events move with the chain.
    if (refused - blocks <= 1) {
      granted += 1
      if (granted % TRIAL === 0) refused = undefined
      return blocks
    }
    return Math.min(mostBlocks, Math.floor((blocks + refused) / 2))
  }

  return {
    async step() {
      signal?.throwIfAborted()
      const { contracts: known, next, head } = await begin()
      position = { block: next - 1, head }
      const [fork, read] = await Promise.all([
        findFork(source, database, { next, head, start: known.start, finality }),
        // What it fails at may be that the chain has changed, which is what the fork tells.
        head < next
          ? undefined
          : readNext(known, next, head).then(
              (batch) => ({ batch }),
              (fault: unknown) => ({ fault }),
            ),
      ])
      signal?.throwIfAborted()
      if (fork !== undefined) {
        const removed = await rollBack(database, fork, next)
        pause = 0
        return { block: fork - 1, head, removed, added: 0 }
      }
      if (read === undefined) {
        if (uncounted >= MANY_NEW) {
          uncounted = 0
          // The index is whole without; PostgreSQL comes to it by itself in a while.
          await database.analyze?.().catch(() => undefined)
        }
        pause = 0
        return undefined
      }
      if ('fault' in read) throw read.fault
      await writeBatch(database, read.batch, next, head - finality)
      pause = 0
      uncounted += read.batch.logs.length
      position = { block: read.batch.to, head }
      return { block: read.batch.to, head, removed: 0, added: read.batch.logs.length }
    },

    position: () => position,

    async recover(fault) {
      if (signal?.aborted === true) throw signal.reason
      if (!isPassing(fault)) throw fault
      onFault?.(fault)
      // A chain that changed is there; only what is away gets longer pauses.
      if (!/^(CHAIN_CHANGED|BLOCK_MISSING)$/.test(fault.code)) pause = Math.min(LONGEST_PAUSE, Math.max(SHORTEST_PAUSE, pause * 2))
      await pauseFor(Math.max(pause, SHORTEST_PAUSE), signal)
    },
  }
}
