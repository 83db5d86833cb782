import type { Log, Provider } from 'ethers'
import type { Connection } from '../client/connection.ts'
import { searchLogs } from '../client/logs.ts'
import type { DeployedContract } from '../contracts/deployments.ts'
import { CopyrightRegistry__factory } from '../contracts/generated/CopyrightRegistry.ts'
import type { CopyrightRegistry, CopyrightRegistryInterface } from '../contracts/generated/types/CopyrightRegistry.ts'
import { ColophonError } from '../errors/base.ts'
import { chainError } from '../errors/chain.ts'
import { untilAborted } from '../progress/aborted.ts'
import type { LongCallOptions } from '../progress/progress.ts'
import type { DepositKind } from '../receipt/receipt.ts'
import type { Hex, Work } from './work.ts'

let parsedInterface: CopyrightRegistryInterface | undefined

/** The registry's interface, parsed at first use. */
export function registryInterface(): CopyrightRegistryInterface {
  parsedInterface ??= CopyrightRegistry__factory.createInterface()
  return parsedInterface
}

export interface RegistryAt extends DeployedContract {
  chainId: number
  contract: CopyrightRegistry
}

/** The registry of a connection, for reading; chain and code are checked. */
export async function registryAt(connection: Connection): Promise<RegistryAt> {
  const at = await connection.contract('CopyrightRegistry')
  return { ...at, contract: CopyrightRegistry__factory.connect(at.address, connection.provider) }
}

/** Topics of the event that speaks of these indexed values. */
export function registryTopics(event: 'Anchored' | 'Deposited' | 'Sealed', values: readonly string[]): (string | null)[] {
  return registryInterface().encodeFilterTopics(event as 'Anchored', [...values]) as (string | null)[]
}

/** Where the event of a record is. A record of a seal or an anchor is newer than the time it is good for. */
export function placeOfRecord({ recordedIn, depositedAt, kind }: StoredDeposit): EventPlace {
  return { block: recordedIn, since: depositedAt, ...(kind === 'direct' || kind === 'signed' ? { until: depositedAt } : {}) }
}

/** Where the event of a seal or an anchor is. */
export function placeOfStamp({ block, time }: StoredStamp): EventPlace {
  return { block, since: time, until: time }
}

/** Runs a read and turns its failures into typed errors. */
export async function registryCall<Value>(action: string, run: () => Promise<Value>): Promise<Value> {
  try {
    return await run()
  } catch (fault) {
    throw chainError(fault, { interfaces: [registryInterface()], action })
  }
}

/** What a `Deposited` event says. */
export interface DepositedEvent {
  id: Hex
  claimant: string
  work: Work
}

/** What the registry stores of a deposit. */
export interface StoredDeposit {
  claimant: string
  /** The time the deposit is good for, seconds since 1970. */
  depositedAt: number
  /** Block of the record's event, as the contract counts blocks. */
  recordedIn: number
  kind: Exclude<DepositKind, 'anchored'>
}

/** What the registry stores of a seal or an anchor. */
export interface StoredStamp {
  by: string
  /** Seconds since 1970. */
  time: number
  block: number
}

/** `DepositKind` of the contract, by number. */
const KINDS = [undefined, 'direct', 'signed', 'unsealed', 'lifted'] as const

/** The record with this id, or undefined. */
export async function storedDeposit(connection: Connection, id: Hex): Promise<StoredDeposit | undefined> {
  const { contract } = await registryAt(connection)
  const { claimant, depositedAt, recordedIn, kind } = await registryCall('reading a deposit', () => contract.depositOf(id))
  if (recordedIn === 0n) return undefined
  const name = KINDS[Number(kind)]
  if (name === undefined)
    throw new ColophonError('BAD_CHAIN_DATA', `The registry answers with a deposit kind this SDK does not know (${kind}).`, {
      hint: 'The contract is newer than this SDK, or not the one it was made for.',
      details: { id, kind: kind.toString() },
    })
  return { claimant, depositedAt: Number(depositedAt), recordedIn: Number(recordedIn), kind: name }
}

