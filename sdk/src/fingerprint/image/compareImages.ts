import { hexToBytes } from '../../hex/index.ts'
import { hammingDistance, isccDistance } from '../../iscc/index.ts'
import type { ImageFingerprint } from '../fingerprint.ts'
import type { ImageMatch, Layer } from '../match.ts'
import { falsePositiveRate } from './calibration.ts'
import { type FeatureVerdict, judgeImages } from './judgeImages.ts'

/** PDQ: distance up to which its authors speak of a match. */
const PDQ_COPY = 31
/** PDQ: distance up to which one pair in a million of unrelated photographs comes (measured on 9.7 million pairs of 1,058 photographs). */
const PDQ_SIMILAR = 75
/** The same for blockhash with 256 bits. */
const BLOCKHASH_SIMILAR = 23
/** The same for ISCC Image-Codes of 256 bits. */
const ISCC_SIMILAR = 23
const SOURCE = 'one in a million unrelated pairs'

/**
 * Judges two pictures by their features, or by PDQ where one has none.
 *
 * @throws ColophonError `FEATURES_INVALID`, `FEATURES_UNSUPPORTED`
 */
export function compareImages(a: ImageFingerprint, b: ImageFingerprint): ImageMatch {
  const pdq = bitLayer('pdq', distance(a.features.pdq, b.features.pdq), PDQ_COPY, 'PDQ’s published recommendation')
  const judged = a.plain || b.plain ? undefined : judgeImages(a.features, b.features, pdq.value)
  const [first, second] = [a.features.blockhash, b.features.blockhash]
  const signatures = [
    ...(first === undefined || second === undefined ? [] : [bitLayer('blockhash', distance(first, second), BLOCKHASH_SIMILAR, SOURCE)]),
    bitLayer('iscc-content', isccDistance(a.units.content!, b.units.content!), ISCC_SIMILAR, SOURCE),
  ]
  const { verdict, reason, falsePositiveRate: rate, area } = judged ?? judgeSignatures(pdq.value)
  const found = {
    media: 'image' as const,
    layers: [...(judged?.layers ?? [pdq]), ...signatures],
    ...(rate === undefined ? {} : { falsePositiveRate: rate }),
    ...(area === undefined ? {} : { area }),
  }
  if (verdict !== undefined) return { verdict, reason, ...found }
  const speaking = signatures.filter(({ speaksForCopy }) => speaksForCopy).map(({ name }) => name)
  if (speaking.length === 0) return { verdict: 'different', reason, ...found }
  return {
    verdict: 'similar',
    reason: `The pictures look alike to ${speaking.join(' and ')}, though not to ${judged ? 'anything else' : 'PDQ'}.`,
    ...found,
  }
}

/** What PDQ alone says, where there are no features. */
function judgeSignatures(bits: number): Omit<FeatureVerdict, 'layers' | 'falsePositiveRate'> & { falsePositiveRate?: undefined } {
  const found = `PDQ differs in ${bits} of 256 bits`
  if (bits <= PDQ_COPY) return { verdict: 'copy', reason: `The pictures are the same but for encoding, size or light editing: ${found}.` }
  if (bits <= PDQ_SIMILAR) {
    return { verdict: 'similar', reason: `The pictures look alike: ${found}, and unrelated ones hardly ever come so near.` }
  }
  return { verdict: undefined, reason: `The pictures are not alike: ${found}, as unrelated ones do.` }
}

function distance(a: string, b: string): number {
  return hammingDistance(hexToBytes(a), hexToBytes(b))
}

function bitLayer(name: 'pdq' | 'blockhash' | 'iscc-content', value: number, threshold: number, source: string): Layer {
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
