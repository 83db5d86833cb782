import { decodeCodes, decodeKeyframes, type FrameCodes, type Keyframes } from './featureText.ts'
import type { VideoFeatures } from './fingerprintVideo.ts'
import { bitsBetween, CODE_WORDS } from './frameCode.ts'

/** The features of a film as comparing wants them. */
export interface Film {
  codes: FrameCodes
  /** For each sample how much it adds to what was seen before it: from 0, where nothing has moved or there is nothing to see, to 1. */
  news: Float32Array
  keyframes: Keyframes | undefined
}

/** Frames of this quality and less are not compared: a dark or a plain one looks like every other. */
export const PLAIN_FRAME = 20
/** Bits by which a frame differs from the one before when it is news altogether. */
const ALL_NEW = 20

const known = new WeakMap<VideoFeatures, Film>()

/** @throws ColophonError `FEATURES_INVALID` */
export function filmOf(features: VideoFeatures): Film {
  const before = known.get(features)
  if (before !== undefined) return before
  const codes = decodeCodes(features.codes)
  const keyframes = features.keyframes === undefined ? undefined : decodeKeyframes(features.keyframes, codes.count)
  const film = { codes, news: newsOf(codes), keyframes }
  known.set(features, film)
  return film
}

/** How new each sample is; see {@link Film.news}. */
export function newsOf({ count, words, qualities }: FrameCodes): Float32Array {
  const news = new Float32Array(count)
  let last = -1
  for (let sample = 0; sample < count; sample++) {
    if (qualities[sample]! <= PLAIN_FRAME) continue
    news[sample] = last < 0 ? 1 : Math.min(bitsBetween(words, sample * CODE_WORDS, words, last * CODE_WORDS) / ALL_NEW, 1)
    last = sample
  }
  return news
}
