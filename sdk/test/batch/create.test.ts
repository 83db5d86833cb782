import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { getBytes, hexlify, sha256, toUtf8Bytes } from 'ethers'
import fc from 'fast-check'
import { createBatchOn as createInBrowser } from '../../src/batch/create.browser.ts'
import { type BatchItem, type CreateBatchOptions, openBatch, runBatch } from '../../src/batch/index.ts'
import { createLeafHasher } from '../../src/batch/records.node.ts'
import { createColophon } from '../../src/client/index.ts'
import { idOf, leafOf, WORK_TYPE_HASH } from '../../src/deposits/work.ts'
import { decodeDocument } from '../../src/document/index.ts'
import type { Deposits } from '../../src/index.ts'
import { createEstimate } from '../../src/progress/estimate.ts'
import { createSimilarityIndex } from '../../src/search/index.ts'
import { createMemoryStore } from '../../src/storage/index.ts'
import { verify } from '../../src/verify/index.ts'
import { startChain, type TestChain } from '../chain.ts'
import { anyAddress, anyWork } from '../deposits/works.ts'
import { expectError } from '../expectError.ts'
import { PHOTO } from '../fingerprint/media.ts'

describe('batch: createBatch', () => {
  let chain: TestChain
  let deposits: Deposits
  let root: string
  let out: string
  before(async () => {
    chain = await startChain()
    deposits = createColophon({ signer: chain.accounts[1]!, deployment: chain.deployment }).deposits
  })
  after(() => chain.stop())
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'colophon-create-'))
    out = join(root, 'out')
  })
  afterEach(() => rmSync(root, { recursive: true, force: true }))

  const sent = (): Promise<number> => chain.provider.getTransactionCount(chain.accounts[1]!.address)
  const itemOf = (name: string): BatchItem => ({
    key: name,
    work: { contentHash: sha256(toUtf8Bytes(`${root} ${name}`)), fingerprintType: 1 },
  })
  function* items(count: number, from = 0): Generator<BatchItem> {
    for (let index = from; index < count; index++) yield itemOf(`work ${index}`)
  }
  const text = (number: number): string =>
    `Letter ${number} of ${root}. The harbour was frozen for ${number + 3} days, and whoever had ink kept it under his coat.`
  function fill(count: number): string {
    const folder = join(root, 'works')
    mkdirSync(folder, { recursive: true })
    for (let index = 0; index < count; index++) writeFileSync(join(folder, `letter-${index}.txt`), text(index))
    return folder
  }

  it('anchors works one after the other with one transaction, and gives the receipt of each alone', async () => {
    const before = await sent()
    async function* source(): AsyncGenerator<BatchItem> {
      yield* items(1000)
    }
    const made = await deposits.createBatch(source(), { out })
    expect(made).to.include({ count: 1000, alreadyDone: false })
    expect(await sent()).to.equal(before + 1)
    const batch = await openBatch(out)
    try {
      expect(batch).to.include({ root: made.anchor.root, count: 1000, anchored: true })
      for (const index of [0, 1, 499, 999]) {
        const receipt = await batch.receipt(index)
        const expected = itemOf(`work ${index}`) as Extract<BatchItem, { work: object }>
        expect(receipt.id).to.equal(idOf(chain.accounts[1]!.address, expected.work))
        const { verdict, checks } = await verify({ receipt }, { provider: chain.provider, deployment: chain.deployment })
        expect(verdict, JSON.stringify(checks)).to.equal('verified')
        expect((await batch.find(`work ${index}`))!.index).to.equal(index)
      }
      expect(await batch.find('work 1000')).to.equal(undefined)
      await expectError('BATCH_NO_SUCH_WORK', () => batch.work(1000))
      const { work, anchor } = await batch.receipt(7)
      const lifted = await deposits.lift({ root: batch.root, work, proof: await batch.proof(7) })
      expect(lifted.depositedAt).to.equal(anchor!.time)
    } finally {
      await batch.close()
    }
    const again = await deposits.createBatch(items(1000), { out })
    expect(again).to.deep.equal({ ...made, alreadyDone: true })
    // The anchor and the lift.
    expect(await sent()).to.equal(before + 2)
  })

  it('fingerprints a folder in threads, pins documents, and leaves out what it cannot take', async () => {
    const folder = fill(3)
    copyFileSync(PHOTO, join(folder, 'photo.jpg'))
    writeFileSync(
      join(folder, 'a-blob.bin'),
      Uint8Array.from({ length: 300 }, (_, at) => (at * 37) & 0xff),
    )
    writeFileSync(join(folder, 'empty.txt'), '')
    const storage = createMemoryStore()
    const options: CreateBatchOptions = { out, storage, describe: (key) => ({ title: key, creators: [{ name: 'A writer' }] }), threads: 2 }
    const refused = await expectError('BATCH_REFUSED', () => deposits.createBatch(folder, options))
    expect(refused.details.count).to.equal(2)
    const stages = new Set<string>()
    const made = await deposits.createBatch(folder, { ...options, refused: 'skip', onProgress: ({ stage }) => stages.add(stage) })
    expect(made.count).to.equal(4)
    expect(made.refused.map(({ key, code }) => [key, code])).to.deep.equal([
      ['a-blob.bin', 'FINGERPRINT_UNSUPPORTED'],
      ['empty.txt', 'FINGERPRINT_EMPTY'],
    ])
    expect([...stages]).to.deep.equal(['take', 'tree', 'index', 'anchor'])
    const batch = await openBatch(out)
    try {
      for (let index = 0; index < 4; index++) {
        const { key } = await batch.work(index)
        expect((await batch.find(key))!.index).to.equal(index)
        const receipt = await batch.receipt(index)
        expect(decodeDocument(await storage.get(receipt.document!)).document.title).to.equal(key)
        const { verdict, checks } = await verify({ file: join(folder, key), receipt }, { ...chain, storage })
        expect(verdict, JSON.stringify(checks)).to.equal('verified')
      }
      expect(await batch.find('empty.txt')).to.equal(undefined)
    } finally {
      await batch.close()
    }
    const data = await deposits.createBatch(folder, { ...options, out: join(root, 'all'), refused: 'skip', unsupported: 'data' })
    expect(data.count).to.equal(5)
  })

  it('goes on where it was killed, at any byte, and the root is the same', async () => {
    const whole = await deposits.createBatch(items(300), { out: join(root, 'whole') })
    const stop = new AbortController()
    await deposits
      .createBatch(items(300), {
        out,
        signal: stop.signal,
        onProgress: ({ stage, done }) => (stage === 'take' && done >= 256 ? stop.abort(new Error('enough')) : undefined),
      })
      .catch((fault: Error) => expect(fault.message).to.equal('enough'))
    const before = await sent()
    const works = join(out, 'works.bin')
    const bytes = statSync(works).size
    for (const length of [bytes - 1, bytes - 165, 164 * 3 + 7, 0]) {
      truncateSync(works, length)
      rmSync(join(out, 'journal.jsonl'), { force: true })
      const made = await deposits.createBatch(items(300), { out })
      expect(made.anchor.root).to.equal(whole.anchor.root)
      expect(made.count).to.equal(300)
    }
    // The root was anchored before: nothing was paid again.
    expect(await sent()).to.equal(before)
  })

  it('takes again what changed since it was taken, and everything from where the source differs', async () => {
    const folder = fill(4)
    const first = deposits.createBatch(folder, { out, confirm: () => Promise.reject(new Error('wait')) })
    await first.catch((fault: Error) => expect(fault.message).to.equal('wait'))
    // Closed: later files are no part of it any more.
    const closed = readFileSync(join(out, 'journal.jsonl'), 'utf8')
    writeFileSync(join(out, 'journal.jsonl'), `${closed.split('\n')[0]}\n`)
    writeFileSync(join(folder, 'letter-1.txt'), text(77))
    utimesSync(join(folder, 'letter-1.txt'), 1, 1)
    rmSync(join(folder, 'letter-2.txt'))
    writeFileSync(join(folder, 'letter-9.txt'), text(99))
    const made = await deposits.createBatch(folder, { out })
    const fresh = await deposits.createBatch(folder, { out: join(root, 'fresh') })
    expect(made.count).to.equal(4)
    expect(made.anchor.root).to.equal(fresh.anchor.root)
    const batch = await openBatch(out)
    expect((await batch.find('letter-1.txt'))!.work.contentHash).to.equal(sha256(readFileSync(join(folder, 'letter-1.txt'))))
    expect(await batch.find('letter-2.txt')).to.equal(undefined)
    await batch.close()
  })

  it('refuses keys that are none or twice, works that are none, and sources without any', async () => {
    const before = await sent()
    await expectError('BATCH_EMPTY', () => deposits.createBatch([], { out }))
    await expectError('INVALID_BATCH', () => deposits.createBatch([itemOf('a'), itemOf('b'), itemOf('a')], { out: join(root, 'twice') }))
    await expectError('INVALID_BATCH', () => deposits.createBatch([itemOf('')], { out: join(root, 'none') }))
    await expectError('INVALID_WORK', () =>
      deposits.createBatch([{ key: 'a', work: { contentHash: '0x12' } }], { out: join(root, 'short') }),
    )
    await expectError('INVALID_WORK', () =>
      deposits.createBatch([{ key: 'a', work: { contentHash: new Uint8Array(32) } }], { out: join(root, 'zero') }),
    )
    await expectError('FOLDER_NOT_FOUND', () => deposits.createBatch(join(root, 'nowhere'), { out: join(root, 'x') }))
    await expectError('BATCH_NOT_FOUND', () => openBatch(root))
    expect(await sent()).to.equal(before)
  })

  it('says what is not finished yet, and that a browser cannot make it', async () => {
    const stop = new AbortController()
    const early = deposits.createBatch(items(300), { out, signal: stop.signal, onProgress: () => stop.abort(new Error('enough')) })
    await early.catch((fault: Error) => expect(fault.message).to.equal('enough'))
    await expectError('BATCH_UNFINISHED', () => openBatch(out))
    await deposits.createBatch(items(300), { out, confirm: () => Promise.reject(new Error('wait')) }).catch(() => undefined)
    const batch = await openBatch(out)
    expect(batch).to.include({ count: 300, anchored: false })
    expect(await batch.proof(5)).to.have.length.greaterThan(7)
    await expectError('BATCH_UNFINISHED', () => batch.receipt(5))
    await batch.close()
    await expectError('BATCH_UNSUPPORTED', createInBrowser)
  })

  it('belongs to one account, and to one form of batch', async () => {
    await deposits.createBatch(items(2), { out })
    const other = createColophon({ signer: chain.accounts[2]!, deployment: chain.deployment })
    await expectError('BATCH_OTHER', () => other.deposits.createBatch(items(2), { out }))
    const folder = fill(1)
    const ours = createColophon({ signer: chain.accounts[1]!, deployment: chain.deployment })
    const run = {
      folder,
      storage: createMemoryStore(),
      colophon: ours,
      signer: chain.accounts[1]!,
      describe: () => ({ title: 'x', creators: [{ name: 'y' }] }),
    }
    await expectError('BATCH_OTHER', () => runBatch({ ...run, out }))
    await runBatch({ ...run, out: join(root, 'receipts') })
    await expectError('BATCH_OTHER', () => deposits.createBatch(items(2), { out: join(root, 'receipts') }))
  })

  it('notices a byte that changed in any of its files', async () => {
    await deposits.createBatch(items(50), { out })
    for (const [name, at] of [
      ['works.bin', 164 * 20 + 5],
      ['keys.bin', 60],
    ] as const) {
      const path = join(out, name)
      const good = readFileSync(path)
      const bad = Uint8Array.from(good)
      bad[at]! ^= 1
      writeFileSync(path, bad)
      const batch = await openBatch(out)
      let damaged = 0
      for (let index = 0; index < 50; index++)
        await batch.work(index).catch((fault: { code: string }) => (fault.code === 'BATCH_DAMAGED' ? damaged++ : Promise.reject(fault)))
      expect(damaged, name).to.equal(1)
      await batch.close()
      writeFileSync(path, good)
    }
    const tree = join(out, 'tree.merkle')
    const bytes = readFileSync(tree)
    bytes[20]! ^= 1
    writeFileSync(tree, bytes)
    await expectError('MERKLE_DAMAGED', () => deposits.createBatch(items(50), { out }))
  })

  it('killed by the system while it takes files, it ends with what an undisturbed one has', async function () {
    this.timeout(60_000)
    const folder = fill(60)
    const script = `
      import { createColophon } from '${join(import.meta.dirname, '../../src/client/index.ts')}'
      import { JsonRpcProvider, Wallet } from 'ethers'
      const signer = new Wallet('${chain.accounts[1]!.privateKey}', new JsonRpcProvider('${chain.url}', undefined, { cacheTimeout: -1 }))
      await createColophon({ signer }).deposits.createBatch('${folder}', { out: '${out}', threads: 1, onProgress: ({ stage, done }) => console.log(stage, done) })`
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      cwd: join(import.meta.dirname, '..', '..', '..'),
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    child.stdout.on('data', (chunk: Buffer) => {
      if (/^take (2\d|[3-5]\d)$/m.test(chunk.toString())) child.kill('SIGKILL')
    })
    await once(child, 'exit')
    expect(child.signalCode).to.equal('SIGKILL')
    expect(existsSync(join(out, 'tree.merkle'))).to.equal(false)
    const made = await deposits.createBatch(folder, { out })
    const fresh = await deposits.createBatch(folder, { out: join(root, 'fresh') })
    expect([made.anchor.root, made.count]).to.deep.equal([fresh.anchor.root, 60])
  })

  /** Runs something while the threads that it starts run this code first. */
  async function withThreadsThat<Value>(code: string, run: () => Promise<Value>): Promise<Value> {
    const before = process.env.NODE_OPTIONS
    const preload = `import { isMainThread, parentPort } from 'node:worker_threads'\nif (!isMainThread) { ${code} }`
    process.env.NODE_OPTIONS = `--import data:text/javascript;base64,${Buffer.from(preload).toString('base64')}`
    try {
      return await run()
    } finally {
      if (before === undefined) delete process.env.NODE_OPTIONS
      else process.env.NODE_OPTIONS = before
    }
  }

  it('takes a file for refused whose thread dies, and the others all the same', async () => {
    const folder = fill(5)
    // As a thread dies that takes more memory than there is: in the middle, without a word.
    const dying = `const on = parentPort.on.bind(parentPort)
      parentPort.on = (name, listener) => on(name, (job) => (job.file?.endsWith('letter-2.txt') ? process.exit(9) : listener(job)))`
    const paid = await sent()
    await withThreadsThat(dying, async () => {
      const stopped = await expectError('BATCH_REFUSED', () => deposits.createBatch(folder, { out, threads: 2 }))
      expect(stopped.details.refused).to.have.length(1)
      expect((stopped.details.refused as object[])[0]).to.include({ key: 'letter-2.txt', code: 'FINGERPRINT_FAILED' })
      expect(await sent()).to.equal(paid)
      const skipped = await deposits.createBatch(folder, { out: join(root, 'skipped'), threads: 1, refused: 'skip' })
      expect(skipped.count).to.equal(4)
    })
    const made = await deposits.createBatch(folder, { out, threads: 2 })
    expect([made.count, made.refused]).to.deep.equal([5, []])
    expect(await sent()).to.equal(paid + 2)
  })

  it('stops with nothing paid where no thread can be started, and goes on when one can', async () => {
    const folder = fill(3)
    const paid = await sent()
    await withThreadsThat(`throw new Error('no room for a thread')`, async () => {
      const { cause } = await expectError('THREAD_FAILED', () => deposits.createBatch(folder, { out, refused: 'skip' }))
      expect((cause as Error).message).to.equal('no room for a thread')
    })
    expect(await sent()).to.equal(paid)
    expect((await deposits.createBatch(folder, { out })).count).to.equal(3)
    expect(await sent()).to.equal(paid + 1)
  })

  it('estimates the same root and count as it then makes, keeping nothing, and reads only what an interrupted one has not', async () => {
    const folder = fill(3)
    writeFileSync(join(folder, 'empty.txt'), '')
    const paid = await sent()
    await expectError('BATCH_REFUSED', () => deposits.estimateBatch(folder, { out }))
    const estimate = await deposits.estimateBatch(folder, { out, refused: 'skip' })
    expect(estimate).to.include({ count: 3, alreadyAnchored: false })
    expect(estimate.refused.map(({ key }) => key)).to.deep.equal(['empty.txt'])
    expect(estimate.gas > 21_000n).to.equal(true)
    expect(existsSync(out)).to.equal(false)
    expect(await sent()).to.equal(paid)
    await deposits.createBatch(folder, { out, refused: 'skip', confirm: () => Promise.reject(new Error('wait')) }).catch(() => undefined)
    // As if it had been stopped before its tree was built.
    const half = readFileSync(join(out, 'journal.jsonl'), 'utf8')
    writeFileSync(join(out, 'journal.jsonl'), `${half.split('\n')[0]}\n`)
    const bytes = readFileSync(join(out, 'works.bin'))
    expect((await deposits.estimateBatch(folder, { out, refused: 'skip' })).root).to.equal(estimate.root)
    expect(Buffer.compare(readFileSync(join(out, 'works.bin')), bytes)).to.equal(0)
    const made = await deposits.createBatch(folder, { out, refused: 'skip' })
    expect(made.anchor.root).to.equal(estimate.root)
    expect(await deposits.estimateBatch(folder, { out, refused: 'skip' })).to.include({
      alreadyAnchored: true,
      gas: 0n,
      root: estimate.root,
    })
    expect(await sent()).to.equal(paid + 1)
  })

  it('looks for look-alikes of files, and adds what it anchored to the index, also after an interruption', async () => {
    const folder = fill(2)
    copyFileSync(PHOTO, join(folder, 'photo.jpg'))
    const index = await createSimilarityIndex()
    const storage = createMemoryStore()
    const options = { storage, describe: (key: string) => ({ title: key, creators: [{ name: 'A writer' }] }), index }
    await expectError('INVALID_BATCH', () => deposits.createBatch(folder, { out, index }))
    const stop = new AbortController()
    const stopped = deposits.createBatch(folder, {
      ...options,
      out,
      lookAlikes: 'deposit',
      signal: stop.signal,
      onProgress: ({ stage, done }) => (stage === 'anchor' && done === 1 ? stop.abort(new Error('enough')) : undefined),
    })
    await stopped.then(
      () => expect.fail('it was not stopped'),
      (fault: Error) => expect(fault.message).to.equal('enough'),
    )
    const paid = await sent()
    expect(await index.size()).to.equal(0)
    const made = await deposits.createBatch(folder, { ...options, out, lookAlikes: 'deposit' })
    expect([made.alreadyDone, await index.size(), await sent()]).to.deep.equal([false, 3, paid])
    expect((await deposits.createBatch(folder, { ...options, out, lookAlikes: 'deposit' })).alreadyDone).to.equal(true)
    const other = join(root, 'other')
    const refused = await expectError('BATCH_REFUSED', () =>
      deposits.createBatch([{ key: 'mine', file: PHOTO }], { ...options, out: other }),
    )
    expect((refused.details.refused as object[])[0]).to.include({ key: 'mine', code: 'LOOK_ALIKES_FOUND' })
    await deposits.createBatch([{ key: 'mine', file: PHOTO }], { ...options, out: other, lookAlikes: 'deposit' })
    const batch = await openBatch(other)
    const { document } = decodeDocument(await storage.get((await batch.receipt(0)).document!))
    expect(document.originality!.lookAlikes[0]!.verdict).to.equal('identical')
    await batch.close()
  })

  it('keeps reading when a journal ends in the middle of a line', async () => {
    await deposits.createBatch(items(5), { out })
    appendFileSync(join(out, 'journal.jsonl'), '{"type":"anch')
    expect((await deposits.createBatch(items(5), { out })).alreadyDone).to.equal(true)
  })

  it('hashes leaves as the registry does', () => {
    fc.assert(
      fc.property(anyAddress, anyWork, (claimant, work) => {
        const { contentHash, fingerprint, fingerprintType, metadata, salt } = work
        const words = { contentHash, fingerprint, metadata, salt }
        const bytes = Object.fromEntries(Object.entries(words).map(([name, value]) => [name, getBytes(value)])) as Record<
          keyof typeof words,
          Uint8Array
        >
        expect(hexlify(createLeafHasher(claimant, WORK_TYPE_HASH)({ ...bytes, fingerprintType }))).to.equal(leafOf(idOf(claimant, work)))
      }),
      { numRuns: 50 },
    )
  })

  it('estimates what is left by the speed of the last seconds, and not before it knows one', () => {
    let now = 0
    const estimate = createEstimate(() => now)
    expect(estimate(500, 1000)).to.deep.equal({})
    now = 1000
    expect(estimate(600, 1000)).to.deep.equal({ secondsLeft: 4 })
    expect(estimate(600, undefined)).to.deep.equal({})
    for (now = 2000; now <= 60_000; now += 1000) estimate(600 + now / 1000, 1000)
    expect(estimate(661, 1000).secondsLeft).to.be.within(330, 345)
  })
})
