// `npm run bench:robustness:audio`: how surely recordings are recognised after an attack, and that strangers are not, on music that Debian
// carries. Thresholds come from one half of the tracks (even ones), what is reported from the other. Writes
// bench/results/robustness.audio.json after every track, and the table in docs/benchmarks.md at the end.
//   --tracks 50      how many recordings
//   --strangers 8    with how many others each attacked piece is compared
//   --pieces 80000  only so many further pairs: pieces of different recordings, each after an attack of those that need no encoder
//   --table          only the table, from the results there are
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { compareSounds, type SoundComparison } from '../sdk/src/fingerprint/audio/compareAudio.ts'
import { decodeAudio } from '../sdk/src/fingerprint/audio/decode.node.ts'
import { type AudioFeatures, contentOf } from '../sdk/src/fingerprint/audio/fingerprintAudio.ts'
import { AUDIO_ATTACKS, type AudioAttack } from './attacks/audio.ts'
import { encodeAudio, readAudio } from './attacks/audioFiles.ts'
import { resample, type Samples } from './attacks/audioSignal.ts'
import { audioCorpus, type Track } from './corpora/audio.ts'
import { numbers } from './report.ts'
import { reportAudio } from './robustnessReport.audio.ts'

/** Samples a second of what is attacked. */
const RATE = 22_050
/** Seconds of a track that are known, and of it that are attacked; the piece starts at an odd place, so that no frames coincide. */
const KNOWN = 60
const PIECE = 15
const START = 20.3
const results = join(import.meta.dirname, 'results', 'robustness.audio.json')

/** How many pairs have each score (rounded down) and each bit error rate (in hundredths, rounded down). */
export interface Tally {
  scores: Record<string, number>
  errorRates: Record<string, number>
  pairs: number
  /** Pairs of which `compare` says that they share a stretch. */
  taken: number
}

/**
 * What two recordings have in common: the score of their peaks, the bit error rate of their chromaprints (1 where too short), and 1 where `compare` says
 * that they share a stretch.
 */
export type Pair = [score: number, bitErrorRate: number, shared: 0 | 1]

export interface AudioResults {
  machine: string
  seconds: { known: number; piece: number }
  /** In the order in which they were measured; thresholds come from those with an even index. */
  tracks: string[]
  /** For each attack, each track's piece beside its own track. */
  own: Record<string, Pair[]>
  /** Pieces whose own place in the track was found (within half a second), of those in `own`. */
  placed: Record<string, number>
  /** For each half, how many pairs of strangers have each score (rounded down) and each bit error rate (in hundredths, rounded down). */
  strangers: Tally[]
  /** Pieces of different recordings, each after an attack. */
  pieces?: Tally & { tracks: number; pieces: number; highest: { score: number; shared: 0 | 1; of: [string, string] }[] }
}

interface Known extends Track {
  samples: Samples
  features: AudioFeatures
}

function int16(samples: Samples): Int16Array {
  return Int16Array.from(samples, (sample) => Math.max(-32_768, Math.min(32_767, Math.round(sample * 32_768))))
}

async function featuresOf(samples: Samples): Promise<AudioFeatures> {
  return (await contentOf([int16(resample(samples, 2))])).features
}

async function attacked(samples: Samples, attack: AudioAttack, seed: number, speech: Samples): Promise<AudioFeatures> {
  const start = Math.round(START * RATE)
  const piece = samples.slice(start, start + (attack.seconds ?? PIECE) * RATE)
  const changed = attack.apply?.(piece, { rate: RATE, seed, speech }) ?? piece
  if (attack.codec === undefined) return featuresOf(changed)
  const bytes = encodeAudio(changed, RATE, attack.codec)
  const mediaType = attack.codec.name === 'libopus' ? 'audio/ogg' : 'audio/mpeg'
  return (await contentOf(decodeAudio(new Blob([bytes]).stream(), { mediaType, maxBytes: 1e9 }))).features
}

function pairOf({ peaks, chromaprint, shared }: SoundComparison): Pair {
  return [Number((peaks?.score ?? 0).toFixed(1)), Number((chromaprint?.bitErrorRate ?? 1).toFixed(3)), shared === undefined ? 0 : 1]
}

function count(tally: Tally, [score, rate, shared]: Pair): void {
  const [scoreKey, rateKey] = [String(Math.floor(score)), String(Math.floor(rate * 100))]
  tally.scores[scoreKey] = (tally.scores[scoreKey] ?? 0) + 1
  if (rate < 1) tally.errorRates[rateKey] = (tally.errorRates[rateKey] ?? 0) + 1
  tally.pairs++
  tally.taken += shared
}

function readable(name: string, path: string, seconds: number): Samples | undefined {
  try {
    return readAudio(path, RATE, seconds)
  } catch (cause) {
    console.log(`left out, cannot be read: ${name} (${String(cause)})`)
    return undefined
  }
}

