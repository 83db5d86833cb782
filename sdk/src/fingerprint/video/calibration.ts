// Written by `npm run bench:robustness:video`; not to be edited by hand.

/** A score, and the share of pairs of unrelated films that reach it. */
export type CalibrationPoint = readonly [score: number, rate: number]

/** Counted on 14838 pairs where ten or more reach a score, from there on extrapolated along the tail. */
export const FRAME_CALIBRATION: readonly CalibrationPoint[] = [
  [1, 0.00121],
  [26, 1e-9],
]

/** The same of key frames, on 752 pairs. */
export const KEYFRAME_CALIBRATION: readonly CalibrationPoint[] = [
  [1, 0.00399],
  [28, 1e-9],
]
