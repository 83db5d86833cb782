// `npm run bench:search`: one code against many. The embedded index, brute force over the same codes and, where it is installed, usearch take
// the same questions in turns, each in a process of its own so that its memory can be told. Writes bench/results/search.json and the table
// in docs/benchmarks.md. `-- --n 10000000` is the largest size, 1,000,000 by default; sizes from 100,000 up are measured on the way. `--keep` keeps
// the results of an earlier run for what is not measured in this one (`--n 0`: only works with all their features are), and `--only postgres` measures one contender.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { median, numbers, replaceSection } from './report.ts'
import type { Asked, Built, Question } from './search/contender.ts'
import { type Curve, drawGrowth } from './search/growth.ts'
import type { Measured as OfWorks } from './search/measure.ts'
import { copyOf, fillCodes, lots, stranger } from './search/pictures.ts'

const { values } = parseArgs({
  options: {
    n: { type: 'string', default: '1000000' },
    usearch: { type: 'string', default: '100000' },
    texts: { type: 'string', default: '100000' },
    images: { type: 'string', default: '20000' },
    recordings: { type: 'string', default: '500' },
    postgres: { type: 'string', default: '100000' },
    keep: { type: 'boolean', default: false },
    only: { type: 'string' },
  },
})
const largest = Number(values.n)
const postgresSize = Math.min(Number(values.postgres), largest)
const usearchSize = Math.min(Number(values.usearch), largest)
/** Questions of each threshold; every tenth is about a stranger. */
const QUESTIONS = 200
const THRESHOLDS = [31, 73] as const
/** Codes of one work, as a picture has several. */
const CODES_OF_WORK = 4
const root = join(import.meta.dirname, '..')
const folder = mkdtempSync(join(tmpdir(), 'colophon-bench-search-'))

/** Milliseconds: median and 95th of 100 by the clock, median of the processor; and the share of what is there that was found. */
interface Times {
  p50: number
  p95: number
  cpu: number
  recall: number
}

interface Measured extends Built {
  n: number
  r31: Times
  r73: Times
}

interface Contender {
  built: Built
  ask(question: Question): Promise<Asked>
  stop(): Promise<void>
}

/** A process that holds one index. */
async function start(kind: string, count: number): Promise<Contender | undefined> {
  const child = fork(join(import.meta.dirname, 'search', 'contender.ts'), [kind, folder, String(count)], { serialization: 'advanced' })
  const [built] = (await once(child, 'message')) as [Built | { missing: string }]
  if ('missing' in built) {
    console.log(built.missing)
    return undefined
  }
  return {
    built,
    ask: async (question) => {
      child.send(question)
      return ((await once(child, 'message')) as [Asked])[0]
    },
    stop: async () => {
      child.disconnect()
      await once(child, 'exit')
    },
  }
}

function questions(codes: Uint8Array, threshold: number): Question[] {
  const next = lots(threshold)
  const random = numbers(threshold)
  return Array.from({ length: QUESTIONS }, (_, index) => {
    if (index % 10 === 9) return { code: stranger(next), threshold }
    const at = Math.floor(random() * (codes.length / 32)) * 32
    // Copies at all distances up to the threshold, and some beyond.
    return { code: copyOf(codes.subarray(at, at + 32), (random() * threshold * 1.1) / 256, next), threshold }
  })
}

const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)]!
const rounded = (value: number, digits = 3): number => Number(value.toPrecision(digits))

