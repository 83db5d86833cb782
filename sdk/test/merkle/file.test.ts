import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { expect } from 'chai'
import fc from 'fast-check'
import { blake3, xxh32 } from '../../src/iscc/index.ts'
import { createMerkleTree, decodeTree, encodeTree, type MerkleTree, verifyProof } from '../../src/merkle/index.ts'
import { openTree, writeTree } from '../../src/merkle/merkle.node.ts'
import { expectCode, expectRejectionCode } from '../iscc/expectCode.ts'

const node = (seed: number): Uint8Array => keccak_256(Uint8Array.of(seed, seed >> 8))
const treeOf = (size: number): Promise<MerkleTree> => createMerkleTree(Array.from({ length: size }, (_, i) => node(i)))

/** Seals an altered encoding again as a forger would: all checksums fit. */
function reseal(bytes: Uint8Array, size: number): Uint8Array {
  const view = new DataView(bytes.buffer)
  const entries = 96 + (2 * size - 1) * 32
  for (let i = 0; i < size; i++) {
    const record = Buffer.alloc(40)
    record.set(bytes.subarray(16, 48))
    record.writeUInt32LE(i, 32)
    record.writeUInt32LE(view.getUint32(entries + i * 8, true), 36)
    view.setUint32(entries + i * 8 + 4, xxh32(record), true)
  }
  bytes.set(blake3(bytes.subarray(96)), 48)
  view.setUint32(92, xxh32(bytes, 0, 92), true)
  return bytes
}

describe('merkle: trees as bytes', () => {
  it('come back whole, for any size', async () => {
    for (const size of [1, 2, 3, 7, 64, 100, 1_000]) {
      const tree = await treeOf(size)
      const again = decodeTree(encodeTree(tree))
      expect([again.root, again.size]).to.deep.equal([tree.root, size])
      for (let i = 0; i < size; i += 13) expect([again.leaf(i), again.proof(i)]).to.deep.equal([tree.leaf(i), tree.proof(i)])
      expect(encodeTree(again)).to.deep.equal(encodeTree(tree))
    }
  })

  it('are refused after the change of any bit', async () => {
    const bytes = encodeTree(await treeOf(5))
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const changed = bytes.slice()
      changed[bit >> 3]! ^= 1 << (bit & 7)
      expectCode(() => decodeTree(changed), bit < 12 * 8 ? 'MERKLE_FOREIGN' : 'MERKLE_DAMAGED')
    }
  })

  it('are refused when forged: an inner node for a leaf, a position outside, a root of another tree, a newer version', async () => {
    const tree = await treeOf(5)
    const original = encodeTree(tree)
    expect(decodeTree(reseal(original.slice(), 5)).root).to.equal(tree.root)
    for (const position of [0, 3, 9, 0xffffffff]) {
      const forged = original.slice()
      new DataView(forged.buffer).setUint32(96 + 9 * 32 + 8, position, true)
      expectCode(() => decodeTree(reseal(forged, 5)), 'MERKLE_DAMAGED')
    }
    const otherRoot = original.slice()
    otherRoot.set(node(77), 16)
    expectCode(() => decodeTree(reseal(otherRoot, 5)), 'MERKLE_DAMAGED')
    const newer = original.slice()
    newer[8] = 2
    expectCode(() => decodeTree(reseal(newer, 5)), 'MERKLE_FOREIGN')
  })

  it('are refused when cut off, extended or of another kind', async () => {
    const bytes = encodeTree(await treeOf(9))
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), (length) => {
        expectCode(() => decodeTree(bytes.subarray(0, length)), length < 8 ? 'MERKLE_FOREIGN' : 'MERKLE_DAMAGED')
      }),
    )
    expectCode(() => decodeTree(Uint8Array.from([...bytes, 0])), 'MERKLE_DAMAGED')
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (other) => expectCode(() => decodeTree(other), 'MERKLE_FOREIGN')))
  })
})

