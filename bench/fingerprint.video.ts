// `npm run bench:fingerprint:video`: how fast a film of 1920 × 1080 pixels is fingerprinted, beside FFmpeg's filter `signature` in the same run. Writes bench/results/fingerprint.video.json and the table in docs/benchmarks.md.
//   --seconds 40   of the film that is timed
//   --rounds 3     of which the median is taken, after one that warms up
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { installPeer } from '../scripts/setup/peers.ts'
import { fingerprint } from '../sdk/src/fingerprint/index.ts'
import { filmPhotographs, H264, make } from './corpora/video.ts'
import { median, replaceSection } from './report.ts'
import { table } from './table.ts'

const root = join(import.meta.dirname, '..')
const store = join(root, '.colophon', 'films')
const { values: flags } = parseArgs({
  options: {
    seconds: { type: 'string', default: '40' },
    rounds: { type: 'string', default: '3' },
  },
})
const seconds = Number(flags.seconds)
const rounds = Number(flags.rounds)
if (!installPeer('node-av')) throw new Error('node-av cannot be installed from the npm registry.')

/** Camera moves over photographs at 1080p, with the noise that cameras have, at 25 frames and about 5 Mbit a second. */
function highDefinition(): string {
  const photographs = filmPhotographs().slice(0, 4)
  const shots = photographs.map(
    (_, shot) =>
      `[${shot}:v]scale=2400:1350:force_original_aspect_ratio=increase,crop=2400:1350,fps=25,trim=duration=${seconds / 4},setpts=PTS-STARTPTS,` +
      `crop=1920:1080:'480*(0.5+0.5*sin(n/70+${shot}))':'270*(0.5+0.5*cos(n/90))',noise=alls=6:allf=t:all_seed=${shot},setsar=1[v${shot}]`,
  )
  const joined = `${photographs.map((_, shot) => `[v${shot}]`).join('')}concat=n=${photographs.length}:v=1:a=0`
  const inputs = photographs.flatMap((path) => ['-loop', '1', '-framerate', '25', '-t', String(seconds / 4), '-i', path])
  return make(join(store, `speed-${seconds}.mp4`), [...inputs, '-filter_complex', `${shots.join(';')};${joined}`, '-b:v', '5M', ...H264])
}

const path = highDefinition()
const signature = (filter: string): { wall: number; processor: number } => {
  const before = process.resourceUsage()
  const started = performance.now()
  // Children's time is not in resourceUsage: FFmpeg says it itself.
  const { stderr } = spawnSync(
    'ffmpeg',
    ['-nostdin', '-benchmark', '-i', path, '-an', '-vf', `${filter}signature=filename=/dev/null`, '-f', 'null', '-'],
    { encoding: 'utf8' },
  )
  const time = /bench: utime=([\d.]+)s stime=([\d.]+)s/.exec(stderr)
  if (time === null) throw new Error(`FFmpeg cannot read ${path}: ${stderr.slice(-500)} (${before.maxRSS})`)
  return { wall: (performance.now() - started) / 1000, processor: Number(time[1]) + Number(time[2]) }
}
const ours = async (layers: 'all' | 'signature'): Promise<{ wall: number; processor: number }> => {
  const cpu = process.cpuUsage()
  const started = performance.now()
  await fingerprint(path, { layers })
  const { user, system } = process.cpuUsage(cpu)
  return { wall: (performance.now() - started) / 1000, processor: (user + system) / 1e6 }
}
const contenders = [
  { name: 'fingerprint(), all layers', run: () => ours('all') },
  { name: 'fingerprint(), without key frames', run: () => ours('signature') },
  { name: 'ffmpeg -vf signature', run: () => signature('') },
  { name: 'ffmpeg -vf fps=5,signature', run: () => signature('fps=5,') },
]
const load = Number(loadavg()[0]!.toFixed(1))
const taken = contenders.map(() => [] as { wall: number; processor: number }[])
// The first round warms up.
for (let round = 0; round <= rounds; round++) {
  for (const [index, { run }] of contenders.entries()) {
    const time = await run()
    if (round > 0) taken[index]!.push(time)
  }
}
const rounded = (value: number): number => Number(value.toPrecision(3))
const results = contenders.map(({ name }, index) => ({
  name,
  timesRealTime: rounded(seconds / median(taken[index]!.map(({ wall }) => wall))),
  processorSeconds: rounded(median(taken[index]!.map(({ processor }) => processor))),
}))
const machine = { node: process.version, processor: cpus()[0]?.model ?? 'unknown', cores: availableParallelism(), load }
mkdirSync(join(root, 'bench', 'results'), { recursive: true })
writeFileSync(join(root, 'bench', 'results', 'fingerprint.video.json'), `${JSON.stringify({ machine, seconds, results }, null, 2)}\n`)
const [all, , peer] = results as [(typeof results)[number], (typeof results)[number], (typeof results)[number]]
const lines = [
  `Node ${machine.node}, ${machine.processor}, ${machine.cores} cores, load ${load} from other work at the start; medians of ${rounds} rounds over ${seconds} seconds at 1920 × 1080, 25 frames and 5 Mbit a second.`,
  '',
  table(
    ['What', 'times real time', 'processor seconds', 'beside ffmpeg -vf signature, by processor time'],
    results.map(({ name, timesRealTime, processorSeconds }) => [
      name,
      String(timesRealTime),
      String(processorSeconds),
      (processorSeconds / peer.processorSeconds).toFixed(2),
    ]),
  ),
  '',
  `By the clock all layers take ${(peer.timesRealTime / all.timesRealTime).toFixed(2)} times as long as FFmpeg's filter.`,
]
replaceSection(join(root, 'docs', 'benchmarks.md'), 'fingerprint-video', lines.join('\n'))
console.log(lines.join('\n'))
