import type { EncodedPacketSink, Input, InputAudioTrack, InputVideoTrack, VideoSample, VideoSampleSink } from 'mediabunny'
import { ColophonError } from '../../errors/base.ts'
import { SAMPLE_RATE } from '../audio/decode.ts'
import { createResampler } from '../audio/resample.ts'
import type { DecodeVideo, DecodeVideoOptions, FilmPiece } from './decode.ts'
import { createLumaReader } from './luma.browser.ts'
import { hearable, monoOf } from './mono.browser.ts'
import { checkLength, checkSight, checkSize, noFilm, unreadable } from './problems.ts'
import { createSampler, type Held, type TimeBase } from './sampler.ts'

/** Bytes that are gathered before they are handed to the browser, which keeps them outside of the page's memory. */
const GATHERED = 8 << 20
/** Places in a damaged film that are skipped before it is given up. */
const MOST_FAILURES = 100

/**
 * Decodes with the browser's own codecs (WebCodecs), in pages and in workers; mediabunny finds frames and sound in the file. Where the film did not come as a `Blob`, the
 * browser keeps it as one, and so on disk when it is large.
 */
export const decodeFilm: DecodeVideo = async function* decodeFilm(chunks, options) {
  const bunny = await loadMediabunny()
  const formats = formatsOf(bunny, options)
  const blob = await blobOf(chunks, options)
  const input = new bunny.Input({ source: new bunny.BlobSource(blob), formats })
  try {
    const { film, sound } = await openTracks(input, options)
    const offset = await beginningOf(film, sound, options)
    yield* seen(bunny, film, offset, options)
    if (sound !== undefined) yield* heard(bunny, sound, options)
  } catch (cause) {
    options.signal?.throwIfAborted()
    throw cause instanceof Error && cause.name === 'NotReadableError' ? notReadable(options, cause) : unreadable(options, cause)
  } finally {
    input.dispose()
  }
}

type Mediabunny = typeof import('mediabunny')

async function loadMediabunny(): Promise<Mediabunny> {
  // With a `catch` of its own, bundlers take it for what it is: a package that may not be there.
  return await import('mediabunny').catch((cause: unknown) => {
    throw new ColophonError('DEPENDENCY_MISSING', 'Films are read with mediabunny in browsers, which is not installed.', {
      hint: 'Run: npm install mediabunny, and build the page again.',
      details: { package: 'mediabunny' },
      cause,
    })
  })
}

function formatsOf({ MP4, QTFF, WEBM, MATROSKA, MPEG_TS }: Mediabunny, { mediaType, name }: DecodeVideoOptions): Mediabunny['MP4'][] {
  const refused = (message: string, hint: string): ColophonError =>
    new ColophonError('VIDEO_UNREADABLE', message, { hint, details: { name, mediaType } })
  if (typeof VideoDecoder === 'undefined') {
    throw refused(
      'There is no WebCodecs here to decode films with.',
      'Open the page over HTTPS or on localhost in a browser that has WebCodecs, or fingerprint the film in Node, with node-av installed.',
    )
  }
  const formats: Readonly<Record<string, Mediabunny['MP4'][] | undefined>> = {
    'video/mp4': [MP4],
    'video/quicktime': [QTFF],
    'video/mp2t': [MPEG_TS],
    'video/webm': [WEBM, MATROSKA],
  }
  const known = formats[mediaType]
  if (known !== undefined) return known
  throw refused(
    `Films of type ${mediaType} cannot be read in a browser.`,
    'Save the film as MP4 (H.264) or WebM, fingerprint it in Node, with node-av installed, or take it with media: "data" by its identity alone.',
  )
}

/** The film as something the browser can read anywhere; `chunks` are read to their end in any case. */
async function blobOf(chunks: AsyncIterable<Uint8Array>, { blob, signal }: DecodeVideoOptions): Promise<Blob> {
  const gathered: Blob[] = []
  let parts: Uint8Array<ArrayBuffer>[] = []
  let size = 0
  const hand = (): void => {
    gathered.push(new Blob(parts))
    parts = []
    size = 0
  }
  for await (const chunk of chunks) {
    signal?.throwIfAborted()
    if (blob !== undefined) continue
    parts.push(Uint8Array.from(chunk))
    size += chunk.length
    if (size >= GATHERED) hand()
  }
  if (blob !== undefined) return blob
  hand()
  return new Blob(gathered)
}

