import type { Layer, Match, Media } from '../fingerprint/index.ts'
import type { Finding } from '../fingerprint/match.ts'
import { LEAST_FRAMES } from './frames/frameVotes.ts'
import { COPY_DISTANCE, COPY_SHARE, LEAST_SHARED, mostDistance, PART_DISTANCE } from './limits.ts'
import type { WorkFeatures } from './works/features.ts'

/** What an index knows of a work beside a query. */
export interface KnownWork {
  media: Media
  /** Whether the SHA-256 is the same, as far as the index has it. */
  same: boolean
  /** Bits between the nearest codes of both works, and between a part of one and the whole of the other; undefined where one has none. */
  codes: number | undefined
  parts: number | undefined
  /** Frames of two films that lie alike in both; undefined of other works. */
  frames: number | undefined
  /** Keys that both have: of recordings those that lie together. */
  keys: number
  /** Bands of a MinHash that both have. */
  bands: number
}

/** Why a work is like the query, as far as the index itself knows. */
export function explainByIndex(known: KnownWork, features: WorkFeatures): Match {
  // Works of different media are compared as data, by their identity.
  return { ...findingOf(known, features), media: known.media === features.media ? known.media : 'data' } as Match
}

const CALLED: Readonly<Record<string, string>> = { image: 'keypoints', text: 'passages', audio: 'landmarks' }

function findingOf({ media, same, codes, parts, frames, keys, bands }: KnownWork, features: WorkFeatures): Finding {
  const layers: Layer[] = [
    {
      name: 'sha256',
      value: same ? 1 : 0,
      unit: 'equal',
      threshold: 1,
      speaksForCopy: same,
      source: 'the first 64 bits of FIPS 180-4, as the index has them',
    },
  ]
  if (same) return { verdict: 'identical', reason: 'The two files have the same SHA-256.', layers }
  if (media !== features.media) {
    return { verdict: 'different', reason: `One is of the medium ${features.media}, the other ${media}; they are not compared.`, layers }
  }
  const limit = media === 'image' ? COPY_DISTANCE : mostDistance(media)
  const bits = (name: Layer['name'], value: number, threshold: number, source: string): void => {
    layers.push({ name, value, unit: 'bits', threshold, speaksForCopy: value <= threshold, source })
  }
  if (codes !== undefined && frames === undefined)
    bits(media === 'image' ? 'pdq' : 'iscc-content', codes, limit, 'the nearest of the codes of both works')
  if (parts !== undefined) bits('views', parts, PART_DISTANCE, 'the nearest of the parts of one work and the codes of the other')
  if (frames !== undefined && keys === 0 && bands === 0) {
    const finding = ofFrames(frames, features)
    return { ...finding, layers: [...layers, ...finding.layers] }
  }
  const called = CALLED[media] ?? 'features'
  const of = new Set(features.keys).size
  const isPlaced = features.places !== undefined
  const most = !isPlaced && keys >= COPY_SHARE * of && keys >= LEAST_SHARED
  if (of > 0) {
    layers.push({
      name: isPlaced ? (media === 'image' ? 'keypoints' : 'peaks') : 'passages',
      value: isPlaced ? keys : keys / of,
      unit: isPlaced ? 'hashes' : 'share',
      threshold: isPlaced ? LEAST_SHARED : COPY_SHARE,
      speaksForCopy: isPlaced ? keys >= LEAST_SHARED : keys >= COPY_SHARE * of,
      source: `${isPlaced ? 'the number' : 'the share'} of the first work’s ${called} that the second has too${isPlaced ? ', arranged alike' : ''}`,
    })
  }
  const ofBands = new Set(features.bands ?? []).size
  if (ofBands > 0) {
    const share = Math.cbrt(bands / ofBands)
    layers.push({
      name: 'minhash',
      value: share,
      unit: 'share',
      threshold: 0,
      speaksForCopy: bands > 0,
      source: `the share of wording in common, estimated from ${bands} of ${ofBands} bands`,
    })
  }
  const has = `The second work has ${keys} of ${of} ${called} of the first`
  if (most) return { verdict: 'copy', reason: `${has}.`, layers }
  if (codes !== undefined && codes <= COPY_DISTANCE && media === 'image') {
    return { verdict: 'copy', reason: `The nearest codes of the two works differ in ${codes} of 256 bits.`, layers }
  }
  if (codes !== undefined && codes <= mostDistance(media)) {
    return { verdict: 'similar', reason: `The works look alike: their nearest codes differ in ${codes} of 256 bits.`, layers }
  }
  if (parts !== undefined && parts <= PART_DISTANCE) {
    return { verdict: 'similar', reason: `A part of one work looks like the other: their codes differ in ${parts} of 256 bits.`, layers }
  }
  if (keys >= LEAST_SHARED) return { verdict: 'similar', reason: isPlaced ? `${has}, arranged alike.` : `${has}.`, layers }
  if (bands > 0) {
    return { verdict: 'similar', reason: `The works share some of their wording: ${bands} of ${ofBands} bands of their MinHash.`, layers }
  }
  return { verdict: 'different', reason: 'Nothing that the index knows speaks for a copy.', layers }
}

/** What frames that lie alike say of two films. */
function ofFrames(shared: number, { codes }: WorkFeatures): Finding {
  const layer: Layer = {
    name: 'frames',
    value: shared,
    unit: 'hashes',
    threshold: LEAST_FRAMES,
    speaksForCopy: shared > 0,
    source: 'frames that look alike in both films, in the same order and at one speed',
  }
  return shared > 0
    ? {
        verdict: 'similar',
        reason: `The second film has ${shared} of ${codes.length} frames of the first, in the same order and at one speed.`,
        layers: [layer],
      }
    : { verdict: 'different', reason: 'The films have too few frames in common that lie alike in both.', layers: [layer] }
}
