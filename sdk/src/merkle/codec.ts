import { createBlake3 } from '../iscc/blake3.ts'
import { xxh32 } from '../iscc/xxh32.ts'
import { checkIndex, merkleError } from './errors.ts'
import { type Hex, NODE, toHex } from './nodes.ts'
import { rootOf } from './proof.ts'
import { type MerkleTree, partsOf, siblingsOf, treeOf } from './tree.ts'

/*
 * A tree as bytes, all numbers little-endian:
 *
 *   0  8  magic "\x89MERKLE\n"
 *   8  4  version, 1
 *  12  4  number of leaves n
 *  16 32  root
 *  48 32  BLAKE3 of everything after the header
 *  80 12  zero, for later versions
 *  92  4  xxHash32 of bytes 0 to 91
 *  96     2n - 1 nodes of 32 bytes, from the root down
 *         n entries of 8 bytes: position of the leaf among the nodes, xxHash32 of root, index and position
 *
 * A proof is read with one entry and as many nodes as the tree is high, and checks itself against the root.
 */

/** Size of the header in bytes. */
export const HEADER = 96
const MAGIC = [0x89, 0x4d, 0x45, 0x52, 0x4b, 0x4c, 0x45, 0x0a]
const VERSION = 1
const ENTRY = 8

/** What the header says. */
export interface TreeHeader {
  size: number
  root: Uint8Array
  /** BLAKE3 of the rest. */
  digest: Uint8Array
}

/** Bytes of the whole encoding of a tree with `size` leaves. */
export function encodedLength(size: number): number {
  return HEADER + (2 * size - 1) * NODE + size * ENTRY
}

/** The encoding in consecutive parts; the nodes are the tree's own and must not be changed. */
export function encodeParts(tree: MerkleTree): Uint8Array[] {
  const { nodes, positions } = partsOf(tree)
  const root = nodes.subarray(0, NODE)
  const entries = new Uint8Array(positions.length * ENTRY)
  const view = new DataView(entries.buffer)
  const check = createEntryCheck(root)
  for (let i = 0; i < positions.length; i++) {
    view.setUint32(i * ENTRY, positions[i]!, true)
    view.setUint32(i * ENTRY + 4, check(i, positions[i]!), true)
  }
  const hash = createBlake3()
  hash.update(nodes)
  hash.update(entries)
  return [encodeHeader({ size: positions.length, root, digest: hash.digest() }), nodes, entries]
}

/** The tree as one array of bytes: about 72 bytes a leaf. */
export function encodeTree(tree: MerkleTree): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(encodedLength(tree.size))
  let at = 0
  for (const part of encodeParts(tree)) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

/**
 * The tree of which these bytes are the encoding. All of them are checked. The tree refers to `bytes`, which must not be changed.
 *
 * @throws ColophonError `MERKLE_FOREIGN`, `MERKLE_DAMAGED`
 */
export function decodeTree(bytes: Uint8Array): MerkleTree {
  const header = decodeHeader(bytes.subarray(0, HEADER), bytes.length)
  const hash = createBlake3()
  hash.update(bytes.subarray(HEADER))
  checkDigest(header, hash.digest())
  const nodes = bytes.subarray(HEADER, HEADER + (2 * header.size - 1) * NODE)
  const entries = bytes.subarray(HEADER + nodes.length)
  const positions = new Uint32Array(header.size)
  const check = createEntryCheck(header.root)
  for (let i = 0; i < header.size; i++) {
    positions[i] = decodeEntry(entries.subarray(i * ENTRY, (i + 1) * ENTRY), i, header.size, check)
  }
  if (toHex(nodes.subarray(0, NODE)) !== toHex(header.root)) throw damaged('its root differs from its first node')
  return treeOf({ nodes, positions })
}

/** Refuses a body that does not have the digest of the header. */
export function checkDigest(header: TreeHeader, digest: Uint8Array): void {
  if (toHex(digest) !== toHex(header.digest)) throw damaged('the checksum of its nodes is wrong')
}

