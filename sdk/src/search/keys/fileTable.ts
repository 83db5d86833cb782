import type { Table } from './keyStore.ts'

/** A file that only this process knows and that is gone with it. Reading and writing wait: a run of pairs is a few kilobytes, nearly always in the system's memory. */
export interface ScratchFile {
  /** Writes behind what is there. */
  write(bytes: Uint8Array): void
  /** Reads so many bytes from a place on. */
  read(into: Uint8Array, from: number): void
  close(): void
}

/** Makes scratch files. */
export type Scratch = () => ScratchFile

/** Pairs by bucket as in a {@link Table}, in a file: words of one pair together, so that a run is read at once. */
export interface FileTable {
  count: number
  starts: Uint32Array
  file: ScratchFile
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
export function readRun({ starts, file }: FileTable, words: PairWords, from: number, to: number = from + 1): Uint32Array {
  const length = (starts[to]! - starts[from]!) * words
  if (length === 0) return buffer.subarray(0, 0)
  if (length > buffer.length) buffer = new Uint32Array(length * 2)
  file.read(bytesOf(buffer, length), starts[from]! * words * 4)
  return buffer.subarray(0, length)
}

function bytesOf(words: Uint32Array, length: number): Uint8Array {
  return new Uint8Array(words.buffer, words.byteOffset, length * 4)
}
