import { ColophonError } from '../../errors/base.ts'

/** What a column holds. Amounts and ids are text, times and block numbers numbers. */
export type Value = string | number | null

/** One row by its columns. */
export type Row = Record<string, Value>

export interface Reader {
  /** Rows of a query whose parameters are written `?`. Sums must be cast to text: they may not fit a number. */
  all<Found extends object = Row>(sql: string, values?: readonly Value[]): Promise<Found[]>
}

export interface Transaction extends Reader {
  run(sql: string, values?: readonly Value[]): Promise<void>
  /** Inserts rows that all have the same columns; with `ifNew` those whose key is there already are left out. */
  insert(table: string, rows: readonly Row[], options?: { ifNew?: boolean }): Promise<void>
}

/** The database that an index is kept in: SQLite or PostgreSQL. Open one with `openDatabase`. */
export interface Database extends Reader {
  readonly kind: 'sqlite' | 'postgres'
  /** Runs something as a whole or not at all; one at a time. Other readers see nothing of it before it is done. */
  transaction<Result>(run: (transaction: Transaction) => Promise<Result>): Promise<Result>
  /** Counts what the tables hold, where the plans of queries go by that. */
  analyze?(): Promise<void>
  close(): Promise<void>
}

/** Turns what a driver threw into a typed error. */
export function databaseError(fault: unknown, action: string): ColophonError {
  if (fault instanceof ColophonError) return fault
  const { code, message = String(fault) } = fault as { code?: unknown; message?: string }
  const details = { code: typeof code === 'string' ? code : undefined }
  if (/ENOSPC|disk (is )?full|SQLITE_FULL|53100/i.test(`${code} ${message}`))
    return new ColophonError('DATABASE_FULL', `The disk of the database is full while ${action}.`, {
      hint: 'Make room and go on: what was committed is whole, and nothing else was written.',
      details,
      cause: fault,
    })
  if (/ECONNREFUSED|ECONNRESET|ENOTFOUND|EPIPE|terminat|connect|57P0|08\d{3}/i.test(`${code} ${message}`))
    return new ColophonError('DATABASE_UNREACHABLE', `The database cannot be reached while ${action}.`, {
      hint: 'Is it running, and is its address right? Run it again; it goes on where it was.',
      details,
      cause: fault,
    })
  return new ColophonError('DATABASE_FAULT', `The database refused while ${action}: ${message.split('\n')[0]}`, {
    hint: 'See the cause. Nothing of what was going on was written.',
    details,
    cause: fault,
  })
}
