import { encodeBase32 } from './base32.ts'
import {
  bodyBits,
  combinationOf,
  concat,
  decodeHeader,
  decodeUnit,
  encodeHeader,
  encodeUnit,
  type IsccHeader,
  type IsccSubType,
  type IsccUnit,
  type IsccUnitType,
  isccBytes,
  rankOf,
  readUnit,
  unitsOf,
} from './codec.ts'
import { isccError } from './errors.ts'
import { notationBytes } from './notation.ts'

/**
 * Combines units into one ISCC-CODE: 64 bits of each under a common header.
 *
 * @param codes - in any order: a Data-Code, an Instance-Code, and at most one Meta-, Semantic- and Content-Code, of 64 or more bits
 * @param options - `wide`: keep 128 bits of Data- and Instance-Code; only for these two alone, both of 128 or more bits
 * @throws ColophonError `ISCC_INCOMPATIBLE`, `ISCC_MALFORMED`
 */
export function genIsccCode(codes: readonly string[], options: { wide?: boolean } = {}): { iscc: string } {
  const units = codes.map((code) => decodeUnit(code)).sort((a, b) => rankOf(a.mainType) - rankOf(b.mainType))
  const types = units.map((unit) => unit.mainType)
  const combination = types.at(-2) === 'DATA' && types.at(-1) === 'INSTANCE' ? combinationOf(types.slice(0, -2)) : undefined
  if (combination === undefined) {
    throw isccError('ISCC_INCOMPATIBLE', `${types.join(', ') || 'Nothing'} cannot be combined into an ISCC-CODE.`, {
      hint: 'Give one Data-Code and one Instance-Code, and at most one Meta-, Semantic- and Content-Code.',
      details: { types },
    })
  }
  const bits = options.wide === true ? 128 : 64
  const short = units.find((unit) => unit.bits < bits)
  if (short !== undefined || (options.wide === true && units.length > 2)) {
    throw isccError(
      'ISCC_INCOMPATIBLE',
      `An ISCC-CODE${options.wide === true ? ' of subtype WIDE' : ''} cannot be made from these units.`,
      {
        hint:
          options.wide === true
            ? 'Give one Data- and one Instance-Code of 128 or more bits, and nothing else.'
            : 'Use units of 64 or more bits.',
        details: { types, bits: units.map((unit) => unit.bits) },
      },
    )
  }
  const header = encodeHeader({
    mainType: 'ISCC',
    subType: options.wide === true ? 'WIDE' : subTypeOf(units),
    version: 0,
    length: combination,
  })
  return { iscc: `ISCC:${encodeBase32(concat(header, ...units.map((unit) => unit.digest.subarray(0, bits / 8))))}` }
}

function subTypeOf(units: readonly IsccUnit[]): IsccSubType {
  const content = units.filter((unit) => unit.mainType === 'SEMANTIC' || unit.mainType === 'CONTENT')
  const first = content[0]
  if (first === undefined) return units.length === 2 ? 'SUM' : 'NONE'
  if (content.some((unit) => unit.subType !== first.subType)) {
    throw isccError('ISCC_INCOMPATIBLE', 'Semantic- and Content-Code are of different media.', {
      details: { subTypes: content.map((unit) => unit.subType) },
    })
  }
  return first.subType
}

/** Types of the units in an ISCC-CODE; refuses a SubType that no such combination has. */
function typesOf(header: IsccHeader): IsccUnitType[] {
  const types: IsccUnitType[] = [...unitsOf(header.length), 'DATA', 'INSTANCE']
  const hasContent = types.includes('CONTENT') || types.includes('SEMANTIC')
  const fits =
    header.subType === 'SUM' || header.subType === 'WIDE'
      ? types.length === 2
      : header.subType === 'NONE'
        ? types.length === 3 && !hasContent
        : hasContent
  if (fits) return types
  throw isccError('ISCC_MALFORMED', `An ISCC-CODE of ${types.join(', ')} cannot have the SubType ${header.subType}.`, {
    details: { types, subType: header.subType },
  })
}

