// Written by `npm run bench:robustness:audio`; not to be edited by hand.

/** Scores of peaks, and the share of pairs of unrelated recordings that reach them. */
export const PEAK_CALIBRATION: readonly (readonly [score: number, rate: number])[] = [
  [10, 0.5],
  [20, 0.01],
  [40, 0.000001],
]
