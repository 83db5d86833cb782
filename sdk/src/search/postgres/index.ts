/**
 * An index of works in a PostgreSQL database. Node only; needs `pg` and `pg-copy-streams`.
 *
 * @packageDocumentation
 */
export type { PostgresConnection } from './connection.node.ts'
export { openPostgresIndex, type PostgresIndexOptions } from './postgresIndex.node.ts'
