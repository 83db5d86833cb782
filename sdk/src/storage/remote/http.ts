import { ColophonError } from '../../errors/base.ts'
import { publicUrl } from '../../errors/publicUrl.ts'
import { pauseFor } from '../../progress/pause.ts'

/** How patient and how stubborn a client is. */
export interface Persistence {
  /** Milliseconds without an answer before a request is given up; 30,000 by default. */
  timeout?: number
  /** How often a request is tried again after a fault that may pass; 3 by default. */
  retries?: number
  /** Milliseconds before the first of these; doubled each time, up to 30,000. 500 by default. */
  delay?: number
}

export interface Request extends Persistence {
  method?: 'GET' | 'POST' | 'DELETE'
  headers?: Readonly<Record<string, string>>
  /** Made anew for each try. */
  body?: () => BodyInit
  signal?: AbortSignal | undefined
  /** Most bytes of the answer; 8 MiB by default. */
  limit?: number
}

/** A whole answer. */
export interface Answer {
  status: number
  bytes: Uint8Array<ArrayBuffer>
}

const LONGEST_DELAY = 30_000

/**
 * Asks a server, again where the fault may pass: no connection, no answer in time, 429 and 5xx. Waits as long as `Retry-After` says.
 *
 * @returns answers of every other status, for the caller to judge
 * @throws ColophonError `STORAGE_UNREACHABLE`; the signal's reason when aborted
 */
export async function request(url: string, options: Request): Promise<Answer> {
  const { retries = 3, delay = 500, signal } = options
  for (let left = retries, pause = delay; ; left--, pause = Math.min(2 * pause, LONGEST_DELAY)) {
    signal?.throwIfAborted()
    const { answer, why, wait, cause } = await attempt(url, options)
    if (answer !== undefined) return answer
    signal?.throwIfAborted()
    if (left <= 0)
      throw new ColophonError('STORAGE_UNREACHABLE', `${publicUrl(url)} does not answer as it should: ${why}.`, {
        hint: 'Check the address and that the server runs, and run the same again; what was stored is kept.',
        details: { url: publicUrl(url), tries: retries + 1 },
        cause,
      })
    // Half by chance, so that many who were turned away together do not come back together.
    await pauseFor(Math.min(wait ?? pause * (0.5 + Math.random() / 2), LONGEST_DELAY), signal)
  }
}

interface Attempt {
  answer?: Answer
  why?: string
  /** Milliseconds that the server asks to wait. */
  wait?: number
  cause?: unknown
}

async function attempt(
  url: string,
  { method = 'GET', headers, body, signal, timeout = 30_000, limit = 8 << 20 }: Request,
): Promise<Attempt> {
  const patience = AbortSignal.timeout(timeout)
  try {
    const response = await fetch(url, {
      method,
      redirect: 'error',
      signal: signal === undefined ? patience : AbortSignal.any([signal, patience]),
      ...(headers === undefined ? {} : { headers }),
      ...(body === undefined ? {} : { body: body() }),
    })
    const bytes = await readUpTo(response, limit)
    if (bytes === undefined) return { why: `its answer has more than ${limit} bytes` }
    // Kubo says with 500 that it does not want to, in JSON; that will not pass.
    const judged = response.status === 500 && (response.headers.get('content-type') ?? '').includes('json')
    if (response.status !== 429 && (response.status < 500 || judged)) return { answer: { status: response.status, bytes } }
    const after = Number(response.headers.get('retry-after') ?? Number.NaN)
    return { why: `status ${response.status}`, ...(Number.isFinite(after) ? { wait: after * 1000 } : {}) }
  } catch (cause) {
    if (patience.aborted) return { why: `nothing within ${timeout} ms`, cause }
    const reason = (cause as { cause?: { code?: string } }).cause?.code
    return { why: reason ?? (cause as Error).message, cause }
  }
}

async function readUpTo(response: Response, limit: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const parts: Uint8Array[] = []
  let size = 0
  const reader = response.body?.getReader()
  if (reader !== undefined) {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      size += value.length
      if (size > limit) {
        await reader.cancel().catch(() => undefined)
        return undefined
      }
      parts.push(value)
    }
  }
  const all = new Uint8Array(size)
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

/** JSON of an answer. @throws ColophonError `STORAGE_REFUSED` when it is something else */
export function jsonOf(url: string, { bytes }: Answer): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch (cause) {
    throw refused(url, 'its answer is not JSON', cause)
  }
}

/** The error of a server that answers, but not what was asked for. */
export function refused(url: string, why: string, cause?: unknown): ColophonError {
  return new ColophonError('STORAGE_REFUSED', `${publicUrl(url)} refuses: ${why}.`, {
    hint: 'Check the address, the token and what the account may do.',
    details: { url: publicUrl(url), reason: why },
    cause,
  })
}

export function storageFull(url: string): ColophonError {
  return new ColophonError('STORAGE_FULL', `The storage behind ${publicUrl(url)} is full.`, {
    hint: 'Make room there and run the same again; what was stored before is kept.',
    details: { url: publicUrl(url) },
  })
}
