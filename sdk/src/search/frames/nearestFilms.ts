import type { WorkFeatures } from '../works/features.ts'
import { alignFrames, type FrameAlignment, type FrameMatch, LEAST_FRAMES } from './frameVotes.ts'

/** A frame of a work that looks like one of the query's. */
export interface NearFrame<Work> {
  work: Work
  /** Number of its code in the work, and when it is. */
  indexed: number
  place: number
  distance: number
}

/** A film that was found. */
export interface FoundFilm<Work> extends FrameAlignment {
  work: Work
  /** Frames that the query asked with, in the turn in which the film was found. */
  of: number
}

/** Frames that are given for one of the query's, at least; of those that are in more films the first to be indexed. */
const MOST_HOLDERS = 256
/** Films whose frames are aligned: those with the most frames in common. */
const MOST_ALIGNED = 1000

/**
 * The films that have frames like the query's in the same order and at one speed, in no order.
 *
 * @param near - the frames within the threshold, at most so many, those of films that were indexed first
 * @param countOf - how many frames these films have
 */
export async function nearestFilms<Work>(
  { codes, places, askedFrames = [] }: WorkFeatures,
  k: number,
  near: (code: Uint8Array, most: number) => Promise<readonly NearFrame<Work>[]>,
  countOf: (films: Work[]) => Promise<(film: Work) => number>,
): Promise<FoundFilm<Work>[]> {
  const best = new Map<Work, FoundFilm<Work>>()
  let before = 0
  for (const list of [{ codes, places }, ...askedFrames]) {
    const films = new Map<Work, FrameMatch[]>()
    for (const [at, code] of list.codes.entries()) {
      for (const { work, ...found } of await near(code, Math.max(MOST_HOLDERS, k))) {
        const matches = films.get(work) ?? []
        films.set(work, matches)
        matches.push({ query: before + at, asked: list.places?.[at] ?? at, ...found })
      }
    }
    // A film that has fewer frames must be there with all of them; how many it has is asked of those only that have a few in common.
    const few = Math.min(LEAST_FRAMES, list.codes.length)
    const likely = [...films].sort(([, a], [, b]) => b.length - a.length).slice(0, Math.max(MOST_ALIGNED, k))
    const frames = await countOf(likely.filter(([, matches]) => matches.length < few).map(([work]) => work))
    const start = before
    for (const [work, matches] of likely) {
      const fewest = matches.length < few ? Math.min(few, frames(work)) : few
      const aligned = alignFrames(matches, (query) => list.codes[query - start]!, fewest)
      if (aligned !== undefined && aligned.shared > (best.get(work)?.shared ?? 0))
        best.set(work, { work, of: list.codes.length, ...aligned })
    }
    before += list.codes.length
  }
  return [...best.values()]
}
