import type { Decoder, Demuxer, FilterAPI, Frame, Packet, Stream } from 'node-av/api'
import { SAMPLE_RATE } from '../audio/decode.ts'
import { loadNodeAv, type NodeAv } from '../nodeAv.node.ts'
import type { DecodeVideo, DecodeVideoOptions, FilmPiece } from './decode.ts'
import { filmFile } from './filmFile.node.ts'
import { createLookahead, type Lookahead } from './lookahead.ts'
import { packetsOf } from './packets.node.ts'
import { openPictures, type Picture, type PictureDecoder } from './pictures.node.ts'
import { checkLength, checkSight, checkSize, noFilm, unreadable } from './problems.ts'
import { createSampler, type Sampler, sampleOf } from './sampler.ts'

/** FFmpeg's reader for each kind of file: what the bytes show is not guessed at again, and lists of other files are none of them. */
const READERS: Readonly<Record<string, string>> = {
  'video/mp4': 'mov',
  'video/quicktime': 'mov',
  'video/webm': 'matroska',
  'video/x-msvideo': 'avi',
  'video/ogg': 'ogg',
  'video/mpeg': 'mpeg',
  'video/mp2t': 'mpegts',
  'video/x-flv': 'flv',
  'video/x-ms-asf': 'asf',
}

/** Claims of a sound that no recording makes. */
const MOST_RATE = 768_000
const LEAST_RATE = 1000
const MOST_CHANNELS = 64

/** Packets of sound, subtitles and the like after which everything else in the process gets its turn. */
const TURN = 64

/** Formats whose first plane is brightness, as the filter `signature` takes them; others are converted by FFmpeg's own choice among these. */
const FORMATS = 'gray|yuv410p|yuv411p|yuv420p|yuv422p|yuv440p|yuv444p|yuvj411p|yuvj420p|yuvj422p|yuvj444p|yuvj440p|nv12|nv21'

/** Decodes with node-av (FFmpeg). Browsers get `decode.browser.ts` in its place, by the `browser` field of the package. */
export const decodeVideo: DecodeVideo = async function* decodeVideo(chunks, options) {
  const av = await loadNodeAv('Films are')
  const file = await filmFile(chunks, options)
  let whole = false
  try {
    yield* decodeFile(av, file.path, options)
    whole = true
  } finally {
    await file.close({ check: whole })
  }
}

async function* decodeFile(av: NodeAv, path: string, options: DecodeVideoOptions): AsyncGenerator<FilmPiece> {
  let demuxer: Demuxer | undefined
  let film: FilmDecoder | undefined
  let sound: Decoder | undefined
  try {
    try {
      // With its protocol, so that no name of a file can be taken for an address.
      demuxer = await av.Demuxer.open(`file:${path}`, {
        format: READERS[options.mediaType]!,
        options: { protocol_whitelist: 'file' },
      })
    } catch (cause) {
      throw unreadable(options, cause)
    }
    const stream = demuxer.streams.find(
      (each) =>
        each.codecpar.codecType === av.AVMEDIA_TYPE_VIDEO && (Number(each.disposition) & Number(av.AV_DISPOSITION_ATTACHED_PIC)) === 0,
    )
    if (stream === undefined) throw noFilm(options)
    film = await openFilm(av, stream, demuxer.getFormatContext().startTime, options)
    const heard = demuxer.audio()
    sound = heard === undefined ? undefined : await openSound(av, heard)
    let beside = 0
    for await (const packet of packetsOf(av, demuxer, READERS[options.mediaType]!, options.signal)) {
      if (packet.streamIndex === stream.index) {
        yield* film.take(packet)
        options.signal?.throwIfAborted()
        continue
      }
      try {
        if (sound !== undefined && packet.streamIndex === heard!.index) yield* soundOf(sound, packet)
      } finally {
        packet.free()
      }
      // Only pictures are waited for: where there are none for long, others get their turn, and who wants to abort.
      if (++beside % TURN === 0) await new Promise(setImmediate)
      options.signal?.throwIfAborted()
    }
    if (sound !== undefined) yield* soundOf(sound, null)
    yield* film.finish()
  } finally {
    await film?.close()
    sound?.close()
    await demuxer?.close()
  }
}

interface FilmDecoder {
  /** Decodes a packet, and frees it when that is done. */
  take(packet: Packet): AsyncGenerator<FilmPiece>
  /** Decodes what is left. Throws if too little of the film could be decoded to believe it. */
  finish(): AsyncGenerator<FilmPiece>
  close(): Promise<void>
}

/** Readers of files that have a whole frame in each packet. Elsewhere a packet may be a field, and leaving out one would leave half a frame. */
const WHOLE_FRAMES: ReadonlySet<string> = new Set(['mov', 'matroska'])

