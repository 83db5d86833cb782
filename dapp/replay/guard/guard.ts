// The service worker of the replay origin, and the thread that reads the archive: ReplayWeb.page's own, unmodified, with a guard around it.
//
// Answers for a replayed page come from here and not from a server, so that the security policy they have is the one they get here. Theirs from ReplayWeb.page
// leaves sockets to anywhere open, and what the captured site sent along could name places to connect to and to report to.

// A block, because what is declared outside of one would be shared with the script that is taken in at the end.
{
  const worker = self as unknown as ServiceWorkerGlobalScope & DedicatedWorkerGlobalScope
  const { origin: own } = worker.location
  const base = new URL('./', worker.location.href).href

  /** What replayed pages may do: whatever they like with what is in the archive, and nothing beyond it. */
  const POLICY = [
    `default-src 'self' data: blob: 'unsafe-inline' 'unsafe-eval'`,
    `connect-src 'self' data: blob:`,
    `frame-src 'self' data: blob:`,
    // Workers of replayed pages, and the thread that reads the archive; not the viewer's own service worker without this guard.
    `worker-src ${base}w/ ${base}guard.js blob:`,
    `object-src 'none'`,
    `form-action 'self'`,
  ].join('; ')

  /** Of what is sent along with an answer, that which says how to read it. The rest could have the browser connect to places, or report to them. */
  const HARMLESS = new Set([
    'accept-ranges',
    'cache-control',
    'content-language',
    'content-length',
    'content-range',
    'content-type',
    'date',
    'etag',
    'last-modified',
    'location',
    'memento-datetime',
    'vary',
  ])

  /**
   * Before the viewer's own script in each replayed page. Browsers that obey `connection-allowlist` end a frame that makes such a connection, and many an
   * honest page makes one without a need, to see whom it has before it.
   */
  const FIRST = `for (const name of ['RTCPeerConnection', 'webkitRTCPeerConnection']) delete self[name];\n`
  const REWRITER = `${base}static/wombat.js`

  async function guarded(response: Response, url: string): Promise<Response> {
    if (response.type === 'error' || response.type.startsWith('opaque')) return response
    const headers = new Headers([...response.headers].filter(([name]) => HARMLESS.has(name)))
    headers.set('content-security-policy', POLICY)
    // What policies leave open: connections ahead of requests, and between peers. Redirects are the archive's own, to other places in it.
    headers.set('connection-allowlist', '(response-origin);redirects=allow')
    headers.set('x-content-type-options', 'nosniff')
    headers.set('x-dns-prefetch-control', 'off')
    headers.set('referrer-policy', 'no-referrer')
    const { status, statusText } = response
    if (url !== REWRITER) return new Response(response.body, { status, statusText, headers })
    headers.delete('content-length')
    return new Response(FIRST + (await response.text()), { status, statusText, headers })
  }

  if (typeof FetchEvent !== 'undefined') {
    const { respondWith } = FetchEvent.prototype
    FetchEvent.prototype.respondWith = function (this: FetchEvent, answer: Response | PromiseLike<Response>): void {
      respondWith.call(
        this,
        Promise.resolve(answer).then((response) => guarded(response, this.request.url)),
      )
    }
  } else {
    // In the thread that reads the archive: tells the page when it cannot be read.
    const troubles = new BroadcastChannel('colophon.replay')
    const send = worker.postMessage.bind(worker) as (message: unknown, ...more: unknown[]) => void
    let source = ''
    worker.addEventListener('message', ({ data }: MessageEvent<{ file?: { sourceUrl?: string } } | null>) => {
      source = data?.file?.sourceUrl ?? source
    })
    worker.postMessage = (message: unknown, ...more: unknown[]): void => {
      const error = (message as { error?: unknown } | null)?.error
      if (error !== undefined && error !== null) troubles.postMessage(source)
      send(message, ...more)
    }
  }

  // The policy that this script comes with forbids it already. Where somebody serves it without one, it holds all the same.
  const ask = worker.fetch.bind(worker)
  worker.fetch = async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : String(input), worker.location.href)
    if (url.origin !== own) throw new TypeError('A replayed page reaches nothing outside of its archive.')
    return await ask(input, init)
  }

  // A service worker goes on for a while when all is over. Its databases do not: whoever deletes one need not wait.
  const { open } = IDBFactory.prototype
  IDBFactory.prototype.open = function (this: IDBFactory, ...named: [string, number?]): IDBOpenDBRequest {
    const request = open.apply(this, named)
    request.addEventListener('success', () => {
      const database = request.result
      database.addEventListener('versionchange', () => database.close())
    })
    return request
  }

  worker.importScripts('sw.js')
}
