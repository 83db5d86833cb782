import type { LongCallOptions } from '../progress/progress.ts'
import { createDataCode } from './dataCode.ts'
import { checkBits, checkBytes, isccError } from './errors.ts'
import { createInstanceCode } from './instanceCode.ts'
import { genIsccCode } from './isccCode.ts'

export interface SumCodeOptions extends LongCallOptions<'hash'> {
  /** Length of the two units: a multiple of 32 from 64 to 256; 64 by default. */
  bits?: number
  /** Make an ISCC-CODE of subtype WIDE; needs `bits` of 128 or more. */
  wide?: boolean
}

export interface SumCode {
  /** ISCC-CODE of Data- and Instance-Code. */
  iscc: string
  dataCode: string
  instanceCode: string
  /** BLAKE3 multihash in hex. */
  datahash: string
  /** Size in bytes. */
  filesize: number
}

/** Bytes to hash: at once, in pieces, or from a stream. */
export type ByteSource = Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>

/** Report progress every so many bytes, so that a callback costs nothing against the hashing. */
const PROGRESS_BYTES = 8 << 20

/**
 * Data-Code, Instance-Code and their ISCC-CODE in one pass, in bounded memory.
 *
 * @throws ColophonError `ISCC_INVALID_BITS`, `ISCC_INVALID_INPUT`, `ISCC_INCOMPATIBLE`; rejects with the signal's reason when aborted
 */
export async function genSumCode(source: ByteSource, options: SumCodeOptions = {}): Promise<SumCode> {
  const { bits = 64, wide = false, signal, onProgress } = options
  checkBits(bits)
  if (bits < (wide ? 128 : 64)) {
    throw isccError('ISCC_INVALID_BITS', `Units of ${bits} bits are too short for ${wide ? 'a wide' : 'an'} ISCC-CODE.`, {
      details: { bits, wide },
    })
  }
  const data = createDataCode()
  const instance = createInstanceCode()
  let done = 0
  let reported = 0
  for await (const piece of pieces(source)) {
    signal?.throwIfAborted()
    data.update(piece)
    instance.update(piece)
    done += piece.length
    if (done - reported >= PROGRESS_BYTES) {
      onProgress?.({ stage: 'hash', done, unit: 'bytes' })
      reported = done
    }
  }
  signal?.throwIfAborted()
  onProgress?.({ stage: 'hash', done, total: done, unit: 'bytes' })
  const { iscc: dataCode } = data.code({ bits })
  const { iscc: instanceCode, datahash, filesize } = instance.code({ bits })
  return { iscc: genIsccCode([dataCode, instanceCode], { wide }).iscc, dataCode, instanceCode, datahash, filesize }
}

/** Any source as a sequence of pieces; a stream is cancelled when the reader leaves early. */
async function* pieces(source: ByteSource): AsyncGenerator<Uint8Array> {
  if (source instanceof Uint8Array) {
    // In slices, so that an abort is noticed in the middle of a large buffer.
    for (let at = 0; at < source.length; at += PROGRESS_BYTES) {
      yield source.subarray(at, at + PROGRESS_BYTES)
      await new Promise((resolve) => setTimeout(resolve))
    }
    return
  }
  if (typeof source !== 'object' || source === null) {
    throw isccError('ISCC_INVALID_INPUT', 'The source must be bytes, an iterable of bytes or a stream.', {
      details: { type: typeof source },
    })
  }
  if (Symbol.asyncIterator in source || Symbol.iterator in source) {
    for await (const piece of source) yield checkBytes(piece, 'A piece of the input')
    return
  }
  const reader = (source as ReadableStream<Uint8Array>).getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield checkBytes(value, 'A piece of the input')
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}
