import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { createMemoryStore } from '@colophon/sdk/storage'
import { expect } from 'chai'
import { encodingFor } from '../../scripts/dapp/encoding.ts'
import { serveDapp } from '../../scripts/dapp/serve.ts'

interface Answer {
  status: number | undefined
  headers: Record<string, string | string[] | undefined>
  body: Buffer
}

/** As it travels: `fetch` would unpack it. */
function ask(url: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request(url, { headers, method }, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(parts) }))
    })
      .on('error', reject)
      .end()
  })
}

describe('dApp: its server', () => {
  const script = `export const words = ${JSON.stringify('mark '.repeat(400))}\n`
  let folder: string
  let server: Awaited<ReturnType<typeof serveDapp>>
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'colophon-serve-'))
    mkdirSync(join(folder, 'assets'))
    writeFileSync(join(folder, 'index.html'), `<!doctype html>${'<p>Colophon</p>'.repeat(100)}`)
    writeFileSync(join(folder, 'assets', 'app-1a2b3c.js'), script)
    writeFileSync(join(folder, 'assets', 'font-1a2b3c.woff2'), Buffer.alloc(2000, 7))
    writeFileSync(join(folder, 'mark.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>')
    server = await serveDapp({
      ...{ port: 0, folder, rpcUrl: 'http://127.0.0.1:1', relayUrl: 'http://127.0.0.1:1', settings: {}, storage: createMemoryStore() },
    })
  })
  after(async () => {
    await server.close()
    rmSync(folder, { recursive: true })
  })

  it('sends brotli or gzip to whoever takes it, and the same bytes to all', async () => {
    const url = `${server.url}assets/app-1a2b3c.js`
    const br = await ask(url, { 'accept-encoding': 'gzip, deflate, br, zstd' })
    expect(br.headers).to.include({ 'content-encoding': 'br', vary: 'accept-encoding', 'content-type': 'text/javascript; charset=utf-8' })
    expect(br.body.length).to.be.lessThan(script.length / 5)
    expect(brotliDecompressSync(br.body).toString()).to.equal(script)
    const gzip = await ask(url, { 'accept-encoding': 'gzip' })
    expect(gzip.headers).to.include({ 'content-encoding': 'gzip', vary: 'accept-encoding' })
    expect(gunzipSync(gzip.body).toString()).to.equal(script)
    const plain = await ask(url)
    expect(plain.headers).to.not.have.property('content-encoding')
    expect(plain.headers.vary).to.equal('accept-encoding')
    expect(plain.body.toString()).to.equal(script)
    expect(new Set([br, gzip, plain].map(({ headers }) => headers.etag)).size).to.equal(3)
  })

  it('packs anew what has changed', async () => {
    const path = join(folder, 'assets', 'other-1a2b3c.js')
    const url = `${server.url}assets/other-1a2b3c.js`
    for (const text of ['a'.repeat(1000), 'b'.repeat(1001)]) {
      writeFileSync(path, text)
      expect(brotliDecompressSync((await ask(url, { 'accept-encoding': 'br' })).body).toString()).to.equal(text)
    }
  })

  it('lets browsers keep for good what has a hash in its name, and ask again for the rest', async () => {
    const cached = async (path: string): Promise<unknown> => (await ask(`${server.url}${path}`)).headers['cache-control']
    expect(await cached('assets/app-1a2b3c.js')).to.equal('public, max-age=31536000, immutable')
    expect(await cached('')).to.equal('no-cache')
    expect(await cached('mark.svg')).to.equal('no-cache')
    const { headers } = await ask(server.url, { 'accept-encoding': 'br' })
    const again = await ask(server.url, { 'accept-encoding': 'br', 'if-none-match': String(headers.etag) })
    expect([again.status, again.body.length]).to.deep.equal([304, 0])
    const other = await ask(server.url, { 'if-none-match': String(headers.etag) })
    expect(other.status).to.equal(200)
  })

  it('leaves what is packed already, and what is small', async () => {
    for (const path of ['assets/font-1a2b3c.woff2', 'mark.svg'])
      expect((await ask(`${server.url}${path}`, { 'accept-encoding': 'br' })).headers).to.not.have.property('content-encoding')
  })

  it('answers HEAD without a body, and nothing outside of its folder', async () => {
    const head = await ask(server.url, { 'accept-encoding': 'br' }, 'HEAD')
    expect([head.status, head.body.length, head.headers['content-encoding']]).to.deep.equal([200, 0, 'br'])
    expect((await ask(`${server.url}..%2f..%2fetc%2fpasswd`)).status).to.equal(404)
    expect((await ask(`${server.url}assets`)).status).to.equal(404)
  })

  it('reads preferences as HTTP has them', () => {
    const js = 'text/javascript; charset=utf-8'
    const cases: [string | undefined, string | undefined][] = [
      ['br', 'br'],
      ['gzip, br', 'br'],
      ['gzip;q=1, br;q=0.5', 'gzip'],
      ['br;q=0, gzip', 'gzip'],
      ['*', 'br'],
      ['*;q=0', undefined],
      ['identity', undefined],
      ['GZIP', 'gzip'],
      ['br;q=nonsense', undefined],
      ['', undefined],
      [undefined, undefined],
    ]
    for (const [accepted, encoding] of cases) expect(encodingFor(accepted, js, 10_000), accepted).to.equal(encoding)
    expect(encodingFor('br', 'font/woff2', 10_000)).to.equal(undefined)
  })
})
