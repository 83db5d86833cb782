import { expect } from 'chai'
import fc from 'fast-check'
import { plainSpectrum } from '../../src/fingerprint/audio/plainSpectrum.ts'
import { vectorSpectrum } from '../../src/fingerprint/audio/vectorSpectrum.ts'
import { numbers } from './recordings.ts'

describe('fingerprint: power spectra', () => {
  it('are the same to the last bit with and without vector code, frame after frame', () => {
    const shape = fc.integer({ min: 3, max: 12 }).chain((power) => {
      const half = 2 ** (power - 1)
      return fc.record({
        size: fc.constant(2 * half),
        bins: fc.tuple(fc.nat(half), fc.nat(half)).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const),
        seed: fc.nat(),
      })
    })
    fc.assert(
      fc.property(shape, ({ size, bins: [from, to], seed }) => {
        const random = numbers(seed)
        const window = Float64Array.from({ length: size }, () => random() * 2 - 1)
        const [vector, plain] = [vectorSpectrum({ window, from, to })!, plainSpectrum({ window, from, to })]
        for (let frame = 0; frame < 3; frame++) {
          const samples = Int16Array.from({ length: size }, () => (random() - 0.5) * 65_535)
          const expected = plain(samples)
          const found = vector(samples)
          expect(found).to.have.lengthOf(size / 2 + 1)
          expect(found.every((value, bin) => value === expected[bin])).to.equal(true)
        }
      }),
      { numRuns: 200 },
    )
  })

  it('have the power of a tone in its bin', () => {
    const size = 256
    const tone = Int16Array.from({ length: size }, (_, at) => Math.round(10_000 * Math.cos((2 * Math.PI * 20 * at) / size)))
    for (const make of [vectorSpectrum, plainSpectrum]) {
      const power = make({ window: new Float64Array(size).fill(1), from: 0, to: size / 2 })!(tone)
      expect(Math.sqrt(power[20]!)).to.be.closeTo((10_000 * size) / 2, 100)
      expect(Math.sqrt(Math.max(...power.filter((_, bin) => bin !== 20)))).to.be.below(100)
    }
  })
})
