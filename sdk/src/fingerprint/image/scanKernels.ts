import { type Code, count, countIfAny, f32x4, f64x2, i8x16, i16x8, i32, i32x4, type Local, set, tee, v128 } from '../../wasm/code.ts'
import { type Kernel, kernel } from '../../wasm/module.ts'

// The loops that go over every pixel of a picture. Pixels are words of four bytes: red in the lowest, then green, blue, alpha. All of them work on some
// at a time and may read and write up to fifteen pixels more than they are asked for.

const pair = (low: number, high: number): number => (low & 0xffff) | (high << 16)
const all = (value: number): Code => v128.const32(value, value, value, value)
const next = (place: Local, bytes: number): Code => set(place, i32.add(place, i32.const(bytes)))
/** Red and blue of four pixels, as eight numbers of 16 bits. */
const redAndBlue = (pixels: Code): Code => v128.and(pixels, all(0x00ff00ff))

/**
 * Brightness of four pixels: (299 red + 587 green + 114 blue) / 1000, rounded once. Sums of the three products in double precision, which plain code makes, round to
 * the same: no such quotient comes nearer than 10⁻¹² to the middle between two numbers of single precision.
 */
const lumaOfFour = (pixels: Local, place: Code, offset = 0): Code => {
  const [rb, green] = [
    redAndBlue(tee(pixels, v128.load(place, offset))),
    v128.and(i32x4.shiftRightUnsigned(pixels, i32.const(8)), all(0xff)),
  ]
  const thousandfold = i32x4.add(i32x4.dot(rb, all(pair(299, 114))), i32x4.dot(green, all(587)))
  return f32x4.divide(f32x4.fromI32(thousandfold), all(0x447a0000))
}

/** Brightness of pixels from `from` to `end`, to `to`. */
const luma = (): Kernel =>
  kernel('luma', { from: 'i32', end: 'i32', to: 'i32' }, { pixels: 'v128' }, ({ from, end, to, pixels }) => [
    count(from, 16, end, v128.store(to, lumaOfFour(pixels, from)), next(to, 16)),
  ])

/** The same of two rows, `stride` apart, one number of each in turns. */
const lumaPairs = (): Kernel =>
  kernel(
    'lumaPairs',
    { from: 'i32', end: 'i32', stride: 'i32', to: 'i32' },
    { pixels: 'v128', upper: 'v128', lower: 'v128' },
    ({ from, end, stride, to, pixels, upper, lower }) => [
      count(
        from,
        16,
        end,
        set(upper, lumaOfFour(pixels, from)),
        set(lower, lumaOfFour(pixels, i32.add(from, stride))),
        v128.store(to, v128.shuffle(upper, lower, [0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23])),
        v128.store(to, v128.shuffle(upper, lower, [8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31]), 16),
        next(to, 32),
      ),
    ],
  )

/** Bytes of a row of the table that `shrinkPairs` goes by: where the first and the last pair are (i32), shares of both, and of all (f64). */
export const SHARES = 32

/** Area means of two rows that lie in pairs from `line` on, to `upper` and `lower`. */
const shrinkPairs = (): Kernel =>
  kernel(
    'shrinkPairs',
    { table: 'i32', end: 'i32', line: 'i32', upper: 'i32', lower: 'i32' },
    { at: 'i32', last: 'i32', sum: 'v128' },
    ({ table, end, line, upper, lower, at, last, sum }) => {
      const pairAt = (place: Code): Code => f64x2.fromLowF32(v128.load64Zero(place))
      return [
        count(
          table,
          SHARES,
          end,
          set(at, i32.add(line, i32.load(table))),
          set(last, i32.add(line, i32.load(table, 4))),
          set(sum, f64x2.multiply(pairAt(at), v128.load64Splat(table, 8))),
          next(at, 8),
          countIfAny(at, 8, last, set(sum, f64x2.add(sum, pairAt(at)))),
          set(sum, f64x2.add(sum, f64x2.multiply(pairAt(last), v128.load64Splat(table, 16)))),
          set(sum, f32x4.fromF64(f64x2.divide(sum, v128.load64Splat(table, 24)))),
          v128.store32Lane(upper, sum, 0),
          v128.store32Lane(lower, sum, 1),
          next(upper, 4),
          next(lower, 4),
        ),
      ]
    },
  )

/** Pillow's grey of pixels from `from` to `end`, a byte each, to `to`: 19595 red + 38470 green + 7471 blue in 2⁻¹⁶, rounded. */
const grey = (): Kernel =>
  kernel('grey', { from: 'i32', end: 'i32', to: 'i32' }, { pixels: 'v128' }, ({ from, end, to, pixels }) => {
    // 38470 has 17 bits with its sign: twice the green by half of it.
    const four = (offset: number): Code =>
      i32x4.shiftRight(
        i32x4.add(
          i32x4.add(i32x4.dot(redAndBlue(tee(pixels, v128.load(from, offset))), all(pair(19595, 7471))), all(0x8000)),
          i32x4.dot(v128.and(i32x4.shiftRightUnsigned(pixels, i32.const(7)), all(0x1fe)), all(19235)),
        ),
        i32.const(16),
      )
    return [
      count(
        from,
        64,
        end,
        v128.store(to, i8x16.narrowUnsigned(i16x8.narrow(four(0), four(16)), i16x8.narrow(four(32), four(48)))),
        next(to, 16),
      ),
    ]
  })

