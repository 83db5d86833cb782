/**
 * Fingerprints: what identifies a work, and what recognises its copies.
 *
 * @packageDocumentation
 */
export type { SoundMatch } from './audio/compareAudio.ts'
export { drawSoundMatch } from './audio/drawSoundMatch.ts'
export type { AudioFeatures } from './audio/fingerprintAudio.ts'
export type { Peaks } from './audio/peaks.ts'
export { compare } from './compare.ts'
export { type ExplainOptions, type Explanation, explanationOf, type Side } from './explanation.ts'
export {
  type AudioFingerprint,
  CODE_TYPES,
  type CodeType,
  type DataFingerprint,
  type Fingerprint,
  type FingerprintOptions,
  fingerprint,
  type ImageFingerprint,
  type RobustCode,
  type TextFingerprint,
  type VideoFingerprint,
} from './fingerprint.ts'
export { compareFeatures, type FeatureMatch, type ViewMatch } from './image/compareFeatures.ts'
export { type DrawOptions, drawMatch } from './image/drawMatch.ts'
export { decodeFeatures, encodeFeatures, FEATURE_FILE_MOST_BYTES } from './image/featureFile.ts'
export type { ImageFeatures } from './image/fingerprintImage.ts'
export { isOfPicture } from './image/judgeImages.ts'
export type { Coverage } from './image/keypoints/coverage.ts'
export type { Fit } from './image/keypoints/fit.ts'
export type { Keypoints } from './image/keypoints/keypoints.ts'
export type { Transform } from './image/keypoints/transform.ts'
export type { LocalFeatures } from './image/localFeatures.ts'
export type { Point, SharedArea } from './image/sharedArea.ts'
export type { Turn } from './image/turns.ts'
export type { View } from './image/views.ts'
export type { AudioMatch, IdentityMatch, ImageMatch, Layer, Match, TextMatch, Verdict, VideoMatch } from './match.ts'
export type { Media } from './media.ts'
export type { TextFeatures } from './text/fingerprintText.ts'
export { highlightHtml, highlightTerminal, type SharedText } from './text/highlight.ts'
export type { Range, SharedPassage } from './text/passages.ts'
export { type ReadTextOptions, readText } from './text/readText.ts'
export type { SharedStretch } from './video/compareFilms.ts'
export { drawFilmMatch } from './video/drawFilmMatch.ts'
export type { VideoFeatures } from './video/fingerprintVideo.ts'
