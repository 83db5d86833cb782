import { interfaceOf } from '../../client/contract.ts'
import type { Hex } from '../../deposits/work.ts'
import type { ChainEvent } from '../../events/client.ts'
import { type Contracts, type EventName, type EventValues, FACTORIES } from '../../events/contracts.ts'
import { invalidInput } from '../../input/input.ts'
import type { Reader } from '../database/database.ts'
import { dateOf, type Page, type PageOptions, paged, pageOf, type Where } from './page.ts'

/** An event in the index: what `events.list` gives, and when it was. */
export type IndexedEvent<Name extends keyof Contracts = keyof Contracts, Event extends EventName<Name> = EventName<Name>> = ChainEvent<
  Name,
  Event
> & { time: Date }

export interface EventsQuery<Name extends keyof Contracts, Event extends EventName<Name>> extends PageOptions {
  contract?: Name
  /** Only with `contract`. */
  event?: Event
  fromBlock?: number
  toBlock?: number
}

interface EventRow {
  block: number
  log_index: number
  contract: string
  event: string
  transaction_hash: string
  topics: string
  data: string
  hash: string
  time: number
}

/** Events that fit a query, with their values as the ABI has them. @throws INVALID_INPUT naming the field */
export async function listEvents<Name extends keyof Contracts, Event extends EventName<Name>>(
  reader: Reader,
  query: EventsQuery<Name, Event>,
): Promise<Page<IndexedEvent<Name, Event>>> {
  const where: Where = { clauses: [], values: [] }
  const add = (clause: string, value: string | number): void => {
    where.clauses.push(clause)
    where.values.push(value)
  }
  const { contract, event } = query
  if (contract !== undefined) {
    const load = FACTORIES[contract]
    if (load === undefined) throw invalidInput('contract', contract, `one of ${Object.keys(FACTORIES).join(', ')}`)
    add('e.contract = ?', contract)
    if (event !== undefined) {
      if (interfaceOf(await load()).getEvent(event) === null) throw invalidInput('event', event, 'an event of the contract')
      add('e.event = ?', event)
    }
  } else if (event !== undefined) throw invalidInput('event', event, 'no event without its contract')
  for (const [field, clause] of [
    ['fromBlock', 'e.block >= ?'],
    ['toBlock', 'e.block <= ?'],
  ] as const) {
    const block = query[field]
    if (block === undefined) continue
    if (!Number.isSafeInteger(block) || block < 0) throw invalidInput(field, block, 'the number of a block')
    add(clause, block)
  }
  const { sql, values, limit } = paged('e', where, query)
  const rows = await reader.all<EventRow>(`SELECT e.*, b.hash, b.time FROM events e JOIN blocks b ON b.number = e.block ${sql}`, values)
  const faces = new Map<string, ReturnType<typeof interfaceOf>>()
  for (const name of new Set(rows.map((row) => row.contract))) faces.set(name, interfaceOf(await FACTORIES[name as keyof Contracts]()))
  return pageOf(rows, limit, (row) => ({
    contract: row.contract as Name,
    event: row.event as Event,
    values: faces
      .get(row.contract)!
      .parseLog({ topics: row.topics.split(' '), data: row.data })!
      .args.toObject() as EventValues<Name, Event>,
    transaction: row.transaction_hash as Hex,
    block: row.block,
    blockHash: row.hash as Hex,
    logIndex: row.log_index,
    time: dateOf(row.time),
  }))
}
