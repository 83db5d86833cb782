import { Inflate } from 'fflate'
import { type ExtractOptions, locked, tooLarge, unreadable } from './problems.ts'

// ZIP as EPUB and DOCX use it (ISO/IEC 21320-1): one disk, stored or deflated, no encryption, no ZIP64. Files are found by the central
// directory, as every program that opens books and documents does; what stands between the entries is not read.

/** Bytes that all parts together may unpack to. */
export const MOST_UNPACKED: number = 512 * 1024 * 1024
/** Text packs to a tenth or so; DEFLATE can reach 1,032 times, and only bombs do. */
export const MOST_RATIO = 250
/** Below so many bytes the ratio says nothing: a page of spaces is no bomb. */
const RATIO_FROM = 4 * 1024 * 1024
/** Entries of an archive. */
const MOST_ENTRIES = 65_534
/** DEFLATE makes at most some 4 MB of so many bytes. */
const STEP = 4096

const END_SIGNATURE = 0x06054b50
const ENTRY_SIGNATURE = 0x02014b50
const LOCAL_SIGNATURE = 0x04034b50
const END_BYTES = 22
const ENTRY_BYTES = 46
const LOCAL_BYTES = 30

interface Entry {
  flags: number
  method: number
  crc: number
  packed: number
  size: number
  at: number
}

export interface Archive {
  has(path: string): boolean
  /** The bytes of a part, in pieces. @throws ColophonError `TEXT_UNREADABLE`, `TEXT_LOCKED`, `TEXT_TOO_LARGE` */
  read(path: string): Generator<Uint8Array>
}

/** @throws ColophonError `TEXT_UNREADABLE` */
export function openArchive(bytes: Uint8Array, options: Pick<ExtractOptions, 'name' | 'signal'>): Archive {
  const entries = readDirectory(bytes, options)
  let unpacked = 0
  return {
    has: (path) => entries.has(path),
    *read(path) {
      const entry = entries.get(path)
      if (entry === undefined) throw unreadable(`it has no ${path}`, options)
      const packed = locate(bytes, entry, path, options)
      let size = 0
      let crc = 0xffffffff
      for (const piece of entry.method === 0 ? [packed] : inflated(packed, path, options)) {
        options.signal?.throwIfAborted()
        size += piece.length
        unpacked += piece.length
        if (unpacked > MOST_UNPACKED) throw tooLarge(`it unpacks to more than ${MOST_UNPACKED} bytes`, options, MOST_UNPACKED)
        if (size > RATIO_FROM && size > packed.length * MOST_RATIO)
          throw tooLarge(`${path} unpacks to more than ${MOST_RATIO} times its size`, options, MOST_RATIO)
        crc = addCrc(crc, piece)
        yield piece
      }
      if (size !== entry.size || (crc ^ 0xffffffff) >>> 0 !== entry.crc) throw unreadable(`${path} is damaged`, options)
    },
  }
}

function readDirectory(bytes: Uint8Array, options: Pick<ExtractOptions, 'name'>): Map<string, Entry> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let end = bytes.length - END_BYTES
  const first = Math.max(0, end - 0xffff)
  while (end >= first && view.getUint32(end, true) !== END_SIGNATURE) end--
  if (end < first) throw unreadable('the archive has no directory; it is cut short', options)
  const count = view.getUint16(end + 10, true)
  const size = view.getUint32(end + 12, true)
  let at = view.getUint32(end + 16, true)
  if (count > MOST_ENTRIES || at + size > end) throw unreadable('the directory of the archive is damaged', options)
  const entries = new Map<string, Entry>()
  const decoder = new TextDecoder()
  for (let i = 0; i < count; i++) {
    if (at + ENTRY_BYTES > end || view.getUint32(at, true) !== ENTRY_SIGNATURE)
      throw unreadable('the directory of the archive is damaged', options)
    const nameLength = view.getUint16(at + 28, true)
    const name = decoder.decode(bytes.subarray(at + ENTRY_BYTES, at + ENTRY_BYTES + nameLength))
    // Which of the two a program opens is anybody's guess, so there is no saying what the text is.
    if (entries.has(name)) throw unreadable(`the archive has two files ${name}`, options)
    entries.set(name, {
      flags: view.getUint16(at + 8, true),
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      packed: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      at: view.getUint32(at + 42, true),
    })
    at += ENTRY_BYTES + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
  }
  return entries
}

/** The packed bytes of an entry. */
function locate(bytes: Uint8Array, entry: Entry, path: string, options: Pick<ExtractOptions, 'name'>): Uint8Array {
  if ((entry.flags & 1) !== 0) throw locked(`${path} is encrypted`, options)
  if (entry.method !== 0 && entry.method !== 8) throw unreadable(`${path} is packed by method ${entry.method}`, options)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (entry.at + LOCAL_BYTES > bytes.length || view.getUint32(entry.at, true) !== LOCAL_SIGNATURE)
    throw unreadable(`${path} is not where the archive says`, options)
  const from = entry.at + LOCAL_BYTES + view.getUint16(entry.at + 26, true) + view.getUint16(entry.at + 28, true)
  if (from + entry.packed > bytes.length) throw unreadable(`${path} is cut short`, options)
  return bytes.subarray(from, from + entry.packed)
}

function* inflated(packed: Uint8Array, path: string, options: Pick<ExtractOptions, 'name'>): Generator<Uint8Array> {
  let pieces: Uint8Array[] = []
  const inflate = new Inflate((piece) => {
    pieces.push(piece)
  })
  for (let at = 0; at === 0 || at < packed.length; at += STEP) {
    try {
      inflate.push(packed.subarray(at, at + STEP), at + STEP >= packed.length)
    } catch (cause) {
      throw unreadable(`${path} is damaged`, options, cause)
    }
    yield* pieces
    pieces = []
  }
}

const CRC_TABLE = /* @__PURE__ */ Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte
  for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (0xedb88320 & -(crc & 1))
  return crc
})

/** CRC-32 (ISO 3309), without its first and last inversion. */
function addCrc(crc: number, bytes: Uint8Array): number {
  let sum = crc
  for (let i = 0; i < bytes.length; i++) sum = CRC_TABLE[(sum ^ bytes[i]!) & 255]! ^ (sum >>> 8)
  return sum
}
