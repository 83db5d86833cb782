import { decodeUnit, type IsccUnit } from './codec.ts'
import { checkBytes, isccError } from './errors.ts'
import { decomposeIscc, unitTypeId } from './isccCode.ts'

/**
 * Number of differing bits of two digests.
 *
 * @throws ColophonError `ISCC_INCOMPATIBLE` for digests of different lengths
 */
export function hammingDistance(a: Uint8Array, b: Uint8Array): number {
  if (checkBytes(a, 'A digest').length !== checkBytes(b, 'A digest').length) {
    throw isccError('ISCC_INCOMPATIBLE', `Digests of ${a.length * 8} and ${b.length * 8} bits have no Hamming distance.`, {
      details: { bits: [a.length * 8, b.length * 8] },
    })
  }
  return prefixDistance(a, b, a.length)
}

/**
 * Hamming distance of two units in bits.
 *
 * @throws ColophonError `ISCC_INCOMPATIBLE` unless MainType, SubType, version and length agree; `ISCC_MALFORMED`
 */
export function isccDistance(a: string, b: string): number {
  const [left, right] = [decodeUnit(a), decodeUnit(b)]
  if (unitTypeId(left) !== unitTypeId(right) || left.bits !== right.bits) {
    throw isccError('ISCC_INCOMPATIBLE', `${unitTypeId(left)}-${left.bits} and ${unitTypeId(right)}-${right.bits} cannot be compared.`, {
      hint: 'Compare units of the same type and length, or use compareIscc, which compares what the codes have in common.',
      details: { types: [unitTypeId(left), unitTypeId(right)], bits: [left.bits, right.bits] },
    })
  }
  return hammingDistance(left.digest, right.digest)
}

/** How alike two units of the same type are. */
export interface UnitComparison {
  /** What was compared, e.g. `CONTENT-TEXT-V0`. */
  typeId: string
  /** Length of the prefix that both have, in bits. */
  bits: number
  /** Differing bits in that prefix. */
  distance: number
  /** From 0 to 1: share of equal bits; of an Instance-Code 1 if the prefixes are equal, else 0, because it is no similarity hash. */
  similarity: number
}

/**
 * Compares what two codes have in common: each pair of units of the same type, over their common prefix (normalised prefix Hamming
 * distance).
 *
 * @param a - a unit, an ISCC-CODE or a sequence of units
 * @returns one entry a pair, in the order of `a`; none if the codes have no type in common
 * @throws ColophonError `ISCC_MALFORMED`
 */
export function compareIscc(a: string, b: string): UnitComparison[] {
  const others = decomposeIscc(b)
  return decomposeIscc(a).flatMap((left) =>
    others.filter((right) => unitTypeId(right) === unitTypeId(left)).map((right) => compareUnits(left, right)),
  )
}

function compareUnits(a: IsccUnit, b: IsccUnit): UnitComparison {
  const bits = Math.min(a.bits, b.bits)
  const distance = prefixDistance(a.digest, b.digest, bits / 8)
  const similarity = a.mainType === 'INSTANCE' ? Number(distance === 0) : 1 - distance / bits
  return { typeId: unitTypeId(a), bits, distance, similarity }
}

function prefixDistance(a: Uint8Array, b: Uint8Array, bytes: number): number {
  let distance = 0
  for (let i = 0; i < bytes; i++) {
    let difference = a[i]! ^ b[i]!
    for (; difference !== 0; difference &= difference - 1) distance++
  }
  return distance
}
