/**
 * The relay: takes signed deposits over HTTP and pays for them in batches. Node only; needs `fastify`.
 *
 * @packageDocumentation
 */
export type { RateLimit } from './rates.ts'
export { type Relay, type RelayOptions, startRelay } from './relay.node.ts'
