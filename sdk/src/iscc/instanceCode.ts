import { createBlake3 } from './blake3.ts'
import { encodeUnit } from './codec.ts'
import { checkBits, checkBytes } from './errors.ts'

export interface InstanceCode {
  iscc: string
  /** BLAKE3 multihash (prefix 1e20) of the whole input in hex. */
  datahash: string
  /** Size of the input in bytes. */
  filesize: number
}

/** Instance-Code of a stream, fed piece by piece. */
export interface InstanceHasher {
  update(bytes: Uint8Array): void
  /** BLAKE3 digest of everything so far, 32 bytes. */
  digest(): Uint8Array<ArrayBuffer>
  /** Instance-Code of everything so far; `bits` is a multiple of 32 from 32 to 256, 64 by default. */
  code(options?: { bits?: number }): InstanceCode
}

/** A hasher for the Instance-Code. Needs some kilobytes whatever the size of the input. */
export function createInstanceCode(): InstanceHasher {
  const hash = createBlake3()
  let filesize = 0
  return {
    update(bytes) {
      hash.update(checkBytes(bytes, 'Input of an Instance-Code'))
      filesize += bytes.length
    },
    digest: () => hash.digest(),
    code({ bits = 64 } = {}) {
      checkBits(bits)
      const digest = hash.digest()
      return { iscc: encodeUnit({ mainType: 'INSTANCE', bits, digest }), datahash: multihash(digest), filesize }
    },
  }
}

/**
 * Instance-Code: identity of bytes.
 *
 * @throws ColophonError `ISCC_INVALID_BITS`, `ISCC_INVALID_INPUT`
 */
export function genInstanceCode(data: Uint8Array, options: { bits?: number } = {}): InstanceCode {
  const hasher = createInstanceCode()
  hasher.update(data)
  return hasher.code(options)
}

/** A BLAKE3 digest as multihash in hex. */
export function multihash(digest: Uint8Array): string {
  let hex = '1e20'
  for (const byte of digest) hex += byte.toString(16).padStart(2, '0')
  return hex
}
