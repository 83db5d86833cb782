import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect } from 'chai'
import { build } from 'esbuild'
import type { Browser, Page } from 'playwright-core'
import sharp from 'sharp'
import { compare, type Fingerprint, fingerprint, type ImageFingerprint } from '../../src/fingerprint/index.ts'
import { createDeposits } from '../../src/index.ts'
import { createMemoryStore } from '../../src/storage/index.ts'
import { hammingDistance } from '../../src/verify/file.ts'
import { startChain, type TestChain } from '../chain.ts'
import { ESSAY, PHOTO } from '../fingerprint/media.ts'
import { launchChromium } from './chromium.ts'

/** Bits of 256 that verification allows two decoders to differ in. */
const TOLERANCE = 8

describe('in Chromium', function () {
  // The first time, the browser itself may have to be installed.
  this.timeout(300_000)
  const files = new Map<string, Uint8Array | string>()
  const asked: string[] = []
  let browser: Browser | undefined
  let server: Server
  let page: Page
  let origin: string
  let chain: TestChain | undefined

  before(async function () {
    browser = await launchChromium()
    if (browser === undefined) this.skip()
    const photo = readFileSync(PHOTO)
    const { outputFiles } = await build({
      entryPoints: [join(import.meta.dirname, 'page.ts')],
      bundle: true,
      format: 'esm',
      platform: 'browser',
      target: 'es2022',
      write: false,
      logLevel: 'error',
      // The sources stand where the package has its build; its `browser` field says which file a browser takes instead.
      plugins: [
        {
          name: 'browser field',
          setup({ onResolve }) {
            onResolve({ filter: /\.node\.ts$/ }, ({ path, resolveDir }) => ({
              path: join(resolveDir, path.replace('.node.ts', '.browser.ts')),
            }))
          },
        },
      ],
    })
    files.set('/page.js', outputFiles[0]!.text)
    files.set('/', '<!doctype html><meta charset="utf-8"><title>SDK</title><script type="module" src="/page.js"></script>')
    files.set('/photo.jpg', photo)
    files.set('/photo.png', await sharp(photo).png().toBuffer())
    files.set('/photo.webp', await sharp(photo).webp({ quality: 80 }).toBuffer())
    files.set('/turned.jpg', await sharp(photo).rotate(90).withMetadata({ orientation: 8 }).jpeg({ quality: 95 }).toBuffer())
    files.set('/grey.png', await sharp(photo).greyscale().png().toBuffer())
    files.set('/alpha.png', await sharp(photo).ensureAlpha(0.5).png().toBuffer())
    files.set('/cut.jpg', photo.subarray(0, 2000))
    files.set('/essay.md', readFileSync(ESSAY))
    server = createServer((request, response) => {
      const body = files.get(request.url!)
      const type = request.url!.endsWith('.js') ? 'text/javascript' : request.url === '/' ? 'text/html' : 'application/octet-stream'
      response.writeHead(body === undefined ? 404 : 200, { 'content-type': type }).end(body)
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    page = await browser.newPage()
    page.on('request', (request) => asked.push(`${request.method()} ${request.url()}`))
    await page.goto(origin)
    await page.waitForFunction('typeof fingerprintOf === "function"')
  })
  after(async () => {
    await browser?.close()
    server?.closeAllConnections()
    server?.close()
    await chain?.stop()
  })

  const call = async <Answer>(name: string, ...args: unknown[]): Promise<Answer> =>
    (await page.evaluate(
      ([of, given]) => (globalThis as unknown as Record<string, (...values: unknown[]) => unknown>)[of as string]!(...(given as unknown[])),
      [name, args] as const,
    )) as Answer

  it('gives a text the fingerprint that Node gives it', async () => {
    expect(await call('fingerprintOf', '/essay.md', {})).to.deep.equal(JSON.parse(JSON.stringify(await fingerprint(readFileSync(ESSAY)))))
  })

  for (const name of ['/photo.jpg', '/photo.png', '/photo.webp', '/turned.jpg', '/grey.png', '/alpha.png'])
    it(`sees in ${name.slice(1)} the picture that Node sees`, async () => {
      const here = (await fingerprint(files.get(name) as Uint8Array)) as ImageFingerprint
      const there = await call<ImageFingerprint>('fingerprintOf', name, {})
      expect(there).to.include({ media: 'image', sha256: here.sha256, size: here.size })
      expect(there.features).to.include({ width: here.features.width, height: here.features.height })
      expect(there.units).to.include({ data: here.units.data, instance: here.units.instance })
      expect(hammingDistance(here.code.bits, there.code.bits)).to.be.at.most(TOLERANCE)
      expect(compare(here, there).verdict).to.equal('identical')
      const original = (await fingerprint(files.get('/photo.jpg') as Uint8Array)) as Fingerprint
      expect(await call('compareWith', name, original))
        .to.have.property('verdict')
        .that.is.oneOf(['identical', 'copy'])
    })

  it('refuses what cannot be decoded or is too large, with the codes of Node', async () => {
    expect(await call('fingerprintOf', '/cut.jpg', {})).to.deep.equal({ error: 'IMAGE_UNREADABLE' })
    expect(await call('fingerprintOf', '/photo.jpg', { maxPixels: 1000 })).to.deep.equal({ error: 'IMAGE_TOO_LARGE' })
    expect(await call('openFolder'))
      .to.have.property('error')
      .that.matches(/^STOR/)
  })

  it('names a file by the CID that Node names it by', async () => {
    const { cid } = await createMemoryStore().put(readFileSync(PHOTO))
    expect(await call('cidOf', '/photo.jpg')).to.equal(cid)
  })

  it('verifies a deposit from the file, its receipt and an RPC', async () => {
    chain = await startChain()
    const receipt = await createDeposits({ signer: chain.accounts[1]! }).create({ fingerprint: await fingerprint(readFileSync(PHOTO)) })
    expect(await call('verifyWith', '/photo.jpg', receipt, chain.url)).to.equal('verified')
    expect(await call('verifyWith', '/photo.png', receipt, chain.url)).to.equal('refuted')
  })

  it('sends no file anywhere', () => {
    const elsewhere = asked.filter((request) => !request.startsWith(`GET ${origin}`) && !(chain && request === `POST ${chain.url}/`))
    expect(elsewhere).to.deep.equal([])
  })
})
