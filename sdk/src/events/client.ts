import type { Interface } from 'ethers'
import type { Connection } from '../client/connection.ts'
import { interfaceOf } from '../client/contract.ts'
import { searchLogs } from '../client/logs.ts'
import type { SearchOptions } from '../client/tokens.ts'
import type { Hex } from '../deposits/work.ts'
import type { ColophonError } from '../errors/base.ts'
import { invalidInput } from '../input/input.ts'
import { type Contracts, type EventName, type EventValues, FACTORIES } from './contracts.ts'
import { followLogs } from './watch.ts'

/** An event of a contract. */
export interface ChainEvent<Name extends keyof Contracts, Event extends EventName<Name>> {
  contract: Name
  event: Event
  /** The event's values by their names, as the ABI has them. */
  values: EventValues<Name, Event>
  transaction: Hex
  block: number
  blockHash: Hex
  /** Place in the block; with `blockHash` it names the event. */
  logIndex: number
}

/** An event that came, or one that a reorganisation took back. */
export interface EventChange<Name extends keyof Contracts, Event extends EventName<Name>> extends ChainEvent<Name, Event> {
  /** `'removed'` undoes an `'added'` of the same `blockHash` and `logIndex`. */
  kind: 'added' | 'removed'
}

export interface EventQuery<Name extends keyof Contracts, Event extends EventName<Name>> {
  contract: Name
  event: Event
  /** Only events with these values; of indexed parameters. */
  where?: Partial<Record<keyof EventValues<Name, Event> & string, unknown>>
}

export interface WatchOptions<Name extends keyof Contracts, Event extends EventName<Name>> extends EventQuery<Name, Event> {
  /** First block; only what comes from now on by default. */
  fromBlock?: number
  /** Blocks that must lie on top of an event before it is told; 0 by default. */
  confirmations?: number
  /** Blocks within which reorganisations are followed; 256 by default. */
  depth?: number
  /** Milliseconds between two questions to the RPC; 1,000 by default. */
  pollInterval?: number
  /** Ends the iteration with its reason. */
  signal?: AbortSignal
  /** Told of each fault of the RPC that is waited out, so that an app can show that it is offline. */
  onFault?: (error: ColophonError) => void
}

export interface Events {
  /**
   * Events as they come, each once: from `fromBlock` on, then live, for ever. Survives lost connections, and tells what reorganisations take back.
   * End it with `break` or the signal.
   * @throws INVALID_INPUT, REORG_TOO_DEEP, WRONG_CHAIN, CONTRACT_MISSING
   */
  watch<Name extends keyof Contracts, Event extends EventName<Name>>(
    options: WatchOptions<Name, Event>,
  ): AsyncGenerator<EventChange<Name, Event>, void, undefined>
  /** Events that there are, oldest first. */
  list<Name extends keyof Contracts, Event extends EventName<Name>>(
    query: EventQuery<Name, Event>,
    options?: SearchOptions,
  ): Promise<ChainEvent<Name, Event>[]>
}

/** An events client on a connection that others share. */
export function createEventsOn(connection: Connection): Events {
  async function prepare<Name extends keyof Contracts, Event extends EventName<Name>>(
    query: EventQuery<Name, Event>,
  ): Promise<{ topics: (string | string[] | null)[]; read: (log: LogLike) => ChainEvent<Name, Event> }> {
    const load = FACTORIES[query.contract]
    if (load === undefined) throw invalidInput('contract', query.contract, `one of ${Object.keys(FACTORIES).join(', ')}`)
    const face = interfaceOf(await load())
    return {
      topics: topicsOf(face, query.event, query.where ?? {}),
      read: (log) => ({
        contract: query.contract,
        event: query.event,
        values: face.parseLog(log)!.args.toObject() as EventValues<Name, Event>,
        transaction: log.transactionHash as Hex,
        block: log.blockNumber,
        blockHash: log.blockHash as Hex,
        logIndex: log.index,
      }),
    }
  }

  return {
    async *watch(options) {
      const { topics, read } = await prepare(options)
      const { fromBlock, signal, onFault, confirmations = 0, depth = 256, pollInterval = 1_000 } = options
      const follow = {
        ...{ confirmations, depth, pollInterval, signal, onFault },
        ...(fromBlock === undefined ? {} : { fromBlock }),
        check: () => connection.contract(options.contract),
      }
      for await (const { kind, log } of followLogs(connection.provider, topics, follow)) yield { kind, ...read(log) }
    },

    async list(query, options = {}) {
      const { topics, read } = await prepare(query)
      const { address, block } = await connection.contract(query.contract)
      const found = []
      const ranges = { ...options, fromBlock: options.fromBlock ?? block }
      for await (const log of searchLogs(connection.provider, { address, topics }, ranges)) found.push(read(log))
      return found
    },
  }
}

interface LogLike {
  topics: readonly string[]
  data: string
  transactionHash: string
  blockNumber: number
  blockHash: string
  index: number
}

function topicsOf(face: Interface, event: string, where: Record<string, unknown>): (string | string[] | null)[] {
  const fragment = face.getEvent(event)
  if (fragment === null) throw invalidInput('event', event, 'an event of the contract')
  const indexed = fragment.inputs.filter((input) => input.indexed === true).map(({ name }) => name)
  for (const name of Object.keys(where))
    if (!indexed.includes(name))
      throw invalidInput(`where.${name}`, where[name], `an indexed value: ${indexed.join(', ') || 'there is none'}`)
  try {
    return face.encodeFilterTopics(
      fragment,
      fragment.inputs.map(({ name }) => where[name] ?? null),
    )
  } catch {
    throw invalidInput('where', JSON.stringify(Object.keys(where)), 'values of the types that the event has')
  }
}
