import { readFile, stat } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { listFiles } from '../batch/files.node.ts'
import { ColophonError } from '../errors/base.ts'
import type { LongCallOptions } from '../progress/progress.ts'
import { addressOf } from './address.ts'
import { type Content, examine } from './examine.node.ts'
import { createFrontier, type Item } from './frontier.ts'
import type { Ledger, Role, VisitEntry } from './ledger.node.ts'
import { type ReadList, readLinks, readXmlList } from './lists.ts'
import type { WatchedWorks } from './matcher.ts'
import { type PageMedium, type ReadPage, readPage } from './page.ts'
import { type Renderer, type Rendering, type SentPage, startRenderer } from './render.node.ts'
import { mediaOfStyle } from './style.ts'
import { createVisitor, type Politeness, pause, type Visit, type Visitor } from './visitor.node.ts'

/** How far a pass goes. */
export interface Limits {
  /** Links that are followed from an entry of the watch list, on the same host; 3 by default. */
  depth?: number
  /** Pages of one host in one pass; 1,000 by default. */
  pages?: number
  /** Files of one host in one pass; 5,000 by default. */
  media?: number
  /** Addresses of one pass altogether; 200,000 by default, some 100 MB. */
  addresses?: number
  /** Bytes of a page, list or style sheet; 8 MiB by default. */
  pageBytes?: number
  /** Bytes of a picture, recording or other file; 64 MiB by default. Larger ones are named in the report, not looked at. */
  mediumBytes?: number
}

export interface PassOptions extends LongCallOptions<'crawl'> {
  /** Addresses of pages, sitemaps, feeds and lists; paths of folders and lists. */
  sources: readonly string[]
  works: WatchedWorks
  limits?: Limits
  politeness?: Politeness
  /** Hosts that are visited at once; 4 by default. */
  hosts?: number
  /** Puts pages with scripts together in a headless Chromium, and looks at what they show then. Without it no script runs. */
  render?: true | Rendering
}

/** Times that an address is tried in one pass. */
const TRIES = 3
/** Failures one after the other that make a host wait for the next pass. */
const FAILURES = 6

/**
 * Visits everything that the watch list leads to and has not been visited in this pass. What it saw is in the ledger, line by line: a pass that was interrupted
 * goes on where it was.
 *
 * @throws ColophonError `WATCH_INPUT_INVALID` and `DEPENDENCY_MISSING` before anything is visited, `OUTPUT_UNWRITABLE`; the signal's reason when aborted
 */
