import { decodeBase32, encodeBase32 } from './base32.ts'
import { checkBits, checkBytes, isccError } from './errors.ts'

/** MainTypes of ISO 24138 with their header values. `ID` and `FLAKE` are not part of the standard's units and are not supported here. */
const MAIN_TYPES = ['META', 'SEMANTIC', 'CONTENT', 'DATA', 'INSTANCE', 'ISCC'] as const
/** SubTypes of Semantic- and Content-Codes. */
const CONTENT_SUB_TYPES = ['TEXT', 'IMAGE', 'AUDIO', 'VIDEO', 'MIXED'] as const
/** SubTypes of ISCC-CODEs: the content's, or which other units it has. */
const CODE_SUB_TYPES = ['TEXT', 'IMAGE', 'AUDIO', 'VIDEO', 'MIXED', 'SUM', 'NONE', 'WIDE'] as const

export type IsccMainType = (typeof MAIN_TYPES)[number]
/** MainTypes of single units. */
export type IsccUnitType = Exclude<IsccMainType, 'ISCC'>
export type IsccContentType = (typeof CONTENT_SUB_TYPES)[number]
export type IsccSubType = (typeof CODE_SUB_TYPES)[number]

/** A header as it stands before the body. */
export interface IsccHeader {
  mainType: IsccMainType
  subType: IsccSubType
  /** Version of the algorithm; only 0 is defined. */
  version: number
  /** The header's raw last field: 32-bit steps less one for a unit, the combination of optional units for an ISCC-CODE. */
  length: number
}

/** One unit: what it describes, and its digest. */
export interface IsccUnit {
  mainType: IsccUnitType
  subType: IsccSubType
  version: number
  /** Length of the digest in bits. */
  bits: number
  digest: Uint8Array
}

/**
 * Which optional units the header value 0 to 7 of an ISCC-CODE stands for, in the order of their digests.
 * Data- and Instance-Code always follow.
 */
const COMBINATIONS: readonly (readonly IsccUnitType[])[] = [
  [],
  ['CONTENT'],
  ['SEMANTIC'],
  ['SEMANTIC', 'CONTENT'],
  ['META'],
  ['META', 'CONTENT'],
  ['META', 'SEMANTIC'],
  ['META', 'SEMANTIC', 'CONTENT'],
]

/** Header value of a combination of optional units, sorted by MainType; undefined if there is none. */
export function combinationOf(units: readonly IsccUnitType[]): number | undefined {
  const index = COMBINATIONS.findIndex((known) => known.length === units.length && known.every((type, i) => type === units[i]))
  return index < 0 ? undefined : index
}

/** Optional units of an ISCC-CODE with this header value (0 to 7). */
export function unitsOf(combination: number): readonly IsccUnitType[] {
  return COMBINATIONS[combination]!
}

/** Order of MainTypes in an ISCC-CODE. */
export function rankOf(type: IsccMainType): number {
  return MAIN_TYPES.indexOf(type)
}

function subTypesOf(mainType: IsccMainType): readonly IsccSubType[] {
  if (mainType === 'ISCC') return CODE_SUB_TYPES
  return mainType === 'SEMANTIC' || mainType === 'CONTENT' ? CONTENT_SUB_TYPES : ['NONE']
}

/**
 * Varnibble coding of the standard: 0xxx, 10 + 6 bits, 110 + 9 bits, 1110 + 12 bits,
 * each range starting where the shorter one ends.
 */
const NIBBLES: readonly { nibbles: number; from: number; to: number; prefix: number }[] = [
  { nibbles: 1, from: 0, to: 8, prefix: 0b0 },
  { nibbles: 2, from: 8, to: 72, prefix: 0b10 },
  { nibbles: 3, from: 72, to: 584, prefix: 0b110 },
  { nibbles: 4, from: 584, to: 4680, prefix: 0b1110 },
]

