import { type ChildProcess, spawn } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startRelay } from '@colophon/sdk/relay/server'
import { startTestbed, type Testbed } from '@colophon/sdk/testing'
import { verify } from '@colophon/sdk/verify'
import { expect } from 'chai'

const root = join(import.meta.dirname, '..', '..')
const media = join(root, 'examples', 'media')

describe('examples', function () {
  this.timeout(120_000)
  let bed: Testbed
  let folder: string
  before(async () => {
    bed = await startTestbed()
  })
  after(() => bed.stop())
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'colophon-examples-'))
    symlinkSync(join(root, 'examples'), join(folder, 'examples'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  interface Running {
    child: ChildProcess
    /** Resolves at the first line. */
    begun: Promise<string>
    ended: Promise<{ code: number | null; out: string; err: string }>
  }

  function start(example: string, args: string[] = [], env: Record<string, string> = {}): Running {
    const child = spawn(process.execPath, [join(root, 'examples', example), ...args], {
      cwd: folder,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let out = ''
    let err = ''
    child.stderr!.on('data', (chunk: Buffer) => (err += chunk.toString()))
    const begun = new Promise<string>((resolve, reject) => {
      child.stdout!.on('data', (chunk: Buffer) => {
        out += chunk.toString()
        if (out.includes('\n')) resolve(out.split('\n')[0]!)
      })
      child.once('close', () => reject(new Error(err)))
    })
    begun.catch(() => undefined)
    return { child, begun, ended: once(child, 'close').then(([code]) => ({ code: code as number | null, out, err })) }
  }

  it('first.mjs: a newcomer deposits on a local chain', async () => {
    symlinkSync(media, join(folder, 'media'))
    const { code, out, err } = await start('first.mjs').ended
    expect(code, err).to.equal(0)
    expect(out.trim()).to.match(/^0x[0-9a-f]{64}$/)
  })

  it('sponsored.ts: a creator without coin deposits', async () => {
    const { code, out, err } = await start('sponsored.ts').ended
    expect(code, err).to.equal(0)
    expect(out.trim()).to.equal('signed verified 0n')
  })

  it('webhook.ts: what a publishing system publishes is deposited once, and only by whoever knows the secret', async () => {
    const relay = await startRelay({
      signer: bed.accounts[8]!,
      folder: join(folder, 'queue'),
      deployment: bed.deployment,
      quota: { none: 9 },
      batch: { seconds: 0 },
      port: 0,
    })
    const publisher = await bed.newWallet()
    const hook = start('webhook.ts', [], {
      PUBLISHER_KEY: publisher.privateKey,
      WEBHOOK_SECRET: 'a secret',
      RELAY_URL: relay.url,
      RPC_URL: bed.url,
      PORT: '0',
    })
    try {
      const url = await hook.begun
      const body = JSON.stringify({ file: 'examples/media/coffee.jpg', title: 'Coffee', creator: 'Rachel Michetti' })
      const call = (signature: string): Promise<Response> =>
        fetch(`${url}/published`, { method: 'POST', headers: { 'content-type': 'application/json', 'x-signature': signature }, body })
      expect((await call('00')).status).to.equal(401)
      expect((await call(createHmac('sha256', 'another').update(body).digest('hex'))).status).to.equal(401)
      const signature = createHmac('sha256', 'a secret').update(body).digest('hex')
      const answer = await call(signature)
      const text = await answer.text()
      expect(answer.status, text).to.equal(201)
      const receipt = JSON.parse(text)
      expect(receipt.claimant).to.equal(publisher.address)
      const { verdict } = await verify({ receipt, file: join(media, 'coffee.jpg') }, { provider: bed.provider, deployment: bed.deployment })
      expect(verdict).to.equal('verified')
      const again = await call(signature)
      expect(((await again.json()) as { id: string }).id).to.equal(receipt.id)
      expect((await bed.as(1).deposits.findByClaimant(publisher.address)).length).to.equal(1)
    } finally {
      hook.child.kill('SIGINT')
      await hook.ended
      await relay.stop()
    }
  })

  it("agency.ts: an agency's catalogue is anchored, and each photographer gets receipts", async () => {
    mkdirSync(join(folder, 'stock', 'spring'), { recursive: true })
    copyFileSync(join(media, 'coffee.jpg'), join(folder, 'stock', 'spring', 'coffee.jpg'))
    copyFileSync(join(media, 'on-colophons.md'), join(folder, 'stock', 'essay.md'))
    writeFileSync(
      join(folder, 'stock', 'catalogue.csv'),
      'file,title,photographer\nspring/coffee.jpg,Coffee,Rachel\nessay.md,On colophons,Bo\nmissing.jpg,Nothing,Bo\n',
    )
    const run = (): Running['ended'] =>
      start('agency.ts', ['stock/catalogue.csv'], { RPC_URL: bed.url, AGENCY_KEY: bed.accounts[5]!.privateKey }).ended
    const first = await run()
    expect(first.code, first.err).to.equal(0)
    expect(first.out)
      .to.match(/^left out: missing\.jpg/)
      .and.to.match(/2 works anchored in block \d+\.$/m)
    const file = join(folder, 'receipts', 'Rachel', 'spring', 'coffee.jpg.receipt.json')
    const { verdict } = await verify(
      { receipt: readFileSync(file, 'utf8'), file: join(media, 'coffee.jpg') },
      { provider: bed.provider, deployment: bed.deployment },
    )
    expect(verdict).to.equal('verified')
    expect(existsSync(join(folder, 'receipts', 'Bo', 'essay.md.receipt.json'))).to.equal(true)
    const sent = await bed.provider.getTransactionCount(bed.accounts[5]!.address)
    expect((await run()).out).to.include('before.')
    expect(await bed.provider.getTransactionCount(bed.accounts[5]!.address)).to.equal(sent)
  })
})
