import { ColophonError } from '../errors/base.ts'
import { bytesToHex } from '../hex/index.ts'
import { createDataCode, createInstanceCode, decodeUnit, genIsccCode } from '../iscc/index.ts'
import { untilAborted } from '../progress/aborted.ts'
import type { LongCallOptions } from '../progress/progress.ts'
import { type ByteSource, openSource, type Source } from '../source/index.ts'
import { soundsPlain } from './audio/compareAudio.ts'
import { type AudioFeatures, fingerprintAudio } from './audio/fingerprintAudio.ts'
import { collect, MOST_BYTES, MOST_PIXELS } from './image/collect.ts'
import { fingerprintImage, type ImageFeatures } from './image/fingerprintImage.ts'
import { type Media, refineByName, SNIFF_BYTES, type Sniffed, sniff, typeOfName } from './media.ts'
import { createSha256 } from './sha256.node.ts'
import { fingerprintText, type TextFeatures } from './text/fingerprintText.ts'
import { showsPlain } from './video/compareFilms.ts'
import { fingerprintVideo, type VideoFeatures } from './video/fingerprintVideo.ts'

export interface FingerprintOptions extends LongCallOptions<'read' | 'decode'> {
  /**
   * What to take the file for. By default what its bytes say. `'data'` takes any file by its identity alone: a changed copy of
   * it will not be recognised.
   */
  media?: Media
  /**
   * `all` by default. `signature` leaves out the features of a picture that recognise crops, turns, collages and photographs of screens: it
   * takes a fifth to a third of the time and all that goes on chain is the same. Of a film it leaves out the key frames that recognise crops,
   * frames within other frames, and screens that were filmed. Recordings and texts have all layers always.
   */
  layers?: 'all' | 'signature'
  /** Most pixels of a picture or of a film's frame; 100 million by default. */
  maxPixels?: number
  /** Most seconds of a recording or a film; 4 hours by default. */
  maxSeconds?: number
  /**
   * Most bytes of a file that has to be read as a whole, a picture, M4A, PDF, EPUB or DOCX; 256 MiB by default. Other recordings, films, other
   * texts and data have no limit.
   */
  maxBytes?: number
}

/** Algorithm of a 256-bit on-chain code, as `Work.fingerprintType` has it. */
export const CODE_TYPES = {
  1: 'PDQ-256',
  2: 'ISCC-Text-256',
  3: 'ISCC-Audio-256',
  4: 'ISCC-Video-256',
  5: 'blockhash-256',
  6: 'ISCC-Image-256',
} as const

export type CodeType = keyof typeof CODE_TYPES

/** The compact robust code that goes on chain. */
export interface RobustCode {
  type: CodeType
  name: (typeof CODE_TYPES)[CodeType]
  /** 32 bytes. */
  bits: `0x${string}`
}

/** What every fingerprint has. */
interface FingerprintBase {
  /** Version of this form. */
  version: 1
  /** MIME type that the bytes show. */
  mediaType: string
  /** MIME type that the file's name promises, when it is another: the file is mislabelled. */
  declaredType?: string
  /** Bytes. */
  size: number
  /** SHA-256 of the file. */
  sha256: `0x${string}`
  /** ISCC-CODE (ISO 24138) of content, data and instance. */
  iscc: string
  /** The units it is made of, at full length: 256 bits each. */
  units: { content?: string; data: string; instance: string }
  /** The work is so plain (a single colour, a few words) that look-alikes cannot be told from strangers: only exact copies are recognised. */
  plain: boolean
}

export interface ImageFingerprint extends FingerprintBase {
  media: 'image'
  code: RobustCode
  features: ImageFeatures
}

export interface AudioFingerprint extends FingerprintBase {
  media: 'audio'
  code: RobustCode
  features: AudioFeatures
}

export interface VideoFingerprint extends FingerprintBase {
  media: 'video'
  code: RobustCode
  features: VideoFeatures
}

export interface TextFingerprint extends FingerprintBase {
  media: 'text'
  code: RobustCode
  features: TextFeatures
}

export interface DataFingerprint extends FingerprintBase {
  media: 'data'
  code?: undefined
}

/** Everything that identifies a work and that recognises its copies. Plain JSON: it can be stored and read back as it is. */
export type Fingerprint = ImageFingerprint | AudioFingerprint | VideoFingerprint | TextFingerprint | DataFingerprint

/** PDQ's authors discard hashes of this quality and below. */
export const PLAIN_QUALITY = 49
/** Texts with fewer letters than one winnowed passage and its window need cannot be told apart by what they share. */
export const PLAIN_LETTERS = 50

const MOST_SECONDS = 4 * 3600

