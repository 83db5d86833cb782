import type { Signer } from 'ethers'
import { createConnection } from '../client/connection.ts'
import { createColophon } from '../client/index.ts'
import type { Deployment } from '../contracts/deployments.ts'
import { LOCAL_CHAIN_ID } from '../contracts/deployments.ts'
import { type Hex, leafOf } from '../deposits/work.ts'
import { ColophonError } from '../errors/base.ts'
import { chainError } from '../errors/chain.ts'
import type { Level } from '../identity/index.ts'
import { createMerkleTree, type MerkleTree } from '../merkle/index.ts'
import { createAdmission, QUOTA_PERIOD } from './admission.node.ts'
import { createHttp, loadFastify } from './http.node.ts'
import { createMetrics } from './metrics.ts'
import {
  ACCEPTANCE_TYPES,
  acceptanceDomain,
  type RelayAcceptance,
  type RelayInfo,
  type RelayMode,
  type RelayState,
  type RelayStatus,
} from './protocol.ts'
import { type Batch, openQueue, type Request } from './queue.node.ts'
import type { RateLimit } from './rates.ts'
import { startSender } from './sender.node.ts'

export interface RelayOptions {
  /** Pays; must sign without sending, as ethers' `Wallet` does, have a provider, and be used by nothing else. */
  signer: Signer
  /** Where the contracts are; by default what this SDK knows for the chain. */
  deployment?: Deployment
  /** Folder of the queue; the same folder again goes on where it stopped. */
  folder: string
  /** A record for each deposit (the default), or one Merkle root a batch and a proof for each. */
  mode?: RelayMode
  /** Deposits of one claimant in 24 hours, by its level of identity; 0 refuses. By default none for the unverified, then 100, 1,000 and 10,000. */
  quota?: Partial<Record<Level, number>>
  /** Deposits that go together, at most (default 100, with `anchor` 1,024), and seconds that the first of them waits for others (default 5). */
  batch?: { size?: number; seconds?: number }
  /** Most to pay for a unit of gas, in wei; default 100 gwei. */
  maxFeePerGas?: bigint
  /** Blocks until a deposit counts as settled, its own included; default 12, on the local chain 1. */
  confirmations?: number
  /** Seconds that a signature has to be good for yet; default 600. */
  leastValidity?: number
  /** Requests that may wait; default 100,000. */
  capacity?: number
  /** Requests of one address; default 20 a second, 200 at once. */
  rate?: Partial<RateLimit>
  /** Days for which ended requests can be asked for; at least 1, default 30. */
  keepDays?: number
  /** Default 127.0.0.1. Behind anything else put a proxy that speaks TLS. */
  host?: string
  /** Default 8787; 0 takes any free one. */
  port?: number
  /** Believe `X-Forwarded-For`; only behind a proxy that sets it. Default false. */
  trustProxy?: boolean
  /** Origins, such as `https://app.example`, of pages that may ask from browsers; none by default. */
  origins?: readonly string[]
  /** Milliseconds between looks at the chain; default 3,000, on the local chain 50. */
  pollInterval?: number
  /** Milliseconds until a transaction that is not mined gets a higher fee, or one whose nonce was taken is given up; default 60,000, on the local chain 3,000. */
  patience?: number
}

/** A running relay. */
export interface Relay {
  url: string
  info: RelayInfo
  /** What it would answer for a request. */
  status(id: string): Promise<RelayStatus | undefined>
  /** Requests that are accepted and neither settled nor refused. */
  readonly unfinished: number
  /** What keeps it from sending, if anything does. */
  readonly trouble: ColophonError | undefined
  /** Takes no more requests, ends the step that is going on, and closes the queue. What waits goes on at the next start. */
  stop(): Promise<void>
}

const QUOTA: Record<Level, number> = { none: 0, low: 100, substantial: 1000, high: 10_000 }
/** Gas of one transaction: below the 2^24 of EIP-7825. */
const MOST_GAS = 15_000_000n
const DAY = 86_400_000
/** Milliseconds between two looks at the balance. */
const BALANCE_EVERY = 10_000
/** Trees of batches that are kept to answer for their proofs. */
const TREES = 32

