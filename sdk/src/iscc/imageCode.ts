import { encodeUnit } from './codec.ts'
import { dct } from './dct.ts'
import { checkBits, isccError } from './errors.ts'

const SIDE = 32
const SQUARE = 8

/**
 * Where the second, third and fourth 64 bits come from (x, y in the DCT matrix).
 *
 * Version 1.3 of the reference and its conformance vectors shift the square by one; version 1.5 lays the squares side by side.
 * The first 64 bits agree.
 */
const SQUARES = {
  shifted: [
    [0, 0],
    [1, 0],
    [0, 1],
    [1, 1],
  ],
  tiled: [
    [0, 0],
    [8, 0],
    [0, 8],
    [8, 8],
  ],
} as const

export interface ImageCodeOptions {
  /** Multiple of 32 from 32 to 256; 64 by default. */
  bits?: number
  /**
   * Layout of the bits beyond the 64th: `shifted` as in the conformance vectors up to iscc-core 1.3 (default), `tiled` as from iscc-core 1.5.
   * Codes of different layouts must not be compared beyond 64 bits.
   */
  squares?: keyof typeof SQUARES
}

export interface ImageCode {
  iscc: string
}

/**
 * Image-Code: similarity of what pictures look like.
 *
 * @param pixels - 32 x 32 grey values from 0 to 255, row by row. The standard prepares them so: turned upright as EXIF says, on
 * white, without uniform borders, grey, resized bicubically.
 * @throws ColophonError `ISCC_INVALID_INPUT`, `ISCC_INVALID_BITS`
 */
export function genImageCode(pixels: ArrayLike<number>, options: ImageCodeOptions = {}): ImageCode {
  const bits = checkBits(options.bits ?? 64)
  return { iscc: encodeUnit({ mainType: 'CONTENT', subType: 'IMAGE', bits, digest: softHashImage(pixels, options.squares) }) }
}

/**
 * The 256-bit digest behind an Image-Code: a bit is set where a DCT coefficient exceeds the median of its square of 64.
 *
 * @throws ColophonError `ISCC_INVALID_INPUT`
 */
export function softHashImage(pixels: ArrayLike<number>, squares: keyof typeof SQUARES = 'shifted'): Uint8Array<ArrayBuffer> {
  const corners = SQUARES[squares]
  const matrix = transform(checkPixels(pixels))
  const digest = new Uint8Array(32)
  let at = 0
  for (const [left, top] of corners) {
    const values: number[] = []
    for (let y = top; y < top + SQUARE; y++) values.push(...matrix[y]!.slice(left, left + SQUARE))
    const sorted = [...values].sort((a, b) => a - b)
    const median = (sorted[31]! + sorted[32]!) / 2
    for (const value of values) {
      if (value > median) digest[at >>> 3]! |= 0x80 >>> (at & 7)
      at++
    }
  }
  return digest
}

/** Rows first, then columns, as the reference does. */
function transform(pixels: readonly number[]): number[][] {
  const rows: number[][] = []
  for (let y = 0; y < SIDE; y++) rows.push(dct(pixels.slice(y * SIDE, (y + 1) * SIDE)))
  const columns: number[][] = []
  for (let x = 0; x < SIDE; x++) columns.push(dct(rows.map((row) => row[x]!)))
  return Array.from({ length: SIDE }, (_, y) => columns.map((column) => column[y]!))
}

function checkPixels(pixels: ArrayLike<number>): number[] {
  // An iterator, as Array.from takes of bytes, is many times slower.
  const values: number[] = []
  for (let at = 0; at < pixels.length; at++) values.push(pixels[at]!)
  const wrong = values.findIndex((value) => !Number.isInteger(value) || value < 0 || value > 255)
  if (values.length === SIDE * SIDE && wrong < 0) return values
  throw isccError('ISCC_INVALID_INPUT', 'An Image-Code needs 1,024 grey values from 0 to 255.', {
    hint: 'Resize the picture to 32 x 32 grey pixels, one byte each.',
    details: { length: values.length, ...(wrong < 0 ? {} : { position: wrong, value: String(values[wrong]) }) },
  })
}
