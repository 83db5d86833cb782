import { type Coverage, coverageOf } from './coverage.ts'
import { variant } from './describe.ts'
import { type Keypoints, SUBPIXELS } from './keypoints.ts'
import { nearest } from './nearest.ts'
import { STEP } from './pyramid.ts'
import { applied, fitAffine, fitHomography, fitSimilarity, multiplied, type Places, type Transform } from './transform.ts'

/** Keypoints of one picture that lie in another as one rigid, stretched or tilted piece. */
export interface Fit {
  /** Takes places in a's frame to places in b's. */
  transform: Transform
  kind: 'similarity' | 'affine' | 'homography'
  mirrored: boolean
  inverted: boolean
  /** Pairs of look-alike keypoints that were tried. */
  matches: number
  /** Those of them that the transform explains: indices into a's and into b's keypoints, no two at the same place. */
  inliers: [a: number, b: number][]
  /**
   * Minus the decimal logarithm of how often chance would make such a fit, if look-alikes lay anywhere independently of each other
   * (Moisan and Stival 2004). What it means in practice is calibrated.
   */
  score: number
  /** How much of the shared area is the same: little when only a caption or a logo is. */
  coverage: Coverage
}

/** A frame that keypoints lie on. */
export interface Frame {
  width: number
  height: number
  keypoints: Keypoints
}

/** Bits up to which two descriptors can be of one place. */
const MOST_BITS = 72
/** A nearest descriptor that is not mutual must be nearer than this share of the second nearest. */
const RATIO = 0.8
/** Fewer inliers than this say nothing. */
const FEWEST = 4
/** Pairs that hypotheses start from, the nearest descriptors first. */
const MOST_SEEDS = 60
/** Most pairs that are looked at. */
const MOST_MATCHES = 256
/** Directions, of 256, by which a pair may be turned otherwise than the whole. */
const TURN_SLACK = 20
/** Levels by which a pair may be scaled otherwise than the whole. */
const LEVEL_SLACK = 2.6
/** Pixels of a frame within which two keypoints are at the same place. */
const SAME_PLACE = 4
/** Sides of the smallest picture that may be found as a part, and of the most uneven stretch. */
const MOST_SCALE = 8
const MOST_STRETCH = 2.2

/** Mirrored or not, inverted or not; what is found first with confidence ends the search. */
const VARIANTS = [
  [false, false],
  [true, false],
  [false, true],
  [true, true],
] as const
/** A fit of this score needs no other variant to be tried. */
const BEYOND_DOUBT = 20

/**
 * The best fit of a's keypoints into b; undefined when not even a handful agree.
 *
 * @param variants - whether a is mirrored, whether it is inverted: what is tried, in this order; all four by default
 */
export function fitKeypoints(
  a: Frame,
  b: Frame,
  variants: readonly (readonly [mirrored: boolean, inverted: boolean])[] = VARIANTS,
): Fit | undefined {
  const wordsA = wordsOf(a.keypoints)
  const wordsB = wordsOf(b.keypoints)
  if (wordsA.length === 0 || wordsB.length === 0) return undefined
  let best: Fit | undefined
  for (const [mirrored, inverted] of variants) {
    const words = mirrored || inverted ? variant(wordsA, mirrored, inverted) : wordsA
    const pairs = pairsOf(a, b, words, wordsB, mirrored, inverted)
    const fit = fitPairs(pairs, a, b, mirrored, inverted)
    if (fit !== undefined && (best === undefined || fit.score > best.score)) best = fit
    if (best !== undefined && best.score >= BEYOND_DOUBT) break
  }
  return best
}

function wordsOf({ descriptors, count }: Keypoints): Int32Array {
  // Little-endian on every machine that matters; the count of differing bits does not depend on it anyway, quarters are whole words.
  return new Int32Array(descriptors.buffer.slice(descriptors.byteOffset, descriptors.byteOffset + count * 32))
}

