import { type BigNumberish, type Provider, type Signer, Transaction, type TransactionLike } from 'ethers'
import type { AnchorInput, AnchorRecord, Deposits } from '../deposits/index.ts'
import type { Hex } from '../deposits/work.ts'
import { ColophonError } from '../errors/base.ts'
import { chainError } from '../errors/chain.ts'
import { pauseFor } from '../progress/pause.ts'
import type { LongCallOptions } from '../progress/progress.ts'
import type { AnchoredEntry, Journal, SignedEntry } from './journal.node.ts'

/** What it takes to send an anchor at most once. */
export interface Sending {
  deposits: Deposits
  signer: Signer
  provider: Provider
  journal: Journal
  chainId: number
  /** The transactions noted that have the nonce of the last one: of these at most one is ever mined. */
  signed: readonly SignedEntry[]
}

const LOCAL_CHAIN_ID = 31_337
/** Milliseconds to wait for the anchor's block. */
const PATIENCE = 180_000
/** Milliseconds that an RPC may be behind itself. */
const LAG = 30_000
/** Room above the estimate, in percent. */
const GAS_MARGIN = 10n
/** By how much a replacement's tip is higher, in percent; nodes ask for 10. */
const TIP_STEP = 25n
/** By how much its highest fee is, of which only what its block asks is paid. */
const FEE_STEP = 100n
/** How often a transaction is signed anew in one run because the node wants a higher fee. */
const RAISES = 4

/**
 * Gets the anchor onto the chain, paying once whatever happens: the signed transaction is on the disk before it is sent, and the very same
 * transaction is sent again after an interruption. One whose fee no longer does is replaced by one with the same nonce and a higher fee, so
 * that the chain takes only one of them.
 * @throws TRANSACTION_PENDING, BATCH_SENDER_AHEAD, SIGNER_CANNOT_SIGN, FEE_TOO_LOW, and what a write throws
 */
export async function sendAnchor(input: AnchorInput, sending: Sending, options: LongCallOptions<'anchor'> = {}): Promise<AnchorRecord> {
  const { deposits, provider } = sending
  const { signal, onProgress } = options
  onProgress?.({ stage: 'anchor', done: 0, total: 1, unit: 'steps' })
  // In this order: a nonce that was used before this is asked belongs to a block that the anchor is then found in.
  const rivals = [...(await reusable(sending))]
  const there = await deposits.getAnchor(input.root)
  if (there !== undefined) return there
  const last = rivals.at(-1)
  if (last === undefined || (await isOutpriced(provider, last))) rivals.push(await sign(input, sending, last, signal))
  for (let raises = 0; ; raises++) {
    signal?.throwIfAborted()
    const signed = rivals.at(-1)!
    try {
      await broadcast(provider, signed)
      break
    } catch (fault) {
      if (!(fault instanceof ColophonError) || fault.code !== 'FEE_TOO_LOW' || raises === RAISES) throw fault
      rivals.push(await sign(input, sending, signed, signal))
    }
  }
  const hashes = rivals.map(({ transaction }) => transaction)
  const mined = await waited(provider, hashes, signal)
  if ('why' in mined) throw pending(hashes.at(-1)!, mined.why)
  const anchor = await anchorBehind(deposits, input.root, mined.succeeded, signal)
  if (anchor === undefined)
    throw new ColophonError('TRANSACTION_FAILED', `Transaction ${mined.hash} was mined, but the anchor is not there.`, {
      hint: 'Look at the transaction, then run the batch again.',
      details: { transactionHash: mined.hash },
    })
  onProgress?.({ stage: 'anchor', done: 1, total: 1, unit: 'steps' })
  return anchor
}

/** Whether the anchor is where it was noted: a reorganisation may have moved the very same transaction to another block. */
export function isNoted({ transaction, block, time }: AnchorRecord, noted: AnchoredEntry | undefined): boolean {
  return noted?.transaction === transaction && noted.block === block && noted.time === time
}

/** The transactions noted before, unless their nonce is used up, in which case none of them can be mined any more. */
async function reusable({ signed, signer, provider, chainId }: Sending): Promise<readonly SignedEntry[]> {
  const last = signed.at(-1)
  if (last === undefined) return []
  const address = await signer.getAddress()
  const [mined, next] = await asked('asking for the nonce', () =>
    Promise.all([provider.getTransactionCount(address, 'latest'), provider.getTransactionCount(address, 'pending')]),
  )
  if (last.nonce < mined) return []
  if (last.nonce <= next) return signed
  // A development chain that was started anew has forgotten the account's transactions; on any other chain the RPC may only lag.
  if (chainId === LOCAL_CHAIN_ID) return []
  throw new ColophonError('BATCH_SENDER_AHEAD', 'The RPC does not know transactions of the account that the batch has built on.', {
    hint: 'Wait, or use another RPC, and run the batch again: it will not pay twice.',
    details: { nonce: last.nonce, next, transactionHash: last.transaction },
  })
}

/** Whether the chain has become too dear for a transaction that was signed before: nodes refuse it, or keep it for ever. */
async function isOutpriced(provider: Provider, { raw }: SignedEntry): Promise<boolean> {
  const { maxFeePerGas, gasPrice } = Transaction.from(raw)
  const most = maxFeePerGas ?? gasPrice ?? 0n
  const head = await asked('asking for the fee', () => provider.getBlock('latest'))
  return head?.baseFeePerGas != null && most < head.baseFeePerGas
}

