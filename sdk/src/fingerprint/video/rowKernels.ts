import { type Code, count, countIfAny, i16x8, i32, i32x4, type Local, set, tee, v128 } from '../../wasm/code.ts'
import { type Kernel, kernel, type Memory, start } from '../../wasm/module.ts'

/** Bytes that a kernel may read and write beyond the rows it is given: they take 16 samples at a time. */
const MARGIN = 64
/** Bytes of an entry in a table of parts: first and last sample as places in a line, i32 each, then their weights, f64 each. */
export const PART_BYTES = 24
/** Rows of bytes whose sums fit 16 bits. */
export const MOST_ROWS = 257
const PAGE = 1 << 16

/** What is done with rows of brightness, 16 samples at a time. Places and lengths are bytes in the memory. */
export interface RowKernels {
  readonly memory: Memory
  /**
   * Sums of columns as u32: the row at `first` times `head`, 256 times those between, and the row at `last` times `tail`. Rows are `stride` apart, at most
   * {@link MOST_ROWS} of them between; weights are at most 256.
   */
  weigh(first: number, last: number, stride: number, head: number, tail: number, to: number, toEnd: number): void
  /** Adds the rows from `from` up to `end`, at most {@link MOST_ROWS} and at least one, to sums of columns as u32. */
  add(from: number, end: number, stride: number, to: number, toEnd: number): void
  /** Means of parts of a line of u32, rounded: `whole` is how much a part weighs, in 65,536ths of a sample. */
  means(line: number, table: number, tableEnd: number, to: number, whole: number): void
}

const low = (bytes: Code): Code => [bytes, 0xfd, 0xa9, 1] // i32x4.extend_low_i16x8_u
const high = (bytes: Code): Code => [bytes, 0xfd, 0xaa, 1] // i32x4.extend_high_i16x8_u
const splat = (value: Code): Code => [value, 0xfd, 0x10] // i16x8.splat
const product = (left: Code, right: Code): Code => [left, right, 0xfd, 0x95, 1] // i16x8.mul
const f64 = {
  load: (place: Code, offset: number): Code => [place, 0x2b, 0, offset],
  from: (value: Code): Code => [value, 0xb8], // f64.convert_i32_u
  add: (left: Code, right: Code): Code => [left, right, 0xa0],
  subtract: (left: Code, right: Code): Code => [left, right, 0xa1],
  multiply: (left: Code, right: Code): Code => [left, right, 0xa2],
  divide: (left: Code, right: Code): Code => [left, right, 0xa3],
  ceil: (value: Code): Code => [value, 0x9b],
  above: (left: Code, right: Code): Code => [left, right, 0x64],
  const: (value: number): Code => [0x44, ...new Uint8Array(Float64Array.of(value).buffer)],
} as const

const FIRST = i32.const(0)

/** Adds rows below one another, from `row` up to `end`, to two vectors of eight sums. */
const addRows = (row: Local, end: Code, stride: Local, sums: readonly [Local, Local]): Code => [
  [i32.below(row, end), 0x04, 0x40],
  [0x03, 0x40],
  sums.map((sum, half) => set(sum, i16x8.add(sum, v128.loadBytes(row, half * 8)))),
  [i32.below(tee(row, i32.add(row, stride)), end), 0x0d, 0],
  [0x0b, 0x0b],
]

const weigh = (): Kernel =>
  kernel(
    'weigh',
    { first: 'i32', last: 'i32', stride: 'i32', head: 'i32', tail: 'i32', to: 'i32', toEnd: 'i32' },
    { row: 'i32', heads: 'v128', tails: 'v128', left: 'v128', right: 'v128' },
    ({ first, last, stride, head, tail, to, toEnd, row, heads, tails, left, right }) => [
      set(heads, splat(head)),
      set(tails, splat(tail)),
      count(
        to,
        64,
        toEnd,
        set(left, splat(FIRST)),
        set(right, splat(FIRST)),
        set(row, i32.add(first, stride)),
        addRows(row, last, stride, [left, right]),
        [left, right].flatMap((sums, half) =>
          [low, high].map((part, quarter) =>
            v128.store(
              to,
              i32x4.add(
                i32x4.shiftLeft(part(sums), i32.const(8)),
                i32x4.add(part(product(v128.loadBytes(first, half * 8), heads)), part(product(v128.loadBytes(last, half * 8), tails))),
              ),
              half * 32 + quarter * 16,
            ),
          ),
        ),
        set(first, i32.add(first, i32.const(16))),
        set(last, i32.add(last, i32.const(16))),
      ),
    ],
  )

const add = (): Kernel =>
  kernel(
    'add',
    { from: 'i32', end: 'i32', stride: 'i32', to: 'i32', toEnd: 'i32' },
    { row: 'i32', left: 'v128', right: 'v128' },
    ({ from, end, stride, to, toEnd, row, left, right }) => [
      count(
        to,
        64,
        toEnd,
        set(left, splat(FIRST)),
        set(right, splat(FIRST)),
        set(row, from),
        addRows(row, end, stride, [left, right]),
        [left, right].flatMap((sums, half) =>
          [low, high].map((part, quarter) => {
            const offset = half * 32 + quarter * 16
            return v128.store(to, i32x4.add(v128.load(to, offset), part(sums)), offset)
          }),
        ),
        set(from, i32.add(from, i32.const(16))),
        set(end, i32.add(end, i32.const(16))),
      ),
    ],
  )

const means = (): Kernel =>
  kernel(
    'means',
    { line: 'i32', table: 'i32', tableEnd: 'i32', to: 'i32', whole: 'f64' },
    { at: 'i32', last: 'i32', sum: 'i32', mean: 'f64', rounded: 'f64' },
    ({ line, table, tableEnd, to, whole, at, last, sum, mean, rounded }) => [
      count(
        table,
        PART_BYTES,
        tableEnd,
        set(at, i32.add(line, i32.load(table))),
        set(last, i32.add(line, i32.load(table, 4))),
        set(
          mean,
          f64.add(f64.multiply(f64.from(i32.load(at)), f64.load(table, 8)), f64.multiply(f64.from(i32.load(last)), f64.load(table, 16))),
        ),
        set(sum, FIRST),
        set(at, i32.add(at, i32.const(4))),
        countIfAny(at, 4, last, set(sum, i32.add(sum, i32.load(at)))),
        // Of whole numbers below 2^53 every sum and product is exact; halves are rounded up, as Math.round does.
        set(mean, f64.divide(f64.add(mean, f64.multiply(f64.from(sum), f64.const(256))), whole)),
        set(rounded, f64.ceil(mean)),
        [to, f64.subtract(rounded, f64.from(f64.above(f64.subtract(rounded, f64.const(0.5)), mean))), 0xab, 0x3a, 0, 0], // i32.trunc_f64_u, i32.store8
        set(to, i32.add(to, i32.const(1))),
      ),
    ],
  )

let kernels: RowKernels | null | undefined

/** The vector code, a KB of WebAssembly that starts at the first call; null where there can be none. */
export function rowKernels(): RowKernels | null {
  if (kernels === undefined) kernels = start<'weigh' | 'add' | 'means'>([weigh(), add(), means()], 4)
  return kernels
}

/** Sees to it that the memory has so many bytes, and the margin behind them. */
export function makeRoom(memory: Memory, bytes: number): void {
  const missing = bytes + MARGIN - memory.buffer.byteLength
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE))
}
