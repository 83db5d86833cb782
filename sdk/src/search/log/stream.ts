import { damaged, foreign, unsupported } from '../problems.ts'
import { crc32, decodePayload, decodeRecordHead, type Payload, payloadHead, RECORD_HEADER } from './record.ts'

/** Bytes before the first record of a file or a snapshot: 8 of mark, version, number of the file, generation, 8 zeros, CRC-32 of all before. */
export const FILE_HEADER = 32
const MARK = 'CLPINDEX'
const VERSION = 2

export interface FileHead {
  /** Files of an index are numbered from 1. A snapshot is 0. */
  number: number
  /** How often the index was written anew. */
  generation: number
}

export function encodeHead({ number, generation }: FileHead): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(FILE_HEADER)
  bytes.set(new TextEncoder().encode(MARK))
  const words = new Uint32Array(bytes.buffer)
  words.set([VERSION, number, generation], 2)
  words[7] = crc32(bytes.subarray(0, 28))
  return bytes
}

/** @throws ColophonError `INDEX_FOREIGN`, `INDEX_UNSUPPORTED`, `INDEX_DAMAGED` */
export function decodeHead(bytes: Uint8Array, name: string): FileHead {
  if (bytes.length < FILE_HEADER || new TextDecoder('latin1').decode(bytes.subarray(0, 8)) !== MARK) {
    throw foreign(`${name} does not begin like a file of one`, { name })
  }
  const words = new Uint32Array(bytes.slice(0, FILE_HEADER).buffer)
  // A later version may sum its head otherwise, so its number is looked at first.
  if (words[2] !== VERSION) throw unsupported(words[2]!, { name })
  if (crc32(bytes.subarray(0, 28)) !== words[7]) throw damaged(`the head of ${name} does not match its sum`, { name })
  return { number: words[3]!, generation: words[4]! }
}

/** Reads so many bytes at a place; fewer where the file ends. What it gives begins at a multiple of four in its buffer. */
export type ReadAt = (at: number, length: number) => Promise<Uint8Array>

/** Bytes that are read at once. */
const BLOCK = 1 << 24

/** How the records of a file end. */
export interface Ending {
  /** Where the last whole record ends. */
  end: number
  /** Bytes after it that are no record: what was being written when the process died. */
  torn: number
  /** Whether the file was closed in order. */
  sealed: boolean
}

/**
 * Reads the records of a file from `start` to `size`, and gives where each is and its payload. Of a file that was not closed in order the last record may be half-written; it was not
 * acknowledged then, and reading ends before it.
 *
 * @throws ColophonError `INDEX_DAMAGED`
 */
export async function* readRecords(
  read: ReadAt,
  start: number,
  size: number,
  name: string,
): AsyncGenerator<{ at: number; payload: Uint8Array }, Ending> {
  let at = start
  let block: Uint8Array = new Uint8Array(0)
  let blockAt = start
  let works = 0
  let removals = 0
  const ensure = async (length: number): Promise<Uint8Array> => {
    if (at + length > blockAt + block.length) {
      block = await read(at, Math.max(length, Math.min(BLOCK, size - at)))
      blockAt = at
    }
    return block.subarray(at - blockAt, at - blockAt + length)
  }
  while (at < size) {
    const left = size - at
    if (left < RECORD_HEADER) return { end: at, torn: left, sealed: false }
    const head = decodeRecordHead(await ensure(RECORD_HEADER))
    if (head === undefined) {
      // Where nothing was written yet a file system may have put zeros.
      if (await isZero(read, at, size)) return { end: at, torn: left, sealed: false }
      throw damaged(`${name} has no record at ${at}`, { name, at })
    }
    const { length, sum } = head
    if (length > left - RECORD_HEADER) return { end: at, torn: left, sealed: false }
    const bytes = (await ensure(RECORD_HEADER + length)).subarray(RECORD_HEADER)
    if (bytes.length !== length) throw damaged(`${name} became shorter while it was read`, { name, at })
    if (crc32(bytes) !== sum) {
      // Only what was written last can be half-written.
      if (at + RECORD_HEADER + length === size) return { end: at, torn: left, sealed: false }
      throw damaged(`a record of ${name} does not match its sum`, { name, at })
    }
    const { kind, count } = payloadHead(bytes)
    const record = at
    at += RECORD_HEADER + length
    if (kind === 'end') {
      const end = decodePayload(bytes)
      const lacks = end.kind === 'end' && (end.works !== works || end.removals !== removals)
      if (start === FILE_HEADER && lacks) throw damaged(`${name} lacks records`, { name })
      if (at === size) return { end: at, torn: 0, sealed: true }
      continue
    }
    if (kind === 'works') works += count
    else removals += count
    yield { at: record, payload: bytes }
  }
  return { end: at, torn: 0, sealed: false }
}

async function isZero(read: ReadAt, start: number, end: number): Promise<boolean> {
  for (let at = start; at < end; at += BLOCK) {
    const bytes = await read(at, Math.min(BLOCK, end - at))
    if (bytes.some((byte) => byte !== 0)) return false
  }
  return true
}

/**
 * Reads a snapshot as it comes: a head, records, and an end that says how many.
 *
 * @throws ColophonError `INDEX_FOREIGN`, `INDEX_UNSUPPORTED`, `INDEX_DAMAGED`
 */
export async function* readSnapshot(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Payload, void> {
  const iterator = chunks[Symbol.asyncIterator]()
  try {
    yield* snapshotRecords(taker(iterator))
  } finally {
    // Where reading ended early, the source is told.
    await iterator.return?.()
  }
}

async function* snapshotRecords(take: (length: number) => Promise<Uint8Array>): AsyncGenerator<Payload, void> {
  decodeHead(await take(FILE_HEADER), 'the snapshot')
  let [works, removals] = [0, 0]
  for (;;) {
    const bytes = await take(RECORD_HEADER)
    const head = bytes.length === RECORD_HEADER ? decodeRecordHead(bytes) : undefined
    if (head === undefined) throw damaged('the snapshot breaks off, or has something else in it')
    const body = await take(head.length)
    if (body.length !== head.length || crc32(body) !== head.sum)
      throw damaged('a record of the snapshot is cut off or does not match its sum')
    const payload = decodePayload(body)
    if (payload.kind === 'end') {
      if (payload.works !== works || payload.removals !== removals) throw damaged('the snapshot lacks records')
      if ((await take(1)).length > 0) throw damaged('something follows the end of the snapshot')
      return
    }
    if (payload.kind === 'works') works += payload.works.length
    else removals += payload.ids.length
    yield payload
  }
}

/** Takes so many bytes of a stream, in an array of their own; fewer where it ends. */
function taker(iterator: AsyncIterator<Uint8Array>): (length: number) => Promise<Uint8Array<ArrayBuffer>> {
  let chunk: Uint8Array = new Uint8Array(0)
  return async (length) => {
    const bytes = new Uint8Array(length)
    let filled = 0
    while (filled < length) {
      if (chunk.length === 0) {
        const { done, value } = await iterator.next()
        if (done) return bytes.slice(0, filled)
        chunk = value
        continue
      }
      const part = chunk.subarray(0, length - filled)
      bytes.set(part, filled)
      filled += part.length
      chunk = chunk.subarray(part.length)
    }
    return bytes
  }
}
