import { type FileHandle, mkdir, open, rm, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { ColophonError } from '../../errors/base.ts'
import { type Mark, removeMark } from '../../presence/index.ts'
import { closed, damaged } from '../problems.ts'
import type { StateImage } from '../works/state.ts'
import {
  type Checkpoint,
  codesOfRecords,
  type Directory,
  keyFilesOf,
  readCheckpoint,
  removeCheckpoint,
  writeCheckpoint,
} from './checkpoint.node.ts'
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
  sweepKeys,
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
/** Takes what a checkpoint has kept; gives whether it can be used, so that only what came after it need be read. */
type Resume = (image: StateImage) => boolean

/** Where reading of a log has come to. */
interface Position {
  generation: number
  number: number
  at: number
  /** Whether the record before is the end of its file. */
  sealed: boolean
}

/** Where records of works are, as they become more. */
interface Records {
  numbers: number[]
  ats: number[]
}

/**
 * The log of an index in a folder:
 *
 *     FOLDER/index.json      what this is, and which files belong to it
 *     FOLDER/00000001.log …  records, oldest first; only the last file is ever added to
 *     FOLDER/checkpoint      what is known after some record, and
 *     FOLDER/keys-…          the keys of works until then, by bucket: nothing that the records do not say, so that opening need not read them all
 *     FOLDER/writer-…        the mark of the process that writes, empty
 *
 * Records are flushed to the disk before they are acknowledged. There is one writer; any number of processes may read, and see what was
 * acknowledged when they opened it or called `fresh`.
 *
 * @throws ColophonError `INDEX_LOCKED`, `INDEX_NOT_FOUND`, `INDEX_FOREIGN`, `INDEX_UNSUPPORTED`, `INDEX_DAMAGED`, `INDEX_REWRITTEN`,
 * `INDEX_NOT_WRITABLE`
 */
export async function openFolderLog(
  folder: string,
  mode: 'write' | 'read',
  load: Load,
  resume: Resume,
  fileBytes: number = FILE_BYTES,
): Promise<IndexLog> {
  const root = resolve(folder)
  return await guarded(root, () => (mode === 'write' ? openToWrite(root, load, resume, fileBytes) : openToRead(root, load, resume)))
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
  records: Records
  /** Bytes of records that the checkpoint does not cover, and files of keys that it names. */
  uncovered: number
  keyFiles: readonly string[]
}

async function openToWrite(root: string, load: Load, resume: Resume, fileBytes: number): Promise<IndexLog> {
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
      return writer(await beginFile(root, manifest, manifest.first, fileBytes), mark, 0, NOTHING)
    }
    const kept = await resumed(root, manifest, resume)
    const keyFiles = kept === undefined ? [] : keyFilesOf(kept)
    await sweepKeys(root, new Set(keyFiles))
    const start = kept ?? startOf(manifest)
    const records = recordsOf(kept)
    let [past, uncovered] = [0, 0]
    let [works, removals] = [kept?.works ?? 0, kept?.removals ?? 0]
    let ending: Ending = { end: start.at, torn: 0, sealed: start.sealed }
    const last = numbers.at(-1)!
    for (const number of numbers) {
      if (number < start.number) {
        past += (await stat(join(root, nameOf(number)))).size
        continue
      }
      const from = number === start.number ? start : { ...startOf(manifest), number }
      if (from !== start) [works, removals] = [0, 0]
      ending = await readFileRecords(root, from, (payload, at) => {
        const { kind, count } = payloadHead(payload)
        if (kind === 'works') works += count
        else removals += count
        note(records, number, at, kind)
        load(payload)
      })
      uncovered += ending.end - from.at
      if (number === last) break
      if (!ending.sealed) throw damaged(`${nameOf(number)} ends too early`, { file: nameOf(number) })
      past += ending.end
    }
    const { end, torn, sealed } = ending
    assertWhole(manifest, last, end)
    const file = await open(join(root, nameOf(last)), 'r+')
    if (torn > 0) {
      await file.truncate(end)
      await file.sync()
    }
    const state = { root, manifest, file, number: last, size: end, past, works, removals, sealed, broken: false, fileBytes }
    return writer({ ...state, records, uncovered, keyFiles }, mark, torn, kept?.records ?? NOTHING)
  } catch (cause) {
    await removeMark(mark)
    throw cause
  }
}

const NOTHING: Directory = { numbers: new Uint32Array(0), ats: new Float64Array(0) }

function startOf({ generation, first }: Manifest): Position {
  return { generation, number: first, at: FILE_HEADER, sealed: false }
}

function recordsOf(kept: Checkpoint | undefined): Records {
  const { numbers, ats } = kept?.records ?? NOTHING
  return { numbers: Array.from(numbers), ats: Array.from(ats) }
}

function note({ numbers, ats }: Records, number: number, at: number, kind: Payload['kind']): void {
  if (kind !== 'works') return
  numbers.push(number)
  ats.push(at)
}

/** The checkpoint of this log, once it was taken; undefined where everything has to be read. */
async function resumed(root: string, { generation, first }: Manifest, resume: Resume): Promise<Checkpoint | undefined> {
  // A writer may put another in its place between its being read and its files' being opened.
  for (let attempt = 0; attempt < 3; attempt++) {
    const kept = await readCheckpoint(root, generation)
    if (kept === undefined || kept.number < first) return undefined
    const size = await stat(join(root, nameOf(kept.number))).catch(() => undefined)
    // All of it was on the disk before.
    if (size === undefined || size.size < kept.at) throw damaged(`${nameOf(kept.number)} has lost its end`, { file: nameOf(kept.number) })
    if (resume(kept.image)) return kept
  }
  return undefined
}

