import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { captureEvidence, type Evidence, type EvidenceManifest, encodeManifest } from '@colophon/sdk/evidence'
import { expect } from 'chai'
import type { Browser, Frame, Page } from 'playwright-core'
import { temporaryFolder } from '../../scripts/temporary.ts'
import { replayOrigin } from '../src/replay/origin.ts'
import { openAs } from './acting.ts'
import { type App, app, expectAccessible, type OpenOptions, PHONE, ROOT } from './app.ts'
import { type HostileSite, type Listener, listen, REACHES, serveHostileSite, WAYS } from './hostileSite.ts'

const ADA = 1
const BO = 2
/** A folder for pictures, for whoever wants to look. */
const LOOKS = process.env.COLOPHON_REPLAY_LOOKS
const LATE = 2000

/** Serves a folder as static hosts do, with the headers that `_headers` in it names. */
function serveStatic(server: Server, folder: string): void {
  const headers = Object.fromEntries(
    readFileSync(join(folder, '_headers'), 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('  '))
      .map((line) =>
        line
          .trim()
          .split(/: (.*)/s)
          .slice(0, 2),
      ),
  ) as Record<string, string>
  const types: Record<string, string> = { html: 'text/html', js: 'text/javascript', css: 'text/css', json: 'application/json' }
  server.on('request', (request, response) => {
    const { pathname } = new URL(request.url!, 'http://x')
    const file = join(folder, pathname === '/' ? 'index.html' : pathname)
    if (!existsSync(file)) response.writeHead(404, headers).end()
    else response.writeHead(200, { 'content-type': types[file.split('.').at(-1)!] ?? 'text/plain', ...headers }).end(readFileSync(file))
  })
}

