/**
 * Content-addressed storage: IPFS blocks and UnixFS files, embedded.
 *
 * @packageDocumentation
 */

export { cidToDigest, digestToCid, MAX_BLOCK_BYTES } from './cid.ts'
export { createDryStore } from './dry.ts'
export { openBlockStore } from './folder.node.ts'
export { createMemoryStore } from './memory.ts'
export type { ReadOptions, Storage, Stored } from './storage.ts'
