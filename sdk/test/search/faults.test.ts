import { cpSync, rmSync } from 'node:fs'
import { cp, mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { expect } from 'chai'
import { openSimilarityIndex, type SimilarityIndex } from '../../src/search/index.ts'
import { countVotes, isPromising } from '../../src/search/keys/coarseVotes.ts'
import type { Scratch, ScratchFile } from '../../src/search/keys/fileTable.ts'
import type { Spill } from '../../src/search/keys/keyStore.ts'
import { writeWhole } from '../../src/search/log/files.node.ts'
import { openFolderLog } from '../../src/search/log/folder.node.ts'
import { createMemoryLog, type IndexLog } from '../../src/search/log/log.ts'
import { crc32 } from '../../src/search/log/record.ts'
import { keyFilesIn } from '../../src/search/log/scratch.node.ts'
import { createIndex } from '../../src/search/similarityIndex.ts'
import { createState } from '../../src/search/works/state.ts'
import { storedWork } from '../../src/search/works/stored.ts'
import { expectError } from '../expectError.ts'
import { manyKeys, numbered } from './codes.ts'

/** Files in memory; `fails` is asked before each step. */
function filesInMemory(fails: (step: 'scratch' | 'open' | 'keep', name: string) => boolean): { spill: Spill; opened: Set<string> } {
  const contents = new Map<string, Uint8Array[]>()
  const opened = new Set<string>()
  const check = (step: 'scratch' | 'open' | 'keep', name: string): void => {
    if (fails(step, name)) throw new Error(`${step} fails`)
  }
  const file = (name: string): ScratchFile => {
    opened.add(name)
    return {
      name,
      write: (bytes) => void contents.get(name)!.push(bytes.slice()),
      read(into, from) {
        into.set(Buffer.concat(contents.get(name)!).subarray(from, from + into.length))
      },
      keep: () => check('keep', name),
      close: () => void opened.delete(name),
    }
  }
  const scratch: Scratch = () => {
    const name = `file ${contents.size}`
    check('scratch', name)
    contents.set(name, [])
    return file(name)
  }
  const openKept = (name: string): ScratchFile => {
    check('open', name)
    return file(name)
  }
  return { spill: { scratch, open: openKept, inMemory: 1 }, opened }
}

const finished = <Value>(steps: Generator<undefined, Value>): Value => {
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
  }
}