export async function runPass(ledger: Ledger, options: PassOptions): Promise<void> {
  const { signal, works, sources, onProgress, hosts = 4 } = options
  const limits = { depth: 3, pages: 1000, media: 5000, addresses: 200_000, pageBytes: 8 << 20, mediumBytes: 64 << 20, ...options.limits }
  const { backOff = 2000, patience = 600_000 } = options.politeness ?? {}
  const visitor = createVisitor(options.politeness ?? {}, { page: limits.pageBytes, medium: limits.mediumBytes })
  const rendering = options.render === true ? {} : options.render
  let renderer: Renderer | undefined
  try {
    renderer = rendering === undefined ? undefined : await startRenderer(visitor, rendering, signal)
    const crawl = createCrawl(ledger, { ...limits, rendered: rendering?.pages ?? 200 })
    await crawl.resume()
    await addSources({ sources, crawl, ledger, works, visitor, signal })

    const failures = new Map<string, number>()
    async function one(item: Item): Promise<void> {
      // What a script shows may change while its page does not.
      const known = renderer !== undefined && (item.role === 'page' || item.role === 'list') ? undefined : ledger.known(item.url)
      const visit = await visitor.visit(item.url, {
        ...(known?.etag === undefined ? {} : { etag: known.etag }),
        ...(known?.modified === undefined ? {} : { modified: known.modified }),
        ...(signal === undefined ? {} : { signal }),
      })
      const { host } = new URL(item.url)
      if (visit.outcome !== 'later') failures.delete(host)
      if (visit.outcome === 'unchanged') {
        const before = await ledger.visit(known!)
        await ledger.visited({ url: item.url, role: item.role, depth: item.depth, unchanged: true })
        crawl.follow(before, item.depth)
      } else if (visit.outcome === 'fetched') await look(item, visit)
      else if (visit.outcome === 'refused') await ledger.gap({ url: item.url, role: item.role, code: visit.code, reason: visit.reason })
      else {
        const failed = (failures.get(host) ?? 0) + 1
        failures.set(host, failed)
        const wait = Math.max(visit.wait, backOff * 2 ** Math.min(failed - 1, 8))
        if (item.tries + 1 >= TRIES) await ledger.gap({ url: item.url, role: item.role, code: visit.code, reason: visit.reason })
        else crawl.frontier.again({ ...item, tries: item.tries + 1 })
        visitor.rest(item.url, wait)
        if (failed < FAILURES && wait <= patience) return
        const reason =
          wait > patience ? `${host} asks to wait for ${Math.round(wait / 1000)} seconds.` : `${host} failed ${failed} times running.`
        for (const { url, role } of crawl.frontier.drop(item.url)) await ledger.gap({ url, role, code: 'HOST_LATER', reason })
      }
    }

    async function look(item: Item, visit: Visit & { outcome: 'fetched' }): Promise<void> {
      const { reply, type, url } = visit
      const { etag, 'last-modified': modified } = reply.headers
      const common: Omit<VisitEntry, 't' | 'pass'> = {
        url: item.url,
        role: item.role,
        depth: item.depth,
        ...(url === item.url ? {} : { final: url }),
        ...(etag === undefined ? {} : { etag }),
        ...(modified === undefined ? {} : { modified }),
      }
      const sent = readReply(item, type, reply.body, url, reply.headers['content-type'])
      const { read, rendered, fault } = await withScripts(item, sent, { url, body: reply.body, type: reply.headers['content-type'] ?? '' })
      const content = read.content ?? (read.next === undefined ? { bytes: reply.body, name: nameOf(url) } : undefined)
      const examined = content === undefined ? {} : await examine(content, ledger, works, signal)
      const entry: Omit<VisitEntry, 't' | 'pass'> = {
        ...common,
        ...('sha256' in examined && examined.sha256 !== undefined ? { content: examined.sha256 } : {}),
        ...(read.title === undefined ? {} : { title: read.title }),
        ...(read.next === undefined ? {} : { next: read.next }),
        ...(rendered === undefined ? {} : { rendered }),
      }
      await ledger.visited(entry)
      if (fault !== undefined) await ledger.gap({ url: item.url, role: item.role, code: fault.code, reason: fault.shortMessage })
      if ('problem' in examined && read.next === undefined)
        await ledger.gap({ url: item.url, role: item.role, code: examined.code, reason: `${item.url}: ${examined.problem}` })
      crawl.follow({ t: 'visit', pass: ledger.pass.number, ...entry }, item.depth)
    }

    /** A page as its scripts make it; as it was sent, where it has none, they fail, or enough pages of the host were put together. */
    async function withScripts(
      item: Item,
      sent: ReadReply,
      page: SentPage,
    ): Promise<{ read: ReadReply; rendered?: true; fault?: ColophonError }> {
      if (renderer === undefined || sent.scripted === undefined || !(await crawl.mayRender(item))) return { read: sent }
      try {
        const { html, media, missing } = await renderer.render(page, signal)
        for (const { url, code, reason } of missing)
          if (ledger.known(url)?.pass !== ledger.pass.number) await ledger.gap({ url, role: 'style', code, reason })
        return { read: merged(sent, pageReply(item, readPage(html, page.url), page.url), media), rendered: true }
      } catch (fault) {
        signal?.throwIfAborted()
        if (!(fault instanceof ColophonError) || fault.code === 'DEPENDENCY_MISSING') throw fault
        return { read: sent, rendered: true, fault }
      }
    }

    const busy = new Set<Promise<void>>()
    let fault: { error: unknown } | undefined
    let visited = 0
    while (fault === undefined) {
      signal?.throwIfAborted()
      const next = busy.size >= hosts ? undefined : crawl.frontier.take(visitor.readyAt, performance.now())
      if (next !== undefined && 'item' in next) {
        const { item } = next
        if (!(await crawl.within(item))) {
          crawl.frontier.done(item)
          continue
        }
        const work: Promise<void> = one(item)
          .catch((error: unknown) => {
            fault ??= { error }
          })
          .finally(() => {
            busy.delete(work)
            crawl.frontier.done(item)
            visited++
            onProgress?.({ stage: 'crawl', done: visited, total: visited + crawl.frontier.size + busy.size, unit: 'items' })
          })
        busy.add(work)
        continue
      }
      if (busy.size === 0 && next === undefined) break
      const resting = next === undefined ? [] : [pause(next.wait, signal).catch(() => undefined)]
      await Promise.race([...busy, ...resting])
    }
    await Promise.all(busy)
    signal?.throwIfAborted()
    if (fault !== undefined) throw (fault as { error: unknown }).error
    await ledger.end(visitor.traffic())
  } finally {
    await renderer?.close()
    visitor.close()
  }
}

