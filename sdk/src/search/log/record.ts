import { damaged } from '../problems.ts'

/*
 * What a log holds, version 2. Numbers are unsigned, 32 bits, little-endian; everything begins at a multiple of four bytes.
 *
 *   record    bytes of the payload, CRC-32 of the payload, CRC-32 of these two numbers, payload
 *   payload   kind: 1 works, 2 removals, 3 end; then for
 *   works     number of works W; the columns medium, identities (0 or 1), codes, parts, keys, places (none, or as many as keys; of a film as codes), bands; bytes of
 *             all ids; then all identities (8 bytes each), all codes and all parts (32 bytes each, permuted), all keys (8 bytes each), all places
 *             (4 bytes each), all bands (8 bytes each), all ids in their stored form, and zeros up to a multiple of four
 *   removals  number of ids, bytes of all ids, the ids, zeros
 *   end       works and removals in all records of the file: the file was closed in order, and nothing of it may be missing
 *   column    0 and the one number that all works have, or 1 and W numbers
 *
 * A record is there whole or not at all: its works were acknowledged together.
 */
const WORKS = 1
const REMOVALS = 2
const END = 3

/** Bytes before a payload. */
export const RECORD_HEADER = 12
/** Most bytes of a payload that are read: more is damage, not data. */
export const MOST_PAYLOAD: number = 1 << 28

/** A work in its stored form. */
export interface StoredWork {
  /** As `encodeId` gives it. */
  id: Uint8Array
  /** Its place in `MEDIA`. */
  medium: number
  /** Two words, or none. */
  identity: Uint32Array
  /** Eight words a code, permuted. */
  codes: Uint32Array
  /** As codes. */
  parts: Uint32Array
  /** Two words a key. */
  keys: Uint32Array
  /** One word a key, of a film one a code, or none. */
  places: Uint32Array
  /** Two words a band. */
  bands: Uint32Array
}

/** The parts of a work that are words, in the order of the log, and how many words each of them is. */
const FIELDS = [
  ['identity', 2],
  ['codes', 8],
  ['parts', 8],
  ['keys', 2],
  ['places', 1],
  ['bands', 2],
] as const

type Field = (typeof FIELDS)[number][0]

/** Words that a work takes in a log. */
export function wordsOf(work: StoredWork): number {
  let words = 0
  for (const [field] of FIELDS) words += work[field].length
  return words
}

export type Payload =
  | { kind: 'works'; works: StoredWork[] }
  | { kind: 'removals'; ids: Uint8Array[] }
  | { kind: 'end'; works: number; removals: number }

/** A payload in bytes. */
export function encodePayload(payload: Payload): Uint8Array<ArrayBuffer> {
  if (payload.kind === 'end') return new Uint8Array(Uint32Array.of(END, payload.works, payload.removals).buffer)
  if (payload.kind === 'removals') {
    const idBytes = sum(payload.ids, (id) => id.length)
    const bytes = new Uint8Array(12 + padded(idBytes))
    new Uint32Array(bytes.buffer).set([REMOVALS, payload.ids.length, idBytes])
    putAll(bytes, 12, payload.ids)
    return bytes
  }
  const { works } = payload
  const columns = [
    column(works.map(({ medium }) => medium)),
    ...FIELDS.map(([field, words]) => column(works.map((work) => work[field].length / words))),
  ]
  const idBytes = sum(works, ({ id }) => id.length)
  const head = 2 + sum(columns, ({ length }) => length) + 1
  const words = head + sum(works, wordsOf)
  const bytes = new Uint8Array(words * 4 + padded(idBytes))
  const view = new Uint32Array(bytes.buffer)
  view.set([WORKS, works.length])
  let at = 2
  for (const part of [...columns, [idBytes]]) {
    view.set(part, at)
    at += part.length
  }
  for (const [field] of FIELDS) {
    for (const work of works) {
      view.set(work[field], at)
      at += work[field].length
    }
  }
  putAll(
    bytes,
    at * 4,
    works.map(({ id }) => id),
  )
  return bytes
}

/** The works of a record as they lie there: making a view of each part of each work would take longer than all the rest of loading. */
export interface WorkColumns {
  count: number
  medium(work: number): number
  /** For each field how many words each work has, and those of all works, one behind the other. */
  fields: Record<Field, { lengthOf(work: number): number; words: Uint32Array }>
  ids: Uint8Array
}

