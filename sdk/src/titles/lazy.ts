import type { Connection } from '../client/connection.ts'
import { lazyClient } from '../client/lazy.ts'
import type { Titles } from './client.ts'

/** The titles client, loaded at its first call. */
export function lazyTitles(connection: Connection): Titles {
  return lazyClient<Titles>(async () => (await import('./client.ts')).createTitlesOn(connection), {
    mint: 'write',
    lowerRoyalty: 'write',
    transfer: 'write',
    withdrawOffers: 'write',
    get: 'call',
    rightsHolderOf: 'call',
    listByOwner: 'call',
  })
}
