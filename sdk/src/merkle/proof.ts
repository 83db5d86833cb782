import { keccak_256 } from '@noble/hashes/sha3.js'
import { createPairHasher, type Hex, type MerkleNode, NODE, toBytes, toHex } from './nodes.ts'

/** A deposit as an anchor's tree knows it. */
export interface MerkleWork {
  /** Address of the claimant: 20 bytes. */
  claimant: MerkleNode
  /** EIP-712 `hashStruct` of the work: 32 bytes. */
  workHash: MerkleNode
}

/**
 * Leaf of a deposit: `keccak256(bytes.concat(keccak256(abi.encode(claimant, workHash))))`.
 *
 * Hashed twice, so that the 64 bytes below an inner node can never pass for a claimant and a work.
 *
 * @throws ColophonError `MERKLE_INVALID_NODE`
 */
export function merkleLeaf(work: MerkleWork): Uint8Array {
  const encoded = new Uint8Array(2 * NODE)
  encoded.set(toBytes(work.claimant, 'The claimant', 20), 12)
  encoded.set(toBytes(work.workHash, 'The work hash'), NODE)
  return keccak_256(keccak_256(encoded))
}

/**
 * The root that a proof leads to.
 *
 * @param proof - sibling hashes from the leaf to the root
 * @throws ColophonError `MERKLE_INVALID_NODE`
 */
export function rootOf(leaf: MerkleNode, proof: readonly MerkleNode[]): Hex {
  const bytes = new Uint8Array(2 * NODE)
  bytes.set(toBytes(leaf, 'The leaf'))
  const hashPair = createPairHasher(bytes)
  for (const sibling of proof) {
    bytes.set(toBytes(sibling, 'A node of the proof'), NODE)
    hashPair(0, NODE, 0)
  }
  return toHex(bytes.subarray(0, NODE))
}

/**
 * Whether `proof` leads from `leaf` to `root`, as OpenZeppelin's `MerkleProof.verify` decides.
 *
 * Warning: an inner node of the tree passes too, as if it were a leaf. Compute the leaf yourself from what it stands for,
 * or use {@link verifyWorkProof}, which does.
 *
 * @throws ColophonError `MERKLE_INVALID_NODE`
 */
export function verifyProof(root: MerkleNode, leaf: MerkleNode, proof: readonly MerkleNode[]): boolean {
  return rootOf(leaf, proof) === toHex(toBytes(root, 'The root'))
}

/**
 * Whether the tree with this root holds the deposit of `work`.
 *
 * @throws ColophonError `MERKLE_INVALID_NODE`
 */
export function verifyWorkProof(root: MerkleNode, work: MerkleWork, proof: readonly MerkleNode[]): boolean {
  return verifyProof(root, merkleLeaf(work), proof)
}
