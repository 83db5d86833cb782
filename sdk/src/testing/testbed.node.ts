import { JsonRpcProvider, parseEther, toBeHex, Wallet } from 'ethers'
import { type Colophon, createColophon } from '../client/index.ts'
import type { Deployment } from '../contracts/deployments.ts'
import { Authority__factory, CopyrightAlliance__factory } from '../contracts/index.ts'
import { ColophonError } from '../errors/base.ts'
import { type Attested, credentialClaim, type Level } from '../identity/index.ts'
import type { LongCallOptions } from '../progress/progress.ts'
import type { DepositReceipt } from '../receipt/index.ts'
import { type Stack, startStack } from '../stack/index.ts'
import { sampleWork } from './samples.ts'
import { createTestWallet, type TestWallet } from './wallet.ts'

export interface TestbedOptions extends LongCallOptions<'start' | 'deploy'> {
  /** Seconds between blocks; without it every transaction gets a block of its own at once. */
  blockTime?: number
}

/** How long: added up; a month is 30 days. */
export interface Span {
  seconds?: number
  minutes?: number
  hours?: number
  days?: number
  years?: number
}

/** A local chain with the contracts on it, and what tests need beside it. */
export interface Testbed extends AsyncDisposable {
  /** RPC endpoint. */
  url: string
  /** A provider that caches nothing and polls quickly. */
  provider: JsonRpcProvider
  deployment: Deployment
  /** Ten wallets with 10,000 ether each, connected. 0 deployed the contracts, 9 is the verifier of `verified`; 1 to 8 are free. */
  accounts: readonly Wallet[]
  /** The SDK as one of the accounts, or as a wallet. */
  as(account: number | Wallet): Colophon
  /** A new wallet that nothing else uses, connected. @param balance in ether, e.g. `'1.5'`; none by default */
  newWallet(balance?: string): Promise<Wallet>
  /** A browser's wallet (EIP-1193, EIP-6963) with the key of an account. */
  browserWallet(account: number | Wallet): TestWallet
  /** Deposits a sample work as an account. */
  deposit(account: number | Wallet, seed?: number | string): Promise<DepositReceipt>
  /** Has an account verified, from the next block on. @param level `'substantial'` by default */
  verified(subject: string, level?: Exclude<Level, 'none'>): Promise<Attested>
  /** Moves the chain's clock on, and mines a block. @returns its time, seconds since 1970 */
  pass(span: Span): Promise<number>
  /** Moves the chain's clock to a time in its future, and mines a block there. @throws INVALID_INPUT */
  travelTo(time: Date | number): Promise<number>
  /** Time of the newest block, seconds since 1970. */
  now(): Promise<number>
  /** Mines so many blocks. */
  mine(blocks?: number): Promise<void>
  /** Takes the newest blocks off the chain and mines empty ones in their place; their transactions are lost. */
  reorganise(depth: number): Promise<void>
  /** Keeps the chain's state; the answer restores it, once. */
  snapshot(): Promise<() => Promise<void>>
  /** Ends the chain. */
  stop(): Promise<void>
}

/** Numbers that deploy/modules and the alliance give to roles. */
const MEMBERSHIP_ROLE = 3n
const VERIFIER = 8n
/** The account that verifies others. */
const VERIFIER_ACCOUNT = 9
const SECONDS: Record<keyof Span, number> = { seconds: 1, minutes: 60, hours: 3600, days: 86_400, years: 31_536_000 }

/**
 * Starts a local chain for tests: anvil on a free port of 127.0.0.1 with all contracts on it. It ends with `stop()`, with this process, or with
 * `await using`.
 * @throws as `startStack`
 */
