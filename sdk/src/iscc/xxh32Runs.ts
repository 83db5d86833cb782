import { type Code, count, i8x16, i32, i32x4, type Local, set, v128 } from '../wasm/code.ts'
import { type Kernel, kernel, start } from '../wasm/module.ts'

const PRIMES = { 1: 0x9e3779b1, 2: 0x85ebca77, 3: 0xc2b2ae3d, 4: 0x27d4eb2f, 5: 0x165667b1 } as const

/** Most bytes that can be hashed at once. */
export const MOST_BYTES = 8192
/** Where hashes are put, in bytes of memory: behind the input and what the last vector reads beyond it. */
const OUT = MOST_BYTES + 64

/** The xxHash32 of every run of 13 bytes from `from` on, four at a time until `end`, 32 bits each, to `to`. */
const runs13 = (): Kernel =>
  kernel('runs13', { from: 'i32', end: 'i32', to: 'i32' }, { bytes: 'v128', hash: 'v128' }, ({ from, end, to, bytes, hash }) => {
    const all = (value: number): Code => v128.const32(value, value, value, value)
    const times = (value: Code, prime: keyof typeof PRIMES): Code => i32x4.multiply(value, all(PRIMES[prime]))
    const turned = (value: Local, left: number): Code =>
      v128.or(i32x4.shiftLeft(value, i32.const(left)), i32x4.shiftRightUnsigned(value, i32.const(32 - left)))
    const folded = (right: number): Code => v128.xor(hash, i32x4.shiftRightUnsigned(hash, i32.const(right)))
    /** Numbers of four bytes that start one byte after the other. */
    const words = (first: number): Code => {
      const lane = (at: number): number => at | ((at + 1) << 8) | ((at + 2) << 16) | ((at + 3) << 24)
      return i8x16.swizzle(bytes, v128.const32(lane(first), lane(first + 1), lane(first + 2), lane(first + 3)))
    }
    const none = 0xffffff00 | 0
    const lastBytes = i8x16.swizzle(bytes, v128.const32(none | 12, none | 13, none | 14, none | 15))
    const mixIn = (word: Code): Code => [set(hash, i32x4.add(hash, times(word, 3))), set(hash, times(turned(hash, 17), 4))]
    return [
      count(
        from,
        4,
        end,
        set(bytes, v128.load(from)),
        set(hash, all(PRIMES[5] + 13)),
        [0, 4, 8].map((first) => mixIn(words(first))),
        set(hash, i32x4.add(hash, times(lastBytes, 5))),
        set(hash, times(turned(hash, 11), 1)),
        set(hash, times(folded(15), 2)),
        set(hash, times(folded(13), 3)),
        v128.store(to, folded(16)),
        set(to, i32.add(to, i32.const(16))),
      ),
    ]
  })

/** Does what `xxh32Runs13` does, of at most {@link MOST_BYTES}. */
export type Runs13 = (bytes: Uint8Array, size: number, out: Int32Array) => void

let found: Runs13 | null | undefined

/** The vector code, some 500 bytes of WebAssembly that start at the first call; null where there can be none. */
export function loadRuns13(): Runs13 | null {
  if (found !== undefined) return found
  const module = start<'runs13'>([runs13()], 1)
  if (module === null) {
    found = null
    return found
  }
  const memory = new Uint8Array(module.memory.buffer)
  found = (bytes, size, out) => {
    const runs = size - 12
    memory.set(bytes.subarray(0, size))
    module.runs13(0, runs, OUT)
    out.set(new Int32Array(memory.buffer, OUT, runs))
  }
  return found
}
