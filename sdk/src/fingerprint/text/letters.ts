// What a reader reads of a text: letters and digits, lower case, without marks; and where words end.

/** Bits of a kind. The lowest 21 hold the letter of {@link ONE}, or the index of {@link SEVERAL} in `sequences`. */
export const LETTER: number = 0x1fffff
/** The character is one letter or digit. */
export const ONE: number = 1 << 21
/** It stands for several: a ligature, a fraction, a Hangul syllable. */
export const SEVERAL: number = 1 << 22
/** Its script writes without spaces, so it counts as a word. */
export const ALONE: number = 1 << 23
/** It is no letter and ends a word: a space, punctuation, a symbol, a control. Invisible and combining characters have no bit. */
export const BREAK: number = 1 << 24
const KNOWN = 1 << 25

/** Scripts that put no spaces between words. */
const SPACELESS =
  /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Thai}|\p{Script=Lao}|\p{Script=Khmer}|\p{Script=Myanmar}/u
const KEPT = /[\p{L}\p{N}]/u
const BREAKS = /[\p{Z}\p{P}\p{S}\p{Cc}]/u
/** An apostrophe or a soft hyphen stands inside a word. */
const INSIDE = /['\u2019\xad]/

/** What characters are; fills as they are met. */
export interface Letters {
  /** Bits of every code point; 0 until it is learnt. Surrogates are never {@link ONE}. */
  readonly kinds: Int32Array
  /** Bits of a code point that has none yet. */
  learn(point: number): number
  /** What those characters stand for that stand for several letters. */
  readonly sequences: readonly (readonly number[])[]
}

let letters: Letters | undefined

/** One table for all texts. It spans all of Unicode, 4.4 MB, of which a system only hands out the pages that are written to. */
export function lettersOfText(): Letters {
  letters ??= createTable()
  return letters
}

function createTable(): Letters {
  const kinds = new Int32Array(0x110000)
  const sequences: number[][] = []
  const learn = (point: number): number => {
    const character = String.fromCodePoint(point)
    const found = lettersOf(character)
    let kind = KNOWN
    if (found.length === 0) {
      if (BREAKS.test(character) && !INSIDE.test(character)) kind |= BREAK
    } else {
      kind |= found.length === 1 ? ONE | found[0]! : SEVERAL | (sequences.push(found) - 1)
      if (SPACELESS.test(character)) kind |= ALONE
    }
    kinds[point] = kind
    return kind
  }
  return { kinds, learn, sequences }
}

/** Compatibility forms (ligatures, full width, superscripts) are taken apart, marks and case dropped. */
function lettersOf(character: string): number[] {
  const kept: number[] = []
  for (const part of character.normalize('NFKD').toLowerCase().normalize('NFKD')) {
    if (KEPT.test(part)) kept.push(part.codePointAt(0)!)
  }
  return kept
}
