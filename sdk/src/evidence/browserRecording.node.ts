/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import type { Browser, BrowserContext, Page, Response } from 'playwright-core'
import { ColophonError } from '../errors/base.ts'
import { untilAborted } from '../progress/aborted.ts'
import { mediaOfPage, scrollThrough, startBrowser, VIEWPORT, within } from './browser.node.ts'
import type { Artifact, Exchange } from './exchange.ts'
import { type GuardedProxy, startGuardedProxy } from './guard.node.ts'
import type { Recording, RecordingOptions, TlsChain } from './recording.ts'

/** Endless pages end after so many screens. */
const SCREENS = 20
/** Milliseconds without traffic after which a page counts as still. */
const QUIET = 1500
/** Milliseconds for scrolling, screenshot and PDF. */
const AFTER_LOADING = 90_000
const PER_ARTIFACT = 20_000

/**
 * Loads a page in a headless Chromium behind a proxy that leads to public addresses only, and records everything that came.
 *
 * @throws ColophonError `DEPENDENCY_MISSING`, `CAPTURE_FAILED`, `ADDRESS_REFUSED`, `HOST_UNKNOWN`; the signal's reason when aborted
 */
export async function recordInBrowser(url: string, executablePath: string, options: RecordingOptions): Promise<Recording> {
  const { signal } = options
  const asked = createAskedHosts()
  const proxy = await startGuardedProxy({ allow: options.allow, maxBytes: options.maxBytes, wanted: asked.wait })
  let browser: Browser | undefined
  try {
    browser = await startBrowser(executablePath, proxy.url, signal)
    return await untilAborted(within(options.timeout + AFTER_LOADING, record(browser, proxy, asked, url, options)), signal)
  } catch (fault) {
    signal?.throwIfAborted()
    if (fault instanceof ColophonError) throw fault
    throw failed(url, fault, proxy)
  } finally {
    await browser?.close().catch(() => undefined)
    await proxy.close()
  }
}

function failed(url: string, cause: unknown, proxy: GuardedProxy): ColophonError {
  const refused = proxy.reached.find(({ refused }) => refused !== undefined)
  if (refused?.refused === 'ADDRESS_REFUSED' && proxy.reached.every(({ address }) => address === undefined))
    return new ColophonError('ADDRESS_REFUSED', `${refused.host} is not at a public address.`, {
      hint: 'Only pages of the public web are captured. For a page of your own network, allow its host and port explicitly.',
      details: { host: refused.host, port: refused.port },
      cause,
    })
  const reason = (cause as Error).message.split('\n')[0]
  return new ColophonError('CAPTURE_FAILED', `${url} could not be captured: ${reason}.`, {
    hint: 'Open it in a browser of your own to see what is wrong, or raise the timeout.',
    details: { url },
    cause,
  })
}

/** The hosts that the page asks for, as opposed to the browser's own errands (updates, accounts, hints). */
interface AskedHosts {
  add(url: string): void
  /** Waits a little, because a connection can be opened before its request is announced. */
  wait(host: string, port: number): Promise<boolean>
}

function createAskedHosts(): AskedHosts {
  const asked = new Set<string>()
  const waiting = new Map<string, Set<() => void>>()
  return {
    add(url) {
      if (!/^(https?|wss?):/.test(url)) return
      const { protocol, hostname, port } = new URL(url)
      const key = `${hostname}:${port || (protocol === 'https:' || protocol === 'wss:' ? 443 : 80)}`
      asked.add(key)
      for (const wake of waiting.get(key) ?? []) wake()
    },
    async wait(host, port) {
      const key = `${host}:${port}`
      if (asked.has(key)) return true
      const wakes = waiting.get(key) ?? new Set()
      waiting.set(key, wakes)
      return await new Promise((resolve) => {
        const end = (found: boolean): void => {
          clearTimeout(timer)
          wakes.delete(wake)
          resolve(found)
        }
        const wake = (): void => end(true)
        const timer = setTimeout(() => end(false), QUIET)
        wakes.add(wake)
      })
    },
  }
}

