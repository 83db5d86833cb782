import type { Connection } from '../client/connection.ts'
import { lazyClient } from '../client/lazy.ts'
import type { Revenue } from './client.ts'

/** The revenue client, loaded at its first call. */
export function lazyRevenue(connection: Connection): Revenue {
  return lazyClient<Revenue>(async () => (await import('./client.ts')).createRevenueOn(connection), {
    setSplit: 'write',
    splitOf: 'call',
    pay: 'write',
    payDirect: 'write',
    balances: 'call',
    claim: 'write',
    claimAll: 'write',
    withdraw: 'write',
    currency: 'call',
    grantDerivative: 'write',
    revokeDerivative: 'write',
    registerDerivative: 'write',
    sweep: 'write',
    royaltyOf: 'call',
    lineageOf: 'call',
  })
}
