import { randomBytes } from 'node:crypto'
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, stat, unlink } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { ColophonError } from '../errors/base.ts'
import { bytesToHex, hexToBytes } from '../hex/index.ts'
import type { Blocks } from './blocks.ts'
import { createStorage, type Storage } from './storage.ts'

/**
 * The embedded block store: one folder, one file a block, named by its digest.
 *
 *     FOLDER/format          what this is, and its version
 *     FOLDER/blocks/3f/3f…   blocks
 *     FOLDER/pins/CID        empty files, one a pinned root
 *     FOLDER/tmp/            blocks being written
 *
 * A block is written to `tmp`, flushed to the disk and renamed, so that it is there whole or not at all, whenever the process or the machine
 * dies. Several processes may use one folder: writing the same block twice does no harm.
 *
 * @throws ColophonError `STORAGE_FOREIGN`, `STORAGE_NOT_WRITABLE`
 */
export async function openBlockStore(folder: string): Promise<Storage> {
  const root = resolve(folder)
  const at = (...parts: string[]): string => join(root, ...parts)
  try {
    for (const part of ['blocks', 'pins', 'tmp']) await mkdir(at(part), { recursive: true })
    await claim(at('format'), at('tmp'))
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
      for (const shard of await readdir(at('blocks'))) {
        for (const name of await readdir(at('blocks', shard))) if (/^[0-9a-f]{64}$/.test(name)) yield hexToBytes(`0x${name}`)
      }
    },
    pins: () => guarded(() => readdir(at('pins'))),
    pin: (cid) => guarded(() => writeWhole(at('pins', cid), at('tmp'), new Uint8Array(0))),
    unpin: (cid) => guarded(() => rm(at('pins', cid), { force: true })),
    close: async () => {},
  }
  return createStorage(blocks)
}

const FORMAT = 'colophon block store, version 1\n'

/** Writes the folder's mark, or refuses a folder that is marked otherwise. */
async function claim(file: string, temporary: string): Promise<void> {
  const found = await orUndefined(readFile(file, 'utf8'))
  if (found === undefined) await writeWhole(file, temporary, new TextEncoder().encode(FORMAT))
  else if (found !== FORMAT) {
    throw new ColophonError('STORAGE_FOREIGN', 'The folder is no block store that this version can read.', {
      hint: 'Choose another folder, or update the SDK if a newer version wrote it.',
      details: { file, found: found.slice(0, 100) },
    })
  }
}

/** Begins the names of this process's drafts; its number alone may have been another process's before. */
const OWN = `${process.pid}-${randomBytes(6).toString('hex')}-`

/** Removes what processes that are gone have left half-written. */
async function sweep(temporary: string): Promise<void> {
  for (const name of await readdir(temporary)) {
    const owner = Number.parseInt(name, 10)
    const gone = owner === process.pid ? !name.startsWith(OWN) : !isAlive(owner)
    if (gone) await rm(join(temporary, name), { force: true })
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (fault) {
    return (fault as NodeJS.ErrnoException).code === 'EPERM'
  }
}

async function writeWhole(file: string, temporary: string, bytes: Uint8Array): Promise<void> {
  const draft = join(temporary, `${OWN}${randomBytes(8).toString('hex')}`)
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
