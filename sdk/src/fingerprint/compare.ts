import { hexToBytes } from '../hex/index.ts'
import { hammingDistance, isccDistance } from '../iscc/index.ts'
import {
  CHROMAPRINT_SIMILAR,
  compareSounds,
  falsePositiveRate,
  PEAKS_A_SECOND,
  PEAKS_SIMILAR,
  type SoundMatch,
} from './audio/compareAudio.ts'
import { changes, clock } from './audio/drawSoundMatch.ts'
import type { AudioFingerprint, Fingerprint, ImageFingerprint, TextFingerprint } from './fingerprint.ts'
import { similarity } from './text/minhash.ts'
import { type SharedPassage, sharedPassages } from './text/passages.ts'

/**
 * - `identical`: the same bytes.
 * - `copy`: the same work, re-encoded, resized or lightly edited.
 * - `similar`: so much alike that a person should look; shared passages, a crop, or a look-alike.
 * - `different`: nothing that could be measured speaks for a copy.
 */
export type Verdict = 'identical' | 'copy' | 'similar' | 'different'

/** One way of comparing, and what it found. */
export interface Layer {
  name: 'sha256' | 'pdq' | 'blockhash' | 'iscc-content' | 'minhash' | 'passages' | 'peaks' | 'chromaprint'
  /** What was measured, in `unit`. */
  value: number
  unit: 'bits' | 'share' | 'equal' | 'score' | 'error-rate'
  /** Where a copy begins: at most this many bits or this error rate, at least this share or score. */
  threshold: number
  /** Whether the value is on the copy's side of the threshold. */
  speaksForCopy: boolean
  /** Where the threshold comes from. */
  source: string
  /** Share of pairs of unrelated works that have this value or a better one, where it was measured. */
  falsePositiveRate?: number
}

/** The comparison of two works: an explanation, not a number. */
export interface Match {
  verdict: Verdict
  /** One sentence that says why. */
  reason: string
  layers: Layer[]
  /** Texts: the passages both have, longest first, at most 100. */
  passages?: SharedPassage[]
  /** Recordings: the stretch both have. */
  sound?: SoundMatch
}

/** PDQ: distance up to which its authors speak of a match. */
export const PDQ_COPY = 31
/** PDQ: distance up to which one pair in a million of unrelated photographs comes (measured on 9.7 million pairs of 1,058 photographs). */
export const PDQ_SIMILAR = 75
/** The same for blockhash with 256 bits. */
export const BLOCKHASH_SIMILAR = 23
/** The same for ISCC Image-Codes of 256 bits. */
export const ISCC_IMAGE_SIMILAR = 23
/** ISCC Text-Codes of 256 bits: of 124,750 pairs of the 500 texts of the Brown corpus none comes nearer than 91. */
export const ISCC_TEXT_SIMILAR = 75
/**
 * Share of four-word runs in common from which two texts are one work. With a tenth of the words replaced at random, 95 of 100 texts of the Brown
 * corpus keep more; of its 124,750 unrelated pairs none has more than 0.016 in common.
 */
export const MINHASH_COPY = 0.4
/**
 * Share of one text's passages found in the other from which it is contained in it. With a twentieth of the words replaced every text of the Brown
 * corpus keeps as much; of 24,750 unrelated pairs none has more than 0.003 in common.
 */
export const CONTAINMENT_COPY = 0.6
/** Code units of a shared passage from which a person should look. */
export const PASSAGE_SIMILAR = 80

/**
 * Compares two works.
 *
 * Works of different media are different unless they are the same file. A work that is too plain is only ever identical or different:
 * a white page must not match every other white page.
 */
export function compare(a: Fingerprint, b: Fingerprint): Match {
  const same = a.sha256 === b.sha256
  const identity: Layer = { name: 'sha256', value: same ? 1 : 0, unit: 'equal', threshold: 1, speaksForCopy: same, source: 'FIPS 180-4' }
  if (same) return { verdict: 'identical', reason: 'The two files are the same, byte for byte.', layers: [identity] }
  if (a.media === 'image' && b.media === 'image') return compareImages(a, b, identity)
  if (a.media === 'audio' && b.media === 'audio') return compareRecordings(a, b, identity)
  if (a.media === 'text' && b.media === 'text') return compareTexts(a, b, identity)
  return {
    verdict: 'different',
    reason:
      a.media === b.media
        ? 'The files differ, and of data only exact copies can be recognised.'
        : `One is ${described(a)}, the other ${described(b)}; works of different media are not compared.`,
    layers: [identity],
  }
}

function described({ media }: Fingerprint): string {
  return { image: 'a picture', audio: 'a recording', text: 'a text', data: 'a file of data' }[media]
}

