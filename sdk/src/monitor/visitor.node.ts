import type { IncomingHttpHeaders } from 'node:http'
import { ColophonError } from '../errors/base.ts'
import { addressOf } from './address.ts'
import { createRequester, type Reply } from './request.node.ts'
import { OPEN, ROBOTS_BYTES, type Robots, readRobots } from './robots.node.ts'

/** How a crawl behaves. */
export interface Politeness {
  /** Milliseconds between two requests to one host, from the end of the first; 1,000 by default. A robots.txt can ask for more. */
  delay?: number
  /** Milliseconds for one answer; 30,000 by default. */
  timeout?: number
  /** Milliseconds to wait before a failed address is tried again, doubled each time; 2,000 by default. */
  backOff?: number
  /** Longest that a host may make the crawl wait, milliseconds; a host that asks for more is left for the next pass. Ten minutes by default. */
  patience?: number
  /** `host:port` pairs that may be reached although they are not public. */
  allow?: readonly string[]
  /** Who asks, as servers see it. `Colophon` in a robots.txt addresses it whatever is said here. */
  agent?: string
}

/** Bytes that are read of each kind of answer. */
export interface Sizes {
  page: number
  medium: number
}

export interface VisitOptions {
  etag?: string
  modified?: string
  /** Scripts and data are taken, too: what a page is put together from. */
  parts?: true
  signal?: AbortSignal
}

/** What came of an address. */
export type Visit =
  | { outcome: 'fetched'; url: string; reply: Reply; type: string }
  | { outcome: 'unchanged' }
  /** Not now: the host is busy or failing; try again after `wait` milliseconds. */
  | { outcome: 'later'; wait: number; code: string; reason: string }
  | { outcome: 'refused'; code: string; reason: string }

export interface Visitor {
  /** Visits an address and follows its redirects; every hop is checked against robots.txt and for public addresses. */
  visit(url: string, options: VisitOptions): Promise<Visit>
  /** Time (`performance.now()`) at which the host of an address may be asked again. */
  readyAt(url: string): number
  /** Lets the host of an address rest for some milliseconds. */
  rest(url: string, milliseconds: number): void
  /** Sitemaps that the host's robots.txt names. */
  sitemaps(url: string, signal: AbortSignal | undefined): Promise<string[]>
  /** Requests that were made, and bytes that came. */
  traffic(): { requests: number; bytes: number }
  close(): void
}

const AGENT = 'Mozilla/5.0 (compatible; Colophon/0.1; +https://github.com/colophon-dev/colophon)'
const REDIRECTS = 10
/** Seconds between requests that a robots.txt may ask for. */
const MOST_DELAY = 60
/** A robots.txt is asked for again after a day (RFC 9309, 2.4). */
const ROBOTS_AGE = 24 * 3600 * 1000
/** Hosts that are remembered. */
const MOST_HOSTS = 10_000

interface Host {
  readyAt: number
  robots?: { asked: Promise<Robots>; at: number }
  /** Asked for by robots.txt, milliseconds. */
  delay: number
  /** Ends with the request that is under way, or the last that waits. */
  turn: Promise<unknown>
}

const HTML = /^(?:text\/html|application\/xhtml\+xml)/
const LIST = /^(?:application|text)\/(?:\w+\+)?(?:xml|rss|atom)/
const TEXT = /^text\//
const PART = /^(?:application|text)\/(?:x-)?(?:java|ecma)script|^application\/(?:[\w.-]+\+)?json|^text\//
const MEDIUM = /^(?:image|audio|video)\/|^application\/(?:pdf|epub\+zip|ogg|octet-stream|vnd\.openxmlformats)|^binary\//

