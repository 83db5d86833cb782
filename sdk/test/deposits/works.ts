import { hexlify, randomBytes } from 'ethers'
import fc from 'fast-check'
import type { Hex, Work } from '../../src/deposits/work.ts'

/** A work nobody has deposited yet. */
export function newWork(): Work {
  return {
    contentHash: hexlify(randomBytes(32)) as Hex,
    fingerprint: hexlify(randomBytes(32)) as Hex,
    fingerprintType: 1,
    metadata: hexlify(randomBytes(32)) as Hex,
    salt: `0x${'0'.repeat(64)}`,
  }
}

const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => hexlify(bytes) as Hex)

export const anyWork: fc.Arbitrary<Work> = fc.record({
  contentHash: bytes32.filter((hash) => !/^0x0+$/.test(hash)),
  fingerprint: bytes32,
  fingerprintType: fc.integer({ min: 0, max: 0xffff }),
  metadata: bytes32,
  salt: bytes32,
})

export const anyAddress: fc.Arbitrary<string> = fc.uint8Array({ minLength: 20, maxLength: 20 }).map(hexlify)
