import { type Pixels, type Raster, wordsOf } from './pixels.ts'

// Blockhash by block means and medians (B. Yang, F. Gu, X. Niu, “Block Mean Value Based Image Perceptual Hashing”, 2006), bit for bit as
// blockhash.io's tools and blockhash-core compute it.

/** Blocks along each side; 256 bits in all. */
export const BLOCKS = 16
/** Groups of rows whose blocks are compared with each other. */
const BANDS = 4

/**
 * Blockhash of the picture, 32 bytes. Pictures narrower than 16 pixels have none.
 *
 * @param blocks - sums of its blocks, {@link plainBlocks}
 */
export function blockhash({ width, height }: Raster, blocks: Float64Array): Uint8Array<ArrayBuffer> | undefined {
  if (width < BLOCKS || height < BLOCKS) return undefined
  // Half of 256 levels of three channels, which is what the published code takes for the middle.
  const middle = ((width / BLOCKS) * (height / BLOCKS) * 256 * 3) / 2
  const bits = new Uint8Array((BLOCKS * BLOCKS) / 8)
  const band = blocks.length / BANDS
  for (let start = 0; start < blocks.length; start += band) {
    const sorted = blocks.slice(start, start + band).sort()
    const median = (sorted[band / 2 - 1]! + sorted[band / 2]!) / 2
    for (let at = start; at < start + band; at++) {
      const value = blocks[at]!
      // Of equal blocks, as in pictures that are mostly black or white, all are set or none.
      if (value > median || (Math.abs(value - median) < 1 && median > middle)) bits[at >> 3]! |= 0x80 >> (at & 7)
    }
  }
  return bits
}

/**
 * Red, green and blue of each block, added up; a pixel that lies on an edge counts to both sides by its area. Shares are sixteenths, so that
 * every sum is exact, in whatever order it is made. What is wholly transparent counts as white. In plain code, as `scan` makes them with vector code.
 */
export function plainBlocks({ width, height, data }: Pixels): Float64Array {
  const blocks = new Float64Array(BLOCKS * BLOCKS)
  const row = new Float64Array(BLOCKS)
  const words = wordsOf(data)
  for (let y = 0; y < height; y++) {
    const start = y * width
    for (let block = 0; block < BLOCKS; block++) {
      const from = (block * width) / BLOCKS
      const to = ((block + 1) * width) / BLOCKS
      const first = Math.ceil(from)
      const last = Math.floor(to)
      let sum = brightnessOf(words, start + first, start + last)
      // Blocks are a pixel wide at least, so that no pixel lies on both edges of one.
      if (first > from) sum += brightnessOf(words, start + first - 1, start + first) * (first - from)
      if (last < to) sum += brightnessOf(words, start + last, start + last + 1) * (to - last)
      row[block] = sum
    }
    const top = Math.floor((y * BLOCKS) / height)
    const edge = ((top + 1) * height) / BLOCKS
    const share = Math.min(y + 1, edge) - y
    for (let block = 0; block < BLOCKS; block++) {
      blocks[top * BLOCKS + block]! += row[block]! * share
      if (share < 1) blocks[(top + 1) * BLOCKS + block]! += row[block]! * (1 - share)
    }
  }
  return blocks
}

/** Pixels whose red and blue together still fit into 16 bits each. */
const RUN = 256

/** Red, green and blue of some pixels in a row, added up. */
function brightnessOf(words: Uint32Array, from: number, to: number): number {
  let sum = 0
  for (let start = from; start < to; start += RUN) {
    const end = Math.min(start + RUN, to)
    // Red grows in the lower half of a number and blue in the upper.
    let both = 0
    let green = 0
    for (let at = start; at < end; at++) {
      const word = words[at]!
      if (word >>> 24 === 0) sum += 765
      else {
        both += word & 0xff00ff
        green += (word >>> 8) & 255
      }
    }
    sum += (both & 0xffff) + (both >>> 16) + green
  }
  return sum
}
