import type { PoolClient } from 'pg'
import { invalidInput } from '../../input/input.ts'
import { foreign, unsupported } from '../problems.ts'
import { type Database, openDatabase } from './connection.node.ts'
import { foreignSql, keyIndexesOf, parentSql, partitionSql, SCHEMA_VERSION, shardSql, TABLE_NAMES } from './schema.ts'
import type { PostgresConnection } from './settings.ts'

/** Where the tables are made, once. */
export interface Layout {
  schema: string
  /** Hash partitions on the server itself. */
  partitions: number
  /** Other servers, each of which holds one partition; none by default. */
  shards: readonly PostgresConnection[]
}

/** Any number that no other program locks by. */
const LOCK = 0x636f6c6f

/**
 * Makes the tables where there are none, and brings older ones up to date. Several processes may start at once.
 *
 * @throws ColophonError `INDEX_FOREIGN` where the schema holds something else, `INDEX_UNSUPPORTED` where it is of a later version
 */
export async function migrate(database: Database, layout: Layout): Promise<void> {
  const { schema } = layout
  await database.transaction('BEGIN', async (client) => {
    await client.query('SELECT pg_advisory_xact_lock($1)', [LOCK])
    if ((await versionOf(client, schema)) !== undefined) {
      await mendIndexes(client, schema)
      return
    }
    const { rows } = await client.query<{ name: string }>(
      'SELECT relname AS name FROM pg_class WHERE relnamespace = to_regnamespace($1) LIMIT 5',
      [schema],
    )
    if (rows.length > 0) {
      throw foreign(`the schema ${schema} holds other tables`, { schema, tables: rows.map(({ name }) => name) })
    }
    await client.query(parentSql(schema))
    if (layout.shards.length === 0) await client.query(partitionSql(schema, layout.partitions))
    else await joinShards(client, layout)
  })
}

/** A load into empty tables goes without indexes over keys; one that died has not made them again. */
async function mendIndexes(client: PoolClient, schema: string): Promise<void> {
  const { rows } = await client.query<{ name: string; indexes: string[] }>(
    `SELECT own.relname AS name, array(SELECT index.relname::text FROM pg_index JOIN pg_class AS index ON index.oid = indexrelid WHERE indrelid = own.oid) AS indexes
     FROM pg_class AS own WHERE own.relnamespace = to_regnamespace($1) AND own.relkind = 'r' AND own.relispartition`,
    [schema],
  )
  for (const { name, indexes } of rows) {
    for (const { index, create } of keyIndexesOf(schema, name)) if (!indexes.includes(index)) await client.query(create)
  }
}

/** Version of the tables there are, which is one that this release reads; undefined where there are none. @throws ColophonError `INDEX_UNSUPPORTED` */
export async function versionOf(client: PoolClient, schema: string): Promise<number | undefined> {
  const { rows } = await client.query<{ there: boolean }>('SELECT to_regclass($1) IS NOT NULL AS there', [`${schema}.colophon_index`])
  if (!rows[0]!.there) return undefined
  const found = await client.query<{ version: number | null }>(`SELECT max(version) AS version FROM ${schema}.colophon_index`)
  const version = found.rows[0]!.version ?? 0
  if (version !== SCHEMA_VERSION) throw unsupported(version, { schema, supported: SCHEMA_VERSION })
  return version
}

/** Whether partitions are on other servers. */
export async function hasForeign(client: PoolClient, schema: string): Promise<boolean> {
  const { rows } = await client.query<{ foreign: boolean }>(
    `SELECT EXISTS (SELECT 1 FROM pg_class WHERE relnamespace = to_regnamespace($1) AND relkind = 'f') AS "foreign"`,
    [schema],
  )
  return rows[0]!.foreign
}

/** Makes a partition on each of the other servers and joins them by postgres_fdw. */
async function joinShards(client: PoolClient, { schema, shards }: Layout): Promise<void> {
  await client.query('CREATE EXTENSION IF NOT EXISTS postgres_fdw')
  for (const [part, shard] of shards.entries()) {
    const database = await openDatabase(shard, { connections: 1, patience: 0 })
    try {
      await database.transaction('BEGIN', async (there) => {
        await there.query(shardSql(schema, part))
        for (const table of TABLE_NAMES) {
          const { rows } = await there.query<{ empty: boolean }>(`SELECT NOT EXISTS (SELECT 1 FROM ${schema}.${table}_${part}) AS empty`)
          if (!rows[0]!.empty) throw foreign(`server ${part} has rows in ${schema}.${table}_${part} already`, { schema, part })
        }
      })
    } finally {
      await database.close()
    }
    const server = `${schema}_${part}`
    const { host = 'localhost', port = 5432, database: name = 'postgres', user, password } = shard
    // What the session of the asking server sets for questions by key, those of the others do not know.
    const options = {
      host,
      port: String(port),
      dbname: name,
      fetch_size: '10000',
      async_capable: 'true',
      options: '-c enable_seqscan=off -c jit=off',
    }
    await client.query(`CREATE SERVER ${server} FOREIGN DATA WRAPPER postgres_fdw OPTIONS (${optionList(options)})`)
    const login = { ...(user === undefined ? {} : { user }), ...(password === undefined ? {} : { password }) }
    await client.query(`CREATE USER MAPPING FOR CURRENT_USER SERVER ${server} OPTIONS (${optionList(login)})`)
    await client.query(foreignSql(schema, part, shards.length, server))
  }
}

function optionList(options: Readonly<Record<string, string>>): string {
  return Object.entries(options)
    .map(([name, value]) => `"${name}" '${value.replaceAll("'", "''")}'`)
    .join(', ')
}

/** @throws ColophonError `INVALID_INPUT` */
export function checkedLayout({ schema, partitions, shards }: Layout): Layout {
  if (!/^[a-z_][a-z0-9_]{0,39}$/.test(schema)) throw invalidInput('schema', schema, 'lower-case letters, digits and _, at most 40')
  if (!Number.isInteger(partitions) || partitions < 1 || partitions > 1024)
    throw invalidInput('partitions', partitions, 'a whole number from 1 to 1,024')
  if (shards.length > 1024) throw invalidInput('shards', shards.length, 'at most 1,024')
  return { schema, partitions, shards }
}
