import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import sharp from 'sharp'
import { ESSAY, FILM, PHOTO, TUNE } from '../fingerprint/media.ts'

export interface Site {
  origin: string
  /** `127.0.0.1:PORT`, to be allowed explicitly. */
  host: string
  /** Paths that were asked for. */
  asked: string[]
  /** Run when `/crash` is asked for. */
  crash?: () => void
  stop(): Promise<void>
}

/** A small web site on loopback: pictures, a copy, scripts, redirects, traps. */
export async function startSite(): Promise<Site> {
  const photo = readFileSync(PHOTO)
  const copy = await sharp(photo).resize(400).jpeg({ quality: 60 }).toBuffer()
  const noise = await sharp({
    create: { width: 300, height: 200, channels: 3, background: '#888', noise: { type: 'gaussian', mean: 128, sigma: 60 } },
  })
    .png()
    .toBuffer()
  const essay = readFileSync(ESSAY, 'utf8')
  const [film, tune] = [readFileSync(FILM), readFileSync(TUNE)]
  const asked: string[] = []
  const html = (body: string, head = ''): string =>
    `<!doctype html><html lang="en"><head><meta charset="utf-8">${head}</head><body>${body}</body></html>`
  const pages: Record<string, (request: IncomingMessage, response: ServerResponse) => void> = {
    '/': (_, response) =>
      send(
        response,
        'text/html; charset=utf-8',
        gzipSync(
          html(
            `<h1>A page</h1><img src="/copy.jpg" srcset="/copy.jpg 1x" alt="copy"><div id="bg" style="width:300px;height:200px;background-image:url(/noise.png)"></div>
             <p id="late"></p><article>${essay.slice(0, 4000).replace(/</g, '&lt;')}</article>
             <script>fetch('/data.json', { method: 'POST', body: 'q=1' }).then((r) => r.json()).then((d) => { document.getElementById('late').textContent = d.said })</script>`,
            '<title>Stolen &amp; shown</title><link rel="stylesheet" href="/style.css">',
          ),
        ),
        { 'content-encoding': 'gzip' },
      ),
    '/style.css': (_, response) => send(response, 'text/css', 'body { font-family: serif }'),
    '/copy.jpg': (_, response) => send(response, 'image/jpeg', copy),
    '/noise.png': (_, response) => send(response, 'image/png', noise),
    '/data.json': (_, response) => send(response, 'application/json', JSON.stringify({ said: 'Loaded by a script.' })),
    '/moved': (_, response) => void response.writeHead(302, { location: '/' }).end(),
    '/loop': (_, response) => void response.writeHead(302, { location: '/loop' }).end(),
    '/inside': (_, response) => void response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data' }).end(),
    '/leaks': (_, response) =>
      send(
        response,
        'text/html',
        html('<p>Leaks</p><img src="http://127.0.0.1:8099/secret.png"><img src="http://[::1]:8099/secret.png">', '<title>Leaks</title>'),
      ),
    '/slow': (_, response) => {
      response
        .writeHead(200, { 'content-type': 'text/html' })
        .write(html('<p>Slow</p>', '<title>Slow</title>').replace('</body></html>', ''))
      // Never ends by itself.
    },
    '/huge': (_, response) => {
      response.writeHead(200, { 'content-type': 'text/html' })
      const more = (): void => {
        while (!response.destroyed && response.write('<p>More of it.</p>\n'.repeat(3000)));
        if (!response.destroyed) response.once('drain', more)
      }
      more()
    },
    '/bomb': (_, response) => send(response, 'text/html', gzipSync(Buffer.alloc(64 << 20)), { 'content-encoding': 'gzip' }),
    '/gone': (_, response) =>
      void response.writeHead(404, { 'content-type': 'text/html' }).end(html('<p>Nothing here</p>', '<title>Gone</title>')),
    '/filled': (_, response) =>
      send(
        response,
        'text/html',
        html("<script>document.body.appendChild(new Image()).src = '/copy.jpg'</script>", '<title>Filled</title>'),
      ),
    '/cinema': (_, response) =>
      send(
        response,
        'text/html',
        html(
          `<p>A film</p><video controls src="/film.mp4" poster="/moved.jpg"></video><audio controls><source src="/tune.mp3"></audio><video src="/missing.mp4"></video>
           <object data="/film.mp4?again" type="video/mp4"></object><a href="/photo.jpg">download</a>`,
          '<title>Cinema</title><meta property="og:image" content="/noise.png">',
        ),
      ),
    '/film.mp4': (request, response) => inParts(request, response, 'video/mp4', film),
    '/tune.mp3': (request, response) => inParts(request, response, 'audio/mpeg', tune),
    '/moved.jpg': (_, response) => void response.writeHead(302, { location: '/copy.jpg' }).end(),
    '/photo.jpg': (_, response) => send(response, 'image/jpeg', photo),
  }
  const server = createServer((request, response) => {
    asked.push(request.url!)
    if (request.url === '/crash') site.crash?.()
    const page = pages[request.url!.replace('?again', '')]
    if (page === undefined) response.writeHead(404).end()
    else page(request, response)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const site: Site = {
    origin: `http://${host}`,
    host,
    asked,
    async stop() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  return site
}

/** Gives the part of a file that is asked for, as servers of films do. */
function inParts(request: IncomingMessage, response: ServerResponse, type: string, body: Uint8Array): void {
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '')
  if (range === null) {
    send(response, type, body, { 'accept-ranges': 'bytes' })
    return
  }
  const from = Number(range[1])
  const to = range[2] === '' ? body.length - 1 : Number(range[2])
  response
    .writeHead(206, { 'content-type': type, 'content-length': to + 1 - from, 'content-range': `bytes ${from}-${to}/${body.length}` })
    .end(body.subarray(from, to + 1))
}

function send(response: ServerResponse, type: string, body: string | Uint8Array, headers: Record<string, string> = {}): void {
  response.writeHead(200, { 'content-type': type, 'content-length': Buffer.byteLength(body), ...headers }).end(body)
}
