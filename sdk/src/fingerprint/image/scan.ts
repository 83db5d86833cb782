import { start } from '../../wasm/module.ts'
import { type Taps, weightsOf } from './bicubic.ts'
import { BLOCKS, plainBlocks } from './blockhash.ts'
import { ISCC_SIDE, plainGrey } from './isccPixels.ts'
import { plainLuma, sharesOf } from './luma.ts'
import type { Box, Pixels, Plane } from './pixels.ts'
import { LOWER_BITS, SHARES, scanKernels, TAPS } from './scanKernels.ts'

/** What can be made of a picture's pixels in one go. */
export interface Wanted {
  /** Brightness, with rows brought to so many samples, at most the picture's own: {@link plainLuma}. */
  luma?: number
  /** Sums of blocks: {@link plainBlocks}. They mean nothing of pictures of less than 16 pixels a side. */
  blocks?: boolean
  /** The grey picture that the Image-Code is made from, of this part: {@link plainGrey}. */
  grey?: Box
}

export interface Scanned {
  luma: Plane<Float32Array>
  blocks: Float64Array
  grey: Uint8Array<ArrayBuffer>
}

type Found<Asked extends Wanted> = Pick<Scanned, Extract<keyof Asked, keyof Scanned>>

/** Goes over a picture, whose transparent pixels should have been put on white before, a strip at a time: what `plainLuma`, `plainBlocks` and `plainGrey` give, bit for bit. */
export function scan<Asked extends Wanted>(pixels: Pixels, wanted: Asked, engine: Engine | null = loadEngine()): Found<Asked> {
  const { width, height } = pixels
  const fits = Math.min(width, height) >= BLOCKS && Math.max(width, height) <= MOST_SIDE
  return (fits && engine !== null ? engine(pixels, wanted) : scanPlain(pixels, wanted)) as Found<Asked>
}

function scanPlain(pixels: Pixels, { luma, blocks, grey }: Wanted): Partial<Scanned> {
  return {
    ...(luma === undefined ? {} : { luma: plainLuma(pixels, luma) }),
    ...(blocks === true ? { blocks: plainBlocks(pixels) } : {}),
    ...(grey === undefined ? {} : { grey: plainGrey(pixels, grey) }),
  }
}

type Engine = (pixels: Pixels, wanted: Wanted) => Partial<Scanned>

/** Pictures with longer sides are for plain code: vector code would need memory for whole rows of them, and keep it. */
const MOST_SIDE = 1 << 15
/** Bytes of a strip, which should stay near the processor while everything reads it, */
const STRIP = 1 << 17
/** and its rows: the resizing takes four at a time. */
const ROWS = 4
const MOST_ROWS = 64
/** Kernels may go so many bytes beyond what they are asked for. */
const MARGIN = 64
const PAGE = 1 << 16

const toVectors = (bytes: number): number => Math.ceil(bytes / 16) * 16

/** One part of the work: it needs so much memory, reads every strip, and has something in the end. */
interface Reader {
  bytes: number
  begin(at: number, memory: ArrayBuffer): void
  /** Rows `first` to `first + rows` of the picture are at `at`. */
  read(at: number, first: number, rows: number, memory: ArrayBuffer): void
  finish(memory: ArrayBuffer): Partial<Scanned>
}

let engine: Engine | null | undefined

/** The vector code, some 2 KB of WebAssembly that start at the first call; null where there can be none. */
export function loadEngine(): Engine | null {
  if (engine === undefined) engine = startEngine()
  return engine
}

type Run = Record<'luma' | 'lumaPairs' | 'shrinkPairs' | 'grey' | 'columns' | 'across', (...values: number[]) => void>

