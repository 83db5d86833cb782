/**
 * Fingerprints: what identifies a work, and what recognises its copies.
 *
 * @packageDocumentation
 */
export type { SoundMatch } from './audio/compareAudio.ts'
export { drawSoundMatch } from './audio/drawSoundMatch.ts'
export type { AudioFeatures } from './audio/fingerprintAudio.ts'
export type { Peaks } from './audio/peaks.ts'
export { compare, type Layer, type Match, type Verdict } from './compare.ts'
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
} from './fingerprint.ts'
export type { ImageFeatures } from './image/fingerprintImage.ts'
export type { Media } from './media.ts'
export type { TextFeatures } from './text/fingerprintText.ts'
export type { Range, SharedPassage } from './text/passages.ts'
