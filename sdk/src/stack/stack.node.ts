import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { JsonRpcProvider } from 'ethers'
import type { Deployment } from '../contracts/deployments.ts'
import { ColophonError } from '../errors/base.ts'
import type { LongCallOptions } from '../progress/progress.ts'
import { replayRecipe } from '../stack-recipe/index.ts'
import { type DevAccount, devAccount } from './accounts.ts'
import { findAnvil } from './anvil.node.ts'
import { watchOver } from './watchdog.node.ts'

export interface StackOptions extends LongCallOptions<'start' | 'deploy'> {
  /** Port on 127.0.0.1; 8545 by default, 0 for any free one. */
  port?: number
  /** File that keeps the chain from one run to the next; read at the start if it is there, written every minute and at the end. */
  state?: string
  /** Seconds between blocks; without it every transaction gets a block of its own at once. */
  blockTime?: number
}

/** A running local chain with the contracts on it. */
export interface Stack {
  url: string
  deployment: Deployment
  /** Ten accounts with 10,000 ether each. */
  accounts: DevAccount[]
  /** Resolves when the chain has ended by itself, which it should not. */
  readonly ended: Promise<void>
  /** Ends the chain; writes its state first if it keeps one. */
  stop(): Promise<void>
}

const DEFAULT_PORT = 8545
/** Milliseconds for anvil to listen, and to write its state and end. */
const PATIENCE = 20_000

/**
 * Starts anvil on 127.0.0.1 and sets up the contracts, at the addresses that `deploymentOn(31337)` names. It ends with this process, also if
 * that crashes or is killed.
 * @throws ANVIL_MISSING, PORT_TAKEN, STACK_FAILED, STACK_NOT_FRESH
 */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const { signal, onProgress, port = DEFAULT_PORT } = options
  signal?.throwIfAborted()
  const binary = findAnvil()
  if (port !== 0) await checkFree(port)
  onProgress?.({ stage: 'start', done: 0, total: 1, unit: 'steps' })
  // Anvil would keep old states of long chains in the home folder.
  const cache = await mkdtemp(join(tmpdir(), 'colophon-stack-'))
  const child = spawn(binary, argumentsFor(port, cache, options), { stdio: ['ignore', 'pipe', 'pipe'] })
  const endWatch = watchOver(child, cache, PATIENCE)
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve())).then(() => {
    endWatch()
    return rm(cache, { recursive: true, force: true })
  })
  let provider: JsonRpcProvider | undefined
  try {
    const url = await listening(child, signal)
    provider = new JsonRpcProvider(url, undefined, { cacheTimeout: -1, pollingInterval: 50 })
    const deployment = await replayRecipe(provider, {
      ...(signal === undefined ? {} : { signal }),
      ...(onProgress === undefined ? {} : { onProgress }),
    })
    return { url, deployment, accounts: Array.from({ length: 10 }, (_, index) => devAccount(index)), ended, stop: () => stop(child, ended) }
  } catch (fault) {
    await stop(child, ended)
    throw fault
  } finally {
    provider?.destroy()
  }
}

function argumentsFor(port: number, cache: string, { state, blockTime }: StackOptions): string[] {
  return [
    ...['--host', '127.0.0.1', '--port', String(port), '--chain-id', '31337', '--cache-path', cache],
    ...(state === undefined ? [] : ['--state', state, '--state-interval', '60', '--preserve-historical-states']),
    // With blocks at intervals the set-up transactions still get theirs at once.
    ...(blockTime === undefined ? [] : ['--block-time', String(blockTime), '--mixed-mining']),
  ]
}

/** Anvil's own message for a taken port is a panic. */
async function checkFree(port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const probe = createServer()
    probe.once('error', (cause: NodeJS.ErrnoException) =>
      reject(
        new ColophonError(
          'PORT_TAKEN',
          cause.code === 'EACCES' ? `Port ${port} may not be used.` : `Port ${port} is used by another program.`,
          { hint: 'Choose another with --port, or stop the other program; perhaps a stack is running already.', details: { port }, cause },
        ),
      ),
    )
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve()))
  })
}

/** Waits until anvil listens, and gives its URL. */
async function listening(child: ChildProcess, signal: AbortSignal | undefined): Promise<string> {
  let output = ''
  return await new Promise<string>((resolve, reject) => {
    const fail = (why: string, cause?: unknown): void => {
      finish()
      reject(
        new ColophonError('STACK_FAILED', `The local chain did not start: ${why}`, {
          hint: 'See what anvil said in the details; a state file of another version is refused too.',
          details: { output: output.slice(-2000) },
          cause,
        }),
      )
    }
    const read = (chunk: Buffer): void => {
      output += chunk.toString()
      const address = /Listening on (\S+:\d+)/.exec(output)
      if (address === null) return
      finish()
      resolve(`http://${address[1]}`)
    }
    const onExit = (code: number | null): void => fail(`anvil ended with ${code === null ? 'a signal' : `code ${code}`}.`)
    const onError = (cause: Error): void => fail(`${cause.message}.`, cause)
    const onAbort = (): void => {
      finish()
      reject(signal?.reason)
    }
    const patience = setTimeout(() => fail('anvil did not listen in time.'), PATIENCE)
    function finish(): void {
      clearTimeout(patience)
      child.off('exit', onExit).off('error', onError)
      signal?.removeEventListener('abort', onAbort)
      for (const stream of [child.stdout, child.stderr]) {
        stream?.off('data', read)
        // Left unread, the pipe would fill up and stop anvil.
        stream?.resume()
      }
    }
    child.stdout?.on('data', read)
    child.stderr?.on('data', read)
    child.once('exit', onExit)
    child.once('error', onError)
    signal?.addEventListener('abort', onAbort, { once: true })
  })
}

async function stop(child: ChildProcess, ended: Promise<void>): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM')
  const force = setTimeout(() => child.kill('SIGKILL'), PATIENCE)
  await ended
  clearTimeout(force)
}
