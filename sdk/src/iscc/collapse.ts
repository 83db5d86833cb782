import { CASED, DECIDES, GENERAL, singleCharacters } from './singleCharacters.ts'
import { NOT_COMPARED } from './text.ts'

/** Collapses a text that comes in pieces, exactly as `textCollapse` would collapse the whole. */
export interface Collapser {
  /** Takes any piece; it may end inside a surrogate pair, a character with its marks, or a word. */
  push(text: string): void
  /** Hands out what was held back. */
  end(): void
}

/** Takes collapsed text in order. */
export interface CollapsedSink {
  add(text: string): void
  /** The first `count` of these characters of the basic plane. */
  addUnits(units: Uint16Array, count: number): void
}

/**
 * Characters, besides marks, that NFKC may join to the one before: Hangul vowels and final consonants in all their forms, halfwidth
 * voicing marks, Kirat Rai vowel signs. A text may be cut before every other character that is left once marks are gone.
 */
const JOINS_BACKWARD = /^[\u1160-\u11ff\u3130-\u318f\ud7b0-\ud7ff\uff9e-\uffdf\u{16d63}-\u{16d6a}]/u
/** A capital sigma at the end of a word has a lower case of its own; this one's word may go on. */
const OPEN_SIGMA = /\u03a3\p{Case_Ignorable}*$/u
const FIRST_DECIDING = /\P{Case_Ignorable}/u
const LAST_DECIDING = /\P{Case_Ignorable}(?=\p{Case_Ignorable}*$)/u
const CASED_LETTER = /\p{Cased}/u
/** The general path goes on until so many characters in a row do not need it: starting it costs as much as these. */
const LEAVE_AFTER = 16
/** Single characters that are handed out at once. */
const SINGLES = 4096

/**
 * The steps and what each needs to know about the neighbouring pieces:
 *
 * - NFD decomposes character by character. It also reorders marks, but marks are left out afterwards, so any cut between
 *   characters is right.
 * - Lower case looks at neighbours for the capital sigma alone: `wordBefore` says what came before, `sigma` holds one that waits
 *   for what comes after.
 * - NFKC joins some characters to the one before: `tail` holds the end of the text from the last place where a cut is safe.
 */
