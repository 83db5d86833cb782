import { BaseWallet, type Provider, type Signer, Transaction, type TransactionRequest, type TransactionResponse } from 'ethers'
import { ColophonError } from '../errors/base.ts'
import { chainError } from '../errors/chain.ts'
import { asking } from './asking.ts'

/** The account's turn: transactions of one account are numbered and sent one after the other, however many wait to be mined. */
interface Line {
  /** Ends when everything that was begun has been handed to the node. */
  end: Promise<unknown>
  waiting: number
  /** The last one that the node took. */
  last?: { nonce: number; hash: string }
}

/** Lines of accounts that are sending now, by chain and address. */
const lines = new Map<string, Line>()

/** How often the same signed transaction is handed to the node before it is left open whether it was taken. */
const BROADCASTS = 4
/** How often a transaction is numbered anew because somebody else has used the account's next number. */
const NUMBERINGS = 5
/** Milliseconds before the second try of either; twice as many before each further one. */
const PAUSE = 200

/** Faults that do not tell whether the node took what was sent, and the one that says that it did not. */
const OPEN = /^NETWORK_/
const LATER = 'RATE_LIMITED'
/** How nodes say that they have this very transaction. */
const KNOWN = /already known|already imported|known transaction/i
/** Somebody else's transaction has the number. */
const TAKEN = /^(NONCE_USED|REPLACEMENT_UNDERPRICED)$/

/**
 * Sends a transaction once. With a wallet whose key is at hand any number may be sent at the same time: each gets its own nonce; and one whose
 * answer was lost is handed over again as it was signed, which no chain takes twice. Other signers number and send for themselves.
 * @throws TRANSACTION_PENDING where it cannot be found out whether the node took it, and what the node refuses
 */
export async function sendOnce(signer: Signer, request: TransactionRequest, signal?: AbortSignal): Promise<TransactionResponse> {
  const { provider } = signer
  // A wallet that has a way of sending of its own, which an app may have given it, is to use it.
  const sendsAsEthers = signer instanceof BaseWallet && signer.sendTransaction === BaseWallet.prototype.sendTransaction
  if (!sendsAsEthers || provider === null) return await signer.sendTransaction(request)
  const { chainId } = await provider.getNetwork()
  return await inLine(`${chainId} ${signer.address}`, async (line) => {
    for (let numbering = 1; ; numbering++) {
      signal?.throwIfAborted()
      const nonce = await asking(() => nextNonce(provider, signer.address, line), signal)
      const { from: _, ...unsigned } = await asking(() => signer.populateTransaction({ ...request, nonce }), signal)
      signal?.throwIfAborted()
      const raw = await signer.signTransaction(unsigned)
      try {
        const sent = await broadcast(provider, raw)
        line.last = { nonce, hash: sent.hash }
        return sent
      } catch (fault) {
        if (numbering === NUMBERINGS || !TAKEN.test(codeOf(fault))) throw fault
        await rest(numbering)
      }
    }
  })
}

async function inLine<Value>(key: string, run: (line: Line) => Promise<Value>): Promise<Value> {
  const line = lines.get(key) ?? { end: Promise.resolve(), waiting: 0 }
  lines.set(key, line)
  line.waiting++
  const mine = line.end.then(() => run(line))
  line.end = mine.catch(() => undefined)
  try {
    return await mine
  } finally {
    if (--line.waiting === 0) lines.delete(key)
  }
}

/** What the node counts; more where it is behind with what it has just taken. */
async function nextNonce(provider: Provider, address: string, { last }: Line): Promise<number> {
  const counted = await provider.getTransactionCount(address, 'pending')
  if (last === undefined || counted > last.nonce) return counted
  return (await provider.getTransaction(last.hash)) === null ? counted : last.nonce + 1
}

async function broadcast(provider: Provider, raw: string): Promise<TransactionResponse> {
  const hash = Transaction.from(raw).hash!
  let isOpen = false
  let first: unknown
  for (let time = 1; ; time++) {
    try {
      return await provider.broadcastTransaction(raw)
    } catch (fault) {
      // What is refused now may be what was taken before: then the node has it.
      const known = await provider.getTransaction(hash).catch(() => null)
      if (known !== null) return known.replaceableTransaction(known.blockNumber ?? (await provider.getBlockNumber()))
      const code = codeOf(fault)
      isOpen ||= OPEN.test(code) || KNOWN.test(String(fault))
      if (!isOpen && code !== LATER) throw fault
      first ??= fault
      if (time === BROADCASTS) throw isOpen ? pending(hash, first) : fault
      await rest(time)
    }
  }
}

/** The error of a transaction that is on its way, or may be. */
export function pending(hash: string, cause: unknown): ColophonError {
  return new ColophonError('TRANSACTION_PENDING', `Transaction ${hash} was sent and is not mined yet.`, {
    hint: 'Do not send it again: ask for its receipts by this hash later.',
    details: { transactionHash: hash },
    cause,
  })
}

function codeOf(fault: unknown): string {
  return chainError(fault).code
}

async function rest(time: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, PAUSE * 2 ** (time - 1)))
}
