import { createReadStream } from 'node:fs'
import { type FileHandle, mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { type Hex, idOf, type Work } from '../deposits/work.ts'
import { ColophonError } from '../errors/base.ts'
import { cutUnfinished } from '../journal/unfinished.node.ts'
import { leaveMark, livingMarks, type Mark, removeMark } from '../presence/index.ts'
import type { RelayMode } from './protocol.ts'

/** A signed deposit that a relay has taken on. */
export interface Request {
  id: Hex
  /** Milliseconds since 1970. */
  at: number
  claimant: string
  /** Seconds since 1970. */
  deadline: number
  /** What is sent for it; gone once it has ended, so that a relay can remember many. */
  signed?: { work: Work; signature: Hex }
  /** The batch it is in; none while it waits. */
  batch?: Batch
  /** Recorded by somebody else's transaction, or refused; what ends it without a batch of this relay. */
  end?: { type: 'known'; transaction: Hex; block: number } | { type: 'refused'; code: string; message: string }
}

/** A transaction as it was signed; with its journal line on the disk before it is sent. */
export interface SignedTransaction {
  transaction: Hex
  nonce: number
  raw: Hex
}

/** Requests that go into one transaction, and every version of that transaction that was signed: all have one nonce, so at most one is mined. */
export interface Batch {
  number: number
  mode: RelayMode
  ids: readonly Hex[]
  /** Root over the ids in their order, in mode `anchor`. */
  root?: Hex
  rivals: SignedTransaction[]
  /** Where it was last seen on the chain; forgotten when the block is no longer there. Not on the disk: the chain tells it again. */
  mined?: { transaction: Hex; block: number }
  settled?: true
}

type Entry =
  | { type: 'relay'; version: 1; chainId: number; registry: string }
  | ({ type: 'accepted' } & Omit<Request, 'batch' | 'end'>)
  | ({ type: 'signed'; batch: number; mode: RelayMode; ids?: readonly Hex[]; root?: Hex } & SignedTransaction)
  | { type: 'dropped'; batch: number }
  | { type: 'settled'; batch: number; transaction: Hex; block: number }
  | ({ id: Hex } & NonNullable<Request['end']>)

/** What a relay has accepted and what became of it: in memory, and on the disk before anybody is told. */
export interface Queue {
  readonly requests: ReadonlyMap<Hex, Request>
  /** Batches that are not settled, by their nonces. */
  readonly open: readonly Batch[]
  /** Ids that wait for a batch, oldest first. */
  readonly waiting: ReadonlySet<Hex>
  /** Takes a request on; on the disk when this resolves, and nothing has happened when it rejects. */
  accept(request: Omit<Request, 'batch' | 'end'>): Promise<Request>
  /** Notes a new batch with its first transaction. */
  begin(batch: Pick<Batch, 'mode' | 'ids' | 'root'>, signed: SignedTransaction): Promise<Batch>
  /** Notes another version of a batch's transaction. */
  replace(batch: Batch, signed: SignedTransaction): Promise<void>
  /** Gives a batch up whose transactions cannot be mined: what was in it waits again. */
  drop(batch: Batch): Promise<void>
  /** Notes that a batch is on the chain to stay. */
  settle(batch: Batch, mined: { transaction: Hex; block: number }): Promise<void>
  /** Ends a request without a batch, or against what its batch did. */
  end(id: Hex, end: NonNullable<Request['end']>): Promise<void>
  /** How many requests of a claimant were accepted since `since`, milliseconds since 1970. */
  acceptedOf(claimant: string, since: number): number
  /** Seconds that writing to the disk took so far, and how often it was done. */
  readonly flushes: { count: number; seconds: number }
  close(): Promise<void>
}

const NAME = 'journal.jsonl'

/**
 * Opens, or begins, the queue in a folder, for this process alone. What a dying process left unfinished is cut off; requests that ended before
 * `keepSince` are forgotten.
 * @throws RELAY_BUSY, RELAY_OTHER, RELAY_DAMAGED, OUTPUT_UNWRITABLE
 */
export async function openQueue(folder: string, where: { chainId: number; registry: string }, keepSince: number): Promise<Queue> {
  const path = join(folder, NAME)
  let lock: Mark | undefined
  let journal: Journal
  const requests = new Map<Hex, Request>()
  const batches = new Map<number, Batch>()
  const waiting = new Set<Hex>()
  /** When requests of each claimant were accepted. A journal that was written anew may name one twice. */
  const accepted = new Map<string, Map<string, number>>()
  let lastBatch = 0
  try {
    await mkdir(folder, { recursive: true })
    lock = await takeLock(resolve(folder))
    const length = await replayed(path, where, (entry) => apply(entry))
    if (forget(keepSince) || length === undefined) await rewrite(path, [{ type: 'relay', version: 1, ...where }, ...entriesOf()])
    journal = await openJournal(path)
  } catch (cause) {
    if (lock !== undefined) await removeMark(lock).catch(() => undefined)
    throw cause instanceof ColophonError ? cause : unwritable(folder, cause)
  }

  /** The one place that says what an entry means, while running and when it is read again. */
  function apply(entry: Entry): void {
    if (entry.type === 'accepted') {
      const { type: _, ...request } = entry
      requests.set(entry.id, request)
      waiting.add(entry.id)
      const times = accepted.get(entry.claimant) ?? new Map<string, number>()
      times.set(`${entry.at} ${entry.id}`, entry.at)
      accepted.set(entry.claimant, times)
    } else if (entry.type === 'signed') {
      const { transaction, nonce, raw } = entry
      const known = batches.get(entry.batch)
      if (known !== undefined) {
        known.rivals.push({ transaction, nonce, raw })
        return
      }
      const { mode, ids = [], root } = entry
      const batch: Batch = {
        number: entry.batch,
        mode,
        ids,
        ...(root === undefined ? {} : { root }),
        rivals: [{ transaction, nonce, raw }],
      }
      batches.set(batch.number, batch)
      lastBatch = Math.max(lastBatch, batch.number)
      for (const id of ids) {
        requests.get(id)!.batch = batch
        waiting.delete(id)
      }
    } else if (entry.type === 'dropped') {
      for (const id of batches.get(entry.batch)!.ids) {
        const request = requests.get(id)!
        delete request.batch
        if (request.end === undefined) waiting.add(id)
      }
      batches.delete(entry.batch)
    } else if (entry.type === 'settled') {
      const batch = batches.get(entry.batch)!
      batch.settled = true
      for (const id of batch.ids) if (requests.get(id)!.batch === batch) delete requests.get(id)!.signed
      batch.mined = { transaction: entry.transaction, block: entry.block }
    } else if (entry.type === 'known' || entry.type === 'refused') {
      const { id, ...end } = entry
      requests.get(id)!.end = end
      delete requests.get(id)!.signed
      waiting.delete(id)
    }
  }

  /** Drops what ended long ago from memory; says whether there was any. */
  function forget(since: number): boolean {
    const old = new Set<Hex>()
    for (const { id, at, end, batch } of requests.values()) if (at < since && (end !== undefined || batch?.settled === true)) old.add(id)
    // A batch's tree needs all its leaves: it goes as a whole.
    for (const { ids, settled } of batches.values())
      if (settled !== true || ids.some((id) => !old.has(id))) for (const id of ids) old.delete(id)
    for (const id of old) requests.delete(id)
    for (const batch of [...batches.values()]) if (batch.ids.every((id) => old.has(id))) batches.delete(batch.number)
    for (const [claimant, times] of accepted) {
      for (const [key, at] of times) if (at < since) times.delete(key)
      if (times.size === 0) accepted.delete(claimant)
    }
    return old.size > 0
  }

  function* entriesOf(): Generator<Entry> {
    for (const { batch: _, end: __, ...request } of requests.values()) yield { type: 'accepted', ...request }
    for (const { number, mode, ids, root, rivals, settled, mined } of batches.values()) {
      const head = { type: 'signed', batch: number, mode, ids, ...(root === undefined ? {} : { root }) } as const
      for (const rival of rivals) yield { ...head, ...rival }
      if (settled === true) yield { type: 'settled', batch: number, ...mined! }
    }
    // What was refused once and accepted again is named by an old batch, but waits.
    for (const id of waiting) {
      const { batch: _, end: __, ...request } = requests.get(id)!
      yield { type: 'accepted', ...request }
    }
    for (const { id, end } of requests.values()) if (end !== undefined) yield { id, ...end }
  }

  async function note(entry: Entry): Promise<void> {
    await journal.append(JSON.stringify(entry))
    apply(entry)
  }

  return {
    requests,
    waiting,
    get open() {
      return [...batches.values()].filter(({ settled }) => settled !== true).sort((a, b) => a.rivals[0]!.nonce - b.rivals[0]!.nonce)
    },
    async accept(request) {
      await note({ type: 'accepted', ...request })
      return requests.get(request.id)!
    },
    async begin({ mode, ids, root }, signed) {
      const number = ++lastBatch
      await note({ type: 'signed', batch: number, mode, ids, ...(root === undefined ? {} : { root }), ...signed })
      return batches.get(number)!
    },
    replace: ({ number, mode }, signed) => note({ type: 'signed', batch: number, mode, ...signed }),
    drop: ({ number }) => note({ type: 'dropped', batch: number }),
    settle: ({ number }, { transaction, block }) => note({ type: 'settled', batch: number, transaction, block }),
    end: (id, end) => note({ id, ...end }),
    acceptedOf: (claimant, since) => [...(accepted.get(claimant)?.values() ?? [])].filter((at) => at >= since).length,
    get flushes() {
      return journal.flushes
    },
    async close() {
      try {
        await journal.close()
      } finally {
        await removeMark(lock)
      }
    },
  }
}

interface Journal {
  /** Appends a line; it is on the disk when this resolves. Lines that come while the disk is busy share the next write. */
  append(line: string): Promise<void>
  readonly flushes: { count: number; seconds: number }
  close(): Promise<void>
}

async function openJournal(path: string): Promise<Journal> {
  const file: FileHandle = await open(path, 'a')
  let length = (await file.stat()).size
  let pending: { line: string; resolve: () => void; reject: (fault: unknown) => void }[] = []
  let flushing: Promise<void> | undefined
  const flushes = { count: 0, seconds: 0 }

  async function flush(): Promise<void> {
    while (pending.length > 0) {
      const taken = pending
      pending = []
      const bytes = Buffer.from(taken.map(({ line }) => `${line}\n`).join(''))
      const started = performance.now()
      try {
        await file.appendFile(bytes)
        await file.datasync()
        length += bytes.length
        for (const { resolve } of taken) resolve()
      } catch (cause) {
        // Half a line would damage the next one. What cannot be taken back now is cut off when the folder is opened again.
        await file.truncate(length).catch(() => undefined)
        for (const { reject } of taken) reject(unwritable(path, cause))
      }
      flushes.count++
      flushes.seconds += (performance.now() - started) / 1000
    }
  }

  return {
    flushes,
    append(line) {
      return new Promise((resolve, reject) => {
        pending.push({ line, resolve, reject })
        flushing ??= flush().finally(() => (flushing = undefined))
      })
    },
    async close() {
      await flushing
      await file.close()
    },
  }
}

/** Reads a journal; gives its length, or undefined where there is none. */
async function replayed(
  path: string,
  where: { chainId: number; registry: string },
  apply: (entry: Entry) => void,
): Promise<number | undefined> {
  await cutUnfinished(path)
  if ((await stat(path).catch(() => undefined)) === undefined) return undefined
  let number = 0
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) {
    number++
    try {
      const entry = JSON.parse(line) as Entry
      if (entry.type === 'relay') checkSame(entry, where)
      else {
        if (entry.type === 'accepted' && typeof entry.id !== 'string') throw new TypeError('it has no id')
        if (entry.type === 'accepted' && entry.signed !== undefined && idOf(entry.claimant, entry.signed.work) !== entry.id)
          throw new TypeError('its id is that of another work')
        apply(entry)
      }
    } catch (cause) {
      if (cause instanceof ColophonError && cause.code === 'RELAY_OTHER') throw cause
      throw new ColophonError('RELAY_DAMAGED', `Line ${number} of the relay's journal is damaged.`, {
        hint: 'Keep a copy of the journal, then remove the line: whatever is on the chain already is found there and not sent again.',
        details: { journal: path, line: number },
        cause,
      })
    }
  }
  return number === 0 ? undefined : number
}

