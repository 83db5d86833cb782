// Databases for tests: SQLite files, and a real PostgreSQL of Debian's on loopback.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { chmodSync, chownSync, globSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { DatabasePlace } from '../../src/indexer/index.ts'
import { fromDebian } from '../debian.ts'

export interface TestPostgres {
  /** A new, empty database. */
  create(): Promise<string>
  /** Ends the server without a word, as a crash does, and starts it again. */
  crash(): Promise<void>
  stop(): Promise<void>
}

/** Unprivileged user that every Linux has: PostgreSQL refuses to run as root. */
const NOBODY = 65_534

const newestServer = (): string | undefined => globSync('/usr/lib/postgresql/*/bin/postgres').sort().at(-1)

/** Starts PostgreSQL; undefined where there is none and none can be installed. */
export async function startPostgres(): Promise<TestPostgres | undefined> {
  if (!fromDebian('postgresql', () => newestServer() !== undefined)) return undefined
  const bin = dirname(newestServer()!)
  const user = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {}
  const folder = mkdtempSync(join(tmpdir(), 'colophon-postgres-'))
  chmodSync(folder, 0o700)
  if (user.uid !== undefined) chownSync(folder, NOBODY, NOBODY)
  const env = { PATH: process.env.PATH!, LC_ALL: 'C.UTF-8', HOME: folder }
  const data = join(folder, 'data')
  const made = spawnSync(join(bin, 'initdb'), ['-D', data, '-U', 'colophon', '--auth=trust', '--no-sync', '--encoding=UTF8'], {
    ...user,
    env,
    cwd: folder,
    encoding: 'utf8',
  })
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}`)
  const port = await freePort()
  let server: ChildProcess
  const url = (name: string): string => `postgres://colophon@127.0.0.1:${port}/${name}`

  async function start(): Promise<void> {
    server = spawn(
      join(bin, 'postgres'),
      ['-D', data, '-p', String(port), '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories=', '-c', 'fsync=off'],
      {
        ...user,
        env,
        cwd: folder,
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    )
    let said = ''
    await new Promise<void>((resolve, reject) => {
      server.stderr!.on('data', (chunk: Buffer) => {
        said += chunk.toString()
        if (said.includes('ready to accept connections')) resolve()
      })
      server.once('exit', (code) => reject(new Error(`postgres ended with ${code}: ${said}`)))
    })
  }
  async function end(signal: NodeJS.Signals): Promise<void> {
    const ended = new Promise((resolve) => server.once('exit', resolve))
    server.kill(signal)
    await ended
  }

  await start()
  let count = 0
  return {
    async create() {
      const name = `test_${++count}`
      const { default: pg } = await import('pg')
      const pool = new pg.Pool({ connectionString: url('postgres') })
      await pool.query(`CREATE DATABASE ${name}`)
      await pool.end()
      return url(name)
    },
    async crash() {
      await end('SIGQUIT')
      await start()
    },
    async stop() {
      await end('SIGINT')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const { port } = probe.address() as { port: number }
  await new Promise((resolve) => probe.close(resolve))
  return port
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
