import { CODE_WORDS, permute } from '../codes/bands.ts'
import type { StoredWork } from '../log/record.ts'
import { checkedFeatures, type IndexedWork, identityKey, keyWords, MEDIA } from './features.ts'
import { encodeId } from './ids.ts'

const NONE = new Uint32Array(0)

/**
 * A work as logs have it.
 *
 * @throws ColophonError `INDEX_WORK_INVALID`
 */
export function storedWork(work: IndexedWork): StoredWork {
  const id = encodeId(work.id)
  const { media, sha256, codes, parts = [], keys, places, bands } = checkedFeatures(work)
  return {
    id,
    medium: MEDIA.indexOf(media),
    identity: sha256 === undefined ? NONE : identityKey(sha256),
    codes: storedCodes(codes),
    parts: storedCodes(parts),
    // Copies: the caller may use its arrays again before this is on the disk.
    keys: keys.length === 0 ? NONE : keyWords(keys).slice(),
    places: places === undefined || places.length === 0 || (media === 'video' && isEven(places)) ? NONE : places.slice(),
    bands: bands === undefined || bands.length === 0 ? NONE : keyWords(bands).slice(),
  }
}

/** Whether these places of codes say no more than their order. */
function isEven(places: Uint32Array): boolean {
  return places.every((place, at) => place === at)
}

function storedCodes(codes: readonly Uint8Array[]): Uint32Array {
  if (codes.length === 0) return NONE
  const words = new Uint32Array(codes.length * CODE_WORDS)
  for (let code = 0; code < codes.length; code++) permute(codes[code]!, words, code * CODE_WORDS)
  return words
}
