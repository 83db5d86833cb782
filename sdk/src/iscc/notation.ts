import { decodeBase32 } from './base32.ts'
import { cleanIscc, concat, decodeHeader, readUnit } from './codec.ts'
import { isccError } from './errors.ts'

const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
const BASE32HEX = '0123456789ABCDEFGHIJKLMNOPQRSTUV'
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
/** Multicodec code of ISCCs, 0xcc, as a varint. */
const MULTICODEC = [0xcc, 0x01] as const

/**
 * Bytes of a code in any supported notation.
 *
 * No canonical code and none in lower case starts with a multibase prefix, so the first character tells them apart.
 *
 * @throws ColophonError `ISCC_MALFORMED`
 */
export function notationBytes(code: string): Uint8Array {
  const text = cleanIscc(code)
  const raw = code.trim().replace(/^iscc:/i, '')
  const decode = DECODERS[raw[0] ?? '']
  if (decode !== undefined) {
    const bytes = decode(raw.slice(1))
    if (bytes === undefined || bytes[0] !== MULTICODEC[0] || bytes[1] !== MULTICODEC[1]) {
      throw isccError('ISCC_MALFORMED', 'The code looks like multibase but holds no ISCC.', { details: { code: code.slice(0, 120) } })
    }
    return bytes.subarray(2)
  }
  const pieces = raw.split('-')
  if (pieces.length > 1) {
    // Units of other lengths than 64 bits do not end on a character, so a sequence of them is decoded piece by piece.
    const units = pieces.map(wholeUnit)
    if (units.every((unit) => unit !== undefined)) return concat(...units)
  }
  return decodeBase32(text)
}

function wholeUnit(piece: string): Uint8Array | undefined {
  try {
    const bytes = decodeBase32(piece)
    const { header } = decodeHeader(bytes)
    return header.mainType !== 'ISCC' && readUnit(bytes).rest.length === 0 ? bytes : undefined
  } catch {
    return undefined
  }
}

const DECODERS: Readonly<Record<string, (text: string) => Uint8Array | undefined>> = {
  f: (text) => {
    if (text.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(text)) return undefined
    return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
  },
  b: (text) => decodeBase32(text),
  v: (text) => {
    if (!/^[0-9A-V]*$/i.test(text)) return undefined
    return decodeBase32(text.toUpperCase().replace(/./g, (digit) => BASE32[BASE32HEX.indexOf(digit)]!))
  },
  u: (text) => {
    if (!/^[\w-]*$/.test(text) || text.length % 4 === 1) return undefined
    return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0))
  },
  z: (text) => {
    let value = 0n
    for (const character of text) {
      const digit = BASE58.indexOf(character)
      if (digit < 0) return undefined
      value = value * 58n + BigInt(digit)
    }
    // The first byte is never zero: it belongs to the multicodec prefix.
    const hex = value.toString(16)
    return DECODERS.f!(hex.length % 2 === 0 ? hex : `0${hex}`)
  },
}