async function measure(tracks: number, others: number, pieces: AudioResults['pieces']): Promise<AudioResults> {
  const { music, speech } = audioCorpus(tracks)
  const talking: number[] = []
  for (const { path } of speech) {
    if (talking.length > 40 * RATE) break
    for (const sample of readAudio(path, RATE)) talking.push(sample)
  }
  const talk = Float32Array.from(talking)
  const known: Known[] = []
  for (const track of music) {
    const samples = readable(track.name, track.path, KNOWN)
    if (samples !== undefined && samples.length >= KNOWN * RATE) known.push({ ...track, samples, features: await featuresOf(samples) })
  }
  const all: AudioResults = {
    machine: process.version,
    seconds: { known: KNOWN, piece: PIECE },
    tracks: [],
    own: Object.fromEntries(AUDIO_ATTACKS.map(({ name }) => [name, []])),
    placed: Object.fromEntries(AUDIO_ATTACKS.map(({ name }) => [name, 0])),
    strangers: [0, 1].map(() => ({ scores: {}, errorRates: {}, pairs: 0, taken: 0 })),
    ...(pieces && { pieces }),
  }
  // Neighbours in the list come from different packages; halves are interleaved.
  for (const [index, track] of known.entries()) {
    const half = all.strangers[index % 2]!
    for (const [number, attack] of AUDIO_ATTACKS.entries()) {
      const features = await attacked(track.samples, attack, 1000 * index + number, talk)
      const own = compareSounds(features, track.features)
      all.own[attack.name]!.push(pairOf(own))
      const alignment = own.peaks
      if (alignment !== undefined && Math.abs(alignment.b.from - START - alignment.a.from * alignment.tempo) < 0.5)
        all.placed[attack.name]!++
      // Strangers of the same half, another choice for every attack.
      for (let n = 1; n <= others; n++) {
        const other =
          known[
            (index + 2 * (1 + ((n * 5 + number) % Math.max(1, Math.floor(known.length / 2) - 1)))) % (known.length - (known.length % 2))
          ]!
        if (other !== track) count(half, pairOf(compareSounds(features, other.features)))
      }
    }
    for (let other = index + 2; other < known.length; other += 2) count(half, pairOf(compareSounds(track.features, known[other]!.features)))
    all.tracks.push(track.name)
    write(all)
    console.log(`${index + 1} of ${known.length}: ${track.name}`)
  }
  return all
}

/** Attacks that each recording's piece goes through; which ones goes round. */
const ATTACKS_EACH = 8
/** Pairs with so high a score are named, to be listened to. */
const HIGH = 30

/** Compares pieces of different recordings with each other, in an order that is mixed, so that any number of them is a sample of all. */
async function measurePieces(all: AudioResults, tracks: number, most: number): Promise<void> {
  const { music } = audioCorpus(tracks)
  const quick = AUDIO_ATTACKS.filter(({ codec, name }) => codec === undefined && !name.startsWith('speech'))
  const pieces: { track: number; name: string; features: AudioFeatures }[] = []
  for (const [track, { name, path }] of music.entries()) {
    const samples = readable(name, path, START + PIECE + 1)
    if (samples === undefined || samples.length < (START + PIECE) * RATE) continue
    for (let n = 0; n < ATTACKS_EACH; n++) {
      const attack = quick[(track * ATTACKS_EACH + n) % quick.length]!
      const features = await attacked(samples, attack, 1000 * track + n, new Float32Array(0))
      pieces.push({ track, name: `${name}, ${attack.name}`, features })
    }
  }
  console.log(`${pieces.length} pieces`)
  const places = pieces.flatMap((one, index) =>
    pieces.slice(index + 1).flatMap((other, after) => (one.track === other.track ? [] : [[index, index + 1 + after] as const])),
  )
  const counted = { tracks: new Set(pieces.map(({ track }) => track)).size, pieces: pieces.length }
  const found: NonNullable<AudioResults['pieces']> = { ...counted, scores: {}, errorRates: {}, pairs: 0, taken: 0, highest: [] }
  all.pieces = found
  const next = numbers(47)
  for (let left = places.length; left > 0 && found.pairs < most; left--) {
    const at = Math.floor(next() * left)
    const [one, other] = places[at]!
    places[at] = places[left - 1]!
    const pair = pairOf(compareSounds(pieces[one]!.features, pieces[other]!.features))
    count(found, pair)
    const [score, , shared] = pair
    if (score >= HIGH) found.highest.push({ score, shared, of: [pieces[one]!.name, pieces[other]!.name] })
    if (found.pairs % 1000 !== 0) continue
    write(all)
    console.log(`${found.pairs} pairs of pieces`)
  }
  write(all)
}

function write(all: AudioResults): void {
  mkdirSync(join(import.meta.dirname, 'results'), { recursive: true })
  const json = JSON.stringify(all, null, 1)
  // Lists of numbers on one line, as the formatter has them.
  writeFileSync(results, `${json.replace(/\[\s+([\d.,\s-]+?)\s+\]/g, (_, list: string) => `[${list.replace(/\s+/g, ' ')}]`)}\n`)
}

const { values } = parseArgs({
  options: {
    tracks: { type: 'string', default: '50' },
    strangers: { type: 'string', default: '8' },
    pieces: { type: 'string' },
    table: { type: 'boolean' },
  },
})
const before = existsSync(results) ? (JSON.parse(readFileSync(results, 'utf8')) as AudioResults) : undefined
const all =
  before !== undefined && (values.table === true || values.pieces !== undefined)
    ? before
    : await measure(Number(values.tracks), Number(values.strangers), before?.pieces)
if (values.pieces !== undefined) await measurePieces(all, Number(values.tracks), Number(values.pieces))
reportAudio(all)
