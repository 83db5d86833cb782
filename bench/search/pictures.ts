// Codes that are distributed like those of real pictures: not bits by lot, which no picture gives, but dependent on each other as those of
// photographs are, in families of copies, some of them with thousands.
import { FACTORS, RANK } from './distribution.ts'

const BITS = 256

/** Numbers of 32 bits, the same for the same seed (xorshift32). */
export function lots(seed: number): () => number {
  let state = Math.imul(seed, 0x9e3779b1) | 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state >>> 0
  }
}

/** Normally distributed numbers to take from. */
const NORMAL = 1 << 16
let table: Float32Array | undefined

function normals(): Float32Array {
  if (table !== undefined) return table
  const next = lots(2026)
  const made = new Float32Array(NORMAL + BITS)
  for (let at = 0; at < made.length; at += 2) {
    // Box and Muller.
    const radius = Math.sqrt(-2 * Math.log((next() + 1) / 2 ** 32))
    const angle = (next() / 2 ** 32) * 2 * Math.PI
    made[at] = radius * Math.cos(angle)
    made[at + 1] = radius * Math.sin(angle)
  }
  table = made
  return made
}

/** Kinds of pictures: what the factors make of a bit. Each picture takes one of these, which saves most of the time. */
const KINDS = 4096
let kinds: Float32Array | undefined

function kindsOfPictures(): Float32Array {
  if (kinds !== undefined) return kinds
  const next = lots(7)
  const normal = normals()
  const made = new Float32Array(KINDS * BITS)
  for (let kind = 0; kind < KINDS; kind++) {
    const from = next() % NORMAL
    for (let factor = 0; factor < RANK; factor++) {
      for (let bit = 0; bit < BITS; bit++) made[kind * BITS + bit]! += normal[from + factor]! * FACTORS.shared[factor * BITS + bit]!
    }
  }
  kinds = made
  return made
}

/** What a picture's bits are the signs of: its frequencies, in units of their standard deviations. */
function latent(next: () => number, into: Float32Array): void {
  const normal = normals()
  const kind = kindsOfPictures()
  const row = (next() % KINDS) * BITS
  // The sum of four stretches of the table: with one alone, of ten million pictures many would be the same.
  const [a, b, c, d] = [next() % NORMAL, next() % NORMAL, next() % NORMAL, next() % NORMAL]
  for (let bit = 0; bit < BITS; bit++) {
    into[bit] = (normal[a + bit]! + normal[b + bit]! + normal[c + bit]! + normal[d + bit]!) * 0.5 * FACTORS.own[bit]! + kind[row + bit]!
  }
}

/** The code of a picture after it was changed so much: 0.4 flips some 30 bits, 1.2 some 70. Frequencies near zero flip first, as in PDQ. */
function changed(picture: Float32Array, strength: number, next: () => number, into: Uint8Array, at: number): void {
  const normal = normals()
  const from = next() % NORMAL
  for (let byte = 0; byte < 32; byte++) {
    let value = 0
    for (let bit = byte * 8; bit < byte * 8 + 8; bit++) value = (value << 1) | (picture[bit]! + strength * normal[from + bit]! > 0 ? 1 : 0)
    into[at + byte] = value
  }
}

/** Writes so many codes. Half of the families have one picture, few have thousands (a power law), none more than a thousandth of all. */
export function fillCodes(codes: Uint8Array, seed: number): void {
  const next = lots(seed)
  const count = codes.length / 32
  const largest = Math.max(Math.ceil(count / 1000), 1)
  const picture = new Float32Array(BITS)
  let left = 0
  for (let code = 0; code < count; code++, left--) {
    if (left <= 0) {
      latent(next, picture)
      left = Math.min(Math.floor((2 ** 32 / (next() + 1)) ** 0.85), largest)
    }
    changed(picture, (next() / 2 ** 32) ** 2 * 1.2, next, codes, code * 32)
  }
}

/** The code changed again, as a copy of it would be. */
export function copyOf(code: Uint8Array, share: number, next: () => number): Uint8Array<ArrayBuffer> {
  const copy = Uint8Array.from(code)
  for (let bit = 0; bit < BITS; bit++) if (next() / 2 ** 32 < share) copy[bit >> 3]! ^= 128 >> (bit & 7)
  return copy
}

/** A picture that no family has. */
export function stranger(next: () => number): Uint8Array<ArrayBuffer> {
  const picture = new Float32Array(BITS)
  latent(next, picture)
  const code = new Uint8Array(32)
  changed(picture, 0, next, code, 0)
  return code
}

/** Codes of parts of one picture: a share of 1 is the whole, and the less of it a part shows the less its code has to do with it. */
export function related(shares: readonly number[], next: () => number): Uint8Array<ArrayBuffer>[] {
  const whole = new Float32Array(BITS)
  const own = new Float32Array(BITS)
  latent(next, whole)
  return shares.map((share) => {
    // Measured on photographs: 96 % of the sides differ in some 50 bits, 80 % in as many as a stranger's.
    const common = Math.max(0, 1 - (1 - share) * 6) ** 2
    latent(next, own)
    const apart = Math.sqrt(1 - common * common)
    for (let bit = 0; bit < BITS; bit++) own[bit] = common * whole[bit]! + apart * own[bit]!
    const code = new Uint8Array(32)
    changed(own, 0, next, code, 0)
    return code
  })
}
