export { findLookAlikes, fingerprintFile } from './fingerprinting.ts'
export type { Known, LookAlike } from './protocol.ts'
export { type FingerprintControl, useFingerprint } from './useFingerprint.ts'
