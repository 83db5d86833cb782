import { invalidInput } from '../../input/input.ts'
import type { Database } from './database.ts'
import { openPostgres } from './postgres.node.ts'
import { createTables } from './schema.ts'
import { openSqlite, type SqliteDriver } from './sqlite.node.ts'

/** Where an index is kept. */
export type DatabasePlace =
  /** A SQLite file, which is made if it is not there. */
  | { file: string; driver?: SqliteDriver }
  /** A PostgreSQL database of its own, as `postgres://user:password@host:5432/name`. */
  | { postgres: string }

/**
 * Opens the database of an index and makes its tables if there are none.
 *
 * SQLite comes with Node.js from 22.13 on; on older ones the package `libsql` is asked for. PostgreSQL needs the package `pg`.
 * @throws DEPENDENCY_MISSING, DATABASE_UNREACHABLE, DATABASE_FOREIGN, DATABASE_FULL, DATABASE_FAULT, INVALID_INPUT
 */
export async function openDatabase(place: DatabasePlace): Promise<Database> {
  let database: Database
  if ('postgres' in place) {
    if (!/^postgres(ql)?:\/\//.test(place.postgres)) throw invalidInput('postgres', '(hidden)', 'a URL that begins with postgres://')
    database = await openPostgres(place.postgres)
  } else {
    if (typeof place.file !== 'string' || place.file === '' || place.file.startsWith(':'))
      throw invalidInput('file', place.file, 'the path of a file')
    database = await openSqlite(place.file, place.driver)
  }
  try {
    await createTables(database)
    return database
  } catch (fault) {
    await database.close()
    throw fault
  }
}
