import { JsonRpcApiProvider, type Provider } from 'ethers'
import { ColophonError } from '../errors/base.ts'
import { chainError } from '../errors/chain.ts'
import { untilAborted } from '../progress/aborted.ts'

/** Sends a request as it is. @throws ColophonError `PROOF_UNAVAILABLE` when the RPC refuses it, and what the RPC's faults become */
export type Ask = (method: string, params: unknown[]) => Promise<unknown>

/** @throws ColophonError `PROOF_UNAVAILABLE` for a provider that sends no requests of its own */
export function asking(provider: Provider, signal: AbortSignal | undefined): Ask {
  if (!(provider instanceof JsonRpcApiProvider)) throw unavailable('The provider cannot send eth_getProof.')
  return async (method, params) =>
    await untilAborted(
      provider.send(method, params).catch((cause: unknown) => {
        const error = chainError(cause, { action: 'asking for a proof' })
        throw /^(NETWORK_|RATE_LIMITED)/.test(error.code) ? error : unavailable(`The RPC refuses ${method}: ${error.shortMessage}`, cause)
      }),
      signal,
    )
}

export function unavailable(why: string, cause?: unknown): ColophonError {
  return new ColophonError('PROOF_UNAVAILABLE', why, {
    hint: 'Ask an RPC that serves eth_getProof, or keeps the receipts of old blocks; the receipt is good without.',
    cause,
  })
}
