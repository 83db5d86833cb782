/**
 * The indexer: a chain's events in SQLite or PostgreSQL, with typed queries. Node only.
 *
 * @packageDocumentation
 */
export type { Database, Reader, Row, Transaction, Value } from './database/database.ts'
export { type DatabasePlace, openDatabase } from './database/open.node.ts'
export type { SqliteDriver } from './database/sqlite.node.ts'
export type { DocumentSource } from './documents.ts'
export { createIndexer, type FollowOptions, type Indexer, type IndexerOptions, type SyncReport } from './indexer.ts'
export type { ClaimsQuery, IndexedClaim } from './queries/claims.ts'
export type { DerivativeEdge, DerivativeGraph, DerivativesQuery } from './queries/derivatives.ts'
export type { EventsQuery, IndexedEvent } from './queries/events.ts'
export type { IndexedLicense, LicensesQuery } from './queries/licenses.ts'
export type { Page, PageOptions } from './queries/page.ts'
export { createQueries, type IndexStatus, type Queries } from './queries/queries.ts'
export type { RevenueOfPeriod, RevenuePeriod, RevenueQuery } from './queries/revenue.ts'
export type { IndexedDeposit, WorkMedia, WorksQuery } from './queries/works.ts'
export { openApiDocument } from './server/openapi.ts'
export { type IndexService, type ServeOptions, serveIndex } from './server/serve.node.ts'
export type { Position, SyncOptions } from './sync.ts'
