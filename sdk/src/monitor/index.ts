/**
 * Watching for copies of works, on the web and in folders. Node only.
 *
 * @packageDocumentation
 */
export type { Finding, Mark } from './ledger.node.ts'
export type { WatchedWork } from './matcher.ts'
export type { Limits } from './pass.node.ts'
export type { LicenseCheck, Permission } from './permissions.ts'
export type { Rendering } from './render.node.ts'
export type { Gaps, Grade, Sighting, Suspect, WatchReport } from './report.node.ts'
export type { Politeness } from './visitor.node.ts'
export { findSuspect, markSuspect, readReport, type WatchOptions, watch } from './watch.node.ts'