function startEngine(): Engine | null {
  const module = start<keyof Run>(scanKernels(), 8)
  if (module === null) return null
  const { memory } = module
  return (pixels, wanted) => {
    const { width, height, data } = pixels
    const stride = width * 4
    const stripRows = Math.min(Math.max(Math.floor(STRIP / stride / ROWS), 1) * ROWS, MOST_ROWS)
    const readers: Reader[] = []
    if (wanted.luma !== undefined) readers.push(lumaReader(module, pixels, wanted.luma, stripRows))
    if (wanted.blocks === true) readers.push(blockReader(module, pixels))
    if (wanted.grey !== undefined) readers.push(greyReader(module, pixels, wanted.grey, stripRows))
    const room = (bytes: number): number => toVectors(bytes + MARGIN)
    // A last strip of an odd number of rows is read with the row behind it.
    let end = room((stripRows + 1) * stride)
    const places = readers.map(({ bytes }) => {
      const place = end
      end += room(bytes)
      return place
    })
    if (end > memory.buffer.byteLength) memory.grow(Math.ceil((end - memory.buffer.byteLength) / PAGE))
    const { buffer } = memory
    for (const [index, reader] of readers.entries()) reader.begin(places[index]!, buffer)
    const strip = new Uint8Array(buffer, 0, stripRows * stride)
    for (let first = 0; first < height; first += stripRows) {
      const rows = Math.min(stripRows, height - first)
      strip.set(data.subarray(first * stride, (first + rows) * stride))
      for (const reader of readers) reader.read(0, first, rows, buffer)
    }
    return Object.assign({}, ...readers.map((reader) => reader.finish(buffer))) as Partial<Scanned>
  }
}

function lumaReader(run: Run, pixels: Pixels, width: number, stripRows: number): Reader {
  const { height } = pixels
  const stride = pixels.width * 4
  const data = new Float32Array(width * height)
  const narrow = width < pixels.width
  const table = narrow ? width * SHARES : 0
  const pairs = narrow ? pixels.width * 8 + MARGIN : 0
  let [tableAt, pairsAt, linesAt] = [0, 0, 0]
  return {
    bytes: table + pairs + (stripRows + 1) * width * 4,
    begin(at, memory) {
      ;[tableAt, pairsAt, linesAt] = [at, at + table, at + table + pairs]
      if (!narrow) return
      const { firsts, lasts, heads, tails, lengths } = sharesOf(pixels.width, width)
      const view = new DataView(memory, tableAt, table)
      for (let x = 0, entry = 0; x < width; x++, entry += SHARES) {
        view.setInt32(entry, firsts[x]! * 8, true)
        view.setInt32(entry + 4, lasts[x]! * 8, true)
        view.setFloat64(entry + 8, heads[x]!, true)
        view.setFloat64(entry + 16, tails[x]!, true)
        view.setFloat64(entry + 24, lengths[x]!, true)
      }
    },
    read(at, first, rows, memory) {
      if (!narrow) run.luma(at, at + rows * stride, linesAt)
      else {
        for (let row = 0; row < rows; row += 2) {
          const line = at + row * stride
          run.lumaPairs(line, line + stride, stride, pairsAt)
          const to = linesAt + row * width * 4
          run.shrinkPairs(tableAt, tableAt + table, pairsAt, to, to + width * 4)
        }
      }
      data.set(new Float32Array(memory, linesAt, rows * width), first * width)
    },
    finish: () => ({ luma: { width, height, data } }),
  }
}

function blockReader(run: Run, { width, height }: Pixels): Reader {
  const stride = width * 4
  const blocks = new Float64Array(BLOCKS * BLOCKS)
  let sumsAt = 0
  /** Of the rows of blocks, the one that columns are being added up of. */
  let band = 0
  const add = (from: number, rows: number, weight: number): void =>
    run.columns(from, from + rows * stride, stride, weight, sumsAt, sumsAt + stride)
  const endBand = (memory: ArrayBuffer): void => {
    const sums = new Int32Array(memory, sumsAt, width)
    for (let block = 0; block < BLOCKS; block++) {
      const from = (block * width) / BLOCKS
      const to = ((block + 1) * width) / BLOCKS
      const [first, last] = [Math.ceil(from), Math.floor(to)]
      let sum = 0
      for (let x = first; x < last; x++) sum += sums[x]!
      if (first > from) sum += sums[first - 1]! * (first - from)
      if (last < to) sum += sums[last]! * (to - last)
      // Weights of rows are in sixteenths.
      blocks[band * BLOCKS + block] = sum / BLOCKS
    }
    sums.fill(0)
    band++
  }
  return {
    bytes: stride,
    begin(at, memory) {
      sumsAt = at
      new Uint8Array(memory, at, stride).fill(0)
    },
    read(at, first, rows, memory) {
      for (let y = first; y < first + rows; ) {
        const from = at + (y - first) * stride
        const edge = ((band + 1) * height) / BLOCKS
        const whole = Math.min(Math.floor(edge), first + rows) - y
        if (whole > 0) {
          add(from, whole, BLOCKS)
          y += whole
        } else {
          // The edge goes through this row.
          const above = (edge - y) * BLOCKS
          add(from, 1, above)
          endBand(memory)
          add(from, 1, BLOCKS - above)
          y++
        }
        if (y === ((band + 1) * height) / BLOCKS) endBand(memory)
      }
    },
    finish: () => ({ blocks }),
  }
}

