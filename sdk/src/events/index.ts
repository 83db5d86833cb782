/** Events of the contracts: what there is, and what comes. */
export type { ChainEvent, EventChange, EventQuery, Events, WatchOptions } from './client.ts'
export type { Contracts, EventName, EventValues } from './contracts.ts'
