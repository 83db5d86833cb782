import type { Connection } from '../client/connection.ts'
import { lazyClient } from '../client/lazy.ts'
import type { Claims } from './client.ts'

/** The claims client, loaded at its first call. */
export function lazyClaims(connection: Connection): Claims {
  return lazyClient<Claims>(async () => (await import('./client.ts')).createClaimsOn(connection), {
    file: 'write',
    retract: 'write',
    respond: 'write',
    respondWithLicense: 'write',
    respondWithDeposit: 'write',
    submitEvidence: 'write',
    offerSettlement: 'call',
    acceptSettlement: 'write',
    escalate: 'write',
    appeal: 'write',
    freeze: 'write',
    conclude: 'write',
    enforce: 'write',
    withdraw: 'write',
    status: 'call',
    trail: 'call',
    listByWork: 'call',
    listByRespondent: 'call',
    creditOf: 'call',
  })
}
