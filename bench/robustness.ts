// `npm run bench:robustness [-- --photographs N] [-- --pairs N] [-- --measured]`: how many copies are recognised after each attack, at a threshold that hardly
// any pair of strangers passes. Thresholds are chosen on one half of the corpus and reported on the other. Writes bench/results/robustness.json,
// the table in docs/benchmarks.md and the calibration that `compare` uses. Features are kept in .colophon/robustness, so that a run that was
// stopped goes on where it was; the first takes an hour on two cores. `--measured` only reads what the last run measured.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { imageAttacks } from './attacks/image.ts'
import { replaceSection } from './report.ts'
import type { Comparison, Measurement } from './robustness/measure.ts'
import { table } from './table.ts'

const root = join(import.meta.dirname, '..')
const store = join(root, '.colophon', 'robustness')

/** False-positive rate that thresholds are chosen for. */
const RATE = 1e-6
/** PDQ, views and keypoints all may be wrong, so that each gets a third. */
const SHARE = RATE / 3

const { values: flags } = parseArgs({
  options: {
    photographs: { type: 'string', default: '1000' },
    pairs: { type: 'string', default: '150000' },
    measured: { type: 'boolean', default: false },
  },
})

async function run(script: string, args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [join(root, 'bench', 'robustness', script), ...args], { stdio: 'inherit' })
  const code = await new Promise<number | null>((resolve) => child.on('exit', resolve))
  if (code !== 0) throw new Error(`${script} ended with ${code}.`)
}

mkdirSync(store, { recursive: true })
const outputs = [0, 1].map((half) => join(store, `half${half}.json`))
if (!flags.measured) {
  const parts = Math.min(availableParallelism(), 8)
  await Promise.all(Array.from({ length: parts }, (_, part) => run('extract.ts', [part, parts, flags.photographs].map(String))))
  await Promise.all(outputs.map((output, half) => run('measure.ts', [String(half), flags.photographs, flags.pairs, output])))
}
if (!outputs.every((output) => existsSync(output))) throw new Error('Nothing has been measured yet: run it without --measured.')
const [chosenOn, reportedOn] = outputs.map((output) => JSON.parse(readFileSync(output, 'utf8')) as Measurement) as [
  Measurement,
  Measurement,
]

type Code = 'pdq' | 'blockhash' | 'iscc' | 'views'

/** The largest distance that no more than `rate` of the strangers come within. */
function distanceAt({ pairs, histogram }: { pairs: number; histogram: number[] }, rate: number): number {
  let within = 0
  for (let distance = 0; distance < histogram.length; distance++) {
    within += histogram[distance]!
    if (within > rate * pairs) return distance - 1
  }
  return histogram.length - 1
}

/** Shares of strangers at or above each score: as counted, and past the last counted one as the tail before it falls, by a straight line through its logarithms. */
function scoreRates({ pairs, histogram }: { pairs: number; histogram: number[] }): number[] {
  const rates: number[] = []
  let above = pairs
  for (const count of histogram) {
    rates.push(above / pairs)
    above -= count
  }
  const last = rates.findLastIndex((rate) => rate > 0)
  // The line from where one in a hundred is left; the flat start says nothing about the tail.
  const first = Math.max(
    rates.findIndex((rate) => rate < 0.01),
    1,
  )
  const points = rates.slice(first, last + 1).map((rate, index) => [first + index, Math.log10(rate)] as const)
  const slope = points.length < 2 ? -0.5 : Math.max(lineSlope(points), -1)
  return rates.map((rate, score) => (score <= last ? rate : rates[last]! * 10 ** (Math.min(slope, -0.1) * (score - last))))
}

function lineSlope(points: readonly (readonly [number, number])[]): number {
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / points.length
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / points.length
  const [top, bottom] = points.reduce(([p, q], [x, y]) => [p + (x - meanX) * (y - meanY), q + (x - meanX) ** 2], [0, 0] as [number, number])
  return bottom === 0 ? -0.5 : top / bottom
}

const alone: Record<Exclude<Code, 'views'>, number> = {
  iscc: distanceAt(chosenOn.strangers.iscc, RATE),
  blockhash: distanceAt(chosenOn.strangers.blockhash, RATE),
  pdq: distanceAt(chosenOn.strangers.pdq, RATE),
}
const rates = scoreRates(chosenOn.strangers.keypoints)
const thresholds = {
  pdq: distanceAt(chosenOn.strangers.pdq, SHARE),
  views: distanceAt(chosenOn.strangers.views, SHARE),
  keypoints: rates.findIndex((rate) => rate <= SHARE),
}

