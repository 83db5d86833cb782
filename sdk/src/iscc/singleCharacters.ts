import { textCollapse } from './text.ts'

/** The character needs its neighbours, or becomes several: it takes the general path. */
export const GENERAL = 1
/** Bit: the character says whether a sigma behind or before it ends a word, because it is not case-ignorable. */
export const DECIDES = 2
/** Bit, with {@link DECIDES}: it is cased. */
export const CASED = 4
/** Bit: the entry is known. */
const KNOWN = 8

/** Characters of the basic plane that collapse on their own. */
export interface SingleCharacters {
  /** {@link GENERAL}, or the bits {@link DECIDES} and {@link CASED}, of every UTF-16 code unit; 0 until it is learnt. */
  readonly kinds: Uint8Array
  /** Those bits of a unit that has none yet. */
  learn(unit: number): number
  /** What a unit that is not {@link GENERAL} becomes: one unit, or 0 if it is left out. */
  readonly becomes: Uint16Array
}

/** Jamo, Hangul and kana in all their forms, surrogates: they may join or be joined by the character behind them. */
const JOINS = /[\u03a3\u1100-\u11ff\u3040-\u30ff\u3130-\u318f\ua960-\ua97f\uac00-\udfff\uff65-\uffdf]/
const IGNORABLE = /\p{Case_Ignorable}/u
const CASED_LETTER = /\p{Cased}/u

let singles: SingleCharacters | undefined

/** The table, which fills as characters are met. One for all texts: 192 KB. */
export function singleCharacters(): SingleCharacters {
  singles ??= createTable()
  return singles
}

function createTable(): SingleCharacters {
  const kinds = new Uint8Array(0x10000)
  const becomes = new Uint16Array(0x10000)
  const learn = (unit: number): number => {
    const character = String.fromCharCode(unit)
    const collapsed = textCollapse(character)
    // Case is judged after decomposition: what the marks of a letter are does not matter, its first character does.
    const first = character.normalize('NFD')[0]!
    const alone = collapsed.length <= 1 && !JOINS.test(character) && !JOINS.test(collapsed)
    becomes[unit] = alone && collapsed !== '' ? collapsed.charCodeAt(0) : 0
    kinds[unit] = KNOWN | (!alone ? GENERAL : IGNORABLE.test(first) ? 0 : DECIDES | (CASED_LETTER.test(first) ? CASED : 0))
    return kinds[unit]!
  }
  return { kinds, learn, becomes }
}