/** All contenders of one size, question by question in turns. */
async function race(kinds: readonly string[], count: number): Promise<Record<string, Measured>> {
  const codes = new Uint8Array(count * 32)
  fillCodes(codes, 1)
  writeFileSync(join(folder, 'codes'), codes)
  const contenders = new Map<string, Contender>()
  const building = kinds.includes('embedded') ? await start('embeddedBuild', count) : undefined
  const { rssMB: _, ...own } = building?.built ?? { rssMB: 0 }
  await building?.stop()
  for (const kind of kinds) {
    const contender = await start(kind, count)
    if (contender !== undefined) contenders.set(kind, contender)
  }
  const results: Record<string, Measured> = {}
  for (const [kind, { built }] of contenders) {
    const none = { p50: 0, p95: 0, cpu: 0, recall: 0 }
    results[kind] = { n: count, ...built, ...(kind === 'embedded' ? own : {}), r31: none, r73: none }
  }
  for (const threshold of THRESHOLDS) {
    const times = new Map([...contenders.keys()].map((kind) => [kind, [] as number[]]))
    const used = new Map([...contenders.keys()].map((kind) => [kind, [] as number[]]))
    const recalled = new Map([...contenders.keys()].map((kind) => [kind, 0]))
    let expected = 0
    for (const question of questions(codes, threshold)) {
      const truth = new Set<number>()
      for (const [kind, contender] of contenders) {
        const { ms, cpuMs, found } = await contender.ask(question)
        times.get(kind)!.push(ms)
        used.get(kind)!.push(cpuMs)
        // An answer is a work, whichever of its codes were found.
        const works = new Set(kind === 'embedded' || kind === 'postgres' ? found : found.map((place) => Math.floor(place / CODES_OF_WORK)))
        if (kind === 'bruteForce') for (const work of works) truth.add(work)
        recalled.set(kind, recalled.get(kind)! + [...works].filter((work) => truth.has(work)).length)
      }
      expected += truth.size
    }
    for (const kind of contenders.keys()) {
      const sorted = times.get(kind)!.sort((a, b) => a - b)
      results[kind]![`r${threshold}`] = {
        p50: rounded(quantile(sorted, 0.5)),
        p95: rounded(quantile(sorted, 0.95)),
        cpu: rounded(median(used.get(kind)!)),
        recall: Number((recalled.get(kind)! / expected).toFixed(5)),
      }
    }
  }
  for (const contender of contenders.values()) await contender.stop()
  for (const [kind, measured] of Object.entries(results)) console.log(kind, JSON.stringify(measured))
  return results
}

