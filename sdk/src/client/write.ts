import type { Interface, Provider, Signer, TransactionReceipt, TransactionRequest, TransactionResponse } from 'ethers'
import { ColophonError } from '../errors/base.ts'
import { chainError, revertDataOf, revertError } from '../errors/chain.ts'
import { untilAborted } from '../progress/aborted.ts'
import type { LongCallOptions } from '../progress/progress.ts'
import type { Connection } from './connection.ts'

/** Options of every write. */
export interface WriteOptions extends LongCallOptions<'simulate' | 'send' | 'confirm'> {
  /** Blocks to wait for, the transaction's own included; at least 1, the default. */
  confirmations?: number
  /** Milliseconds to wait for them before TRANSACTION_PENDING; default 120,000. */
  timeout?: number
  /**
   * Called, and awaited, with the hash as soon as there is one: keep it, and a lost connection loses nothing. What it throws becomes
   * the cause of a TRANSACTION_PENDING, which carries the hash.
   */
  onSent?: (transactionHash: string) => void | Promise<void>
}

/** One write, four ways to use it. */
export interface Write<Input, Result, Preview> {
  /** Simulates, sends, waits, decodes. Whatever a simulation can find wrong is thrown before anything is spent. */
  (input: Input, options?: WriteOptions): Promise<Result>
  /** What the call would do; throws what it would throw. Spends nothing. */
  simulate(input: Input): Promise<Preview>
  /** Gas units the transaction would use. */
  estimate(input: Input): Promise<bigint>
  /** The transaction, unsigned, for a wallet or multisig of your own. */
  populate(input: Input): Promise<TransactionRequest & { to: string; data: string }>
}

export interface WriteContext {
  from: string
  address: string
  chainId: number
}

export interface WriteDefinition<Input, Result, Preview> {
  connection: Connection
  contract: 'CopyrightRegistry'
  /** Phrase that follows "while" in error messages. */
  action: string
  interfaces: readonly Interface[]
  /** Checks the input and encodes the call. */
  encode(input: Input, context: WriteContext): string | Promise<string>
  /** Decodes what the simulation returned. */
  preview(returned: string, input: Input, context: WriteContext): Preview
  /** Decodes what was mined. */
  result(receipt: TransactionReceipt, input: Input, context: WriteContext): Result | Promise<Result>
  /** Adds what the contract's own error does not tell, e.g. the earlier record. */
  explain?(error: ColophonError, input: Input, context: WriteContext): Promise<ColophonError>
}

/** Room above the estimate, in percent, for what changes between estimate and inclusion. Unused gas is not paid. */
const GAS_MARGIN = 10n

/** Makes a write out of its definition. */
export function defineWrite<Input, Result, Preview>(definition: WriteDefinition<Input, Result, Preview>): Write<Input, Result, Preview> {
  const { connection, action, interfaces } = definition

  interface Prepared {
    signer: Signer
    context: WriteContext
    request: { from: string; to: string; data: string }
  }

  async function prepare(input: Input): Promise<Prepared> {
    const signer = await connection.signer()
    const { address, chainId } = await connection.contract(definition.contract)
    const from = await signer.getAddress().catch((fault: unknown) => {
      throw chainError(fault, { action: 'asking the wallet for its account' })
    })
    const context = { from, address, chainId }
    const data = await definition.encode(input, context)
    return { signer, context, request: { from, to: address, data } }
  }

  async function guarded<Value>(input: Input, context: WriteContext, run: () => Promise<Value>, signal?: AbortSignal): Promise<Value> {
    try {
      return await run()
    } catch (fault) {
      if (signal?.aborted === true && fault === signal.reason) throw fault
      const error = chainError(fault, { interfaces, action, details: { ...context } })
      throw definition.explain === undefined ? error : await definition.explain(error, input, context)
    }
  }

  const simulatePrepared = (input: Input, { request, context }: Prepared): Promise<Preview> =>
    guarded(input, context, async () => definition.preview(await connection.provider.call(request), input, context))

  async function write(input: Input, options: WriteOptions = {}): Promise<Result> {
    const { signal, onProgress } = options
    signal?.throwIfAborted()
    onProgress?.({ stage: 'simulate', done: 0, total: 1, unit: 'steps' })
    const prepared = await untilAborted(prepare(input), signal)
    const { signer, context, request } = prepared
    await untilAborted(simulatePrepared(input, prepared), signal)
    const send = async (): Promise<TransactionResponse> => {
      const estimated = await untilAborted(connection.provider.estimateGas(request), signal)
      onProgress?.({ stage: 'send', done: 0, total: 1, unit: 'steps' })
      signal?.throwIfAborted()
      return await signer.sendTransaction({ ...request, gasLimit: (estimated * (100n + GAS_MARGIN)) / 100n })
    }
    const sent = await guarded(input, context, send, signal)
    try {
      await options.onSent?.(sent.hash)
    } catch (fault) {
      // The caller's own fault must not cost it the hash of a transaction that is on its way.
      throw pending(sent.hash, fault)
    }
    onProgress?.({ stage: 'confirm', done: 0, total: options.confirmations ?? 1, unit: 'steps' })
    const receipt = await guarded(input, context, () => mined(connection.provider, sent, interfaces, options))
    onProgress?.({ stage: 'confirm', done: options.confirmations ?? 1, total: options.confirmations ?? 1, unit: 'steps' })
    return await definition.result(receipt, input, context)
  }

  return Object.assign(write, {
    async simulate(input: Input): Promise<Preview> {
      return await simulatePrepared(input, await prepare(input))
    },
    async estimate(input: Input): Promise<bigint> {
      const prepared = await prepare(input)
      await simulatePrepared(input, prepared)
      return await guarded(input, prepared.context, () => connection.provider.estimateGas(prepared.request))
    },
    async populate(input: Input): Promise<TransactionRequest & { to: string; data: string }> {
      const { request, context } = await prepare(input)
      return { ...request, value: 0n, chainId: BigInt(context.chainId) }
    },
  })
}