/**
 * Fingerprints a work. The file goes nowhere. It is read once; a film is read once for its identity and once more to decode it, where it lies or,
 * of a source that is no path, from a temporary file that is removed again.
 *
 * @throws ColophonError `SOURCE_*`, `FINGERPRINT_EMPTY`, `FINGERPRINT_UNSUPPORTED`, `FINGERPRINT_WRONG_MEDIA`, `IMAGE_*`, `AUDIO_*`, `VIDEO_*`, `TEXT_*`,
 * `DEPENDENCY_MISSING`; the signal's reason when aborted
 */
export async function fingerprint(source: Source, options: FingerprintOptions = {}): Promise<Fingerprint> {
  const { signal } = options
  signal?.throwIfAborted()
  const opened = await openSource(source)
  const { head, chunks, close } = await peek(opened, signal)
  try {
    return await fingerprintOpened(opened, head, chunks, options)
  } finally {
    // A file that was refused by its first bytes, or whose reading was aborted, must not stay open.
    await close()
  }
}

async function fingerprintOpened(
  opened: ByteSource,
  head: Uint8Array,
  chunks: AsyncIterable<Uint8Array>,
  options: FingerprintOptions,
): Promise<Fingerprint> {
  const { signal } = options
  if (head.length === 0) {
    throw new ColophonError('FINGERPRINT_EMPTY', 'The file is empty.', {
      hint: 'Choose a file with content.',
      details: { name: opened.name },
    })
  }
  const sniffed = refineByName(sniff(head), opened.name)
  const media = chooseMedia(sniffed, options.media, opened.name)
  const identity = createIdentity(opened, options)
  const hashed = identity.through(chunks)
  const { isccContent, ...own } = await readContent(media, sniffed.mediaType, hashed, opened, options)
  signal?.throwIfAborted()

  const { size, digest, data, instance } = identity.finish()
  const units = { ...(isccContent === undefined ? {} : { content: isccContent }), data, instance }
  const declaredType = typeOfName(opened.name)
  return {
    version: 1,
    mediaType: sniffed.mediaType,
    ...(declaredType === undefined || declaredType === sniffed.mediaType ? {} : { declaredType }),
    size,
    sha256: digest,
    iscc: genIsccCode(Object.values(units)).iscc,
    units,
    ...own,
  }
}

/** What is particular to one medium. */
type Particular<Kind extends Fingerprint> = Kind extends Fingerprint ? Pick<Kind, 'plain'> & Omit<Kind, keyof FingerprintBase> : never
type Content = Particular<Fingerprint> & { isccContent?: string }

/** Decodes what the file shows, sounds or says. */
async function readContent(
  media: Media,
  mediaType: string,
  chunks: AsyncIterable<Uint8Array>,
  { name, path, blob }: ByteSource,
  options: FingerprintOptions,
): Promise<Content> {
  const { signal, onProgress, maxBytes = MOST_BYTES } = options
  const common = { ...(name === undefined ? {} : { name }), ...(signal === undefined ? {} : { signal }) }
  switch (media) {
    case 'image': {
      const { isccContent, features } = await fingerprintImage(await collect(chunks, maxBytes, name), {
        ...common,
        maxPixels: options.maxPixels ?? MOST_PIXELS,
        signatureOnly: options.layers === 'signature',
        onStep: (done, total) => {
          signal?.throwIfAborted()
          onProgress?.({ stage: 'decode', done, total, unit: 'steps' })
        },
      })
      return { media, code: code(1, features.pdq), plain: features.pdqQuality <= PLAIN_QUALITY, features, isccContent }
    }
    case 'audio': {
      const { isccContent, features } = await fingerprintAudio(chunks, {
        ...common,
        mediaType,
        maxBytes,
        maxSeconds: options.maxSeconds ?? MOST_SECONDS,
        onSeconds: (done) => onProgress?.({ stage: 'decode', done, unit: 'seconds' }),
      })
      return { media, code: code(3, digestOf(isccContent)), plain: soundsPlain(features), features, isccContent }
    }
    case 'video': {
      const { isccContent, features } = await fingerprintVideo(chunks, {
        ...common,
        ...(path === undefined ? {} : { path }),
        ...(blob === undefined ? {} : { blob }),
        mediaType,
        maxPixels: options.maxPixels ?? MOST_PIXELS,
        maxSeconds: options.maxSeconds ?? MOST_SECONDS,
        signatureOnly: options.layers === 'signature',
        onSeconds: (done) => onProgress?.({ stage: 'decode', done, unit: 'seconds' }),
      })
      return { media, code: code(4, digestOf(isccContent)), plain: showsPlain(features), features, isccContent }
    }
    case 'text': {
      const { isccContent, features } = await fingerprintText(chunks, mediaType, { ...common, maxBytes })
      return { media, code: code(2, digestOf(isccContent)), plain: features.letters < PLAIN_LETTERS, features, isccContent }
    }
    case 'data': {
      await drain(chunks)
      return { media, plain: false }
    }
  }
}

function digestOf(unit: string): `0x${string}` {
  return bytesToHex(decodeUnit(unit).digest)
}