/** Pairs of look-alike keypoints, nearest first. Columns; a's as they lie in the mirrored frame. */
interface Pairs extends Places {
  count: number
  a: Int32Array
  b: Int32Array
  /** How a is turned into b, 0 to 255. */
  turn: Uint8Array
  /** How many levels b is larger. */
  levels: Int8Array
  /** Pixels of b's frame within which the place in b must be hit. */
  tolerance: Float64Array
}

function pairsOf(a: Frame, b: Frame, wordsA: Int32Array, wordsB: Int32Array, mirrored: boolean, inverted: boolean): Pairs {
  const { index, distance, second, back } = nearest(wordsA, wordsB)
  const chosen: number[] = []
  for (let k = 0; k < index.length; k++) {
    if (distance[k]! > MOST_BITS) continue
    if (back[index[k]!] === k || distance[k]! < second[k]! * RATIO) chosen.push(k)
  }
  chosen.sort((p, q) => distance[p]! - distance[q]! || p - q)
  chosen.length = Math.min(chosen.length, MOST_MATCHES)
  const count = chosen.length
  const pairs: Pairs = {
    count,
    a: Int32Array.from(chosen),
    b: Int32Array.from(chosen, (k) => index[k]!),
    ax: new Float64Array(count),
    ay: new Float64Array(count),
    bx: new Float64Array(count),
    by: new Float64Array(count),
    turn: new Uint8Array(count),
    levels: new Int8Array(count),
    tolerance: new Float64Array(count),
  }
  const [from, to] = [a.keypoints, b.keypoints]
  for (const [at, k] of chosen.entries()) {
    const other = index[k]!
    const x = from.x[k]! / SUBPIXELS
    pairs.ax[at] = mirrored ? a.width - x : x
    pairs.ay[at] = from.y[k]! / SUBPIXELS
    pairs.bx[at] = to.x[other]! / SUBPIXELS
    pairs.by[at] = to.y[other]! / SUBPIXELS
    const direction = (mirrored ? 128 - from.direction[k]! : from.direction[k]!) + (inverted ? 128 : 0)
    pairs.turn[at] = to.direction[other]! - direction
    pairs.levels[at] = to.level[other]! - from.level[k]!
    pairs.tolerance[at] = 2 + 1.2 * STEP ** to.level[other]!
  }
  return pairs
}

function fitPairs(pairs: Pairs, a: Frame, b: Frame, mirrored: boolean, inverted: boolean): Fit | undefined {
  if (pairs.count < FEWEST) return undefined
  const seeds = seedsOf(pairs)
  let best: { transform: Transform; inliers: number[] } | undefined
  for (const supporters of seeds) {
    if (best !== undefined && supporters.length <= best.inliers.length / 2) break
    const found = bestOfSupporters(pairs, supporters)
    if (found !== undefined && (best === undefined || found.inliers.length > best.inliers.length)) best = found
  }
  if (best === undefined) return undefined
  const refined = refine(pairs, best)
  if (refined === undefined) return undefined
  const inliers = distinct(pairs, refined.inliers)
  if (inliers.length < FEWEST) return undefined
  const mirror: Transform = [-1, 0, a.width, 0, 1, 0, 0, 0, 1]
  const transform = mirrored ? (multiplied(refined.transform, mirror) as unknown as Transform) : refined.transform
  const places = inliers.map((k): [number, number] => [pairs.a[k]!, pairs.b[k]!])
  return {
    transform,
    kind: refined.kind,
    mirrored,
    inverted,
    matches: pairs.count,
    inliers: places,
    score: scoreOf(pairs, inliers, refined.kind, b),
    coverage: coverageOf(a, b, transform, places),
  }
}

/**
 * Groups of pairs that roughly agree with one of them about turn, scale and place: one pair is a hypothesis, because keypoints have a
 * direction and a size. Largest first.
 */
