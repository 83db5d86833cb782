import { FIGURE_GRAIN, FIGURE_SPAN, FIGURE_STRETCH, figurePlace } from '../../fingerprint/audio/figures.ts'
import { MOST_STRETCH } from '../../fingerprint/audio/triplets.ts'
import { countVotes, isPromising, limitOf, NO_VOTE, votesFor } from './coarseVotes.ts'
import type { KeyPairs } from './keyStore.ts'

/** Where most of a query's keys lie together in a work. */
export interface Alignment {
  /** Keys that agree. */
  votes: number
  /** The place of the work where the query begins; of figures its time in steps. Right to {@link PLACE_GRAIN}, of figures to some tenths of a second. */
  offset: number
  /** Of figures: seconds of the work for one of the query, and half semitones that the work sounds higher. */
  tempo?: number
  shift?: number
}

/** Share by which a recording may be slower and still be taken to be played as it was. */
const SAME_TEMPO = 0.03
/** A figure that lies alike is four peaks that do, where a pair is two: among strangers that share a beat and a key, a dozen pairs are no rarer than half as many figures. */
const FIGURE_WEIGHT = 2

/** How much an alignment says beside others. At the same pitch and tempo figures say what pairs do, and pairs say more exactly where. */
export function strengthOf({ votes, tempo, shift }: Pick<Alignment, 'votes' | 'tempo' | 'shift'>): number {
  const isPlayedOtherwise = tempo !== undefined && (Math.abs(tempo - 1) > SAME_TEMPO || shift !== 0)
  return isPlayedOtherwise ? votes * FIGURE_WEIGHT : votes
}

/** Places that are told apart: two peaks of one recording are never further off. */
export const PLACE_GRAIN = 4
/** Fewer keys than this may agree by chance. */
export const LEAST_VOTES = 8
/** Makes every difference of places positive. */
export const PLACES_AHEAD = 0x4000_0000

/** What is added to a place of a query to come to that of a work, from the number that votes are counted under. */
export function offsetOfBin(bin: number): number {
  return (bin + 1) * PLACE_GRAIN - PLACES_AHEAD
}

/** Lets keys vote for works and offsets: coarsely first, then exactly where there were most. */
export function alignKeys(pairs: KeyPairs): Map<number, Alignment> {
  const { count, works, places, asked, groups } = pairs
  if (count === 0) return new Map()
  const least = leastVotes(pairs)
  const votes = votesFor(count)
  for (let at = 0; at < count; at++) votes[at] = ((places[at]! - asked[at]! + PLACES_AHEAD) / PLACE_GRAIN) & 0xffff
  const tally = countVotes(works, votes, count, 1)
  const limit = limitOf(tally, least)
  if (limit === undefined) return new Map()
  const exact = new Map<number, Map<number, { count: number; last: number }>>()
  for (let at = 0; at < tally.count; at++) {
    if (!isPromising(tally, at, limit)) continue
    const pair = tally.votes[at]!
    const work = works[pair]!
    const bin = ((places[pair]! - asked[pair]! + PLACES_AHEAD) / PLACE_GRAIN) | 0
    const bins = exact.get(work) ?? new Map<number, { count: number; last: number }>()
    exact.set(work, bins)
    const agreed = bins.get(bin)
    // A key that repeats, as those of a wallpaper's pattern do, counts once.
    if (agreed === undefined) bins.set(bin, { count: 1, last: groups[pair]! })
    else if (agreed.last !== groups[pair]) {
      agreed.count++
      agreed.last = groups[pair]!
    }
  }
  const found = new Map<number, Alignment>()
  for (const [work, bins] of exact) {
    let best: Alignment = { votes: 0, offset: 0 }
    for (const [bin, { count: own }] of bins) {
      // An offset near the border of two bins has votes in both.
      const votes = own + (bins.get(bin + 1)?.count ?? 0)
      const isBetter = votes > best.votes || (votes === best.votes && offsetOfBin(bin) < best.offset)
      if (isBetter) best = { votes, offset: offsetOfBin(bin) }
    }
    if (best.votes >= least) found.set(work, best)
  }
  return found
}

/** Works that chance may find with a search. */
const BY_CHANCE = 0.1
/** From this many on a Poisson distribution is as good as a normal one. */
const MANY = 100

/**
 * Keys that must agree for chance to find hardly any work: the more pairs of equal keys there are beside the works and places in which they can be, the more of them agree by
 * chance (as in a Poisson distribution).
 *
 * @param works - that have any of the keys
 * @param place - the mean of the keys' places
 */
export function beyondChance(pairs: number, works: number, place: number): number {
  // Places are spread evenly, so the last is twice the mean.
  const bins = Math.max(works, 1) * Math.max((2 * place) / PLACE_GRAIN, 1)
  const mean = (2 * pairs) / bins
  if (mean > MANY) return Math.ceil(mean + 7 * Math.sqrt(mean))
  let term = Math.exp(-mean)
  let beyond = 1
  let votes = 0
  while (votes < LEAST_VOTES || (bins * beyond > BY_CHANCE && votes < 2 * MANY)) {
    beyond -= term
    votes++
    term *= mean / votes
  }
  return votes
}

/** Pairs that are looked at to know how the others are. */
const SAMPLE = 4096

function leastVotes({ count, works, places }: KeyPairs): number {
  const [seen, step] = [new Set<number>(), Math.ceil(count / SAMPLE)]
  let [sum, sampled] = [0, 0]
  for (let at = 0; at < count; at += step, sampled++) {
    seen.add(works[at]!)
    sum += places[at]!
  }
  // Of a sample that hardly any work is in twice, how often one is tells how many there are (as in the problem of birthdays).
  const twice = sampled - seen.size
  const isFew = step === 1 || twice > sampled / 2
  return beyondChance(count, isFew ? seen.size : Math.max(seen.size, sampled ** 2 / (2 * Math.max(twice, 1))), sum / sampled)
}

