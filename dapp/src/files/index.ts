export { FileDrop } from './FileDrop.tsx'
export { FingerprintProgress } from './FingerprintProgress.tsx'
export { mediaName } from './media.ts'
export { fileMessages } from './messages.ts'
