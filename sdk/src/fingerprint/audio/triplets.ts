import { type Peaks, PITCH_STEPS } from './peaks.ts'

// Three peaks that follow one another are known by the two intervals between their pitches and by where in time the middle one stands: neither
// changes when a recording is played higher, lower, faster or slower (the idea of J. Six and M. Leman, “Panako”, 2014).

/** Steps in time between the first and the middle, and the first and the last peak of a triplet. */
const MIDDLE_FROM = 6
const MIDDLE_TO = 44
const LAST_FROM = 24
const LAST_TO = 96
/** Largest interval within a triplet: ten semitones. */
const REACH = 10 * PITCH_STEPS
/** Intervals are told apart by thirds of a semitone. */
const INTERVAL = PITCH_STEPS / 3
const INTERVALS = 2 * Math.ceil(REACH / INTERVAL) + 3
/** Places of the middle peak that are told apart. */
const PLACES = 14
const KEYS = INTERVALS * INTERVALS * PLACES
/** Of every sixteen keys so many are kept in an index, the same ones in every work; who asks for much needs fewer of them. */
const KEPT = 4

/** The triplets of a work, found by key. */
export interface TripletIndex {
  /** For each key, where its triplets start; one longer than there are keys. */
  starts: Int32Array
  /** Time of the first peak of each triplet. */
  times: Int32Array
  /** Time from its first to its last. */
  spans: Int16Array
  /** Pitch of its first. */
  pitches: Int16Array
}

/** A triplet that two works have in common, up to pitch and speed. */
export interface Hit {
  a: number
  b: number
  /** Steps of `b` for one of `a`. */
  stretch: number
  /** Pitch of `b` above `a`. */
  shift: number
}

/** Works are recognised when sped up or slowed down by up to a third, */
export const MOST_STRETCH = 1.36
/** and shifted by up to six semitones. */
export const MOST_SHIFT: number = 6 * PITCH_STEPS

function forEachTriplet({ times, pitches }: Peaks, from: number, to: number, take: (i: number, j: number, k: number) => void): void {
  const count = times.length
  for (let i = from; i < to; i++) {
    const time = times[i]!
    const pitch = pitches[i]!
    for (let j = i + 1; j < count && times[j]! - time <= MIDDLE_TO; j++) {
      if (times[j]! - time < MIDDLE_FROM) continue
      const first = pitches[j]! - pitch
      if (first > REACH || first < -REACH) continue
      const middle = pitches[j]!
      const earliest = Math.max(time + LAST_FROM, times[j]! + MIDDLE_FROM)
      for (let k = j + 1; k < count && times[k]! - time <= LAST_TO; k++) {
        const second = pitches[k]! - middle
        if (times[k]! < earliest || second > REACH || second < -REACH) continue
        take(i, j, k)
      }
    }
  }
}

function used(key: number, level: number): boolean {
  return Math.imul(key, 0x9e3779b1) >>> 28 < level
}

export function indexTriplets(peaks: Peaks): TripletIndex {
  const { times, pitches } = peaks
  const starts = new Int32Array(KEYS + 1)
  const each = (take: (key: number, i: number, k: number) => void): void =>
    forEachTriplet(peaks, 0, times.length, (i, j, k) => {
      const x = Math.round((pitches[j]! - pitches[i]! + REACH) / INTERVAL) + 1
      const y = Math.round((pitches[k]! - pitches[j]! + REACH) / INTERVAL) + 1
      const place = Math.floor(((times[j]! - times[i]!) / (times[k]! - times[i]!)) * PLACES)
      const key = (x * INTERVALS + y) * PLACES + place
      if (used(key, KEPT)) take(key, i, k)
    })
  each((key) => {
    starts[key + 1]!++
  })
  for (let key = 0; key < KEYS; key++) starts[key + 1]! += starts[key]!
  const count = starts[KEYS]!
  const index: TripletIndex = { starts, times: new Int32Array(count), spans: new Int16Array(count), pitches: new Int16Array(count) }
  const next = starts.slice()
  each((key, i, k) => {
    const at = next[key]!++
    index.times[at] = times[i]!
    index.spans[at] = times[k]! - times[i]!
    index.pitches[at] = pitches[i]!
  })
  return index
}

/** Peaks that are found again by a sixteenth of their keys; fewer need more. */
const ENOUGH_PEAKS = 450
const LOG_STRETCH = Math.log(MOST_STRETCH)

/**
 * Finds the triplets of the peaks `from` to `to` (exclusive) of `a` in the index of `b`. A measured interval or place may fall to either side of
 * the border between two keys, so both are asked for.
 */
export function findHits(a: Peaks, from: number, to: number, b: TripletIndex, take: (hit: Hit) => void): void {
  const { times, pitches } = a
  const level = Math.min(KEPT, Math.max(1, Math.floor(ENOUGH_PEAKS / (to - from))))
  const hit: Hit = { a: 0, b: 0, stretch: 1, shift: 0 }
  forEachTriplet(a, from, to, (i, j, k) => {
    const span = times[k]! - times[i]!
    const exactX = (pitches[j]! - pitches[i]! + REACH) / INTERVAL + 1
    const exactY = (pitches[k]! - pitches[j]! + REACH) / INTERVAL + 1
    const exactPlace = ((times[j]! - times[i]!) / span) * PLACES - 0.5
    const x0 = Math.floor(exactX)
    const y0 = Math.floor(exactY)
    const p0 = Math.floor(exactPlace)
    for (let x = x0; x <= x0 + 1; x++) {
      for (let y = y0; y <= y0 + 1; y++) {
        for (let place = Math.max(p0, 0); place <= p0 + 1 && place < PLACES; place++) {
          const key = (x * INTERVALS + y) * PLACES + place
          if (!used(key, level)) continue
          const end = b.starts[key + 1]!
          for (let at = b.starts[key]!; at < end; at++) {
            const shift = b.pitches[at]! - pitches[i]!
            if (shift > MOST_SHIFT || shift < -MOST_SHIFT) continue
            const stretch = b.spans[at]! / span
            if (stretch > MOST_STRETCH || stretch * MOST_STRETCH < 1) continue
            hit.a = times[i]!
            hit.b = b.times[at]!
            hit.stretch = stretch
            hit.shift = shift
            take(hit)
          }
        }
      }
    }
  })
}

