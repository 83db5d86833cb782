import { compareSounds, type SoundMatch } from '../audio/compareAudio.ts'
import { TURNS, type Turn } from '../image/turns.ts'
import { alignFrames, type FrameAlignment } from './alignFrames.ts'
import { alignKeyframes, type KeyframeAlignment } from './alignKeyframes.ts'
import { type CalibrationPoint, FRAME_CALIBRATION, KEYFRAME_CALIBRATION } from './calibration.ts'
import { SAMPLE_FPS } from './decode.ts'
import { decodeCodes } from './featureText.ts'
import { type Film, filmOf, newsOf } from './film.ts'
import type { VideoFeatures } from './fingerprintVideo.ts'

/** Score of a stretch's frames, and of its key frames, from which it is taken to be in both (docs/benchmarks.md). */
export const FRAMES_SIMILAR = 12
export const KEYFRAMES_SIMILAR = 10
/** Two films are one when the stretches they share are at least this much of each. */
const COPY_SHARE = 0.6
/** A film with less to see than so many new frames cannot be told from others. */
const PLAIN_NEWS = 3
/** Samples that a key frame stands for on either side. */
const KEYFRAME_REACH = 3
/** Frames shown of a stretch. */
const SHOWN = 4

/** A stretch that two films share. Times in seconds. */
export interface SharedStretch {
  /** What found it. */
  layer: 'frames' | 'keyframes'
  a: { from: number; to: number }
  b: { from: number; to: number }
  /** How many seconds of `b` one second of `a` takes: 0.8 when `b` is faster by a quarter. */
  tempo: number
  /** How `a` is turned to look like `b`, where whole frames were compared. */
  turn?: Turn
  /** Some moments that show the same, for people to look at. */
  moments: { a: number; b: number }[]
  score: number
}

export interface FilmComparison {
  /** Highest scores, whether or not they say anything. */
  frames: number
  keyframes: number
  /** In the order of `a`. */
  shared: SharedStretch[]
  /** Share of each film that the stretches are. */
  shareOfA: number
  shareOfB: number
  /** Whether that is most of both. */
  whole: boolean
  /** The stretch of sound in common, if both have sound. */
  sound?: SoundMatch
}

/** @throws ColophonError `FEATURES_INVALID` */
export function compareFilms(a: VideoFeatures, b: VideoFeatures): FilmComparison {
  // The shorter one asks, so that the answer is the same either way, and an excerpt is not found twice where the whole repeats itself.
  if (a.seconds > b.seconds) return exchanged(compareFilms(b, a))
  const [one, two] = [filmOf(a), filmOf(b)]
  const frames = alignFrames(one, two, FRAMES_SIMILAR)
  const keyframes =
    one.keyframes === undefined || two.keyframes === undefined ? [] : alignKeyframes(one.keyframes, two.keyframes, KEYFRAMES_SIMILAR)
  const shared = sharedOf(frames, keyframes, one, two)
  const shareOfA = covered(shared.map((stretch) => stretch.a)) / a.seconds
  const shareOfB = covered(shared.map((stretch) => stretch.b)) / b.seconds
  const sound = a.sound === undefined || b.sound === undefined ? undefined : compareSounds(a.sound, b.sound).shared
  return {
    frames: frames[0]?.score ?? 0,
    keyframes: keyframes[0]?.score ?? 0,
    shared,
    shareOfA,
    shareOfB,
    whole: shareOfA >= COPY_SHARE && shareOfB >= COPY_SHARE,
    ...(sound === undefined ? {} : { sound }),
  }
}

function exchanged(found: FilmComparison): FilmComparison {
  const { sound, shareOfA, shareOfB, shared } = found
  return {
    ...found,
    shared: shared
      .map(({ a, b, tempo, turn, moments, ...rest }) => ({
        ...rest,
        a: b,
        b: a,
        tempo: 1 / tempo,
        ...(turn === undefined ? {} : { turn: turnBack(turn) }),
        moments: moments.map((moment) => ({ a: moment.b, b: moment.a })),
      }))
      .sort((x, y) => x.a.from - y.a.from),
    shareOfA: shareOfB,
    shareOfB: shareOfA,
    ...(sound === undefined ? {} : { sound: { ...sound, a: sound.b, b: sound.a, tempo: 1 / sound.tempo, pitch: -sound.pitch } }),
  }
}

