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
  addAscii(code: number): void
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
const CASED = /\p{Cased}/u
const NOT_ASCII = /[^\0-\x7f]/

/** What becomes of each ASCII character: 0 if it is left out, else its code in lower case. */
const ASCII: Uint8Array = Uint8Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code)
  return character.replace(NOT_COMPARED, '') === '' ? 0 : character.toLowerCase().charCodeAt(0)
})

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

  const flushTail = (): void => {
    if (tail.length > 0) sink.add(tail.join('').normalize('NFKC'))
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
    if (last > first) sink.add(text.slice(first, last).normalize('NFKC'))
    tail.push(text.slice(last))
  }

  const lower = (text: string): string => text.toLowerCase().replace(NOT_COMPARED, '')

  /** Takes text in NFD. */
  const lowercase = (text: string): void => {
    if (sigma !== undefined) {
      const decider = FIRST_DECIDING.exec(text)?.[0]
      if (decider === undefined) {
        sigma.behind.push(lower(text))
        return
      }
      closeSigma(CASED.test(decider))
    }
    const open = OPEN_SIGMA.exec(text)
    const closed = open === null ? text : text.slice(0, open.index)
    // A cased letter in front stands for the context, and is taken off again.
    recombine((wordBefore ? `a${closed}`.toLowerCase().slice(1) : closed.toLowerCase()).replace(NOT_COMPARED, ''))
    const decider = LAST_DECIDING.exec(closed)?.[0]
    if (decider !== undefined) wordBefore = CASED.test(decider)
    if (open !== null) {
      sigma = { follows: wordBefore, behind: [lower(text.slice(open.index + 1))] }
      wordBefore = true
    }
  }

  const closeSigma = (precedes: boolean): void => {
    const { follows, behind } = sigma!
    sigma = undefined
    recombine((follows && !precedes ? '\u03c2' : '\u03c3') + behind.join(''))
  }

  const pushAscii = (text: string): void => {
    let i = 0
    // What is left out does not part the tail from what may still join it.
    while (i < text.length && ASCII[text.charCodeAt(i)] === 0) i++
    if (i < text.length) flushTail()
    for (; i < text.length; i++) {
      const code = ASCII[text.charCodeAt(i)]!
      if (code !== 0) sink.addAscii(code)
    }
    const decider = LAST_DECIDING.exec(text)?.[0]
    if (decider !== undefined) wordBefore = CASED.test(decider)
  }

  return {
    push(piece) {
      let text = surrogate + piece
      const last = text.charCodeAt(text.length - 1)
      surrogate = last >= 0xd800 && last <= 0xdbff ? text.slice(-1) : ''
      if (surrogate !== '') text = text.slice(0, -1)
      if (sigma === undefined && !NOT_ASCII.test(text)) pushAscii(text)
      else lowercase(text.normalize('NFD'))
    },
    end() {
      // A high surrogate alone is left out like every control character.
      surrogate = ''
      if (sigma !== undefined) closeSigma(false)
      flushTail()
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
