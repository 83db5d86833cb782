/** Counters and gauges of a relay, as Prometheus reads them. */
export interface RelayMetrics {
  count(name: CounterName, labels?: Record<string, string>, by?: number): void
  set(name: GaugeName, value: number): void
  /** Adds what a mined transaction cost. */
  paid(gas: bigint, price: bigint): void
  /** Notes how long a request over HTTP took, in seconds. */
  observe(route: string, seconds: number): void
  /** Text exposition format 0.0.4. */
  text(): string
}

const COUNTERS = {
  requests: 'Requests over HTTP by route and status',
  deposits: 'Deposits by what became of them: accepted, repeated, refused',
  refusals: 'Requests that were not accepted, by code',
  batches: 'Batches by what became of them: sent, settled, dropped, failed',
  bisections: 'Batches that failed as a whole and were divided',
  replacements: 'Transactions that were signed again with a higher fee',
  reorganisations: 'Batches that had been mined and were no longer on the chain',
  faults: 'Rounds that chain or disk kept from ending, by code',
} as const
const GAUGES = {
  waiting: 'Deposits that wait for a batch',
  oldest_waiting_seconds: 'How long the oldest of them has waited',
  unsettled_batches: 'Batches that are sent and not settled',
  balance_wei: 'What the paying account had when it was last asked',
  head_block: 'Newest block that was seen',
  fee_above_ceiling: '1 while the chain asks more than the ceiling',
  disk_flushes: 'Times that the journal was flushed to the disk',
  disk_flush_seconds: 'Seconds that this took',
} as const

type CounterName = keyof typeof COUNTERS
type GaugeName = keyof typeof GAUGES

/** Upper bounds of the histogram of answers, in seconds. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]

export function createMetrics(): RelayMetrics {
  const counters = new Map<CounterName, Map<string, number>>()
  const gauges = new Map<GaugeName, number>()
  const answers = new Map<string, { buckets: number[]; sum: number; count: number }>()
  let gasUsed = 0n
  let weiPaid = 0n
  return {
    count(name, labels = {}, by = 1) {
      const series = counters.get(name) ?? new Map<string, number>()
      const key = labelled(labels)
      series.set(key, (series.get(key) ?? 0) + by)
      counters.set(name, series)
    },
    set: (name, value) => void gauges.set(name, value),
    paid(gas, price) {
      gasUsed += gas
      weiPaid += gas * price
    },
    observe(route, seconds) {
      const found = answers.get(route) ?? { buckets: BUCKETS.map(() => 0), sum: 0, count: 0 }
      for (const [index, bound] of BUCKETS.entries()) if (seconds <= bound) found.buckets[index]!++
      found.sum += seconds
      found.count++
      answers.set(route, found)
    },
    text() {
      const lines: string[] = []
      const family = (name: string, kind: string, help: string): string => {
        lines.push(`# HELP colophon_relay_${name} ${help}`, `# TYPE colophon_relay_${name} ${kind}`)
        return `colophon_relay_${name}`
      }
      for (const [name, help] of Object.entries(COUNTERS)) {
        const full = family(`${name}_total`, 'counter', help)
        for (const [labels, value] of counters.get(name as CounterName) ?? []) lines.push(`${full}${labels} ${value}`)
      }
      lines.push(`${family('gas_used_total', 'counter', 'Gas of mined batches')} ${gasUsed}`)
      lines.push(`${family('fees_wei_total', 'counter', 'Fees of mined batches')} ${weiPaid}`)
      for (const [name, help] of Object.entries(GAUGES)) {
        const full = family(name, 'gauge', help)
        const value = gauges.get(name as GaugeName)
        if (value !== undefined) lines.push(`${full} ${value}`)
      }
      const full = family('answer_seconds', 'histogram', 'Time to answer, by route')
      for (const [route, { buckets, sum, count }] of answers) {
        for (const [index, bound] of BUCKETS.entries())
          lines.push(`${full}_bucket${labelled({ route, le: String(bound) })} ${buckets[index]}`)
        lines.push(`${full}_bucket${labelled({ route, le: '+Inf' })} ${count}`)
        lines.push(`${full}_sum${labelled({ route })} ${sum}`, `${full}_count${labelled({ route })} ${count}`)
      }
      return `${lines.join('\n')}\n`
    },
  }
}

function labelled(labels: Record<string, string>): string {
  const parts = Object.entries(labels).map(
    ([name, value]) => `${name}="${value.replace(/[\\"\n]/g, (each) => (each === '\n' ? '\\n' : `\\${each}`))}"`,
  )
  return parts.length === 0 ? '' : `{${parts.join(',')}}`
}
