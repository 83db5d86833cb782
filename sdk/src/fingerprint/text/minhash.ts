// MinHash (Broder 1997) over runs of words: the share of equal entries of two signatures estimates how much of their runs two texts share.

/** Entries of a signature; the estimate's standard error is at most 1 / (2 √128), some 4 %. */
export const ENTRIES = 128
/** Words in a run. */
export const RUN = 4

export interface MinHasher {
  /** Adds one letter or digit of the current word. */
  letter(point: number): void
  /** Ends the current word, if there is one. */
  endWord(): void
  /** 32-bit entries; empty when the text has no word. */
  finish(): { entries: number[]; words: number }
}

/** Odd multipliers and offsets of the 128 hash functions, drawn once from a fixed generator. */
const FUNCTIONS = /* @__PURE__ */ (() => {
  const numbers = new Uint32Array(ENTRIES * 2)
  let state = 0x9e3779b9
  for (let i = 0; i < numbers.length; i++) {
    // xorshift32
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    numbers[i] = i < ENTRIES ? state | 1 : state
  }
  return numbers
})()

export function createMinHasher(): MinHasher {
  const least = new Uint32Array(ENTRIES).fill(0xffffffff)
  const recent = new Uint32Array(RUN)
  let word = 0
  let inWord = false
  let words = 0

  function add(): void {
    let run = 0x811c9dc5
    const length = Math.min(words, RUN)
    for (let back = length; back > 0; back--) run = mix(Math.imul(run, 0x01000193) ^ recent[(words - back) % RUN]!)
    for (let entry = 0; entry < ENTRIES; entry++) {
      // Multiply–shift needs the high bits; a second mixing brings them everywhere.
      let hash = (Math.imul(run, FUNCTIONS[entry]!) + FUNCTIONS[ENTRIES + entry]!) | 0
      hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
      hash = (hash ^ (hash >>> 13)) >>> 0
      if (hash < least[entry]!) least[entry] = hash
    }
  }

  return {
    letter(point) {
      word = mix(Math.imul(word, 31) + point)
      inWord = true
    },
    endWord() {
      if (!inWord) return
      recent[words % RUN] = word
      words++
      word = 0
      inWord = false
      if (words >= RUN) add()
    },
    finish() {
      this.endWord()
      // Fewer words than a run has: the whole text is one run.
      if (words > 0 && words < RUN) add()
      return { entries: words === 0 ? [] : [...least], words }
    },
  }
}

function mix(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  return (mixed ^ (mixed >>> 13)) | 0
}

/** Share of the runs of both texts that they have in common, 0 to 1, estimated. */
export function similarity(a: readonly number[], b: readonly number[]): number {
  if (a.length !== ENTRIES || b.length !== ENTRIES) return 0
  let equal = 0
  for (let entry = 0; entry < ENTRIES; entry++) if (a[entry] === b[entry]) equal++
  return equal / ENTRIES
}
