import { type Peaks, PITCH_STEPS } from './peaks.ts'

// Pairs of peaks, each known by the pitch of its first, the interval to its second and the time between them (the idea of A. Wang, “An
// industrial-strength audio search algorithm”, 2003): few enough to keep of ten thousand recordings, and many enough that five seconds beside noise have
// dozens. Triplets, which `compare` uses, hold at other pitches and tempos too, but they are forty times as many and say less each.

/** Landmarks of a recording: where each is, in steps of `PEAK_STEP` seconds, and which. */
export interface Landmarks {
  /** Below 2³². */
  keys: number[]
  /** Steps of the first peak. */
  times: number[]
}

/** Steps in time between the two peaks of a pair. */
const TIME_FROM = 3
const TIME_TO = 62
/** Largest interval: an octave. */
const REACH = 12 * PITCH_STEPS
/** Steps of pitch and of time that are not told apart. */
const PITCH_GRAIN = 5
const TIME_GRAIN = 2
const INTERVALS = Math.ceil((2 * REACH) / PITCH_GRAIN) + 2
const TIMES = Math.ceil(TIME_TO / TIME_GRAIN) + 2
/** Peaks after the first of a pair among which its second is looked for; real recordings have some forty within the time. */
const MOST_SECONDS = 256
/** Of every eight keys one is used, the same ones in every recording. */
const LEFT_OUT = 7

/** The landmarks that an index keeps. */
export function landmarksOf({ times, pitches }: Peaks): Landmarks {
  const found: Landmarks = { keys: [], times: [] }
  forEachPair(times, pitches, (time, pitch, interval, span) => {
    const key = keyOf(Math.round(pitch / PITCH_GRAIN), Math.round((interval + REACH) / PITCH_GRAIN), Math.round(span / TIME_GRAIN))
    if (!isUsed(key)) return
    found.keys.push(key)
    found.times.push(time)
  })
  return found
}

/**
 * The landmarks to ask an index for, about `most`: of a long recording those of every n-th peak. A measured pitch, interval or time may fall to either
 * side of the border between two keys, so both are asked for.
 */
export function askedLandmarks(peaks: Peaks, most: number): Landmarks {
  const found = askedOf(peaks, 1)
  return found.keys.length <= most ? found : askedOf(peaks, Math.ceil(found.keys.length / most))
}

function askedOf({ times, pitches }: Peaks, every: number): Landmarks {
  const found: Landmarks = { keys: [], times: [] }
  forEachPair(
    times,
    pitches,
    (time, pitch, interval, span) => {
      const [pitch0, interval0, span0] = [
        Math.floor(pitch / PITCH_GRAIN),
        Math.floor((interval + REACH) / PITCH_GRAIN),
        Math.floor(span / TIME_GRAIN),
      ]
      for (let corner = 0; corner < 8; corner++) {
        const key = keyOf(pitch0 + (corner & 1), interval0 + ((corner >> 1) & 1), span0 + (corner >> 2))
        if (!isUsed(key)) continue
        found.keys.push(key)
        found.times.push(time)
      }
    },
    every,
  )
  return found
}

function keyOf(pitch: number, interval: number, span: number): number {
  return (pitch * INTERVALS + interval) * TIMES + span
}

function isUsed(key: number): boolean {
  return ((Math.imul(key + 1, 0x9e3779b1) >>> 24) & LEFT_OUT) === 0
}

function forEachPair(
  times: readonly number[],
  pitches: readonly number[],
  take: (time: number, pitch: number, interval: number, span: number) => void,
  every: number = 1,
): void {
  for (let first = 0; first < times.length; first += every) {
    const time = times[first]!
    const pitch = pitches[first]!
    for (let second = first + 1; second < Math.min(times.length, first + MOST_SECONDS) && times[second]! - time <= TIME_TO; second++) {
      const span = times[second]! - time
      const interval = pitches[second]! - pitch
      if (span < TIME_FROM || interval > REACH || interval < -REACH) continue
      take(time, pitch, interval, span)
    }
  }
}
