import { type FileHandle, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import * as zlib from 'node:zlib'
import { damaged } from '../problems.ts'
import type { StateImage } from '../works/state.ts'
import { KEY_FILE, nameOf, putFile, readerOf } from './files.node.ts'
import { type CodeColumns, crc32, decodeCodes, decodeRecordHead, headWords, payloadHead, RECORD_HEADER } from './record.ts'

/*
 * What an index knows of its works but for their codes, so that opening need not read the whole log:
 *
 *     FOLDER/checkpoint   8 bytes of mark, version, bytes of what is described, bytes of columns (two words), CRC-32 of both, CRC-32 of all before; the description, JSON in
 *                         which columns of numbers stand as their kind and length; the columns, each from a multiple of eight
 *     FOLDER/keys-…       keys by bucket (see fileTable.ts), which the description names
 *
 * It says nothing that the log does not: where it is missing, damaged, of another version or of a log that was written anew, the log is read. It is put in place whole, after the
 * files that it names are on the disk.
 */
const NAME = 'checkpoint'
const MARK = 'CLPSTATE'
const VERSION = 1
const HEAD = 32
const BLOCK = 1 << 26

/** Where each record of works is: number of its file, and place in it. */
export interface Directory {
  numbers: Uint32Array
  ats: Float64Array
}

/** A state, and up to which place of the log it goes. */
export interface Checkpoint {
  generation: number
  number: number
  at: number
  /** Works and removals in that file up to there, and whether its end record is the last one. */
  works: number
  removals: number
  sealed: boolean
  records: Directory
  image: StateImage
}

const KINDS = { u8: Uint8Array, u32: Uint32Array, f64: Float64Array } as const
type Column = Uint8Array | Uint32Array | Float64Array
type Plain = string | number | boolean | Plain[] | { [name: string]: Plain }

/** Everything but columns, which are put aside. */
function described(value: unknown, columns: Column[]): Plain {
  for (const [kind, make] of Object.entries(KINDS)) {
    if (!(value instanceof make)) continue
    columns.push(value)
    return { column: kind, length: value.length }
  }
  if (Array.isArray(value)) return value.map((each) => described(each, columns))
  if (typeof value !== 'object' || value === null) return value as Plain
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, described(each, columns)]))
}

/** The other way round; columns are views of the bytes, which begin at a multiple of eight. */
function restored(plain: Plain, next: (kind: keyof typeof KINDS, length: number) => Column): unknown {
  if (Array.isArray(plain)) return plain.map((each) => restored(each, next))
  if (typeof plain !== 'object') return plain
  if ('column' in plain) return next(plain.column as keyof typeof KINDS, plain.length as number)
  return Object.fromEntries(Object.entries(plain).map(([name, each]) => [name, restored(each, next)]))
}

const padded = (bytes: number): number => Math.ceil(bytes / 8) * 8

/** That of the system is faster, where it has one. */
function sumOf(bytes: Uint8Array, before: number): number {
  return 'crc32' in zlib ? (zlib.crc32 as typeof crc32)(bytes, before) : crc32(bytes, before)
}

/** Files of keys that it names. */
export function keyFilesOf({ image: { identities, spaces } }: Checkpoint): string[] {
  return [identities, ...spaces.flatMap(({ keys, bands }) => [keys, bands])].flatMap(({ files }) => files.map(({ name }) => name))
}

export async function writeCheckpoint(root: string, checkpoint: Checkpoint): Promise<void> {
  const columns: Column[] = []
  const text = new TextEncoder().encode(JSON.stringify(described(checkpoint, columns)))
  const parts: Uint8Array[] = [text, new Uint8Array(padded(text.length) - text.length)]
  for (const { buffer, byteOffset, byteLength } of columns)
    parts.push(new Uint8Array(buffer, byteOffset, byteLength), new Uint8Array(padded(byteLength) - byteLength))
  const size = parts.reduce((sum, { length }) => sum + length, 0) - padded(text.length)
  const head = new Uint8Array(HEAD)
  head.set(new TextEncoder().encode(MARK))
  const words = new Uint32Array(head.buffer)
  words.set([VERSION, text.length, size % 2 ** 32, Math.floor(size / 2 ** 32), parts.reduce((sum, part) => sumOf(part, sum), 0)], 2)
  words[7] = crc32(head.subarray(0, 28))
  await putFile(root, NAME, [head, ...parts])
}

