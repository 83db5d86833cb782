import { start } from '../../wasm/module.ts'
import { type Taps, weightsOf } from './bicubic.ts'
import { BLOCKS, plainBlocks } from './blockhash.ts'
import { ISCC_SIDE, plainGrey } from './isccPixels.ts'
import { plainLuma, sharesOf } from './luma.ts'
import { type Box, type Plane, type Raster, withAlpha } from './pixels.ts'
import { type Channels, LOWER_BITS, SHARES, scanKernels, TAPS } from './scanKernels.ts'

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
export function scan<Asked extends Wanted>(raster: Raster, wanted: Asked, engine: Engine | null = loadEngine()): Found<Asked> {
  const { width, height } = raster
  const fits = Math.min(width, height) >= BLOCKS && Math.max(width, height) <= MOST_SIDE
  return (fits && engine !== null ? engine(raster, wanted) : scanPlain(raster, wanted)) as Found<Asked>
}

function scanPlain(raster: Raster, { luma, blocks, grey }: Wanted): Partial<Scanned> {
  const pixels = withAlpha(raster)
  return {
    ...(luma === undefined ? {} : { luma: plainLuma(pixels, luma) }),
    ...(blocks === true ? { blocks: plainBlocks(pixels) } : {}),
    ...(grey === undefined ? {} : { grey: plainGrey(pixels, grey) }),
  }
}

type Engine = (raster: Raster, wanted: Wanted) => Partial<Scanned>

/** Pictures with longer sides are for plain code: vector code would need memory for whole rows of them, and keep it. */
const MOST_SIDE = 1 << 15
/** Bytes of a strip, which should stay near the processor while everything reads it, */
const STRIP = 1 << 17
/** and its rows: some take four at a time, a number of each in turns. */
const ROWS = 4
const FOUR: number = ROWS * 4
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

/** The vector code, some 5 KB of WebAssembly that start at the first call; null where there can be none. */
export function loadEngine(): Engine | null {
  if (engine === undefined) engine = startEngine()
  return engine
}

type ForChannels = 'luma' | 'lumaFours' | 'grey' | 'columns'
type ForAll = 'shrinkFours' | 'across'
/** The kernels for pictures of one number of channels. */
type Run = Record<ForChannels | ForAll, (...values: number[]) => void>

function startEngine(): Engine | null {
  const module = start<`${ForChannels}${Channels}` | ForAll>(scanKernels(), 8)
  if (module === null) return null
  const { memory } = module
  const kernels: Record<Channels, Run> = {
    3: { ...module, luma: module.luma3, lumaFours: module.lumaFours3, grey: module.grey3, columns: module.columns3 },
    4: { ...module, luma: module.luma4, lumaFours: module.lumaFours4, grey: module.grey4, columns: module.columns4 },
  }
  return (pixels, wanted) => {
    const { width, height, data, channels = 4 } = pixels
    const run = kernels[channels]
    const stride = width * channels
    const stripRows = Math.min(Math.max(Math.floor(STRIP / stride / ROWS), 1) * ROWS, MOST_ROWS)
    const readers: Reader[] = []
    if (wanted.luma !== undefined) readers.push(lumaReader(run, pixels, wanted.luma, stripRows))
    if (wanted.blocks === true) readers.push(blockReader(run, pixels))
    if (wanted.grey !== undefined) readers.push(greyReader(run, pixels, wanted.grey, stripRows))
    const room = (bytes: number): number => toVectors(bytes + MARGIN)
    // A last strip is read with up to three rows behind it.
    let end = room((stripRows + ROWS) * stride)
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

function lumaReader(run: Run, pixels: Raster, width: number, stripRows: number): Reader {
  const { height, channels = 4 } = pixels
  const stride = pixels.width * channels
  const data = new Float32Array(width * height)
  const narrow = width < pixels.width
  const table = narrow ? width * SHARES : 0
  const fours = narrow ? pixels.width * FOUR + MARGIN : 0
  let [tableAt, foursAt, linesAt] = [0, 0, 0]
  return {
    bytes: table + fours + (stripRows + ROWS) * width * 4,
    begin(at, memory) {
      ;[tableAt, foursAt, linesAt] = [at, at + table, at + table + fours]
      if (!narrow) return
      const { firsts, lasts, heads, tails, lengths } = sharesOf(pixels.width, width)
      const view = new DataView(memory, tableAt, table)
      for (let x = 0, entry = 0; x < width; x++, entry += SHARES) {
        view.setInt32(entry, firsts[x]! * FOUR, true)
        view.setInt32(entry + 4, lasts[x]! * FOUR, true)
        view.setFloat64(entry + 8, heads[x]!, true)
        view.setFloat64(entry + 16, tails[x]!, true)
        view.setFloat64(entry + 24, lengths[x]!, true)
      }
    },
    read(at, first, rows, memory) {
      if (!narrow) run.luma(at, at + rows * stride, linesAt)
      else {
        for (let row = 0; row < rows; row += ROWS) {
          const line = at + row * stride
          run.lumaFours(line, line + stride, stride, foursAt)
          run.shrinkFours(tableAt, tableAt + table, foursAt, linesAt + row * width * 4, width * 4)
        }
      }
      data.set(new Float32Array(memory, linesAt, rows * width), first * width)
    },
    finish: () => ({ luma: { width, height, data } }),
  }
}

function blockReader(run: Run, { width, height, channels = 4 }: Raster): Reader {
  const stride = width * channels
  const bytes = width * 4
  const blocks = new Float64Array(BLOCKS * BLOCKS)
  let sumsAt = 0
  /** Of the rows of blocks, the one that columns are being added up of. */
  let band = 0
  const add = (from: number, rows: number, weight: number): void =>
    run.columns(from, from + rows * stride, stride, weight, sumsAt, sumsAt + bytes)
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
    bytes,
    begin(at, memory) {
      sumsAt = at
      new Uint8Array(memory, at, bytes).fill(0)
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

function greyReader(run: Run, pixels: Raster, box: Box, stripRows: number): Reader {
  const [width, height] = [box.right - box.left, box.bottom - box.top]
  const stride = pixels.width * (pixels.channels ?? 4)
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
      const from = at + (top - first) * stride
      run.grey(from, from + (bottom - top) * stride, greyAt)
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
