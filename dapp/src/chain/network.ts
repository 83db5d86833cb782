import { useEffect, useRef, useState } from 'react'
import { askRpc } from '../rpc/rpc.ts'

/** Whether the chain can be asked, and whether it is the one that the app is configured for. */
export type NetworkStatus = 'checking' | 'ok' | 'offline' | 'unreachable' | 'wrong-rpc'

/** Milliseconds between two looks whether the chain answers. */
const HEARTBEAT = 8_000

/** Asks the chain who it is, now and then and whenever the browser comes back online. */
export function useNetworkStatus(rpcUrl: string, chainId: number): NetworkStatus {
  const [status, setStatus] = useState<NetworkStatus>('checking')
  const looking = useRef(false)
  useEffect(() => {
    const look = async (): Promise<void> => {
      if (!navigator.onLine) return setStatus('offline')
      if (looking.current || document.visibilityState === 'hidden') return
      looking.current = true
      try {
        setStatus(Number(await askRpc(rpcUrl, 'eth_chainId', [])) === chainId ? 'ok' : 'wrong-rpc')
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
  }, [rpcUrl, chainId])
  return status
}