/** Of the works of a record only their codes. */
export interface CodeColumns {
  count: number
  medium(work: number): number
  codes: { lengthOf(work: number): number; words: Uint32Array }
  parts: { lengthOf(work: number): number; words: Uint32Array }
}

/** Kind of a payload, and how many works or ids it has. */
export function payloadHead(bytes: Uint8Array): { kind: Payload['kind']; count: number } {
  if (bytes.length % 4 !== 0 || bytes.length < 12) throw damaged('a record has a wrong length', { bytes: bytes.length })
  const [kind, count] = new Uint32Array(bytes.buffer, bytes.byteOffset, 2) as unknown as [number, number]
  const names: Record<number, Payload['kind']> = { [WORKS]: 'works', [REMOVALS]: 'removals', [END]: 'end' }
  const name = names[kind]
  if (name === undefined) throw damaged('a record is of no known kind', { kind })
  return { kind: name, count }
}

/** What comes before the words of a payload of works. */
interface WorksHead {
  count: number
  medium(work: number): number
  /** For each field words of each work and of all, and where they begin, in words. */
  fields: Record<Field, { lengthOf(work: number): number; from: number; words: number }>
  idBytes: number
  /** Where the ids begin, in words. */
  end: number
}

/** Words of the longest head that a payload of so many works has. */
export function headWords(works: number): number {
  return 3 + (FIELDS.length + 1) * (works + 1)
}

/** @throws ColophonError `INDEX_DAMAGED` */
function decodeHead(view: Uint32Array): WorksHead {
  const count = view[1]!
  let at = 2
  const take = (length: number): Uint32Array => {
    if (at + length > view.length) throw damaged('a record ends too early')
    at += length
    return view.subarray(at - length, at)
  }
  const readColumn = (): { of: (work: number) => number; total: number } => {
    if (take(1)[0] === 0) {
      const same = take(1)[0]!
      return { of: () => same, total: same * count }
    }
    const numbers = take(count)
    let total = 0
    for (const number of numbers) total += number
    return { of: (work) => numbers[work]!, total }
  }
  const media = readColumn()
  const counts = FIELDS.map(() => readColumn())
  const idBytes = take(1)[0]!
  let from = at
  const fields = Object.fromEntries(
    FIELDS.map(([field, words], index) => {
      const { of, total } = counts[index]!
      from += total * words
      return [field, { lengthOf: (work: number) => of(work) * words, from: from - total * words, words: total * words }]
    }),
  ) as WorksHead['fields']
  return { count, medium: media.of, fields, idBytes, end: from }
}

/**
 * Reads a payload of works without taking the works apart.
 *
 * @throws ColophonError `INDEX_DAMAGED`
 */
export function decodeColumns(bytes: Uint8Array): WorkColumns {
  const view = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)
  const { count, medium, fields, idBytes, end } = decodeHead(view)
  if (end > view.length) throw damaged('a record ends too early')
  const columns = Object.fromEntries(
    FIELDS.map(([field]) => [
      field,
      { lengthOf: fields[field].lengthOf, words: view.subarray(fields[field].from, fields[field].from + fields[field].words) },
    ]),
  ) as WorkColumns['fields']
  return { count, medium, fields: columns, ids: idsAt(bytes, end * 4, idBytes, count) }
}

/**
 * Reads only the codes of a payload of works.
 *
 * @param head - the first {@link headWords} words of it, or all where it is shorter
 * @param read - words of the payload from a place on
 * @throws ColophonError `INDEX_DAMAGED`
 */
export async function decodeCodes(head: Uint32Array, read: (from: number, length: number) => Promise<Uint32Array>): Promise<CodeColumns> {
  const { count, medium, fields } = decodeHead(head)
  const { codes, parts } = fields
  const words = await read(codes.from, codes.words + parts.words)
  if (words.length !== codes.words + parts.words) throw damaged('a record ends too early')
  return {
    count,
    medium,
    codes: { lengthOf: codes.lengthOf, words: words.subarray(0, codes.words) },
    parts: { lengthOf: parts.lengthOf, words: words.subarray(codes.words) },
  }
}

/**
 * Reads a payload; its parts are views of the bytes, which must begin at a multiple of four in their buffer.
 *
 * @throws ColophonError `INDEX_DAMAGED`
 */
