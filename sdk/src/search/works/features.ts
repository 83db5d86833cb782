import type { Fingerprint, Media } from '../../fingerprint/index.ts'
import { filmCodes } from '../../fingerprint/video/filmCodes.ts'
import { hexToBytes } from '../../hex/index.ts'
import { invalidWork } from '../problems.ts'

/** What works are found by. */
export interface WorkFeatures {
  media: Media
  /** SHA-256 of the file, where it is known: finds the very same file whatever it is. */
  sha256?: `0x${string}`
  /** Robust codes of 256 bits, 32 bytes each: of the whole, of its crops, of its frames. At most 65,535. */
  codes: readonly Uint8Array[]
  /** Further codes that a query asks with and that are not indexed, such as those of a picture's other seven turns. At most 65,535. */
  asks?: readonly Uint8Array[]
  /** Keys of 64 bits: hashes of passages, words of chromaprint, triplets of peaks. At most a million. */
  keys: BigUint64Array
}

/** A work to be indexed. */
export type IndexedWork = { id: string } & ({ fingerprint: Fingerprint } | { features: WorkFeatures })

/** Most codes and keys of one work. */
export const MOST_CODES = 65_535
export const MOST_KEYS = 1_000_000

/** Keys of different kinds do not meet: each kind is mixed in. */
const PASSAGE = 1n << 32n

/**
 * What a fingerprint is found by. A picture's PDQ; of a text its ISCC Text-Code and the hashes of its passages. Recordings, data and works that
 * are too plain are found by their identity alone. Films are found by their frames: those that show something new, and a query asks with them
 * turned as well.
 */
export function featuresOf(fingerprint: Fingerprint): WorkFeatures {
  const { media, sha256 } = fingerprint
  const nothing = { media, sha256, codes: [], keys: new BigUint64Array(0) }
  if (fingerprint.plain || fingerprint.media === 'data' || fingerprint.media === 'audio') return nothing
  if (fingerprint.media === 'video') return { media, sha256, ...filmCodes(fingerprint.features), keys: new BigUint64Array(0) }
  const codes = [hexToBytes(fingerprint.code.bits)]
  if (fingerprint.media === 'image') return { media, sha256, codes, keys: new BigUint64Array(0) }
  const { hashes } = fingerprint.features.passages
  return { media, sha256, codes, keys: BigUint64Array.from(new Set(hashes), (hash) => PASSAGE | BigInt(hash)) }
}

/** The features of what a caller gave, every part checked. */
export function checkedFeatures(work: { fingerprint: Fingerprint } | { features: WorkFeatures }): WorkFeatures {
  const features = 'fingerprint' in work ? featuresOf(work.fingerprint) : work.features
  if (typeof features !== 'object' || features === null) throw invalidWork('features', features, 'an object, or a fingerprint')
  const { media, sha256, codes, asks = [], keys } = features
  if (!MEDIA.includes(media)) throw invalidWork('media', media, MEDIA.join(', '))
  if (sha256 !== undefined && !/^0x[0-9a-f]{64}$/.test(sha256)) throw invalidWork('sha256', sha256, '0x and 64 lower-case hex digits')
  for (const [field, list] of [
    ['codes', codes],
    ['asks', asks],
  ] as const) {
    if (!Array.isArray(list) || list.length > MOST_CODES) throw invalidWork(field, list?.length, `at most ${MOST_CODES} codes`)
    for (const code of list) {
      if (!(code instanceof Uint8Array) || code.length !== 32) throw invalidWork(field, code?.length, 'codes of 32 bytes')
    }
  }
  if (!(keys instanceof BigUint64Array) || keys.length > MOST_KEYS)
    throw invalidWork('keys', keys?.length, `at most ${MOST_KEYS} keys of 64 bits`)
  return features
}

/** All media, in the order of their numbers in files: new ones go to the end. */
export const MEDIA: readonly Media[] = ['data', 'image', 'text', 'audio', 'video']

/** Identity as a key: the first 64 bits of SHA-256. They are looked up apart from the others. */
export function identityKey(sha256: string): Uint32Array {
  return new Uint32Array(hexToBytes(sha256.slice(0, 18)).buffer)
}

/** Keys as pairs of words, low and high. */
export function keyWords(keys: BigUint64Array): Uint32Array {
  return new Uint32Array(keys.buffer, keys.byteOffset, keys.length * 2)
}
