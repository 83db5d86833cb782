import { type Code, count, countIfAny, f32x4, f64x2, i8x16, i16x8, i32, i32x4, type Local, set, tee, v128 } from '../../wasm/code.ts'
import { type Kernel, kernel } from '../../wasm/module.ts'

// The loops that go over every pixel of a picture. Pixels have three or four bytes, red, green, blue and alpha; there is a kernel for each. All of them work on some
// at a time and may read and write up to fifteen pixels more than they are asked for.

export type Channels = 3 | 4

const pair = (low: number, high: number): number => (low & 0xffff) | (high << 16)
const all = (value: number): Code => v128.const32(value, value, value, value)
const next = (place: Local, bytes: number): Code => set(place, i32.add(place, i32.const(bytes)))
const upperHalf = [8, 9, 10, 11, 12, 13, 14, 15]
/** Bytes of a shuffle: numbers of 32 bits of both vectors in turns, from byte 0 or 8 of each. */
const interleaved = (from: number): number[] => [0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23].map((byte) => byte + from)
/** Lower halves of both vectors, or upper ones from byte 8. */
const halves = (from: number): number[] => [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23].map((byte) => byte + from)
/** What stands for a byte 0 in {@link spread}. */
const NONE = 0xff
/** Of four pixels that were loaded, four of these bytes of each. */
const spread = (pixels: Code, channels: Channels, bytes: readonly [number, number, number, number]): Code => {
  const lane = (pixel: number): number =>
    bytes.reduce((word, byte, index) => word | ((byte === NONE ? NONE : pixel * channels + byte) << (8 * index)), 0)
  return i8x16.swizzle(pixels, v128.const32(lane(0), lane(1), lane(2), lane(3)))
}
/** Red and blue, as numbers of 16 bits; green, twice. */
const redAndBlue = (pixels: Code, channels: Channels): Code => spread(pixels, channels, [0, NONE, 2, NONE])
const greens = (pixels: Code, channels: Channels): Code => spread(pixels, channels, [1, NONE, 1, NONE])

/**
 * Brightness of four pixels: (299 red + 587 green + 114 blue) / 1000, rounded once. Sums of the three products in double precision, which plain code makes, round to
 * the same: no such quotient comes nearer than 10⁻¹² to the middle between two numbers of single precision.
 */
const lumaOfFour = (pixels: Local, channels: Channels, place: Code): Code => {
  const thousandfold = i32x4.add(
    i32x4.dot(redAndBlue(tee(pixels, v128.load(place)), channels), all(pair(299, 114))),
    i32x4.dot(greens(pixels, channels), all(587)),
  )
  return f32x4.divide(f32x4.fromI32(thousandfold), all(0x447a0000))
}

/** Brightness of pixels from `from` to `end`, to `to`. */
const luma = (channels: Channels): Kernel =>
  kernel(`luma${channels}`, { from: 'i32', end: 'i32', to: 'i32' }, { pixels: 'v128' }, ({ from, end, to, pixels }) => [
    count(from, 4 * channels, end, v128.store(to, lumaOfFour(pixels, channels, from)), next(to, 16)),
  ])

/** The same of four rows, `stride` apart, one number of each in turns. */
const lumaFours = (channels: Channels): Kernel =>
  kernel(
    `lumaFours${channels}`,
    { from: 'i32', end: 'i32', stride: 'i32', to: 'i32' },
    { row: 'i32', pixels: 'v128', a: 'v128', b: 'v128', c: 'v128', d: 'v128', low: 'v128', high: 'v128' },
    ({ from, end, stride, to, row, pixels, a, b, c, d, low, high }) => {
      const [lower, upper] = [interleaved(0), interleaved(8)]
      const [firstHalves, secondHalves] = [halves(0), halves(8)]
      return [
        count(
          from,
          4 * channels,
          end,
          set(a, lumaOfFour(pixels, channels, tee(row, from))),
          [b, c, d].map((sum) => set(sum, lumaOfFour(pixels, channels, tee(row, i32.add(row, stride))))),
          set(low, v128.shuffle(a, b, lower)),
          set(high, v128.shuffle(c, d, lower)),
          v128.store(to, v128.shuffle(low, high, firstHalves)),
          v128.store(to, v128.shuffle(low, high, secondHalves), 16),
          set(low, v128.shuffle(a, b, upper)),
          set(high, v128.shuffle(c, d, upper)),
          v128.store(to, v128.shuffle(low, high, firstHalves), 32),
          v128.store(to, v128.shuffle(low, high, secondHalves), 48),
          next(to, 64),
        ),
      ]
    },
  )

/** Bytes of a row of the table that `shrinkFours` goes by: where the first and the last four are (i32), shares of both, and of all (f64). */
export const SHARES = 32

