import { type Code, count, f64x2, i32, type Local, set, v128 } from '../../wasm/code.ts'
import { type Kernel, kernel } from '../../wasm/module.ts'

// A Stockham transform, radix 4, of complex numbers in double precision, each a vector: its real part in the lower lane. Products and sums are those of the plain code, in its
// order, so that every bit is the same.

/** Bytes of a complex number, and of a factor: its real part, then its imaginary one with the sign changed, and as it is. */
export const COMPLEX = 16
export const FACTOR = 24

const next = (place: Local, by: number): Code => set(place, i32.add(place, i32.const(by)))
const swapped = (value: Code): Code => v128.shuffle(value, value, [8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7])
const SIGN = 0x80000000
const times = (value: Local, real: Code, imaginary: Code): Code =>
  f64x2.add(f64x2.multiply(value, real), f64x2.multiply(swapped(value), imaginary))

const FOUR = { a: 'v128', b: 'v128', c: 'v128', d: 'v128', sum: 'v128', turned: 'v128' } as const
const FACTORS = { r1: 'v128', i1: 'v128', r2: 'v128', i2: 'v128', r3: 'v128', i3: 'v128' } as const

const loadFactors = (local: Record<keyof typeof FACTORS, Local>, place: Code): Code =>
  ([1, 2, 3] as const).map((which) => [
    set(local[`r${which}`], v128.load64Splat(place, (which - 1) * FACTOR)),
    set(local[`i${which}`], v128.load(place, (which - 1) * FACTOR + 8)),
  ])

/** The butterfly of a, b, c and d, whose four results go to `put`. */
const butterfly = (local: Record<keyof typeof FOUR | keyof typeof FACTORS, Local>, put: (value: Code, which: number) => Code): Code => {
  const { a, b, c, d, sum, turned, r1, i1, r2, i2, r3, i3 } = local
  return [
    set(sum, f64x2.add(a, c)),
    set(a, f64x2.subtract(a, c)),
    set(c, f64x2.add(b, d)),
    // i (b − d)
    set(turned, f64x2.subtract(b, d)),
    set(turned, v128.xor(swapped(turned), v128.const32(0, SIGN, 0, 0))),
    put(f64x2.add(sum, c), 0),
    set(b, f64x2.subtract(a, turned)),
    put(times(b, r1, i1), 1),
    set(sum, f64x2.subtract(sum, c)),
    put(times(sum, r2, i2), 2),
    set(a, f64x2.add(a, turned)),
    put(times(a, r3, i3), 3),
  ]
}

/** The first pass, over `half` numbers made of samples, from `samples` to a quarter of them at `end`, and their window; results go to `to`. */
const firstPass = (half: number): Kernel =>
  kernel(
    'firstPass',
    { samples: 'i32', end: 'i32', window: 'i32', factors: 'i32', to: 'i32' },
    { ...FOUR, ...FACTORS },
    ({ samples, end, window, factors, to, ...local }) => {
      const number = (which: number): Code =>
        f64x2.multiply(f64x2.fromLowI16(v128.load32Zero(samples, which * half)), v128.load(window, which * 4 * half))
      return [
        count(
          samples,
          4,
          end,
          ([local.a, local.b, local.c, local.d] as const).map((number_, which) => set(number_, number(which))),
          loadFactors(local, factors),
          butterfly(local, (value, which) => v128.store(to, value, which * COMPLEX)),
          next(window, COMPLEX),
          next(factors, 3 * FACTOR),
          next(to, 4 * COMPLEX),
        ),
      ]
    },
  )

/** A later pass, over numbers that lie at `from` and are `stride` bytes apart, from `factors` to `end`. */
const pass = (half: number): Kernel =>
  kernel(
    'pass',
    { from: 'i32', stride: 'i32', factors: 'i32', end: 'i32', to: 'i32' },
    { ...FOUR, ...FACTORS, last: 'i32', to1: 'i32', to2: 'i32', to3: 'i32' },
    ({ from, stride, factors, end, to, last, to1, to2, to3, ...local }) => {
      const quarter = (half / 4) * COMPLEX
      const places = [to, to1, to2, to3] as const
      return [
        count(
          factors,
          3 * FACTOR,
          end,
          loadFactors(local, factors),
          set(last, i32.add(from, stride)),
          set(to1, i32.add(to, stride)),
          set(to2, i32.add(to1, stride)),
          set(to3, i32.add(to2, stride)),
          count(
            from,
            COMPLEX,
            last,
            ([local.a, local.b, local.c, local.d] as const).map((number, which) => set(number, v128.load(from, which * quarter))),
            butterfly(local, (value, which) => v128.store(places[which]!, value)),
            places.map((place) => next(place, COMPLEX)),
          ),
          set(to, to3),
        ),
      ]
    },
  )

/** The pass that is left where the number of numbers is no power of four: from `from` to its half at `end`. */
const lastPass = (half: number): Kernel =>
  kernel('lastPass', { from: 'i32', end: 'i32', to: 'i32' }, { a: 'v128', b: 'v128' }, ({ from, end, to, a, b }) => {
    const middle = (half / 2) * COMPLEX
    return [
      count(
        from,
        COMPLEX,
        end,
        set(a, v128.load(from)),
        set(b, v128.load(from, middle)),
        v128.store(to, f64x2.add(a, b)),
        v128.store(to, f64x2.subtract(a, b), middle),
        next(to, COMPLEX),
      ),
    ]
  })

/**
 * Squared magnitudes of the real signal's bins, two at a time: from the numbers at `here` and those at `there`, which is as far from the end as the other is from the start, and
 * the factors from `factors` to `end`, to `to`.
 */
const power = (): Kernel =>
  kernel(
    'power',
    { here: 'i32', there: 'i32', factors: 'i32', end: 'i32', to: 'i32' },
    { h: 'v128', t: 'v128', even: 'v128', odd: 'v128', first: 'v128', second: 'v128' },
    ({ here, there, factors, end, to, h, t, even, odd, first, second }) => {
      const halved = (value: Code): Code => f64x2.multiply(value, v128.const32(0, 0x3fe00000, 0, 0x3fe00000))
      const squares = (into: Local, which: 0 | 1): Code => [
        set(h, v128.load(here, which * COMPLEX)),
        // Backwards, and conjugate.
        set(t, v128.xor(v128.load(which === 0 ? there : i32.subtract(there, i32.const(COMPLEX))), v128.const32(0, 0, 0, SIGN))),
        set(even, halved(f64x2.add(h, t))),
        set(odd, halved(v128.xor(swapped(f64x2.subtract(h, t)), v128.const32(0, 0, 0, SIGN)))),
        set(into, f64x2.add(even, f64x2.multiply(odd, v128.load64Splat(factors, which * FACTOR)))),
        set(into, f64x2.add(into, f64x2.multiply(swapped(odd), v128.load(factors, which * FACTOR + 8)))),
        set(into, f64x2.multiply(into, into)),
      ]
      return [
        count(
          factors,
          2 * FACTOR,
          end,
          squares(first, 0),
          squares(second, 1),
          v128.store(
            to,
            f64x2.add(
              v128.shuffle(first, second, [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23]),
              v128.shuffle(first, second, [8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31]),
            ),
          ),
          next(here, 2 * COMPLEX),
          next(there, -2 * COMPLEX),
          next(to, 16),
        ),
      ]
    },
  )

/** Kernels for transforms of `half` complex numbers. */
export const spectrumKernels = (half: number): Kernel[] => [firstPass(half), pass(half), lastPass(half), power()]