export function createVisitor(politeness: Politeness, sizes: Sizes): Visitor {
  const { delay = 1000, timeout = 30_000, allow = [], agent = AGENT } = politeness
  const requester = createRequester()
  const hosts = new Map<string, Host>()
  const traffic = { requests: 0, bytes: 0 }

  const hostOf = (url: string): Host => {
    const { origin } = new URL(url)
    let host = hosts.get(origin)
    if (host === undefined) {
      // The one that was not asked for longest goes.
      if (hosts.size >= MOST_HOSTS) hosts.delete(hosts.keys().next().value!)
      host = { readyAt: 0, delay, turn: Promise.resolve() }
      hosts.set(origin, host)
    }
    return host
  }

  /** One request, after which the host rests. */
  async function ask(url: string, wanted: (status: number, headers: IncomingHttpHeaders) => number, options: VisitOptions): Promise<Reply> {
    const host = hostOf(url)
    const { etag, modified, signal } = options
    try {
      traffic.requests++
      const reply = await requester.get(url, {
        allow,
        timeout,
        wanted,
        headers: {
          'user-agent': agent,
          accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8',
          ...(etag === undefined ? {} : { 'if-none-match': etag }),
          ...(modified === undefined ? {} : { 'if-modified-since': modified }),
        },
        ...(signal === undefined ? {} : { signal }),
      })
      traffic.bytes += reply.received
      return reply
    } finally {
      host.readyAt = performance.now() + Math.max(delay, host.delay)
    }
  }

  async function robotsOf(url: string, signal: AbortSignal | undefined): Promise<Robots> {
    const host = hostOf(url)
    if (host.robots === undefined || performance.now() - host.robots.at > ROBOTS_AGE) {
      const asked = fetchRobots(`${new URL(url).origin}/robots.txt`, signal)
      host.robots = { asked, at: performance.now() }
      // What could not be asked is asked again.
      asked.catch(() => {
        delete host.robots
      })
      host.delay = Math.max(delay, Math.min((await asked).delay ?? 0, MOST_DELAY) * 1000)
    }
    return await host.robots.asked
  }

  /**
   * A robots.txt that cannot be had for a fault of the server forbids everything until it can be (RFC 9309, 2.3.1.4).
   * @throws ColophonError `FETCH_FAILED` then; `ADDRESS_REFUSED`, `HOST_UNKNOWN`
   */
  async function fetchRobots(first: string, signal: AbortSignal | undefined): Promise<Robots> {
    let url = first
    for (let hop = 0; hop <= 5; hop++) {
      const wanted = (status: number): number => (status === 200 ? ROBOTS_BYTES : 0)
      const { status, headers, body } = await ask(url, wanted, signal === undefined ? {} : { signal })
      if (status >= 300 && status < 400) {
        const next = addressOf(headers.location ?? '', url)
        if (next === undefined) return OPEN
        url = next
        continue
      }
      if (status >= 500 || status === 429)
        throw new ColophonError('FETCH_FAILED', `${first} answers with ${status}: until it can be read nothing of the host is.`, {
          hint: 'It is tried again at the next pass.',
          details: { url: first, status },
        })
      return status === 200 ? readRobots(first, new TextDecoder().decode(body)) : OPEN
    }
    return OPEN
  }

  /** Bytes wanted of an answer. */
  function wanted(status: number, headers: IncomingHttpHeaders, parts: boolean): number {
    if (status < 200 || status >= 300) return 0
    const type = (headers['content-type'] ?? '').toLowerCase()
    const isPage = HTML.test(type) || LIST.test(type) || TEXT.test(type) || (parts && PART.test(type))
    const limit = isPage ? sizes.page : MEDIUM.test(type) || type === '' ? sizes.medium : 0
    // What says that it is too large is not begun.
    return Number(headers['content-length'] ?? 0) > limit ? 0 : limit
  }

  return {
    async visit(first, options) {
      let url = first
      try {
        const seen = new Set<string>()
        for (let hop = 0; hop <= REDIRECTS; hop++) {
          if (seen.has(url)) return { outcome: 'refused', code: 'REDIRECTS', reason: `${first} redirects in a circle.` }
          seen.add(url)
          if (!(await robotsOf(url, options.signal)).allows(url))
            return { outcome: 'refused', code: 'ROBOTS', reason: `The robots.txt of ${new URL(url).host} excludes ${url}.` }
          const conditions = hop === 0 ? options : { ...(options.signal === undefined ? {} : { signal: options.signal }) }
          const reply = await inTurn(hostOf(url), options.signal, () =>
            ask(url, (status, headers) => wanted(status, headers, options.parts === true), conditions),
          )
          const { status, headers } = reply
          if (status === 304 && hop === 0) return { outcome: 'unchanged' }
          if (status >= 300 && status < 400) {
            const next = addressOf(headers.location ?? '', url)
            if (next === undefined) return { outcome: 'refused', code: 'REDIRECTS', reason: `${url} redirects to no address.` }
            url = next
            continue
          }
          if (status === 429 || status === 503) {
            return {
              outcome: 'later',
              wait: retryAfter(headers['retry-after']),
              code: 'BUSY',
              reason: `${new URL(url).host} asks to come back later (${status}).`,
            }
          }
          if (status >= 500) return { outcome: 'later', wait: 0, code: 'STATUS', reason: `${url} answers with ${status}.` }
          if (status < 200 || status >= 300) return { outcome: 'refused', code: 'STATUS', reason: `${url} answers with ${status}.` }
          const type = (headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase()
          if (reply.cut) {
            const over = `${url} (${type || 'of no type'}) is of a kind or size that is not looked at.`
            return {
              outcome: 'refused',
              code: MEDIUM.test(type) || TEXT.test(type) || type === '' ? 'TOO_LARGE' : 'OTHER_KIND',
              reason: over,
            }
          }
          return { outcome: 'fetched', url, reply, type }
        }
        return { outcome: 'refused', code: 'REDIRECTS', reason: `${first} redirects more than ${REDIRECTS} times.` }
      } catch (fault) {
        options.signal?.throwIfAborted()
        if (!(fault instanceof ColophonError)) throw fault
        if (fault.code === 'FETCH_FAILED' && !isHopeless(fault))
          return { outcome: 'later', wait: 0, code: fault.code, reason: fault.shortMessage }
        return { outcome: 'refused', code: fault.code, reason: fault.shortMessage }
      }
    },
    readyAt: (url) => hostOf(url).readyAt,
    rest(url, milliseconds) {
      const host = hostOf(url)
      host.readyAt = Math.max(host.readyAt, performance.now() + milliseconds)
    },
    sitemaps: async (url, signal) => {
      try {
        return (await robotsOf(url, signal)).sitemaps.flatMap((each) => addressOf(each, url) ?? [])
      } catch (fault) {
        signal?.throwIfAborted()
        if (fault instanceof ColophonError) return []
        throw fault
      }
    },
    traffic: () => ({ ...traffic }),
    close: () => requester.close(),
  }
}

/** A certificate does not mend itself while one waits, nor does a bomb. */
function isHopeless({ cause }: ColophonError): boolean {
  const code = String((cause as { code?: unknown } | undefined)?.code ?? '')
  return /CERT|SELF_SIGNED|ALTNAME|UNABLE_TO|ERR_TLS|ERR_SSL|EPROTO|^HPE_|^Z_|^ERR__ERROR_FORMAT/.test(code)
}

/** Milliseconds that a `Retry-After` asks for; 0 without. */
function retryAfter(value: string | undefined): number {
  if (value === undefined) return 0
  const wait = /^\d+$/.test(value.trim()) ? Number(value) * 1000 : Date.parse(value) - Date.now()
  return Number.isNaN(wait) ? 0 : Math.max(0, wait)
}

/** One request at a time to a host, each when it has rested: redirects and the parts of pages come from hosts that others are visiting, too. */
async function inTurn<Value>(host: Host, signal: AbortSignal | undefined, run: () => Promise<Value>): Promise<Value> {
  const before = host.turn
  const mine = (async () => {
    await before.catch(() => undefined)
    await pause(host.readyAt - performance.now(), signal)
    return await run()
  })()
  host.turn = mine
  return await mine
}

/** Waits some milliseconds; ends at once when aborted. */
export async function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  if (milliseconds <= 0) return
  signal?.throwIfAborted()
  await new Promise<void>((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer)
      reject(signal!.reason)
    }
    const timer = setTimeout(
      () => {
        signal?.removeEventListener('abort', stop)
        resolve()
      },
      Math.min(milliseconds, 2 ** 31 - 1),
    )
    signal?.addEventListener('abort', stop, { once: true })
  })
}
