/** Evidence of what a page showed: captured, signed, timestamped, checked by anyone. */
export { type CaptureOptions, captureEvidence, type Evidence, type MatchPicture } from './capture.node.ts'
export {
  type CapturedMedia,
  decodeManifest,
  type EncodedManifest,
  type EvidenceManifest,
  type EvidenceSignature,
  encodeManifest,
  isSignedBy,
  manifestHash,
  signManifest,
} from './manifest.ts'
export { readWacz, type WaczEntry } from './read.ts'
export type { ReachedHost } from './recording.ts'
export { requestTimestamp, type Timestamp, type TimestampOptions, verifyTimestamp } from './timestamp.ts'
export { validateWacz, type WaczProblem, type WaczReport } from './validate.ts'
export { type EvidenceCheck, type EvidenceParts, type EvidenceVerification, verifyEvidence } from './verify.ts'
