import { sha256 } from '@noble/hashes/sha2.js'
import type { PoolClient } from 'pg'
import { ColophonError } from '../../errors/base.ts'
import { CODE_WORDS, permute, restore } from '../codes/bands.ts'
import type { StoredWork } from '../log/record.ts'
import { MEDIA } from '../works/features.ts'
import { decodeId, encodeId } from '../works/ids.ts'
import { bandKeys, spaceOf } from './bandKeys.ts'
import { type Cell, loadRows } from './copy.node.ts'
import { TABLE_NAMES } from './schema.ts'

const KINDS = ['codes', 'parts'] as const

/** The number that a work has in all tables: the first half of the SHA-256 of its id. @throws ColophonError `INDEX_WORK_INVALID` */
export function workKey(id: string): Uint8Array {
  encodeId(id)
  if (id.includes('\0')) {
    throw new ColophonError('INDEX_WORK_INVALID', 'The id of a work is not valid.', {
      hint: 'A database takes no zero characters in ids.',
      details: { field: 'id', found: id.slice(0, 300) },
    })
  }
  return sha256(new TextEncoder().encode(id)).subarray(0, 16)
}

export function uuidOf(id: string): string {
  return Buffer.from(workKey(id)).toString('hex')
}

/** Where the tables are, and whether their partitions are on other servers. */
export interface Where {
  schema: string
  elsewhere: boolean
}

/** Puts works in place of those with the same ids; to be called in a transaction. */
export async function putWorks(client: PoolClient, { schema, elsewhere }: Where, works: readonly StoredWork[]): Promise<void> {
  // Of works with one id in one group the last one counts.
  const latest = new Map<string, StoredWork>()
  for (const work of works) {
    const id = decodeId(work.id)
    latest.delete(id)
    latest.set(id, work)
  }
  const ids = [...latest.keys()]
  // One transaction on one server leaves no work half there, so its row tells whether there is anything. Several servers may have ended differently.
  await deleteWorks(client, schema, elsewhere ? ids : await existing(client, schema, ids))
  const { rows } = await client.query<{ ordinal: string }>(`SELECT nextval('${schema}.ordinals') AS ordinal FROM generate_series(1, $1)`, [
    ids.length,
  ])
  const ordinals = rows.map(({ ordinal }) => BigInt(ordinal)).sort((a, b) => (a < b ? -1 : 1))
  const all = [...latest.values()].map((work, index) => ({
    ...work,
    name: ids[index]!,
    key: { type: 'uuid', bytes: workKey(ids[index]!) } satisfies Cell,
    ordinal: { type: 'int8', number: ordinals[index]! } satisfies Cell,
    of: { type: 'int2', number: work.medium } satisfies Cell,
  }))
  type Row = (typeof all)[number]
  const copy = async (
    table: string,
    columns: string,
    wanted: (work: Row) => boolean,
    rowsOf: (work: Row) => Iterable<Cell[]>,
  ): Promise<void> => {
    const some = all.filter(wanted)
    if (some.length === 0) return
    function* each(): Generator<Cell[]> {
      for (const work of some) yield* rowsOf(work)
    }
    await loadRows(client, `${schema}.${table}`, columns, each(), elsewhere)
  }
  await copy(
    'codes',
    'work, ordinal, space, number, code, bands',
    ({ codes, parts }) => codes.length + parts.length > 0,
    function* (work) {
      for (const kind of KINDS) {
        const space = spaceOf(work.medium, kind)
        const words = work[kind]
        for (let at = 0; at < words.length; at += CODE_WORDS) {
          yield [
            work.key,
            work.ordinal,
            { type: 'int2', number: space },
            // Of a film's frame when it is: they are in the same order.
            {
              type: 'int4',
              number: kind === 'codes' && work.medium === FILM && work.places.length > 0 ? work.places[at / CODE_WORDS]! : at / CODE_WORDS,
            },
            { type: 'code', bytes: restore(words, at) },
            { type: 'int4s', numbers: bandKeys(space, words, at) },
          ]
        }
      }
    },
  )
  await copy(
    'terms',
    'work, ordinal, medium, keys, bands',
    ({ medium, keys, places, bands }) => (places.length === 0 || medium === FILM) && keys.length + bands.length > 0,
    ({ key, ordinal, of, keys, bands }) => [[key, ordinal, of, { type: 'int8s', words: keys }, { type: 'int8s', words: bands }]],
  )
  await copy(
    'landmarks',
    'work, medium, key, place',
    ({ medium, places }) => places.length > 0 && medium !== FILM,
    function* ({ key, of, keys, places }) {
      for (let index = 0; index < places.length; index++) {
        const number = (BigInt(keys[index * 2 + 1]!) << 32n) | BigInt(keys[index * 2]!)
        yield [key, of, { type: 'int8', number }, { type: 'int4', number: places[index]! }]
      }
    },
  )
  // Last, so that a work that is there has all that belongs to it.
  await copy(
    'works',
    'work, ordinal, id, medium, identity',
    () => true,
    ({ key, ordinal, name, of, identity }) => [
      [key, ordinal, { type: 'text', bytes: Buffer.from(name, 'utf8') }, of, identityCell(identity)],
    ],
  )
}