function seedsOf(pairs: Pairs): number[][] {
  const groups: number[][] = []
  const seeds = Math.min(pairs.count, MOST_SEEDS)
  for (let seed = 0; seed < seeds; seed++) {
    const angle = (pairs.turn[seed]! * 2 * Math.PI) / 256
    const scale = STEP ** pairs.levels[seed]!
    const [c, s] = [Math.cos(angle) * scale, Math.sin(angle) * scale]
    const group = [seed]
    for (let k = 0; k < pairs.count; k++) {
      if (k === seed || !agrees(pairs, k, pairs.turn[seed]!, pairs.levels[seed]!)) continue
      const [x, y] = [pairs.ax[k]! - pairs.ax[seed]!, pairs.ay[k]! - pairs.ay[seed]!]
      const [u, v] = [pairs.bx[k]! - pairs.bx[seed]!, pairs.by[k]! - pairs.by[seed]!]
      const missed = (c * x - s * y - u) ** 2 + (s * x + c * y - v) ** 2
      // A direction is off by ten degrees and a size by a level: what is farther away may miss by more.
      const slack = 6 + 0.3 * Math.sqrt(u * u + v * v)
      if (missed <= slack * slack) group.push(k)
    }
    if (group.length >= FEWEST) groups.push(group)
  }
  return groups.sort((p, q) => q.length - p.length || p[0]! - q[0]!).slice(0, 12)
}

function agrees(pairs: Pairs, k: number, turn: number, levels: number): boolean {
  const difference = (pairs.turn[k]! - turn) & 255
  return Math.min(difference, 256 - difference) <= TURN_SLACK && Math.abs(pairs.levels[k]! - levels) <= LEVEL_SLACK
}

/** The similarity through the group's first pair and another of it that explains most pairs of the group. */
function bestOfSupporters(pairs: Pairs, group: readonly number[]): { transform: Transform; inliers: number[] } | undefined {
  const seed = group[0]!
  let best: { transform: Transform; inliers: number[] } | undefined
  for (const other of group.slice(1, 40)) {
    const far = (pairs.ax[other]! - pairs.ax[seed]!) ** 2 + (pairs.ay[other]! - pairs.ay[seed]!) ** 2
    if (far < 15 * 15) continue
    const transform = fitSimilarity(pairs, [seed, other])
    if (transform === undefined) continue
    // A stretch or a tilt makes pairs far from these two miss; the refinement brings them in.
    const inliers = group.filter((k) => misses(pairs, transform, k, 2) <= 0)
    if (best === undefined || inliers.length > best.inliers.length) best = { transform, inliers }
  }
  return best
}

/** By how many pixels beyond `slack` times its tolerance a pair misses. */
function misses(pairs: Pairs, transform: Transform, k: number, slack: number): number {
  const [x, y] = applied(transform, pairs.ax[k]!, pairs.ay[k]!)
  const missed = Math.sqrt((x - pairs.bx[k]!) ** 2 + (y - pairs.by[k]!) ** 2)
  return missed <= pairs.tolerance[k]! * slack ? 0 : missed
}

const STAGES = [
  ['similarity', fitSimilarity, 2, 3],
  ['affine', fitAffine, 1.5, 6],
  ['affine', fitAffine, 1, 6],
  ['homography', fitHomography, 1, 10],
  ['homography', fitHomography, 1, 10],
] as const

/** From the turn and scale to what a stretch and then a tilt of the camera explain; a richer map must earn its freedom. */
function refine(
  pairs: Pairs,
  start: { transform: Transform; inliers: number[] },
): { transform: Transform; kind: Fit['kind']; inliers: number[] } | undefined {
  let current: { transform: Transform; kind: Fit['kind']; inliers: number[] } = { ...start, kind: 'similarity' }
  let result: typeof current | undefined
  for (const [kind, fit, slack, fewest] of STAGES) {
    if (current.inliers.length < fewest) continue
    const transform = fit(pairs, current.inliers)
    if (transform === undefined || !plausible(transform, pairs, current.inliers)) continue
    const inliers = inliersOf(pairs, transform, slack)
    if (inliers.length < FEWEST) continue
    if (kind === 'homography' && result !== undefined && inliers.length < result.inliers.length + 2) continue
    current = { transform, kind, inliers }
    if (slack === 1) result = current
  }
  if (result !== undefined) return result
  // Too few for more than a turn and a scale.
  const transform = fitSimilarity(pairs, current.inliers)
  if (transform === undefined || !plausible(transform, pairs, current.inliers)) return undefined
  const inliers = inliersOf(pairs, transform, 1)
  return inliers.length < FEWEST ? undefined : { transform, kind: 'similarity', inliers }
}

