import { ColophonError } from '../../errors/base.ts'
import { base64url, fromBase64url } from '../image/base64.ts'
import { DESCRIPTOR_BYTES } from '../image/keypoints/describe.ts'
import { FRAME_SIZE, type Keypoints, SUBPIXELS } from '../image/keypoints/keypoints.ts'
import { LEVELS } from '../image/keypoints/pyramid.ts'
import { CODE_WORDS } from './frameCode.ts'
import { type Keyframe, MOST_KEYFRAMES, MOST_POINTS } from './keyframes.ts'

/*
 * Codes: for each sample a byte of quality (0 to 100), then for each sample eight words.
 *
 * Key frames: width and height of the frame (u16 each), then for each key frame its sample (u32), number of keypoints (u16), and by column: u16 x each, u16 y
 * each, u8 level each, u8 direction each, 32 bytes of descriptor each.
 *
 * Both in base64url; numbers are unsigned and little-endian.
 */
const CODE_BYTES = 4 * CODE_WORDS
const POINT_BYTES = 6 + DESCRIPTOR_BYTES
const FILM_HEADER = 4
const KEYFRAME_HEADER = 6

/** What every sample looks like. */
export interface FrameCodes {
  count: number
  /** Eight each. */
  words: Uint32Array
  /** 0 to 100 each. */
  qualities: Uint8Array
}

export interface Keyframes {
  /** Pixels of the frame that keypoints lie on. */
  width: number
  height: number
  frames: Keyframe[]
}

export function encodeCodes({ count, words, qualities }: FrameCodes): string {
  const bytes = new Uint8Array(count * (1 + CODE_BYTES))
  bytes.set(qualities.subarray(0, count))
  const view = new DataView(bytes.buffer)
  for (let word = 0; word < count * CODE_WORDS; word++) view.setUint32(count + 4 * word, words[word]!, true)
  return base64url(bytes)
}

/** @throws ColophonError `FEATURES_INVALID` */
export function decodeCodes(text: string): FrameCodes {
  const bytes = bytesOf(text)
  const count = bytes.length / (1 + CODE_BYTES)
  if (!Number.isInteger(count)) throw invalid('its codes are cut off')
  const qualities = bytes.slice(0, count)
  if (qualities.some((quality) => quality > 100)) throw invalid('a frame has a quality above 100')
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  return { count, words: Uint32Array.from({ length: count * CODE_WORDS }, (_, word) => view.getUint32(count + 4 * word, true)), qualities }
}

export function encodeKeyframes({ width, height, frames }: Keyframes): string {
  const size = frames.reduce((sum, { keypoints }) => sum + KEYFRAME_HEADER + keypoints.count * POINT_BYTES, FILM_HEADER)
  const bytes = new Uint8Array(size)
  const view = new DataView(bytes.buffer)
  view.setUint16(0, width, true)
  view.setUint16(2, height, true)
  let at = FILM_HEADER
  for (const { sample, keypoints } of frames) {
    view.setUint32(at, sample, true)
    view.setUint16(at + 4, keypoints.count, true)
    at += KEYFRAME_HEADER
    for (const column of [keypoints.x, keypoints.y]) {
      for (const value of column) {
        view.setUint16(at, value, true)
        at += 2
      }
    }
    for (const column of [keypoints.level, keypoints.direction, keypoints.descriptors]) {
      bytes.set(column, at)
      at += column.length
    }
  }
  return base64url(bytes)
}

/** Reads what {@link encodeKeyframes} wrote. Every number is checked. @throws ColophonError `FEATURES_INVALID` */
export function decodeKeyframes(text: string, samples: number): Keyframes {
  const bytes = bytesOf(text)
  if (bytes.length < FILM_HEADER) throw invalid('its key frames are missing')
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  const [width, height] = [view.getUint16(0, true), view.getUint16(2, true)]
  if (width < 1 || height < 1 || width > FRAME_SIZE || height > FRAME_SIZE) throw invalid(`its frame has ${width} × ${height} pixels`)
  const frames: Keyframe[] = []
  let at = FILM_HEADER
  let before = -1
  while (at < bytes.length) {
    if (at + KEYFRAME_HEADER > bytes.length) throw invalid('a key frame is cut off')
    const sample = view.getUint32(at, true)
    const count = view.getUint16(at + 4, true)
    at += KEYFRAME_HEADER
    if (sample <= before || sample >= samples) throw invalid('its key frames are not in order')
    before = sample
    if (count > MOST_POINTS || frames.length === MOST_KEYFRAMES + 1) throw invalid('it has too many keypoints')
    if (at + count * POINT_BYTES > bytes.length) throw invalid('a key frame is cut off')
    frames.push({ sample, keypoints: readPoints(view, bytes, at, count, width, height) })
    at += count * POINT_BYTES
  }
  return { width, height, frames }
}

function readPoints(view: DataView, bytes: Uint8Array, start: number, count: number, width: number, height: number): Keypoints {
  const column = (from: number, most: number): Uint16Array => {
    const values = Uint16Array.from({ length: count }, (_, k) => view.getUint16(from + 2 * k, true))
    if (values.some((value) => value > most)) throw invalid('a keypoint lies outside of its frame')
    return values
  }
  const level = bytes.slice(start + 4 * count, start + 5 * count)
  if (level.some((value) => value >= LEVELS)) throw invalid(`a keypoint is of a level above ${LEVELS - 1}`)
  return {
    count,
    x: column(start, width * SUBPIXELS),
    y: column(start + 2 * count, height * SUBPIXELS),
    level,
    direction: bytes.slice(start + 5 * count, start + 6 * count),
    descriptors: Uint8Array.from(bytes.subarray(start + 6 * count, start + count * POINT_BYTES)),
  }
}

function bytesOf(text: unknown): Uint8Array<ArrayBuffer> {
  const bytes = typeof text === 'string' ? fromBase64url(text) : undefined
  if (bytes === undefined) throw invalid('they are not base64url')
  return bytes
}

function invalid(why: string): ColophonError {
  return new ColophonError('FEATURES_INVALID', `These are no features of a film: ${why}.`, {
    hint: 'Compare fingerprints as fingerprint() returned them, or fingerprint the film again.',
    details: { why },
  })
}
