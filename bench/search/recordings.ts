// Excerpts with noise among many recordings, in a process of its own: recordings.ts COUNT. A recording is three minutes of peaks, 25 a second, on the notes of a key,
// some louder than others, as music has them. A question is five seconds of which noise has hidden half the peaks, moved the others by a
// step and added as many that are not there.
import { askedFeaturesOf, createSimilarityIndex, featuresOf, type IndexedWork } from '@colophon/sdk/search'
import { type Measured, measure, rounded } from './measure.ts'
import { lots } from './pictures.ts'

const SECONDS = 180
const PEAKS_A_SECOND = 25
const STEPS_A_SECOND = 11_025 / 256
const QUESTIONS = 100

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

/** What is needed of a fingerprint for its features. */
const fingerprintOf = (peaks: Peaks): never => ({ version: 1, media: 'audio', plain: false, features: { peaks } }) as never

const index = await createSimilarityIndex()
let features = 0
function* works(): Generator<IndexedWork> {
  for (let number = 0; number < count; number++) {
    const own = featuresOf(fingerprintOf(recording(number)))
    features += own.keys.length
    yield { id: String(number), features: own }
  }
}
const [started, used] = [performance.now(), process.cpuUsage()]
await index.insertMany(works())
const { user, system } = process.cpuUsage(used)
const next = lots(5)
const asked = await measure(QUESTIONS, async () => {
  const number = next() % count
  const query = { features: askedFeaturesOf(fingerprintOf(excerpt(recording(number), next))) }
  return async () => (await index.search(query))[0]?.id === String(number)
})
const result: Measured = {
  n: count,
  features,
  buildS: rounded((performance.now() - started) / 1000),
  buildCpuS: rounded((user + system) / 1e6),
  rssMB: Math.round(process.memoryUsage().rss / 1e6),
  ...asked,
}
process.send!(result)
process.disconnect()
