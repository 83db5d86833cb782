import type { Events } from '../events/index.ts'
import type { LongCallOptions } from '../progress/progress.ts'
import type { Storage } from '../storage/index.ts'
import type { FeatureFault } from './deposited.ts'
import type { SimilarityIndex } from './similarityIndex.ts'

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

/**
 * Fills an index from the chain's events and what is pinned, and from nothing else. It can be broken off at any point and begun again: what is in the index is not
 * fetched a second time.
 *
 * @throws what the chain and the index throw; a storage that lacks something does not end it
 */
export async function rebuildIndex(index: SimilarityIndex, options: RebuildOptions): Promise<Rebuilt> {
  // Documents, manifests and Merkle trees are needed for nothing else here.
  return await (await import('./rebuild.ts')).rebuildIndex(index, options)
}
