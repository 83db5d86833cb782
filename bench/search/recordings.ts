// Excerpts among many recordings, in a process of its own: recordings.ts COUNT. A recording is three minutes of peaks, 25 a second, on the notes of a key,
// some louder than others, as music has them. A question is five seconds of which noise has hidden half the peaks, moved the others by a
// step and added as many that are not there; or that are played up to four semitones higher or lower and up to 15 % faster or slower, with a tenth of the peaks hidden.
// The recordings that are asked for are made in full; the keys of the others are drawn by lot from those of forty, which are as frequent, and takes a hundredth of the time.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { askedFeaturesOf, featuresOf, type IndexedWork, openSimilarityIndex, type WorkFeatures } from '@colophon/sdk/search'
import { type Measured, measure, rounded } from './measure.ts'
import { lots } from './pictures.ts'

const SECONDS = 180
const PEAKS_A_SECOND = 25
const STEPS_A_SECOND = 11_025 / 256
const QUESTIONS = 200
/** Recordings from whose keys those of most others are drawn. */
const POOL = 40

interface Peaks {
  times: number[]
  pitches: number[]
}

const count = Number(process.argv[2])
const MAJOR = [0, 2, 4, 5, 7, 9, 11]

/** The same recording for the same number. */
function recording(number: number): Peaks {
  const next = lots(number * 2 + 1)
  for (let turn = 0; turn < 4; turn++) next()
  const key = next() % 12
  // No two instruments are tuned alike: sixteenths of a semitone.
  const tuning = (next() % 7) - 3
  const times = Array.from({ length: SECONDS * PEAKS_A_SECOND }, () => next() % Math.floor(SECONDS * STEPS_A_SECOND)).sort((a, b) => a - b)
  const pitches = times.map(() => {
    // Low notes are more than high ones.
    const octave = Math.floor((((next() / 2 ** 32) * next()) / 2 ** 32) * 5)
    return 112 + 16 * (12 * octave + ((key + MAJOR[next() % 7]!) % 12)) + tuning + (next() % 3) - 1
  })
  return { times, pitches }
}

/** Five seconds of it beside noise. */
function excerpt({ times, pitches }: Peaks, next: () => number): Peaks {
  const from = next() % Math.floor((SECONDS - 5) * STEPS_A_SECOND)
  const heard: [time: number, pitch: number][] = []
  for (const [at, time] of times.entries()) {
    if (time < from || time >= from + 5 * STEPS_A_SECOND) continue
    if (next() % 2 === 0) heard.push([time - from + (next() % 3), pitches[at]! + (next() % 5) - 2])
    else heard.push([next() % Math.floor(5 * STEPS_A_SECOND), 112 + (next() % 960)])
  }
  heard.sort(([a], [b]) => a - b)
  return { times: heard.map(([time]) => time), pitches: heard.map(([, pitch]) => pitch) }
}

/** Five seconds of it at another pitch and tempo. */
function played({ times, pitches }: Peaks, next: () => number): Peaks {
  const from = next() % Math.floor((SECONDS - 6) * STEPS_A_SECOND)
  const tempo = 0.85 + (next() / 2 ** 32) * 0.3
  const higher = (next() % 129) - 64
  const heard: [time: number, pitch: number][] = []
  for (const [at, time] of times.entries()) {
    if (time < from || (time - from) * tempo >= 5 * STEPS_A_SECOND || next() % 10 === 0) continue
    heard.push([Math.round((time - from) * tempo) + (next() % 3), pitches[at]! + higher + (next() % 3) - 1])
  }
  heard.sort(([a], [b]) => a - b)
  return { times: heard.map(([time]) => time), pitches: heard.map(([, pitch]) => pitch) }
}

/** What is needed of a fingerprint for its features. */
const fingerprintOf = (peaks: Peaks): never => ({ version: 1, media: 'audio', plain: false, features: { peaks } }) as never

const folder = mkdtempSync(join(tmpdir(), 'colophon-bench-recordings-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
const index = await openSimilarityIndex(folder)
let features = 0
const pool = Array.from({ length: POOL }, (_, number) => featuresOf(fingerprintOf(recording(count + number))))
/** How many of their keys are pairs of peaks; behind them are the figures. */
const pairsOf = new Map(pool.map((own) => [own, own.keys.findIndex((key) => key >= 2n ** 32n)]))
const draw = lots(9)

/** Keys of the pool at places of their own: in time anywhere, in length and pitch as they are. */
function drawn(): WorkFeatures {
  const like = pool[draw() % POOL]!
  const keys = new BigUint64Array(like.keys.length)
  const places = new Uint32Array(like.keys.length)
  const pairs = pairsOf.get(like)!
  for (let at = 0; at < keys.length; at++) {
    const other = pool[draw() % POOL]!
    const otherPairs = pairsOf.get(other)!
    const from = at < pairs ? draw() % otherPairs : otherPairs + (draw() % (other.keys.length - otherPairs))
    keys[at] = other.keys[from]!
    const time = draw() % Math.floor(SECONDS * STEPS_A_SECOND)
    places[at] = at < pairs ? time : (time >> 2) * 2 ** 14 + (other.places![from]! & (2 ** 14 - 1))
  }
  return { media: 'audio', codes: [], keys, places }
}

/** Numbers of the recordings that are asked for, spread over all. */
const asked = Array.from({ length: Math.min(QUESTIONS, count) }, (_, at) => Math.floor((at * count) / QUESTIONS))
const isAsked = new Set(asked)
function* works(): Generator<IndexedWork> {
  for (let number = 0; number < count; number++) {
    const own = isAsked.has(number) ? featuresOf(fingerprintOf(recording(number))) : drawn()
    features += own.keys.length
    yield { id: String(number), features: own }
  }
}
const [started, used] = [performance.now(), process.cpuUsage()]
await index.insertMany(works())
const { user, system } = process.cpuUsage(used)
const buildS = rounded((performance.now() - started) / 1000)
const next = lots(5)
async function questions(change: (peaks: Peaks, next: () => number) => Peaks): ReturnType<typeof measure> {
  let at = 0
  return await measure(QUESTIONS, async () => {
    const number = asked[at++ % asked.length]!
    const query = { features: askedFeaturesOf(fingerprintOf(change(recording(number), next))) }
    return async () => (await index.search(query))[0]?.id === String(number)
  })
}
const noisy = await questions(excerpt)
const otherwise = await questions(played)
const built = {
  n: count,
  features,
  buildS,
  buildCpuS: rounded((user + system) / 1e6),
  rssMB: Math.round(process.memoryUsage().rss / 1e6),
}
process.send!([
  { ...built, ...noisy },
  { ...built, ...otherwise },
] satisfies Measured[])
process.disconnect()
await index.close()
