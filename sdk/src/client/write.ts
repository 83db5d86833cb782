import type { Interface, Provider, Signer, TransactionReceipt, TransactionRequest, TransactionResponse } from 'ethers'
import type { ContractName } from '../contracts/deployments.ts'
import { allowanceMissing, approvalOf, missingAllowance, type Spending } from '../currency/allowance.ts'
import { ColophonError } from '../errors/base.ts'
import { type ChainFault, chainError, revertDataOf, revertError } from '../errors/chain.ts'
import { untilAborted } from '../progress/aborted.ts'
import type { LongCallOptions } from '../progress/progress.ts'
import { asking } from './asking.ts'
import type { Connection } from './connection.ts'
import { pending, sendOnce } from './sender.ts'

/** Options of every write. */
export interface WriteOptions extends LongCallOptions<'approve' | 'simulate' | 'send' | 'confirm'> {
  /**
   * Whether a payment in tokens may first send an approval of exactly its amount, where the one that stands is lower. True by default; with
   * false the write throws ALLOWANCE_MISSING instead.
   */
  approve?: boolean
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
  /** The transaction, unsigned, for a wallet or multisig of your own; `approval` is to be mined before it, if it is there. */
  populate(input: Input): Promise<Populated>
}

export interface Populated extends TransactionRequest {
  to: string
  data: string
  /** Approval of exactly the tokens that the transaction spends, where the one that stands is lower. */
  approval?: TransactionRequest & { to: string; data: string }
}

type Explanations = NonNullable<ChainFault['explanations']>

/** What a write sends. */
export interface Call {
  data: string
  /** Coins sent along, in wei. */
  value?: bigint
  /** Tokens that the contract, or one it calls, takes from the signer. */
  spends?: Spending
  /** What was read to encode the call and foretells its outcome, for the preview of functions that return nothing. */
  expected?: unknown
}

export interface WriteContext {
  from: string
  address: string
  chainId: number
}

export interface WriteDefinition<Input, Result, Preview> {
  connection: Connection
  contract: ContractName
  /** Phrase that follows "while" in error messages. */
  action: string
  /** Interfaces of the contracts that may refuse; asked for when one does. */
  interfaces: () => readonly Interface[]
  /** How their custom errors are told to people; those of the registry by default. */
  explanations?: Explanations
  /** Checks the input and encodes the call. */
  encode(input: Input, context: WriteContext): string | Call | Promise<string | Call>
  /** Throws what would make the call fail apart from payment; asked before tokens are approved. */
  precheck?(input: Input, context: WriteContext): Promise<void>
  /**
   * Gas above the margin, for calls that cost more in a later second than in that of the estimate: a checkpoint of the same second is written over,
   * one of a new second is a word more.
   */
  gasRoom?: bigint
  /** Decodes what the simulation returned. */
  preview(returned: string, input: Input, context: WriteContext, expected: unknown): Preview
  /** Decodes what was mined. */
  result(receipt: TransactionReceipt, input: Input, context: WriteContext): Result | Promise<Result>
  /** Adds what the contract's own error does not tell, e.g. the earlier record. */
  explain?(error: ColophonError, input: Input, context: WriteContext): Promise<ColophonError>
}

/** Room above the estimate, in percent, for what changes between estimate and inclusion. Unused gas is not paid. */
const GAS_MARGIN = 10n

