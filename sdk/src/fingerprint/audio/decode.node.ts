import type { Decoder, Demuxer } from 'node-av/api'
import { ColophonError } from '../../errors/base.ts'
import { loadNodeAv } from '../nodeAv.node.ts'
import { type DecodeAudio, type DecodeAudioOptions, SAMPLE_RATE } from './decode.ts'

/** FFmpeg's reader for each kind of file: what the bytes show is not guessed at again. */
const READERS: Readonly<Record<string, string>> = {
  'audio/aac': 'aac',
  'audio/aiff': 'aiff',
  'audio/flac': 'flac',
  'audio/mp4': 'mov',
  'audio/mpeg': 'mp3',
  'audio/ogg': 'ogg',
  'audio/wav': 'wav',
}
/** Bytes of a packet: each goes through several threads, which for FFmpeg's 4,096 takes longer than anything that is done with its samples. */
const WAV_OPTIONS = { max_size: '65536' }
/** Its header may stand at the end of the file, so the file is decoded as a whole. */
const WHOLE = 'audio/mp4'
/** Of a file of which less than this share of the packets can be decoded, nothing is believed. */
const SOUND_SHARE = 0.5

/** Samples a second and channels beyond which no recording is: a header can claim anything, and the resampler would make room for it. */
const MOST_RATE = 768_000
const LEAST_RATE = 1000
const MOST_CHANNELS = 64

/** Decodes with node-av (FFmpeg), as fpcalc does. Browsers get `decode.browser.ts` in its place, by the `browser` field of the package. */
export const decodeAudio: DecodeAudio = async function* decodeAudio(chunks, options) {
  const av = await loadNodeAv('Sound is')
  const source = createSource(chunks)
  options.signal?.addEventListener('abort', source.stop, { once: true })
  const refused = (cause: unknown): unknown => source.failure()?.error ?? cause
  let demuxer: Demuxer | undefined
  let decoder: Decoder | undefined
  let packets: ReturnType<Demuxer['packets']> | undefined
  try {
    try {
      const reader = { format: READERS[options.mediaType]!, ...(options.mediaType === 'audio/wav' ? { options: WAV_OPTIONS } : {}) }
      const input = options.mediaType === WHOLE ? await source.whole(options) : undefined
      demuxer = await (input === undefined ? av.Demuxer.open({ read: source.read }, reader) : av.Demuxer.open(input, reader))
    } catch (cause) {
      throw unreadable(options, refused(cause))
    }
    const stream = demuxer.audio()
    if (stream === undefined) {
      throw new ColophonError('AUDIO_UNREADABLE', 'The file has no sound in it.', {
        hint: 'Play it: if there is sound, save it again as FLAC or WAV.',
        details: { name: options.name, mediaType: options.mediaType },
      })
    }
    const { sampleRate, channels } = stream.codecpar
    if (sampleRate > MOST_RATE || (sampleRate > 0 && sampleRate < LEAST_RATE) || channels > MOST_CHANNELS) {
      throw unreadable(options, new Error(`it claims ${sampleRate} samples a second on ${channels} channels`))
    }
    let taken = 0
    let failures = 0
    let firstFailure: unknown
    try {
      decoder = await av.Decoder.create(stream, {
        exitOnError: false,
        resample: { sampleRate: SAMPLE_RATE, sampleFormat: av.AV_SAMPLE_FMT_S16, channelLayout: av.AV_CHANNEL_LAYOUT_MONO },
      })
    } catch (cause) {
      throw unreadable(options, refused(cause))
    }
    packets = demuxer.packets(stream.index)
    let decoded = 0
    for (;;) {
      options.signal?.throwIfAborted()
      let ended = false
      let samples: Int16Array[] = []
      try {
        const { value: packet, done } = await packets.next()
        ended = done === true || packet === null || packet === undefined
        if (!ended) taken++
        // A packet is decoded in less time than handing it to another thread takes.
        const frames = decoder.decodeAllSync(ended ? null : packet!)
        if (!ended) packet!.free()
        samples = frames.map((frame) => {
          const bytes = frame.data![0]!
          const piece = new Int16Array(bytes.buffer, bytes.byteOffset, frame.nbSamples).slice()
          frame.free()
          return piece
        })
      } catch (cause) {
        const failed = source.failure()
        if (failed !== undefined) throw failed.error
        failures++
        firstFailure ??= cause
        if (ended || failures > 100) ended = true
      }
      for (const piece of samples) {
        decoded += piece.length
        yield piece
      }
      if (ended) break
    }
    options.signal?.throwIfAborted()
    const failed = source.failure()
    if (failed !== undefined) throw failed.error
    if (decoded === 0 || failures > taken * (1 - SOUND_SHARE)) throw unreadable(options, firstFailure)
    await source.drain()
  } finally {
    options.signal?.removeEventListener('abort', source.stop)
    // Closing what is still being read from ends the process.
    source.stop()
    await packets?.return(undefined)
    decoder?.close()
    await demuxer?.close()
  }
}

