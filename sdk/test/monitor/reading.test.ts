import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect } from 'chai'
import fc from 'fast-check'
import { fingerprint } from '../../src/fingerprint/index.ts'
import { type WatchOptions, type WatchReport, watch } from '../../src/monitor/index.ts'
import { readLinks, readXmlList } from '../../src/monitor/lists.ts'
import { readPage } from '../../src/monitor/page.ts'
import { createPermissions } from '../../src/monitor/permissions.ts'
import { essayText, PHOTO } from '../fingerprint/media.ts'

const AT = 'https://example.org/a/page.html'

describe('monitor: reading pages and lists', () => {
  it('finds media wherever pages name them, and leaves alone what is none', () => {
    const page = readPage(
      `<!doctype html><title> A
       page </title><base href="/b/"><meta property="og:image" content="og.jpg"><link rel="stylesheet" href="s.css"><link rel="alternate" type="application/rss+xml" href="feed">
       <style>/* url(no.png) */ .a { background: url( "q(1).png" ), url(plain.png) } @font-face { src: url(f.woff2) } .b { background: url(data:image/png;base64,AA) }</style>
       <img src="1.png" srcset="2.png 1x, 3,3.png 2x,4.png 300w"><img data-src=5.png loading=lazy><picture><source srcset="6.webp"></picture>
       <video src=7.mp4 poster=8.jpg></video><audio><source src=9.ogg></audio><svg><image xlink:href="10.png"/></svg><div style="background-image:url('11.png')"></div>
       <a href="12.mp3">listen</a><a href="x.html?utm_source=y#z">link</a><a rel="nofollow" href="no">no</a><a href="mailto:a@b">no</a><a href="//other.example/p">other</a>
       <noscript><img src="13.png"></noscript><script>"<img src=no.png>"</script><embed src=14.pdf><iframe src=frame.html></iframe><img src="http://[bad"><img src="ftp://x/y.png">`,
      AT,
    )
    const media = page.media.map(({ url }) => url.replace('https://example.org/b/', ''))
    expect(media.sort()).to.deep.equal(
      [
        ...['og.jpg', 'q(1).png', 'plain.png', '1.png', '2.png', '3,3.png', '4.png', '5.png', '6.webp', '7.mp4', '8.jpg', '9.ogg'],
        ...['10.png', '11.png', '12.mp3', '13.png', '14.pdf'],
      ].sort(),
    )
    expect(page.links).to.deep.equal(['https://example.org/b/x.html', 'https://other.example/p', 'https://example.org/b/frame.html'])
    expect([page.title, page.styles, page.feeds, page.noFollow]).to.deep.equal([
      'A page',
      ['https://example.org/b/s.css'],
      ['https://example.org/b/feed'],
      false,
    ])
    expect(readPage('<meta name="robots" content="noindex, NoFollow">', AT).noFollow).to.equal(true)
  })

  it('takes the article for the text of a page, else everything but its margins', () => {
    const chrome = '<header>Logo</header><nav>Menu</nav>'
    expect(readPage(`${chrome}<p>Before</p><article><h1>One</h1><p>two &amp; three</p></article><footer>End</footer>`, AT).text).to.equal(
      'One\ntwo & three',
    )
    expect(readPage(`${chrome}<p>All<script>no()</script></p><aside>Ads</aside>`, AT).text).to.equal('All')
  })

  it('ends on any page', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('<div>', '</div>', '<p', ' src="', '"', '<style>', 'url(', '<!--', '<article>', 'é', '>'), {
          maxLength: 80,
        }),
        (parts) => {
          expect(readPage(parts.join(''), AT).media).to.be.an('array')
        },
      ),
    )
    expect(readPage('<div>'.repeat(300_000), AT).links).to.deep.equal([])
  })

  it('reads sitemaps with pictures and films, indexes, RSS, Atom and CSV', () => {
    const sitemap = readXmlList(
      `<?xml version="1.0"?><!-- x --><urlset xmlns:image="i" xmlns:video="v"><url><loc> https://example.org/1?a=1&amp;b=2 </loc>
       <image:image><image:loc>/1.png</image:loc></image:image><video:video><video:content_loc>/1.mp4</video:content_loc></video:video></url></urlset>`,
      'https://example.org/sitemap.xml',
    )!
    expect(sitemap.pages).to.deep.equal(['https://example.org/1?a=1&b=2'])
    expect(sitemap.media).to.deep.equal([
      { url: 'https://example.org/1.png', element: 'img' },
      { url: 'https://example.org/1.mp4', element: 'video' },
    ])
    const index = readXmlList('<sitemapindex><sitemap><loc>https://example.org/s1.xml</loc></sitemap></sitemapindex>', AT)!
    expect([index.lists, index.pages]).to.deep.equal([['https://example.org/s1.xml'], []])
    const atom = readXmlList(
      '<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>T</title><link href="/e1"/><link rel="enclosure" type="audio/mpeg" href="/e1.mp3"/></entry></feed>',
      AT,
    )!
    expect(atom.pages).to.deep.equal(['https://example.org/e1'])
    expect(atom.media).to.deep.equal([{ url: 'https://example.org/e1.mp3', element: 'audio' }])
    const rss = readXmlList(
      '<rss><channel><item><link>https://example.org/i</link><enclosure url="/i.jpg" type="image/jpeg"/></item></channel></rss>',
      AT,
    )!
    expect([rss.pages, rss.media.map(({ url }) => url)]).to.deep.equal([['https://example.org/i'], ['https://example.org/i.jpg']])
    expect(readXmlList('<html></html>', AT)).to.equal(undefined)
    expect(
      readLinks('name;where\n"a;""b""";https://example.org/x\r\n# https://example.org/no\n\thttps://example.org/y\nnot://this').pages,
    ).to.deep.equal(['https://example.org/x', 'https://example.org/y'])
  })
})

