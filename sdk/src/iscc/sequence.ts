import { concat, encodeUnit, isccBytes, readUnit } from './codec.ts'
import { checkBytes, isccError } from './errors.ts'

/**
 * Units one after the other as bytes (ISCC-SEQ of IEP-0020), as C2PA soft bindings carry them.
 *
 * @param units - one or more units of any type and length
 * @throws ColophonError `ISCC_MALFORMED`, or `ISCC_INVALID_INPUT` for no units
 */
export function encodeIsccSequence(units: readonly string[]): Uint8Array<ArrayBuffer> {
  if (units.length === 0) throw isccError('ISCC_INVALID_INPUT', 'A sequence has at least one unit.')
  return concat(
    ...units.map((unit) => {
      const bytes = isccBytes(unit)
      const extra = readUnit(bytes).rest.length
      if (extra === 0) return bytes
      throw isccError('ISCC_MALFORMED', `The unit is followed by ${extra} more bytes.`, {
        details: { unit: unit.slice(0, 120), extraBytes: extra },
      })
    }),
  )
}

/**
 * Reads an ISCC-SEQ.
 *
 * @returns the units in canonical notation, in order
 * @throws ColophonError `ISCC_MALFORMED` for no bytes, cut-off units and ISCC-CODEs
 */
export function decodeIsccSequence(bytes: Uint8Array): string[] {
  let rest: Uint8Array = checkBytes(bytes, 'A sequence')
  if (rest.length === 0) throw isccError('ISCC_MALFORMED', 'A sequence has at least one unit.')
  const units: string[] = []
  while (rest.length > 0) {
    const next = readUnit(rest)
    units.push(encodeUnit(next.unit))
    rest = next.rest
  }
  return units
}
