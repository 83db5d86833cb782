import type { Hex } from '../deposits/work.ts'
import { encodeBase32 } from '../iscc/base32.ts'

/** CIDv1 (raw, sha2-256, base32) with this digest. */
export function cidOfDigest(digest: Hex): string {
  const bytes = new Uint8Array(36)
  bytes.set([0x01, 0x55, 0x12, 0x20])
  for (let index = 0; index < 32; index++) bytes[4 + index] = Number.parseInt(digest.slice(2 + 2 * index, 4 + 2 * index), 16)
  return `b${encodeBase32(bytes).toLowerCase()}`
}
