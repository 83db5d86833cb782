import { askedFigures, type Figures, figuresOf } from '../../fingerprint/audio/figures.ts'
import { askedLandmarks, type Landmarks, landmarksOf } from '../../fingerprint/audio/landmarks.ts'
import { fromBase64url } from '../../fingerprint/image/base64.ts'
import { KEYPOINT_VARIANTS, keypointKeys } from '../../fingerprint/image/keypoints/keypointKeys.ts'
import {
  decodeFeatures,
  type Fingerprint,
  type ImageFingerprint,
  type LocalFeatures,
  type Media,
  type View,
} from '../../fingerprint/index.ts'
import { minhashBands } from '../../fingerprint/text/minhashBands.ts'
import { filmCodes } from '../../fingerprint/video/filmCodes.ts'
import { hexToBytes } from '../../hex/index.ts'
import { invalidWork } from '../problems.ts'

/** What works are found by. */
export interface WorkFeatures {
  media: Media
  /** SHA-256 of the file, where it is known: finds the very same file whatever it is. */
  sha256?: `0x${string}`
  /** Robust codes of 256 bits, 32 bytes each, of the whole: of a picture, of each frame of a film. At most 65,535. */
  codes: readonly Uint8Array[]
  /**
   * Codes of parts, such as a picture’s crops. A part meets the whole of another work, not its parts, and is looked for within 55 bits at most. At most
   * 65,535.
   */
  parts?: readonly Uint8Array[]
  /** Further codes that a query asks with and that are not indexed, such as those of a picture's other seven turns. At most 65,535. */
  asks?: readonly Uint8Array[]
  /** Keys of 64 bits: hashes of passages, landmarks of a recording, keypoints of a picture. At most a million. */
  keys: BigUint64Array
  /**
   * Where each key is, in steps that mean the same in every work: the time of a landmark, size and direction of a keypoint. Works are found whose keys lie together as
   * the query's do. As many as there are keys; for pictures and recordings, which have no keys without. Of a film when each of its codes is, in fifths of a second, ascending; without
   * them its codes are taken to be a step apart.
   */
  places?: Uint32Array
  /** Frames that a query about a film asks with in place of its own, each list by itself: those of the film in its seven other turns. At most {@link MOST_ASKED_LISTS} lists. */
  askedFrames?: readonly PlacedCodes[]
  /**
   * Other keys that a query asks with in place of its own, each list by itself, and that are not indexed: those of a picture's mirror image and of its negative. At most
   * {@link MOST_ASKED_LISTS} lists.
   */
  askedKeys?: readonly PlacedKeys[]
  /** Keys of which hardly any two works have one in common by chance, and copies not all: bands of a MinHash. At most 65,535. */
  bands?: BigUint64Array
}

/** Keys and where each is. */
export interface PlacedKeys {
  keys: BigUint64Array
  places: Uint32Array
}

/** Frames and when each is. */
export interface PlacedCodes {
  codes: readonly Uint8Array[]
  places?: Uint32Array
}

/** A work to be indexed. */
export type IndexedWork = { id: string } & ({ fingerprint: Fingerprint } | { features: WorkFeatures })

/** Most codes and keys of one work. */
export const MOST_CODES = 65_535
export const MOST_KEYS = 1_000_000
/** Lists of other keys or frames that a query asks with. */
export const MOST_ASKED_LISTS = 8
/** The last place a key can have. */
export const MOST_PLACE = 0x7fff_ffff
/** Keys of figures of a recording have this bit, which those of its pairs of peaks do not have. */
export const FIGURE_KEY: bigint = 1n << 32n

/** Quality up to which PDQ's authors discard codes: every clear sky is like every other. */
const PLAIN_QUALITY = 49
/** Keys that a query about a recording asks at most: of a long one every n-th landmark. */
const MOST_ASKED_LANDMARKS = 16_384

/**
 * What a fingerprint is kept by in an index. A picture's PDQ, the code of its content without border, and its crops and keypoints; a text's ISCC Text-Code, its passages and bands
 * of its MinHash; a recording's landmarks; those frames of a film that show something new. Data and works that are too plain are found by their identity alone.
 */
