import type { PoolClient } from 'pg'
import { CODE_WORDS, permute } from '../codes/bands.ts'
import { nearestFilms } from '../frames/nearestFilms.ts'
import {
  type Alignment,
  agreeing,
  beyondChance,
  type FigureVote,
  figureVote,
  LEAST_FIGURES,
  LEAST_VOTES,
  offsetOfBin,
  PLACE_GRAIN,
  PLACES_AHEAD,
  strengthOf,
} from '../keys/align.ts'
import { LEAST_SHARED, MOST_HOLDERS, PART_DISTANCE } from '../limits.ts'
import { type Evidence, type FoundWork, filmEvidence } from '../rank.ts'
import type { Wanted } from '../search.ts'
import { askedLists, keysOfHit } from '../works/aligned.ts'
import { identityKey, isPlaced, type PlacedKeys, type WorkFeatures } from '../works/features.ts'
import { askedKeys, spaceOf } from './bandKeys.ts'
import { bitsOfBytes, identityNumber } from './rows.node.ts'

/** Fewer codes than this are compared one by one faster than keys are worth, and none is missed. */
const FEW_CODES = 50_000
/** What is remembered of an index from one question to the next. */
export interface IndexSize {
  /** Whether there were more codes than are compared one by one. */
  isLarge: boolean
}

/** Number of a code in its work, behind its distance in one number. */
const NUMBERS = 1 << 20

/** The planner cannot know how few rows have a key, and would rather read a table than a thousand lists of rows. */
const BY_KEYS = 'SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off; SET LOCAL max_parallel_workers_per_gather = 0'
const BY_READING = 'SET LOCAL enable_seqscan = on; SET LOCAL enable_indexscan = on; SET LOCAL max_parallel_workers_per_gather = 2'

/** What the database has that speaks for works like the query. To be called in a transaction that sees one state. */
export async function findEvidence(
  client: PoolClient,
  schema: string,
  features: WorkFeatures,
  wanted: Wanted,
  size: IndexSize,
  signal: AbortSignal | undefined,
): Promise<Evidence> {
  await client.query(`SET LOCAL jit = off; SET LOCAL work_mem = '64MB'; ${BY_KEYS}`)
  const isFilm = wanted.media === 'video'
  const codes = isFilm ? [] : await nearestCodes(client, schema, features, wanted, size, signal)
  const films = isFilm ? await filmsNear(client, schema, features, wanted, size, signal) : []
  signal?.throwIfAborted()
  const keys = isPlaced(wanted.media)
    ? await aligned(client, schema, features, wanted)
    : await sharedKeys(client, schema, 'keys', features.keys, wanted, LEAST_SHARED)
  signal?.throwIfAborted()
  const bands = await sharedKeys(client, schema, 'bands', features.bands, wanted, 1)
  return { codes, films, keys, bands, identical: await identicalWorks(client, schema, features, wanted) }
}

interface Near {
  work: string
  ordinal: bigint
  distance: number
  query: number
  number: number
  part?: 'query' | 'indexed'
}

