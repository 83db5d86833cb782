import type { Alignment, KeyStore } from '../keys/keyStore.ts'
import { keyWords, type WorkFeatures } from './features.ts'

/** Where the query's keys, or others that it asks with, lie together in works: of each work the list of which most do. */
export function alignedWorks(store: KeyStore, { keys, places, askedKeys = [] }: WorkFeatures, most: number): Map<number, Alignment> {
  const best = new Map<number, Alignment>()
  for (const list of [{ keys, places }, ...askedKeys]) {
    if (list.places === undefined || list.keys.length === 0) continue
    for (const [work, alignment] of store.align(keyWords(list.keys), list.places, most)) {
      if (alignment.votes > (best.get(work)?.votes ?? 0)) best.set(work, alignment)
    }
  }
  return best
}
