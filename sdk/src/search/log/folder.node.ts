import { type FileHandle, mkdir, open } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { ColophonError } from '../../errors/base.ts'
import { type Mark, removeMark } from '../../presence/index.ts'
import { closed, damaged } from '../problems.ts'
import {
  assertWhole,
  createFile,
  filesOf,
  folderError,
  guarded,
  headOf,
  lock,
  type Manifest,
  nameOf,
  notWritable,
  readerOf,
  readManifest,
  refuseForeign,
  sweep,
  writeManifest,
  writeWhole,
} from './files.node.ts'
import type { IndexLog } from './log.ts'
import { decodePayload, encodePayload, framed, type Payload, payloadHead } from './record.ts'
import { type Ending, FILE_HEADER, readRecords } from './stream.ts'

/** Bytes after which a new file is begun, where nothing else is said. */
const FILE_BYTES = 256 * 1024 * 1024

/** Takes the payloads of a log as they are read. */
type Load = (payload: Uint8Array) => void

/** Where reading of a log has come to. */
interface Position {
  generation: number
  number: number
  at: number
}

/**
 * The log of an index in a folder:
 *
 *     FOLDER/index.json      what this is, and which files belong to it
 *     FOLDER/00000001.log …  records, oldest first; only the last file is ever added to
 *     FOLDER/writer-…        the mark of the process that writes, empty
 *
 * Records are flushed to the disk before they are acknowledged. There is one writer; any number of processes may read, and see what was
 * acknowledged when they opened it or called `fresh`.
 *
 * @throws ColophonError `INDEX_LOCKED`, `INDEX_NOT_FOUND`, `INDEX_FOREIGN`, `INDEX_UNSUPPORTED`, `INDEX_DAMAGED`, `INDEX_REWRITTEN`,
 * `INDEX_NOT_WRITABLE`
 */
export async function openFolderLog(folder: string, mode: 'write' | 'read', load: Load, fileBytes: number = FILE_BYTES): Promise<IndexLog> {
  const root = resolve(folder)
  return await guarded(root, () => (mode === 'write' ? openToWrite(root, load, fileBytes) : openToRead(root, load)))
}

/** What a writer knows of the file it adds to. */
interface Writing {
  root: string
  manifest: Manifest
  file: FileHandle
  number: number
  size: number
  /** Bytes of the files before it. */
  past: number
  /** Works and removals in it. */
  works: number
  removals: number
  /** Whether it ends with its end record. */
  sealed: boolean
  /** Whether a failed write could not be taken back: then nothing may follow it. */
  broken: boolean
  /** Bytes after which a new one is begun. */
  fileBytes: number
}

async function openToWrite(root: string, load: Load, fileBytes: number): Promise<IndexLog> {
  await mkdir(root, { recursive: true })
  await refuseForeign(root)
  const mark = await lock(root)
  try {
    let manifest = await readManifest(root)
    if (manifest === undefined) {
      manifest = { generation: 1, first: 1 }
      await writeManifest(root, manifest)
    }
    const numbers = await filesOf(root, manifest)
    await sweep(root, new Set(numbers))
    if (numbers.length === 0) {
      if (manifest.closed !== undefined) throw damaged('all of its files are missing', { folder: root })
      return writer(await beginFile(root, manifest, manifest.first, fileBytes), mark, 0)
    }
    let past = 0
    for (const number of numbers.slice(0, -1)) {
      const ending = await readFileRecords(root, { ...manifest, number, at: FILE_HEADER }, load)
      if (!ending.sealed) throw damaged(`${nameOf(number)} ends too early`, { file: nameOf(number) })
      past += ending.end
    }
    const number = numbers.at(-1)!
    let [works, removals] = [0, 0]
    const { end, torn, sealed } = await readFileRecords(root, { ...manifest, number, at: FILE_HEADER }, (payload) => {
      const { kind, count } = payloadHead(payload)
      if (kind === 'works') works += count
      else removals += count
      load(payload)
    })
    assertWhole(manifest, number, end)
    const file = await open(join(root, nameOf(number)), 'r+')
    if (torn > 0) {
      await file.truncate(end)
      await file.sync()
    }
    return writer({ root, manifest, file, number, size: end, past, works, removals, sealed, broken: false, fileBytes }, mark, torn)
  } catch (cause) {
    await removeMark(mark)
    throw cause
  }
}

