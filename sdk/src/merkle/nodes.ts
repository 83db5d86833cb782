import { keccak_256 } from '@noble/hashes/sha3.js'
import { merkleError } from './errors.ts'

/** Bytes of a node. */
export const NODE = 32

/** A node as bytes or as `0x` and 64 hex digits. */
export type MerkleNode = Uint8Array | string

/** Bytes of a node or of another value of fixed size. */
export function toBytes(value: MerkleNode, what: string, size: number = NODE): Uint8Array {
  if (value instanceof Uint8Array && value.length === size) return value
  if (typeof value === 'string' && value.length === 2 + 2 * size && /^0x[0-9a-f]*$/i.test(value)) {
    const bytes = new Uint8Array(size)
    for (let i = 0; i < size; i++) bytes[i] = Number.parseInt(value.slice(2 + 2 * i, 4 + 2 * i), 16)
    return bytes
  }
  throw merkleError('MERKLE_INVALID_NODE', `${what} must be ${size} bytes, or 0x and ${2 * size} hex digits.`, {
    details: {
      found: typeof value === 'string' ? value.slice(0, 80) : value instanceof Uint8Array ? `${value.length} bytes` : typeof value,
    },
  })
}

/** `0x` and hex digits, as ethers and contracts take them. */
export type Hex = `0x${string}`

/** Bytes as `0x` and hex digits in lower case. */
export function toHex(bytes: Uint8Array): Hex {
  let hex: Hex = '0x'
  for (const byte of bytes) hex = `${hex}${byte.toString(16).padStart(2, '0')}`
  return hex
}

/** Compares two nodes in `bytes` as big-endian numbers; negative if the first is smaller. */
export function compareNodes(bytes: Uint8Array, first: number, second: number): number {
  for (let i = 0; i < NODE; i++) {
    const difference = bytes[first + i]! - bytes[second + i]!
    if (difference !== 0) return difference
  }
  return 0
}

/** A function that hashes two nodes of `bytes`, the smaller first, and writes the result at `out`. One scratch buffer serves all calls. */
export function createPairHasher(bytes: Uint8Array): (first: number, second: number, out: number) => void {
  const pair = new Uint8Array(2 * NODE)
  return (first, second, out) => {
    const ordered = compareNodes(bytes, first, second) <= 0
    pair.set(bytes.subarray(ordered ? first : second, (ordered ? first : second) + NODE), 0)
    pair.set(bytes.subarray(ordered ? second : first, (ordered ? second : first) + NODE), NODE)
    bytes.set(keccak_256(pair), out)
  }
}
