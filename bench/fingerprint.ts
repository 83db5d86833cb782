// `npm run bench:fingerprint`: how fast works are fingerprinted on this machine, each beside a package that people use instead, measured
// in turns in the same run. Writes bench/results/fingerprint.json and the table in docs/benchmarks.md; takes less than a minute.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import { fingerprint } from '@colophon/sdk/fingerprint'
import { blake3 } from '@noble/hashes/blake3.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { Minhash } from 'minhash'
import sharp from 'sharp'
import sharpPhash from 'sharp-phash'
import { median, numbers, replaceSection } from './report.ts'

const ROUNDS = 5
/** Pictures are fingerprinted so many at a time, as a folder of them would be: some are decoded by other threads while one is looked at. */
const AT_A_TIME = 4
// Its types describe an ES module, which the package is not.
const phash = sharpPhash as unknown as (bytes: Buffer) => Promise<string>
const root = join(import.meta.dirname, '..')

interface Contender {
  name: string
  /** What it computes. */
  does: string
  run: () => Promise<unknown> | unknown
  /** Units of one run: pictures, or megabytes. */
  units: number
}

interface Race {
  what: string
  unit: 'pictures/s' | 'MB/s'
  ours: Contender
  peer: Contender
}

/** Some megabytes that read like a text: words of their usual lengths and frequencies (Zipf), commas, sentences. */
function prose(bytes: number): string {
  const next = numbers(12_345)
  const letters = 'etaoinshrdlucmfwypvbgkjqxz'
  const vocabulary = Array.from({ length: 5000 }, () =>
    Array.from({ length: 2 + Math.floor(next() * 8) }, () => letters[Math.floor(next() * next() * 26)]).join(''),
  )
  const words: string[] = []
  for (let size = 0; size < bytes; size += words.at(-1)!.length + 1) {
    const word = vocabulary[Math.floor(5000 * next() ** 3)]!
    words.push(next() < 0.07 ? `${word}${next() < 0.5 ? ',' : '.'}` : word)
  }
  return words.join(' ').slice(0, bytes)
}

const photo = new Uint8Array(readFileSync(join(root, 'examples', 'media', 'coffee.jpg')))
const large = new Uint8Array(await sharp(photo).resize(1632, 1224).jpeg({ quality: 85 }).toBuffer())
const text = prose(8e6)
const textBytes = new TextEncoder().encode(text)
const next = numbers(1)
const data = Uint8Array.from({ length: 64e6 }, () => next() * 256)
const version = (name: string): string => JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')).version

const whole = 'SHA-256, Data- and Instance-Code'
const signature = `PDQ, blockhash, ISCC Image-Code, ${whole}`
function pictures(what: string, bytes: Uint8Array, count: number, layers: 'all' | 'signature'): Race {
  const all = async (one: () => Promise<unknown>): Promise<void> => {
    let left = count
    const oneAfterAnother = async (): Promise<void> => {
      while (left-- > 0) await one()
    }
    await Promise.all(Array.from({ length: AT_A_TIME }, oneAfterAnother))
  }
  return {
    what,
    unit: 'pictures/s',
    ours: {
      name: '@colophon/sdk',
      does: layers === 'all' ? `views and keypoints, ${signature}` : signature,
      run: () => all(() => fingerprint(bytes, { layers })),
      units: count,
    },
    peer: {
      name: `sharp-phash ${version('sharp-phash')}`,
      does: 'a 64-bit hash',
      run: () => all(() => phash(Buffer.from(bytes))),
      units: count,
    },
  }
}

/** Runs of four words, as our MinHash has them. */
const peerText = text.slice(0, 20_000)
function minhash(): number[] {
  const hasher = new Minhash({ numPerm: 128 })
  const words = peerText.split(' ')
  for (let at = 3; at < words.length; at++) hasher.update(words.slice(at - 3, at + 1).join(' '))
  return hasher.hashvalues
}

