/**
 * Fingerprints: what identifies a work, and what recognises its copies.
 *
 * @packageDocumentation
 */
export { compare, type Layer, type Match, type Verdict } from './compare.ts'
export {
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
export { highlightHtml, highlightTerminal, type SharedText } from './text/highlight.ts'
export type { Range, SharedPassage } from './text/passages.ts'
export { type ReadTextOptions, readText } from './text/readText.ts'
