import { type Lowering, loadLowering } from './minhashSimd.ts'
import type { Stretch } from './reader.ts'

// MinHash (Broder 1997) over runs of words: the share of equal entries of two signatures estimates how much of their runs two texts share.

/** Entries of a signature; the estimate's standard error is at most 1 / (2 √128), some 4 %. */
export const ENTRIES = 128
/** Words in a run. */
const RUN = 4
/** Runs that are hashed at once. */
const BATCH = 2048
/** Fewer runs are not worth starting the vector code for. */
const WORTH_VECTORS = 64

export interface MinHasher {
  /** Adds the words of a stretch. */
  add(stretch: Pick<Stretch, 'words' | 'wordCount'>): void
  /** 32-bit entries; empty when the text has no word. */
  finish(): { entries: number[]; words: number }
}

/** Odd multipliers and offsets of the 128 hash functions, drawn once from a fixed generator. */
const FUNCTIONS = /* @__PURE__ */ (() => {
  const numbers = new Int32Array(ENTRIES * 2)
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

/** A MinHash of words that come in stretches. `lowering: undefined` does without vector code; the result is the same. */
export function createMinHasher(lowering: () => Lowering | undefined = loadLowering): MinHasher {
  const least = new Uint32Array(ENTRIES).fill(0xffffffff)
  const recent = new Int32Array(RUN)
  const runs = new Int32Array(BATCH)
  let held = 0
  let words = 0

  const flush = (): void => {
    const vectors = held < WORTH_VECTORS ? undefined : lowering()
    if (vectors === undefined) lower(least, runs, held)
    else vectors(least, FUNCTIONS, runs, held)
    held = 0
  }

  /** Adds the run that the last `length` words are. */
  const addRun = (length: number): void => {
    let run = 0x811c9dc5 | 0
    for (let back = length; back > 0; back--) run = mix(Math.imul(run, 0x01000193) ^ recent[(words - back) % RUN]!)
    runs[held++] = run
    if (held === BATCH) flush()
  }

  return {
    add({ words: hashes, wordCount }) {
      for (let i = 0; i < wordCount; i++) {
        recent[words % RUN] = hashes[i]!
        words++
        if (words >= RUN) addRun(RUN)
      }
    },
    finish() {
      // Fewer words than a run has: the whole text is one run.
      if (words > 0 && words < RUN) addRun(words)
      flush()
      return { entries: words === 0 ? [] : [...least], words }
    },
  }
}

/** Lowers each entry to the least that its function makes of the first `count` runs. */
function lower(least: Uint32Array, runs: Int32Array, count: number): void {
  for (let entry = 0; entry < ENTRIES; entry++) {
    const multiplier = FUNCTIONS[entry]!
    const offset = FUNCTIONS[ENTRIES + entry]!
    let lowest = least[entry]!
    for (let i = 0; i < count; i++) {
      // Multiply–shift needs the high bits; a second mixing brings them everywhere.
      let hash = (Math.imul(runs[i]!, multiplier) + offset) | 0
      hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
      hash = (hash ^ (hash >>> 13)) >>> 0
      if (hash < lowest) lowest = hash
    }
    least[entry] = lowest
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
