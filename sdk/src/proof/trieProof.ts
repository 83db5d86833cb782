import { encodeRlp, keccak256 } from 'ethers'

type Rlp = string | readonly Rlp[]

interface Entry {
  path: readonly number[]
  value: string
}

/** A trie's root, and the nodes from there to one of its keys, as `readTrie` takes them. */
export interface TrieProof {
  root: string
  nodes: string[]
}

/**
 * Builds a Merkle Patricia trie (Ethereum Yellow Paper, appendix D) of all its entries and takes the proof of one of them.
 *
 * @param entries - keys and values in hex; keys are taken as they are, none is the beginning of another or equal to it
 */
export function proveInTrie(entries: ReadonlyMap<string, string>, key: string): TrieProof {
  const all = [...entries].map(([each, value]): Entry => ({ path: nibblesOf(each), value }))
  const path = nibblesOf(key)
  const nodes: string[] = []
  /** The node of some entries below what they have in common; nodes on the way to the key are noted, the deepest first. */
  const build = (some: readonly Entry[], depth: number): Rlp => {
    if (some.length === 1) return [prefixed(some[0]!.path.slice(depth), true), some[0]!.value]
    const shared = sharedFrom(some, depth)
    if (shared > depth) return [prefixed(some[0]!.path.slice(depth, shared), false), referTo(some, shared)]
    const children: Rlp[] = Array.from({ length: 17 }, () => '0x')
    for (let nibble = 0; nibble < 16; nibble++) {
      const below = some.filter((entry) => entry.path[depth] === nibble)
      if (below.length > 0) children[nibble] = referTo(below, depth + 1)
    }
    const ending = some.find((entry) => entry.path.length === depth)
    if (ending !== undefined) children[16] = ending.value
    return children
  }
  /** A node as the one above has it: its hash, or itself where it is shorter. */
  const referTo = (some: readonly Entry[], depth: number): Rlp => {
    const node = build(some, depth)
    const encoded = encodeRlp(node as never)
    if (encoded.length < 2 + 2 * 32) return node
    const onTheWay = some[0]!.path.slice(0, depth).every((nibble, index) => path[index] === nibble)
    if (onTheWay) nodes.push(encoded)
    return keccak256(encoded)
  }
  const encoded = encodeRlp(build(all, 0) as never)
  return { root: keccak256(encoded), nodes: [encoded, ...nodes.reverse()] }
}

function nibblesOf(hex: string): number[] {
  return [...hex.slice(2)].map((nibble) => Number.parseInt(nibble, 16))
}

/** Depth down to which all paths agree. */
function sharedFrom(entries: readonly Entry[], depth: number): number {
  const [first] = entries
  let at = depth
  while (at < first!.path.length && entries.every(({ path }) => path[at] === first!.path[at])) at++
  return at
}

/** Hex-prefix encoding. */
function prefixed(path: readonly number[], leaf: boolean): string {
  const flag = (leaf ? 2 : 0) + (path.length & 1)
  const nibbles = path.length % 2 === 1 ? [flag, ...path] : [flag, 0, ...path]
  return `0x${nibbles.map((nibble) => nibble.toString(16)).join('')}`
}