function pushVarnibble(out: number[], value: number): void {
  const form = NIBBLES.find(({ from, to }) => Number.isInteger(value) && value >= from && value < to)
  if (form === undefined) {
    throw isccError('ISCC_INVALID_INPUT', `Header value ${String(value)} is not an integer from 0 to 4679.`, { details: { value } })
  }
  const coded = (form.prefix << (3 * form.nibbles)) | (value - form.from)
  for (let shift = (form.nibbles - 1) * 4; shift >= 0; shift -= 4) out.push((coded >>> shift) & 15)
}

/**
 * Encodes a header: four varnibbles, padded with a zero nibble to whole bytes.
 *
 * @returns 2 to 8 bytes.
 * @throws ColophonError `ISCC_INVALID_INPUT`
 */
export function encodeHeader(header: IsccHeader): Uint8Array<ArrayBuffer> {
  const main = MAIN_TYPES.indexOf(header.mainType)
  const sub = main < 0 ? -1 : subTypesOf(header.mainType).indexOf(header.subType)
  if (main < 0 || sub < 0) {
    throw isccError('ISCC_INVALID_INPUT', `There is no ISCC of type ${String(header.mainType)}-${String(header.subType)}.`, {
      details: { mainType: header.mainType, subType: header.subType },
    })
  }
  const nibbles: number[] = []
  for (const value of [main, sub, header.version, header.length]) pushVarnibble(nibbles, value)
  if (nibbles.length % 2 === 1) nibbles.push(0)
  const bytes = new Uint8Array(nibbles.length / 2)
  for (let i = 0; i < bytes.length; i++) bytes[i] = (nibbles[2 * i]! << 4) | nibbles[2 * i + 1]!
  return bytes
}

/**
 * Reads the four numbers of the header at the start of `bytes`, whatever they stand for.
 *
 * @returns MainType, SubType, version and length as numbers, and what follows the header.
 * @throws ColophonError `ISCC_MALFORMED`
 */
export function readHeader(bytes: Uint8Array): { values: readonly [number, number, number, number]; body: Uint8Array } {
  let at = 0
  const nibble = (): number => {
    const byte = bytes[at >>> 1]
    if (byte === undefined) {
      throw isccError('ISCC_MALFORMED', 'The code ends inside its header.', { details: { bytes: bytes.length } })
    }
    return at++ % 2 === 0 ? byte >>> 4 : byte & 15
  }
  const read = (): number => {
    let coded = nibble()
    // The number of leading ones says how many nibbles follow; four of them start no value.
    const form = NIBBLES[Math.clz32(~(coded << 28))]
    if (form === undefined) {
      throw isccError('ISCC_MALFORMED', 'The header has a nibble that starts no value.', { details: { nibble: at - 1 } })
    }
    for (let i = 1; i < form.nibbles; i++) coded = (coded << 4) | nibble()
    return (coded & ((1 << (3 * form.nibbles)) - 1)) + form.from
  }
  const values = [read(), read(), read(), read()] as const
  if (at % 2 === 1 && nibble() !== 0) {
    throw isccError('ISCC_MALFORMED', 'The padding of the header is not zero.', { details: { nibble: at - 1 } })
  }
  return { values, body: bytes.subarray(at / 2) }
}

/**
 * Decodes the header at the start of `bytes`.
 *
 * @returns the header and what follows it.
 * @throws ColophonError `ISCC_MALFORMED`
 */
export function decodeHeader(bytes: Uint8Array): { header: IsccHeader; body: Uint8Array } {
  const { values, body } = readHeader(bytes)
  const [main, sub, version, length] = values
  const mainType = MAIN_TYPES[main]
  const subType = mainType === undefined ? undefined : subTypesOf(mainType)[sub]
  if (mainType === undefined || subType === undefined || version !== 0) {
    throw isccError('ISCC_MALFORMED', `The header names no known type of ISCC (${main}, ${sub}, ${version}).`, {
      hint: 'ISO 24138 units and ISCC-CODEs of version 0 are supported; ISCC-IDs and flakes are not.',
      details: { mainType: main, subType: sub, version },
    })
  }
  if (mainType === 'ISCC' && length >= COMBINATIONS.length) {
    throw isccError('ISCC_MALFORMED', `The header names no known combination of units (${length}).`, { details: { length } })
  }
  return { header: { mainType, subType, version, length }, body }
}