async function openTracks(
  input: Input,
  options: DecodeVideoOptions,
): Promise<{ film: InputVideoTrack; sound: InputAudioTrack | undefined }> {
  const [film] = await input.getVideoTracks()
  if (film === undefined) throw noFilm(options)
  checkSize(await film.getCodedWidth(), await film.getCodedHeight(), options)
  if (!(await film.canDecode())) {
    const { name, mediaType } = options
    const codec = (await film.getCodec()) ?? String((await film.getInternalCodecId()) ?? 'unknown')
    throw new ColophonError('VIDEO_UNREADABLE', `This browser cannot decode the film's frames (${codec}).`, {
      hint: 'Save the film with H.264, VP9 or AV1, or fingerprint it in Node, with node-av installed.',
      details: { name, mediaType, codec },
    })
  }
  const sound = await input.getPrimaryAudioTrack()
  return { film, sound: sound !== null && (await hearable(sound)) ? sound : undefined }
}

/** When the film begins, in seconds: with the earlier of sight and sound, as FFmpeg counts. */
async function beginningOf(film: InputVideoTrack, sound: InputAudioTrack | undefined, { mediaType }: DecodeVideoOptions): Promise<number> {
  const edited = mediaType === 'video/mp4' || mediaType === 'video/quicktime'
  const starts = [await film.getFirstTimestamp()]
  if (sound !== undefined) starts.push((await sound.getFirstTimestamp()) - (mediaType === 'video/webm' ? await delayOf(sound) : 0))
  const start = Math.min(...starts)
  // What lies before zero there is not shown: players need it to begin with.
  return edited ? Math.max(start, 0) : start
}

/** What a decoder of Opus gives before the sound begins; Matroska counts in milliseconds. */
async function delayOf(sound: InputAudioTrack): Promise<number> {
  if ((await sound.getCodec()) !== 'opus') return 0
  const head = (await sound.getDecoderConfig())?.description
  if (head === undefined || head.byteLength < 12) return 0
  const view = ArrayBuffer.isView(head) ? new DataView(head.buffer, head.byteOffset, head.byteLength) : new DataView(head)
  return Math.round(view.getUint16(10, true) / 48) / 1000
}

interface HeldSample extends Held {
  sample: VideoSample
}

async function* seen(bunny: Mediabunny, film: InputVideoTrack, offset: number, options: DecodeVideoOptions): AsyncGenerator<FilmPiece> {
  const reader = createLumaReader()
  const sampler = createSampler<HeldSample>()
  const base: TimeBase = { num: 1, den: Math.max(Math.round(await film.getTimeResolution()), 1) }
  const unitsOf = (seconds: number): bigint => BigInt(Math.round(seconds * base.den))
  let begins = unitsOf(offset)
  let cut = false
  const decoded: Decoded = { frames: 0, skipped: 0, failure: undefined }
  let samples = 0
  let [time, step, end] = [0n, 1n, 0n]
  const shown = async ({ frame, repeats }: { frame: HeldSample; repeats: number }): Promise<FilmPiece> => {
    try {
      samples += repeats
      checkLength(samples, options)
      const { width, height } = frame.sample.visibleRect
      checkSize(width, height, options)
      return { kind: 'frame', luma: await reader.read(frame.sample), repeats }
    } finally {
      frame.free()
    }
  }
  try {
    for await (const sample of samplesOf(new bunny.VideoSampleSink(film), new bunny.EncodedPacketSink(film), decoded, options.signal)) {
      const before = time
      time = unitsOf(sample.timestamp) - begins
      if (time < 0n) {
        sample.close()
        cut = true
        continue
      }
      if (cut) {
        // Where a film was cut between two frames, it begins with the second.
        cut = false
        begins += time
        time = 0n
      }
      if (decoded.frames > 1 && time > before) step = time - before
      end = time + (sample.duration > 0 ? unitsOf(sample.duration) : step)
      const out = sampler.add({ sample, free: () => sample.close() }, time, base)
      if (out !== undefined) yield await shown(out)
    }
    const last = sampler.finish(end, base)
    if (last !== undefined) yield await shown(last)
  } finally {
    sampler.finish(0n, base)?.frame.free()
  }
  checkSight(decoded.frames, decoded.frames + decoded.skipped, options, decoded.failure)
}

