import { crc32 } from '../log/record.ts'
import { damaged } from '../problems.ts'
import type { Table } from './keyStore.ts'

/** A file that is gone with the process, unless it is kept. Reading and writing wait: a run of pairs is a few kilobytes, nearly always in the system's memory. */
export interface ScratchFile {
  /** What it can be opened by again, where it can be kept. */
  readonly name?: string
  /** Writes behind what is there. */
  write(bytes: Uint8Array): void
  /** Reads so many bytes from a place on. */
  read(into: Uint8Array, from: number): void
  /** Sees to it that what was written is on the disk and stays there when the file is closed. */
  keep?(): void
  close(): void
}

/** Makes scratch files. */
export type Scratch = () => ScratchFile

/** A table in a file that was kept. */
export interface KeptTable {
  name: string
  /** Pairs, and the CRC-32 of them and of where their buckets start, which is behind them in the file. */
  count: number
  sum: number
}

/** Pairs by bucket as in a {@link Table}, in a file: words of one pair together, so that a run is read at once. */
export interface FileTable {
  count: number
  starts: Uint32Array
  file: ScratchFile
  /** All pairs, where there is memory for them. */
  held?: Uint32Array | undefined
  /** CRC-32, once the file is kept. */
  sum?: number
}

/** Words of a pair: check, work, and place where there is one. */
export type PairWords = 2 | 3

/** Pairs that are written, and buckets that are merged, before others have their turn. */
const PAIRS_AT_ONCE = 1 << 18
const BUCKETS_AT_ONCE = 1 << 12

/** Writes a table to a file. */
export function* writeTable(
  { count, starts, checks, works, places }: Table,
  words: PairWords,
  scratch: Scratch,
): Generator<undefined, FileTable> {
  const file = scratch()
  const buffer = new Uint32Array(PAIRS_AT_ONCE * words)
  try {
    for (let from = 0; from < count; from += PAIRS_AT_ONCE) {
      const to = Math.min(from + PAIRS_AT_ONCE, count)
      for (let at = from, word = 0; at < to; at++, word += words) {
        buffer[word] = checks[at]!
        buffer[word + 1] = works[at]!
        if (words === 3) buffer[word + 2] = places[at]!
      }
      file.write(bytesOf(buffer, (to - from) * words))
      yield
    }
  } catch (cause) {
    file.close()
    throw cause
  }
  return { count, starts, file }
}

/** One file of several: in each bucket the pairs of the first, then those of the second, and so on. */
export function* mergeFiles(tables: readonly FileTable[], words: PairWords, scratch: Scratch): Generator<undefined, FileTable> {
  const buckets = tables[0]!.starts.length - 1
  const starts = new Uint32Array(buckets + 1)
  for (const table of tables) for (let bucket = 0; bucket <= buckets; bucket++) starts[bucket]! += table.starts[bucket]!
  yield
  const file = scratch()
  try {
    for (let from = 0; from < buckets; from += BUCKETS_AT_ONCE) {
      const to = Math.min(from + BUCKETS_AT_ONCE, buckets)
      const runs = tables.map((table) => readRun(table, words, from, to).slice())
      const merged = new Uint32Array((starts[to]! - starts[from]!) * words)
      let at = 0
      const next = tables.map(() => 0)
      for (let bucket = from; bucket < to; bucket++) {
        for (const [index, table] of tables.entries()) {
          const length = (table.starts[bucket + 1]! - table.starts[bucket]!) * words
          merged.set(runs[index]!.subarray(next[index]!, next[index]! + length), at)
          next[index]! += length
          at += length
        }
      }
      file.write(bytesOf(merged, merged.length))
      yield
    }
  } catch (cause) {
    file.close()
    throw cause
  }
  return { count: starts[buckets]!, starts, file }
}

let buffer = new Uint32Array(1 << 14)

/** The pairs of some buckets, good until the next call. */
export function readRun({ starts, file, held }: FileTable, words: PairWords, from: number, to: number = from + 1): Uint32Array {
  if (held !== undefined) return held.subarray(starts[from]! * words, starts[to]! * words)
  const length = (starts[to]! - starts[from]!) * words
  if (length === 0) return buffer.subarray(0, 0)
  if (length > buffer.length) buffer = new Uint32Array(length * 2)
  file.read(bytesOf(buffer, length), starts[from]! * words * 4)
  return buffer.subarray(0, length)
}

/** Bytes that are read at once where a whole file is. */
const BLOCK = 1 << 24

/** Reads all pairs into memory. */
export function* holdTable(table: FileTable, words: PairWords): Generator<undefined, void> {
  const held = new Uint32Array(table.count * words)
  const bytes = bytesOf(held, held.length)
  for (let at = 0; at < bytes.length; at += BLOCK) {
    table.file.read(bytes.subarray(at, at + BLOCK), at)
    yield
  }
  table.held = held
}

/** Keeps a table's file, with where its buckets start behind the pairs; gives what it can be opened by. Undefined where files cannot be kept. */
export function* keepTable(table: FileTable, words: PairWords): Generator<undefined, KeptTable | undefined> {
  const { file, starts, count } = table
  if (file.name === undefined || file.keep === undefined) return undefined
  if (table.sum === undefined) {
    file.write(bytesOf(starts, starts.length))
    const sum = yield* sumOf(table, words)
    file.keep()
    table.sum = sum
  }
  return { name: file.name, count, sum: table.sum }
}

/** CRC-32 of a kept file as it is on the disk. */
export function* sumOf(
  { file, count, starts }: Pick<FileTable, 'file' | 'count' | 'starts'>,
  words: PairWords,
): Generator<undefined, number> {
  const size = count * words * 4 + starts.byteLength
  const block = new Uint8Array(Math.min(BLOCK, size))
  let sum = 0
  for (let at = 0; at < size; at += BLOCK) {
    const part = block.subarray(0, Math.min(BLOCK, size - at))
    file.read(part, at)
    sum = crc32(part, sum)
    yield
  }
  return sum
}

/** Opens a table that was kept. Its starts are read, its pairs are not. */
export function openTable({ count, sum }: KeptTable, file: ScratchFile, words: PairWords, buckets: number): FileTable {
  const starts = new Uint32Array(buckets + 1)
  file.read(bytesOf(starts, starts.length), count * words * 4)
  if (starts[buckets] !== count) throw damaged('a file of keys is another than was kept', { pairs: count })
  return { count, starts, file, sum }
}

function bytesOf(words: Uint32Array, length: number): Uint8Array {
  return new Uint8Array(words.buffer, words.byteOffset, length * 4)
}
