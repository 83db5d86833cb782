import type { Fingerprint } from '../fingerprint/index.ts'
import { invalidWork } from './problems.ts'
import { checkedFeatures, type WorkFeatures } from './works/features.ts'

/** What a search asks with. */
export type Query = Fingerprint | { features: WorkFeatures }

/** @throws ColophonError `INDEX_WORK_INVALID` */
export function featuresOfQuery(query: Query): WorkFeatures {
  if (typeof query !== 'object' || query === null) throw invalidWork('the query', query, 'a fingerprint or features')
  return checkedFeatures(isFingerprint(query) ? { fingerprint: query } : query, true)
}

export function isFingerprint(query: Query): query is Fingerprint {
  return 'version' in query
}
