import { createHash } from 'node:crypto'
import type { CreateSha256 } from './sha256.ts'

/** SHA-256 by the platform, several times as fast as JavaScript. Browsers get `sha256.browser.ts` in its place, by the `browser` field of the package. */
export const createSha256: CreateSha256 = () => {
  const hash = createHash('sha256')
  return {
    update: (bytes) => {
      hash.update(bytes)
    },
    digest: () => Uint8Array.from(hash.digest()),
  }
}
