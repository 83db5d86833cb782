// One frame proves nothing: films share title cards, logos and empty rooms. Frames that look alike vote for where one film lies in the other and how
// fast it is; a film is found where several different ones agree (the offsets of A. Wang, 2003, for pictures).

/** A frame of a query and one of a work that look alike. */
export interface FrameMatch {
  /** Number of the query's frame among its codes, and when it is, in steps. */
  query: number
  asked: number
  /** The same of the work's. */
  indexed: number
  place: number
  /** Bits between them. */
  distance: number
}

/** How a work's frames lie as the query's do. */
export interface FrameAlignment {
  /** Frames that agree, each of them different from the others. */
  shared: number
  /** What is added to a step of the query, times the tempo, to come to that of the work. */
  offset: number
  /** Steps of the work for one of the query. */
  tempo: number
  /** The nearest pair of those that agree. */
  nearest: FrameMatch
}

/** Frames that must agree, where both films have as many; a film that has fewer must be there with all of them, and nearer. */
export const LEAST_FRAMES = 3
/** Bits within which a frame speaks for a film that has fewer. */
const SURE_FRAME = 31
/** Speeds that are tried, as `compare` tries them. */
const TEMPOS = [1, 0.8, 1.25, 0.9, 1.11, 0.75, 1.33]
/** Steps by which frames on one line may miss it either way: each film has its own of a scene. */
const SLACK = 6
/** Frames nearer to each other than this are one picture, which counts once however often it comes. */
const SAME_LOOK = 32
/** Pairs of a work that are looked at, the nearest ones. */
const MOST_MATCHES = 512

/**
 * Finds the line on which most frames of a work and of the query agree; undefined where too few do.
 *
 * @param look - the code of a frame of the query
 * @param fewest - frames that the film with fewer of them has
 */
export function alignFrames(
  matches: readonly FrameMatch[],
  look: (query: number) => Uint8Array,
  fewest: number,
): FrameAlignment | undefined {
  const needed = Math.min(LEAST_FRAMES, fewest)
  const near = needed < LEAST_FRAMES ? matches.filter(({ distance }) => distance <= SURE_FRAME) : matches
  if (near.length < needed || needed === 0) return undefined
  const best = [...near].sort((a, b) => a.distance - b.distance || a.query - b.query || a.indexed - b.indexed).slice(0, MOST_MATCHES)
  let found: { chosen: FrameMatch[]; tempo: number } | undefined
  for (const tempo of TEMPOS) {
    const line = best.map((match) => ({ match, offset: match.place - match.asked * tempo })).sort((a, b) => a.offset - b.offset)
    for (let from = 0, to = 0; from < line.length; from++) {
      while (to < line.length && line[to]!.offset - line[from]!.offset <= 2 * SLACK) to++
      if (to - from <= (found?.chosen.length ?? 0)) continue
      const chosen = different(
        line.slice(from, to).map(({ match }) => match),
        look,
      )
      if (chosen.length > (found?.chosen.length ?? 0)) found = { chosen, tempo }
    }
  }
  if (found === undefined || found.chosen.length < needed) return undefined
  const { chosen, tempo } = found
  const offsets = chosen.map(({ asked, place }) => place - asked * tempo).sort((a, b) => a - b)
  return { shared: chosen.length, offset: offsets[offsets.length >> 1]!, tempo, nearest: chosen[0]! }
}

/** Of these pairs the nearest ones, each frame of either film once and each picture once; nearest first. */
function different(matches: FrameMatch[], look: (query: number) => Uint8Array): FrameMatch[] {
  const chosen: FrameMatch[] = []
  for (const match of matches.sort((a, b) => a.distance - b.distance || a.query - b.query || a.indexed - b.indexed)) {
    const isNew = chosen.every(
      ({ query, place }) => query !== match.query && place !== match.place && bitsBetween(look(query), look(match.query)) >= SAME_LOOK,
    )
    if (isNew) chosen.push(match)
  }
  return chosen
}

function bitsBetween(a: Uint8Array, b: Uint8Array): number {
  let bits = 0
  for (let byte = 0; byte < a.length; byte++) for (let left = a[byte]! ^ b[byte]!; left !== 0; left &= left - 1) bits++
  return bits
}
