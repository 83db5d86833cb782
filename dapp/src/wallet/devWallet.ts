import {
  BaseWallet,
  getBytes,
  isHexString,
  JsonRpcProvider,
  SigningKey,
  type TransactionRequest,
  type TypedDataDomain,
  toUtf8String,
} from 'ethers'
import { pollingOf, type Settings } from '../settings/settings.ts'
import { type Eip1193, providerError, type WalletChoice } from './provider.ts'

/** What the dev wallet is asked to sign, for a person to read. */
export type Asked =
  | { kind: 'transaction'; account: string; transaction: { to?: string; value: bigint; data: string } }
  | { kind: 'typedData'; account: string; typed: TypedData }
  | { kind: 'message'; account: string; message: string }

export interface TypedData {
  domain: TypedDataDomain
  types: Record<string, { name: string; type: string }[]>
  primaryType: string
  message: Record<string, unknown>
}

export interface DevAccount {
  name: string
  address: string
  privateKey: string
}

export interface DevWallet extends WalletChoice {
  accounts: DevAccount[]
  /** Chooses the account that signs; apps are told as by any wallet. */
  select(address: string): void
  readonly selected: string
}

export const DEV_WALLET = 'dev.colophon.wallet'

/**
 * A wallet for local development chains, so that a newcomer needs no extension. It speaks EIP-1193, so that the app knows no difference, and
 * asks before it signs, because that is what wallets do.
 *
 * @param approve shows what is asked; resolves to whether the person agrees
 */
export function createDevWallet(settings: Settings, approve: (asked: Asked) => Promise<boolean>): DevWallet | undefined {
  const accounts = settings.devAccounts
  if (accounts === undefined || accounts.length === 0) return undefined
  const rpc = new JsonRpcProvider(settings.rpcUrl, settings.chainId, { ...pollingOf(settings), staticNetwork: true, cacheTimeout: -1 })
  const listeners = new Map<string, Set<(value: never) => void>>()
  let selected = accounts[0]!.address

  // Not `Wallet`, which brings mnemonics and encrypted key files along.
  const signerFor = (address: unknown): BaseWallet => {
    const account = accounts.find((each) => each.address.toLowerCase() === String(address).toLowerCase())
    if (account === undefined || account.address !== selected) throw providerError(4100, 'The account is not connected.')
    return new BaseWallet(new SigningKey(account.privateKey), rpc)
  }
  const agreed = async (asked: Asked): Promise<void> => {
    if (!(await approve(asked))) throw providerError(4001, 'User rejected the request.')
  }

  // biome-ignore lint/suspicious/noExplicitAny: each method has its own parameters
  const methods: Record<string, (params: readonly any[]) => Promise<unknown> | unknown> = {
    eth_requestAccounts: () => [selected],
    eth_accounts: () => [selected],
    eth_chainId: () => `0x${settings.chainId.toString(16)}`,
    async wallet_switchEthereumChain([wanted]) {
      const { chainId } = wanted as { chainId: string }
      if (Number(chainId) !== settings.chainId) throw providerError(4902, 'The dev wallet knows the local chain alone.')
      return null
    },
    async eth_sendTransaction([given]) {
      const { from, to, value, data, gas, gasLimit } = given as Record<string, string | undefined>
      const signer = signerFor(from ?? selected)
      const transaction = { ...(to === undefined ? {} : { to }), value: BigInt(value ?? 0), data: data ?? '0x' }
      await agreed({ kind: 'transaction', account: signer.address, transaction })
      const limit = gas ?? gasLimit
      const sent = await signer.sendTransaction({
        ...transaction,
        ...(limit === undefined ? {} : { gasLimit: BigInt(limit) }),
      } satisfies TransactionRequest)
      return sent.hash
    },
    async eth_signTypedData_v4([account, json]) {
      const signer = signerFor(account)
      const typed = (typeof json === 'string' ? JSON.parse(json) : json) as TypedData
      await agreed({ kind: 'typedData', account: signer.address, typed })
      const { EIP712Domain: _, ...types } = typed.types
      return await signer.signTypedData(typed.domain, types, typed.message)
    },
    async personal_sign([message, account]) {
      const signer = signerFor(account)
      const bytes = isHexString(message) ? getBytes(message) : new TextEncoder().encode(String(message))
      await agreed({ kind: 'message', account: signer.address, message: readable(bytes) })
      return await signer.signMessage(bytes)
    },
  }

  const provider: Eip1193 = {
    request: async ({ method, params = [] }) => {
      const own = methods[method]
      return own === undefined ? await rpc.send(method, params as unknown[]) : await own(params as readonly unknown[])
    },
    on: (event, listener) => listeners.set(event, (listeners.get(event) ?? new Set()).add(listener)),
    removeListener: (event, listener) => listeners.get(event)?.delete(listener),
  }
  return {
    id: DEV_WALLET,
    name: 'Dev wallet',
    provider,
    accounts,
    get selected() {
      return selected
    },
    select(address) {
      selected = accounts.find((each) => each.address === address)?.address ?? selected
      for (const listener of listeners.get('accountsChanged') ?? []) listener([selected] as never)
    },
  }
}

function readable(bytes: Uint8Array): string {
  try {
    return toUtf8String(bytes)
  } catch {
    return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  }
}
