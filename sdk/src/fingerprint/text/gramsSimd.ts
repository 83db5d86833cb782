import { type Code, count, i32, i32x4, type Local, set, v128 } from '../../wasm/code.ts'
import { type Kernel, kernel, start } from '../../wasm/module.ts'

/** How letters are hashed: see `winnow.ts`, whose plain code does the same. */
export interface GramShape {
  /** Letters that a hash covers, */
  gram: number
  /** and most letters that are hashed at once. */
  most: number
  /** Of the polynomial, modulo 2³², and its power by which the letter that leaves counts. */
  base: number
  leavingPower: number
}

/**
 * Spreads the first `length` letters, and hashes the gram that ends with each.
 *
 * @param rolling - value of the polynomial before the first
 * @param leaving - the spread letters before the first, as many as a gram has; 0 where there was none
 * @returns the value after the last
 */
export type HashGrams = (
  letters: Int32Array,
  length: number,
  rolling: number,
  leaving: Int32Array,
  spread: Int32Array,
  hashes: Int32Array,
) => number

const all = (value: number): Code => v128.const32(value, value, value, value)
const folded = (value: Local, right: number): Code => v128.xor(value, i32x4.shiftRightUnsigned(value, i32.const(right)))
const times = (value: Code, by: number): Code => i32x4.multiply(value, all(by))
const next = (place: Local, bytes: number): Code => set(place, i32.add(place, i32.const(bytes)))

/** Spreads the bits of letters from `from` to `end`, where they are. */
const spread = (): Kernel =>
  kernel('spread', { from: 'i32', end: 'i32' }, { letter: 'v128' }, ({ from, end, letter }) => [
    count(
      from,
      16,
      end,
      set(letter, times(i32x4.add(v128.load(from), all(1)), 0x9e3779b1)),
      v128.store(from, times(folded(letter, 15), 0x85ebca6b)),
    ),
  ])

/** Writes what each letter from `from` to `end` adds to the polynomial, to `to`: itself, less the one that leaves. */
const terms = ({ gram, leavingPower }: GramShape): Kernel =>
  kernel('terms', { from: 'i32', end: 'i32', to: 'i32' }, {}, ({ from, end, to }) => [
    count(
      from,
      16,
      end,
      v128.store(to, i32x4.subtract(v128.load(from), times(v128.load(i32.subtract(from, i32.const(gram * 4))), leavingPower))),
      next(to, 16),
    ),
  ])

/** Makes values of the polynomial of its terms from `from` to `end`; the value before the first stands before them. */
const roll = ({ base }: GramShape): Kernel =>
  kernel('roll', { from: 'i32', end: 'i32' }, { value: 'i32' }, ({ from, end, value }) => [
    set(value, i32.load(i32.subtract(from, i32.const(4)))),
    count(from, 4, end, set(value, i32.add(i32.multiply(value, i32.const(base)), i32.load(from))), i32.store(from, value)),
  ])

/** Spreads the bits of the values from `from` to `end`, to `to`. */
const mix = (): Kernel =>
  kernel('mix', { from: 'i32', end: 'i32', to: 'i32' }, { value: 'v128' }, ({ from, end, to, value }) => [
    count(
      from,
      16,
      end,
      set(value, v128.load(from)),
      set(value, times(folded(value, 16), 0x85ebca6b)),
      set(value, times(folded(value, 13), 0xc2b2ae35)),
      v128.store(to, v128.xor(folded(value, 16), all(0x80000000))),
      next(to, 16),
    ),
  ])

let found: HashGrams | null | undefined

/** The vector code, some 500 bytes of WebAssembly that start at the first call, for one shape; null where there can be none. */
export function loadHashGrams(shape: GramShape): HashGrams | null {
  if (found === undefined) found = startHashGrams(shape)
  return found
}

function startHashGrams(shape: GramShape): HashGrams | null {
  const { gram, most } = shape
  // Letters behind as many as a gram has, values behind one, hashes; each with room for a vector more.
  const room = (numbers: number): number => Math.ceil(numbers / 4 + 1) * 16
  const lettersAt = room(gram)
  const valuesAt = lettersAt + room(most) + 16
  const hashesAt = valuesAt + room(most)
  const module = start<'spread' | 'terms' | 'roll' | 'mix'>(
    [spread(), terms(shape), roll(shape), mix()],
    Math.ceil((hashesAt + room(most)) / 65_536),
  )
  if (module === null) return null
  const memory = new Int32Array(module.memory.buffer)
  return (letters, length, rolling, leaving, spreadLetters, hashes) => {
    if (length === 0) return rolling
    memory.set(leaving, lettersAt / 4 - gram)
    memory.set(letters.subarray(0, length), lettersAt / 4)
    memory[valuesAt / 4 - 1] = rolling
    const bytes = length * 4
    module.spread(lettersAt, lettersAt + bytes)
    module.terms(lettersAt, lettersAt + bytes, valuesAt)
    module.roll(valuesAt, valuesAt + bytes)
    module.mix(valuesAt, valuesAt + bytes, hashesAt)
    spreadLetters.set(memory.subarray(lettersAt / 4, lettersAt / 4 + length))
    hashes.set(memory.subarray(hashesAt / 4, hashesAt / 4 + length))
    return memory[valuesAt / 4 + length - 1]!
  }
}
