export type { Check, CheckName } from './check.ts'
export type { FileFacts } from './file.ts'
export { type Subject, type Verdict, type Verification, type VerifyOptions, verify } from './verify.ts'
