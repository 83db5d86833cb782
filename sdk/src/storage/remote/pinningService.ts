import { parseCid } from '../cid.ts'
import { type Answer, jsonOf, type Persistence, refused, request, storageFull } from './http.ts'

/** State of a request to pin, as the Pinning Service API has it. */
export type PinState = 'queued' | 'pinning' | 'pinned' | 'failed'

/** A request to pin. */
export interface PinRequest {
  requestId: string
  status: PinState
  /** When it was made, ISO 8601. */
  created: string
  cid: string
  name?: string
}

export interface PinningServiceOptions extends Persistence {
  /** Address of the API, before `/pins`. */
  url: string
  /** Access token; it is sent to this address only. */
  token: string
  /** Multiaddresses where the service can fetch the blocks from. */
  origins?: readonly string[]
}

/** A remote pinning service (IPFS Pinning Service API 1.0): it fetches the blocks itself, from the network or from `origins`. */
export interface PinningService {
  /** Asks for a pin; one that the service has already is given back as it is. */
  pin(cid: string, options?: { name?: string; signal?: AbortSignal }): Promise<PinRequest>
  /** The newest request for a CID, whatever its state. */
  find(cid: string, options?: { signal?: AbortSignal }): Promise<PinRequest | undefined>
  get(requestId: string, options?: { signal?: AbortSignal }): Promise<PinRequest>
  /** All requests in these states (`['pinned']` by default), newest first, page by page. */
  list(options?: { states?: readonly PinState[]; signal?: AbortSignal }): AsyncIterable<PinRequest>
  /** Takes back every request for a CID; returns how many there were. */
  unpin(cid: string, options?: { signal?: AbortSignal }): Promise<number>
}

const STATES: readonly PinState[] = ['queued', 'pinning', 'pinned', 'failed']
/** Requests on a page; the API's own limit is 1,000. */
const PAGE = 100

/**
 * A client of the Pinning Service API.
 * @throws calls: ColophonError `STORAGE_UNREACHABLE`, `STORAGE_REFUSED` (token, CID or answer), `STORAGE_FULL`
 */
export function openPinningService({ url, token, origins = [], ...persistence }: PinningServiceOptions): PinningService {
  const base = url.replace(/\/+$/, '')
  async function call(method: 'GET' | 'POST' | 'DELETE', path: string, body: unknown, signal: AbortSignal | undefined): Promise<Answer> {
    const answer = await request(`${base}${path}`, {
      method,
      signal,
      ...persistence,
      headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: () => JSON.stringify(body) }),
    })
    if (answer.status >= 200 && answer.status < 300) return answer
    const { reason, details } = reasonOf(answer)
    if (answer.status === 507 || reason === 'INSUFFICIENT_FUNDS') throw storageFull(url)
    throw refused(url, `${[`status ${answer.status}`, reason, details].filter((part) => part !== undefined).join(', ')}`)
  }

  const service: PinningService = {
    async pin(cid, { name, signal } = {}) {
      const wanted = parseCid(cid).toString()
      const known = await service.find(wanted, signal === undefined ? {} : { signal })
      if (known !== undefined && known.status !== 'failed') return known
      const body = {
        cid: wanted,
        ...(name === undefined ? {} : { name: name.slice(0, 255) }),
        ...(origins.length === 0 ? {} : { origins }),
      }
      return statusOf(url, jsonOf(url, await call('POST', '/pins', body, signal)))
    },
    async find(cid, { signal } = {}) {
      const query = new URLSearchParams({ cid: parseCid(cid).toString(), status: STATES.join(','), limit: '1' })
      return pageOf(url, jsonOf(url, await call('GET', `/pins?${query}`, undefined, signal)))[0]
    },
    async get(requestId, { signal } = {}) {
      return statusOf(url, jsonOf(url, await call('GET', `/pins/${encodeURIComponent(requestId)}`, undefined, signal)))
    },
    async *list({ states = ['pinned'], signal } = {}) {
      let before: string | undefined
      for (;;) {
        const query = new URLSearchParams({ status: states.join(','), limit: String(PAGE), ...(before === undefined ? {} : { before }) })
        const page = pageOf(url, jsonOf(url, await call('GET', `/pins?${query}`, undefined, signal)))
        yield* page
        const last = page.at(-1)
        if (last === undefined || page.length < PAGE || last.created === before) return
        before = last.created
      }
    },
    async unpin(cid, { signal } = {}) {
      let removed = 0
      for (;;) {
        const found = await service.find(cid, signal === undefined ? {} : { signal })
        if (found === undefined) return removed
        await call('DELETE', `/pins/${encodeURIComponent(found.requestId)}`, undefined, signal)
        removed++
        if (removed > 1000) throw refused(url, 'it never forgets a pin that it was asked to')
      }
    },
  }
  return service
}

function reasonOf({ bytes }: Answer): { reason?: string; details?: string } {
  try {
    const { error } = JSON.parse(new TextDecoder().decode(bytes)) as { error?: { reason?: string; details?: string } }
    return {
      ...(error?.reason === undefined ? {} : { reason: error.reason }),
      ...(error?.details === undefined ? {} : { details: error.details.slice(0, 200) }),
    }
  } catch {
    return {}
  }
}

function pageOf(url: string, value: unknown): PinRequest[] {
  const { results } = (value ?? {}) as { results?: unknown }
  if (!Array.isArray(results)) throw refused(url, 'its answer has no results')
  return results.map((each) => statusOf(url, each))
}

function statusOf(url: string, value: unknown): PinRequest {
  const { requestid, status, created, pin } = (value ?? {}) as Record<string, unknown>
  const { cid, name } = (pin ?? {}) as Record<string, unknown>
  const state = STATES.find((each) => each === status)
  if (typeof requestid !== 'string' || state === undefined || typeof created !== 'string' || typeof cid !== 'string')
    throw refused(url, 'its answer is no pin status')
  return { requestId: requestid, status: state, created, cid, ...(typeof name === 'string' ? { name } : {}) }
}
