/** Longer addresses are made by traps rather than people. */
const LONGEST = 2048
/** What links carry to tell where a reader came from; the page is the same without. */
const TRACKING = /^(?:utm_\w+|fbclid|gclid|mc_eid|mc_cid)$/i

/**
 * An address as it is asked for: absolute, http or https, without fragment and marks of tracking. Undefined for any other.
 *
 * @param base - the page that the address stands on
 */
export function addressOf(link: string, base?: string): string | undefined {
  const trimmed = link.trim()
  if (trimmed === '' || trimmed.length > LONGEST || !URL.canParse(trimmed, base)) return undefined
  const url = new URL(trimmed, base)
  if ((url.protocol !== 'http:' && url.protocol !== 'https:') || url.username !== '' || url.password !== '') return undefined
  url.hash = ''
  for (const name of [...url.searchParams.keys()]) if (TRACKING.test(name)) url.searchParams.delete(name)
  return url.href.length > LONGEST ? undefined : url.href
}

/**
 * What an address has in common with those that the same program makes: numbers are left out, and of a query only the names are kept. A calendar has one shape,
 * however many months it shows.
 */
export function shapeOf(address: string): string {
  const { pathname, searchParams } = new URL(address)
  const path = pathname.replace(/%[0-9a-f]{2}/gi, '').replace(/\d+/g, '#')
  return `${path}?${[...new Set(searchParams.keys())].sort().join('&')}`
}
