import type { SoundMatch } from './audio/compareAudio.ts'
import type { SharedArea } from './image/sharedArea.ts'
import type { SharedPassage } from './text/passages.ts'
import type { SharedStretch } from './video/compareFilms.ts'

/**
 * - `identical`: the same bytes.
 * - `copy`: the same work, re-encoded, resized, edited, or shown in part: no more than one pair of strangers in a million looks so.
 * - `similar`: so much alike that a person should look; a stretch or passages in common, or a look-alike.
 * - `different`: nothing that could be measured speaks for a copy.
 */
export type Verdict = 'identical' | 'copy' | 'similar' | 'different'

/** One way of comparing, and what it found. */
export interface Layer {
  name:
    | 'sha256'
    | 'iscc-content'
    | 'pdq'
    | 'blockhash'
    | 'views'
    | 'keypoints'
    | 'peaks'
    | 'chromaprint'
    | 'frames'
    | 'keyframes'
    | 'sound'
    | 'minhash'
    | 'passages'
    | 'containment'
  /** What was measured, in `unit`. */
  value: number
  /**
   * - `equal`: 1 when they are, else 0.
   * - `bits`: how many differ. `error-rate`: which share of them does, from 0 to 1.
   * - `share`: what is in common, from 0 to 1. `hashes`: how many are in common. `score`: the layer's own measure of agreement.
   */
  unit: 'equal' | 'bits' | 'error-rate' | 'share' | 'hashes' | 'score'
  /** Where a copy begins: at most this many bits or this error rate, at least this share, score or number of hashes. */
  threshold: number
  /** Whether the value is on the copy's side of the threshold. */
  speaksForCopy: boolean
  /** Where the threshold comes from. */
  source: string
  /** Share of pairs of strangers with a value as near or nearer, at most; where it was measured. */
  falsePositiveRate?: number
}

/** What every comparison says. */
export interface Finding {
  verdict: Verdict
  /** One sentence that says why. */
  reason: string
  layers: Layer[]
  /** Share of pairs of strangers that all layers together would take for as much alike, at most; where it was measured. */
  falsePositiveRate?: number
}

/** Two pictures. */
export interface ImageMatch extends Finding {
  media: 'image'
  /** What both show, and where. Absent when nothing speaks for a copy, and when the files are the same. */
  area?: SharedArea
  sound?: undefined
  passages?: undefined
  stretches?: undefined
}

/** Two recordings. */
export interface AudioMatch extends Finding {
  media: 'audio'
  /** The stretch both have. Absent when there is none, and when the files are the same. */
  sound?: SoundMatch
  area?: undefined
  passages?: undefined
  stretches?: undefined
}

/** Two films. */
export interface VideoMatch extends Finding {
  media: 'video'
  /** The stretches that both show, in the order of the first. Absent when there are none, and when the files are the same. */
  stretches?: SharedStretch[]
  /** Share of each film that they are, 0 to 1. */
  shares?: { a: number; b: number }
  /** The stretch of sound that both have. */
  sound?: SoundMatch
  area?: undefined
  passages?: undefined
}

/** Two texts. */
export interface TextMatch extends Finding {
  media: 'text'
  /** The passages both have, longest first, at most 100. Absent when the files are the same. */
  passages?: SharedPassage[]
  area?: undefined
  sound?: undefined
  stretches?: undefined
}

/** Files of data, or works of different media: only their identity was compared. */
export interface IdentityMatch extends Finding {
  media: 'data'
  area?: undefined
  sound?: undefined
  passages?: undefined
  stretches?: undefined
}

/** The comparison of two works: an explanation, not a number. `media` says as what they were compared, and so where it shows what they share. */
export type Match = ImageMatch | AudioMatch | VideoMatch | TextMatch | IdentityMatch