/** Length of the body in bits that a header announces. */
export function bodyBits(header: IsccHeader): number {
  if (header.mainType !== 'ISCC') return (header.length + 1) * 32
  return header.subType === 'WIDE' ? 256 : unitsOf(header.length).length * 64 + 128
}

/**
 * Encodes a unit as its canonical string.
 *
 * @param unit - `digest` may be longer than `bits`; it is cut.
 * @returns `ISCC:` and base32, e.g. `ISCC:EEAQAAAAAAAAAAAA`.
 * @throws ColophonError `ISCC_INVALID_BITS`, `ISCC_INVALID_INPUT`
 */
export function encodeUnit(unit: {
  mainType: IsccUnitType
  subType?: IsccSubType
  version?: number
  bits: number
  digest: Uint8Array
}): string {
  const bits = checkBits(unit.bits)
  const digest = checkBytes(unit.digest, 'The digest of a unit')
  if (digest.length * 8 < bits) {
    throw isccError('ISCC_INVALID_INPUT', `A digest of ${digest.length * 8} bits is too short for a unit of ${bits}.`, {
      details: { bits, digestBits: digest.length * 8 },
    })
  }
  if ((unit.mainType as IsccMainType) === 'ISCC') {
    throw isccError('ISCC_INVALID_INPUT', 'An ISCC-CODE is no unit.', { hint: 'Use genIsccCode to combine units.' })
  }
  const header = encodeHeader({
    mainType: unit.mainType,
    subType: unit.subType ?? 'NONE',
    version: unit.version ?? 0,
    length: bits / 32 - 1,
  })
  return `ISCC:${encodeBase32(concat(header, digest.subarray(0, bits / 8)))}`
}

/** The base32 part of an ISCC: without `ISCC:`, hyphens and surrounding space. */
export function cleanIscc(code: string): string {
  if (typeof code !== 'string') throw isccError('ISCC_MALFORMED', 'An ISCC is a string.', { details: { type: typeof code } })
  return code
    .trim()
    .replace(/^iscc:/i, '')
    .replaceAll('-', '')
}

/** Bytes of a code: header and body. */
export function isccBytes(code: string): Uint8Array<ArrayBuffer> {
  return decodeBase32(cleanIscc(code))
}

/**
 * Decodes one unit.
 *
 * @throws ColophonError `ISCC_MALFORMED` if the string is no unit, is cut off, or has something after it
 */
export function decodeUnit(code: string): IsccUnit {
  const { unit, rest } = readUnit(isccBytes(code))
  if (rest.length > 0) {
    throw isccError('ISCC_MALFORMED', `The unit is followed by ${rest.length} more bytes.`, {
      hint: 'Use decomposeIscc for a sequence of units.',
      details: { code: code.slice(0, 120), extraBytes: rest.length },
    })
  }
  return unit
}

/** Reads the unit at the start of `bytes`. */
export function readUnit(bytes: Uint8Array): { unit: IsccUnit; rest: Uint8Array } {
  const { header, body } = decodeHeader(bytes)
  if (header.mainType === 'ISCC') {
    throw isccError('ISCC_MALFORMED', 'This is an ISCC-CODE, not a unit.', { hint: 'Use decomposeIscc to get its units.' })
  }
  const bits = bodyBits(header)
  if (bits > 256) {
    throw isccError('ISCC_MALFORMED', `The header announces ${bits} bits, more than the 256 a unit can have.`, { details: { bits } })
  }
  if (body.length * 8 < bits) {
    throw isccError('ISCC_MALFORMED', `The header announces ${bits} bits but only ${body.length * 8} follow.`, {
      hint: 'Copy the whole code again.',
      details: { bits, found: body.length * 8 },
    })
  }
  const unit: IsccUnit = {
    mainType: header.mainType,
    subType: header.subType,
    version: header.version,
    bits,
    digest: body.slice(0, bits / 8),
  }
  return { unit, rest: body.subarray(bits / 8) }
}

export function concat(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}