async function openFilm(av: NodeAv, stream: Stream, start: bigint, options: DecodeVideoOptions): Promise<FilmDecoder> {
  const { width, height } = stream.codecpar
  checkSize(width, height, options)
  let pictures: PictureDecoder
  try {
    pictures = await openPictures(av, stream)
  } catch (cause) {
    throw unreadable(options, cause)
  }
  const luma = createLumaReader(av, stream)
  const sampler: Sampler<Picture> = createSampler()
  const lookahead: Lookahead<Packet> = createLookahead()
  let mayLeaveOut = WHOLE_FRAMES.has(READERS[options.mediaType]!)
  // What is being decoded while the caller looks at the frames of the packet before.
  let coming: Promise<Picture[]> = Promise.resolve([])
  // Times of packets that were left out, as far as no later frame has come.
  let leftOut: bigint[] = []
  let [packets, frames, samples] = [0, 0, 0]
  let firstFailure: unknown
  let end = 0n
  const base = { num: stream.timeBase.num, den: stream.timeBase.den }
  const step = stepOf(stream)
  // Films begin at zero, whatever the file counts from: the earlier of sight and sound begins it, as for FFmpeg's own tools.
  const offset = start === av.AV_NOPTS_VALUE ? 0n : inBase(start, base)

  const decode = async (packet: Packet | null, unseen: boolean): Promise<Picture[]> => {
    try {
      return await pictures.decode(packet, unseen)
    } catch (cause) {
      firstFailure ??= cause
      return []
    } finally {
      packet?.free()
    }
  }

  const shown = ({ frame: picture, repeats }: { frame: Picture; repeats: number }): FilmPiece & { free(): void } => {
    samples += repeats
    try {
      checkLength(samples, options)
      checkSize(picture.frame.width, picture.frame.height, options)
      const read = luma.read(picture.frame)
      return {
        kind: 'frame',
        luma: read.luma,
        repeats,
        free() {
          read.free()
          picture.free()
        },
      }
    } catch (cause) {
      picture.free()
      throw unreadable(options, cause)
    }
  }

  function* piece(out: { frame: Picture; repeats: number } | undefined): Generator<FilmPiece> {
    if (out === undefined) return
    const one = shown(out)
    try {
      yield one
    } finally {
      one.free()
    }
  }

  function* pieces(decoded: Picture[]): Generator<FilmPiece> {
    const left = [...decoded]
    try {
      for (let picture = left.shift(); picture !== undefined; picture = left.shift()) {
        const time = timeOf(picture.frame)
        if (!leftOut.includes(time)) frames++
        leftOut = leftOut.filter((each) => each > time)
        end = time + (picture.frame.duration > 0n ? picture.frame.duration : step)
        yield* piece(sampler.add(picture, time, base))
      }
    } finally {
      for (const picture of left) picture.free()
    }
  }

  async function* next(packet: Packet | null, unseen: boolean): AsyncGenerator<FilmPiece> {
    if (unseen && pictures.canLeaveOut()) leftOut.push(packet!.pts - offset)
    else if (packet !== null) packets++
    const decoded = await coming
    coming = decode(packet, unseen)
    yield* pieces(decoded)
  }

  return {
    async *take(packet) {
      const time = packet.pts - offset
      if (packet.pts === av.AV_NOPTS_VALUE || (packet.flags & av.AV_PKT_FLAG_CORRUPT) !== 0) mayLeaveOut = false
      // What an editor has cut off is decoded and not shown.
      const shows = mayLeaveOut && (packet.flags & av.AV_PKT_FLAG_DISCARD) === 0
      const out = lookahead.add(packet, shows ? { sample: sampleOf(time, base), time } : undefined)
      if (out !== undefined) yield* next(out.packet, mayLeaveOut && out.unseen)
    },
    async *finish() {
      const left = lookahead.rest()
      try {
        for (let packet = left.shift(); packet !== undefined; packet = left.shift()) yield* next(packet, false)
      } finally {
        for (const packet of left) packet.free()
      }
      yield* next(null, false)
      yield* pieces(await coming)
      coming = Promise.resolve([])
      yield* piece(sampler.finish(end, base))
      checkSight(frames, packets, options, firstFailure)
    },
    async close() {
      for (const picture of await coming) picture.free()
      for (const packet of lookahead.rest()) packet.free()
      sampler.finish(0n, base)?.frame.free()
      pictures.close()
      luma.close()
    },
  }

  function timeOf({ bestEffortTimestamp: likely, pts }: Frame): bigint {
    if (likely !== av.AV_NOPTS_VALUE) return likely - offset
    // Without a time of its own a frame follows the one before.
    return pts === av.AV_NOPTS_VALUE ? end : pts - offset
  }
}

