import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect } from 'chai'
import {
  createSimilarityIndex,
  type Hit,
  type IndexedWork,
  type OpenIndexOptions,
  openSimilarityIndex,
  type SimilarityIndex,
} from '../../src/search/index.ts'
import { crc32 } from '../../src/search/log/record.ts'
import { expectError } from '../expectError.ts'
import { manyKeys, numbered, picture, randomCode, randomWords, text } from './codes.ts'

const LOG = '00000001.log'
const sha256 = (digit: string): `0x${string}` => `0x${digit.repeat(64)}`

/** Works of every kind, some of which come after a checkpoint. */
function kinds(): { before: IndexedWork[]; after: IndexedWork[]; asked: IndexedWork[] } {
  const next = randomWords(77)
  const codes = Array.from({ length: 60 }, () => randomCode(next))
  const keys = BigUint64Array.from({ length: 40 }, (_, at) => BigInt(at * 7))
  const before: IndexedWork[] = [
    {
      id: 'crops',
      features: {
        media: 'image',
        sha256: sha256('a'),
        codes: codes.slice(0, 2),
        parts: codes.slice(2, 20),
        keys,
        places: Uint32Array.from(keys, (_, at) => at),
      },
    },
    { id: 'track', features: { media: 'audio', codes: [], keys, places: Uint32Array.from(keys, (_, at) => at * 9) } },
    {
      id: 'film',
      features: {
        media: 'video',
        codes: codes.slice(20, 40),
        keys: new BigUint64Array(0),
        places: Uint32Array.from(codes.slice(20, 40), (_, at) => at * 3),
      },
    },
    {
      id: 'prose',
      features: { media: 'text', codes: [codes[40]!], keys: BigUint64Array.of(1n, 2n, 3n), bands: BigUint64Array.of(9n, 8n) },
    },
    { id: `0x${'0123456789abcdef'.repeat(4)}`, features: { media: 'data', sha256: sha256('b'), codes: [], keys: new BigUint64Array(0) } },
    manyKeys('words', 3),
    ...Array.from({ length: 300 }, (_, number) => numbered(number)),
  ]
  const after: IndexedWork[] = [
    { id: 'later film', features: { media: 'video', codes: codes.slice(41, 50), keys: new BigUint64Array(0) } },
    { id: 'n3', features: { media: 'text', codes: [], keys: BigUint64Array.of(1n, 2n) } },
    ...Array.from({ length: 20 }, (_, number) => numbered(1000 + number)),
  ]
  return { before, after, asked: [...before.slice(0, 7), ...after.slice(0, 3), manyKeys('words', 3, 50)] }
}