/** Signs and notes the anchor: with the next nonce, or with that of a transaction to replace, which it outbids. */
async function sign(
  input: AnchorInput,
  sending: Sending,
  replaced: SignedEntry | undefined,
  signal: AbortSignal | undefined,
): Promise<SignedEntry> {
  const { deposits, signer, journal } = sending
  const gas = await deposits.anchor.estimate(input)
  const call = await deposits.anchor.populate(input)
  const filled = await asked('preparing the anchor', () =>
    signer.populateTransaction({
      ...call,
      gasLimit: (gas * (100n + GAS_MARGIN)) / 100n,
      ...(replaced === undefined ? {} : { nonce: replaced.nonce }),
    }),
  )
  const { from: _, ...unsigned } = replaced === undefined ? filled : outbid(filled, Transaction.from(replaced.raw))
  const raw = await signer.signTransaction(unsigned).catch((cause: unknown) => {
    throw new ColophonError('SIGNER_CANNOT_SIGN', 'A batch needs an account that signs transactions without sending them.', {
      hint: 'Use a private key or a keystore; wallets of browsers only sign and send at once.',
      cause,
    })
  })
  signal?.throwIfAborted()
  const { hash, nonce } = Transaction.from(raw)
  const entry: SignedEntry = { type: 'signed', transaction: hash as Hex, nonce, raw }
  await journal.append(entry, true)
  return entry
}

/** The same with fees that are both what the chain asks now and enough more than those of the transaction it replaces. */
function outbid(filled: TransactionLike<string>, before: Transaction): TransactionLike<string> {
  const raised = (now: BigNumberish | null | undefined, then: bigint | null, percent: bigint): bigint => {
    const step = ((then ?? 0n) * (100n + percent)) / 100n + 1n
    const asked = BigInt(now ?? 0)
    return asked > step ? asked : step
  }
  if (filled.maxFeePerGas == null) return { ...filled, gasPrice: raised(filled.gasPrice, before.maxFeePerGas ?? before.gasPrice, FEE_STEP) }
  return {
    ...filled,
    maxFeePerGas: raised(filled.maxFeePerGas, before.maxFeePerGas ?? before.gasPrice, FEE_STEP),
    maxPriorityFeePerGas: raised(filled.maxPriorityFeePerGas, before.maxPriorityFeePerGas ?? before.gasPrice, TIP_STEP),
  }
}

async function broadcast(provider: Provider, { raw }: SignedEntry): Promise<void> {
  try {
    await provider.broadcastTransaction(raw)
  } catch (fault) {
    const error = chainError(fault, { action: 'anchoring the batch' })
    // The node has it already, or has mined it in the meantime: waiting will tell.
    if (error.code === 'REPLACEMENT_UNDERPRICED' || error.code === 'NONCE_USED') return
    throw error
  }
}

/**
 * Waits until one of the transactions is mined, with success or without; answers why when it stops waiting. ethers' own wait misses a block
 * that comes between two of its first requests, which on a chain that mines on demand is the only one.
 */
async function waited(
  provider: Provider,
  hashes: readonly string[],
  signal: AbortSignal | undefined,
): Promise<{ hash: string; succeeded: boolean } | { why: unknown }> {
  const end = performance.now() + PATIENCE
  for (let pause = 25; performance.now() < end; pause = Math.min(pause * 2, 2000)) {
    if (signal?.aborted === true) return { why: signal.reason }
    for (const hash of hashes) {
      const receipt = await asked('waiting for the anchor', () => provider.getTransactionReceipt(hash))
      if (receipt !== null) return { hash, succeeded: receipt.status !== 0 }
    }
    await pauseFor(pause, signal).catch(() => undefined)
  }
  return { why: undefined }
}

/** The anchor that a mined transaction has made. What answers for state or logs may be some blocks behind what answered for the receipt. */
async function anchorBehind(
  deposits: Deposits,
  root: AnchorInput['root'],
  succeeded: boolean,
  signal: AbortSignal | undefined,
): Promise<AnchorRecord | undefined> {
  const end = performance.now() + LAG
  for (;;) {
    const late = !succeeded || signal?.aborted === true || performance.now() > end
    try {
      const anchor = await deposits.getAnchor(root)
      if (anchor !== undefined || late) return anchor
    } catch (fault) {
      if (late || !(fault instanceof ColophonError) || fault.code !== 'EVENT_MISSING') throw fault
    }
    await pauseFor(300, signal).catch(() => undefined)
  }
}

function pending(hash: string, cause: unknown): ColophonError {
  return new ColophonError('TRANSACTION_PENDING', `The anchor was sent and is not mined yet: ${hash}.`, {
    hint: 'Run the batch again later: it waits for this transaction and does not pay twice.',
    details: { transactionHash: hash },
    cause,
  })
}

async function asked<Value>(action: string, run: () => Promise<Value>): Promise<Value> {
  try {
    return await run()
  } catch (fault) {
    throw chainError(fault, { action })
  }
}
