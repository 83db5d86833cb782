import { isccError } from './errors.ts'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** RFC 4648 base32 in upper case without padding. */
export function encodeBase32(bytes: Uint8Array): string {
  let out = ''
  let bits = 0
  let value = 0
  for (const byte of bytes) {
    value = ((value << 8) | byte) & 0xfff
    bits += 8
    while (bits >= 5) {
      bits -= 5
      out += ALPHABET[(value >>> bits) & 31]
    }
  }
  if (bits > 0) out += ALPHABET[(value << (5 - bits)) & 31]
  return out
}

/**
 * RFC 4648 base32 without padding, either case.
 *
 * Strict: a length that no bytes have and set bits after the last byte are refused, so that every byte string has one spelling.
 *
 * @throws ColophonError `ISCC_MALFORMED`
 */
export function decodeBase32(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array((text.length * 5) >>> 3)
  let bits = 0
  let value = 0
  let at = 0
  for (let i = 0; i < text.length; i++) {
    const digit = digitOf(text.charCodeAt(i))
    if (digit < 0) {
      throw isccError('ISCC_MALFORMED', `Character ${i + 1} of the code is not a base32 digit.`, {
        hint: 'An ISCC has the letters A to Z and the digits 2 to 7.',
        details: { text: text.slice(0, 80), position: i },
      })
    }
    value = ((value << 5) | digit) & 0xfff
    bits += 5
    if (bits >= 8) {
      bits -= 8
      bytes[at++] = value >>> bits
    }
  }
  if (bits >= 5 || (value & ((1 << bits) - 1)) !== 0) {
    throw isccError('ISCC_MALFORMED', 'The code is cut off or its last character carries bits of no byte.', {
      hint: 'Copy the whole code again.',
      details: { text: text.slice(0, 80), length: text.length },
    })
  }
  return bytes
}

function digitOf(unit: number): number {
  if (unit >= 0x41 && unit <= 0x5a) return unit - 0x41
  if (unit >= 0x61 && unit <= 0x7a) return unit - 0x61
  if (unit >= 0x32 && unit <= 0x37) return unit - 0x32 + 26
  return -1
}
