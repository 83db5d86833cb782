import { PEAK_STEP } from '../../fingerprint/audio/peaks.ts'
import { type Alignment, alignFigures, alignKeys, strengthOf } from '../keys/align.ts'
import type { KeyStore } from '../keys/keyStore.ts'
import type { Hit } from '../search.ts'
import { FIGURE_KEY, keyWords, type PlacedKeys, type WorkFeatures } from './features.ts'

/** Pairs of equal keys that a search looks at, those of the rarest keys: of each list of a picture's keypoints, of a recording's pairs of peaks, and of its figures. */
const MOST_KEYPOINTS = 150_000
const MOST_PEAKS = 2_000_000
const MOST_FIGURES = 1_000_000

/** Lists of keys that a query asks with, each by itself; of recordings figures apart from pairs of peaks, because they lie together in another way. */
export function askedLists({ media, keys, places, askedKeys = [] }: WorkFeatures): { list: PlacedKeys; isFigures: boolean }[] {
  const lists = places === undefined ? askedKeys : [{ keys, places }, ...askedKeys]
  return lists
    .flatMap((list) =>
      media === 'audio'
        ? [
            { list: selected(list, false), isFigures: false },
            { list: selected(list, true), isFigures: true },
          ]
        : [{ list, isFigures: false }],
    )
    .filter(({ list }) => list.keys.length > 0)
}

function selected({ keys, places }: PlacedKeys, figures: boolean): PlacedKeys {
  const wanted: number[] = []
  for (let at = 0; at < keys.length; at++) if (isFigure(keys[at]!) === figures) wanted.push(at)
  return { keys: BigUint64Array.from(wanted, (at) => keys[at]!), places: Uint32Array.from(wanted, (at) => places[at]!) }
}

function isFigure(key: bigint): boolean {
  return (key & FIGURE_KEY) !== 0n
}

/** Where the query's keys, or others that it asks with, lie together in works: of each work the list of which most do. */
export function alignedWorks(store: KeyStore, features: WorkFeatures, most: number): Map<number, Alignment> {
  const best = new Map<number, Alignment>()
  for (const { list, isFigures } of askedLists(features)) {
    const pairs = store.gather(
      keyWords(list.keys),
      list.places,
      most,
      isFigures ? MOST_FIGURES : features.media === 'image' ? MOST_KEYPOINTS : MOST_PEAKS,
    )
    for (const [work, alignment] of (isFigures ? alignFigures : alignKeys)(pairs)) {
      const known = best.get(work)
      if (known === undefined || strengthOf(alignment) > strengthOf(known)) best.set(work, alignment)
    }
  }
  return best
}

/** What an alignment says in a hit. */
export function keysOfHit({ votes, offset, tempo, shift }: Alignment, { media, keys }: WorkFeatures): NonNullable<Hit['keys']> {
  return {
    shared: votes,
    of: keys.length,
    ...(media === 'audio' ? { offset: offset * PEAK_STEP } : {}),
    ...(tempo === undefined || shift === undefined ? {} : { tempo: Math.round(tempo * 100) / 100, pitch: shift / 2 }),
  }
}