/** Makes a write out of its definition. */
export function defineWrite<Input, Result, Preview>(definition: WriteDefinition<Input, Result, Preview>): Write<Input, Result, Preview> {
  const { connection, action } = definition
  const decoding = (): ChainFault => ({
    interfaces: definition.interfaces(),
    ...(definition.explanations === undefined ? {} : { explanations: definition.explanations }),
  })

  interface Prepared {
    signer: Signer
    context: WriteContext
    request: { from: string; to: string; data: string; value: bigint }
    spends: Spending | undefined
    expected: unknown
  }

  async function prepare(input: Input): Promise<Prepared> {
    const signer = await connection.signer()
    const { address, chainId } = await connection.contract(definition.contract)
    const from = await signer.getAddress().catch((fault: unknown) => {
      throw chainError(fault, { action: 'asking the wallet for its account' })
    })
    const context = { from, address, chainId }
    const encoded = await definition.encode(input, context)
    const { data, value = 0n, spends, expected }: Call = typeof encoded === 'string' ? { data: encoded } : encoded
    return { signer, context, request: { from, to: address, data, value }, spends, expected }
  }

  async function guarded<Value>(input: Input, context: WriteContext, run: () => Promise<Value>, signal?: AbortSignal): Promise<Value> {
    try {
      return await run()
    } catch (fault) {
      if (signal?.aborted === true && fault === signal.reason) throw fault
      const error = chainError(fault, { ...decoding(), action, details: { ...context } })
      throw definition.explain === undefined ? error : await definition.explain(error, input, context)
    }
  }

  async function simulatePrepared(input: Input, { request, context, spends, expected }: Prepared): Promise<Preview> {
    // Without the approval a simulation would only show that it is missing, and not what else is wrong.
    if (spends !== undefined) {
      const missing = await missingAllowance(connection, context.from, spends)
      if (missing !== undefined) await guarded(input, context, async () => await definition.precheck?.(input, context))
      if (missing !== undefined) throw allowanceMissing(spends, missing)
    }
    return await guarded(input, context, async () =>
      definition.preview(await asking(() => connection.provider.call(request)), input, context, expected),
    )
  }

  async function write(input: Input, options: WriteOptions = {}): Promise<Result> {
    const { signal, onProgress } = options
    signal?.throwIfAborted()
    onProgress?.({ stage: 'simulate', done: 0, total: 1, unit: 'steps' })
    const prepared = await untilAborted(prepare(input), signal)
    const { signer, context, request, spends } = prepared
    const approves = spends !== undefined && options.approve !== false
    if (approves && (await untilAborted(missingAllowance(connection, context.from, spends), signal)) !== undefined) {
      await guarded(input, context, async () => await untilAborted(definition.precheck?.(input, context) ?? Promise.resolve(), signal))
      signal?.throwIfAborted()
      onProgress?.({ stage: 'approve', done: 0, total: 1, unit: 'steps' })
      const approval = await guarded(input, context, () => sendOnce(signer, approvalOf(context.from, spends), signal))
      await guarded(input, context, () => mined(connection.provider, approval, decoding, { ...options, confirmations: 1 }))
    }
    await untilAborted(simulatePrepared(input, prepared), signal)
    const send = async (): Promise<TransactionResponse> => {
      const estimated = await asking(() => untilAborted(connection.provider.estimateGas(request), signal), signal)
      onProgress?.({ stage: 'send', done: 0, total: 1, unit: 'steps' })
      signal?.throwIfAborted()
      const gasLimit = (estimated * (100n + GAS_MARGIN)) / 100n + (definition.gasRoom ?? 0n)
      return await sendOnce(signer, { ...request, gasLimit }, signal)
    }
    const sent = await guarded(input, context, send, signal)
    try {
      await options.onSent?.(sent.hash)
    } catch (fault) {
      // The caller's own fault must not cost it the hash of a transaction that is on its way.
      throw pending(sent.hash, fault)
    }
    onProgress?.({ stage: 'confirm', done: 0, total: options.confirmations ?? 1, unit: 'steps' })
    const receipt = await guarded(input, context, () => mined(connection.provider, sent, decoding, options))
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
    async populate(input: Input): Promise<Populated> {
      const { request, context, spends } = await prepare(input)
      const chainId = BigInt(context.chainId)
      const missing = spends === undefined ? undefined : await missingAllowance(connection, context.from, spends)
      return {
        ...request,
        chainId,
        ...(missing === undefined ? {} : { approval: { ...approvalOf(context.from, spends!), chainId } }),
      }
    },
  })
}

/** Waits for a sent transaction; a failed one is replayed at its block, since the receipt does not say why it failed. */
async function mined(
  provider: Provider,
  sent: TransactionResponse,
  decoding: () => ChainFault,
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
    if (code === 'CALL_EXCEPTION' && receipt !== undefined) throw await minedFailure(provider, sent, receipt, decoding, fault)
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

async function minedFailure(
  provider: Provider,
  sent: TransactionResponse,
  receipt: TransactionReceipt,
  decoding: () => ChainFault,
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
    if (data !== undefined && data !== '0x') return revertError(data, cause, { ...decoding(), details })
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