describe('merkle: trees in files', () => {
  let folder: string
  const path = (name = 'batch.merkle'): string => join(folder, name)
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'colophon-merkle-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  it('give the proofs of the tree, one by one and at once', async () => {
    for (const size of [1, 2, 100, 1_000]) {
      const tree = await treeOf(size)
      await writeTree(path(), tree)
      const stored = await openTree(path())
      expect([stored.root, stored.size]).to.deep.equal([tree.root, size])
      const indices = Array.from({ length: Math.min(size, 40) }, (_, i) => (i * 997) % size)
      const proofs = await Promise.all(indices.map((i) => stored.proof(i)))
      for (const [k, i] of indices.entries()) {
        expect(proofs[k]).to.deep.equal(tree.proof(i))
        expect(verifyProof(stored.root, await stored.leaf(i), proofs[k]!)).to.equal(true)
      }
      await stored.check()
      await expectRejectionCode(stored.proof(size), 'MERKLE_NO_SUCH_LEAF')
      await stored.close()
      await expectRejectionCode(stored.proof(0), 'MERKLE_UNREADABLE')
      expect(decodeTree(await readFile(path())).root).to.equal(tree.root)
    }
    expect(await readdir(folder)).to.deep.equal(['batch.merkle'])
  })

  it('never give a wrong proof after the change of any byte', async () => {
    const tree = await treeOf(6)
    const bytes = encodeTree(tree)
    for (let at = 0; at < bytes.length; at++) {
      const changed = bytes.slice()
      changed[at]! ^= 0x10
      await writeFile(path(), changed)
      const outcome = await openTree(path()).catch((error: unknown) => error)
      if (outcome instanceof Error) {
        expect(outcome, `${at}`).to.have.property('code').that.is.oneOf(['MERKLE_FOREIGN', 'MERKLE_DAMAGED'])
        continue
      }
      const stored = outcome as Awaited<ReturnType<typeof openTree>>
      for (let i = 0; i < 6; i++) {
        const proof = await stored.proof(i).catch((error: unknown) => error)
        if (proof instanceof Error) {
          expect(proof).to.have.property('code', 'MERKLE_DAMAGED')
        } else {
          expect(proof).to.deep.equal(tree.proof(i))
        }
      }
      const whole = await stored.check().catch((error: unknown) => error)
      await stored.close()
      expect(whole, `byte ${at}`).to.have.property('code', 'MERKLE_DAMAGED')
    }
  })

  it('are noticed when they shrink while open', async () => {
    await writeTree(path(), await treeOf(50))
    const stored = await openTree(path())
    await truncate(path(), 200)
    await expectRejectionCode(stored.proof(49), 'MERKLE_DAMAGED')
    await expectRejectionCode(stored.check(), 'MERKLE_DAMAGED')
    await stored.close()
  })

  it('are refused when missing, foreign, cut off, or a folder', async () => {
    await expectRejectionCode(openTree(path()), 'MERKLE_UNREADABLE')
    await expectRejectionCode(openTree(folder), 'MERKLE_UNREADABLE')
    await writeFile(path('text'), 'not a tree at all')
    await expectRejectionCode(openTree(path('text')), 'MERKLE_FOREIGN')
    await writeFile(path('empty'), '')
    await expectRejectionCode(openTree(path('empty')), 'MERKLE_FOREIGN')
    await writeTree(path(), await treeOf(10))
    await truncate(path(), 500)
    await expectRejectionCode(openTree(path()), 'MERKLE_DAMAGED')
  })

  it('stay as they were when a write fails or is aborted, and nothing is left beside them', async () => {
    const tree = await treeOf(10)
    await writeTree(path(), tree)
    const before = await readFile(path())
    const reason = new Error('enough')
    const controller = new AbortController()
    const aborted = writeTree(path(), await treeOf(20), { signal: controller.signal, onProgress: () => controller.abort(reason) })
    expect(await aborted.catch((error: unknown) => error)).to.equal(reason)
    expect(await readFile(path())).to.deep.equal(before)
    await expectRejectionCode(writeTree(join(folder, 'missing', 'batch.merkle'), tree), 'MERKLE_UNWRITABLE')
    // A folder in the place of the file: the rename fails after everything was written.
    await expectRejectionCode(writeTree(folder, tree), 'MERKLE_UNWRITABLE')
    expect(await readdir(folder)).to.deep.equal(['batch.merkle'])
    await writeTree(path(), await treeOf(20))
    const stored = await openTree(path())
    expect(stored.size).to.equal(20)
    await stored.close()
  })

  it('report how far writing and checking are', async () => {
    const seen: number[] = []
    await writeTree(path(), await treeOf(100), { onProgress: ({ done }) => seen.push(done) })
    const stored = await openTree(path())
    await stored.check({ onProgress: ({ done }) => seen.push(done) })
    const reason = new Error('enough')
    expect(await stored.check({ signal: AbortSignal.abort(reason) }).catch((error: unknown) => error)).to.equal(reason)
    await stored.close()
    const { length } = await readFile(path())
    expect(seen.filter((done) => done === length)).to.have.length(2)
  })
})
