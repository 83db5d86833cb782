import { getBytes, type JsonRpcApiProvider, type TransactionRequest, type Wallet } from 'ethers'

/** What a wallet offers to a page (EIP-1193). */
export interface Eip1193 {
  request(request: { method: string; params?: readonly unknown[] | object }): Promise<unknown>
  on(event: string, listener: (...values: never[]) => void): unknown
  removeListener(event: string, listener: (...values: never[]) => void): unknown
}

/** A wallet to test an app with. It signs without asking, unless told to behave as people and wallets do. */
export interface TestWallet extends Eip1193 {
  /** Account that it shows. */
  readonly address: string
  /** Rejects the next requests that a person would be asked about (4001). */
  rejectNext(count?: number): void
  /** Shows another chain, as if its owner had switched; nothing can be signed or sent there. Its own chain's id brings it back. */
  switchChain(chainId: number): void
  /** Shows another account, or none. */
  switchAccount(signer: Wallet | undefined): void
  /** Loses, or finds again, its connection (4900). */
  disconnect(): void
  reconnect(): void
  /** Methods that were asked for, in order. */
  readonly requests: readonly string[]
  /** Makes itself known to pages as EIP-6963 says; the answer takes that back. */
  announce(target: EventTarget, name?: string): () => void
}

/** What a person would be asked about. */
const ASKS = new Set([
  'eth_requestAccounts',
  'eth_sendTransaction',
  'eth_signTypedData_v4',
  'personal_sign',
  'wallet_switchEthereumChain',
  'wallet_addEthereumChain',
])

/**
 * A wallet with the key of `signer`, which is connected to a provider. For tests only: whoever can reach it can sign with it.
 * @param chainId of the provider's chain; 31,337 by default
 */
export function createTestWallet(signer: Wallet, { chainId: home = 31_337 }: { chainId?: number } = {}): TestWallet {
  const provider = signer.provider as JsonRpcApiProvider
  const listeners = new Map<string, Set<(...values: never[]) => void>>()
  const requests: string[] = []
  let account: Wallet | undefined = signer
  let chainId = home
  let connected = true
  let rejections = 0

  function emit(event: string, value: unknown): void {
    for (const listener of listeners.get(event) ?? []) listener(value as never)
  }

  function owner(): Wallet {
    if (account === undefined) throw fault(4100, 'The wallet has no account for this page.')
    if (chainId !== home) throw fault(4901, 'The wallet is on another chain.')
    return account
  }

  async function answer(method: string, params: readonly unknown[]): Promise<unknown> {
    switch (method) {
      case 'eth_accounts':
      case 'eth_requestAccounts':
        return account === undefined ? [] : [account.address]
      case 'eth_chainId':
        return `0x${chainId.toString(16)}`
      case 'net_version':
        return String(chainId)
      case 'wallet_switchEthereumChain': {
        const asked = Number((params[0] as { chainId: string }).chainId)
        if (asked !== home) throw fault(4902, 'The wallet does not know this chain.')
        switchChain(home)
        return null
      }
      case 'personal_sign':
        return await owner().signMessage(getBytes(params[0] as string))
      case 'eth_signTypedData_v4': {
        const { domain, types, message } = JSON.parse(params[1] as string)
        const { EIP712Domain: _, ...own } = types
        return await owner().signTypedData(domain, own, message)
      }
      case 'eth_sendTransaction': {
        const { gas, from: _, ...transaction } = params[0] as TransactionRequest & { gas?: string }
        const sent = await owner().sendTransaction(gas === undefined ? transaction : { ...transaction, gasLimit: gas })
        return sent.hash
      }
      default:
        if (chainId !== home) throw fault(4901, 'The wallet is on another chain.')
        return await provider.send(method, [...params])
    }
  }

  function switchChain(next: number): void {
    if (next === chainId) return
    chainId = next
    emit('chainChanged', `0x${chainId.toString(16)}`)
  }

  const wallet: TestWallet = {
    get address() {
      return account?.address ?? ''
    },
    requests,
    async request({ method, params = [] }) {
      requests.push(method)
      if (!connected) throw fault(4900, 'The wallet is disconnected.')
      if (ASKS.has(method) && rejections > 0) {
        rejections--
        throw fault(4001, 'User rejected the request.')
      }
      return await answer(method, params as readonly unknown[])
    },
    on(event, listener) {
      const all = listeners.get(event) ?? new Set()
      all.add(listener)
      listeners.set(event, all)
      return wallet
    },
    removeListener(event, listener) {
      listeners.get(event)?.delete(listener)
      return wallet
    },
    rejectNext(count = 1) {
      rejections = count
    },
    switchChain,
    switchAccount(next) {
      account = next
      emit('accountsChanged', next === undefined ? [] : [next.address])
    },
    disconnect() {
      connected = false
      emit('disconnect', fault(4900, 'The wallet is disconnected.'))
    },
    reconnect() {
      connected = true
      emit('connect', { chainId: `0x${chainId.toString(16)}` })
    },
    announce(target, name = 'Colophon test wallet') {
      const info = Object.freeze({
        uuid: crypto.randomUUID(),
        name,
        icon: 'data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg"/>',
        rdns: 'dev.colophon.test',
      })
      const say = (): void => {
        target.dispatchEvent(new CustomEvent('eip6963:announceProvider', { detail: Object.freeze({ info, provider: wallet }) }))
      }
      target.addEventListener('eip6963:requestProvider', say)
      say()
      return () => target.removeEventListener('eip6963:requestProvider', say)
    },
  }
  return wallet
}

/** As EIP-1193 wants errors: with a number, which is what apps and ethers look at. */
function fault(code: number, message: string): Error & { code: number } {
  return Object.assign(new Error(message), { code })
}
