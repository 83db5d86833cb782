import type { Provider } from 'ethers'
import { type Connection, chainIdOf, createConnection, wrongChain } from '../client/connection.ts'
import { type Deployment, deploymentOn } from '../contracts/deployments.ts'
import { createDepositsOn } from '../deposits/client.ts'
import type { DepositRecord } from '../deposits/records.ts'
import type { Hex } from '../deposits/work.ts'
import { ColophonError } from '../errors/base.ts'
import type { LongCallOptions } from '../progress/progress.ts'
import type { DepositReceipt } from '../receipt/receipt.ts'
import { CHAIN_CHECKS, type Check, failed, skipped } from './check.ts'
import { faultFacts, type Sentence, say } from './sentence.ts'

/** The chain, as far as it can be asked. */
export interface ReachedChain {
  /** To the registry of the receipt, or else to the one that is trusted. */
  connection?: Connection
  chainId?: number
  /** Address of the registry to trust, if one is known. */
  trusted?: string
  /** Why the chain cannot be asked. */
  reason?: Sentence
}

/**
 * Reaches the chain and finds the registry to ask: the receipt's own, so that its answer can be shown beside the trusted one.
 *
 * @throws WRONG_CHAIN when the deployment given is on another chain
 */
export async function reachChain(
  { provider, deployment }: { provider?: Provider; deployment?: Deployment },
  given: DepositReceipt | undefined,
): Promise<ReachedChain> {
  if (provider === undefined) return { reason: say('provider-absent') }
  let chainId: number
  try {
    chainId = await chainIdOf(provider)
  } catch (fault) {
    return { reason: say('chain-silent', faultFacts(fault as ColophonError)) }
  }
  if (deployment !== undefined && deployment.chainId !== chainId) throw wrongChain(deployment.chainId, chainId)
  const trusted = (deployment ?? deploymentOn(chainId))?.contracts.CopyrightRegistry
  const registry = given === undefined ? trusted : { address: given.registry, block: trusted?.block ?? 0 }
  if (registry === undefined) return { chainId, reason: say('registry-unknown', { chainId }) }
  return {
    chainId,
    connection: createConnection({ provider, deployment: { chainId, contracts: { CopyrightRegistry: registry } } }),
    ...(trusted === undefined ? {} : { trusted: trusted.address }),
  }
}

/** What there is to check. */
export interface Located {
  /** Earliest first; made one at a time, since the first that holds is enough. */
  receipts: AsyncIterable<DepositReceipt> | Iterable<DepositReceipt>
  /** Every deposit found by the file's hash. */
  records: DepositRecord[]
  /** The checks to report when there is no receipt. */
  absent: Check[]
}

/** The deposits to check: the receipt given, or what the chain has for the id or the file. */
export async function locate(
  wanted: { given: DepositReceipt | undefined; id: Hex | undefined; contentHash: Hex | undefined },
  { connection, reason }: ReachedChain,
  { signal, onProgress }: LongCallOptions<'search' | 'file' | 'check'>,
): Promise<Located> {
  const { given, id, contentHash } = wanted
  if (given !== undefined) return { receipts: [given], records: [], absent: [] }
  if (connection === undefined) return { receipts: [], records: [], absent: CHAIN_CHECKS.map((name) => skipped(name, reason!)) }
  const deposits = createDepositsOn(connection)
  const search = { ...(signal === undefined ? {} : { signal }), ...(onProgress === undefined ? {} : { onProgress }) }
  const none = (what: string, why: Sentence): Located => ({
    receipts: [],
    records: [],
    absent: [failed('record', what, 'none', why)],
  })
  try {
    if (id !== undefined) {
      const found = await deposits.get(id)
      if (found === undefined) return none(`a deposit with id ${id}`, say('record-missing'))
      return { receipts: [await deposits.receipt(id)], records: [], absent: [] }
    }
    const records = (await deposits.find(contentHash!, search)).sort(
      (a, b) => a.depositedAt - b.depositedAt || a.record.block - b.record.block,
    )
    if (records.length === 0) return none(`a deposit of a file with SHA-256 ${contentHash}`, say('file-not-deposited'))
    // The first is made here, where a fault of the RPC is an answer.
    const first = await deposits.receipt(records[0]!.id)
    async function* receipts(): AsyncGenerator<DepositReceipt> {
      yield first
      for (const { id } of records.slice(1)) yield await deposits.receipt(id)
    }
    return { receipts: receipts(), records, absent: [] }
  } catch (fault) {
    signal?.throwIfAborted()
    if (!(fault instanceof ColophonError)) throw fault
    return { receipts: [], records: [], absent: [skipped('record', say('fault', faultFacts(fault)))] }
  }
}
