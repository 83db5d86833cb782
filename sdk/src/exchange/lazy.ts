import type { Connection } from '../client/connection.ts'
import { lazyClient } from '../client/lazy.ts'
import type { Exchange } from './client.ts'

/** The exchange client, loaded at its first call. */
export function lazyExchange(connection: Connection): Exchange {
  return lazyClient<Exchange>(async () => (await import('./client.ts')).createExchangeOn(connection), {
    approveTitle: 'write',
    approveLicense: 'write',
    sign: 'call',
    fill: 'write',
    cancel: 'write',
    signAuction: 'call',
    openAuction: 'write',
    bid: 'write',
    settle: 'write',
    closeAuction: 'write',
    cancelAuction: 'write',
    cancelNonces: 'write',
    withdraw: 'write',
    release: 'write',
    auction: 'call',
    heldFor: 'call',
  })
}
