import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { expect } from 'chai'
import type { TestChain } from '../chain.ts'

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

/** Ada at a chain of her own. */
export interface Desk {
  env: Record<string, string>
  colophon: (...args: string[]) => Promise<Ran>
  /** Transactions that an account of the chain has sent. */
  sent: (account: number) => Promise<number>
  /** Runs a command that is to fail with this code, and to say what to do. */
  fails: (code: string, exit: number, ...args: string[]) => Promise<Ran>
}

export function deskOf(chain: TestChain, cwd: string): Desk {
  const env = { COLOPHON_RPC_URL: chain.url, COLOPHON_CREATOR: 'Ada' }
  const colophon = (...args: string[]): Promise<Ran> => run(args, { cwd, env })
  return {
    env,
    colophon,
    sent: (account) => chain.provider.getTransactionCount(chain.accounts[account]!.address),
    async fails(code, exit, ...args) {
      const ran = await colophon(...args, '--json')
      expect(ran.code, ran.out + ran.err).to.equal(exit)
      expect(ran.json().error?.code, ran.out).to.equal(code)
      expect(ran.json().error.hint).to.be.a('string')
      return ran
    },
  }
}