/** The record behind an event that was seen: it must be there, or the RPC answers from different states of the chain. */
export async function recordedDeposit(connection: Connection, id: Hex): Promise<StoredDeposit> {
  const stored = await storedDeposit(connection, id)
  if (stored === undefined)
    throw new ColophonError('RPC_INCONSISTENT', `The RPC shows the event of deposit ${id}, but not its record.`, {
      hint: 'Its servers are out of step, or the chain was reorganised. Ask again later.',
      details: { id },
    })
  return stored
}

/** The seal of this commitment by this claimant, or undefined. */
export async function storedSeal(connection: Connection, claimant: string, commitment: Hex): Promise<StoredStamp | undefined> {
  const { contract } = await registryAt(connection)
  return stampOf(await registryCall('reading a seal', () => contract.sealOf(claimant, commitment)))
}

/** The anchor of this root, or undefined. */
export async function storedAnchor(connection: Connection, root: Hex): Promise<StoredStamp | undefined> {
  const { contract } = await registryAt(connection)
  return stampOf(await registryCall('reading an anchor', () => contract.anchorOf(root)))
}

function stampOf({ by, time, blockNumber }: { by: string; time: bigint; blockNumber: bigint }): StoredStamp | undefined {
  return time === 0n ? undefined : { by, time: Number(time), block: Number(blockNumber) }
}

/** Decodes a `Deposited` event; undefined for any other log. */
export function depositedEvent(log: Pick<Log, 'topics' | 'data'>): DepositedEvent | undefined {
  const parsed = registryInterface().parseLog(log)
  if (parsed?.name !== 'Deposited') return undefined
  const { id, claimant, contentHash, fingerprint, fingerprintType, metadata, salt } = parsed.args
  return { id, claimant, work: { contentHash, fingerprint, fingerprintType: Number(fingerprintType), metadata, salt } }
}

/** Where the registry's state says that an event is. */
export interface EventPlace {
  /** `block.number` as the contract saw it. */
  block: number
  /** No event is older than this, seconds since 1970. */
  since: number
  /** No event is newer than this; undefined when only the newest block bounds it. */
  until?: number
}

/**
 * The one log of the registry with these topics.
 *
 * It is in the block the state names, but for rollups whose `block.number` counts another chain's blocks (Arbitrum's does): there the
 * blocks of that time are searched.
 *
 * @throws EVENT_MISSING, and what the RPC's faults become
 */
export async function registryEvent(
  connection: Connection,
  place: EventPlace,
  topics: (string | null)[],
  options: LongCallOptions<'search'> = {},
): Promise<Log> {
  const { provider } = connection
  const { signal } = options
  const { address, block: first } = await connection.contract('CopyrightRegistry')
  const filter = { address, topics }
  const newest = await untilAborted(
    registryCall('asking for the newest block', () => provider.getBlockNumber()),
    signal,
  )
  if (place.block <= newest) {
    const at = { ...options, fromBlock: place.block, toBlock: place.block }
    for await (const log of searchLogs(provider, filter, at)) return log
  }
  const timeOf = async (block: number): Promise<number> => await untilAborted(timeOfBlock(provider, block), signal)
  const fromBlock = await firstBlockSince(place.since, first, newest, timeOf)
  const toBlock = place.until === undefined ? newest : (await firstBlockSince(place.until + 1, fromBlock, newest, timeOf)) - 1
  for await (const log of searchLogs(provider, filter, { ...options, fromBlock, toBlock: Math.min(toBlock, newest) })) return log
  throw new ColophonError('EVENT_MISSING', `The RPC does not have the event that the registry wrote in block ${place.block}.`, {
    hint: 'Use an RPC that keeps the logs of old blocks.',
    details: { address, block: place.block, topics },
  })
}

/** The first block of a time or later, between two blocks; one past the newest if there is none. */
async function firstBlockSince(time: number, first: number, newest: number, timeOf: (block: number) => Promise<number>): Promise<number> {
  let [low, high] = [first, newest + 1]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if ((await timeOf(middle)) < time) low = middle + 1
    else high = middle
  }
  return low
}

/** Time of a block, seconds since 1970. */
export async function timeOfBlock(provider: Provider, block: number): Promise<number> {
  const found = await registryCall('reading a block', () => provider.getBlock(block))
  if (found === null)
    throw new ColophonError('BLOCK_MISSING', `The RPC does not have block ${block}.`, {
      hint: 'Use an RPC that keeps old blocks and is in sync.',
      details: { block },
    })
  return found.timestamp
}
