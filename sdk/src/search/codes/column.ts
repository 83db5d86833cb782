import { ColophonError } from '../../errors/base.ts'
import { FRONTS, kernelBytes } from './kernelBytes.ts'

/** Numbers of codes that one call of `scan` or `sift` can take or give. */
export const SCRATCH_CODES: number = FRONTS / 4

/** Words of 32 bits in half a code. */
export const HALF_WORDS = 4

/** Half of each code, 128 bits, one behind the other; it only grows. */
export interface Column {
  /** The halves, {@link HALF_WORDS} words each. Changes whenever the column has grown. */
  readonly words: Uint32Array
  /** Numbers of codes: what `sift` reads and what both write. */
  readonly scratch: Uint32Array
  /** Makes room for this many codes in all. */
  reserve(count: number): void
  /** Numbers of codes from `from` to before `to` at most `limit` bits from the query, into the scratch; stops where that is full. */
  scan(from: number, to: number, query: Uint32Array, limit: number): { found: number; next: number }
  /** Keeps those of the first `count` numbers in the scratch whose codes are at most `limit` bits from the query; gives how many. */
  sift(count: number, query: Uint32Array, limit: number): number
}

/** A column that counts bits with WebAssembly where there is any and the content security policy allows it, else in JavaScript. */
export function createColumn(engine: Engine | undefined = engineHere()): Column {
  if (engine !== undefined) {
    try {
      return wasmColumn(engine)
    } catch {
      // As without it.
    }
  }
  return plainColumn()
}

/** What is used of the global `WebAssembly`, which neither ECMAScript's nor every host's types have. */
export interface Engine {
  Module: new (bytes: Uint8Array<ArrayBuffer>) => object
  Instance: new (module: object) => { exports: Exports }
}

interface Exports {
  m: { buffer: ArrayBuffer; grow(pages: number): number }
  e: { value: number }
  s(from: number, to: number, q0: bigint, q1: bigint, limit: number, out: number, room: number): number
  k(at: number, to: number, q0: bigint, q1: bigint, limit: number): number
}

function engineHere(): Engine | undefined {
  return (globalThis as unknown as { WebAssembly?: Engine }).WebAssembly
}

const PAGE = 65_536

function wasmColumn(engine: Engine): Column {
  const { m: memory, e: end, s: scan, k: sift } = new engine.Instance(new engine.Module(kernelBytes())).exports
  let words = new Uint32Array(memory.buffer, FRONTS)
  let scratch = new Uint32Array(memory.buffer, 0, SCRATCH_CODES)
  const quads = (query: Uint32Array): [bigint, bigint] => {
    const pair = (low: number, high: number): bigint => (BigInt(high) << 32n) | BigInt(low)
    return [pair(query[0]!, query[1]!), pair(query[2]!, query[3]!)]
  }
  return {
    get words() {
      return words
    },
    get scratch() {
      return scratch
    },
    reserve(count) {
      const missing = count * HALF_WORDS - words.length
      if (missing <= 0) return
      // Half as much again, so that codes that come one by one do not grow it each time.
      const wanted = Math.max(Math.ceil((missing * 4) / PAGE), Math.ceil(words.length / 2 / (PAGE / 4)))
      const least = Math.ceil((missing * 4) / PAGE)
      const pages = PAGE - memory.buffer.byteLength / PAGE
      if (least > pages) throw tooMany(count)
      try {
        memory.grow(Math.min(wanted, pages))
      } catch (cause) {
        throw tooMany(count, cause)
      }
      words = new Uint32Array(memory.buffer, FRONTS)
      scratch = new Uint32Array(memory.buffer, 0, SCRATCH_CODES)
    },
    scan(from, to, query, limit) {
      if (from >= to) return { found: 0, next: to }
      const next = scan(from, to, ...quads(query), limit, 0, SCRATCH_CODES)
      return { found: end.value / 4, next: next >>> 0 }
    },
    sift(count, query, limit) {
      return count === 0 ? 0 : sift(0, count * 4, ...quads(query), limit) / 4
    },
  }
}

/** As fast as it gets without WebAssembly. */
function plainColumn(): Column {
  let words = new Uint32Array(1024)
  const scratch = new Uint32Array(SCRATCH_CODES)
  return {
    get words() {
      return words
    },
    scratch,
    reserve(count) {
      if (count * HALF_WORDS <= words.length) return
      try {
        const larger = new Uint32Array(Math.max(count * HALF_WORDS, words.length * 1.5))
        larger.set(words)
        words = larger
      } catch (cause) {
        throw tooMany(count, cause)
      }
    },
    scan(from, to, query, limit) {
      let found = 0
      let code = from
      for (; code < to && found < SCRATCH_CODES; code++) {
        if (halfDistance(words, code, query) <= limit) scratch[found++] = code
      }
      return { found, next: code }
    },
    sift(count, query, limit) {
      let kept = 0
      for (let at = 0; at < count; at++) {
        const code = scratch[at]!
        if (halfDistance(words, code, query) <= limit) scratch[kept++] = code
      }
      return kept
    },
  }
}

/** Bits in which a half differs from the query's. */
export function halfDistance(words: Uint32Array, code: number, query: Uint32Array): number {
  const at = code * HALF_WORDS
  return (
    bitCount(words[at]! ^ query[0]!) +
    bitCount(words[at + 1]! ^ query[1]!) +
    bitCount(words[at + 2]! ^ query[2]!) +
    bitCount(words[at + 3]! ^ query[3]!)
  )
}

/** Ones in a word of 32 bits. */
function bitCount(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555)
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333)
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

function tooMany(count: number, cause?: unknown): ColophonError {
  return new ColophonError('INDEX_TOO_LARGE', `There is no memory for ${count} codes.`, {
    hint: 'Compact the index, split it by collection, or use a database: one index holds at most 268 million codes.',
    details: { codes: count },
    ...(cause === undefined ? {} : { cause }),
  })
}
