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
const SPAN_FROM = 40
const SPAN_TO = 80
/** Largest interval from one peak to the next: eight semitones. */
const REACH = 8 * PITCH_STEPS
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
const TIME_GRAIN = 4
const PITCH_GRAIN = PITCH_STEPS / 2
/** The last time a figure can have: later ones, after more than three hours, have none. */
const MOST_TIME: number = 2 ** 17 - 1

/** Time and length in steps, pitch in half semitones, of a figure's place. */
export function figurePlace(place: number): { time: number; span: number; pitch: number } {
  return { time: (place >>> 14) * TIME_GRAIN, span: ((place >>> 8) & 63) + SPAN_FROM, pitch: place & 255 }
}

function placeOf(time: number, span: number, pitch: number): number {
  const high = Math.min(Math.max(Math.round(pitch / PITCH_GRAIN), 0), 255)
  return Math.round(time / TIME_GRAIN) * 2 ** 14 + ((span - SPAN_FROM) << 8) + high
}

/** The figures that an index keeps. */
export function figuresOf(peaks: Peaks): Figures {
  const found: Figures = { keys: [], places: [] }
  const stretches = stretchesOf(peaks)
  for (let stretch = 0; stretch < stretches; stretch++) add(found, firstOf(peaks, stretch, exactKey, KEPT))
  return found
}

/** The figures to ask an index for: of a long recording those of some stretches, evenly spread. What lies near a border between two keys is asked for under both. */
export function askedFigures(peaks: Peaks): Figures {
  const found: Figures = { keys: [], places: [] }
  const stretches = stretchesOf(peaks)
  const chosen = Math.min(stretches, ASKED_STRETCHES)
  for (let n = 0; n < chosen; n++)
    add(found, firstOf(peaks, Math.floor(((n + 0.5) * stretches) / chosen), likelyKeys, Math.ceil(ASKED / Math.min(chosen, 2))))
  return found
}

function stretchesOf({ times }: Peaks): number {
  return times.length === 0 ? 0 : Math.floor(Math.min(times.at(-1)!, MOST_TIME * TIME_GRAIN) / FIGURE_STRETCH) + 1
}

function add(to: Figures, { keys, places }: Figures): void {
  for (const key of keys) to.keys.push(key)
  for (const place of places) to.places.push(place)
}

type KeysOf = (peaks: Peaks, i: number, j: number, k: number, l: number, take: (key: number) => void) => void

/** Those figures of a stretch that come first. */
function firstOf(peaks: Peaks, stretch: number, keysOf: KeysOf, most: number): Figures {
  const { times, pitches } = peaks
  const from = firstAt(times, stretch * FIGURE_STRETCH)
  const to = firstAt(times, (stretch + 1) * FIGURE_STRETCH)
  const collect = (share: number): { keys: number[]; places: number[]; orders: number[] } => {
    const limit = share * 2 ** 32
    const all = { keys: [] as number[], places: [] as number[], orders: [] as number[] }
    forEachFigure(peaks, from, to, (i, j, k, l) => {
      keysOf(peaks, i, j, k, l, (key) => {
        const order = orderOf(key)
        if (order > limit) return
        // The order, and behind it which of these it is, in one number that can be sorted.
        all.orders.push(order * 2 ** 21 + all.keys.length)
        all.keys.push(key)
        all.places.push(placeOf(times[i]!, times[l]! - times[i]!, pitches[i]!))
      })
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

function firstAt(times: readonly number[], time: number): number {
  let [low, high] = [0, times.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (times[middle]! < time) low = middle + 1
    else high = middle
  }
  return low
}

const exactKey: KeysOf = ({ times, pitches }, i, j, k, l, take) => {
  const span = times[l]! - times[i]!
  take(
    keyOf(
      Math.round((pitches[j]! - pitches[i]! + REACH) / INTERVAL),
      Math.round((pitches[k]! - pitches[j]! + REACH) / INTERVAL),
      Math.round((pitches[l]! - pitches[k]! + REACH) / INTERVAL),
      Math.floor(((times[j]! - times[i]!) / span) * PLACES),
      Math.floor(((times[k]! - times[i]!) / span) * PLACES),
    ),
  )
}

const likelyKeys: KeysOf = ({ times, pitches }, i, j, k, l, take) => {
  const span = times[l]! - times[i]!
  const x = nearest((pitches[j]! - pitches[i]! + REACH) / INTERVAL)
  const y = nearest((pitches[k]! - pitches[j]! + REACH) / INTERVAL)
  const z = nearest((pitches[l]! - pitches[k]! + REACH) / INTERVAL)
  const p = within(((times[j]! - times[i]!) / span) * PLACES)
  const q = within(((times[k]! - times[i]!) / span) * PLACES)
  for (let variant = 0; variant < 32; variant++) {
    const key = either(variant, x, y, z, p, q)
    if (key !== undefined) take(key)
  }
}

/** The number that a measured one belongs to, and the neighbour's where that is in doubt. */
type Doubtful = readonly [number, number | undefined]

function nearest(exact: number): Doubtful {
  const rounded = Math.round(exact)
  const beside = exact - rounded
  return [rounded, Math.abs(beside) > INTERVAL_DOUBT ? rounded + Math.sign(beside) : undefined]
}

function within(exact: number): Doubtful {
  const floor = Math.floor(exact)
  const beside = exact - floor
  return [floor, beside < PLACE_DOUBT ? floor - 1 : beside > 1 - PLACE_DOUBT ? floor + 1 : undefined]
}

function either(variant: number, x: Doubtful, y: Doubtful, z: Doubtful, p: Doubtful, q: Doubtful): number | undefined {
  const [a, b, c, d, e] = [x[variant & 1], y[(variant >> 1) & 1], z[(variant >> 2) & 1], p[(variant >> 3) & 1], q[variant >> 4]]
  if (a === undefined || b === undefined || c === undefined || d === undefined || e === undefined) return undefined
  return keyOf(a, b, c, d, e)
}

function keyOf(x: number, y: number, z: number, p: number, q: number): number {
  return ((((x & 63) * 64 + (y & 63)) * 64 + (z & 63)) * 32 + (p & 31)) * 32 + (q & 31)
}

/** Where a key is in an order by lot: a number of 32 bits. */
function orderOf(key: number): number {
  let state = Math.imul(key ^ 0x5bd1e995, 0x85ebca6b)
  state ^= state >>> 15
  state = Math.imul(state, 0x846ca68b)
  return (state ^ (state >>> 16)) >>> 0
}

function forEachFigure(
  { times, pitches }: Peaks,
  from: number,
  to: number,
  take: (i: number, j: number, k: number, l: number) => void,
): void {
  for (let i = from; i < to && times[i]! <= MOST_TIME * TIME_GRAIN; i++) {
    const [begin, end] = [times[i]! + SPAN_FROM, times[i]! + SPAN_TO]
    const count = Math.min(times.length, i + MOST_NEXT)
    for (let j = i + 1; j < count && times[j]! <= end - 2 * GAP; j++) {
      if (times[j]! - times[i]! < GAP || Math.abs(pitches[j]! - pitches[i]!) > REACH) continue
      for (let k = j + 1; k < count && times[k]! <= end - GAP; k++) {
        if (times[k]! - times[j]! < GAP || Math.abs(pitches[k]! - pitches[j]!) > REACH) continue
        for (let l = k + 1; l < count && times[l]! <= end; l++) {
          if (times[l]! < begin || times[l]! - times[k]! < GAP || Math.abs(pitches[l]! - pitches[k]!) > REACH) continue
          take(i, j, k, l)
        }
      }
    }
  }
}