/** Area means of four rows that lie in turns from `line` on, to `to` and three times `toStride` after it. */
const shrinkFours = (): Kernel =>
  kernel(
    'shrinkFours',
    { table: 'i32', end: 'i32', line: 'i32', to: 'i32', toStride: 'i32' },
    { at: 'i32', last: 'i32', into: 'i32', four: 'v128', upper: 'v128', lower: 'v128', share: 'v128' },
    ({ table, end, line, to, toStride, at, last, into, four, upper, lower, share }) => {
      const two = (): Code => f64x2.fromLowF32(four)
      const otherTwo = (): Code => f64x2.fromLowF32(v128.shuffle(four, four, [...upperHalf, ...upperHalf]))
      const lanes = [0, 1] as const
      return [
        count(
          table,
          SHARES,
          end,
          set(at, i32.add(line, i32.load(table))),
          set(last, i32.add(line, i32.load(table, 4))),
          set(four, v128.load(at)),
          set(share, v128.load64Splat(table, 8)),
          set(upper, f64x2.multiply(two(), share)),
          set(lower, f64x2.multiply(otherTwo(), share)),
          next(at, 16),
          countIfAny(at, 16, last, set(four, v128.load(at)), set(upper, f64x2.add(upper, two())), set(lower, f64x2.add(lower, otherTwo()))),
          set(four, v128.load(last)),
          set(share, v128.load64Splat(table, 16)),
          set(upper, f64x2.add(upper, f64x2.multiply(two(), share))),
          set(lower, f64x2.add(lower, f64x2.multiply(otherTwo(), share))),
          set(share, v128.load64Splat(table, 24)),
          set(upper, f32x4.fromF64(f64x2.divide(upper, share))),
          set(lower, f32x4.fromF64(f64x2.divide(lower, share))),
          set(into, to),
          [upper, lower].map((sums) => lanes.map((lane) => [v128.store32Lane(into, sums, lane), set(into, i32.add(into, toStride))])),
          next(to, 4),
        ),
      ]
    },
  )

/** Pillow's grey of pixels from `from` to `end`, a byte each, to `to`: 19595 red + 38470 green + 7471 blue in 2⁻¹⁶, rounded. */
const grey = (channels: Channels): Kernel =>
  kernel(`grey${channels}`, { from: 'i32', end: 'i32', to: 'i32' }, { pixels: 'v128' }, ({ from, end, to, pixels }) => {
    // 38470 has 17 bits with its sign: twice the green by half of it.
    const four = (which: number): Code =>
      i32x4.shiftRight(
        i32x4.add(
          i32x4.add(
            i32x4.dot(redAndBlue(tee(pixels, v128.load(from, which * 4 * channels)), channels), all(pair(19595, 7471))),
            i32x4.dot(greens(pixels, channels), all(pair(19235, 19235))),
          ),
          all(0x8000),
        ),
        i32.const(16),
      )
    const sixteen = i8x16.narrowUnsigned(i16x8.narrow(four(0), four(1)), i16x8.narrow(four(2), four(3)))
    return [count(from, 16 * channels, end, v128.store(to, sixteen), next(to, 16))]
  })

/**
 * Adds up red, green and blue of each column over the rows that start from `from` to `until`, at most 128, and adds that `weight` times to the column's
 * number from `sums` to `end`. What is wholly transparent counts as white.
 */
const columns = (channels: Channels): Kernel =>
  kernel(
    `columns${channels}`,
    { from: 'i32', until: 'i32', stride: 'i32', weight: 'i32', sums: 'i32', end: 'i32' },
    { row: 'i32', pixels: 'v128', both: 'v128', weights: 'v128' },
    ({ from, until, stride, weight, sums, end, row, pixels, both, weights }) => {
      const seen = channels === 3 ? pixels : v128.or(pixels, i32x4.belowUnsigned(pixels, all(0x01000000)))
      return [
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
            set(both, i16x8.add(both, i16x8.addPairsOfBytes(spread(seen, channels, [0, 1, 2, NONE])))),
            [i32.below(tee(row, i32.add(row, stride)), until), 0x0d, 0, 0x0b],
          ],
          v128.store(sums, i32x4.add(v128.load(sums), i32x4.multiply(i32x4.addPairsUnsigned(both), weights))),
          next(from, 4 * channels),
          next(until, 4 * channels),
        ),
      ]
    },
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

const forEach = (channels: Channels): Kernel[] => [luma(channels), lumaFours(channels), grey(channels), columns(channels)]
export const scanKernels = (): Kernel[] => [...forEach(3), ...forEach(4), shrinkFours(), across()]
