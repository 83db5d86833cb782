import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import fc from 'fast-check'
import { createChunker, createMinHash, minHash256, simHash } from '../../src/iscc/index.ts'
import { A_HIGH, A_LOW, B_HIGH, B_LOW } from '../../src/iscc/minhashPermutations.ts'

const A = Array.from(A_HIGH, (high, i) => (BigInt(high) << 32n) | BigInt(A_LOW[i]!))
const B = Array.from(B_HIGH, (high, i) => (BigInt(high) << 32n) | BigInt(B_LOW[i]!))
const TWO_64 = 1n << 64n
const PRIME = (1n << 61n) - 1n

/** The standard's formula, word for word, as 64 hex digits. */
function definition(features: Iterable<number>): string {
  const list = Array.from(features, (feature) => BigInt(feature >>> 0))
  const minima = A.map((a, p) =>
    list.reduce((least, feature) => {
      const value = (((a * feature + B[p]!) % TWO_64) % PRIME) & 0xffffffffn
      return value < least ? value : least
    }, 0xffffffffn),
  )
  let bits = ''
  for (let bit = 0n; bit < 4n; bit++) for (const least of minima) bits += String((least >> bit) & 1n)
  return BigInt(`0b${bits}`).toString(16).padStart(64, '0')
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

/** Feature for which the low word of permutation `p` is `low`: where a shortcut by the low word would go wrong. */
function featureWithLow(p: number, low: number): number {
  const a = A[p]! & 0xffffffffn
  let inverse = 1n
  for (let i = 0; i < 5; i++) inverse = (inverse * (2n - a * inverse)) & 0xffffffffn
  return Number((inverse * (BigInt(low) - B[p]!)) & 0xffffffffn)
}

/** The smallest x >= 0 for which `a x mod m` lies in `[start, start + length)` modulo m. */
function firstWithin(a: bigint, m: bigint, start: bigint, length: bigint): bigint {
  const from = ((start % m) + m) % m
  const to = from + length - 1n
  if (from === 0n || to >= m) return 0n
  const step = a % m
  if (2n * step > m) return firstWithin(m - step, m, m - to, length)
  const first = (from + step - 1n) / step
  if (first * step <= to) return first
  // No multiple falls in before the first wrap: look for how often to wrap.
  const wraps = firstWithin(step - (m % step), step, from % step, length)
  return (from + m * wraps + step - 1n) / step
}

describe('iscc: minhash', () => {
  it('is the formula of the standard', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 0xffffffff }), { minLength: 1, maxLength: 40 }), (features) => {
        expect(hex(minHash256(features))).to.equal(definition(features))
        expect(hex(minHash256(features.map((feature) => feature | 0)))).to.equal(definition(features))
      }),
      { numRuns: 300 },
    )
  })

  it('is right where the low word is about to wrap or just did', () => {
    for (let p = 0; p < 64; p++) {
      for (const low of [0, 1, 6, 7, 8, 9, 0xfffffff7, 0xfffffff8, 0xfffffff9, 0xfffffffe, 0xffffffff]) {
        const feature = featureWithLow(p, low >>> 0)
        // With another feature before, the shortcut compares; alone, everything passes it.
        for (const features of [[feature], [featureWithLow(p, 8), feature], [featureWithLow(p, 2), feature], [feature, feature ^ 1]]) {
          expect(hex(minHash256(features)), `${p}, ${low}`).to.equal(definition(features))
        }
      }
    }
  })

  it('is right where a carry runs through to the top three bits', () => {
    let tried = 0
    for (let p = 0; p < 64; p++) {
      // a x + b just past a multiple of 2^61, by less than the low word of b.
      const feature = firstWithin(A[p]!, 1n << 61n, -B[p]!, BigInt(B_LOW[p]!))
      if (feature > 0xffffffffn) continue
      expect((A[p]! * feature + B[p]!) % (1n << 61n) < BigInt(B_LOW[p]!)).to.equal(true)
      for (const features of [[Number(feature)], [featureWithLow(p, 0x7fffffff), Number(feature)]]) {
        expect(hex(minHash256(features))).to.equal(definition(features))
      }
      tried++
    }
    expect(tried).to.be.above(30)
  })

  it('never meets a sum that reaches the prime, which the code therefore leaves out', () => {
    for (let p = 0; p < 64; p++) {
      let inverse = 1n
      for (let i = 0; i < 7; i++) inverse = (inverse * (2n - A[p]! * inverse)) % TWO_64
      for (let above = 0n; above < 8n; above++) {
        for (let rest = PRIME - above; rest <= PRIME; rest++) {
          // The one 64-bit number that the permutation would take there.
          const feature = (((inverse * ((above << 61n) + rest - B[p]!)) % TWO_64) + TWO_64) % TWO_64
          expect((A[p]! * feature + B[p]!) % TWO_64).to.equal((above << 61n) + rest)
          expect(feature > 0xffffffffn).to.equal(true)
        }
      }
    }
  })

  it('is the same for many features, by vectors, at any border of a batch', () => {
    for (const count of [1_023, 1_024, 1_025, 1_039, 8_191, 8_192, 8_193, 9_217]) {
      const features = Int32Array.from({ length: count }, (_, i) => Math.imul(i + count, 0x9e3779b1) ^ (i >> 3))
      const expected = definition(features)
      expect(hex(minHash256(features)), `${count}`).to.equal(expected)
      const inBlocks = createMinHash()
      for (let at = 0; at < count; at += 700) inBlocks.addAll(features.subarray(at), Math.min(700, count - at))
      expect(inBlocks.count).to.equal(count)
      expect(hex(inBlocks.digest()), `${count} in blocks`).to.equal(expected)
    }
  })

  for (const [where, change] of [
    ['there is no WebAssembly', 'delete globalThis.WebAssembly'],
    ['a policy forbids WebAssembly', "WebAssembly.Module = class { constructor() { throw new EvalError('blocked') } }"],
  ]) {
    it(`is the same where ${where}`, function () {
      this.timeout(60_000)
      const index = fileURLToPath(new URL('../../src/iscc/index.ts', import.meta.url))
      const script = `
        import { minHash256 } from ${JSON.stringify(index)}
        ${change}
        const features = Int32Array.from({ length: 9000 }, (_, i) => Math.imul(i, 0x9e3779b1) ^ (i >> 3))
        console.log(Buffer.from(minHash256(features)).toString('hex'))`
      const { stdout, stderr } = spawnSync(process.execPath, ['--no-warnings', '--input-type=module', '-e', script], { encoding: 'utf8' })
      const features = Int32Array.from({ length: 9_000 }, (_, i) => Math.imul(i, 0x9e3779b1) ^ (i >> 3))
      expect(stdout.trim(), stderr).to.equal(definition(features))
    })
  }
})

