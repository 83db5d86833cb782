import { request as overHttp } from 'node:http'
import { request as overHttps } from 'node:https'
import { isIP } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib'
import { ColophonError } from '../errors/base.ts'
import type { Exchange } from './exchange.ts'
import { publicAddress } from './guard.node.ts'
import type { ReachedHost, Recording, RecordingOptions, TlsChain } from './recording.ts'

const REDIRECTS = 10
const AGENT = 'Colophon (evidence capture)'

/**
 * Records a page over plain HTTP: the document and its redirects, no scripts, no pictures. The address is checked, and connected to, at
 * every redirect.
 *
 * @throws ColophonError `ADDRESS_REFUSED`, `HOST_UNKNOWN`, `CAPTURE_FAILED`; the signal's reason when aborted
 */
export async function recordOverHttp(url: string, options: RecordingOptions): Promise<Recording> {
  const started = new Date()
  const { exchanges, hosts, tls } = await fetchOverHttp(url, options)
  const last = exchanges.at(-1)!
  const html = new TextDecoder().decode(last.body)
  const title = /<title[^>]*>([^<]*)<\/title>/i.exec(html)?.[1]?.trim()
  return {
    mode: 'http',
    agent: AGENT,
    exchanges,
    artifacts: [],
    page: { url: last.url, title: title || url, date: started, text: '' },
    hosts,
    tls,
    media: [],
    gaps: ['Captured without a browser: no scripts ran, and neither pictures nor a screenshot were taken.'],
  }
}

/** What came for one address, through all its redirects. */
export interface Fetched {
  /** The last one is what the redirects led to. */
  exchanges: Exchange[]
  hosts: ReachedHost[]
  tls: TlsChain[]
}

/**
 * Fetches one address and follows its redirects, each of which is checked.
 *
 * @param referrer - the page that the address stands on
 * @throws ColophonError `ADDRESS_REFUSED`, `HOST_UNKNOWN`, `CAPTURE_FAILED`; the signal's reason when aborted
 */
export async function fetchOverHttp(url: string, options: RecordingOptions, referrer?: string): Promise<Fetched> {
  const exchanges: Exchange[] = []
  const hosts = new Map<string, ReachedHost>()
  const tls: TlsChain[] = []
  let next = new URL(url)
  for (;;) {
    const { exchange, chain } = await get(next, options, referrer)
    exchanges.push(exchange)
    hosts.set(next.hostname, { host: next.hostname, address: exchange.address! })
    if (chain !== undefined && tls.every(({ origin }) => origin !== chain.origin)) tls.push(chain)
    const location = exchange.responseHeaders.find(([name]) => name.toLowerCase() === 'location')?.[1]
    if (exchange.status < 300 || exchange.status >= 400 || location === undefined) break
    if (exchanges.length > REDIRECTS) throw failed(url, `it redirects more than ${REDIRECTS} times`)
    next = new URL(location, next)
    if (next.protocol !== 'http:' && next.protocol !== 'https:') throw failed(url, `it redirects to ${next.protocol}`)
  }
  return { exchanges, hosts: [...hosts.values()], tls }
}

async function get(url: URL, options: RecordingOptions, referrer: string | undefined): Promise<{ exchange: Exchange; chain?: TlsChain }> {
  const secure = url.protocol === 'https:'
  const port = Number(url.port || (secure ? 443 : 80))
  const address = await publicAddress(url.hostname, port, options.allow)
  const headers = {
    host: url.host,
    'user-agent': AGENT,
    accept: '*/*',
    'accept-encoding': 'gzip, deflate, br',
    ...(referrer === undefined ? {} : { referer: referrer }),
  }
  const date = new Date()
  return await new Promise((resolve, reject) => {
    const request = (secure ? overHttps : overHttp)({
      host: address,
      port,
      path: `${url.pathname}${url.search}`,
      headers,
      agent: false,
      ...(secure ? { servername: isIP(url.hostname) === 0 ? url.hostname : '', rejectUnauthorized: !options.ignoreTlsErrors } : {}),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    })
    const stop = (reason: string, cause?: unknown): void => {
      clearTimeout(timer)
      request.destroy()
      reject(options.signal?.aborted === true ? options.signal.reason : failed(url.href, reason, cause))
    }
    const timer = setTimeout(() => stop(`it did not answer in ${options.timeout} ms`), options.timeout)
    request.once('error', (cause) => stop(cause.message, cause))
    request.once('response', (response) => {
      // The socket shows its certificates only while it is open.
      const chain = secure ? chainOf(url.origin, response.socket as TLSSocket) : undefined
      const chunks: Buffer[] = []
      let size = 0
      response.on('data', (chunk: Buffer) => {
        size += chunk.length
        if (size > options.maxBytes) stop(`it has more than ${options.maxBytes} bytes`)
        else chunks.push(chunk)
      })
      response.once('error', (cause) => stop(cause.message, cause))
      response.once('end', () => {
        clearTimeout(timer)
        const raw = response.rawHeaders
        const responseHeaders = raw.flatMap((name, at) => (at % 2 === 0 ? [[name, raw[at + 1]!] as [string, string]] : []))
        let body: Uint8Array
        try {
          body = decoded(Buffer.concat(chunks), response.headers['content-encoding'], options.maxBytes)
        } catch (cause) {
          stop(`its body cannot be decoded: ${(cause as Error).message}`, cause)
          return
        }
        const exchange: Exchange = {
          url: url.href,
          date,
          method: 'GET',
          requestHeaders: Object.entries(headers),
          status: response.statusCode ?? 0,
          statusText: response.statusMessage ?? '',
          responseHeaders,
          body,
          address,
        }
        resolve({ exchange, ...(chain === undefined ? {} : { chain }) })
      })
    })
    request.end()
  })
}

function decoded(bytes: Buffer, encoding: string | undefined, maxOutputLength: number): Uint8Array {
  const decode = { gzip: gunzipSync, 'x-gzip': gunzipSync, deflate: inflateSync, br: brotliDecompressSync }[
    encoding?.trim().toLowerCase() ?? ''
  ]
  return new Uint8Array(decode === undefined ? bytes : decode(bytes, { maxOutputLength }))
}

function chainOf(origin: string, socket: TLSSocket): TlsChain {
  const certificates: string[] = []
  let certificate = socket.getPeerCertificate(true)
  const seen = new Set<string>()
  while (certificate?.raw !== undefined && !seen.has(certificate.fingerprint256)) {
    seen.add(certificate.fingerprint256)
    certificates.push(certificate.raw.toString('base64'))
    certificate = certificate.issuerCertificate
  }
  const protocol = socket.getProtocol()
  return { origin, ...(protocol === null ? {} : { protocol }), certificates }
}

function failed(url: string, reason: string, cause?: unknown): ColophonError {
  return new ColophonError('CAPTURE_FAILED', `${url} could not be captured: ${reason}.`, {
    hint: 'Open it in a browser of your own to see what is wrong, or raise the limit that the message names.',
    details: { url },
    ...(cause === undefined ? {} : { cause }),
  })
}
