import { encodeUnit } from './codec.ts'
import { createCollapser } from './collapse.ts'
import { checkBits, isccError } from './errors.ts'
import { createNgramHasher } from './ngrams.ts'

export interface TextCode {
  iscc: string
  /** Number of characters (code points) of the collapsed text. */
  characters: number
}

/** Text-Code of a text that comes in pieces; how it is cut, even inside a surrogate pair or between a letter and its marks, does not matter. */
export interface TextHasher {
  /** @throws ColophonError `ISCC_FINISHED` after {@link digest} or {@link code} */
  update(text: string): void
  /** Ends the text and returns its 256-bit similarity digest. May be called again. */
  digest(): Uint8Array<ArrayBuffer>
  /** Ends the text; `bits` is a multiple of 32 from 32 to 256, 64 by default. */
  code(options?: { bits?: number }): TextCode
}

/** A long text is taken in pieces of this many UTF-16 code units, so that no step copies the whole. */
const PIECE = 1 << 16

/** A hasher for the Text-Code. Needs some hundred kilobytes whatever the size of the text. */
export function createTextCode(): TextHasher {
  const ngrams = createNgramHasher()
  const collapser = createCollapser(ngrams)
  let digest: Uint8Array<ArrayBuffer> | undefined
  const finish = (): Uint8Array<ArrayBuffer> => {
    if (digest === undefined) {
      collapser.end()
      digest = ngrams.digest()
    }
    return digest
  }
  return {
    update(text) {
      if (typeof text !== 'string') {
        throw isccError('ISCC_INVALID_INPUT', 'A Text-Code needs strings.', {
          hint: 'Decode bytes first, for instance with a TextDecoderStream.',
          details: { type: typeof text },
        })
      }
      if (digest !== undefined) {
        throw isccError('ISCC_FINISHED', 'The digest was already taken; nothing can be added.', {
          hint: 'Create a new hasher for each text.',
        })
      }
      for (let at = 0; at < text.length; at += PIECE) collapser.push(text.slice(at, at + PIECE))
    },
    digest: () => finish().slice(),
    code({ bits = 64 } = {}) {
      checkBits(bits)
      return { iscc: encodeUnit({ mainType: 'CONTENT', subType: 'TEXT', bits, digest: finish() }), characters: ngrams.count }
    },
  }
}

/**
 * Text-Code: similarity of what texts say word for word.
 *
 * @param text - plain text without markup; may be empty
 * @throws ColophonError `ISCC_INVALID_INPUT`, `ISCC_INVALID_BITS`
 */
export function genTextCode(text: string, options: { bits?: number } = {}): TextCode {
  const hasher = createTextCode()
  hasher.update(text)
  return hasher.code(options)
}
