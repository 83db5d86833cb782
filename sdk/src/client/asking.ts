import { chainError } from '../errors/chain.ts'
import { pauseFor } from '../progress/pause.ts'

/** Milliseconds before the second and the third try. */
const PAUSES: readonly number[] = [200, 600]

/**
 * Asks the chain something that changes nothing, and again where the RPC was not reached: a connection that broke, a server that begins anew. What
 * the RPC does answer, a refusal included, is the answer; rate limits are waited for by ethers.
 */
export async function asking<Value>(ask: () => Promise<Value>, signal?: AbortSignal): Promise<Value> {
  for (const pause of PAUSES) {
    try {
      return await ask()
    } catch (fault) {
      if (signal?.aborted === true || chainError(fault).code !== 'NETWORK_UNREACHABLE') throw fault
    }
    await pauseFor(pause, signal)
  }
  return await ask()
}
