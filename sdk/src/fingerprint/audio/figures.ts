import { type Peaks, PITCH_STEPS } from './peaks.ts'

// Figures of four peaks, known by the three intervals from one to the next and by where in time the middle two stand. Neither changes when a recording is played higher,
// lower, faster or slower (as the triplets that `compare` uses, and the quads of R. Sonnleitner and G. Widmer, 2014), and four peaks say enough to be looked up among
// thousands of recordings, where three are in all of them. Fewer survive than of the pairs, so they find what pairs cannot.

/** Figures of a recording: which, and where, how long and how high each is, in one number (see {@link figurePlace}). */
export interface Figures {
  /** Below 2³². */
  keys: number[]
  places: number[]
}

/** Steps in time from one peak to the next at least, and from the first to the last. */
const GAP = 4
export const FIGURE_SPAN = 36
const SPAN_TO = 72
/** Largest interval from one peak to the next: six semitones. */
const REACH = 6 * PITCH_STEPS
/** Intervals are told apart by thirds of a semitone, places in time by twentieths of the span. */
const INTERVAL = PITCH_STEPS / 3
const PLACES = 20
/** Figures that are kept of a stretch: those whose keys come first in an order by lot, which is the same everywhere, so that what one recording keeps another does too. */
const KEPT = 240
/** Figures that are asked for of a stretch, and of how many stretches at most. */
const ASKED = 8192
const ASKED_STRETCHES = 4
/** Share of the order that is looked at first; of music there is enough in it. */
const FIRST_SHARE = 1 / 16
/** Peaks after another that are looked at: noise has more than music, and says nothing. */
const MOST_NEXT = 96
/** Shares of an interval or place within which a measured one may belong to the neighbour. */
const INTERVAL_DOUBT = 0.3
const PLACE_DOUBT = 0.25
/** Steps of a stretch of a query that votes by itself, some ten seconds: within it, an error of the tempo hardly moves a vote. */
export const FIGURE_STRETCH = 430

/** Steps of time and of pitch that places tell apart. */
export const FIGURE_GRAIN = 4
const PITCH_GRAIN = PITCH_STEPS / 2
/** The last time a figure can have: later ones, after more than three hours, have none. */
const MOST_TIME: number = 2 ** 17 - 1

/** Time and length in steps, pitch in half semitones, of a figure's place. */
export function figurePlace(place: number): { time: number; span: number; pitch: number } {
  return { time: (place >>> 14) * FIGURE_GRAIN, span: ((place >>> 8) & 63) + FIGURE_SPAN, pitch: place & 255 }
}

function placeOf(time: number, span: number, pitch: number): number {
  const high = Math.min(Math.max(Math.round(pitch / PITCH_GRAIN), 0), 255)
  return Math.round(time / FIGURE_GRAIN) * 2 ** 14 + ((span - FIGURE_SPAN) << 8) + high
}

/** The figures that an index keeps. */
export function figuresOf(peaks: Peaks): Figures {
  const found: Figures = { keys: [], places: [] }
  const stretches = stretchesOf(peaks)
  for (let stretch = 0; stretch < stretches; stretch++) add(found, firstOf(peaks, stretch, false, KEPT))
  return found
}

/** The figures to ask an index for: of a long recording those of some stretches, evenly spread. What lies near a border between two keys is asked for under both. */
export function askedFigures(peaks: Peaks): Figures {
  const found: Figures = { keys: [], places: [] }
  const stretches = stretchesOf(peaks)
  const chosen = Math.min(stretches, ASKED_STRETCHES)
  for (let n = 0; n < chosen; n++)
    add(found, firstOf(peaks, Math.floor(((n + 0.5) * stretches) / chosen), true, Math.ceil(ASKED / Math.min(chosen, 2))))
  return found
}

function stretchesOf({ times }: Peaks): number {
  return times.length === 0 ? 0 : Math.floor(Math.min(times.at(-1)!, MOST_TIME * FIGURE_GRAIN) / FIGURE_STRETCH) + 1
}

function add(to: Figures, { keys, places }: Figures): void {
  for (const key of keys) to.keys.push(key)
  for (const place of places) to.places.push(place)
}

/** Those figures of a stretch that come first; `likely` gives each also under the keys that it may have in another recording. */
function firstOf(peaks: Peaks, stretch: number, likely: boolean, most: number): Figures {
  const collect = (share: number): Figures & { orders: number[] } => {
    const limit = share * 2 ** 32
    const all = { keys: [] as number[], places: [] as number[], orders: [] as number[] }
    forEachKey(peaks, stretch, likely, (key, first, span) => {
      const order = orderOf(key)
      if (order > limit) return
      // The order, and behind it which of these it is, in one number that can be sorted.
      all.orders.push(order * 2 ** 21 + all.keys.length)
      all.keys.push(key)
      all.places.push(placeOf(peaks.times[first]!, span, peaks.pitches[first]!))
    })
    return all
  }
  let found = collect(FIRST_SHARE)
  if (found.keys.length < most) found = collect(1)
  const first = Float64Array.from(found.orders.slice(0, 2 ** 21))
    .sort()
    .subarray(0, most)
  const chosen = Array.from(first, (order) => order % 2 ** 21)
  return { keys: chosen.map((at) => found.keys[at]!), places: chosen.map((at) => found.places[at]!) }
}

