/**
 * Content-addressed storage: IPFS blocks and UnixFS files, embedded.
 *
 * @packageDocumentation
 */
export { openBlockStore } from './folder.node.ts'
export { createMemoryStore } from './memory.ts'
export { cidToDigest, digestToCid, MAX_BLOCK_BYTES, type ReadOptions, type Storage, type Stored } from './storage.ts'
