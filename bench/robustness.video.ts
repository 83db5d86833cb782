// `npm run bench:robustness:video`: how surely films are recognised after an attack, and that strangers are not. Films are those that Debian packages
// carry, and films made of photographs by moving over them. Thresholds come from one half of the films (even ones), what is reported from the other.
// Writes bench/results/robustness.video.json, the table in docs/benchmarks.md and the calibration that `compare` uses. Features are kept in
// .colophon/films, so that a run that was stopped goes on where it was.
//   --films 24        how many films
//   --strangers 70    how many further films there are; each attacked piece is compared with half of them, by frames alone
//   --pieces 80000  only so many further pairs: pieces of different films, each after an attack, of those that earlier runs have left
//   --measured        only what the last run measured, even if it was stopped
//   --table           only the table, from the results there are
import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { alignFrames } from '../sdk/src/fingerprint/video/alignFrames.ts'
import { alignKeyframes } from '../sdk/src/fingerprint/video/alignKeyframes.ts'
import { compareFilms, FRAMES_SIMILAR, KEYFRAMES_SIMILAR, showsPlain } from '../sdk/src/fingerprint/video/compareFilms.ts'
import { filmOf } from '../sdk/src/fingerprint/video/film.ts'
import type { VideoFeatures } from '../sdk/src/fingerprint/video/fingerprintVideo.ts'
import { attackedFilm, attacks, corpus, type Extracted, knownFilm, START, stranger } from './robustness/films.ts'
import { alignedDistance, packed, type Signatures } from './robustness/mpeg7.ts'
import { comparePieces, type PiecePairs } from './robustness/pieces.ts'
import { reportVideo } from './robustnessReport.video.ts'

const PROCESSES = 2
/** Of the pairs of strangers from the corpus, every fifth is compared by key frames as well: that takes thirty times as long. */
const KEYFRAMES_EVERY = 5
const results = join(import.meta.dirname, 'results', 'robustness.video.json')

/** A film and its own piece after an attack: scores of frames and key frames, mean distance of MPEG-7 signatures, whether the place was found. */
export type Own = [frames: number, keyframes: number, mpeg7: number, placed: 0 | 1]

/** How many pairs of strangers have each score (rounded down), of each half. */
export interface Strangers {
  pairs: number
  frames: Record<string, number>
  /** A fifth of the pairs within the corpus; the further films have no key frames. */
  keyframes: Record<string, number>
  keyframePairs: number
  /** Pairs of an attacked piece and a film of the corpus only. */
  mpeg7: Record<string, number>
  mpeg7Pairs: number
}

export interface VideoResults {
  node: string
  /** Thresholds come from half 0. */
  films: { name: string; real: boolean; half: 0 | 1; plain: boolean }[]
  own: Record<string, Own[]>
  strangers: [Strangers, Strangers]
  pieces?: PiecePairs
}

const { values: flags } = parseArgs({
  options: {
    films: { type: 'string', default: '24' },
    strangers: { type: 'string', default: '70' },
    table: { type: 'boolean', default: false },
    extract: { type: 'string' },
    measured: { type: 'boolean', default: false },
    half: { type: 'string' },
    pieces: { type: 'string' },
    output: { type: 'string' },
  },
})
const films = Number(flags.films)

interface Measured {
  own: Record<string, Own[]>
  strangers: Strangers
}

/** Real films come first; halves are interleaved, so that both have them. */
async function extractPart(part: number): Promise<void> {
  const { clips, others } = corpus(films)
  const list = await attacks()
  for (const [index, clip] of clips.entries()) {
    if (index % PROCESSES !== part) continue
    await knownFilm(clip)
    for (const attack of list) await attackedFilm(clip, attack)
  }
  for (let index = part; index < Number(flags.strangers); index += PROCESSES) await stranger(others, index)
}

function scores(a: VideoFeatures, b: VideoFeatures, byKeyframes: boolean): [frames: number, keyframes: number | undefined] {
  // As compareFilms orders them; only the best line of each is wanted here.
  const [one, two] = a.seconds > b.seconds ? [filmOf(b), filmOf(a)] : [filmOf(a), filmOf(b)]
  const frames = alignFrames(one, two, FRAMES_SIMILAR, 1)[0]?.score ?? 0
  const keyframes =
    !byKeyframes || one.keyframes === undefined || two.keyframes === undefined
      ? undefined
      : (alignKeyframes(one.keyframes, two.keyframes, KEYFRAMES_SIMILAR, 1)[0]?.score ?? 0)
  return [frames, keyframes]
}

function rounded(value: number, digits = 1): number {
  return Number(value.toFixed(digits))
}