function writer(writing: Writing, mark: Mark, dropped: number): IndexLog {
  const { root } = writing
  let isClosed = false
  const open = (): void => {
    if (isClosed) throw closed()
    if (writing.broken) throw notWritable(root, 'an earlier write could not be undone')
  }
  return {
    get bytes() {
      return writing.past + writing.size
    },
    dropped,
    writable: true,
    append: (payload) =>
      guarded(root, async () => {
        open()
        await add(writing, payload)
      }),
    records: () => recordsUpTo(root, writing.manifest, writing.number, writing.size),
    fresh: async () => [],
    replace: (payloads) =>
      guarded(root, async () => {
        open()
        const manifest = { generation: writing.manifest.generation + 1, first: writing.number + 1 }
        const anew = await beginFile(root, manifest, manifest.first, writing.fileBytes)
        try {
          for await (const payload of payloads) await add(anew, payload)
          await writeManifest(root, manifest)
        } catch (cause) {
          await anew.file.close()
          await sweep(root, new Set(await filesOf(root, writing.manifest)))
          throw cause
        }
        await writing.file.close()
        Object.assign(writing, anew)
        await sweep(root, new Set(await filesOf(root, manifest)))
      }),
    async close() {
      if (isClosed) return
      isClosed = true
      try {
        if (!writing.broken) {
          await guarded(root, async () => {
            await seal(writing)
            const { generation, first } = writing.manifest
            await writeManifest(root, { generation, first, closed: { number: writing.number, bytes: writing.size } })
          })
        }
      } finally {
        await writing.file.close().catch(() => undefined)
        await removeMark(mark)
      }
    },
  }
}

async function beginFile(root: string, manifest: Manifest, number: number, fileBytes: number): Promise<Writing> {
  await createFile(root, number, manifest.generation)
  const file = await open(join(root, nameOf(number)), 'r+')
  return { root, manifest, file, number, size: FILE_HEADER, past: 0, works: 0, removals: 0, sealed: false, broken: false, fileBytes }
}

async function add(writing: Writing, payload: Payload): Promise<void> {
  const bytes = framed(encodePayload(payload))
  if (writing.size > FILE_HEADER && writing.size + bytes.length > writing.fileBytes) {
    await seal(writing)
    const next = await beginFile(writing.root, writing.manifest, writing.number + 1, writing.fileBytes)
    await writing.file.close()
    Object.assign(writing, next, { past: writing.past + writing.size })
  }
  await put(writing, bytes)
  writing.sealed = false
  if (payload.kind === 'works') writing.works += payload.works.length
  else if (payload.kind === 'removals') writing.removals += payload.ids.length
}

/** Ends a file in order: from then on nothing of it may be missing. */
async function seal(writing: Writing): Promise<void> {
  if (writing.sealed) return
  await put(writing, framed(encodePayload({ kind: 'end', works: writing.works, removals: writing.removals })))
  writing.sealed = true
}

async function put(writing: Writing, bytes: Uint8Array): Promise<void> {
  const { file, size } = writing
  try {
    await writeWhole(file, bytes, size)
    await file.datasync()
  } catch (cause) {
    // What was written of it must not stand before the next record.
    try {
      await file.truncate(size)
      await file.sync()
    } catch {
      writing.broken = true
    }
    throw cause
  }
  writing.size += bytes.length
}

