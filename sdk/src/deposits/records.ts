import type { Log } from 'ethers'
import type { Connection } from '../client/connection.ts'
import { type LogSearch, searchLogs } from '../client/logs.ts'
import { untilAborted } from '../progress/aborted.ts'
import type { LongCallOptions } from '../progress/progress.ts'
import type { DepositKind, OnChain } from '../receipt/receipt.ts'
import {
  depositedEvent,
  placeOfRecord,
  placeOfStamp,
  recordedDeposit,
  registryEvent,
  registryInterface,
  registryTopics,
  type StoredDeposit,
  storedAnchor,
  storedDeposit,
  storedSeal,
  timeOfBlock,
} from './registry.ts'
import { addressOf, type Bytes32, bytes32, type Hex, type Work } from './work.ts'

/** A deposit as the chain has it. */
export interface DepositRecord {
  id: Hex
  claimant: string
  work: Work
  kind: Exclude<DepositKind, 'anchored'>
  /** The time the deposit is good for, seconds since 1970. */
  depositedAt: number
  /** Where its event is. */
  record: OnChain
}

/** A seal as the chain has it. */
export interface SealRecord extends OnChain {
  claimant: string
  commitment: Hex
}

/** An anchor as the chain has it. */
export interface AnchorRecord extends OnChain {
  root: Hex
  by: string
  /** How many works its author says are under the root. */
  count: bigint
  /** sha2-256 digest of the CID of the batch's manifest; zero when there is none. */
  manifest: Hex
}

export interface DepositReads {
  /** The deposit with this id, or undefined. */
  get(id: Bytes32): Promise<DepositRecord | undefined>
  /** The seal of this commitment by this claimant, or undefined. */
  getSeal(claimant: string, commitment: Bytes32): Promise<SealRecord | undefined>
  /** The anchor of this root, or undefined. */
  getAnchor(root: Bytes32): Promise<AnchorRecord | undefined>
  /** Every deposit of a file with this SHA-256, by anyone, earliest record first. Sealed works are found once unsealed, anchored ones once lifted. */
  find(contentHash: Bytes32, options?: FindOptions): Promise<DepositRecord[]>
  /** Every deposit recorded for this claimant, earliest record first. */
  findByClaimant(claimant: string, options?: FindOptions): Promise<DepositRecord[]>
}

export interface FindOptions extends LongCallOptions<'search'> {
  /** First block to search; the registry's deployment by default. */
  fromBlock?: number
  /** Last block to search; the newest by default. */
  toBlock?: number
  /** Blocks asked for at once, to begin with; default 50,000. */
  range?: number
}

/** Reads of the registry. */
export function createReads(connection: Connection): DepositReads {
  const find = (topics: (string | null)[], options: FindOptions): Promise<DepositRecord[]> =>
    untilAborted(search(topics, options), options.signal)

  async function search(topics: (string | null)[], options: FindOptions): Promise<DepositRecord[]> {
    const { address, block } = await connection.contract('CopyrightRegistry')
    const ranges: LogSearch = { ...options, fromBlock: options.fromBlock ?? block }
    const found: DepositRecord[] = []
    for await (const log of searchLogs(connection.provider, { address, topics }, ranges)) {
      options.signal?.throwIfAborted()
      found.push(await recordOfLog(connection, log))
    }
    return found
  }

  const depositedTopic = (): string => registryInterface().getEvent('Deposited').topicHash

  return {
    async get(id) {
      const key = bytes32('id', id)
      const stored = await storedDeposit(connection, key)
      if (stored === undefined) return undefined
      const log = await registryEvent(connection, placeOfRecord(stored), registryTopics('Deposited', [key]))
      return await recordOfLog(connection, log, stored)
    },

    async getSeal(claimant, commitment) {
      const by = addressOf('claimant', claimant)
      const key = bytes32('commitment', commitment)
      const stored = await storedSeal(connection, by, key)
      if (stored === undefined) return undefined
      const log = await registryEvent(connection, placeOfStamp(stored), registryTopics('Sealed', [by, key]))
      return { claimant: by, commitment: key, transaction: log.transactionHash as Hex, block: log.blockNumber, time: stored.time }
    },

    async getAnchor(root) {
      const key = bytes32('root', root)
      const stored = await storedAnchor(connection, key)
      if (stored === undefined) return undefined
      const log = await registryEvent(connection, placeOfStamp(stored), registryTopics('Anchored', [key]))
      const { by, count, manifest } = registryInterface().parseLog(log)!.args
      return { root: key, by, count, manifest, transaction: log.transactionHash as Hex, block: log.blockNumber, time: stored.time }
    },

    async find(contentHash, options = {}) {
      return await find([depositedTopic(), null, null, bytes32('contentHash', contentHash)], options)
    },

    async findByClaimant(claimant, options = {}) {
      return await find(
        registryInterface().encodeFilterTopics('Deposited', [null, addressOf('claimant', claimant)]) as (string | null)[],
        options,
      )
    },
  }
}

/** The record behind a `Deposited` event. */
async function recordOfLog(connection: Connection, log: Log, known?: StoredDeposit): Promise<DepositRecord> {
  const event = depositedEvent(log)!
  const [time, stored] = await Promise.all([
    timeOfBlock(connection.provider, log.blockNumber),
    known ?? recordedDeposit(connection, event.id),
  ])
  const { kind, depositedAt } = stored
  return { ...event, kind, depositedAt, record: { transaction: log.transactionHash as Hex, block: log.blockNumber, time } }
}