/** What was visited of a host. */
interface Spent {
  pages: number
  media: number
  rendered: number
}

interface Crawl {
  frontier: ReturnType<typeof createFrontier>
  add(url: string, role: Role, depth: number): void
  /** Adds what a page or list leads to. */
  follow(visit: VisitEntry, depth: number): void
  /** Whether the item is within what one pass may visit of a host; says so once where it is not. */
  within(item: Item): Promise<boolean>
  /** Whether one more page of the host may be put together in the browser; says so once where it may not. */
  mayRender(item: Item): Promise<boolean>
  /** Takes up a pass that was begun. */
  resume(): Promise<void>
}

function createCrawl(ledger: Ledger, limits: Required<Limits> & { rendered: number }): Crawl {
  const frontier = createFrontier()
  const queued = new Set<string>()
  const spent = new Map<string, Spent>()
  const told = new Set<string>()
  const pass = ledger.pass.number

  const spentOn = (url: string): Spent => {
    const { host } = new URL(url)
    const used = spent.get(host) ?? { pages: 0, media: 0, rendered: 0 }
    spent.set(host, used)
    return used
  }
  const spend = (url: string, role: Role): Spent => {
    const used = spentOn(url)
    if (role === 'page') used.pages++
    else used.media++
    return used
  }
  const tellOnce = async (url: string, role: Role, what: string): Promise<void> => {
    const { origin } = new URL(url)
    const key = `${what} ${origin}`
    if (told.has(key)) return
    told.add(key)
    await ledger.gap({ url: origin, role, code: 'LIMIT', reason: `More than ${what} of ${origin} are left for a pass with higher limits.` })
  }
  const crawl: Crawl = {
    frontier,
    add(url, role, depth) {
      if (queued.has(url) || ledger.known(url)?.pass === pass || queued.size >= limits.addresses) return
      queued.add(url)
      frontier.add({ url, role, depth, tries: 0 })
    },
    follow({ next }, depth) {
      if (next === undefined) return
      for (const medium of next.media ?? []) crawl.add(medium.url, 'medium', depth + 1)
      for (const style of next.styles ?? []) crawl.add(style, 'style', depth + 1)
      if (depth >= limits.depth) return
      for (const list of next.lists ?? []) crawl.add(list, 'list', depth + 1)
      for (const page of next.pages ?? []) crawl.add(page, 'page', depth + 1)
    },
    async within({ url, role }) {
      if (role === 'list') return true
      const { pages, media } = spend(url, role)
      if (pages <= limits.pages && media <= limits.media) return true
      await tellOnce(url, role, role === 'page' ? `${limits.pages} pages` : `${limits.media} files`)
      return false
    },
    async mayRender({ url, role }) {
      const used = spentOn(url)
      if (++used.rendered <= limits.rendered) return true
      await tellOnce(url, role, `${limits.rendered} pages with scripts`)
      return false
    },
    async resume() {
      for await (const entry of ledger.entries()) {
        if (!entry.url.startsWith('file:')) spend(entry.url, entry.role)
        if (entry.t !== 'visit') continue
        if (entry.rendered === true) spentOn(entry.url).rendered++
        const known = ledger.known(entry.url)
        crawl.follow(entry.unchanged === true && known !== undefined ? await ledger.visit(known) : entry, entry.depth)
      }
    },
  }
  return crawl
}

