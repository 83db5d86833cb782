import type { KnownWork } from '../explain.ts'
import { alignedWorks } from './aligned.ts'
import { identityKey, keyWords, MEDIA, type WorkFeatures } from './features.ts'
import type { OwnedCodes, State } from './state.ts'

/** What an index in memory knows of a work beside a query. */
export function knownWork(state: State, work: number, features: WorkFeatures): KnownWork {
  const { codes, parts, keys, bands } = state.space(state.medium(work))
  const { asks = [], places } = features
  const whole = [...features.codes, ...asks]
  const all = Number.POSITIVE_INFINITY
  const shared = (of: BigUint64Array | undefined, store: typeof keys): number =>
    of === undefined || of.length === 0 ? 0 : (store.countShared(keyWords(of), all).shared.get(work) ?? 0)
  return {
    media: MEDIA[state.medium(work)]!,
    same: features.sha256 !== undefined && state.identities.countShared(identityKey(features.sha256), all).shared.has(work),
    codes: nearestOf(codes, work, whole),
    parts: least(nearestOf(parts, work, whole), nearestOf(codes, work, features.parts ?? [])),
    keys: places === undefined ? shared(features.keys, keys) : (alignedWorks(keys, features, all).get(work)?.votes ?? 0),
    bands: shared(features.bands, bands),
  }
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