async function openToRead(root: string, load: Load): Promise<IndexLog> {
  const manifest = await manifestToRead(root)
  const { generation, first } = manifest
  let position = await readFrom(root, { generation, number: first, at: FILE_HEADER }, load)
  assertWhole(manifest, position.number, position.at)
  const readOnly = async (): Promise<never> => {
    throw new ColophonError('INDEX_READ_ONLY', 'The index was opened for reading only.', {
      hint: 'Open it with mode "write" in the one process that writes.',
      details: { folder: root },
    })
  }
  return {
    get bytes() {
      return position.at
    },
    dropped: 0,
    writable: false,
    append: readOnly,
    records: () => recordsUpTo(root, manifest, position.number, position.at),
    fresh: () =>
      guarded(root, async () => {
        if ((await readManifest(root))?.generation !== manifest.generation) return undefined
        const payloads: Uint8Array[] = []
        position = await readFrom(root, position, (payload) => {
          payloads.push(payload)
        })
        return payloads
      }),
    replace: readOnly,
    close: async () => {},
  }
}

async function manifestToRead(root: string): Promise<Manifest> {
  const manifest = await readManifest(root)
  if (manifest !== undefined) return manifest
  await refuseForeign(root).catch((cause: unknown) => {
    if (cause instanceof ColophonError) throw cause
  })
  throw new ColophonError('INDEX_NOT_FOUND', `There is no index in ${root}.`, {
    hint: 'Check the folder, or open it for writing to make one.',
    details: { folder: root },
  })
}

/** Reads all files from a position on; gives where it came to. Only the last file may end in the middle of a record. */
async function readFrom(root: string, start: Position, load: Load): Promise<Position> {
  try {
    return await readOn(root, start, load)
  } catch (cause) {
    // A writer may have put other files in place of these meanwhile.
    if ((await readManifest(root))?.generation === start.generation) throw cause
    throw new ColophonError('INDEX_REWRITTEN', 'The index was written anew while it was read.', { hint: 'Open it again.' })
  }
}

async function readOn(root: string, start: Position, load: Load): Promise<Position> {
  let { number, at } = start
  for (;;) {
    const ending = await readFileRecords(root, { ...start, number, at }, load)
    at = ending.end
    const next = await open(join(root, nameOf(number + 1)), 'r').catch(() => undefined)
    const follows = next !== undefined && (await headOf(next, number + 1)).generation === start.generation
    await next?.close()
    if (!follows) return { ...start, number, at }
    // The next file was begun after this one's last record, which may have come after the first look.
    const rest = await readFileRecords(root, { ...start, number, at }, load)
    if (!rest.sealed && !ending.sealed) throw damaged(`${nameOf(number)} ends too early`, { file: nameOf(number) })
    number++
    at = FILE_HEADER
  }
}

async function readFileRecords(root: string, { number, generation, at }: Position, load: Load): Promise<Ending> {
  const name = nameOf(number)
  const file = await open(join(root, name), 'r')
  try {
    const head = await headOf(file, number)
    if (head.number !== number || head.generation !== generation) {
      throw damaged(`${name} is another file than its name says`, { file: name, ...head })
    }
    const records = readRecords(readerOf(file), at, (await file.stat()).size, name)
    for (;;) {
      const { done, value } = await records.next()
      if (done) return value
      load(value)
    }
  } finally {
    await file.close()
  }
}

/** All records up to a place in the last file. */
async function* recordsUpTo(root: string, { first }: Manifest, last: number, size: number): AsyncGenerator<Payload, void> {
  for (let number = first; number <= last; number++) {
    const name = nameOf(number)
    const file = await open(join(root, name), 'r').catch((cause: unknown) => {
      throw folderError(cause, root)
    })
    try {
      const end = number === last ? size : (await file.stat()).size
      const records = readRecords(readerOf(file), FILE_HEADER, end, name)
      let ending: Ending | undefined
      while (ending === undefined) {
        const { done, value } = await records.next()
        if (done) ending = value
        else yield decodePayload(value)
      }
      if (ending.end !== end || (number !== last && !ending.sealed)) throw damaged(`${name} ends too early`, { file: name })
    } finally {
      await file.close()
    }
  }
}
