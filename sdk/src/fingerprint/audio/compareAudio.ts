import { alignChromaprint, type ChromaprintAlignment } from './alignChromaprint.ts'
import { alignPeaks, type SoundAlignment } from './alignPeaks.ts'
import { PEAK_CALIBRATION } from './calibration.ts'
import type { AudioFeatures } from './fingerprintAudio.ts'
import { PITCH_STEPS } from './peaks.ts'

/**
 * Score of the peaks from which a stretch is taken to be in both, and score for each second of the stretch. Pieces with the same beat, drums and key, as those
 * of one game's soundtrack, gather a score by and by: up to 4.6 a second were measured over 13 seconds. A copy has peaks in common all along.
 */
export const PEAKS_SIMILAR = 55
export const PEAKS_A_SECOND = 6
/** Bit error rate of chromaprints up to which recordings are taken to be one; of the benchmark’s pairs of strangers none comes below 0.24. */
export const CHROMAPRINT_SIMILAR = 0.15
/** Chromaprints that overlap by less than this many seconds prove nothing by themselves. */
const CHROMAPRINT_SECONDS = 8
/** Two recordings are one when the stretch they share is at least this much of each. */
export const COPY_SHARE = 0.6

/** Recordings with fewer peaks cannot be told apart by them, */
const PLAIN_PEAKS = 40
/** nor those whose peaks have fewer pitches, such as a single tone. */
const PLAIN_PITCHES = 5

/** A stretch that two recordings share, and how sure that is. */
export interface SoundMatch {
  /** What found it. */
  layer: 'peaks' | 'chromaprint'
  /** Where it is in each, in seconds. */
  a: { from: number; to: number }
  b: { from: number; to: number }
  /** How many seconds of `b` one second of `a` takes: 1.1 when `b` is slower by a tenth. */
  tempo: number
  /** Semitones by which `b` sounds higher than `a`. */
  pitch: number
}

export interface SoundComparison {
  peaks: SoundAlignment | undefined
  chromaprint: ChromaprintAlignment | undefined
  /** The stretch in common, if one of the two is sure of it. */
  shared: SoundMatch | undefined
  /** Whether that is most of both recordings. */
  whole: boolean
}

export function compareSounds(a: AudioFeatures, b: AudioFeatures): SoundComparison {
  const peaks = alignPeaks(a.peaks, b.peaks)
  const chromaprint = alignChromaprint(a.chromaprint, b.chromaprint)
  const shared = sharedOf(peaks, chromaprint)
  const share = (range: { from: number; to: number }, { seconds }: AudioFeatures): number => (range.to - range.from) / seconds
  const whole = shared !== undefined && share(shared.a, a) >= COPY_SHARE && share(shared.b, b) >= COPY_SHARE
  return { peaks, chromaprint, shared, whole }
}

function sharedOf(peaks: SoundAlignment | undefined, chromaprint: ChromaprintAlignment | undefined): SoundMatch | undefined {
  if (peaks !== undefined && peaks.score >= Math.max(PEAKS_SIMILAR, PEAKS_A_SECOND * (peaks.a.to - peaks.a.from))) {
    const { a, b, tempo, pitch } = peaks
    return { layer: 'peaks', a, b, tempo, pitch }
  }
  if (chromaprint === undefined || chromaprint.bitErrorRate > CHROMAPRINT_SIMILAR) return undefined
  const { a, b } = chromaprint
  return a.to - a.from < CHROMAPRINT_SECONDS ? undefined : { layer: 'chromaprint', a, b, tempo: 1, pitch: 0 }
}

/** Share of pairs of unrelated recordings whose peaks have this score or more, after the benchmark; between its points on a line of logarithms. */
export function falsePositiveRate(score: number): number {
  if (score <= 0) return 1
  let before: readonly [number, number] = [0, 1]
  for (const point of PEAK_CALIBRATION) {
    if (score < point[0]) {
      const part = (score - before[0]) / (point[0] - before[0])
      return Math.exp(Math.log(before[1]) * (1 - part) + Math.log(point[1]) * part)
    }
    before = point
  }
  return before[1]
}

/** Whether a recording is silent, too short or too uniform to be told from others. */
export function soundsPlain({ peaks }: AudioFeatures): boolean {
  const pitches = new Set(peaks.pitches.map((pitch) => Math.round(pitch / PITCH_STEPS)))
  return peaks.times.length < PLAIN_PEAKS || pitches.size < PLAIN_PITCHES
}
