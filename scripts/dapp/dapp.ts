// The dApp on a local stack: chain, storage, sponsor and pages in one, for `npm start` and the tests.
import { type Colophon, createColophon } from '@colophon/sdk'
import { type Relay, startRelay } from '@colophon/sdk/relay/server'
import { devAccount, type Stack, startStack } from '@colophon/sdk/stack'
import { createMemoryStore, type Storage } from '@colophon/sdk/storage'
import { JsonRpcProvider, Wallet } from 'ethers'
import { fetchReplayViewer } from '../setup/replayViewer.ts'
import { temporaryFolder } from '../temporary.ts'
import { built } from './build.ts'
import { type ReplayServer, serveReplaySite, writeReplaySite } from './replaySite.ts'
import { serveDapp } from './serve.ts'

/** Who the development accounts are in the dApp. The last one pays for others. */
export const PEOPLE = ['Deployer', 'Ada', 'Bo', 'Chen', 'Dee', 'Emre', 'Fay', 'Gao', 'Hana'] as const
const SPONSOR = 9

export interface LocalDapp {
  /** Address of the page. */
  url: string
  /** Of the origin that replays captured pages, if there is one. */
  replayPort: number | undefined
  stack: Stack
  provider: JsonRpcProvider
  storage: Storage
  /** The SDK's clients, writing as a development account. */
  as(account: number): Colophon
  wallet(account: number): Wallet
  stop(): Promise<void>
}

export interface LocalDappOptions {
  /** Of the pages; 0 takes any free one. */
  port: number
  /** Of the chain. */
  rpcPort: number
  /** Of the origin that replays captured pages; without it, or where its viewer cannot be had, none are replayed. */
  replayPort?: number
}

export async function startDapp({ port, rpcPort, replayPort }: LocalDappOptions): Promise<LocalDapp> {
  const stack = await startStack({ port: rpcPort })
  const provider = new JsonRpcProvider(stack.url, undefined, { cacheTimeout: -1, pollingInterval: 50 })
  const storage = createMemoryStore()
  const { deployment } = stack
  const wallet = (account: number): Wallet => new Wallet(devAccount(account).privateKey, provider)
  const as = (account: number): Colophon => createColophon({ provider, signer: wallet(account), deployment })
  let relay: Relay | undefined
  let replay: ReplayServer | undefined
  try {
    // Whoever tries the dApp is verified by nobody.
    relay = await startRelay({
      ...{ signer: wallet(SPONSOR), deployment, folder: temporaryFolder('relay'), quota: { none: 1000 }, batch: { seconds: 0 }, port: 0 },
    })
    const viewer = replayPort === undefined ? undefined : fetchReplayViewer()
    if (viewer !== undefined) {
      const folder = temporaryFolder('replay')
      writeReplaySite(folder, { viewer, embedders: [] })
      replay = await serveReplaySite(folder, replayPort!)
    }
    const pages = await serveDapp({
      port,
      replayPort: replay?.port,
      folder: built,
      rpcUrl: stack.url,
      storage,
      relayUrl: relay.url,
      settings: {
        rpcUrl: 'rpc',
        walletRpcUrl: stack.url,
        chainId: deployment.chainId,
        chainName: 'Local chain',
        currency: 'ETH',
        contracts: deployment.contracts,
        gateways: ['.'],
        storage: '.',
        relay: 'relay',
        // Ada first: the deployer is nobody's everyday account.
        devAccounts: [1, 2, 3, 4, 5, 6, 7, 8, 0].map((account) => ({ name: PEOPLE[account]!, ...devAccount(account) })),
      },
    })
    replay?.embeddedBy(new URL(pages.url).port)
    return {
      url: pages.url,
      replayPort: replay?.port,
      stack,
      provider,
      storage,
      as,
      wallet,
      async stop() {
        await pages.close()
        await replay?.close()
        await relay?.stop()
        provider.destroy()
        await stack.stop()
      },
    }
  } catch (fault) {
    await replay?.close()
    await relay?.stop()
    provider.destroy()
    await stack.stop()
    throw fault
  }
}
