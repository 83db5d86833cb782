import { expect } from 'chai'
import fc from 'fast-check'
import { createMinHasher, similarity } from '../../src/fingerprint/text/minhash.ts'
import { loadLowering } from '../../src/fingerprint/text/minhashSimd.ts'

/** MinHash straight from its definition: 128 functions, each over all runs of four words. */
function plain(words: Int32Array): number[] {
  const runs: number[] = []
  const length = Math.min(words.length, 4)
  for (let start = 0; start + length <= words.length && length > 0; start++) {
    let run = 0x811c9dc5 | 0
    for (const word of words.subarray(start, start + length)) run = mix(Math.imul(run, 0x01000193) ^ word)
    runs.push(run)
  }
  let state = 0x9e3779b9
  const next = (): number => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state
  }
  const multipliers = Array.from({ length: 128 }, () => {
    const drawn = next()
    return drawn | 1
  })
  return multipliers.map((multiplier) => {
    const offset = next()
    return Math.min(
      ...runs.map((run) => {
        let hash = (Math.imul(run, multiplier) + offset) | 0
        hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
        return (hash ^ (hash >>> 13)) >>> 0
      }),
    )
  })
}

function mix(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  return (mixed ^ (mixed >>> 13)) | 0
}

function entriesOf(words: Int32Array, cuts: number[], lowering?: () => undefined): number[] {
  const hasher = createMinHasher(lowering)
  let from = 0
  for (const to of [...cuts.sort((a, b) => a - b), words.length]) {
    hasher.add({ words: words.slice(from, to), wordCount: to - from })
    from = to
  }
  return hasher.finish().entries
}

describe('fingerprint: MinHash of words', () => {
  it('has vector code here', () => expect(loadLowering()).to.be.a('function'))

  it('is what its definition says, with and without vector code, however the words come', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.constantFrom(1, 2, 3, 4, 5, 66, 67, 68, 69, 70, 71, 72, 73, 74, 75), fc.nat(6000)).chain((length) =>
          fc.record({
            words: fc.infiniteStream(fc.integer()).map((stream) => Int32Array.from(stream.take(length))),
            cuts: fc.array(fc.nat(length), { maxLength: 5 }),
          }),
        ),
        ({ words, cuts }) => {
          const expected = words.length === 0 ? [] : plain(words)
          expect(entriesOf(words, cuts)).to.deep.equal(expected)
          expect(entriesOf(words, cuts, () => undefined)).to.deep.equal(expected)
        },
      ),
      { numRuns: 60 },
    )
  })

  it('estimates the share of runs in common', () => {
    const words = Int32Array.from({ length: 4003 }, (_, index) => Math.imul(index + 1, 0x9e3779b1))
    const a = entriesOf(words.slice(0, 3003), [])
    const b = entriesOf(words.slice(1000), [])
    // 2,000 of 4,000 runs; four standard errors.
    expect(similarity(a, b)).to.be.within(0.5 - 4 * 0.044, 0.5 + 4 * 0.044)
    expect(similarity(a, a)).to.equal(1)
    expect(similarity(a, [])).to.equal(0)
    expect(similarity([], [])).to.equal(0)
  })
})
