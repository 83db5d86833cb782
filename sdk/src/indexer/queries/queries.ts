import type { Bytes32 } from '../../deposits/work.ts'
import type { Contracts, EventName } from '../../events/contracts.ts'
import type { Reader } from '../database/database.ts'
import { readMeta } from '../database/schema.ts'
import { type ClaimsQuery, type IndexedClaim, listClaims } from './claims.ts'
import { type DerivativeGraph, type DerivativesQuery, derivativeGraph } from './derivatives.ts'
import { type EventsQuery, type IndexedEvent, listEvents } from './events.ts'
import { type IndexedLicense, type LicensesQuery, listLicenses } from './licenses.ts'
import { dateOf, type Page } from './page.ts'
import { type RevenueOfPeriod, type RevenueQuery, revenueByPeriod } from './revenue.ts'
import { findWork, type IndexedDeposit, listWorks, type WorksQuery } from './works.ts'

/** What an index holds. */
export interface IndexStatus {
  /** Undefined before the first run. */
  chainId: number | undefined
  /** Last block that is in it; undefined before the first run. */
  block: number | undefined
  /** Time of the newest block that is known. */
  time: Date | undefined
  events: number
  works: number
  documents: { found: number; missing: number; invalid: number }
}

/** What an index can be asked. Everything is read only. */
export interface Queries {
  /** Works by claimant, rights holder, creator's name, time, medium, file or words of the title. @throws INVALID_INPUT */
  works(query?: WorksQuery): Promise<Page<IndexedDeposit>>
  /** The deposit with this id, or undefined. */
  work(id: Bytes32): Promise<IndexedDeposit | undefined>
  /** Licenses by holder or work. @throws INVALID_INPUT */
  licenses(query?: LicensesQuery): Promise<Page<IndexedLicense>>
  /** Revenue by period and currency, oldest first. @throws INVALID_INPUT */
  revenue(query?: RevenueQuery): Promise<RevenueOfPeriod[]>
  /** Claims by phase, outcome, work or side. @throws INVALID_INPUT */
  claims(query?: ClaimsQuery): Promise<Page<IndexedClaim>>
  /** What a work comes from and what comes from it. @throws INVALID_INPUT */
  derivatives(workId: Bytes32, query?: DerivativesQuery): Promise<DerivativeGraph>
  /** Events of the contracts. @throws INVALID_INPUT */
  events<Name extends keyof Contracts = keyof Contracts, Event extends EventName<Name> = EventName<Name>>(
    query?: EventsQuery<Name, Event>,
  ): Promise<Page<IndexedEvent<Name, Event>>>
  status(): Promise<IndexStatus>
}

/** The queries of an index, for a process that only reads. */
export function createQueries(reader: Reader): Queries {
  return {
    works: (query = {}) => listWorks(reader, query),
    work: (id) => findWork(reader, id),
    licenses: (query = {}) => listLicenses(reader, query),
    revenue: (query = {}) => revenueByPeriod(reader, query),
    claims: (query = {}) => listClaims(reader, query),
    derivatives: (workId, query = {}) => derivativeGraph(reader, workId, query),
    events: (query = {}) => listEvents(reader, query),
    async status() {
      const { chain_id, next, start } = await readMeta(reader)
      const [counts] = await reader.all<{ events: number; works: number; time: number | null }>(
        'SELECT (SELECT COUNT(*) FROM events) AS events, (SELECT COUNT(*) FROM works) AS works, (SELECT MAX(time) FROM blocks) AS time',
      )
      const states = await reader.all<{ state: string; count: number }>('SELECT state, COUNT(*) AS count FROM documents GROUP BY state')
      const count = (state: string): number => Number(states.find((row) => row.state === state)?.count ?? 0)
      return {
        chainId: chain_id === undefined ? undefined : Number(chain_id),
        block: next === undefined || next === start ? undefined : Number(next) - 1,
        time: counts!.time === null ? undefined : dateOf(Number(counts!.time)),
        events: Number(counts!.events),
        works: Number(counts!.works),
        documents: { found: count('found'), missing: count('pending'), invalid: count('invalid') },
      }
    },
  }
}