describe('iscc: simhash', () => {
  it('has the bits that at least half of the digests have', () => {
    const digest = fc.uint8Array({ minLength: 4, maxLength: 4 })
    fc.assert(
      fc.property(fc.array(digest, { minLength: 1, maxLength: 20 }), (digests) => {
        const result = simHash(digests)
        for (let bit = 0; bit < 32; bit++) {
          const has = (bytes: Uint8Array): boolean => ((bytes[bit >> 3]! >> (7 - (bit & 7))) & 1) === 1
          expect(has(result)).to.equal(digests.filter(has).length * 2 >= digests.length)
        }
      }),
    )
    expect(simHash([])).to.have.length(0)
  })
})

describe('iscc: content-defined chunks', () => {
  it('cover the input in order, 256 to 8,192 bytes each but the last', () => {
    const bytes = Uint8Array.from({ length: 200_000 }, (_, i) => (i < 100_000 ? Math.imul(i, 0x9e3779b1) >>> 24 : 0))
    const chunks: Uint8Array[] = []
    const chunker = createChunker((data, start, end) => chunks.push(data.slice(start, end)))
    for (let at = 0; at < bytes.length; at += 1_111) chunker.push(bytes.subarray(at, at + 1_111))
    chunker.end()
    expect(Buffer.concat(chunks).equals(bytes)).to.equal(true)
    for (const chunk of chunks.slice(0, -1)) expect(chunk.length).to.be.within(256, 8_192)
    expect(chunks.at(-2)).to.have.length(8_192)
  })
})
