import { createMinHash } from './minhash.ts'
import { xxh32, xxh32Runs13 } from './xxh32.ts'
import { loadRuns13, MOST_BYTES, type Runs13 } from './xxh32Runs.ts'

const NGRAM = 13
/** Characters that are collected before their n-grams are hashed. */
const BLOCK: number = MOST_BYTES
/** From this many on it pays to start the vector code. */
const WORTH_VECTORS = 1024

/** Minhash over all runs of 13 characters of a text that comes in pieces. */
export interface NgramHasher {
  /** Adds well-formed text; a piece must not end inside a surrogate pair. */
  add(text: string): void
  /** Adds the first `length` of these characters of the basic plane, none of them a surrogate. */
  addUnits(units: Uint16Array, length: number): void
  /** Characters (code points) so far. */
  readonly count: number
  /** 256 bits. Nothing can be added afterwards. */
  digest(): Uint8Array<ArrayBuffer>
}

/** A text of fewer than 13 characters, the empty one too, is one n-gram. */
export function createNgramHasher(load: () => Runs13 | null = loadRuns13): NgramHasher {
  const minHash = createMinHash()
  const bytes = new Uint8Array(BLOCK * 4)
  /** Where each character of the block starts in `bytes`. */
  const starts = new Uint32Array(BLOCK + 1)
  const features = new Int32Array(BLOCK)
  const words = new Int32Array(BLOCK)
  let characters = 0
  let size = 0
  let count = 0

  /** Hashes the n-grams of the block and keeps the last 12 characters, whose n-grams are not complete. */
  const flush = (): void => {
    starts[characters] = size
    if (characters >= NGRAM) {
      const runs = characters - NGRAM + 1
      // One byte a character: ASCII.
      if (size === characters) {
        const vectors = size < WORTH_VECTORS ? null : load()
        if (vectors === null) xxh32Runs13(bytes, size, words, features)
        else vectors(bytes, size, features)
      } else for (let i = 0; i < runs; i++) features[i] = xxh32(bytes, starts[i]!, starts[i + NGRAM]!)
      minHash.addAll(features, runs)
    }
    const kept = Math.min(characters, NGRAM - 1)
    const from = starts[characters - kept]!
    for (let i = 0; i < kept; i++) starts[i] = starts[characters - kept + i]! - from
    bytes.copyWithin(0, from, size)
    count += characters
    characters = kept
    count -= kept
    size -= from
  }

  const add = (codePoint: number): void => {
    if (characters === BLOCK) flush()
    starts[characters++] = size
    if (codePoint < 0x80) {
      bytes[size++] = codePoint
    } else if (codePoint < 0x800) {
      bytes[size++] = 0xc0 | (codePoint >>> 6)
      bytes[size++] = 0x80 | (codePoint & 63)
    } else if (codePoint < 0x10000) {
      bytes[size++] = 0xe0 | (codePoint >>> 12)
      bytes[size++] = 0x80 | ((codePoint >>> 6) & 63)
      bytes[size++] = 0x80 | (codePoint & 63)
    } else {
      bytes[size++] = 0xf0 | (codePoint >>> 18)
      bytes[size++] = 0x80 | ((codePoint >>> 12) & 63)
      bytes[size++] = 0x80 | ((codePoint >>> 6) & 63)
      bytes[size++] = 0x80 | (codePoint & 63)
    }
  }

  return {
    add(text) {
      for (let i = 0; i < text.length; i++) {
        const unit = text.charCodeAt(i)
        const pair = (unit & 0xfc00) === 0xd800
        add(pair ? text.codePointAt(i)! : unit)
        if (pair) i++
      }
    },
    addUnits(units, length) {
      for (let at = 0; at < length; ) {
        if (characters === BLOCK) flush()
        // ASCII, of which most text is: one byte a character, in a loop on local variables.
        const end = Math.min(length, at + BLOCK - characters)
        const first = at
        const index = characters - first
        const offset = size - first
        for (; at < end && units[at]! < 0x80; at++) {
          starts[at + index] = at + offset
          bytes[at + offset] = units[at]!
        }
        characters += at - first
        size += at - first
        if (at < end) add(units[at++]!)
      }
    },
    get count() {
      return count + characters
    },
    digest() {
      flush()
      if (minHash.count === 0) minHash.add(xxh32(bytes, 0, size))
      return minHash.digest()
    },
  }
}
