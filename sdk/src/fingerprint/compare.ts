import { hexToBytes } from '../hex/index.ts'
import { hammingDistance, isccDistance } from '../iscc/index.ts'
import type { Fingerprint, ImageFingerprint, TextFingerprint } from './fingerprint.ts'
import { judgeTexts } from './text/judgeTexts.ts'
import type { SharedPassage } from './text/passages.ts'

/**
 * - `identical`: the same bytes.
 * - `copy`: the same work, re-encoded, resized or lightly edited.
 * - `similar`: so much alike that a person should look; shared passages, a crop, or a look-alike.
 * - `different`: nothing that could be measured speaks for a copy.
 */
export type Verdict = 'identical' | 'copy' | 'similar' | 'different'

/** One way of comparing, and what it found. */
export interface Layer {
  name: 'sha256' | 'pdq' | 'blockhash' | 'iscc-content' | 'minhash' | 'passages' | 'containment'
  /** What was measured, in `unit`. */
  value: number
  unit: 'bits' | 'share' | 'hashes' | 'equal'
  /** Where a copy begins: at most this many bits, at least this share. */
  threshold: number
  /** Whether the value is on the copy's side of the threshold. */
  speaksForCopy: boolean
  /** Where the threshold comes from. */
  source: string
  /** Share of unrelated pairs whose value is as good or better, at most; where it was measured. */
  falsePositiveRate?: number
}

/** The comparison of two works: an explanation, not a number. */
export interface Match {
  verdict: Verdict
  /** One sentence that says why. */
  reason: string
  layers: Layer[]
  /** Share of unrelated pairs that agree as much in a layer that decides, at most; where it was measured. */
  falsePositiveRate?: number
  /** Texts: the passages both have, longest first, at most 100. */
  passages?: SharedPassage[]
}

/** PDQ: distance up to which its authors speak of a match. */
export const PDQ_COPY = 31
/** PDQ: distance up to which one pair in a million of unrelated photographs comes (measured on 9.7 million pairs of 1,058 photographs). */
export const PDQ_SIMILAR = 75
/** The same for blockhash with 256 bits. */
export const BLOCKHASH_SIMILAR = 23
/** The same for ISCC Image-Codes of 256 bits. */
export const ISCC_IMAGE_SIMILAR = 23
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
  return { image: 'a picture', text: 'a text', data: 'a file of data' }[media]
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

function compareTexts(a: TextFingerprint, b: TextFingerprint, identity: Layer): Match {
  const judged = judgeTexts(a.features, b.features, isccDistance(a.units.content!, b.units.content!))
  const layers = [identity, ...judged.layers]
  return a.plain || b.plain ? tooPlain(a, b, layers) : { ...judged, layers }
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
