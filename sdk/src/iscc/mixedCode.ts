import { concat, encodeUnit, isccBytes, rankOf, readHeader } from './codec.ts'
import { checkBits, isccError } from './errors.ts'
import { simHash } from './simhash.ts'

export interface MixedCode {
  iscc: string
  /** The codes it was made from, as given. */
  parts: string[]
}

/**
 * Mixed-Code: similarity of collections of media, such as the pictures and texts of one document.
 *
 * @param codes - two or more Content-Codes of at least `bits` bits
 * @throws ColophonError `ISCC_INCOMPATIBLE` for fewer than two codes, other codes than Content-Codes and shorter ones; `ISCC_MALFORMED`; `ISCC_INVALID_BITS`
 */
export function genMixedCode(codes: readonly string[], options: { bits?: number } = {}): MixedCode {
  const bits = checkBits(options.bits ?? 64)
  if (codes.length < 2) {
    throw isccError('ISCC_INCOMPATIBLE', 'A Mixed-Code needs two or more Content-Codes.', { details: { codes: codes.length } })
  }
  const digests = codes.map((code) => {
    const bytes = isccBytes(code)
    // Media that this version of the standard has no name for may take part, so only the MainType is looked at.
    const { values, body } = readHeader(bytes)
    const [mainType, subType, version, length] = values
    const unitBits = (length + 1) * 32
    if (mainType !== rankOf('CONTENT') || version !== 0 || unitBits < bits || body.length * 8 !== unitBits) {
      throw isccError('ISCC_INCOMPATIBLE', `${code} is no Content-Code of ${bits} or more bits.`, {
        details: { code, mainType, subType, version, bits: unitBits, found: body.length * 8 },
      })
    }
    // The first byte of the header tells media apart; it takes the place of the digest's last byte.
    return concat(bytes.subarray(0, 1), body.subarray(0, bits / 8 - 1))
  })
  return { iscc: encodeUnit({ mainType: 'CONTENT', subType: 'MIXED', bits, digest: simHash(digests) }), parts: [...codes] }
}
