import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import pg from 'pg'
import type { PostgresConnection } from '../src/search/postgres/index.ts'
import { fromDebian } from './debian.ts'

/** A PostgreSQL server of the test's own, on the loopback address, with an empty cluster. */
export interface PostgresServer {
  readonly connection: PostgresConnection
  /** Asks it something outside of any index. */
  ask(sql: string): Promise<{ rows: Record<string, unknown>[] }>
  /** Kills it as a power cut would. */
  kill(): Promise<void>
  /** Starts it again, on the same port. */
  start(): Promise<void>
  /** Stops it and removes its files. */
  stop(): Promise<void>
}

const ROOT = '/usr/lib/postgresql'

/** Where the newest server's programs are; undefined where there is none. */
function programs(): string | undefined {
  if (!existsSync(ROOT)) return undefined
  const newest = readdirSync(ROOT)
    .map(Number)
    .filter((version) => version >= 14 && existsSync(join(ROOT, String(version), 'bin', 'postgres')))
    .sort((a, b) => b - a)[0]
  return newest === undefined ? undefined : join(ROOT, String(newest), 'bin')
}

/** Undefined where there is no PostgreSQL and none can be installed. */
export async function startPostgres(more: Readonly<Record<string, string>> = {}): Promise<PostgresServer | undefined> {
  if (!fromDebian('postgresql', () => programs() !== undefined)) return undefined
  const bin = programs()!
  // The server refuses to run as root.
  const owner: { uid?: number; gid?: number } = process.getuid?.() === 0 ? idsOf('postgres') : {}
  // Not in the folder for temporary files that a run of tests has of its own: only its owner may enter that.
  const folder = mkdtempSync('/tmp/colophon-postgres-')
  if (owner.uid !== undefined) chownSync(folder, owner.uid, owner.gid!)
  const data = join(folder, 'data')
  execFileSync(join(bin, 'initdb'), ['-D', data, '-U', 'colophon', '-A', 'trust', '-E', 'UTF8', '--no-sync', '--locale=C.UTF-8'], {
    ...owner,
    stdio: 'pipe',
    cwd: folder,
  })
  const port = await freePort()
  const settings = {
    ...{ listen_addresses: '127.0.0.1', port, unix_socket_directories: '', shared_buffers: '128MB', max_connections: 30 },
    ...{ fsync: 'off', full_page_writes: 'off', max_wal_size: '2GB', autovacuum: 'off', log_min_messages: 'fatal' },
    ...more,
  }
  let server: ChildProcess | undefined

  async function start(): Promise<void> {
    const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
    server = spawn(join(bin, 'postgres'), ['-D', data, ...args], { ...owner, stdio: 'ignore', cwd: folder })
    for (let attempt = 0; ; attempt++) {
      const ready = execFileSync('sh', ['-c', `"${join(bin, 'pg_isready')}" -q -h 127.0.0.1 -p ${port} -U colophon; echo $?`], {
        encoding: 'utf8',
      })
      if (ready.trim() === '0') return
      if (server.exitCode !== null || attempt === 300) throw new Error(`PostgreSQL did not start on port ${port}.`)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return
    const exit = once(server, 'exit')
    server.kill(signal)
    await exit
    server = undefined
  }

  await start()
  const connection = { host: '127.0.0.1', port, database: 'postgres', user: 'colophon' }
  return {
    connection,
    async ask(sql) {
      const client = new pg.Client(connection)
      await client.connect()
      try {
        const results = await client.query(sql)
        return { rows: (Array.isArray(results) ? results.at(-1) : results).rows }
      } finally {
        await client.end()
      }
    },
    // An immediate shutdown: no checkpoint, all connections cut; what was committed is recovered from the log.
    kill: () => end('SIGQUIT'),
    start,
    async stop() {
      await end('SIGINT')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function idsOf(user: string): { uid: number; gid: number } {
  const [uid, gid] = ['-u', '-g'].map((flag) => Number(execFileSync('id', [flag, user], { encoding: 'utf8' }))) as [number, number]
  return { uid, gid }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}
