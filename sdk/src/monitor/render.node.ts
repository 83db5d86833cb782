/// <reference lib="dom" />
import { existsSync } from 'node:fs'
import type { Browser, Route } from 'playwright-core'
import { ColophonError } from '../errors/base.ts'
import { findChromium, mediaOfPage, scrollThrough, startBrowser, VIEWPORT, within } from '../evidence/browser.node.ts'
import { type GuardedProxy, startGuardedProxy } from '../evidence/guard.node.ts'
import { untilAborted } from '../progress/aborted.ts'
import { addressOf } from './address.ts'
import type { PageMedium } from './page.ts'
import type { Visit, Visitor } from './visitor.node.ts'

/** How pages are put together whose scripts place what they show. */
export interface Rendering {
  /** Path of a Chromium; the one that is installed by default. */
  browser?: string
  /** Pages of one host in one pass; 200 by default. Further ones are read as they were sent. */
  pages?: number
  /** Milliseconds for a page with everything that its scripts ask for, which comes at the pace of the watch; 60,000 by default. */
  timeout?: number
  /** Scripts, style sheets and data that one page may ask for; 100 by default. */
  requests?: number
}

/** A page as its scripts have made it. */
export interface RenderedPage {
  html: string
  media: PageMedium[]
  /** What it asked for in vain. */
  missing: { url: string; code: string; reason: string }[]
}

/** A page as a server sent it. */
export interface SentPage {
  url: string
  body: Uint8Array
  /** Its `Content-Type`. */
  type: string
}

/** Puts pages together in a browser. */
export interface Renderer {
  /** @throws ColophonError `RENDER_FAILED`; the signal's reason when aborted */
  render(page: SentPage, signal: AbortSignal | undefined): Promise<RenderedPage>
  close(): Promise<void>
}

/** Milliseconds without anything asked for, after which a page counts as still. */
const QUIET = 600
/** Screens to scroll through. */
const SCREENS = 5
/** Pages that the browser has open at once. */
const AT_ONCE = 4
/** Bytes of scripts and style sheets that are kept for the next page, and of a page's document. */
const KEPT_BYTES = 32 << 20
const DOCUMENT_BYTES = 8 << 20
const MOST_MEDIA = 2000
/** Megabytes that the scripts of a page may fill. */
const HEAP = 512
/** What pages are shown for every picture: what matters is where it would be. */
const PIXEL: Buffer = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64')

type Part = Exclude<Visit, { outcome: 'unchanged' }>

/**
 * Starts a browser for a watch. It has no way to the web: what a page's scripts ask for is fetched by the visitor, so robots.txt, pace, limits and the check of addresses hold
 * for it as for everything else. Pictures, sounds, films and fonts are not fetched at all, only where they would be is read.
 *
 * @throws ColophonError `DEPENDENCY_MISSING`; the signal's reason when aborted
 */