async function nearestCodes(
  client: PoolClient,
  schema: string,
  { codes, asks = [], parts = [] }: WorkFeatures,
  wanted: Wanted,
  size: IndexSize,
  signal: AbortSignal | undefined,
): Promise<Evidence['codes']> {
  const { medium, threshold, k } = wanted
  const best = new Map<string, Near>()
  let within = threshold
  const look = async (code: Uint8Array, query: number, space: number, most: number, part?: Near['part']): Promise<void> => {
    signal?.throwIfAborted()
    for (const { work, ordinal, best: packed } of await codesNear(client, schema, space, code, Math.min(within, most), wanted, size)) {
      const [distance, number] = [Math.floor(Number(packed) / NUMBERS), Number(packed) % NUMBERS]
      const known = best.get(work)
      if (known !== undefined && known.distance <= distance) continue
      best.set(work, { work, ordinal: BigInt(ordinal), distance, query, number, ...(part === undefined ? {} : { part }) })
    }
    if (best.size < k) return
    // No more than the best are kept, and what is further off than the last of them need not be looked for.
    const kept = [...best.values()].sort(byDistance).slice(0, k)
    within = kept.at(-1)!.distance
    best.clear()
    for (const near of kept) best.set(near.work, near)
  }
  const whole = [...codes, ...asks]
  const ofCodes = spaceOf(medium, 'codes')
  const ofParts = spaceOf(medium, 'parts')
  for (const [query, code] of whole.entries()) await look(code, query, ofCodes, threshold)
  for (const [query, code] of whole.entries()) await look(code, query, ofParts, PART_DISTANCE, 'query')
  for (const [query, code] of parts.entries()) await look(code, whole.length + query, ofCodes, PART_DISTANCE, 'indexed')
  const found = [...best.values()].sort(byDistance)
  const known = await worksOf(
    client,
    schema,
    found.map(({ work }) => work),
  )
  // Parts are counted behind the codes of their work.
  const partsFirst = await codeCounts(
    client,
    schema,
    ofCodes,
    found.filter(({ part }) => part === 'query').map(({ work }) => work),
  )
  return found.map(({ work, distance, query, number, part }) => ({
    ...known.get(work)!,
    distance,
    query,
    indexed: part === 'query' ? number + (partsFirst.get(work) ?? 0) : number,
    ...(part === undefined ? {} : { part }),
  }))
}

const byDistance = (a: Near, b: Near): number => a.distance - b.distance || (a.ordinal < b.ordinal ? -1 : a.ordinal > b.ordinal ? 1 : 0)

/** The films with frames like the query's. */
async function filmsNear(
  client: PoolClient,
  schema: string,
  features: WorkFeatures,
  wanted: Wanted,
  size: IndexSize,
  signal: AbortSignal | undefined,
): Promise<Evidence['films']> {
  const { medium, threshold, k } = wanted
  const space = spaceOf(medium, 'codes')
  const found = await nearestFilms<string>(
    features,
    k,
    async (code, most) => {
      signal?.throwIfAborted()
      const rows = await framesNear(client, schema, space, code, threshold, most, wanted, size)
      // Which of the work's frames it is nobody needs to know yet; in order they are as their times are.
      return rows.map(({ work, number, distance }) => ({ work, indexed: number, place: number, distance }))
    },
    async (films) => {
      const counts = await codeCounts(client, schema, space, films)
      return (film) => counts.get(film)!
    },
  )
  const keys = found.map(({ work }) => work)
  const known = await worksOf(client, schema, keys)
  const best = found
    .map((film) => ({ film, work: known.get(film.work)! }))
    .sort((a, b) => b.film.shared - a.film.shared || a.film.nearest.distance - b.film.nearest.distance || a.work.order - b.work.order)
    .slice(0, k)
  const numbers = await codeNumbers(
    client,
    schema,
    space,
    best.map(({ film }) => film.work),
  )
  return best.map(({ film, work }) => {
    const indexed = numbers.get(film.work)!.indexOf(film.nearest.indexed)
    return filmEvidence(work, { ...film, nearest: { ...film.nearest, indexed } })
  })
}

/** Frames within a radius, those of films that were indexed first. */
async function framesNear(
  client: PoolClient,
  schema: string,
  space: number,
  code: Uint8Array,
  radius: number,
  most: number,
  wanted: Wanted,
  size: IndexSize,
): Promise<{ work: string; number: number; distance: number }[]> {
  const rows = await near<{ work: string; number: number; distance: string }>(client, schema, space, code, radius, most, wanted, size, {
    columns: `work, number, ${DISTANCE} AS distance`,
    order: 'ORDER BY ordinal, number',
  })
  return rows.map(({ distance, ...row }) => ({ ...row, distance: Number(distance) }))
}

