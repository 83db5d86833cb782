import type { TypedDataDomain } from 'ethers'
import type { Settings } from '../settings/settings.ts'
import type { Eip1193, WalletChoice } from './provider.ts'

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
  const listeners = new Map<string, Set<(value: never) => void>>()
  let selected = accounts[0]!.address
  let signer: Promise<ReturnType<typeof import('./devSigner.ts')['createDevSigner']>> | undefined
  const own: Record<string, () => unknown> = {
    eth_requestAccounts: () => [selected],
    eth_accounts: () => [selected],
    eth_chainId: () => `0x${settings.chainId.toString(16)}`,
  }

  const provider: Eip1193 = {
    request: async ({ method, params = [] }) => {
      const known = own[method]
      if (known !== undefined) return known()
      signer ??= import('./devSigner.ts').then(({ createDevSigner }) => createDevSigner(settings, accounts, () => selected, approve))
      return await (await signer)(method, params as readonly unknown[])
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
