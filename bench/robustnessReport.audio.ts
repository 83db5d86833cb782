import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CHROMAPRINT_SIMILAR, PEAKS_SIMILAR } from '../sdk/src/fingerprint/audio/compareAudio.ts'
import { AUDIO_ATTACKS } from './attacks/audio.ts'
import { replaceSection } from './report.ts'
import type { AudioResults, Pair } from './robustness.audio.ts'
import { table } from './table.ts'

/** The highest bit error rate, in hundredths, that no stranger of the half for choosing comes under. */
const PEER_THRESHOLD = 0.21

const root = join(import.meta.dirname, '..')

/** Writes the table into docs/benchmarks.md and the calibration into the SDK. */
export function reportAudio(all: AudioResults): void {
  // Thresholds were chosen on tracks with an even index; the others judge them.
  const judged = (pairs: readonly Pair[]): Pair[] => pairs.filter((_, index) => index % 2 === 1)
  const [chosen, held] = [all.strangers[0]!, all.strangers[1]!]
  const ours = ([, , shared]: Pair): boolean => shared === 1
  const alone = ([, errors]: Pair): boolean => errors <= PEER_THRESHOLD
  const rows = AUDIO_ATTACKS.filter(({ name }) => judged(all.own[name]!).length > 0).map(({ name }) => {
    const pairs = judged(all.own[name]!)
    const percent = (found: (pair: Pair) => boolean): number => (100 * pairs.filter(found).length) / pairs.length
    return {
      name,
      ours: percent(ours),
      alone: percent(alone),
      least: Math.min(...pairs.map(([score]) => score)),
      placed: (100 * all.placed[name]!) / all.own[name]!.length,
    }
  })
  const mean = (of: (row: (typeof rows)[number]) => number): string =>
    (rows.reduce((sum, row) => sum + of(row), 0) / rows.length).toFixed(1)
  const most = (half: AudioResults['strangers'][number]): number => Math.max(...Object.keys(half.scores).map(Number))
  const fewest = (half: AudioResults['strangers'][number]): number => Math.min(...Object.keys(half.errorRates).map(Number))
  const falsePositives = Object.entries(held.scores).reduce((sum, [score, count]) => sum + (Number(score) >= PEAKS_SIMILAR ? count : 0), 0)
  const falseAlone = Object.entries(held.errorRates).reduce(
    (sum, [rate, count]) => sum + (Number(rate) < PEER_THRESHOLD * 100 ? count : 0),
    0,
  )
  const tracks = rows.length === 0 ? 0 : judged(all.own[AUDIO_ATTACKS[0]!.name]!).length
  const lines = [
    `${all.tracks.length} recordings, ${all.seconds.piece} seconds of each after an attack against ${all.seconds.known} seconds of the original; reported are the ${tracks} that no threshold was chosen on.`,
    `Strangers: of ${held.pairs} pairs among them \`compare\` takes ${held.taken} for copies; ${falsePositives} reach the score of ${PEAKS_SIMILAR} (the highest has ${most(held)}), ${falseAlone} the bit error rate of ${PEER_THRESHOLD} (the lowest has ${(fewest(held) / 100).toFixed(2)});`,
    `of the ${chosen.pairs} pairs that thresholds were chosen on it takes ${chosen.taken}, the highest score is ${most(chosen)}, the lowest bit error rate ${(fewest(chosen) / 100).toFixed(2)}.`,
    ...(all.pieces === undefined ? [] : [saidOfPieces(all.pieces)]),
    '',
    table(
      ['Attack', 'Colophon', 'chromaprint alone', 'lowest score', 'place found'],
      [
        ...rows.map(({ name, ours: a, alone: b, least, placed }) => [
          name,
          `${a.toFixed(0)} %`,
          `${b.toFixed(0)} %`,
          least.toFixed(0),
          `${placed.toFixed(0)} %`,
        ]),
        ['**mean**', `**${mean((row) => row.ours)} %**`, `${mean((row) => row.alone)} %`, '', `${mean((row) => row.placed)} %`],
      ],
    ),
  ]
  replaceSection(join(root, 'docs', 'benchmarks.md'), 'robustness-audio', lines.join('\n'))
  console.log(lines.join('\n'))
  calibrate(chosen)
}

/**
 * How often strangers reach a score: as counted where at least ten did, and from there on along the exponential through the counted tail, down to one in a
 * thousand million.
 */
function calibrate({ scores, pairs }: AudioResults['strangers'][number]): void {
  const reached = (score: number): number =>
    Object.entries(scores).reduce((sum, [other, count]) => sum + (Number(other) >= score ? count : 0), 0)
  const points: [number, number][] = []
  for (let score = 0; reached(score) >= 10; score += 2) points.push([score, reached(score) / pairs])
  const [last, lastRate] = points.at(-1)!
  // The slope of the last tenth of the pairs.
  const [from, fromRate] = points.find(([, rate]) => rate <= 0.1) ?? points[0]!
  const slope = Math.log(fromRate / lastRate) / Math.max(last - from, 1)
  points.push([Math.ceil(last + Math.log(lastRate / 1e-9) / slope), 1e-9])
  const text = [
    '// Written by `npm run bench:robustness:audio`; not to be edited by hand.',
    '',
    '/**',
    ` * Scores of peaks, and the share of pairs of unrelated recordings that reach them: counted on ${pairs} pairs down to ${lastRate.toPrecision(1)}, from there on`,
    ' * extrapolated along the exponential through the counted tail.',
    ' */',
    'export const PEAK_CALIBRATION: readonly (readonly [score: number, rate: number])[] = [',
    ...points.map(([score, rate]) => `  [${score}, ${Number(rate.toPrecision(3))}],`),
    ']',
    '',
  ].join('\n')
  writeFileSync(join(root, 'sdk', 'src', 'fingerprint', 'audio', 'calibration.ts'), text)
}

function saidOfPieces({ pairs, pieces, tracks, scores, errorRates, taken }: NonNullable<AudioResults['pieces']>): string {
  const reach = Object.entries(scores).reduce((sum, [score, count]) => sum + (Number(score) >= PEAKS_SIMILAR ? count : 0), 0)
  const near = Object.entries(errorRates).reduce((sum, [rate, count]) => sum + (Number(rate) < CHROMAPRINT_SIMILAR * 100 ? count : 0), 0)
  return `Pieces of different recordings, each after an attack: of ${pairs} pairs of ${pieces} pieces of ${tracks} recordings, mixed, \`compare\` takes ${taken} for copies; ${reach} reach the score of ${PEAKS_SIMILAR} (the highest has ${Math.max(...Object.keys(scores).map(Number))}), ${near} come below the bit error rate of ${CHROMAPRINT_SIMILAR} (the lowest has ${(Math.min(...Object.keys(errorRates).map(Number)) / 100).toFixed(2)}).`
}
