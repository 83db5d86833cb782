import type { Hex } from '../deposits/work.ts'
import { bytes32, type Work, ZERO_32 } from '../deposits/work.ts'
import { type Check, compared, failed, passed, skipped } from './check.ts'

/** What is computed from a file, as `fingerprint()` returns it. */
export interface FileFacts {
  sha256: string | Uint8Array
  code?: { type: number; bits: string | Uint8Array } | undefined
  iscc?: string | undefined
}

/** Bits of a 256-bit fingerprint by which two decoders of the same bytes may differ; far inside any threshold for a match. */
const DECODER_TOLERANCE = 8

/** The file's SHA-256 against the deposit's. */
export function checkSha256(work: Work, found: Hex): Check {
  return compared(
    'sha256',
    work.contentHash,
    found,
    'The file is, byte for byte, the one that was deposited.',
    'The file is not the one that was deposited: at least one byte differs.',
  )
}

/** The fingerprint computed from the file against the deposit's. */
export function checkFingerprint(work: Work, facts: FileFacts): Check {
  if (work.fingerprintType === 0 && work.fingerprint === ZERO_32) return skipped('fingerprint', 'The deposit has no fingerprint.')
  const { code } = facts
  if (code === undefined) return failed('fingerprint', work.fingerprint, 'none', 'The file gives no fingerprint, but the deposit has one.')
  if (code.type !== work.fingerprintType)
    return failed(
      'fingerprint',
      `algorithm ${work.fingerprintType}`,
      `algorithm ${code.type}`,
      'The file gives a fingerprint of another algorithm.',
    )
  const found = bytes32('fingerprint', code.bits)
  const bits = hammingDistance(work.fingerprint, found)
  if (bits === 0) return passed('fingerprint', 'The fingerprint computed from the file is the one deposited.', found)
  if (bits <= DECODER_TOLERANCE)
    return {
      ...passed('fingerprint', `The fingerprint differs in ${bits} of 256 bits, as two decoders of the same file may.`, found),
      expected: work.fingerprint,
    }
  return failed('fingerprint', work.fingerprint, found, `The fingerprint computed from the file differs in ${bits} of 256 bits.`)
}

/** The ISCC computed from the file against the one its deposit document names. */
export function checkIscc(expected: string | undefined, facts: FileFacts): Check {
  if (expected === undefined) return skipped('iscc', 'The document, which names the ISCC, is not at hand or names none.')
  if (facts.iscc === undefined) return skipped('iscc', 'The file gives no ISCC.')
  return compared(
    'iscc',
    expected,
    facts.iscc,
    'The ISCC computed from the file is the one in the document.',
    'The file gives another ISCC than its document names.',
  )
}

/** Bits in which two 32-byte values differ. */
export function hammingDistance(a: Hex, b: Hex): number {
  let bits = 0
  for (let rest = BigInt(a) ^ BigInt(b); rest !== 0n; rest &= rest - 1n) bits++
  return bits
}
