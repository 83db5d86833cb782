import { ColophonError } from '../errors/base.ts'
import { openPath } from './path.node.ts'

/** Bytes that can be read more than once, wherever they are. */
export interface ByteSource {
  /** File name, for messages and for guessing what an unmarked file is. */
  name?: string
  /** Size in bytes, where it is known beforehand. */
  size?: number
  /** Where the bytes lie, of a source that was made from a path. What a caller's own source says here is not asked. */
  path?: string
  /** The bytes themselves, of a source that was made from a `Blob` or `File`. What a caller's own source says here is not asked either. */
  blob?: Blob
  /** Starts again from the first byte at every call. */
  open(): AsyncIterable<Uint8Array>
}

/** A path (Node only), bytes in memory, a `Blob` or `File`, or anything that can be opened again. */
export type Source = string | Uint8Array | Blob | ByteSource

/**
 * Makes any source readable, from the start, as often as it takes. Nothing is read yet, except that a path must name a file.
 *
 * @throws ColophonError `SOURCE_NOT_FOUND`, `SOURCE_NOT_READABLE`, `SOURCE_INVALID`; reading throws the latter two
 */
export async function openSource(source: Source): Promise<ByteSource> {
  if (typeof source === 'string') return await openPath(source)
  if (source instanceof Uint8Array) return { size: source.length, open: () => slices(source) }
  if (typeof Blob !== 'undefined' && source instanceof Blob) {
    const name = 'name' in source && typeof source.name === 'string' ? source.name : undefined
    return { ...(name === undefined ? {} : { name }), size: source.size, blob: source, open: () => streamed(source) }
  }
  if (typeof source === 'object' && source !== null && 'open' in source && typeof source.open === 'function') {
    const { name, size } = source
    return {
      ...(name === undefined ? {} : { name }),
      ...(size === undefined ? {} : { size }),
      open: () => checked(source),
    }
  }
  throw new ColophonError('SOURCE_INVALID', 'This is no source of bytes.', {
    hint: 'Give a path (in Node), a Uint8Array, a Blob or File, or an object with open().',
    details: { type: shown(source) },
  })
}

const SLICE = 1 << 20

async function* slices(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += SLICE) yield bytes.subarray(at, at + SLICE)
}

async function* streamed(blob: Blob): AsyncGenerator<Uint8Array> {
  const reader = blob.stream().getReader()
  const unreadable = (cause: unknown): ColophonError =>
    new ColophonError('SOURCE_NOT_READABLE', 'The file can no longer be read.', {
      hint: 'It was changed, moved or deleted since it was chosen. Choose it again.',
      details: { type: 'Blob' },
      cause,
    })
  let failed = false
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((cause: unknown) => {
        failed = true
        throw unreadable(cause)
      })
      if (done) return
      yield value
    }
  } finally {
    // A stream that failed is closed already, and would throw its error once more.
    if (!failed) await reader.cancel()
  }
}

/** What a foreign source hands out, as long as it is bytes. */
async function* checked(source: ByteSource): AsyncGenerator<Uint8Array> {
  const invalid = (found: unknown): ColophonError =>
    new ColophonError('SOURCE_INVALID', 'The source gives something else than bytes.', {
      hint: 'open() must return an async iterable of Uint8Array.',
      details: { type: shown(found) },
    })
  const chunks: unknown = source.open()
  if (typeof chunks !== 'object' || chunks === null || !(Symbol.asyncIterator in chunks || Symbol.iterator in chunks)) throw invalid(chunks)
  for await (const chunk of chunks as AsyncIterable<unknown>) {
    if (!(chunk instanceof Uint8Array)) throw invalid(chunk)
    yield chunk
  }
}

function shown(value: unknown): string {
  return value === null ? 'null' : typeof value
}
