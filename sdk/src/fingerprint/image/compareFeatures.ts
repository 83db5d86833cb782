import { type Fit, fitKeypoints } from './keypoints/fit.ts'
import type { LocalFeatures } from './localFeatures.ts'
import type { Box } from './pixels.ts'
import { TURNS, type Turn } from './turns.ts'

/** The nearest that any turn of one picture comes to any view of the other. */
export interface ViewMatch {
  /** Bits of 256, complements counted as equal: an inverted picture has the complement of the code. */
  distance: number
  inverted: boolean
  /** How a is turned to look like b. */
  turn: Turn
  /** Which picture is the cut-out; `neither` when both are shown whole. */
  part: 'a' | 'b' | 'neither'
  /** What of each picture the other shows, in pixels of its frame. */
  boxA: Box
  boxB: Box
}

/** Turn that undoes each turn: mirrored turns undo themselves. */
const UNDOES = [0, 3, 2, 1, 4, 5, 6, 7] as const

/** Codes of views with a quality of so much and less are left out (limit of the published algorithm): every clear sky looks like every other. */
const PLAIN = 49

/** Compares codes: every turn of each whole picture with every view of the other. Plain views match nothing: their distance is 128, that of chance. */
export function matchViews(a: LocalFeatures, b: LocalFeatures): ViewMatch {
  const forth = nearestView(a, b)
  const back = nearestView(b, a)
  // With equal distance the whole explains more than a part, and the first of the two ways is as good as the other.
  if (forth.distance < back.distance || (forth.distance === back.distance && forth.view <= back.view)) {
    return {
      distance: forth.distance,
      inverted: forth.inverted,
      turn: TURNS[forth.turn]!,
      part: forth.view === 0 ? 'neither' : 'a',
      boxA: a.content,
      boxB: b.views[forth.view]!.box,
    }
  }
  return {
    distance: back.distance,
    inverted: back.inverted,
    turn: TURNS[UNDOES[back.turn]!]!,
    part: back.view === 0 ? 'neither' : 'b',
    boxA: a.views[back.view]!.box,
    boxB: b.content,
  }
}

interface Nearest {
  distance: number
  inverted: boolean
  turn: number
  view: number
}

function nearestView({ turns, views: [whole] }: LocalFeatures, { views }: LocalFeatures): Nearest {
  const best: Nearest = { distance: 128, inverted: false, turn: 0, view: 0 }
  if (whole!.quality <= PLAIN) return best
  for (const [view, { code, quality }] of views.entries()) {
    if (quality <= PLAIN) continue
    for (let turn = 0; turn < turns.length; turn++) {
      const bits = apart(turns[turn]!, code)
      const distance = Math.min(bits, 256 - bits)
      if (distance < best.distance) {
        best.distance = distance
        best.inverted = bits > 128
        best.turn = turn
        best.view = view
      }
    }
  }
  return best
}

const ONES: Uint8Array = /* @__PURE__ */ (() => {
  const ones = new Uint8Array(256)
  for (let byte = 1; byte < 256; byte++) ones[byte] = ones[byte >> 1]! + (byte & 1)
  return ones
})()

function apart(a: Uint8Array, b: Uint8Array): number {
  let bits = 0
  for (let k = 0; k < 32; k++) bits += ONES[a[k]! ^ b[k]!]!
  return bits
}

/** Everything that comparing two pictures' features finds. */
export interface FeatureMatch {
  views: ViewMatch
  /** Absent when not even a handful of keypoints agree, or when only views were asked for. */
  fit?: Fit
}

/**
 * Compares features, as they are: `compare` judges what is found. Views take some ten microseconds, keypoints some milliseconds.
 *
 * @param options.viewsOnly - leaves the keypoints out
 */
export function compareFeatures(a: LocalFeatures, b: LocalFeatures, options: { viewsOnly?: boolean } = {}): FeatureMatch {
  const views = matchViews(a, b)
  const fit = options.viewsOnly === true ? undefined : fitKeypoints(a, b)
  return fit === undefined ? { views } : { views, fit }
}
