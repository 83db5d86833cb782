import type { Connection } from '../client/connection.ts'
import { lazyClient } from '../client/lazy.ts'
import type { Alliance } from './client.ts'

/** The alliance client, loaded at its first call. */
export function lazyAlliance(connection: Connection): Alliance {
  return lazyClient<Alliance>(async () => (await import('./client.ts')).createAllianceOn(connection), {
    member: 'call',
    members: 'call',
    isMember: 'call',
    propose: 'write',
    vote: 'write',
    signBallot: 'call',
    submitBallot: 'write',
    queue: 'write',
    execute: 'write',
    cancel: 'write',
    resign: 'write',
    proposal: 'call',
    proposals: 'call',
  })
}