async function measureHalf(half: number, output: string): Promise<void> {
  const { clips, others } = corpus(films)
  const list = await attacks()
  const mine = clips.filter((_, index) => index % 2 === half)
  const known: { film: Extracted; signatures: Signatures }[] = []
  for (const clip of mine) {
    const film = await knownFilm(clip)
    known.push({ film, signatures: packed(film.signatures) })
  }
  const strange: Extracted[] = []
  // Each half has strangers of its own.
  for (let index = half; index < Number(flags.strangers); index += 2) strange.push(await stranger(others, index))
  const measured: Measured = {
    own: Object.fromEntries(list.map(({ name }) => [name, []])),
    strangers: { pairs: 0, frames: {}, keyframes: {}, keyframePairs: 0, mpeg7: {}, mpeg7Pairs: 0 },
  }
  const count = (into: Record<string, number>, value: number): void => {
    const key = String(Math.floor(value))
    into[key] = (into[key] ?? 0) + 1
  }
  const tally = (a: VideoFeatures, b: VideoFeatures, byKeyframes: boolean): void => {
    const [frames, keyframes] = scores(a, b, byKeyframes)
    count(measured.strangers.frames, frames)
    measured.strangers.pairs++
    if (keyframes === undefined) return
    count(measured.strangers.keyframes, keyframes)
    measured.strangers.keyframePairs++
  }
  for (const [index, clip] of mine.entries()) {
    for (const [number, attack] of list.entries()) {
      const { features, signatures } = await attackedFilm(clip, attack)
      const [own, piece] = [known[index]!, packed(signatures)]
      const found = compareFilms(features, own.film.features)
      // Of a film that is too plain compare() says that it is different, whatever the layers say.
      const plain = showsPlain(features) || showsPlain(own.film.features)
      const placed = found.shared.some(({ a, b, tempo }) => Math.abs(b.from - a.from * tempo - START) < 0.7)
      measured.own[attack.name]!.push([
        plain ? 0 : rounded(found.frames),
        plain ? 0 : rounded(found.keyframes),
        rounded(alignedDistance(piece, own.signatures)),
        placed ? 1 : 0,
      ])
      for (const [other, { film, signatures: theirs }] of known.entries()) {
        if (other === index) continue
        tally(features, film.features, (number + index + other) % KEYFRAMES_EVERY === 0)
        const distance = alignedDistance(piece, theirs)
        if (Number.isFinite(distance)) {
          count(measured.strangers.mpeg7, distance)
          measured.strangers.mpeg7Pairs++
        }
      }
      for (const { features: other } of strange) tally(features, other, false)
    }
    for (const { features: other } of strange) tally(known[index]!.film.features, other, false)
    for (let other = index + 1; other < known.length; other++) tally(known[index]!.film.features, known[other]!.film.features, true)
    // After every film, so that what a run that was stopped has measured can be reported.
    writeFileSync(output, JSON.stringify(measured))
    console.log(`half ${half}, ${index + 1} of ${mine.length}: ${clip.name}, ${measured.strangers.pairs} pairs of strangers`)
  }
}

async function inProcess(args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [import.meta.filename, '--films', flags.films, '--strangers', flags.strangers, ...args], {
    stdio: 'inherit',
  })
  const code = await new Promise<number | null>((resolve) => child.on('exit', resolve))
  if (code !== 0) throw new Error(`A part of the benchmark ended with ${code}.`)
}

async function measure(): Promise<VideoResults> {
  // Made before the parts run, so that no two make the same film.
  const { clips } = corpus(films)
  const outputs = [0, 1].map((half) => join(import.meta.dirname, '..', '.colophon', 'films', `half${half}.json`))
  if (!flags.measured) {
    await Promise.all(Array.from({ length: PROCESSES }, (_, part) => inProcess(['--extract', String(part)])))
    await Promise.all(outputs.map((output, half) => inProcess(['--half', String(half), '--output', output])))
  }
  const halves = outputs.map((output) => JSON.parse(readFileSync(output, 'utf8')) as Measured) as [Measured, Measured]
  const lengths = halves.map(({ own }) => Math.min(...Object.values(own).map((list) => list.length)))
  const measured = clips
    .map((clip, index) => ({ clip, half: index % 2, place: index >> 1 }))
    .filter(({ half, place }) => place < lengths[half]!)
  const listed: VideoResults['films'] = []
  for (const { clip, half } of measured) {
    listed.push({ name: clip.name, real: clip.real, half: half as 0 | 1, plain: showsPlain((await knownFilm(clip)).features) })
  }
  return {
    node: process.version,
    films: listed,
    own: Object.fromEntries(
      Object.keys(halves[0].own).map((name) => [name, measured.map(({ half, place }) => halves[half as 0 | 1].own[name]![place]!)]),
    ),
    strangers: [halves[0].strangers, halves[1].strangers],
  }
}

function write(all: VideoResults): void {
  mkdirSync(join(import.meta.dirname, 'results'), { recursive: true })
  const json = JSON.stringify(all, null, 1)
  // Lists of numbers on one line, as the formatter has them.
  writeFileSync(results, `${json.replace(/\[\s+([\d.,\s-]+?)\s+\]/g, (_, list: string) => `[${list.replace(/\s+/g, ' ')}]`)}\n`)
}

if (flags.extract !== undefined) await extractPart(Number(flags.extract))
else if (flags.half !== undefined) await measureHalf(Number(flags.half), flags.output!)
else {
  const before = flags.table || flags.pieces !== undefined
  const all = before ? (JSON.parse(readFileSync(results, 'utf8')) as VideoResults) : await measure()
  if (flags.pieces !== undefined) {
    const folder = join(import.meta.dirname, '..', '.colophon', 'films', 'features')
    all.pieces = comparePieces(folder, Number(flags.pieces), (pieces) => {
      write({ ...all, pieces })
      console.log(`${pieces.pairs} pairs of pieces`)
    })
  }
  if (!flags.table) write(all)
  reportVideo(all)
}