export async function startRenderer(visitor: Visitor, rendering: Rendering, signal: AbortSignal | undefined): Promise<Renderer> {
  const { timeout = 60_000, requests = 100 } = rendering
  const executable = findChromium(rendering.browser)
  if (executable === undefined || (rendering.browser !== undefined && !existsSync(rendering.browser)))
    throw missing(
      rendering.browser === undefined ? 'There is no Chromium on this machine.' : `There is no browser at ${rendering.browser}.`,
    )
  const proxy: GuardedProxy = await startGuardedProxy({ maxBytes: 0, wanted: async () => false })
  const start = async (): Promise<Browser> => {
    try {
      return await startBrowser(executable, proxy.url, signal, [`--js-flags=--max-old-space-size=${HEAP}`])
    } catch (cause) {
      signal?.throwIfAborted()
      if (cause instanceof ColophonError) throw cause
      throw missing(`${executable} cannot be started: ${(cause as Error).message.split('\n')[0]}.`, cause)
    }
  }
  let browser = await start().catch(async (fault: unknown) => {
    await proxy.close()
    throw fault
  })
  const open = new Set<Promise<unknown>>()
  const kept = new Map<string, Part>()
  let keptBytes = 0

  async function part(url: string, kind: string, stop: AbortSignal): Promise<Part> {
    const before = kept.get(url)
    if (before !== undefined) return before
    const visit = (await visitor.visit(url, { parts: true, signal: stop })) as Part
    // Data may be another for the next page.
    if (kind !== 'script' && kind !== 'stylesheet') return visit
    if (visit.outcome === 'fetched') keptBytes += visit.reply.body.length
    if (visit.outcome !== 'later') kept.set(url, visit)
    for (const [oldest, old] of kept) {
      if (keptBytes <= KEPT_BYTES && kept.size <= 1000) break
      if (old.outcome === 'fetched') keptBytes -= old.reply.body.length
      kept.delete(oldest)
    }
    return visit
  }

  async function rendered({ url, body, type }: SentPage, stop: AbortSignal): Promise<RenderedPage> {
    const context = await browser.newContext({ acceptDownloads: false, serviceWorkers: 'block', viewport: VIEWPORT, permissions: [] })
    try {
      const page = await context.newPage()
      context.on('page', (other) => void (other === page ? undefined : other.close().catch(() => undefined)))
      page.on('dialog', (dialog) => void dialog.dismiss().catch(() => undefined))
      const failures = new Map<string, { url: string; code: string; reason: string }>()
      let [asked, under, last, sent] = [0, 0, performance.now(), false]

      async function answer(route: Route): Promise<void> {
        const request = route.request()
        const kind = request.resourceType()
        if (kind === 'document' && !sent && request.url() === url) {
          sent = true
          await route.fulfill({ status: 200, contentType: type === '' ? 'text/html' : type, body: Buffer.from(body) })
        } else if (kind === 'image') await route.fulfill({ status: 200, contentType: 'image/gif', body: PIXEL })
        else if (!/^(?:script|stylesheet|xhr|fetch)$/.test(kind) || request.method() !== 'GET' || ++asked > requests) await route.abort()
        else {
          const found = await part(request.url(), kind, stop)
          if (found.outcome === 'fetched') await route.fulfill(answered(found, request.headers().origin))
          else {
            failures.set(request.url(), { url: request.url(), code: found.code, reason: found.reason })
            await route.abort()
          }
        }
      }
      await context.route('**/*', (route) => {
        under++
        answer(route)
          .catch(() => route.abort().catch(() => undefined))
          .finally(() => {
            under--
            last = performance.now()
          })
      })

      const end = performance.now() + timeout
      const still = async (): Promise<void> => {
        while (performance.now() < end && (under > 0 || performance.now() - last < QUIET))
          await untilAborted(new Promise((resolve) => setTimeout(resolve, 50)), stop)
      }
      const look = async (): Promise<RenderedPage> => {
        await page.goto(url, { waitUntil: 'domcontentloaded', timeout })
        await still()
        if ((await scrollThrough(page, SCREENS)) > 0) {
          last = performance.now()
          await still()
        }
        const html = await page.evaluate((most) => document.documentElement.outerHTML.slice(0, most), DOCUMENT_BYTES)
        return { html: String(html), media: mediaFrom(await page.evaluate(mediaOfPage)), missing: [...failures.values()] }
      }
      const crashed = new Promise<never>((_, reject) => page.once('crash', () => reject(new Error('it crashed the browser'))))
      crashed.catch(() => undefined)
      // Scripts that never end leave no time for an answer, whatever is asked.
      return await untilAborted(within(timeout + 10_000, Promise.race([look(), crashed])), stop)
    } finally {
      await within(5000, context.close()).catch(() => undefined)
    }
  }

  return {
    async render(page, stop = new AbortController().signal) {
      while (open.size >= AT_ONCE) await Promise.race(open)
      if (!browser.isConnected()) browser = await start()
      const work = rendered(page, stop)
      const done = work.then(
        () => undefined,
        () => undefined,
      )
      open.add(done)
      try {
        return await work
      } catch (cause) {
        stop.throwIfAborted()
        const why = (cause as Error).message.split('\n')[0]
        throw new ColophonError('RENDER_FAILED', `${page.url} could not be put together in the browser: ${why}.`, {
          hint: 'What the page itself says was looked at. Raise the timeout, or capture it by hand.',
          details: { url: page.url },
          cause,
        })
      } finally {
        open.delete(done)
      }
    },
    async close() {
      await browser.close().catch(() => undefined)
      await proxy.close()
    },
  }
}

/** An answer as the browser gets it. It may be read whoever asks: nothing comes that is not for everybody. */
function answered(
  { reply, type }: Part & { outcome: 'fetched' },
  origin: string | undefined,
): NonNullable<Parameters<Route['fulfill']>[0]> {
  return {
    status: 200,
    contentType: String(reply.headers['content-type'] ?? type),
    headers: { 'access-control-allow-origin': origin ?? '*', 'access-control-allow-credentials': 'true' },
    body: Buffer.from(reply.body),
  }
}

/** What the page says of itself is not believed to have any form. */
function mediaFrom(said: unknown): PageMedium[] {
  if (!Array.isArray(said)) return []
  return said.slice(0, MOST_MEDIA).flatMap((each: { url?: unknown; element?: unknown } | null) => {
    const url = typeof each?.url === 'string' ? addressOf(each.url) : undefined
    return url === undefined ? [] : [{ url, element: typeof each?.element === 'string' ? each.element.slice(0, 20) : 'img' }]
  })
}

function missing(what: string, cause?: unknown): ColophonError {
  return new ColophonError('DEPENDENCY_MISSING', what, {
    hint: 'Pages are put together in Chromium: install it (apt install chromium), name one with COLOPHON_CHROMIUM, or watch without rendering.',
    ...(cause === undefined ? {} : { cause }),
  })
}
