// `npm run bench:fingerprint:audio`: how fast recordings are fingerprinted on this machine, chromaprint beside fpcalc on the same samples, in turns in the
// same run. Writes bench/results/fingerprint.audio.json and the table in docs/benchmarks.md; takes less than a minute.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fingerprint } from '@colophon/sdk/fingerprint'
import { createChromaprinter } from '../sdk/src/fingerprint/audio/chromaprint.ts'
import { SAMPLE_RATE } from '../sdk/src/fingerprint/audio/decode.ts'
import { createPeakFinder } from '../sdk/src/fingerprint/audio/peaks.ts'
import { play, wav } from '../sdk/test/fingerprint/recordings.ts'
import { median, replaceSection } from './report.ts'
import { table } from './table.ts'

const ROUNDS = 5
const SECONDS = 600
const root = join(import.meta.dirname, '..')

const minute = play({ seed: 3, seconds: 60 })
const samples = new Int16Array(SECONDS * SAMPLE_RATE)
for (let at = 0; at < samples.length; at += minute.length) samples.set(minute.subarray(0, samples.length - at), at)
const file = wav(samples)
const folder = mkdtempSync(join(tmpdir(), 'colophon-bench-'))
const path = join(folder, 'samples.wav')
writeFileSync(path, file)

/** Runs chromaprint's own program, and gives the processor time that it took, in microseconds: what bash counts of it. */
function fpcalc(): number {
  const timed = `TIMEFORMAT='%U %S'; time fpcalc -raw -length 0 "$0" > /dev/null 2>&1`
  const { error, stderr } = spawnSync('bash', ['-c', timed, path], { encoding: 'utf8' })
  if (error !== undefined) throw error
  const [user = Number.NaN, system = Number.NaN] = stderr.trim().split(' ').map(Number)
  return (user + system) * 1e6
}
const chromaprint = (): void => {
  const chromaprinter = createChromaprinter()
  chromaprinter.add(samples)
  chromaprinter.finish()
}
const peaks = (): void => {
  const finder = createPeakFinder()
  finder.add(samples)
  finder.finish()
}

const contenders: { name: string; run: () => unknown }[] = [
  { name: 'chromaprint, from samples', run: chromaprint },
  { name: 'peaks, from samples', run: peaks },
  { name: 'fingerprint() of the WAV, all layers', run: () => fingerprint(file) },
]
if (spawnSync('fpcalc', ['-version']).error === undefined) contenders.push({ name: 'fpcalc, of the WAV, its start included', run: fpcalc })
else console.log('fpcalc is not installed (libchromaprint-tools): the peer is left out.')

const load = Number(loadavg()[0]!.toFixed(1))
const rounds = contenders.map(() => [] as number[])
const processor = contenders.map(() => [] as number[])
// The first round warms up.
for (let round = 0; round <= ROUNDS; round++) {
  for (const [i, { run }] of contenders.entries()) {
    const started = performance.now()
    const cpu = process.cpuUsage()
    const elsewhere = await run()
    const { user, system } = process.cpuUsage(cpu)
    if (round === 0) continue
    rounds[i]!.push(SECONDS / ((performance.now() - started) / 1000))
    processor[i]!.push(SECONDS / ((typeof elsewhere === 'number' ? elsewhere : user + system) / 1e6))
  }
}
rmSync(folder, { recursive: true })

const rounded = (value: number): number => Number(value.toPrecision(3))
const results = contenders.map(({ name }, i) => ({
  name,
  timesRealTime: rounded(median(rounds[i]!)),
  timesRealTimeByProcessorTime: rounded(median(processor[i]!)),
  rounds: rounds[i]!.map(rounded),
}))
const machine = { node: process.version, processor: cpus()[0]?.model ?? 'unknown', cores: availableParallelism(), load }
mkdirSync(join(root, 'bench', 'results'), { recursive: true })
const json = JSON.stringify({ machine, seconds: SECONDS, results }, null, 2)
writeFileSync(
  join(root, 'bench', 'results', 'fingerprint.audio.json'),
  `${json.replace(/\[\s+([\d.,\s]+?)\s+\]/g, (_, list: string) => `[${list.replace(/\s+/g, ' ')}]`)}\n`,
)
const lines = [
  `Node ${machine.node}, ${machine.processor}, ${machine.cores} cores, load ${load} from other work at the start; medians of ${ROUNDS} rounds over ${SECONDS} seconds of sound.`,
  '',
  table(
    ['What', 'times real time', 'by processor time'],
    results.map(({ name, timesRealTime, timesRealTimeByProcessorTime }) => [
      name,
      String(timesRealTime),
      String(timesRealTimeByProcessorTime),
    ]),
  ),
]
const [ours, theirs] = [processor[0]!, processor[contenders.findIndex(({ run }) => run === fpcalc)]]
if (theirs !== undefined) {
  const ratio = Number((median(theirs) / median(ours)).toPrecision(2))
  lines.push(
    '',
    `By processor time chromaprint takes ${ratio} times as long here as in fpcalc, whose start and reading of the file are counted with it.`,
  )
}
replaceSection(join(root, 'docs', 'benchmarks.md'), 'fingerprint-audio', lines.join('\n'))
console.log(lines.join('\n'))
