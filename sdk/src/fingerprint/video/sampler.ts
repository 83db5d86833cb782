import { SAMPLE_FPS } from './decode.ts'

/** Seconds for a unit of a time stamp. */
export interface TimeBase {
  num: number
  den: number
}

/** A frame that is held back until it is known how long it stays. */
export interface Held {
  free(): void
}

/**
 * Chooses frames as FFmpeg's filter `fps=5` does: a sample shows the last frame whose time, rounded to samples, is not after it. Of a film with
 * frames that are farther apart, a frame stays for several samples.
 */
export interface Sampler<Frame extends Held> {
  /** Takes a frame and gives back the one that was shown until now, if any sample shows it. The caller frees what it gets, the sampler what it keeps. */
  add(frame: Frame, time: bigint, base: TimeBase): { frame: Frame; repeats: number } | undefined
  /** @param end - when the last frame ends */
  finish(end: bigint, base: TimeBase): { frame: Frame; repeats: number } | undefined
}

export function createSampler<Frame extends Held>(): Sampler<Frame> {
  let held: Frame | undefined
  let next: number | undefined
  let shown = 0
  return {
    add(frame, time, base) {
      const sample = sampleOf(time, base)
      const before = held
      held = frame
      next ??= sample
      if (before === undefined) return undefined
      const repeats = Math.max(sample - next, 0)
      if (repeats === 0) {
        before.free()
        return undefined
      }
      next += repeats
      shown += repeats
      return { frame: before, repeats }
    },
    finish(end, base) {
      if (held === undefined || next === undefined) return undefined
      // A film too short for one sample is shown by its last frame all the same.
      const repeats = Math.max(sampleOf(end, base) - next, shown === 0 ? 1 : 0)
      const frame = held
      held = undefined
      if (repeats > 0) return { frame, repeats }
      frame.free()
      return undefined
    },
  }
}

/** The nearest sample to a time, halves away from zero. */
export function sampleOf(time: bigint, { num, den }: TimeBase): number {
  const twice = 2n * time * BigInt(num) * BigInt(SAMPLE_FPS)
  const divisor = 2n * BigInt(den)
  const half = BigInt(den)
  return Number(time >= 0n ? (twice + half) / divisor : (twice - half) / divisor)
}
