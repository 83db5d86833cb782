import { ALONE, BREAK, HYPHEN, LETTER, lettersOfText, ONE, REPEATED, SEVERAL } from './letters.ts'

/** A stretch of a text as the fingerprints take it. Its arrays are used again for the next stretch. */
export interface Stretch {
  /** Letters and digits (code points), lower case, without marks, look-alikes as one; those of large scripts several times (`REPEATED`). */
  letters: Int32Array
  /** For each letter, twice the offset of its character in UTF-16 code units from `base`, plus one if the character has two units. */
  places: Int32Array
  /** Letters in this stretch. */
  count: number
  /** Of which are repetitions. */
  repeated: number
  /** Where the stretch starts, in UTF-16 code units from the start of the text. */
  base: number
  /** 32-bit hashes of the words that end in this stretch. */
  words: Int32Array
  /** Words in this stretch. */
  wordCount: number
}

/** Reads a text in pieces of any size and hands it on in stretches. */
export interface Reader {
  push(text: string): void
  end(): void
}

/** Letters after which a stretch ends, and so words. */
const FULL = 8192
/** Characters after a hyphen in which a line has to end for the word to go on behind it. */
const LOOK_AHEAD = 40
const LINE_END = /^[ \t]*\r?\n[ \t]*(?![\s])/

/** No character stands for more letters than this: U+FDFA, a phrase in one character, stands for 15. */
const MOST_LETTERS = 32

/** @param take - is called with each stretch; what it is given is valid during the call only */
export function createReader(take: (stretch: Stretch) => void): Reader {
  const size = FULL + MOST_LETTERS
  const stretch: Stretch = {
    letters: new Int32Array(size),
    places: new Int32Array(size),
    count: 0,
    repeated: 0,
    base: 0,
    // Every word has a letter; one may have had all of its letters before.
    words: new Int32Array(size + 1),
    wordCount: 0,
  }
  let carried = ''
  /** The word under way: its hash, and whether it has a letter yet. */
  let word = 0
  let inWord = false
  /** The two letters before of scripts without spaces. */
  let before = 0
  let further = 0

  /** Takes whole characters from `start` on, as many as fit, and returns where the next stretch starts; before a hyphen that
   * what comes next decides on. */
  const read = (text: string, start: number, end: number, last: boolean): number => {
    const { kinds, learn, sequences } = lettersOfText()
    const { letters, places, words } = stretch
    let hash = word
    let within = inWord
    let count = 0
    let wordCount = 0
    let repeated = 0
    let at = start
    for (; at < end && count < FULL; at++) {
      let point = text.charCodeAt(at)
      let kind = kinds[point]!
      if ((kind & (ONE | ALONE)) === ONE) {
        letters[count] = kind & LETTER
        places[count++] = (at - start) << 1
        hash = hashed(hash, kind & LETTER)
        within = true
        continue
      }
      if ((kind & BREAK) !== 0) {
        if ((kind & HYPHEN) !== 0 && within) {
          if (!last && at + LOOK_AHEAD >= end) break
          const joined = LINE_END.exec(text.slice(at + 1, Math.min(at + LOOK_AHEAD, end)))?.[0]
          if (joined !== undefined) {
            at += joined.length
            continue
          }
        }
        if (within) words[wordCount++] = hash
        hash = 0
        within = false
        continue
      }
      let place = (at - start) << 1
      if ((point & 0xfc00) === 0xd800) {
        point = text.codePointAt(at)!
        kind = kinds[point]!
        place |= 1
        at++
      }
      if (kind === 0) kind = learn(point)
      const sequence = (kind & SEVERAL) === 0 ? undefined : sequences[kind & LETTER]!
      const length = sequence === undefined ? (kind & ONE) / ONE : sequence.length
      const alone = (kind & ALONE) !== 0
      if (within && (alone || (kind & BREAK) !== 0)) {
        words[wordCount++] = hash
        hash = 0
        within = false
      }
      for (let i = 0; i < length; i++) {
        const letter = sequence === undefined ? kind & LETTER : sequence[i]!
        letters[count] = letter
        places[count++] = place
        if (letter >= REPEATED) repeated++
        else hash = hashed(hash, letter)
      }
      if (length === 0) continue
      within = !alone
      if (alone) {
        // One character says less than a word: it is taken together with the two before.
        words[wordCount++] = hashed(hashed(further, before), hash)
        further = before
        before = hash
        hash = 0
      }
    }
    word = hash
    inWord = within
    stretch.count = count
    stretch.repeated = repeated
    stretch.wordCount = wordCount
    return at
  }

  const takeAll = (text: string, end: number, last: boolean): void => {
    let at = 0
    while (at < end) {
      const next = read(text, at, end, last)
      if (next === at) break
      take(stretch)
      stretch.base += next - at
      at = next
    }
    carried = text.slice(at)
  }

  return {
    push(piece) {
      // A surrogate pair may be cut in two by the end of a piece.
      const text = carried + piece
      takeAll(text, text.length > 0 && isLeading(text.charCodeAt(text.length - 1)) ? text.length - 1 : text.length, false)
    },
    end() {
      takeAll(carried, carried.length > 0 && isLeading(carried.charCodeAt(carried.length - 1)) ? carried.length - 1 : carried.length, true)
      if (!inWord) return
      inWord = false
      stretch.count = 0
      stretch.repeated = 0
      stretch.words[0] = word
      stretch.wordCount = 1
      take(stretch)
    },
  }
}

function isLeading(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff
}

/** Adds a letter to the hash of its word. */
function hashed(word: number, letter: number): number {
  const sum = (Math.imul(word, 31) + letter) | 0
  const mixed = Math.imul(sum ^ (sum >>> 16), 0x85ebca6b)
  return (mixed ^ (mixed >>> 13)) | 0
}