/** The checkpoint of a log; undefined where there is none that can be used, whatever is wrong with it. */
export async function readCheckpoint(root: string, generation: number): Promise<Checkpoint | undefined> {
  const file = await open(join(root, NAME), 'r').catch(() => undefined)
  if (file === undefined) return undefined
  try {
    const found = await readWhole(file)
    return found?.generation === generation && isSound(found) ? found : undefined
  } catch {
    return undefined
  } finally {
    await file.close()
  }
}

/** Its places are numbers, and the files that it names are in the folder. */
function isSound(found: Checkpoint): boolean {
  const { number, at, works, removals } = found
  return [number, at, works, removals].every(Number.isSafeInteger) && keyFilesOf(found).every((name) => KEY_FILE.test(name))
}

async function readWhole(file: FileHandle): Promise<Checkpoint | undefined> {
  const read = readerOf(file)
  const head = await read(0, HEAD)
  if (head.length < HEAD || new TextDecoder('latin1').decode(head.subarray(0, 8)) !== MARK) return undefined
  const words = new Uint32Array(head.buffer, head.byteOffset, HEAD / 4)
  if (words[2] !== VERSION || words[7] !== crc32(head.subarray(0, 28))) return undefined
  const [text, size] = [words[3]!, words[4]! + words[5]! * 2 ** 32]
  const length = padded(text) + size
  if ((await file.stat()).size !== HEAD + length) return undefined
  const body = new Uint8Array(length)
  let sum = 0
  for (let at = 0; at < length; at += BLOCK) {
    const part = await read(HEAD + at, Math.min(BLOCK, length - at))
    body.set(part, at)
    sum = sumOf(part, sum)
  }
  if (sum !== words[6]) return undefined
  let at = padded(text)
  return restored(JSON.parse(new TextDecoder().decode(body.subarray(0, text))) as Plain, (kind, count) => {
    const column = new KINDS[kind](body.buffer, at, count)
    at += padded(column.byteLength)
    return column
  }) as Checkpoint
}

/** Removes a checkpoint that is of another log than there is now, and files of keys. */
export async function removeCheckpoint(root: string, keyFiles: Iterable<string>): Promise<void> {
  await rm(join(root, NAME), { force: true })
  for (const name of keyFiles) await rm(join(root, name), { force: true })
}

/** Bytes that are read at once where records are small. */
const AHEAD = 1 << 20

/**
 * Codes of the works of these records, in their order, each good until the next is asked for. Only the parts of the records that have them are read, so that their sums cannot be
 * compared; `verify` does.
 *
 * @throws ColophonError `INDEX_DAMAGED`
 */
export async function* codesOfRecords(root: string, { numbers, ats }: Directory): AsyncGenerator<CodeColumns, void> {
  for (let record = 0; record < numbers.length; ) {
    const number = numbers[record]!
    const file = await open(join(root, nameOf(number)), 'r')
    try {
      const read = readerOf(file)
      let block: Uint8Array = new Uint8Array(0)
      let blockAt = 0
      const bytes = async (from: number, length: number): Promise<Uint8Array> => {
        if (from < blockAt || from + length > blockAt + block.length) {
          block = await read(from, Math.max(length, AHEAD))
          blockAt = from
        }
        return block.subarray(from - blockAt, from - blockAt + length)
      }
      const words = async (from: number, length: number): Promise<Uint32Array> => {
        const found = await bytes(from, length * 4)
        if (found.length !== length * 4) throw damaged(`${nameOf(number)} became shorter`, { file: nameOf(number), at: from })
        return new Uint32Array(found.buffer, found.byteOffset, length)
      }
      for (; numbers[record] === number; record++) {
        const at = ats[record]!
        const start = at + RECORD_HEADER
        const begin = await bytes(at, RECORD_HEADER + 12)
        const head = begin.length < RECORD_HEADER + 12 ? undefined : decodeRecordHead(begin)
        if (head === undefined) throw damaged(`${nameOf(number)} has no record at ${at}`, { file: nameOf(number), at })
        const { count } = payloadHead(begin.subarray(RECORD_HEADER))
        const longest = Math.min(headWords(count), head.length / 4)
        yield await decodeCodes(await words(start, longest), (from, length) => words(start + from * 4, length))
      }
    } finally {
      await file.close()
    }
  }
}
