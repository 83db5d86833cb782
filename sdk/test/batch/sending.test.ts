import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { type JsonRpcProvider, Transaction, Wallet } from 'ethers'
import { type BatchOptions, type BatchResult, listFiles, receiptFileOf, runBatch } from '../../src/batch/index.ts'
import { createColophon } from '../../src/client/index.ts'
import type { Deployment } from '../../src/contracts/deployments.ts'
import { ColophonError } from '../../src/errors/index.ts'
import { createMemoryStore, openBlockStore } from '../../src/storage/index.ts'
import { verify } from '../../src/verify/index.ts'
import { startChain, type TestChain } from '../chain.ts'
import { expectError } from '../expectError.ts'
import { mountSmallDisk } from '../storage/smallDisk.ts'

describe('batch: money, disks and company', () => {
  let chain: TestChain
  let root: string
  let folder: string
  let out: string
  let signer: Wallet
  before(async () => {
    chain = await startChain()
  })
  after(() => chain.stop())
  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'colophon-batch-'))
    folder = join(root, 'works')
    out = join(root, 'out')
    mkdirSync(folder)
    signer = await funded()
  })
  afterEach(() => rmSync(root, { recursive: true, force: true }))

  /** A new account, so that its transactions can be counted from nothing. */
  async function funded(provider: JsonRpcProvider = chain.provider, wei = 10n ** 18n): Promise<Wallet> {
    const { privateKey, address } = Wallet.createRandom()
    await provider.send('anvil_setBalance', [address, `0x${wei.toString(16)}`])
    return new Wallet(privateKey, provider)
  }
  let seed = 0
  function fill(count: number): void {
    for (let index = 0; index < count; index++)
      writeFileSync(
        join(folder, `${index}.txt`),
        `Account ${seed++} of the lighthouse: oil, wicks and bread for the days in which no boat came.`,
      )
  }
  function options(more: Partial<BatchOptions> = {}, deployment: Deployment = chain.deployment): BatchOptions {
    const by = more.signer ?? signer
    return {
      folder,
      out,
      storage: createMemoryStore(),
      signer: by,
      colophon: createColophon({ signer: by, deployment }),
      describe: (path) => ({ title: path, creators: [{ name: 'A keeper' }] }),
      ...more,
    }
  }
  const run = (more: Partial<BatchOptions> = {}): Promise<BatchResult> => runBatch(options(more))
  const sent = (): Promise<number> => signer.getNonce('latest')
  const lines = (): string[] => readFileSync(join(out, 'journal.jsonl'), 'utf8').trimEnd().split('\n')
  function cutBehind(type: string): void {
    const all = lines()
    const at = all.findLastIndex((line) => JSON.parse(line).type === type)
    writeFileSync(join(out, 'journal.jsonl'), `${all.slice(0, at + 1).join('\n')}\n`)
  }

  it('sends the very transaction it had signed, if that was never sent', async () => {
    fill(3)
    const snapshot = await chain.provider.send('evm_snapshot', [])
    const first = await run()
    await chain.provider.send('evm_revert', [snapshot])
    cutBehind('signed')
    const again = await run()
    expect(again.anchor.transaction).to.equal(first.anchor.transaction)
    expect(lines().filter((line) => JSON.parse(line).type === 'signed')).to.have.length(1)
    expect(await sent()).to.equal(1)
  })

  it('refuses to sign anew while the RPC may only lag behind', async () => {
    const other = await startChain({ args: ['--chain-id', '777'], bare: true })
    try {
      const { address, block } = chain.deployment.contracts.CopyrightRegistry!
      await other.provider.send('anvil_setCode', [address, await chain.provider.getCode(address)])
      const deployment = { chainId: 777, contracts: { CopyrightRegistry: { address, block } } }
      const by = await funded(other.provider)
      const elsewhere = options({ signer: by }, deployment)
      fill(2)
      const snapshot = await other.provider.send('evm_snapshot', [])
      await (await by.sendTransaction({ to: by.address, value: 0n })).wait()
      const { anchor } = await runBatch(elsewhere)
      await other.provider.send('evm_revert', [snapshot])
      cutBehind('signed')
      const error = await expectError('BATCH_SENDER_AHEAD', () => runBatch(elsewhere))
      expect(error.details).to.include({ nonce: 1, next: 0, transactionHash: anchor.transaction })
    } finally {
      await other.stop()
    }
  })

  describe('when the base fee rises after the anchor was signed', () => {
    const signedLines = (): { transaction: string; nonce: number; raw: string }[] =>
      lines()
        .map((line) => JSON.parse(line))
        .filter(({ type }) => type === 'signed')
    const dear = 500n * 10n ** 9n
    const seconds = (): Promise<unknown> => chain.provider.getTransaction(signedLines()[1]?.transaction ?? `0x${'0'.repeat(64)}`)
    const setBaseFee = (fee: bigint): Promise<unknown> => chain.provider.send('anvil_setNextBlockBaseFeePerGas', [`0x${fee.toString(16)}`])
    let snapshot: string
    beforeEach(async () => {
      snapshot = await chain.provider.send('evm_snapshot', [])
    })
    afterEach(async () => {
      await chain.provider.send('evm_setAutomine', [true])
      await chain.provider.send('evm_revert', [snapshot])
      await setBaseFee(10n ** 9n)
      await chain.provider.send('evm_mine', [])
    })
    /** Signs, notes and sends the anchor, and stops before it is mined. */
    async function sendAndStop(): Promise<void> {
      await chain.provider.send('evm_setAutomine', [false])
      const stop = new AbortController()
      const stopped = expectError('TRANSACTION_PENDING', () => run({ signal: stop.signal }))
      while ((await chain.provider.send('txpool_status', [])).pending === '0x0') await new Promise((resolve) => setTimeout(resolve, 20))
      stop.abort(new Error('enough'))
      await stopped
    }
    async function onlyOneIsMined(result: BatchResult): Promise<void> {
      const [first, second, ...more] = signedLines()
      expect(more).to.deep.equal([])
      expect(second!.nonce).to.equal(first!.nonce)
      expect(result.anchor.transaction).to.equal(second!.transaction)
      expect(await sent()).to.equal(1)
      // Whoever kept the first cannot get it mined any more.
      const late = await chain.provider.broadcastTransaction(first!.raw).catch((fault: unknown) => fault)
      expect(late).to.be.instanceOf(Error)
      expect(await run()).to.deep.include({ alreadyDone: true, anchor: result.anchor })
    }

    it('replaces what waits in the pool by the same nonce with a higher fee', async () => {
      fill(2)
      await sendAndStop()
      await setBaseFee(dear)
      await chain.provider.send('evm_mine', [])
      expect(await sent()).to.equal(0)
      const running = run()
      while ((await seconds()) === null) await new Promise((resolve) => setTimeout(resolve, 20))
      await chain.provider.send('evm_mine', [])
      await onlyOneIsMined(await running)
    })

    it('signs again when the node refuses the fee', async () => {
      fill(2)
      await sendAndStop()
      await chain.provider.send('anvil_dropTransaction', [signedLines()[0]!.transaction])
      await chain.provider.send('evm_setAutomine', [true])
      // The last block does not tell: only the node knows what the next one asks.
      const { maxFeePerGas } = Transaction.from(signedLines()[0]!.raw)
      await setBaseFee((maxFeePerGas! * 3n) / 2n)
      await onlyOneIsMined(await run())
    })

    it('takes the first for the anchor when that is mined after all', async () => {
      fill(2)
      await sendAndStop()
      await setBaseFee(dear)
      await chain.provider.send('evm_mine', [])
      const stop = new AbortController()
      const again = expectError('TRANSACTION_PENDING', () => run({ signal: stop.signal }))
      while ((await seconds()) === null) await new Promise((resolve) => setTimeout(resolve, 20))
      stop.abort(new Error('enough'))
      await again
      const [first, second] = signedLines()
      await chain.provider.send('anvil_dropTransaction', [second!.transaction])
      await setBaseFee(10n ** 9n)
      await chain.provider.send('evm_mine', [])
      await chain.provider.broadcastTransaction(first!.raw)
      await setBaseFee(10n ** 9n)
      await chain.provider.send('evm_mine', [])
      expect((await run()).anchor.transaction).to.equal(first!.transaction)
      expect(await sent()).to.equal(1)
    })
  })

  it('waits for an RPC whose state or logs are behind its receipts', async () => {
    fill(2)
    const { deposits, ...colophon } = options().colophon
    let asked = 0
    const lagging = {
      ...colophon,
      deposits: {
        ...deposits,
        getAnchor: async (root: string) => {
          asked++
          // Nothing is there before it is sent; then the state is late, and then the logs.
          if (asked === 4) throw new ColophonError('EVENT_MISSING', 'Not yet.')
          return asked < 4 ? undefined : await deposits.getAnchor(root)
        },
      },
    }
    expect((await run({ colophon: lagging as BatchOptions['colophon'] })).count).to.equal(2)
    expect(asked).to.equal(5)
  })

  it('says when the transaction failed, and signs another when run again', async () => {
    fill(2)
    const stingy = new Wallet(signer.privateKey, chain.provider)
    stingy.signTransaction = (request) => Wallet.prototype.signTransaction.call(stingy, { ...request, gasLimit: 30_000n })
    const error = await expectError('TRANSACTION_FAILED', () => run({ signer: stingy }))
    expect(error.details.transactionHash).to.match(/^0x[0-9a-f]{64}$/)
    const { anchor } = await run()
    expect(anchor.transaction).to.not.equal(error.details.transactionHash)
  })

  it('keeps everything when the account cannot pay, and goes on when it can', async () => {
    fill(2)
    await chain.provider.send('anvil_setBalance', [signer.address, '0x1'])
    await expectError('INSUFFICIENT_FUNDS', run)
    const root = JSON.parse(lines().find((line) => JSON.parse(line).type === 'tree')!).root
    await chain.provider.send('anvil_setBalance', [signer.address, '0xde0b6b3a7640000'])
    const { anchor } = await run()
    expect(anchor.root).to.equal(root)
    expect(await sent()).to.equal(1)
  })

  it('needs a signer with a provider', async () => {
    fill(1)
    const alone = new Wallet(signer.privateKey)
    await expectError('SIGNER_MISSING', () =>
      runBatch({
        ...options(),
        signer: alone,
        colophon: createColophon({ signer: alone, provider: chain.provider, deployment: chain.deployment }),
      }),
    )
  })

  it('anchors a thousand works', async () => {
    fill(1000)
    const storage = createMemoryStore()
    const { count, receipts } = await run({ storage })
    expect(count).to.equal(1000)
    expect(await sent()).to.equal(1)
    expect(readdirSync(receipts)).to.have.length(1000)
    const file = join(folder, '777.txt')
    const { verdict } = await verify({ file, receipt: readFileSync(receiptFileOf(receipts, '777.txt'), 'utf8') }, { ...chain, storage })
    expect(verdict).to.equal('verified')
  })

  it('refuses a file that changes while it is read', async () => {
    fill(1)
    const error = await expectError('BATCH_REFUSED', () =>
      run({
        describe: (path) => {
          appendFileSync(join(folder, path), ' And more.')
          return { title: path, creators: [{ name: 'A keeper' }] }
        },
      }),
    )
    expect((error.details.refused as { code: string }[])[0]!.code).to.equal('FILE_CHANGED')
    expect((await run()).count).to.equal(1)
  })

  it('leaves nothing behind for a folder without works', async () => {
    writeFileSync(join(folder, '.hidden'), 'x')
    await expectError('BATCH_EMPTY', run)
    expect(existsSync(out)).to.equal(false)
    // Its own results are no works.
    await expectError('BATCH_EMPTY', () => run({ out: join(folder, 'results') }))
  })

  it('finds out that a receipt cannot be written before anything is paid', async () => {
    const refused = async (more: Partial<BatchOptions> = {}): Promise<string> => {
      const { shortMessage, details } = await expectError('OUTPUT_UNWRITABLE', () => run(more))
      expect(await sent()).to.equal(0)
      expect(shortMessage).to.include('Nothing was paid')
      // The folder can be mended as long as the batch is not closed.
      expect(lines().some((line) => JSON.parse(line).type === 'tree')).to.equal(false)
      return details.file as string
    }
    fill(1)
    const longest = `${'n'.repeat(255 - '.receipt.json'.length - 2)}é`
    writeFileSync(join(folder, longest), 'A letter whose name is as long as a name may be, with its receipt.')
    writeFileSync(join(folder, `${longest}x`), 'Another letter, whose name is longer than that by one byte only.')
    expect(await refused()).to.include(longest)
    rmSync(join(folder, `${longest}x`))

    // A receipt is in the way of a folder of receipts.
    mkdirSync(join(folder, '0.txt.receipt.json'))
    writeFileSync(join(folder, '0.txt.receipt.json', 'a.txt'), 'A letter in a folder that is called like the receipt of another.')
    expect(await refused()).to.equal(receiptFileOf(join(out, 'receipts'), '0.txt'))
    rmSync(join(folder, '0.txt.receipt.json'), { recursive: true })

    rmSync(join(out, 'receipts'), { recursive: true })
    writeFileSync(join(out, 'receipts'), 'a file where the folder should be')
    expect(await refused()).to.equal(join(out, 'receipts'))
    rmSync(join(out, 'receipts'))
    const { receipts } = await run()
    expect(readdirSync(receipts)).to.have.members(['0.txt.receipt.json', `${longest}.receipt.json`])
    expect(await sent()).to.equal(1)
  })

  it("leaves out Colophon's own files, and says which", async () => {
    fill(2)
    const first = await run({ out: join(folder, 'first') })
    const { kind, ...rest } = JSON.parse(readFileSync(receiptFileOf(first.receipts, '0.txt'), 'utf8'))
    writeFileSync(join(folder, '0.txt.receipt.json'), JSON.stringify({ ...rest, kind }))
    writeFileSync(join(folder, 'x.opening.json'), '{ "type": "colophon-seal-opening" }')
    writeFileSync(join(folder, 'y.request.json'), '{\n  "type": "colophon-signed-deposit"\n}')
    mkdirSync(join(folder, 'more'))
    await (await openBlockStore(join(folder, 'more', 'store'))).putBlock(Uint8Array.of(1))
    writeFileSync(join(folder, 'tale.json'), '{"type":"tale","text":"Once there was a printer who kept all his colophons in one drawer."}')
    writeFileSync(
      join(folder, 'more', 'journal.jsonl'),
      '{"type":"day","text":"It rained, and the ink would not dry before the evening."}\n',
    )
    const own = ['0.txt.receipt.json', 'first/', 'more/store/', 'x.opening.json', 'y.request.json']
    const result = await run({ unsupported: 'data' })
    expect(result.own).to.deep.equal(own)
    expect(result.count).to.equal(4)
    expect(await run()).to.deep.include({ own, later: [], alreadyDone: true })
    for (const each of ['tale.json', '0.txt', '1.txt']) rmSync(join(folder, each))
    rmSync(join(folder, 'more'), { recursive: true })
    await expectError('BATCH_EMPTY', () => run({ out: join(root, 'other') }))
  })

  it('says when a folder within goes away', async () => {
    fill(1)
    mkdirSync(join(folder, 'later'))
    await expectError('FOLDER_NOT_READABLE', async () => {
      for await (const _ of listFiles(folder)) rmSync(join(folder, 'later'), { recursive: true })
    })
  })

  it('does not wait for a killed process that the system keeps', async function () {
    if (!existsSync('/proc/self/stat')) this.skip()
    fill(1)
    // A shell that has become another program, before its child ends, never asks for it.
    const keeper: ChildProcess = spawn('sh', ['-c', 'sleep 0.3 & echo $!; exec sleep 30'], { stdio: ['ignore', 'pipe', 'ignore'] })
    try {
      const pid = await new Promise<string>((resolve) => keeper.stdout!.once('data', (chunk: Buffer) => resolve(chunk.toString().trim())))
      while (!/\) Z /.test(readFileSync(join('/proc', pid, 'stat'), 'latin1'))) await new Promise((resolve) => setTimeout(resolve, 10))
      mkdirSync(out)
      writeFileSync(join(out, `lock-${pid}-0123456789ab-0123456789abcdef`), '')
      expect((await run()).count).to.equal(1)
    } finally {
      keeper.kill('SIGKILL')
    }
  })

  for (const what of ['receipts', 'journal', 'store'] as const)
    it(`goes on when the disk was full: ${what}`, async function () {
      const sizes = { receipts: 128 * 1024, journal: 12 * 1024, store: 64 * 1024 }
      const disk = mountSmallDisk(sizes[what])
      if (disk === undefined) return this.skip()
      try {
        fill(60)
        const more = what === 'store' ? { storage: await openBlockStore(join(disk.path, 'store')) } : { out: join(disk.path, 'out') }
        await expectError(what === 'store' ? 'STORAGE_FULL' : 'OUTPUT_UNWRITABLE', () => run(more))
        expect(await sent()).to.equal(what === 'receipts' ? 1 : 0)
        expect(spawnSync('mount', ['-o', 'remount,size=8m', disk.path]).status).to.equal(0)
        const { count, receipts } = await run(more)
        expect(count).to.equal(60)
        expect(readdirSync(receipts)).to.have.length(60)
        expect(await sent()).to.equal(1)
      } finally {
        disk.unmount()
      }
    })
})
