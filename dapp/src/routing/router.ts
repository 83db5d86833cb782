import { type Context, createContext, useContext, useSyncExternalStore } from 'react'

/** Where the app is: `#/work/0x12…?tab=claims` is page `work`, argument `0x12…`, and the query. */
export interface Route {
  page: string
  argument: string | undefined
  query: URLSearchParams
}

/** Addresses live behind the hash, so that any static host serves them and no server sees which work is looked at. */
export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?')
  const [page = '', argument] = path.split('/')
  let decoded: string | undefined
  try {
    decoded = argument === undefined || argument === '' ? undefined : decodeURIComponent(argument)
  } catch {
    // Not an address of ours.
  }
  return { page, argument: decoded, query: new URLSearchParams(query) }
}

/** Address of a page, for links. */
export function hrefOf(page: string, argument?: string, query?: Record<string, string>): string {
  const search = query === undefined ? '' : new URLSearchParams(query).toString()
  return `#/${page}${argument === undefined ? '' : `/${encodeURIComponent(argument)}`}${search === '' ? '' : `?${search}`}`
}

export function navigate(href: string): void {
  location.hash = href
}

let current = parseRoute(location.hash)
let last = location.hash

function snapshot(): Route {
  if (location.hash !== last) {
    last = location.hash
    current = parseRoute(last)
  }
  return current
}

function subscribe(changed: () => void): () => void {
  addEventListener('hashchange', changed)
  return () => removeEventListener('hashchange', changed)
}

/** Where the address says that the app is, at once. */
export function useAddress(): Route {
  return useSyncExternalStore(subscribe, snapshot)
}

/** The route whose page is shown; the address may be ahead of it, while its page is made. */
export const ShownRoute: Context<Route | undefined> = createContext<Route | undefined>(undefined)

/** The route of the page that asks. */
export function useRoute(): Route {
  return useContext(ShownRoute)!
}
