import { PEAK_STEP, type Peaks, PITCH_STEPS } from './peaks.ts'
import { guess, indexTriplets, type TripletIndex } from './triplets.ts'

/** How a stretch of one recording lies in another. Times in seconds. */
export interface SoundAlignment {
  a: { from: number; to: number }
  b: { from: number; to: number }
  /** How many seconds of `b` one second of `a` takes: 1.1 when `b` is slower by a tenth. */
  tempo: number
  /** Semitones by which `b` sounds higher than `a`. */
  pitch: number
  /**
   * Natural logarithm of how much likelier the peaks in common are for a copy than by chance, less what chance finds where it may
   * choose: 8 for each time e that more than 50 peaks were looked at.
   */
  score: number
  /** Share of the peaks of the stretch that both have. */
  shared: number
}

/** Steps of one vote: about 30 seconds. */
const SEGMENT = Math.round(30 / PEAK_STEP)
/** At most so many stretches of a long work vote. */
const MOST_SEGMENTS = 12
/** Guesses that are tried, and those of them that are followed up. Music that repeats itself gives many. */
const GUESSES = 16
const VERIFIED = 5
/** Peaks that a guess is tried on. */
const SAMPLE = 150
/** Evidence beyond doubt: nothing better is looked for. */
const ENOUGH = 400
/** A peak is the same when it is this near in time (steps) and pitch (sixteenths of a semitone). */
const NEAR_TIME = 2
const NEAR_PITCH = 5

interface Prepared {
  /** Made when it is asked for first. */
  index(): TripletIndex
  /** For each step in time, where its peaks start; one longer than there are steps. */
  starts: Int32Array
  steps: number
}

const prepared = new WeakMap<Peaks, Prepared>()

function prepare(peaks: Peaks): Prepared {
  const known = prepared.get(peaks)
  if (known !== undefined) return known
  const steps = (peaks.times.at(-1) ?? -1) + 1
  const starts = new Int32Array(steps + 1)
  for (const time of peaks.times) starts[time + 1]!++
  for (let step = 0; step < steps; step++) starts[step + 1]! += starts[step]!
  let index: TripletIndex | undefined
  const made = { index: () => (index ??= indexTriplets(peaks)), starts, steps }
  prepared.set(peaks, made)
  return made
}

/** Finds the stretch that two recordings have most surely in common, whatever was done to pitch and tempo; undefined when no triplets agree. */
export function alignPeaks(a: Peaks, b: Peaks): SoundAlignment | undefined {
  // The shorter one asks.
  if ((a.times.at(-1) ?? 0) > (b.times.at(-1) ?? 0)) return turned(alignPeaks(b, a))
  if (a.times.length === 0 || b.times.length === 0) return undefined
  const other = prepare(b)
  const { steps } = prepare(a)
  const segments = Math.max(1, Math.round(steps / SEGMENT))
  const asked = Math.min(segments, MOST_SEGMENTS)
  let best: SoundAlignment | undefined
  for (let n = 0; n < asked; n++) {
    const segment = Math.floor(((n + 0.5) * segments) / asked)
    const from = Math.floor((segment * steps) / segments)
    const to = Math.floor(((segment + 1) * steps) / segments)
    const [first, last] = [firstAt(a, from), firstAt(a, to)]
    if (last - first < 10) continue
    const middle = (from + to) / 2
    const sample = sampleOf(a, first, last)
    // A guess is good to a cell of the vote: try what lies within, and follow up those that have most in common.
    const climbed = guess(a, first, last, middle, other.index(), other.steps, GUESSES)
      .map((found) => climb(b, other, found, sample, middle, COARSE))
      .sort((one, two) => two.count - one.count)
      .slice(0, VERIFIED)
    for (const { line } of climbed) {
      const alignment = verify(a, b, other, climb(b, other, line, sample, middle, FINE).line, from, to)
      if (alignment !== undefined && (best === undefined || alignment.score > best.score)) best = alignment
      if (best !== undefined && best.score > ENOUGH) return best
    }
  }
  return best
}

function turned(alignment: SoundAlignment | undefined): SoundAlignment | undefined {
  if (alignment === undefined) return undefined
  return { ...alignment, a: alignment.b, b: alignment.a, tempo: 1 / alignment.tempo, pitch: -alignment.pitch }
}

function firstAt({ times }: Peaks, time: number): number {
  let low = 0
  let high = times.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (times[middle]! < time) low = middle + 1
    else high = middle
  }
  return low
}

interface Line {
  stretch: number
  offset: number
  shift: number
}

