import { type Colophon, type Deployment, deploymentOn } from '@colophon/sdk'
import type { JsonRpcProvider, JsonRpcSigner } from 'ethers'
import { createContext, type ReactNode, use, useCallback, useContext, useEffect, useMemo, useState, useSyncExternalStore } from 'react'
import type { Settings } from '../settings/settings.ts'
import { useWallet } from '../wallet/WalletProvider.tsx'
import { loadedClients, wantClients, watchClients } from './loading.ts'
import { type NetworkStatus, useNetworkStatus } from './network.ts'

/** What is known of the chain from the first moment on. */
export interface Network {
  settings: Settings
  deployment: Deployment | undefined
  network: NetworkStatus
  /** Chain of the wallet, where it is another than the app's. */
  wrongWalletChain: number | undefined
  /** Grows when the chain has moved on: pages read again. */
  revision: number
  /** To be called after a write, so that pages read again. */
  changed(): void
}

export interface Chain extends Network {
  provider: JsonRpcProvider
  /** The SDK's clients: they read always, and write once a wallet is connected. */
  colophon: Colophon
  /** Account of the connected wallet, in EIP-55. */
  account: string | undefined
  signer: JsonRpcSigner | undefined
}

interface Loading {
  /** Undefined until the code that asks the chain is there. */
  chain: Chain | undefined
  /** Resolves when it is. */
  ready: Promise<void>
  failed(fault: unknown): void
}

const NetworkContext = createContext<Network | undefined>(undefined)
const ChainContext = createContext<Loading | undefined>(undefined)

export function ChainProvider({ settings, children }: { settings: Settings; children: ReactNode }): ReactNode {
  const { connected } = useWallet()
  const [revision, setRevision] = useState(0)
  const status = useNetworkStatus(settings.rpcUrl, settings.chainId)
  const deployment = useMemo<Deployment | undefined>(
    () =>
      settings.contracts === undefined ? deploymentOn(settings.chainId) : { chainId: settings.chainId, contracts: settings.contracts },
    [settings],
  )
  const changed = useCallback(() => setRevision((before) => before + 1), [])
  const wrongWalletChain = connected !== undefined && connected.chainId !== settings.chainId ? connected.chainId : undefined
  const network = useMemo<Network>(
    () => ({ settings, deployment, network: status, wrongWalletChain, revision, changed }),
    [settings, deployment, status, wrongWalletChain, revision, changed],
  )

  const code = useSyncExternalStore(watchClients, loadedClients)
  const [signer, setSigner] = useState<JsonRpcSigner>()
  useEffect(() => {
    let current = true
    setSigner(undefined)
    if (connected === undefined || code === undefined) return
    const opened = code.openSigner(connected, settings)
    opened.signer.then(
      (found) => {
        if (current) setSigner(found)
      },
      () => undefined,
    )
    return () => {
      current = false
      opened.close()
    }
  }, [connected, settings, code])
  const provider = useMemo(() => code?.createProvider(settings), [code, settings])
  const colophon = useMemo(
    () => (provider === undefined ? undefined : code!.createClients(provider, signer, deployment)),
    [code, provider, signer, deployment],
  )
  const chain = useMemo<Chain | undefined>(
    () =>
      provider === undefined || colophon === undefined ? undefined : { ...network, provider, colophon, signer, account: signer?.address },
    [network, provider, colophon, signer],
  )
  const [{ ready, resolve, reject }] = useState(deferred)
  useEffect(() => {
    if (chain !== undefined) resolve()
  }, [chain, resolve])
  const loading = useMemo<Loading>(() => ({ chain, ready, failed: reject }), [chain, ready, reject])
  return (
    <NetworkContext value={network}>
      <ChainContext value={loading}>{children}</ChainContext>
    </NetworkContext>
  )
}

/** The chain as far as it is known without asking it through ethers: for what is on every page. */
export function useNetwork(): Network {
  return useContext(NetworkContext)!
}

/** The chain with all that asks it and writes to it; suspends until that code is there. */
export function useChain(): Chain {
  const { chain, ready, failed } = useContext(ChainContext)!
  if (chain !== undefined) return chain
  wantClients().catch(failed)
  use(ready)
  throw new Error('What asks the chain is loaded, but not there.')
}

function deferred(): { ready: Promise<void>; resolve(): void; reject(fault: unknown): void } {
  let resolve!: () => void
  let reject!: (fault: unknown) => void
  const ready = new Promise<void>((resolved, rejected) => {
    resolve = resolved
    reject = rejected
  })
  // Whoever waits is told; nobody else needs to be.
  ready.catch(() => undefined)
  return { ready, resolve, reject }
}