/** Peaks that may follow another in a figure: for each where its list begins, and the lists. */
interface Followers {
  starts: Int32Array
  peaks: Int32Array
}

function followersOf({ times, pitches }: Peaks, from: number, to: number): Followers {
  const starts = new Int32Array(to - from + 1)
  const peaks: number[] = []
  for (let peak = from; peak < to; peak++) {
    const end = Math.min(times.length, peak + MOST_NEXT)
    for (let next = peak + 1; next < end && times[next]! - times[peak]! <= SPAN_TO - 2 * GAP; next++) {
      if (times[next]! - times[peak]! >= GAP && Math.abs(pitches[next]! - pitches[peak]!) <= REACH) peaks.push(next)
    }
    starts[peak - from + 1] = peaks.length
  }
  return { starts, peaks: Int32Array.from(peaks) }
}

function forEachKey(peaks: Peaks, stretch: number, likely: boolean, take: (key: number, first: number, span: number) => void): void {
  const { times, pitches } = peaks
  const from = firstAt(times, stretch * FIGURE_STRETCH)
  const to = firstAt(times, (stretch + 1) * FIGURE_STRETCH)
  const { starts, peaks: next } = followersOf(peaks, from, firstAt(times, (stretch + 1) * FIGURE_STRETCH + SPAN_TO))
  const { interval, beside, place, besidePlace } = bins()
  const besides = likely ? beside : undefined
  for (let i = from; i < to; i++) {
    const begin = times[i]!
    for (let a = starts[i - from]!; a < starts[i - from + 1]!; a++) {
      const j = next[a]!
      const x = pitches[j]! - pitches[i]! + REACH
      for (let b = starts[j - from]!; b < starts[j - from + 1]!; b++) {
        const k = next[b]!
        if (times[k]! - begin > SPAN_TO - GAP) break
        const y = pitches[k]! - pitches[j]! + REACH
        const head = (interval[x]! * 64 + interval[y]!) * 64
        for (let c = starts[k - from]!; c < starts[k - from + 1]!; c++) {
          const l = next[c]!
          const span = times[l]! - begin
          if (span < FIGURE_SPAN) continue
          if (span > SPAN_TO) break
          const z = pitches[l]! - pitches[k]! + REACH
          const [p, q] = [(times[j]! - begin) * (SPAN_TO + 1) + span, (times[k]! - begin) * (SPAN_TO + 1) + span]
          take(((head + interval[z]!) * 32 + place[p]!) * 32 + place[q]!, i, span)
          if (besides === undefined) continue
          for (let variant = 1; variant < 32; variant++) {
            const [u, v, w] = [
              (variant & 1) === 0 ? interval[x]! : besides[x]!,
              (variant & 2) === 0 ? interval[y]! : besides[y]!,
              (variant & 4) === 0 ? interval[z]! : besides[z]!,
            ]
            const [s, t] = [(variant & 8) === 0 ? place[p]! : besidePlace[p]!, (variant & 16) === 0 ? place[q]! : besidePlace[q]!]
            if (u !== NONE && v !== NONE && w !== NONE && s !== NONE && t !== NONE)
              take((((u * 64 + v) * 64 + w) * 32 + s) * 32 + t, i, span)
          }
        }
      }
    }
  }
}

/** Stands for no number. */
const NONE = 255

interface Bins {
  /** For each interval, from the least, the number that it belongs to, and the neighbour's where that is in doubt. */
  interval: Uint8Array
  beside: Uint8Array
  /** The same for each time after the first peak and each span. */
  place: Uint8Array
  besidePlace: Uint8Array
}

let known: Bins | undefined

function bins(): Bins {
  if (known !== undefined) return known
  const interval = new Uint8Array(2 * REACH + 1)
  const beside = new Uint8Array(2 * REACH + 1).fill(NONE)
  for (let at = 0; at < interval.length; at++) {
    const rounded = Math.round(at / INTERVAL)
    const off = at / INTERVAL - rounded
    interval[at] = rounded
    if (Math.abs(off) > INTERVAL_DOUBT && rounded + Math.sign(off) >= 0) beside[at] = rounded + Math.sign(off)
  }
  const place = new Uint8Array((SPAN_TO + 1) ** 2)
  const besidePlace = new Uint8Array((SPAN_TO + 1) ** 2).fill(NONE)
  for (let span = FIGURE_SPAN; span <= SPAN_TO; span++) {
    for (let time = 0; time < span; time++) {
      const exact = (time / span) * PLACES
      const floor = Math.floor(exact)
      const at = time * (SPAN_TO + 1) + span
      place[at] = floor
      if (exact - floor < PLACE_DOUBT && floor > 0) besidePlace[at] = floor - 1
      if (exact - floor > 1 - PLACE_DOUBT) besidePlace[at] = floor + 1
    }
  }
  known = { interval, beside, place, besidePlace }
  return known
}

function firstAt(times: readonly number[], time: number): number {
  let [low, high] = [0, times.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (times[middle]! < time) low = middle + 1
    else high = middle
  }
  return low
}

/** Where a key is in an order by lot: a number of 32 bits. */
function orderOf(key: number): number {
  let state = Math.imul(key ^ 0x5bd1e995, 0x85ebca6b)
  state ^= state >>> 15
  state = Math.imul(state, 0x846ca68b)
  return (state ^ (state >>> 16)) >>> 0
}
