import { createDepositsOn, type Deposits } from '../deposits/client.ts'
import { type ConnectionOptions, createConnection } from './connection.ts'

/** What `createColophon` gives. */
export interface Colophon {
  deposits: Deposits
}

/**
 * The SDK's clients on one connection.
 *
 * Synchronous, and silent until the first call: chain, addresses and code are checked when they are needed.
 * @throws PROVIDER_MISSING
 */
export function createColophon(options: ConnectionOptions): Colophon {
  return { deposits: createDepositsOn(createConnection(options)) }
}
