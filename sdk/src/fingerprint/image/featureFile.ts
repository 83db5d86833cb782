import { ColophonError } from '../../errors/base.ts'
import { DESCRIPTOR_BYTES } from './keypoints/describe.ts'
import { FRAME_SIZE, type Keypoints, MOST_KEYPOINTS, SUBPIXELS } from './keypoints/keypoints.ts'
import { LEVELS } from './keypoints/pyramid.ts'
import type { LocalFeatures } from './localFeatures.ts'
import type { Box } from './pixels.ts'
import { TURNS } from './turns.ts'
import { VIEWS } from './views.ts'

/*
 * A feature file, version 1. Numbers are unsigned and little-endian.
 *
 *   0  4 bytes   "CLPI"
 *   4  u8        version, 1
 *   5  u8        0
 *   6  u16 × 2   width and height of the frame, 1 to 512
 *  10  u8        number of turns, 8
 *  11  u8        number of views, 43
 *  12  u16       number of keypoints, 0 to 500
 *  14  u16 × 4   content: left, top, right, bottom
 *  22            turns, 32 bytes each
 *                views: u16 × 4 box, u8 quality of 0 to 100, 32 bytes code
 *                keypoints, by column: u16 x each, u16 y each, u8 level each, u8 direction each, 32 bytes descriptor each
 *
 * Equal features have equal bytes: there is one way to write each file, and nothing may follow the last descriptor.
 */
const MAGIC = [0x43, 0x4c, 0x50, 0x49]
const VERSION = 1
const HEADER = 22
const CODE_BYTES = 32
const VIEW_BYTES = 9 + CODE_BYTES
const POINT_BYTES = 6 + DESCRIPTOR_BYTES

/** Most bytes of a feature file. */
export const FEATURE_FILE_MOST_BYTES: number = HEADER + TURNS.length * CODE_BYTES + VIEWS * VIEW_BYTES + MOST_KEYPOINTS * POINT_BYTES

/** Features as bytes, at most {@link FEATURE_FILE_MOST_BYTES}; the same for the same features. */
export function encodeFeatures(features: LocalFeatures): Uint8Array<ArrayBuffer> {
  const { keypoints, turns, views } = features
  const bytes = new Uint8Array(HEADER + turns.length * CODE_BYTES + views.length * VIEW_BYTES + keypoints.count * POINT_BYTES)
  const view = new DataView(bytes.buffer)
  bytes.set(MAGIC)
  bytes[4] = VERSION
  view.setUint16(6, features.width, true)
  view.setUint16(8, features.height, true)
  bytes[10] = turns.length
  bytes[11] = views.length
  view.setUint16(12, keypoints.count, true)
  writeBox(view, 14, features.content)
  let at = HEADER
  for (const code of turns) {
    bytes.set(code, at)
    at += CODE_BYTES
  }
  for (const { box, quality, code } of views) {
    writeBox(view, at, box)
    bytes[at + 8] = quality
    bytes.set(code, at + 9)
    at += VIEW_BYTES
  }
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
  return bytes
}

/**
 * Reads what {@link encodeFeatures} wrote. Every number is checked, so that bytes from anywhere can be read.
 *
 * @throws ColophonError `FEATURES_INVALID`, `FEATURES_UNSUPPORTED`
 */
export function decodeFeatures(bytes: Uint8Array): LocalFeatures {
  if (bytes.length < HEADER || MAGIC.some((byte, index) => bytes[index] !== byte)) throw invalid('it does not begin like one')
  if (bytes[4] !== VERSION) {
    throw new ColophonError('FEATURES_UNSUPPORTED', `The feature file has version ${bytes[4]}; this release reads version ${VERSION}.`, {
      hint: 'Update the SDK, or fingerprint the picture again.',
      details: { version: bytes[4], supported: VERSION },
    })
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const [width, height] = [view.getUint16(6, true), view.getUint16(8, true)]
  const count = view.getUint16(12, true)
  if (bytes[5] !== 0) throw invalid(`its fifth byte is ${bytes[5]}`)
  if (width < 1 || height < 1 || width > FRAME_SIZE || height > FRAME_SIZE) throw invalid(`its frame has ${width} × ${height} pixels`)
  if (bytes[10] !== TURNS.length || bytes[11] !== VIEWS) throw invalid(`it has ${bytes[10]} turns and ${bytes[11]} views`)
  if (count > MOST_KEYPOINTS) throw invalid(`it has ${count} keypoints`)
  const size = HEADER + TURNS.length * CODE_BYTES + VIEWS * VIEW_BYTES + count * POINT_BYTES
  if (bytes.length !== size) throw invalid(`it has ${bytes.length} bytes and should have ${size}`)
  let at = HEADER
  const content = readBox(view, 14, width, height)
  const turns = TURNS.map(() => {
    const code = Uint8Array.from(bytes.subarray(at, at + CODE_BYTES))
    at += CODE_BYTES
    return code
  })
  const views = Array.from({ length: VIEWS }, () => {
    const quality = bytes[at + 8]!
    if (quality > 100) throw invalid(`a view has a quality of ${quality} of 100`)
    const found = { box: readBox(view, at, width, height), quality, code: Uint8Array.from(bytes.subarray(at + 9, at + VIEW_BYTES)) }
    at += VIEW_BYTES
    return found
  })
  return { width, height, content, turns, views, keypoints: readKeypoints(view, bytes, at, count, width, height) }
}

function readKeypoints(view: DataView, bytes: Uint8Array, start: number, count: number, width: number, height: number): Keypoints {
  let at = start
  const column = (most: number): Uint16Array => {
    const values = new Uint16Array(count)
    for (let k = 0; k < count; k++, at += 2) {
      values[k] = view.getUint16(at, true)
      if (values[k]! > most) throw invalid('a keypoint lies outside of its frame')
    }
    return values
  }
  const x = column(width * SUBPIXELS)
  const y = column(height * SUBPIXELS)
  const level = Uint8Array.from(bytes.subarray(at, at + count))
  if (level.some((value) => value >= LEVELS)) throw invalid(`a keypoint is of a level above ${LEVELS - 1}`)
  const direction = Uint8Array.from(bytes.subarray(at + count, at + 2 * count))
  return { count, x, y, level, direction, descriptors: Uint8Array.from(bytes.subarray(at + 2 * count)) }
}

function writeBox(view: DataView, at: number, { left, top, right, bottom }: Box): void {
  for (const [index, value] of [left, top, right, bottom].entries()) view.setUint16(at + index * 2, value, true)
}

function readBox(view: DataView, at: number, width: number, height: number): Box {
  const [left, top, right, bottom] = [0, 2, 4, 6].map((offset) => view.getUint16(at + offset, true)) as [number, number, number, number]
  if (left >= right || top >= bottom || right > width || bottom > height) throw invalid('a box lies outside of its frame')
  return { left, top, right, bottom }
}

function invalid(why: string): ColophonError {
  return new ColophonError('FEATURES_INVALID', `This is no feature file: ${why}.`, {
    hint: 'Take the file that was pinned with the deposit, or fingerprint the picture again.',
    details: { why },
  })
}
