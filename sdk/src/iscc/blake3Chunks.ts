import { type Code, i32, i32x4, type Local, set, tee, v128 } from '../wasm/code.ts'
import { type Kernel, kernel, start } from '../wasm/module.ts'

/** Chunks that are hashed side by side, and their bytes. */
export const LANES = 4
const CHUNK = 1024
const BLOCK = 64
export const LANE_BYTES: number = LANES * CHUNK
const [CHUNK_START, CHUNK_END] = [1, 2]

/** Where the chaining values are in memory, in bytes: behind the chunks, each word of all four after the other. */
const STATE = LANE_BYTES

const WORDS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15] as const
/** Which word of a block stands where in the next round. */
const PERMUTATION = [2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8] as const
const ROUNDS = 7
/** Words of the state that are mixed with each other: columns, then diagonals. */
const QUARTERS = [
  [0, 4, 8, 12],
  [1, 5, 9, 13],
  [2, 6, 10, 14],
  [3, 7, 11, 15],
  [0, 5, 10, 15],
  [1, 6, 11, 12],
  [2, 7, 8, 13],
  [3, 4, 9, 14],
] as const

/** Compresses the block at `at` of each chunk into the chaining values, with one flag for all; `low` and `high` are the number of the first chunk. */
const block = (iv: Int32Array): Kernel => {
  const names = (letter: string): Record<string, 'v128'> => Object.fromEntries(WORDS.map((word) => [`${letter}${word}`, 'v128']))
  return kernel(
    'block',
    { at: 'i32', flags: 'i32', low: 'i32', high: 'i32' },
    { round: 'i32', first: 'v128', second: 'v128', ...names('m'), ...names('v') },
    (local) => {
      const named = local as Record<string, Local>
      const { at, flags, low, high, round, first, second } = local as Record<
        'at' | 'flags' | 'low' | 'high' | 'round' | 'first' | 'second',
        Local
      >
      const m = WORDS.map((word) => named[`m${word}`]!)
      const v = WORDS.map((word) => named[`v${word}`]!)
      const all = (value: number): Code => v128.const32(value, value, value, value)
      const lower = [0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23]
      const halves = [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23]
      const behind = (bytes: readonly number[]): number[] => bytes.map((byte) => byte + 8)
      /** Four words of each chunk, turned so that each vector is one word of all. */
      const loadFour = (from: number): Code => {
        const [a, b, c, d] = [m[from]!, m[from + 1]!, m[from + 2]!, m[from + 3]!]
        return [
          [a, b, c, d].map((word, chunk) => set(word, v128.load(at, chunk * CHUNK + from * 4))),
          set(first, v128.shuffle(a, b, lower)),
          set(second, v128.shuffle(c, d, lower)),
          set(b, v128.shuffle(a, b, behind(lower))),
          set(d, v128.shuffle(c, d, behind(lower))),
          set(a, v128.shuffle(first, second, halves)),
          set(c, v128.shuffle(b, d, halves)),
          set(d, v128.shuffle(b, d, behind(halves))),
          set(b, v128.shuffle(first, second, behind(halves))),
        ]
      }
      /** Turned right by 16 or 8 bits, which moves whole bytes, */
      const turnedBytes = (value: Code, bytes: number): Code =>
        v128.shuffle(
          value,
          value,
          Array.from({ length: 16 }, (_, byte) => (byte & ~3) | ((byte + bytes) & 3)),
        )
      /** or by others. */
      const turned = (value: Local, right: number): Code =>
        v128.or(i32x4.shiftRightUnsigned(value, i32.const(right)), i32x4.shiftLeft(value, i32.const(32 - right)))
      const mix = ([a, b, c, d]: readonly [number, number, number, number], x: Local, y: Local): Code => {
        const [va, vb, vc, vd] = [v[a]!, v[b]!, v[c]!, v[d]!]
        const half = (word: Local, bytes: number, right: number): Code => [
          set(va, i32x4.add(i32x4.add(va, vb), word)),
          set(first, v128.xor(vd, va)),
          set(vd, turnedBytes(first, bytes)),
          set(vc, i32x4.add(vc, vd)),
          set(first, v128.xor(vb, vc)),
          set(vb, turned(first, right)),
        ]
        return [half(x, 2, 12), half(y, 1, 7)]
      }
      return [
        [0, 4, 8, 12].map(loadFour),
        WORDS.slice(0, 8).map((word) => [
          set(v[word]!, v128.load(i32.const(STATE), word * 16)),
          word < 4 ? set(v[word + 8]!, all(iv[word]!)) : [],
        ]),
        set(v[12]!, i32x4.add(i32x4.splat(low), v128.const32(0, 1, 2, 3))),
        set(v[13]!, i32x4.splat(high)),
        set(v[14]!, all(BLOCK)),
        set(v[15]!, i32x4.splat(flags)),
        [0x03, 0x40],
        QUARTERS.map((quarter, index) => mix(quarter, m[2 * index]!, m[2 * index + 1]!)),
        // All are read before any is set; after the last round this is for nothing.
        PERMUTATION.map((word): Code => m[word]!),
        [...WORDS].reverse().map((word): Code => [0x21, m[word]![1]]),
        [i32.below(tee(round, i32.add(round, i32.const(1))), i32.const(ROUNDS)), 0x0d, 0, 0x0b],
        WORDS.slice(0, 8).map((word) => v128.store(i32.const(STATE), v128.xor(v[word]!, v[word + 8]!), word * 16)),
      ]
    },
  )
}

/** Hashes the chunks of {@link LANE_BYTES} bytes, of which the first has a number that divides by four; gives their chaining values. None is the last of the input. */
export type HashChunks = (bytes: Uint8Array, chunk: number) => Int32Array[]

let found: HashChunks | null | undefined

/**
 * The vector code, some 2 KB of WebAssembly that start at the first call; null where there can be none.
 *
 * @param iv - initial chaining value
 */
export function loadHashChunks(iv: Int32Array): HashChunks | null {
  if (found !== undefined) return found
  const module = start<'block'>([block(iv)], 1)
  if (module === null) {
    found = null
    return found
  }
  const { buffer } = module.memory
  const chunks = new Uint8Array(buffer, 0, LANE_BYTES)
  const state = new Int32Array(buffer, STATE, 8 * LANES)
  const initial = Int32Array.from({ length: 8 * LANES }, (_, at) => iv[Math.floor(at / LANES)]!)
  found = (bytes, chunk) => {
    chunks.set(bytes)
    state.set(initial)
    for (let at = 0; at < CHUNK; at += BLOCK) {
      const flags = (at === 0 ? CHUNK_START : 0) | (at === CHUNK - BLOCK ? CHUNK_END : 0)
      module.block(at, flags, chunk | 0, (chunk / 0x1_0000_0000) | 0)
    }
    const values: Int32Array[] = []
    for (let lane = 0; lane < LANES; lane++) {
      const value = new Int32Array(8)
      for (let word = 0; word < 8; word++) value[word] = state[word * LANES + lane]!
      values.push(value)
    }
    return values
  }
  return found
}
