// Tables of an index. Every row is of one work, and `work` is what all tables are partitioned by: a work with all that is known of it is on one
// partition, wherever that is. `work` is the first half of the SHA-256 of the id, so that whoever loads a work again replaces it.
//
// Parents have no index of their own: a table whose partitions are on other servers cannot have one. Each partition has them, and each of them has `work` in it
// but the GIN indexes, which are over arrays and say nothing about uniqueness; a distributed engine makes them on each shard as they are.

/** Version of the tables. */
export const SCHEMA_VERSION = 1

/** Tables that are partitioned, with the indexes of each partition, and the columns of keys that have GIN indexes. */
const TABLES: Readonly<Record<string, { columns: string; indexes: readonly string[]; keys?: readonly string[] }>> = {
  works: {
    columns: 'work uuid NOT NULL, ordinal bigint NOT NULL, id text NOT NULL, medium smallint NOT NULL, identity bigint',
    indexes: [
      'UNIQUE INDEX IF NOT EXISTS {name}_key ON {table} (work)',
      'INDEX IF NOT EXISTS {name}_identity ON {table} (identity, work)',
      'INDEX IF NOT EXISTS {name}_ordinal ON {table} (ordinal, work)',
    ],
  },
  codes: {
    columns:
      'work uuid NOT NULL, ordinal bigint NOT NULL, space smallint NOT NULL, number integer NOT NULL, code bit(256) NOT NULL, bands integer[] NOT NULL',
    indexes: ['UNIQUE INDEX IF NOT EXISTS {name}_key ON {table} (work, space, number)'],
    keys: ['bands'],
  },
  terms: {
    columns: 'work uuid NOT NULL, ordinal bigint NOT NULL, medium smallint NOT NULL, keys bigint[] NOT NULL, bands bigint[] NOT NULL',
    indexes: ['UNIQUE INDEX IF NOT EXISTS {name}_key ON {table} (work)'],
    keys: ['keys', 'bands'],
  },
  landmarks: {
    columns: 'work uuid NOT NULL, medium smallint NOT NULL, key bigint NOT NULL, place integer NOT NULL',
    indexes: ['INDEX IF NOT EXISTS {name}_work ON {table} (work)', 'INDEX IF NOT EXISTS {name}_key ON {table} (key, work, place)'],
  },
}

/** Names of the partitioned tables. */
export const TABLE_NAMES: readonly string[] = Object.keys(TABLES)

/** What stands before the tables: who made them, in which version. */
export function parentSql(schema: string): string {
  return [
    `CREATE SCHEMA IF NOT EXISTS ${schema}`,
    `CREATE TABLE ${schema}.colophon_index (version integer PRIMARY KEY, migrated timestamptz NOT NULL DEFAULT now())`,
    `CREATE SEQUENCE ${schema}.ordinals`,
    ...Object.entries(TABLES).map(([table, { columns }]) => `CREATE TABLE ${schema}.${table} (${columns}) PARTITION BY HASH (work)`),
    `INSERT INTO ${schema}.colophon_index (version) VALUES (${SCHEMA_VERSION})`,
  ].join(';\n')
}

/** Partitions of all tables on the server itself. */
export function partitionSql(schema: string, partitions: number): string {
  return each(partitions, (table, part) => [
    `CREATE TABLE ${schema}.${table}_${part} PARTITION OF ${schema}.${table} FOR VALUES WITH (MODULUS ${partitions}, REMAINDER ${part})`,
    ...indexesOf(schema, table, part),
  ])
}

/** One partition of all tables on the server that is to hold it, as tables of their own. */
export function shardSql(schema: string, part: number): string {
  return [
    `CREATE SCHEMA IF NOT EXISTS ${schema}`,
    ...Object.entries(TABLES).flatMap(([table, { columns }]) => [
      `CREATE TABLE IF NOT EXISTS ${schema}.${table}_${part} (${columns})`,
      ...indexesOf(schema, table, part),
    ]),
  ].join(';\n')
}

/** The same partition on the server that is asked, as what is elsewhere. */
export function foreignSql(schema: string, part: number, partitions: number, server: string): string {
  return TABLE_NAMES.map(
    (table) =>
      `CREATE FOREIGN TABLE ${schema}.${table}_${part} PARTITION OF ${schema}.${table} FOR VALUES WITH (MODULUS ${partitions}, REMAINDER ${part})
       SERVER ${server} OPTIONS (schema_name '${schema}', table_name '${table}_${part}')`,
  ).join(';\n')
}

function indexesOf(schema: string, table: string, part: number): string[] {
  const name = `${table}_${part}`
  return [
    ...TABLES[table]!.indexes.map((index) => `CREATE ${index.replaceAll('{name}', name).replaceAll('{table}', `${schema}.${name}`)}`),
    ...keyIndexesOf(schema, name).map(({ create }) => create),
  ]
}

/**
 * The GIN indexes of a partition, by its name. They are what a load spends most of its time with; into empty tables it goes without, and makes them afterwards.
 */
export function keyIndexesOf(schema: string, name: string): { index: string; create: string; drop: string }[] {
  const table = name.replace(/_\d+$/, '')
  return (TABLES[table]?.keys ?? []).map((column) => ({
    index: `${name}_${column}`,
    // Keys that were just added are gone through one by one until there are many: few large merges instead of many small ones.
    create: `CREATE INDEX IF NOT EXISTS ${name}_${column} ON ${schema}.${name} USING gin (${column}) WITH (fastupdate = on, gin_pending_list_limit = 16384)`,
    drop: `DROP INDEX IF EXISTS ${schema}.${name}_${column}`,
  }))
}

function each(partitions: number, sql: (table: string, part: number) => string[]): string {
  return TABLE_NAMES.flatMap((table) => Array.from({ length: partitions }, (_, part) => sql(table, part)).flat()).join(';\n')
}
