import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { FRAMES_SIMILAR, KEYFRAMES_SIMILAR } from '../sdk/src/fingerprint/video/compareFilms.ts'
import { replaceSection } from './report.ts'
import type { PiecePairs } from './robustness/pieces.ts'
import type { Own, Strangers, VideoResults } from './robustness.video.ts'
import { table } from './table.ts'

const root = join(import.meta.dirname, '..')

/** Writes the table into docs/benchmarks.md and the calibration into the SDK. */
export function reportVideo(all: VideoResults): void {
  const [chosen, held] = all.strangers
  // Thresholds were chosen on one half of the films; the others judge them.
  const judged = <Item>(items: readonly Item[]): Item[] => items.filter((_, index) => all.films[index]!.half === 1)
  const peerThreshold = Math.min(...Object.keys(chosen.mpeg7).map(Number))
  const byFrames = ([frames]: Own): boolean => frames >= FRAMES_SIMILAR
  const byKeyframes = ([, keyframes]: Own): boolean => keyframes >= KEYFRAMES_SIMILAR
  const byPeer = ([, , distance]: Own): boolean => distance < peerThreshold
  const percent = (items: readonly Own[], found: (own: Own) => boolean): number => (100 * items.filter(found).length) / items.length
  const rows = Object.entries(all.own).map(([name, list]) => {
    const items = judged(list)
    const found = items.filter((own) => byFrames(own) || byKeyframes(own))
    return {
      name,
      ours: percent(items, (own) => byFrames(own) || byKeyframes(own)),
      frames: percent(items, byFrames),
      keyframes: percent(items, byKeyframes),
      peer: percent(items, byPeer),
      // Segments in another order have no one place.
      placed: found.length === 0 || name === 'shuffled segments' ? undefined : percent(found, ([, , , placed]) => placed === 1),
    }
  })
  type Row = (typeof rows)[number]
  const mean = (of: (row: Row) => number): string => (rows.reduce((sum, row) => sum + of(row), 0) / rows.length).toFixed(1)
  const most = (counts: Record<string, number>): number => Math.max(...Object.keys(counts).map(Number))
  const atLeast = (counts: Record<string, number>, score: number): number =>
    Object.entries(counts).reduce((sum, [key, count]) => sum + (Number(key) >= score ? count : 0), 0)
  const below = (counts: Record<string, number>, score: number): number =>
    Object.entries(counts).reduce((sum, [key, count]) => sum + (Number(key) < score ? count : 0), 0)
  const said = ({ pairs, frames, keyframes, keyframePairs }: Strangers): string =>
    `of ${pairs} pairs ${atLeast(frames, FRAMES_SIMILAR)} reach the frames' threshold of ${FRAMES_SIMILAR} (the highest score is ${most(frames)}), and of ${keyframePairs} pairs ${atLeast(keyframes, KEYFRAMES_SIMILAR)} the key frames' of ${KEYFRAMES_SIMILAR} (${most(keyframes)})`
  const real = all.films.filter((film) => film.real).length
  const lines = [
    `${all.films.length} films of up to 16 seconds, ${real} of them filmed or recorded, the others made of photographs by moving over them; ten seconds of each (or what the attack says) after an attack against the film. Reported are the ${judged(all.films).length} that no threshold was chosen on.`,
    `Strangers: ${said(held)}; on the half for choosing, ${said(chosen)}.`,
    ...(all.pieces === undefined ? [] : [saidOfPieces(all.pieces)]),
    `MPEG-7 signatures alone, aligned at three speeds: the threshold is what no pair of the half for choosing comes below, a mean distance of ${peerThreshold} of 760; ${below(held.mpeg7, peerThreshold)} of ${held.mpeg7Pairs} pairs of the other half do.`,
    '',
    table(
      ['Attack', 'Colophon', 'by frames', 'by key frames', 'MPEG-7 alone', 'place found, of those recognised'],
      [
        ...rows.map((row) => [
          row.name,
          ...[row.ours, row.frames, row.keyframes, row.peer, row.placed].map((value) =>
            value === undefined ? '' : `${value.toFixed(0)} %`,
          ),
        ]),
        [
          '**mean**',
          `**${mean((row) => row.ours)} %**`,
          `${mean((row) => row.frames)} %`,
          `${mean((row) => row.keyframes)} %`,
          `${mean((row) => row.peer)} %`,
          '',
        ],
      ],
    ),
  ]
  console.log(lines.join('\n'))
  replaceSection(join(root, 'docs', 'benchmarks.md'), 'robustness-video', lines.join('\n'))
  calibrate(chosen)
}

/**
 * How often strangers reach a score: as counted where at least ten did, and from there on along the exponential through the counted tail, down to one in a
 * thousand million.
 */
function calibrate({ pairs, frames, keyframes, keyframePairs }: Strangers): void {
  const points = (counts: Record<string, number>, pairs: number): [number, number][] => {
    const reached = (score: number): number =>
      Object.entries(counts).reduce((sum, [key, count]) => sum + (Number(key) >= score ? count : 0), 0)
    const found: [number, number][] = []
    for (let score = 1; reached(score) >= 10; score++) found.push([score, reached(score) / pairs])
    if (found.length === 0) found.push([1, Math.max(reached(1), 3) / pairs])
    const [last, lastRate] = found.at(-1)!
    // With few points the tail is taken to fall tenfold in four of the score's units at most: slower than any that was counted.
    const [first, firstRate] = found[0]!
    const slope = Math.min(last > first ? Math.log(firstRate / lastRate) / (last - first) : Number.POSITIVE_INFINITY, Math.LN10 / 4)
    found.push([Math.ceil(last + Math.log(lastRate / 1e-9) / slope), 1e-9])
    return found
  }
  const written = (name: string, counts: Record<string, number>, all: number): string[] => [
    `export const ${name}: readonly CalibrationPoint[] = [`,
    ...points(counts, all).map(([score, rate]) => `  [${score}, ${Number(rate.toPrecision(3))}],`),
    ']',
  ]
  const text = [
    '// Written by `npm run bench:robustness:video`; not to be edited by hand.',
    '',
    '/** A score, and the share of pairs of unrelated films that reach it. */',
    'export type CalibrationPoint = readonly [score: number, rate: number]',
    '',
    `/** Counted on ${pairs} pairs where ten or more reach a score, from there on extrapolated along the tail. */`,
    ...written('FRAME_CALIBRATION', frames, pairs),
    '',
    `/** The same of key frames, on ${keyframePairs} pairs. */`,
    ...written('KEYFRAME_CALIBRATION', keyframes, keyframePairs),
    '',
  ].join('\n')
  writeFileSync(join(root, 'sdk', 'src', 'fingerprint', 'video', 'calibration.ts'), text)
}

function saidOfPieces({ pairs, pieces, films, highest }: PiecePairs): string {
  const host = '--picture-in-picture'
  const reaching = highest.filter(({ score }) => score >= FRAMES_SIMILAR)
  const sharing = reaching.filter(({ of }) => of.every((name) => name.endsWith(host))).length
  return (
    `Pieces of different films, each after an attack: of ${pairs} pairs of ${pieces} pieces of ${films} films, mixed, ${reaching.length} reach the frames' threshold of ${FRAMES_SIMILAR}. ` +
    `${sharing} of them were both put into the same picture, which they do share; of all others ${reaching.length - sharing} do.`
  )
}
