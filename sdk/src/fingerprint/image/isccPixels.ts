import { resizeBicubic } from './bicubic.ts'
import { type Box, type Pixels, type Raster, wordsOf } from './pixels.ts'

// What the ISCC reference SDK does to a picture before the Image-Code: white behind transparency, near-uniform borders off, grey, 32 × 32.
// Its arithmetic is Pillow's, integer for integer, so that the code equals the one that every other ISCC tool makes.

/** Of the picture that the Image-Code is made from, along each side. */
export const ISCC_SIDE = 32
/** Border pixels may differ this much from the corner pixel, per channel. */
const TOLERANCE = 16
const MAX_TRIMS = 16

/**
 * The 1,024 grey values that the Image-Code is made from: in plain code, as `scan` makes them with vector code. Transparent pixels should be put on white before.
 *
 * @param box - {@link trimmedBox} of the picture
 */
export function plainGrey(pixels: Pixels, box: Box): Uint8Array<ArrayBuffer> {
  const [width, height] = [box.right - box.left, box.bottom - box.top]
  const words = wordsOf(pixels.data)
  const grey = (into: Uint8Array, first: number, rows: number): void => {
    for (let row = 0; row < rows; row++) {
      const start = (box.top + first + row) * pixels.width + box.left
      greyRow(words.subarray(start, start + width), into, row * width)
    }
  }
  return resizeBicubic(grey, width, height, ISCC_SIDE, ISCC_SIDE)
}

/**
 * What is left when borders of near-uniform colour are taken off, again and again until none is left.
 * A border on one side only must be really flat, or every clear sky would go.
 */
export function trimmedBox(pixels: Raster): Box {
  let current: Box = { left: 0, top: 0, right: pixels.width, bottom: pixels.height }
  for (let pass = 0; pass < MAX_TRIMS; pass++) {
    const box = contentBox(pixels, current, TOLERANCE)
    const sides = box === undefined ? 0 : sidesLost(box, current)
    if (box === undefined || sides === 0) break
    if (sides === 1) {
      const flat = contentBox(pixels, current, TOLERANCE / 2)
      if (flat === undefined || sidesLost(flat, box) > 0) break
    }
    current = box
  }
  return current
}

/** On how many sides the boxes end at different places. */
function sidesLost(a: Box, b: Box): number {
  return Number(a.left !== b.left) + Number(a.top !== b.top) + Number(a.right !== b.right) + Number(a.bottom !== b.bottom)
}

/** The smallest box around all pixels of a box that differ from its upper left one; undefined when none does. */
function contentBox({ width, data, channels = 4 }: Raster, within: Box, tolerance: number): Box | undefined {
  const corner = (within.top * width + within.left) * channels
  const red = data[corner]!
  const green = data[corner + 1]!
  const blue = data[corner + 2]!
  const differs = (x: number, y: number): boolean => {
    const at = (y * width + x) * channels
    return (
      Math.abs(data[at]! - red) > tolerance || Math.abs(data[at + 1]! - green) > tolerance || Math.abs(data[at + 2]! - blue) > tolerance
    )
  }
  const rowDiffers = (y: number): boolean => {
    for (let x = within.left; x < within.right; x++) if (differs(x, y)) return true
    return false
  }
  let { top, bottom } = within
  while (top < bottom && !rowDiffers(top)) top++
  if (top === bottom) return undefined
  while (!rowDiffers(bottom - 1)) bottom--
  let left = within.right
  let right = within.left
  for (let y = top; y < bottom && (left > within.left || right < within.right); y++) {
    for (let x = within.left; x < left; x++) if (differs(x, y)) left = x
    for (let x = within.right - 1; x >= right; x--) {
      if (differs(x, y)) {
        right = x + 1
        break
      }
    }
  }
  return { left, top, right, bottom }
}

/** Pillow's conversion to mode "L": ITU-R 601-2 luma in 16-bit fixed point. */
function greyRow(words: Uint32Array, into: Uint8Array, start: number): void {
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!
    into[start + at] = ((word & 255) * 19595 + ((word >> 8) & 255) * 38470 + ((word >> 16) & 255) * 7471 + 0x8000) >> 16
  }
}