describe('An index to which something happens', function () {
  this.timeout(60_000)
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'colophon-faults-'))
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  const idsOf = async (index: SimilarityIndex, number: number): Promise<string[]> =>
    (await index.search(numbered(number) as never, { threshold: 0 })).map(({ id }) => id)

  it('builds no tables of codes that are yet to be read', async () => {
    const works = Array.from({ length: 17_000 }, (_, number) => numbered(number))
    const first = await openSimilarityIndex(folder, { checkpointBytes: 1 })
    await first.insertMany(works)
    await first.close()
    // More keys after the checkpoint than are to be held in memory.
    const second = await openSimilarityIndex(folder)
    await second.insert(manyKeys('words', 3))
    await second.close()
    const index = await openSimilarityIndex(folder, { keysInMemory: 1 })
    await index.settled()
    for (const number of [0, 5, 16_999]) expect(await idsOf(index, number)).to.deep.equal([`n${number}`])
    await index.close()
  })

  it('stays as it was where there is no room to compact it', async () => {
    let full = false
    const { spill } = filesInMemory((step) => full && step === 'scratch')
    const index = await createIndex((load, resume) => openFolderLog(folder, 'write', load, resume), spill, 1)
    await index.insertMany([numbered(1), manyKeys('words', 3), numbered(2), numbered(3)])
    await index.remove('n1')
    full = true
    let failed: unknown
    await index.compact().catch((cause: unknown) => {
      failed = cause
    })
    expect(String(failed)).to.include('scratch fails')
    full = false
    await index.verify()
    await index.insert(numbered(4))
    await index.compact()
    expect((await index.verify()).works).to.equal(4)
    await index.close()
    const again = await openSimilarityIndex(folder)
    expect(await again.size()).to.equal(4)
    for (const number of [2, 3, 4]) expect(await idsOf(again, number)).to.deep.equal([`n${number}`])
    expect(await idsOf(again, 1)).to.deep.equal([])
    await again.close()
  })

  it('loses nothing where the disk does not say that the compacted log is in place', async () => {
    const index = await openSimilarityIndex(folder)
    await index.insertMany([numbered(1), numbered(2)])
    const probe = await open(folder, 'r')
    const prototype = Object.getPrototypeOf(probe) as { sync(): Promise<void>; stat(): Promise<{ isDirectory(): boolean }> }
    await probe.close()
    const { sync } = prototype
    let syncs = 0
    prototype.sync = async function failing(this: typeof prototype) {
      // First of the new log's file, then of what says that it counts.
      if ((await this.stat()).isDirectory() && ++syncs === 2) throw Object.assign(new Error('disk'), { code: 'EIO' })
      await sync.call(this)
    }
    try {
      await expectError('INDEX_NOT_WRITABLE', () => index.compact())
    } finally {
      prototype.sync = sync
    }
    // Which log counts after a crash is not known, so nothing is acknowledged.
    await expectError('INDEX_NOT_WRITABLE', () => index.insert(numbered(3)))
    await index.close()
    const again = await openSimilarityIndex(folder)
    for (const number of [1, 2]) expect(await idsOf(again, number)).to.deep.equal([`n${number}`])
    await again.close()
  })

  it('is read by others while it is compacted before they have read all', async () => {
    const writer = await openSimilarityIndex(folder, { checkpointBytes: 1, fileBytes: 4000 })
    await writer.insertMany(Array.from({ length: 200 }, (_, number) => numbered(number)))
    for (let number = 0; number < 40; number++) await writer.insert(numbered(1000 + number))
    await writer.remove('n7')
    // Its files go between the opening and the reading of codes.
    let gone = Promise.resolve()
    const openLog = async (...[load, resume]: Parameters<Parameters<typeof createIndex>[0]>): Promise<IndexLog> => {
      const log = await openFolderLog(folder, 'read', load, resume)
      const codes = log.codes.bind(log)
      log.codes = async function* () {
        await gone
        yield* codes()
      }
      return log
    }
    let go = (): void => undefined
    gone = new Promise((done) => {
      go = done
    })
    const reader = await createIndex(openLog, { ...keyFilesIn(folder)!, inMemory: 1 })
    const work = numbered(1001)
    const [found, explained] = [idsOf(reader, 1001), reader.explain(work as never, 'n1001')]
    const removed = idsOf(reader, 7)
    await writer.compact()
    go()
    expect(await found).to.deep.equal(['n1001'])
    expect((await explained).verdict).not.to.equal('different')
    expect(await removed).to.deep.equal([])
    await reader.close()
    await writer.close()
  })

  it('is read again where it was compacted between its checkpoint and its log', async () => {
    const writer = await openSimilarityIndex(folder, { checkpointBytes: 1 })
    await writer.insertMany([numbered(1), numbered(2)])
    await writer.close()
    const compacted = join(folder, '..', `${basename(folder)}-compacted`)
    await cp(folder, compacted, { recursive: true })
    const other = await openSimilarityIndex(compacted)
    await other.compact()
    await other.close()
    // A reader has read the checkpoint of before when the files are replaced.
    const replace = (): boolean => {
      rmSync(join(folder, '00000001.log'), { force: true })
      for (const name of ['index.json', '00000002.log']) cpSync(join(compacted, name), join(folder, name))
      return false
    }
    await expectError('INDEX_REWRITTEN', () => openFolderLog(folder, 'read', () => undefined, replace))
    await rm(compacted, { recursive: true })
    const reader = await openSimilarityIndex(folder, { mode: 'read' })
    expect(await idsOf(reader, 2)).to.deep.equal(['n2'])
    await reader.close()
  })

  it('passes over a checkpoint that is none, though its sums are right', async () => {
    const index = await openSimilarityIndex(folder, { checkpointBytes: 1 })
    await index.insertMany([numbered(1), numbered(2)])
    await index.close()
    const name = join(folder, 'checkpoint')
    const whole = await readFile(name)
    const text = new Uint32Array(new Uint8Array(whole.subarray(0, 32)).buffer)[3]!
    const said = whole.subarray(32, 32 + text).toString()
    const number = '"number":1'
    for (const other of [
      said.replace('{', '['),
      said.replace(/"image":\{.*/, '"image":null}'),
      said.replace(number, '"number":"../00000001"'),
    ]) {
      const padding = other.length <= text ? other.padEnd(text) : undefined
      const length = padding === undefined ? other.length : text
      const body = Buffer.concat([
        Buffer.from((padding ?? other).padEnd(Math.ceil(length / 8) * 8)),
        whole.subarray(32 + Math.ceil(text / 8) * 8),
      ])
      const head = new Uint8Array(whole.subarray(0, 32))
      const words = new Uint32Array(head.buffer)
      words[3] = length
      words[6] = crc32(body)
      words[7] = crc32(head.subarray(0, 28))
      await writeFile(name, Buffer.concat([head, body]))
      const again = await openSimilarityIndex(folder, { mode: 'read' })
      expect(await idsOf(again, 2)).to.deep.equal(['n2'])
      await again.close()
    }
  })

  it('keeps its files where they were, wherever the process goes', async () => {
    const here = process.cwd()
    const elsewhere = await mkdtemp(join(tmpdir(), 'colophon-elsewhere-'))
    try {
      process.chdir(join(folder, '..'))
      const index = await openSimilarityIndex(basename(folder), { checkpointBytes: 1 })
      process.chdir(elsewhere)
      await index.insertMany([manyKeys('words', 3)])
      expect((await readdir(folder)).filter((name) => name.startsWith('keys-'))).to.have.length(1)
      await index.close()
    } finally {
      process.chdir(here)
      await rm(elsewhere, { recursive: true })
    }
  })

  it('lets go of files of keys where not all of them are there', async () => {
    let missing = ''
    const { spill, opened } = filesInMemory((step, name) => step === 'open' && name === missing)
    const state = createState(spill)
    const { id, features } = manyKeys('words', 3) as { id: string; features: { media: 'text'; codes: []; keys: BigUint64Array } }
    const track = {
      id: 'track',
      features: { media: 'audio' as const, codes: [], keys: features.keys, places: new Uint32Array(features.keys.length) },
    }
    state.apply({ kind: 'works', works: [storedWork({ id, features }), storedWork(track)] })
    const image = finished(state.keep())!
    state.close()
    expect(opened.size).to.equal(0)
    missing = [...image.spaces].flatMap(({ keys }) => keys.files.map(({ name }) => name)).at(-1)!
    expect(() => createState(spill, image)).to.throw('open fails')
    expect(opened.size).to.equal(0)
  })

  it('keeps no file of keys before the disk has it', () => {
    let full = true
    const { spill } = filesInMemory((step) => full && step === 'keep')
    const state = createState(spill)
    state.apply({ kind: 'works', works: [storedWork(manyKeys('words', 3))] })
    expect(() => finished(state.keep())).to.throw('keep fails')
    // Still: it was not said to be there.
    expect(() => finished(state.keep())).to.throw('keep fails')
    full = false
    expect(finished(state.keep())!.spaces.flatMap(({ keys }) => keys.files)).to.have.length(1)
    state.close()
  })

  it('keeps and compacts nothing once a work is in the log and there was no memory for it', async () => {
    const log = createMemoryLog()
    let kept = 0
    const lacking: IndexLog = {
      ...log,
      uncovered: Number.MAX_SAFE_INTEGER,
      async append(payload) {
        await log.append(payload)
        // What comes after it fails, as it would without memory.
        if (payload.kind === 'works') for (const work of payload.works) if (work.codes.length === 16 && kept > 0) work.medium = 99
      },
      checkpoint: async () => void kept++,
    }
    const { spill } = filesInMemory(() => false)
    const index = await createIndex(async () => lacking, spill, 1)
    await index.insertMany([numbered(1)])
    expect(kept).to.equal(1)
    await expectError('INDEX_DAMAGED', () => index.insert(numbered(2)))
    await expectError('INDEX_NOT_WRITABLE', () => index.insert(manyKeys('words', 3, 10)))
    await expectError('INDEX_NOT_WRITABLE', () => index.compact())
    await expectError('INDEX_NOT_WRITABLE', async () => {
      for await (const _ of index.snapshot());
    })
    await index.close()
    expect(kept).to.equal(1)
  })

  it('writes more at once than Node does', async () => {
    const bytes = { length: 3 * 2 ** 30 } as Uint8Array
    const parts: number[] = []
    const file = {
      async write(_: Uint8Array, at: number, length: number, place: number) {
        if (length >= 2 ** 31) throw new RangeError('too many')
        expect(place).to.equal(at + 5)
        parts.push(length)
        return { bytesWritten: length }
      },
    }
    await writeWhole(file as never, bytes, 5)
    expect(parts.reduce((sum, part) => sum + part, 0)).to.equal(bytes.length)
  })

  it('counts more votes for one place than 16 bits hold', () => {
    const pairs = 65_536 + 3
    const tally = countVotes(new Uint32Array(pairs).fill(7), new Int32Array(pairs).fill(100), pairs, 1)
    expect(isPromising(tally, 0, 0xffff)).to.equal(true)
  })
})