/**
 * Splits an ISCC-CODE, a unit or a sequence of units into its units.
 *
 * @param code - in any notation that {@link normalizeIscc} takes
 * @throws ColophonError `ISCC_MALFORMED`
 */
export function decomposeIscc(code: string): IsccUnit[] {
  const bytes = notationBytes(code)
  const { header, body } = decodeHeader(bytes)
  if (header.mainType !== 'ISCC') {
    const units: IsccUnit[] = []
    let rest: Uint8Array = bytes
    while (rest.length > 0) {
      const next = readUnit(rest)
      units.push(next.unit)
      rest = next.rest
    }
    return units
  }
  const types = typesOf(header)
  if (body.length * 8 !== bodyBits(header)) {
    throw isccError('ISCC_MALFORMED', `The header announces ${bodyBits(header)} bits and ${body.length * 8} follow.`, {
      hint: 'Copy the whole code again.',
      details: { code: code.slice(0, 120), bits: bodyBits(header), found: body.length * 8 },
    })
  }
  const size = body.length / types.length
  return types.map((mainType, i) => ({
    mainType,
    subType: mainType === 'SEMANTIC' || mainType === 'CONTENT' ? header.subType : 'NONE',
    version: header.version,
    bits: size * 8,
    digest: body.slice(i * size, (i + 1) * size),
  }))
}

/**
 * The canonical notation: `ISCC:` and upper-case base32. A sequence of units becomes the ISCC-CODE of them.
 *
 * @param code - base32 in either case, with or without `ISCC:` and hyphens between units; or multibase (f, b, v, u, z) with the multicodec prefix cc01
 * @throws ColophonError `ISCC_MALFORMED`, or `ISCC_INCOMPATIBLE` for a sequence of units that makes no ISCC-CODE
 */
export function normalizeIscc(code: string): string {
  const units = decomposeIscc(code)
  if (units.length === 1) return encodeUnit(units[0]!)
  const { header } = decodeHeader(notationBytes(code))
  return genIsccCode(units.map(encodeUnit), { wide: header.subType === 'WIDE' }).iscc
}

/** Whether `code` is a well-formed unit or ISCC-CODE in canonical notation. Never throws. */
export function isCanonicalIscc(code: string): boolean {
  try {
    return normalizeIscc(code) === code
  } catch {
    return false
  }
}

/** A code in words, e.g. type `CONTENT-IMAGE-V0-64`. */
export interface IsccExplanation {
  /** Canonical notation. */
  iscc: string
  /** MainType, SubType, version and length; the length of an ISCC-CODE is the initials of its units, e.g. `ISCC-TEXT-V0-MCDI`. */
  typeId: string
  /** Body in hex. */
  digest: string
  /** What it is composed of, with one entry for a unit itself. */
  units: { iscc: string; typeId: string; digest: string; bits: number }[]
}

/**
 * Takes a code apart for people.
 *
 * @throws ColophonError as {@link normalizeIscc}
 */
export function explainIscc(code: string): IsccExplanation {
  const iscc = normalizeIscc(code)
  const { header, body } = decodeHeader(isccBytes(iscc))
  const units = decomposeIscc(iscc).map((unit) => ({
    iscc: encodeUnit(unit),
    typeId: `${unitTypeId(unit)}-${unit.bits}`,
    digest: hex(unit.digest),
    bits: unit.bits,
  }))
  const initials = typesOfCode(header)
    .map((type) => type[0])
    .join('')
  const typeId = header.mainType === 'ISCC' ? `ISCC-${header.subType}-V${header.version}-${initials}` : units[0]!.typeId
  return { iscc, typeId, digest: hex(body), units }
}

/** Type of a unit without its length, e.g. `CONTENT-IMAGE-V0`: what two units must share to be compared. */
export function unitTypeId(unit: IsccUnit): string {
  return `${unit.mainType}-${unit.subType}-V${unit.version}`
}

function typesOfCode(header: IsccHeader): IsccUnitType[] {
  return header.mainType === 'ISCC' ? typesOf(header) : []
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
