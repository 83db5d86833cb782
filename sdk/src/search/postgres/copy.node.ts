import { once } from 'node:events'
import { finished } from 'node:stream/promises'
import type { PoolClient } from 'pg'
import { missing } from './connection.node.ts'

/** A value as COPY's binary form has it; undefined is NULL. */
export type Cell =
  | { type: 'uuid' | 'text' | 'code'; bytes: Uint8Array }
  | { type: 'int2' | 'int4'; number: number }
  | { type: 'int8'; number: bigint }
  | { type: 'int4s'; numbers: ArrayLike<number> }
  /** Numbers of 64 bits as pairs of words, low and high. */
  | { type: 'int8s'; words: Uint32Array }
  | undefined

/** Object identifiers of the elements of arrays, the same in every PostgreSQL. */
const INT4 = 23
const INT8 = 20
/** Bytes that are sent at once. */
const CHUNK = 1 << 20

/**
 * Loads rows into a table with COPY in its binary form, which the server takes in without parsing; to be called in a transaction.
 *
 * @param columns - as SQL
 * @param elsewhere - whether partitions are on other servers: COPY would send them row by row, an INSERT sends a thousand at a time
 */
export async function loadRows(
  client: PoolClient,
  table: string,
  columns: string,
  rows: Iterable<readonly Cell[]>,
  elsewhere: boolean,
): Promise<void> {
  if (!elsewhere) {
    await copyRows(client, `${table} (${columns})`, rows)
    return
  }
  await client.query(`CREATE TEMPORARY TABLE colophon_rows ON COMMIT DROP AS SELECT ${columns} FROM ${table} WITH NO DATA`)
  await copyRows(client, 'pg_temp.colophon_rows', rows)
  await client.query(`INSERT INTO ${table} (${columns}) SELECT ${columns} FROM pg_temp.colophon_rows; DROP TABLE pg_temp.colophon_rows`)
}

async function copyRows(client: PoolClient, table: string, rows: Iterable<readonly Cell[]>): Promise<void> {
  const { from } = await import('pg-copy-streams').catch((cause: unknown) => {
    throw missing('pg-copy-streams', cause)
  })
  const stream = client.query(from(`COPY ${table} FROM STDIN (FORMAT binary)`))
  // Whatever goes wrong shows in `done`, also while a chunk is waited for.
  const done = finished(stream)
  done.catch(() => undefined)
  const writer = createWriter()
  writer.bytes(HEAD)
  for (const row of rows) {
    writer.int16(row.length)
    for (const cell of row) writeCell(writer, cell)
    if (writer.length < CHUNK) continue
    if (!stream.write(writer.take())) await Promise.race([once(stream, 'drain'), done])
  }
  writer.int16(-1)
  stream.end(writer.take())
  await done
}

/** Signature, flags, no extension. */
const HEAD = Uint8Array.of(...[...'PGCOPY\n'].map((character) => character.charCodeAt(0)), 0xff, 0x0d, 0x0a, 0, 0, 0, 0, 0, 0, 0, 0, 0)

interface Writer {
  readonly length: number
  int16(number: number): void
  int32(number: number): void
  int64(number: bigint): void
  bytes(bytes: Uint8Array): void
  /** What was written, which is no longer ours. */
  take(): Buffer
}

function createWriter(): Writer {
  let buffer = Buffer.allocUnsafe(CHUNK * 2)
  let at = 0
  const room = (bytes: number): void => {
    if (at + bytes <= buffer.length) return
    const larger = Buffer.allocUnsafe(Math.max(buffer.length * 2, at + bytes))
    buffer.copy(larger, 0, 0, at)
    buffer = larger
  }
  return {
    get length() {
      return at
    },
    int16(number) {
      room(2)
      at = buffer.writeInt16BE(number, at)
    },
    int32(number) {
      room(4)
      at = buffer.writeInt32BE(number, at)
    },
    int64(number) {
      room(8)
      at = buffer.writeBigInt64BE(BigInt.asIntN(64, number), at)
    },
    bytes(bytes) {
      room(bytes.length)
      buffer.set(bytes, at)
      at += bytes.length
    },
    take() {
      const taken = buffer.subarray(0, at)
      buffer = Buffer.allocUnsafe(CHUNK * 2)
      at = 0
      return taken
    },
  }
}

function writeCell(writer: Writer, cell: Cell): void {
  if (cell === undefined) {
    writer.int32(-1)
    return
  }
  switch (cell.type) {
    case 'uuid':
    case 'text':
      writer.int32(cell.bytes.length)
      writer.bytes(cell.bytes)
      return
    case 'code':
      writer.int32(4 + cell.bytes.length)
      writer.int32(cell.bytes.length * 8)
      writer.bytes(cell.bytes)
      return
    case 'int2':
      writer.int32(2)
      writer.int16(cell.number)
      return
    case 'int4':
      writer.int32(4)
      writer.int32(cell.number)
      return
    case 'int8':
      writer.int32(8)
      writer.int64(cell.number)
      return
    case 'int4s':
      writeArrayHead(writer, cell.numbers.length, INT4, 4)
      for (let index = 0; index < cell.numbers.length; index++) {
        writer.int32(4)
        writer.int32(cell.numbers[index]!)
      }
      return
    case 'int8s': {
      const { words } = cell
      writeArrayHead(writer, words.length / 2, INT8, 8)
      for (let index = 0; index < words.length; index += 2) {
        writer.int32(8)
        writer.int32(words[index + 1]! | 0)
        writer.int32(words[index]! | 0)
      }
    }
  }
}

function writeArrayHead(writer: Writer, length: number, element: number, bytes: number): void {
  // An empty array has no dimension.
  writer.int32(length === 0 ? 12 : 20 + length * (4 + bytes))
  writer.int32(length === 0 ? 0 : 1)
  writer.int32(0)
  writer.int32(element)
  if (length === 0) return
  writer.int32(length)
  writer.int32(1)
}
