import { type Fit, fitKeypoints } from '../image/keypoints/fit.ts'
import { SAMPLE_FPS } from './decode.ts'
import type { Keyframes } from './featureText.ts'
import { countAlike, indexPoints, type PointIndex } from './pointIndex.ts'

/** Two key frames that show the same. Places are samples. */
export interface KeyframePair {
  a: number
  b: number
  fit: Fit
}

/** Key frames of two films that show the same, in the same order and at one speed. */
export interface KeyframeAlignment {
  /** In the order of `a`. */
  pairs: KeyframePair[]
  /** Samples of `b` for one of `a`, and the sample of `b` where `a` begins. */
  speed: number
  offset: number
  /** Sum of the scores of the fits, each up to {@link MOST_OF_A_FIT}. A film put small into another may share one key frame, so one sure fit is enough. */
  score: number
}

/** Look-alike keypoints from which two key frames are fitted, */
const FEWEST_ALIKE = 6
/** and how many pairs are: the likeliest, and few for each key frame so that others have their turn. */
const MOST_FITS = 32
const FITS_A_FRAME = 3
/** If so many do not fit, none will. */
const FIRST_FITS = 20
/** Fits of a lower score show nothing. */
const LEAST_FIT = 4
/**
 * A caption or the logo of a station lies over many films: a fit counts when places are the same in so many parts of the shared area, or as so large
 * a share of all its places.
 */
const LEAST_CELLS = 0.4
const LEAST_POINTS = 0.08
const MOST_OF_A_FIT = 15
/** Samples by which key frames of one line may miss it: each film chooses its own, and a frame may stay for seconds. */
const SLACK = 1.2 * SAMPLE_FPS
/** Most key frames of a film that are asked for. */
const MOST_ASKED = 400
const SPEEDS = [1, 0.8, 1.25, 0.9, 1.11, 0.75, 1.33]

const indices = new WeakMap<Keyframes, PointIndex>()

function indexOf(keyframes: Keyframes): PointIndex {
  const known = indices.get(keyframes)
  if (known !== undefined) return known
  const made = indexPoints(keyframes)
  indices.set(keyframes, made)
  return made
}

/** Finds key frames of one film in the other, cropped, framed, turned by any angle or tilted. The surest line first. */
export function alignKeyframes(a: Keyframes, b: Keyframes, least: number, most = 12): KeyframeAlignment[] {
  let pairs = fittedPairs(a, b)
  const found: KeyframeAlignment[] = []
  while (found.length < most && pairs.length > 0) {
    const best = bestLine(pairs)
    if (best.score < least && found.length > 0) break
    found.push(best)
    if (best.score < least) break
    const [from, to] = [best.pairs[0]!.a, best.pairs.at(-1)!.a]
    pairs = pairs.filter((pair) => pair.a < from || pair.a > to)
  }
  return found
}

interface Likely {
  i: number
  j: number
  mirrored: boolean
  /** Keypoints that look alike. */
  alike: number
}

function fittedPairs(a: Keyframes, b: Keyframes): KeyframePair[] {
  const index = indexOf(b)
  const every = Math.max(1, Math.ceil(a.frames.length / MOST_ASKED))
  const likely: Likely[] = []
  for (let i = 0; i < a.frames.length; i += every) {
    const found: Likely[] = []
    for (const mirrored of [false, true]) {
      const counts = new Uint16Array(b.frames.length)
      countAlike(a.frames[i]!.keypoints.descriptors, mirrored, index, counts)
      for (const [j, alike] of counts.entries()) if (alike >= FEWEST_ALIKE) found.push({ i, j, mirrored, alike })
    }
    likely.push(...found.sort(byAlike).slice(0, FITS_A_FRAME))
  }
  const pairs: KeyframePair[] = []
  for (const [tried, { i, j, mirrored }] of likely.sort(byAlike).slice(0, MOST_FITS).entries()) {
    // Of strangers some keypoints look alike, too: where the likeliest pairs do not fit the others will not.
    if (tried === FIRST_FITS && pairs.length === 0) break
    const [one, two] = [a.frames[i]!, b.frames[j]!]
    const fit = fitKeypoints(
      { width: a.width, height: a.height, keypoints: one.keypoints },
      { width: b.width, height: b.height, keypoints: two.keypoints },
      [[mirrored, false]],
    )
    if (fit !== undefined && fit.score >= LEAST_FIT && (fit.coverage.cells >= LEAST_CELLS || fit.coverage.points >= LEAST_POINTS))
      pairs.push({ a: one.sample, b: two.sample, fit })
  }
  return pairs
}

function byAlike(one: Likely, two: Likely): number {
  return two.alike - one.alike || one.i - two.i || one.j - two.j
}

function bestLine(pairs: readonly KeyframePair[]): KeyframeAlignment {
  let best: KeyframeAlignment | undefined
  let sharpest = 0
  for (const speed of SPEEDS) {
    for (const through of pairs) {
      const offset = through.b - through.a * speed
      const near = pairs.filter((pair) => Math.abs(pair.b - pair.a * speed - offset) <= SLACK)
      const chosen = distinct(near)
      const score = chosen.reduce((sum, { fit }) => sum + Math.min(fit.score, MOST_OF_A_FIT), 0)
      // Where a background stays, all lines are as sure; the one whose fits are the best is where what moves agrees too.
      const sharp = score + chosen.reduce((sum, { fit }) => sum + fit.score, 0) / 1000
      if (best === undefined || sharp > sharpest) {
        best = { pairs: chosen, speed, offset, score }
        sharpest = sharp
      }
    }
  }
  return best!
}

/** Each key frame of either film once, the surest pairs first. */
function distinct(pairs: readonly KeyframePair[]): KeyframePair[] {
  const kept: KeyframePair[] = []
  for (const pair of [...pairs].sort((one, two) => two.fit.score - one.fit.score)) {
    if (!kept.some(({ a, b }) => a === pair.a || b === pair.b)) kept.push(pair)
  }
  return kept.sort((one, two) => one.a - two.a)
}
