import { expect } from 'chai'
import fc from 'fast-check'
import { createWinnower, type Winnowed } from '../../src/fingerprint/text/winnow.ts'
import { numbers } from './recordings.ts'

describe('fingerprint: winnowing', () => {
  it('keeps the same passages with and without vector code, however the letters come', () => {
    let used = 0
    const counts = fc.array(fc.oneof(fc.nat(60), fc.nat(9000)), { minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(counts, fc.constantFrom(2, 26, 60_000), fc.nat(), (stretches, alphabet, seed) => {
        const found = [undefined, () => null].map((load): Winnowed => {
          const random = numbers(seed)
          const winnower = createWinnower(load)
          let base = 0
          for (const count of stretches) {
            const letters = Int32Array.from({ length: count }, () => random() * alphabet)
            winnower.add({ letters, places: Int32Array.from({ length: count }, (_, at) => 2 * at), count, base })
            base += count
          }
          return winnower.finish()
        })
        if (stretches.some((count) => count > 1024)) used++
        expect(found[0]).to.deep.equal(found[1])
      }),
      { numRuns: 60 },
    )
    expect(used).to.be.above(10)
  })
})
