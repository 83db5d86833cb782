import type { Connection } from '../client/connection.ts'
import type { Events } from './client.ts'

/** The events client, loaded at its first call. */
export function lazyEvents(connection: Connection): Events {
  const client = async (): Promise<Events> => (await import('./client.ts')).createEventsOn(connection)
  return {
    async *watch(options) {
      yield* (await client()).watch(options)
    },
    list: async (query, options) => await (await client()).list(query, options),
  }
}
