import { ColophonError } from '../../errors/base.ts'
import type { Layer } from '../match.ts'
import { fromBase64url } from './base64.ts'
import { falsePositiveRate, THRESHOLDS } from './calibration.ts'
import { compareFeatures, type FeatureMatch } from './compareFeatures.ts'
import { decodeFeatures } from './featureFile.ts'
import type { ImageFeatures } from './fingerprintImage.ts'
import type { Fit } from './keypoints/fit.ts'
import { areaOfFit, areaOfViews, type SharedArea, type Sized } from './sharedArea.ts'

/** False-positive rate up to which a person should look, though it proves nothing. */
const WORTH_A_LOOK = 1e-4
/** Layers that each have a chance to be wrong. */
const CHANCES = 3

/**
 * A fit is of the picture when places are the same in half of the shared area's parts, or in a good part of all places. Four of five fits between
 * different photographs with the same caption pass neither, and hardly a copy fails both (docs/benchmarks.md).
 */
const WHOLE_CELLS = 0.5
const WHOLE_POINTS = 0.08

/** Whether a fit is of the pictures, and not only of a caption or a logo that lies on both. */
export function isOfPicture({ coverage }: Pick<Fit, 'coverage'>): boolean {
  return coverage.cells >= WHOLE_CELLS || coverage.points >= WHOLE_POINTS
}

const SOURCE = 'a third of one pair of strangers in a million (docs/benchmarks.md)'

/** What the features of two pictures say. */
export interface FeatureVerdict {
  /** Undefined when nothing speaks for a copy. */
  verdict: 'copy' | 'similar' | undefined
  reason: string
  /** PDQ, views, keypoints. */
  layers: Layer[]
  falsePositiveRate: number
  area?: SharedArea
}

/**
 * Compares two pictures by PDQ, views and keypoints, and makes one decision of the three: that of the layer whose finding is the rarest among
 * strangers, at three times its rate because there were three chances to be wrong. Undefined unless both pictures have features.
 *
 * @param pdq - bits by which the PDQ codes differ
 * @throws ColophonError `FEATURES_INVALID`, `FEATURES_UNSUPPORTED`
 */
export function judgeImages(a: ImageFeatures, b: ImageFeatures, pdq: number): FeatureVerdict | undefined {
  const [first, second] = [sized(a), sized(b)]
  if (first === undefined || second === undefined) return undefined
  const found = compareFeatures(first.local, second.local)
  const score = Math.max(found.fit?.score ?? 0, 0)
  const layers: Layer[] = [
    layer('pdq', pdq, 'bits'),
    layer('views', found.views.distance, 'bits'),
    layer('keypoints', Math.round(score * 10) / 10, 'score'),
  ]
  const [whole, views, keypoints] = layers as [Layer, Layer, Layer]
  // Keypoints that are the same only on a caption or a logo are shown, but they make no copy.
  const overlay = found.fit !== undefined && keypoints.speaksForCopy && !isOfPicture(found.fit)
  if (overlay) keypoints.speaksForCopy = false
  const counted = overlay ? [whole, views] : layers
  const rate = Math.min(1, CHANCES * Math.min(...counted.map((each) => each.falsePositiveRate!)))
  // Views alone only ask a person to look: some smooth photographs look like many strangers to them (docs/benchmarks.md).
  const copy = whole.speaksForCopy || keypoints.speaksForCopy
  const speaks = copy || views.speaksForCopy
  if (!speaks && !overlay && rate > WORTH_A_LOOK) {
    return { verdict: undefined, reason: 'No part of one picture is found in the other.', layers, falsePositiveRate: rate }
  }
  // Keypoints say most exactly where, so they are shown whenever they say anything.
  const byFit =
    found.fit !== undefined &&
    (keypoints.speaksForCopy || (keypoints.falsePositiveRate! <= views.falsePositiveRate! && !(overlay && speaks)))
  const byViews = !byFit && (views.speaksForCopy || !whole.speaksForCopy)
  const area = byFit ? areaOfFit(first, second, found.fit!) : byViews ? areaOfViews(first, second, found.views) : undefined
  return {
    verdict: copy ? 'copy' : 'similar',
    reason: reasonOf(found, area, byFit, pdq),
    layers,
    falsePositiveRate: rate,
    ...(area === undefined ? {} : { area }),
  }
}

function layer(name: 'pdq' | 'views' | 'keypoints', value: number, unit: 'bits' | 'score'): Layer {
  const threshold = THRESHOLDS[name]
  const speaksForCopy = unit === 'bits' ? value <= threshold : value >= threshold
  return { name, value, unit, threshold, speaksForCopy, source: SOURCE, falsePositiveRate: falsePositiveRate(name, value) }
}

function reasonOf({ fit, views }: FeatureMatch, area: SharedArea | undefined, byFit: boolean, pdq: number): string {
  if (area === undefined) return `The pictures are the same but for encoding, size or light editing: PDQ differs in ${pdq} of 256 bits.`
  if (byFit && !isOfPicture(fit!)) {
    return `The pictures share something, perhaps a caption or a logo: ${fit!.inliers.length} places are the same in both, but in few parts of them.`
  }
  const evidence = byFit
    ? `${fit!.inliers.length} places are the same in both, as one piece`
    : `their codes differ in ${views.distance} of 256 bits`
  const how = [
    area.mirrored ? 'mirrored' : undefined,
    area.degrees >= 1 && area.degrees <= 359 ? `turned by ${Math.round(area.degrees)}°` : undefined,
    area.inverted ? 'in negative' : undefined,
  ].filter((part) => part !== undefined)
  const [ofA, ofB] = [percent(area.shareOfA), percent(area.shareOfB)]
  return `The second picture shows ${ofA} of the first${how.length === 0 ? '' : `, ${how.join(' and ')}`}, on ${ofB} of its own area: ${evidence}.`
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}

function sized({ width, height, local }: ImageFeatures): Sized | undefined {
  if (local === undefined) return undefined
  const bytes = fromBase64url(local)
  if (bytes === undefined) {
    throw new ColophonError('FEATURES_INVALID', 'The features of a picture are not base64url.', {
      hint: 'Compare fingerprints as fingerprint() returned them, or fingerprint the picture again.',
    })
  }
  return { width, height, local: decodeFeatures(bytes) }
}
