import type { Media, Verdict } from '../fingerprint/index.ts'
import { invalidQuery } from './problems.ts'
import { turn } from './turn.ts'
import { identityKey, keyWords, MEDIA, type WorkFeatures } from './works/features.ts'
import { decodeId } from './works/ids.ts'
import { createNearest, type Found } from './works/nearest.ts'
import type { State } from './works/state.ts'

/** Distance up to which codes are looked for: beyond, strangers look alike (see `compare`). */
export const MOST_DISTANCE = 75
/** Distance up to which PDQ codes are of one picture, as its authors recommend. */
export const COPY_DISTANCE = 31
/** Most works that one search gives. */
export const MOST_HITS = 10_000
/** Keys that a work must share with the query to be found by them; one may be chance. */
export const LEAST_SHARED = 2
/** Share of the query's keys from which a work holds most of it. */
export const COPY_SHARE = 0.6
/** A key that more works have than this is in everything, and is passed over. */
const MOST_HOLDERS = 10_000

export interface SearchOptions {
  /** Bits of 256 in which codes may differ, 0 to 75; 75 by default. */
  threshold?: number
  /** Most works to give, 1 to 10,000; 20 by default. */
  k?: number
  /** Only works of this medium; by default those of the query's. Codes of different media are never compared. */
  media?: Media
  /**
   * Beyond 44 bits one of some 350 codes at the very edge of the threshold may be missed, and hardly any further in. `exact` misses none and
   * takes twice as long.
   */
  exact?: boolean
  signal?: AbortSignal
}

/** A work that looks like the query. */
export interface Hit {
  id: string
  media: Media
  /** What the index alone says; `explain` says more. */
  verdict: Exclude<Verdict, 'different'>
  /** The nearest codes: bits in which they differ, and which of the query's (`codes`, then `asks`) and of the work's they are. */
  codes?: { distance: number; query: number; indexed: number }
  /** Keys that both have, of so many different ones that the query has. */
  keys?: { shared: number; of: number }
}

interface Wanted {
  threshold: number
  k: number
  exact: boolean
  medium: number
}

/** @throws ColophonError `INDEX_QUERY_INVALID` */
function checkedQuery(features: WorkFeatures, options: SearchOptions): Wanted {
  const { threshold = MOST_DISTANCE, k = 20, media = features.media, exact = false } = options
  if (!Number.isInteger(threshold) || threshold < 0 || threshold > MOST_DISTANCE) {
    throw invalidQuery('threshold', threshold, `a whole number from 0 to ${MOST_DISTANCE}`)
  }
  if (!Number.isInteger(k) || k < 1 || k > MOST_HITS) throw invalidQuery('k', k, `a whole number from 1 to ${MOST_HITS}`)
  if (media !== features.media) throw invalidQuery('media', media, `the query's, ${features.media}`)
  return { threshold, k, exact, medium: MEDIA.indexOf(media) }
}

/** Milliseconds after which others have their turn. */
const LONG = 15

/** Finds the works like this one, the most alike first. It sees the index as it was when it began, whatever is added or removed meanwhile. */
export async function searchState(state: State, features: WorkFeatures, options: SearchOptions = {}): Promise<Hit[]> {
  const { signal } = options
  signal?.throwIfAborted()
  const { threshold, k, exact, medium } = checkedQuery(features, options)
  const { works, time } = state
  const { codes, owners, keys } = state.space(medium)
  const sees = (work: number): boolean => work < works && state.wasAlive(work, time)
  const hits = new Map<number, Hit>()
  const hitOf = (work: number): Hit => {
    const known = hits.get(work)
    if (known !== undefined) return known
    const hit: Hit = { id: decodeId(state.id(work)), media: MEDIA[state.medium(work)]!, verdict: 'similar' }
    hits.set(work, hit)
    return hit
  }

  const nearest = createNearest(k, threshold)
  let within = threshold
  let since = performance.now()
  for (const [query, code] of [...features.codes, ...(features.asks ?? [])].entries()) {
    codes.search(
      code,
      within,
      (found, distance) => {
        const work = owners.words[found]!
        if (sees(work)) within = nearest.take({ work, distance, query, code: found })
        // Works are in the order of their codes. Of a million equal pictures it is enough to look at the first few.
        return exact ? within : nearest.limitFrom(work)
      },
      { exact },
    )
    if (performance.now() - since < LONG) continue
    await turn()
    signal?.throwIfAborted()
    since = performance.now()
  }
  for (const { work, distance, query, code } of nearest.list()) {
    const hit = hitOf(work)
    hit.codes = { distance, query, indexed: code - state.firstCode(work) }
    if (distance <= COPY_DISTANCE && MEDIA[medium] === 'image') hit.verdict = 'copy'
  }

  if (features.keys.length > 0) {
    const of = new Set(features.keys).size
    const { shared } = keys.countShared(keyWords(features.keys), MOST_HOLDERS)
    const best: Found[] = []
    for (const [work, count] of shared) if (count >= LEAST_SHARED && sees(work)) best.push({ work, distance: -count, query: 0, code: 0 })
    best.sort((a, b) => a.distance - b.distance || a.work - b.work)
    for (const { work, distance } of best.slice(0, k)) {
      const hit = hitOf(work)
      hit.keys = { shared: -distance, of }
      if (-distance >= COPY_SHARE * of) hit.verdict = 'copy'
    }
  }

  if (features.sha256 !== undefined) {
    const { shared } = state.identities.countShared(identityKey(features.sha256), Number.POSITIVE_INFINITY)
    let same = 0
    for (const work of shared.keys()) {
      if (!sees(work) || state.medium(work) !== medium) continue
      hitOf(work).verdict = 'identical'
      if (++same === k) break
    }
  }
  return [...hits]
    .sort(([first, a], [second, b]) => rank(a) - rank(b) || nearness(a) - nearness(b) || sharedOf(b) - sharedOf(a) || first - second)
    .slice(0, k)
    .map(([, hit]) => hit)
}

const rank = ({ verdict }: Hit): number => ({ identical: 0, copy: 1, similar: 2 })[verdict]
const nearness = ({ codes }: Hit): number => codes?.distance ?? MOST_DISTANCE + 1
const sharedOf = ({ keys }: Hit): number => keys?.shared ?? 0
