import { type Colophon, createColophon, type Deployment, deploymentOn } from '@colophon/sdk'
import { BrowserProvider, JsonRpcProvider, type JsonRpcSigner } from 'ethers'
import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef, useState } from 'react'
import { pollingOf, type Settings } from '../settings/settings.ts'
import { useWallet } from '../wallet/WalletProvider.tsx'

/** Whether the chain can be asked, and whether it is the one that the app is configured for. */
export type NetworkStatus = 'checking' | 'ok' | 'offline' | 'unreachable' | 'wrong-rpc'

export interface Chain {
  settings: Settings
  provider: JsonRpcProvider
  deployment: Deployment | undefined
  /** The SDK's clients: they read always, and write once a wallet is connected. */
  colophon: Colophon
  /** Account of the connected wallet, in EIP-55. */
  account: string | undefined
  signer: JsonRpcSigner | undefined
  network: NetworkStatus
  /** Chain of the wallet, where it is another than the app's. */
  wrongWalletChain: number | undefined
  /** Grows when the chain has moved on: pages read again. */
  revision: number
  /** To be called after a write, so that pages read again. */
  changed(): void
}

const Context = createContext<Chain | undefined>(undefined)
/** Milliseconds between two looks whether the chain answers. */
const HEARTBEAT = 8_000

export function ChainProvider({ settings, children }: { settings: Settings; children: ReactNode }): ReactNode {
  const wallet = useWallet()
  const provider = useMemo(
    () => new JsonRpcProvider(settings.rpcUrl, settings.chainId, { ...pollingOf(settings), cacheTimeout: -1, staticNetwork: true }),
    [settings],
  )
  const deployment = useMemo<Deployment | undefined>(
    () =>
      settings.contracts === undefined ? deploymentOn(settings.chainId) : { chainId: settings.chainId, contracts: settings.contracts },
    [settings],
  )
  const [signer, setSigner] = useState<JsonRpcSigner>()
  const [revision, setRevision] = useState(0)
  const network = useNetwork(provider, settings.chainId)

  const { connected } = wallet
  useEffect(() => {
    let current = true
    setSigner(undefined)
    if (connected === undefined) return
    const browser = new BrowserProvider(connected.choice.provider, 'any', { ...pollingOf(settings), cacheTimeout: -1 })
    browser.getSigner(connected.account).then(
      (found) => {
        if (current) setSigner(found)
      },
      () => undefined,
    )
    return () => {
      current = false
      browser.destroy()
    }
  }, [connected, settings])

  const colophon = useMemo(
    () =>
      createColophon({
        provider,
        ...(signer === undefined ? {} : { signer }),
        ...(deployment === undefined ? {} : { deployment }),
      }),
    [provider, signer, deployment],
  )
  const wrongWalletChain = connected !== undefined && connected.chainId !== settings.chainId ? connected.chainId : undefined
  const chain = useMemo<Chain>(
    () => ({
      settings,
      provider,
      deployment,
      colophon,
      account: signer?.address,
      signer,
      network,
      wrongWalletChain,
      revision,
      changed: () => setRevision((before) => before + 1),
    }),
    [settings, provider, deployment, colophon, signer, network, wrongWalletChain, revision],
  )
  return <Context value={chain}>{children}</Context>
}

export function useChain(): Chain {
  return useContext(Context)!
}

/** Asks the chain who it is, now and then and whenever the browser comes back online. */
function useNetwork(provider: JsonRpcProvider, chainId: number): NetworkStatus {
  const [status, setStatus] = useState<NetworkStatus>('checking')
  const looking = useRef(false)
  useEffect(() => {
    const look = async (): Promise<void> => {
      if (!navigator.onLine) return setStatus('offline')
      if (looking.current || document.visibilityState === 'hidden') return
      looking.current = true
      try {
        setStatus(Number(await provider.send('eth_chainId', [])) === chainId ? 'ok' : 'wrong-rpc')
      } catch {
        setStatus(navigator.onLine ? 'unreachable' : 'offline')
      } finally {
        looking.current = false
      }
    }
    const again = (): void => void look()
    again()
    const timer = setInterval(again, HEARTBEAT)
    for (const event of ['online', 'offline']) addEventListener(event, again)
    document.addEventListener('visibilitychange', again)
    return () => {
      clearInterval(timer)
      for (const event of ['online', 'offline']) removeEventListener(event, again)
      document.removeEventListener('visibilitychange', again)
    }
  }, [provider, chainId])
  return status
}
