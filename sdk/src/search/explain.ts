import type { Layer, Match } from '../fingerprint/index.ts'
import type { Finding } from '../fingerprint/match.ts'
import { COPY_DISTANCE, COPY_SHARE, LEAST_SHARED, MOST_DISTANCE } from './search.ts'
import { identityKey, keyWords, MEDIA, type WorkFeatures } from './works/features.ts'
import type { State } from './works/state.ts'

/** Why a work is like the query, as far as the index itself knows. */
export function explainByIndex(state: State, work: number, features: WorkFeatures): Match {
  const medium = MEDIA[state.medium(work)]!
  // Works of different media are compared as data, by their identity.
  return { ...findingOf(state, work, features), media: medium === features.media ? medium : 'data' } as Match
}

function findingOf(state: State, work: number, features: WorkFeatures): Finding {
  const medium = state.medium(work)
  const media = MEDIA[medium]!
  const layers: Layer[] = []
  const same =
    features.sha256 !== undefined && state.identities.countShared(identityKey(features.sha256), Number.POSITIVE_INFINITY).shared.has(work)
  layers.push({
    name: 'sha256',
    value: same ? 1 : 0,
    unit: 'equal',
    threshold: 1,
    speaksForCopy: same,
    source: 'the first 64 bits of FIPS 180-4, as the index has them',
  })
  if (same) return { verdict: 'identical', reason: 'The two files have the same SHA-256.', layers }
  if (media !== features.media) {
    return { verdict: 'different', reason: `One is of the medium ${features.media}, the other ${media}; they are not compared.`, layers }
  }
  const distance = nearestCodes(state, work, features)
  const limit = media === 'image' ? COPY_DISTANCE : MOST_DISTANCE
  if (distance !== undefined) {
    layers.push({
      name: media === 'image' ? 'pdq' : 'iscc-content',
      value: distance,
      unit: 'bits',
      threshold: limit,
      speaksForCopy: distance <= limit,
      source: 'the nearest of the codes of both works',
    })
  }
  const { keys } = state.space(medium)
  const called = media === 'text' ? 'passages' : 'features'
  const of = new Set(features.keys).size
  const shared = of === 0 ? 0 : (keys.countShared(keyWords(features.keys), Number.POSITIVE_INFINITY).shared.get(work) ?? 0)
  if (of > 0) {
    layers.push({
      name: 'passages',
      value: shared / of,
      unit: 'share',
      threshold: COPY_SHARE,
      speaksForCopy: shared >= COPY_SHARE * of,
      source: `the share of the first work’s ${called} that the second has too`,
    })
  }
  if (shared >= COPY_SHARE * of && shared >= LEAST_SHARED) {
    return { verdict: 'copy', reason: `The second work has ${shared} of ${of} ${called} of the first.`, layers }
  }
  if (distance !== undefined && distance <= COPY_DISTANCE && media === 'image') {
    return { verdict: 'copy', reason: `The nearest codes of the two works differ in ${distance} of 256 bits.`, layers }
  }
  if (distance !== undefined && distance <= MOST_DISTANCE) {
    return { verdict: 'similar', reason: `The works look alike: their nearest codes differ in ${distance} of 256 bits.`, layers }
  }
  if (shared >= LEAST_SHARED)
    return { verdict: 'similar', reason: `The second work has ${shared} of ${of} ${called} of the first.`, layers }
  return { verdict: 'different', reason: 'Nothing that the index knows speaks for a copy.', layers }
}

/** Bits between the nearest codes of the query and the work; undefined where one has none. */
function nearestCodes(state: State, work: number, { codes, asks = [] }: WorkFeatures): number | undefined {
  const space = state.space(state.medium(work))
  let least: number | undefined
  for (let number = state.firstCode(work); number < space.codes.count && space.owners.words[number] === work; number++) {
    for (const code of [...codes, ...asks]) least = Math.min(least ?? 256, space.codes.distance(number, code))
  }
  return least
}
