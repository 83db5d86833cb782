import { numbers } from '../report.ts'
import {
  biquad,
  clip,
  compress,
  echo,
  gain,
  mix,
  overMicrophone,
  resample,
  type Samples,
  steep,
  stretch,
  transpose,
  whiteNoise,
} from './audioSignal.ts'

/** What someone may do to a recording. */
export interface AudioAttack {
  name: string
  /** Seconds of the recording that are taken; 30 where nothing is said. */
  seconds?: number
  /** Encoder, and bits a second. */
  codec?: { name: 'libmp3lame' | 'libopus'; bitRate: number }
  apply?: (samples: Samples, context: AttackContext) => Samples
}

export interface AttackContext {
  /** Samples a second. */
  rate: number
  /** Of the attack and the track. */
  seed: number
  /** People talking. */
  speech: Samples
}

const noise =
  (decibels: number): NonNullable<AudioAttack['apply']> =>
  (samples, { seed }) =>
    mix(samples, whiteNoise(samples.length, numbers(seed)), decibels)

const signed = (value: number): string => (value > 0 ? `+${value}` : `−${-value}`)
const both = (...values: number[]): number[] => values.flatMap((value) => [value, -value])

export const AUDIO_ATTACKS: readonly AudioAttack[] = [
  ...[128, 64, 32].map((kbit) => ({ name: `MP3 ${kbit} kbit/s`, codec: { name: 'libmp3lame' as const, bitRate: kbit * 1000 } })),
  { name: 'Opus 16 kbit/s', codec: { name: 'libopus', bitRate: 16_000 } },
  { name: 'telephone band', apply: (samples, { rate }) => steep(steep(samples, 'highpass', 300, rate), 'lowpass', 3400, rate) },
  { name: 'low-pass 1.5 kHz', apply: (samples, { rate }) => steep(samples, 'lowpass', 1500, rate) },
  {
    name: 'bass up, treble down 12 dB',
    apply: (samples, { rate }) => biquad(biquad(samples, 'lowshelf', 300, rate, 12), 'highshelf', 2500, rate, -12),
  },
  {
    name: 'bass down, treble up 12 dB',
    apply: (samples, { rate }) => biquad(biquad(samples, 'lowshelf', 300, rate, -12), 'highshelf', 2500, rate, 12),
  },
  { name: 'compressor 6:1', apply: (samples, { rate }) => compress(samples, rate) },
  { name: 'echo', apply: (samples, { rate }) => echo(samples, rate) },
  { name: 'volume −20 dB', apply: (samples) => gain(samples, 0.1) },
  { name: 'clipping', apply: (samples) => clip(samples, 12) },
  ...[20, 10, 5, 0].map((decibels) => ({ name: `noise ${decibels} dB below`, apply: noise(decibels) })),
  { name: 'speech over, as loud', apply: (samples, { speech }) => mix(samples, speech, 0) },
  ...both(0.25, 0.5, 1, 2, 4).map((semitones) => ({
    name: `pitch ${signed(semitones)} st`,
    apply: (samples: Samples, { rate }: AttackContext) => transpose(samples, semitones, rate),
  })),
  ...both(1, 2, 5, 10, 20).map((percent) => ({
    name: `tempo ${signed(percent)} %`,
    apply: (samples: Samples, { rate }: AttackContext) => stretch(samples, 1 + percent / 100, rate),
  })),
  ...both(1, 2, 5).map((percent) => ({
    name: `speed ${signed(percent)} %`,
    apply: (samples: Samples) => resample(samples, 1 + percent / 100),
  })),
  {
    name: 'pitch +1 st, tempo +5 %, noise 10 dB',
    apply: (samples, context) => noise(10)(stretch(transpose(samples, 1, context.rate), 1.05, context.rate), context),
  },
  ...[10, 5, 3].map((seconds) => ({ name: `excerpt of ${seconds} s`, seconds })),
  { name: 'excerpt of 5 s, noise 10 dB', seconds: 5, apply: noise(10) },
  { name: 'over a microphone in a room', apply: (samples, { rate, seed }) => overMicrophone(samples, rate, numbers(seed)) },
]
