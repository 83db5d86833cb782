import { type Provider, type Signer, Transaction } from 'ethers'
import type { AnchorInput, AnchorRecord, Deposits } from '../deposits/index.ts'
import type { Hex } from '../deposits/work.ts'
import { ColophonError } from '../errors/base.ts'
import { chainError } from '../errors/chain.ts'
import type { LongCallOptions } from '../progress/progress.ts'
import type { Journal, SignedEntry } from './journal.node.ts'

/** What it takes to send an anchor at most once. */
export interface Sending {
  deposits: Deposits
  signer: Signer
  provider: Provider
  journal: Journal
  chainId: number
  /** The transaction noted last, if there is one. */
  signed: SignedEntry | undefined
}

const LOCAL_CHAIN_ID = 31_337
/** Milliseconds to wait for the anchor's block. */
const PATIENCE = 180_000
/** Room above the estimate, in percent. */
const GAS_MARGIN = 10n

/**
 * Gets the anchor onto the chain, paying once whatever happens: the signed transaction is on the disk before it is sent, and the very same
 * transaction is sent again after an interruption.
 * @throws TRANSACTION_PENDING, BATCH_SENDER_AHEAD, SIGNER_CANNOT_SIGN, and what a write throws
 */
export async function sendAnchor(input: AnchorInput, sending: Sending, options: LongCallOptions<'anchor'> = {}): Promise<AnchorRecord> {
  const { deposits, provider } = sending
  const { signal, onProgress } = options
  onProgress?.({ stage: 'anchor', done: 0, total: 1, unit: 'steps' })
  // In this order: a nonce that was used before this is asked belongs to a block that the anchor is then found in.
  const earlier = await reusable(sending)
  const there = await deposits.getAnchor(input.root)
  if (there !== undefined) return there
  const signed = earlier ?? (await signAnew(input, sending, signal))
  signal?.throwIfAborted()
  await broadcast(provider, signed)
  const mined = await waited(provider, signed.transaction, signal)
  if (mined !== 'mined') throw pending(signed.transaction, mined)
  const anchor = await deposits.getAnchor(input.root)
  if (anchor === undefined)
    throw new ColophonError('TRANSACTION_FAILED', `Transaction ${signed.transaction} was mined, but the anchor is not there.`, {
      hint: 'Look at the transaction, then run the batch again.',
      details: { transactionHash: signed.transaction },
    })
  onProgress?.({ stage: 'anchor', done: 1, total: 1, unit: 'steps' })
  return anchor
}

/** The transaction noted before, unless its nonce is used up, in which case it can never be mined any more. */
async function reusable({ signed, signer, provider, chainId }: Sending): Promise<SignedEntry | undefined> {
  if (signed === undefined) return undefined
  const address = await signer.getAddress()
  const [mined, next] = await asked('asking for the nonce', () =>
    Promise.all([provider.getTransactionCount(address, 'latest'), provider.getTransactionCount(address, 'pending')]),
  )
  if (signed.nonce < mined) return undefined
  if (signed.nonce <= next) return signed
  // A development chain that was started anew has forgotten the account's transactions; on any other chain the RPC may only lag.
  if (chainId === LOCAL_CHAIN_ID) return undefined
  throw new ColophonError('BATCH_SENDER_AHEAD', 'The RPC does not know transactions of the account that the batch has built on.', {
    hint: 'Wait, or use another RPC, and run the batch again: it will not pay twice.',
    details: { nonce: signed.nonce, next, transactionHash: signed.transaction },
  })
}

async function signAnew(input: AnchorInput, sending: Sending, signal: AbortSignal | undefined): Promise<SignedEntry> {
  const { deposits, signer, journal } = sending
  const gas = await deposits.anchor.estimate(input)
  const call = await deposits.anchor.populate(input)
  const filled = await asked('preparing the anchor', () =>
    signer.populateTransaction({ ...call, gasLimit: (gas * (100n + GAS_MARGIN)) / 100n }),
  )
  const { from: _, ...unsigned } = filled
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
 * Waits until the transaction is mined, with success or without; answers why when it stops waiting. ethers' own wait misses a block that
 * comes between two of its first requests, which on a chain that mines on demand is the only one.
 */
async function waited(provider: Provider, hash: string, signal: AbortSignal | undefined): Promise<'mined' | unknown> {
  const end = performance.now() + PATIENCE
  for (let pause = 25; performance.now() < end; pause = Math.min(pause * 2, 2000)) {
    if (signal?.aborted === true) return signal.reason
    const receipt = await asked('waiting for the anchor', () => provider.getTransactionReceipt(hash))
    if (receipt !== null) return 'mined'
    await rest(pause, signal)
  }
  return undefined
}

/** Resolves after some milliseconds, or when aborted. */
async function rest(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, milliseconds)
    signal?.addEventListener('abort', done)
  })
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
