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
function pictures(what: string, bytes: Uint8Array, count: number): Race {
  const all = async (one: () => Promise<unknown>): Promise<void> => {
    for (let i = 0; i < count; i++) await one()
  }
  return {
    what,
    unit: 'pictures/s',
    ours: {
      name: '@colophon/sdk',
      does: `PDQ, blockhash, ISCC Image-Code, ${whole}`,
      run: () => all(() => fingerprint(bytes)),
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
  pictures('JPEG of 600 × 400', photo, 15),
  pictures('JPEG of 1632 × 1224', large, 4),
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

async function speed({ run, units }: Contender): Promise<number> {
  const started = performance.now()
  await run()
  return units / ((performance.now() - started) / 1000)
}

/** What else the machine was doing: processes that ran or waited, over the last minute. */
const load = Number(loadavg()[0]!.toFixed(1))
const results: { what: string; unit: string; ours: Measured; peer: Measured }[] = []
interface Measured {
  name: string
  does: string
  median: number
  rounds: number[]
}
for (const { what, unit, ours, peer } of races) {
  const rounds = { ours: [] as number[], peer: [] as number[] }
  // The first round warms up.
  for (let round = 0; round <= ROUNDS; round++) {
    const [mine, theirs] = [await speed(ours), await speed(peer)]
    if (round === 0) continue
    rounds.ours.push(mine)
    rounds.peer.push(theirs)
  }
  const measured = ({ name, does }: Contender, all: number[]): Measured => ({
    name,
    does,
    median: Number(median(all).toPrecision(3)),
    rounds: all.map((each) => Number(each.toPrecision(3))),
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
}
mkdirSync(join(root, 'bench', 'results'), { recursive: true })
const json = JSON.stringify({ machine, rounds: ROUNDS, results }, null, 2)
// Lists of numbers on one line, as the formatter has them.
const lined = json.replace(/\[\s+([\d.,\s]+?)\s+\]/g, (_, numbers: string) => `[${numbers.replace(/\s+/g, ' ')}]`)
writeFileSync(join(root, 'bench', 'results', 'fingerprint.json'), `${lined}\n`)

const table = [
  `Node ${machine.node}, sharp ${machine.sharp}, ${machine.processor}, ${machine.cores} cores, load ${machine.load} from other work at the start; medians of ${ROUNDS} rounds.`,
  '',
  '| Work | Colophon | computes | Peer | computes |',
  '| --- | --- | --- | --- | --- |',
  ...results.map(
    ({ what, unit, ours, peer }) =>
      `| ${what} | **${ours.median} ${unit}** | ${ours.does} | ${peer.name}: ${peer.median} ${unit} | ${peer.does} |`,
  ),
]
replaceSection(join(root, 'docs', 'benchmarks.md'), 'fingerprint', table.join('\n'))
