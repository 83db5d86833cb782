const PRIME1 = 0x9e3779b1 | 0
const PRIME2 = 0x85ebca77 | 0
const PRIME3 = 0xc2b2ae3d | 0
const PRIME4 = 0x27d4eb2f | 0
const PRIME5 = 0x165667b1 | 0

/** xxHash32 with seed 0 of `bytes[start, end)`, as an unsigned 32-bit number. Reads in place; nothing is copied. */
export function xxh32(bytes: Uint8Array, start = 0, end: number = bytes.length): number {
  const size = end - start
  let at = start
  let hash: number
  if (size >= 16) {
    let a = (PRIME1 + PRIME2) | 0
    let b = PRIME2
    let c = 0
    let d = -PRIME1 | 0
    const last = end - 16
    while (at <= last) {
      a = lane(a, bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24))
      b = lane(b, bytes[at + 4]! | (bytes[at + 5]! << 8) | (bytes[at + 6]! << 16) | (bytes[at + 7]! << 24))
      c = lane(c, bytes[at + 8]! | (bytes[at + 9]! << 8) | (bytes[at + 10]! << 16) | (bytes[at + 11]! << 24))
      d = lane(d, bytes[at + 12]! | (bytes[at + 13]! << 8) | (bytes[at + 14]! << 16) | (bytes[at + 15]! << 24))
      at += 16
    }
    hash = (((a << 1) | (a >>> 31)) + ((b << 7) | (b >>> 25)) + ((c << 12) | (c >>> 20)) + ((d << 18) | (d >>> 14))) | 0
  } else {
    hash = PRIME5
  }
  hash = (hash + size) | 0
  while (at + 4 <= end) {
    const word = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)
    hash = (hash + Math.imul(word, PRIME3)) | 0
    hash = Math.imul((hash << 17) | (hash >>> 15), PRIME4)
    at += 4
  }
  while (at < end) {
    hash = (hash + Math.imul(bytes[at]!, PRIME5)) | 0
    hash = Math.imul((hash << 11) | (hash >>> 21), PRIME1)
    at++
  }
  hash = Math.imul(hash ^ (hash >>> 15), PRIME2)
  hash = Math.imul(hash ^ (hash >>> 13), PRIME3)
  return (hash ^ (hash >>> 16)) >>> 0
}

function lane(state: number, word: number): number {
  const sum = (state + Math.imul(word, PRIME2)) | 0
  return Math.imul((sum << 13) | (sum >>> 19), PRIME1)
}

/**
 * xxHash32 of every run of 13 bytes in the first `size` bytes, as signed numbers: `out[i]` is that of `bytes[i, i + 13)`.
 *
 * Neighbouring runs share their words, so each word is read and multiplied once.
 *
 * @param words - scratch, at least as long as `out`
 */
export function xxh32Runs13(bytes: Uint8Array, size: number, words: Int32Array, out: Int32Array): void {
  let word = bytes[0]! | (bytes[1]! << 8) | (bytes[2]! << 16) | (bytes[3]! << 24)
  words[0] = Math.imul(word, PRIME3)
  for (let i = 4; i < size; i++) {
    word = (word >>> 8) | (bytes[i]! << 24)
    words[i - 3] = Math.imul(word, PRIME3)
  }
  const runs = size - 12
  for (let i = 0; i < runs; i++) {
    let hash = (PRIME5 + 13 + words[i]!) | 0
    hash = (Math.imul((hash << 17) | (hash >>> 15), PRIME4) + words[i + 4]!) | 0
    hash = (Math.imul((hash << 17) | (hash >>> 15), PRIME4) + words[i + 8]!) | 0
    hash = (Math.imul((hash << 17) | (hash >>> 15), PRIME4) + Math.imul(bytes[i + 12]!, PRIME5)) | 0
    hash = Math.imul((hash << 11) | (hash >>> 21), PRIME1)
    hash = Math.imul(hash ^ (hash >>> 15), PRIME2)
    hash = Math.imul(hash ^ (hash >>> 13), PRIME3)
    out[i] = hash ^ (hash >>> 16)
  }
}
