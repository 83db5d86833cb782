import type { Fingerprint, Match, Media, Verdict } from '../fingerprint/index.ts'
import { type FoundFilm, type NearFrame, nearestFilms } from './frames/nearestFilms.ts'
import { strengthOf } from './keys/align.ts'
import {
  FEW_MISSED,
  LEAST_SHARED,
  MOST_DISTANCE,
  MOST_HEARD,
  MOST_HITS,
  MOST_HOLDERS,
  mostDistance,
  PART_DISTANCE,
  SOME_MISSED,
} from './limits.ts'
import { invalidQuery } from './problems.ts'
import { type Evidence, type FoundWork, filmEvidence, rankHits } from './rank.ts'
import { turn } from './turn.ts'
import { alignedWorks, keysOfHit } from './works/aligned.ts'
import { identityKey, isPlaced, keyWords, MEDIA, type WorkFeatures } from './works/features.ts'
import { decodeId } from './works/ids.ts'
import { createNearest } from './works/nearest.ts'
import type { State } from './works/state.ts'

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
  /**
   * Fetches the stored fingerprint of a work. With it every hit is compared as `compare` does it and says so in `match`; those that turn out to be different are
   * dropped, and the others are in the order of their verdicts.
   */
  load?: (id: string) => Promise<Fingerprint | undefined>
  signal?: AbortSignal
}

/** A work that looks like the query. */
export interface Hit {
  id: string
  media: Media
  /** What the index alone says; `explain` says more. */
  verdict: Exclude<Verdict, 'different'>
  /**
   * The nearest codes: bits in which they differ, and which of the query's (`codes`, then `asks` or the lists of `askedFrames`, then `parts`) and of the work's (`codes`, then `parts`) they are. `part`
   * says which work is shown in part only, where one is.
   */
  codes?: { distance: number; query: number; indexed: number; part?: 'query' | 'indexed' }
  /**
   * Keys that both have, of so many different ones that the query has. Of pictures and recordings those that lie together, and of recordings where: so many seconds after its beginning
   * the query begins in the work, less than 0 where the work begins in the query. A recording that was found though it is played higher or faster says how: a second of the query takes
   * `tempo` seconds in the work, which sounds `pitch` semitones higher.
   */
  keys?: { shared: number; of: number; offset?: number; tempo?: number; pitch?: number }
  /**
   * Frames of a film that look alike in both, in the same order and at one speed, each showing something else, of so many that the query asks with. The query begins `offset` seconds
   * after the work's beginning (less than 0 where the work begins in the query), and a second of it takes `tempo` seconds there.
   */
  frames?: { shared: number; of: number; offset: number; tempo: number }
  /** Bands of a MinHash that both have: the third root of their share estimates the share of wording. */
  bands?: { shared: number; of: number }
  /** What `compare` says, where the search had fingerprints to compare. */
  match?: Match
}

export interface Wanted {
  media: Media
  threshold: number
  k: number
  exact: boolean
  medium: number
}

/** @throws ColophonError `INDEX_QUERY_INVALID` */
export function checkedQuery(features: WorkFeatures, options: SearchOptions): Wanted {
  const { threshold = MOST_DISTANCE, k = 20, media = features.media, exact = false } = options
  if (!Number.isInteger(threshold) || threshold < 0 || threshold > MOST_DISTANCE) {
    throw invalidQuery('threshold', threshold, `a whole number from 0 to ${MOST_DISTANCE}`)
  }
  if (!Number.isInteger(k) || k < 1 || k > MOST_HITS) throw invalidQuery('k', k, `a whole number from 1 to ${MOST_HITS}`)
  if (media !== features.media) throw invalidQuery('media', media, `the query's, ${features.media}`)
  return { media, threshold: Math.min(threshold, mostDistance(media)), k, exact, medium: MEDIA.indexOf(media) }
}

/** Milliseconds after which others have their turn. */
const LONG = 15

