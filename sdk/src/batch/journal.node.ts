import { createReadStream, readFileSync } from 'node:fs'
import { type FileHandle, mkdir, open, readFile, rm, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import type { Hex, Work } from '../deposits/work.ts'
import { ColophonError } from '../errors/base.ts'

/** First line: what the batch is and whose. */
export interface BatchEntry {
  type: 'batch'
  version: 1
  chainId: number
  registry: string
  claimant: string
}

/** A file that was fingerprinted and whose document is pinned. */
export interface WorkEntry {
  type: 'work'
  path: string
  size: number
  /** Milliseconds since 1970. */
  modified: number
  id: Hex
  work: Work
}

/** A file that cannot be deposited. */
export interface RefusedEntry {
  type: 'refused'
  path: string
  size: number
  modified: number
  code: string
  message: string
}

/** The batch is closed: these works and no others. */
export interface TreeEntry {
  type: 'tree'
  root: Hex
  count: number
  /** sha2-256 digest of the manifest's CID. */
  manifest: Hex
  manifestCid: string
}

/** A signed transaction, noted before it is sent: sending it again can never pay twice. */
export interface SignedEntry {
  type: 'signed'
  transaction: Hex
  nonce: number
  raw: string
}

/** The anchor is on the chain. */
export interface AnchoredEntry {
  type: 'anchored'
  transaction: Hex
  block: number
  time: number
  by: string
}

/** All receipts are written. */
export interface DoneEntry {
  type: 'done'
}

export type Entry = BatchEntry | WorkEntry | RefusedEntry | TreeEntry | SignedEntry | AnchoredEntry | DoneEntry

/** What happened in a batch, one JSON object a line, only ever appended to. */
export interface Journal {
  /** Entries in order, read from the disk. */
  entries(): AsyncGenerator<Entry>
  /** Appends; with `sync` it is on the disk when this resolves. */
  append(entry: Entry, sync?: boolean): Promise<void>
  close(): Promise<void>
}

/**
 * Opens, or begins, the journal in a folder, for this process alone. A last line that a dying process left unfinished is cut off.
 * @throws BATCH_BUSY, OUTPUT_UNWRITABLE, BATCH_DAMAGED while reading
 */
export async function openJournal(folder: string): Promise<Journal> {
  const path = join(folder, 'journal.jsonl')
  const lock = resolve(folder, 'lock')
  try {
    await mkdir(folder, { recursive: true })
  } catch (cause) {
    throw unwritable(folder, cause)
  }
  await takeLock(lock)
  let file: FileHandle
  try {
    await cutUnfinished(path)
    file = await open(path, 'a')
  } catch (cause) {
    await release(lock)
    throw unwritable(folder, cause)
  }
  return {
    async *entries() {
      let number = 0
      for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) {
        number++
        try {
          yield JSON.parse(line) as Entry
        } catch (cause) {
          throw new ColophonError('BATCH_DAMAGED', `Line ${number} of the batch's journal is damaged.`, {
            hint: 'If the batch is anchored, keep the journal and its receipts; else begin again in another folder.',
            details: { journal: path, line: number },
            cause,
          })
        }
      }
    },
    async append(entry, sync = false) {
      try {
        await file.appendFile(`${JSON.stringify(entry)}\n`)
        if (sync) await file.datasync()
      } catch (cause) {
        throw unwritable(folder, cause)
      }
    },
    async close() {
      await file.close()
      await release(lock)
    },
  }
}

async function release(lock: string): Promise<void> {
  await rm(lock, { force: true })
  held.delete(lock)
}

/** Locks of this process; its number in a lock alone may be that of an earlier one, in containers at every start. */
const held = new Set<string>()

/** Two processes on one batch would pay twice. A lock whose owner is gone counts for nothing. */
async function takeLock(lock: string): Promise<void> {
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      const file = await open(lock, 'wx')
      held.add(lock)
      await file.writeFile(String(process.pid))
      await file.close()
      return
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw unwritable(lock, cause)
      const owner = Number.parseInt(await readFile(lock, 'utf8').catch(() => ''), 10)
      if (owner === process.pid ? held.has(lock) : isAlive(owner))
        throw new ColophonError('BATCH_BUSY', `Another process (${owner}) is working on this batch.`, {
          hint: `Wait until it has ended. If process ${owner} is another program, remove ${lock}.`,
          details: { pid: owner, lock },
        })
      await rm(lock, { force: true })
    }
  }
  throw new ColophonError('BATCH_BUSY', 'Another process has just begun to work on this batch.', { hint: 'Wait until it has ended.' })
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid)) return false
  try {
    process.kill(pid, 0)
    return !isZombie(pid)
  } catch (fault) {
    return (fault as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Killed, but kept by the system until its parent asks for it, which in a container may be never. */
function isZombie(pid: number): boolean {
  try {
    return /\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'))
  } catch {
    return false
  }
}

async function cutUnfinished(path: string): Promise<void> {
  const facts = await stat(path).catch(() => undefined)
  if (facts === undefined || facts.size === 0) return
  const file = await open(path, 'r+')
  try {
    let end = facts.size
    const piece = Buffer.alloc(65_536)
    while (end > 0) {
      const start = Math.max(0, end - piece.length)
      const { bytesRead } = await file.read(piece, 0, end - start, start)
      const newline = piece.subarray(0, bytesRead).lastIndexOf(0x0a)
      if (newline !== -1) {
        if (start + newline + 1 !== facts.size) await file.truncate(start + newline + 1)
        return
      }
      end = start
    }
    await file.truncate(0)
  } finally {
    await file.close()
  }
}

function unwritable(path: string, cause: unknown): ColophonError {
  return new ColophonError('OUTPUT_UNWRITABLE', `${path} cannot be written: ${(cause as Error).message}.`, {
    hint: 'Check permissions and free space.',
    details: { path },
    cause,
  })
}
