import { hexToBytes } from '../hex/index.ts'
import { hammingDistance, isccDistance } from '../iscc/index.ts'
import type { Fingerprint, ImageFingerprint, TextFingerprint } from './fingerprint.ts'
import { falsePositiveRate } from './image/calibration.ts'
import { type FeatureVerdict, judgeImages } from './image/judgeImages.ts'
import type { Layer, Match } from './match.ts'
import { similarity } from './text/minhash.ts'
import { sharedPassages } from './text/passages.ts'

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
 * Compares two works. Pictures whose fingerprints have features are found again when cropped, turned, mirrored, inverted, framed, put into a collage
 * or photographed from a screen, and the match says where; with signatures alone only whole pictures are compared.
 *
 * Works of different media are different unless they are the same file. A work that is too plain is only ever identical or different:
 * a white page must not match every other white page.
 *
 * @throws ColophonError `FEATURES_INVALID`, `FEATURES_UNSUPPORTED` for features that no picture has, or of a later version
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
  const pdq = bitLayer('pdq', a.features.pdq, b.features.pdq, PDQ_COPY, 'PDQ’s published recommendation')
  const plain = a.plain || b.plain
  const judged = plain ? undefined : judgeImages(a.features, b.features, pdq.value)
  const layers = [
    identity,
    ...(judged?.layers ?? [pdq]),
    ...(a.features.blockhash === undefined || b.features.blockhash === undefined
      ? []
      : [bitLayer('blockhash', a.features.blockhash, b.features.blockhash, BLOCKHASH_SIMILAR, 'one in a million unrelated pairs')]),
    isccLayer(a, b, ISCC_IMAGE_SIMILAR, 'one in a million unrelated pairs'),
  ]
  if (plain) return tooPlain(a, b, layers)
  const { verdict, reason, falsePositiveRate: rate, area } = judged ?? judgeSignatures(pdq.value)
  const found = { layers, ...(rate === undefined ? {} : { falsePositiveRate: rate }), ...(area === undefined ? {} : { area }) }
  if (verdict !== undefined) return { verdict, reason, ...found }
  const speaking = layers.filter(({ name, speaksForCopy }) => speaksForCopy && (name === 'blockhash' || name === 'iscc-content'))
  if (speaking.length > 0) {
    const names = speaking.map(({ name }) => name).join(' and ')
    return {
      verdict: 'similar',
      reason: `The pictures look alike to ${names}, though not to ${judged ? 'anything else' : 'PDQ'}.`,
      ...found,
    }
  }
  return { verdict: 'different', reason, ...found }
}

/** What PDQ alone says, where there are no features. */
function judgeSignatures(distance: number): Omit<FeatureVerdict, 'layers' | 'falsePositiveRate'> & { falsePositiveRate?: undefined } {
  const bits = `PDQ differs in ${distance} of 256 bits`
  if (distance <= PDQ_COPY)
    return { verdict: 'copy', reason: `The pictures are the same but for encoding, size or light editing: ${bits}.` }
  if (distance <= PDQ_SIMILAR) {
    return { verdict: 'similar', reason: `The pictures look alike: ${bits}, and unrelated ones hardly ever come so near.` }
  }
  return { verdict: undefined, reason: `The pictures are not alike: ${bits}, as unrelated ones do.` }
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
  return {
    name,
    value,
    unit: 'bits',
    threshold,
    speaksForCopy: value <= threshold,
    source,
    falsePositiveRate: falsePositiveRate(name, value),
  }
}

function isccLayer(a: Fingerprint, b: Fingerprint, threshold: number, source: string): Layer {
  const value = isccDistance(a.units.content!, b.units.content!)
  const rate = a.media === 'image' ? { falsePositiveRate: falsePositiveRate('iscc-content', value) } : {}
  return { name: 'iscc-content', value, unit: 'bits', threshold, speaksForCopy: value <= threshold, source, ...rate }
}

function shareLayer(name: 'minhash' | 'passages', value: number, threshold: number, source: string): Layer {
  return { name, value, unit: 'share', threshold, speaksForCopy: value >= threshold, source }
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}