function writer(writing: Writing, mark: Mark, dropped: number, pictured: Directory): IndexLog {
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
          const inPlace = await readManifest(root).catch(() => undefined)
          // It may be in place though the disk did not say so: then all files stay, and who opens the folder next sees which ones count.
          if (inPlace?.generation !== writing.manifest.generation) writing.broken = true
          else await sweep(root, new Set(await filesOf(root, writing.manifest)))
          throw cause
        }
        // From here on the new one counts; what cannot be removed now is when the folder is opened again.
        const { file, keyFiles } = writing
        Object.assign(writing, anew)
        const cleanUp = async (): Promise<void> => {
          await file.close()
          await removeCheckpoint(root, keyFiles)
          await sweep(root, new Set(await filesOf(root, manifest)))
        }
        await cleanUp().catch(() => undefined)
      }),
    get uncovered() {
      return writing.uncovered
    },
    checkpoint: (image) =>
      guarded(root, async () => {
        open()
        const { manifest, number, size: at, works, removals, sealed, records, keyFiles } = writing
        const directory = { numbers: Uint32Array.from(records.numbers), ats: Float64Array.from(records.ats) }
        const checkpoint = { generation: manifest.generation, number, at, works, removals, sealed, records: directory, image }
        await writeCheckpoint(root, checkpoint)
        writing.uncovered = 0
        writing.keyFiles = keyFilesOf(checkpoint)
        for (const name of keyFiles) if (!writing.keyFiles.includes(name)) await rm(join(root, name), { force: true })
      }),
    codes: () => codesOfRecords(root, pictured),
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
  let file: FileHandle
  try {
    await createFile(root, number, manifest.generation)
    file = await open(join(root, nameOf(number)), 'r+')
  } catch (cause) {
    // Where it is, the file before may not be added to any more.
    await rm(join(root, nameOf(number)), { force: true }).catch(() => undefined)
    throw cause
  }
  const counts = { size: FILE_HEADER, past: 0, works: 0, removals: 0, uncovered: 0 }
  return {
    root,
    manifest,
    file,
    number,
    ...counts,
    sealed: false,
    broken: false,
    fileBytes,
    records: { numbers: [], ats: [] },
    keyFiles: [],
  }
}

async function add(writing: Writing, payload: Payload): Promise<void> {
  const bytes = framed(encodePayload(payload))
  if (writing.size > FILE_HEADER && writing.size + bytes.length > writing.fileBytes) {
    await seal(writing)
    const next = await beginFile(writing.root, writing.manifest, writing.number + 1, writing.fileBytes)
    await writing.file.close()
    const { past, size, records, uncovered, keyFiles } = writing
    Object.assign(writing, next, { past: past + size, records, uncovered, keyFiles })
  }
  note(writing.records, writing.number, writing.size, payload.kind)
  try {
    await put(writing, bytes)
  } catch (cause) {
    if (payload.kind === 'works') for (const column of Object.values(writing.records) as number[][]) column.pop()
    throw cause
  }
  writing.uncovered += bytes.length
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

async function openToRead(root: string, load: Load, resume: Resume): Promise<IndexLog> {
  const manifest = await manifestToRead(root)
  const kept = await unlessRewritten(root, manifest, () => resumed(root, manifest, resume))
  let position = await readFrom(root, kept ?? startOf(manifest), load)
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
    uncovered: 0,
    checkpoint: readOnly,
    async *codes() {
      const codes = codesOfRecords(root, kept?.records ?? NOTHING)
      for (;;) {
        const { done, value } = await guarded(root, () => unlessRewritten(root, manifest, () => codes.next()))
        if (done) return
        yield value
      }
    },
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
  return await unlessRewritten(root, start, () => readOn(root, start, load))
}

/** @throws ColophonError `INDEX_REWRITTEN` in place of what goes wrong because a writer has put other files in place of these meanwhile */
async function unlessRewritten<Value>(root: string, { generation }: { generation: number }, run: () => Promise<Value>): Promise<Value> {
  try {
    return await run()
  } catch (cause) {
    if ((await readManifest(root))?.generation === generation) throw cause
    throw new ColophonError('INDEX_REWRITTEN', 'The index was written anew while it was read.', { hint: 'Open it again.' })
  }
}

async function readOn(root: string, { generation, ...start }: Position, load: Load): Promise<Position> {
  let { number, at, sealed } = start
  for (;;) {
    const ending = await readFileRecords(root, { generation, number, at, sealed }, load)
    at = ending.end
    sealed = ending.sealed
    const next = await open(join(root, nameOf(number + 1)), 'r').catch(() => undefined)
    const follows = next !== undefined && (await headOf(next, number + 1)).generation === generation
    await next?.close()
    if (!follows) return { generation, number, at, sealed }
    // The next file was begun after this one's last record, which may have come after the first look.
    const rest = await readFileRecords(root, { generation, number, at, sealed }, load)
    if (!rest.sealed) throw damaged(`${nameOf(number)} ends too early`, { file: nameOf(number) })
    number++
    at = FILE_HEADER
    sealed = false
  }
}

/** Reads the records of one file from a position on, each with its place. */
async function readFileRecords(
  root: string,
  { number, generation, at, sealed }: Position,
  load: (payload: Uint8Array, at: number) => void,
): Promise<Ending> {
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
      if (done) return { ...value, sealed: value.sealed || (sealed && value.end === at && value.torn === 0) }
      load(value.payload, value.at)
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
        else yield decodePayload(value.payload)
      }
      if (ending.end !== end || (number !== last && !ending.sealed)) throw damaged(`${name} ends too early`, { file: name })
    } finally {
      await file.close()
    }
  }
}
