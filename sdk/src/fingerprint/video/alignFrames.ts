import { TURNS } from '../image/turns.ts'
import type { Film } from './film.ts'
import { PLAIN_FRAME } from './film.ts'
import { CODE_WORDS, turnedFrames } from './frameCode.ts'

/** A stretch of one film that lies in another. Places are samples; the ends are exclusive. */
export interface FrameAlignment {
  a: { from: number; to: number }
  b: { from: number; to: number }
  /** Samples of `b` for one of `a`. */
  speed: number
  /** How `a` is turned to look like `b`, a place in `TURNS`. */
  turn: number
  /** How much more alike the frames are than those of strangers, where something moves. */
  score: number
  /** Mean of the bits by which the frames of the stretch differ. */
  bits: number
}

/** Codes that differ by so many bits and fewer vote for a place. */
const VOTING_BITS = 72
/** Of all that a frame looks like, the nearest so many vote. */
const MOST_VOTES = 12
/** At most so many frames are compared with each other: of longer films every n-th is asked for. */
const MOST_PAIRS = 12_000_000
/** How many lines are followed up. */
const FOLLOWED = 6
/** Speeds that are tried: from three quarters to four thirds, three per cent apart; and exactly one. */
const SPEEDS: readonly number[] = /* @__PURE__ */ Array.from({ length: 21 }, (_, step) => 1.03 ** (step - 10))
/** Samples of a cell in which votes for a place are counted. */
const CELL = 2

/**
 * What a frame adds to the score: nothing at so many bits, or at as many as lie between frames of these films that do not belong together, where the
 * camera stands still and all frames are much alike;
 */
const EVEN_BITS = 84
const LEAST_EVEN_BITS = 20
/** Frames of the other film that are looked at for that. */
const LOOKED_AT = 15
/** one for so many fewer, */
const BITS_A_POINT = 16
/** and at most and at least so much. */
const MOST_GAIN = 4
const MOST_LOSS = -1.5

interface Votes {
  count: number
  a: Int32Array
  b: Int32Array
  weight: Float32Array
}

/**
 * Finds where stretches of one film lie in the other, the surest first. Every part of `a` is given to one stretch at most.
 *
 * @param least - score that a stretch needs
 */
export function alignFrames(a: Film, b: Film, least: number, most = 12): FrameAlignment[] {
  const every = Math.max(1, Math.ceil((a.codes.count * b.codes.count * TURNS.length) / MOST_PAIRS / 8))
  const found: FrameAlignment[] = []
  const free = new Uint8Array(a.codes.count).fill(1)
  const turns = TURNS.map((_, turn) => {
    const codes = turn === 0 ? a.codes.words : turnedFrames(a.codes.words, turn)
    return { turn, codes, votes: votesOf(a, codes, b, every) }
  })
    .filter(({ votes }) => votes.count > 0)
    .map((turned) => ({
      ...turned,
      even: { a: ordinary(turned.codes, a, b.codes.words, b), b: ordinary(b.codes.words, b, turned.codes, a) },
    }))
  for (; found.length < most; ) {
    let best: FrameAlignment | undefined
    for (const { turn, codes, votes, even } of turns) {
      for (const line of linesOf(votes, free, b.codes.count)) {
        const alignment = follow(a, codes, b, line, free, even)
        if (alignment !== undefined && (best === undefined || alignment.score > best.score)) best = { ...alignment, turn }
      }
    }
    if (best === undefined || (best.score < least && found.length > 0)) return found
    const { turn } = best
    best = sharpened(a, turns.find((turned) => turned.turn === turn)!, b, best, free)
    found.push(best)
    if (best.score < least) return found
    free.fill(0, best.a.from, best.a.to)
  }
  return found
}

function votesOf(a: Film, codes: Uint32Array, b: Film, every: number): Votes {
  const room = Math.ceil(a.codes.count / every) * MOST_VOTES
  const votes: Votes = { count: 0, a: new Int32Array(room), b: new Int32Array(room), weight: new Float32Array(room) }
  const nearest = new Int32Array(MOST_VOTES)
  const distances = new Int32Array(MOST_VOTES)
  const { words, qualities, count } = b.codes
  for (let i = 0; i < a.codes.count; i += every) {
    if (a.codes.qualities[i]! <= PLAIN_FRAME) continue
    let kept = 0
    let limit = VOTING_BITS
    for (let j = 0; j < count; j++) {
      const bits = within(codes, i * CODE_WORDS, words, j * CODE_WORDS, limit)
      if (bits > limit || qualities[j]! <= PLAIN_FRAME) continue
      let place = kept < MOST_VOTES ? kept++ : MOST_VOTES - 1
      for (; place > 0 && distances[place - 1]! > bits; place--) {
        distances[place] = distances[place - 1]!
        nearest[place] = nearest[place - 1]!
      }
      distances[place] = bits
      nearest[place] = j
      if (kept === MOST_VOTES) limit = distances[MOST_VOTES - 1]! - 1
    }
    for (let place = 0; place < kept; place++, votes.count++) {
      const j = nearest[place]!
      votes.a[votes.count] = i
      votes.b[votes.count] = j
      votes.weight[votes.count] = (1 - distances[place]! / (VOTING_BITS + 8)) * (0.05 + Math.min(a.news[i]!, b.news[j]!))
    }
  }
  return votes
}