/** How a figure of a query lies in a work, if that is one. */
export interface FigureVote {
  /** Which stretch of the query it is of, and the time in the work of that stretch's middle. */
  stretch: number
  time: number
  tempo: number
  /** Half semitones. */
  shift: number
  /** Which of the query's figures. */
  group: number
}

/** Fewer figures than this may agree by chance; they say more than keys do. */
export const LEAST_FIGURES = 7
/** Steps of time that coarse votes tell apart, and half semitones up to which works are recognised. */
export const FIGURE_STEPS = 16
export const MOST_HALF_TONES = 12
/** Votes of a work that are compared with each other. */
const MOST_VOTES = 1024

/** What a pair of equal figures says; undefined where the tempo or the pitch would differ by more than `compare` recognises. */
export function figureVote(place: number, asked: number, group: number): FigureVote | undefined {
  const [there, here] = [figurePlace(place), figurePlace(asked)]
  const tempo = there.span / here.span
  const shift = there.pitch - here.pitch
  if (tempo > MOST_STRETCH || tempo * MOST_STRETCH < 1 || Math.abs(shift) > MOST_HALF_TONES) return undefined
  const stretch = Math.floor(here.time / FIGURE_STRETCH)
  return { stretch, time: there.time + tempo * (middleOf(stretch) - here.time), tempo, shift, group }
}

function middleOf(stretch: number): number {
  return (stretch + 0.5) * FIGURE_STRETCH
}

/** Lets figures vote for works, times, tempos and pitches: coarsely first, then exactly where there were most. */
export function alignFigures({ count, works, places, asked, groups }: KeyPairs): Map<number, Alignment> {
  const ways = votesFor(2 * count)
  // There are so many that an object for each would take most of the time: the same as figureVote, in numbers.
  for (let at = 0; at < count; at++) {
    const [there, here] = [places[at]!, asked[at]!]
    const tempo = (((there >>> 8) & 63) + FIGURE_SPAN) / (((here >>> 8) & 63) + FIGURE_SPAN)
    const shift = (there & 255) - (here & 255)
    if (tempo > MOST_STRETCH || tempo * MOST_STRETCH < 1 || shift > MOST_HALF_TONES || shift < -MOST_HALF_TONES) {
      ways[2 * at] = NO_VOTE
      ways[2 * at + 1] = NO_VOTE
      continue
    }
    const time = (here >>> 14) * FIGURE_GRAIN
    const stretch = (time / FIGURE_STRETCH) | 0
    const bin = Math.floor(((there >>> 14) * FIGURE_GRAIN + tempo * (middleOf(stretch) - time)) / FIGURE_STEPS)
    // The half semitone in two ways, so that no border cuts through the votes of one shift.
    for (let way = 0; way < 2; way++) {
      ways[2 * at + way] = (Math.imul(stretch + (((shift + way) >> 1) * 2 + way) * 64, 0x85ebca6b) + bin) & 0xffff
    }
  }
  const tally = countVotes(works, ways, count, 2)
  const limit = limitOf(tally, LEAST_FIGURES)
  if (limit === undefined) return new Map()
  const exact = new Map<number, FigureVote[]>()
  let last = -1
  for (let at = 0; at < tally.count; at++) {
    const pair = tally.votes[at]! >>> 1
    // The two ways of a pair come one after the other.
    if (pair === last || !isPromising(tally, at, limit)) continue
    last = pair
    const vote = figureVote(places[pair]!, asked[pair]!, groups[pair]!)!
    const votes = exact.get(works[pair]!)
    if (votes === undefined) exact.set(works[pair]!, [vote])
    else votes.push(vote)
  }
  const found = new Map<number, Alignment>()
  for (const [work, votes] of exact) {
    const best = agreeing(votes)
    if (best !== undefined) found.set(work, best)
  }
  return found
}

/** Steps, half semitones and share of the tempo by which votes for one alignment differ. */
const NEAR_TIME = 10
const NEAR_SHIFT = 1
const NEAR_TEMPO = 0.06

/** The alignment that most of a work's votes agree on; undefined where too few do. */
export function agreeing(votes: readonly FigureVote[]): Alignment | undefined {
  // In an order of their own, so that every backend gives the same.
  const sorted = [...votes].sort((a, b) => a.group - b.group || a.stretch - b.stretch || a.time - b.time || a.tempo - b.tempo)
  const some = sorted.filter((_, at) => at % Math.ceil(sorted.length / MOST_VOTES) === 0)
  let best: FigureVote[] = []
  for (const seed of some) {
    const same = new Map<number, FigureVote>()
    for (const vote of some) {
      const isNear =
        vote.stretch === seed.stretch &&
        Math.abs(vote.time - seed.time) <= NEAR_TIME &&
        Math.abs(vote.shift - seed.shift) <= NEAR_SHIFT &&
        Math.abs(vote.tempo / seed.tempo - 1) <= NEAR_TEMPO
      // A figure counts once, however often it comes.
      if (isNear && !same.has(vote.group)) same.set(vote.group, vote)
    }
    if (same.size > best.length) best = [...same.values()]
  }
  if (best.length < LEAST_FIGURES) return undefined
  const middle = (of: (vote: FigureVote) => number): number => best.map(of).sort((a, b) => a - b)[best.length >> 1]!
  const tempo = middle((vote) => vote.tempo)
  const offset = middle((vote) => vote.time) - tempo * middleOf(best[0]!.stretch)
  return { votes: best.length, offset, tempo, shift: middle((vote) => vote.shift) }
}