/** Pairs of peaks along a line; arrays used again and again. */
interface Pairs {
  count: number
  a: Float64Array
  b: Float64Array
  shifts: Float64Array
}

let pairs: Pairs = { count: 0, a: new Float64Array(0), b: new Float64Array(0), shifts: new Float64Array(0) }

/** Follows a line from where it was guessed along the whole of `a`, and weighs it. */
function verify(a: Peaks, b: Peaks, other: Prepared, guessed: Line, from: number, to: number): SoundAlignment | undefined {
  let line = guessed
  let [start, end] = [from, to]
  const last = a.times.at(-1)!
  for (;;) {
    for (let round = 0; round < 2; round++) {
      collect(a, b, other, line, firstAt(a, start), firstAt(a, end), NEAR_TIME + 1, NEAR_PITCH + 1)
      const fitted = fit(line)
      if (fitted === undefined) break
      line = fitted
    }
    if (start <= 0 && end > last) break
    const half = end - start
    start -= half / 2
    end += half / 2
  }
  return weigh(a, b, other, line)
}

/** What is tried around a line: so many steps to either side, so large. */
interface Climb {
  /** Relative. */
  stretchStep: number
  offsets: number
  offsetStep: number
  shiftStep: number
  /** How near in time a peak has to be. */
  near: number
}

/** All of a cell of the vote and half of its neighbours, which share its votes. */
const COARSE: Climb = { stretchStep: 0.01, offsets: 3, offsetStep: 7, shiftStep: 4, near: 4 }
const FINE: Climb = { stretchStep: 0.0033, offsets: 1, offsetStep: 3, shiftStep: 2, near: 3 }

/** At most {@link SAMPLE} peaks, evenly spread over those from `first` to `end`. */
function sampleOf({ times, pitches }: Peaks, first: number, end: number): Peaks {
  const every = Math.max(1, (end - first) / SAMPLE)
  const sample: Peaks = { times: [], pitches: [] }
  for (let at = first; at < end; at += every) {
    sample.times.push(times[Math.floor(at)]!)
    sample.pitches.push(pitches[Math.floor(at)]!)
  }
  return sample
}

/** Tries lines around a line on a sample of peaks, and returns the one with most pairs and how many they are. */
function climb(
  b: Peaks,
  other: Prepared,
  line: Line,
  sample: Peaks,
  middle: number,
  { stretchStep, offsets, offsetStep, shiftStep, near }: Climb,
): { line: Line; count: number } {
  const end = sample.times.length
  let best: Line = line
  let most = -1
  for (let s = -1; s <= 1; s++) {
    const stretch = line.stretch * (1 + s * stretchStep)
    for (let o = -offsets; o <= offsets; o++) {
      const offset = line.offset + middle * (line.stretch - stretch) + o * offsetStep
      for (let h = -1; h <= 1; h++) {
        const tried = { stretch, offset, shift: line.shift + h * shiftStep }
        const count = collect(sample, b, other, tried, 0, end, near, shiftStep + 2)
        if (count > most) {
          most = count
          best = tried
        }
      }
    }
  }
  collect(sample, b, other, best, 0, end, near, shiftStep + 2)
  return { line: fit(best) ?? best, count: most }
}

/** Collects the peaks of `a` that have a peak of `b` near where the line says, each with the nearest in time; returns how many. */
function collect(a: Peaks, b: Peaks, other: Prepared, line: Line, first: number, end: number, nearTime: number, nearPitch: number): number {
  if (pairs.a.length < end - first) {
    const size = Math.max(end - first, 4096)
    pairs = { count: 0, a: new Float64Array(size), b: new Float64Array(size), shifts: new Float64Array(size) }
  }
  let count = 0
  for (let i = first; i < end; i++) {
    const at = nearest(b, other, a.times[i]! * line.stretch + line.offset, a.pitches[i]! + line.shift, nearTime, nearPitch)
    if (at < 0) continue
    pairs.a[count] = a.times[i]!
    pairs.b[count] = b.times[at]!
    pairs.shifts[count] = b.pitches[at]! - a.pitches[i]!
    count++
  }
  pairs.count = count
  return count
}

function nearest(
  { times, pitches }: Peaks,
  { starts, steps }: Prepared,
  time: number,
  pitch: number,
  nearTime: number,
  nearPitch: number,
): number {
  const low = Math.max(Math.ceil(time - nearTime), 0)
  const high = Math.min(Math.floor(time + nearTime), steps - 1)
  if (low > high) return -1
  let best = -1
  let least = Number.POSITIVE_INFINITY
  const end = starts[high + 1]!
  for (let i = starts[low]!; i < end; i++) {
    const off = Math.abs(pitches[i]! - pitch)
    if (off > nearPitch) continue
    const distance = Math.abs(times[i]! - time) / nearTime + off / nearPitch
    if (distance < least) {
      least = distance
      best = i
    }
  }
  return best
}

