/**
 * The International Standard Content Code, ISO 24138:2024: units and composite codes, from what was extracted from a file.
 *
 * @packageDocumentation
 */
export { type AudioCode, genAudioCode, softHashAudio } from './audioCode.ts'
export { type Blake3, blake3, createBlake3 } from './blake3.ts'
export { canonicalJson, type JsonValue } from './canonicalJson.ts'
export {
  decodeUnit,
  encodeUnit,
  type IsccContentType,
  type IsccMainType,
  type IsccSubType,
  type IsccUnit,
  type IsccUnitType,
} from './codec.ts'
export { createDataCode, type DataCode, type DataHasher, genDataCode } from './dataCode.ts'
export { compareIscc, hammingDistance, isccDistance, type UnitComparison } from './distance.ts'
export type { IsccErrorCode } from './errors.ts'
export { type Chunker, createChunker, type OnChunk } from './fastcdc.ts'
export { genImageCode, type ImageCode, type ImageCodeOptions, softHashImage } from './imageCode.ts'
export { createInstanceCode, genInstanceCode, type InstanceCode, type InstanceHasher } from './instanceCode.ts'
export { decomposeIscc, explainIscc, genIsccCode, type IsccExplanation, isCanonicalIscc, normalizeIscc } from './isccCode.ts'
export { genMetaCode, type MetaCode, type MetaCodeOptions, softHashMeta } from './metaCode.ts'
export { createMinHash, type MinHash, minHash256 } from './minhash.ts'
export { genMixedCode, type MixedCode } from './mixedCode.ts'
export { decodeIsccSequence, encodeIsccSequence } from './sequence.ts'
export { simHash } from './simhash.ts'
export { type ByteSource, genSumCode, type SumCode, type SumCodeOptions } from './sumCode.ts'
export { textClean, textCollapse, textRemoveNewlines, textTrim } from './text.ts'
export { createTextCode, genTextCode, type TextCode, type TextHasher } from './textCode.ts'
export { createVideoCode, genVideoCode, type VideoCode, type VideoHasher } from './videoCode.ts'
export { xxh32 } from './xxh32.ts'
