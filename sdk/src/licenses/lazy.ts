import type { Connection } from '../client/connection.ts'
import { lazyClient } from '../client/lazy.ts'
import type { Licenses } from './client.ts'

/** The licenses client, loaded at its first call. */
export function lazyLicenses(connection: Connection): Licenses {
  return lazyClient<Licenses>(async () => (await import('./client.ts')).createLicensesOn(connection), {
    sign: 'call',
    open: 'write',
    cancel: 'write',
    check: 'call',
    acquire: 'write',
    renew: 'write',
    authorizeDerivative: 'write',
    transfer: 'write',
    get: 'call',
    isActive: 'call',
    isAvailable: 'call',
    listByHolder: 'call',
    listByWork: 'call',
    offerState: 'call',
  })
}