function within(code: Code, limit: number): number {
  const { histogram } = reportedOn.strangers[code]
  return histogram.slice(0, limit + 1).reduce((sum, count) => sum + count, 0)
}
const wrongFits = reportedOn.strangers.keypoints.histogram.slice(thresholds.keypoints).reduce((sum, count) => sum + count, 0)

const recognised: Record<string, (copy: Comparison & { plain: boolean }) => boolean> = {
  'ISCC-Image': ({ iscc }) => iscc <= alone.iscc,
  blockhash: ({ blockhash }) => blockhash <= alone.blockhash,
  PDQ: ({ pdq }) => pdq <= alone.pdq,
  'views only': ({ views, plain }) => !plain && views <= thresholds.views,
  'keypoints only': ({ keypoints, ofPicture, plain }) => !plain && ofPicture && keypoints >= thresholds.keypoints,
  Colophon: ({ pdq, keypoints, ofPicture, plain }) => !plain && (pdq <= thresholds.pdq || (ofPicture && keypoints >= thresholds.keypoints)),
}
const columns = Object.keys(recognised)

const attacks = Object.fromEntries(
  imageAttacks.map(({ name }) => {
    const copies = reportedOn.copies[name] ?? []
    const tpr = Object.fromEntries(columns.map((column) => [column, copies.filter(recognised[column]!).length / copies.length]))
    return [name, { n: copies.length, tpr }]
  }),
)
const mean = (column: string): number => Object.values(attacks).reduce((sum, { tpr }) => sum + tpr[column]!, 0) / imageAttacks.length

const overlays = Object.fromEntries(
  Object.entries(reportedOn.overlays).map(([name, pairs]) => [
    name,
    {
      pairs: pairs.length,
      fits: pairs.filter(({ keypoints, plain }) => !plain && keypoints >= thresholds.keypoints).length,
      takenForCopies: pairs.filter(recognised.Colophon!).length,
    },
  ]),
)

const bits = ['pdq', 'blockhash', 'iscc', 'views'] as const
const falsePositives = {
  'ISCC-Image': { threshold: alone.iscc, wrong: within('iscc', alone.iscc), pairs: reportedOn.strangers.iscc.pairs },
  blockhash: { threshold: alone.blockhash, wrong: within('blockhash', alone.blockhash), pairs: reportedOn.strangers.blockhash.pairs },
  PDQ: { threshold: alone.pdq, wrong: within('pdq', alone.pdq), pairs: reportedOn.strangers.pdq.pairs },
  'views only': { threshold: thresholds.views, wrong: within('views', thresholds.views), pairs: reportedOn.strangers.views.pairs },
  'keypoints only': { threshold: thresholds.keypoints, wrong: wrongFits, pairs: reportedOn.strangers.keypoints.pairs },
}

const results = {
  machine: `Node ${process.version}, ${cpus()[0]?.model ?? 'unknown'}, ${availableParallelism()} cores`,
  images: {
    falsePositiveRate: RATE,
    chosenOn: {
      photographs: chosenOn.photographs,
      queried: chosenOn.queried,
      references: chosenOn.references,
      pairs: chosenOn.strangers.views.pairs,
      keypointPairs: chosenOn.strangers.keypoints.pairs,
    },
    reportedOn: { photographs: reportedOn.photographs, queried: reportedOn.queried, references: reportedOn.references },
    thresholds,
    falsePositives,
    overlays,
    mean: Object.fromEntries(columns.map((column) => [column, mean(column)])),
    worst: Object.entries(attacks).reduce(
      (least, [attack, { tpr }]) => (tpr.Colophon! < least.tpr ? { attack, tpr: tpr.Colophon! } : least),
      { attack: '', tpr: 2 },
    ),
    attacks,
  },
}
mkdirSync(join(root, 'bench', 'results'), { recursive: true })
const resultsFile = join(root, 'bench', 'results', 'robustness.json')
writeFileSync(resultsFile, `${JSON.stringify(results, null, 2)}\n`)

