import { randomBytes } from 'node:crypto'
import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { createBlake3 } from '../iscc/blake3.ts'
import type { LongCallOptions } from '../progress/progress.ts'
import { checkDigest, decodeHeader, encodedLength, encodeParts, HEADER, readProof } from './codec.ts'
import { merkleError } from './errors.ts'
import { type Hex, toHex } from './nodes.ts'
import type { MerkleTree } from './tree.ts'

/** Bytes that are written or read at once. */
const STEP = 1 << 20

/** A Merkle tree in a file, of which only the header is in memory. */
export interface StoredMerkleTree {
  readonly root: Hex
  readonly size: number
  /** @throws ColophonError `MERKLE_NO_SUCH_LEAF`, `MERKLE_DAMAGED`, `MERKLE_UNREADABLE` */
  leaf(index: number): Promise<Hex>
  /** Reads some 32 bytes a level of the tree. @throws as {@link leaf} */
  proof(index: number): Promise<Hex[]>
  /** Reads everything and compares checksums. @throws ColophonError `MERKLE_DAMAGED`, `MERKLE_UNREADABLE` */
  check(options?: LongCallOptions<'read'>): Promise<void>
  close(): Promise<void>
}

/**
 * Writes a tree to a file. Whatever happens on the way, `path` holds either what it held before or the whole tree: it is written beside,
 * flushed to the disk, and renamed.
 *
 * @throws ColophonError `MERKLE_UNWRITABLE`; rejects with the signal's reason when aborted
 */
export async function writeTree(path: string, tree: MerkleTree, options: LongCallOptions<'write'> = {}): Promise<void> {
  const beside = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`)
  options.signal?.throwIfAborted()
  try {
    const file = await open(beside, 'wx')
    try {
      await writeParts(file, tree, options)
      await file.sync()
    } finally {
      await file.close()
    }
    options.signal?.throwIfAborted()
    await rename(beside, path)
  } catch (cause) {
    await rm(beside, { force: true })
    options.signal?.throwIfAborted()
    throw merkleError('MERKLE_UNWRITABLE', `The Merkle tree cannot be written to ${path}.`, {
      hint: 'Check that the folder exists, that it may be written to and that the disk has room.',
      details: { path, bytes: encodedLength(tree.size) },
      cause,
    })
  }
  await syncFolder(dirname(path))
}

async function writeParts(file: FileHandle, tree: MerkleTree, { signal, onProgress }: LongCallOptions<'write'>): Promise<void> {
  const total = encodedLength(tree.size)
  let done = 0
  for (const part of encodeParts(tree)) {
    for (let at = 0; at < part.length; at += STEP) {
      signal?.throwIfAborted()
      const step = part.subarray(at, at + STEP)
      await file.writeFile(step)
      done += step.length
      onProgress?.({ stage: 'write', done, total, unit: 'bytes' })
    }
  }
}

/** Makes the rename itself last. Not every system can flush a folder; the file is whole without it. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => undefined)
  await folder?.sync().catch(() => undefined)
  await folder?.close()
}

/**
 * Opens a file that {@link writeTree} wrote. Only its header is read.
 *
 * @throws ColophonError `MERKLE_UNREADABLE`, `MERKLE_FOREIGN`, `MERKLE_DAMAGED`
 */
export async function openTree(path: string): Promise<StoredMerkleTree> {
  const unreadable = (cause: unknown): Error =>
    merkleError('MERKLE_UNREADABLE', `The Merkle tree in ${path} cannot be read.`, { details: { path }, cause })
  const file = await open(path, 'r').catch((cause: unknown) => {
    throw unreadable(cause)
  })
  const read = async (offset: number, length: number): Promise<Uint8Array> => {
    const bytes = new Uint8Array(length)
    let size = 0
    while (size < length) {
      const { bytesRead } = await file.read(bytes, size, length - size, offset + size).catch((cause: unknown) => {
        throw unreadable(cause)
      })
      // The file has become shorter than it was: what is missing fails its check.
      if (bytesRead === 0) break
      size += bytesRead
    }
    return bytes
  }
  try {
    const { size: length } = await file.stat().catch((cause: unknown) => {
      throw unreadable(cause)
    })
    const header = decodeHeader(await read(0, Math.min(HEADER, length)), length)
    return {
      root: toHex(header.root),
      size: header.size,
      leaf: async (index) => (await readProof(header, read, index)).leaf,
      proof: async (index) => (await readProof(header, read, index)).proof,
      async check({ signal, onProgress } = {}) {
        const hash = createBlake3()
        for (let at = HEADER; at < length; at += STEP) {
          signal?.throwIfAborted()
          hash.update(await read(at, Math.min(STEP, length - at)))
          onProgress?.({ stage: 'read', done: Math.min(at + STEP, length), total: length, unit: 'bytes' })
        }
        checkDigest(header, hash.digest())
      },
      close: () => file.close(),
    }
  } catch (error) {
    await file.close()
    throw error
  }
}
