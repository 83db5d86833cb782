/**
 * The clients: what an app needs to deposit, license and trade works on a chain, and to find and check them.
 *
 * Fingerprints, storage, documents and Merkle batches have entry points of their own, so that an app loads only what it uses. The code of every client but
 * `deposits` is loaded at its first call; what of it is used without a chain (parsing an offer, names of rights) has entry points too.
 */
export type * from './agreements/index.ts'
export type * from './alliance/index.ts'
export type * from './claims/index.ts'
export * from './client/index.ts'
export { type ContractName, type Deployment, deploymentOn, knownChains } from './contracts/deployments.ts'
export * from './deposits/index.ts'
export { ColophonError } from './errors/base.ts'
export { ContractError } from './errors/contract.ts'
export type * from './events/index.ts'
export type * from './exchange/index.ts'
export type * from './identity/index.ts'
export type * from './licenses/index.ts'
export type * from './panel/index.ts'
export type { LongCallOptions, Progress } from './progress/progress.ts'
export * from './receipt/index.ts'
export type * from './revenue/index.ts'
export type * from './titles/index.ts'
