import type { Pool, PoolClient } from 'pg'
import { ColophonError } from '../../errors/base.ts'
import { pauseFor } from '../../progress/pause.ts'
import type { PostgresConnection } from './settings.ts'

export interface Database {
  /** Runs in one transaction on a connection of the pool; again from the start when the connection is lost, the server restarts or another writer was first. */
  transaction<Value>(begin: string, run: (client: PoolClient) => Promise<Value>, signal?: AbortSignal): Promise<Value>
  /** The same for what is handed over piece by piece, and so cannot be done again. */
  stream<Item, Value>(begin: string, run: (client: PoolClient) => AsyncGenerator<Item, Value>): AsyncGenerator<Item, Value>
  /** Statements of their own, outside of a transaction. */
  run(sql: string): Promise<void>
  close(): Promise<void>
}

/** Opens a pool of connections. `patience`: milliseconds for which a lost connection is waited for. */
export async function openDatabase(
  connection: string | PostgresConnection,
  { connections, patience }: { connections: number; patience: number },
): Promise<Database> {
  const { Pool } = await loadPg()
  const settings = typeof connection === 'string' ? { connectionString: connection } : connection
  const pool: Pool = new Pool({
    ...settings,
    max: connections,
    application_name: 'colophon',
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
  })
  // A connection that is lost while nobody uses it is not an error of anybody; the pool drops it.
  pool.on('error', () => undefined)

  /** A connection of one's own, until it is given back. */
  async function take(): Promise<{ client: PoolClient; giveBack: (fault?: unknown) => void }> {
    const client = await pool.connect()
    // Without a listener a connection that breaks between two questions would end the process.
    const ignore = (): undefined => undefined
    client.on('error', ignore)
    return {
      client,
      giveBack(fault) {
        client.off('error', ignore)
        client.release(isLost(fault) ? (fault as Error) : undefined)
      },
    }
  }

  async function attempt<Value>(run: (client: PoolClient) => Promise<Value>): Promise<Value> {
    const { client, giveBack } = await take()
    let fault: unknown
    try {
      return await run(client)
    } catch (cause) {
      fault = cause
      throw cause
    } finally {
      giveBack(fault)
    }
  }

  async function persistently<Value>(run: () => Promise<Value>, signal: AbortSignal | undefined): Promise<Value> {
    const until = performance.now() + patience
    for (let pause = 50; ; pause = Math.min(pause * 2, 2000)) {
      signal?.throwIfAborted()
      try {
        return await run()
      } catch (cause) {
        signal?.throwIfAborted()
        if (!(isLost(cause) || isPassing(cause)) || performance.now() + pause > until) throw databaseError(cause)
        await pauseFor(pause, signal)
      }
    }
  }

  return {
    transaction: (begin, run, signal) =>
      persistently(
        () =>
          attempt(async (client) => {
            await client.query(begin)
            try {
              const value = await run(client)
              await client.query('COMMIT')
              return value
            } catch (cause) {
              if (!isLost(cause)) await client.query('ROLLBACK').catch(() => undefined)
              throw cause
            }
          }),
        signal,
      ),
    async *stream(begin, run) {
      const { client, giveBack } = await take().catch((cause: unknown) => {
        throw databaseError(cause)
      })
      let fault: unknown
      try {
        await client.query(begin)
        return yield* run(client)
      } catch (cause) {
        fault = cause
        throw databaseError(cause)
      } finally {
        // Also where the reader stops before the end.
        await client.query('ROLLBACK').catch((cause: unknown) => {
          fault ??= cause
        })
        giveBack(fault)
      }
    },
    run: (sql) =>
      persistently(async () => {
        await attempt((client) => client.query(sql))
      }, undefined),
    close: () => pool.end(),
  }
}

/** SQLSTATE of a fault of the server; of a connection's the code of the system's. */
function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : ''
}

/** Whether the connection is gone, and with it whether a commit was carried out: to do everything again is right either way. */
function isLost(cause: unknown): boolean {
  return (
    /^(08...|57P0[123]|ECONNRESET|ECONNREFUSED|EPIPE|ETIMEDOUT)$/.test(codeOf(cause)) ||
    (cause instanceof Error &&
      /Connection terminated|connection timeout|Client has encountered a connection error|not queryable/i.test(cause.message))
  )
}

/** Two writers at one work, or one waiting for the other. */
function isPassing(cause: unknown): boolean {
  return /^(40001|40P01|23505|53300)$/.test(codeOf(cause))
}

/** What a fault of the database means here. */
export function databaseError(cause: unknown): unknown {
  if (cause instanceof ColophonError || !(cause instanceof Error)) return cause
  const code = codeOf(cause)
  const details = { code, message: cause.message.slice(0, 500) }
  if (isLost(cause)) {
    return new ColophonError('INDEX_CONNECTION_LOST', `The connection to the database was lost: ${firstLine(cause)}.`, {
      hint: 'Nothing is half-done. When the server is there again, do it again: works that are in the index already are replaced with themselves.',
      details,
      cause,
    })
  }
  if (code === '53100') {
    return new ColophonError('INDEX_DISK_FULL', 'The disk of the database is full.', {
      hint: 'Make room, then do it again; what was acknowledged is there.',
      details,
      cause,
    })
  }
  if (/^(28...|3D000|3F000|42501)$/.test(code)) {
    return new ColophonError('INDEX_NOT_WRITABLE', `The database does not let us in: ${firstLine(cause)}.`, {
      hint: 'Check name, password and rights; the first start makes a schema and tables.',
      details,
      cause,
    })
  }
  // Not a fault of the database: a caller's iterable threw, or something of ours.
  if (!/^[0-9A-Z]{5}$/.test(code)) return cause
  return new ColophonError('INDEX_DATABASE_FAULT', `The database refused: ${firstLine(cause)}.`, {
    hint: 'The details have its code (SQLSTATE); nothing is half-done.',
    details,
    cause,
  })
}

function firstLine({ message }: Error): string {
  return message.split('\n')[0]!.replace(/\.$/, '')
}

/** @throws ColophonError `DEPENDENCY_MISSING` */
async function loadPg(): Promise<Pick<typeof import('pg'), 'Pool'>> {
  try {
    return (await import('pg')).default
  } catch (cause) {
    throw missing('pg', cause)
  }
}

export function missing(name: string, cause: unknown): ColophonError {
  return new ColophonError('DEPENDENCY_MISSING', `An index in PostgreSQL needs ${name}, which is not installed.`, {
    hint: 'Run: npm install pg pg-copy-streams',
    details: { package: name },
    cause,
  })
}
