import { ColophonError } from '../errors/base.ts'
import { pauseFor } from '../progress/pause.ts'
import type { SimilarityIndex } from '../search/index.ts'
import { type DocumentSource, fetchDocuments } from './documents.ts'
import { createQueries, type Queries } from './queries/queries.ts'
import { feedSimilarity } from './similarity.ts'
import { type ChainIndexOptions, createFollower, isPassing, type Position, type SyncOptions } from './sync.ts'

export interface IndexerOptions extends ChainIndexOptions {
  /** Where deposit documents are read from: a store, gateways. Without it there are no titles. */
  storage?: DocumentSource
  /** Follows the index: works that are deposited are found by what they look or read like. */
  similarity?: SimilarityIndex
}

/** What `sync` did. */
export interface SyncReport extends Position {
  /** Events that were added. */
  added: number
  /** Events that reorganisations took back. */
  removed: number
}

export interface FollowOptions extends SyncOptions {
  /** Told where the index stands after every look at the chain. */
  onPosition?: (position: Position) => void
}

/** An index of a chain in a database. */
export interface Indexer {
  /** What is in the index, also while it grows. */
  readonly queries: Queries
  /**
   * Reads the chain up to its newest block, then the documents that are due. Goes on where the last run, however it ended, was.
   * @throws WRONG_CHAIN, DEPLOYMENT_UNKNOWN, DATABASE_FOREIGN, REORG_TOO_DEEP; and the last fault when the RPC or database fails ten times in a row
   */
  sync(options?: SyncOptions): Promise<SyncReport>
  /**
   * Follows the chain for ever, until the signal ends it; faults of the RPC and the database are waited out.
   * @throws the signal's reason, and as `sync` what does not pass by itself
   */
  follow(options?: FollowOptions): Promise<never>
}

/** Faults one after the other after which `sync` gives up. */
const MOST_FAULTS = 10
/** Milliseconds between two looks for documents that are due. */
const DOCUMENTS_INTERVAL = 2_000

/**
 * An indexer of the contracts' events. Nothing is asked of the chain before the first call.
 *
 * Several processes may read one index; one should write it, and a second one does no harm.
 */
export function createIndexer(options: IndexerOptions): Indexer {
  const { database, storage, similarity, pollInterval = 1_000 } = options

  async function accompany(sync: SyncOptions): Promise<void> {
    const { signal } = sync
    if (storage !== undefined) {
      const { found, missing, invalid } = await fetchDocuments(database, storage, { signal })
      if (found + missing + invalid > 0)
        sync.onProgress?.({ stage: 'documents', done: found, total: found + missing + invalid, unit: 'items' })
    }
    if (similarity !== undefined) {
      const changed = await feedSimilarity(database, similarity, { storage, signal })
      if (changed > 0) sync.onProgress?.({ stage: 'similarity', done: changed, unit: 'items' })
    }
  }

  async function followChain(sync: SyncOptions, told: (position: Position) => void): Promise<never> {
    const follower = createFollower(options, sync)
    for (;;) {
      try {
        const moved = await follower.step()
        if (moved === undefined) {
          told(follower.position())
          await pauseFor(pollInterval, sync.signal)
          continue
        }
        sync.onProgress?.({ stage: 'index', done: moved.block, total: moved.head, unit: 'items' })
        told(moved)
      } catch (fault) {
        await follower.recover(fault)
      }
    }
  }

  async function followDocuments(sync: SyncOptions): Promise<never> {
    for (;;) {
      try {
        await accompany(sync)
      } catch (fault) {
        if (sync.signal?.aborted === true) throw sync.signal.reason
        // A full disk or an index that another process holds must not stop the chain from being followed.
        if (!(fault instanceof ColophonError)) throw fault
        sync.onFault?.(fault)
      }
      await pauseFor(DOCUMENTS_INTERVAL, sync.signal)
    }
  }

  return {
    queries: createQueries(database),

    async sync(sync = {}) {
      const follower = createFollower(options, sync)
      const report: SyncReport = { block: -1, head: -1, added: 0, removed: 0 }
      for (let faults = 0; ; ) {
        try {
          const moved = await follower.step()
          faults = 0
          if (moved === undefined) break
          report.added += moved.added
          report.removed += moved.removed
          sync.onProgress?.({ stage: 'index', done: moved.block, total: moved.head, unit: 'items' })
        } catch (fault) {
          faults += 1
          if (faults >= MOST_FAULTS && isPassing(fault)) throw fault
          await follower.recover(fault)
        }
      }
      await accompany(sync)
      return { ...report, ...follower.position() }
    },

    async follow({ onPosition, ...sync } = {}) {
      const stop = new AbortController()
      const signal = sync.signal === undefined ? stop.signal : AbortSignal.any([sync.signal, stop.signal])
      const both = [followChain({ ...sync, signal }, (position) => onPosition?.(position)), followDocuments({ ...sync, signal })]
      try {
        return await Promise.race(both)
      } finally {
        // Neither goes on alone.
        stop.abort()
        await Promise.allSettled(both)
      }
    },
  }
}
