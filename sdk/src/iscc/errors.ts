import { ColophonError, type ColophonErrorOptions } from '../errors/base.ts'

/**
 * What can go wrong here.
 *
 * - `ISCC_INVALID_BITS`: a length that is not a multiple of 32 from 32 to 256 bits.
 * - `ISCC_INVALID_INPUT`: the input of a unit is not what the standard hashes (wrong count, range or type).
 * - `ISCC_MALFORMED`: a string or bytes that are no well-formed ISCC.
 * - `ISCC_INCOMPATIBLE`: codes that cannot be combined or compared with each other.
 * - `ISCC_FINISHED`: an update of a hasher whose digest was already taken.
 */
export type IsccErrorCode = 'ISCC_INVALID_BITS' | 'ISCC_INVALID_INPUT' | 'ISCC_MALFORMED' | 'ISCC_INCOMPATIBLE' | 'ISCC_FINISHED'

export function isccError(code: IsccErrorCode, message: string, options: ColophonErrorOptions = {}): ColophonError {
  return new ColophonError(code, message, options)
}

/** Checks a unit length. The standard's header counts 32-bit steps; no unit has more than 256 bits. */
export function checkBits(bits: number, max = 256): number {
  if (!Number.isInteger(bits) || bits < 32 || bits > max || bits % 32 !== 0) {
    throw isccError('ISCC_INVALID_BITS', `${String(bits)} is not a length of an ISCC unit.`, {
      hint: `Use a multiple of 32 from 32 to ${max}; 64 is the usual length and 256 the most precise.`,
      details: { bits, max },
    })
  }
  return bits
}

/** Checks that a caller without types passed bytes. */
export function checkBytes(data: unknown, what: string): Uint8Array {
  if (data instanceof Uint8Array) return data
  throw isccError('ISCC_INVALID_INPUT', `${what} must be a Uint8Array.`, { details: { type: typeof data } })
}