export function featuresOf(fingerprint: Fingerprint): WorkFeatures {
  const { media, sha256 } = fingerprint
  const nothing = { media, sha256, codes: [], keys: new BigUint64Array(0) }
  if (fingerprint.plain) return nothing
  switch (fingerprint.media) {
    case 'image': {
      const pdq = hexToBytes(fingerprint.code.bits)
      const local = localOf(fingerprint)
      if (local === undefined) return { ...nothing, codes: [pdq] }
      const [content, ...crops] = local.views
      return {
        ...nothing,
        codes: [pdq, ...clear([content!])],
        parts: clear(crops),
        ...keypointKeys(local.keypoints),
        asks: [...local.turns.slice(1), complement(local.turns[0]!)],
      }
    }
    case 'text': {
      const { passages, minhash } = fingerprint.features
      return {
        ...nothing,
        codes: [hexToBytes(fingerprint.code.bits)],
        keys: BigUint64Array.from(new Set(passages.hashes), BigInt),
        bands: minhashBands(minhash),
      }
    }
    case 'audio':
      return { ...nothing, ...heard(landmarksOf(fingerprint.features.peaks), figuresOf(fingerprint.features.peaks)) }
    case 'video': {
      const { codes, places } = filmCodes(fingerprint.features)
      return { ...nothing, codes, places }
    }
    case 'data':
      return nothing
  }
}

/** What an index is asked by for works like this one. */
export function askedFeaturesOf(fingerprint: Fingerprint): WorkFeatures {
  const features = featuresOf(fingerprint)
  if (fingerprint.plain) return features
  if (fingerprint.media === 'image') {
    const local = localOf(fingerprint)
    if (local === undefined) return features
    return { ...features, askedKeys: KEYPOINT_VARIANTS.slice(1).map((changed) => keypointKeys(local.keypoints, changed)) }
  }
  if (fingerprint.media === 'video') return { ...features, askedFrames: filmCodes(fingerprint.features).turned }
  if (fingerprint.media !== 'audio') return features
  const { peaks } = fingerprint.features
  return { ...features, ...heard(askedLandmarks(peaks, MOST_ASKED_LANDMARKS), askedFigures(peaks)) }
}

function localOf({ features: { local } }: ImageFingerprint): LocalFeatures | undefined {
  if (local === undefined) return undefined
  const bytes = fromBase64url(local)
  if (bytes === undefined) throw invalidWork('features.local', local, 'a feature file in base64url')
  return decodeFeatures(bytes)
}

function clear(views: readonly View[]): Uint8Array[] {
  return views.filter(({ quality }) => quality > PLAIN_QUALITY).map(({ code }) => code)
}

/** The code of the negative. */
function complement(code: Uint8Array): Uint8Array {
  return code.map((byte) => ~byte)
}

/** Pairs of peaks, and behind them figures of four; of a recording of many hours not all. */
function heard(pairs: Landmarks, figures: Figures): PlacedKeys {
  const count = Math.min(pairs.keys.length, Math.floor((MOST_KEYS * 2) / 3))
  const more = Math.min(figures.keys.length, MOST_KEYS - count)
  const keys = new BigUint64Array(count + more)
  const places = new Uint32Array(count + more)
  for (let at = 0; at < count; at++) keys[at] = BigInt(pairs.keys[at]!)
  for (let at = 0; at < more; at++) keys[count + at] = BigInt(figures.keys[at]!) | FIGURE_KEY
  places.set(pairs.times.slice(0, count))
  places.set(figures.places.slice(0, more), count)
  return { keys, places }
}

