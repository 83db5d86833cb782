import type { PoolClient } from 'pg'
import { ColophonError } from '../../errors/base.ts'
import { publicUrl } from '../../errors/publicUrl.ts'
import { type Database, databaseError, type Row, type Transaction, type Value } from './database.ts'

/** Values that one statement takes; the protocol's limit is 65,535. */
const MOST_VALUES = 30_000
/** Milliseconds after which a query of a reader is given up. */
const PATIENCE = 30_000
/** Number of PostgreSQL's type int8, which the driver gives as text. */
const INT8 = 20

/**
 * Connects to a PostgreSQL database that is the index's own.
 * @throws DEPENDENCY_MISSING, DATABASE_UNREACHABLE, DATABASE_FAULT
 */
export async function openPostgres(url: string): Promise<Database> {
  const pg = await loadPg()
  const pool = new pg.Pool({
    connectionString: url,
    max: 4,
    connectionTimeoutMillis: 10_000,
    application_name: 'colophon-index',
    types: { getTypeParser: (type: number, format?: 'text' | 'binary') => (type === INT8 ? Number : pg.types.getTypeParser(type, format)) },
  })
  // A connection that breaks while nobody uses it is replaced at the next use.
  pool.on('error', () => {})
  try {
    await pool.query('SELECT 1')
  } catch (fault) {
    await pool.end().catch(() => undefined)
    throw databaseError(fault, `connecting to ${publicUrl(url)}`)
  }

  async function query<Found extends object>(client: Pick<PoolClient, 'query'>, sql: string, values: readonly Value[]): Promise<Found[]> {
    let number = 0
    const { rows } = await client.query(
      sql.replace(/\?/g, () => `$${++number}`),
      [...values],
    )
    return rows as Found[]
  }

  return {
    kind: 'postgres',
    async all<Found extends object = Row>(sql: string, values: readonly Value[] = []) {
      try {
        return await query<Found>(pool, sql, values)
      } catch (fault) {
        throw databaseError(fault, 'reading the index')
      }
    },
    async transaction(run) {
      let client: PoolClient | undefined
      let broken = false
      try {
        client = await pool.connect()
        // A break of the connection is told by the query that it breaks, or by the next one.
        client.on('error', ignore)
        const connected = client
        await connected.query('BEGIN')
        await connected.query(`SET LOCAL statement_timeout = ${10 * PATIENCE}`)
        const transaction: Transaction = {
          all: async <Found extends object>(sql: string, values: readonly Value[] = []) => await query<Found>(connected, sql, values),
          run: async (sql, values = []) => void (await query(connected, sql, values)),
          async insert(table, rows, { ifNew = false } = {}) {
            const [first] = rows
            if (first === undefined) return
            const columns = Object.keys(first)
            const tuple = `(${columns.map(() => '?').join(', ')})`
            const most = Math.floor(MOST_VALUES / columns.length)
            for (let from = 0; from < rows.length; from += most) {
              const part = rows.slice(from, from + most)
              await query(
                connected,
                `INSERT INTO ${table} (${columns.join(', ')}) VALUES ${part.map(() => tuple).join(', ')}${ifNew ? ' ON CONFLICT DO NOTHING' : ''}`,
                part.flatMap((row) => columns.map((column) => row[column]!)),
              )
            }
          },
        }
        try {
          const value = await run(transaction)
          await connected.query('COMMIT')
          return value
        } catch (fault) {
          await connected.query('ROLLBACK').catch(() => {
            broken = true
          })
          throw fault
        }
      } catch (fault) {
        throw databaseError(fault, 'writing the index')
      } finally {
        client?.off('error', ignore)
        client?.release(broken)
      }
    },
    async analyze() {
      try {
        await pool.query('ANALYZE')
      } catch (fault) {
        throw databaseError(fault, 'counting what the index holds')
      }
    },
    async close() {
      await pool.end()
    },
  }
}

function ignore(): void {}

async function loadPg(): Promise<Pick<typeof import('pg'), 'Pool' | 'types'>> {
  try {
    return (await import('pg')).default
  } catch (cause) {
    throw new ColophonError('DEPENDENCY_MISSING', 'PostgreSQL needs the package pg, which is not installed.', {
      hint: 'npm install pg',
      details: { package: 'pg' },
      cause,
    })
  }
}