/** Where and how a stretch of `a` may lie in `b`. */
export interface Guess {
  /** Steps of `b` for one of `a`. */
  stretch: number
  /** Pitch of `b` above `a`. */
  shift: number
  /** Steps of `b` at step 0 of `a`. */
  offset: number
  votes: number
}

/** Two per cent a step. */
const STRETCH_STEP = 0.02
const STRETCHES = 2 * Math.ceil(LOG_STRETCH / STRETCH_STEP) + 5
const SHIFT_STEP = PITCH_STEPS / 2
const SHIFTS = (2 * MOST_SHIFT) / SHIFT_STEP + 3
const PLACE_STEP = 16

let cells = new Uint16Array(0)

/**
 * Lets the triplets of a stretch of `a` vote on how it lies in `b`, and returns the best guesses, most votes first.
 *
 * @param middle - step of `a` that the places are counted for; near the middle of the stretch errors of the tempo matter least
 */
export function guess(a: Peaks, from: number, to: number, middle: number, b: TripletIndex, stepsOfB: number, most: number): Guess[] {
  const margin = 40
  const places = Math.ceil(stepsOfB / PLACE_STEP) + 2 * margin
  const size = STRETCHES * SHIFTS * places
  if (cells.length < size) cells = new Uint16Array(size)
  else cells.fill(0, 0, size)
  findHits(a, from, to, b, ({ a: timeA, b: timeB, stretch, shift }) => {
    const shiftCell = Math.round((shift + MOST_SHIFT) / SHIFT_STEP) + 1
    const center = Math.round(LOGARITHMS[Math.round(stretch * 1000)]! / STRETCH_STEP)
    for (let step = center - 2; step <= center + 2; step++) {
      const stretchCell = step + (STRETCHES >> 1)
      if (stretchCell < 0 || stretchCell >= STRETCHES) continue
      const place = (timeB + (middle - timeA) * STRETCH_OF[stretchCell]!) / PLACE_STEP + margin
      const placeCell = Math.floor(place)
      if (placeCell < 0 || placeCell >= places - 1) continue
      const at = (shiftCell * STRETCHES + stretchCell) * places + placeCell
      cells[at]!++
      // The nearer neighbour too, so that a border between two cells costs no votes.
      if (place - placeCell > 0.5) cells[at + 1]!++
      else if (placeCell > 0) cells[at - 1]!++
    }
  })
  const guesses: Guess[] = []
  const least = leastOf(cells, size, 12 * most)
  for (let at = 0; at < size; at++) {
    const votes = cells[at]!
    if (votes < least) continue
    const placeCell = at % places
    const stretchCell = Math.floor(at / places) % STRETCHES
    const shiftCell = Math.floor(at / places / STRETCHES)
    const stretch = STRETCH_OF[stretchCell]!
    const found: Guess = {
      stretch,
      shift: (shiftCell - 1) * SHIFT_STEP - MOST_SHIFT,
      offset: (placeCell + 0.5 - margin) * PLACE_STEP - middle * stretch,
      votes,
    }
    const twin = guesses.findIndex(
      (other) =>
        Math.abs(other.shift - found.shift) <= SHIFT_STEP &&
        Math.abs(other.offset + middle * other.stretch - found.offset - middle * stretch) <= 2 * PLACE_STEP &&
        Math.abs(Math.log(other.stretch / stretch)) <= 3.5 * STRETCH_STEP,
    )
    if (twin >= 0) {
      if (guesses[twin]!.votes >= votes) continue
      guesses.splice(twin, 1)
    }
    const place = guesses.findIndex((other) => other.votes < votes)
    guesses.splice(place < 0 ? guesses.length : place, 0, found)
    if (guesses.length > most) guesses.pop()
  }
  return guesses
}

/** The number of votes that about `wanted` cells have reached, at least 3. */
function leastOf(votes: Uint16Array, size: number, wanted: number): number {
  const counts = new Int32Array(256)
  for (let at = 0; at < size; at++) {
    const here = votes[at]!
    if (here !== 0) counts[here < 255 ? here : 255]!++
  }
  let least = 255
  for (let above = counts[255]!; least > 3 && above + counts[least - 1]! <= wanted; ) above += counts[--least]!
  return least
}

const STRETCH_OF: Float64Array = /* @__PURE__ */ Float64Array.from({ length: STRETCHES }, (_, cell) =>
  Math.exp((cell - (STRETCHES >> 1)) * STRETCH_STEP),
)

/** Of thousandths: a vote needs no better. */
const LOGARITHMS: Float64Array = /* @__PURE__ */ Float64Array.from({ length: 1400 }, (_, thousandths) =>
  Math.log(Math.max(thousandths, 1) / 1000),
)
