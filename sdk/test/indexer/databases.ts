// Databases for tests: SQLite files, and a real PostgreSQL of Debian's on loopback.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DatabasePlace } from '../../src/indexer/index.ts'
import { startPostgres as startServer } from '../postgresServer.ts'

export interface TestPostgres {
  /** A new, empty database. */
  create(): Promise<string>
  /** Ends the server without a word, as a crash does, and starts it again. */
  crash(): Promise<void>
  stop(): Promise<void>
}

/** Starts PostgreSQL; undefined where there is none and none can be installed. */
export async function startPostgres(): Promise<TestPostgres | undefined> {
  const server = await startServer()
  if (server === undefined) return undefined
  let count = 0
  return {
    async create() {
      const name = `test_${++count}`
      await server.ask(`CREATE DATABASE ${name}`)
      const { host, port, user } = server.connection
      return `postgres://${user}@${host}:${port}/${name}`
    },
    async crash() {
      await server.kill()
      await server.start()
    },
    stop: () => server.stop(),
  }
}

/** One kind of database that the tests run on. */
export interface TestPlaces {
  next(): Promise<DatabasePlace>
  stop(): Promise<void>
}

export function sqlitePlaces(driver: 'node' | 'libsql'): TestPlaces {
  const folder = mkdtempSync(join(tmpdir(), 'colophon-sqlite-'))
  let count = 0
  return {
    next: async () => ({ file: join(folder, `${++count}.db`), driver }),
    stop: async () => rmSync(folder, { recursive: true, force: true }),
  }
}
