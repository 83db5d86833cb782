import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import sharp from 'sharp'
import { AUDIO_ATTACKS } from '../../../bench/attacks/audio.ts'
import { imageAttacks, type Photo } from '../../../bench/attacks/image.ts'
import { TEXT_ATTACKS } from '../../../bench/attacks/text.ts'
import { attackArguments, videoAttacks } from '../../../bench/attacks/video.ts'
import { fractal, panned } from '../fingerprint/films.ts'
import { ESSAY, essayText, FILM, PHOTO } from '../fingerprint/media.ts'
import { numbers, play, wav } from '../fingerprint/recordings.ts'
import { prose } from '../fingerprint/works.ts'

/** A work that is watched for, as a file. */
export interface SiteWork {
  id: string
  name: string
  bytes: Uint8Array<ArrayBuffer>
}

/** A page that shows a copy. */
export interface Shown {
  page: string
  work: string
  media: 'image' | 'audio' | 'video' | 'text'
  attack: string
  /** How the page shows it: `img`, `background`, `audio`, `video`, `text`, … */
  way: string
}

export interface WatchedSite {
  origin: string
  /** `127.0.0.1:PORT`, to be allowed explicitly. */
  host: string
  /** A host that says it speaks TLS and does not. */
  tlsHost: string
  works: SiteWork[]
  /** Copies without permission: what a watch should report. */
  copies: Shown[]
  /** Copies below `/licensed/`. */
  licensed: Shown[]
  /** Copies that only scripts show. */
  scripted: Shown[]
  /** Pages whose scripts do what they should not. */
  unruly: string[]
  /** Pages with nothing of ours, look-alikes among them. */
  innocent: number
  /** Paths that were asked for, in order; with the method where it is not GET. */
  asked: string[]
  /** Most requests that were under way at once since it was asked last. */
  mostAtOnce(): number
  /** Requests that were answered with 304. */
  unchanged(): number
  /** Bytes that the largest trap could get rid of. */
  streamed(): number
  /** From now on something else is on this path; gives what puts it back. */
  replace(path: string, bytes: Uint8Array): () => void
  stop(): Promise<void>
}

export interface SiteOptions {
  /** Pages without copies. */
  innocent: number
  /** Each innocent page has pictures of its own, so many. */
  pictures?: number
  /** Milliseconds that each answer takes. */
  latency?: number
}

/** Ten of pictures, five each of recordings, films and texts. */
const IMAGE_ATTACKS = [
  'jpeg 30',
  'webp 50',
  'resize 50 %',
  'crop 10 % centre',
  'crop 20 % corner',
  'rotate 5°',
  'rotate 90°',
  'flip horizontal',
  'text',
  'screenshot in a page',
]
const SOUND_ATTACKS = ['low-pass 1.5 kHz', 'noise 10 dB below', 'pitch +1 st', 'tempo +5 %', 'excerpt of 10 s']
const FILM_ATTACKS = ['re-encoded, crf 40', 'crop 15 %', 'mirrored', 'social media', 'excerpt of 5 s']
const WORDING_ATTACKS = [
  'reformatted: lines, quotes, case',
  '5 % of the words deleted',
  '10 % of the words substituted',
  'sentences shuffled',
  'homoglyphs, every second letter',
]
const RATE = 16_000
const SECONDS = 20