export function createCollapser(sink: CollapsedSink): Collapser {
  let surrogate = ''
  /** Whether the last character that is not case-ignorable was a cased one. */
  let wordBefore = false
  /** An undecided sigma: whether it follows a cased character, and what is kept of the text behind it. */
  let sigma: { follows: boolean; behind: string[] } | undefined
  let tail: string[] = []
  /** Single characters that are not handed out yet; they stand before the tail. */
  const singles = new Uint16Array(SINGLES)
  let held = 0

  const flushSingles = (): void => {
    if (held > 0) sink.addUnits(singles, held)
    held = 0
  }

  const flushTail = (): void => {
    if (tail.length === 0) return
    flushSingles()
    sink.add(tail.join('').normalize('NFKC'))
    tail = []
  }

  /** Takes filtered text and hands out all but its end. */
  const recombine = (text: string): void => {
    if (text === '') return
    let first = 0
    while (first < text.length && joinsBackward(text, first)) first += text.codePointAt(first)! > 0xffff ? 2 : 1
    if (first === text.length) {
      tail.push(text)
      return
    }
    let last = previous(text, text.length)
    while (joinsBackward(text, last)) last = previous(text, last)
    tail.push(text.slice(0, first))
    flushTail()
    if (last > first) {
      flushSingles()
      sink.add(text.slice(first, last).normalize('NFKC'))
    }
    tail.push(text.slice(last))
  }

  const keepBehindSigma = (text: string): void => {
    const kept = text.toLowerCase().replace(NOT_COMPARED, '')
    if (kept !== '') sigma!.behind.push(kept)
  }

  /** Takes text in NFD. */
  const lowercase = (text: string): void => {
    if (sigma !== undefined) {
      const decider = FIRST_DECIDING.exec(text)?.[0]
      if (decider === undefined) {
        keepBehindSigma(text)
        return
      }
      closeSigma(CASED_LETTER.test(decider))
    }
    const open = OPEN_SIGMA.exec(text)
    const closed = open === null ? text : text.slice(0, open.index)
    // Cased letters at the ends stand for the context, the open sigma being one, and are taken off again.
    const before = wordBefore ? 'a' : ''
    const lowered = (before + closed + (open === null ? '' : 'a')).toLowerCase()
    recombine(lowered.slice(before.length, open === null ? undefined : -1).replace(NOT_COMPARED, ''))
    const decider = LAST_DECIDING.exec(closed)?.[0]
    if (decider !== undefined) wordBefore = CASED_LETTER.test(decider)
    if (open !== null) {
      sigma = { follows: wordBefore, behind: [] }
      keepBehindSigma(text.slice(open.index + 1))
      wordBefore = true
    }
  }

  const closeSigma = (precedes: boolean): void => {
    const { follows, behind } = sigma!
    sigma = undefined
    recombine((follows && !precedes ? '\u03c2' : '\u03c3') + behind.join(''))
  }

  /** Takes single characters from `at` on while nothing waits for them, and returns where it stopped. */
  const pushFree = (text: string, at: number): number => {
    const { kinds, learn, becomes } = singleCharacters()
    if (held === SINGLES) flushSingles()
    // The state stands in local variables, and nothing branches on what letters and spaces differ in: the loop is fast so.
    const { length } = text
    let count = held
    let i = at
    for (; i < length && count < SINGLES; i++) {
      const unit = text.charCodeAt(i)
      const kind = kinds[unit]! || learn(unit)
      if ((kind & GENERAL) !== 0) break
      const collapsed = becomes[unit]!
      singles[count] = collapsed
      // One more, unless it is left out.
      count += (collapsed + 0xffff) >>> 16
    }
    held = count
    for (let last = i - 1; last >= at; last--) {
      const kind = kinds[text.charCodeAt(last)]!
      if ((kind & DECIDES) === 0) continue
      wordBefore = (kind & CASED) !== 0
      break
    }
    return i
  }

  /** Takes characters that collapse on their own from `at` on, and returns where the first that does not stands. */
  const pushSingles = (text: string, at: number): number => {
    const { kinds, learn, becomes } = singleCharacters()
    const kindAt = (index: number): number => kinds[text.charCodeAt(index)]! || learn(text.charCodeAt(index))
    let i = at
    while (i < text.length) {
      const kind = kindAt(i)
      if ((kind & GENERAL) !== 0) break
      if (sigma === undefined && tail.length === 0) {
        i = pushFree(text, i)
        continue
      }
      if ((kind & DECIDES) !== 0) {
        if (sigma !== undefined) closeSigma((kind & CASED) !== 0)
        wordBefore = (kind & CASED) !== 0
      } else if (sigma !== undefined) {
        const start = i++
        while (i < text.length && (kindAt(i) & (GENERAL | DECIDES)) === 0) i++
        keepBehindSigma(text.slice(start, i).normalize('NFD'))
        continue
      }
      const collapsed = becomes[text.charCodeAt(i++)]!
      if (collapsed === 0) continue
      // What is left out does not part the tail from what may still join it; any other single character does.
      flushTail()
      if (held === SINGLES) flushSingles()
      singles[held++] = collapsed
    }
    return i
  }

  /** Where the general path may end that starts at `at`. */
  const endOfGeneral = (text: string, at: number): number => {
    const { kinds, learn } = singleCharacters()
    let last = at
    for (let i = at; i < text.length && i - last <= LEAVE_AFTER; i++) {
      const unit = text.charCodeAt(i)
      if (((kinds[unit]! || learn(unit)) & GENERAL) !== 0) last = i
    }
    return last + 1
  }

  return {
    push(piece) {
      let text = surrogate + piece
      const last = text.charCodeAt(text.length - 1)
      surrogate = last >= 0xd800 && last <= 0xdbff ? text.slice(-1) : ''
      if (surrogate !== '') text = text.slice(0, -1)
      for (let at = 0; at < text.length; ) {
        at = pushSingles(text, at)
        if (at === text.length) return
        const end = endOfGeneral(text, at)
        lowercase(text.slice(at, end).normalize('NFD'))
        at = end
      }
    },
    end() {
      // A high surrogate alone is left out like every control character.
      surrogate = ''
      if (sigma !== undefined) closeSigma(false)
      flushTail()
      flushSingles()
    },
  }
}

function joinsBackward(text: string, at: number): boolean {
  return text.charCodeAt(at) >= 0x1160 && JOINS_BACKWARD.test(String.fromCodePoint(text.codePointAt(at)!))
}

/** Index of the character that ends before `at`. */
function previous(text: string, at: number): number {
  const low = text.charCodeAt(at - 1)
  return at > 1 && low >= 0xdc00 && low <= 0xdfff ? at - 2 : at - 1
}