function encodeHeader(header: TreeHeader): Uint8Array {
  const bytes = new Uint8Array(HEADER)
  const view = new DataView(bytes.buffer)
  bytes.set(MAGIC)
  view.setUint32(8, VERSION, true)
  view.setUint32(12, header.size, true)
  bytes.set(header.root, 16)
  bytes.set(header.digest, 48)
  view.setUint32(92, xxh32(bytes, 0, 92), true)
  return bytes
}

/**
 * @param bytes - the header, or less of a shorter file
 * @param length - bytes of the whole encoding
 * @throws ColophonError `MERKLE_FOREIGN`, `MERKLE_DAMAGED`
 */
export function decodeHeader(bytes: Uint8Array, length: number): TreeHeader {
  if (bytes.length < 8 || MAGIC.some((byte, i) => bytes[i] !== byte)) {
    throw merkleError('MERKLE_FOREIGN', 'This is no Merkle tree that this program wrote.', { details: { length } })
  }
  if (bytes.length < HEADER) throw damaged('it ends inside its header')
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  const version = view.getUint32(8, true)
  if (version !== VERSION) {
    throw merkleError('MERKLE_FOREIGN', `The Merkle tree has version ${version} of the format; this program reads version ${VERSION}.`, {
      hint: 'Update to a version that knows the format.',
      details: { version, known: VERSION },
    })
  }
  if (view.getUint32(92, true) !== xxh32(bytes, 0, 92)) throw damaged('the checksum of its header is wrong')
  const size = view.getUint32(12, true)
  if (size === 0 || encodedLength(size) !== length) throw damaged(`it has ${length} bytes instead of ${encodedLength(size)}`)
  return { size, root: bytes.slice(16, 48), digest: bytes.slice(48, 80) }
}

/** Reads `length` bytes at `offset`, now or later. */
export type ReadAt = (offset: number, length: number) => Promise<Uint8Array>

/**
 * Reads one leaf and its proof: one entry, one leaf and one node a level.
 *
 * @throws ColophonError `MERKLE_NO_SUCH_LEAF`, `MERKLE_DAMAGED`
 */
export async function readProof(header: TreeHeader, read: ReadAt, index: number): Promise<{ leaf: Hex; proof: Hex[] }> {
  checkIndex(index, header.size)
  const entry = await read(HEADER + (2 * header.size - 1) * NODE + index * ENTRY, ENTRY)
  const position = decodeEntry(entry, index, header.size, createEntryCheck(header.root))
  const nodeAt = async (at: number): Promise<Hex> => toHex(await read(HEADER + at * NODE, NODE))
  const [leaf, ...proof] = await Promise.all([position, ...siblingsOf(position)].map(nodeAt))
  if (rootOf(leaf!, proof) !== toHex(header.root)) throw damaged(`the proof of leaf ${index} does not lead to its root`)
  return { leaf: leaf!, proof }
}

function decodeEntry(bytes: Uint8Array, index: number, size: number, check: (index: number, position: number) => number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  const position = view.getUint32(0, true)
  if (view.getUint32(4, true) !== check(index, position) || position < size - 1 || position > 2 * size - 2) {
    throw damaged(`the entry of leaf ${index} is wrong`)
  }
  return position
}

function createEntryCheck(root: Uint8Array): (index: number, position: number) => number {
  const bytes = new Uint8Array(NODE + 8)
  const view = new DataView(bytes.buffer)
  bytes.set(root)
  return (index, position) => {
    view.setUint32(NODE, index, true)
    view.setUint32(NODE + 4, position, true)
    return xxh32(bytes)
  }
}

function damaged(how: string): Error {
  return merkleError('MERKLE_DAMAGED', `The Merkle tree is damaged: ${how}.`, {
    hint: 'Build it again from the works of the batch, in the same order, and compare the root with the one on the chain.',
  })
}