function identityCell(words: Uint32Array): Cell {
  return words.length === 0 ? undefined : { type: 'int8', number: identityNumber(words) }
}

/** An identity of two words as the database has it. */
export function identityNumber(words: Uint32Array): bigint {
  return BigInt.asIntN(64, (BigInt(words[1]!) << 32n) | BigInt(words[0]!))
}

async function existing(client: PoolClient, schema: string, ids: readonly string[]): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(`SELECT id FROM ${schema}.works WHERE work = ANY($1::uuid[])`, [ids.map(uuidOf)])
  return rows.map(({ id }) => id)
}

/** Removes works and all that is known of them; gives how many there were. To be called in a transaction. */
export async function deleteWorks(client: PoolClient, schema: string, ids: readonly string[]): Promise<number> {
  if (ids.length === 0) return 0
  const keys = ids.map(uuidOf)
  let removed = 0
  for (const table of TABLE_NAMES) {
    const { rowCount } = await client.query(`DELETE FROM ${schema}.${table} WHERE work = ANY($1::uuid[])`, [keys])
    if (table === 'works') removed = rowCount ?? 0
  }
  return removed
}

/** Works in the form that logs have, in their order, from an ordinal on. */
export async function readWorks(
  client: PoolClient,
  schema: string,
  { after, most, id }: { after?: bigint; most: number; id?: string },
): Promise<{ ordinal: bigint; work: StoredWork; bands: number[][] }[]> {
  const [where, value] = id === undefined ? ['ordinal > $1', String(after ?? 0n)] : ['work = $1', uuidOf(id)]
  const { rows } = await client.query<{ work: string; ordinal: string; id: string; medium: number; identity: string | null }>(
    `SELECT work, ordinal, id, medium, identity FROM ${schema}.works WHERE ${where} ORDER BY ordinal LIMIT $2`,
    [value, most],
  )
  const keys = rows.map(({ work }) => work)
  const of = async <Row extends { work: string }>(columns: string, table: string, order: string): Promise<Map<string, Row[]>> => {
    const found = await client.query<Row>(
      `SELECT work, ${columns} FROM ${schema}.${table} WHERE work = ANY($1::uuid[]) ORDER BY ${order}`,
      [keys],
    )
    return grouped(found.rows)
  }
  const codes = await of<{ work: string; space: number; number: number; code: string; bands: number[] }>(
    'space, number, code, bands',
    'codes',
    'work, space, number',
  )
  const terms = await of<{ work: string; keys: string[]; bands: string[] }>('keys, bands', 'terms', 'work')
  const landmarks = await of<{ work: string; key: string; place: number }>('key, place', 'landmarks', 'work, place, key')
  return rows.map(({ work, ordinal, id: name, medium, identity }) => {
    const own = codes.get(work) ?? []
    const term = terms.get(work)?.[0]
    const marks = landmarks.get(work)
    return {
      ordinal: BigInt(ordinal),
      bands: own.map(({ bands }) => bands),
      work: {
        id: encodeId(name),
        medium,
        identity: identity === null ? NONE : wordsOfKeys([identity]),
        codes: wordsOfCodes(own.filter(({ space }) => space === spaceOf(medium, 'codes'))),
        parts: wordsOfCodes(own.filter(({ space }) => space === spaceOf(medium, 'parts'))),
        keys: marks === undefined ? wordsOfKeys(term?.keys ?? []) : wordsOfKeys(marks.map(({ key }) => key)),
        places: medium === FILM ? moments(own) : Uint32Array.from(marks ?? [], ({ place }) => place),
        bands: wordsOfKeys(term?.bands ?? []),
      },
    }
  })
}

/** When the frames of a film are, where they are not just one after the other. */
function moments(codes: readonly { number: number }[]): Uint32Array {
  return codes.every(({ number }, at) => number === at) ? NONE : Uint32Array.from(codes, ({ number }) => number)
}

const FILM = MEDIA.indexOf('video')
const NONE = new Uint32Array(0)

function grouped<Row extends { work: string }>(rows: readonly Row[]): Map<string, Row[]> {
  const groups = new Map<string, Row[]>()
  for (const row of rows) {
    const group = groups.get(row.work)
    if (group === undefined) groups.set(row.work, [row])
    else group.push(row)
  }
  return groups
}

function wordsOfKeys(keys: readonly string[]): Uint32Array {
  return new Uint32Array(BigInt64Array.from(keys, BigInt).buffer)
}

function wordsOfCodes(rows: readonly { code: string }[]): Uint32Array {
  const words = new Uint32Array(rows.length * CODE_WORDS)
  for (const [index, { code }] of rows.entries()) permute(bytesOfBits(code), words, index * CODE_WORDS)
  return words
}

/** A code as the database writes it: 256 digits, 0 or 1. */
export function bitsOfBytes(code: Uint8Array): string {
  let bits = ''
  for (const byte of code) bits += byte.toString(2).padStart(8, '0')
  return bits
}

function bytesOfBits(bits: string): Uint8Array {
  return Uint8Array.from({ length: bits.length / 8 }, (_, byte) => Number.parseInt(bits.slice(byte * 8, byte * 8 + 8), 2))
}
