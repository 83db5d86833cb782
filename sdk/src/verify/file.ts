import { bytes32, type Hex, type Work, ZERO_32 } from '../deposits/work.ts'
import type { CodeType, Media } from '../fingerprint/index.ts'
import { compareIscc, decomposeIscc, type UnitComparison } from '../iscc/index.ts'
import { type Check, compared, failed, passed, skipped } from './check.ts'
import { say } from './sentence.ts'

/** What is computed from a file, as `fingerprint()` returns it. */
export interface FileFacts {
  sha256: string | Uint8Array
  code?: { type: number; bits: string | Uint8Array } | undefined
  iscc?: string | undefined
}

/** Bits of a 256-bit fingerprint by which two decoders of the same bytes may differ; far inside any threshold for a match. */
const DECODER_TOLERANCE = 8
const TOLERATED_SHARE = DECODER_TOLERANCE / 256

/** The file's SHA-256 against the deposit's. */
export function checkSha256(work: Work, found: Hex): Check {
  return compared('sha256', work.contentHash, found, say('sha256-same'), say('sha256-other'))
}

/** The fingerprint computed from the file against the deposit's. */
export function checkFingerprint(work: Work, facts: FileFacts): Check {
  if (work.fingerprintType === 0 && work.fingerprint === ZERO_32) return skipped('fingerprint', say('fingerprint-none-deposited'))
  const { code } = facts
  if (code === undefined) return failed('fingerprint', work.fingerprint, 'none', say('fingerprint-none'))
  if (code.type !== work.fingerprintType)
    return failed('fingerprint', `algorithm ${work.fingerprintType}`, `algorithm ${code.type}`, say('fingerprint-other-algorithm'))
  const found = bytes32('fingerprint', code.bits)
  const bits = hammingDistance(work.fingerprint, found)
  if (bits === 0) return passed('fingerprint', say('fingerprint-same'), found)
  if (bits <= DECODER_TOLERANCE)
    return {
      ...passed('fingerprint', say('fingerprint-near', { bits }), found),
      expected: work.fingerprint,
    }
  return failed('fingerprint', work.fingerprint, found, say('fingerprint-other', { bits }))
}

/**
 * The ISCC computed from the file against the one its deposit document names. Data- and Instance-Code come from the bytes and must be
 * equal; of the Content-Code as many bits may differ, in proportion, as of the fingerprint, because decoders differ.
 */
export function checkIscc(expected: string | undefined, facts: FileFacts): Check {
  if (expected === undefined) return skipped('iscc', say('iscc-unnamed'))
  const found = facts.iscc
  if (found === undefined) return skipped('iscc', say('iscc-none'))
  if (found === expected) return passed('iscc', say('iscc-same'), found)
  const units = comparable(expected, found)
  if (units === undefined) return failed('iscc', expected, found, say('iscc-other'))
  const beyond = units.filter(({ typeId, bits, distance }) => distance > (typeId.startsWith('CONTENT') ? bits * TOLERATED_SHARE : 0))
  if (beyond.length === 0)
    return {
      ...passed('iscc', say('iscc-near', { bits: total(units) }), found),
      expected,
    }
  const names = beyond.map(({ typeId }) => `${typeId[0]}${typeId.slice(1, typeId.indexOf('-')).toLowerCase()}-Code`)
  return failed('iscc', expected, found, say('iscc-differs', { units: names.join(', ') }))
}

/** The units of two codes side by side; undefined when they are not made of the same ones. */
function comparable(a: string, b: string): UnitComparison[] | undefined {
  try {
    const units = compareIscc(a, b)
    return units.length === decomposeIscc(a).length && units.length === decomposeIscc(b).length ? units : undefined
  } catch {
    return undefined
  }
}

function total(units: readonly UnitComparison[]): number {
  return units.reduce((sum, { distance }) => sum + distance, 0)
}

/** What a work was taken for, by its fingerprint's algorithm; undefined where that does not tell. */
export function mediaOfWork({ fingerprintType }: Work): Media | undefined {
  return MEDIA_OF_CODE[fingerprintType as CodeType | 0]
}

const MEDIA_OF_CODE: { readonly [type in CodeType | 0]?: Media } = {
  0: 'data',
  1: 'image',
  2: 'text',
  3: 'audio',
  4: 'video',
  5: 'image',
  6: 'image',
}

/** Bits in which two 32-byte values differ. */
export function hammingDistance(a: Hex, b: Hex): number {
  let bits = 0
  for (let rest = BigInt(a) ^ BigInt(b); rest !== 0n; rest &= rest - 1n) bits++
  return bits
}
