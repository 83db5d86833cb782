import { mkdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { ColophonError } from '../../errors/base.ts'
import { type Database, databaseError, type Row, type Transaction, type Value } from './database.ts'

/** What Node's own SQLite and `libsql` have in common. */
interface Connection {
  exec(sql: string): unknown
  prepare(sql: string): { run(...values: Value[]): unknown; all(...values: Value[]): unknown[] }
  close(): unknown
}

/** Which binding opens a SQLite file: Node's own where there is one (from 22.13 on), else the package `libsql`. */
export type SqliteDriver = 'node' | 'libsql'

/** Milliseconds that a statement waits for another process. */
const PATIENCE = 10_000
/** Statements that stay prepared. */
const MOST_PREPARED = 200

/**
 * Opens or creates a SQLite file.
 * @throws DEPENDENCY_MISSING, DATABASE_FULL, DATABASE_FAULT
 */
export async function openSqlite(file: string, driver?: SqliteDriver): Promise<Database> {
  const connect = await loadDriver(driver)
  const path = resolve(file)
  try {
    mkdirSync(dirname(path), { recursive: true })
    // Readers have a connection of their own, so that they never see half a transaction.
    const writer = prepared(connect(path))
    try {
      // With a write-ahead log this survives a kill at any instant; a power cut may take the last blocks, which are then read again.
      // Another program's file is left as it is; that it is one, `createTables` says.
      const tables = writer.all<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'table'", [])
      if (tables.length === 0 || tables.some(({ name }) => name === 'meta')) writer.exec('PRAGMA journal_mode = WAL')
      writer.exec('PRAGMA synchronous = NORMAL')
      const reader = prepared(connect(path))
      return sqliteDatabase(writer, reader)
    } catch (fault) {
      writer.close()
      throw fault
    }
  } catch (fault) {
    throw databaseError(fault, `opening ${path}`)
  }
}

function sqliteDatabase(writer: Prepared, reader: Prepared): Database {
  let last: Promise<unknown> = Promise.resolve()
  const transaction: Transaction = {
    all: async <Found extends object>(sql: string, values: readonly Value[] = []) => writer.all<Found>(sql, values),
    async run(sql, values = []) {
      if (values.length === 0) writer.exec(sql)
      else writer.run(sql, values)
    },
    async insert(table, rows, { ifNew = false } = {}) {
      const [first] = rows
      if (first === undefined) return
      const columns = Object.keys(first)
      const sql = `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})${ifNew ? ' ON CONFLICT DO NOTHING' : ''}`
      for (const row of rows)
        writer.run(
          sql,
          columns.map((column) => row[column]!),
        )
    },
  }
  return {
    kind: 'sqlite',
    async all<Found extends object = Row>(sql: string, values: readonly Value[] = []) {
      try {
        return reader.all<Found>(sql, values)
      } catch (fault) {
        throw databaseError(fault, 'reading the index')
      }
    },
    async transaction(run) {
      const result = last.then(async () => {
        try {
          writer.exec('BEGIN IMMEDIATE')
          try {
            const value = await run(transaction)
            writer.exec('COMMIT')
            return value
          } catch (fault) {
            writer.exec('ROLLBACK')
            throw fault
          }
        } catch (fault) {
          throw databaseError(fault, 'writing the index')
        }
      })
      last = result.catch(() => undefined)
      return await result
    },
    async close() {
      await last
      reader.close()
      writer.close()
    },
  }
}

interface Prepared {
  exec(sql: string): void
  run(sql: string, values: readonly Value[]): void
  all<Found extends object>(sql: string, values: readonly Value[]): Found[]
  close(): void
}

/** A connection that prepares each statement once. */
function prepared(connection: Connection): Prepared {
  const statements = new Map<string, ReturnType<Connection['prepare']>>()
  let open = true
  const statement = (sql: string): ReturnType<Connection['prepare']> => {
    let found = statements.get(sql)
    if (found === undefined) {
      if (statements.size >= MOST_PREPARED) statements.clear()
      found = connection.prepare(sql)
      statements.set(sql, found)
    }
    return found
  }
  connection.exec(`PRAGMA busy_timeout = ${PATIENCE}`)
  return {
    exec: (sql) => void connection.exec(sql),
    run: (sql, values) => void statement(sql).run(...values),
    all: <Found>(sql: string, values: readonly Value[]) => statement(sql).all(...values) as Found[],
    close() {
      if (!open) return
      open = false
      statements.clear()
      connection.close()
    },
  }
}

async function loadDriver(wanted: SqliteDriver | undefined): Promise<(file: string) => Connection> {
  if (wanted !== 'libsql') {
    const found = await nodeSqlite()
    if (found !== undefined) return found
  }
  if (wanted === 'node') throw missing('This Node.js has no SQLite of its own.', 'Use Node.js 22.13 or newer, or: npm install libsql')
  try {
    const { default: Libsql } = await import('libsql')
    return (file) => new Libsql(file)
  } catch (cause) {
    throw missing(
      'SQLite is not there: this Node.js has none of its own, and the package libsql is not installed.',
      'npm install libsql',
      cause,
    )
  }
}

/** Node's own SQLite; undefined where there is none. */
async function nodeSqlite(): Promise<((file: string) => Connection) | undefined> {
  // Node 22 warns that it is experimental; which binding is used is nothing that the people at the terminal can change.
  const { emitWarning } = process
  process.emitWarning = () => {}
  try {
    const { DatabaseSync } = await import('node:sqlite')
    return (file) => new DatabaseSync(file)
  } catch {
    return undefined
  } finally {
    process.emitWarning = emitWarning
  }
}

function missing(message: string, hint: string, cause?: unknown): ColophonError {
  return new ColophonError('DEPENDENCY_MISSING', message, {
    hint,
    details: { package: 'libsql', node: process.version },
    ...(cause === undefined ? {} : { cause }),
  })
}
