import { type Code, count, f32x4, f64x2, i32, i32x4, type Local, set, tee, v128 } from '../../wasm/code.ts'
import { type Kernel, kernel } from '../../wasm/module.ts'

// Loops over planes of numbers in single precision. All work on four at a time, and may go three beyond what they are asked for.

const next = (place: Local, bytes: number): Code => set(place, i32.add(place, i32.const(bytes)))

/**
 * Moves a window down by a row: adds the row at `right` to the sums from `sums` to `end`, takes the row at `left` off them, and writes what each is of `many`
 * to `to`.
 */
const slide = (): Kernel =>
  kernel(
    'slide',
    { right: 'i32', left: 'i32', sums: 'i32', end: 'i32', to: 'i32', many: 'i32' },
    { divisor: 'v128', sum: 'v128' },
    ({ right, left, sums, end, to, many, divisor, sum }) => [
      set(divisor, f32x4.fromI32(i32x4.splat(many))),
      count(
        sums,
        16,
        end,
        set(sum, f32x4.subtract(f32x4.add(v128.load(sums), v128.load(right)), v128.load(left))),
        v128.store(sums, sum),
        v128.store(to, f32x4.divide(sum, divisor)),
        next(right, 16),
        next(left, 16),
        next(to, 16),
      ),
    ],
  )

/** Writes four rows, `stride` bytes apart and from `from` to `end`, as columns: the first sample of each at `to`, the second `toStride` bytes further. */
const turnFour = (): Kernel =>
  kernel(
    'turnFour',
    { from: 'i32', end: 'i32', stride: 'i32', to: 'i32', toStride: 'i32' },
    { at: 'i32', a: 'v128', b: 'v128', c: 'v128', d: 'v128', low: 'v128', high: 'v128' },
    ({ from, end, stride, to, toStride, at, a, b, c, d, low, high }) => {
      const lower = [0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23]
      const upper = lower.map((byte) => byte + 8)
      const firstHalves = [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23]
      const secondHalves = firstHalves.map((byte) => byte + 8)
      const put = (value: Code): Code => [v128.store(to, value), set(to, i32.add(to, toStride))]
      return [
        count(
          from,
          16,
          end,
          set(a, v128.load(from)),
          set(b, v128.load(stepTo(at, from, stride))),
          set(c, v128.load(stepTo(at, at, stride))),
          set(d, v128.load(stepTo(at, at, stride))),
          set(low, v128.shuffle(a, b, lower)),
          set(high, v128.shuffle(c, d, lower)),
          put(v128.shuffle(low, high, firstHalves)),
          put(v128.shuffle(low, high, secondHalves)),
          set(low, v128.shuffle(a, b, upper)),
          set(high, v128.shuffle(c, d, upper)),
          put(v128.shuffle(low, high, firstHalves)),
          put(v128.shuffle(low, high, secondHalves)),
        ),
      ]
    },
  )

const stepTo = (at: Local, place: Code, stride: Code): Code => tee(at, i32.add(place, stride))

/** Adds `weight` times the row at `from` to the sums in double precision from `sums` to `end`. */
const addRow = (): Kernel =>
  kernel('addRow', { from: 'i32', sums: 'i32', end: 'i32', weight: 'f64' }, { weights: 'v128' }, ({ from, sums, end, weight, weights }) => {
    const two = (offset: number): Code =>
      v128.store(
        sums,
        f64x2.add(v128.load(sums, offset * 2), f64x2.multiply(f64x2.fromLowF32(v128.load64Zero(from, offset)), weights)),
        offset * 2,
      )
    return [set(weights, f64x2.splat(weight)), count(sums, 32, end, two(0), two(8), next(from, 16))]
  })

/** Writes the sums from `sums` to `end`, divided by `length`, to `to`, and sets them to zero. */
const takeMeans = (): Kernel =>
  kernel('takeMeans', { sums: 'i32', end: 'i32', to: 'i32', length: 'f64' }, { lengths: 'v128' }, ({ sums, end, to, length, lengths }) => {
    const two = (offset: number): Code => [
      v128.store64Lane(to, f32x4.fromF64(f64x2.divide(v128.load(sums, offset * 2), lengths)), 0, offset),
      v128.store(sums, v128.const32(0, 0, 0, 0), offset * 2),
    ]
    return [set(lengths, f64x2.splat(length)), count(sums, 32, end, two(0), two(8), next(to, 16))]
  })

export const planeKernels = (): Kernel[] => [slide(), turnFour(), addRow(), takeMeans()]
