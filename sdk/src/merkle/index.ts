/**
 * Merkle batches: any number of deposits under one root, as OpenZeppelin's StandardMerkleTree builds it.
 *
 * @packageDocumentation
 */
export { decodeTree, encodeTree } from './codec.ts'
export type { MerkleErrorCode } from './errors.ts'
export type { Hex, MerkleNode } from './nodes.ts'
export { type MerkleWork, merkleLeaf, rootOf, verifyProof, verifyWorkProof } from './proof.ts'
export { createMerkleTree, type MerkleTree } from './tree.ts'
