import { sha256 } from '@noble/hashes/sha2.js'
import type { CreateSha256 } from './sha256.ts'

/** SHA-256 in JavaScript: what browsers have of their own takes no stream. */
export const createSha256: CreateSha256 = () => {
  const hash = sha256.create()
  return {
    update: (bytes) => {
      hash.update(bytes)
    },
    digest: () => Uint8Array.from(hash.digest()),
  }
}