const races: Race[] = [
  pictures('JPEG of 600 × 400, all layers', photo, 40, 'all'),
  pictures('JPEG of 600 × 400, signature', photo, 80, 'signature'),
  pictures('JPEG of 1632 × 1224, all layers', large, 24, 'all'),
  pictures('JPEG of 1632 × 1224, signature', large, 48, 'signature'),
  {
    what: 'Text',
    unit: 'MB/s',
    ours: {
      name: '@colophon/sdk',
      does: `MinHash of 128, winnowing, ISCC Text-Code, ${whole}`,
      run: () => fingerprint(textBytes),
      units: textBytes.length / 1e6,
    },
    peer: { name: `minhash ${version('minhash')}`, does: 'MinHash of 128', run: minhash, units: peerText.length / 1e6 },
  },
  {
    what: 'Data',
    unit: 'MB/s',
    ours: { name: '@colophon/sdk', does: whole, run: () => fingerprint(data, { media: 'data' }), units: data.length / 1e6 },
    peer: {
      name: `@noble/hashes ${version('@noble/hashes')}`,
      does: 'SHA-256 and BLAKE3',
      run: () => [sha256(data), blake3(data)],
      units: data.length / 1e6,
    },
  },
]

/** Units a second of the clock, and of processor time in all threads, which load from other work disturbs less. */
interface Speed {
  wall: number
  processor: number
}

async function speed({ run, units }: Contender): Promise<Speed> {
  const [started, used] = [performance.now(), process.cpuUsage()]
  await run()
  const [seconds, { user, system }] = [(performance.now() - started) / 1000, process.cpuUsage(used)]
  return { wall: units / seconds, processor: units / ((user + system) / 1e6) }
}

/** What else the machine was doing: processes that ran or waited, over the last minute. */
const load = Number(loadavg()[0]!.toFixed(1))
const results: { what: string; unit: string; ours: Measured; peer: Measured }[] = []
interface Measured {
  name: string
  does: string
  median: number
  /** Median of units for each second of processor time. */
  perProcessorSecond: number
  rounds: number[]
}
for (const { what, unit, ours, peer } of races) {
  const rounds = { ours: [] as Speed[], peer: [] as Speed[] }
  // The first round warms up.
  for (let round = 0; round <= ROUNDS; round++) {
    const [mine, theirs] = [await speed(ours), await speed(peer)]
    if (round === 0) continue
    rounds.ours.push(mine)
    rounds.peer.push(theirs)
  }
  const short = (value: number): number => Number(value.toPrecision(3))
  const measured = ({ name, does }: Contender, all: Speed[]): Measured => ({
    name,
    does,
    median: short(median(all.map(({ wall }) => wall))),
    perProcessorSecond: short(median(all.map(({ processor }) => processor))),
    rounds: all.map(({ wall }) => short(wall)),
  })
  results.push({ what, unit, ours: measured(ours, rounds.ours), peer: measured(peer, rounds.peer) })
  console.log(`${what}: ${results.at(-1)!.ours.median} ${unit}; ${peer.name}: ${results.at(-1)!.peer.median}`)
}

const machine = {
  node: process.version,
  processor: cpus()[0]?.model ?? 'unknown',
  cores: availableParallelism(),
  sharp: version('sharp'),
  load,
  picturesAtATime: AT_A_TIME,
}
mkdirSync(join(root, 'bench', 'results'), { recursive: true })
const json = JSON.stringify({ machine, rounds: ROUNDS, results }, null, 2)
// Lists of numbers on one line, as the formatter has them.
const lined = json.replace(/\[\s+([\d.,\s]+?)\s+\]/g, (_, numbers: string) => `[${numbers.replace(/\s+/g, ' ')}]`)
writeFileSync(join(root, 'bench', 'results', 'fingerprint.json'), `${lined}\n`)

const table = [
  `Node ${machine.node}, sharp ${machine.sharp}, pictures ${AT_A_TIME} at a time, ${machine.processor}, ${machine.cores} cores, load ${machine.load} from other work at the start; medians of ${ROUNDS} rounds.`,
  '',
  '| Work | Colophon | for each second of processor time | computes | Peer | for each second of processor time | computes |',
  '| --- | --- | --- | --- | --- | --- | --- |',
  ...results.map(
    ({ what, unit, ours, peer }) =>
      `| ${what} | **${ours.median} ${unit}** | ${ours.perProcessorSecond} | ${ours.does} | ${peer.name}: ${peer.median} ${unit} | ${peer.perProcessorSecond} | ${peer.does} |`,
  ),
]
replaceSection(join(root, 'docs', 'benchmarks.md'), 'fingerprint', table.join('\n'))
