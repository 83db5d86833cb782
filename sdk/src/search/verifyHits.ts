import { compare, type Fingerprint } from '../fingerprint/index.ts'
import { invalidQuery } from './problems.ts'
import { isFingerprint, type Query } from './query.ts'
import type { Hit } from './search.ts'
import { turn } from './turn.ts'

const RANK = { identical: 0, copy: 1, similar: 2, different: 3 } as const

/**
 * Compares every hit whose fingerprint there is, as `compare` does; drops those that are different and puts the others in the order of their verdicts.
 *
 * @throws ColophonError `INDEX_QUERY_INVALID` where the query is no fingerprint
 */
export async function verifyHits(
  hits: readonly Hit[],
  query: Query,
  load: (id: string) => Promise<Fingerprint | undefined>,
  signal: AbortSignal | undefined,
): Promise<Hit[]> {
  if (!isFingerprint(query)) throw invalidQuery('load', 'features', 'a fingerprint to compare with')
  const verified: Hit[] = []
  for (const hit of hits) {
    signal?.throwIfAborted()
    const known = await load(hit.id)
    if (known === undefined) {
      verified.push(hit)
      continue
    }
    const match = compare(query, known)
    if (match.verdict !== 'different') verified.push({ ...hit, verdict: match.verdict, match })
    await turn()
  }
  return verified.sort((a, b) => RANK[a.verdict] - RANK[b.verdict])
}