function compareImages(a: ImageFingerprint, b: ImageFingerprint, identity: Layer): Match {
  const layers = [
    identity,
    bitLayer('pdq', a.features.pdq, b.features.pdq, PDQ_COPY, 'PDQ’s published recommendation'),
    ...(a.features.blockhash === undefined || b.features.blockhash === undefined
      ? []
      : [bitLayer('blockhash', a.features.blockhash, b.features.blockhash, BLOCKHASH_SIMILAR, 'one in a million unrelated pairs')]),
    isccLayer(a, b, ISCC_IMAGE_SIMILAR, 'one in a million unrelated pairs'),
  ]
  if (a.plain || b.plain) return tooPlain(a, b, layers)
  const [, pdq, ...others] = layers
  const distance = pdq!.value
  if (distance <= PDQ_COPY) {
    return {
      verdict: 'copy',
      reason: `The pictures are the same but for encoding, size or light editing: PDQ differs in ${distance} of 256 bits.`,
      layers,
    }
  }
  if (distance <= PDQ_SIMILAR) {
    return {
      verdict: 'similar',
      reason: `The pictures look alike: PDQ differs in ${distance} of 256 bits, and unrelated ones hardly ever come so near.`,
      layers,
    }
  }
  const speaking = others.filter((layer) => layer.speaksForCopy)
  if (speaking.length > 0) {
    return {
      verdict: 'similar',
      reason: `The pictures look alike to ${speaking.map((layer) => layer.name).join(' and ')}, though not to PDQ.`,
      layers,
    }
  }
  return {
    verdict: 'different',
    reason: `The pictures are not alike: PDQ differs in ${distance} of 256 bits, as unrelated ones do.`,
    layers,
  }
}

function compareRecordings(a: AudioFingerprint, b: AudioFingerprint, identity: Layer): Match {
  const { peaks, chromaprint, shared, whole } = compareSounds(a.features, b.features)
  const score = Math.max(peaks?.score ?? 0, 0)
  const errors = chromaprint?.bitErrorRate ?? 1
  const layers: Layer[] = [
    identity,
    {
      name: 'peaks',
      value: score,
      unit: 'score',
      threshold: Math.max(PEAKS_SIMILAR, peaks === undefined ? 0 : PEAKS_A_SECOND * (peaks.a.to - peaks.a.from)),
      speaksForCopy: shared?.layer === 'peaks',
      source: 'unrelated recordings of the benchmark',
      falsePositiveRate: falsePositiveRate(score),
    },
    {
      name: 'chromaprint',
      value: errors,
      unit: 'error-rate',
      threshold: CHROMAPRINT_SIMILAR,
      speaksForCopy: errors <= CHROMAPRINT_SIMILAR,
      source: 'unrelated recordings of the benchmark',
    },
  ]
  if (a.plain || b.plain) return tooPlain(a, b, layers)
  if (shared === undefined) return { verdict: 'different', reason: 'The recordings share no stretch that could be recognised.', layers }
  const places = `${clock(shared.a.from)}–${clock(shared.a.to)} of the first is ${clock(shared.b.from)}–${clock(shared.b.to)} of the second`
  return {
    verdict: whole ? 'copy' : 'similar',
    reason: `The recordings ${whole ? 'are one' : 'share a stretch'}: ${places}${changes(shared)}.`,
    layers,
    sound: shared,
  }
}

function compareTexts(a: TextFingerprint, b: TextFingerprint, identity: Layer): Match {
  const share = similarity(a.features.minhash, b.features.minhash)
  const { passages, containmentOfA, containmentOfB } = sharedPassages(a.features.passages, b.features.passages)
  const containment = Math.max(containmentOfA, containmentOfB)
  const layers: Layer[] = [
    identity,
    isccLayer(a, b, ISCC_TEXT_SIMILAR, 'the nearest of 124,750 unrelated pairs is 91 apart'),
    shareLayer('minhash', share, MINHASH_COPY, 'about a tenth of the words replaced'),
    shareLayer('passages', containment, CONTAINMENT_COPY, 'most of one text stands in the other'),
  ]
  if (a.plain || b.plain) return tooPlain(a, b, layers)
  const found = passages.slice(0, 100)
  if (share >= MINHASH_COPY || (containmentOfA >= CONTAINMENT_COPY && containmentOfB >= CONTAINMENT_COPY)) {
    return {
      verdict: 'copy',
      reason: `The texts are one work: they share about ${percent(Math.max(share, containment))} of their wording.`,
      layers,
      passages: found,
    }
  }
  const longest = passages[0]
  if (longest !== undefined && longest.a.to - longest.a.from >= PASSAGE_SIMILAR) {
    return {
      verdict: 'similar',
      reason: `The texts share ${passages.length === 1 ? 'a passage' : `${passages.length} passages`}, the longest of ${longest.a.to - longest.a.from} characters.`,
      layers,
      passages: found,
    }
  }
  if (layers[1]!.speaksForCopy) {
    return {
      verdict: 'similar',
      reason: `The texts read alike: their ISCC Text-Codes differ in ${layers[1]!.value} of 256 bits.`,
      layers,
      passages: found,
    }
  }
  return { verdict: 'different', reason: 'The texts share no passage worth the name.', layers, passages: found }
}

function tooPlain(a: Fingerprint, b: Fingerprint, layers: Layer[]): Match {
  const which = a.plain && b.plain ? 'Both works are' : 'One of the works is'
  return {
    verdict: 'different',
    reason: `${which} too plain to recognise copies of; only identical files match, and these differ.`,
    layers,
  }
}

function bitLayer(name: 'pdq' | 'blockhash', a: string, b: string, threshold: number, source: string): Layer {
  const value = hammingDistance(hexToBytes(a), hexToBytes(b))
  return { name, value, unit: 'bits', threshold, speaksForCopy: value <= threshold, source }
}

function isccLayer(a: Fingerprint, b: Fingerprint, threshold: number, source: string): Layer {
  const value = isccDistance(a.units.content!, b.units.content!)
  return { name: 'iscc-content', value, unit: 'bits', threshold, speaksForCopy: value <= threshold, source }
}

function shareLayer(name: 'minhash' | 'passages', value: number, threshold: number, source: string): Layer {
  return { name, value, unit: 'share', threshold, speaksForCopy: value >= threshold, source }
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}
