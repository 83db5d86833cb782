import { keccak_256 } from '@noble/hashes/sha3.js'
import { SimpleMerkleTree, StandardMerkleTree } from '@openzeppelin/merkle-tree'
import { expect } from 'chai'
import fc from 'fast-check'
import { createMerkleTree, merkleLeaf, rootOf, verifyProof, verifyWorkProof } from '../../src/merkle/index.ts'
import { expectCode, expectRejectionCode } from '../iscc/expectCode.ts'

const hex = (bytes: Uint8Array): string => `0x${Buffer.from(bytes).toString('hex')}`
const node = (seed: number): Uint8Array => keccak_256(Uint8Array.of(seed, seed >> 8, seed >> 16))
const works = (count: number): [string, string][] =>
  Array.from({ length: count }, (_, i) => [hex(node(i % 5).slice(0, 20)), hex(node(1_000 + i))])
const leaves = (list: [string, string][]): Uint8Array[] => list.map(([claimant, workHash]) => merkleLeaf({ claimant, workHash }))

describe('merkle: the tree', () => {
  it('is that of OpenZeppelin for 1 to 200 works and some more: leaves, root and every proof', async function () {
    this.timeout(120_000)
    for (const size of [...Array.from({ length: 200 }, (_, i) => i + 1), 255, 256, 257, 1_000]) {
      const list = works(size)
      const theirs = StandardMerkleTree.of(list, ['address', 'bytes32'])
      const ours = await createMerkleTree(leaves(list))
      expect(ours.root, `${size}`).to.equal(theirs.root)
      expect(ours.size).to.equal(size)
      const every = size > 16 ? Math.ceil(size / 6) : 1
      for (let i = 0; i < size; i += every) {
        expect(ours.leaf(i)).to.equal(theirs.leafHash(list[i]!))
        expect(ours.proof(i), `${i} of ${size}`).to.deep.equal(theirs.getProof(i))
      }
    }
  })

  it('is that of OpenZeppelin for any leaves: equal ones, ones that share a prefix, in any order', async () => {
    const leaf = fc
      .tuple(fc.constantFrom(0, 0x80, 0xff), fc.nat(3), fc.nat(255), fc.nat(2))
      .map(([first, fourth, fifth, last]) =>
        Uint8Array.from({ length: 32 }, (_, i) => [first, 0, 0, fourth, fifth][i] ?? (i === 31 ? last : 0)),
      )
    await fc.assert(
      fc.asyncProperty(fc.array(leaf, { minLength: 1, maxLength: 60 }), async (list) => {
        const theirs = SimpleMerkleTree.of(list.map(hex))
        const ours = await createMerkleTree(list)
        expect(ours.root).to.equal(theirs.root)
        list.forEach((value, i) => {
          expect(ours.leaf(i)).to.equal(hex(value))
          expect(verifyProof(theirs.root, value, ours.proof(i))).to.equal(true)
          expect(SimpleMerkleTree.verify(ours.root, hex(value), ours.proof(i))).to.equal(true)
        })
      }),
      { numRuns: 300 },
    )
  })

  it('takes leaves as bytes, hex, one array, iterable or stream, and keeps none of them', async () => {
    const list = leaves(works(37))
    const { root } = await createMerkleTree(list)
    const flat = Uint8Array.from(list.flatMap((leaf) => [...leaf]))
    async function* slow() {
      yield* list
    }
    for (const source of [list.map(hex), list.map((leaf) => hex(leaf).toUpperCase().replace('X', 'x')), flat, new Set(list), slow()]) {
      expect((await createMerkleTree(source)).root).to.equal(root)
    }
    const tree = await createMerkleTree(flat)
    const proof = tree.proof(3)
    flat.fill(0)
    expect(tree.proof(3)).to.deep.equal(proof)
    expect(verifyProof(root, list[3]!, proof)).to.equal(true)
  })

  it('grows beyond its first block of leaves and reports what it does', async () => {
    const list = Array.from({ length: 2_500 }, (_, i) => node(i))
    const seen: [string, number, number | undefined][] = []
    const tree = await createMerkleTree(list, { onProgress: ({ stage, done, total }) => seen.push([stage, done, total]) })
    expect(tree.root).to.equal(SimpleMerkleTree.of(list.map(hex)).root)
    expect(seen).to.deep.include(['collect', 2_500, 2_500])
    expect(seen.at(-1)).to.deep.equal(['hash', 2_499, 2_499])
  })

  it('stops when aborted, before and on the way', async () => {
    const reason = new Error('enough')
    const before = await createMerkleTree([node(1)], { signal: AbortSignal.abort(reason) }).catch((error: unknown) => error)
    expect(before).to.equal(reason)
    const controller = new AbortController()
    function* endless() {
      for (let i = 0; ; i = (i + 1) & 0xffff) {
        if (i === 5_000) controller.abort(reason)
        yield node(i)
      }
    }
    expect(await createMerkleTree(endless(), { signal: controller.signal }).catch((error: unknown) => error)).to.equal(reason)
  })

  it('refuses no leaves, leaves of another size and leaves that it does not have', async () => {
    await expectRejectionCode(createMerkleTree([]), 'MERKLE_EMPTY')
    await expectRejectionCode(createMerkleTree(new Uint8Array(0)), 'MERKLE_EMPTY')
    await expectRejectionCode(createMerkleTree(new Uint8Array(33)), 'MERKLE_INVALID_NODE')
    for (const wrong of [new Uint8Array(31), '0x12', '12'.repeat(33), `0x${'zz'.repeat(32)}`, 7]) {
      await expectRejectionCode(createMerkleTree([node(1), wrong as string]), 'MERKLE_INVALID_NODE')
    }
    // Never written to, so the system does not really give this half gigabyte.
    await expectRejectionCode(createMerkleTree(new Uint8Array((2 ** 24 + 1) * 32)), 'MERKLE_TOO_LARGE')
    const tree = await createMerkleTree([node(1), node(2), node(3)])
    for (const index of [-1, 3, 0.5, Number.NaN]) {
      expectCode(() => tree.proof(index), 'MERKLE_NO_SUCH_LEAF')
      expectCode(() => tree.leaf(index), 'MERKLE_NO_SUCH_LEAF')
    }
    expect((await createMerkleTree([node(1)])).proof(0)).to.deep.equal([])
  })
})

