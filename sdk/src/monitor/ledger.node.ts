import { createReadStream } from 'node:fs'
import { type FileHandle, mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { ColophonError } from '../errors/base.ts'
import type { Layer, Media, Verdict } from '../fingerprint/index.ts'
import { removeMark, takeAlone } from '../presence/index.ts'
import type { PageMedium } from './page.ts'

/** What an address leads to. */
export type Role = 'list' | 'page' | 'medium' | 'style'

/** A pass begins. */
interface PassEntry {
  t: 'pass'
  number: number
  at: string
  /** Changes when other works are watched, or differently: everything is looked at anew then. */
  watching: string
}

/** A pass has visited everything that it was going to. */
interface EndEntry {
  t: 'end'
  at: string
  requests: number
  bytes: number
}

/** An address was visited; one line, so it is there whole or not at all. */
export interface VisitEntry {
  t: 'visit'
  pass: number
  url: string
  role: Role
  depth: number
  /** Where redirects ended, if elsewhere. */
  final?: string
  etag?: string
  modified?: string
  /** SHA-256 of what was looked at: the file, or the text of the page. */
  content?: string
  title?: string
  /** What the page or list leads to. */
  next?: { lists?: string[]; pages?: string[]; styles?: string[]; media?: PageMedium[] }
  /** The answer was that of the visit before. */
  unchanged?: true
  /** It was put together in a browser. */
  rendered?: true
}

/** An address could not be visited in this pass. */
export interface GapEntry {
  t: 'gap'
  pass: number
  url: string
  role: Role
  code: string
  reason: string
}

/** A file or text was looked at, and these works were found in it. */
interface ContentEntry {
  t: 'content'
  sha256: string
  media: Media
  found: string[]
}

/** A work in a file or text: one finding, wherever it is seen. */
export interface Finding {
  /** Begins with the hash of work and content. */
  id: string
  work: string
  media: Media
  mediaType: string
  size: number
  sha256: string
  verdict: Exclude<Verdict, 'different'>
  reason: string
  layers: Layer[]
  /** Share of pairs of strangers that look as much alike, at most; where it was measured. */
  falsePositiveRate?: number
  /** The robust code of the copy, as a claim takes it. */
  code?: { type: number; bits: string }
  firstSeen: string
  /** Pass in which it was found. */
  pass: number
  /** File with the copy as it was found, and one that shows what it shares with the work; relative to the folder of the watch. */
  copy?: string
  picture?: string
}

interface FindingEntry extends Finding {
  t: 'finding'
}

/** What was done about a finding. */
export interface Mark {
  /** Why it is no suspect. */
  dismissed?: string
  /** Captured evidence. */
  evidence?: { folder: string; cid: string; page: string; at: string }
  /** The claim that was filed. */
  claim?: { id: string; transaction: string }
}

interface MarkEntry extends Mark {
  t: 'mark'
  finding: string
}

type Entry = PassEntry | EndEntry | VisitEntry | GapEntry | ContentEntry | FindingEntry | MarkEntry

/** What is kept of an address in memory. */
export interface Known {
  pass: number
  role: Role
  /** Where the line with `next` is in the journal. */
  at: number
  etag?: string
  modified?: string
  content?: string
  /** It could not be visited in this pass. */
  failed?: true
}

/** Everything that a watch has seen, in a journal that is only ever appended to. */
export interface Ledger {
  readonly folder: string
  /** The pass that was begun last. */
  readonly pass: { number: number; begun: string; ended?: string; requests: number; bytes: number; watching: string }
  readonly findings: ReadonlyMap<string, Finding>
  readonly marks: ReadonlyMap<string, Mark>
  /** Files and texts that were looked at, by medium. */
  readonly looked: ReadonlyMap<Media, number>
  known(url: string): Known | undefined
  knownCount(): number
  /** Works found in a file or text that was looked at before; undefined for one that was not. */
  foundIn(sha256: string): readonly string[] | undefined
  /** Begins a pass. With other `watching` than before, everything is looked at anew. */
  begin(watching: string): Promise<void>
  end(traffic: { requests: number; bytes: number }): Promise<void>
  visited(entry: Omit<VisitEntry, 't' | 'pass'>): Promise<void>
  gap(entry: Omit<GapEntry, 't' | 'pass'>): Promise<void>
  /** Findings are on the disk before the content counts as looked at. */
  lookedAt(content: Omit<ContentEntry, 't' | 'found'>, findings: readonly Finding[]): Promise<void>
  mark(finding: string, mark: Mark): Promise<void>
  /** The visit of an address that has its `next`. */
  visit(known: Known): Promise<VisitEntry>
  /** Visits and gaps of the last pass in the order of the journal, one at a time. */
  entries(): AsyncGenerator<VisitEntry | GapEntry>
  close(): Promise<void>
}

const NAME = 'journal.jsonl'
/** Bytes of a journal that are worth writing anew when a pass begins and most of it is old. */
const COMPACT = 8 << 20

/**
 * Opens, or begins, the ledger in a folder. A last line that a dying process left unfinished is cut off.
 *
 * @param alone - for this process alone, to be written
 * @throws ColophonError `WATCH_BUSY`, `WATCH_DAMAGED`, `WATCH_NOT_FOUND` (when only to be read), `OUTPUT_UNWRITABLE`
 */
export async function openLedger(folder: string, alone: boolean): Promise<Ledger> {
  const path = join(folder, NAME)
  if (!alone && (await stat(path).catch(() => undefined)) === undefined)
    throw new ColophonError('WATCH_NOT_FOUND', `There is no watch in ${folder}.`, {
      hint: 'Name its folder, or begin one with: colophon watch run',
      details: { folder },
    })
  const release = alone ? await takeFolder(folder) : async (): Promise<void> => {}
  try {
    return await read(folder, path, alone, release)
  } catch (fault) {
    await release()
    throw fault
  }
}

async function takeFolder(folder: string): Promise<() => Promise<void>> {
  let taken: Awaited<ReturnType<typeof takeAlone>>
  try {
    await mkdir(folder, { recursive: true })
    taken = await takeAlone(resolve(folder), 'lock')
  } catch (cause) {
    throw unwritable(folder, cause)
  }
  const { mine, other } = taken
  if (mine !== undefined) return () => removeMark(mine)
  throw new ColophonError('WATCH_BUSY', `Another process (${other.pid}) is watching into this folder.`, {
    hint: `Wait until it has ended. If process ${other.pid} is another program, remove ${other.file}.`,
    details: { pid: other.pid, lock: other.file },
  })
}

interface Memory {
  pass: Ledger['pass']
  known: Map<string, Known>
  contents: Map<string, readonly string[]>
  findings: Map<string, Finding>
  marks: Map<string, Mark>
  looked: Map<Media, number>
}

async function read(folder: string, path: string, alone: boolean, release: () => Promise<void>): Promise<Ledger> {
  const memory: Memory = {
    pass: { number: 0, begun: '', ended: '', requests: 0, bytes: 0, watching: '' },
    known: new Map(),
    contents: new Map(),
    findings: new Map(),
    marks: new Map(),
    looked: new Map(),
  }
  let size = 0
  for await (const { entry, at, end } of linesOf(path)) {
    take(memory, entry, at)
    size = end
  }
  let file: FileHandle | undefined
  if (alone) {
    try {
      const found = await stat(path).catch(() => undefined)
      file = await open(path, 'a+')
      if (found !== undefined && found.size > size) await file.truncate(size)
    } catch (cause) {
      throw unwritable(path, cause)
    }
  }

  /** Lines are written one after the other, whoever appends at once. */
  let last: Promise<unknown> = Promise.resolve()
  async function append(entry: Entry, sync = false): Promise<void> {
    const line = Buffer.from(`${JSON.stringify(entry)}\n`)
    const written = last.then(async () => {
      try {
        await file!.appendFile(line)
        if (sync) await file!.datasync()
      } catch (cause) {
        throw unwritable(path, cause)
      }
      take(memory, entry, size)
      size += line.length
    })
    // Whoever appends next does not fail for this one; the disk will tell him himself.
    last = written.catch(() => undefined)
    await written
  }

  async function lineAt(at: number): Promise<Entry> {
    const handle = file ?? (await open(path, 'r'))
    try {
      const parts: Buffer[] = []
      for (let from = at; ; ) {
        const { bytesRead, buffer } = await handle.read(Buffer.alloc(16_384), 0, 16_384, from)
        if (bytesRead === 0) throw damaged(path, at)
        const newline = buffer.subarray(0, bytesRead).indexOf(0x0a)
        parts.push(buffer.subarray(0, newline === -1 ? bytesRead : newline))
        if (newline !== -1) return parsed(path, at, Buffer.concat(parts))
        from += bytesRead
      }
    } finally {
      if (handle !== file) await handle.close()
    }
  }

  /** Writes what still counts into a new journal, which takes the place of the old one when it is whole. */
  async function compact(): Promise<void> {
    const draft = `${path}.new`
    try {
      const next = await open(draft, 'w')
      const { pass } = memory
      const moved = new Map<string, number>()
      let at = 0
      const write = async (entry: Entry): Promise<number> => {
        const line = Buffer.from(`${JSON.stringify(entry)}\n`)
        await next.appendFile(line)
        at += line.length
        return at - line.length
      }
      await write({ t: 'pass', number: pass.number, at: pass.begun, watching: pass.watching })
      for (const finding of memory.findings.values()) await write({ t: 'finding', ...finding })
      for (const [finding, mark] of memory.marks) await write({ t: 'mark', finding, ...mark })
      for await (const { entry, at: old } of linesOf(path)) {
        if (entry.t === 'content' && memory.contents.has(entry.sha256)) await write(entry)
        const known = entry.t === 'visit' ? memory.known.get(entry.url) : undefined
        // Where it was the same again, it is as if it had been fetched then.
        if (entry.t === 'visit' && known?.at === old) moved.set(entry.url, await write({ ...entry, pass: known.pass }))
      }
      if (pass.ended !== undefined) await write({ t: 'end', at: pass.ended, requests: pass.requests, bytes: pass.bytes })
      await next.sync()
      await next.close()
      await file!.close()
      await rename(draft, path)
      file = await open(path, 'a+')
      size = at
      for (const [url, known] of memory.known) {
        const place = moved.get(url)
        if (place === undefined) memory.known.delete(url)
        else known.at = place
      }
    } catch (cause) {
      await rm(draft, { force: true }).catch(() => undefined)
      throw cause instanceof ColophonError ? cause : unwritable(draft, cause)
    }
  }

  return {
    folder,
    get pass() {
      return memory.pass
    },
    findings: memory.findings,
    marks: memory.marks,
    looked: memory.looked,
    known: (url) => memory.known.get(url),
    knownCount: () => memory.known.size,
    foundIn: (sha256) => memory.contents.get(sha256),
    async begin(watching) {
      if (size > COMPACT && memory.pass.number > 0) await compact()
      await append({ t: 'pass', number: memory.pass.number + 1, at: new Date().toISOString(), watching }, true)
    },
    end: (traffic) => append({ t: 'end', at: new Date().toISOString(), ...traffic }, true),
    visited: (entry) => append({ t: 'visit', pass: memory.pass.number, ...entry }),
    gap: (entry) => append({ t: 'gap', pass: memory.pass.number, ...entry }),
    async lookedAt(content, findings) {
      for (const finding of findings) await append({ t: 'finding', ...finding })
      await append({ t: 'content', ...content, found: findings.map(({ id }) => id) }, findings.length > 0)
    },
    mark: (finding, mark) => append({ t: 'mark', finding, ...mark }, true),
    async visit(known) {
      const entry = await lineAt(known.at)
      if (entry.t !== 'visit') throw damaged(path, known.at)
      return entry
    },
    async *entries() {
      for await (const { entry } of linesOf(path)) {
        if ((entry.t === 'visit' || entry.t === 'gap') && entry.pass === memory.pass.number) yield entry
      }
    },
    async close() {
      try {
        await last
        await file?.close()
      } finally {
        await release()
      }
    },
  }
}

function take(memory: Memory, entry: Entry, at: number): void {
  switch (entry.t) {
    case 'pass': {
      const { number, at: begun, watching } = entry
      if (memory.pass.watching !== watching) {
        memory.known.clear()
        memory.contents.clear()
        memory.looked.clear()
      } else if (number > memory.pass.number) {
        // What was not seen in the last pass is gone: it is neither asked for conditionally nor kept.
        for (const [url, { pass }] of memory.known) if (pass < memory.pass.number) memory.known.delete(url)
      }
      memory.pass = { number, begun, requests: 0, bytes: 0, watching }
      break
    }
    case 'end':
      memory.pass = { ...memory.pass, ended: entry.at, requests: entry.requests, bytes: entry.bytes }
      break
    case 'visit': {
      const { url, role, pass, etag, modified, content, unchanged } = entry
      const before = unchanged === true ? memory.known.get(url) : undefined
      if (before !== undefined) {
        before.pass = pass
        delete before.failed
        break
      }
      memory.known.set(url, {
        pass,
        role,
        at,
        ...(etag === undefined ? {} : { etag }),
        ...(modified === undefined ? {} : { modified }),
        ...(content === undefined ? {} : { content }),
      })
      break
    }
    case 'gap':
      memory.known.set(entry.url, { ...(memory.known.get(entry.url) ?? { role: entry.role, at: -1 }), pass: entry.pass, failed: true })
      break
    case 'content':
      if (!memory.contents.has(entry.sha256)) memory.looked.set(entry.media, (memory.looked.get(entry.media) ?? 0) + 1)
      memory.contents.set(entry.sha256, entry.found.length === 0 ? NOTHING : entry.found)
      break
    case 'finding': {
      const { t: _, ...finding } = entry
      const before = memory.findings.get(finding.id)
      memory.findings.set(finding.id, before === undefined ? finding : { ...finding, firstSeen: before.firstSeen, pass: before.pass })
      break
    }
    case 'mark': {
      const { t: _, finding, ...mark } = entry
      memory.marks.set(finding, { ...memory.marks.get(finding), ...mark })
      break
    }
  }
}

const NOTHING: readonly string[] = []

/** Whole lines of a journal, with where they begin and end. */
async function* linesOf(path: string): AsyncGenerator<{ entry: Entry; at: number; end: number }> {
  let rest: Buffer = Buffer.alloc(0)
  let at = 0
  if ((await stat(path).catch(() => undefined)) === undefined) return
  for await (const piece of createReadStream(path, { highWaterMark: 1 << 18 }) as AsyncIterable<Buffer>) {
    let buffer = rest.length === 0 ? piece : Buffer.concat([rest, piece])
    for (let newline = buffer.indexOf(0x0a); newline !== -1; newline = buffer.indexOf(0x0a)) {
      const end = at + newline + 1
      yield { entry: parsed(path, at, buffer.subarray(0, newline)), at, end }
      at = end
      buffer = buffer.subarray(newline + 1)
    }
    rest = buffer
  }
}

function parsed(path: string, at: number, line: Buffer): Entry {
  try {
    return JSON.parse(line.toString('utf8')) as Entry
  } catch (cause) {
    throw damaged(path, at, cause)
  }
}

function damaged(path: string, at: number, cause?: unknown): ColophonError {
  return new ColophonError('WATCH_DAMAGED', `The journal of the watch is damaged at byte ${at}.`, {
    hint: `Keep ${path} if evidence was captured by it, and begin again in another folder.`,
    details: { journal: path, at },
    ...(cause === undefined ? {} : { cause }),
  })
}

function unwritable(path: string, cause: unknown): ColophonError {
  if (cause instanceof ColophonError) return cause
  return new ColophonError('OUTPUT_UNWRITABLE', `${path} cannot be written: ${(cause as Error).message}.`, {
    hint: 'Check permissions and free space.',
    details: { path },
    cause,
  })
}
