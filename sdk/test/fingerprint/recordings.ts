import { SAMPLE_RATE } from '../../src/fingerprint/audio/decode.ts'

/** Numbers from 0 up to 1, the same for the same seed. */
export function numbers(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) | 0
    const mixed = Math.imul(state ^ (state >>> 12), 0x297a2d39)
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32
  }
}

export interface Performance {
  /** Another for every seed. */
  seed: number
  /** Seconds of the piece as written. */
  seconds: number
  /** Where in the piece to begin, in seconds as written. */
  from?: number
  /** Times as slow. */
  tempo?: number
  /** Semitones higher. */
  pitch?: number
  /** Share of full scale of added noise. */
  noise?: number
}

/**
 * Plays a tune made up from the seed: notes of two voices with overtones that fade. Tempo and pitch are changed in the score, so that what is heard is
 * exactly what was asked for.
 */
export function play(
  { seed, seconds, from = 0, tempo = 1, pitch = 0, noise = 0 }: Performance,
  rate: number = SAMPLE_RATE,
): Int16Array<ArrayBuffer> {
  const next = numbers(seed)
  const out = new Float64Array(Math.round(seconds * tempo * rate))
  for (let time = 0; time < from + seconds; time += 0.09 + 0.25 * next()) {
    const note = 36 + Math.floor(next() * 36)
    const hertz = 55 * 2 ** ((note - 12 + pitch) / 12)
    const loud = 0.05 + 0.1 * next()
    const length = (0.2 + 0.6 * next()) * tempo
    const start = (time - from) * tempo
    for (let overtone = 1; overtone <= 3; overtone++) {
      if (hertz * overtone > 5000) break
      for (let i = 0; i < length * rate; i++) {
        const at = Math.round(start * rate) + i
        if (at < 0 || at >= out.length) continue
        const t = i / rate
        out[at]! += ((loud / overtone) * Math.sin(2 * Math.PI * hertz * overtone * t) * Math.min(1, t * 100)) / Math.exp((3 * t) / length)
      }
    }
  }
  const random = numbers(seed ^ 0x5555)
  return Int16Array.from(out, (value) => Math.max(-32_768, Math.min(32_767, Math.round((value + noise * (2 * random() - 1)) * 32_767))))
}

/** A WAV file: the channels' samples, interleaved. */
export function wav(samples: Int16Array, rate: number = SAMPLE_RATE, channels = 1): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(44 + samples.length * 2)
  const view = new DataView(bytes.buffer)
  const put = (at: number, text: string): void => {
    for (let i = 0; i < text.length; i++) bytes[at + i] = text.charCodeAt(i)
  }
  put(0, 'RIFF')
  view.setUint32(4, 36 + samples.length * 2, true)
  put(8, 'WAVEfmt ')
  view.setUint32(16, 16, true)
  view.setUint16(20, 1, true)
  view.setUint16(22, channels, true)
  view.setUint32(24, rate, true)
  view.setUint32(28, rate * channels * 2, true)
  view.setUint16(32, channels * 2, true)
  view.setUint16(34, 16, true)
  put(36, 'data')
  view.setUint32(40, samples.length * 2, true)
  for (let i = 0; i < samples.length; i++) view.setInt16(44 + 2 * i, samples[i]!, true)
  return bytes
}
