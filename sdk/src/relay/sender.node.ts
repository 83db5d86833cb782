import type { Signer, TransactionReceipt } from 'ethers'
import { Transaction } from 'ethers'
import type { Colophon } from '../client/index.ts'
import { depositedEvent, registryInterface } from '../deposits/registry.ts'
import type { SignedDeposit } from '../deposits/signed.ts'
import { type Hex, leafOf } from '../deposits/work.ts'
import { ColophonError } from '../errors/base.ts'
import { chainError } from '../errors/chain.ts'
import { ContractError } from '../errors/contract.ts'
import { createMerkleTree } from '../merkle/index.ts'
import type { RelayMetrics } from './metrics.ts'
import type { RelayMode } from './protocol.ts'
import type { Batch, Queue, Request, SignedTransaction } from './queue.node.ts'

export interface SenderOptions {
  queue: Queue
  colophon: Colophon
  /** Signs without sending; has a provider. */
  signer: Signer
  chainId: number
  registry: string
  mode: RelayMode
  batch: { size: number; seconds: number; gas: bigint }
  confirmations: number
  maxFeePerGas: bigint
  /** Milliseconds between looks at the chain. */
  pollInterval: number
  /** Milliseconds that a sent transaction may wait before a higher fee is offered, and that an RPC may be behind itself. */
  patience: number
  metrics: RelayMetrics
}

/** What carries the queue to the chain. */
export interface Sender {
  /** The newest block that was seen. */
  readonly head: { number: number; timestamp: number } | undefined
  /** The last fault of chain or disk, until a round went well again. */
  readonly trouble: ColophonError | undefined
  /** Says that there is something new. */
  wake(): void
  /** Ends after the step that is going on. */
  stop(): Promise<void>
}

/** Room above the estimate, in percent. */
const GAS_MARGIN = 10n
/** By how much a replacement's fees are higher, in percent; nodes ask for 10. */
const FEE_STEP = 25n
/** Milliseconds to rest after a fault, doubled each time up to the last. */
const PAUSE = { first: 250, last: 15_000 }
/** Why a node will never take a transaction of this size. */
const TOO_LARGE = /gas limit|gas required exceeds|intrinsic gas|oversized|too large|size (limit|exceeds)|max initcode/i

/**
 * Starts to send what is in the queue. One transaction is under way at a time: the next is signed once this one is mined, so that a dropped
 * transaction never leaves others waiting behind its nonce. Mined ones are watched until they are deep enough to stay.
 */
