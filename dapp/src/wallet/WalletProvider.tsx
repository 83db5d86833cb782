import { createContext, lazy, type ReactNode, Suspense, useCallback, useContext, useEffect, useMemo, useState } from 'react'
import type { Settings } from '../settings/settings.ts'
import { watchWallets } from './announced.ts'
import { type Asked, createDevWallet, DEV_WALLET, type DevWallet } from './devWallet.ts'
import type { WalletChoice } from './provider.ts'

export interface Connected {
  choice: WalletChoice
  account: string
  chainId: number
}

export interface WalletState {
  /** Wallets there are: the dev wallet on a local chain, and those that announce themselves. */
  choices: WalletChoice[]
  dev: DevWallet | undefined
  connected: Connected | undefined
  /** @throws what the wallet throws, a refusal among it */
  connect(id: string): Promise<void>
  disconnect(): void
  /** Asks the wallet to go to the app's chain, and to learn of it where it does not know it. */
  switchChain(): Promise<void>
}

interface Question {
  asked: Asked
  answer(agreed: boolean): void
}

const KEPT = 'colophon.wallet'
/** Loaded when the dev wallet has something to ask. */
const DevWalletDialog = lazy(() => import('./DevWalletDialog.tsx'))
const Context = createContext<WalletState | undefined>(undefined)

export function WalletProvider({ settings, children }: { settings: Settings; children: ReactNode }): ReactNode {
  const [questions, setQuestions] = useState<Question[]>([])
  const [announced, setAnnounced] = useState<WalletChoice[]>([])
  const [connected, setConnected] = useState<Connected>()

  const dev = useMemo(
    () =>
      createDevWallet(
        settings,
        (asked) =>
          new Promise((resolve) => {
            const question: Question = {
              asked,
              answer(agreed) {
                setQuestions((before) => before.filter((each) => each !== question))
                resolve(agreed)
              },
            }
            setQuestions((before) => [...before, question])
          }),
      ),
    [settings],
  )
  useEffect(() => watchWallets(setAnnounced), [])
  const choices = useMemo<WalletChoice[]>(() => [...(dev === undefined ? [] : [dev]), ...announced], [dev, announced])

  const attach = useCallback(async (choice: WalletChoice, method: 'eth_accounts' | 'eth_requestAccounts') => {
    const [accounts, chainId] = [
      (await choice.provider.request({ method })) as string[],
      Number(await choice.provider.request({ method: 'eth_chainId' })),
    ]
    if (accounts[0] === undefined) return
    localStorage.setItem(KEPT, JSON.stringify({ id: choice.id, account: accounts[0] }))
    setConnected({ choice, account: accounts[0], chainId })
  }, [])

  // A wallet that was connected last time, and still allows it, is connected again without asking.
  useEffect(() => {
    if (connected !== undefined) return
    const kept = keptChoice()
    const choice = choices.find(({ id }) => id === kept?.id)
    if (choice === undefined) return
    if (choice.id === DEV_WALLET && kept !== undefined) dev?.select(kept.account)
    attach(choice, 'eth_accounts').catch(() => undefined)
  }, [choices, connected, attach, dev])

  useEffect(() => {
    const provider = connected?.choice.provider
    if (provider?.on === undefined) return
    const onAccounts = (accounts: string[]): void => {
      const [account] = accounts
      if (account !== undefined) localStorage.setItem(KEPT, JSON.stringify({ id: connected!.choice.id, account }))
      setConnected((before) => (account === undefined || before === undefined ? undefined : { ...before, account }))
    }
    const onChain = (chainId: string): void =>
      setConnected((before) => (before === undefined ? undefined : { ...before, chainId: Number(chainId) }))
    const onDisconnect = (): void => setConnected(undefined)
    provider.on('accountsChanged', onAccounts as never)
    provider.on('chainChanged', onChain as never)
    provider.on('disconnect', onDisconnect)
    return () => {
      provider.removeListener?.('accountsChanged', onAccounts as never)
      provider.removeListener?.('chainChanged', onChain as never)
      provider.removeListener?.('disconnect', onDisconnect)
    }
  }, [connected?.choice])

  const state = useMemo<WalletState>(
    () => ({
      choices,
      dev,
      connected,
      async connect(id) {
        const choice = choices.find((each) => each.id === id)
        if (choice !== undefined) await attach(choice, 'eth_requestAccounts')
      },
      disconnect() {
        localStorage.removeItem(KEPT)
        setConnected(undefined)
      },
      async switchChain() {
        if (connected === undefined) return
        const { provider } = connected.choice
        const chainId = `0x${settings.chainId.toString(16)}`
        try {
          await provider.request({ method: 'wallet_switchEthereumChain', params: [{ chainId }] })
        } catch (fault) {
          if ((fault as { code?: unknown }).code !== 4902) throw fault
          const chain = {
            chainId,
            chainName: settings.chainName,
            rpcUrls: [settings.walletRpcUrl ?? settings.rpcUrl],
            nativeCurrency: { name: settings.currency, symbol: settings.currency, decimals: 18 },
          }
          await provider.request({ method: 'wallet_addEthereumChain', params: [chain] })
        }
        const now = Number(await provider.request({ method: 'eth_chainId' }))
        setConnected((before) => (before === undefined ? undefined : { ...before, chainId: now }))
      },
    }),
    [choices, dev, connected, attach, settings],
  )
  return (
    <Context value={state}>
      {children}
      {questions[0] !== undefined && (
        <Suspense>
          <DevWalletDialog asked={questions[0].asked} onAnswer={questions[0].answer} />
        </Suspense>
      )}
    </Context>
  )
}

export function useWallet(): WalletState {
  return useContext(Context)!
}

function keptChoice(): { id: string; account: string } | undefined {
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT) ?? 'null') as { id?: unknown; account?: unknown } | null
    return typeof kept?.id === 'string' && typeof kept.account === 'string' ? { id: kept.id, account: kept.account } : undefined
  } catch {
    return undefined
  }
}
