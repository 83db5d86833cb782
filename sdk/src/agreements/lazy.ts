import type { Connection } from '../client/connection.ts'
import { lazyClient } from '../client/lazy.ts'
import type { Agreements } from './client.ts'

/** The agreements client, loaded at its first call. */
export function lazyAgreements(connection: Connection): Agreements {
  return lazyClient<Agreements>(async () => (await import('./client.ts')).createAgreementsOn(connection), {
    propose: 'call',
    sign: 'call',
    activate: 'write',
    withdraw: 'write',
    pay: 'write',
    reportUsage: 'write',
    terminate: 'write',
    signTermination: 'call',
    terminateByConsent: 'write',
    returnDeposit: 'write',
    withdrawHeld: 'write',
    status: 'call',
    licenseOf: 'call',
  })
}