async function record(
  browser: Browser,
  proxy: GuardedProxy,
  asked: AskedHosts,
  url: string,
  options: RecordingOptions,
): Promise<Recording> {
  const context = await browser.newContext({
    acceptDownloads: false,
    serviceWorkers: 'block',
    viewport: VIEWPORT,
    ignoreHTTPSErrors: options.ignoreTlsErrors,
    permissions: [],
  })
  context.on('request', (request) => asked.add(request.url()))
  const page = await context.newPage()
  page.on('websocket', (socket) => asked.add(socket.url()))
  const recorder = createRecorder(context, page, options)
  const started = new Date()
  const gaps = recorder.gaps

  // A page that is cut in the middle never fires its load event.
  const cutShort = new Promise<never>((_, reject) => {
    context.on('requestfailed', (request) => {
      if (recorder.main()?.request() === request) reject(new Error(request.failure()?.errorText ?? 'the connection was lost'))
    })
  })
  cutShort.catch(() => undefined)
  const loading = page.goto(url, { waitUntil: 'load', timeout: options.timeout })
  loading.catch(() => undefined)
  const main = await Promise.race([loading, cutShort]).catch(async (fault: unknown) => {
    // A page that never finishes, or was cut, is captured as far as it came.
    if (recorder.main() === undefined) throw fault
    gaps.push(
      (fault as Error).name === 'TimeoutError'
        ? `The page did not finish loading in ${options.timeout} ms.`
        : `The page did not finish loading: ${(fault as Error).message.split('\n')[0]}`,
    )
    await page.evaluate(() => window.stop()).catch(() => undefined)
    return recorder.main() ?? null
  })
  if (main?.status() === 403 && main.headers()['x-colophon'] === 'refused') throw new Error('the address is not public')
  await page.waitForLoadState('networkidle', { timeout: QUIET * 4 }).catch(() => gaps.push('The page never became quiet.'))
  await scrollThrough(page, SCREENS)
  await page.waitForLoadState('networkidle', { timeout: QUIET * 2 }).catch(() => undefined)

  const media = await page.evaluate(mediaOfPage)
  if (
    await page.evaluate(() =>
      [...document.querySelectorAll<HTMLMediaElement>('video, audio')].some((each) => each.currentSrc.startsWith('blob:')),
    )
  )
    gaps.push('The page puts a recording or film together from pieces; what came of them is kept, but not compared with the work.')
  const title = await page.title()
  const text = await page.evaluate(() => document.body?.innerText ?? '')
  const artifacts = await artifactsOf(page, url, text, gaps)
  const tls = await tlsOf(context, page, main)
  const exchanges = await recorder.finish()
  if (main !== null && exchanges.every(({ url }) => url !== main.url())) {
    const dom = artifacts.find(({ uri }) => uri.startsWith('urn:dom:'))
    exchanges.push(await unfinished(main, dom?.bytes ?? new Uint8Array()))
    gaps.push(`The body of ${main.url()} did not end; what is kept of it is the document as the browser had it.`)
  }
  if (proxy.cut()) gaps.push(`More than ${options.maxBytes} bytes came; the rest was cut.`)
  for (const { host, port, refused } of new Map(proxy.reached.map((each) => [`${each.host}:${each.port}`, each])).values())
    if (refused !== undefined)
      gaps.push(`${host}:${port} was not reached: ${refused === 'ADDRESS_REFUSED' ? 'its address is not public' : 'no address is known'}.`)
  const addresses = new Map(proxy.reached.map(({ host, address }) => [host, address]))
  for (const exchange of exchanges) {
    const address = addresses.get(new URL(exchange.url).hostname)
    if (address !== undefined) exchange.address = address
  }
  const first = exchanges[0]
  if (first === undefined) throw new Error('nothing was received')
  return {
    mode: 'browser',
    agent: `Chromium ${browser.version()}`,
    exchanges,
    artifacts,
    // What replay opens is where redirects ended.
    page: { url: main?.url() ?? page.url(), title: title || url, date: started, text },
    hosts: [...new Map(proxy.reached.map(({ host, port: _, ...rest }) => [host, { host, ...rest }])).values()],
    tls,
    media,
    gaps,
  }
}

/** A response whose body never came to an end. */
async function unfinished(response: Response, body: Uint8Array): Promise<Exchange> {
  const request = response.request()
  return {
    url: response.url(),
    date: new Date(request.timing().startTime > 0 ? request.timing().startTime : Date.now()),
    method: request.method(),
    requestHeaders: Object.entries(request.headers()),
    status: response.status(),
    statusText: response.statusText(),
    responseHeaders: Object.entries(response.headers()),
    body,
    truncated: true,
  }
}