/** Finds the works like this one, the most alike first. It sees the index as it was when it began, whatever is added or removed meanwhile. */
export async function searchState(state: State, features: WorkFeatures, options: SearchOptions = {}): Promise<Hit[]> {
  const { signal } = options
  signal?.throwIfAborted()
  const wanted = checkedQuery(features, options)
  const { k, media, medium } = wanted
  const { works, time } = state
  const space = state.space(medium)
  const sees = (work: number): boolean => work < works && state.wasAlive(work, time)
  const foundOf = (work: number): FoundWork => ({ id: decodeId(state.id(work)), order: work })
  const isFilm = media === 'video'
  const codes = isFilm
    ? []
    : (await nearestWorks(state, features, wanted, sees, signal)).map(({ work, ...found }) => ({ ...foundOf(work), ...found }))
  const films = isFilm
    ? (await filmsNear(state, features, wanted, sees, signal)).slice(0, k).map((film) => filmEvidence(foundOf(film.work), film))
    : []

  const best = <Found>(all: Map<number, Found>, count: (found: Found) => number, least: number): [number, Found][] =>
    [...all]
      .filter(([work, found]) => count(found) >= least && sees(work))
      .sort(([first, a], [second, b]) => count(b) - count(a) || first - second)
      .slice(0, k)
  const keys: Evidence['keys'] = []
  if (isPlaced(media) && features.keys.length > 0) {
    for (const [work, found] of best(alignedWorks(space.keys, features, MOST_HEARD), strengthOf, 0))
      keys.push({ ...foundOf(work), ...keysOfHit(found, features) })
  } else if (features.keys.length > 0) {
    const of = new Set(features.keys).size
    const { shared } = space.keys.countShared(keyWords(features.keys), MOST_HOLDERS)
    for (const [work, count] of best(shared, (found) => found, LEAST_SHARED)) keys.push({ ...foundOf(work), shared: count, of })
  }
  const bands: Evidence['bands'] = []
  if (features.bands !== undefined && features.bands.length > 0) {
    const of = new Set(features.bands).size
    const { shared } = space.bands.countShared(keyWords(features.bands), MOST_HOLDERS)
    for (const [work, count] of best(shared, (found) => found, 1)) bands.push({ ...foundOf(work), shared: count, of })
  }
  const identical: FoundWork[] = []
  if (features.sha256 !== undefined) {
    const { shared } = state.identities.countShared(identityKey(features.sha256), Number.POSITIVE_INFINITY)
    for (const work of shared.keys()) {
      if (identical.length === k) break
      if (sees(work) && state.medium(work) === medium) identical.push(foundOf(work))
    }
  }
  return rankHits({ codes, films, keys, bands, identical }, media, k)
}

/** The films with frames like the query's. */
async function filmsNear(
  state: State,
  features: WorkFeatures,
  { threshold, k, exact, medium }: Wanted,
  sees: (work: number) => boolean,
  signal: AbortSignal | undefined,
): Promise<FoundFilm<number>[]> {
  const { codes } = state.space(medium)
  let since = performance.now()
  const films = await nearestFilms(
    features,
    k,
    async (code, most) => {
      if (performance.now() - since >= LONG) {
        await turn()
        signal?.throwIfAborted()
        since = performance.now()
      }
      const found: NearFrame<number>[] = []
      codes.store.search(
        code,
        threshold,
        (number, distance) => {
          const work = codes.owners.words[number]!
          if (sees(work)) found.push({ work, indexed: number - codes.firstOf(work), place: codes.places.words[number]!, distance })
          return found.length < most ? threshold : -1
        },
        { exact, missing: FEW_MISSED },
      )
      return found
    },
    async () => (work) => codes.countOf(work),
  )
  return films.sort((a, b) => b.shared - a.shared || a.nearest.distance - b.nearest.distance || a.work - b.work)
}

/** The works with the nearest codes. */
async function nearestWorks(
  state: State,
  { codes, asks = [], parts = [] }: WorkFeatures,
  { threshold, k, exact, medium }: Wanted,
  sees: (work: number) => boolean,
  signal: AbortSignal | undefined,
): Promise<({ work: number } & NonNullable<Hit['codes']>)[]> {
  const space = state.space(medium)
  const nearest = createNearest(k, threshold)
  let within = threshold
  let since = performance.now()
  const look = async (code: Uint8Array, query: number, kind: 'codes' | 'parts', isPart: boolean, missing: number): Promise<void> => {
    const { store, owners } = space[kind]
    const most = isPart ? PART_DISTANCE : threshold
    store.search(
      code,
      Math.min(within, most),
      (found, distance) => {
        const work = owners.words[found]!
        const inParts = kind === 'parts'
        if (sees(work)) within = nearest.take({ work, distance, query, code: found, inParts, queryIsPart: isPart && !inParts })
        // Works are in the order of their codes. Of a million equal pictures it is enough to look at the first few.
        return Math.min(exact ? within : nearest.limitFrom(work), most)
      },
      { exact, missing },
    )
    if (performance.now() - since < LONG) return
    await turn()
    signal?.throwIfAborted()
    since = performance.now()
  }
  const whole = [...codes, ...asks]
  for (const [query, code] of whole.entries()) await look(code, query, 'codes', false, 0)
  if (space.parts.store.count > 0) {
    // Of the other turns more may be missed: they are five times as many, and a part that was turned has keypoints too, which turning does not change.
    for (const [query, code] of whole.entries()) await look(code, query, 'parts', true, query < codes.length ? FEW_MISSED : SOME_MISSED)
  }
  for (const [query, code] of parts.entries()) await look(code, whole.length + query, 'codes', true, FEW_MISSED)
  return nearest.list().map(({ work, distance, query, code, inParts, queryIsPart }) => ({
    work,
    distance,
    query,
    indexed: inParts ? space.codes.countOf(work) + code - space.parts.firstOf(work) : code - space.codes.firstOf(work),
    ...(inParts ? { part: 'query' as const } : queryIsPart ? { part: 'indexed' as const } : {}),
  }))
}
