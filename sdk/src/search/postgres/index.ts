/**
 * An index of works in a PostgreSQL database. Node only; needs `pg` and `pg-copy-streams`.
 *
 * @packageDocumentation
 */
export { openPostgresIndex, type PostgresIndexOptions } from './postgresIndex.node.ts'
export type { PostgresConnection } from './settings.ts'
