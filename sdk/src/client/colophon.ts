import type { Agreements } from '../agreements/client.ts'
import { lazyAgreements } from '../agreements/lazy.ts'
import type { Alliance } from '../alliance/client.ts'
import { lazyAlliance } from '../alliance/lazy.ts'
import type { Claims } from '../claims/client.ts'
import { lazyClaims } from '../claims/lazy.ts'
import { createDepositsOn, type Deposits } from '../deposits/client.ts'
import type { Events } from '../events/client.ts'
import { lazyEvents } from '../events/lazy.ts'
import type { Exchange } from '../exchange/client.ts'
import { lazyExchange } from '../exchange/lazy.ts'
import type { Identity } from '../identity/client.ts'
import { lazyIdentity } from '../identity/lazy.ts'
import type { Licenses } from '../licenses/client.ts'
import { lazyLicenses } from '../licenses/lazy.ts'
import type { Panel } from '../panel/client.ts'
import { lazyPanel } from '../panel/lazy.ts'
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
  /** Claims that a work was copied. */
  claims: Claims
  /** The panel of arbitrators: drawing, secret votes, rulings. */
  panel: Panel
  /** Sales of titles and licenses: orders and auctions. */
  exchange: Exchange
  /** License agreements: instalments, usage reports, breach. */
  agreements: Agreements
  /** Identity: which accounts were verified. */
  identity: Identity
  /** The alliance: members, and how they decide. */
  alliance: Alliance
  /** Events of all contracts: what there is, and what comes. */
  events: Events
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
    claims: lazyClaims(connection),
    panel: lazyPanel(connection),
    exchange: lazyExchange(connection),
    agreements: lazyAgreements(connection),
    identity: lazyIdentity(connection),
    alliance: lazyAlliance(connection),
    events: lazyEvents(connection),
  }
}