function unreadable({ name, mediaType }: DecodeAudioOptions, cause: unknown): unknown {
  // What goes wrong with the source itself is not the decoder's to explain.
  if (cause instanceof ColophonError) return cause
  if (cause instanceof Error && cause.name === 'AbortError') return cause
  const reason = cause instanceof Error ? cause.message.split('\n')[0]!.replace(/[\s:.]+$/, '') : 'nothing in it could be decoded'
  return new ColophonError('AUDIO_UNREADABLE', `The sound cannot be decoded: ${reason}.`, {
    hint: 'The file is damaged, cut short, encrypted or of a kind this build does not know. Play it, and save it again as FLAC or WAV.',
    details: { name, mediaType },
    ...(cause === undefined ? {} : { cause }),
  })
}

interface Source {
  /** Hands out the next bytes, at most `size`; null at the end or when the source fails. */
  read(size: number): Promise<Buffer | null>
  whole(options: DecodeAudioOptions): Promise<Buffer>
  /** Reads what the decoder did not want, so that the whole file is hashed. */
  drain(): Promise<void>
  /** Hands out no more, also to who waits for bytes. */
  stop(): void
  /** Why the source could not be read: FFmpeg's own error would hide it. */
  failure(): { error: unknown } | undefined
}

function createSource(chunks: AsyncIterable<Uint8Array>): Source {
  const iterator = chunks[Symbol.asyncIterator]()
  let rest: Uint8Array = new Uint8Array()
  let failed: { error: unknown } | undefined
  let stopped = false
  /** Ends the wait for a chunk. */
  let wake: ((chunk?: undefined) => void) | undefined
  const next = async (): Promise<Uint8Array | undefined> => {
    const { done, value } = await iterator.next()
    return done === true ? undefined : value
  }
  // No race with one lasting promise: that would keep every chunk.
  const nextUnlessStopped = (): Promise<Uint8Array | undefined> =>
    new Promise((resolve, reject) => {
      wake = resolve
      next().then(resolve, reject)
    })
  return {
    async read(size) {
      try {
        while (rest.length === 0) {
          const chunk = stopped ? undefined : await nextUnlessStopped()
          if (chunk === undefined) return null
          rest = chunk
        }
      } catch (error) {
        failed = { error }
        return null
      }
      const part = Buffer.from(rest.subarray(0, size))
      rest = rest.subarray(part.length)
      return part
    },
    async whole({ maxBytes, name }) {
      const parts: Uint8Array[] = []
      let size = 0
      for (let chunk = await next(); chunk !== undefined; chunk = await next()) {
        size += chunk.length
        if (size > maxBytes) {
          throw new ColophonError('SOURCE_TOO_LARGE', `The sound's file has more than ${maxBytes} bytes.`, {
            hint: 'Raise maxBytes if the machine has the memory, or save it as FLAC or MP3, which are decoded piece by piece.',
            details: { name, limit: maxBytes },
          })
        }
        parts.push(chunk)
      }
      return Buffer.concat(parts)
    },
    async drain() {
      while ((await next()) !== undefined) {
        // Hashing is all there is left to do.
      }
    },
    stop() {
      stopped = true
      wake?.()
    },
    failure: () => failed,
  }
}
