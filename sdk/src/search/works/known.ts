import type { KnownWork } from '../explain.ts'
import { type NearFrame, nearestFilms } from '../frames/nearestFilms.ts'
import { FRAME_DISTANCE } from '../limits.ts'
import { alignedWorks } from './aligned.ts'
import { identityKey, isPlaced, keyWords, MEDIA, type WorkFeatures } from './features.ts'
import type { OwnedCodes, State } from './state.ts'

/** What an index in memory knows of a work beside a query. */
export async function knownWork(state: State, work: number, features: WorkFeatures): Promise<KnownWork> {
  const { codes, parts, keys, bands } = state.space(state.medium(work))
  const { asks = [] } = features
  const whole = [...features.codes, ...asks]
  const all = Number.POSITIVE_INFINITY
  const shared = (of: BigUint64Array | undefined, store: typeof keys): number =>
    of === undefined || of.length === 0 ? 0 : (store.countShared(keyWords(of), all).shared.get(work) ?? 0)
  return {
    media: MEDIA[state.medium(work)]!,
    same: features.sha256 !== undefined && state.identities.countShared(identityKey(features.sha256), all).shared.has(work),
    frames: features.media === 'video' && MEDIA[state.medium(work)] === 'video' ? await framesOf(codes, work, features) : undefined,
    codes: nearestOf(codes, work, whole),
    parts: least(nearestOf(parts, work, whole), nearestOf(codes, work, features.parts ?? [])),
    keys: !isPlaced(MEDIA[state.medium(work)]!) ? shared(features.keys, keys) : (alignedWorks(keys, features, all).get(work)?.votes ?? 0),
    bands: shared(features.bands, bands),
  }
}

/** Frames that lie alike in the query and in the work. */
async function framesOf({ store, places, firstOf, countOf }: OwnedCodes, work: number, features: WorkFeatures): Promise<number> {
  const [first, count] = [firstOf(work), countOf(work)]
  const [found] = await nearestFilms(
    features,
    count,
    async (code) => {
      const near: NearFrame<number>[] = []
      for (let indexed = 0; indexed < count; indexed++) {
        const distance = store.distance(first + indexed, code)
        if (distance <= FRAME_DISTANCE) near.push({ work, indexed, place: places.words[first + indexed]!, distance })
      }
      return near
    },
    async () => () => count,
  )
  return found?.shared ?? 0
}

/** Bits between the nearest of these codes and of the work's; undefined where there are none. */
function nearestOf({ store, firstOf, countOf }: OwnedCodes, work: number, codes: readonly Uint8Array[]): number | undefined {
  let nearest: number | undefined
  const first = firstOf(work)
  for (let number = first, end = first + countOf(work); number < end; number++) {
    for (const code of codes) nearest = least(nearest, store.distance(number, code))
  }
  return nearest
}

function least(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b)
}
