import { createDepositsOn, type Deposits } from '../deposits/client.ts'
import type { Licenses } from '../licenses/client.ts'
import { lazyLicenses } from '../licenses/lazy.ts'
import type { Revenue } from '../revenue/client.ts'
import { lazyRevenue } from '../revenue/lazy.ts'
import type { Titles } from '../titles/client.ts'
import { lazyTitles } from '../titles/lazy.ts'
import { type ConnectionOptions, createConnection } from './connection.ts'

/** What `createColophon` gives. */
export interface Colophon {
  /** Deposits: who had which work, and when. */
  deposits: Deposits
  /** Titles: who holds the rights. */
  titles: Titles
  /** Licenses: offers, sales, renewals. */
  licenses: Licenses
  /** Revenue: splits, payments, claims. */
  revenue: Revenue
}

/**
 * The SDK's clients on one connection.
 *
 * Synchronous, and silent until the first call: chain, addresses and code are checked when they are needed, and the code of every client but
 * `deposits` is loaded when it is first used.
 * @throws PROVIDER_MISSING
 */
export function createColophon(options: ConnectionOptions): Colophon {
  const connection = createConnection(options)
  return {
    deposits: createDepositsOn(connection),
    titles: lazyTitles(connection),
    licenses: lazyLicenses(connection),
    revenue: lazyRevenue(connection),
  }
}
