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
  const { media, sha256, codes, keys } = checkedFeatures(work)
  const words = new Uint32Array(codes.length * CODE_WORDS)
  for (const [index, code] of codes.entries()) permute(code, words, index * CODE_WORDS)
  return {
    id,
    medium: MEDIA.indexOf(media),
    identity: sha256 === undefined ? NONE : identityKey(sha256),
    codes: words,
    // A copy: the caller may use its array again before this is on the disk.
    keys: keys.length === 0 ? NONE : keyWords(keys).slice(),
  }
}
