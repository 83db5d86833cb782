import { expect } from 'chai'
import { createMetrics } from '../../src/relay/metrics.ts'
import { createRates } from '../../src/relay/rates.ts'

describe('relay: rates and metrics', () => {
  it('lets a burst through, then as many as it refills, each address for itself', () => {
    const rates = createRates({ perSecond: 2, burst: 3 })
    for (let count = 0; count < 3; count++) expect(rates.take('one', 0)).to.equal(0)
    expect(rates.take('one', 0)).to.equal(0.5)
    expect(rates.take('one', 250)).to.equal(0.25)
    expect(rates.take('two', 250)).to.equal(0)
    expect(rates.take('one', 500)).to.equal(0)
    expect(rates.take('one', 500)).to.be.greaterThan(0)
    // A rest fills it up, and no further.
    for (let count = 0; count < 3; count++) expect(rates.take('one', 60_000)).to.equal(0)
    expect(rates.take('one', 60_000)).to.be.greaterThan(0)
  })

  it('forgets addresses that have rested before those that are limited', () => {
    const rates = createRates({ perSecond: 1, burst: 1 })
    rates.take('rested', 0)
    rates.take('limited', 60_000)
    for (let index = 0; index < 9_999; index++) rates.take(`another ${index}`, 60_000)
    expect(rates.take('limited', 60_001)).to.be.greaterThan(0)
  })

  it('writes what Prometheus reads, whatever is in a label', () => {
    const metrics = createMetrics()
    metrics.count('faults', { code: 'a "quoted"\nline' })
    metrics.count('faults', { code: 'b' }, 3)
    metrics.set('waiting', 7)
    metrics.paid(21_000n, 10n)
    for (const seconds of [0.004, 0.2, 9]) metrics.observe('/x', seconds)
    const lines = metrics.text().trimEnd().split('\n')
    expect(lines).to.include.members([
      'colophon_relay_faults_total{code="a \\"quoted\\"\\nline"} 1',
      'colophon_relay_faults_total{code="b"} 3',
      'colophon_relay_waiting 7',
      'colophon_relay_fees_wei_total 210000',
      'colophon_relay_answer_seconds_bucket{route="/x",le="0.005"} 1',
      'colophon_relay_answer_seconds_bucket{route="/x",le="0.25"} 2',
      'colophon_relay_answer_seconds_bucket{route="/x",le="+Inf"} 3',
      'colophon_relay_answer_seconds_count{route="/x"} 3',
    ])
    for (const line of lines) expect(line).to.match(/^(# (HELP|TYPE) \S+ .+|[a-z_]+(\{.*\})? -?\d+(\.\d+)?)$/)
  })
})