/** What became of a film's packets. */
interface Decoded {
  frames: number
  skipped: number
  /** The first error of the decoder. */
  failure: unknown
}

/** All frames that can be decoded: after damage the film goes on with the next frame that stands for itself. */
async function* samplesOf(
  sink: VideoSampleSink,
  packets: EncodedPacketSink,
  decoded: Decoded,
  signal: AbortSignal | undefined,
): AsyncGenerator<VideoSample> {
  let from: number | undefined
  for (let failures = 0; failures < MOST_FAILURES; failures++) {
    let last = from
    try {
      for await (const sample of sink.samples(from)) {
        if (signal?.aborted === true) sample.close()
        signal?.throwIfAborted()
        last = sample.timestamp
        decoded.frames++
        yield sample
      }
      return
    } catch (cause) {
      signal?.throwIfAborted()
      if (cause instanceof DOMException && cause.name === 'NotReadableError') throw cause
      decoded.failure ??= cause
      const at = last === undefined ? await packets.getFirstKeyPacket() : await packets.getKeyPacket(last)
      const next = at === null ? null : await packets.getNextKeyPacket(at)
      for (let each = at; each !== null && (next === null || each.timestamp < next.timestamp); ) {
        if (last === undefined || each.timestamp > last) decoded.skipped++
        each = await packets.getNextPacket(each, { metadataOnly: true })
      }
      if (next === null) return
      from = next.timestamp
    }
  }
}

async function* heard(bunny: Mediabunny, sound: InputAudioTrack, { mediaType, signal }: DecodeVideoOptions): AsyncGenerator<FilmPiece> {
  const edited = mediaType === 'video/mp4' || mediaType === 'video/quicktime'
  const sink = new bunny.AudioSampleSink(sound)
  let resampler: { rate: number; add(samples: Float32Array): Int16Array; finish(): Int16Array } | undefined
  const pieces = sink.samples()
  const ends = edited ? await sound.computeDuration() : Number.POSITIVE_INFINITY
  try {
    for (;;) {
      signal?.throwIfAborted()
      // Damaged sound is taken as far as it goes: a film is recognised by what is seen.
      const next = await pieces.next().catch(() => undefined)
      signal?.throwIfAborted()
      if (next === undefined || next.done === true) break
      const sample = next.value
      try {
        if (resampler !== undefined && resampler.rate !== sample.sampleRate) {
          yield { kind: 'sound', samples: resampler.finish() }
          resampler = undefined
        }
        resampler ??= { rate: sample.sampleRate, ...createResampler(sample.sampleRate, SAMPLE_RATE) }
        const mono = monoOf(sample)
        // What an encoder puts before the sound and after it is not heard.
        const early = edited ? placeIn(mono, -sample.timestamp * sample.sampleRate) : 0
        const late = placeIn(mono, (ends - sample.timestamp) * sample.sampleRate)
        yield { kind: 'sound', samples: resampler.add(mono.subarray(early, late)) }
      } finally {
        sample.close()
      }
    }
  } finally {
    await pieces.return().catch(() => undefined)
  }
  if (resampler !== undefined) yield { kind: 'sound', samples: resampler.finish() }
}

function placeIn(samples: Float32Array, place: number): number {
  return Math.min(Math.max(Math.round(place), 0), samples.length)
}

function notReadable({ name }: DecodeVideoOptions, cause: unknown): ColophonError {
  return new ColophonError('SOURCE_NOT_READABLE', `${name ?? 'The film'} can no longer be read.`, {
    hint: 'It was changed, moved or deleted since it was chosen. Choose it again.',
    details: { type: 'Blob' },
    cause,
  })
}