/** Waits for a sent transaction; a failed one is replayed at its block, since the receipt does not say why it failed. */
async function mined(
  provider: Provider,
  sent: TransactionResponse,
  interfaces: readonly Interface[],
  options: WriteOptions,
): Promise<TransactionReceipt> {
  try {
    const receipt = await orAborted(sent.wait(options.confirmations ?? 1, options.timeout ?? 120_000), sent.hash, options.signal)
    if (receipt === null) throw pending(sent.hash, undefined)
    return receipt
  } catch (fault) {
    const { code, receipt, reason, replacement } = fault as {
      code?: string
      receipt?: TransactionReceipt
      reason?: string
      replacement?: TransactionResponse
    }
    if (code === 'TRANSACTION_REPLACED' && receipt !== undefined && replacement !== undefined) {
      // The wallet sped it up: the same call under another hash.
      if (reason === 'repriced' && receipt.status === 1) return receipt
      throw new ColophonError('TRANSACTION_REPLACED', `Transaction ${sent.hash} was replaced by another, ${replacement.hash}.`, {
        hint:
          reason === 'cancelled'
            ? 'It was cancelled in the wallet; send it again if you still want it.'
            : 'See what the replacement did before you send again.',
        details: { transactionHash: sent.hash, replacement: replacement.hash, reason },
        cause: fault,
      })
    }
    if (code === 'TIMEOUT') throw pending(sent.hash, fault)
    if (code === 'CALL_EXCEPTION' && receipt !== undefined) throw await minedFailure(provider, sent, receipt, interfaces, fault)
    throw fault
  }
}

/** Once sent, a transaction cannot be taken back; aborting ends the wait and says so. */
async function orAborted<Value>(work: Promise<Value>, hash: string, signal: AbortSignal | undefined): Promise<Value> {
  try {
    return await untilAborted(work, signal)
  } catch (fault) {
    if (signal?.aborted === true && fault === signal.reason) throw pending(hash, fault)
    throw fault
  }
}

function pending(hash: string, cause: unknown): ColophonError {
  return new ColophonError('TRANSACTION_PENDING', `Transaction ${hash} was sent and is not mined yet.`, {
    hint: 'Do not send it again: ask for its receipts by this hash later.',
    details: { transactionHash: hash },
    cause,
  })
}

async function minedFailure(
  provider: Provider,
  sent: TransactionResponse,
  receipt: TransactionReceipt,
  interfaces: readonly Interface[],
  cause: unknown,
): Promise<ColophonError> {
  const details = { transactionHash: receipt.hash, block: receipt.blockNumber, gasUsed: receipt.gasUsed.toString() }
  const call = { from: sent.from, to: sent.to, data: sent.data, value: sent.value, gasLimit: sent.gasLimit }
  // State after the block shows what earlier transactions of the same block did; state before it is the fallback.
  for (const blockTag of [receipt.blockNumber, receipt.blockNumber - 1]) {
    const fault: unknown = await provider.call({ ...call, blockTag }).then(
      () => undefined,
      (replayed: unknown) => replayed,
    )
    const data = revertDataOf(fault)
    if (data !== undefined && data !== '0x') return revertError(data, cause, { interfaces, details })
  }
  return new ColophonError('TRANSACTION_FAILED', `Transaction ${receipt.hash} was mined and failed.`, {
    hint:
      receipt.gasUsed === sent.gasLimit
        ? 'It used all its gas: raise the limit.'
        : 'The chain does not say why; its fee was paid, nothing else changed.',
    details,
    cause,
  })
}
