/** Brings one channel of sound to another rate, piece by piece. */
export interface Resampler {
  /** Takes samples from -1 to 1 and gives those of the new rate that they complete, in 16 bits. */
  add(samples: Float32Array): Int16Array<ArrayBuffer>
  /** What is left: the sound is taken to go on as its mirror image. */
  finish(): Int16Array<ArrayBuffer>
}

/** Samples of the lower of both rates that the filter reaches over, */
const REACH = 32
/** its edge as a share of half of the lower rate, */
const CUTOFF = 0.97
/** and its window's shape. All three are what FFmpeg's resampler has, so that Node and browsers hear the same. */
const KAISER_BETA = 9

/**
 * A resampler by windowed sinc filters, one for each place that samples of the new rate have between those of the old (rates are whole numbers of samples a second,
 * so places repeat).
 */
export function createResampler(from: number, to: number): Resampler {
  const divisor = gcd(from, to)
  const [step, phases] = [from / divisor, to / divisor]
  const factor = Math.min((to * CUTOFF) / from, 1)
  const taps = Math.max(Math.ceil(REACH / factor), 1)
  const bank = filterBank(factor, taps, phases)
  const before = (taps - 1) >> 1
  let held = new Float32Array(4 * taps)
  /** Samples in `held`, and the number of the first of them; those before the sound's first are its mirror image. */
  let [count, first] = [0, 0]
  let started = false
  /** Where the next sample of the new rate stands: after `at` samples of the old and `phase` of `phases` parts. */
  let [at, phase] = [0, 0]

  const append = (samples: Float32Array): void => {
    const needed = count + samples.length
    if (needed > held.length) {
      const wider = new Float32Array(2 * needed)
      wider.set(held.subarray(0, count))
      held = wider
    }
    held.set(samples, count)
    count += samples.length
  }
  const drain = (until: number): Int16Array<ArrayBuffer> => {
    const reach = taps - 1 - before
    const out = new Int16Array(
      Math.max(Math.ceil(((count + first) * phases) / step) + 2, 0) - Math.max(Math.floor((at * phases) / step) - 2, 0),
    )
    let made = 0
    for (; at + reach < first + count && at < until; made++) {
      const start = at - before - first
      let sum = 0
      for (let tap = 0, weight = phase * taps; tap < taps; tap++, weight++) sum += held[start + tap]! * bank[weight]!
      const value = Math.round(sum * 32_768)
      out[made] = value < -32_768 ? -32_768 : value > 32_767 ? 32_767 : value
      phase += step
      at += Math.floor(phase / phases)
      phase %= phases
    }
    const done = Math.min(Math.max(at - before - first, 0), count)
    held.copyWithin(0, done, count)
    count -= done
    first += done
    return out.slice(0, made)
  }
  const begin = (): void => {
    started = true
    const head = held.slice(0, Math.min(before, Math.max(count - 1, 0)) + 1)
    const sound = held.slice(0, count)
    count = 0
    first = -before
    append(Float32Array.from({ length: before }, (_, index) => head[Math.min(before - index, head.length - 1)] ?? 0))
    append(sound)
  }

  return {
    add(samples) {
      append(samples)
      if (!started) {
        if (count <= before) return new Int16Array(0)
        begin()
      }
      return drain(Number.POSITIVE_INFINITY)
    },
    finish() {
      if (!started) begin()
      const end = first + count
      const last = held.slice(0, count)
      append(Float32Array.from({ length: taps }, (_, index) => last[Math.max(count - 2 - index, 0)] ?? 0))
      return drain(end)
    },
  }
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b)
}

function filterBank(factor: number, taps: number, phases: number): Float64Array {
  const bank = new Float64Array(phases * taps)
  const center = (taps - 1) >> 1
  for (let phase = 0; phase < phases; phase++) {
    let norm = 0
    for (let tap = 0; tap < taps; tap++) {
      const x = Math.PI * (tap - center - phase / phases) * factor
      const w = (2 * x) / (factor * taps * Math.PI)
      const weight = (x === 0 ? 1 : Math.sin(x) / x) * bessel(KAISER_BETA * Math.sqrt(Math.max(1 - w * w, 0)))
      bank[phase * taps + tap] = weight
      norm += weight
    }
    for (let tap = 0; tap < taps; tap++) bank[phase * taps + tap]! /= norm
  }
  return bank
}

/** The modified Bessel function of the first kind and order zero, by its series. */
function bessel(x: number): number {
  let [sum, term] = [1, 1]
  for (let n = 1; term > sum * 1e-17; n++) {
    term *= (x / (2 * n)) ** 2
    sum += term
  }
  return sum
}
