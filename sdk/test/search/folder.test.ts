import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect } from 'chai'
import {
  createSimilarityIndex,
  type IndexedWork,
  openSimilarityIndex,
  type SimilarityIndex,
  type WorkFeatures,
} from '../../src/search/index.ts'
import { expectError } from '../expectError.ts'
import { mountSmallDisk } from '../storage/smallDisk.ts'
import { numbered, picture, randomCode, randomWords, text } from './codes.ts'

const LOG = '00000001.log'
const works = (count: number, from = 0): IndexedWork[] => Array.from({ length: count }, (_, index) => numbered(from + index))

/** Whether the work is found by its own codes. */
async function holds(index: SimilarityIndex, work: IndexedWork): Promise<boolean> {
  const hits = await index.search(work as never, { threshold: 0 })
  return (await index.has(work.id)) && hits.some(({ id }) => id === work.id)
}

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = []
  for await (const chunk of chunks) all.push(chunk)
  return Buffer.concat(all)
}

async function* pieces(bytes: Uint8Array, size = 1000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

describe('An index in a folder', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'colophon-index-'))
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  async function filled(count: number): Promise<void> {
    const index = await openSimilarityIndex(folder)
    await index.insertMany(works(count))
    await index.close()
  }

  async function reopened<Value>(run: (index: SimilarityIndex) => Promise<Value>, mode?: 'read'): Promise<Value> {
    const index = await openSimilarityIndex(folder, mode === undefined ? {} : { mode })
    try {
      return await run(index)
    } finally {
      await index.close()
    }
  }

  it('holds after it was closed what was inserted, replaced and removed', async () => {
    await reopened(async (index) => {
      await index.insertMany(works(50))
      await index.insert(picture('n7', new Uint8Array(32)))
      await index.insert(text('ümlaut', 1n, 2n ** 64n - 1n))
      await index.insert({ ...numbered(60), id: `0x${'0123456789abcdef'.repeat(4)}` })
      expect(await index.remove('n8')).to.equal(true)
      expect(await index.remove('n8')).to.equal(false)
    })
    await reopened(async (index) => {
      expect(await index.size()).to.equal(51)
      expect(await holds(index, numbered(6))).to.equal(true)
      expect(await holds(index, numbered(7))).to.equal(false)
      expect(await holds(index, numbered(8))).to.equal(false)
      expect((await index.search(picture('', new Uint8Array(32)) as never, { threshold: 0 })).map(({ id }) => id)).to.deep.equal(['n7'])
      expect((await index.search(text('', 2n ** 64n - 1n, 1n) as never)).map(({ id }) => id)).to.deep.equal(['ümlaut'])
      expect((await index.search(numbered(60) as never)).map(({ id }) => id)).to.deep.equal([`0x${'0123456789abcdef'.repeat(4)}`])
      const { bytes, ...report } = await index.verify()
      expect(report).to.deep.equal({ works: 51, codes: 103, keys: 2, dead: 2, dropped: 0 })
      expect(bytes).to.equal((await readFile(join(folder, LOG))).length)
    })
  })

  it('takes at most 64 bytes a code', async () => {
    await reopened(async (index) => {
      const next = randomWords(1)
      const id = (work: number): string => `0x${work.toString(16).padStart(64, '0')}`
      await index.insertMany(Array.from({ length: 1000 }, (_, work) => picture(id(work), randomCode(next), randomCode(next))))
      expect((await index.verify()).bytes).to.be.below(2000 * 64)
    })
  })

  it('loses nothing that was acknowledged when the process is killed while it inserts', async function () {
    this.timeout(60_000)
    const script = join(import.meta.dirname, 'inserting.ts')
    const acknowledged = new Set<number>()
    for (let kill = 0; kill < 4; kill++) {
      const before = acknowledged.size
      const child = spawn(process.execPath, [script, folder, String(kill * 100_000)], { stdio: ['ignore', 'pipe', 'inherit'] })
      const exit = once(child, 'exit')
      for await (const line of createInterface({ input: child.stdout })) {
        if (line !== 'open') acknowledged.add(Number(line))
        // At different places of its loop.
        if (acknowledged.size === before + 40 + kill * 3) child.kill('SIGKILL')
      }
      expect((await exit)[1]).to.equal('SIGKILL')
      // The next writer takes over from the dead one.
      await reopened(async (index) => {
        for (const number of acknowledged) expect(await holds(index, numbered(number)), `work ${number}`).to.equal(true)
        await index.verify()
      })
    }
  })

  it('drops at most what was not acknowledged, wherever the last record was cut off', async () => {
    await reopened(async (index) => {
      await index.insertMany(works(3))
    })
    const whole = await readFile(join(folder, LOG))
    const index = await openSimilarityIndex(folder)
    await index.insert(numbered(3))
    // As a killed process leaves it: not closed in order.
    const killed = await readFile(join(folder, LOG))
    const manifest = await readFile(join(folder, 'index.json'))
    await index.close()
    for (let size = whole.length; size < killed.length; size += 7) {
      await writeFile(join(folder, LOG), killed.subarray(0, size))
      await writeFile(join(folder, 'index.json'), manifest)
      await reopened(async (reader) => expect(await reader.size()).to.equal(3), 'read')
      await reopened(async (again) => {
        expect(await again.size()).to.equal(3)
        expect((await again.verify()).dropped).to.equal(size - whole.length)
        await again.insert(numbered(4))
      })
      await reopened(async (again) => expect((await again.verify()).works).to.equal(4))
    }
    // Zeros are what some file systems leave where nothing was written yet.
    await writeFile(join(folder, LOG), Buffer.concat([whole, new Uint8Array(5000)]))
    await writeFile(join(folder, 'index.json'), manifest)
    await reopened(async (again) => expect((await again.verify()).dropped).to.equal(5000))
  })

  it('notices every changed byte of what was written before', async function () {
    this.timeout(30_000)
    await reopened(async (index) => {
      await index.insertMany(works(2))
      await index.insert(numbered(2))
    })
    const whole = await readFile(join(folder, LOG))
    for (let at = 0; at < whole.length; at += at < 80 ? 1 : 3) {
      const changed = Buffer.from(whole)
      changed[at]! ^= 1 << (at % 8)
      await writeFile(join(folder, LOG), changed)
      let code: string | undefined
      await openSimilarityIndex(folder, { mode: 'read' }).catch((cause) => {
        code = cause.code
      })
      expect(code, `byte ${at}`).to.be.oneOf(['INDEX_DAMAGED', 'INDEX_FOREIGN', 'INDEX_UNSUPPORTED'])
    }
  })

  it('refuses to go on where a file lost its end after the index was closed', async () => {
    await filled(3)
    const log = join(folder, LOG)
    const whole = await readFile(log)
    for (const size of [whole.length - 1, whole.length - 24, 100, 32]) {
      await truncate(log, size)
      await expectError('INDEX_DAMAGED', () => openSimilarityIndex(folder))
      await expectError('INDEX_DAMAGED', () => openSimilarityIndex(folder, { mode: 'read' }))
      expect((await readFile(log)).length).to.equal(size)
      await writeFile(log, whole)
    }
    await rm(log)
    await expectError('INDEX_DAMAGED', () => openSimilarityIndex(folder))
    await writeFile(log, whole)
    await reopened(async (index) => expect(await index.size()).to.equal(3))
  })

  it('refuses folders and files of others, and later versions', async () => {
    await writeFile(join(folder, 'holiday.txt'), 'sun')
    await expectError('INDEX_FOREIGN', () => openSimilarityIndex(folder))
    await expectError('INDEX_FOREIGN', () => openSimilarityIndex(folder, { mode: 'read' }))
    expect(await readdir(folder)).to.deep.equal(['holiday.txt'])
    await rm(join(folder, 'holiday.txt'))
    await expectError('INDEX_NOT_FOUND', () => openSimilarityIndex(folder, { mode: 'read' }))
    await expectError('INDEX_NOT_FOUND', () => openSimilarityIndex(join(folder, 'nowhere'), { mode: 'read' }))
    await filled(1)
    const manifest = await readFile(join(folder, 'index.json'), 'utf8')
    for (const [code, content] of [
      ['INDEX_UNSUPPORTED', manifest.replace('"version":2', '"version":3')],
      ['INDEX_FOREIGN', manifest.replace('colophon index', 'shopping list')],
      ['INDEX_DAMAGED', manifest.replace('"first":1', '"first":0')],
      ['INDEX_DAMAGED', manifest.replace('"first":1', '"first":"1"')],
      ['INDEX_DAMAGED', manifest.slice(0, 20)],
      ['INDEX_FOREIGN', 'null'],
    ] as const) {
      await writeFile(join(folder, 'index.json'), content)
      await expectError(code, () => openSimilarityIndex(folder))
    }
    await writeFile(join(folder, 'index.json'), manifest)
    await rm(join(folder, LOG))
    await writeFile(join(folder, '00000002.log'), 'something else entirely, and long enough')
    await expectError('INDEX_FOREIGN', () => openSimilarityIndex(folder))
    // Every refusal has given up the writer's place.
    expect((await readdir(folder)).filter((name) => name.startsWith('writer'))).to.deep.equal([])
  })

  it('says what is in the way where it cannot write', async () => {
    await writeFile(join(folder, 'file'), '')
    await expectError('INDEX_NOT_WRITABLE', () => openSimilarityIndex(join(folder, 'file')))
    await expectError('INDEX_NOT_WRITABLE', () => openSimilarityIndex(join(folder, 'file', 'below')))
  })

  it('has one writer, and many readers that catch up', async () => {
    const writer = await openSimilarityIndex(folder)
    const error = await expectError('INDEX_LOCKED', () => openSimilarityIndex(folder))
    expect(error.details.pid).to.equal(process.pid)
    await writer.insertMany(works(3))
    const readers = await Promise.all([1, 2].map(() => openSimilarityIndex(folder, { mode: 'read' })))
    for (const reader of readers) {
      expect(await reader.size()).to.equal(3)
      await expectError('INDEX_READ_ONLY', () => reader.insert(numbered(9)))
      await expectError('INDEX_READ_ONLY', () => reader.remove('n1'))
      await expectError('INDEX_READ_ONLY', () => reader.compact())
    }
    await writer.insert(numbered(3))
    await writer.remove('n0')
    for (const reader of readers) {
      expect(await reader.size()).to.equal(3)
      await reader.refresh()
      expect(await Promise.all(works(4).map((work) => holds(reader, work)))).to.deep.equal([false, true, true, true])
    }
    await writer.compact()
    await writer.insert(numbered(4))
    for (const reader of readers) {
      // What it has read stays good although the files are gone.
      expect(await reader.size()).to.equal(3)
      await reader.refresh()
      expect(await Promise.all(works(5).map((work) => holds(reader, work)))).to.deep.equal([false, true, true, true, true])
      await reader.close()
    }
    await writer.close()
    await (await openSimilarityIndex(folder)).close()
  })

  it('goes on in a new file where one is full, and misses none of them', async () => {
    const index = await openSimilarityIndex(folder, { fileBytes: 2000 })
    const reader = await openSimilarityIndex(folder, { mode: 'read' })
    for (const work of works(60)) await index.insert(work)
    await index.remove('n0')
    const logs = (await readdir(folder)).filter((name) => name.endsWith('.log')).sort()
    expect(logs.length).to.be.greaterThan(2)
    await reader.refresh()
    expect(await reader.size()).to.equal(59)
    expect((await index.verify()).bytes).to.equal(
      (await Promise.all(logs.map((name) => readFile(join(folder, name))))).flat().reduce((sum, { length }) => sum + length, 0),
    )
    await index.compact()
    await reader.refresh()
    expect(await reader.size()).to.equal(59)
    for (const work of works(20, 100)) await index.insert(work)
    await index.close()
    await reopened(async (again) => expect((await again.verify()).works).to.equal(79))

    const [first, second] = (await readdir(folder)).filter((name) => name.endsWith('.log')).sort() as [string, string]
    const whole = await readFile(join(folder, first))
    await truncate(join(folder, first), whole.length - 24)
    await expectError('INDEX_DAMAGED', () => openSimilarityIndex(folder))
    await expectError('INDEX_DAMAGED', () => openSimilarityIndex(folder, { mode: 'read' }))
    await writeFile(join(folder, first), whole)
    await rm(join(folder, second))
    await expectError('INDEX_DAMAGED', () => openSimilarityIndex(folder))
    await expectError('INDEX_DAMAGED', () => openSimilarityIndex(folder, { mode: 'read' }))
  })

  it('is smaller after it was written anew, and the same', async () => {
    await reopened(async (index) => {
      await index.insertMany(works(200))
      for (const { id } of works(150)) await index.remove(id)
      const before = await index.verify()
      await index.compact()
      const after = await index.verify()
      expect(after).to.include({ works: 50, codes: 100, dead: 0 })
      expect(after.bytes).to.be.below(before.bytes / 2)
      expect(await readdir(folder))
        .to.include('00000002.log')
        .and.not.include(LOG)
      await index.insert(numbered(500))
    })
    await reopened(async (index) => {
      expect(await index.size()).to.equal(51)
      expect(await holds(index, numbered(3))).to.equal(false)
      for (const work of [...works(50, 150), numbered(500)]) expect(await holds(index, work)).to.equal(true)
    })
  })

  it('keeps the old files when it dies while it is written anew', async () => {
    await filled(5)
    // A file of the next generation that no manifest names yet.
    const head = (await readFile(join(folder, LOG))).subarray(0, 32)
    const other = await mkdtemp(join(tmpdir(), 'colophon-index-'))
    const index = await openSimilarityIndex(other)
    await index.insert(numbered(77))
    await index.compact()
    await index.close()
    const anew = await readFile(join(other, '00000002.log'))
    await rm(other, { recursive: true })
    expect(head[16]).to.not.equal(anew[16])
    await writeFile(join(folder, '00000002.log'), anew)
    await reopened(async (reader) => expect(await reader.size()).to.equal(5), 'read')
    await reopened(async (again) => expect(await again.size()).to.equal(5))
    expect(await readdir(folder)).to.not.include('00000002.log')
  })

  it('is restored from its snapshot, in a folder or in memory', async () => {
    const snapshot = await reopened(async (index) => {
      await index.insertMany(works(300))
      await index.insert(text('words', 1n, 2n, 3n))
      await index.remove('n5')
      const chunks = index.snapshot()
      const iterator = chunks[Symbol.asyncIterator]()
      const first = (await iterator.next()).value as Uint8Array
      await index.insert(numbered(999))
      await expectError('INDEX_BUSY', () => index.compact())
      const rest = await collect({ [Symbol.asyncIterator]: () => iterator })
      await expectError('INDEX_NOT_EMPTY', () => index.restore(pieces(rest)))
      return Buffer.concat([first, rest])
    })
    const restored = await createSimilarityIndex()
    expect(await restored.restore(pieces(snapshot))).to.deep.equal({ inserted: 300 + ((await restored.has('n999')) ? 1 : 0) })
    expect(await restored.has('n5')).to.equal(false)
    for (const work of works(5)) expect(await holds(restored, work)).to.equal(true)
    expect((await restored.search(text('', 1n, 3n) as never)).map(({ id }) => id)).to.deep.equal(['words'])

    const empty = join(folder, 'empty')
    await mkdir(empty)
    const index = await openSimilarityIndex(empty)
    for (const [code, bytes] of [
      ['INDEX_DAMAGED', snapshot.subarray(0, -1)],
      ['INDEX_DAMAGED', snapshot.subarray(0, -24)],
      ['INDEX_DAMAGED', Buffer.concat([snapshot, Buffer.of(0)])],
      ['INDEX_DAMAGED', Buffer.concat([snapshot.subarray(0, 5000), Buffer.of(snapshot[5000]! ^ 1), snapshot.subarray(5001)])],
      ['INDEX_FOREIGN', Buffer.from('no snapshot at all, but some text')],
      ['INDEX_FOREIGN', Buffer.alloc(0)],
      ['INDEX_UNSUPPORTED', Buffer.concat([snapshot.subarray(0, 8), Buffer.of(9), snapshot.subarray(9)])],
    ] as const) {
      await expectError(code, () => index.restore(pieces(bytes)))
      expect(await index.size()).to.equal(0)
    }
    // A source that is not read to its end is told so.
    let ended = false
    const source = async function* (): AsyncGenerator<Uint8Array> {
      try {
        yield Buffer.from('no snapshot at all, but some text')
        yield Buffer.alloc(100)
      } finally {
        ended = true
      }
    }
    await expectError('INDEX_FOREIGN', () => index.restore(source()))
    expect(ended).to.equal(true)
    await index.restore(pieces(snapshot, 77))
    expect(await index.size()).to.equal(await restored.size())
    await index.close()
  })

  it('goes on after the disk was full', async function () {
    const disk = mountSmallDisk(3_000_000)
    if (disk === undefined) return this.skip()
    try {
      const index = await openSimilarityIndex(join(disk.path, 'index'))
      await index.insertMany(works(100))
      const error = await expectError('INDEX_DISK_FULL', () => index.insertMany(works(60_000, 1000)))
      expect(error.details.folder).to.be.a('string')
      expect(await index.size()).to.be.at.least(100)
      const size = await index.size()
      expect((await index.verify()).works).to.equal(size)
      await index.remove('n3')
      await index.close()
      const again = await openSimilarityIndex(join(disk.path, 'index'))
      expect(await again.size()).to.equal(size - 1)
      await again.close()
    } finally {
      disk.unmount()
    }
  })

  describe('with more keys than it holds in memory', () => {
    const KEYS = 400
    /** A text and a recording each, of keys that others have too. */
    const pair = (number: number): IndexedWork[] => {
      const next = randomWords(2 * number + 1)
      const keys = BigUint64Array.from({ length: KEYS }, () => BigInt(next() % 20_000))
      const places = Uint32Array.from({ length: KEYS }, () => next() % 50_000)
      return [
        { id: `text ${number}`, features: { media: 'text', codes: [], keys } },
        { id: `track ${number}`, features: { media: 'audio', codes: [], keys, places } },
      ]
    }
    const asked = [3, 90, 401, 655].flatMap((number) => {
      const [words, track] = pair(number) as { features: WorkFeatures }[]
      const { keys, places } = track!.features
      return [
        { features: { ...words!.features, keys: keys.slice(100, 200) } },
        { features: { ...track!.features, keys: keys.slice(100, 200), places: places!.slice(100, 200).map((place) => place + 40) } },
      ]
    })

    it('answers as in memory, goes on after it was opened again and compacted, and leaves nothing behind', async function () {
      this.timeout(180_000)
      const memory = await createSimilarityIndex()
      let index = await openSimilarityIndex(folder, { keysInMemory: 1 })
      const same = async (): Promise<void> => {
        for (const query of asked) {
          const hits = await index.search(query)
          expect(hits[0]!.keys!.shared).to.be.at.least(90)
          expect(hits).to.deep.equal(await memory.search(query))
        }
      }
      // Eight files of each medium, which are made one at the end.
      for (let from = 0; from < 656; from += 82) {
        const batch = Array.from({ length: 82 }, (_, at) => pair(from + at)).flat()
        await memory.insertMany(batch)
        await index.insertMany(batch)
      }
      await same()
      for (const each of [memory, index]) await each.remove('text 5')
      const during = Promise.all(asked.map((query) => index.search(query)))
      await index.compact()
      expect((await during).map(([hit]) => hit!.keys!.shared >= 90)).to.deep.equal(asked.map(() => true))
      await same()
      await index.close()
      expect((await readdir(folder)).filter((name) => name.startsWith('scratch'))).to.deep.equal([])
      index = await openSimilarityIndex(folder, { mode: 'read', keysInMemory: 50_000 })
      await same()
      await index.close()
    })

    it('refuses a number that is none', async () => {
      await expectError('INVALID_INPUT', () => openSimilarityIndex(folder, { keysInMemory: 0 }))
    })
  })
})
