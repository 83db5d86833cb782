import { SAMPLE_RATE } from './decode.ts'
import { createPowerSpectrum } from './spectrum.ts'

// Chromaprint, the published algorithm 2 (the default of fpcalc and what ISCC Audio-Codes are made from): the energy of the twelve notes over time
// is an image, of which sixteen trained filters take two bits each.

const FRAME = 4096
/** Samples from one frame to the next. */
export const CHROMAPRINT_HOP: number = Math.floor(FRAME / 3)
/** Seconds from one number to the next. */
export const CHROMAPRINT_STEP: number = CHROMAPRINT_HOP / SAMPLE_RATE
const NOTES = 12
const LOWEST_HZ = 28
const HIGHEST_HZ = 3520
/** Smoothing over five frames. */
const SMOOTHING = [0.25, 0.75, 1, 0.75, 0.25] as const
/** Below this length the notes of a frame are silence. */
const QUIET = 0.01
/** Frames of the widest filter. */
const WIDEST = 16
/** Rows kept of the summed image: those of the widest filter and the one before. */
const ROWS = WIDEST + 1

/** Shape, lowest note, notes, frames, and the three thresholds of its two bits. */
const FILTERS = [
  [0, 4, 3, 15, 1.98215, 2.35817, 2.63523],
  [4, 4, 6, 15, -1.03809, -0.651211, -0.282167],
  [1, 0, 4, 16, -0.298702, 0.119262, 0.558497],
  [3, 8, 2, 12, -0.105439, 0.0153946, 0.135898],
  [3, 4, 4, 8, -0.142891, 0.0258736, 0.200632],
  [4, 0, 3, 5, -0.826319, -0.590612, -0.368214],
  [1, 2, 2, 9, -0.557409, -0.233035, 0.0534525],
  [2, 7, 3, 4, -0.0646826, 0.00620476, 0.0784847],
  [2, 6, 2, 16, -0.192387, -0.029699, 0.215855],
  [2, 1, 3, 2, -0.0397818, -0.00568076, 0.0292026],
  [5, 10, 1, 15, -0.53823, -0.369934, -0.190235],
  [3, 6, 2, 10, -0.124877, 0.0296483, 0.139239],
  [2, 1, 1, 14, -0.101475, 0.0225617, 0.231971],
  [3, 5, 6, 4, -0.0799915, -0.00729616, 0.063262],
  [1, 9, 2, 12, -0.272556, 0.019424, 0.302559],
  [3, 4, 2, 14, -0.164292, -0.0321188, 0.0846339],
] as const
/** Neighbouring levels differ in one bit. */
const GRAY = [0, 1, 3, 2] as const

export interface Chromaprinter {
  /** Adds samples, {@link SAMPLE_RATE} a second. */
  add(samples: Int16Array): void
  /** The numbers so far, signed; one for each frame from the twentieth on. Empty below 2.7 seconds. */
  finish(): number[]
}

/** Energies of a frame's notes, by one spectrum for all recordings: nothing is left in it from one frame to the next. */
type NoteEnergies = (samples: Int16Array, into: Float64Array) => void
let noteEnergies: NoteEnergies | undefined

function createNoteEnergies(): NoteEnergies {
  const { notes, from, to } = noteBins()
  const window = Float64Array.from({ length: FRAME }, (_, i) => (0.54 - 0.46 * Math.cos((2 * Math.PI * i) / (FRAME - 1))) / 32_767)
  const spectrum = createPowerSpectrum({ window, from, to: to - 1 })
  return (samples, into) => {
    const power = spectrum(samples)
    into.fill(0)
    for (let bin = from; bin < to; bin++) into[notes[bin]!]! += power[bin]!
  }
}

export function createChromaprinter(): Chromaprinter {
  noteEnergies ??= createNoteEnergies()
  const energiesOf = noteEnergies
  const samples = new Int16Array(FRAME)
  let filled = 0
  const recent = Array.from(SMOOTHING, () => new Float64Array(NOTES))
  let frames = 0
  const image = createSummedImage()
  const numbers: number[] = []

  const takeFrame = (): void => {
    energiesOf(samples, recent[frames % SMOOTHING.length]!)
    frames++
    if (frames < SMOOTHING.length) return
    image.add(smoothed(recent, frames))
    if (image.rows() >= WIDEST) numbers.push(image.number())
  }

  return {
    add(piece) {
      for (let at = 0; at < piece.length; ) {
        const taken = Math.min(FRAME - filled, piece.length - at)
        samples.set(piece.subarray(at, at + taken), filled)
        filled += taken
        at += taken
        if (filled < FRAME) return
        takeFrame()
        samples.copyWithin(0, CHROMAPRINT_HOP)
        filled = FRAME - CHROMAPRINT_HOP
      }
    },
    finish: () => numbers,
  }
}

