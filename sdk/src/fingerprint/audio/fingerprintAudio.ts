import { ColophonError } from '../../errors/base.ts'
import { genAudioCode } from '../../iscc/index.ts'
import { createChromaprinter } from './chromaprint.ts'
import { decodeAudio } from './decode.node.ts'
import { type DecodeAudioOptions, SAMPLE_RATE } from './decode.ts'
import { createPeakFinder, type Peaks } from './peaks.ts'

/** What comparing recordings needs. */
export interface AudioFeatures {
  /** Length of what could be decoded. */
  seconds: number
  /** Signed 32-bit numbers as `fpcalc -raw -signed -length 0` prints them, 8 a second; empty below 2.7 seconds. */
  chromaprint: number[]
  /** Where the spectrum stands out, about 25 a second. */
  peaks: Peaks
}

export interface AudioContent {
  /** ISCC Audio-Code, 256 bits. */
  isccContent: string
  features: AudioFeatures
}

/** Decodes a recording piece by piece and computes what is robust about it. Memory grows by the features only, some hundred bytes a second. */
export async function fingerprintAudio(
  chunks: AsyncIterable<Uint8Array>,
  options: DecodeAudioOptions & { maxSeconds: number; onSeconds?: (seconds: number) => void },
): Promise<AudioContent> {
  const { name, maxSeconds, onSeconds } = options
  let limit = maxSeconds * SAMPLE_RATE
  async function* limited(): AsyncGenerator<Int16Array> {
    for await (const piece of decodeAudio(chunks, options)) {
      limit -= piece.length
      if (limit < 0) {
        throw new ColophonError('AUDIO_TOO_LONG', `The recording is longer than ${maxSeconds} seconds.`, {
          hint: 'If it is real and the machine has the memory, raise maxSeconds; comparing takes some 10 KB a second.',
          details: { name, maxSeconds },
        })
      }
      yield piece
    }
  }
  return contentOf(limited(), onSeconds)
}

/** The same from samples: one channel, 16 bits, `SAMPLE_RATE` a second. */
export async function contentOf(
  pieces: AsyncIterable<Int16Array> | Iterable<Int16Array>,
  onSeconds?: (seconds: number) => void,
): Promise<AudioContent> {
  const chromaprinter = createChromaprinter()
  const finder = createPeakFinder()
  let samples = 0
  let reported = 0
  for await (const piece of pieces) {
    chromaprinter.add(piece)
    finder.add(piece)
    samples += piece.length
    if (samples - reported >= 60 * SAMPLE_RATE) {
      reported = samples
      onSeconds?.(samples / SAMPLE_RATE)
    }
  }
  const chromaprint = chromaprinter.finish()
  return {
    isccContent: genAudioCode(chromaprint, { bits: 256 }).iscc,
    features: { seconds: samples / SAMPLE_RATE, chromaprint, peaks: finder.finish() },
  }
}
