import { type Keypoints, keypointsOf } from '../image/keypoints/keypoints.ts'
import type { Plane } from '../image/pixels.ts'
import { bitsBetween } from './frameCode.ts'

/** A sample with places that look like no other. */
export interface Keyframe {
  /** Number of the sample. */
  sample: number
  keypoints: Keypoints
}

/** Most keypoints of a key frame, */
export const MOST_POINTS = 250
/** and most key frames of a film: of longer films they are farther apart. */
export const MOST_KEYFRAMES = 1000
/** Samples from one key frame to the next: a second at least, */
const LEAST_GAP = 5
/** and four where nothing moves. */
const MOST_GAP = 20
/** Bits by which the code of a frame differs from that of the last key frame when something has moved. */
const MOVED = 24

export interface KeyframeCollector {
  /** Looks at a sample; a frame that stays for several is shown once. */
  add(sample: number, words: Uint32Array, frame: Plane): void
  finish(): Keyframe[]
}

/** Chooses key frames while a film is read, and drops every other one whenever there are too many. */
export function createKeyframes(): KeyframeCollector {
  let kept: Keyframe[] = []
  let stretch = 1
  let last: { sample: number; words: Uint32Array } | undefined
  return {
    add(sample, words, frame) {
      if (last !== undefined) {
        const gap = sample - last.sample
        if (gap < LEAST_GAP * stretch) return
        if (gap < MOST_GAP * stretch && bitsBetween(words, 0, last.words, 0) < MOVED) return
      }
      last = { sample, words }
      const keypoints = keypointsOf(frame, MOST_POINTS)
      if (keypoints.count === 0) return
      kept.push({ sample, keypoints })
      if (kept.length <= MOST_KEYFRAMES) return
      kept = kept.filter((_, index) => index % 2 === 0)
      stretch *= 2
    },
    finish: () => kept,
  }
}
