import { CONFUSABLES } from './confusables.ts'

// What a reader reads of a text: letters and digits, lower case, without marks, look-alikes as one; and where words end.

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
/** It may part a word at the end of a line. It is a {@link BREAK} too. */
export const HYPHEN: number = 1 << 25
const KNOWN = 1 << 26

/**
 * A letter of a script with thousands of them says more than one of thirty. It counts as several: itself, and itself with this added once
 * and twice, so that a passage of Chinese is as long as what it says in English.
 */
export const REPEATED = 0x200000

/** Scripts that put no spaces between words. */
const SPACELESS =
  /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Thai}|\p{Script=Lao}|\p{Script=Khmer}|\p{Script=Myanmar}/u
const HAN = /\p{Script=Han}/u
const KANA = /[\p{Script=Hiragana}\p{Script=Katakana}]/u
/** Fillers are letters by category and nothing to the eye; the tatweel only draws Arabic letters out. */
const KEPT = /(?!\p{Default_Ignorable_Code_Point}|\u0640)[\p{L}\p{N}]/u
const DIGIT = /\p{Nd}/u
/** Forms of Arabic letters that people write for each other: alef wasla, final ye and kaf of Persian, alef maksura, te marbuta. */
const ARABIC: Readonly<Record<string, string>> = {
  '\u0671': '\u0627',
  '\u06cc': '\u064a',
  '\u0649': '\u064a',
  '\u06a9': '\u0643',
  '\u0629': '\u0647',
}
const HYPHENS = /[-\u2010]/
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
      if (BREAKS.test(character) && !INSIDE.test(character)) kind |= HYPHENS.test(character) ? BREAK | HYPHEN : BREAK
    } else {
      kind |= found.length === 1 ? ONE | found[0]! : SEVERAL | (sequences.push(found) - 1)
      if (SPACELESS.test(character)) kind |= ALONE
    }
    kinds[point] = kind
    return kind
  }
  return { kinds, learn, sequences }
}

let looks: Map<string, string> | undefined

/** The letter that stands for all that look like it. */
function lookOf(letter: string): string {
  if (looks === undefined) {
    looks = new Map()
    for (const group of CONFUSABLES.split(' ')) {
      const [first, ...others] = group
      for (const other of others) looks.set(other, first!)
    }
  }
  const arabic = ARABIC[letter] ?? letter
  return looks.get(arabic) ?? arabic
}

/** Compatibility forms (ligatures, full width, superscripts) are taken apart, marks and case dropped, digits of all scripts are 0 to 9. */
function lettersOf(character: string): number[] {
  const kept: number[] = []
  for (const part of character.normalize('NFKD').toLowerCase().normalize('NFKD')) {
    if (!KEPT.test(part)) continue
    const letter = lookOf(DIGIT.test(part) ? digit(part) : part)
    const point = letter.codePointAt(0)!
    kept.push(point)
    const times = HAN.test(letter) ? 3 : KANA.test(letter) ? 2 : 1
    for (let time = 1; time < times; time++) kept.push(point + time * REPEATED)
  }
  return kept
}

/** Digits stand in tens, in order. */
function digit(character: string): string {
  let value = 0
  for (let point = character.codePointAt(0)! - 1; DIGIT.test(String.fromCodePoint(point)); point--) value++
  return String(value % 10)
}
