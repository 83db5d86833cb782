import { expect } from 'chai'
import fc from 'fast-check'
import { createBlake3 } from '../../src/iscc/blake3.ts'
import { createNgramHasher } from '../../src/iscc/ngrams.ts'
import { loadRuns13 } from '../../src/iscc/xxh32Runs.ts'
import { numbers } from '../fingerprint/recordings.ts'

describe('ISCC with and without vector code', () => {
  it('has vector code here', () => expect(loadRuns13()).to.be.a('function'))

  it('hashes the same by BLAKE3, however the bytes come', () => {
    const size = fc.oneof(
      fc.nat(20_000),
      fc.integer({ min: 1, max: 40 }).chain((chunks) => fc.constantFrom(-1, 0, 1).map((by) => chunks * 1024 + by)),
    )
    fc.assert(
      fc.property(size, fc.array(fc.nat(20_000), { maxLength: 6 }), fc.nat(), (length, cuts, seed) => {
        const random = numbers(seed)
        const bytes = Uint8Array.from({ length }, () => random() * 256)
        const [vector, plain] = [createBlake3(), createBlake3(null)]
        let from = 0
        for (const to of [...cuts.filter((cut) => cut < length).sort((a, b) => a - b), length]) {
          vector.update(bytes.subarray(from, to))
          from = to
        }
        plain.update(bytes)
        expect(vector.digest()).to.deep.equal(plain.digest())
      }),
      { numRuns: 200 },
    )
  })

  it('hashes the same runs of characters, of ASCII and of other texts', () => {
    fc.assert(
      fc.property(fc.constantFrom(94, 300), fc.nat(20_000), fc.nat(), (letters, length, seed) => {
        const random = numbers(seed)
        // At first ASCII only, so that whole blocks of it come.
        const text = Array.from({ length }, (_, at) => String.fromCharCode(33 + random() * (at < 12_000 ? 94 : letters))).join('')
        const digests = [loadRuns13, () => null].map((load) => {
          const hasher = createNgramHasher(load)
          hasher.add(text)
          return hasher.digest()
        })
        expect(digests[0]).to.deep.equal(digests[1])
      }),
      { numRuns: 40 },
    )
  })
})
