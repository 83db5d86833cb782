import type { FastifyInstance } from 'fastify'
import { ColophonError } from '../errors/base.ts'
import type { Admission } from './admission.node.ts'
import type { RelayMetrics } from './metrics.ts'
import { openApi } from './openapi.ts'
import type { RelayAccepted, RelayInfo, RelayStatus } from './protocol.ts'
import type { Request } from './queue.node.ts'
import { createRates, type RateLimit } from './rates.ts'

export interface HttpOptions {
  admission: Admission
  metrics: RelayMetrics
  rate: RateLimit
  /** Believe `X-Forwarded-For`: only behind a proxy that sets it. */
  trustProxy: boolean
  /** Origins of pages that may ask from browsers. */
  origins: readonly string[]
  info(): RelayInfo
  health(): Promise<{ ok: boolean; waiting: number; trouble?: string }>
  find(id: string): Request | undefined
  statusOf(request: Request): Promise<RelayStatus>
  acceptedOf(request: Request): Promise<RelayAccepted>
  /** Called before metrics are read. */
  gauge(): Promise<void>
}

/** Bytes of a request: a signed deposit has 1.2 KB, one of a contract wallet with many owners some more. */
const MOST_BYTES = 16_384

/** HTTP status of each error that a request can meet; 500 for any other. */
const STATUS: Readonly<Record<string, number>> = {
  INVALID_SIGNED_DEPOSIT: 400,
  INVALID_INPUT: 400,
  SIGNATURE_ELSEWHERE: 400,
  RELAY_IDENTITY_REQUIRED: 403,
  RELAY_NOT_FOUND: 404,
  DEPOSIT_EXISTS: 409,
  RELAY_BODY_REFUSED: 415,
  SIGNATURE_EXPIRED: 422,
  SIGNATURE_INVALID: 422,
  RELAY_QUOTA_EXCEEDED: 429,
  RELAY_RATE_LIMITED: 429,
}
/** The relay's own troubles, after which the same request may go well. */
const PASSING =
  /^(RELAY_FULL|RATE_LIMITED|OUTPUT_UNWRITABLE|NETWORK_|RPC_|CHAIN_FAULT|BAD_CHAIN_DATA|CONTRACT_|BLOCK_MISSING|EVENT_MISSING)/

/**
 * What the relay speaks HTTP with.
 * @throws DEPENDENCY_MISSING
 */
export async function loadFastify(): Promise<Pick<typeof import('fastify'), 'fastify'>> {
  return await import('fastify').catch((cause: unknown) => {
    throw new ColophonError('DEPENDENCY_MISSING', 'The relay speaks HTTP with fastify, which is not installed.', {
      hint: 'Run: npm install fastify',
      details: { package: 'fastify' },
      cause,
    })
  })
}

/** The relay's HTTP interface, not listening yet. */
export async function createHttp(options: HttpOptions): Promise<FastifyInstance> {
  const { admission, metrics, info } = options
  const { fastify } = await loadFastify()
  const app = fastify({ bodyLimit: MOST_BYTES, trustProxy: options.trustProxy, forceCloseConnections: true, logger: false })
  const rates = createRates(options.rate)
  const origins = new Set(options.origins)

  app.addHook('onRequest', async (request, reply) => {
    const { origin } = request.headers
    if (origin === undefined || !origins.has(origin) || !request.url.startsWith('/v1/')) return
    reply.headers({ 'access-control-allow-origin': origin, vary: 'origin', 'access-control-expose-headers': 'retry-after' })
    if (request.method !== 'OPTIONS') return
    await reply
      .code(204)
      .headers({
        'access-control-allow-methods': 'GET, POST',
        'access-control-allow-headers': 'content-type',
        'access-control-max-age': 600,
      })
      .send()
  })
  app.addHook('onRequest', async (request, reply) => {
    const seconds = request.url.startsWith('/v1/') ? rates.take(request.ip) : 0
    if (seconds === 0) return
    reply.header('retry-after', Math.ceil(seconds))
    throw new ColophonError('RELAY_RATE_LIMITED', 'Too many requests from this address.', { hint: 'Wait as long as Retry-After says.' })
  })
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'unknown'
    metrics.count('requests', { route, status: String(reply.statusCode) })
    metrics.observe(route, reply.elapsedTime / 1000)
  })
  app.setErrorHandler(async (fault, _request, reply) => {
    const error = typedOf(fault)
    // What may be over soon is answered so that clients try again.
    const passing = PASSING.test(error.code)
    if (passing) reply.header('retry-after', 2)
    if (error.code === 'RELAY_QUOTA_EXCEEDED') reply.header('retry-after', 3600)
    const tooLong = (fault as { statusCode?: number }).statusCode === 413
    return await reply.code(tooLong ? 413 : passing ? 503 : (STATUS[error.code] ?? 500)).send({ error: error.toJSON() })
  })
  app.setNotFoundHandler(() => {
    throw notFound('There is nothing at this address.')
  })

  app.get('/', () => info())
  app.get('/v1/relay', () => info())
  app.get('/openapi.json', () => openApi())
  app.get('/health', async (_request, reply) => {
    const health = await options.health()
    return await reply.code(health.ok ? 200 : 503).send(health)
  })
  app.get('/metrics', async (_request, reply) => {
    await options.gauge()
    return await reply.type('text/plain; version=0.0.4; charset=utf-8').send(metrics.text())
  })
  app.post('/v1/deposits', async (request, reply) => {
    try {
      const { request: taken, repeated } = await admission.admit(request.body)
      metrics.count('deposits', { outcome: repeated ? 'repeated' : 'accepted' })
      return await reply.code(repeated ? 200 : 202).send(await options.acceptedOf(taken))
    } catch (fault) {
      metrics.count('refusals', { code: typedOf(fault).code })
      throw fault
    }
  })
  app.get<{ Params: { id: string } }>('/v1/deposits/:id', async (request) => {
    const found = options.find(request.params.id.toLowerCase())
    if (found === undefined) throw notFound('The relay knows no request with this id.')
    return await options.statusOf(found)
  })
  return app
}

function notFound(message: string): ColophonError {
  return new ColophonError('RELAY_NOT_FOUND', message, {
    hint: 'Ask for GET /v1/deposits/ID with the id that the request was accepted with.',
  })
}

/** Faults of Fastify itself are those of the request's form; nothing else of the process is told to strangers. */
function typedOf(fault: unknown): ColophonError {
  if (fault instanceof ColophonError) return fault
  const { statusCode, message } = fault as { statusCode?: number; message?: string }
  if (statusCode !== undefined && statusCode < 500)
    return new ColophonError('RELAY_BODY_REFUSED', `The request cannot be read: ${message ?? 'it is malformed'}.`, {
      hint: `Send a signed deposit as JSON, at most ${MOST_BYTES} bytes.`,
    })
  return new ColophonError('INTERNAL', 'The relay has a fault.', { hint: 'Tell whoever runs it.', cause: fault })
}
