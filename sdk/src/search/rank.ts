import type { Media } from '../fingerprint/index.ts'
import { SAMPLE_FPS } from '../fingerprint/video/decode.ts'
import type { FoundFilm } from './frames/nearestFilms.ts'
import { strengthOf } from './keys/align.ts'
import { COPY_DISTANCE, COPY_SHARE } from './limits.ts'
import type { Hit } from './search.ts'
import { isPlaced } from './works/features.ts'

/** A work that was found, and which of several equally good ones comes first: the one that was indexed first. */
export interface FoundWork {
  id: string
  order: number
}

/** What a backend found, each list with a work at most once. */
export interface Evidence {
  codes: (FoundWork & NonNullable<Hit['codes']>)[]
  films: (FoundWork & Pick<Required<Hit>, 'codes' | 'frames'>)[]
  keys: (FoundWork & NonNullable<Hit['keys']>)[]
  bands: (FoundWork & NonNullable<Hit['bands']>)[]
  /** Those with the same SHA-256. */
  identical: FoundWork[]
}

/** What a film that was found says. */
export function filmEvidence(
  { id, order }: FoundWork,
  { shared, of, offset, tempo, nearest: { distance, query, indexed } }: FoundFilm<unknown>,
): Evidence['films'][number] {
  const seconds = Math.round((offset / SAMPLE_FPS) * 10) / 10
  return { id, order, codes: { distance, query, indexed }, frames: { shared, of, offset: seconds, tempo } }
}

/** The best hits of all evidence, best first. */
export function rankHits({ codes, films, keys, bands, identical }: Evidence, media: Media, k: number): Hit[] {
  const hits = new Map<string, { hit: Hit; order: number }>()
  const hitOf = ({ id, order }: FoundWork): Hit => {
    const known = hits.get(id)
    if (known !== undefined) return known.hit
    const hit: Hit = { id, media, verdict: 'similar' }
    hits.set(id, { hit, order })
    return hit
  }
  for (const { id, order, ...found } of codes) {
    const hit = hitOf({ id, order })
    hit.codes = found
    if (found.distance <= COPY_DISTANCE && media === 'image' && found.part === undefined) hit.verdict = 'copy'
  }
  for (const { id, order, ...found } of films) Object.assign(hitOf({ id, order }), found)
  for (const { id, order, ...found } of keys) {
    const hit = hitOf({ id, order })
    hit.keys = found
    // Of keys that lie together few are enough to look, and to be sure takes a comparison.
    if (!isPlaced(media) && found.shared >= COPY_SHARE * found.of) hit.verdict = 'copy'
  }
  for (const { id, order, ...found } of bands) hitOf({ id, order }).bands = found
  for (const work of identical) hitOf(work).verdict = 'identical'
  return [...hits.values()]
    .sort(
      ({ hit: a, order: first }, { hit: b, order: second }) =>
        rank(a) - rank(b) || framesOf(b) - framesOf(a) || nearness(a) - nearness(b) || sharedOf(b) - sharedOf(a) || first - second,
    )
    .slice(0, k)
    .map(({ hit }) => hit)
}

const rank = ({ verdict }: Hit): number => ({ identical: 0, copy: 1, similar: 2 })[verdict]
const nearness = ({ codes }: Hit): number => codes?.distance ?? 256
const framesOf = ({ frames }: Hit): number => frames?.shared ?? 0
function sharedOf({ keys, bands }: Hit): number {
  const strength =
    keys === undefined ? 0 : strengthOf({ ...keys, votes: keys.shared, ...(keys.pitch === undefined ? {} : { shift: keys.pitch }) })
  return strength + (bands?.shared ?? 0)
}
