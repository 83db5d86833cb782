import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'

const main = join(import.meta.dirname, '..', '..', 'src', 'cli', 'main.ts')

export interface Ran {
  code: number | null
  out: string
  err: string
  /** Standard output as JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look at what they expect
  json: () => any
}

export interface RunOptions {
  cwd: string
  env?: Record<string, string>
}

/** Starts `colophon` as a process of its own, from the sources. */
export function start(args: readonly string[], { cwd, env = {} }: RunOptions): { child: ChildProcess; ended: Promise<Ran> } {
  // Nothing of the developer's own settings may reach the tests.
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(COLOPHON_|FORCE_COLOR|NO_COLOR)/.test(name)))
  const child = spawn(process.execPath, [main, ...args], {
    cwd,
    env: { ...inherited, XDG_CONFIG_HOME: join(cwd, 'no-config'), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let out = ''
  let err = ''
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
  const ended = new Promise<Ran>((resolve) => child.once('close', (code) => resolve({ code, out, err, json: () => JSON.parse(out) })))
  return { child, ended }
}

export async function run(args: readonly string[], options: RunOptions): Promise<Ran> {
  return await start(args, options).ended
}