export function startSender(options: SenderOptions): Sender {
  const { queue, colophon, signer, mode, batch: limits, metrics } = options
  const provider = signer.provider!
  const stopping = new AbortController()
  let head: { number: number; timestamp: number; baseFeePerGas: bigint | null } | undefined
  let trouble: ColophonError | undefined
  let wake = (): void => {}
  /** Parts of batches that failed as a whole, to be tried alone; in memory only, since a failure tells itself again. */
  const parts: Hex[][] = []
  /** When a batch's last transaction was signed, by its number; milliseconds of `performance.now()`. */
  const since = new Map<number, number>()
  /** Since when a batch's nonce is not the next one. */
  const missed = new Map<number, number>()
  /** When a batch was last sent without a fault. */
  const told = new Map<number, number>()

  async function asked<Value>(action: string, run: () => Promise<Value>): Promise<Value> {
    try {
      return await run()
    } catch (fault) {
      throw chainError(fault, { action })
    }
  }

  async function look(): Promise<void> {
    const block = await asked('asking for the newest block', () => provider.getBlock('latest'))
    if (block !== null) head = { number: block.number, timestamp: block.timestamp, baseFeePerGas: block.baseFeePerGas }
  }

  /** Follows every batch that is not settled; says whether one of them is not mined. */
  async function follow(): Promise<boolean> {
    let waits = false
    for (const batch of queue.open) {
      const receipt = await receiptOf(batch)
      if (receipt !== undefined) {
        const depth = head!.number - receipt.blockNumber + 1
        if (receipt.status === 0) await failed(batch, receipt)
        else if (depth >= options.confirmations) await settle(batch, receipt)
        else batch.mined = { transaction: receipt.hash as Hex, block: receipt.blockNumber }
        continue
      }
      if (batch.mined !== undefined) {
        metrics.count('reorganisations')
        delete batch.mined
        told.delete(batch.number)
        since.set(batch.number, performance.now())
      }
      if (await pursue(batch)) waits = true
    }
    return waits
  }

  async function receiptOf({ rivals }: Batch): Promise<TransactionReceipt | undefined> {
    for (const { transaction } of rivals.toReversed()) {
      const receipt = await asked('looking for the batch', () => provider.getTransactionReceipt(transaction))
      if (receipt !== null) return receipt
    }
    return undefined
  }

  /** Brings a batch that is not mined on its way; says whether it is still to be waited for. */
  async function pursue(batch: Batch): Promise<boolean> {
    const last = batch.rivals.at(-1)!
    if (!since.has(batch.number)) since.set(batch.number, performance.now())
    const late = performance.now() - since.get(batch.number)! > options.patience
    const account = await signer.getAddress()
    const next = await asked('asking for the nonce', () => provider.getTransactionCount(account, 'latest'))
    const earlier = queue.open.some((other) => other !== batch && other.rivals[0]!.nonce < last.nonce)
    if (next > last.nonce || (next < last.nonce && !earlier)) {
      // Another transaction has the nonce, or the chain has forgotten those before it; or it was mined since its receipt was asked for, or the
      // RPC answers from an older state.
      if (!missed.has(batch.number)) missed.set(batch.number, performance.now())
      if (performance.now() - missed.get(batch.number)! < options.patience) return true
      await queue.drop(batch)
      forget(batch)
      metrics.count('batches', { outcome: 'dropped' })
      return false
    }
    missed.delete(batch.number)
    const outbid = late || head!.baseFeePerGas === null ? late : maxFeeOf(last) < head!.baseFeePerGas
    if (outbid && (await raise(batch))) return true
    // Nodes forget what they cannot mine at once; telling them at every look would be most of the traffic.
    if (performance.now() - (told.get(batch.number) ?? Number.NEGATIVE_INFINITY) < options.patience / 4) return true
    await broadcast(batch, batch.rivals.at(-1)!)
    return queue.open.includes(batch)
  }

  /** Signs the batch's transaction again with higher fees, if the ceiling has room for that. */
  async function raise(batch: Batch): Promise<boolean> {
    const before = Transaction.from(batch.rivals.at(-1)!.raw)
    const fees = await feesOf(before)
    if (fees === undefined) return false
    const { to, data, nonce, gasLimit } = before
    const signed = await sign({ to: to!, data, nonce, gasLimit, ...fees })
    await queue.replace(batch, signed)
    since.set(batch.number, performance.now())
    metrics.count('replacements')
    await broadcast(batch, signed)
    return true
  }

  /** Sends a transaction that is on the disk. Whatever becomes of the answer, the next round sees what became of it. */
  async function broadcast(batch: Batch, { raw }: SignedTransaction): Promise<void> {
    try {
      await provider.broadcastTransaction(raw)
      told.set(batch.number, performance.now())
    } catch (fault) {
      const error = chainError(fault, { action: 'sending the batch' })
      // The node has it, or has mined it, or wants a higher fee.
      if (['REPLACEMENT_UNDERPRICED', 'NONCE_USED', 'FEE_TOO_LOW'].includes(error.code)) {
        told.set(batch.number, performance.now())
        return
      }
      if (!isTooLarge(error)) throw error
      await queue.drop(batch)
      await divide(batch.ids, error)
    }
  }

  /** Mined without effect, which no simulation foretold: its halves are tried alone. */
  async function failed(batch: Batch, { hash, gasUsed, gasPrice }: TransactionReceipt): Promise<void> {
    metrics.count('batches', { outcome: 'failed' })
    metrics.paid(gasUsed, gasPrice)
    await queue.drop(batch)
    forget(batch)
    await divide(
      batch.ids,
      new ColophonError('TRANSACTION_FAILED', `Transaction ${hash} was mined and failed.`, {
        hint: 'Look at the transaction.',
        details: { transactionHash: hash },
      }),
    )
  }

  async function settle(batch: Batch, receipt: TransactionReceipt): Promise<void> {
    const mined = { transaction: receipt.hash as Hex, block: receipt.blockNumber }
    if (batch.mode === 'record') {
      const recorded = new Set(receipt.logs.map((log) => depositedEvent(log)?.id))
      const missing = batch.ids.filter((id) => !recorded.has(id) && queue.requests.get(id)!.end === undefined)
      // Before the batch is noted as settled: a restart between the two does it again.
      await Promise.all(missing.map((id) => endSkipped(id, receipt)))
    }
    await queue.settle(batch, mined)
    forget(batch)
    metrics.count('batches', { outcome: 'settled' })
    metrics.paid(receipt.gasUsed, receipt.gasPrice)
  }

  function forget({ number }: Batch): void {
    since.delete(number)
    told.delete(number)
    missed.delete(number)
  }

  /** An entry that the registry left out: it was there already, or says why it may not be. */
  async function endSkipped(id: Hex, receipt: TransactionReceipt): Promise<void> {
    if (await endKnown(id)) return
    const skipped = receipt.logs
      .map((log) => registryInterface().parseLog(log))
      .find((log) => log?.name === 'DepositSkipped' && log.args.id === id)
    const expired = skipped?.args.reason === 3n
    await queue.end(id, {
      type: 'refused',
      code: expired ? 'SIGNATURE_EXPIRED' : 'SIGNATURE_INVALID',
      message: expired ? 'The signature had expired when the batch was mined.' : 'The registry did not take the signature.',
    })
    metrics.count('deposits', { outcome: 'refused' })
  }

  /** Ends a request whose deposit the chain has already. */
  async function endKnown(id: Hex): Promise<boolean> {
    const record = await colophon.deposits.get(id)
    if (record === undefined) return false
    await queue.end(id, { type: 'known', transaction: record.record.transaction, block: record.record.block })
    return true
  }

  /** Makes two of a part that fails, and gives up on one that cannot be divided. */
  async function divide(ids: readonly Hex[], error: ColophonError): Promise<void> {
    const left = ids.filter((id) => queue.waiting.has(id))
    if (left.length > 1) {
      metrics.count('bisections')
      parts.unshift(left.slice(0, left.length >> 1), left.slice(left.length >> 1))
    } else if (left.length === 1) {
      await queue.end(left[0]!, { type: 'refused', code: error.code, message: error.shortMessage })
      metrics.count('deposits', { outcome: 'refused' })
    }
  }

  /** The next ids to go together, or none while it pays to wait. */
  function take(): Hex[] {
    while (parts.length > 0) {
      const part = parts.shift()!.filter((id) => queue.waiting.has(id))
      if (part.length > 0) return part
    }
    const [first] = queue.waiting
    if (first === undefined) return []
    const due = Date.now() - queue.requests.get(first)!.at >= limits.seconds * 1000
    if (queue.waiting.size < limits.size && !due) return []
    const taken: Hex[] = []
    for (const id of queue.waiting) {
      taken.push(id)
      if (taken.length === limits.size) break
    }
    return taken
  }

  /** Signs and sends one batch; says whether there was one. */
  async function send(): Promise<boolean> {
    const divided = parts.length > 0
    const taken = take()
    if (taken.length === 0) return false
    const fees = await feesOf(undefined)
    if (fees === undefined) {
      if (divided) parts.unshift(taken)
      return false
    }
    const ids = await goodOf(taken)
    if (ids.length === 0) return true
    const called = await callOf(ids)
    if (called === undefined) return true
    const account = await signer.getAddress()
    const counted = await asked('asking for the nonce', () => provider.getTransactionCount(account, 'latest'))
    // An RPC that is behind does not know the last batches yet.
    const nonce = Math.max(counted, ...queue.open.map(({ rivals }) => rivals[0]!.nonce + 1))
    const signed = await sign({ ...called.request, nonce, ...fees })
    const batch = await queue.begin({ mode, ids, ...(called.root === undefined ? {} : { root: called.root }) }, signed)
    since.set(batch.number, performance.now())
    metrics.count('batches', { outcome: 'sent' })
    await broadcast(batch, signed)
    return true
  }

  /** Without those whose signature is over: sending them would only cost. */
  async function goodOf(ids: readonly Hex[]): Promise<Hex[]> {
    const now = Math.max(head!.timestamp, Math.floor(Date.now() / 1000))
    const good: Hex[] = []
    for (const id of ids) {
      if (queue.requests.get(id)!.deadline > now) good.push(id)
      else {
        await queue.end(id, { type: 'refused', code: 'SIGNATURE_EXPIRED', message: 'The signature expired while the request waited.' })
        metrics.count('deposits', { outcome: 'refused' })
      }
    }
    return good
  }

  interface Called {
    request: { to: string; data: string; gasLimit: bigint }
    root?: Hex
  }

  /** The call for these ids, tried first; undefined when it was divided, or nothing of it is left. */
  async function callOf(ids: readonly Hex[]): Promise<Called | undefined> {
    try {
      return mode === 'anchor' ? await anchorOf(ids) : await recordsOf(ids)
    } catch (fault) {
      const error = fault instanceof ColophonError ? fault : chainError(fault)
      if (!(error instanceof ContractError) && !/^(CONTRACT_|NOTHING_TO_DEPOSIT)/.test(error.code) && !isTooLarge(error)) {
        parts.unshift([...ids])
        throw error
      }
      await divide(ids, error)
      return undefined
    }
  }

  async function recordsOf(ids: readonly Hex[]): Promise<Called | undefined> {
    const { submitManySigned, submitSigned } = colophon.deposits
    const entries = ids.map((id) => signedOf(queue.requests.get(id)!))
    // One alone shows the registry's own objection.
    if (entries.length === 1) await submitSigned.simulate(entries[0]!)
    else if ((await submitManySigned.simulate(entries)).deposited < entries.length) {
      // Some would be left out: those that are there already end here, and the others show alone what is wrong with them.
      const known = await Promise.all(ids.map((id) => endKnown(id)))
      if (known.includes(true)) parts.unshift(ids.filter((_, index) => !known[index]))
      else
        await divide(
          ids,
          new ColophonError('NOTHING_TO_DEPOSIT', 'The registry leaves some of the deposits out.', { hint: 'Try each alone.' }),
        )
      return undefined
    }
    const gas = await submitManySigned.estimate(entries)
    if (gas > limits.gas && entries.length > 1)
      throw new ColophonError('CONTRACT_REVERTED', `The batch needs ${gas} gas.`, { hint: 'Divide it.', details: { gas: gas.toString() } })
    const { to, data } = await submitManySigned.populate(entries)
    return { request: { to, data, gasLimit: (gas * (100n + GAS_MARGIN)) / 100n } }
  }

  async function anchorOf(ids: readonly Hex[]): Promise<Called> {
    const { anchor } = colophon.deposits
    const { root } = await createMerkleTree(ids.map(leafOf))
    const input = { root, count: ids.length }
    const { to, data } = await anchor.populate(input)
    return { request: { to, data, gasLimit: ((await anchor.estimate(input)) * (100n + GAS_MARGIN)) / 100n }, root }
  }

  function signedOf({ claimant, deadline, signed }: Request): SignedDeposit {
    const { chainId, registry } = options
    return { type: 'colophon-signed-deposit', version: 1, chainId, registry, claimant, deadline, ...signed! }
  }

  /** Fees that the chain asks now, and more than those of a transaction to replace; undefined when the ceiling is lower. */
  async function feesOf(before: Transaction | undefined): Promise<Fees | undefined> {
    const ceiling = options.maxFeePerGas
    const { maxPriorityFeePerGas, gasPrice } = await asked('asking for the fee', () => provider.getFeeData())
    const step = (fee: bigint | null): bigint => (before === undefined ? 0n : ((fee ?? 0n) * (100n + FEE_STEP)) / 100n + 1n)
    const base = head!.baseFeePerGas
    if (base === null) {
      const price = most(gasPrice ?? 0n, step(before?.gasPrice ?? null))
      return held(price > ceiling) ? undefined : { type: 0, gasPrice: price }
    }
    const tip = most(maxPriorityFeePerGas ?? 0n, step(before?.maxPriorityFeePerGas ?? null))
    const least = most(base + tip, step(before?.maxFeePerGas ?? null))
    if (held(least > ceiling)) return undefined
    return { type: 2, maxPriorityFeePerGas: tip, maxFeePerGas: least > 2n * base + tip ? least : fewer(2n * base + tip, ceiling) }
  }

  function held(above: boolean): boolean {
    metrics.set('fee_above_ceiling', above ? 1 : 0)
    return above
  }

  async function sign(unsigned: { to: string; data: string; nonce: number; gasLimit: bigint } & Fees): Promise<SignedTransaction> {
    const raw = await signer.signTransaction({ ...unsigned, chainId: options.chainId, value: 0n }).catch((cause: unknown) => {
      throw new ColophonError('SIGNER_CANNOT_SIGN', 'A relay needs an account that signs transactions without sending them.', {
        hint: 'Use a private key or a keystore; wallets of browsers only sign and send at once.',
        cause,
      })
    })
    return { transaction: Transaction.from(raw).hash as Hex, nonce: unsigned.nonce, raw: raw as Hex }
  }

  async function round(): Promise<void> {
    await look()
    // Batches are sent one after the other for as long as the chain takes each at once.
    while (!stopping.signal.aborted) {
      if (await follow()) return
      if (!(await send())) return
    }
  }

  async function run(): Promise<void> {
    let pause = PAUSE.first
    while (!stopping.signal.aborted) {
      let rest = options.pollInterval
      try {
        await round()
        trouble = undefined
        pause = PAUSE.first
      } catch (fault) {
        trouble = fault instanceof ColophonError ? fault : chainError(fault, { action: 'sending deposits' })
        metrics.count('faults', { code: trouble.code })
        rest = pause
        pause = Math.min(pause * 2, PAUSE.last)
      }
      await resting(rest)
    }
  }

  /** Until there is something new for a batch, or the time is up. */
  async function resting(milliseconds: number): Promise<void> {
    if (stopping.signal.aborted) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
    wake = () => {}
  }

  const running = run()
  return {
    get head() {
      return head
    },
    get trouble() {
      return trouble
    },
    wake() {
      if (queue.waiting.size >= limits.size && trouble === undefined) wake()
    },
    async stop() {
      stopping.abort()
      wake()
      await running
    },
  }
}

type Fees = { type: 0; gasPrice: bigint } | { type: 2; maxPriorityFeePerGas: bigint; maxFeePerGas: bigint }

function maxFeeOf({ raw }: SignedTransaction): bigint {
  const { maxFeePerGas, gasPrice } = Transaction.from(raw)
  return maxFeePerGas ?? gasPrice ?? 0n
}

function isTooLarge(error: ColophonError): boolean {
  if (error.code !== 'CHAIN_FAULT') return false
  const cause = error.walk()
  return TOO_LARGE.test(error.shortMessage) || (cause instanceof Error && TOO_LARGE.test(cause.message))
}

function most(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}

function fewer(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}
