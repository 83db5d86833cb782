/**
 * Deposits that somebody else pays for: a client that hands signed deposits to a relay and checks everything it says. The relay itself is
 * `@colophon/sdk/relay/server`.
 *
 * @packageDocumentation
 */
export { createRelayClient, type RelayClient, type RelayClientOptions, type RelayedDeposit, type RelayWaitOptions } from './client.ts'
export type { RelayAcceptance, RelayAccepted, RelayInfo, RelayMode, RelayState, RelayStatus } from './protocol.ts'