/** Microseconds in units of a stream's time, to the nearest. */
function inBase(microseconds: bigint, { num, den }: { num: number; den: number }): bigint {
  const divisor = 2n * 1_000_000n * BigInt(num)
  const twice = 2n * microseconds * BigInt(den)
  return (microseconds >= 0n ? twice + divisor / 2n : twice - divisor / 2n) / divisor
}

/** Units of the stream's time from one frame to the next, where frames do not say it. */
function stepOf({ avgFrameRate, timeBase }: Stream): bigint {
  if (avgFrameRate.num <= 0 || avgFrameRate.den <= 0) return 1n
  return BigInt(Math.max(Math.round((avgFrameRate.den * timeBase.den) / (avgFrameRate.num * timeBase.num)), 1))
}

interface LumaReader {
  /** The frame upright, which is the caller's or refers to it; `free` ends what was made. */
  read(frame: Frame): { luma: (FilmPiece & { kind: 'frame' })['luma']; free(): void }
  close(): void
}

/** Reads brightness as it is where a frame has it in a plane of its own, and lets FFmpeg convert and turn where it has not. */
function createLumaReader(av: NodeAv, stream: Stream): LumaReader {
  const turn = turnOf(stream.codecpar.getCodedSideData(av.AV_PKT_DATA_DISPLAYMATRIX))
  const asIs = new Set<number>([
    av.AV_PIX_FMT_GRAY8,
    av.AV_PIX_FMT_YUV420P,
    av.AV_PIX_FMT_YUVJ420P,
    av.AV_PIX_FMT_YUV422P,
    av.AV_PIX_FMT_YUV444P,
  ])
  let filter: FilterAPI | undefined
  return {
    read(frame) {
      let upright = frame
      if (turn.length > 0 || !asIs.has(frame.format)) {
        filter ??= av.FilterAPI.create([...turn, `format=${FORMATS}`].join(','))
        filter.processSync(frame)
        const out = filter.receiveSync()
        if (out === null || out === undefined) throw new Error('a frame cannot be converted')
        upright = out
      }
      const { width, height } = upright
      const stride = upright.linesize[0]!
      const data = upright.data![0]!
      if (stride < width || data.length < stride * (height - 1) + width) throw new Error('a frame is stored in an order that is not known')
      return {
        luma: { width, height, stride, data },
        free() {
          if (upright !== frame) upright.free()
        },
      }
    },
    close: () => filter?.close(),
  }
}

/** The filters by which FFmpeg's own tools bring a frame upright, from the matrix in the file's header. */
function turnOf(matrix: Buffer | null): string[] {
  if (matrix === null || matrix.length < 36) return []
  const [a, b, c, d] = [0, 4, 12, 16].map((at) => matrix.readInt32LE(at)) as [number, number, number, number]
  const degrees = ((Math.atan2(b, a) * 180) / Math.PI + 360) % 360
  const near = (other: number): boolean => Math.abs(degrees - other) < 1
  if (near(90)) return [c > 0 ? 'transpose=cclock_flip' : 'transpose=clock']
  if (near(180)) return [...(a < 0 ? ['hflip'] : []), ...(d < 0 ? ['vflip'] : [])]
  if (near(270)) return [c < 0 ? 'transpose=clock_flip' : 'transpose=cclock']
  return near(0) || near(360) ? (d < 0 ? ['vflip'] : []) : []
}

/** A film is recognised by what is seen: sound that no decoder knows is left out. */
async function openSound(av: NodeAv, stream: Stream): Promise<Decoder | undefined> {
  const { sampleRate, channels } = stream.codecpar
  if (sampleRate > MOST_RATE || (sampleRate > 0 && sampleRate < LEAST_RATE) || channels > MOST_CHANNELS) return undefined
  return await av.Decoder.create(stream, {
    exitOnError: false,
    resample: { sampleRate: SAMPLE_RATE, sampleFormat: av.AV_SAMPLE_FMT_S16, channelLayout: av.AV_CHANNEL_LAYOUT_MONO },
  }).catch(() => undefined)
}

function* soundOf(decoder: Decoder, packet: Parameters<Decoder['decodeAllSync']>[0]): Generator<FilmPiece> {
  let frames: Frame[] = []
  try {
    frames = decoder.decodeAllSync(packet)
  } catch {
    // Damaged packets are skipped, as players do.
  }
  const pieces = frames.map((frame) => {
    const bytes = frame.data![0]!
    const samples = Int16Array.from(new Int16Array(bytes.buffer, bytes.byteOffset, frame.nbSamples))
    frame.free()
    return samples
  })
  for (const samples of pieces) yield { kind: 'sound', samples }
}
