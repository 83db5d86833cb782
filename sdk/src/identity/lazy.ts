import type { Connection } from '../client/connection.ts'
import { lazyClient } from '../client/lazy.ts'
import type { Identity } from './client.ts'

/** The identity client, loaded at its first call. */
export function lazyIdentity(connection: Connection): Identity {
  return lazyClient<Identity>(async () => (await import('./client.ts')).createIdentityOn(connection), {
    attest: 'write',
    attestMany: 'write',
    sign: 'call',
    submit: 'write',
    revoke: 'write',
    revokeMany: 'write',
    signRevocation: 'call',
    submitRevocation: 'write',
    renounce: 'write',
    levelAt: 'call',
    levelBy: 'call',
    history: 'call',
    isVerifier: 'call',
  })
}
