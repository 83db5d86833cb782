/** One channel, −1 to 1. */
export type Samples = Float32Array<ArrayBuffer>

/** Numbers from 0 up to 1, the same for the same seed. */
export type Random = () => number

/** A normal deviate (Box and Muller). */
export function normal(next: Random): number {
  return Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())
}

export function rms(samples: Samples): number {
  let squares = 0
  for (const sample of samples) squares += sample * sample
  return Math.sqrt(squares / Math.max(samples.length, 1))
}

export function gain(samples: Samples, factor: number): Samples {
  return samples.map((sample) => sample * factor)
}

/** Adds the second to the first, `decibels` below it in mean power; the second is repeated as often as needed. */
export function mix(samples: Samples, other: Samples, decibels: number): Samples {
  const factor = (rms(samples) / Math.max(rms(other), 1e-9)) * 10 ** (-decibels / 20)
  return samples.map((sample, i) => sample + factor * other[i % other.length]!)
}

export function whiteNoise(length: number, next: Random): Samples {
  return Float32Array.from({ length }, () => normal(next))
}

/** Plays in `1 / ratio` of the time: `ratio` samples of the input for each of the output. A windowed sinc keeps aliases out. */
export function resample(samples: Samples, ratio: number): Samples {
  const cutoff = Math.min(1, 1 / ratio) * 0.95
  const half = Math.ceil(12 / cutoff)
  const phases = 128
  const taps = 2 * half
  const table = new Float32Array((phases + 1) * taps)
  for (let phase = 0; phase <= phases; phase++) {
    for (let tap = 0; tap < taps; tap++) {
      const x = tap - half + 1 - phase / phases
      const sinc = x === 0 ? 1 : Math.sin(Math.PI * x * cutoff) / (Math.PI * x * cutoff)
      const window = Math.abs(x) >= half ? 0 : 0.5 + 0.5 * Math.cos((Math.PI * x) / half)
      table[phase * taps + tap] = cutoff * sinc * window
    }
  }
  const out = new Float32Array(Math.floor(samples.length / ratio))
  for (let i = 0; i < out.length; i++) {
    const position = i * ratio
    const base = Math.floor(position)
    const row = Math.round((position - base) * phases) * taps
    const first = base - half + 1
    let sum = 0
    const from = Math.max(0, -first)
    const to = Math.min(taps, samples.length - first)
    for (let tap = from; tap < to; tap++) sum += table[row + tap]! * samples[first + tap]!
    out[i] = sum
  }
  return out
}

/** Plays `tempo` times as fast at the same pitch: overlapped windows, each put where it fits the one before best (WSOLA). */
export function stretch(samples: Samples, tempo: number, rate: number): Samples {
  const hop = Math.round(rate * 0.03)
  const search = Math.round(rate * 0.012)
  const length = Math.floor(samples.length / tempo)
  const out = new Float32Array(length + 2 * hop)
  const window = Float32Array.from({ length: 2 * hop }, (_, i) => 0.5 - 0.5 * Math.cos((Math.PI * (i + 0.5)) / hop))
  let previous = 0
  for (let at = 0; at < length; at += hop) {
    const wanted = Math.round(at * tempo)
    let start = wanted
    if (at > 0) {
      // What would have followed the window before.
      const natural = previous + hop
      let best = Number.NEGATIVE_INFINITY
      const try_ = (candidate: number): void => {
        if (candidate < 0 || candidate + hop >= samples.length || natural + hop >= samples.length) return
        let product = 0
        let power = 1e-6
        for (let i = 0; i < hop; i += 3) {
          product += samples[natural + i]! * samples[candidate + i]!
          power += samples[candidate + i]! ** 2
        }
        const likeness = product / Math.sqrt(power)
        if (likeness > best) {
          best = likeness
          start = candidate
        }
      }
      for (let off = -search; off <= search; off += 6) try_(wanted + off)
      const coarse = start
      for (let off = -5; off <= 5; off++) try_(coarse + off)
    }
    for (let i = 0; i < 2 * hop && start + i < samples.length; i++) out[at + i]! += samples[start + i]! * window[i]!
    previous = start
  }
  return out.slice(0, length)
}

/** Higher by so many semitones in the same time. */
export function transpose(samples: Samples, semitones: number, rate: number): Samples {
  const ratio = 2 ** (semitones / 12)
  return resample(stretch(samples, 1 / ratio, rate), ratio)
}