/** Which note each bin of the spectrum belongs to. */
function noteBins(): { notes: Uint8Array; from: number; to: number } {
  const from = Math.round((FRAME * LOWEST_HZ) / SAMPLE_RATE)
  const to = Math.round((FRAME * HIGHEST_HZ) / SAMPLE_RATE)
  const notes = new Uint8Array(to)
  for (let bin = from; bin < to; bin++) {
    const octave = Math.log((bin * SAMPLE_RATE) / FRAME / (440 / 16)) / Math.log(2)
    notes[bin] = Math.trunc(NOTES * (octave - Math.floor(octave)))
  }
  return { notes, from, to }
}

function smoothed(recent: readonly Float64Array[], frames: number): Float64Array {
  const row = new Float64Array(NOTES)
  for (let note = 0; note < NOTES; note++) {
    for (let i = 0; i < SMOOTHING.length; i++) row[note]! += recent[(frames + i) % SMOOTHING.length]![note]! * SMOOTHING[i]!
  }
  let squares = 0
  for (const energy of row) squares += energy * energy
  const length = Math.sqrt(squares)
  if (length < QUIET) return row.fill(0)
  for (let note = 0; note < NOTES; note++) row[note]! /= length
  return row
}

interface SummedImage {
  add(row: Float64Array): void
  rows(): number
  /** The 32 bits of the last {@link WIDEST} rows. */
  number(): number
}

/** Sums over all rows and notes up to each cell, of which the sum over any rectangle follows. */
function createSummedImage(): SummedImage {
  const sums = Array.from({ length: ROWS }, () => new Float64Array(NOTES))
  let count = 0
  let start = 0

  /** Rows from `start`, `x1` inclusive to `x2` exclusive; notes likewise. */
  const area = (x1: number, y1: number, x2: number, y2: number): number => {
    if (x1 === x2 || y1 === y2) return 0
    const last = sums[(start + x2 - 1) % ROWS]!
    const low = y1 === 0 ? 0 : last[y1 - 1]!
    if (start + x1 === 0) return last[y2 - 1]! - low
    const before = sums[(start + x1 - 1) % ROWS]!
    return y1 === 0 ? last[y2 - 1]! - before[y2 - 1]! : last[y2 - 1]! - before[y2 - 1]! - low + before[y1 - 1]!
  }

  const contrast = (shape: number, y: number, height: number, width: number): number => {
    const h2 = y + (height >> 1)
    const w2 = width >> 1
    const h3 = Math.floor(height / 3)
    const w3 = Math.floor(width / 3)
    const end = y + height
    switch (shape) {
      case 0:
        return Math.log(1 + area(0, y, width, end))
      case 1:
        return logRatio(area(0, h2, width, end), area(0, y, width, h2))
      case 2:
        return logRatio(area(w2, y, width, end), area(0, y, w2, end))
      case 3:
        return logRatio(area(0, h2, w2, end) + area(w2, y, width, h2), area(0, y, w2, h2) + area(w2, h2, width, end))
      case 4:
        return logRatio(area(0, y + h3, width, y + 2 * h3), area(0, y, width, y + h3) + area(0, y + 2 * h3, width, end))
      default:
        return logRatio(area(w3, y, 2 * w3, end), area(0, y, w3, end) + area(2 * w3, y, width, end))
    }
  }

  return {
    add(row) {
      const sum = sums[count % ROWS]!
      let along = 0
      const before = sums[(count + ROWS - 1) % ROWS]!
      for (let note = 0; note < NOTES; note++) {
        along += row[note]!
        sum[note] = count === 0 ? along : along + before[note]!
      }
      count++
      start = count - WIDEST
    },
    rows: () => count,
    number() {
      let bits = 0
      for (const [shape, y, height, width, t0, t1, t2] of FILTERS) {
        const value = contrast(shape, y, height, width)
        const level = value < t1 ? (value < t0 ? 0 : 1) : value < t2 ? 2 : 3
        bits = (bits << 2) | GRAY[level]!
      }
      return bits
    },
  }
}

function logRatio(a: number, b: number): number {
  return Math.log((1 + a) / (1 + b))
}
