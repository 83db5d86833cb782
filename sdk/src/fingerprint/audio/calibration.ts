// Written by `npm run bench:robustness:audio`; not to be edited by hand.

/**
 * Scores of peaks, and the share of pairs of unrelated recordings that reach them: counted on 11354 pairs down to 0.001, from there on
 * extrapolated along the exponential through the counted tail.
 */
export const PEAK_CALIBRATION: readonly (readonly [score: number, rate: number])[] = [
  [0, 0.158],
  [2, 0.0993],
  [4, 0.0567],
  [6, 0.0335],
  [8, 0.0174],
  [10, 0.00846],
  [12, 0.00335],
  [14, 0.00141],
  [54, 1e-9],
]