const sized = (count: number): string => (count >= 1e6 ? `${count / 1e6}M` : `${count / 1e3}k`)
const file = join(root, 'bench', 'results', 'search.json')
const kept = values.keep ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, Measured>) : {}
const all: Record<string, Measured> = Object.fromEntries(
  Object.entries(kept).filter(([name]) => /^(embedded|bruteForce|usearch|postgres)/.test(name)),
)
const load = Number(loadavg()[0]!.toFixed(1))
try {
  const steps = [100_000, 1_000_000, 10_000_000].filter((count) => count <= largest)
  for (const count of [...new Set([...steps, ...(postgresSize >= 100_000 ? [postgresSize] : [])])].sort((a, b) => a - b)) {
    const kinds = [
      'bruteForce',
      ...(steps.includes(count) ? ['embedded'] : []),
      ...(count === postgresSize ? ['postgres'] : []),
      ...(count === 100_000 && usearchSize > 0 ? ['usearch'] : []),
    ]
    // What is there to be found is what brute force finds.
    const wanted = values.only === undefined ? kinds : kinds.filter((kind) => kind === 'bruteForce' || kind === values.only)
    if (wanted.length === 1) continue
    for (const [kind, measured] of Object.entries(await race(wanted, count)))
      if (values.only === undefined || kind === values.only) all[`${kind}${sized(count)}`] = measured
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** Runs one of the benchmarks of works with all their features in a process of its own; some ask two kinds of questions. */
async function measured(file: string, count: string): Promise<OfWorks[]> {
  if (count === '0') return []
  const child = fork(join(import.meta.dirname, 'search', file), [count])
  const [result] = (await once(child, 'message')) as [OfWorks | OfWorks[]]
  await once(child, 'exit')
  console.log(file, JSON.stringify(result))
  return [result].flat()
}

/** What each file measures, in the order in which it says it. */
const FILES = {
  texts: { file: 'texts.ts', names: ['texts'] },
  images: { file: 'images.ts', names: ['images'] },
  recordings: { file: 'recordings.ts', names: ['recordings', 'played'] },
} as const
const ofWorks: Record<string, OfWorks> = Object.fromEntries(
  Object.entries(kept as unknown as Record<string, OfWorks>).filter(([name]) => /^(texts|images|recordings|played)/.test(name)),
)
for (const [option, { file: script, names }] of Object.entries(FILES)) {
  const results = await measured(script, values[option as keyof typeof FILES])
  for (const [at, result] of results.entries()) ofWorks[`${names[at]!}${sized(result.n)}`] = result
}

mkdirSync(join(root, 'bench', 'results'), { recursive: true })
const here = { node: process.version, cpu: cpus()[0]?.model ?? 'unknown', cores: availableParallelism(), load }
const machine = 'machine' in kept ? (kept.machine as unknown as typeof here) : here
writeFileSync(file, `${JSON.stringify({ machine, ...all, ...ofWorks }, null, 2)}\n`)

const CALLED: Record<string, string> = {
  embedded: '**Colophon, embedded**',
  bruteForce: 'brute force, WebAssembly SIMD',
  usearch: 'usearch, binary HNSW',
  postgres: '**Colophon, PostgreSQL**',
}
const ASKED: Record<string, string> = {
  texts: 'texts of some 200 words; a quotation of 60',
  images: 'pictures with 43 codes and 500 keys each; a crop of 40 %',
  recordings: 'recordings of three minutes; five seconds, half of the peaks hidden',
  played: 'the same recordings; five seconds up to four semitones higher or lower and up to 15 % faster or slower',
}
const rows = Object.entries(all).map(([name, { n, buildS, buildCpuS, bytesPerCode, rssMB, r31, r73 }]) => {
  const called = CALLED[name.replace(/\d.*$/, '')]!
  const percent = (recall: number): string => `${(recall * 100).toFixed(recall === 1 ? 0 : 2)} %`
  const times = [r31, r73].flatMap(({ p50, p95, cpu, recall }) => [`${p50} / ${p95} (${cpu})`, percent(recall)])
  return `| ${[n.toLocaleString('en'), called, ...times, buildCpuS === undefined ? buildS : `${buildS} (${buildCpuS})`, bytesPerCode ?? '', rssMB].join(' | ')} |`
})
replaceSection(
  join(root, 'docs', 'benchmarks.md'),
  'search',
  [
    `Node ${machine.node}, ${machine.cpu}, ${machine.cores} cores, load average ${machine.load} at the start; ${QUESTIONS} questions for each threshold, milliseconds by the clock (median / 95th of 100) and, in brackets, of the processor (median).`,
    '',
    '| Codes | | within 31 bits | found | within 73 bits | found | build, s (of the processor) | bytes a code on disk | memory, MB |',
    '| ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...rows,
    '',
    '| Works | | codes and keys | found first | ms | build, s (of the processor) | memory, MB | open again, first answer, s of the processor |',
    '| ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...Object.entries(ofWorks).map(([name, { n, features, recall, p50, p95, cpu, buildS, buildCpuS, rssMB, openS, answerS }]) => {
      const cells = [
        n.toLocaleString('en'),
        ASKED[name.replace(/\d.*$/, '')]!,
        features.toLocaleString('en'),
        `${(recall * 100).toFixed(1)} %`,
      ]
      return `| ${[...cells, `${p50} / ${p95} (${cpu})`, `${buildS} (${buildCpuS})`, rssMB, openS === undefined ? '' : `${openS}, ${answerS}`].join(' | ')} |`
    }),
  ].join('\n'),
)

const curve = (kind: string, threshold: 'r31' | 'r73'): [number, number][] =>
  Object.entries(all)
    .filter(([name]) => name.replace(/\d.*$/, '') === kind)
    .map(([, of]): [number, number] => [of.n, of[threshold].cpu])
    .sort(([a], [b]) => a - b)
const near = curve('embedded', 'r31')
const curves: Curve[] = [
  { name: 'brute force', color: '#888', points: curve('bruteForce', 'r31') },
  { name: 'within 73 bits', color: '#b5541c', points: curve('embedded', 'r73') },
  { name: 'within 31 bits', color: '#1c6cb5', points: near },
  // What growth in proportion would be, from the first point on.
  {
    name: 'in proportion',
    color: '#1c6cb5',
    dashed: true,
    points: near.map(([n]): [number, number] => [n, (near[0]![1] * n) / near[0]![0]]),
  },
]
if (near.length > 1) writeFileSync(join(root, 'docs', 'search-growth.svg'), drawGrowth(curves.filter(({ points }) => points.length > 1)))