describe('monitor: permissions', () => {
  const permitted = async (where: string, page: string): Promise<boolean> =>
    (await createPermissions([{ where }]).of(page, 'w'))?.permitted === true

  it('hold for a host, a host and all below it, or the beginning of addresses, and nothing that only looks so', async () => {
    for (const [where, page, expected] of [
      ['example.org', 'https://example.org/x', true],
      ['example.org', 'https://www.example.org/x', false],
      ['example.org', 'https://example.org.evil.example/x', false],
      ['*.example.org', 'https://www.example.org/', true],
      ['*.example.org', 'https://badexample.org/', false],
      ['EXAMPLE.org', 'http://example.org/', true],
      ['example.org:8080', 'http://example.org:8080/', true],
      ['example.org:8080', 'http://example.org/', false],
      ['https://example.org/shop', 'https://example.org/shop', true],
      ['https://example.org/shop', 'https://example.org/shop/1', true],
      ['https://example.org/shop', 'https://example.org/shopping', false],
      ['https://example.org/shop', 'http://example.org/shop/1', false],
      ['https://example.org', 'https://example.org.evil.example/', false],
      ['https://example.org', 'https://example.org@evil.example/', false],
    ] as const)
      expect(await permitted(where, page), `${where} ${page}`).to.equal(expected)
  })

  it('are of one work if they say so, and end', async () => {
    const permissions = createPermissions([
      { where: 'example.org', work: 'a', until: '2020-01-01T00:00:00Z' },
      { where: 'example.org', work: 'b' },
    ])
    const ended = await permissions.of('https://example.org/', 'a')
    expect([ended?.permitted, ended?.reason]).to.deep.equal([false, 'Permission for example.org ended at 2020-01-01T00:00:00Z.'])
    expect((await permissions.of('https://example.org/', 'b'))?.permitted).to.equal(true)
    expect(await permissions.of('https://example.org/', 'c')).to.equal(undefined)
  })
})

