// Real chains for tests: anvil as a process of its own on a free loopback port, or Hardhat's EDR inside the test process.
import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { BrowserProvider, HDNodeWallet, JsonRpcProvider, type Signer } from 'ethers'
import type { Deployment } from '../src/contracts/deployments.ts'
import { replayRecipe } from '../src/stack-recipe/index.ts'

const MNEMONIC = 'test test test test test test test test test test test junk'

export interface TestChain {
  url: string
  provider: JsonRpcProvider
  /** Ten funded accounts that sign by themselves; the first is the deployer. */
  accounts: HDNodeWallet[]
  /** The contracts, set up by the stack recipe. */
  deployment: Deployment
  /** A new provider to the same chain. */
  connect(): JsonRpcProvider
  /** Moves the chain's clock on by seconds and mines a block. */
  pass(seconds: number): Promise<void>
  stop(): Promise<void>
}

export interface ChainOptions {
  /** More arguments for anvil, e.g. `['--no-mining']`. */
  args?: string[]
  /** Leave the chain empty. */
  bare?: boolean
}

/** Starts anvil; wait for it in `before`, and call `stop` in `after`. */
export async function startChain(options: ChainOptions = {}): Promise<TestChain> {
  const binary = createRequire(import.meta.url).resolve('@foundry-rs/anvil/bin.mjs')
  const child = spawn(process.execPath, [binary, '--host', '127.0.0.1', '--port', '0', ...(options.args ?? [])], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const url = await new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      output += chunk.toString()
      const address = /Listening on (127\.0\.0\.1:\d+)/.exec(output)
      if (address !== null) resolve(`http://${address[1]}`)
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    child.once('exit', (code) => reject(new Error(`anvil ended with ${code}:\n${output}`)))
  })
  const connect = (): JsonRpcProvider => new JsonRpcProvider(url, undefined, { cacheTimeout: -1, pollingInterval: 20 })
  const provider = connect()
  const accounts = Array.from({ length: 10 }, (_, index) =>
    HDNodeWallet.fromPhrase(MNEMONIC, undefined, `m/44'/60'/0'/0/${index}`).connect(provider),
  )
  const deployment = options.bare === true ? { chainId: 31_337, contracts: {} } : await replayRecipe(provider)
  const extra: JsonRpcProvider[] = []
  return {
    url,
    provider,
    accounts,
    deployment,
    connect() {
      const another = connect()
      extra.push(another)
      return another
    },
    async pass(seconds) {
      await provider.send('evm_increaseTime', [seconds])
      await provider.send('evm_mine', [])
    },
    async stop() {
      for (const each of [provider, ...extra]) each.destroy()
      const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
      child.kill('SIGTERM')
      await ended
    },
  }
}

export interface InProcessChain {
  provider: BrowserProvider
  signers: Signer[]
  deployment: Deployment
  stop(): Promise<void>
}

/** Hardhat's EDR behind the interface that wallets offer to web pages (EIP-1193): a second, independent node. */
export async function startInProcessChain(): Promise<InProcessChain> {
  // Without the project's plugins: their matchers would take chai's `closeTo` over for the whole process, and know whole numbers only.
  const { createHardhatRuntimeEnvironment } = await import('hardhat/hre')
  const { network } = await createHardhatRuntimeEnvironment({})
  const connection = await network.create({ network: 'default', chainType: 'l1' })
  const provider = new BrowserProvider({ request: (request) => connection.provider.request(request as never) }, undefined, {
    cacheTimeout: -1,
  })
  const deployment = await replayRecipe(provider)
  const signers = await Promise.all([0, 1, 2].map((index) => provider.getSigner(index)))
  return {
    provider,
    signers,
    deployment,
    async stop() {
      provider.destroy()
      await connection.close()
    },
  }
}
