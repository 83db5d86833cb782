import { isccDistance } from '../../iscc/index.ts'
import type { TextFingerprint } from '../fingerprint.ts'
import type { Layer, TextMatch } from '../match.ts'
import { PAIRS, REACHED, THRESHOLDS } from './calibration.ts'
import { ENTRIES, similarity } from './minhash.ts'
import { sharedPassages } from './passages.ts'

/**
 * Share of four-word runs in common from which two texts are one work. With a tenth of the words replaced at random, 95 of 100 texts of the Brown
 * corpus keep more.
 */
export const MINHASH_COPY = 0.4
/** Share of the passages of each text found in the other from which they are one work. */
export const CONTAINMENT_COPY = 0.6

const MOST_PASSAGES = 100
const SOURCE = 'one in a million unrelated pairs of the half of a corpus it was chosen on'

/** Judges two texts by wording in common; how their Text-Codes differ is told and decides only where nothing else does. */
export function compareTexts(a: TextFingerprint, b: TextFingerprint): TextMatch {
  const bits = isccDistance(a.units.content!, b.units.content!)
  const share = similarity(a.features.minhash, b.features.minhash)
  const { passages, containmentOfA, containmentOfB, agreeing } = sharedPassages(a.features.passages, b.features.passages)
  const containment = Math.max(containmentOfA, containmentOfB)
  const least = THRESHOLDS.minhash / ENTRIES
  const layers: Layer[] = [
    {
      ...{ name: 'iscc-content', value: bits, unit: 'bits', threshold: THRESHOLDS.iscc },
      ...{ speaksForCopy: bits <= THRESHOLDS.iscc, source: SOURCE, falsePositiveRate: falsePositiveRate('iscc', bits) },
    },
    {
      ...{ name: 'minhash', value: share, unit: 'share', threshold: least, speaksForCopy: share >= least, source: SOURCE },
      falsePositiveRate: falsePositiveRate('minhash', Math.round(share * ENTRIES)),
    },
    {
      ...{ name: 'passages', value: agreeing, unit: 'hashes', threshold: THRESHOLDS.passages },
      ...{ speaksForCopy: agreeing >= THRESHOLDS.passages, source: SOURCE, falsePositiveRate: falsePositiveRate('passages', agreeing) },
    },
    {
      ...{ name: 'containment', value: containment, unit: 'share', threshold: CONTAINMENT_COPY },
      ...{ speaksForCopy: containment >= CONTAINMENT_COPY, source: 'most of one text stands in the other' },
    },
  ]
  const [iscc, minhash, hashes] = layers as [Layer, Layer, Layer]
  const rate = Math.min(1, 2 * Math.min(minhash.falsePositiveRate!, hashes.falsePositiveRate!))
  const found = { media: 'text' as const, layers, passages: passages.slice(0, MOST_PASSAGES), falsePositiveRate: rate }
  if (share >= MINHASH_COPY || Math.min(containmentOfA, containmentOfB) >= CONTAINMENT_COPY) {
    return {
      verdict: 'copy',
      reason: `The texts are one work: they share about ${percent(Math.max(share, containment))} of their wording.`,
      ...found,
    }
  }
  const longest = passages[0]
  if (hashes.speaksForCopy || minhash.speaksForCopy) {
    const where =
      longest === undefined
        ? `about ${percent(Math.max(share, containment))} of their wording, though no passage as it stands`
        : `${passages.length === 1 ? 'a passage' : `${passages.length} passages`}, the longest of ${longest.a.to - longest.a.from} characters`
    return {
      verdict: 'similar',
      reason: `The texts share ${where}; unrelated ones share as much once in ${times(rate)} pairs at most.`,
      ...found,
    }
  }
  if (iscc.speaksForCopy) {
    const reason = `The texts read alike: their ISCC Text-Codes differ in ${bits} of 256 bits.`
    return { verdict: 'similar', reason, ...found, falsePositiveRate: iscc.falsePositiveRate! }
  }
  const reason =
    longest === undefined
      ? 'The texts share no passage worth the name.'
      : `The texts share ${longest.a.to - longest.a.from} characters or so, as unrelated ones sometimes do: a common phrase, or a short quotation.`
  return { verdict: 'different', reason, ...found }
}

/**
 * Share of unrelated pairs that come as near, at most: what was counted, or where none was, what three pairs would be (with 95 % confidence
 * the rate is not above it).
 */
export function falsePositiveRate(layer: keyof typeof REACHED, score: number): number {
  const reached = REACHED[layer]
  const near = layer === 'iscc' ? reached.findLast(([each]) => each <= score) : reached.findLast(([each]) => each >= score)
  const next = layer === 'iscc' ? reached.at(-1)![0] < score : reached.at(-1)![0] > score
  if (next) return 1
  return Math.max(near?.[1] ?? 0, 3) / PAIRS
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}

function times(rate: number): string {
  return Math.floor(1 / rate).toLocaleString('en')
}
