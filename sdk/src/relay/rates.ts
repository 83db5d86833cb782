/** How many requests an address may make. */
export interface RateLimit {
  /** In the long run. */
  perSecond: number
  /** At once, after a rest. */
  burst: number
}

/** Token buckets by address, of which only those that are not full are kept. */
export interface Rates {
  /** Takes one token; answers 0, or the seconds until there is one. */
  take(address: string, now?: number): number
}

/** Buckets that are kept before the full ones are swept. */
const MOST = 10_000

/** @param limit both at least 1 */
export function createRates({ perSecond, burst }: RateLimit): Rates {
  const buckets = new Map<string, { tokens: number; at: number }>()
  const filled = ({ tokens, at }: { tokens: number; at: number }, now: number): number =>
    Math.min(burst, tokens + ((now - at) / 1000) * perSecond)
  return {
    take(address, now = performance.now()) {
      const bucket = buckets.get(address)
      const tokens = bucket === undefined ? burst : filled(bucket, now)
      if (tokens < 1) return (1 - tokens) / perSecond
      if (bucket === undefined && buckets.size >= MOST) {
        for (const [each, kept] of buckets) if (filled(kept, now) >= burst) buckets.delete(each)
        // An attack from more addresses than that: the oldest begin anew, and memory stays bounded.
        const [oldest] = buckets.keys()
        if (buckets.size >= MOST) buckets.delete(oldest!)
      }
      buckets.set(address, { tokens: tokens - 1, at: now })
      return 0
    },
  }
}
