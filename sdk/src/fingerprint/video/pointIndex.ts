import { DESCRIPTOR_BYTES, variant } from '../image/keypoints/describe.ts'
import type { Keyframes } from './featureText.ts'

/** Words of a descriptor. */
const WORDS = DESCRIPTOR_BYTES / 4
/** A descriptor is found by any of sixteen parts of it, of sixteen bits each, that is the same. */
const TABLES = 16
const KEY_BITS = 16
/** Slots that the keys of a table are spread over. */
const SLOT_BITS = 13
const SLOTS = 1 << SLOT_BITS
/** The bits of every part, from all over the descriptor: neighbours in it say much the same. No two parts share a bit. */
const PLACES: Uint8Array = /* @__PURE__ */ Uint8Array.from({ length: TABLES * KEY_BITS }, (_, at) => (at * 173 + 11) % 256)
/** Bits up to which two descriptors can be of one place. */
const MOST_BITS = 56
/** Copies of one descriptor that are looked at in a table: of texture that a film is full of there are thousands. */
const MOST_ALIKE = 24

/** All keypoints of a film, found by what they look like. */
export interface PointIndex {
  /** Eight words each. */
  words: Int32Array
  /** The key frame that each belongs to. */
  owners: Uint16Array
  /** For each table and slot, where its entries start. */
  starts: Int32Array
  entries: Int32Array
}

export function indexPoints({ frames }: Keyframes): PointIndex {
  const count = frames.reduce((sum, { keypoints }) => sum + keypoints.count, 0)
  const words = new Int32Array(count * WORDS)
  const owners = new Uint16Array(count)
  let at = 0
  for (const [index, { keypoints }] of frames.entries()) {
    words.set(wordsOf(keypoints.descriptors), at * WORDS)
    owners.fill(index, at, at + keypoints.count)
    at += keypoints.count
  }
  const starts = new Int32Array(TABLES * SLOTS + 1)
  const slots = slotsOf(words)
  for (const slot of slots) starts[slot + 1]!++
  for (let slot = 0; slot < TABLES * SLOTS; slot++) starts[slot + 1]! += starts[slot]!
  const next = starts.slice()
  const entries = new Int32Array(slots.length)
  for (const [at, slot] of slots.entries()) entries[next[slot]!++] = Math.floor(at / TABLES)
  return { words, owners, starts, entries }
}

/** The descriptors as words, eight each. */
export function wordsOf(descriptors: Uint8Array): Int32Array<ArrayBuffer> {
  return new Int32Array(descriptors.slice().buffer)
}

/** For each descriptor its slot in every table. */
function slotsOf(words: Int32Array): Int32Array {
  const slots = new Int32Array((words.length / WORDS) * TABLES)
  for (let at = 0, from = 0; at < slots.length; from += WORDS) {
    for (let table = 0, place = 0; table < TABLES; table++, at++) {
      let key = 0
      for (const end = place + KEY_BITS; place < end; place++) {
        const bit = PLACES[place]!
        key = (key << 1) | ((words[from + (bit >> 5)]! >>> (bit & 31)) & 1)
      }
      slots[at] = table * SLOTS + (Math.imul(key, 0x9e3779b1) >>> (32 - SLOT_BITS))
    }
  }
  return slots
}

/**
 * Counts how many keypoints of a key frame look like one of each key frame of the index, each keypoint once for each key frame.
 *
 * @param counts - one for each key frame of the index; they are added to
 */
export function countAlike(descriptors: Uint8Array, mirrored: boolean, index: PointIndex, counts: Uint16Array): void {
  const asked = variant(wordsOf(descriptors), mirrored, false)
  const slots = slotsOf(asked)
  const seen = new Int32Array(counts.length).fill(-1)
  for (let point = 0; point < asked.length / WORDS; point++) {
    for (let table = 0; table < TABLES; table++) {
      const slot = slots[point * TABLES + table]!
      const start = index.starts[slot]!
      const end = Math.min(index.starts[slot + 1]!, start + MOST_ALIKE)
      for (let at = start; at < end; at++) {
        const other = index.entries[at]!
        const owner = index.owners[other]!
        if (seen[owner] === point || !near(asked, point * WORDS, index.words, other * WORDS)) continue
        seen[owner] = point
        counts[owner]!++
      }
    }
  }
}

function near(a: Int32Array, atA: number, b: Int32Array, atB: number): boolean {
  let bits = 0
  for (let word = 0; word < WORDS; word++) {
    bits += ones(a[atA + word]! ^ b[atB + word]!)
    if (bits > MOST_BITS) return false
  }
  return true
}

function ones(word: number): number {
  let value = word - ((word >>> 1) & 0x55555555)
  value = (value & 0x33333333) + ((value >>> 2) & 0x33333333)
  return Math.imul((value + (value >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}
