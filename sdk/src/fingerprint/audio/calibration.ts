// Written by `npm run bench:robustness:audio`; not to be edited by hand.

/**
 * Scores of peaks, and the share of pairs of unrelated recordings that reach them: counted on 3035 pairs down to 0.004, from there on
 * extrapolated along the exponential through the counted tail.
 */
export const PEAK_CALIBRATION: readonly (readonly [score: number, rate: number])[] = [
  [0, 0.188],
  [2, 0.125],
  [4, 0.0761],
  [6, 0.0435],
  [8, 0.0244],
  [10, 0.0148],
  [12, 0.00791],
  [14, 0.00428],
  [68, 1e-9],
]
