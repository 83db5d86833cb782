import { createReadStream } from 'node:fs'
import { type FileHandle, mkdir, open, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import type { Hex, Work } from '../deposits/work.ts'
import { ColophonError } from '../errors/base.ts'
import { cutUnfinished } from '../journal/unfinished.node.ts'
import { type Mark, removeMark, takeAlone } from '../presence/index.ts'
import type { Originality } from '../search/originality.ts'

/** First line: what the batch is and whose. */
export interface BatchEntry {
  type: 'batch'
  version: 1
  chainId: number
  registry: string
  claimant: string
  /** Works in `works.bin` and proofs in `tree.merkle`, as `createBatch` makes them; without it works are in the journal. */
  form?: 'indexed'
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
  /** Works of an index that it is like, where there are any; the document names them too. */
  lookAlikes?: Originality['lookAlikes']
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
  /** Numbers of the records that are no works, in form `indexed`. */
  refused?: number[]
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
 * The journal in a folder, if there is one, as it is now; what is appended is kept in memory only.
 * @throws BATCH_DAMAGED while reading
 */
export async function copyJournal(folder: string): Promise<Journal> {
  const path = join(folder, 'journal.jsonl')
  const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return ''
    throw cause
  })
  // As when it is opened, a last line that a dying process left unfinished does not count.
  const lines = text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .slice(0, -1)
  return {
    async *entries() {
      yield* parsed(path, lines)
    },
    append: async (entry) => void lines.push(JSON.stringify(entry)),
    close: async () => {},
  }
}

async function* parsed(path: string, lines: Iterable<string> | AsyncIterable<string>): AsyncGenerator<Entry> {
  let number = 0
  for await (const line of lines) {
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
}

/**
 * Opens, or begins, the journal in a folder, for this process alone. A last line that a dying process left unfinished is cut off.
 * @throws BATCH_BUSY, OUTPUT_UNWRITABLE, BATCH_DAMAGED while reading
 */
export async function openJournal(folder: string): Promise<Journal> {
  const path = join(folder, 'journal.jsonl')
  let lock: Mark
  try {
    await mkdir(folder, { recursive: true })
    lock = await takeLock(resolve(folder))
  } catch (cause) {
    throw cause instanceof ColophonError ? cause : unwritable(folder, cause)
  }
  let file: FileHandle
  try {
    await cutUnfinished(path)
    file = await open(path, 'a')
  } catch (cause) {
    await removeMark(lock).catch(() => undefined)
    throw unwritable(folder, cause)
  }
  return {
    async *entries() {
      yield* parsed(path, createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY }))
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
      try {
        await file.close()
      } finally {
        await removeMark(lock)
      }
    },
  }
}

/** Two processes on one batch would pay twice. */
async function takeLock(folder: string): Promise<Mark> {
  const { mine, other } = await takeAlone(folder, 'lock')
  if (mine !== undefined) return mine
  throw new ColophonError('BATCH_BUSY', `Another process (${other.pid}) is working on this batch.`, {
    hint: `Wait until it has ended. If process ${other.pid} is another program, remove ${other.file}.`,
    details: { pid: other.pid, lock: other.file },
  })
}

function unwritable(path: string, cause: unknown): ColophonError {
  return new ColophonError('OUTPUT_UNWRITABLE', `${path} cannot be written: ${(cause as Error).message}.`, {
    hint: 'Check permissions and free space.',
    details: { path },
    cause,
  })
}
