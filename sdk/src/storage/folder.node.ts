import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, stat, unlink } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { ColophonError } from '../errors/base.ts'
import { bytesToHex, hexToBytes } from '../hex/index.ts'
import { isLeftBehind, leaveMark, livingMarks, ownerOf, ownName, removeMark } from '../presence/index.ts'
import type { Blocks } from './blocks.ts'
import { parseCid } from './cid.ts'
import { createStorage, type Storage } from './storage.ts'

/**
 * The embedded block store: one folder, one file a block, named by its digest.
 *
 *     FOLDER/format          what this is, and its version
 *     FOLDER/blocks/3f/3f…   blocks
 *     FOLDER/pins/CID        empty files, one a pinned root
 *     FOLDER/tmp/            blocks being written
 *     FOLDER/turns/          empty files, one for each put or collection that is going on
 *
 * A block is written to `tmp`, flushed to the disk and renamed, so that it is there whole or not at all, whenever the process or the machine
 * dies. Several processes may use one folder: writing the same block twice does no harm, and nothing is collected while something is put.
 * Files that others leave in these folders are neither read nor removed.
 *
 * @throws ColophonError `STORAGE_FOREIGN`, `STORAGE_NOT_WRITABLE`
 */
export async function openBlockStore(folder: string): Promise<Storage> {
  const root = resolve(folder)
  const at = (...parts: string[]): string => join(root, ...parts)
  try {
    await mkdir(root, { recursive: true })
    await claim(root)
    for (const part of ['blocks', 'pins', 'tmp', 'turns']) await mkdir(at(part), { recursive: true })
    await sweep(at('tmp'))
  } catch (cause) {
    throw storageError(cause, root)
  }

  const fileOf = (digest: Uint8Array): string => {
    const name = bytesToHex(digest).slice(2)
    return at('blocks', name.slice(0, 2), name)
  }
  const guarded = async <Value>(run: () => Promise<Value>): Promise<Value> => {
    try {
      return await run()
    } catch (cause) {
      throw storageError(cause, root)
    }
  }

  const blocks: Blocks = {
    read: (digest) => guarded(() => orUndefined(readFile(fileOf(digest)))),
    has: (digest) => guarded(async () => (await orUndefined(stat(fileOf(digest)))) !== undefined),
    write: (digest, bytes) =>
      guarded(async () => {
        const file = fileOf(digest)
        const found = await orUndefined(stat(file))
        // A file of the right length is not enough where a disk has lost its content, so what is there is looked at before it is believed.
        if (found?.size === bytes.length && Buffer.compare(await readFile(file), bytes) === 0) return
        await mkdir(join(file, '..'), { recursive: true })
        await writeWhole(file, at('tmp'), bytes)
      }),
    remove: (digest) => guarded(() => rm(fileOf(digest), { force: true })),
    async *list() {
      for (const shard of await guarded(() => readdir(at('blocks')))) {
        if (!/^[0-9a-f]{2}$/.test(shard)) continue
        for (const name of await guarded(() => readdir(at('blocks', shard))))
          if (/^[0-9a-f]{64}$/.test(name) && name.startsWith(shard)) yield hexToBytes(`0x${name}`)
      }
    },
    pins: () => guarded(async () => (await readdir(at('pins'))).filter(isCid)),
    pin: (cid) => guarded(() => writeWhole(at('pins', cid), at('tmp'), new Uint8Array(0))),
    unpin: (cid) => guarded(() => rm(at('pins', cid), { force: true })),
    notices: {
      post: (doing) =>
        guarded(async () => {
          const mark = await leaveMark(at('turns'), doing)
          return () => guarded(() => removeMark(mark))
        }),
      posted: (doing) => guarded(async () => (await livingMarks(at('turns'), doing)).map(({ file, pid }) => ({ file, pid }))),
    },
    close: async () => {},
  }
  return createStorage(blocks)
}

const FORMAT = 'colophon block store, version 1\n'

/** What systems put into folders by themselves. */
const LITTER = new Set(['.DS_Store', 'Thumbs.db', 'desktop.ini'])

/** Marks an empty folder as a store, or refuses one that is marked otherwise or has something else in it. */
async function claim(root: string): Promise<void> {
  const file = join(root, 'format')
  // In this order: another process that claims the folder now has its mark there before anything else.
  const names = await readdir(root)
  const found = await orUndefined(readFile(file, 'utf8'))
  if (found === FORMAT) return
  if (found !== undefined) {
    throw new ColophonError('STORAGE_FOREIGN', 'The folder is no block store that this version can read.', {
      hint: 'Choose another folder, or update the SDK if a newer version wrote it.',
      details: { file, found: found.slice(0, 100) },
    })
  }
  const foreign = names.filter((name) => !LITTER.has(name) && ownerOf(name) === undefined)
  if (foreign.length > 0) {
    throw new ColophonError('STORAGE_FOREIGN', `The folder ${root} has other things in it and is no block store.`, {
      hint: 'Choose a folder that is empty or does not exist yet; nothing was changed.',
      details: { folder: root, found: foreign.slice(0, 10) },
    })
  }
  await writeWhole(file, root, new TextEncoder().encode(FORMAT))
}

/** Removes what processes that are gone have left half-written, and nothing else. */
async function sweep(temporary: string): Promise<void> {
  for (const name of await readdir(temporary)) {
    const file = join(temporary, name)
    if (await isLeftBehind(file, name)) await rm(file, { force: true })
  }
}

function isCid(name: string): boolean {
  try {
    return parseCid(name).toString() === name
  } catch {
    return false
  }
}

async function writeWhole(file: string, temporary: string, bytes: Uint8Array): Promise<void> {
  const draft = join(temporary, ownName())
  let handle: FileHandle | undefined
  try {
    handle = await open(draft, 'wx')
    await handle.writeFile(bytes)
    await handle.sync()
    await handle.close()
    handle = undefined
    await rename(draft, file)
    await syncFolder(join(file, '..'))
  } catch (cause) {
    await handle?.close().catch(() => undefined)
    await unlink(draft).catch(() => undefined)
    throw cause
  }
}

/** Makes a rename last. Windows has no such call and needs none. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function orUndefined<Value>(work: Promise<Value>): Promise<Value | undefined> {
  try {
    return await work
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw fault
  }
}

function storageError(cause: unknown, folder: string): ColophonError {
  if (cause instanceof ColophonError) return cause
  const { code, message } = cause as NodeJS.ErrnoException
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new ColophonError('STORAGE_FULL', `The disk of ${folder} is full.`, {
      hint: 'Make room and run the same again; what was stored before is kept, nothing is half-written.',
      details: { folder },
      cause,
    })
  }
  return new ColophonError('STORAGE_NOT_WRITABLE', `The store in ${folder} cannot be used: ${message}.`, {
    hint: 'Check that the folder exists, is a folder, and may be written to.',
    details: { folder, errno: code },
    cause,
  })
}