function code(type: CodeType, bits: `0x${string}`): RobustCode {
  return { type, name: CODE_TYPES[type], bits }
}

function chooseMedia(sniffed: Sniffed, wanted: Media | undefined, name: string | undefined): Media {
  if (wanted === 'data') return 'data'
  const media = sniffed.media
  if (media === undefined && wanted === undefined) {
    const promised = typeOfName(name)
    const mislabelled = promised !== undefined && promised !== sniffed.mediaType ? `, though it is named like ${promised}` : ''
    throw new ColophonError('FINGERPRINT_UNSUPPORTED', `Files of type ${sniffed.mediaType} have no robust fingerprint yet${mislabelled}.`, {
      hint: 'Pictures (JPEG, PNG, WebP, AVIF, GIF, TIFF), recordings (WAV, AIFF, FLAC, MP3, AAC, M4A, Ogg), films (MP4, QuickTime, WebM, Matroska, AVI, Ogg, MPEG, FLV, WMV) and texts (plain, Markdown, HTML, PDF, EPUB, DOCX) do. With media: "data" any file can be taken by its identity alone; changed copies of it are not recognised.',
      details: { name, mediaType: sniffed.mediaType, ...(promised === undefined ? {} : { declaredType: promised }) },
    })
  }
  if (wanted !== undefined && wanted !== media) {
    throw new ColophonError(
      'FINGERPRINT_WRONG_MEDIA',
      `The file was to be taken for ${{ image: 'a picture', audio: 'a recording', video: 'a film', text: 'a text' }[wanted]}, but its bytes are ${sniffed.mediaType}.`,
      {
        hint: 'Leave media out to go by the bytes, or use "data".',
        details: { name, wanted, mediaType: sniffed.mediaType },
      },
    )
  }
  return media!
}

interface Peeked {
  /** The first bytes, as many as {@link sniff} wants and the source has. */
  head: Uint8Array
  /** Everything from the start; can be read once. */
  chunks: AsyncIterable<Uint8Array>
  /** Ends the reading of the source, if it has not come to its end. */
  close(): Promise<void>
}

/** Reads enough of the source to tell what it is; the source is opened only once. */
async function peek(source: ByteSource, signal: AbortSignal | undefined): Promise<Peeked> {
  const iterator = source.open()[Symbol.asyncIterator]()
  let ended = false
  let waiting = false
  const next = async (): Promise<Uint8Array | undefined> => {
    waiting = true
    const { done, value } = await untilAborted(iterator.next(), signal)
    waiting = false
    if (done !== true) return value
    ended = true
    return undefined
  }
  const close = async (): Promise<void> => {
    if (ended) return
    ended = true
    // A source that keeps us waiting for its next piece may keep us waiting for its end as well.
    const closed = Promise.resolve(iterator.return?.())
    if (waiting) closed.catch(() => undefined)
    else await closed
  }
  const first: Uint8Array[] = []
  let size = 0
  try {
    while (size < SNIFF_BYTES) {
      const chunk = await next()
      if (chunk === undefined) break
      first.push(chunk)
      size += chunk.length
    }
  } catch (cause) {
    await close()
    throw cause
  }
  const head = new Uint8Array(Math.min(size, SNIFF_BYTES))
  let at = 0
  for (const chunk of first) {
    const part = chunk.subarray(0, head.length - at)
    head.set(part, at)
    at += part.length
  }
  async function* all(): AsyncGenerator<Uint8Array> {
    yield* first
    while (!ended) {
      const chunk = await next()
      if (chunk !== undefined) yield chunk
    }
  }
  return { head, chunks: all(), close }
}

interface Identity {
  through(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array>
  finish(): { size: number; digest: `0x${string}`; data: string; instance: string }
}

/** Hashes bytes on their way to whoever decodes them. */
function createIdentity(source: ByteSource, { signal, onProgress }: FingerprintOptions): Identity {
  const sha = createSha256()
  const data = createDataCode()
  const instance = createInstanceCode()
  const total = source.size === undefined ? {} : { total: source.size }
  let size = 0
  let reported = 0
  return {
    async *through(chunks) {
      for await (const chunk of chunks) {
        signal?.throwIfAborted()
        sha.update(chunk)
        data.update(chunk)
        instance.update(chunk)
        size += chunk.length
        if (size - reported >= 8 << 20) {
          reported = size
          onProgress?.({ stage: 'read', done: size, ...total, unit: 'bytes' })
        }
        yield chunk
      }
      onProgress?.({ stage: 'read', done: size, total: size, unit: 'bytes' })
    },
    finish: () => ({
      size,
      digest: bytesToHex(sha.digest()),
      data: data.code({ bits: 256 }).iscc,
      instance: instance.code({ bits: 256 }).iscc,
    }),
  }
}

async function drain(chunks: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _ of chunks) {
    // Hashing is all there is to do.
  }
}