function checkSame(begun: { chainId: number; registry: string }, now: { chainId: number; registry: string }): void {
  if (begun.chainId === now.chainId && begun.registry.toLowerCase() === now.registry.toLowerCase()) return
  throw new ColophonError('RELAY_OTHER', 'The requests in this folder are for another chain or registry.', {
    hint: 'Use those it was begun with, or another folder.',
    details: { begun: { chainId: begun.chainId, registry: begun.registry }, found: now },
  })
}

/** Writes a journal anew: there whole, or as it was. */
async function rewrite(path: string, entries: Iterable<Entry>): Promise<void> {
  const draft = `${path}.draft`
  const file = await open(draft, 'w')
  try {
    let piece = ''
    for (const entry of entries) {
      piece += `${JSON.stringify(entry)}\n`
      if (piece.length < 1 << 20) continue
      await file.appendFile(piece)
      piece = ''
    }
    await file.appendFile(piece)
    await file.sync()
    await file.close()
    await rename(draft, path)
  } catch (cause) {
    await file.close().catch(() => undefined)
    await rm(draft, { force: true })
    throw cause
  }
  if (process.platform === 'win32') return
  const folder = await open(join(path, '..'), 'r')
  await folder.sync().finally(() => folder.close())
}

/** Two relays on one folder would each send the whole queue. */
async function takeLock(folder: string): Promise<Mark> {
  const mine = await leaveMark(folder, 'lock')
  const other = (await livingMarks(folder, 'lock')).find(({ file }) => file !== mine.file)
  if (other === undefined) return mine
  await removeMark(mine)
  throw new ColophonError('RELAY_BUSY', `Another relay (process ${other.pid}) works on this folder.`, {
    hint: `Stop it, or use another folder. If process ${other.pid} is another program, remove ${other.file}.`,
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