const percent = (share: number): string => (share * 100).toFixed(share > 0.995 && share < 1 ? 1 : 0)
const rows = imageAttacks.map(({ name }) => [
  name,
  ...columns.map((column) =>
    column === 'Colophon' ? `**${percent(attacks[name]!.tpr[column]!)}**` : percent(attacks[name]!.tpr[column]!),
  ),
])
const summary = [
  `Attacks were made of ${chosenOn.photographs} photographs to choose the thresholds and of ${reportedOn.photographs} others to report on. Strangers to choose by: what became of ${chosenOn.queried} photographs beside ${chosenOn.references} references, ${chosenOn.strangers.views.pairs.toLocaleString('en')} pairs by codes and ${chosenOn.strangers.keypoints.pairs.toLocaleString('en')} by keypoints; to report on: ${reportedOn.queried} photographs beside ${reportedOn.references}.`,
  '',
  table(
    ['', ...columns],
    [
      [
        'threshold',
        ...columns.map((column) =>
          column === 'Colophon'
            ? 'PDQ or keypoints'
            : `${column === 'keypoints only' ? 'score ≥' : '≤'} ${falsePositives[column as keyof typeof falsePositives].threshold}`,
        ),
      ],
      [
        'strangers beyond it',
        ...columns.map((column) =>
          column === 'Colophon'
            ? ''
            : `${falsePositives[column as keyof typeof falsePositives].wrong} of ${falsePositives[column as keyof typeof falsePositives].pairs.toLocaleString('en')}`,
        ),
      ],
      ...rows,
      ['**mean**', ...columns.map((column) => `**${(mean(column) * 100).toFixed(1)}**`)],
    ],
  ),
].join('\n')
const shared = Object.entries(overlays).map(
  ([name, { pairs, fits, takenForCopies }]) => `${name} ${pairs} pairs, ${fits} with a fit, ${takenForCopies} taken for copies`,
)
replaceSection(
  join(root, 'docs', 'benchmarks.md'),
  'robustness-images',
  `${summary}\n\nDifferent photographs with the same thing on them (after the attack named): ${shared.join('; ')}.`,
)

/** Rates for every distance up to where one pair in a hundred is as near. */
function distanceTable({ pairs, histogram }: { pairs: number; histogram: number[] }): {
  pairs: number
  nearer: 'below'
  least: number
  rates: number[]
} {
  let within = 0
  const all = histogram.map((count) => {
    within += count
    return within / pairs
  })
  const least = Math.max(
    all.findIndex((rate) => rate > 0),
    0,
  )
  const end = all.findIndex((rate) => rate >= 0.01)
  return { pairs, nearer: 'below', least, rates: all.slice(least, end < 0 ? all.length : end + 1).map(short) }
}

function short(rate: number): number {
  return Number(rate.toPrecision(3))
}

const scores = rates
  .slice(
    1,
    Math.max(
      rates.findIndex((rate) => rate < 1e-9),
      2,
    ),
  )
  .map(short)
const calibration = {
  thresholds,
  layers: {
    ...Object.fromEntries(bits.map((code) => [code === 'iscc' ? 'iscc-content' : code, distanceTable(chosenOn.strangers[code])])),
    keypoints: { pairs: chosenOn.strangers.keypoints.pairs, nearer: 'above', least: 1, rates: scores },
  },
}
const calibrationFile = join(root, 'sdk', 'src', 'fingerprint', 'image', 'calibrationTable.ts')
writeFileSync(
  calibrationFile,
  `// Written by \`npm run bench:robustness\`, not by hand: how near pairs of strangers come, measured on the half of the corpus that thresholds are
// chosen on (${chosenOn.queried} photographs after ${imageAttacks.length} attacks beside ${chosenOn.references} references; bench/results/robustness.json has the other half).
import type { Calibration } from './calibration.ts'

export const CALIBRATION: Calibration = ${literal(calibration)}
`,
)

spawnSync(
  process.execPath,
  [join(root, 'node_modules', '@biomejs', 'biome', 'bin', 'biome'), 'format', '--write', calibrationFile, resultsFile],
  { stdio: 'ignore' },
)

/** The value as the formatter leaves it, more or less: keys without quotes, lists on one line. */
function literal(value: unknown, indent = ''): string {
  if (Array.isArray(value)) return `[${value.join(', ')}]`
  if (typeof value === 'object' && value !== null) {
    const deeper = `${indent}  `
    const lines = Object.entries(value).map(([key, item]) => `${deeper}${/^\w+$/.test(key) ? key : `'${key}'`}: ${literal(item, deeper)},`)
    return `{\n${lines.join('\n')}\n${indent}}`
  }
  return typeof value === 'string' ? `'${value}'` : String(value)
}

console.log(summary)
for (const measured of [chosenOn, reportedOn]) {
  for (const layer of [...bits, 'keypoints']) {
    const near = measured.nearest
      .filter((pair) => pair.layer === layer)
      .sort((a, b) => (layer === 'keypoints' ? b.value - a.value : a.value - b.value))
    console.log(
      `nearest strangers by ${layer}: ${
        near
          .slice(0, 8)
          .map(({ value, attack, a, b }) => `${value.toFixed(1)} (${attack}: ${a} ${b})`)
          .join(', ') || 'none near'
      }`,
    )
  }
}
