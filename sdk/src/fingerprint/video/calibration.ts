// Written by `npm run bench:robustness:video`; not to be edited by hand.

/** A score, and the share of pairs of unrelated films that reach it. */
export type CalibrationPoint = readonly [score: number, rate: number]

export const FRAME_CALIBRATION: readonly CalibrationPoint[] = [[0, 1]]

export const KEYFRAME_CALIBRATION: readonly CalibrationPoint[] = [[0, 1]]
