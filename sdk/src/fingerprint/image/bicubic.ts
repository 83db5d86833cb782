/** Fraction bits of Pillow's fixed-point weights: 32 less 8 for the sample and 2 for overshoot. */
const PRECISION = 22
const HALF: number = 1 << (PRECISION - 1)

/** Rows that are resized together, so that each weight is read once for all of them. */
const ROWS = 4

/** An output sample: the first input sample it is made from, and by how much each from there on counts, in 2⁻²². */
export interface Taps {
  start: number
  weights: Int32Array
}

/**
 * Pillow's `resize(…, BICUBIC)` of one 8-bit channel: across first, then down, rounding in between. Rows are asked for a few at a time and once: the picture is never in
 * memory as a whole.
 */
export function resizeBicubic(
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
export function weightsOf(size: number, toSize: number): Taps[] {
  const scale = size / toSize
  const stretch = Math.max(scale, 1)
  const support = 2 * stretch
  return Array.from({ length: toSize }, (_, index) => {
    const center = (index + 0.5) * scale
    const start = Math.max(Math.trunc(center - support + 0.5), 0)
    const end = Math.min(Math.trunc(center + support + 0.5), size)
    const exact = new Float64Array(end - start)
    let total = 0
    for (let k = 0; k < exact.length; k++) {
      exact[k] = cubic((k + start - center + 0.5) * (1 / stretch))
      total += exact[k]!
    }
    const weights = new Int32Array(exact.length)
    for (let k = 0; k < exact.length; k++) {
      const fixed = (total === 0 ? exact[k]! : exact[k]! / total) * (1 << PRECISION)
      weights[k] = Math.trunc(fixed < 0 ? fixed - 0.5 : fixed + 0.5)
    }
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
