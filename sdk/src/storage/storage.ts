import { CarBlockIterator, CarWriter } from '@ipld/car'
import * as dagPb from '@ipld/dag-pb'
import { sha256 } from '@noble/hashes/sha2.js'
import { exporter, type RawNode, type UnixFSFile } from 'ipfs-unixfs-exporter'
import { importer } from 'ipfs-unixfs-importer'
import type { CID } from 'multiformats/cid'
import { ColophonError } from '../errors/base.ts'
import type { LongCallOptions } from '../progress/progress.ts'
import { openSource, type Source } from '../source/index.ts'
import { type Blocks, equal, readChecked } from './blocks.ts'
import { digestToCid, MAX_BLOCK_BYTES, parseCid } from './cid.ts'
import { whileCollecting, whilePutting } from './turns.ts'

export interface Stored {
  /** CIDv1; the same bytes have the same CID in every tool that follows IPFS's profile `unixfs-v1-2025`. */
  cid: string
  /** Bytes of content. */
  size: number
}

export interface ReadOptions extends LongCallOptions<'read'> {
  /** First byte wanted; 0 by default. */
  offset?: number
  /** How many; all by default. */
  length?: number
}

/** A content-addressed store: IPFS blocks, with files as UnixFS. Every block that is read is hashed again. */
export interface Storage {
  /** Stores a file and pins it. @throws ColophonError `STORAGE_FULL`, `STORAGE_NOT_WRITABLE`, `SOURCE_*` */
  put(source: Source, options?: LongCallOptions<'store'>): Promise<Stored>
  /**
   * Stores bytes of at most 1 MiB as one block and pins it, so that the CID follows from the SHA-256 alone ({@link digestToCid}).
   * @throws ColophonError `BLOCK_TOO_LARGE`, and as {@link put}
   */
  putBlock(bytes: Uint8Array): Promise<Stored>
  /** Content of a file, piece by piece. @throws ColophonError `BLOCK_NOT_FOUND`, `BLOCK_TAMPERED`, `CID_INVALID`, `CID_UNSUPPORTED`, `NOT_A_FILE` */
  read(cid: string, options?: ReadOptions): AsyncIterable<Uint8Array>
  /** Content of a file at once; for small ones. Throws as {@link read} does, and `SOURCE_TOO_LARGE` beyond `limit` bytes (16 MiB by default). */
  get(cid: string, options?: { signal?: AbortSignal; limit?: number }): Promise<Uint8Array>
  /** Whether the file and all of its blocks are here. */
  has(cid: string): Promise<boolean>
  pin(cid: string): Promise<void>
  unpin(cid: string): Promise<void>
  pins(): Promise<string[]>
  /**
   * Removes every block that no pin needs; returns how many. Waits until whatever is being put is pinned, here and in other processes, for at
   * most `patience` milliseconds (15,000 by default); new puts wait meanwhile.
   * @throws ColophonError `STORAGE_BUSY` when that takes longer; nothing is removed then
   */
  collect(options?: { signal?: AbortSignal; patience?: number }): Promise<number>
  /** A file and all its blocks as a CAR (version 1). */
  exportCar(cid: string, options?: LongCallOptions<'export'>): AsyncIterable<Uint8Array>
  /** Takes a CAR in: every block is checked, and its roots are pinned when all of it is there. @throws ColophonError `CAR_INVALID`, `CAR_INCOMPLETE`, `BLOCK_TAMPERED` */
  importCar(source: Source, options?: LongCallOptions<'import'>): Promise<{ roots: string[]; blocks: number }>
  close(): Promise<void>
}

/** Blocks that a far store has to lack one after the other before it is not asked any more. */
const NEW_IN_ROW = 3

