import type { LongCallOptions } from '../progress/progress.ts'
import { checkIndex, merkleError } from './errors.ts'
import { compareNodes, createPairHasher, type Hex, type MerkleNode, NODE, toBytes, toHex } from './nodes.ts'

/** Leaves that one tree can have: its nodes then take 1 GiB, which every engine gives to one typed array. */
const MOST_LEAVES = 2 ** 24

/** How long the event loop may have to wait, in milliseconds. */
const TURN = 50

/** A Merkle tree in memory. */
export interface MerkleTree {
  /** `0x` and 64 hex digits. */
  readonly root: Hex
  /** Number of leaves. */
  readonly size: number
  /** Leaf by its place in the order in which the leaves were given. @throws ColophonError `MERKLE_NO_SUCH_LEAF` */
  leaf(index: number): Hex
  /** Sibling hashes from this leaf to the root; empty for the only leaf. @throws ColophonError `MERKLE_NO_SUCH_LEAF` */
  proof(index: number): Hex[]
}

/** What a tree is made of, for the codec. */
export interface TreeParts {
  /** All nodes from the root down: the children of node i are nodes 2i + 1 and 2i + 2, and the leaves are sorted from the end. 32 bytes each. */
  nodes: Uint8Array
  /** Where each given leaf is among the nodes. */
  positions: Uint32Array
}

const PARTS = new WeakMap<MerkleTree, TreeParts>()

export function partsOf(tree: MerkleTree): TreeParts {
  return PARTS.get(tree)!
}

export function treeOf(parts: TreeParts): MerkleTree {
  const { nodes, positions } = parts
  const nodeAt = (position: number): Hex => toHex(nodes.subarray(position * NODE, (position + 1) * NODE))
  const tree: MerkleTree = {
    root: nodeAt(0),
    size: positions.length,
    leaf(index) {
      checkIndex(index, positions.length)
      return nodeAt(positions[index]!)
    },
    proof(index) {
      checkIndex(index, positions.length)
      return siblingsOf(positions[index]!).map(nodeAt)
    },
  }
  PARTS.set(tree, parts)
  return tree
}

/** Positions of the siblings on the way from a node to the root. */
export function siblingsOf(position: number): number[] {
  const siblings: number[] = []
  for (let at = position; at > 0; at = (at - 1) >>> 1) siblings.push(at % 2 === 1 ? at + 1 : at - 1)
  return siblings
}

/**
 * Builds the tree of OpenZeppelin's StandardMerkleTree over leaves that are hashed already: sorted leaves, and pairs hashed by
 * keccak256 with the smaller node first. The order of the leaves does not change the root; it names them.
 *
 * Needs about 70 bytes a leaf, twice that while it collects the leaves.
 *
 * @param leaves - 32 bytes each, such as {@link merkleLeaf} gives; or all of them in one array, 32 bytes after 32 bytes
 * @throws ColophonError `MERKLE_EMPTY`, `MERKLE_INVALID_NODE`, `MERKLE_TOO_LARGE`; rejects with the signal's reason when aborted
 */
export async function createMerkleTree(
  leaves: Uint8Array | Iterable<MerkleNode> | AsyncIterable<MerkleNode>,
  options: LongCallOptions<'collect' | 'hash'> = {},
): Promise<MerkleTree> {
  const pause = createPause(options.signal)
  await pause()
  const given = leaves instanceof Uint8Array ? checkFlat(leaves) : await collect(leaves, options)
  const size = given.length / NODE
  if (size === 0) throw merkleError('MERKLE_EMPTY', 'A Merkle tree needs at least one leaf.', { hint: 'Leave out batches without works.' })
  if (size > MOST_LEAVES) {
    throw merkleError('MERKLE_TOO_LARGE', `${size} leaves are more than one tree can have.`, {
      hint: 'Divide the works into several batches.',
      details: { size, most: MOST_LEAVES },
    })
  }
  const count = 2 * size - 1
  const nodes = new Uint8Array(count * NODE)
  const positions = new Uint32Array(size)
  const order = sortLeaves(given, size)
  for (let i = 0; i < size; i++) {
    const position = count - 1 - i
    nodes.set(given.subarray(order[i]! * NODE, (order[i]! + 1) * NODE), position * NODE)
    positions[order[i]!] = position
  }
  const hashPair = createPairHasher(nodes)
  for (let i = size - 2; i >= 0; i--) {
    hashPair((2 * i + 1) * NODE, (2 * i + 2) * NODE, i * NODE)
    if (i % 256 === 0 && (await pause())) options.onProgress?.({ stage: 'hash', done: size - 1 - i, total: size - 1, unit: 'items' })
  }
  options.onProgress?.({ stage: 'hash', done: size - 1, total: size - 1, unit: 'items' })
  return treeOf({ nodes, positions })
}

/** Lets the event loop turn and checks the signal, if the last turn was long enough ago; says whether it did. */
function createPause(signal: AbortSignal | undefined): () => Promise<boolean> {
  let last = Number.NEGATIVE_INFINITY
  return async () => {
    if (performance.now() - last < TURN) return false
    await new Promise((resolve) => setTimeout(resolve))
    signal?.throwIfAborted()
    last = performance.now()
    return true
  }
}

function checkFlat(leaves: Uint8Array): Uint8Array {
  if (leaves.length % NODE === 0) return leaves
  throw merkleError('MERKLE_INVALID_NODE', `${leaves.length} bytes are no whole number of leaves of 32 bytes.`, {
    details: { bytes: leaves.length },
  })
}

async function collect(
  leaves: Iterable<MerkleNode> | AsyncIterable<MerkleNode>,
  options: LongCallOptions<'collect' | 'hash'>,
): Promise<Uint8Array> {
  let bytes = new Uint8Array(1024 * NODE)
  let size = 0
  const pause = createPause(options.signal)
  for await (const leaf of leaves) {
    if ((size + 1) * NODE > bytes.length) {
      const grown = new Uint8Array(bytes.length * 2)
      grown.set(bytes)
      bytes = grown
    }
    bytes.set(toBytes(leaf, `Leaf ${size}`), size * NODE)
    size++
    if (size > MOST_LEAVES) break
    if (size % 1024 === 0 && (await pause())) options.onProgress?.({ stage: 'collect', done: size, unit: 'items' })
  }
  options.onProgress?.({ stage: 'collect', done: size, total: size, unit: 'items' })
  return bytes.subarray(0, size * NODE)
}

/**
 * Indices of the leaves from the smallest to the greatest; equal leaves keep their order.
 *
 * The first 29 bits of each leaf and its index make one number of 53 bits, and numbers sort natively; leaves that agree in these bits are sorted by
 * the rest afterwards.
 */
function sortLeaves(leaves: Uint8Array, size: number): Uint32Array {
  const keys = new Float64Array(size)
  for (let i = 0; i < size; i++) {
    const at = i * NODE
    const prefix = (leaves[at]! << 21) | (leaves[at + 1]! << 13) | (leaves[at + 2]! << 5) | (leaves[at + 3]! >>> 3)
    keys[i] = prefix * MOST_LEAVES + i
  }
  keys.sort()
  const order = new Uint32Array(size)
  for (let i = 0; i < size; i++) order[i] = keys[i]! % MOST_LEAVES
  for (let start = 0; start < size; ) {
    const prefix = Math.floor(keys[start]! / MOST_LEAVES)
    let end = start + 1
    while (end < size && Math.floor(keys[end]! / MOST_LEAVES) === prefix) end++
    if (end - start > 1) order.subarray(start, end).sort((a, b) => compareNodes(leaves, a * NODE, b * NODE) || a - b)
    start = end
  }
  return order
}