export function decodePayload(bytes: Uint8Array): Payload {
  const { kind, count } = payloadHead(bytes)
  const view = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)
  if (kind === 'end') return { kind, works: count, removals: view[2]! }
  if (kind === 'removals') return { kind, ids: split(idsAt(bytes, 12, view[2]!, count), count) }
  const { medium, fields, ids } = decodeColumns(bytes)
  const at = Object.fromEntries(FIELDS.map(([field]) => [field, 0])) as Record<Field, number>
  const works = split(ids, count).map((id, work): StoredWork => {
    const part = (field: Field): Uint32Array => {
      const from = at[field]
      at[field] += fields[field].lengthOf(work)
      return fields[field].words.subarray(from, at[field])
    }
    const [identity, codes, parts, keys, places, bands] = FIELDS.map(([field]) => part(field)) as [
      Uint32Array,
      Uint32Array,
      Uint32Array,
      Uint32Array,
      Uint32Array,
      Uint32Array,
    ]
    return { id, medium: medium(work), identity, codes, parts, keys, places, bands }
  })
  return { kind: 'works', works }
}

/** Bytes of a stored id that begins here. */
export function idLength(bytes: Uint8Array, at: number): number {
  return 1 + (bytes[at] === 0 ? 32 : bytes[at]!)
}

/** The ids at the end of a payload, if they are as many as they should be. */
function idsAt(bytes: Uint8Array, start: number, size: number, count: number): Uint8Array {
  if (start + padded(size) !== bytes.length || count > size) throw damaged('the ids of a record have a wrong length')
  const ids = bytes.subarray(start, start + size)
  let at = 0
  for (let id = 0; id < count; id++) at += at < size ? idLength(ids, at) : size
  if (at !== size) throw damaged('the ids of a record have a wrong length')
  return ids
}

function split(ids: Uint8Array, count: number): Uint8Array[] {
  let at = 0
  return Array.from({ length: count }, () => {
    const start = at
    at += idLength(ids, at)
    return ids.subarray(start, at)
  })
}

function column(numbers: number[]): number[] {
  const [first = 0] = numbers
  return numbers.every((number) => number === first) ? [0, first] : [1, ...numbers]
}

function padded(bytes: number): number {
  return Math.ceil(bytes / 4) * 4
}

function sum<Item>(items: readonly Item[], of: (item: Item) => number): number {
  let total = 0
  for (const item of items) total += of(item)
  return total
}

function putAll(bytes: Uint8Array, start: number, parts: readonly Uint8Array[]): void {
  let at = start
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
}

/** A payload with its length and sum before it. */
export function framed(payload: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(RECORD_HEADER + payload.length)
  bytes.set(payload, RECORD_HEADER)
  const words = new Uint32Array(bytes.buffer, 0, 3)
  words.set([payload.length, crc32(payload)])
  words[2] = crc32(bytes.subarray(0, 8))
  return bytes
}

/** Length and sum of the payload that follows; undefined where these bytes are no head of a record. */
export function decodeRecordHead(bytes: Uint8Array): { length: number; sum: number } | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, RECORD_HEADER)
  const length = view.getUint32(0, true)
  if (view.getUint32(8, true) !== crc32(bytes.subarray(0, 8)) || length % 4 !== 0 || length > MOST_PAYLOAD) return undefined
  return { length, sum: view.getUint32(4, true) }
}

/** Eight tables, so that eight bytes are taken at once. */
let tables: readonly Uint32Array[] | undefined

/** CRC-32 (ISO 3309); of bytes that follow others from the sum of those. */
export function crc32(bytes: Uint8Array, before: number = 0): number {
  tables ??= crcTables()
  const [t0, t1, t2, t3, t4, t5, t6, t7] = tables as [
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
  ]
  let crc = ~before
  let at = 0
  for (const end = bytes.length - 7; at < end; at += 8) {
    const a = crc ^ (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24))
    crc =
      t7[a & 255]! ^
      t6[(a >>> 8) & 255]! ^
      t5[(a >>> 16) & 255]! ^
      t4[a >>> 24]! ^
      t3[bytes[at + 4]!]! ^
      t2[bytes[at + 5]!]! ^
      t1[bytes[at + 6]!]! ^
      t0[bytes[at + 7]!]!
  }
  for (; at < bytes.length; at++) crc = t0[(crc ^ bytes[at]!) & 255]! ^ (crc >>> 8)
  return (crc ^ 0xffffffff) >>> 0
}

function crcTables(): Uint32Array[] {
  const first = Uint32Array.from({ length: 256 }, (_, byte) => {
    let crc = byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
    return crc
  })
  const all = [first]
  for (let table = 1; table < 8; table++) all.push(all[table - 1]!.map((crc) => (crc >>> 8) ^ first[crc & 255]!))
  return all
}
