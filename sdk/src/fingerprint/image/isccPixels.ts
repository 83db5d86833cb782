import { type Box, crop, type Pixels, wordsOf } from './pixels.ts'

// What the ISCC reference SDK does to a picture before the Image-Code: white behind transparency, near-uniform borders off, grey, 32 × 32.
// Its arithmetic is Pillow's, integer for integer, so that the code equals the one that every other ISCC tool makes.

const SIZE = 32
/** Border pixels may differ this much from the corner pixel, per channel. */
const TOLERANCE = 16
const MAX_TRIMS = 16

/** The 1,024 grey values that the Image-Code is made from. Transparent pixels should be put on white before. */
export function isccPixels(pixels: Pixels): Uint8Array<ArrayBuffer> {
  const trimmed = trimBorder(pixels)
  const { width, height } = trimmed
  const words = wordsOf(trimmed.data)
  const grey = (into: Uint8Array, first: number, rows: number): void =>
    greyRows(words.subarray(first * width, (first + rows) * width), into)
  return resizeBicubic(grey, width, height, SIZE, SIZE)
}

/**
 * Takes borders of near-uniform colour off, again and again until none is left.
 * A border on one side only must be really flat, or every clear sky would go.
 */
export function trimBorder(pixels: Pixels): Pixels {
  let current = pixels
  for (let pass = 0; pass < MAX_TRIMS; pass++) {
    const box = contentBox(current, TOLERANCE)
    if (box === undefined || sides(box, current) === 0) break
    if (sides(box, current) === 1) {
      const flat = contentBox(current, TOLERANCE / 2)
      if (flat === undefined || flat.left !== box.left || flat.top !== box.top || flat.right !== box.right || flat.bottom !== box.bottom)
        break
    }
    current = crop(current, box)
  }
  return current
}

function sides(box: Box, { width, height }: Pixels): number {
  return Number(box.left > 0) + Number(box.top > 0) + Number(box.right < width) + Number(box.bottom < height)
}

/** The smallest box around all pixels that differ from the upper left one; undefined when none does. */
function contentBox({ width, height, data }: Pixels, tolerance: number): Box | undefined {
  const red = data[0]!
  const green = data[1]!
  const blue = data[2]!
  const differs = (at: number): boolean =>
    Math.abs(data[at]! - red) > tolerance || Math.abs(data[at + 1]! - green) > tolerance || Math.abs(data[at + 2]! - blue) > tolerance
  const rowDiffers = (y: number): boolean => {
    for (let x = 0; x < width; x++) if (differs((y * width + x) * 4)) return true
    return false
  }
  let top = 0
  while (top < height && !rowDiffers(top)) top++
  if (top === height) return undefined
  let bottom = height
  while (!rowDiffers(bottom - 1)) bottom--
  let left = width
  let right = 0
  for (let y = top; y < bottom; y++) {
    for (let x = 0; x < left; x++) if (differs((y * width + x) * 4)) left = x
    for (let x = width - 1; x >= right; x--) {
      if (differs((y * width + x) * 4)) {
        right = x + 1
        break
      }
    }
  }
  return { left, top, right, bottom }
}

/** Pillow's conversion to mode "L": ITU-R 601-2 luma in 16-bit fixed point. */
function greyRows(words: Uint32Array, into: Uint8Array): void {
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!
    into[at] = ((word & 255) * 19595 + ((word >> 8) & 255) * 38470 + ((word >> 16) & 255) * 7471 + 0x8000) >> 16
  }
}

/** Fraction bits of Pillow's fixed-point weights: 32 less 8 for the sample and 2 for overshoot. */
const PRECISION = 22
const HALF: number = 1 << (PRECISION - 1)

/** Rows that are resized together, so that each weight is read once for all of them. */
const ROWS = 4

/**
 * Pillow's `resize(…, BICUBIC)` of one 8-bit channel: across first, then down, rounding in between. Rows are asked for a few at a time and once: the picture is never in
 * memory as a whole.
 */
function resizeBicubic(
  read: (into: Uint8Array, first: number, rows: number) => void,
  width: number,
  height: number,
  toWidth: number,
  toHeight: number,
): Uint8Array<ArrayBuffer> {
  const across = weightsOf(width, toWidth)
  const narrow = new Uint8Array(toWidth * height)
  const data = new Uint8Array(ROWS * width)
  for (let y = 0; y < height; y += ROWS) {
    // What is left of earlier rows beside the last ones is resized with them, and not kept.
    read(data, y, Math.min(ROWS, height - y))
    for (let x = 0; x < toWidth; x++) {
      const { start, weights } = across[x]!
      // Weights add up to 2^22: sums of bytes stay within 32 bits.
      let [first, second, third, fourth] = [HALF, HALF, HALF, HALF]
      for (let k = 0, at = start; k < weights.length; k++, at++) {
        const weight = weights[k]!
        first = (first + Math.imul(data[at]!, weight)) | 0
        second = (second + Math.imul(data[at + width]!, weight)) | 0
        third = (third + Math.imul(data[at + 2 * width]!, weight)) | 0
        fourth = (fourth + Math.imul(data[at + 3 * width]!, weight)) | 0
      }
      const to = y * toWidth + x
      narrow[to] = clip(first)
      // Beyond the last row these go nowhere.
      narrow[to + toWidth] = clip(second)
      narrow[to + 2 * toWidth] = clip(third)
      narrow[to + 3 * toWidth] = clip(fourth)
    }
  }
  const down = weightsOf(height, toHeight)
  const small = new Uint8Array(toWidth * toHeight)
  for (let y = 0; y < toHeight; y++) {
    const { start, weights } = down[y]!
    for (let x = 0; x < toWidth; x++) {
      let sum = HALF
      for (let k = 0; k < weights.length; k++) sum += narrow[(start + k) * toWidth + x]! * weights[k]!
      small[y * toWidth + x] = clip(sum)
    }
  }
  return small
}

function clip(sum: number): number {
  const value = sum >> PRECISION
  return value < 0 ? 0 : value > 255 ? 255 : value
}

/** Which samples each output sample is made from, and by how much. Widening the kernel with the scale is what avoids aliasing. */
function weightsOf(size: number, toSize: number): { start: number; weights: Int32Array }[] {
  const scale = size / toSize
  const stretch = Math.max(scale, 1)
  const support = 2 * stretch
  return Array.from({ length: toSize }, (_, index) => {
    const center = (index + 0.5) * scale
    const start = Math.max(Math.trunc(center - support + 0.5), 0)
    const end = Math.min(Math.trunc(center + support + 0.5), size)
    const exact = Array.from({ length: end - start }, (_, k) => cubic((k + start - center + 0.5) * (1 / stretch)))
    let total = 0
    for (const weight of exact) total += weight
    const weights = Int32Array.from(exact, (weight) => {
      const fixed = (total === 0 ? weight : weight / total) * (1 << PRECISION)
      return Math.trunc(fixed < 0 ? fixed - 0.5 : fixed + 0.5)
    })
    return { start, weights }
  })
}

/** Keys' cubic convolution kernel with a = −½. */
function cubic(x: number): number {
  const a = -0.5
  const distance = Math.abs(x)
  if (distance < 1) return ((a + 2) * distance - (a + 3)) * distance * distance + 1
  if (distance < 2) return (((distance - 5) * distance + 8) * distance - 4) * a
  return 0
}
