// What the dev wallet signs with: loaded when it is first asked something that is not about itself.
import { BaseWallet, getBytes, isHexString, JsonRpcProvider, SigningKey, type TransactionRequest, toUtf8String } from 'ethers'
import { pollingOf, type Settings } from '../settings/settings.ts'
import type { Asked, DevAccount, TypedData } from './devWallet.ts'
import { providerError } from './provider.ts'

/**
 * Answers an EIP-1193 request as a wallet with these accounts does; what it has no own answer for the chain is asked.
 *
 * @param selected address of the account that is connected, now
 * @param approve shows what is asked; resolves to whether the person agrees
 */
export function createDevSigner(
  settings: Settings,
  accounts: readonly DevAccount[],
  selected: () => string,
  approve: (asked: Asked) => Promise<boolean>,
): (method: string, params: readonly unknown[]) => Promise<unknown> {
  const rpc = new JsonRpcProvider(settings.rpcUrl, settings.chainId, { ...pollingOf(settings), staticNetwork: true, cacheTimeout: -1 })
  // Not `Wallet`, which brings mnemonics and encrypted key files along.
  const signerFor = (address: unknown): BaseWallet => {
    const account = accounts.find((each) => each.address.toLowerCase() === String(address).toLowerCase())
    if (account === undefined || account.address !== selected()) throw providerError(4100, 'The account is not connected.')
    return new BaseWallet(new SigningKey(account.privateKey), rpc)
  }
  const agreed = async (asked: Asked): Promise<void> => {
    if (!(await approve(asked))) throw providerError(4001, 'User rejected the request.')
  }

  // biome-ignore lint/suspicious/noExplicitAny: each method has its own parameters
  const methods: Record<string, (params: readonly any[]) => Promise<unknown> | unknown> = {
    async wallet_switchEthereumChain([wanted]) {
      const { chainId } = wanted as { chainId: string }
      if (Number(chainId) !== settings.chainId) throw providerError(4902, 'The dev wallet knows the local chain alone.')
      return null
    },
    async eth_sendTransaction([given]) {
      const { from, to, value, data, gas, gasLimit } = given as Record<string, string | undefined>
      const signer = signerFor(from ?? selected())
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

  return async (method, params) => {
    const own = methods[method]
    return own === undefined ? await rpc.send(method, params as unknown[]) : await own(params)
  }
}

function readable(bytes: Uint8Array): string {
  try {
    return toUtf8String(bytes)
  } catch {
    return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  }
}
