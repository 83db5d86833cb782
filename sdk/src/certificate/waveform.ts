import { decodeAudio } from '../fingerprint/audio/decode.node.ts'
import { SAMPLE_RATE } from '../fingerprint/audio/decode.ts'
import { readHead } from '../fingerprint/media.ts'
import { openSource, type Source } from '../source/index.ts'
import { BARS } from './data.ts'

/** Samples whose loudness is kept while a recording is read: 25 moments a second. */
const MOMENT = Math.round(SAMPLE_RATE / 25)
const MOST_BYTES = 256 << 20

/**
 * How loud a recording is from beginning to end: {@link BARS} numbers of 0 to 255, in proportion to its loudest stretch. Memory grows by 100 bytes a second.
 *
 * @throws ColophonError `SOURCE_*`, `AUDIO_UNREADABLE`, `DEPENDENCY_MISSING`
 */
export async function waveformOf(file: Source, signal?: AbortSignal): Promise<number[]> {
  const opened = await openSource(file)
  const { mediaType } = await readHead(opened)
  const { name } = opened
  const moments: number[] = []
  let [sum, count] = [0, 0]
  const common = { ...(name === undefined ? {} : { name }), ...(signal === undefined ? {} : { signal }) }
  for await (const samples of decodeAudio(opened.open(), { mediaType, maxBytes: MOST_BYTES, ...common })) {
    for (const sample of samples) {
      sum += sample * sample
      if (++count < MOMENT) continue
      moments.push(sum / count)
      sum = 0
      count = 0
    }
  }
  if (count > 0) moments.push(sum / count)
  const bars = Array.from({ length: BARS }, (_, bar) => {
    const from = Math.floor((bar * moments.length) / BARS)
    const part = moments.slice(from, Math.max(from + 1, Math.floor(((bar + 1) * moments.length) / BARS)))
    return Math.sqrt(part.reduce((total, each) => total + each, 0) / Math.max(1, part.length))
  })
  const loudest = Math.max(...bars, 1)
  return bars.map((each) => Math.round((255 * each) / loudest))
}

/** Whether two waveforms are of one recording: decoders differ in the last digit. */
export function isSameWaveform(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((value, index) => Math.abs(value - b[index]!) <= 6)
}