function greyReader(run: Run, pixels: Pixels, box: Box, stripRows: number): Reader {
  const [width, height] = [box.right - box.left, box.bottom - box.top]
  const [taps, tapsDown] = [weightsOf(width, ISCC_SIDE), weightsOf(height, ISCC_SIDE)]
  /** The last of four rows may be up to three beyond the last one. */
  const narrowStride = height + 4
  const greyBytes = toVectors(Math.max((stripRows + 4) * pixels.width, ISCC_SIDE * ISCC_SIDE) + MARGIN)
  const tapsBytes = Math.max(bytesOfTaps(taps), bytesOfTaps(tapsDown))
  const tableEnd = ISCC_SIDE * TAPS
  let [greyAt, tapsAt, narrowAt] = [0, 0, 0]
  return {
    bytes: greyBytes + tapsBytes + ISCC_SIDE * narrowStride + MARGIN,
    begin(at, memory) {
      ;[greyAt, tapsAt, narrowAt] = [at, at + greyBytes, at + greyBytes + tapsBytes]
      writeTaps(taps, tapsAt, memory)
    },
    read(at, first, rows) {
      const top = Math.max(first, box.top)
      const bottom = Math.min(first + rows, box.bottom)
      if (top >= bottom) return
      const from = at + (top - first) * pixels.width * 4
      run.grey(from, from + (bottom - top) * pixels.width * 4, greyAt)
      const left = greyAt + box.left
      run.across(
        left,
        left + (bottom - top) * pixels.width,
        pixels.width,
        tapsAt,
        tapsAt + tableEnd,
        narrowAt + top - box.top,
        narrowStride,
      )
    },
    finish(memory) {
      writeTaps(tapsDown, tapsAt, memory)
      // Columns lie as rows now, and come out as columns.
      run.across(narrowAt, narrowAt + ISCC_SIDE * narrowStride, narrowStride, tapsAt, tapsAt + tableEnd, greyAt, ISCC_SIDE)
      return { grey: new Uint8Array(memory, greyAt, ISCC_SIDE * ISCC_SIDE).slice() }
    },
  }
}

/** Weights go by eights. */
const EIGHT = 8
const paddedTo = (weights: Int32Array): number => Math.ceil(weights.length / EIGHT) * EIGHT

function bytesOfTaps(taps: readonly Taps[]): number {
  return taps.length * TAPS + taps.reduce((sum, { weights }) => sum + paddedTo(weights) * 4, 0)
}

function writeTaps(taps: readonly Taps[], at: number, memory: ArrayBuffer): void {
  const view = new DataView(memory)
  let place = at + taps.length * TAPS
  for (const [x, { start: first, weights }] of taps.entries()) {
    view.setInt32(at + x * TAPS, first, true)
    view.setInt32(at + x * TAPS + 4, place, true)
    for (let k = 0; k < paddedTo(weights); k++) {
      const weight = weights[k] ?? 0
      const to = place + (k - (k % EIGHT)) * 4 + (k % EIGHT) * 2
      view.setInt16(to, weight >> LOWER_BITS, true)
      view.setInt16(to + EIGHT * 2, weight & ((1 << LOWER_BITS) - 1), true)
    }
    place += paddedTo(weights) * 4
    view.setInt32(at + x * TAPS + 8, place, true)
  }
}
