/**
 * The clients: what an app needs to deposit, find and check works on a chain.
 *
 * Fingerprints, storage, documents and Merkle batches have entry points of their own, so that an app loads only what it uses.
 */
export * from './client/index.ts'
export { type ContractName, type Deployment, deploymentOn, knownChains } from './contracts/deployments.ts'
export * from './deposits/index.ts'
export { ColophonError } from './errors/base.ts'
export { ContractError } from './errors/contract.ts'
export type { LongCallOptions, Progress } from './progress/progress.ts'
export * from './receipt/index.ts'
