import type { SharedArea } from './image/sharedArea.ts'
import type { SharedPassage } from './text/passages.ts'

/**
 * - `identical`: the same bytes.
 * - `copy`: the same work, re-encoded, resized, edited, or shown in part: no more than one pair of strangers in a million looks so.
 * - `similar`: so much alike that a person should look; shared passages, or a look-alike.
 * - `different`: nothing that could be measured speaks for a copy.
 */
export type Verdict = 'identical' | 'copy' | 'similar' | 'different'

/** One way of comparing, and what it found. */
export interface Layer {
  name: 'sha256' | 'pdq' | 'blockhash' | 'iscc-content' | 'views' | 'keypoints' | 'minhash' | 'passages'
  /** What was measured, in `unit`. */
  value: number
  unit: 'bits' | 'share' | 'equal' | 'score'
  /** Where a copy begins: at most this many bits, at least this share or score. */
  threshold: number
  /** Whether the value is on the copy's side of the threshold. */
  speaksForCopy: boolean
  /** Where the threshold comes from. */
  source: string
  /** Share of pairs of strangers with a value as near or nearer, at most; where it was measured. */
  falsePositiveRate?: number
}

/** The comparison of two works: an explanation, not a number. */
export interface Match {
  verdict: Verdict
  /** One sentence that says why. */
  reason: string
  layers: Layer[]
  /** Share of pairs of strangers that all layers together would take for as much alike, at most. Pictures with features only. */
  falsePositiveRate?: number
  /** Pictures: what both show, and where. Absent when nothing speaks for a copy. */
  area?: SharedArea
  /** Texts: the passages both have, longest first, at most 100. */
  passages?: SharedPassage[]
}
