import robotsParser from 'robots-parser'

/** What a host allows to whom. */
export interface Robots {
  allows(url: string): boolean
  /** Seconds between requests that it asks for. */
  delay?: number
  /** Sitemaps that it names. */
  sitemaps: string[]
}

/** Bytes of a robots.txt that count (RFC 9309, 2.5). */
export const ROBOTS_BYTES: number = 500 * 1024
/** The name that a robots.txt can address. */
const NAME = 'Colophon'

// Its types describe an ES module, its code is CommonJS.
const parse = robotsParser as unknown as (
  url: string,
  text: string,
) => {
  isAllowed(url: string, agent: string): boolean | undefined
  getCrawlDelay(agent: string): number | undefined
  getSitemaps(): string[]
}

export function readRobots(url: string, text: string): Robots {
  const robots = parse(url, text)
  const delay = robots.getCrawlDelay(NAME)
  return {
    // Undefined stands for an address of another host, which is never asked about.
    allows: (address) => robots.isAllowed(address, NAME) !== false,
    ...(delay === undefined || Number.isNaN(delay) ? {} : { delay }),
    sitemaps: robots.getSitemaps(),
  }
}

export const OPEN: Robots = { allows: () => true, sitemaps: [] }
