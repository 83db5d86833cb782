import type { Hit, IndexedWork } from '../../src/search/index.ts'

/** Numbers of 32 bits, the same for the same seed (xorshift32). */
export function randomWords(seed: number): () => number {
  let state = seed | 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state >>> 0
  }
}

export function randomCode(next: () => number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Uint32Array.from({ length: 8 }, next).buffer)
}

/** The code with so many of its bits flipped. */
export function flipped(code: Uint8Array, count: number, next: () => number): Uint8Array<ArrayBuffer> {
  const copy = Uint8Array.from(code)
  const done = new Set<number>()
  while (done.size < count) {
    const bit = next() % 256
    if (done.has(bit)) continue
    done.add(bit)
    copy[bit >> 3]! ^= 128 >> (bit & 7)
  }
  return copy
}

export function distanceOf(a: Uint8Array, b: Uint8Array): number {
  let bits = 0
  for (let at = 0; at < 32; at++) for (let left = a[at]! ^ b[at]!; left > 0; left &= left - 1) bits++
  return bits
}

export function picture(id: string, ...codes: Uint8Array[]): IndexedWork {
  return { id, features: { media: 'image', codes, keys: new BigUint64Array(0) } }
}

export function text(id: string, ...keys: bigint[]): IndexedWork {
  return { id, features: { media: 'text', codes: [], keys: BigUint64Array.from(keys) } }
}

/** What a search must give, by comparing everything. */
export function bruteForce(works: readonly IndexedWork[], query: Uint8Array, threshold: number): { id: string; distance: number }[] {
  return works
    .map((work) => ({
      id: work.id,
      distance: Math.min(...('features' in work ? work.features.codes : []).map((code) => distanceOf(code, query))),
    }))
    .filter(({ distance }) => distance <= threshold)
    .sort((a, b) => a.distance - b.distance)
}

/** The same of what a search gave; works that are equally near in the order of their indexing, as brute force has them. */
export function nearnessOf(hits: readonly Hit[]): { id: string; distance: number }[] {
  return hits.map(({ id, codes }) => ({ id, distance: codes!.distance }))
}

/** A picture that its number alone makes, the same in every process. */
export function numbered(number: number): IndexedWork {
  const next = randomWords(Math.imul(number + 1, 0x9e3779b1))
  for (let turn = 0; turn < 8; turn++) next()
  return picture(`n${number}`, randomCode(next), randomCode(next))
}

/** A text with so many keys that they are put into a table; or, to ask for it, some of them. */
export function manyKeys(id: string, seed: number, count: number = 33_000): IndexedWork {
  const next = randomWords(2 * seed + 5)
  return text(id, ...Array.from({ length: count }, (_, at) => (BigInt(next()) << 32n) | BigInt(at)))
}
