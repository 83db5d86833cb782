import type { WorkDescription } from '../document/index.ts'
import type { Fingerprint } from '../fingerprint/index.ts'
import type { SearchOptions } from './search.ts'
import type { SimilarityIndex } from './similarityIndex.ts'

/** What a search for look-alikes found, as the deposit document has it. */
export type Originality = NonNullable<WorkDescription['originality']>

/** Look-alikes that a document names at most. */
const MOST_LOOK_ALIKES = 20

/**
 * Looks for works like this one before it is deposited. It decides nothing: a look-alike may be the creator's own, licensed, or older. Put the
 * result into the description of the work, and the document says what was known.
 *
 * @throws ColophonError `INDEX_QUERY_INVALID`
 */
export async function checkOriginality(
  index: Pick<SimilarityIndex, 'search' | 'explain'>,
  fingerprint: Fingerprint,
  options: SearchOptions = {},
): Promise<Originality> {
  const hits = await index.search(fingerprint, { k: MOST_LOOK_ALIKES, exact: true, ...options })
  const lookAlikes: Originality['lookAlikes'] = []
  for (const { id, verdict } of hits) {
    const { reason } = await index.explain(fingerprint, id)
    lookAlikes.push({ ...(/^0x[0-9a-f]{64}$/.test(id) ? { deposit: id } : {}), verdict, reason })
  }
  return { checkedAt: new Date().toISOString(), lookAlikes }
}
