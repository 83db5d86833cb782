import { expect } from 'chai'
import { createSimilarityIndex, type SimilarityIndex } from '../../src/search/index.ts'
import { ask, codeOf, describeBehaviour, families } from './behaviour.ts'
import { bruteForce, flipped, nearnessOf, randomWords } from './codes.ts'

describe('Searching an index', () => {
  describeBehaviour({ create: createSimilarityIndex, runs: 150, pictures: 40_000, copies: 1000 })

  it('finds the same without WebAssembly', async () => {
    const works = families(36_000, 41)
    const engine = Object.getOwnPropertyDescriptor(globalThis, 'WebAssembly')!
    Object.defineProperty(globalThis, 'WebAssembly', { ...engine, value: undefined })
    let index: SimilarityIndex
    try {
      index = await createSimilarityIndex()
      await index.insertMany(works)
    } finally {
      Object.defineProperty(globalThis, 'WebAssembly', engine)
    }
    const next = randomWords(8)
    for (const threshold of [31, 44, 60, 75]) {
      const code = flipped(codeOf(works[next() % works.length]!), 20, next)
      expect(nearnessOf(await index.search(ask(code), { threshold, k: 10_000, exact: true }))).to.deep.equal(
        bruteForce(works, code, threshold),
      )
    }
  })
})
