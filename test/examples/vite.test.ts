import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { startTestbed, type Testbed } from '@colophon/sdk/testing'
import { verify } from '@colophon/sdk/verify'
import { expect } from 'chai'
import type { Browser } from 'playwright-core'
import { packSdk } from '../../scripts/ci/packSdk.ts'
import { launchChromium } from '../../sdk/test/browser/chromium.ts'

const root = join(import.meta.dirname, '..', '..')
const PHOTO = join(root, 'examples', 'media', 'coffee.jpg')

describe('examples/vite', function () {
  this.timeout(300_000)
  let browser: Browser | undefined
  let app: string
  before(async function () {
    browser = await launchChromium()
    if (browser === undefined) this.skip()
    app = mkdtempSync(join(tmpdir(), 'colophon-vite-'))
    cpSync(join(root, 'examples', 'vite'), app, { recursive: true, filter: (path) => !/node_modules|dist$|package-lock/.test(path) })
    const manifest = JSON.parse(readFileSync(join(app, 'package.json'), 'utf8')) as { dependencies: Record<string, string> }
    manifest.dependencies['@colophon/sdk'] = `file:${packSdk().tarball}`
    writeFileSync(join(app, 'package.json'), JSON.stringify(manifest))
    run('npm', 'install', '--no-audit', '--no-fund', '--loglevel=error', '--prefer-offline')
  })
  after(async () => {
    await browser?.close()
    if (app !== undefined) rmSync(app, { recursive: true, force: true })
  })

  function run(command: string, ...args: string[]): void {
    const { status, stdout, stderr } = spawnSync(command, args, { cwd: app, encoding: 'utf8', timeout: 240_000 })
    expect(status, stdout + stderr).to.equal(0)
  }

  /** Fills the form as a person does; gives what the page says and the receipt it offers. */
  async function depositIn(url: string, file: string): Promise<{ said: string; receipt: string | undefined }> {
    const page = await browser!.newPage()
    const faults: string[] = []
    page.on('pageerror', (fault) => faults.push(String(fault)))
    try {
      await page.goto(url)
      await page.getByLabel('Picture or text').setInputFiles(file)
      await page.getByLabel('Title').fill('Coffee')
      await page.getByLabel('Creator').fill('Rachel Michetti')
      await page.getByRole('button', { name: 'Deposit' }).click()
      await page.waitForFunction(`/: 0x|\\n/.test(document.querySelector('output').value)`, undefined, { timeout: 120_000 })
      const said = (await page.evaluate(`document.querySelector('output').value`)) as string
      const link = page.getByRole('link', { name: '.receipt.json' })
      const receipt = (await link.count()) === 0 ? undefined : ((await link.evaluate(`a => fetch(a.href).then(r => r.text())`)) as string)
      expect(faults).to.deep.equal([])
      return { said, receipt }
    } finally {
      await page.close()
    }
  }

  it('has the types of the packed SDK', () => {
    run(process.execPath, join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', 'tsconfig.json')
  })

  it('deposits a file and verifies it with the two commands of its README', async () => {
    const server = spawn('npm', ['start', '--', '--port', '0', '--host', '127.0.0.1'], {
      cwd: app,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    try {
      const { said } = await depositIn(await addressOf(server), PHOTO)
      expect(said).to.match(/^verified: 0x[0-9a-f]{64}$/)
    } finally {
      // npm's child too, which npm does not tell of a signal in every version.
      process.kill(-server.pid!, 'SIGTERM')
      if (server.exitCode === null && server.signalCode === null) await once(server, 'close')
    }
  })

  it('deposits from the build, and says what to do about a work that is there already', async () => {
    const bed: Testbed = await startTestbed()
    writeFileSync(join(app, '.env'), `VITE_RPC_URL=${bed.url}\n`)
    let server: Server | undefined
    try {
      run('npm', 'run', 'build')
      server = await serve(join(app, 'dist'))
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
      const { said, receipt } = await depositIn(url, PHOTO)
      expect(said).to.match(/^verified: 0x/)
      const { verdict } = await verify({ receipt: receipt!, file: PHOTO }, { provider: bed.provider, deployment: bed.deployment })
      expect(verdict).to.equal('verified')
      const again = await depositIn(url, PHOTO)
      expect(again.receipt).to.equal(undefined)
      expect(again.said).to.match(/deposited .*\n.+/)
    } finally {
      server?.closeAllConnections()
      server?.close()
      await bed.stop()
    }
  })
})

/** Where the dev server says it listens. */
async function addressOf(server: ChildProcess): Promise<string> {
  return await new Promise((resolve, reject) => {
    let out = ''
    const read = (chunk: Buffer): void => {
      out += chunk.toString()
      // biome-ignore lint/suspicious/noControlCharactersInRegex: Vite writes in colours
      const found = /http:\/\/127\.0\.0\.1:\d+\//.exec(out.replace(/\u001b\[\d+m/g, ''))
      if (found !== null) resolve(found[0])
    }
    server.stdout!.on('data', read)
    server.stderr!.on('data', read)
    server.once('close', () => reject(new Error(out)))
  })
}

async function serve(folder: string): Promise<Server> {
  const types: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' }
  const server = createServer((request, response) => {
    const path = request.url === '/' ? '/index.html' : request.url!
    try {
      const body = readFileSync(join(folder, path))
      response.writeHead(200, { 'content-type': types[extname(path)] ?? 'application/octet-stream' }).end(body)
    } catch {
      response.writeHead(404).end()
    }
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}
