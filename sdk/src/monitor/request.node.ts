import { Agent as HttpAgent, type IncomingHttpHeaders, type IncomingMessage, request as overHttp } from 'node:http'
import { Agent as HttpsAgent, request as overHttps } from 'node:https'
import { isIP } from 'node:net'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { ColophonError } from '../errors/base.ts'
import { publicAddress } from '../evidence/guard.node.ts'

/** What came back for one address, without following redirects. */
export interface Reply {
  status: number
  headers: IncomingHttpHeaders
  /** Decoded; empty where it was not wanted. */
  body: Uint8Array<ArrayBuffer>
  /** Bytes that came over the wire. */
  received: number
  /** The body is longer than was wanted, or was not wanted at all. */
  cut: boolean
}

export interface RequestOptions {
  /** `host:port` pairs that may be reached although they are not public. */
  allow: readonly string[]
  /** Milliseconds for the whole answer. */
  timeout: number
  /** Most bytes of the decoded body, by what the head of the answer says; 0 leaves it. */
  wanted: (status: number, headers: IncomingHttpHeaders) => number
  headers: Readonly<Record<string, string>>
  signal?: AbortSignal
}

/** Keeps connections open between requests. */
export interface Requester {
  /** @throws ColophonError `ADDRESS_REFUSED`, `HOST_UNKNOWN`, `FETCH_FAILED`; the signal's reason when aborted */
  get(url: string, options: RequestOptions): Promise<Reply>
  close(): void
}

export function createRequester(): Requester {
  const settings = { keepAlive: true, maxSockets: 4, maxFreeSockets: 1, timeout: 60_000 }
  const agents = { 'http:': new HttpAgent(settings), 'https:': new HttpsAgent(settings) }
  return {
    get: async (url, options) => await get(new URL(url), agents, options),
    close() {
      for (const agent of Object.values(agents)) agent.destroy()
    },
  }
}

async function get(url: URL, agents: { 'http:': HttpAgent; 'https:': HttpsAgent }, options: RequestOptions): Promise<Reply> {
  const { signal, timeout, wanted, headers, allow } = options
  signal?.throwIfAborted()
  const secure = url.protocol === 'https:'
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const port = Number(url.port || (secure ? 443 : 80))
  // Checked before every request, and the connection goes to what was checked: a name cannot change its address in between.
  const address = await publicAddress(host, port, allow)
  const family = isIP(address)
  return await new Promise((resolve, reject) => {
    let settled = false
    const settle = (run: () => void): void => {
      if (settled) return
      settled = true
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
      run()
    }
    const request = (secure ? overHttps : overHttp)({
      host,
      port,
      path: `${url.pathname}${url.search}`,
      headers: { host: url.host, 'accept-encoding': 'gzip, deflate, br', ...headers },
      agent: secure ? agents['https:'] : agents['http:'],
      lookup: (_host, asked, answer) =>
        (asked as { all?: boolean }).all === true
          ? (answer as unknown as (fault: null, list: { address: string; family: number }[]) => void)(null, [{ address, family }])
          : answer(null, address, family),
      ...(secure ? { servername: isIP(host) === 0 ? host : '' } : {}),
    })
    const fail = (why: string, cause?: unknown): void =>
      settle(() => {
        request.destroy()
        reject(failed(url, why, cause))
      })
    const abort = (): void =>
      settle(() => {
        request.destroy()
        reject(signal!.reason)
      })
    const timer = setTimeout(() => fail(`it took more than ${timeout} ms`), timeout)
    signal?.addEventListener('abort', abort, { once: true })
    request.once('error', (cause) => fail(cause.message || (cause as NodeJS.ErrnoException).code || 'the connection failed', cause))
    request.once('response', (response) => {
      const status = response.statusCode ?? 0
      const limit = wanted(status, response.headers)
      read(response, limit).then(
        ({ body, received, cut }) => settle(() => resolve({ status, headers: response.headers, body, received, cut })),
        (cause: Error) => fail(`its body cannot be read: ${cause.message}`, cause),
      )
    })
    request.end()
  })
}

/** The decoded body, up to a limit; what is beyond is not waited for. */
async function read(response: IncomingMessage, limit: number): Promise<Pick<Reply, 'body' | 'received' | 'cut'>> {
  let received = 0
  response.on('data', (chunk: Buffer) => (received += chunk.length))
  if (limit === 0) {
    // A short body is read, so that the connection can be used again.
    const rest = Number(response.headers['content-length'] ?? (response.statusCode === 304 ? 0 : Number.NaN))
    if (rest <= 65_536) response.resume()
    else setImmediate(() => response.destroy())
    response.on('error', () => {})
    return { body: new Uint8Array(), received, cut: true }
  }
  const encoding = response.headers['content-encoding']?.trim().toLowerCase()
  const decoder =
    encoding === 'gzip' || encoding === 'x-gzip'
      ? createGunzip()
      : encoding === 'deflate'
        ? createInflate()
        : encoding === 'br'
          ? createBrotliDecompress()
          : undefined
  const stream = decoder === undefined ? response : response.pipe(decoder)
  const parts: Buffer[] = []
  let size = 0
  return await new Promise((resolve, reject) => {
    const end = (cut: boolean): void => resolve({ body: new Uint8Array(Buffer.concat(parts)), received, cut })
    stream.on('data', (chunk: Buffer) => {
      const before = size
      size += chunk.length
      if (size <= limit) {
        parts.push(chunk)
        return
      }
      if (before > limit) return
      parts.length = 0
      end(true)
      // Only then, because being cut off is an error to whoever still listens.
      setImmediate(() => {
        response.destroy()
        decoder?.destroy()
      })
      stream.pause()
    })
    stream.once('end', () => end(false))
    stream.once('error', reject)
    response.once('error', reject)
    response.once('aborted', () => reject(new Error('the connection was lost')))
  })
}

function failed(url: URL, why: string, cause?: unknown): ColophonError {
  return new ColophonError('FETCH_FAILED', `${url.href} could not be fetched: ${why}.`, {
    hint: 'It is tried again at the next pass.',
    details: { url: url.href },
    ...(cause === undefined ? {} : { cause }),
  })
}