export async function startTestbed(options: TestbedOptions = {}): Promise<Testbed> {
  const stack: Stack = await startStack({ ...options, port: 0 })
  const { url, deployment } = stack
  const provider = new JsonRpcProvider(url, undefined, { cacheTimeout: -1, pollingInterval: 25, staticNetwork: true })
  const accounts = stack.accounts.map(({ privateKey }) => new Wallet(privateKey, provider))
  const walletOf = (account: number | Wallet): Wallet => {
    const wallet = typeof account === 'number' ? accounts[account] : account
    if (wallet !== undefined) return wallet.provider === null ? wallet.connect(provider) : wallet
    throw invalid('account', account, `a number from 0 to ${accounts.length - 1}, or a wallet`)
  }
  const as = (account: number | Wallet): Colophon => createColophon({ signer: walletOf(account), deployment })
  let admitted: Promise<void> | undefined
  let deposits = 0

  /** The deployer of a fresh stack has every role, and makes one of the accounts a verifier. */
  async function admitVerifier(): Promise<void> {
    const [deployer, verifier] = [accounts[0]!, accounts[VERIFIER_ACCOUNT]!]
    const { Authority, CopyrightAlliance } = deployment.contracts
    const authority = Authority__factory.connect(Authority!.address, deployer)
    await (await authority.grantRole(MEMBERSHIP_ROLE, deployer.address, 0)).wait()
    const alliance = CopyrightAlliance__factory.connect(CopyrightAlliance!.address, deployer)
    // An estimate made in the second of an earlier change is too low for a later one.
    await (await alliance.admitMany([verifier.address], [VERIFIER], { gasLimit: 3_000_000 })).wait()
  }

  async function now(): Promise<number> {
    return (await provider.getBlock('latest'))!.timestamp
  }

  async function mineAt(time: number): Promise<number> {
    await provider.send('evm_setNextBlockTimestamp', [time])
    await provider.send('evm_mine', [])
    return time
  }

  const testbed: Testbed = {
    url,
    provider,
    deployment,
    accounts,
    as,
    async newWallet(balance = '0') {
      const wallet = new Wallet(Wallet.createRandom().privateKey, provider)
      if (Number(balance) !== 0) await provider.send('anvil_setBalance', [wallet.address, toBeHex(parseEther(balance))])
      return wallet
    },
    browserWallet: (account) => createTestWallet(walletOf(account)),
    async deposit(account, seed = `deposit ${deposits++} of a testbed`) {
      return await as(account).deposits.create(sampleWork(seed))
    },
    async verified(subject, level = 'substantial') {
      admitted ??= admitVerifier()
      await admitted
      const { claim } = credentialClaim(subject, new TextEncoder().encode(`{"sample":"credential of ${subject}"}`))
      return await as(VERIFIER_ACCOUNT).identity.attest({ subject, level, claim })
    },
    async pass(span) {
      let seconds = 0
      for (const [unit, amount] of Object.entries(span)) {
        const each = SECONDS[unit as keyof Span]
        if (each === undefined || typeof amount !== 'number' || !(amount >= 0))
          throw invalid(unit, amount, 'seconds, minutes, hours, days and years, at least 0')
        seconds += each * amount
      }
      return await mineAt((await now()) + Math.max(1, Math.round(seconds)))
    },
    async travelTo(time) {
      const wanted = time instanceof Date ? Math.floor(time.getTime() / 1000) : time
      const at = await now()
      if (!Number.isSafeInteger(wanted) || wanted <= at) throw invalid('time', String(time), `a time after that of the newest block, ${at}`)
      return await mineAt(wanted)
    },
    now,
    async mine(blocks = 1) {
      await provider.send('anvil_mine', [toBeHex(blocks)])
    },
    async reorganise(depth) {
      await provider.send('anvil_reorg', [depth, []])
    },
    async snapshot() {
      const id = await provider.send('evm_snapshot', [])
      return async () => {
        if ((await provider.send('evm_revert', [id])) !== true)
          throw new ColophonError('SNAPSHOT_GONE', 'The snapshot was restored already, or an earlier one was.', { hint: 'Take another.' })
        admitted = undefined
      }
    },
    async stop() {
      provider.destroy()
      await stack.stop()
    },
    async [Symbol.asyncDispose]() {
      await testbed.stop()
    },
  }
  return testbed
}

function invalid(field: string, found: unknown, expected: string): ColophonError {
  return new ColophonError('INVALID_INPUT', `${field} is not valid: expected ${expected}.`, {
    hint: 'Correct the argument of the test.',
    details: { field, found: String(found) },
  })
}
