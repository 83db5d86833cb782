import { type Bytes32, bytes32, type Hex } from '../deposits/work.ts'
import { ColophonError } from '../errors/base.ts'
import { bytesToHex } from '../hex/index.ts'
import { decodeBase32 } from '../iscc/base32.ts'

/** CIDv1, raw, sha2-256, 32 bytes. */
const CID_HEAD = [0x01, 0x55, 0x12, 0x20]

/** Times on the chain fit 40 bits. */
const LAST_SECOND = 2 ** 40 - 1

/** The error of a value that a field cannot have. */
export function invalidInput(field: string, value: unknown, expected: string): ColophonError {
  const found = typeof value === 'object' && value !== null ? Object.prototype.toString.call(value) : String(value)
  return new ColophonError('INVALID_INPUT', `${field} is not valid: expected ${expected}.`, {
    hint: 'Correct the field; nothing was sent.',
    details: { field, found: found.length > 200 ? `${found.slice(0, 200)}…` : found },
  })
}

/** An id or hash as 32 bytes in hex. Ids that came as numbers from another library are taken too. */
export function wordOf(field: string, value: Bytes32 | bigint): Hex {
  if (typeof value === 'bigint') {
    if (value >= 0n && value < 1n << 256n) return idText(value)
  } else if ((value instanceof Uint8Array && value.length === 32) || (typeof value === 'string' && /^(0x)?[0-9a-fA-F]{64}$/.test(value)))
    return bytes32(field, value)
  throw invalidInput(field, value, '32 bytes: 64 hex digits, a Uint8Array or a bigint')
}

/** A number as 32 bytes in hex: how this SDK writes the ids of works, titles and licenses. */
export function idText(value: bigint): Hex {
  return `0x${value.toString(16).padStart(64, '0')}`
}

/** The sha2-256 digest of a document that is named by its CID or its digest. */
export function digestOf(field: string, value: Bytes32): Hex {
  if (typeof value === 'string' && /^b[a-z2-7]{58}$/.test(value)) {
    const bytes = decodeBase32(value.slice(1).toUpperCase())
    // The chain keeps the digest alone, so the rest of the CID must be what everybody assumes.
    if (CID_HEAD.every((byte, index) => bytes[index] === byte)) return bytesToHex(bytes.subarray(4, 36))
    throw invalidInput(field, value, 'a CIDv1 of raw bytes with a sha2-256 digest, which begins with bafkrei')
  }
  return wordOf(field, value)
}

/** An integer within a number of bits. */
export function uintOf(field: string, value: number | bigint, bits: number): bigint {
  const number = typeof value === 'bigint' ? value : Number.isSafeInteger(value) ? BigInt(value) : -1n
  if (number < 0n || number >= 1n << BigInt(bits)) throw invalidInput(field, value, `a whole number from 0 to 2^${bits} - 1`)
  return number
}

/** An amount in a currency's smallest unit; only bigint, because a number loses digits. */
export function amountOf(field: string, value: bigint, { least = 0n, bits = 128 }: { least?: bigint; bits?: number } = {}): bigint {
  if (typeof value !== 'bigint' || value < least || value >= 1n << BigInt(bits))
    throw invalidInput(field, value, `a bigint from ${least} to 2^${bits} - 1, in the currency's smallest unit`)
  return value
}

/** Seconds since 1970 from a date or from seconds. */
export function secondsOf(field: string, value: Date | number): number {
  const seconds = value instanceof Date ? Math.floor(value.getTime() / 1000) : value
  if (!Number.isSafeInteger(seconds) || seconds < 0 || seconds > LAST_SECOND)
    throw invalidInput(
      field,
      value instanceof Date && Number.isNaN(value.getTime()) ? 'Invalid Date' : value,
      'a Date or whole seconds since 1970',
    )
  return seconds
}

/**
 * A percentage in parts of a whole, e.g. 12.5 % of 10,000 is 1,250.
 * @param whole 10,000 for basis points, 1,000,000 for parts per million
 */
export function partsOf(field: string, percent: number, whole: number): number {
  const parts = (percent * whole) / 100
  const rounded = Math.round(parts)
  if (!(percent >= 0 && percent <= 100) || Math.abs(parts - rounded) > 1e-6)
    throw invalidInput(field, percent, `a percentage from 0 to 100 with ${whole === 10_000 ? 'two' : 'four'} decimals at most`)
  return rounded
}

/** A set of names as one bit each, in the order of `names`. */
export function bitsOf<Name extends string>(field: string, chosen: readonly Name[], names: readonly Name[]): number {
  if (!Array.isArray(chosen) || chosen.length === 0) throw invalidInput(field, chosen, `at least one of ${names.join(', ')}`)
  let bits = 0
  for (const name of chosen) {
    const bit = names.indexOf(name)
    if (bit === -1) throw invalidInput(field, name, `one of ${names.join(', ')}`)
    bits |= 1 << bit
  }
  return bits
}