describe('The checkpoint of an index', function () {
  this.timeout(60_000)
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'colophon-checkpoint-'))
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  const answers = async (index: SimilarityIndex): Promise<[number, Hit[][]]> => [
    await index.size(),
    await Promise.all(kinds().asked.map((work) => index.search(work as never))),
  ]
  const keyFiles = async (): Promise<string[]> => (await readdir(folder)).filter((name) => name.startsWith('keys-'))
  async function opened<Value>(options: OpenIndexOptions, run: (index: SimilarityIndex) => Promise<Value>): Promise<Value> {
    const index = await openSimilarityIndex(folder, options)
    try {
      return await run(index)
    } finally {
      await index.close()
    }
  }
  /** What an index in memory answers to the same changes. */
  async function expected(): Promise<[number, Hit[][]]> {
    const memory = await createSimilarityIndex()
    const { before, after } = kinds()
    await memory.insertMany(before)
    await memory.insertMany(after)
    await memory.remove('n5')
    return await answers(memory)
  }
  /** A checkpoint after some works, and others after it. */
  async function filled(fileBytes?: number): Promise<void> {
    const { before, after } = kinds()
    await opened({ checkpointBytes: 1, ...(fileBytes === undefined ? {} : { fileBytes }) }, (index) => index.insertMany(before))
    await opened({ ...(fileBytes === undefined ? {} : { fileBytes }) }, async (index) => {
      for (const work of after) await index.insert(work)
      await index.remove('n5')
    })
  }
  /** A byte in the middle of the log, of keys that came before the checkpoint. */
  async function damageLog(): Promise<void> {
    const bytes = await readFile(join(folder, LOG))
    bytes[Math.floor(bytes.length / 2)]! ^= 1
    await writeFile(join(folder, LOG), bytes)
  }

  it('gives the same answers without the log before it being read', async () => {
    await filled()
    const right = await expected()
    expect(await keyFiles()).to.have.length(1)
    for (const mode of ['read', 'write'] as const) expect(await opened({ mode }, answers)).to.deep.equal(right)
    const report = await opened({}, (index) => index.verify())
    // Nobody would notice by opening it.
    await damageLog()
    for (const mode of ['read', 'write'] as const) expect(await opened({ mode }, answers)).to.deep.equal(right)
    await opened({}, (index) => expectError('INDEX_DAMAGED', () => index.verify()))
    await rm(join(folder, 'checkpoint'))
    await expectError('INDEX_DAMAGED', () => openSimilarityIndex(folder))
    expect(report).to.include({ works: right[0], dead: 2 })
  })

  it('goes on after it: with changes, another checkpoint, and files that were begun since', async () => {
    await filled(400)
    const right = await expected()
    expect((await readdir(folder)).filter((name) => name.endsWith('.log')).length).to.be.above(5)
    expect(await opened({ checkpointBytes: 1 }, answers)).to.deep.equal(right)
    await opened({ checkpointBytes: 1, fileBytes: 400 }, async (index) => {
      await index.insertMany([manyKeys('more words', 8), numbered(2000)])
      await index.remove('n7')
    })
    expect(await keyFiles()).to.have.length(2)
    await opened({}, async (index) => {
      expect(await index.has('n7')).to.equal(false)
      expect(await index.has('n2000')).to.equal(true)
      expect((await index.search(manyKeys('', 8, 50) as never))[0]).to.include({ id: 'more words', verdict: 'copy' })
      expect((await index.search(manyKeys('', 3, 50) as never))[0]).to.include({ id: 'words', verdict: 'copy' })
      await index.verify()
      // Numbers after the checkpoint's, before its codes were read.
      expect(await index.size()).to.equal(right[0] + 1)
    })
  })

  it('is written while works come one by one', async () => {
    await opened({ checkpointBytes: 2000 }, async (index) => {
      await index.insert(numbered(1))
      await index.remove('nobody')
      expect(await readdir(folder)).not.to.include('checkpoint')
      for (let number = 2; number < 40; number++) await index.insert(numbered(number))
      // Changes are made one after the other.
      await index.remove('nobody')
      expect(await readdir(folder)).to.include('checkpoint')
    })
  })

  it('lets works be added before those of the checkpoint are read', async () => {
    await filled()
    const index = await openSimilarityIndex(folder)
    const first = index.insert(picture('early', new Uint8Array(32).fill(1)))
    expect(await index.has('crops')).to.equal(true)
    await first
    expect((await index.search(picture('', new Uint8Array(32).fill(1)) as never, { threshold: 0 })).map(({ id }) => id)).to.deep.equal([
      'early',
    ])
    const [crops] = kinds().before
    expect((await index.search(crops as never))[0]).to.include({ id: 'crops', verdict: 'identical' })
    await index.verify()
    await index.close()
  })

  it('can be closed before they are read', async () => {
    await filled()
    const index = await openSimilarityIndex(folder, { checkpointBytes: 1 << 20 })
    const asked = index.search(kinds().before[0] as never).catch(({ code }: { code: string }) => code)
    await index.close()
    expect(['INDEX_CLOSED', 'crops']).to.include(((answer) => (typeof answer === 'string' ? answer : answer[0]!.id))(await asked))
  })

  it('is passed over where it is damaged, cut off or of another version', async () => {
    await opened({ checkpointBytes: 1 }, (index) => index.insertMany(kinds().before.filter(({ id }) => id !== 'words')))
    const right = await opened({ mode: 'read' }, answers)
    const name = join(folder, 'checkpoint')
    const whole = await readFile(name)
    const log = await readFile(join(folder, LOG))
    // Where it is used, nobody notices that the log before it was changed; where it is not, opening does.
    await damageLog()
    expect(await opened({ mode: 'read' }, answers)).to.deep.equal(right)
    for (let at = 0; at < whole.length; at += at < 40 ? 5 : Math.floor(whole.length / 7)) {
      const changed = Buffer.from(whole)
      changed[at]! ^= 4
      await writeFile(name, changed)
      await expectError('INDEX_DAMAGED', () => openSimilarityIndex(folder, { mode: 'read' }))
    }
    for (const size of [0, 20, 32, whole.length - 8]) {
      await writeFile(name, whole.subarray(0, size))
      await expectError('INDEX_DAMAGED', () => openSimilarityIndex(folder, { mode: 'read' }))
    }
    await writeFile(join(folder, LOG), log)
    expect(await opened({}, answers)).to.deep.equal(right)
  })

  it('is passed over where it lacks its files', async () => {
    await filled()
    const right = await expected()
    const [keys] = await keyFiles()
    const of = await readFile(join(folder, keys!))
    // Where its buckets start is behind them.
    await truncate(join(folder, keys!), of.length - 100)
    expect(await opened({ mode: 'read' }, answers)).to.deep.equal(right)
    await rm(join(folder, keys!))
    expect(await opened({}, answers)).to.deep.equal(right)
    expect(await keyFiles()).to.deep.equal([])
  })

  it('opens no files outside of the folder', async () => {
    await filled()
    const [keys] = await keyFiles()
    // A name as long as that of a file of keys, of a file that would do.
    const elsewhere = join(folder, '..', 'stolen-keys-000001')
    await cp(join(folder, keys!), elsewhere)
    const bytes = await readFile(join(folder, 'checkpoint'))
    bytes.set(Buffer.from('../stolen-keys-000001'), bytes.indexOf(keys!))
    // The sums are right, as whoever writes one for others would have them.
    const words = new Uint32Array(new Uint8Array(bytes.subarray(0, 32)).buffer)
    words[6] = crc32(bytes.subarray(32))
    words[7] = crc32(new Uint8Array(words.buffer).subarray(0, 28))
    bytes.set(new Uint8Array(words.buffer))
    await writeFile(join(folder, 'checkpoint'), bytes)
    await damageLog()
    await expectError('INDEX_DAMAGED', () => openSimilarityIndex(folder, { mode: 'read' }))
    await rm(elsewhere)
  })

  it('notices keys that were changed on the disk, and a log that lost what it covers', async () => {
    await filled()
    const [keys] = await keyFiles()
    const bytes = await readFile(join(folder, keys!))
    bytes[1000]! ^= 1
    await writeFile(join(folder, keys!), bytes)
    await opened({}, (index) => expectError('INDEX_DAMAGED', () => index.verify()))
    await truncate(join(folder, LOG), 3000)
    for (const mode of ['read', 'write'] as const) await expectError('INDEX_DAMAGED', () => openSimilarityIndex(folder, { mode }))
  })

  it('is of no use after the index was written anew, and leaves nothing behind', async () => {
    await filled()
    const old = await mkdtemp(join(tmpdir(), 'colophon-checkpoint-'))
    await cp(folder, old, { recursive: true })
    const reader = await openSimilarityIndex(folder, { mode: 'read' })
    const right = await expected()
    await opened({}, (index) => index.compact())
    expect(await keyFiles()).to.deep.equal([])
    expect(await readdir(folder)).not.to.include('checkpoint')
    // As a process leaves it that dies before it has removed them.
    for (const name of await readdir(old)) if (/^(checkpoint|keys-)/.test(name)) await cp(join(old, name), join(folder, name))
    await rm(old, { recursive: true })
    await reader.refresh()
    const without = ([size, hits]: [number, Hit[][]]): unknown => [size, hits.map((each) => each.map(({ id }) => id))]
    expect(without(await answers(reader))).to.deep.equal(without(right))
    await reader.close()
    await opened({ checkpointBytes: 1 }, async (index) => {
      expect(without(await answers(index))).to.deep.equal(without(right))
      expect(await keyFiles()).to.deep.equal([])
    })
    // Closing it has written another.
    expect(await keyFiles()).to.have.length(1)
    await opened({}, async (index) => expect(without(await answers(index))).to.deep.equal(without(right)))
  })

  it('loses nothing when the process is killed while it is written', async function () {
    this.timeout(120_000)
    const script = join(import.meta.dirname, 'inserting.ts')
    const acknowledged = new Set<number>()
    for (let kill = 0; kill < 3; kill++) {
      const before = acknowledged.size
      const child = spawn(process.execPath, [script, folder, String(kill * 100_000), '1'], { stdio: ['ignore', 'pipe', 'inherit'] })
      const exit = once(child, 'exit')
      for await (const line of createInterface({ input: child.stdout })) {
        if (line !== 'open') acknowledged.add(Number(line))
        // Right after a batch was acknowledged by its record its checkpoint is being written.
        if (acknowledged.size === before + 8 + kill * 5) setTimeout(() => child.kill('SIGKILL'), kill * 7)
      }
      expect((await exit)[1]).to.equal('SIGKILL')
      await opened({}, async (index) => {
        for (const number of acknowledged) expect(await index.has(`n${number}`), `work ${number}`).to.equal(true)
        const some = [...acknowledged].slice(-5)
        for (const number of some) expect((await index.search(numbered(number) as never, { threshold: 0 }))[0]?.id).to.equal(`n${number}`)
        expect((await index.search(manyKeys('', kill * 100_000, 50) as never))[0]?.id).to.equal(`keys ${kill * 100_000}`)
        await index.verify()
      })
      const kept = new Set(await keyFiles())
      const named =
        (await stat(join(folder, 'checkpoint')).catch(() => undefined)) === undefined
          ? Buffer.alloc(0)
          : await readFile(join(folder, 'checkpoint'))
      for (const name of kept) expect(named.includes(name), name).to.equal(true)
    }
  })

  it('is written for readers too, who open it while another is put in its place', async () => {
    const writer = await openSimilarityIndex(folder, { checkpointBytes: 1 })
    await writer.insertMany([manyKeys('words 0', 1)])
    for (let round = 1; round < 3; round++) {
      const [reader] = await Promise.all([
        openSimilarityIndex(folder, { mode: 'read' }),
        writer.insertMany([manyKeys(`words ${round}`, round + 1), text(`t${round}`, 5n)]),
      ])
      await reader.refresh()
      expect((await reader.search(manyKeys('', round + 1, 50) as never))[0]!.id).to.equal(`words ${round}`)
      expect((await reader.search(manyKeys('', 1, 50) as never))[0]!.id).to.equal('words 0')
      await reader.close()
    }
    await writer.close()
  })

  it('refuses a size that is none', async () => {
    await expectError('INVALID_INPUT', () => openSimilarityIndex(folder, { checkpointBytes: 0 }))
  })
})
