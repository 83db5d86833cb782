import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ColophonError } from '../../errors/base.ts'
import { withPublicUrls } from '../../errors/publicUrl.ts'
import type { SimilarityIndex } from '../../search/index.ts'
import type { Queries } from '../queries/queries.ts'
import type { Position } from '../sync.ts'
import { openApiDocument } from './openapi.ts'
import { readParameters } from './parameters.ts'
import { notFound, ROUTES, type Route } from './routes.ts'

export interface ServeOptions {
  queries: Queries
  /** Answers `/similar`. */
  similarity?: SimilarityIndex
  /** Port; 8600 by default, 0 for any free one. */
  port?: number
  /** Address to listen on; 127.0.0.1 by default, which no other machine reaches. */
  host?: string
  /** Origin whose pages may read the answers, `'*'` by default: what is served is public. `false` for none. */
  cors?: string | false
  /** Requests that are answered at once; 64 by default. More are told to come again. */
  atOnce?: number
  /** Seconds without news of the chain after which the service calls itself unhealthy; 60 by default. */
  patience?: number
}

/** A running service. */
export interface IndexService {
  url: string
  /** Tells where the index stands; `/health` goes by it. */
  report(news: Position | ColophonError): void
  /** Ends it: requests that are being answered are answered. */
  close(): Promise<void>
}

/** Version of the interface. */
const VERSION = '1.0.0'
const LONGEST_URL = 4_096
const MOST_CONNECTIONS = 512

/**
 * Serves an index over HTTP, read only, with its description at `/openapi.json`.
 * @throws PORT_TAKEN, SERVICE_FAILED
 */
export async function serveIndex(options: ServeOptions): Promise<IndexService> {
  const { queries, similarity, port = 8600, host = '127.0.0.1', cors = '*', atOnce = 64, patience = 60 } = options
  const description = JSON.stringify(openApiDocument(VERSION))
  const routes = ROUTES.map((route) => ({ route, pattern: new RegExp(`^${route.path.replace('{id}', '(0x[0-9a-fA-F]{64})')}$`) }))
  let answering = 0
  let position: Position | undefined
  let fault: ColophonError | undefined
  let heard = performance.now()

  function health(): Answer {
    const silence = (performance.now() - heard) / 1000
    const followed = position !== undefined || fault !== undefined
    const status = fault !== undefined ? 'failing' : followed && silence > patience ? 'behind' : 'ok'
    return {
      status: status === 'ok' ? 200 : 503,
      body: JSON.stringify({
        status,
        ...position,
        ...(followed ? { secondsSinceProgress: Math.round(silence * 10) / 10 } : {}),
        ...(fault === undefined ? {} : { fault: fault.code }),
      }),
    }
  }

  async function answer(request: IncomingMessage, signal: AbortSignal): Promise<Answer> {
    const { method = 'GET', url = '/' } = request
    if (method !== 'GET' && method !== 'HEAD') {
      return { ...failure(405, new ColophonError('METHOD_NOT_ALLOWED', 'The service is read only.', { hint: 'Use GET.' })), allow: true }
    }
    if (url.length > LONGEST_URL)
      return failure(414, new ColophonError('INVALID_INPUT', 'The address is too long.', { hint: 'Ask for less.' }))
    const { pathname, searchParams } = new URL(url, 'http://index')
    if (pathname === '/health') return health()
    if (pathname === '/' || pathname === '/openapi.json') return { status: 200, body: description }
    const [found, id] = match(pathname)
    const values = readParameters(found.parameters, searchParams)
    return { status: 200, body: JSON.stringify(await found.run({ queries, similarity }, values, id, signal), asText) }
  }

  function match(pathname: string): [Route, string] {
    for (const { route, pattern } of routes) {
      const found = pattern.exec(pathname)
      if (found !== null) return [route, found[1] ?? '']
    }
    throw notFound('There is nothing at this address.')
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // Nothing that is sent along is read.
    request.resume()
    if (request.method === 'OPTIONS') {
      send(response, { status: 204, body: '', allow: true }, cors)
      return
    }
    if (answering >= atOnce) {
      send(
        response,
        { ...failure(503, new ColophonError('SERVICE_BUSY', 'The service is busy.', { hint: 'Ask again in a second.' })), retry: true },
        cors,
      )
      return
    }
    answering += 1
    const gone = new AbortController()
    response.once('close', () => gone.abort())
    try {
      send(response, await answer(request, gone.signal), cors)
    } catch (cause) {
      if (!gone.signal.aborted) send(response, failureOf(cause), cors)
    } finally {
      answering -= 1
    }
  }

  const server = createServer(
    { maxHeaderSize: 8_192, requestTimeout: 10_000, headersTimeout: 5_000, keepAliveTimeout: 5_000 },
    (request, response) => {
      void handle(request, response)
    },
  )
  server.maxConnections = MOST_CONNECTIONS
  await listening(server, port, host)
  const { address, port: taken } = server.address() as AddressInfo
  return {
    url: `http://${address.includes(':') ? `[${address}]` : address}:${taken}`,
    report(news) {
      if (news instanceof ColophonError) fault = news
      else {
        ;[position, fault, heard] = [{ block: news.block, head: news.head }, undefined, performance.now()]
      }
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeIdleConnections()
      await closed
    },
  }
}

interface Answer {
  status: number
  body: string
  allow?: boolean
  retry?: boolean
}

function send(response: ServerResponse, { status, body, allow, retry }: Answer, cors: string | false): void {
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-cache',
    'x-content-type-options': 'nosniff',
    ...(cors === false ? {} : { 'access-control-allow-origin': cors, ...(cors === '*' ? {} : { vary: 'origin' }) }),
    ...(allow === true ? { allow: 'GET, HEAD, OPTIONS' } : {}),
    ...(allow === true && cors !== false ? { 'access-control-allow-methods': 'GET, HEAD', 'access-control-max-age': '86400' } : {}),
    ...(retry === true ? { 'retry-after': '1' } : {}),
  })
  response.end(body)
}

function failureOf(cause: unknown): Answer {
  if (!(cause instanceof ColophonError))
    return failure(500, new ColophonError('INTERNAL', 'The service has a fault.', { hint: 'Report what was asked.', cause }))
  if (cause.code === 'NOT_FOUND') return failure(404, cause)
  if (/^(INVALID_|INDEX_QUERY_INVALID)/.test(cause.code)) return failure(400, cause)
  // What a database says of itself is not for strangers.
  if (cause.code.startsWith('DATABASE_'))
    return { ...failure(503, new ColophonError(cause.code, 'The database does not answer.', { hint: 'Ask again later.' })), retry: true }
  return failure(500, new ColophonError('INTERNAL', 'The service has a fault.', { hint: 'Report what was asked.', cause }))
}

function failure(status: number, error: ColophonError): Answer {
  return { status, body: withPublicUrls(JSON.stringify({ error: error.toJSON() }, asText)) }
}

function asText(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value
}

async function listening(server: Server, port: number, host: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      reject(
        cause.code === 'EADDRINUSE'
          ? new ColophonError('PORT_TAKEN', `Port ${port} is in use.`, {
              hint: 'Choose another, or 0 for any free one.',
              details: { port },
              cause,
            })
          : new ColophonError('SERVICE_FAILED', `The service cannot listen on ${host}:${port}: ${cause.message}.`, {
              hint: 'Check the address and the port.',
              details: { host, port },
              cause,
            }),
      ),
    )
    server.listen(port, host, resolve)
  })
}