/** Of each work the nearest of its codes within a radius, the nearest works first. */
async function codesNear(
  client: PoolClient,
  schema: string,
  space: number,
  code: Uint8Array,
  radius: number,
  wanted: Wanted,
  size: IndexSize,
): Promise<{ work: string; ordinal: string; best: string }[]> {
  const best = `min(${DISTANCE} * ${NUMBERS}::bigint + number)`
  return await near(client, schema, space, code, radius, wanted.k, wanted, size, {
    columns: `work, ordinal, ${best} AS best`,
    order: `GROUP BY work, ordinal ORDER BY ${best} / ${NUMBERS}, ordinal`,
  })
}

/** Bits between a row's code and the one that is asked for. */
const DISTANCE = 'bit_count(code # $1::bit(256))'

/** Codes of a space within a radius, by their keys or, where they are few or none may be missed, by reading all. */
async function near<Row extends object>(
  client: PoolClient,
  schema: string,
  space: number,
  code: Uint8Array,
  radius: number,
  most: number,
  { exact }: Wanted,
  size: IndexSize,
  { columns, order }: { columns: string; order: string },
): Promise<Row[]> {
  const words = new Uint32Array(CODE_WORDS)
  permute(code, words, 0)
  const parameters: unknown[] = [bitsOfBytes(code), radius, most]
  // One condition for each band: a single one would hold every row that is found against all keys of all bands.
  const reads = exact || (await hasFew(client, schema, size))
  const where = reads
    ? `space = ${space}`
    : `(${askedKeys(space, words, radius)
        .map((keys) => `bands && $${parameters.push(keys)}::integer[]`)
        .join(' OR ')})`
  if (reads) await client.query(BY_READING)
  const { rows } = await client.query<Row>(
    `SELECT ${columns} FROM ${schema}.codes WHERE ${where} AND ${DISTANCE} <= $2 ${order} LIMIT $3`,
    parameters,
  )
  if (reads) await client.query(BY_KEYS)
  return rows
}

async function hasFew(client: PoolClient, schema: string, size: IndexSize): Promise<boolean> {
  if (size.isLarge) return false
  const { rows } = await client.query<{ large: boolean }>(
    `SELECT count(*) > ${FEW_CODES} AS large FROM (SELECT 1 FROM ${schema}.codes LIMIT ${FEW_CODES + 1}) AS beginning`,
  )
  size.isLarge = rows[0]!.large
  return !size.isLarge
}

/** Ids of works and the order in which they were indexed, by their keys. */
async function worksOf(client: PoolClient, schema: string, keys: readonly string[]): Promise<Map<string, FoundWork>> {
  if (keys.length === 0) return new Map()
  const { rows } = await client.query<{ work: string; id: string; ordinal: string }>(
    `SELECT work, id, ordinal FROM ${schema}.works WHERE work = ANY($1::uuid[])`,
    [keys],
  )
  return new Map(rows.map(({ work, id, ordinal }) => [work, { id, order: Number(ordinal) }]))
}

/** How many codes of a space the works have. */
async function codeCounts(client: PoolClient, schema: string, space: number, works: readonly string[]): Promise<Map<string, number>> {
  if (works.length === 0) return new Map()
  const { rows } = await client.query<{ work: string; count: string }>(
    `SELECT work, count(*) FROM ${schema}.codes WHERE work = ANY($1::uuid[]) AND space = $2 GROUP BY work`,
    [works, space],
  )
  return new Map(rows.map(({ work, count }) => [work, Number(count)]))
}

/** The numbers of the works' codes, in order: of a film when its frames are. */
async function codeNumbers(client: PoolClient, schema: string, space: number, works: readonly string[]): Promise<Map<string, number[]>> {
  if (works.length === 0) return new Map()
  const { rows } = await client.query<{ work: string; numbers: number[] }>(
    `SELECT work, array_agg(number ORDER BY number) AS numbers FROM ${schema}.codes WHERE work = ANY($1::uuid[]) AND space = $2 GROUP BY work`,
    [works, space],
  )
  return new Map(rows.map(({ work, numbers }) => [work, numbers]))
}