describe('merkle: proofs', () => {
  it('fail when anything is changed', async () => {
    const list = works(33)
    const tree = await createMerkleTree(leaves(list))
    fc.assert(
      fc.property(fc.nat(32), fc.nat(32), fc.nat(5), fc.nat(255), (i, other, at, bit) => {
        const [claimant, workHash] = list[i]!
        const proof = tree.proof(i)
        expect(verifyWorkProof(tree.root, { claimant, workHash }, proof)).to.equal(true)
        if (other !== i) expect(verifyWorkProof(tree.root, { claimant, workHash: list[other]![1] }, proof)).to.equal(false)
        const bytes = Buffer.from(proof[at % proof.length]!.slice(2), 'hex')
        bytes[bit >> 3]! ^= 1 << (bit & 7)
        expect(verifyWorkProof(tree.root, { claimant, workHash }, proof.with(at % proof.length, `0x${bytes.toString('hex')}`))).to.equal(
          false,
        )
        expect(verifyWorkProof(tree.root, { claimant, workHash }, proof.slice(1))).to.equal(false)
        expect(verifyWorkProof(tree.root, { claimant, workHash }, [...proof, proof[0]!])).to.equal(false)
        expect(verifyWorkProof(hex(node(9)), { claimant, workHash }, proof)).to.equal(false)
      }),
    )
  })

  it('do not make a work of an inner node, even if its children look like one', async () => {
    // The two smallest leaves are siblings. The first begins like an address in a word, with 12 zero bytes, so that the 64 bytes below
    // their parent read as (address, bytes32).
    const [first, second, third] = [node(1).fill(0, 0, 12), node(2).fill(0, 0, 11), node(3)] as const
    second[11] = 1
    const tree = await createMerkleTree([third, second, first])
    const inner = keccak_256(Uint8Array.from([...first, ...second]))
    const proof = tree.proof(2).slice(1)
    expect(tree.proof(2)[0]).to.equal(hex(second))
    // As a bare hash the inner node leads to the root, as with OpenZeppelin; as a work, which is hashed twice, it does not.
    expect(verifyProof(tree.root, inner, proof)).to.equal(true)
    const forged = { claimant: first.slice(12), workHash: second }
    expect(verifyWorkProof(tree.root, forged, proof)).to.equal(false)
    expect(hex(merkleLeaf(forged))).to.equal(hex(keccak_256(inner)))
  })

  it('refuse what is no node, work or address', () => {
    expectCode(() => rootOf('0x', []), 'MERKLE_INVALID_NODE')
    expectCode(() => rootOf(node(1), ['0x12']), 'MERKLE_INVALID_NODE')
    expectCode(() => verifyProof('root', node(1), []), 'MERKLE_INVALID_NODE')
    expectCode(() => merkleLeaf({ claimant: node(1), workHash: node(1) }), 'MERKLE_INVALID_NODE')
    expectCode(() => merkleLeaf({ claimant: new Uint8Array(20), workHash: new Uint8Array(20) }), 'MERKLE_INVALID_NODE')
  })
})
