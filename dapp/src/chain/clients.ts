// What needs ethers, a third of the app's code: loaded when a page that asks the chain or writes to it is opened, or when nothing else is to be done.
import { type Colophon, createColophon, type Deployment } from '@colophon/sdk'
import { BrowserProvider, JsonRpcProvider, type JsonRpcSigner } from 'ethers'
import { pollingOf, type Settings } from '../settings/settings.ts'
import type { Connected } from '../wallet/WalletProvider.tsx'

/** For reading. */
export function createProvider(settings: Settings): JsonRpcProvider {
  return new JsonRpcProvider(settings.rpcUrl, settings.chainId, { ...pollingOf(settings), cacheTimeout: -1, staticNetwork: true })
}

/** The signer of a connected wallet, and the way to let go of it. */
export function openSigner(connected: Connected, settings: Settings): { signer: Promise<JsonRpcSigner>; close(): void } {
  const browser = new BrowserProvider(connected.choice.provider, 'any', { ...pollingOf(settings), cacheTimeout: -1 })
  return { signer: browser.getSigner(connected.account), close: () => browser.destroy() }
}

/** The SDK's clients: they read always, and write once there is a signer. */
export function createClients(provider: JsonRpcProvider, signer: JsonRpcSigner | undefined, deployment: Deployment | undefined): Colophon {
  return createColophon({
    provider,
    ...(signer === undefined ? {} : { signer }),
    ...(deployment === undefined ? {} : { deployment }),
  })
}