describe('monitor: politeness', function () {
  this.timeout(30_000)
  const ends: (() => Promise<unknown>)[] = []
  let folder: string
  let work: WatchOptions['works']
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'colophon-polite-'))
    work = [
      { id: 'photo', fingerprint: await fingerprint(PHOTO) },
      { id: 'essay', fingerprint: await fingerprint(new TextEncoder().encode(essayText)) },
    ]
  })
  after(() => rmSync(folder, { recursive: true, force: true }))
  afterEach(async () => {
    for (const end of ends.splice(0)) await end()
  })

  /** A site that notes what it was asked for. */
  async function site(
    listener: RequestListener,
  ): Promise<{ origin: string; host: string; asked: string[]; headers: Record<string, unknown>[] }> {
    const asked: string[] = []
    const headers: Record<string, unknown>[] = []
    const server = createServer((request, response) => {
      asked.push(request.url!)
      headers.push({ ...request.headers })
      listener(request, response)
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    ends.push(async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    })
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
    return { origin: `http://${host}`, host, asked, headers }
  }
  let runs = 0
  const look = async (origin: string, host: string, more: Partial<WatchOptions> = {}): Promise<WatchReport> =>
    await watch({
      folder: join(folder, `w${runs++}`),
      sources: [`${origin}/start`],
      works: work,
      ...more,
      politeness: { delay: 0, backOff: 1, timeout: 2000, allow: [host], ...more.politeness },
    })
  const codes = (report: WatchReport): Record<string, number> => Object.fromEntries(report.gaps.map(({ code, count }) => [code, count]))
  const links = (count: number): string => Array.from({ length: count }, (_, index) => `<a href="/p${index}">${index}</a>`).join('')

  it('visits nothing of a host whose robots.txt cannot be had, and everything where there is none', async () => {
    const closed = await site((_, response) => void response.writeHead(503).end())
    expect(codes(await look(closed.origin, closed.host))).to.deep.equal({ FETCH_FAILED: 1 })
    expect(new Set(closed.asked)).to.deep.equal(new Set(['/robots.txt']))
    const open = await site((request, response) =>
      request.url === '/robots.txt'
        ? response.writeHead(404).end()
        : response.writeHead(200, { 'content-type': 'text/html' }).end('<p>Hello'),
    )
    expect((await look(open.origin, open.host)).looked.lists).to.equal(1)
  })

  it('is addressed as Colophon by a robots.txt, whatever it calls itself', async () => {
    const { origin, host, asked, headers } = await site((request, response) => {
      if (request.url === '/robots.txt') response.end('User-agent: *\nDisallow:\n\nUser-agent: colophon\nDisallow: /p1\n')
      else response.writeHead(200, { 'content-type': 'text/html' }).end(links(3))
    })
    expect(codes(await look(origin, host, { politeness: { agent: 'Somebody/1.0' } }))).to.deep.equal({ ROBOTS: 1 })
    expect(asked.sort()).to.deep.equal(['/p0', '/p2', '/robots.txt', '/start'])
    expect(new Set(headers.map((each) => each['user-agent']))).to.deep.equal(new Set(['Somebody/1.0']))
    for (const each of headers) expect(each).to.not.have.any.keys('cookie', 'authorization', 'referer')
  })

  it('leaves a host that asks for too long a rest, or keeps failing, for the next pass', async () => {
    const busy = await site((request, response) => {
      if (request.url === '/robots.txt') response.writeHead(404).end()
      else if (request.url === '/start') response.writeHead(200, { 'content-type': 'text/html' }).end(links(20))
      else response.writeHead(429, { 'retry-after': '86400' }).end()
    })
    expect(codes(await look(busy.origin, busy.host))).to.deep.equal({ HOST_LATER: 20 })
    expect(busy.asked).to.have.length(3)
    const failing = await site((request, response) => {
      if (request.url === '/robots.txt') response.writeHead(404).end()
      else if (request.url === '/start') response.writeHead(200, { 'content-type': 'text/html' }).end(links(20))
      else response.writeHead(500).end()
    })
    expect(codes(await look(failing.origin, failing.host)).HOST_LATER).to.equal(20)
    expect(failing.asked.length).to.be.below(12)
  })

  it('tries again what failed once', async () => {
    let failed = false
    const { origin, host } = await site((request, response) => {
      if (request.url === '/robots.txt') response.writeHead(404).end()
      else if (failed) response.writeHead(200, { 'content-type': 'text/html' }).end(`<article>${essayText}</article>`)
      else {
        failed = true
        response.destroy()
      }
    })
    const report = await look(origin, host)
    expect([codes(report), report.suspects.map(({ work: { id } }) => id)]).to.deep.equal([{}, ['essay']])
  })

  it('keeps to its limits of pages, depth and bytes, and says so', async () => {
    const { origin, host, asked } = await site((request, response) => {
      if (request.url === '/robots.txt') response.writeHead(404).end()
      else if (request.url === '/start') response.writeHead(200, { 'content-type': 'text/html' }).end(links(30))
      else response.writeHead(200, { 'content-type': 'text/html' }).end('<a href="/deeper">x</a>')
    })
    const few = await look(origin, host, { limits: { pages: 10 } })
    expect(few.looked.pages).to.equal(10)
    expect(codes(few)).to.deep.equal({ LIMIT: 1 })
    asked.length = 0
    await look(origin, host, { limits: { depth: 1 } })
    expect(asked).to.not.include('/deeper')
    const bomb = await site((request, response) => {
      if (request.url === '/robots.txt') response.writeHead(404).end()
      else response.writeHead(200, { 'content-type': 'text/html', 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(20 << 20)))
    })
    expect(codes(await look(bomb.origin, bomb.host, { limits: { pageBytes: 1 << 20 } }))).to.deep.equal({ TOO_LARGE: 1 })
  })

  it('keeps its journal from growing for ever, and what is in it', async () => {
    const photograph = readFileSync(PHOTO)
    // Pages with so many links that the journal of two passes is worth writing anew.
    const long = Array.from({ length: 1800 }, (_, index) => `<a href="/${'x'.repeat(120)}${index}">x</a>`).join('')
    const { origin, host } = await site((request, response) => {
      const etag = `"${request.url}"`
      if (request.url === '/robots.txt') response.writeHead(404).end()
      else if (request.url === '/start') response.writeHead(200, { 'content-type': 'text/html' }).end(links(30))
      else if (request.url === '/photo.jpg') response.writeHead(200, { 'content-type': 'image/jpeg' }).end(photograph)
      // Half of the pages are the same every time.
      else if (/[02468]$/.test(request.url!) && request.headers['if-none-match'] === etag) response.writeHead(304).end()
      else {
        const more = /[02468]$/.test(request.url!) ? { etag } : {}
        response
          .writeHead(200, { 'content-type': 'text/html', ...more })
          .end(`${long}${/\/p[24]$/.test(request.url!) ? '<img src="/photo.jpg">' : ''}`)
      }
    })
    const where = join(folder, 'long')
    const sizes: number[] = []
    for (let pass = 1; pass <= 5; pass++) {
      const report = await look(origin, host, { folder: where, limits: { depth: 1 } })
      sizes.push(statSync(join(where, 'journal.jsonl')).size)
      expect([report.looked.pages, report.looked.unchanged]).to.deep.equal([30, pass === 1 ? 0 : 15])
      expect(report.suspects.map(({ sightings }) => sightings.map(({ page }) => new URL(page).pathname).sort())).to.deep.equal([
        ['/p2', '/p4'],
      ])
      expect(report.suspects[0]!.isNew).to.equal(pass === 1)
    }
    // Written anew from the third pass on: it holds the last visit of each page, and this pass's.
    expect(sizes[1]).to.be.greaterThan(8 << 20)
    for (const size of sizes.slice(2)) expect(size).to.be.lessThan(sizes[1]! * 1.1)
  })

  it('does not follow links of a page that redirects to another host', async () => {
    const other = await site((request, response) =>
      request.url === '/robots.txt'
        ? response.writeHead(404).end()
        : response.writeHead(200, { 'content-type': 'text/html' }).end(links(5)),
    )
    const { origin, host } = await site((request, response) => {
      if (request.url === '/robots.txt') response.writeHead(404).end()
      else if (request.url === '/start') response.writeHead(200, { 'content-type': 'text/html' }).end('<a href="/out">out</a>')
      else response.writeHead(302, { location: `http://localhost:${new URL(other.origin).port}/in` }).end()
    })
    await look(origin, host, { politeness: { allow: [host, `localhost:${new URL(other.origin).port}`] } })
    expect(other.asked).to.deep.equal(['/robots.txt', '/in'])
  })
})
