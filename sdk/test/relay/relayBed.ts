import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ContractFactory, FetchRequest, type HDNodeWallet, JsonRpcProvider, Wallet } from 'ethers'
import { createColophon } from '../../src/client/index.ts'
import type { Deposits, SignedDeposit } from '../../src/deposits/index.ts'
import { DEPOSIT_TYPES, domainOf } from '../../src/deposits/typedData.ts'
import type { Hex } from '../../src/deposits/work.ts'
import { createRelayClient, type RelayClient } from '../../src/relay/index.ts'
import { type Relay, type RelayOptions, startRelay } from '../../src/relay/server.node.ts'
import { startChain, type TestChain } from '../chain.ts'
import { newWork } from '../deposits/works.ts'
import { type FaultyRpc, startFaultyRpc } from './faultyRpc.ts'

const WALLETS = join(import.meta.dirname, '..', '..', '..', 'artifacts', 'contracts', 'test', 'Wallets.sol')

export interface RelayBed {
  /** The chain; the proxy before it and the folder of the relays are new for each test. */
  readonly chain: TestChain
  readonly rpc: FaultyRpc
  readonly folder: string
  /** A relay of the last account, which nothing else uses, behind the proxy. */
  open(options?: Partial<RelayOptions>): Promise<Relay>
  close(relay: Relay): Promise<void>
  client(relay: Relay, account?: number): RelayClient
  deposits(account?: number): Deposits
  signed(account?: number, deadline?: number): Promise<SignedDeposit>
  /** A double of contracts/test, deployed. */
  deploy(name: string, ...given: unknown[]): Promise<string>
  /** A deposit in the name of a contract wallet, signed by whoever owns that. */
  signedBy(owner: HDNodeWallet, claimant: string): Promise<SignedDeposit>
  /** Transactions that the relay's account has on the chain. */
  sent(): Promise<number>
  post(relay: Relay, body: unknown): Promise<Response>
  metric(relay: Relay, line: string): Promise<number>
}

/** How long clients wait for receipts. */
export const wait = { pollInterval: 25, timeout: 20_000 }

export async function until(met: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await met())) await new Promise((resolve) => setTimeout(resolve, 20))
}

/** A chain for the suite that this is called in, and relays that end with each of its tests. */
export function relayBed(): RelayBed {
  let chain: TestChain
  let rpc: FaultyRpc
  let folder: string
  let relays: Relay[]
  let providers: JsonRpcProvider[]
  before(async () => {
    chain = await startChain()
  })
  after(() => chain.stop())
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'colophon-relay-'))
    relays = []
    providers = []
    rpc = await startFaultyRpc(chain.url)
  })
  afterEach(async () => {
    await chain.provider.send('evm_setAutomine', [true])
    for (const relay of relays) await relay.stop()
    for (const provider of providers) provider.destroy()
    await rpc.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  async function open(options: Partial<RelayOptions> = {}): Promise<Relay> {
    const request = new FetchRequest(rpc.url)
    request.timeout = 800
    const provider = new JsonRpcProvider(request, 31_337, { staticNetwork: true, cacheTimeout: -1 })
    providers.push(provider)
    const relay = await startRelay({
      signer: new Wallet(chain.accounts[9]!.privateKey, provider),
      folder,
      deployment: chain.deployment,
      quota: { none: 1000 },
      batch: { size: 10, seconds: 0 },
      port: 0,
      pollInterval: 20,
      patience: 400,
      ...options,
    })
    relays.push(relay)
    return relay
  }
  async function close(relay: Relay): Promise<void> {
    relays = relays.filter((each) => each !== relay)
    await relay.stop()
  }
  const client = (relay: Relay, account = 1): RelayClient =>
    createRelayClient({ url: relay.url, signer: chain.accounts[account]!, deployment: chain.deployment })
  const deposits = (account = 1): Deposits => createColophon({ signer: chain.accounts[account]!, deployment: chain.deployment }).deposits
  const signed = (account = 1, deadline?: number): Promise<SignedDeposit> =>
    deposits(account).sign(newWork(), deadline === undefined ? {} : { deadline })
  async function deploy(name: string, ...given: unknown[]): Promise<string> {
    const { abi, bytecode } = JSON.parse(readFileSync(join(WALLETS, `${name}.json`), 'utf8'))
    return await (await (await new ContractFactory(abi, bytecode, chain.accounts[0]!).deploy(...given)).waitForDeployment()).getAddress()
  }
  async function signedBy(owner: HDNodeWallet, claimant: string): Promise<SignedDeposit> {
    const draft = { ...(await signed()), claimant }
    const { chainId, registry, work, deadline } = draft
    const signature = (await owner.signTypedData(domainOf(chainId, registry), DEPOSIT_TYPES, { claimant, work, deadline })) as Hex
    return { ...draft, signature }
  }
  const sent = (): Promise<number> => chain.provider.getTransactionCount(chain.accounts[9]!.address)
  const post = (relay: Relay, body: unknown): Promise<Response> =>
    fetch(`${relay.url}/v1/deposits`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
  async function metric(relay: Relay, line: string): Promise<number> {
    const found = (await (await fetch(`${relay.url}/metrics`)).text())
      .split('\n')
      .find((each) => each.startsWith(`colophon_relay_${line} `))
    return found === undefined ? 0 : Number(found.split(' ').at(-1))
  }
  return {
    get chain() {
      return chain
    },
    get rpc() {
      return rpc
    },
    get folder() {
      return folder
    },
    open,
    close,
    client,
    deposits,
    signed,
    deploy,
    signedBy,
    sent,
    post,
    metric,
  }
}