/** The line through the pairs collected last, by least squares; undefined when there are too few. */
function fit(line: Line): Line | undefined {
  const { count, a, b, shifts } = pairs
  if (count < 8) return undefined
  let [meanA, meanB, shift] = [0, 0, 0]
  for (let i = 0; i < count; i++) {
    meanA += a[i]!
    meanB += b[i]!
    shift += shifts[i]!
  }
  meanA /= count
  meanB /= count
  let [squares, products] = [0, 0]
  for (let i = 0; i < count; i++) {
    squares += (a[i]! - meanA) ** 2
    products += (a[i]! - meanA) * (b[i]! - meanB)
  }
  if (squares < count * 100) return { ...line, shift: shift / count }
  const stretch = products / squares
  // A fit that runs away was made from chance pairs.
  if (Math.abs(stretch / line.stretch - 1) > 0.03) return undefined
  return { stretch, offset: meanB - stretch * meanA, shift: shift / count }
}

/** Shifts in time (steps) at which what agrees does so by chance, keys and harmonies included. */
const DECOYS = [-97, -61, -37, -23, 23, 37, 61, 97]
/** Where a copy's share of common peaks is not known yet it is taken for this much above chance. */
const FIRST_SHARE = 0.15

/** Weighs every stretch of `a` by its peaks that `b` has and has not, and returns the weightiest. */
function weigh(a: Peaks, b: Peaks, other: Prepared, line: Line): SoundAlignment | undefined {
  const count = a.times.length
  // Only what lies within b can be looked for in it.
  let first = 0
  while (first < count && a.times[first]! * line.stretch + line.offset < 0) first++
  let end = first
  while (end < count && a.times[end]! * line.stretch + line.offset < other.steps) end++
  const tested = end - first
  if (tested < 20) return undefined
  const found = new Uint8Array(tested)
  let byChance = 0
  for (let i = first; i < end; i++) {
    const time = a.times[i]! * line.stretch + line.offset
    const pitch = a.pitches[i]! + line.shift
    if (nearest(b, other, time, pitch, NEAR_TIME, NEAR_PITCH) >= 0) found[i - first] = 1
    for (const decoy of DECOYS) if (nearest(b, other, time + decoy, pitch, NEAR_TIME, NEAR_PITCH) >= 0) byChance++
  }
  const chance = Math.max(byChance / (tested * DECOYS.length), 0.02)
  let share = Math.min(chance + FIRST_SHARE, 0.95)
  let stretch = heaviest(found, share, chance)
  for (let round = 0; round < 2 && stretch.to - stretch.from >= 20; round++) {
    // A little less than what was found, so that the stretch is not ended by a weaker passage.
    share = Math.min(Math.max(stretch.found / (stretch.to - stretch.from), chance + 0.05), 0.95)
    stretch = heaviest(found, share, chance)
  }
  const length = stretch.to - stretch.from
  if (length < 10 || stretch.found / length <= chance) return undefined
  const [from, to] = [a.times[first + stretch.from]!, a.times[first + stretch.to - 1]!]
  return {
    a: { from: from * PEAK_STEP, to: to * PEAK_STEP },
    b: {
      from: Math.max(from * line.stretch + line.offset, 0) * PEAK_STEP,
      to: Math.min(to * line.stretch + line.offset, other.steps) * PEAK_STEP,
    },
    tempo: line.stretch,
    pitch: line.shift / PITCH_STEPS,
    score: stretch.evidence - 8 * Math.log(Math.max(tested, 50) / 50),
    shared: stretch.found / length,
  }
}

/** The run with the largest sum, where each peak found weighs for and each not found against. */
function heaviest(found: Uint8Array, share: number, chance: number): { from: number; to: number; found: number; evidence: number } {
  const gain = Math.log(share / chance)
  const loss = Math.log((1 - share) / (1 - chance))
  let best = { from: 0, to: 0, found: 0, evidence: 0 }
  let [sum, from, hits] = [0, 0, 0]
  for (let i = 0; i < found.length; i++) {
    if (sum <= 0) [sum, from, hits] = [0, i, 0]
    sum += found[i] === 1 ? gain : loss
    hits += found[i]!
    if (sum > best.evidence) best = { from, to: i + 1, found: hits, evidence: sum }
  }
  return best
}