interface Adding {
  sources: readonly string[]
  crawl: Crawl
  ledger: Ledger
  works: WatchedWorks
  visitor: Visitor
  signal: AbortSignal | undefined
}

async function addSources({ sources, crawl, ledger, works, visitor, signal }: Adding): Promise<void> {
  const folders: string[] = []
  const lists: ReadList[] = []
  // All are looked at before anything is visited: a list with a mistake in it begins nothing.
  for (const source of sources) {
    if (/^https?:/i.test(source)) {
      if (addressOf(source) === undefined) throw invalid(source, 'it is no address without name and password')
      continue
    }
    const facts = await stat(source).catch(() => undefined)
    if (facts === undefined) throw invalid(source, 'there is no such file or folder')
    if (facts.isDirectory()) folders.push(source)
    else {
      const text = new TextDecoder().decode(await readFile(source))
      const list = readXmlList(text, 'file:///') ?? readLinks(text)
      if (list.pages.length + list.lists.length + list.media.length === 0) throw invalid(source, 'it names no addresses')
      lists.push(list)
    }
  }
  for (const source of sources) {
    const url = /^https?:/i.test(source) ? addressOf(source)! : undefined
    if (url === undefined) continue
    crawl.add(url, 'list', 0)
    // Whoever names a whole site means its sitemaps too.
    if (new URL(url).pathname === '/') for (const sitemap of await visitor.sitemaps(url, signal)) crawl.add(sitemap, 'list', 0)
  }
  for (const { pages, lists: further, media } of lists) {
    for (const page of pages) crawl.add(page, 'list', 0)
    for (const list of further) crawl.add(list, 'list', 0)
    for (const { url } of media) crawl.add(url, 'medium', 0)
  }
  for (const folder of folders) await lookThrough(folder, { ledger, works, signal })
}

/** Looks at every file of a folder that is new or changed. */
async function lookThrough(folder: string, { ledger, works, signal }: Pick<Adding, 'ledger' | 'works' | 'signal'>): Promise<void> {
  for await (const { file } of listFiles(folder, { except: ledger.folder })) {
    signal?.throwIfAborted()
    const url = pathToFileURL(resolve(file)).href
    const facts = await stat(file).catch(() => undefined)
    const known = ledger.known(url)
    if (facts === undefined || (known?.pass === ledger.pass.number && known.failed === undefined)) continue
    const etag = `${facts.size}-${facts.mtimeMs}`
    if (known?.etag === etag) {
      await ledger.visited({ url, role: 'medium', depth: 0, unchanged: true })
      continue
    }
    if (facts.size > LARGEST_FILE) {
      await ledger.gap({ url, role: 'medium', code: 'TOO_LARGE', reason: `${file} is larger than ${LARGEST_FILE} bytes.` })
      continue
    }
    const bytes = new Uint8Array(await readFile(file))
    const examined = await examine({ bytes, name: basename(file) }, ledger, works, signal)
    if ('problem' in examined) await ledger.gap({ url, role: 'medium', code: examined.code, reason: `${file}: ${examined.problem}` })
    else
      await ledger.visited({ url, role: 'medium', depth: 0, etag, ...(examined.sha256 === undefined ? {} : { content: examined.sha256 }) })
  }
}

/** Files of a folder are read as a whole. */
const LARGEST_FILE = 256 << 20

interface ReadReply {
  /** It is a page that has scripts. */
  scripted?: true
  title?: string
  next?: VisitEntry['next']
  content?: Content
}

