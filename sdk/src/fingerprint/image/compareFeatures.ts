import { type Fit, fitKeypoints } from './keypoints/fit.ts'
import { nearest } from './keypoints/nearest.ts'
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

/** Bits by which codes differ that have nothing to do with each other. */
const CHANCE = 128

/**
 * Compares codes: every turn of each whole picture with every view of the other. Distances of 100 and more, which is where strangers lie, are
 * not told apart and given as 128, and so are those of plain views.
 */
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
  const best: Nearest = { distance: CHANCE, inverted: false, turn: 0, view: 0 }
  if (whole!.quality <= PLAIN) return best
  const shown: number[] = []
  for (let view = 0; view < views.length; view++) if (views[view]!.quality > PLAIN) shown.push(view)
  const turned = new Int32Array(turns.length * 16)
  for (let turn = 0; turn < turns.length; turn++) writeWords(turns[turn]!, turned, turn * 8)
  // The complement of a turn's code is that of its negative.
  const half = turns.length * 8
  for (let word = 0; word < half; word++) turned[half + word] = ~turned[word]!
  const codes = new Int32Array(shown.length * 8)
  for (let view = 0; view < shown.length; view++) writeWords(views[shown[view]!]!.code, codes, view * 8)
  const { index, distance } = nearest(turned, codes)
  for (let code = 0; code < index.length; code++) {
    if (index[code]! < 0 || distance[code]! >= best.distance) continue
    best.distance = distance[code]!
    best.inverted = code >= turns.length
    best.turn = code % turns.length
    best.view = shown[index[code]!]!
  }
  return best
}

/** Writes a code of 32 bytes as eight words. */
function writeWords(code: Uint8Array, words: Int32Array, from: number): void {
  for (let word = 0, byte = 0; word < 8; word++, byte += 4) {
    words[from + word] = code[byte]! | (code[byte + 1]! << 8) | (code[byte + 2]! << 16) | (code[byte + 3]! << 24)
  }
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
