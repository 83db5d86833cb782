// JSON-RPC in a few lines, for what is read before ethers is there, and in workers: the browser parses the answer, however long it is.
import { ColophonError } from '@colophon/sdk'

export interface RpcOptions {
  signal?: AbortSignal | undefined
  /** Milliseconds before each further try where the RPC is not reached; none by default. */
  pauses?: readonly number[]
  fetch?: typeof globalThis.fetch
}

/** Milliseconds after which an RPC that does not answer is given up. */
const PATIENCE = 120_000
/** Milliseconds to wait where the RPC is asked too often. */
const RATE_PAUSES: readonly number[] = [1_000, 2_000, 4_000]

let last = 0

/**
 * Asks an RPC one thing.
 * @throws ColophonError NETWORK_UNREACHABLE, NETWORK_TIMEOUT, RATE_LIMITED, CHAIN_FAULT (the RPC refuses), BAD_CHAIN_DATA (its answer is none);
 * the signal's reason when it is aborted
 */
export async function askRpc<Result>(url: string, method: string, params: readonly unknown[], options: RpcOptions = {}): Promise<Result> {
  const { signal, pauses = [] } = options
  let unreached = 0
  let limited = 0
  for (;;) {
    try {
      return await askOnce<Result>(url, method, params, options)
    } catch (fault) {
      signal?.throwIfAborted()
      if (!(fault instanceof ColophonError)) throw fault
      const pause =
        fault.code === 'NETWORK_UNREACHABLE' ? pauses[unreached++] : fault.code === 'RATE_LIMITED' ? RATE_PAUSES[limited++] : undefined
      if (pause === undefined) throw fault
      await new Promise((resolve) => setTimeout(resolve, pause))
      signal?.throwIfAborted()
    }
  }
}

async function askOnce<Result>(url: string, method: string, params: readonly unknown[], options: RpcOptions): Promise<Result> {
  const { signal, fetch = globalThis.fetch } = options
  const timeout = AbortSignal.timeout(PATIENCE)
  let answered: Response | undefined
  let answer: { result?: Result; error?: { code?: unknown; message?: unknown } } | null
  try {
    answered = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: ++last, method, params }),
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    })
    if (answered.status === 429) throw limitedFault(method)
    answer = (await answered.json()) as typeof answer
  } catch (cause) {
    signal?.throwIfAborted()
    if (cause instanceof ColophonError) throw cause
    if (timeout.aborted)
      throw new ColophonError('NETWORK_TIMEOUT', `The RPC did not answer ${method} in time.`, {
        hint: 'Check the connection and try again.',
        cause,
      })
    throw new ColophonError('NETWORK_UNREACHABLE', `The RPC cannot be reached while asking ${method}.`, {
      hint: 'Check the RPC address and the connection, then try again.',
      details: { method, ...(answered === undefined ? {} : { status: answered.status }) },
      cause,
    })
  }
  const { result, error } = answer ?? {}
  if (error !== undefined && error !== null) {
    const said = String(error.message ?? error.code)
    if (error.code === 429 || /\b429\b|rate.?limit|too many requests/i.test(said)) throw limitedFault(method)
    throw new ColophonError('CHAIN_FAULT', `The RPC refuses ${method}: ${said}`, {
      hint: 'Ask again later, or use another RPC endpoint.',
      details: { method, ...(typeof error.code === 'number' ? { rpcCode: error.code } : {}) },
    })
  }
  if (result === undefined)
    throw new ColophonError('BAD_CHAIN_DATA', `The RPC answers ${method} without a result.`, {
      hint: 'Is the address that of a JSON-RPC?',
      details: { method, status: answered.status },
    })
  return result
}

function limitedFault(method: string): ColophonError {
  return new ColophonError('RATE_LIMITED', `The RPC refuses more requests for now, ${method} among them.`, {
    hint: 'Wait a little, or use another RPC endpoint.',
  })
}
