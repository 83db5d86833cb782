import { SAMPLE_RATE } from './decode.ts'
import { createPowerSpectrum, type PowerSpectrum } from './spectrum.ts'

/** Where a recording's spectrum stands out: loudest within a quarter of an octave and some tenths of a second around. */
export interface Peaks {
  /** When: in steps of {@link PEAK_STEP} seconds, ascending. */
  times: number[]
  /** How high: in sixteenths of a semitone above 100 Hz; one for each time. */
  pitches: number[]
}

export interface PeakFinder {
  /** Adds samples, `SAMPLE_RATE` a second. */
  add(samples: Int16Array): void
  finish(): Peaks
}

const FRAME = 2048
const HOP = 256
/** Seconds. */
export const PEAK_STEP: number = HOP / SAMPLE_RATE
/** Steps of pitch in a semitone. */
export const PITCH_STEPS = 16
const LOWEST_HZ = 150
const HIGHEST_HZ = 5000
const BANDS_AN_OCTAVE = 24
/** A peak is the loudest within this many bands and frames on either side. */
const REACH_BANDS = 5
const REACH_FRAMES = 8
const WINDOW = 2 * REACH_FRAMES + 1
/** Power of the weakest peak, as a share of the loudest of late; 60 dB. */
const FLOOR = 1e-6
/** Share by which the memory of the loudest fades with each frame: half in about 15 seconds. */
const FADE = 0.999
/** Power of a frame's bin that counts as silence, whatever came before: a tone 70 dB below full scale has more. */
const SILENCE = 1e-2 * (FRAME / 4) ** 2

/** One spectrum for all recordings: nothing is left in it from one frame to the next. */
let shared: PowerSpectrum | undefined

export function createPeakFinder(): PeakFinder {
  const firstBin = Math.ceil((LOWEST_HZ * FRAME) / SAMPLE_RATE)
  const lastBin = Math.floor((HIGHEST_HZ * FRAME) / SAMPLE_RATE)
  shared ??= createPowerSpectrum({
    window: Float64Array.from({ length: FRAME }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / FRAME)),
    from: firstBin - 1,
    to: lastBin + 1,
  })
  const spectrum = shared
  const bandOf = Uint8Array.from({ length: lastBin + 1 }, (_, bin) =>
    bin < firstBin ? 0 : Math.floor(BANDS_AN_OCTAVE * Math.log2((bin * SAMPLE_RATE) / FRAME / LOWEST_HZ)),
  )
  const bands = bandOf[lastBin]! + 1
  // Rings of the last frames: the loudest of each band, its pitch, and the loudest of the bands around.
  const ring = <Row>(make: () => Row): Row[] => Array.from({ length: WINDOW }, make)
  const loudest = ring(() => new Float64Array(bands))
  const pitches = ring(() => new Float64Array(bands))
  const around = ring(() => new Float64Array(bands))
  const samples = new Int16Array(FRAME)
  let filled = 0
  let frames = 0
  let ceiling = 0
  const found: Peaks = { times: [], pitches: [] }

  const takeFrame = (): void => {
    const power = spectrum(samples)
    const slot = frames % WINDOW
    const level = loudest[slot]!
    const pitch = pitches[slot]!
    level.fill(0)
    for (let bin = firstBin; bin <= lastBin; bin++) {
      const here = power[bin]!
      const band = bandOf[bin]!
      if (here > level[band]! && here >= power[bin - 1]! && here > power[bin + 1]!) {
        level[band] = here
        pitch[band] = bin
      }
    }
    let top = 0
    for (let band = 0; band < bands; band++) {
      if (level[band]! === 0) continue
      if (level[band]! > top) top = level[band]!
      pitch[band] = between(power, pitch[band]!)
    }
    ceiling = Math.max(ceiling * FADE, top)
    const near = around[slot]!
    for (let band = 0; band < bands; band++) {
      let most = 0
      const end = Math.min(band + REACH_BANDS, bands - 1)
      for (let other = Math.max(band - REACH_BANDS, 0); other <= end; other++) if (level[other]! > most) most = level[other]!
      near[band] = most
    }
    frames++
    if (frames > REACH_FRAMES) judge(frames - 1 - REACH_FRAMES)
  }

  /** Looks for peaks in a frame all of whose neighbours are known. */
  const judge = (time: number): void => {
    const slot = time % WINDOW
    const level = loudest[slot]!
    const near = around[slot]!
    const floor = Math.max(ceiling * FLOOR, SILENCE)
    const first = Math.max(time - REACH_FRAMES, 0)
    const last = Math.min(time + REACH_FRAMES, frames - 1)
    for (let band = 0; band < bands; band++) {
      const here = level[band]!
      if (here < floor || here < near[band]!) continue
      let highest = true
      for (let other = first; other <= last && highest; other++) {
        const there = around[other % WINDOW]![band]!
        // Of equals, as in a loop or a held tone, the first counts.
        highest = other < time ? there < here : there <= here
      }
      if (!highest) continue
      found.times.push(time)
      const hertz = (pitches[slot]![band]! * SAMPLE_RATE) / FRAME
      found.pitches.push(Math.round(12 * PITCH_STEPS * Math.log2(hertz / 100)))
    }
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
        samples.copyWithin(0, HOP)
        filled = FRAME - HOP
      }
    },
    finish() {
      for (let time = Math.max(frames - REACH_FRAMES, 0); time < frames; time++) judge(time)
      return found
    },
  }
}

/** The bin where a parabola through the logarithms of three neighbours is highest. */
function between(power: Float64Array, bin: number): number {
  const before = Math.log(power[bin - 1]! + 1e-9)
  const here = Math.log(power[bin]! + 1e-9)
  const after = Math.log(power[bin + 1]! + 1e-9)
  const bend = before - 2 * here + after
  return bend === 0 ? bin : bin + (before - after) / (2 * bend)
}
