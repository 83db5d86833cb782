import { plainSpectrum } from './plainSpectrum.ts'
import { vectorSpectrum } from './vectorSpectrum.ts'

export interface SpectrumShape {
  /** What each sample of a frame is multiplied by; as many as a frame has samples, a power of two from 8. */
  window: Float64Array
  /** First and last bin that are wanted, of 0 to half of the samples. */
  from: number
  to: number
}

/** Gives the squared magnitudes of the bins of a frame, from 0 on, in the same array each time; bins that are not wanted stay 0. */
export type PowerSpectrum = (samples: Int16Array) => Float64Array

/** Power spectra of frames of one size, by vector code where there can be any: to the last bit what plain code gives. */
export function createPowerSpectrum(shape: SpectrumShape): PowerSpectrum {
  return vectorSpectrum(shape) ?? plainSpectrum(shape)
}
