import { CALIBRATION } from './calibrationTable.ts'

/** Layers of pictures whose false-positive rates were measured. */
export type CalibratedLayer = 'pdq' | 'blockhash' | 'iscc-content' | 'views' | 'keypoints'

/** How near pairs of strangers come by one layer. */
export interface LayerTable {
  /** Pairs of strangers that were compared. */
  pairs: number
  /** Whether smaller values are nearer, as distances are, or larger, as scores are. */
  nearer: 'below' | 'above'
  /** Value of the first rate; the others follow in steps of one. */
  least: number
  /** Shares of the pairs that are at the value or nearer. */
  rates: readonly number[]
}

/** What `npm run bench:robustness` writes. */
export interface Calibration {
  /** Where a copy begins: at most so many bits, at least such a score. Together no more than one pair of strangers in a million is beyond them. */
  thresholds: { pdq: number; views: number; keypoints: number }
  layers: Record<CalibratedLayer, LayerTable>
}

export const THRESHOLDS: Calibration['thresholds'] = CALIBRATION.thresholds

/**
 * Share of pairs of strangers that come as near or nearer, at most. Nearer than any of them came, it is three divided by their number:
 * with 95 % confidence the rate is no higher. Scores of keypoints, of which fewer pairs were compared, go on as their tail falls.
 *
 * @param value - bits for codes, where less is nearer; the score for keypoints, where more is
 */
export function falsePositiveRate(layer: CalibratedLayer, value: number): number {
  const { pairs, nearer, least, rates } = CALIBRATION.layers[layer]
  const step = Math.floor(value) - least
  if (nearer === 'above') return step < 0 ? 1 : rates[Math.min(step, rates.length - 1)]!
  if (step < 0) return 3 / pairs
  return step < rates.length ? Math.max(rates[step]!, 3 / pairs) : 1
}