/** The features of what a caller gave, every part checked; `asked` are those of a query. */
export function checkedFeatures(work: { fingerprint: Fingerprint } | { features: WorkFeatures }, asked: boolean = false): WorkFeatures {
  const features = 'fingerprint' in work ? (asked ? askedFeaturesOf : featuresOf)(work.fingerprint) : work.features
  if (typeof features !== 'object' || features === null) throw invalidWork('features', features, 'an object, or a fingerprint')
  const { media, sha256, codes, parts = [], asks = [], keys, places, askedKeys = [], askedFrames = [], bands = NO_KEYS } = features
  if (!MEDIA.includes(media)) throw invalidWork('media', media, MEDIA.join(', '))
  if (sha256 !== undefined && !/^0x[0-9a-f]{64}$/.test(sha256)) throw invalidWork('sha256', sha256, '0x and 64 lower-case hex digits')
  for (const [field, list] of Object.entries({ codes, parts, asks })) assertCodes(field, list)
  assertKeys('keys', keys)
  if (media !== 'video') assertPlaces(media, keys.length, places)
  if (!Array.isArray(askedKeys) || askedKeys.length > MOST_ASKED_LISTS || (askedKeys.length > 0 && !isPlaced(media)))
    throw invalidWork('askedKeys', askedKeys?.length, `at most ${MOST_ASKED_LISTS} lists, of a picture or recording`)
  for (const list of askedKeys) {
    assertKeys('askedKeys', list?.keys)
    assertPlaces(media, list.keys.length, list.places)
  }
  if (!Array.isArray(askedFrames) || askedFrames.length > MOST_ASKED_LISTS || (askedFrames.length > 0 && media !== 'video'))
    throw invalidWork('askedFrames', askedFrames?.length, `at most ${MOST_ASKED_LISTS} lists, of a film`)
  for (const list of askedFrames) assertCodes('askedFrames', list?.codes)
  if (media === 'video') for (const list of [{ codes, places }, ...askedFrames]) assertMoments(list)
  if (!(bands instanceof BigUint64Array) || bands.length > MOST_CODES)
    throw invalidWork('bands', bands?.length, `at most ${MOST_CODES} bands of 64 bits`)
  return features
}

function assertCodes(field: string, list: readonly Uint8Array[] | undefined): void {
  if (!Array.isArray(list) || list.length > MOST_CODES) throw invalidWork(field, list?.length, `at most ${MOST_CODES} codes`)
  for (const code of list) {
    if (!(code instanceof Uint8Array) || code.length !== 32) throw invalidWork(field, code?.length, 'codes of 32 bytes')
  }
}

function assertKeys(field: string, keys: BigUint64Array | undefined): asserts keys is BigUint64Array {
  if (!(keys instanceof BigUint64Array) || keys.length > MOST_KEYS)
    throw invalidWork(field, (keys as ArrayLike<unknown> | undefined)?.length, `at most ${MOST_KEYS} keys of 64 bits`)
}

function assertPlaces(media: Media, keys: number, places: Uint32Array | undefined): void {
  const wanted = isPlaced(media) ? keys : 0
  const given = places === undefined ? 0 : places.length
  if ((places !== undefined && !(places instanceof Uint32Array)) || given !== wanted || places?.some((place) => place > MOST_PLACE))
    throw invalidWork('places', given, `a place below ${MOST_PLACE} for each key of a picture or recording, and none of other works`)
}

function assertMoments({ codes, places }: PlacedCodes): void {
  if (places === undefined) return
  const isRight =
    places instanceof Uint32Array &&
    places.length === codes.length &&
    places.every((place, at) => place <= MOST_PLACE && (at === 0 || place > places[at - 1]!))
  if (!isRight)
    throw invalidWork('places', places?.length, `a place below ${MOST_PLACE} for each code of a film, each after the one before`)
}

const NO_KEYS = new BigUint64Array(0)

/** All media, in the order of their numbers in files: new ones go to the end. */
export const MEDIA: readonly Media[] = ['data', 'image', 'text', 'audio', 'video']

/** Whether keys of this medium have places. */
export function isPlaced(media: Media): boolean {
  return media === 'image' || media === 'audio'
}

/** Identity as a key: the first 64 bits of SHA-256. They are looked up apart from the others. */
export function identityKey(sha256: string): Uint32Array {
  return new Uint32Array(hexToBytes(sha256.slice(0, 18)).buffer)
}

/** Keys as pairs of words, low and high. */
export function keyWords(keys: BigUint64Array): Uint32Array {
  return new Uint32Array(keys.buffer, keys.byteOffset, keys.length * 2)
}