/**
 * Starts a relay: takes signed deposits over HTTP, keeps them on the disk before it says so, and pays for them in batches.
 * @throws INVALID_INPUT, SIGNER_MISSING, SIGNER_CANNOT_SIGN, WRONG_CHAIN, DEPLOYMENT_UNKNOWN, CONTRACT_MISSING, RELAY_BUSY, RELAY_OTHER,
 * RELAY_DAMAGED, OUTPUT_UNWRITABLE, PORT_TAKEN, DEPENDENCY_MISSING
 */
export async function startRelay(options: RelayOptions): Promise<Relay> {
  // Before a folder is made or the chain asked.
  await loadFastify()
  const { signer, mode = 'record' } = options
  const known = options.deployment === undefined ? {} : { deployment: options.deployment }
  const connection = createConnection({ signer, ...known })
  await connection.signer()
  const provider = signer.provider!
  const { contracts } = await connection.deployment()
  const { address: registry, chainId } = await connection.contract('CopyrightRegistry')
  const local = chainId === LOCAL_CHAIN_ID
  const account = await signer.getAddress()
  const colophon = createColophon({ signer, ...known })
  const limits = {
    size: whole('batch.size', options.batch?.size ?? (mode === 'anchor' ? 1024 : 100), 1, 65_536),
    seconds: number('batch.seconds', options.batch?.seconds ?? 5, 0, 86_400),
  }
  const info: RelayInfo = {
    type: 'colophon-relay',
    version: 1,
    chainId,
    registry,
    account,
    mode,
    quota: quotaOf(options.quota),
    leastValidity: whole('leastValidity', options.leastValidity ?? 600, 1, 31_536_000),
    batch: limits,
    confirmations: whole('confirmations', options.confirmations ?? (local ? 1 : 12), 1, 10_000),
    maxFeePerGas: String(options.maxFeePerGas ?? 100_000_000_000n),
  }
  const rate = {
    perSecond: number('rate.perSecond', options.rate?.perSecond ?? 20, 0.01, 1e6),
    burst: whole('rate.burst', options.rate?.burst ?? 200, 1, 1e6),
  }
  const capacity = whole('capacity', options.capacity ?? 100_000, 1, 10_000_000)
  const pollInterval = number('pollInterval', options.pollInterval ?? (local ? 50 : 3000), 1, 600_000)
  const patience = number('patience', options.patience ?? (local ? 3000 : 60_000), 1, 86_400_000)
  const keep = number('keepDays', options.keepDays ?? 30, QUOTA_PERIOD / DAY, 36_500) * DAY
  const metrics = createMetrics()
  const queue = await openQueue(options.folder, { chainId, registry }, Date.now() - keep)
  const sender = startSender({
    queue,
    colophon,
    signer,
    chainId,
    registry,
    mode,
    batch: { ...limits, gas: MOST_GAS },
    confirmations: info.confirmations,
    maxFeePerGas: BigInt(info.maxFeePerGas),
    pollInterval,
    patience,
    metrics,
  })
  const trees = new Map<number, Promise<MerkleTree>>()

  async function proofOf({ id, batch }: Request): Promise<RelayStatus['anchor']> {
    const { number, ids, root } = batch!
    let tree = trees.get(number)
    if (tree === undefined) {
      tree = createMerkleTree(ids.map(leafOf))
      trees.set(number, tree)
      if (trees.size > TREES) trees.delete(trees.keys().next().value!)
    }
    return { root: root!, proof: (await tree).proof(ids.indexOf(id)) }
  }

  async function statusOf(request: Request): Promise<RelayStatus> {
    const { id, claimant, at, deadline, batch, end } = request
    const common = { id, claimant, acceptedAt: Math.floor(at / 1000), deadline }
    if (end?.type === 'refused') return { ...common, state: 'refused', refusal: { code: end.code, message: end.message } }
    if (end?.type === 'known') return { ...common, state: 'settled', transaction: end.transaction, block: end.block, byOthers: true }
    if (batch === undefined) return { ...common, state: 'queued' }
    if (batch.mined === undefined) return { ...common, state: 'sent', transaction: batch.rivals.at(-1)!.transaction }
    const state: RelayState = batch.settled === true ? 'settled' : 'mined'
    return { ...common, state, ...batch.mined, ...(batch.mode === 'anchor' ? { anchor: (await proofOf(request))! } : {}) }
  }

  async function acceptanceOf({ id, at, deadline }: Request): Promise<RelayAcceptance> {
    const acceptedAt = Math.floor(at / 1000)
    const signature = await signer.signTypedData(acceptanceDomain(chainId, registry), ACCEPTANCE_TYPES, { id, acceptedAt, deadline })
    return { by: account, acceptedAt, signature: signature as Hex }
  }

  let balanceAt = 0
  async function gauge(): Promise<void> {
    const [first] = queue.waiting
    metrics.set('waiting', queue.waiting.size)
    metrics.set('oldest_waiting_seconds', first === undefined ? 0 : (Date.now() - queue.requests.get(first)!.at) / 1000)
    metrics.set('unsettled_batches', queue.open.length)
    metrics.set('disk_flushes', queue.flushes.count)
    metrics.set('disk_flush_seconds', queue.flushes.seconds)
    if (sender.head !== undefined) metrics.set('head_block', sender.head.number)
    // Whoever reads metrics often does not make the relay ask the chain as often.
    if (Date.now() - balanceAt < BALANCE_EVERY) return
    balanceAt = Date.now()
    const balance = await provider.getBalance(account).catch(() => undefined)
    if (balance !== undefined) metrics.set('balance_wei', Number(balance))
  }

  const find = (id: string): Request | undefined => queue.requests.get(id as Hex)
  const admission = createAdmission({
    queue,
    colophon,
    provider,
    chainId,
    registry,
    identities: contracts.IdentityRegistry?.address,
    quota: info.quota,
    leastValidity: info.leastValidity,
    capacity,
    chainTime: () => sender.head?.timestamp,
  })
  try {
    const app = await createHttp({
      admission,
      metrics,
      rate,
      trustProxy: options.trustProxy ?? false,
      origins: options.origins ?? [],
      info: () => info,
      health: async () => {
        const { trouble } = sender
        return { ok: trouble === undefined, waiting: queue.waiting.size, ...(trouble === undefined ? {} : { trouble: trouble.code }) }
      },
      find,
      statusOf,
      acceptedOf: async (request) => {
        sender.wake()
        const [status, acceptance] = await Promise.all([statusOf(request), acceptanceOf(request)])
        return { ...status, acceptance }
      },
      gauge,
    })
    const { host = '127.0.0.1', port = 8787 } = options
    const url = await app.listen({ host, port }).catch((cause: NodeJS.ErrnoException) => {
      throw new ColophonError('PORT_TAKEN', `The relay cannot listen on ${host}:${port}: ${cause.message}.`, {
        hint: 'Choose another port, or stop the other program.',
        details: { host, port },
        cause,
      })
    })
    return {
      url,
      info,
      async status(id) {
        const request = find(id.toLowerCase())
        return request === undefined ? undefined : await statusOf(request)
      },
      get unfinished() {
        return queue.waiting.size + queue.open.reduce((sum, { ids }: Batch) => sum + ids.length, 0)
      },
      get trouble() {
        return sender.trouble
      },
      async stop() {
        await app.close()
        await sender.stop()
        await queue.close()
      },
    }
  } catch (fault) {
    await sender.stop()
    await queue.close()
    throw fault instanceof ColophonError ? fault : chainError(fault, { action: 'starting the relay' })
  }
}

function quotaOf(given: Partial<Record<Level, number>> = {}): Record<Level, number> {
  const quota = { ...QUOTA, ...given }
  for (const [level, value] of Object.entries(quota)) {
    if (!Object.hasOwn(QUOTA, level)) throw invalid('quota', level, `a level: ${Object.keys(QUOTA).join(', ')}`)
    whole(`quota.${level}`, value, 0, 1e9)
  }
  return quota
}

function whole(field: string, value: number, least: number, most: number): number {
  if (!Number.isInteger(value)) throw invalid(field, value, 'a whole number')
  return number(field, value, least, most)
}

function number(field: string, value: number, least: number, most: number): number {
  if (typeof value !== 'number' || !(value >= least && value <= most)) throw invalid(field, value, `between ${least} and ${most}`)
  return value
}

function invalid(field: string, found: unknown, expected: string): ColophonError {
  return new ColophonError('INVALID_INPUT', `${field} is not valid: expected ${expected}.`, {
    hint: 'Correct the option of the relay.',
    details: { field, found: String(found) },
  })
}