/** Bits between two codes; some number above `limit` where there are more. */
function within(a: Uint32Array, atA: number, b: Uint32Array, atB: number, limit: number): number {
  const half = pair(a[atA]! ^ b[atB]!, a[atA + 1]! ^ b[atB + 1]!) + pair(a[atA + 2]! ^ b[atB + 2]!, a[atA + 3]! ^ b[atB + 3]!)
  if (half > limit) return half
  return half + pair(a[atA + 4]! ^ b[atB + 4]!, a[atA + 5]! ^ b[atB + 5]!) + pair(a[atA + 6]! ^ b[atB + 6]!, a[atA + 7]! ^ b[atB + 7]!)
}

/** Ones in two words. */
function pair(x: number, y: number): number {
  let p = x - ((x >>> 1) & 0x55555555)
  const q = y - ((y >>> 1) & 0x55555555)
  p = (p & 0x33333333) + ((p >>> 2) & 0x33333333) + (q & 0x33333333) + ((q >>> 2) & 0x33333333)
  p = (p & 0x0f0f0f0f) + ((p >>> 4) & 0x0f0f0f0f)
  return Math.imul(p, 0x01010101) >>> 24
}

/** For each frame of either film how many bits it is from an ordinary one of the other. */
interface Even {
  a: Uint8Array
  b: Uint8Array
}

function ordinary(codes: Uint32Array, film: Film, others: Uint32Array, other: Film): Uint8Array {
  const looked: number[] = []
  for (let n = 0; n < LOOKED_AT; n++) {
    const sample = Math.floor(((n + 0.5) * other.codes.count) / LOOKED_AT)
    if (other.codes.qualities[sample]! > PLAIN_FRAME) looked.push(sample)
  }
  const middle = new Uint8Array(film.codes.count).fill(EVEN_BITS)
  if (looked.length === 0) return middle
  for (let sample = 0; sample < film.codes.count; sample++) {
    if (film.codes.qualities[sample]! <= PLAIN_FRAME) continue
    const distances = looked.map((there) => within(codes, sample * CODE_WORDS, others, there * CODE_WORDS, 256))
    middle[sample] = Math.min(distances.sort((x, y) => x - y)[looked.length >> 1]!, 255)
  }
  return middle
}

interface Line {
  speed: number
  offset: number
}

/** The lines that most votes lie on: a Hough transform over speed and place. */
function linesOf(votes: Votes, free: Uint8Array, lengthOfB: number): Line[] {
  const lengthOfA = free.length
  const lines: (Line & { votes: number })[] = []
  for (const speed of SPEEDS) {
    const from = -Math.ceil(lengthOfA * speed)
    const cells = new Float32Array(Math.ceil((lengthOfB - from) / CELL) + 2)
    for (let vote = 0; vote < votes.count; vote++) {
      if (free[votes.a[vote]!] === 0) continue
      const at = (votes.b[vote]! - votes.a[vote]! * speed - from) / CELL
      const cell = Math.floor(at)
      const weight = votes.weight[vote]!
      // Shared with the next cell, so that a border between two costs no votes.
      cells[cell]! += weight * (1 - at + cell)
      cells[cell + 1]! += weight * (at - cell)
    }
    for (let cell = 1; cell < cells.length - 1; cell++) {
      const sum = cells[cell]!
      if (sum <= 0 || sum < cells[cell - 1]! || sum <= cells[cell + 1]!) continue
      if (lines.length === FOLLOWED && sum <= lines[FOLLOWED - 1]!.votes) continue
      const place = lines.findIndex((line) => line.votes < sum)
      lines.splice(place < 0 ? lines.length : place, 0, { speed, offset: cell * CELL + from, votes: sum })
      if (lines.length > FOLLOWED) lines.pop()
    }
  }
  return lines
}

/** The stretch along a line where frames are most alike. */
function follow(
  a: Film,
  codes: Uint32Array,
  b: Film,
  guessed: Line,
  free: Uint8Array,
  even: Even,
): Omit<FrameAlignment, 'turn'> | undefined {
  let best: Omit<FrameAlignment, 'turn'> | undefined
  // A guess is good to a cell of the vote and to a step of speed.
  for (const step of [0.985, 1, 1.015]) {
    const speed = guessed.speed * step
    const middle = free.length / 2
    for (let shift = -CELL; shift <= CELL; shift++) {
      const offset = guessed.offset + middle * (guessed.speed - speed) + shift
      const stretch = heaviest(a, codes, b, { speed, offset }, free, even)
      if (stretch !== undefined && (best === undefined || stretch.score > best.score)) best = stretch
    }
  }
  return best
}