async function sharedKeys(
  client: PoolClient,
  schema: string,
  column: 'keys' | 'bands',
  asked: BigUint64Array | undefined,
  { medium, k }: Wanted,
  least: number,
): Promise<Evidence['keys']> {
  const keys = [...new Set(asked ?? [])]
  if (keys.length === 0) return []
  const { rows } = await client.query<{ work: string; shared: string }>(
    `WITH held AS (
       SELECT asked.key, holder.work, holder.ordinal, count(*) OVER (PARTITION BY asked.key) AS holders
       FROM unnest($1::bigint[]) AS asked(key)
       CROSS JOIN LATERAL (
         SELECT work, ordinal FROM ${schema}.terms WHERE medium = $2 AND ${column} @> ARRAY[asked.key] LIMIT ${MOST_HOLDERS + 1}
       ) AS holder
     )
     SELECT work, count(*) AS shared FROM held WHERE holders <= ${MOST_HOLDERS}
     GROUP BY work, ordinal HAVING count(*) >= $3 ORDER BY count(*) DESC, ordinal LIMIT $4`,
    [keys.map((key) => String(BigInt.asIntN(64, key))), medium, least, k],
  )
  const known = await worksOf(
    client,
    schema,
    rows.map(({ work }) => work),
  )
  return rows.map(({ work, shared }) => ({ ...known.get(work)!, shared: Number(shared), of: keys.length }))
}

/** Works whose keys lie as the query's do. */
async function aligned(client: PoolClient, schema: string, features: WorkFeatures, { medium, k }: Wanted): Promise<Evidence['keys']> {
  const best = new Map<string, Alignment>()
  for (const { list, isFigures } of askedLists(features)) {
    for (const [work, alignment] of await (isFigures ? alignedFigures : alignedKeys)(client, schema, list, medium)) {
      const before = best.get(work)
      if (before === undefined || strengthOf(alignment) > strengthOf(before)) best.set(work, alignment)
    }
  }
  const known = await worksOf(client, schema, [...best.keys()])
  return [...best]
    .map(([work, alignment]) => ({ alignment, work: known.get(work)! }))
    .sort((a, b) => strengthOf(b.alignment) - strengthOf(a.alignment) || a.work.order - b.work.order)
    .slice(0, k)
    .map(({ alignment, work }) => ({ ...work, ...keysOfHit(alignment, features) }))
}

/** Works of which figures are aligned: those with the most in one place. */
const MOST_ALIGNED = 200

async function alignedFigures(
  client: PoolClient,
  schema: string,
  { keys, places }: PlacedKeys,
  medium: number,
): Promise<Map<string, Alignment>> {
  const pairs = `SELECT mark.work, asked.number, mark.place, asked.place AS asked
    FROM unnest($1::bigint[], $2::integer[], $3::integer[]) AS asked(key, place, number)
    JOIN ${schema}.landmarks AS mark ON mark.key = asked.key AND mark.key = ANY($1::bigint[]) AND mark.medium = $4`
  const numberOf = new Map<bigint, number>()
  const numbers = Array.from(keys, (key) => {
    const number = numberOf.get(key) ?? numberOf.size
    numberOf.set(key, number)
    return number
  })
  const parameters = [Array.from(keys, String), [...places], numbers, medium]
  // Where most figures say about the same, first: the time in the work less that in the query, in steps so wide that no tempo leaves them.
  const { rows: likely } = await client.query<{ work: string }>(
    `WITH pairs AS (${pairs}), bins AS (
       SELECT work, (place >> 14) / 64 - (asked >> 14) / 64 AS bin, count(DISTINCT number) AS votes FROM pairs GROUP BY 1, 2
     ), sums AS (
       SELECT work, votes + CASE WHEN lead(bin) OVER following = bin + 1 THEN lead(votes) OVER following ELSE 0 END AS votes
       FROM bins WINDOW following AS (PARTITION BY work ORDER BY bin)
     ) SELECT work FROM sums GROUP BY work HAVING max(votes) >= ${LEAST_FIGURES} ORDER BY max(votes) DESC, work LIMIT ${MOST_ALIGNED}`,
    parameters,
  )
  if (likely.length === 0) return new Map()
  const { rows } = await client.query<{ work: string; number: number; place: number; asked: number }>(
    `${pairs} WHERE mark.work = ANY($5::uuid[]) ORDER BY mark.work, asked.number, mark.place, asked.place`,
    [...parameters, likely.map(({ work }) => work)],
  )
  const votes = new Map<string, FigureVote[]>()
  for (const { work, number, place, asked } of rows) {
    const vote = figureVote(place, asked, number)
    if (vote === undefined) continue
    const own = votes.get(work)
    if (own === undefined) votes.set(work, [vote])
    else own.push(vote)
  }
  const found = new Map<string, Alignment>()
  for (const [work, own] of votes) {
    const best = agreeing(own)
    if (best !== undefined) found.set(work, best)
  }
  return found
}

