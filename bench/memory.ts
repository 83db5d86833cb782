// `npm run bench:memory`: the most memory that a process takes which fingerprints one large file: films of two hours and of 3840 × 2160 pixels, a text of
// 500 MB. Node, decoders and features are in it. Writes bench/results/memory.json and the table in docs/benchmarks.md; takes some five minutes.
//   --hours 2, --megabytes 500   of the film and of the text
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, existsSync, mkdirSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { installPeer } from '../scripts/setup/peers.ts'
import { fingerprint } from '../sdk/src/fingerprint/index.ts'
import { prose } from '../sdk/test/fingerprint/works.ts'
import { make } from './corpora/video.ts'
import { replaceSection } from './report.ts'
import { table } from './table.ts'

const root = join(import.meta.dirname, '..')
const store = join(root, '.colophon', 'films')
const { values: flags } = parseArgs({
  options: { hours: { type: 'string', default: '2' }, megabytes: { type: 'string', default: '500' }, of: { type: 'string' } },
})

/** What a process says of itself after it has fingerprinted a file. */
interface Told {
  /** Most memory that the system gave it, in millions of bytes. */
  memory: number
  processorSeconds: number
  /** Characters of the fingerprint as JSON. */
  characters: number
}

if (flags.of !== undefined) {
  const found = await fingerprint(flags.of)
  const { length } = JSON.stringify(found)
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage()
  const told: Told = { memory: maxRSS * 1024, processorSeconds: (userCPUTime + systemCPUTime) / 1e6, characters: length }
  console.log(JSON.stringify(told))
} else {
  if (!installPeer('node-av')) throw new Error('node-av cannot be installed from the npm registry.')
  const [hours, megabytes] = [Number(flags.hours), Number(flags.megabytes)]
  const works = [
    { name: `Film of ${hours} hours, 320 × 180 pixels, with sound`, path: longFilm(hours) },
    { name: 'Film of a minute, 3840 × 2160 pixels', path: largeFilm() },
    { name: `Text of ${megabytes} MB`, path: await largeText(megabytes) },
  ]
  const results = works.map(({ name, path }) => {
    const { stdout, status } = spawnSync(process.execPath, [import.meta.filename, '--of', path], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    if (status !== 0) throw new Error(`${path} could not be fingerprinted.`)
    return { name, bytes: statSync(path).size, ...(JSON.parse(stdout) as Told) }
  })
  mkdirSync(join(root, 'bench', 'results'), { recursive: true })
  writeFileSync(join(root, 'bench', 'results', 'memory.json'), `${JSON.stringify({ node: process.version, results }, null, 2)}\n`)
  const lines = [
    `Node ${process.version}; each in a process of its own.`,
    '',
    table(
      ['Work', 'size', 'memory at most', 'processor time', 'fingerprint as JSON'],
      results.map(({ name, bytes, memory, processorSeconds, characters }) => [
        name,
        `${Math.round(bytes / 1e6)} MB`,
        `**${Math.round(memory / 1e6)} MB**`,
        `${processorSeconds.toFixed(0)} s`,
        `${(characters / 1e6).toFixed(1)} MB`,
      ]),
    ),
  ]
  replaceSection(join(root, 'docs', 'benchmarks.md'), 'memory', lines.join('\n'))
  console.log(lines.join('\n'))
}

/** A film of low resolution over and over, joined without encoding it again. */
function longFilm(hours: number): string {
  const [picture, sound] = [
    ['-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=10'],
    ['-f', 'lavfi', '-i', 'anoisesrc=amplitude=0.1'],
  ] as const
  const coded = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-b:a', '48k', '-ac', '1']
  const film = make(join(store, 'loop.mp4'), [...picture, ...sound, '-t', '60', ...coded])
  return make(join(store, `long-${hours}.mp4`), ['-stream_loop', String(Math.round(hours * 60) - 1), '-i', film, '-c', 'copy'])
}

function largeFilm(): string {
  const picture = ['-f', 'lavfi', '-i', 'testsrc2=size=3840x2160:rate=25', '-vf', 'noise=alls=6:allf=t:all_seed=1']
  const film = make(join(store, 'large.mp4'), [
    ...picture,
    '-t',
    '3',
    '-c:v',
    'libx264',
    '-preset',
    'veryfast',
    '-b:v',
    '20M',
    '-pix_fmt',
    'yuv420p',
  ])
  return make(join(store, 'large-60.mp4'), ['-stream_loop', '19', '-i', film, '-c', 'copy'])
}

/** Made-up prose with 900 words in each 150 KB, others in the next. */
async function largeText(megabytes: number): Promise<string> {
  const path = join(root, '.colophon', `text-${megabytes}.txt`)
  if (existsSync(path)) return path
  mkdirSync(join(root, '.colophon'), { recursive: true })
  const out = createWriteStream(`${path}.draft`)
  let written = 0
  for (let seed = 1; written < megabytes * 1e6; seed++) {
    const piece = `${prose(seed, 20_000)}\n\n`
    written += piece.length
    if (!out.write(piece)) await once(out, 'drain')
  }
  out.end()
  await once(out, 'close')
  renameSync(`${path}.draft`, path)
  return path
}
