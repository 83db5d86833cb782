import { spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CarWriter } from '@ipld/car'
import { expect } from 'chai'
import fc from 'fast-check'
import { CID } from 'multiformats/cid'
import {
  cidToDigest,
  createDryStore,
  createMemoryStore,
  digestToCid,
  MAX_BLOCK_BYTES,
  openBlockStore,
  type Storage,
} from '../../src/storage/index.ts'
import { expectError } from '../expectError.ts'
import { mountSmallDisk } from './smallDisk.ts'

/** Deterministic bytes that do not repeat within a chunk of 1 MiB. */
function pattern(size: number): Uint8Array {
  const bytes = new Uint8Array(size)
  for (let at = 0; at < size; at++) bytes[at] = (at * 31 + (at >> 8) * 17 + (at >> 16) * 7) & 0xff
  return bytes
}

async function all(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  for await (const part of chunks) parts.push(part)
  return Uint8Array.from(Buffer.concat(parts))
}

const MISSING = 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy'

// Coverage of the processes that tests start counts for nothing here, a killed one can never report it, and it makes them start slowly.
const { NODE_V8_COVERAGE: _, ...env } = process.env

const folders: string[] = []
function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'colophon-store-'))
  folders.push(made)
  return made
}

describe('storage', () => {
  after(() => {
    for (const made of folders) rmSync(made, { recursive: true, force: true })
  })

  for (const [name, create] of [
    ['in memory', async () => createMemoryStore()],
    ['in a folder', () => openBlockStore(folder())],
  ] as [string, () => Promise<Storage>][]) {
    describe(name, () => {
      let store: Storage
      beforeEach(async () => {
        store = await create()
      })
      afterEach(() => store.close())

      it('gives files the CIDs that Kubo gives them with the profile unixfs-v1-2025', async () => {
        // Figures by `ipfs add --only-hash` of Kubo 0.39.0, profile test-cid-v1-wide, whose settings unixfs-v1-2025 has taken over.
        const known: [Uint8Array, string][] = [
          [new Uint8Array(0), 'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku'],
          [new TextEncoder().encode('hello world'), 'bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e'],
          [pattern(MAX_BLOCK_BYTES), 'bafkreifd6cdnwm6y2izhtuhyqdbgptjshwyvso4wbir3g6j7e3hpx5iffa'],
          [pattern(MAX_BLOCK_BYTES + 1), 'bafybeignt2ocbtaf4vzdhsjbgfr34rczj2jwn5rqguyimrgixajgffjrfa'],
          [pattern(5_000_000), 'bafybeif5liousp4o4wzh6fyv4uuhmkjdmxi5n6atmapckwfvwmuyo467f4'],
        ]
        for (const [bytes, cid] of known) expect(await store.put(bytes)).to.deep.equal({ cid, size: bytes.length })
      })

      it('gives back what was put, whole or in ranges', async () => {
        const bytes = pattern(3 * MAX_BLOCK_BYTES + 12_345)
        const { cid } = await store.put(bytes)
        expect(Buffer.compare(await store.get(cid), bytes)).to.equal(0)
        const range = await all(store.read(cid, { offset: MAX_BLOCK_BYTES - 5, length: 10 }))
        expect([...range]).to.deep.equal([...bytes.subarray(MAX_BLOCK_BYTES - 5, MAX_BLOCK_BYTES + 5)])
      })

      it('takes any bytes, however they are cut', async () => {
        await fc.assert(
          fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 2000 }), { maxLength: 10 }), async (chunks) => {
            const whole = Buffer.concat(chunks)
            const { cid, size } = await store.put({
              async *open() {
                yield* chunks
              },
            })
            expect(size).to.equal(whole.length)
            expect(cid).to.equal((await store.put(new Uint8Array(whole))).cid)
            expect(Buffer.compare(await store.get(cid), whole)).to.equal(0)
          }),
          { numRuns: 30 },
        )
      })

      it('reports progress in bytes and stops when aborted, pinning nothing', async () => {
        const seen: number[] = []
        await store.put(pattern(3 << 20), { onProgress: ({ done, total }) => seen.push(done / total!) })
        expect(seen.at(-1)).to.equal(1)
        const before = await store.pins()
        const controller = new AbortController()
        const reason = new Error('changed my mind')
        const run = store.put(randomBytes(4 << 20), { signal: controller.signal, onProgress: () => controller.abort(reason) })
        expect(await run.catch((fault: unknown) => fault)).to.equal(reason)
        expect(await store.pins()).to.deep.equal(before)
      })

      it('keeps small documents as one block whose CID follows from the SHA-256', async () => {
        const bytes = new TextEncoder().encode('{"title":"x"}')
        const { cid } = await store.putBlock(bytes)
        expect(digestToCid(cidToDigest(cid))).to.equal(cid)
        expect(new TextDecoder().decode(await store.get(cid))).to.equal('{"title":"x"}')
        await expectError('BLOCK_TOO_LARGE', () => store.putBlock(new Uint8Array(MAX_BLOCK_BYTES + 1)))
      })

      it('says what it does not have, and what is no CID', async () => {
        expect(await store.has(MISSING)).to.equal(false)
        await expectError('BLOCK_NOT_FOUND', () => store.get(MISSING))
        await expectError('BLOCK_NOT_FOUND', () => store.pin(MISSING))
        await expectError('CID_INVALID', () => store.get('not a cid'))
        const blake3 = CID.createV1(0x55, {
          code: 0x1e,
          size: 32,
          digest: new Uint8Array(32),
          bytes: Uint8Array.of(0x1e, 32, ...new Uint8Array(32)),
        })
        await expectError('CID_UNSUPPORTED', () => store.get(blake3.toString()))
      })

      it('refuses to load a large file at once', async () => {
        const { cid } = await store.put(pattern(2000))
        await expectError('SOURCE_TOO_LARGE', () => store.get(cid, { limit: 1999 }))
        expect((await store.get(cid, { limit: 2000 })).length).to.equal(2000)
      })

      it('collects what no pin needs, and nothing else', async () => {
        const kept = await store.put(pattern(2 * MAX_BLOCK_BYTES + 1))
        const dropped = await store.put(randomBytes(2 * MAX_BLOCK_BYTES + 1))
        await store.unpin(dropped.cid)
        expect(await store.collect()).to.equal(4)
        expect(await store.has(kept.cid)).to.equal(true)
        expect(await store.has(dropped.cid)).to.equal(false)
        expect(await store.pins()).to.deep.equal([kept.cid])
        expect(await store.collect()).to.equal(0)
      })

      it('loses nothing that is put while it collects', async () => {
        let begun = (): void => {}
        const started = new Promise<void>((resolve) => (begun = resolve))
        let open = (): void => {}
        const gate = new Promise<void>((resolve) => (open = resolve))
        const putting = store.put({
          async *open() {
            yield randomBytes(MAX_BLOCK_BYTES)
            yield randomBytes(MAX_BLOCK_BYTES)
            begun()
            await gate
            yield randomBytes(MAX_BLOCK_BYTES)
          },
        })
        await started
        const busy = await expectError('STORAGE_BUSY', () => store.collect({ patience: 20 }))
        expect(busy.hint).to.include('again')
        const collecting = store.collect()
        // The collection has all the time it would need to go wrong.
        await Promise.race([collecting, new Promise((resolve) => setTimeout(resolve, 100))])
        open()
        const { cid } = await putting
        await collecting
        expect(await store.has(cid)).to.equal(true)
      })

      it('collects one after the other, and stops waiting when aborted', async () => {
        await Promise.all([store.collect(), store.collect(), store.put(pattern(10)), store.collect()])
        const stop = new AbortController()
        const reason = new Error('enough')
        let collected: unknown
        await store.put({
          async *open() {
            const collecting = store.collect({ signal: stop.signal }).catch((fault: unknown) => fault)
            setTimeout(() => stop.abort(reason), 20)
            collected = await collecting
            yield pattern(10)
          },
        })
        expect(collected).to.equal(reason)
      })

      it('carries files in CARs', async () => {
        const { cid } = await store.put(pattern(3 * MAX_BLOCK_BYTES))
        const steps: number[] = []
        const car = await all(store.exportCar(cid, { onProgress: ({ done }) => steps.push(done) }))
        expect(steps).to.deep.equal([1, 2, 3, 4])
        const other = createMemoryStore()
        expect(await other.importCar(car)).to.deep.equal({ roots: [cid], blocks: 4 })
        expect(await other.pins()).to.deep.equal([cid])
        expect(Buffer.compare(await other.get(cid), await store.get(cid))).to.equal(0)
        await expectError('BLOCK_NOT_FOUND', () => all(store.exportCar(MISSING)))
      })

      it('pins nothing of a CAR that is damaged, cut short, foreign or incomplete', async () => {
        const { cid } = await createMemoryStore().put(pattern(10))
        const source = createMemoryStore()
        const { cid: large } = await source.put(pattern(3 * MAX_BLOCK_BYTES))
        const car = await all(source.exportCar(large))

        const changed = car.slice()
        changed[changed.length - 1]! ^= 1
        await expectError('BLOCK_TAMPERED', () => store.importCar(changed))
        await expectError('CAR_INVALID', () => store.importCar(car.subarray(0, car.length - 10)))
        await expectError('CAR_INVALID', () => store.importCar(new TextEncoder().encode('this is no archive')))
        await expectError('CAR_INVALID', () => store.importCar(new Uint8Array(0)))
        const { writer, out } = CarWriter.create([CID.parse(cid)])
        const closing = writer.close()
        await expectError('CAR_INCOMPLETE', async () => store.importCar(await all(out)))
        await closing
        expect(await store.pins()).to.deep.equal([])
      })
    })
  }

  it('tells CIDs without keeping anything', async () => {
    const dry = createDryStore()
    for (const bytes of [pattern(10), pattern(3 << 20)]) {
      const stored = await dry.put(bytes)
      expect(stored).to.deep.equal(await createMemoryStore().put(bytes))
      expect(await dry.has(stored.cid)).to.equal(false)
    }
    const { cid } = await dry.putBlock(pattern(10))
    expect(cid).to.equal((await createMemoryStore().putBlock(pattern(10))).cid)
    expect([await dry.pins(), await dry.collect()]).to.deep.equal([[], 0])
  })

  describe('folder', () => {
    it('finds everything again after it is reopened', async () => {
      const at = folder()
      const first = await openBlockStore(at)
      const { cid } = await first.put(pattern(1 << 21))
      await first.close()
      const second = await openBlockStore(at)
      expect(await second.pins()).to.deep.equal([cid])
      expect(Buffer.compare(await second.get(cid), pattern(1 << 21))).to.equal(0)
    })

    it('refuses a block that was changed on the disk, and mends it when it is put again', async () => {
      const at = folder()
      const store = await openBlockStore(at)
      const bytes = new TextEncoder().encode('the true bytes')
      const { cid } = await store.put(bytes)
      const name = Buffer.from(cidToDigest(cid)).toString('hex')
      const file = join(at, 'blocks', name.slice(0, 2), name)
      writeFileSync(file, 'forged content')
      const error = await expectError('BLOCK_TAMPERED', () => store.get(cid))
      expect(error.details.cid).to.equal(cid)
      expect(error.details.found).to.match(/^bafkrei/)
      await store.put(bytes)
      expect(readFileSync(file, 'utf8')).to.equal('the true bytes')
    })

    it('refuses folders that are something else, and changes nothing in them', async () => {
      const at = folder()
      writeFileSync(join(at, 'format'), 'colophon block store, version 99\n')
      await expectError('STORAGE_FOREIGN', () => openBlockStore(at))
      const file = join(folder(), 'file')
      writeFileSync(file, '')
      await expectError('STORAGE_NOT_WRITABLE', () => openBlockStore(file))

      const project = folder()
      mkdirSync(join(project, 'tmp'))
      writeFileSync(join(project, 'tmp', '999999999-notes.txt'), 'mine')
      const error = await expectError('STORAGE_FOREIGN', () => openBlockStore(project))
      expect(error.details).to.deep.include({ folder: project, found: ['tmp'] })
      expect(readdirSync(project)).to.deep.equal(['tmp'])
      expect(readdirSync(join(project, 'tmp'))).to.deep.equal(['999999999-notes.txt'])
    })

    it('works around what systems and people leave in its folders', async () => {
      const litter = ['.DS_Store', 'Thumbs.db', 'desktop.ini']
      const at = folder()
      for (const name of litter) writeFileSync(join(at, name), 'x')
      const store = await openBlockStore(at)
      const { cid } = await store.put(pattern(10))
      const shard = Buffer.from(cidToDigest(cid)).toString('hex').slice(0, 2)
      const places = ['blocks', join('blocks', shard), 'pins', 'tmp', 'turns']
      for (const place of places) for (const name of [...litter, 'notes.txt', '12-x']) writeFileSync(join(at, place, name), 'x')
      const again = await openBlockStore(at)
      expect(await again.pins()).to.deep.equal([cid])
      expect(await again.collect()).to.equal(0)
      expect((await again.get(cid)).length).to.equal(10)
      await again.unpin(cid)
      expect(await again.collect()).to.equal(1)
      for (const place of places) expect(readdirSync(join(at, place))).to.include.members([...litter, 'notes.txt', '12-x'])
    })

    it('says so when it may not write', async () => {
      const disk = mountSmallDisk(1 << 20, 'ro')
      try {
        const at = disk?.path ?? folder()
        // Without the right to mount there is no root either, and permissions hold.
        if (disk === undefined) chmodSync(at, 0o500)
        await expectError('STORAGE_NOT_WRITABLE', () => openBlockStore(join(at, 'store')))
      } finally {
        disk?.unmount()
      }
    })

    it('survives being killed in the middle of a put: opens again, serves nothing half-written', async () => {
      // After how many chunks of a put that never ends; the first, while its block is written, or later, with whole blocks there.
      await Promise.all(
        [1, 3].map(async (chunks) => {
          const at = folder()
          const child = spawn(process.execPath, [join(import.meta.dirname, 'putForever.ts'), at], {
            env,
            stdio: ['ignore', 'pipe', 'inherit'],
          })
          const ended = once(child, 'exit')
          let said = ''
          for await (const piece of child.stdout) {
            said += piece
            if (said.split('chunk').length > chunks) break
          }
          child.kill('SIGKILL')
          expect((await ended)[1]).to.equal('SIGKILL')
          const pinned = /^pinned (\S+)$/m.exec(said)?.[1]

          const store = await openBlockStore(at)
          expect(readdirSync(join(at, 'tmp')), 'half-written files are left').to.deep.equal([])
          expect(await store.pins()).to.deep.equal([pinned])
          expect(await store.has(pinned!)).to.equal(true)
          for (const shard of readdirSync(join(at, 'blocks'))) {
            // By another implementation of SHA-256, which is also much faster under coverage.
            for (const name of readdirSync(join(at, 'blocks', shard)))
              expect(
                createHash('sha256')
                  .update(readFileSync(join(at, 'blocks', shard, name)))
                  .digest('hex'),
              ).to.equal(name)
          }
          // What the killed put was doing keeps nobody waiting.
          await store.collect({ patience: 1000 })
          expect(await store.has(pinned!)).to.equal(true)
        }),
      )
    })

    it('loses nothing that was acknowledged while other processes collect', async () => {
      const at = folder()
      const said = await Promise.all(
        ['one', 'two', 'three'].map(async (name) => {
          const child = spawn(process.execPath, [join(import.meta.dirname, 'putAndCollect.ts'), at, name], {
            env,
            stdio: ['ignore', 'pipe', 'inherit'],
          })
          let out = ''
          child.stdout.on('data', (piece: Buffer) => (out += piece.toString()))
          expect((await once(child, 'close'))[0]).to.equal(0)
          return out
        }),
      )
      const store = await openBlockStore(at)
      const acknowledged = said.flatMap((out) => out.trim().split('\n'))
      expect(acknowledged).to.have.length(3 * 30)
      for (const cid of acknowledged) expect(await store.has(cid), cid).to.equal(true)
      expect(readdirSync(join(at, 'turns'))).to.deep.equal([])
    })

    it('leaves the half-written blocks of living processes alone, and whatever is not its own', async () => {
      const at = folder()
      await openBlockStore(at)
      const left = (name: string): void => writeFileSync(join(at, 'tmp', name), 'x')
      const rest = '0123456789ab-0123456789abcdef'
      // Process 1 lives as long as the machine.
      left(`1-${rest}`)
      left(`999999999-${rest}`)
      left('999999999-notes')
      // A number is used again, in containers at every start; another thread has it too.
      left(`${process.pid}-${rest}`)
      const earlier = `${process.pid}-ba9876543210-0123456789abcdef`
      left(earlier)
      utimesSync(join(at, 'tmp', earlier), 1, 1)
      await openBlockStore(at)
      expect(readdirSync(join(at, 'tmp'))).to.have.members([`1-${rest}`, '999999999-notes', `${process.pid}-${rest}`])
    })

    it('says so when the disk is full, keeps what was there and goes on when there is room', async function () {
      this.timeout(60_000)
      const disk = mountSmallDisk(8 << 20)
      // Mounting needs root; elsewhere there is no honest way to fill a disk.
      if (disk === undefined) this.skip()
      try {
        const store = await openBlockStore(join(disk.path, 'store'))
        const kept = await store.put(pattern(2 << 20))
        const error = await expectError('STORAGE_FULL', () => store.put(randomBytes(16 << 20)))
        expect(error.hint).to.contain('room')
        expect(readdirSync(join(disk.path, 'store', 'tmp'))).to.deep.equal([])
        expect(await store.pins()).to.deep.equal([kept.cid])
        expect((await store.get(kept.cid)).length).to.equal(2 << 20)
        await store.collect()
        const again = await store.put(randomBytes(3 << 20))
        expect(await store.has(again.cid)).to.equal(true)
      } finally {
        disk.unmount()
      }
      expect(existsSync(disk.path)).to.equal(false)
    })

    it('can be opened several times at once, and everybody may write', async () => {
      const at = folder()
      const stores = await Promise.all(Array.from({ length: 20 }, () => openBlockStore(at)))
      const bytes = pattern(2 << 20)
      const cids = new Set((await Promise.all(stores.map((store) => store.put(bytes)))).map(({ cid }) => cid))
      expect(cids.size).to.equal(1)
      expect(Buffer.compare(await stores[0]!.get([...cids][0]!), bytes)).to.equal(0)
    })
  })
})