async function alignedKeys(
  client: PoolClient,
  schema: string,
  { keys, places }: PlacedKeys,
  medium: number,
): Promise<Map<string, Alignment>> {
  const rows = await alignedRows(client, schema, keys, places, medium)
  return new Map(rows.map(({ work, bin, votes }) => [work, { votes: Number(votes), offset: offsetOfBin(bin) }]))
}

async function alignedRows(
  client: PoolClient,
  schema: string,
  keys: BigUint64Array,
  places: Uint32Array,
  medium: number,
): Promise<{ work: string; bin: number; votes: string }[]> {
  // An offset near the border of two bins has votes in both; of bins as good as each other the first counts.
  const { rows } = await client.query<{ work: string; bin: number; votes: string; pairs: string; works: string; place: number }>(
    `WITH votes AS MATERIALIZED (
       SELECT mark.work, mark.key, mark.place, ((mark.place - asked.place + ${PLACES_AHEAD}::bigint) / ${PLACE_GRAIN})::integer AS bin
       FROM unnest($1::bigint[], $2::integer[]) AS asked(key, place)
       JOIN ${schema}.landmarks AS mark ON mark.key = asked.key AND mark.key = ANY($1::bigint[]) AND mark.medium = $3
     ), bins AS (
       SELECT work, bin, count(DISTINCT key) AS votes FROM votes GROUP BY work, bin
     ), pairs AS (
       SELECT work, bin, votes + CASE WHEN lead(bin) OVER following = bin + 1 THEN lead(votes) OVER following ELSE 0 END AS votes
       FROM bins WINDOW following AS (PARTITION BY work ORDER BY bin)
     )
     SELECT DISTINCT ON (work) work, bin, votes, (SELECT count(*) FROM votes) AS pairs, (SELECT count(DISTINCT work) FROM votes) AS works,
       (SELECT avg(place)::float8 FROM votes) AS place FROM pairs WHERE votes >= ${LEAST_VOTES} ORDER BY work, votes DESC, bin`,
    [Array.from(keys, (key) => String(BigInt.asIntN(64, key))), [...places], medium],
  )
  return rows.filter(({ votes, pairs, works, place }) => Number(votes) >= beyondChance(Number(pairs), Number(works), place))
}

async function identicalWorks(client: PoolClient, schema: string, { sha256 }: WorkFeatures, { medium, k }: Wanted): Promise<FoundWork[]> {
  if (sha256 === undefined) return []
  const { rows } = await client.query<{ id: string; ordinal: string }>(
    `SELECT id, ordinal FROM ${schema}.works WHERE identity = $1 AND medium = $2 ORDER BY ordinal LIMIT $3`,
    [String(identityNumber(identityKey(sha256))), medium, k],
  )
  return rows.map(({ id, ordinal }) => ({ id, order: Number(ordinal) }))
}
