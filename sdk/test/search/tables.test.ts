import { expect } from 'chai'
import { CODE_WORDS, permute } from '../../src/search/codes/bands.ts'
import { createColumn, HALF_WORDS } from '../../src/search/codes/column.ts'
import { buildTables, lookUp, planMostly } from '../../src/search/codes/tables.ts'
import { flipped, randomCode, randomWords } from './codes.ts'

describe('A look-up that may miss some', () => {
  it('misses no more than it may at the edge of the radius, and costs less the more it may miss', () => {
    const next = randomWords(61)
    const codes = Array.from({ length: 20_000 }, () => randomCode(next))
    const [fronts, backs] = [createColumn(), createColumn()]
    for (const column of [fronts, backs]) column.reserve(codes.length)
    const words = new Uint32Array(CODE_WORDS)
    for (const [at, code] of codes.entries()) {
      permute(code, words, 0)
      fronts.words.set(words.subarray(0, HALF_WORDS), at * HALF_WORDS)
      backs.words.set(words.subarray(HALF_WORDS), at * HALF_WORDS)
    }
    const steps = buildTables(fronts, backs, codes.length)
    let step = steps.next()
    while (!step.done) step = steps.next()
    const tables = step.value
    for (const radius of [20, 40, 55]) {
      let before = Number.POSITIVE_INFINITY
      for (const share of [0.01, 0.05, 0.2]) {
        let [missed, costs] = [0, 0]
        for (let at = 0; at < 400; at++) {
          const query = new Uint32Array(CODE_WORDS)
          permute(flipped(codes[at]!, radius, next), query, 0)
          const plan = planMostly(tables, query, radius, share)
          let isFound = false
          lookUp(tables, plan, query, (found, from, to) => {
            if (found.subarray(from, to).includes(at)) isFound = true
          })
          if (!isFound) missed++
          costs += plan.cost
        }
        // Three standard deviations more than expected.
        expect(missed / 400, `${radius} bits, ${share}`).to.be.below(share + 3 * Math.sqrt((share * (1 - share)) / 400))
        expect(costs, `${radius} bits, ${share}`).to.be.below(before)
        before = costs
      }
    }
  })
})
