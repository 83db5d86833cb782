import type { AudioFingerprint } from '../fingerprint.ts'
import type { AudioMatch, Layer } from '../match.ts'
import { CHROMAPRINT_SIMILAR, compareSounds, falsePositiveRate, PEAKS_A_SECOND, PEAKS_SIMILAR } from './compareAudio.ts'
import { changes, clock } from './drawSoundMatch.ts'

const SOURCE = 'unrelated recordings of the benchmark'

/** Judges two recordings by the stretch that they share: most of both makes a copy. */
export function compareRecordings(a: AudioFingerprint, b: AudioFingerprint): AudioMatch {
  const { peaks, chromaprint, shared, whole } = compareSounds(a.features, b.features)
  const score = Math.max(peaks?.score ?? 0, 0)
  const errors = chromaprint?.bitErrorRate ?? 1
  const layers: Layer[] = [
    {
      name: 'peaks',
      value: score,
      unit: 'score',
      threshold: Math.max(PEAKS_SIMILAR, peaks === undefined ? 0 : PEAKS_A_SECOND * (peaks.a.to - peaks.a.from)),
      speaksForCopy: shared?.layer === 'peaks',
      source: SOURCE,
      falsePositiveRate: falsePositiveRate(score),
    },
    {
      name: 'chromaprint',
      value: errors,
      unit: 'error-rate',
      threshold: CHROMAPRINT_SIMILAR,
      speaksForCopy: errors <= CHROMAPRINT_SIMILAR,
      source: SOURCE,
    },
  ]
  if (shared === undefined) {
    return { media: 'audio', verdict: 'different', reason: 'The recordings share no stretch that could be recognised.', layers }
  }
  const places = `${clock(shared.a.from)}–${clock(shared.a.to)} of the first is ${clock(shared.b.from)}–${clock(shared.b.to)} of the second`
  return {
    media: 'audio',
    verdict: whole ? 'copy' : 'similar',
    reason: `The recordings ${whole ? 'are one' : 'share a stretch'}: ${places}${changes(shared)}.`,
    layers,
    sound: shared,
  }
}
