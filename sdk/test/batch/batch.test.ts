import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { JsonRpcSigner, type Wallet } from 'ethers'
import { type BatchOptions, type BatchResult, planBatch, receiptFileOf, runBatch } from '../../src/batch/index.ts'
import { createColophon } from '../../src/client/index.ts'
import { decodeDocument } from '../../src/document/index.ts'
import { fingerprint } from '../../src/fingerprint/index.ts'
import { parseReceipt } from '../../src/receipt/index.ts'
import { createSimilarityIndex } from '../../src/search/index.ts'
import { createMemoryStore, type Storage } from '../../src/storage/index.ts'
import { verify } from '../../src/verify/index.ts'
import { startChain, type TestChain } from '../chain.ts'
import { expectError } from '../expectError.ts'
import { prose } from '../fingerprint/works.ts'

const text = (number: number): string =>
  `Letter number ${number}. The harbour was frozen for ${number + 3} days, and whoever had ink kept it under his coat until the thaw.`

describe('batch', () => {
  let chain: TestChain
  let root: string
  let folder: string
  let out: string
  let storage: Storage
  before(async () => {
    chain = await startChain()
  })
  after(() => chain.stop())
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'colophon-batch-'))
    folder = join(root, 'works')
    out = join(root, 'out')
    storage = createMemoryStore()
    mkdirSync(folder)
  })
  afterEach(() => rmSync(root, { recursive: true, force: true }))

  let seed = 0
  /** Works that no other test has deposited. */
  function fill(count: number): void {
    for (let index = 0; index < count; index++) writeFileSync(join(folder, `letter-${index}.txt`), text(seed++))
  }
  function options(more: Partial<BatchOptions> = {}): BatchOptions {
    const signer = chain.accounts[1]!
    return {
      folder,
      out,
      storage,
      signer,
      colophon: createColophon({ signer, deployment: chain.deployment }),
      describe: (path) => ({ title: path, creators: [{ name: 'A writer' }] }),
      ...more,
    }
  }
  const run = (more: Partial<BatchOptions> = {}): Promise<BatchResult> => runBatch(options(more))
  const sent = (): Promise<number> => chain.provider.getTransactionCount(chain.accounts[1]!.address)
  const journal = (): { type: string; [field: string]: unknown }[] =>
    readFileSync(join(out, 'journal.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
  /** The journal as a process that died after such an entry leaves it. */
  function diedAfter(type: string): void {
    const lines = readFileSync(join(out, 'journal.jsonl'), 'utf8').trimEnd().split('\n')
    const at = lines.findLastIndex((line) => JSON.parse(line).type === type)
    writeFileSync(join(out, 'journal.jsonl'), `${lines.slice(0, at + 1).join('\n')}\n`)
  }

  it('deposits a folder and its folders with one transaction and writes a receipt for each that verifies', async () => {
    fill(5)
    mkdirSync(join(folder, 'more'))
    writeFileSync(join(folder, 'more', 'a b.md'), `# ${text(seed++)}`)
    writeFileSync(join(folder, '.hidden.txt'), text(seed++))
    symlinkSync(join(folder, 'letter-0.txt'), join(folder, 'link.txt'))
    const before = await sent()
    const stages = new Set<string>()
    const result = await run({ onProgress: ({ stage, done, total }) => stages.add(done === total ? stage : '') })
    expect(await sent()).to.equal(before + 1)
    expect(result).to.include({ count: 6, alreadyDone: false })
    expect(result.refused).to.deep.equal([])
    expect([...stages]).to.include.members(['fingerprint', 'anchor', 'receipts'])
    expect(result.anchor.count).to.equal(6n)
    for (const path of ['letter-3.txt', 'more/a b.md']) {
      const receipt = parseReceipt(readFileSync(receiptFileOf(result.receipts, path), 'utf8'))
      expect(receipt).to.include({ kind: 'anchored', depositedAt: result.anchor.time })
      expect(decodeDocument(await storage.get(receipt.document!)).document.title).to.equal(path)
      const { verdict, checks } = await verify({ file: join(folder, path), receipt }, { ...chain, storage })
      expect(verdict, JSON.stringify(checks)).to.equal('verified')
    }
    const manifest = new TextDecoder().decode(await storage.get(result.manifestCid))
    expect(manifest).to.include(result.anchor.root)
  })

  it('does nothing when it is run again, and says so', async () => {
    fill(3)
    const first = await run()
    const before = await sent()
    const again = await run()
    expect(again).to.deep.equal({ ...first, alreadyDone: true })
    expect(await sent()).to.equal(before)
  })

  for (const type of ['work', 'tree', 'signed', 'anchored'])
    it(`goes on after dying behind an entry of type ${type}, and never pays twice`, async () => {
      fill(4)
      const first = await run()
      const before = await sent()
      diedAfter(type)
      rmSync(first.receipts, { recursive: true })
      const { alreadyDone, ...again } = await run()
      const { alreadyDone: _, ...whole } = first
      expect(again).to.deep.equal(whole)
      expect(alreadyDone).to.equal(false)
      expect(await sent()).to.equal(before)
      expect(readdirSync(again.receipts)).to.have.length(4)
      expect(journal().at(-1)!.type).to.equal('done')
    })

  it('waits for its own transaction when it was stopped before that was mined', async () => {
    fill(3)
    await chain.provider.send('evm_setAutomine', [false])
    try {
      const stop = new AbortController()
      const running = run({ signal: stop.signal })
      const failure = expectError('TRANSACTION_PENDING', () => running)
      while ((await chain.provider.send('txpool_status', [])).pending === '0x0') await new Promise((resolve) => setTimeout(resolve, 20))
      stop.abort(new Error('enough'))
      const error = await failure
      const { transaction } = journal().find(({ type }) => type === 'signed') as unknown as { transaction: string }
      expect(error.details.transactionHash).to.equal(transaction)

      const resumed = run()
      await new Promise((resolve) => setTimeout(resolve, 200))
      await chain.provider.send('evm_mine', [])
      const { anchor } = await resumed
      expect(anchor.transaction).to.equal(transaction)
      expect(journal().filter(({ type }) => type === 'signed')).to.have.length(1)
    } finally {
      await chain.provider.send('evm_setAutomine', [true])
    }
  })

  it('signs anew when another transaction has taken the nonce', async () => {
    fill(2)
    const snapshot = await chain.provider.send('evm_snapshot', [])
    const first = await run()
    // The chain forgets the anchor; the account spends its nonce on something else.
    await chain.provider.send('evm_revert', [snapshot])
    await (await chain.accounts[1]!.sendTransaction({ to: chain.accounts[0]!.address, value: 1n })).wait()
    const again = await run()
    expect(again.anchor.root).to.equal(first.anchor.root)
    expect(again.anchor.transaction).to.not.equal(first.anchor.transaction)
    const receipt = parseReceipt(readFileSync(receiptFileOf(again.receipts, 'letter-0.txt'), 'utf8'))
    expect(receipt.anchor!.transaction).to.equal(again.anchor.transaction)
  })

  it('takes an unfinished last line for what it is', async () => {
    fill(3)
    const first = await run()
    diedAfter('work')
    appendFileSync(join(out, 'journal.jsonl'), '{"type":"tree","ro')
    expect((await run()).anchor).to.deep.equal(first.anchor)
  })

  it('refuses a journal that was damaged in the middle or tells of other works', async () => {
    fill(3)
    await run()
    const whole = readFileSync(join(out, 'journal.jsonl'), 'utf8')
    const lines = whole.split('\n')
    writeFileSync(join(out, 'journal.jsonl'), [lines[0], `${lines[1]!.slice(0, 40)}`, ...lines.slice(2)].join('\n'))
    expect((await expectError('BATCH_DAMAGED', run)).details.line).to.equal(2)
    writeFileSync(join(out, 'journal.jsonl'), whole.replace(/"salt":"0x0/, '"salt":"0x1').replace(/"id":"0x./, '"id":"0xf'))
    const before = await sent()
    await expectError('BATCH_DAMAGED', run)
    expect(await sent()).to.equal(before)
  })

  it('stops before anything is paid when files are refused, or leaves them out when told to', async () => {
    fill(2)
    writeFileSync(join(folder, 'empty.txt'), '')
    writeFileSync(
      join(folder, 'noise.bin'),
      Uint8Array.from({ length: 100 }, (_, at) => at),
    )
    const before = await sent()
    const error = await expectError('BATCH_REFUSED', run)
    expect(error.shortMessage).to.include('empty.txt (The file is empty)')
    expect((error.details.refused as { path: string; code: string }[]).map(({ path, code }) => [path, code])).to.have.deep.members([
      ['empty.txt', 'FINGERPRINT_EMPTY'],
      ['noise.bin', 'FINGERPRINT_UNSUPPORTED'],
    ])
    expect(await sent()).to.equal(before)
    const taken = await run({ unsupported: 'data', refused: 'skip' })
    expect(taken.count).to.equal(3)
    expect(taken.refused.map(({ path }) => path)).to.deep.equal(['empty.txt'])
    const receipt = parseReceipt(readFileSync(receiptFileOf(taken.receipts, 'noise.bin'), 'utf8'))
    expect(BigInt(receipt.work.fingerprint)).to.equal(0n)
  })

  it('refuses a work that its description does not fit', async () => {
    fill(1)
    const error = await expectError('BATCH_REFUSED', () => run({ describe: () => ({ title: '', creators: [] }) }))
    expect(error.shortMessage).to.include('/title')
  })

  it('fingerprints changed and new files again until it is closed, and leaves those that come later', async () => {
    fill(3)
    const seen: string[] = []
    const describe = (path: string): { title: string; creators: { name: string }[] } => {
      seen.push(path)
      return { title: path, creators: [{ name: 'A writer' }] }
    }
    const stop = async (): Promise<void> => {
      throw new Error('not yet')
    }
    const failure = await run({ describe, confirm: stop }).catch((error: unknown) => error)
    expect((failure as Error).message).to.equal('not yet')
    expect(seen).to.have.length(3)
    // Closed: the tree stands in the journal.
    writeFileSync(join(folder, 'letter-0.txt'), text(seed++))
    writeFileSync(join(folder, 'late.txt'), text(seed++))
    const { later, count } = await run({ describe })
    expect(later).to.have.members(['letter-0.txt', 'late.txt'])
    expect(count).to.equal(3)
    expect(seen).to.have.length(3)
  })

  it('reads again only what is new or changed', async () => {
    fill(3)
    writeFileSync(join(folder, 'empty.txt'), '')
    await expectError('BATCH_REFUSED', run)
    const seen: string[] = []
    rmSync(join(folder, 'empty.txt'))
    rmSync(join(folder, 'letter-2.txt'))
    writeFileSync(join(folder, 'letter-1.txt'), text(seed++))
    utimesSync(join(folder, 'letter-1.txt'), 1, 1)
    const { count } = await run({
      describe: (path) => {
        seen.push(path)
        return { title: path, creators: [{ name: 'A writer' }] }
      },
    })
    expect(count).to.equal(2)
    expect(seen).to.deep.equal(['letter-1.txt'])
  })

  it('asks once what it may spend, with root, count and gas', async () => {
    fill(2)
    const asked: unknown[] = []
    const result = await run({
      confirm: async (plan) => {
        asked.push({ ...plan, gas: plan.gas > 40_000n && plan.gas < 100_000n })
      },
    })
    expect(asked).to.deep.equal([{ root: result.anchor.root, count: 2, manifestCid: result.manifestCid, gas: true }])
  })

  it('says beforehand what it would do, and changes nothing', async () => {
    fill(3)
    writeFileSync(join(folder, 'empty.txt'), '')
    const before = await sent()
    const puts: string[] = []
    const watched = { ...storage, put: async () => puts.push('put'), putBlock: async () => puts.push('block') } as unknown as Storage
    await expectError('BATCH_REFUSED', () => planBatch(options({ storage: watched })))
    const plan = await planBatch(options({ storage: watched, refused: 'skip' }))
    expect([readdirSync(root), puts, await sent()]).to.deep.equal([['works'], [], before])
    const result = await run({ refused: 'skip' })
    const { root: planned, count, manifestCid, refused, own, later } = plan
    expect(plan.gas > 40_000n && plan.gas < 100_000n).to.equal(true)
    expect([planned, count, manifestCid]).to.deep.equal([result.anchor.root, result.count, result.manifestCid])
    expect({ refused, own, later }).to.deep.equal({ refused: result.refused, own: [], later: [] })
    const journalBefore = readFileSync(join(out, 'journal.jsonl'), 'utf8')
    writeFileSync(join(folder, 'late.txt'), text(seed++))
    expect(await planBatch(options({ storage: watched }))).to.deep.include({ alreadyAnchored: true, gas: 0n, later: ['late.txt'] })
    expect(readFileSync(join(out, 'journal.jsonl'), 'utf8')).to.equal(journalBefore)
    await expectError('OUTPUT_UNWRITABLE', () => {
      writeFileSync(join(folder, 'n'.repeat(250)), text(seed++))
      return planBatch(options({ out: join(root, 'other'), unsupported: 'data', refused: 'skip' }))
    })
    expect(readdirSync(root)).to.have.members(['works', 'out'])
  })

  it('stops when told to and keeps what it has', async () => {
    fill(30)
    const stop = new AbortController()
    const reason = new Error('enough')
    const before = await sent()
    const failure = await run({
      concurrency: 1,
      signal: stop.signal,
      onProgress: ({ stage, done }) => {
        if (stage === 'fingerprint' && done === 5) stop.abort(reason)
      },
    }).catch((error: unknown) => error)
    expect(failure).to.equal(reason)
    expect(await sent()).to.equal(before)
    expect(journal().filter(({ type }) => type === 'work').length).to.be.within(5, 6)
    expect(readdirSync(out)).to.deep.equal(['journal.jsonl'])
    expect((await run()).count).to.equal(30)
  })

  it('belongs to one account, one process and one chain', async () => {
    fill(2)
    await run()
    const other = chain.accounts[2] as unknown as Wallet
    const error = await expectError('BATCH_OTHER', () =>
      run({ signer: other, colophon: createColophon({ signer: other, deployment: chain.deployment }) }),
    )
    expect((error.details.found as { claimant: string }).claimant).to.equal(other.address)

    // Process 1 lives as long as the machine.
    const busy = join(out, 'lock-1-0123456789ab-0123456789abcdef')
    writeFileSync(busy, '')
    expect((await expectError('BATCH_BUSY', run)).details).to.deep.equal({ pid: 1, lock: busy })
    rmSync(busy)
    const earlier = `lock-${process.pid}-0123456789ab-0123456789abcdef`
    for (const gone of ['lock-999999999-0123456789ab-0123456789abcdef', earlier]) {
      writeFileSync(join(out, gone), '')
      utimesSync(join(out, gone), 1, 1)
      expect((await run()).alreadyDone).to.equal(true)
      expect(readdirSync(out)).to.have.members(['journal.jsonl', 'receipts'])
    }

    const fresh = join(root, 'fresh')
    fill(2)
    const before = await sent()
    let met = 0
    await run({
      out: fresh,
      confirm: async () => {
        expect((await expectError('BATCH_BUSY', () => run({ out: fresh }))).details.pid).to.equal(process.pid)
        met++
      },
    })
    expect(met).to.equal(1)
    expect(await sent()).to.equal(before + 1)
    // At once: they give way to each other, and one goes first.
    fill(2)
    const both = await Promise.allSettled([run({ out: join(root, 'both') }), run({ out: join(root, 'both') })])
    expect(both.map(({ status }) => status)).to.include('fulfilled')
    expect(await sent()).to.equal(before + 2)
  })

  it('needs a folder, works in it, a place for its results and a signer that signs', async () => {
    await expectError('FOLDER_NOT_FOUND', () => run({ folder: join(root, 'none') }))
    await expectError('BATCH_EMPTY', run)
    fill(1)
    writeFileSync(join(root, 'file'), '')
    await expectError('OUTPUT_UNWRITABLE', () => run({ out: join(root, 'file') }))
    const remote = new JsonRpcSigner(chain.provider, chain.accounts[3]!.address)
    const wallet = {
      ...options(),
      out: join(root, 'other'),
      signer: remote,
      colophon: createColophon({ signer: remote, deployment: chain.deployment }),
    }
    remote.signTransaction = async () => {
      throw new Error('wallets do not')
    }
    await expectError('SIGNER_CANNOT_SIGN', () => runBatch(wallet))
  })

  describe('with an index', () => {
    it('stops for look-alikes before anything is paid, notes them in the documents, and adds the works', async () => {
      for (let number = 0; number < 3; number++) writeFileSync(join(folder, `letter-${number}.txt`), prose(900 + number, 200))
      const index = await createSimilarityIndex()
      await index.insert({ id: `0x${'ab'.repeat(32)}`, fingerprint: await fingerprint(join(folder, 'letter-1.txt')) })
      const before = await sent()
      const error = await expectError('LOOK_ALIKES_FOUND', () => run({ index }))
      expect(error.details).to.include({ count: 1 })
      expect(error.shortMessage).to.include('letter-1.txt')
      expect(await sent()).to.equal(before)
      const shown: unknown[] = []
      const plan = await planBatch(options({ index, lookAlikes: 'deposit' }))
      const result = await run({ index, lookAlikes: 'deposit', confirm: async ({ lookAlikes }) => void shown.push(lookAlikes) })
      expect(shown).to.deep.equal([plan.lookAlikes])
      expect(plan.lookAlikes!.first).to.deep.equal([
        {
          path: 'letter-1.txt',
          lookAlikes: [{ deposit: `0x${'ab'.repeat(32)}`, verdict: 'identical', reason: 'The two files have the same SHA-256.' }],
        },
      ])
      for (let number = 0; number < 3; number++) {
        const receipt = parseReceipt(readFileSync(receiptFileOf(result.receipts, `letter-${number}.txt`), 'utf8'))
        const { originality } = decodeDocument(await storage.get(receipt.document!)).document
        expect(originality!.lookAlikes).to.have.length(number === 1 ? 1 : 0)
        expect(await index.has(receipt.id)).to.equal(true)
      }
      expect(await index.size()).to.equal(4)
      // Run again, it finds everything done.
      expect((await run({ index })).alreadyDone).to.equal(true)
    })
  })
})
