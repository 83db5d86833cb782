/**
 * Search: one work against all that are known.
 *
 * @packageDocumentation
 */
export { createSimilarityIndex, type OpenIndexOptions, openSimilarityIndex } from './embedded.ts'
export { type RebuildOptions, type Rebuilt, rebuildIndex } from './lazyRebuild.ts'
export { MOST_DISTANCE, MOST_HITS, PART_DISTANCE } from './limits.ts'
export { checkOriginality, type Originality } from './originality.ts'
export type { Query } from './query.ts'
export type { Hit, SearchOptions } from './search.ts'
export type { IndexReport, SimilarityIndex } from './similarityIndex.ts'
export {
  askedFeaturesOf,
  featuresOf,
  type IndexedWork,
  MOST_CODES,
  MOST_KEYS,
  type PlacedCodes,
  type PlacedKeys,
  type WorkFeatures,
} from './works/features.ts'