/** A picture with edges, textures and shades, another for every seed. */
export async function scene(seed: number, width = 480, height = 360): Promise<Buffer> {
  const next = numbers(seed)
  const cells = 14
  const lattice = Float64Array.from({ length: (cells + 1) * (cells + 1) * 3 }, () => next() * 255)
  const data = Buffer.alloc(width * height * 3)
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [u, v] = [(x / width) * cells, (y / height) * cells]
      const [i, j] = [Math.floor(u), Math.floor(v)]
      const [a, b] = [u - i, v - j]
      for (let c = 0; c < 3; c++) {
        const value = (di: number, dj: number): number => lattice[((j + dj) * (cells + 1) + i + di) * 3 + c]!
        data[at++] = (value(0, 0) * (1 - a) + value(1, 0) * a) * (1 - b) + (value(0, 1) * (1 - a) + value(1, 1) * a) * b
      }
    }
  }
  const shapes = Array.from({ length: 26 }, () => {
    const [x, y] = [next() * width, next() * height]
    const fill = `rgb(${Math.floor(next() * 256)},${Math.floor(next() * 256)},${Math.floor(next() * 256)})`
    const size = 12 + next() * 70
    if (next() < 0.4) return `<ellipse cx="${x}" cy="${y}" rx="${size}" ry="${size * (0.3 + next())}" fill="${fill}"/>`
    const turn = `rotate(${next() * 180} ${x} ${y})`
    return `<rect x="${x}" y="${y}" width="${size}" height="${size * (0.3 + next())}" transform="${turn}" fill="${fill}"/>`
  })
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${shapes.join('')}</svg>`
  return await sharp(data, { raw: { width, height, channels: 3 } })
    .composite([{ input: Buffer.from(svg) }])
    .jpeg({ quality: 88 })
    .toBuffer()
}

const floats = (samples: Int16Array): Float32Array<ArrayBuffer> => Float32Array.from(samples, (value) => value / 32_768)
const sound = (samples: Float32Array): Uint8Array<ArrayBuffer> =>
  wav(
    Int16Array.from(samples, (value) => Math.max(-32_768, Math.min(32_767, Math.round(value * 32_767)))),
    RATE,
  )

interface Films {
  /** Two: one with sound, and one that a camera makes of a picture. */
  works: Uint8Array<ArrayBuffer>[]
  /** By the names of {@link FILM_ATTACKS}, in turn of the first work and of the second. */
  copies: Uint8Array[]
  /** The second work, small. */
  licensed: Uint8Array
  /** A film by the same camera of another picture, and one of another kind. */
  alike: Uint8Array[]
}

/** Small films, made by FFmpeg. */
async function makeFilms(): Promise<Films> {
  const folder = mkdtempSync(join(tmpdir(), 'colophon-site-'))
  try {
    const make = (name: string, args: readonly string[]): string => {
      const path = join(folder, name)
      execFileSync('ffmpeg', ['-v', 'error', '-nostdin', '-y', ...args, path], { stdio: ['ignore', 'ignore', 'pipe'] })
      return path
    }
    const bytesOf = (path: string): Uint8Array<ArrayBuffer> => Uint8Array.from(readFileSync(path))
    const pictures: string[] = []
    for (const seed of [4, 6]) {
      const path = join(folder, `scene-${seed}.jpg`)
      writeFileSync(path, await scene(seed, 640, 480))
      pictures.push(path)
    }
    const works = [FILM, make('work.mp4', panned(8, pictures[0]))]
    const attacks = await videoAttacks(join(folder, 'overlays'))
    const copies = FILM_ATTACKS.map((name, index) => {
      const attack = attacks.find((each) => each.name === name)!
      const args = attackArguments(attack, works[index % works.length]!, 1, attack.seconds ?? 7)
      return bytesOf(make(`copy-${index}.${attack.extension ?? 'mp4'}`, args))
    })
    return {
      works: works.map(bytesOf),
      copies,
      licensed: bytesOf(make('licensed.mp4', ['-i', works[1]!, '-vf', 'scale=-2:144', '-preset', 'veryfast'])),
      alike: [bytesOf(make('alike-0.mp4', panned(8, pictures[1]))), bytesOf(make('alike-1.mp4', fractal(6)))],
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Paragraphs of a text as HTML. */
function paragraphs(text: string): string {
  return text
    .split(/\n\s*\n/)
    .map((each) => `<p>${escaped(each)}</p>`)
    .join('\n')
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void

/** A web site on loopback with copies, permitted uses, innocents and traps. FFmpeg has to be on the path. */
export async function startWatchedSite({ innocent, pictures = 1, latency = 0 }: SiteOptions): Promise<WatchedSite> {
  const files = new Map<string, { type: string; bytes: Uint8Array; etag: string }>()
  const traps = new Map<string, Answer>()
  const copies: Shown[] = []
  const licensed: Shown[] = []
  const asked: string[] = []
  let unchanged = 0
  let streamed = 0
  const put = (path: string, type: string, bytes: Uint8Array | string): void => {
    const body = typeof bytes === 'string' ? Buffer.from(bytes) : bytes
    files.set(path, { type, bytes: body, etag: `"${createHash('sha256').update(body).digest('hex').slice(0, 16)}"` })
  }
  const html = (title: string, body: string, head = ''): string =>
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title>${head}</head><body><nav><a href="/">home</a></nav>${body}</body></html>`
  const page = (path: string, title: string, body: string, head = ''): void =>
    put(path, 'text/html; charset=utf-8', html(title, body, head))

  // Works: three pictures, two tunes, two films, two texts.
  const photographs = [readFileSync(PHOTO), await scene(1), await scene(2)]
  const tunes = [101, 202].map((seed) => play({ seed, seconds: SECONDS }, RATE))
  const films = await makeFilms()
  const texts = [essayText, prose(31, 420)]
  const works: SiteWork[] = [
    ...photographs.map((bytes, index) => ({ id: `picture-${index}`, name: `picture-${index}.jpg`, bytes: Uint8Array.from(bytes) })),
    ...tunes.map((samples, index) => ({ id: `tune-${index}`, name: `tune-${index}.wav`, bytes: wav(samples, RATE) })),
    ...films.works.map((bytes, index) => ({ id: `film-${index}`, name: `film-${index}.mp4`, bytes })),
    { id: 'text-0', name: 'text-0.md', bytes: Uint8Array.from(readFileSync(ESSAY)) },
    { id: 'text-1', name: 'text-1.txt', bytes: new TextEncoder().encode(texts[1]) },
  ]

  // Copies under twenty-five attacks, each shown in another way.
  const ways: readonly [string, (src: string, path: string) => [body: string, head?: string]][] = [
    ['img', (src) => [`<img src="${src}" alt="">`]],
    ['img', (src) => [`<img srcset="${src}?w=2 2x, ${src} 1x" alt="">`]],
    ['source', (src) => [`<picture><source srcset="${src}"><img src="/pixel.png" alt=""></picture>`]],
    ['background', (src) => [`<div style="width:9em;height:9em;background:url('${src}') no-repeat"></div>`]],
    ['background', (src) => ['<div class="hero"></div>', `<style>.hero{background-image:url(${src})}</style>`]],
    ['background', (_, path) => ['<div class="far"></div>', `<link rel="stylesheet" href="${path}.css">`]],
    ['img', (src) => [`<img src="/pixel.png" data-src="${src}" alt=""><script>lazy()</script>`]],
    ['poster', (src) => [`<video poster="${src}" controls></video>`]],
    ['meta', (src) => ['<p>Shared.</p>', `<meta property="og:image" content="${src}">`]],
    ['link', (src) => [`<a href="${src}">download</a>`]],
  ]
  const pages: string[] = []
  for (const [index, name] of IMAGE_ATTACKS.entries()) {
    const attack = imageAttacks.find((each) => each.name === name)!
    const work = index % photographs.length
    const { data, info } = await sharp(photographs[work]).removeAlpha().raw().toBuffer({ resolveWithObject: true })
    const photo: Photo = { width: info.width, height: info.height, data, seed: index + 7 }
    const src = `/files/copy-${index}.jpg`
    put(src, 'image/jpeg', await attack.make(photo))
    const [way, embed] = ways[index % ways.length]!
    const path = `/shop/${index}`
    if (way === 'background' && embed(src, path)[1]?.includes('stylesheet'))
      put(`${path}.css`, 'text/css', `.far { background: url("..${src}") }`)
    page(path, `Offer ${index}`, ...embed(src, path))
    pages.push(path)
    copies.push({ page: path, work: `picture-${work}`, media: 'image', attack: name, way })
  }
  for (const [index, name] of SOUND_ATTACKS.entries()) {
    const attack = AUDIO_ATTACKS.find((each) => each.name === name)!
    const work = index % tunes.length
    const samples = floats(tunes[work]!.slice(0, (attack.seconds ?? SECONDS) * RATE))
    const src = `/files/sound-${index}.wav`
    const context = { rate: RATE, seed: index + 3, speech: new Float32Array(samples.length) }
    put(src, 'audio/wav', sound(attack.apply?.(samples, context) ?? samples))
    const path = `/radio/${index}`
    page(
      path,
      `Track ${index}`,
      index % 2 === 0 ? `<audio controls src="${src}"></audio>` : `<audio controls><source src="${src}"></audio>`,
    )
    pages.push(path)
    copies.push({ page: path, work: `tune-${work}`, media: 'audio', attack: name, way: index % 2 === 0 ? 'audio' : 'source' })
  }
  const screens: readonly [string, (src: string) => [body: string, head?: string]][] = [
    ['video', (src) => [`<video controls src="${src}"></video>`]],
    ['source', (src) => [`<video controls poster="/pixel.png"><source src="${src}" type="video/mp4"></video>`]],
    ['link', (src) => [`<a href="${src}">download</a>`]],
    ['meta', (src) => ['<p>Shared.</p>', `<meta property="og:video" content="${src}">`]],
    ['embed', (src) => [`<object data="${src}" type="video/mp4"></object>`]],
  ]
  for (const [index, name] of FILM_ATTACKS.entries()) {
    const src = `/files/film-${index}.mp4`
    put(src, 'video/mp4', films.copies[index]!)
    const [way, embed] = screens[index]!
    const path = `/cinema/${index}`
    page(path, `Film ${index}`, ...embed(src))
    pages.push(path)
    copies.push({ page: path, work: `film-${index % films.works.length}`, media: 'video', attack: name, way })
  }
  const vocabulary = prose(77, 300).split(/\s+/)
  for (const [index, name] of WORDING_ATTACKS.entries()) {
    const work = index % texts.length
    const text = { name: 'text', language: 'en' as const, paragraphs: texts[work]!.split(/\n\s*\n/) }
    const copied = TEXT_ATTACKS[name]!(text, { random: numbers(index + 1), vocabulary, synonyms: new Map() })
    if (typeof copied !== 'string') throw new Error(`${name} makes no text.`)
    const path = `/blog/${index}`
    page(
      path,
      `Post ${index}`,
      `<header>${escaped(prose(400 + index, 40))}</header><article>${paragraphs(copied)}</article><footer>All rights.</footer>`,
    )
    pages.push(path)
    copies.push({ page: path, work: `text-${work}`, media: 'text', attack: name, way: 'text' })
  }
  // One copy on another page too, and the same file on a page that robots.txt excludes.
  page('/shop/again', 'Offer again', '<img src="/files/copy-0.jpg" alt="">')
  pages.push('/shop/again')
  copies.push({ ...copies[0]!, page: '/shop/again', way: 'img' })
  page('/private/secret', 'Excluded', '<img src="/files/copy-1.jpg" alt="">')
  pages.push('/private/secret')

  // Placed by scripts: a picture from data that is asked for, a film in a shadow tree, a text, and a page that only a script links to.
  const script = (path: string, body: string): void => page(path, 'Put together', `<div id="at"></div><script>${body}</script>`)
  put('/files/late.jpg', 'image/jpeg', await sharp(photographs[2]).resize(300).jpeg({ quality: 50 }).toBuffer())
  put('/files/deep.jpg', 'image/jpeg', await sharp(photographs[1]).resize(280).jpeg({ quality: 50 }).toBuffer())
  put('/files/late.mp4', 'video/mp4', films.copies[0]!)
  put('/scripted/data.json', 'application/json', JSON.stringify({ pictures: ['/files/late.jpg'], text: texts[1] }))
  const app = `fetch('/scripted/data.json').then((answer) => answer.json()).then(({ pictures, text }) => setTimeout(() => {
    const at = document.getElementById('at')
    if (location.pathname.endsWith('0')) at.innerHTML = pictures.map((src) => '<img src="' + src + '">').join('')
    else for (const each of text.split(/\\n\\s*\\n/)) at.appendChild(document.createElement('p')).textContent = each
  }, 150))`
  put('/scripted/app.js', 'text/javascript', app)
  for (const path of ['/scripted/0', '/scripted/1'])
    page(path, 'Put together', '<article id="at"></article><script src="/scripted/app.js"></script>')
  script('/scripted/2', `document.getElementById('at').attachShadow({ mode: 'open' }).innerHTML = '<video src="/files/late.mp4"></video>'`)
  script('/scripted/3', `document.getElementById('at').innerHTML = '<a href="/scripted/deep">more</a>'`)
  page('/scripted/deep', 'Deep', '<img src="/files/deep.jpg" alt="">')
  script('/scripted/4', `document.getElementById('at').innerHTML = '<img src="/files/alike-0.jpg">'`)
  const scripted: Shown[] = [
    { page: '/scripted/0', work: 'picture-2', media: 'image', attack: 'resize', way: 'img' },
    { page: '/scripted/1', work: 'text-1', media: 'text', attack: 'none', way: 'text' },
    { page: '/scripted/2', work: 'film-0', media: 'video', attack: FILM_ATTACKS[0]!, way: 'video' },
    { page: '/scripted/deep', work: 'picture-1', media: 'image', attack: 'resize', way: 'img' },
  ]
  pages.push('/scripted/0', '/scripted/1', '/scripted/2', '/scripted/3', '/scripted/4')

  // Permitted: a licensee shows three works as they are.
  put('/licensed/picture.jpg', 'image/jpeg', await sharp(photographs[1]).resize(300).jpeg().toBuffer())
  page('/licensed/show', 'Licensed', '<img src="/licensed/picture.jpg" alt="">')
  page('/licensed/read', 'Licensed', `<main>${paragraphs(texts[1]!)}</main>`)
  licensed.push({ page: '/licensed/show', work: 'picture-1', media: 'image', attack: 'none', way: 'img' })
  licensed.push({ page: '/licensed/read', work: 'text-1', media: 'text', attack: 'none', way: 'text' })
  put('/licensed/film.mp4', 'video/mp4', films.licensed)
  page('/licensed/watch', 'Licensed', '<video src="/licensed/film.mp4"></video>')
  licensed.push({ page: '/licensed/watch', work: 'film-1', media: 'video', attack: '144p', way: 'video' })
  pages.push('/licensed/show', '/licensed/read', '/licensed/watch')

  // Innocents: pictures, tunes and texts of others, and look-alikes: the same colours, the same style, the same words in another order.
  put(
    '/pixel.png',
    'image/png',
    await sharp({ create: { width: 1, height: 1, channels: 3, background: '#fff' } })
      .png()
      .toBuffer(),
  )
  const negative = await sharp(await scene(3))
    .negate({ alpha: false })
    .jpeg()
    .toBuffer()
  put('/files/alike-0.jpg', 'image/jpeg', negative)
  put(
    '/files/alike-1.jpg',
    'image/jpeg',
    await sharp({ create: { width: 400, height: 300, channels: 3, background: '#6b4a2b' } })
      .jpeg()
      .toBuffer(),
  )
  put('/files/alike.wav', 'audio/wav', wav(play({ seed: 303, seconds: SECONDS, tempo: 1 }, RATE), RATE))
  put('/files/alike-2.wav', 'audio/wav', wav(play({ seed: 404, seconds: 10 }, RATE), RATE))
  const shuffled = texts[0]!.split(/\s+/).sort().join(' ')
  page('/alike/pictures', 'Alike', '<img src="/files/alike-0.jpg" alt=""><img src="/files/alike-1.jpg" alt="">')
  page('/alike/sounds', 'Alike', '<audio src="/files/alike.wav"></audio><audio src="/files/alike-2.wav"></audio>')
  for (const [index, bytes] of films.alike.entries()) put(`/files/alike-${index}.mp4`, 'video/mp4', bytes)
  page('/alike/films', 'Alike', films.alike.map((_, index) => `<video src="/files/alike-${index}.mp4"></video>`).join(''))
  page('/alike/words', 'Alike', `<article><p>${escaped(shuffled)}</p></article>`)
  pages.push('/alike/pictures', '/alike/sounds', '/alike/films', '/alike/words')
  for (let index = 0; index < innocent; index++) {
    const shown: string[] = []
    for (let picture = 0; picture < pictures && (index % 6 === 0 || pictures > 1); picture++) {
      const src = `/files/other-${index}-${picture}.jpg`
      put(src, 'image/jpeg', await scene(5000 + index * 16 + picture, 240, 180))
      shown.push(`<img src="${src}" alt="">`)
    }
    page(`/news/${index}`, `News ${index}`, `${shown.join('')}<article>${paragraphs(prose(1000 + index, 60 + (index % 5) * 30))}</article>`)
    pages.push(`/news/${index}`)
  }

  // Traps.
  const trap = (path: string, answer: Answer): void => {
    traps.set(path, answer)
    pages.push(path)
  }
  const send = (response: ServerResponse, type: string, body: string | Uint8Array, more: Record<string, string> = {}): void =>
    void response.writeHead(200, { 'content-type': type, ...more }).end(body)
  trap('/traps/loop', (_, response) => void response.writeHead(302, { location: '/traps/loop-b' }).end())
  traps.set('/traps/loop-b', (_, response) => void response.writeHead(302, { location: '/traps/loop' }).end())
  trap('/traps/far/0', (request, response) => {
    const step = Number(request.url!.split('/').at(-1))
    response.writeHead(301, { location: `/traps/far/${step + 1}` }).end()
  })
  trap('/traps/calendar', (request, response) => {
    const at = Number(new URL(request.url!, 'http://x').searchParams.get('month') ?? 0)
    const links = [at + 1, at + 2, at - 1].map((month) => `<a href="/traps/calendar?month=${month}">${month}</a>`)
    send(response, 'text/html', html(`Month ${at}`, links.join('')))
  })
  trap('/traps/slow', (_, response) => void response.writeHead(200, { 'content-type': 'text/html' }).write('<p>Slow'))
  const stream: Answer = (_, response) => {
    response.writeHead(200, { 'content-type': 'video/mp4' })
    const piece = Buffer.alloc(1 << 16)
    const more = (): void => {
      while (!response.destroyed && streamed < 2 ** 31) {
        streamed += piece.length
        if (!response.write(piece)) return void response.once('drain', more)
      }
      response.end()
    }
    more()
  }
  trap('/traps/endless.mp4', stream)
  trap('/traps/large.mp4', (_, response) => {
    response.writeHead(200, { 'content-type': 'video/mp4', 'content-length': String(2 ** 31) })
    response.write(Buffer.alloc(1024))
  })
  const bomb = gzipSync(Buffer.alloc(48 << 20), { level: 1 })
  trap('/traps/bomb', (_, response) => send(response, 'text/html', bomb, { 'content-encoding': 'gzip' }))
  trap('/traps/torn', (_, response) => {
    response.writeHead(200, { 'content-type': 'text/html', 'content-length': '5000' }).write('<p>Torn')
    setImmediate(() => response.destroy())
  })
  trap('/traps/failing', (_, response) => void response.writeHead(500).end())
  trap('/traps/nested', (_, response) => send(response, 'text/html', '<div>'.repeat(200_000)))
  trap('/traps/notPicture.jpg', (_, response) => send(response, 'image/jpeg', Buffer.alloc(5000, 7)))
  let busyUntil = 0
  trap('/traps/busy', (_, response) => {
    if (busyUntil === 0) busyUntil = Date.now() + 900
    if (Date.now() < busyUntil) response.writeHead(503, { 'retry-after': '1' }).end()
    else send(response, 'text/html', html('Free again', '<img src="/files/other-0-0.jpg" alt="">'))
  })

  // A server that does not speak TLS, and one that nobody allowed.
  const noTls = createTcpServer((socket) => {
    socket.on('error', () => socket.destroy())
    socket.once('data', () => socket.end('this is not TLS\r\n', () => socket.destroy()))
  }).listen(0, '127.0.0.1')
  await once(noTls, 'listening')
  const inside: string[] = []
  const hidden = createServer((request, response) => {
    inside.push(request.url!)
    response.end('secret')
  }).listen(0, '127.0.0.1')
  await once(hidden, 'listening')
  const portOf = (server: { address(): unknown }): number => (server.address() as AddressInfo).port
  page(
    '/traps/elsewhere',
    'Elsewhere',
    `<img src="https://127.0.0.1:${portOf(noTls)}/x.jpg"><img src="http://127.0.0.1:${portOf(hidden)}/inside.jpg"><img src="http://169.254.169.254/latest.jpg">
     <img src="http://[::1]:${portOf(hidden)}/inside.jpg"><img src="http://10.1.2.3/x.jpg"><a href="javascript:alert(1)">x</a><a href="http://user:secret@127.0.0.1/">y</a>
     <img src="http://no-such-host.invalid/x.jpg"><a href="file:///etc/passwd">z</a>`,
  )
  pages.push('/traps/elsewhere')
  traps.set('/traps/inside', (_, response) => void response.writeHead(302, { location: `http://127.0.0.1:${portOf(hidden)}/inside` }).end())
  pages.push('/traps/inside')

  const unruly = ['/unruly/spin', '/unruly/leak', '/unruly/fill', '/unruly/chatter']
  page(unruly[0]!, 'Spin', '<img src="/files/copy-2.jpg" alt=""><script>for (;;);</script>')
  page(
    unruly[1]!,
    'Leak',
    `<script>
      for (const url of ['/private/data.json', 'http://127.0.0.1:${portOf(hidden)}/inside', 'http://169.254.169.254/latest']) fetch(url).catch(() => {})
      fetch('/unruly/take', { method: 'POST', body: document.cookie }).catch(() => {})
      navigator.sendBeacon('/unruly/beacon', 'x')
      new WebSocket('ws://127.0.0.1:${portOf(hidden)}/socket')
      const frame = document.body.appendChild(document.createElement('iframe'))
      frame.src = 'http://127.0.0.1:${portOf(hidden)}/frame'
      open('http://127.0.0.1:${portOf(hidden)}/window')
      alert('Hello')
      location.href = 'http://127.0.0.1:${portOf(hidden)}/away'
    </script>`,
  )
  page(unruly[2]!, 'Fill', '<script>const all = []; for (;;) all.push(new Array(1e6).fill(Math.random()))</script>')
  page(unruly[3]!, 'Chatter', "<script>let n = 0; setInterval(() => fetch('/unruly/chat?' + n++), 1)</script>")
  put('/unruly/chat', 'text/plain', 'chat')

  // How a crawl gets there: the first half from pages of links, the rest from sitemaps, a feed and a list.
  const parts = [0, 1, 2, 3].map((part) => pages.filter((_, index) => index % 4 === part))
  page('/', 'Home', '<a href="/contents/0">contents</a>')
  const chunks = Array.from({ length: Math.ceil((parts[0]!.length + parts[1]!.length) / 25) }, (_, index) =>
    [...parts[0]!, ...parts[1]!].slice(index * 25, index * 25 + 25),
  )
  for (const [index, chunk] of chunks.entries()) {
    const next = index + 1 < chunks.length ? `<a href="/contents/${index + 1}">more</a>` : ''
    page(`/contents/${index}`, `Contents ${index}`, chunk.map((path) => `<a href="${path}#top">${path}</a>`).join(' ') + next)
  }
  let [under, most] = [0, 0]
  const server = createServer((request, response) => {
    const path = request.url!
    asked.push(request.method === 'GET' ? path : `${request.method} ${path}`)
    most = Math.max(most, ++under)
    response.once('close', () => under--)
    const answer = (): void => {
      const found = files.get(path) ?? files.get(path.split('?')[0]!)
      const trapped = traps.get(path) ?? (path.startsWith('/traps/far/') ? traps.get('/traps/far/0') : traps.get(path.split('?')[0]!))
      if (trapped !== undefined) trapped(request, response)
      else if (found === undefined) response.writeHead(404, { 'content-type': 'text/html' }).end('<p>No</p>')
      else if (request.headers['if-none-match'] === found.etag) {
        unchanged++
        response.writeHead(304, { etag: found.etag }).end()
      } else {
        const body = found.type.startsWith('text/html') ? gzipSync(found.bytes, { level: 1 }) : found.bytes
        const encoding = found.type.startsWith('text/html') ? { 'content-encoding': 'gzip' } : {}
        response.writeHead(200, { 'content-type': found.type, etag: found.etag, 'content-length': body.length, ...encoding }).end(body)
      }
    }
    if (latency > 0) setTimeout(answer, latency)
    else answer()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const host = `127.0.0.1:${portOf(server)}`
  const origin = `http://${host}`
  put('/robots.txt', 'text/plain', `User-agent: *\nDisallow: /private/\nSitemap: ${origin}/sitemap.xml\n`)
  put(
    '/sitemap.xml',
    'application/xml',
    `<?xml version="1.0"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>${origin}/pages.xml</loc></sitemap></sitemapindex>`,
  )
  put('/pages.xml', 'application/xml', `<urlset>${parts[2]!.map((path) => `<url><loc>${origin}${path}</loc></url>`).join('')}</urlset>`)
  const half = parts[3]!.length >> 1
  put(
    '/feed.xml',
    'application/rss+xml',
    `<rss version="2.0"><channel>${parts[3]!
      .slice(0, half)
      .map((path) => `<item><title>${path}</title><link>${origin}${path}</link></item>`)
      .join('')}</channel></rss>`,
  )
  put(
    '/list.csv',
    'text/csv',
    `name,address\r\n${parts[3]!
      .slice(half)
      .map((path) => `"a, ""b""",${origin}${path}`)
      .join('\r\n')}`,
  )
  return {
    origin,
    host,
    tlsHost: `127.0.0.1:${portOf(noTls)}`,
    works,
    copies,
    licensed,
    scripted,
    unruly,
    innocent: innocent + 5,
    asked,
    mostAtOnce() {
      const before = most
      most = under
      return before
    },
    unchanged: () => unchanged,
    streamed: () => streamed,
    replace(path, bytes) {
      const before = files.get(path)!
      put(path, before.type, bytes)
      return () => void files.set(path, before)
    },
    async stop() {
      if (inside.length > 0) throw new Error(`The private server was asked for ${inside.join(', ')}.`)
      server.closeAllConnections()
      hidden.closeAllConnections()
      for (const each of [server, hidden, noTls]) {
        each.close()
        await once(each, 'close')
      }
    },
  }
}
