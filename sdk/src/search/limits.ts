import type { Media } from '../fingerprint/index.ts'

/** Distance up to which codes are looked for: beyond, strangers look alike (see `compare`). */
export const MOST_DISTANCE = 75
/**
 * The same for a part of one picture and the whole of another: each has forty parts, so that among a million pictures a stranger's part is nearer than
 * 75 (`compare` takes the same limit).
 */
export const PART_DISTANCE = 55
/**
 * The same for frames of films: a film has thousands, so that some frames of two strangers are nearer than 75. One frame alone finds no film; several do that lie alike in both.
 */
export const FRAME_DISTANCE = 60

/** Share of the parts or frames at the very edge of their distance that may be missed where that is faster, and of parts that a turned or inverted picture asks for. */
export const FEW_MISSED = 0.05
export const SOME_MISSED = 0.2

/** Distance up to which codes of whole works of a medium are looked for. */
export function mostDistance(media: Media): number {
  return media === 'video' ? FRAME_DISTANCE : MOST_DISTANCE
}

/** Distance up to which PDQ codes are of one picture, as its authors recommend. */
export const COPY_DISTANCE = 31
/** Most works that one search gives. */
export const MOST_HITS = 10_000
/** Keys that a work must share with the query to be found by them; one may be chance. */
export const LEAST_SHARED = 2
/** Share of the query's keys from which a work holds most of it. */
export const COPY_SHARE = 0.6
/** A key that more works have than this is in everything, and is passed over. */
export const MOST_HOLDERS = 10_000
/** A landmark that is heard more often than this in all recordings together says nothing. */
export const MOST_HEARD = 200_000