function inliersOf(pairs: Pairs, transform: Transform, slack: number): number[] {
  const angle = Math.atan2(transform[3] - transform[1], transform[0] + transform[4])
  const turn = Math.round((angle * 256) / (2 * Math.PI)) & 255
  const levels = Math.log(Math.sqrt(Math.abs(transform[0] * transform[4] - transform[1] * transform[3])) || 1) / Math.log(STEP)
  const inliers: number[] = []
  for (let k = 0; k < pairs.count; k++) {
    if (agrees(pairs, k, turn, levels) && misses(pairs, transform, k, slack) <= 0) inliers.push(k)
  }
  return inliers
}

/** Neither turned inside out nor stretched or tilted beyond what still shows a picture. */
function plausible(m: Transform, pairs: Pairs, inliers: readonly number[]): boolean {
  for (const k of inliers) {
    const [x, y] = [pairs.ax[k]!, pairs.ay[k]!]
    const w = m[6] * x + m[7] * y + m[8]
    if (!(w > 0.2 && w < 5)) return false
    const [u, v] = applied(m, x, y)
    const [a, b] = [(m[0] - u * m[6]) / w, (m[1] - u * m[7]) / w]
    const [c, d] = [(m[3] - v * m[6]) / w, (m[4] - v * m[7]) / w]
    const determinant = a * d - b * c
    if (!(determinant > 1 / MOST_SCALE ** 2 && determinant < MOST_SCALE ** 2)) return false
    // Singular values of the map near this place: their ratio is the stretch.
    const sum = (a * a + b * b + c * c + d * d) / 2
    const root = Math.sqrt(Math.max(sum * sum - determinant * determinant, 0))
    if (sum + root > (sum - root) * MOST_STRETCH ** 2) return false
    if (m[6] === 0 && m[7] === 0) return true
  }
  return true
}

/** The inliers but for those at a place that another one has, in either picture: one corner found on three levels is one corner. */
function distinct(pairs: Pairs, inliers: readonly number[]): number[] {
  const kept: number[] = []
  for (const k of inliers) {
    const taken = kept.some(
      (other) =>
        Math.max(Math.abs(pairs.ax[k]! - pairs.ax[other]!), Math.abs(pairs.ay[k]! - pairs.ay[other]!)) < SAME_PLACE ||
        Math.max(Math.abs(pairs.bx[k]! - pairs.bx[other]!), Math.abs(pairs.by[k]! - pairs.by[other]!)) < SAME_PLACE,
    )
    if (!taken) kept.push(k)
  }
  return kept
}

/** Pairs that a map of this kind can always be made to explain. */
const FREE = { similarity: 2, affine: 3, homography: 4 } as const

function scoreOf(pairs: Pairs, inliers: readonly number[], kind: Fit['kind'], b: Frame): number {
  let tolerance = 0
  for (const k of inliers) tolerance += pairs.tolerance[k]! ** 2 / inliers.length
  // Chance that a pair falls on its place, with about the right turn and size.
  const hit = Math.min((Math.PI * tolerance) / (b.width * b.height), 1) * ((2 * TURN_SLACK + 1) / 256) * 0.5
  const free = FREE[kind]
  const [all, count] = [pairs.count, inliers.length]
  if (count <= free) return 0
  // Ways to choose the pairs that make the map, and those that confirm it.
  let log = 0
  for (let k = 0; k < free; k++) log += Math.log10(all - k)
  for (let k = 0; k < count - free; k++) log += Math.log10((all - free - k) / (k + 1))
  return -(log + (count - free) * Math.log10(hit))
}