/** A second-order filter (R. Bristow-Johnson’s cookbook). */
export function biquad(
  samples: Samples,
  kind: 'lowpass' | 'highpass' | 'lowshelf' | 'highshelf',
  hertz: number,
  rate: number,
  decibels = 0,
): Samples {
  const w = (2 * Math.PI * hertz) / rate
  const cos = Math.cos(w)
  const alpha = Math.sin(w) / Math.SQRT2
  const a = 10 ** (decibels / 40)
  const root = 2 * Math.sqrt(a) * alpha
  const [b0, b1, b2, a0, a1, a2] =
    kind === 'lowpass'
      ? [(1 - cos) / 2, 1 - cos, (1 - cos) / 2, 1 + alpha, -2 * cos, 1 - alpha]
      : kind === 'highpass'
        ? [(1 + cos) / 2, -1 - cos, (1 + cos) / 2, 1 + alpha, -2 * cos, 1 - alpha]
        : kind === 'lowshelf'
          ? [
              a * (a + 1 - (a - 1) * cos + root),
              2 * a * (a - 1 - (a + 1) * cos),
              a * (a + 1 - (a - 1) * cos - root),
              a + 1 + (a - 1) * cos + root,
              -2 * (a - 1 + (a + 1) * cos),
              a + 1 + (a - 1) * cos - root,
            ]
          : [
              a * (a + 1 + (a - 1) * cos + root),
              -2 * a * (a - 1 + (a + 1) * cos),
              a * (a + 1 + (a - 1) * cos - root),
              a + 1 - (a - 1) * cos + root,
              2 * (a - 1 - (a + 1) * cos),
              a + 1 - (a - 1) * cos - root,
            ]
  const out = new Float32Array(samples.length)
  let [x1, x2, y1, y2] = [0, 0, 0, 0]
  for (let i = 0; i < samples.length; i++) {
    const x = samples[i]!
    const y = (b0! * x + b1! * x1 + b2! * x2 - a1! * y1 - a2! * y2) / a0!
    x2 = x1
    x1 = x
    y2 = y1
    y1 = y
    out[i] = y
  }
  return out
}

/** Fourth order: the filter twice. */
export function steep(samples: Samples, kind: 'lowpass' | 'highpass', hertz: number, rate: number): Samples {
  return biquad(biquad(samples, kind, hertz, rate), kind, hertz, rate)
}

/** Everything louder than the threshold comes up by a sixth only, with an attack of 5 and a release of 100 milliseconds; then as loud as before. */
export function compress(samples: Samples, rate: number): Samples {
  const threshold = rms(samples) * 0.5
  const rise = 1 - Math.exp(-1 / (0.005 * rate))
  const fall = 1 - Math.exp(-1 / (0.1 * rate))
  let level = 0
  return samples.map((sample) => {
    const loud = Math.abs(sample)
    level += (loud - level) * (loud > level ? rise : fall)
    return level <= threshold ? sample : sample * (threshold / level) ** (5 / 6)
  })
}

export function clip(samples: Samples, factor: number): Samples {
  const peak = rms(samples) * 4
  return samples.map((sample) => Math.max(-peak, Math.min(peak, sample * factor)) / Math.max(peak, 1e-9) / 2)
}

export function echo(samples: Samples, rate: number): Samples {
  const [near, far] = [Math.round(0.15 * rate), Math.round(0.33 * rate)]
  return samples.map((sample, i) => sample + 0.6 * (samples[i - near] ?? 0) + 0.4 * (samples[i - far] ?? 0))
}

/** What a microphone across a room hears: early reflections and a tail that fades by 60 dB in 0.5 seconds, 150 to 6000 Hz, noise 20 dB below. */
export function overMicrophone(samples: Samples, rate: number, next: Random): Samples {
  const out = Float32Array.from(samples)
  // Sparse reflections, denser and weaker with time, stand for the tail.
  for (let n = 0; n < 90; n++) {
    const seconds = 0.004 + 0.45 * next() ** 1.5
    const delay = Math.round(seconds * rate)
    const strength = (next() < 0.5 ? -1 : 1) * 0.35 * 10 ** (-3 * (seconds / 0.5))
    for (let i = delay; i < out.length; i++) out[i]! += strength * samples[i - delay]!
  }
  const band = biquad(biquad(out, 'highpass', 150, rate), 'lowpass', 6000, rate)
  return mix(band, whiteNoise(band.length, next), 20)
}
