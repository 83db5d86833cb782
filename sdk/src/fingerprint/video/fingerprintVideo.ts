import { createVideoCode } from '../../iscc/index.ts'
import { createChromaprinter } from '../audio/chromaprint.ts'
import { SAMPLE_RATE } from '../audio/decode.ts'
import type { AudioFeatures } from '../audio/fingerprintAudio.ts'
import { createPeakFinder } from '../audio/peaks.ts'
import { FRAME_SIZE } from '../image/keypoints/keypoints.ts'
import { decodeVideo } from './decode.node.ts'
import { type DecodeVideoOptions, type FilmPiece, SAMPLE_FPS } from './decode.ts'
import { encodeCodes, encodeKeyframes } from './featureText.ts'
import { CODE_WORDS, frameCode } from './frameCode.ts'
import { cellSums, frameSignature } from './frameSignature.ts'
import { createKeyframes } from './keyframes.ts'
import { createShrinker } from './shrink.ts'

/** What comparing films needs. */
export interface VideoFeatures {
  /** Pixels of a frame as it is shown. */
  width: number
  height: number
  /** Length of what could be decoded, in steps of a fifth of a second. */
  seconds: number
  /** What is seen, five times a second: a code of 256 bits and a quality each, in base64url. */
  codes: string
  /** Places in key frames that look like no other, in base64url. Absent when only the signature was asked for. */
  keyframes?: string
  /** What is heard. Absent when the film has no sound that could be decoded. */
  sound?: AudioFeatures
}

export interface VideoContent {
  /** ISCC Video-Code, 256 bits. */
  isccContent: string
  features: VideoFeatures
}

/** Decodes a film piece by piece and computes what is robust about it. Memory grows by the features only, at most some 10 KB a second. */
export async function fingerprintVideo(
  chunks: AsyncIterable<Uint8Array>,
  options: DecodeVideoOptions & { signatureOnly?: boolean; onSeconds?: (seconds: number) => void },
): Promise<VideoContent> {
  return contentOf(decodeVideo(chunks, options), options)
}

/** The same from what a decoder gives. */
export async function contentOf(
  pieces: AsyncIterable<FilmPiece> | Iterable<FilmPiece>,
  { signatureOnly = false, onSeconds }: { signatureOnly?: boolean; onSeconds?: (seconds: number) => void } = {},
): Promise<VideoContent> {
  const iscc = createVideoCode()
  const shrink = createShrinker(FRAME_SIZE)
  const codes = createCodeList()
  const keyframes = createKeyframes()
  const chromaprinter = createChromaprinter()
  const finder = createPeakFinder()
  let frame = { width: 0, height: 0, shownWidth: 0, shownHeight: 0 }
  let [samples, reported] = [0, 0]
  for await (const piece of pieces) {
    if (piece.kind === 'sound') {
      chromaprinter.add(piece.samples)
      finder.add(piece.samples)
      samples += piece.samples.length
      continue
    }
    const { luma, repeats } = piece
    iscc.update(frameSignature(cellSums(luma.data, luma.width, luma.height, luma.stride)).values)
    const small = shrink(luma)
    const { words, quality } = frameCode(small)
    const first = codes.count
    codes.add(words, quality, repeats)
    // A film whose frames change their size has its first one's; key frames of another size would lie about places.
    if (first === 0) frame = { width: small.width, height: small.height, shownWidth: luma.width, shownHeight: luma.height }
    if (!signatureOnly && small.width === frame.width && small.height === frame.height) keyframes.add(first, words, small)
    if (codes.count - reported >= 60 * SAMPLE_FPS) {
      reported = codes.count
      onSeconds?.(codes.count / SAMPLE_FPS)
    }
  }
  return {
    isccContent: iscc.code({ bits: 256 }).iscc,
    features: {
      width: frame.shownWidth,
      height: frame.shownHeight,
      seconds: codes.count / SAMPLE_FPS,
      codes: codes.encode(),
      ...(signatureOnly ? {} : { keyframes: encodeKeyframes({ width: frame.width, height: frame.height, frames: keyframes.finish() }) }),
      ...(samples === 0 ? {} : { sound: { seconds: samples / SAMPLE_RATE, chromaprint: chromaprinter.finish(), peaks: finder.finish() } }),
    },
  }
}

interface CodeList {
  readonly count: number
  add(words: Uint32Array, quality: number, repeats: number): void
  encode(): string
}

function createCodeList(): CodeList {
  let words = new Uint32Array(512 * CODE_WORDS)
  let qualities = new Uint8Array(512)
  let count = 0
  return {
    get count() {
      return count
    },
    add(code, quality, repeats) {
      for (let repeat = 0; repeat < repeats; repeat++, count++) {
        if (count === qualities.length) {
          const [wider, longer] = [new Uint32Array(words.length * 2), new Uint8Array(qualities.length * 2)]
          wider.set(words)
          longer.set(qualities)
          words = wider
          qualities = longer
        }
        words.set(code, count * CODE_WORDS)
        qualities[count] = quality
      }
    },
    encode: () => encodeCodes({ count, words, qualities }),
  }
}
