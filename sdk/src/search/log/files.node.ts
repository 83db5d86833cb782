import { type FileHandle, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { ColophonError } from '../../errors/base.ts'
import { leaveMark, livingMarks, type Mark, ownerOf, ownName, removeMark } from '../../presence/index.ts'
import { damaged, foreign, unsupported } from '../problems.ts'
import { decodeHead, encodeHead, FILE_HEADER, type FileHead, type ReadAt } from './stream.ts'

const MANIFEST = 'index.json'
const FORMAT = 'colophon index'
const VERSION = 2
const NAME = /^(\d{8})\.log$/
/** Files of keys that a writer keeps. */
export const KEY_FILE: RegExp = /^keys-[0-9a-f]{16}$/
const WRITER = 'writer'
/** What systems put into folders by themselves. */
const LITTER = new Set(['.DS_Store', 'Thumbs.db', 'desktop.ini'])

/** Which files belong to an index. */
export interface Manifest {
  generation: number
  /** Number of the first file. */
  first: number
  /** The file that was written to when the index was last closed, and its bytes then: it cannot have become shorter. */
  closed?: { number: number; bytes: number }
}

export async function headOf(file: FileHandle, number: number): Promise<FileHead> {
  return decodeHead(await readerOf(file)(0, FILE_HEADER), nameOf(number))
}

export function readerOf(file: FileHandle): ReadAt {
  return async (at, length) => {
    const bytes = new Uint8Array(length)
    let read = 0
    while (read < length) {
      const { bytesRead } = await file.read(bytes, read, length - read, at + read)
      if (bytesRead === 0) break
      read += bytesRead
    }
    return bytes.subarray(0, read)
  }
}

/** Bytes that are written at once: Node refuses 2 GiB. */
const MOST_AT_ONCE = 1 << 30

export async function writeWhole(file: FileHandle, bytes: Uint8Array, at: number): Promise<void> {
  let written = 0
  while (written < bytes.length)
    written += (await file.write(bytes, written, Math.min(bytes.length - written, MOST_AT_ONCE), at + written)).bytesWritten
}

/** A file with its head; there whole or not at all. */
export async function createFile(root: string, number: number, generation: number): Promise<void> {
  await putFile(root, nameOf(number), [encodeHead({ number, generation })])
}

/** Puts a file in place, whole or not at all. */
export async function putFile(root: string, name: string, parts: readonly Uint8Array[]): Promise<void> {
  const draft = join(root, ownName())
  const file = await open(draft, 'wx')
  try {
    let at = 0
    for (const part of parts) {
      await writeWhole(file, part, at)
      at += part.length
    }
    await file.sync()
    await file.close()
    await rename(draft, join(root, name))
  } catch (cause) {
    await file.close().catch(() => undefined)
    await rm(draft, { force: true })
    throw cause
  }
  if (process.platform === 'win32') return
  const folder = await open(root, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

export async function readManifest(root: string): Promise<Manifest | undefined> {
  const text = await readFile(join(root, MANIFEST), 'utf8').catch((fault: NodeJS.ErrnoException) => {
    if (fault.code === 'ENOENT') return undefined
    throw fault
  })
  if (text === undefined) return undefined
  let found: Record<string, unknown>
  try {
    found = JSON.parse(text) as Record<string, unknown>
  } catch (cause) {
    throw damaged(`${MANIFEST} is not JSON`, { file: MANIFEST, cause: String(cause) })
  }
  if (found?.format !== FORMAT) throw foreign(`its ${MANIFEST} is of something else`, { folder: root })
  if (found.version !== VERSION) throw unsupported(Number(found.version), { folder: root })
  const { generation, first, closed } = found as Partial<Manifest>
  const numbers = [generation, first, ...(closed === undefined ? [] : [closed?.number, closed?.bytes])]
  if (!numbers.every(isCount)) throw damaged(`${MANIFEST} lacks a number`, { file: MANIFEST })
  return found as unknown as Manifest
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 1
}

export async function writeManifest(root: string, manifest: Manifest): Promise<void> {
  await putFile(root, MANIFEST, [new TextEncoder().encode(`${JSON.stringify({ format: FORMAT, version: VERSION, ...manifest })}\n`)])
}

/** Numbers of the index's files, without a gap. Files of another generation were left by one that died while it wrote the index anew. */
export async function filesOf(root: string, { first, generation }: Manifest): Promise<number[]> {
  const numbers: number[] = []
  for (const name of (await readdir(root)).sort()) {
    const number = Number(NAME.exec(name)?.[1] ?? 0)
    if (number < first) continue
    const file = await open(join(root, name), 'r')
    try {
      if ((await headOf(file, number)).generation === generation) numbers.push(number)
    } finally {
      await file.close()
    }
  }
  for (const [index, number] of numbers.entries()) {
    if (number !== first + index) throw damaged(`${nameOf(first + index)} is missing`, { file: nameOf(first + index) })
  }
  return numbers
}

/** @throws ColophonError `INDEX_DAMAGED` where a file has lost what was in it when the index was closed */
export function assertWhole({ closed }: Manifest, number: number, end: number): void {
  if (closed === undefined || number > closed.number || (number === closed.number && end >= closed.bytes)) return
  throw damaged(`${nameOf(number)} has lost its end`, { file: nameOf(number), bytes: end, closed })
}

/** Removes what dead writers have left, and files that the index no longer has. Only the writer may. */
export async function sweep(root: string, kept: ReadonlySet<number>): Promise<void> {
  for (const name of await readdir(root)) {
    const number = NAME.exec(name)?.[1]
    const isOld = number !== undefined && !kept.has(Number(number))
    if (isOld || ownerOf(name) !== undefined) await rm(join(root, name), { force: true })
  }
}

/** Removes files of keys that no checkpoint has named: a process that died has left them. */
export async function sweepKeys(root: string, kept: ReadonlySet<string>): Promise<void> {
  for (const name of await readdir(root)) if (KEY_FILE.test(name) && !kept.has(name)) await rm(join(root, name), { force: true })
}

export async function refuseForeign(root: string): Promise<void> {
  const names = await readdir(root)
  if (names.includes(MANIFEST)) return
  const strange = names.filter((name) => !LITTER.has(name) && ownerOf(name) === undefined && !name.startsWith(`${WRITER}-`))
  if (strange.length > 0) throw foreign(`the folder ${root} has other things in it`, { folder: root, found: strange.slice(0, 10) })
}

/** Makes this the one writer. Of two that begin at once both may be refused, never both let in. */
export async function lock(root: string): Promise<Mark> {
  const mark = await leaveMark(root, WRITER)
  const others = (await livingMarks(root, WRITER)).filter(({ file }) => file !== mark.file)
  if (others.length === 0) return mark
  await removeMark(mark)
  const [{ pid }] = others as [Mark]
  throw new ColophonError('INDEX_LOCKED', `Process ${pid} writes to the index in ${root}.`, {
    hint: 'Close it there, or open it here with mode "read". A process that died does not count.',
    details: { folder: root, pid },
  })
}

export function nameOf(number: number): string {
  return `${String(number).padStart(8, '0')}.log`
}

export async function guarded<Value>(root: string, run: () => Promise<Value>): Promise<Value> {
  try {
    return await run()
  } catch (cause) {
    throw folderError(cause, root)
  }
}

export function notWritable(folder: string, why: string, cause?: unknown): ColophonError {
  return new ColophonError('INDEX_NOT_WRITABLE', `The index in ${folder} cannot be used: ${why}.`, {
    hint: 'Check that the folder exists, is a folder, and may be written to; then open the index again.',
    details: { folder },
    ...(cause === undefined ? {} : { cause }),
  })
}

export function folderError(cause: unknown, folder: string): unknown {
  if (cause instanceof ColophonError || !(cause instanceof Error)) return cause
  const { code, message } = cause as NodeJS.ErrnoException
  if (code === undefined) return cause
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new ColophonError('INDEX_DISK_FULL', `The disk of ${folder} is full.`, {
      hint: 'Make room and do the same again; what was acknowledged before is kept, nothing is half-written.',
      details: { folder },
      cause,
    })
  }
  return notWritable(folder, message, cause)
}
