import { ColophonError } from '../../errors/base.ts'
import { idLength } from '../log/record.ts'

/** Most bytes of an id in UTF-8. */
export const MOST_ID_BYTES = 255

/**
 * Ids of works by number, in few bytes: a `Map` of ten million strings needs more than a gigabyte. An id is kept as one byte of length and its
 * UTF-8; ids of deposits (`0x` and 64 lower-case digits) as a zero and their 32 bytes.
 */
export interface IdTable {
  readonly count: number
  /** Number of the latest work with this id; undefined where there is none. */
  find(id: Uint8Array): number | undefined
  /** Adds the id that begins here in its stored form, or points it to a new number. Gives the number, and the one that it had before. */
  add(source: Uint8Array, at: number): { number: number; before: number | undefined }
  /** The stored form of an id. */
  bytes(number: number): Uint8Array
  /** All there is, good until an id is added. */
  image(): IdImage
}

/** What an id table is made of: the ids, where each starts, its hash, and the numbers by hash. */
export interface IdImage {
  arena: Uint8Array
  starts: Float64Array
  hashes: Uint32Array
  slots: Uint32Array
}

/** `kept`: what to begin with; its arrays are taken over. */
export function createIdTable(kept?: IdImage): IdTable {
  let arena = kept?.arena ?? new Uint8Array(1 << 12)
  let used = kept?.arena.length ?? 0
  /** Where each id starts, and its hash. */
  let starts = kept?.starts ?? new Float64Array(1 << 8)
  let hashes = kept?.hashes ?? new Uint32Array(1 << 8)
  let count = kept?.starts.length ?? 0
  /** Open addressing; number + 1 of the latest work, 0 for none. */
  let slots = kept?.slots ?? new Uint32Array(1 << 9)

  const lengthAt = (at: number): number => idLength(arena, at)
  const bytes = (number: number): Uint8Array => arena.subarray(starts[number]!, starts[number]! + lengthAt(starts[number]!))

  function slotOf(hashed: number, source: Uint8Array, from: number, length: number): number {
    let slot = hashed & (slots.length - 1)
    for (;;) {
      const entry = slots[slot]!
      if (entry === 0 || (hashes[entry - 1] === hashed && equals(starts[entry - 1]!, source, from, length))) return slot
      slot = (slot + 1) & (slots.length - 1)
    }
  }

  function equals(at: number, source: Uint8Array, from: number, length: number): boolean {
    for (let i = 0; i < length; i++) if (arena[at + i] !== source[from + i]) return false
    // The first byte tells the length, so equal up to here is equal.
    return true
  }

  function grow(): void {
    const old = slots
    slots = new Uint32Array(old.length * 4)
    for (const entry of old) {
      if (entry === 0) continue
      let slot = hashes[entry - 1]! & (slots.length - 1)
      while (slots[slot] !== 0) slot = (slot + 1) & (slots.length - 1)
      slots[slot] = entry
    }
  }

  return {
    get count() {
      return count
    },
    find(id) {
      const entry = slots[slotOf(hash(id, 0, id.length), id, 0, id.length)]!
      return entry === 0 ? undefined : entry - 1
    },
    add(source, at) {
      const length = idLength(source, at)
      if (used + length > arena.length) {
        const larger = new Uint8Array(Math.max(Math.ceil(arena.length * 1.5), used + length))
        larger.set(arena)
        arena = larger
      }
      if (count === starts.length) {
        const larger = new Float64Array(Math.max(Math.ceil(count * 1.5), 1 << 8))
        larger.set(starts)
        starts = larger
        const more = new Uint32Array(larger.length)
        more.set(hashes)
        hashes = more
      }
      if ((count + 1) * 3 > slots.length * 2) grow()
      const hashed = hash(source, at, at + length)
      const slot = slotOf(hashed, source, at, length)
      for (let i = 0; i < length; i++) arena[used + i] = source[at + i]!
      starts[count] = used
      hashes[count] = hashed
      used += length
      count++
      const before = slots[slot]!
      slots[slot] = count
      return { number: count - 1, before: before === 0 ? undefined : before - 1 }
    },
    bytes,
    image: () => ({ arena: arena.subarray(0, used), starts: starts.subarray(0, count), hashes: hashes.subarray(0, count), slots }),
  }
}

/** FNV-1a, mixed once more because its low bits alone choose the slot. */
function hash(bytes: Uint8Array, from: number, to: number): number {
  let state = 0x811c9dc5
  for (let at = from; at < to; at++) state = Math.imul(state ^ bytes[at]!, 0x01000193)
  state ^= state >>> 15
  state = Math.imul(state, 0x2c1b3c6d)
  return (state ^ (state >>> 13)) >>> 0
}

/** Value of a hexadecimal digit in lower case. */
function digit(text: string, at: number): number {
  const unit = text.charCodeAt(at)
  return unit < 58 ? unit - 48 : unit - 87
}

const DEPOSIT = /^0x[0-9a-f]{64}$/

/**
 * The stored form of an id.
 *
 * @throws ColophonError `INDEX_WORK_INVALID`
 */
export function encodeId(id: string): Uint8Array {
  if (typeof id === 'string' && DEPOSIT.test(id)) {
    const bytes = new Uint8Array(33)
    for (let byte = 1; byte <= 32; byte++) bytes[byte] = (digit(id, byte * 2) << 4) | digit(id, byte * 2 + 1)
    return bytes
  }
  const short = encodeAscii(id)
  if (short !== undefined) return short
  // A lone surrogate has no UTF-8 of its own: two ids would become one.
  const text = typeof id === 'string' && !/\p{Surrogate}/u.test(id) ? new TextEncoder().encode(id) : new Uint8Array(0)
  if (text.length === 0 || text.length > MOST_ID_BYTES) {
    throw new ColophonError('INDEX_WORK_INVALID', 'The id of a work is not valid.', {
      hint: `Give a string of 1 to ${MOST_ID_BYTES} bytes in UTF-8, such as the id of its deposit.`,
      details: { field: 'id', found: String(id).slice(0, 300) },
    })
  }
  const bytes = new Uint8Array(text.length + 1)
  bytes[0] = text.length
  bytes.set(text, 1)
  return bytes
}

/** The stored form of an id of ASCII; undefined for others and for those that are too long. By far the most are of these, and this is fast. */
function encodeAscii(id: string): Uint8Array | undefined {
  if (typeof id !== 'string' || id.length === 0 || id.length > MOST_ID_BYTES) return undefined
  const bytes = new Uint8Array(id.length + 1)
  bytes[0] = id.length
  for (let at = 0; at < id.length; at++) {
    const unit = id.charCodeAt(at)
    if (unit > 127) return undefined
    bytes[at + 1] = unit
  }
  return bytes
}

/** The id that {@link encodeId} was given. */
export function decodeId(bytes: Uint8Array): string {
  if (bytes[0] !== 0) return new TextDecoder().decode(bytes.subarray(1))
  let text = '0x'
  for (let byte = 1; byte <= 32; byte++) text += bytes[byte]!.toString(16).padStart(2, '0')
  return text
}