/**
 * Adds up red, green and blue of each column over the rows that start from `from` to `until`, at most 128, and adds that `weight` times to the column's
 * number from `sums` to `end`. What is wholly transparent counts as white.
 */
const columns = (): Kernel =>
  kernel(
    'columns',
    { from: 'i32', until: 'i32', stride: 'i32', weight: 'i32', sums: 'i32', end: 'i32' },
    { row: 'i32', pixels: 'v128', both: 'v128', weights: 'v128' },
    ({ from, until, stride, weight, sums, end, row, pixels, both, weights }) => [
      set(weights, i32x4.splat(weight)),
      count(
        sums,
        16,
        end,
        set(row, from),
        set(both, all(0)),
        [
          // Rows are further apart than a constant step.
          [0x03, 0x40],
          set(pixels, v128.load(row)),
          set(pixels, v128.and(v128.or(pixels, i32x4.belowUnsigned(pixels, all(0x01000000))), all(0x00ffffff))),
          set(both, i16x8.add(both, i16x8.addPairsOfBytes(pixels))),
          [i32.below(tee(row, i32.add(row, stride)), until), 0x0d, 0, 0x0b],
        ],
        v128.store(sums, i32x4.add(v128.load(sums), i32x4.multiply(i32x4.addPairsUnsigned(both), weights))),
        next(from, 16),
        next(until, 16),
      ),
    ],
  )

/** Bytes of a row of the table that `across` goes by: first sample, and where its weights start and end (i32). */
export const TAPS = 12
/** Bits of a weight that are its lower part; the upper one is signed. */
export const LOWER_BITS = 15

/**
 * Resizes rows of bytes, from `from` to `end`, `stride` apart, four at a time: each output sample is the sum of bytes by weights in 2⁻²², rounded and
 * clipped. Weights come by eights, upper parts before lower ones, 16 bits each. Sample x of row y goes to `to` + x · `toStride` + y.
 */
const across = (): Kernel =>
  kernel(
    'across',
    { from: 'i32', end: 'i32', stride: 'i32', table: 'i32', tableEnd: 'i32', to: 'i32', toStride: 'i32' },
    {
      ...{ entry: 'i32', into: 'i32', weight: 'i32', last: 'i32', upper: 'v128', lower: 'v128', bytes: 'v128' },
      ...{ row0: 'i32', row1: 'i32', row2: 'i32', row3: 'i32' },
      ...{ high0: 'v128', high1: 'v128', high2: 'v128', high3: 'v128', low0: 'v128', low1: 'v128', low2: 'v128', low3: 'v128' },
    },
    (local) => {
      const { from, end, stride, table, tableEnd, to, toStride, entry, into, weight, last, upper, lower, bytes } = local
      const rows = [local.row0, local.row1, local.row2, local.row3] as const
      const highs = [local.high0, local.high1, local.high2, local.high3] as const
      const lows = [local.low0, local.low1, local.low2, local.low3] as const
      const even = [0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27]
      const pairsOf = (left: Local, right: Local): Code =>
        i32x4.add(
          v128.shuffle(left, right, even),
          v128.shuffle(
            left,
            right,
            even.map((byte) => byte + 4),
          ),
        )
      return [
        [0x03, 0x40],
        set(entry, table),
        set(into, to),
        count(
          entry,
          TAPS,
          tableEnd,
          set(rows[0], i32.add(from, i32.load(entry))),
          [1, 2, 3].map((row) => set(rows[row]!, i32.add(rows[row - 1]!, stride))),
          set(weight, i32.load(entry, 4)),
          set(last, i32.load(entry, 8)),
          [...highs, ...lows].map((sum) => set(sum, all(0))),
          count(
            weight,
            32,
            last,
            set(upper, v128.load(weight)),
            set(lower, v128.load(weight, 16)),
            rows.map((row, index) => [
              set(bytes, v128.loadBytes(row)),
              set(highs[index]!, i32x4.add(highs[index]!, i32x4.dot(bytes, upper))),
              set(lows[index]!, i32x4.add(lows[index]!, i32x4.dot(bytes, lower))),
              next(row, 8),
            ]),
          ),
          lows.map((low, index) => set(low, i32x4.add(low, i32x4.shiftLeft(highs[index]!, i32.const(LOWER_BITS))))),
          set(lows[0], pairsOf(lows[0], lows[1])),
          set(lows[2], pairsOf(lows[2], lows[3])),
          set(lows[0], i32x4.shiftRight(i32x4.add(pairsOf(lows[0], lows[2]), all(1 << 21)), i32.const(22))),
          set(lows[0], i16x8.narrow(lows[0], lows[0])),
          v128.store32Lane(into, i8x16.narrowUnsigned(lows[0], lows[0]), 0),
          set(into, i32.add(into, toStride)),
        ),
        next(to, 4),
        [i32.below(tee(from, i32.add(from, i32.shiftLeft(stride, i32.const(2)))), end), 0x0d, 0, 0x0b],
      ]
    },
  )

export const scanKernels = (): Kernel[] => [luma(), lumaPairs(), shrinkPairs(), grey(), columns(), across()]
