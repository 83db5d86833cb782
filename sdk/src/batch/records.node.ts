import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import { keccak_256 } from '@noble/hashes/sha3.js'
import type { Hex, Work } from '../deposits/work.ts'
import { ColophonError } from '../errors/base.ts'
import { hexToBytes } from '../hex/index.ts'
import { xxh32 } from '../iscc/xxh32.ts'

/*
 * The works of a large batch in two files that are only appended to: `works.bin`, a record of RECORD bytes for each in the order of the source,
 * and `keys.bin`, their keys one after the other. Numbers are little-endian.
 *
 *     0    contentHash, fingerprint, metadata, salt   32 bytes each
 *     128  fingerprintType                            uint16
 *     130  kind                                       uint8: 0 a work, 1 a file that was refused (its key is followed by a reason)
 *     132  length of the key, length of the reason    uint16 each
 *     136  offset of the key in keys.bin              float64
 *     144  size and time of change of the file        float64 each, in bytes and in milliseconds since 1970; 0 for works without a file
 *     160  xxh32 of the bytes before, the key and the reason
 */
export const RECORD = 164
const CHECKED = 160
/** Bytes that are collected before they are written, and read at once. */
const STEP = 1 << 20

/** A record in memory. */
export interface BatchRecord {
  key: string
  /** Why the file was refused; undefined for works. */
  refusal?: { code: string; message: string } | undefined
  work: Pick<Work, 'fingerprintType'> & Record<'contentHash' | 'fingerprint' | 'metadata' | 'salt', Uint8Array>
  size: number
  modified: number
}

export interface Records {
  /** Records there are, also those that are not written yet. */
  readonly count: number
  append(record: BatchRecord): Promise<void>
  /** Puts another record in the place of one; its key must be the same. */
  replace(index: number, record: BatchRecord): Promise<void>
  /** Drops the records from `count` on. */
  truncate(count: number): Promise<void>
  /** Writes what was collected, and has the disk keep it. */
  sync(): Promise<void>
  /** @throws BATCH_DAMAGED */
  read(index: number): Promise<BatchRecord>
  /** Records in order, read in large pieces. @throws BATCH_DAMAGED */
  scan(from?: number): AsyncGenerator<BatchRecord>
  close(): Promise<void>
}

/** Opens, or begins, the records in a folder. What a dying process left unfinished at the end is cut off. */
export async function openRecords(folder: string, { write }: { write: boolean }): Promise<Records> {
  const [works, keys] = await Promise.all(['works.bin', 'keys.bin'].map((name) => opened(join(folder, name), write)))
  let count = 0
  let keysEnd = 0
  let waiting: { records: Uint8Array[]; keys: Uint8Array[]; bytes: number } = { records: [], keys: [], bytes: 0 }

  const damaged = (index: number): ColophonError =>
    new ColophonError('BATCH_DAMAGED', `Record ${index} of the batch is damaged.`, {
      hint: 'If the batch is anchored, restore its folder from a copy; else begin again in another folder.',
      details: { folder, record: index },
    })

  async function bytesAt(file: FileHandle, at: number, length: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(length)
    let size = 0
    while (size < length) {
      const { bytesRead } = await file.read(bytes, size, length - size, at + size)
      if (bytesRead === 0) break
      size += bytesRead
    }
    return bytes.subarray(0, size)
  }

  async function read(index: number): Promise<BatchRecord> {
    await flush()
    const bytes = await bytesAt(works!, index * RECORD, RECORD)
    if (bytes.length < RECORD) throw damaged(index)
    const { keyAt, length } = placeOf(bytes)
    const record = length > 131_070 ? undefined : decode(bytes, await bytesAt(keys!, keyAt, length))
    if (record === undefined) throw damaged(index)
    return record
  }

  async function flush(): Promise<void> {
    if (waiting.bytes === 0) return
    const { records, keys: texts } = waiting
    waiting = { records: [], keys: [], bytes: 0 }
    // Keys first: a record is never there without its key, unless the machine itself dies.
    await keys!.appendFile(Buffer.concat(texts))
    await works!.appendFile(Buffer.concat(records))
  }

  // From the end back to the first record that is whole.
  count = Math.floor((await works!.stat()).size / RECORD)
  const keysLength = (await keys!.stat()).size
  while (count > 0) {
    const whole = await read(count - 1).catch(() => undefined)
    if (whole !== undefined) break
    count--
  }
  // Keys that no record has any more do no harm; those of replaced records are behind the others.
  keysEnd = keysLength
  if (write) await works!.truncate(count * RECORD)

  return {
    get count() {
      return count
    },
    async append(record) {
      const text = textOf(record)
      const bytes = encode(record, text, keysEnd)
      waiting.records.push(bytes)
      waiting.keys.push(text)
      waiting.bytes += bytes.length + text.length
      keysEnd += text.length
      count++
      if (waiting.bytes >= STEP) await flush()
    },
    async replace(index, record) {
      await flush()
      const text = textOf(record)
      // Its reason may be longer than before: the key is written again at the end.
      await keys!.appendFile(text)
      const bytes = encode(record, text, keysEnd)
      keysEnd += text.length
      // A handle that appends cannot write in the middle.
      const file = await open(join(folder, 'works.bin'), 'r+')
      try {
        await file.write(bytes, 0, bytes.length, index * RECORD)
      } finally {
        await file.close()
      }
    },
    async truncate(least) {
      await flush()
      count = least
      await works!.truncate(count * RECORD)
    },
    async sync() {
      await flush()
      await keys!.datasync()
      await works!.datasync()
    },
    read,
    async *scan(from = 0) {
      await flush()
      const last = count
      const each = Math.floor(STEP / RECORD)
      for (let start = from; start < last; start += each) {
        const amount = Math.min(each, last - start)
        const piece = await bytesAt(works!, start * RECORD, amount * RECORD)
        if (piece.length < amount * RECORD) throw damaged(start + Math.floor(piece.length / RECORD))
        // The keys of records that follow each other do so too, unless one was replaced.
        const places = Array.from({ length: amount }, (_, index) => placeOf(piece.subarray(index * RECORD, (index + 1) * RECORD)))
        const lowest = Math.min(...places.map(({ keyAt }) => keyAt))
        const highest = Math.max(...places.map(({ keyAt, length }) => keyAt + length))
        const together = highest - lowest <= 64 * STEP && lowest >= 0 ? await bytesAt(keys!, lowest, highest - lowest) : undefined
        for (const [index, { keyAt, length }] of places.entries()) {
          const text =
            together === undefined
              ? await bytesAt(keys!, keyAt, Math.min(length, 131_070))
              : together.subarray(keyAt - lowest, keyAt - lowest + length)
          const record = decode(piece.subarray(index * RECORD, (index + 1) * RECORD), text)
          if (record === undefined) throw damaged(start + index)
          yield record
        }
      }
    },
    async close() {
      await flush()
      await Promise.all([works!.close(), keys!.close()])
    },
  }
}

