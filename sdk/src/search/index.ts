/**
 * Search: one work against all that are known.
 *
 * @packageDocumentation
 */
export { createSimilarityIndex, type OpenIndexOptions, openSimilarityIndex } from './embedded.ts'
export { checkOriginality, type Originality } from './originality.ts'
export { type Hit, MOST_DISTANCE, MOST_HITS, type SearchOptions } from './search.ts'
export type { IndexReport, Query, SimilarityIndex } from './similarityIndex.ts'
export { featuresOf, type IndexedWork, MOST_CODES, MOST_KEYS, type WorkFeatures } from './works/features.ts'