/** What an answer is: a page, a list or a style sheet; or else a file to be looked at. */
function readReply(
  { role, url: asked }: Item,
  type: string,
  body: Uint8Array<ArrayBuffer>,
  url: string,
  header: string | undefined,
): ReadReply {
  const isText = /^text\/|xml|json|^$/.test(type) && !/^(?:image|audio|video)\//.test(type)
  if (!isText || (type === '' && body.subarray(0, 512).includes(0))) return {}
  const text = decoded(body, header)
  if (type === 'text/css' || (role === 'style' && type !== 'text/html'))
    return { next: { media: mediaOfStyle(text, url).map((each) => ({ url: each, element: 'background' })) } }
  const html = /html/.test(type) || (type === '' && /^\s*<(?:!doctype html|html)/i.test(text))
  if (html) {
    const reply = pageReply({ role, url: asked }, readPage(text, url), url)
    return /<script[\s>]/i.test(text) ? { ...reply, scripted: true } : reply
  }
  const list = readXmlList(text, url) ?? (role === 'list' ? readLinks(text) : undefined)
  if (list !== undefined && list.pages.length + list.lists.length + list.media.length > 0)
    return { next: { pages: list.pages, lists: list.lists, media: list.media } }
  return {}
}

function pageReply({ role, url: asked }: Pick<Item, 'role' | 'url'>, page: ReadPage, url: string): ReadReply {
  // A page that redirects to another host is looked at, but leads the crawl no further there.
  const { hostname } = new URL(role === 'page' ? asked : url)
  const own = (link: string): boolean => new URL(link).hostname === hostname
  return {
    title: page.title,
    next: {
      pages: page.noFollow ? [] : page.links.filter(own),
      lists: page.feeds.filter(own),
      styles: page.styles,
      media: page.media,
    },
    content: { bytes: new TextEncoder().encode(page.text), text: true },
  }
}

/** A page as it was sent, and what its scripts added. */
function merged(sent: ReadReply, made: ReadReply, shown: readonly PageMedium[]): ReadReply {
  const both = (of: 'pages' | 'lists' | 'styles'): string[] => [...new Set([...(sent.next?.[of] ?? []), ...(made.next?.[of] ?? [])])]
  const media = new Map<string, PageMedium>()
  for (const medium of [...(sent.next?.media ?? []), ...(made.next?.media ?? []), ...shown])
    if (!media.has(medium.url)) media.set(medium.url, medium)
  // Some pages take their text away from whoever does not pay, others have none without their scripts.
  const longer = sent.content!.bytes.length > made.content!.bytes.length ? sent : made
  return {
    title: made.title || sent.title || '',
    next: { pages: both('pages'), lists: both('lists'), styles: both('styles'), media: [...media.values()] },
    ...(longer.content === undefined ? {} : { content: longer.content }),
  }
}

/** Characters of an answer, by what its head or the page itself says. */
function decoded(body: Uint8Array, header = ''): string {
  const head = new TextDecoder('latin1').decode(body.subarray(0, 1024))
  const mark = body[0] === 0xff && body[1] === 0xfe ? 'utf-16le' : body[0] === 0xfe && body[1] === 0xff ? 'utf-16be' : undefined
  const label =
    mark ??
    /charset\s*=\s*["']?([\w:.-]+)/i.exec(header)?.[1] ??
    /<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*["']?([\w:.-]+)/i.exec(head)?.[1]
  try {
    return new TextDecoder(label ?? 'utf-8').decode(body)
  } catch {
    return new TextDecoder().decode(body)
  }
}

function nameOf(url: string): string {
  const last = new URL(url).pathname.split('/').at(-1)!
  try {
    return decodeURIComponent(last)
  } catch {
    return last
  }
}

function invalid(source: string, why: string): ColophonError {
  return new ColophonError('WATCH_INPUT_INVALID', `${source} cannot be watched: ${why}.`, {
    hint: 'Give addresses of pages, sitemaps and feeds, folders, or files with a list of addresses.',
    details: { source },
  })
}