interface Recorder {
  gaps: string[]
  /** The response that the page itself came with, the last of a chain of redirects. */
  main(): Response | undefined
  /** Everything that came, in the order it was asked for. */
  finish(): Promise<Exchange[]>
}

function createRecorder(context: BrowserContext, page: Page, { maxBytes }: RecordingOptions): Recorder {
  const pending: Promise<Exchange | undefined>[] = []
  const gaps: string[] = []
  let size = 0

  async function read(response: Response): Promise<Exchange | undefined> {
    const request = response.request()
    const url = response.url()
    if (!/^https?:/.test(url)) return undefined
    const date = new Date(request.timing().startTime > 0 ? request.timing().startTime : Date.now())
    const redirect = response.status() >= 300 && response.status() < 400
    await response.finished()
    const body = redirect
      ? Buffer.alloc(0)
      : await response.body().catch(() => {
          gaps.push(`The body of ${url} was not kept.`)
          return undefined
        })
    if (body === undefined) return undefined
    size += body.length
    if (size > maxBytes) {
      gaps.push(`The body of ${url} is beyond the limit.`)
      return undefined
    }
    const [requestHeaders, responseHeaders] = await Promise.all([request.headersArray(), response.headersArray()])
    const posted = request.postDataBuffer()
    return {
      url,
      date,
      method: request.method(),
      requestHeaders: requestHeaders.map(({ name, value }) => [name, value]),
      ...(posted === null ? {} : { requestBody: new Uint8Array(posted) }),
      status: response.status(),
      statusText: response.statusText(),
      responseHeaders: responseHeaders.map(({ name, value }) => [name, value]),
      body: new Uint8Array(body),
    }
  }

  let main: Response | undefined
  context.on('response', (response) => {
    const request = response.request()
    const redirect = response.status() >= 300 && response.status() < 400
    if (request.isNavigationRequest() && !redirect && request.frame() === page.mainFrame()) main = response
    pending.push(
      read(response).catch((fault: unknown) => {
        gaps.push(`${response.url()} was not recorded: ${(fault as Error).message.split('\n')[0]}`)
        return undefined
      }),
    )
  })
  context.on('requestfailed', (request) => {
    gaps.push(`${request.url()} failed: ${request.failure()?.errorText ?? 'unknown'}`)
  })
  return {
    gaps,
    main: () => main,
    async finish() {
      // A response that is still coming when everything else is done will not be waited for.
      let timer: ReturnType<typeof setTimeout> | undefined
      const late = new Promise<undefined>((resolve) => {
        timer = setTimeout(() => resolve(undefined), QUIET * 2)
      })
      const read = await Promise.all(pending.map((each) => Promise.race([each, late])))
      clearTimeout(timer)
      return read.filter((each) => each !== undefined)
    },
  }
}

async function artifactsOf(page: Page, url: string, text: string, gaps: string[]): Promise<Artifact[]> {
  const date = new Date()
  const made: Artifact[] = []
  const add = async (kind: string, mediaType: string, make: () => Promise<Uint8Array>): Promise<void> => {
    try {
      made.push({ uri: `urn:${kind}:${url}`, date, mediaType, bytes: await within(PER_ARTIFACT, make()) })
    } catch (fault) {
      gaps.push(`The ${kind} could not be made: ${(fault as Error).message.split('\n')[0]}`)
    }
  }
  const encode = (value: string): Uint8Array => new TextEncoder().encode(value)
  await add(
    'screenshot',
    'image/png',
    async () => new Uint8Array(await page.screenshot({ fullPage: true, type: 'png', timeout: PER_ARTIFACT })),
  )
  await add('dom', 'text/html; charset=utf-8', async () => encode(await page.content()))
  await add('text', 'text/plain; charset=utf-8', async () => encode(text))
  await add('pdf', 'application/pdf', async () => new Uint8Array(await page.pdf({ format: 'A4', printBackground: true })))
  return made
}

async function tlsOf(context: BrowserContext, page: Page, main: Response | null): Promise<TlsChain[]> {
  const origin = new URL(page.url()).origin
  if (!origin.startsWith('https:')) return []
  const session = await context.newCDPSession(page)
  const { tableNames } = await session.send('Network.getCertificate', { origin }).catch(() => ({ tableNames: [] as string[] }))
  const protocol = (await main?.securityDetails())?.protocol
  return [{ origin, ...(protocol === undefined ? {} : { protocol }), certificates: tableNames }]
}
