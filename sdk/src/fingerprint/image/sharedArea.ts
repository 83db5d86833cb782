import type { ViewMatch } from './compareFeatures.ts'
import type { Fit } from './keypoints/fit.ts'
import { SUBPIXELS } from './keypoints/keypoints.ts'
import { applied, inverted, multiplied, type Transform } from './keypoints/transform.ts'
import type { LocalFeatures } from './localFeatures.ts'
import type { Box } from './pixels.ts'
import { TURNS } from './turns.ts'

/** A place in a picture, in its pixels, from the upper left corner. */
export interface Point {
  x: number
  y: number
}

/** What two pictures both show. */
export interface SharedArea {
  /** Layer that it was found by. */
  foundBy: 'keypoints' | 'views'
  /** Corners of the shared area in a; a polygon of three to eight corners. */
  a: Point[]
  /** The same corners in b, in the same order. */
  b: Point[]
  /** Shares of each picture's pixels that the area covers, 0 to 1. */
  shareOfA: number
  shareOfB: number
  /** How a is turned clockwise to look like b, in degrees from 0 up to 360, after mirroring it where it is mirrored. */
  degrees: number
  /** How many times larger b shows it, in pixels. */
  scale: number
  /** Whether b shows it as in a mirror. */
  mirrored: boolean
  /** Whether b shows its negative. */
  inverted: boolean
  /**
   * Takes pixels (x, y) of a to pixels of b: ((t0 x + t1 y + t2) / w, (t3 x + t4 y + t5) / w) with w = t6 x + t7 y + t8.
   */
  transform: Transform
  /**
   * Of the parts of the area that have places to compare, the share in which some are the same, 0 to 1: low when only a caption or a logo is shared.
   * Absent when found by views.
   */
  coverage?: number
  /** Places that are the same in both; none when found by views. */
  points: { a: Point; b: Point }[]
}

/** Sizes of a picture and of the frame that its features lie on. */
export interface Sized {
  width: number
  height: number
  local: LocalFeatures
}

/** The area that the geometric fit explains. */
export function areaOfFit(a: Sized, b: Sized, fit: Fit): SharedArea | undefined {
  const transform = inPixels(a, b, fit.transform)
  const points = fit.inliers.map(([from, to]) => ({ a: placeOf(a, from), b: placeOf(b, to) }))
  return areaOf(a, b, transform, {
    foundBy: 'keypoints',
    mirrored: fit.mirrored,
    inverted: fit.inverted,
    coverage: fit.coverage.cells,
    points,
  })
}

/** The area that the views of one show of the other. */
export function areaOfViews(a: Sized, b: Sized, { turn, boxA, boxB, inverted: negative }: ViewMatch): SharedArea | undefined {
  const mirrored = turn.startsWith('mirror')
  // Unit square to unit square, turned about its middle.
  const quarters = TURNS.indexOf(turn) & 3
  const [c, s] = (
    [
      [1, 0],
      [0, 1],
      [-1, 0],
      [0, -1],
    ] as const
  )[quarters]!
  const flip = mirrored ? -1 : 1
  const linear = [c * flip, -s, s * flip, c] as const
  const [x, y] = [0.5 - (linear[0] + linear[1]) / 2, 0.5 - (linear[2] + linear[3]) / 2]
  const unit = [linear[0], linear[1], x, linear[2], linear[3], y, 0, 0, 1]
  const frame = multiplied(fromUnit(boxB), multiplied(unit, toUnit(boxA))) as unknown as Transform
  return areaOf(a, b, inPixels(a, b, frame), { foundBy: 'views', mirrored, inverted: negative, points: [] })
}

function areaOf(
  a: Sized,
  b: Sized,
  transform: Transform,
  found: Pick<SharedArea, 'foundBy' | 'mirrored' | 'inverted' | 'coverage' | 'points'>,
): SharedArea | undefined {
  const back = inverted(transform)
  if (back === undefined) return undefined
  const corners = (
    [
      [0, 0],
      [a.width, 0],
      [a.width, a.height],
      [0, a.height],
    ] as const
  ).map(([x, y]) => point(applied(transform, x, y)))
  const inB = clipped(corners, b.width, b.height)
  if (inB.length < 3) return undefined
  const inA = inB.map(({ x, y }) => {
    const at = point(applied(back, x, y))
    return { x: within(at.x, a.width), y: within(at.y, a.height) }
  })
  const sign = found.mirrored ? -1 : 1
  const angle = (Math.atan2(transform[3] * sign - transform[1], transform[0] * sign + transform[4]) * 180) / Math.PI
  const scale = Math.sqrt(Math.abs(transform[0] * transform[4] - transform[1] * transform[3]))
  return {
    ...found,
    a: inA.map(rounded),
    b: inB.map(rounded),
    shareOfA: Math.min(surface(inA) / (a.width * a.height), 1),
    shareOfB: Math.min(surface(inB) / (b.width * b.height), 1),
    degrees: (Math.round(angle * 10) / 10 + 360) % 360,
    scale,
    transform,
  }
}

/** The map between pixels that a map between frames is. */
function inPixels(a: Sized, b: Sized, frame: Transform): Transform {
  const down = [a.local.width / a.width, 0, 0, 0, a.local.height / a.height, 0, 0, 0, 1]
  const up = [b.width / b.local.width, 0, 0, 0, b.height / b.local.height, 0, 0, 0, 1]
  return multiplied(up, multiplied(frame, down)) as unknown as Transform
}

function placeOf({ width, height, local }: Sized, keypoint: number): Point {
  return rounded({
    x: (local.keypoints.x[keypoint]! / SUBPIXELS) * (width / local.width),
    y: (local.keypoints.y[keypoint]! / SUBPIXELS) * (height / local.height),
  })
}

function toUnit({ left, top, right, bottom }: Box): number[] {
  const [width, height] = [right - left, bottom - top]
  return [1 / width, 0, -left / width, 0, 1 / height, -top / height, 0, 0, 1]
}

function fromUnit({ left, top, right, bottom }: Box): number[] {
  return [right - left, 0, left, 0, bottom - top, top, 0, 0, 1]
}

/** The part of a polygon that lies in the picture (Sutherland and Hodgman 1974). */
function clipped(polygon: readonly Point[], width: number, height: number): Point[] {
  const sides: ((at: Point) => number)[] = [({ x }) => x, ({ x }) => width - x, ({ y }) => y, ({ y }) => height - y]
  let kept = [...polygon]
  for (const inside of sides) {
    const next: Point[] = []
    for (const [index, here] of kept.entries()) {
      const before = kept[(index + kept.length - 1) % kept.length]!
      const [p, q] = [inside(before), inside(here)]
      if (p < 0 !== q < 0)
        next.push({ x: before.x + ((here.x - before.x) * p) / (p - q), y: before.y + ((here.y - before.y) * p) / (p - q) })
      if (q >= 0) next.push(here)
    }
    kept = next
  }
  return kept
}

function surface(polygon: readonly Point[]): number {
  let twice = 0
  for (const [index, { x, y }] of polygon.entries()) {
    const next = polygon[(index + 1) % polygon.length]!
    twice += x * next.y - next.x * y
  }
  return Math.abs(twice) / 2
}

function point([x, y]: readonly [number, number]): Point {
  return { x, y }
}

function within(value: number, most: number): number {
  return Math.min(Math.max(value, 0), most)
}

function rounded({ x, y }: Point): Point {
  return { x: Math.round(x * 10) / 10, y: Math.round(y * 10) / 10 }
}