/** Samples to either side of a line in which the frame that is most alike is looked for, and share of the score that a sharper line may cost. */
const REACH = 3
const MOST_COST = 0.06

/** Draws the line through the frames that are most alike: scores end where frames are as alike as can be, and there all lines are as good. */
function sharpened(
  a: Film,
  { codes, even, turn }: { codes: Uint32Array; even: Even; turn: number },
  b: Film,
  found: FrameAlignment,
  free: Uint8Array,
): FrameAlignment {
  let best = found
  for (let round = 0; round < 3; round++) {
    const line = lineThrough(a, codes, b, best)
    const stretch = line === undefined ? undefined : heaviest(a, codes, b, line, free, even)
    if (stretch === undefined || stretch.score < found.score * (1 - MOST_COST)) break
    best = { ...stretch, turn }
  }
  return best
}

function lineThrough(a: Film, codes: Uint32Array, b: Film, { a: range, b: other, speed }: FrameAlignment): Line | undefined {
  const { words, qualities, count } = b.codes
  let [weight, meanA, meanB, squares, products] = [0, 0, 0, 0, 0]
  const pairs: { i: number; j: number; w: number }[] = []
  for (let i = range.from; i < range.to; i++) {
    if (a.news[i] === 0) continue
    const expected = Math.round(other.from + (i - range.from) * speed)
    let [nearest, least, most] = [-1, 256, 0]
    for (let j = Math.max(expected - REACH, 0); j <= Math.min(expected + REACH, count - 1); j++) {
      if (qualities[j]! <= PLAIN_FRAME) continue
      const bits = within(codes, i * CODE_WORDS, words, j * CODE_WORDS, 256)
      if (bits < least) [nearest, least] = [j, bits]
      if (bits > most) most = bits
    }
    // A frame that is like all of them says nothing about where.
    if (nearest < 0 || most === least) continue
    const w = Math.min(most - least, 32)
    pairs.push({ i, j: nearest, w })
    weight += w
    meanA += w * i
    meanB += w * nearest
  }
  if (pairs.length < 5) return undefined
  meanA /= weight
  meanB /= weight
  for (const { i, j, w } of pairs) {
    squares += w * (i - meanA) ** 2
    products += w * (i - meanA) * (j - meanB)
  }
  const sharper = products / squares
  // Of a short or an even stretch the line may run away.
  if (!(sharper > 0.7 && sharper < 1.43) || Math.abs(sharper / speed - 1) > 0.12) return undefined
  return { speed: sharper, offset: meanB - sharper * meanA }
}

function heaviest(
  a: Film,
  codes: Uint32Array,
  b: Film,
  { speed, offset }: Line,
  free: Uint8Array,
  even: Even,
): Omit<FrameAlignment, 'turn'> | undefined {
  const { words, qualities, count } = b.codes
  let best = { from: 0, to: 0, score: 0 }
  let [sum, from] = [0, 0]
  let [bits, frames] = [0, 0]
  let total = { bits: 0, frames: 0 }
  const first = Math.max(0, Math.ceil(-offset / speed - 0.5))
  const end = Math.min(free.length, Math.floor((count - 0.5 - offset) / speed) + 1)
  for (let i = first; i < end; i++) {
    if (sum <= 0) {
      sum = 0
      from = i
      bits = 0
      frames = 0
    }
    if (free[i] === 0) {
      sum = 0
      continue
    }
    const j = Math.round(i * speed + offset)
    if (j < 0 || j >= count || a.codes.qualities[i]! <= PLAIN_FRAME) continue
    let distance = 256
    let news = 0
    for (let near = Math.max(j - 1, 0); near <= Math.min(j + 1, count - 1); near++) {
      if (qualities[near]! <= PLAIN_FRAME) continue
      const here = within(codes, i * CODE_WORDS, words, near * CODE_WORDS, 256)
      if (here < distance) distance = here
      if (b.news[near]! > news) news = b.news[near]!
    }
    if (distance === 256) continue
    const neutral = Math.min(Math.max(even.a[i]!, even.b[j]!, LEAST_EVEN_BITS), EVEN_BITS)
    const gain = Math.min(Math.max((neutral - distance) / BITS_A_POINT, MOST_LOSS), MOST_GAIN)
    sum += gain * Math.min(a.news[i]!, news)
    bits += distance
    frames++
    if (sum > best.score) {
      best = { from, to: i + 1, score: sum }
      total = { bits, frames }
    }
  }
  if (best.score === 0) return undefined
  const place = (sample: number): number => Math.min(Math.max(sample * speed + offset, 0), count)
  return {
    a: { from: best.from, to: best.to },
    b: { from: place(best.from), to: place(best.to) },
    speed,
    score: best.score,
    bits: total.bits / Math.max(total.frames, 1),
  }
}
