import { encodeUnit } from './codec.ts'
import { checkBits, checkBytes, isccError } from './errors.ts'
import { createChunker } from './fastcdc.ts'
import { createMinHash } from './minhash.ts'
import { xxh32 } from './xxh32.ts'

export interface DataCode {
  iscc: string
}

/** Data-Code of a stream, fed piece by piece; how it is cut into pieces does not matter. */
export interface DataHasher {
  /** @throws ColophonError `ISCC_FINISHED` after {@link digest} or {@link code} */
  update(bytes: Uint8Array): void
  /** Ends the stream and returns its 256-bit similarity digest. May be called again. */
  digest(): Uint8Array<ArrayBuffer>
  /** Ends the stream; `bits` is a multiple of 32 from 32 to 256, 64 by default. */
  code(options?: { bits?: number }): DataCode
}

/** A hasher for the Data-Code. Needs less than 100 KB whatever the size of the input. */
export function createDataCode(): DataHasher {
  const minHash = createMinHash()
  const chunker = createChunker((bytes, start, end) => minHash.add(xxh32(bytes, start, end)))
  let digest: Uint8Array<ArrayBuffer> | undefined
  const finish = (): Uint8Array<ArrayBuffer> => {
    if (digest === undefined) {
      chunker.end()
      // No bytes are one empty chunk.
      if (minHash.count === 0) minHash.add(xxh32(new Uint8Array(0)))
      digest = minHash.digest()
    }
    return digest
  }
  return {
    update(bytes) {
      checkBytes(bytes, 'Input of a Data-Code')
      if (digest !== undefined) throw finished()
      chunker.push(bytes)
    },
    digest: () => finish().slice(),
    code({ bits = 64 } = {}) {
      checkBits(bits)
      return { iscc: encodeUnit({ mainType: 'DATA', bits, digest: finish() }) }
    },
  }
}

/**
 * Data-Code: similarity of bytes, from content-defined chunks.
 *
 * @throws ColophonError `ISCC_INVALID_BITS`, `ISCC_INVALID_INPUT`
 */
export function genDataCode(data: Uint8Array, options: { bits?: number } = {}): DataCode {
  const hasher = createDataCode()
  hasher.update(data)
  return hasher.code(options)
}

function finished(): Error {
  return isccError('ISCC_FINISHED', 'The digest was already taken; nothing can be added.', { hint: 'Create a new hasher for each input.' })
}
