import { type Memory, start } from '../../wasm/module.ts'
import type { Plane } from './pixels.ts'
import { planeKernels } from './planeKernels.ts'

/** Vector code for planes; both give what the plain code that they stand for gives, bit for bit. */
export interface PlaneEngine {
  /** See `shrunkDown`. */
  shrunkDown(plane: Plane<Float32Array>, height: number): Plane<Float32Array>
  /**
   * Takes running means over so many columns of each row, then over so many rows of each column, all that `passes` times, and gives the samples that are in
   * these rows and columns. Windows shrink towards the edges.
   */
  blurred(plane: Plane<Float32Array>, blur: Blur): Float32Array<ArrayBuffer>
}

export interface Blur {
  windows: { columns: number; rows: number }
  passes: number
  at: { columns: Int32Array; rows: Int32Array }
}

let engine: PlaneEngine | null | undefined

/** The vector code, some 1 KB of WebAssembly that start at the first call; null where there can be none. */
export function loadPlaneEngine(): PlaneEngine | null {
  if (engine === undefined) engine = startEngine()
  return engine
}

const PAGE = 1 << 16
/** Numbers that kernels may go beyond a row: whole vectors. */
const FOUR = 4

function startEngine(): PlaneEngine | null {
  const module = start<'slide' | 'turnFour' | 'addRow' | 'takeMeans'>(planeKernels(), 1)
  if (module === null) return null
  const { memory, slide, turnFour, addRow, takeMeans } = module

  const shrunkDown: PlaneEngine['shrunkDown'] = ({ width, height: fromHeight, data: columns }, height) => {
    const scale = fromHeight / height
    const line = width + FOUR
    const sumsAt = 0
    const outAt = line * 8
    const rowsAt = outAt + line * 4
    grow(memory, rowsAt + (Math.ceil(scale) + 2) * line * 4)
    new Float64Array(memory.buffer, sumsAt, line).fill(0)
    const rows = new Float32Array(memory.buffer, rowsAt)
    const out = new Float32Array(memory.buffer, outAt, width)
    const data = new Float32Array(width * height)
    for (let y = 0; y < height; y++) {
      const from = y * scale
      const to = Math.min((y + 1) * scale, fromHeight)
      const first = Math.floor(from)
      rows.set(columns.subarray(first * width, Math.ceil(to) * width))
      for (let source = first; source < to; source++) {
        addRow(rowsAt + (source - first) * width * 4, sumsAt, sumsAt + width * 8, Math.min(source + 1, to) - Math.max(source, from))
      }
      takeMeans(sumsAt, sumsAt + width * 8, outAt, to - from)
      data.set(out, y * width)
    }
    return { width, height, data }
  }

  const blurred: PlaneEngine['blurred'] = ({ width, height, data }, { windows, passes, at }) => {
    // Whole vectors, and not a power of two apart: such rows push each other out of the processor's cache.
    const strideOf = (length: number): number => (Math.ceil(length / FOUR) + 1) * FOUR * 4
    const [stride, turnedStride] = [strideOf(width), strideOf(height)]
    const longest = Math.max(stride, turnedStride)
    const [sumsAt, zerosAt, nowhereAt, hereAt] = [0, longest, 2 * longest, 3 * longest]
    const room = Math.max((height + FOUR) * stride, (width + FOUR) * turnedStride)
    const thereAt = hereAt + room
    grow(memory, thereAt + room)
    const samples = new Float32Array(memory.buffer)
    samples.fill(0, zerosAt / 4, (zerosAt + longest) / 4)
    for (let y = 0; y < height; y++) samples.set(data.subarray(y * width, (y + 1) * width), (hereAt + y * stride) / 4)

    /** Makes columns of the rows that lie here, and puts them there. */
    const turn = (rows: number, columns: number, fromStride: number, toStride: number): void => {
      for (let row = 0; row < rows; row += FOUR) {
        const from = hereAt + row * fromStride
        turnFour(from, from + columns * 4, fromStride, thereAt + row * 4, toStride)
      }
    }
    /** Running means down the columns of what lies there, put here. */
    const slideDown = (rows: number, columns: number, rowStride: number, window: number): void => {
      samples.fill(0, sumsAt / 4, sumsAt / 4 + columns)
      let [right, left, out, many] = [0, 0, 0, 0]
      const step = (adds: boolean, takes: boolean, writes: boolean): void => {
        many += Number(adds) - Number(takes)
        const from = adds ? thereAt + right++ * rowStride : zerosAt
        const off = takes ? thereAt + left++ * rowStride : zerosAt
        slide(from, off, sumsAt, sumsAt + columns * 4, writes ? hereAt + out++ * rowStride : nowhereAt, many)
      }
      const lead = Math.min(((window + 2) >> 1) - 1, rows)
      while (right < lead) step(true, false, false)
      while (right < Math.min(window, rows)) step(true, false, true)
      while (right < rows) step(true, true, true)
      while (out < rows) step(false, true, true)
    }
    for (let pass = 0; pass < passes; pass++) {
      turn(height, width, stride, turnedStride)
      slideDown(width, height, turnedStride, windows.columns)
      turn(width, height, turnedStride, stride)
      slideDown(height, width, stride, windows.rows)
    }
    const taken = new Float32Array(at.rows.length * at.columns.length)
    for (let i = 0, to = 0; i < at.rows.length; i++) {
      const row = (hereAt + at.rows[i]! * stride) / 4
      for (let j = 0; j < at.columns.length; j++, to++) taken[to] = samples[row + at.columns[j]!]!
    }
    return taken
  }
  return { shrunkDown, blurred }
}

function grow(memory: Memory, bytes: number): void {
  const missing = bytes - memory.buffer.byteLength
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE))
}
