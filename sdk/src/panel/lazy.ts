import type { Connection } from '../client/connection.ts'
import { lazyClient } from '../client/lazy.ts'
import type { Panel } from './client.ts'

/** The panel client, loaded at its first call. */
export function lazyPanel(connection: Connection): Panel {
  return lazyClient<Panel>(async () => (await import('./client.ts')).createPanelOn(connection), {
    enlist: 'write',
    retire: 'write',
    recuse: 'write',
    prepareVote: 'call',
    commit: 'write',
    reveal: 'write',
    draw: 'write',
    advance: 'write',
    execute: 'write',
    withdraw: 'write',
    dispute: 'call',
    standing: 'call',
    creditOf: 'call',
  })
}