describe('dApp: replay', function () {
  this.timeout(120_000)
  let running: App
  let elsewhere: Listener
  let site: HostileSite
  let shop: Evidence
  const claims: Record<'shop' | 'hostile', string> = { shop: '', hostile: '' }

  before(async function () {
    const found = await app()
    if (found?.replayPort === undefined) this.skip()
    running = found
    await running.restart()
    elsewhere = await listen()
    site = await serveHostileSite(elsewhere.origin)
    const workId = running.seeded.works.get('coffee')!.receipt.id
    for (const [name, path] of [
      ['shop', ''],
      ['hostile', 'hostile'],
    ] as const) {
      const evidence = await captureEvidence(`http://${site.host}/${path}`, { storage: running.storage, allow: [site.host] })
      if (name === 'shop') shop = evidence
      const respondent = running.wallet(BO).address
      claims[name] = (await running.as(ADA).claims.file({ workId, respondent, evidence: evidence.digest })).id
    }
    // From here on whatever is seen comes from the archive.
    site.close()
    elsewhere.heard.length = 0
  })
  after(() => {
    elsewhere?.close()
    site?.close()
  })

  const origin = (): string => `http://127.0.0.1:${running.replayPort}`
  const inside = (page: Page, what: string): Frame | undefined => page.frames().find((frame) => frame.url().includes(what))

  /** The claim's page, with its archive checked. */
  async function checked(claim: string, look: OpenOptions = {}): Promise<Awaited<ReturnType<typeof openAs>>> {
    const opened = await openAs(running, ADA, `#/claims/${claim}`, look)
    await opened.page.getByRole('button', { name: /^(Fetch the archive and check it|获取存档并核验)$/ }).click()
    await opened.page.locator('[data-replay]').waitFor()
    return opened
  }

  async function replayed(page: Page): Promise<void> {
    await page.getByRole('button', { name: 'Replay the page' }).click()
    await page.getByText('What its scripts draw may differ').waitFor()
  }

  it('shows the words and the picture of the captured page in a frame of another origin, with its scripts, offline', async () => {
    const { page, requests, faults, close } = await checked(claims.shop)
    try {
      expect(inside(page, origin()), 'nothing is framed before somebody asks').to.equal(undefined)
      await replayed(page)
      const frame = inside(page, `mp_/http://${site.host}/`)!
      await frame.getByRole('heading', { name: 'Posters for your kitchen' }).waitFor()
      await frame.getByText('Now for 19 euros, printed on demand.').waitFor()
      const picture = `document.querySelector('img').decode().then(() => document.querySelector('img').naturalWidth)`
      expect(await frame.evaluate(picture)).to.equal(600)
      expect(await frame.evaluate(`getComputedStyle(document.querySelector('h1')).color`)).to.equal('rgb(12, 90, 60)')
      const element = page.getByTitle(`Replay of http://${site.host}/`)
      expect(await element.getAttribute('sandbox')).to.equal('allow-scripts allow-same-origin')
      await expectAccessible(page, 'a replay')
      if (LOOKS !== undefined) await page.screenshot({ path: `${LOOKS}/desktop.png`, fullPage: true })
      const others = requests.filter(({ url }) => !url.startsWith(running.url) && !url.startsWith(origin()) && /^(https?|wss?):/.test(url))
      expect(others.map(({ url }) => url)).to.deep.equal([])
      // The viewer looks for collections and icons that are not there, and names a permission twice.
      expect(faults.filter((fault) => !/status of 404|allowfullscreen/.test(fault))).to.deep.equal([])
    } finally {
      await close()
    }
  })

  it('is reached and left by keyboard on a phone, in Chinese, and keeps nothing when it is left', async () => {
    const { page, close } = await checked(claims.shop, { size: PHONE, language: 'zh-CN', theme: 'dark' })
    try {
      const button = page.getByRole('button', { name: /重放/ })
      await button.focus()
      await page.keyboard.press('Enter')
      await page.getByText('脚本画出的内容可能与捕获时不同').waitFor()
      expect(await page.evaluate('document.activeElement.textContent')).to.equal('离开重放')
      expect(await page.evaluate('document.documentElement.scrollWidth')).to.be.at.most(PHONE.width)
      await expectAccessible(page, 'a replay on a phone')
      if (LOOKS !== undefined) {
        await page.locator('[data-replay]').scrollIntoViewIfNeeded()
        await page.screenshot({ path: `${LOOKS}/phone.png` })
        await page.locator('.replay iframe').scrollIntoViewIfNeeded()
        await page.screenshot({ path: `${LOOKS}/phone-frame.png` })
      }
      await page.keyboard.press('Tab')
      expect(await page.evaluate('document.activeElement.tagName'), 'the next stop is the frame').to.equal('IFRAME')
      const kept = `(async () => [
        (await navigator.serviceWorker.getRegistrations()).length, (await indexedDB.databases()).length, (await caches.keys()).length,
        Object.keys(localStorage).filter((key) => !key.startsWith('colophon')).length, document.cookie.length,
      ])()`
      const [, host] = page.frames()
      const frame = inside(page, `mp_/http://${site.host}/`)!
      // As a page would that wants to be remembered.
      await frame.evaluate(`localStorage.setItem('mark', '1'); document.cookie = 'mark=1; max-age=9999'; caches.open('mark')`)
      const while_ = (await host!.evaluate(kept)) as number[]
      expect(while_[0], 'a service worker').to.equal(1)
      expect(while_[1], 'databases').to.be.greaterThan(0)
      await button.press('Enter')
      await page.locator('.replay').waitFor({ state: 'detached' })
      expect(await page.evaluate('document.activeElement.textContent')).to.equal('重放网页')
      await page.goto(`${origin()}/`)
      expect(await page.evaluate(kept)).to.deep.equal([0, 0, 0, 0, 0])
    } finally {
      await close()
    }
  })

  it('reaches nothing outside when a replayed page tries every way out, and none of the app', async () => {
    const { page, close } = await checked(claims.hostile)
    try {
      await page.evaluate(`localStorage.setItem('secret', 'of the app'); document.cookie = 'own=1'`)
      let dialogs = 0
      page.on('dialog', () => dialogs++)
      page.on('popup', () => dialogs++)
      const at = page.url()
      await replayed(page)
      const raw = inside(page, '/raw.svg')!
      await raw.waitForFunction('window.over === true')
      const tried = (await raw.evaluate('window.tried')) as Record<string, string>
      expect(Object.keys(tried)).to.have.members(Object.keys(WAYS))
      expect(Object.values(tried)).to.not.include('PASSED')
      // Whatever is asked for late is late by less than this.
      await page.waitForTimeout(LATE)
      expect(elsewhere.heard).to.deep.equal([])

      expect(await raw.evaluate('window.reached'), Object.keys(REACHES).join()).to.deep.equal({ own: '["undefined",["colophon.wallet"]]' })
      expect(await raw.evaluate(`localStorage.getItem('secret')`)).to.equal(null)

      // Each frame of the way up is one that it could put another page into.
      for (const up of ['parent', 'parent.parent', 'parent.parent.parent', 'top']) {
        const tries = `(async () => { try { ${up}.location = ${JSON.stringify(`${elsewhere.origin}/${up}`)} } catch { } })()`
        await inside(page, '/raw.svg')?.evaluate(tries)
        await page.waitForTimeout(LATE / 4)
      }
      expect(elsewhere.heard).to.deep.equal([])
      expect(page.url()).to.equal(at)
      expect(dialogs).to.equal(0)
    } finally {
      await close()
    }
  })

  it('gives no way out to peers: pages have no WebRTC, and whoever takes it from elsewhere loses the frame, not the app', async () => {
    const { page, close } = await checked(claims.hostile)
    try {
      await replayed(page)
      expect(await inside(page, `/hostile`)!.evaluate('typeof RTCPeerConnection + typeof webkitRTCPeerConnection')).to.equal(
        'undefinedundefined',
      )
      const peer = `(async () => {
        const peer = new RTCPeerConnection({ iceServers: [{ urls: ${JSON.stringify(elsewhere.origin.replace('http://', 'stun:'))} }] })
        peer.createDataChannel('x')
        await peer.setLocalDescription(await peer.createOffer())
      })()`
      await inside(page, '/raw.svg')!
        .evaluate(peer)
        .catch(() => undefined)
      await new Promise((resolve) => setTimeout(resolve, LATE))
      expect(elsewhere.heard).to.deep.equal([])
      expect(await titleOf(running.browser, running.url)).to.match(/Colophon/)
    } finally {
      await close()
    }
  })

  it('says what is wrong: no viewer, no service worker, nobody there, not set up', async () => {
    const [viewer, nobody] = ['The page that replays has no viewer.', 'The page that replays is not reached.']
    const faults: [fault: string, cause: (page: Page) => Promise<unknown>, wait?: (page: Page) => Promise<void>][] = [
      [viewer, (page) => page.route('**/viewer/ui.js', async (route) => await route.fulfill({ status: 404, body: '' }))],
      [
        'This browser does not let a frame replay pages.',
        (page) => page.addInitScript(`navigator.serviceWorker.register = () => Promise.reject(new Error('not here'))`),
      ],
      [
        nobody,
        async (page) => {
          await page.route(`${origin()}/`, async (route) => await route.abort())
          await page.clock.install()
        },
        async (page) => await page.clock.fastForward(16_000),
      ],
    ]
    for (const [fault, cause, wait] of faults) {
      const { page, close } = await checked(claims.shop)
      try {
        await cause(page)
        await page.getByRole('button', { name: 'Replay the page' }).click()
        await wait?.(page)
        await page.getByText(fault).waitFor()
        await page.getByRole('button', { name: 'Leave the replay' }).click()
        await wait?.(page)
        await page.getByRole('button', { name: 'Replay the page' }).waitFor()
      } finally {
        await close()
      }
    }
    const { page, close } = await openAs(running, ADA, '')
    try {
      await page.route('**/colophon.json', async (route) => {
        const { replay, ...settings } = (await (await route.fetch()).json()) as Record<string, unknown>
        expect(replay).to.equal(origin())
        await route.fulfill({ json: settings })
      })
      await page.goto(`${running.url}#/claims/${claims.shop}`)
      await page.reload()
      await page.getByRole('button', { name: 'Fetch the archive and check it' }).click()
      await page.getByText('Replaying the page is not set up here.').waitFor()
    } finally {
      await close()
    }
  })

  it('keeps a claim readable whose manifest is made to break the page that shows it', async () => {
    const workId = running.seeded.works.get('coffee')!.receipt.id
    const { bytes } = encodeManifest({
      ...shop.manifest,
      finalUrl: {},
      media: [{ match: { explanation: {} } }],
    } as unknown as EvidenceManifest)
    const { cid } = await running.storage.put(bytes)
    const { id } = await running.as(ADA).claims.file({ workId, respondent: running.wallet(BO).address, evidence: cid })
    const { page, faults, close } = await openAs(running, BO, `#/claims/${id}`)
    try {
      await page.getByText('This is no captured page. What was filed:').waitFor()
      await page.getByRole('button', { name: 'Deny it' }).waitFor()
      expect(await page.evaluate(`getComputedStyle(document.querySelector('code')).unicodeBidi`)).to.equal('isolate')
      expect(faults).to.deep.equal([])
    } finally {
      await close()
    }
  })

  it('takes archives from the app alone, and says when the viewer cannot read one', async () => {
    const { page, close } = await openAs(running, ADA, '')
    try {
      // The test speaks in the app's place.
      const hand = (archive: string, url: string, wait: number): Promise<string[]> =>
        page.evaluate(`new Promise((resolve) => {
          const frame = document.createElement('iframe')
          const states = []
          const done = () => { frame.remove(); resolve(states) }
          frame.onload = () => {
            const { port1, port2 } = new MessageChannel()
            port1.onmessage = ({ data }) => { states.push(data); if (data === 'archive') done() }
            frame.contentWindow.postMessage({ type: 'colophon.replay', archive: ${archive}, url: ${JSON.stringify(url)} }, ${JSON.stringify(origin())}, [port2])
          }
          frame.src = ${JSON.stringify(`${origin()}/`)}
          document.body.append(frame)
          setTimeout(done, ${wait})
        })`)
      expect(await hand('new TextEncoder().encode("PK no archive").buffer', 'http://x.example/', 30_000)).to.deep.equal([
        'loading',
        'archive',
      ])
      expect(await hand('"text"', 'http://x.example/', LATE)).to.deep.equal([])
      expect(await hand('new ArrayBuffer(8)', 'javascript:alert(1)', LATE)).to.deep.equal([])
      // Another page may not even frame it.
      const other = await page.context().newPage()
      await other.goto(elsewhere.origin)
      const refused = other.waitForEvent('console', (message) => /frame-ancestors/.test(message.text()))
      await other.evaluate(`document.body.append(Object.assign(document.createElement('iframe'), { src: ${JSON.stringify(origin())} }))`)
      await refused
    } finally {
      elsewhere.heard.length = 0
      await close()
    }
  })

  it('works on a static host, with an origin for each archive beside that of the app', async () => {
    const [pages, statics] = [
      createServer((_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>An app')),
      createServer(),
    ]
    const folder = join(temporaryFolder('replay-static'), 'site')
    try {
      const [port, replayPort] = await Promise.all(
        [pages, statics].map(async (server) => {
          server.listen(0, '127.0.0.1')
          await once(server, 'listening')
          return (server.address() as AddressInfo).port
        }),
      )
      const [dapp, replay] = [`http://app.colophon.localhost:${port}`, `http://*.colophon.localhost:${replayPort}`]
      const written = spawnSync(process.execPath, [
        `${ROOT}/scripts/dapp/replay.ts`,
        '--out',
        folder,
        '--origin',
        replay,
        '--embedder',
        dapp,
      ])
      expect(written.status, written.stderr.toString()).to.equal(0)
      serveStatic(statics, folder)
      const page = await (await running.browser.newContext()).newPage()
      await page.goto(dapp)
      const own = replayOrigin(replay.replace('*', '{archive}'), `0x${'5a'.repeat(32)}`)
      const archive = Buffer.from(shop.archive).toString('base64')
      await page.evaluate(`new Promise((resolve) => {
        const frame = document.createElement('iframe')
        frame.sandbox = 'allow-scripts allow-same-origin'
        frame.onload = () => {
          const { port1, port2 } = new MessageChannel()
          port1.onmessage = ({ data }) => { if (data === 'shown') resolve() }
          const archive = Uint8Array.from(atob('${archive}'), (each) => each.charCodeAt(0)).buffer
          frame.contentWindow.postMessage({ type: 'colophon.replay', archive, url: 'http://${site.host}/' }, ${JSON.stringify(own)}, [port2])
        }
        frame.src = ${JSON.stringify(`${own}/`)}
        document.body.append(frame)
      })`)
      const frame = inside(page, `mp_/http://${site.host}/`)!
      expect(frame.url().startsWith(`${own}/viewer/w/`), frame.url()).to.equal(true)
      expect(await frame.evaluate('document.body.innerText')).to.include('Now for 19 euros')
      await page.context().close()
    } finally {
      for (const server of [pages, statics]) {
        server.closeAllConnections()
        server.close()
      }
    }
  })

  it('sends its policy with everything, errors too', async () => {
    for (const path of ['/', '/host.js', '/viewer/guard.js', '/viewer/sw.js', '/replay.json', '/no-such-file', '/viewer/w/']) {
      const answer = await fetch(`${origin()}${path}`)
      const policy = answer.headers.get('content-security-policy') ?? ''
      expect(policy, path)
        .to.include(`default-src 'none'`)
        .and.include(`frame-ancestors http://127.0.0.1:${new URL(running.url).port} `)
      expect(policy, path).to.include(`worker-src ${origin()}/viewer/guard.js;`)
      expect(answer.headers.get('connection-allowlist'), path).to.equal('(response-origin)')
      expect(answer.headers.get('origin-agent-cluster'), path).to.equal('?1')
    }
  })
})

/** Of the page at the address, which the library that drives the browser holds for gone when a frame in it is. */
async function titleOf(browser: Browser, address: string): Promise<string | undefined> {
  const session = await browser.newBrowserCDPSession()
  try {
    const { targetInfos } = await session.send('Target.getTargets')
    const { targetId } = targetInfos.find(({ type, url }) => type === 'page' && url.startsWith(address))!
    const { sessionId } = await session.send('Target.attachToTarget', { targetId, flatten: false })
    const said = new Promise<string>((resolve) => session.once('Target.receivedMessageFromTarget', ({ message }) => resolve(message)))
    const message = JSON.stringify({ id: 1, method: 'Runtime.evaluate', params: { expression: 'document.title' } })
    await session.send('Target.sendMessageToTarget', { sessionId, message })
    return (JSON.parse(await said) as { result: { result: { value?: string } } }).result.result.value
  } finally {
    await session.detach()
  }
}
