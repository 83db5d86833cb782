// The replay origin: a page and a guard of ours, and ReplayWeb.page as it is, in one folder for any static host; and a server of it for `npm start`.
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, globSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize, sep } from 'node:path'
import { replayHeaders } from '../../dapp/build/replayPolicy.ts'
import { dapp } from '../setup/dapp.ts'
import { REPLAY_VIEWER } from '../setup/replayViewer.ts'
import { listen } from './listen.ts'

const root = join(import.meta.dirname, '..', '..')
const sources = join(dapp, 'replay')
/** Where our own files lie when they are compiled. */
const compiled = join(sources, 'dist')

/** Compiles our own files of the replay origin when they are newer than what was compiled. */
export function buildReplayPage(): void {
  const newest = (patterns: string[]): number =>
    Math.max(0, ...globSync(patterns, { cwd: sources }).map((file) => statSync(join(sources, file)).mtimeMs))
  if (newest(['dist/viewer/guard.js']) > newest(['*.{ts,json,html,css}', 'guard/*'])) return
  for (const project of ['tsconfig.json', join('guard', 'tsconfig.json')]) {
    const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
    const { status } = spawnSync(process.execPath, [tsc, '-p', join(sources, project)], { stdio: 'inherit' })
    if (status !== 0) throw new Error('The page that replays could not be compiled; what is wrong is above.')
  }
}

export interface ReplaySiteOptions {
  /** Folder of ReplayWeb.page; without one the page says that it has no viewer. */
  viewer: string | undefined
  /** Origins of the dApps that may show it. */
  embedders: readonly string[]
}

/** Whether a folder may be written anew: it is empty, not there, or has what was written here before. */
export function mayReplace(folder: string): boolean {
  if (!existsSync(folder)) return true
  if (!statSync(folder).isDirectory()) return false
  const has = readdirSync(folder)
  return has.length === 0 || ['index.html', 'replay.json', 'viewer'].every((name) => has.includes(name))
}

/**
 * Writes what the replay origin serves; what lay in the folder is gone.
 * @throws Error where that is anything but an older one of these: nothing is written
 */
export function writeReplaySite(folder: string, { viewer, embedders }: ReplaySiteOptions): void {
  if (!mayReplace(folder)) throw new Error(`${folder} has other things in it, and would be emptied.`)
  buildReplayPage()
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(join(folder, 'viewer'), { recursive: true })
  for (const file of ['index.html', 'host.css']) cpSync(join(sources, file), join(folder, file))
  for (const file of ['host.js', 'protocol.js', join('viewer', 'guard.js')]) cpSync(join(compiled, file), join(folder, file))
  writeFileSync(join(folder, 'replay.json'), `${JSON.stringify({ embedders })}\n`)
  if (viewer === undefined) return
  for (const file of ['ui.js', 'sw.js', 'LICENSE']) cpSync(join(viewer, file), join(folder, 'viewer', file))
  const { name, version, license } = REPLAY_VIEWER
  writeFileSync(
    join(folder, 'viewer', 'README.txt'),
    `ui.js and sw.js are ReplayWeb.page ${version}, unmodified, under ${license} (LICENSE).\nSource: https://github.com/webrecorder/replayweb.page, https://www.npmjs.com/package/${name}/v/${version}\nguard.js is part of Colophon, under Apache-2.0.\n`,
  )
}

const PLAIN = 'text/plain; charset=utf-8'
const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.txt': PLAIN,
}

export interface ReplayServer {
  port: number
  /** Lets the dApp on this port of this machine show it. */
  embeddedBy(port: string): void
  close(): Promise<void>
}

/** Serves the folder on 127.0.0.1, with the headers of `dapp/build/replayPolicy.ts`, and `replay.json` as it is then. */
export async function serveReplaySite(folder: string, port: number): Promise<ReplayServer> {
  let embedders: string[] = []
  const server = createServer((request, response) => {
    const host = request.headers.host ?? ''
    if (!/^(127\.0\.0\.1|localhost):\d+$/.test(host)) {
      response.writeHead(403).end()
      return
    }
    const headers = replayHeaders(`http://${host}`, embedders)
    const send = (status: number, type: string, body: string | Uint8Array): void => {
      response.writeHead(status, { 'content-type': type, 'cache-control': 'no-cache', ...headers }).end(body)
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') return send(405, PLAIN, 'Not here.')
    // As it was asked for: a request such as `//` is no address that `URL` takes, and nothing here has a query.
    const pathname = (request.url ?? '/').replace(/[?#].*$/s, '')
    if (pathname === '/replay.json') return send(200, TYPES['.json']!, JSON.stringify({ embedders }))
    const path = normalize(join(folder, pathname === '/' ? 'index.html' : pathname))
    if (!path.startsWith(folder + sep) || !existsSync(path) || !statSync(path).isFile()) return send(404, PLAIN, 'There is no such file.')
    send(200, TYPES[extname(path)] ?? PLAIN, readFileSync(path))
  })
  await listen(server, port, { option: '--replay-port' })
  return {
    port: (server.address() as AddressInfo).port,
    embeddedBy(page) {
      embedders = ['127.0.0.1', 'localhost'].map((name) => `http://${name}:${page}`)
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
