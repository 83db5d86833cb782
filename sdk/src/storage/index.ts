/**
 * Content-addressed storage: IPFS blocks and UnixFS files, embedded.
 *
 * @packageDocumentation
 */

export { cidToDigest, digestToCid, MAX_BLOCK_BYTES } from './cid.ts'
export { createDryStore } from './dry.ts'
export { openBlockStore } from './folder.node.ts'
export { createMemoryStore } from './memory.ts'
export { openGateways } from './remote/gateway.ts'
export type { Persistence } from './remote/http.ts'
export { type KuboOptions, openKuboStore } from './remote/kubo.ts'
export {
  openPinningService,
  type PinningService,
  type PinningServiceOptions,
  type PinRequest,
  type PinState,
} from './remote/pinningService.ts'
export {
  type Holding,
  type Replica,
  type ReplicateOptions,
  repair,
  replicasOf,
  replicate,
  serviceTarget,
  storeTarget,
  type Target,
} from './remote/replicate.ts'
export type { ReadOptions, Storage, Stored } from './storage.ts'
