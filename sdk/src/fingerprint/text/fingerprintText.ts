import { createTextCode } from '../../iscc/index.ts'
import { decodeText } from './decodeText.ts'
import { createMinHasher } from './minhash.ts'
import { isSpaceless, reduce } from './normalize.ts'
import { createWinnower, type Winnowed } from './winnow.ts'

/** What comparing texts needs. */
export interface TextFeatures {
  /** Letters and digits. */
  letters: number
  words: number
  /** MinHash over runs of four words, 128 entries; empty when there is no word. */
  minhash: number[]
  /** Hashes of passages with their places. */
  passages: Winnowed
}

export interface TextContent {
  /** ISCC Text-Code, 256 bits. */
  isccContent: string
  features: TextFeatures
}

/** Reads a text once, piece by piece, and computes what is robust about it. Memory does not grow with the text. */
export async function fingerprintText(chunks: AsyncIterable<Uint8Array>, options: { name?: string } = {}): Promise<TextContent> {
  const code = createTextCode()
  const minhash = createMinHasher()
  const winnower = createWinnower()
  let letters = 0
  let offset = 0
  let carried = ''
  for await (const decoded of decodeText(chunks, options.name)) {
    code.update(decoded)
    // A surrogate pair may be cut in two by the end of a piece.
    const text = carried + decoded
    const end = text.length > 0 && isLeading(text.charCodeAt(text.length - 1)) ? text.length - 1 : text.length
    carried = text.slice(end)
    for (let at = 0; at < end; ) {
      const point = text.codePointAt(at)!
      const size = point > 0xffff ? 2 : 1
      const reduced = reduce(point)
      if (reduced.length === 0) {
        if (isBreak(point)) minhash.endWord()
      } else {
        const alone = isSpaceless(point)
        if (alone) minhash.endWord()
        for (const letter of reduced) {
          minhash.letter(letter)
          winnower.push(letter, offset + at, offset + at + size)
          letters++
        }
        if (alone) minhash.endWord()
      }
      at += size
    }
    offset += end
  }
  const { entries, words } = minhash.finish()
  return {
    isccContent: code.code({ bits: 256 }).iscc,
    features: { letters, words, minhash: entries, passages: winnower.finish() },
  }
}

function isLeading(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff
}

const BREAK = /[\p{Z}\p{P}\p{S}\p{Cc}]/u
const breaks = /* @__PURE__ */ new Map<number, boolean>()

/** Whether a character that is no letter ends a word: spaces, punctuation and controls do, invisible and combining ones do not. */
function isBreak(point: number): boolean {
  if (point === 0x20 || point === 0x0a) return true
  // An apostrophe or a soft hyphen stands inside a word.
  if (point === 0x27 || point === 0x2019 || point === 0xad) return false
  let found = breaks.get(point)
  if (found === undefined) {
    found = BREAK.test(String.fromCodePoint(point))
    if (breaks.size < 20_000) breaks.set(point, found)
  }
  return found
}
