import { decodeRlp, getBytes, keccak256 } from 'ethers'

/** What a Merkle proof shows: the value under a key, or (`null`) that there is none. Undefined when it does not hold. */
export type Proven = `0x${string}` | null | undefined

/**
 * Follows a proof through a Merkle Patricia trie (Ethereum Yellow Paper, appendix D), hashing every node again. The proof must hold exactly the nodes of
 * the path, from the root on.
 *
 * @param root keccak256 of the root node
 * @param key as the trie has it: 32 bytes, hashed already, in state tries, RLP of the index in those of receipts
 * @param nodes RLP of each node
 */
export function readTrie(root: string, key: string, nodes: readonly string[]): Proven {
  try {
    return walk(
      root,
      [...key.slice(2)].map((nibble) => Number.parseInt(nibble, 16)),
      nodes,
    )
  } catch {
    // Not RLP, or RLP of something else than a node.
    return undefined
  }
}

type Rlp = string | readonly Rlp[]

function walk(root: string, path: readonly number[], nodes: readonly string[]): Proven {
  let used = 0
  let at = 0
  let expected: Rlp = root
  /** Only a proof that has nothing left over is one. */
  const ended = (value: Proven): Proven => (used === nodes.length ? value : undefined)
  for (;;) {
    let node: Rlp
    if (typeof expected === 'string') {
      if (expected === '0x') return ended(null)
      const encoded = nodes[used++]
      if (encoded === undefined || keccak256(encoded) !== expected) return undefined
      node = decodeRlp(encoded) as Rlp
    } else node = expected
    if (typeof node === 'string') return undefined
    if (node.length === 17) {
      if (at === path.length) return ended(contentOf(node[16]!))
      expected = node[path[at++]!]!
      continue
    }
    if (node.length !== 2 || typeof node[0] !== 'string') return undefined
    const { nibbles, leaf } = unpacked(node[0])
    const matches = nibbles.every((nibble, index) => path[at + index] === nibble)
    if (!matches) return ended(null)
    at += nibbles.length
    if (leaf) return at === path.length ? ended(contentOf(node[1]!)) : undefined
    if (nibbles.length === 0) return undefined
    expected = node[1]!
  }
}

function contentOf(value: Rlp): Proven {
  if (typeof value !== 'string') return undefined
  return value === '0x' ? null : (value as `0x${string}`)
}

/** Hex-prefix encoding: whether a path is of even length, and whether it ends at a leaf. */
function unpacked(prefixed: string): { nibbles: number[]; leaf: boolean } {
  const bytes = getBytes(prefixed)
  const all = [...bytes].flatMap((byte) => [byte >> 4, byte & 15])
  const [flag = 4] = all
  if (flag > 3 || ((flag & 1) === 0 && all[1] !== 0)) throw new RangeError('no hex-prefix encoding')
  return { nibbles: all.slice((flag & 1) === 1 ? 1 : 2), leaf: flag >= 2 }
}
