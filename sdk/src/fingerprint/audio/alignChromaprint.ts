import { CHROMAPRINT_STEP } from './chromaprint.ts'

/** Where two chromaprints agree best. Times in seconds. */
export interface ChromaprintAlignment {
  a: { from: number; to: number }
  b: { from: number; to: number }
  /** Share of the bits of that stretch that differ. */
  bitErrorRate: number
}

/** Shortest stretch that is compared, in numbers: about three seconds. */
const SHORTEST = 24
/** At most so many numbers are compared to find the best offset; of longer works every n-th. */
const MOST_COMPARED = 40_000_000

/** Tries every offset of one chromaprint against the other and returns the one with the lowest bit error rate; undefined when one is too short. */
export function alignChromaprint(a: readonly number[], b: readonly number[]): ChromaprintAlignment | undefined {
  if (a.length > b.length) {
    const found = alignChromaprint(b, a)
    return found === undefined ? undefined : { ...found, a: found.b, b: found.a }
  }
  // All of the shorter one should lie in the longer, or most of it.
  const overlap = Math.max(SHORTEST, Math.floor(a.length / 2))
  if (a.length < SHORTEST) return undefined
  const [x, y] = [Int32Array.from(a), Int32Array.from(b)]
  const every = Math.max(1, Math.ceil((x.length * y.length) / MOST_COMPARED))
  let best = { offset: 0, rate: 1 }
  for (let offset = overlap - x.length; offset <= y.length - overlap; offset++) {
    const rate = errorRate(x, y, offset, every)
    if (rate < best.rate) best = { offset, rate }
  }
  const { offset } = best
  const from = Math.max(0, -offset)
  const to = Math.min(x.length, y.length - offset)
  return {
    a: { from: from * CHROMAPRINT_STEP, to: to * CHROMAPRINT_STEP },
    b: { from: (from + offset) * CHROMAPRINT_STEP, to: (to + offset) * CHROMAPRINT_STEP },
    bitErrorRate: errorRate(x, y, offset, 1),
  }
}

function errorRate(x: Int32Array, y: Int32Array, offset: number, every: number): number {
  const from = Math.max(0, -offset)
  const to = Math.min(x.length, y.length - offset)
  let errors = 0
  let compared = 0
  for (let i = from; i < to; i += every) {
    errors += ones(x[i]! ^ y[i + offset]!)
    compared++
  }
  return errors / (32 * compared)
}

function ones(bits: number): number {
  let sum = bits - ((bits >>> 1) & 0x55555555)
  sum = (sum & 0x33333333) + ((sum >>> 2) & 0x33333333)
  return Math.imul((sum + (sum >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}