async function opened(path: string, write: boolean): Promise<FileHandle> {
  return await open(path, write ? 'a+' : 'r').catch((cause: unknown) => {
    throw new ColophonError('OUTPUT_UNWRITABLE', `${path} cannot be opened: ${(cause as Error).message}.`, {
      hint: 'Check the path, permissions and free space.',
      details: { path },
      cause,
    })
  })
}

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** Bytes that a key may have. */
const MOST_KEY = 4096

/** The key, and behind it the reason. @throws INVALID_BATCH */
function textOf({ key, refusal }: BatchRecord): Uint8Array {
  const bytes = keyBytes(key)
  if (refusal === undefined) return bytes
  const reason = encoder.encode(JSON.stringify(refusal)).subarray(0, 65_535)
  const text = new Uint8Array(bytes.length + reason.length)
  text.set(bytes)
  text.set(reason, bytes.length)
  return text
}

/** A key as its bytes. @throws INVALID_BATCH */
export function keyBytes(key: string): Uint8Array {
  const bytes = typeof key === 'string' ? encoder.encode(key) : new Uint8Array()
  if (bytes.length > 0 && bytes.length <= MOST_KEY) return bytes
  throw new ColophonError('INVALID_BATCH', `A key of ${bytes.length} bytes cannot name a work.`, {
    hint: `Give a text of 1 to ${MOST_KEY} bytes, another for each work.`,
    details: { key: String(key).slice(0, 200) },
  })
}

function encode({ key, refusal, work, size, modified }: BatchRecord, text: Uint8Array, keyAt: number): Uint8Array {
  const bytes = new Uint8Array(RECORD)
  const view = new DataView(bytes.buffer)
  const keyLength = refusal === undefined ? text.length : encoder.encode(key).length
  bytes.set(work.contentHash, 0)
  bytes.set(work.fingerprint, 32)
  bytes.set(work.metadata, 64)
  bytes.set(work.salt, 96)
  view.setUint16(128, work.fingerprintType, true)
  view.setUint8(130, refusal === undefined ? 0 : 1)
  view.setUint16(132, keyLength, true)
  view.setUint16(134, text.length - keyLength, true)
  view.setFloat64(136, keyAt, true)
  view.setFloat64(144, size, true)
  view.setFloat64(152, modified, true)
  view.setUint32(CHECKED, checksumOf(bytes, text), true)
  return bytes
}

function checksumOf(record: Uint8Array, text: Uint8Array): number {
  return (xxh32(record, 0, CHECKED) ^ xxh32(text)) >>> 0
}

function placeOf(bytes: Uint8Array): { keyAt: number; length: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  return { keyAt: view.getFloat64(136, true), length: view.getUint16(132, true) + view.getUint16(134, true) }
}

function decode(bytes: Uint8Array, text: Uint8Array): BatchRecord | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, RECORD)
  const keyLength = view.getUint16(132, true)
  if (text.length !== keyLength + view.getUint16(134, true) || view.getUint32(CHECKED, true) !== checksumOf(bytes, text)) return undefined
  return {
    key: decoder.decode(text.subarray(0, keyLength)),
    ...(view.getUint8(130) === 0
      ? {}
      : { refusal: JSON.parse(decoder.decode(text.subarray(keyLength))) as { code: string; message: string } }),
    work: {
      contentHash: bytes.subarray(0, 32),
      fingerprint: bytes.subarray(32, 64),
      metadata: bytes.subarray(64, 96),
      salt: bytes.subarray(96, 128),
      fingerprintType: view.getUint16(128, true),
    },
    size: view.getFloat64(144, true),
    modified: view.getFloat64(152, true),
  }
}

/**
 * A function from works to the leaves of an anchor, as `leafOf(idOf(claimant, work))` gives them, at a tenth of the time. The leaf is good until
 * the next call.
 */
export function createLeafHasher(claimant: string, workTypeHash: Hex): (work: BatchRecord['work']) => Uint8Array {
  const struct = new Uint8Array(192)
  struct.set(hexToBytes(workTypeHash))
  const id = new Uint8Array(64)
  id.set(hexToBytes(claimant as Hex), 12)
  return ({ contentHash, fingerprint, fingerprintType, metadata, salt }) => {
    struct.set(contentHash, 32)
    struct.set(fingerprint, 64)
    struct[126] = fingerprintType >>> 8
    struct[127] = fingerprintType & 0xff
    struct.set(metadata, 128)
    struct.set(salt, 160)
    id.set(keccak_256(struct), 32)
    return keccak_256(keccak_256(id))
  }
}
