// The page of the replay origin, which the dApp frames: it takes an archive from the dApp and has ReplayWeb.page show it.
//
// Whatever is replayed runs on this origin and can do whatever this page can. So there is nothing here to be had: no address, key or name, and what this page
// may do, its security policy says. This page lies outside of the service worker's scope, and comes from the server alone.
import { CLOSE, type ReplayRequest, type ReplayState } from './protocol.ts'

const VIEWER = 'viewer/'
/** Registered with the words that ReplayWeb.page adds, so that both mean the same one. */
const GUARD = `${VIEWER}guard.js?serveIndex=1`
const ACTIVE_WITHIN = 20_000
const DELETED_WITHIN = 2000

/** Who may show this page in a frame, and hand it archives. Its server says so too, by `frame-ancestors`. */
const embedders: Promise<readonly string[]> = fetch('replay.json')
  .then((answer) => answer.json() as Promise<{ embedders: readonly string[] }>)
  .then((settings) => settings.embedders)

addEventListener('message', (event: MessageEvent<Partial<ReplayRequest> | null>) => {
  const [port] = event.ports
  const request = event.data
  if (event.source !== parent || port === undefined || request?.type !== 'colophon.replay') return
  const { archive, url } = request
  if (!(archive instanceof ArrayBuffer) || typeof url !== 'string' || !/^https?:\/\//.test(url)) return
  void embedders.then((known) => {
    if (known.includes(event.origin)) void replay(archive, url, port)
  })
})

async function replay(archive: ArrayBuffer, url: string, port: MessagePort): Promise<void> {
  const say = (state: ReplayState): void => port.postMessage(state)
  const source = URL.createObjectURL(new Blob([archive], { type: 'application/wacz' }))
  const troubles = new BroadcastChannel('colophon.replay')
  port.onmessage = ({ data }) => {
    if (data !== CLOSE) return
    document.querySelector('replay-web-page')?.remove()
    troubles.close()
    URL.revokeObjectURL(source)
    void forget().then(() => say('closed'))
  }
  // From the thread that reads the archive.
  troubles.onmessage = ({ data }) => {
    if (data === source) say('archive')
  }
  say('loading')
  try {
    await forget()
    await startGuard()
  } catch {
    say('browser')
    return
  }
  // Its script is in `index.html`: it waits for the page's load event, and does nothing when that is over.
  if (customElements.get('replay-web-page') === undefined) {
    say('viewer')
    return
  }
  const viewer = document.createElement('replay-web-page')
  viewer.addEventListener('rwp-page-loading', (event) => {
    const { loading, replayNotFoundError } = (event as CustomEvent<{ loading: boolean; replayNotFoundError?: boolean }>).detail
    if (replayNotFoundError === true) say('archive')
    else if (!loading) say('shown')
  })
  const attributes = {
    source,
    url,
    // Another name each time, so that nothing that lies here under an older one is taken for it.
    coll: crypto.randomUUID(),
    replaybase: `./${VIEWER}`,
    swname: 'guard.js',
    embed: 'replayonly',
    // An empty prefix would be replaced by the address of a site elsewhere.
    newwindowbase: location.href,
    nocache: '',
  }
  for (const [name, value] of Object.entries(attributes)) viewer.setAttribute(name, value)
  document.body.append(viewer)
}

/** Waits until the guard is at work, so that the viewer's first page is its already. */
async function startGuard(): Promise<void> {
  const registration = await navigator.serviceWorker.register(GUARD, { scope: VIEWER })
  const worker = registration.installing ?? registration.waiting ?? registration.active
  if (worker === null) throw new Error('there is no service worker')
  await new Promise<void>((resolve, reject) => {
    const look = (): void => {
      if (worker.state === 'activated') resolve()
      if (worker.state === 'redundant') reject(new Error('the service worker was not taken'))
    }
    worker.addEventListener('statechange', look)
    setTimeout(() => reject(new Error('the service worker did not start')), ACTIVE_WITHIN)
    look()
  })
}

/** Removes whatever lies on this origin, of the viewer and of pages that were replayed before. */
async function forget(): Promise<void> {
  for (const registration of await navigator.serviceWorker.getRegistrations()) await registration.unregister()
  for (const name of await caches.keys()) await caches.delete(name)
  for (const { name } of await indexedDB.databases()) {
    if (name === undefined) continue
    await new Promise<void>((resolve) => {
      const request = indexedDB.deleteDatabase(name)
      // While it is open somewhere it waits, for the service worker's end as a rule, and goes as soon as that is there.
      request.onsuccess = request.onerror = () => resolve()
      setTimeout(resolve, DELETED_WITHIN)
    })
  }
  localStorage.clear()
  sessionStorage.clear()
  for (const cookie of document.cookie.split('; ')) {
    const name = cookie.split('=')[0]!
    // biome-ignore lint/suspicious/noDocumentCookie: the other way is no part of all browsers
    if (name !== '') document.cookie = `${name}=; path=/; max-age=0`
  }
  const files = await navigator.storage?.getDirectory?.().catch(() => undefined)
  if (files !== undefined) for await (const name of files.keys()) await files.removeEntry(name, { recursive: true })
}