/** The turn that undoes a turn: a quarter to one side a quarter to the other; mirrored ones undo themselves. */
function turnBack(turn: Turn): Turn {
  return turn === '90' ? '270' : turn === '270' ? '90' : turn
}

function sharedOf(frames: readonly FrameAlignment[], keyframes: readonly KeyframeAlignment[], one: Film, two: Film): SharedStretch[] {
  const byFrames = frames.filter(({ score }) => score >= FRAMES_SIMILAR).map((alignment) => stretchOfFrames(alignment))
  const byKeyframes = keyframes
    .filter(({ score }) => score >= KEYFRAMES_SIMILAR)
    .map((alignment) => stretchOfKeyframes(alignment, one.codes.count, two.codes.count))
    // Frames say more exactly when; key frames fill in where they say nothing.
    .filter(({ a }) => byFrames.every((other) => overlap(a, other.a) < 0.5 * (a.to - a.from)))
  return [...byFrames, ...byKeyframes].sort((x, y) => x.a.from - y.a.from)
}

function stretchOfFrames({ a, b, speed, turn, score }: FrameAlignment): SharedStretch {
  const samples = Array.from({ length: SHOWN }, (_, index) => Math.floor(a.from + ((index + 0.5) * (a.to - a.from)) / SHOWN))
  return {
    layer: 'frames',
    a: { from: a.from / SAMPLE_FPS, to: a.to / SAMPLE_FPS },
    b: { from: b.from / SAMPLE_FPS, to: b.to / SAMPLE_FPS },
    tempo: speed,
    turn: TURNS[turn]!,
    moments: [...new Set(samples)].map((sample) => ({
      a: sample / SAMPLE_FPS,
      b: Math.round(b.from + (sample - a.from) * speed) / SAMPLE_FPS,
    })),
    score,
  }
}

function stretchOfKeyframes({ pairs, speed, offset, score }: KeyframeAlignment, samplesOfA: number, samplesOfB: number): SharedStretch {
  const around = (from: number, to: number, count: number): { from: number; to: number } => ({
    from: Math.max(from - KEYFRAME_REACH, 0) / SAMPLE_FPS,
    to: Math.min(to + KEYFRAME_REACH, count) / SAMPLE_FPS,
  })
  const [from, to] = [pairs[0]!.a, pairs.at(-1)!.a]
  return {
    layer: 'keyframes',
    a: around(from, to, samplesOfA),
    b: around(from * speed + offset, to * speed + offset, samplesOfB),
    tempo: speed,
    moments: pairs
      .filter((_, index) => index % Math.ceil(pairs.length / SHOWN) === 0)
      .map(({ a, b }) => ({ a: a / SAMPLE_FPS, b: b / SAMPLE_FPS })),
    score,
  }
}

interface Range {
  from: number
  to: number
}

function overlap(one: Range, two: Range): number {
  return Math.max(Math.min(one.to, two.to) - Math.max(one.from, two.from), 0)
}

/** Seconds in any of the ranges. */
function covered(ranges: readonly Range[]): number {
  let [sum, end] = [0, 0]
  for (const { from, to } of [...ranges].sort((one, two) => one.from - two.from)) {
    sum += Math.max(to - Math.max(from, end), 0)
    end = Math.max(end, to)
  }
  return sum
}

/** Share of pairs of unrelated films whose frames or key frames have this score or more; between the benchmark's points on a line of logarithms. */
export function falsePositiveRate(layer: 'frames' | 'keyframes', score: number): number {
  if (score <= 0) return 1
  let before: CalibrationPoint = [0, 1]
  for (const point of layer === 'frames' ? FRAME_CALIBRATION : KEYFRAME_CALIBRATION) {
    if (score < point[0]) {
      const part = (score - before[0]) / (point[0] - before[0])
      return Math.exp(Math.log(before[1]) * (1 - part) + Math.log(point[1]) * part)
    }
    before = point
  }
  return before[1]
}

/** Whether a film shows too little to be told from others: black, a single colour, a still. */
export function showsPlain(features: VideoFeatures): boolean {
  // Without its key frames, which are most of it.
  return newsOf(decodeCodes(features.codes)).reduce((sum, value) => sum + value, 0) < PLAIN_NEWS
}