/** The store's functions over a place for blocks. */
export function createStorage(blocks: Blocks): Storage {
  const readable = {
    async *get(cid: CID): AsyncGenerator<Uint8Array> {
      yield await readChecked(blocks, parseCid(cid))
    },
  }
  const writable = {
    async put(cid: CID, bytes: Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<CID> {
      await blocks.write(parseCid(cid).multihash.digest, bytes instanceof Uint8Array ? bytes : await joined(bytes))
      return cid
    },
    get: readable.get,
  }

  async function file(cid: string): Promise<UnixFSFile | RawNode> {
    const entry = await exporter(parseCid(cid), readable as never)
    if (entry.type === 'file' || entry.type === 'raw') return entry as UnixFSFile | RawNode
    throw new ColophonError('NOT_A_FILE', `${cid} is not a file.`, { hint: 'Name a file within it.', details: { cid, type: entry.type } })
  }

  /** The block of a CID and all below it, each once. */
  async function* walk(root: CID, signal?: AbortSignal): AsyncGenerator<{ cid: CID; bytes: Uint8Array }> {
    const seen = new Set<string>()
    const open = [root]
    for (let cid = open.pop(); cid !== undefined; cid = open.pop()) {
      signal?.throwIfAborted()
      if (seen.has(cid.toString())) continue
      seen.add(cid.toString())
      const bytes = await readChecked(blocks, parseCid(cid))
      yield { cid, bytes }
      if (cid.code === dagPb.code)
        open.push(
          ...dagPb
            .decode(bytes)
            .Links.map((link) => link.Hash as CID)
            .reverse(),
        )
    }
  }

  const storage: Storage = {
    async put(source, { signal, onProgress } = {}) {
      signal?.throwIfAborted()
      const opened = await openSource(source)
      const total = opened.size === undefined ? {} : { total: opened.size }
      let size = 0
      async function* counted(): AsyncGenerator<Uint8Array> {
        for await (const chunk of opened.open()) {
          signal?.throwIfAborted()
          size += chunk.length
          onProgress?.({ stage: 'store', done: size, ...total, unit: 'bytes' })
          yield chunk
        }
      }
      return await whilePutting(blocks.notices, signal, async () => {
        let cid: CID | undefined
        for await (const entry of importer([{ content: counted() }], writable as never, { profile: 'unixfs-v1-2025' })) cid = entry.cid
        signal?.throwIfAborted()
        await blocks.pin(cid!.toString())
        return { cid: cid!.toString(), size }
      })
    },

    async putBlock(bytes) {
      if (bytes.length > MAX_BLOCK_BYTES) {
        throw new ColophonError('BLOCK_TOO_LARGE', `A block has at most ${MAX_BLOCK_BYTES} bytes; these are ${bytes.length}.`, {
          hint: 'Store it as a file with put().',
        })
      }
      const digest = sha256(bytes)
      const cid = digestToCid(digest)
      return await whilePutting(blocks.notices, undefined, async () => {
        await blocks.write(digest, bytes)
        await blocks.pin(cid)
        return { cid, size: bytes.length }
      })
    },

    async *read(cid, { signal, onProgress, offset, length } = {}) {
      signal?.throwIfAborted()
      const entry = await file(cid)
      const total = { total: Number(entry.size) }
      let done = 0
      const range = { ...(offset === undefined ? {} : { offset }), ...(length === undefined ? {} : { length }) }
      for await (const chunk of entry.content(range as never) as AsyncIterable<Uint8Array>) {
        signal?.throwIfAborted()
        done += chunk.length
        onProgress?.({ stage: 'read', done, ...total, unit: 'bytes' })
        yield chunk
      }
    },

    async get(cid, { signal, limit = 16 << 20 } = {}) {
      const parts: Uint8Array[] = []
      let size = 0
      for await (const part of storage.read(cid, signal === undefined ? {} : { signal })) {
        size += part.length
        if (size > limit) {
          throw new ColophonError('SOURCE_TOO_LARGE', `${cid} has more than ${limit} bytes.`, {
            hint: 'Use read(), which streams.',
            details: { cid, limit },
          })
        }
        parts.push(part)
      }
      return concat(parts, size)
    },

    async has(cid) {
      try {
        for await (const _ of walk(parseCid(cid))) {
          // Walking is the test.
        }
        return true
      } catch (fault) {
        if (fault instanceof ColophonError && fault.code === 'BLOCK_NOT_FOUND') return false
        throw fault
      }
    },

    async pin(cid) {
      const root = parseCid(cid)
      await whilePutting(blocks.notices, undefined, async () => {
        for await (const _ of walk(root)) {
          // A pin promises that everything is here.
        }
        await blocks.pin(root.toString())
      })
    },
    unpin: (cid) => blocks.unpin(parseCid(cid).toString()),
    pins: () => blocks.pins(),

    async collect({ signal, patience = 15_000 } = {}) {
      return await whileCollecting(blocks.notices, { signal, patience }, async () => {
        const needed = new Set<string>()
        for (const pin of await blocks.pins()) {
          for await (const { cid } of walk(parseCid(pin), signal)) needed.add(cid.multihash.digest.join())
        }
        let removed = 0
        for await (const digest of blocks.list()) {
          signal?.throwIfAborted()
          if (needed.has(digest.join())) continue
          await blocks.remove(digest)
          removed++
        }
        return removed
      })
    },

    async *exportCar(cid, { signal, onProgress } = {}) {
      const root = parseCid(cid)
      const { writer, out } = CarWriter.create([root])
      let done = 0
      const writing = (async () => {
        for await (const block of walk(root, signal)) {
          await writer.put(block)
          done++
          onProgress?.({ stage: 'export', done, unit: 'items' })
        }
      })().finally(() => writer.close())
      writing.catch(() => undefined)
      yield* out
      await writing
    },

    async importCar(source, { signal, onProgress } = {}) {
      const opened = await openSource(source)
      let reader: CarBlockIterator
      try {
        reader = await CarBlockIterator.fromIterable(opened.open())
      } catch (cause) {
        throw carInvalid(opened.name, cause)
      }
      return await whilePutting(blocks.notices, signal, async () => {
        const roots = (await reader.getRoots()).map((root) => parseCid(root as CID))
        let count = 0
        // What a transfer that was broken off has brought over comes first again; after some blocks in a row that are new, so are the others.
        let newInRow = 0
        const isThere = async (digest: Uint8Array): Promise<boolean> => {
          if (blocks.knows === undefined || newInRow === NEW_IN_ROW) return false
          const known = await blocks.knows(digest)
          newInRow = known ? 0 : newInRow + 1
          return known
        }
        const iterator = reader[Symbol.asyncIterator]()
        for (;;) {
          signal?.throwIfAborted()
          const { done, value: block } = await iterator.next().catch((cause: unknown) => {
            throw carInvalid(opened.name, cause)
          })
          if (done === true) break
          const { digest } = parseCid(block.cid as CID).multihash
          if (!equal(sha256(block.bytes), digest)) {
            throw new ColophonError('BLOCK_TAMPERED', `The CAR's bytes for ${block.cid} are not its bytes.`, {
              hint: 'The file was damaged or forged; get it again.',
              details: { cid: block.cid.toString() },
            })
          }
          if (!(await isThere(digest))) await blocks.write(digest, block.bytes)
          count++
          onProgress?.({ stage: 'import', done: count, unit: 'items' })
        }
        for (const root of roots) {
          if (!(await storage.has(root.toString()))) {
            throw new ColophonError('CAR_INCOMPLETE', `The CAR does not hold all of ${root}.`, {
              hint: 'Export it again; blocks that were in it are kept, and nothing is pinned.',
              details: { root: root.toString() },
            })
          }
        }
        for (const root of roots) await blocks.pin(root.toString())
        return { roots: roots.map((root) => root.toString()), blocks: count }
      })
    },

    close: () => blocks.close(),
  }
  return storage
}

function carInvalid(name: string | undefined, cause: unknown): ColophonError {
  return new ColophonError('CAR_INVALID', 'The file is no CAR, or it is cut short.', {
    hint: 'Export it again with exportCar() or `ipfs dag export`; nothing of it is pinned.',
    details: { name },
    cause,
  })
}

async function joined(chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of chunks) {
    parts.push(part)
    size += part.length
  }
  return concat(parts, size)
}

function concat(parts: readonly Uint8Array[], size: number): Uint8Array {
  if (parts.length === 1) return parts[0]!
  const all = new Uint8Array(size)
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
