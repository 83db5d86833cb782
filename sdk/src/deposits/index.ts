export { type AnchoredWork, type AnchorInput, anchoredReceipt } from './anchor.ts'
export { createDeposits, type Deposits } from './client.ts'
export type { CheckedWork, Create, CreatedMany, CreateManyOptions, CreateOptions, OriginalityCheck } from './create.ts'
export type { AnchorRecord, DepositRecord, FindOptions, SealRecord } from './records.ts'
export { parseOpening, type SealOpening, type SealReceipt } from './seal.ts'
export { parseSigned, type SignedDeposit, type SignedLift, type SignOptions, type SkipReason, type SubmittedMany } from './signed.ts'
export { DEPOSIT_TYPES, domainOf, LIFT_TYPES } from './typedData.ts'
export {
  type Bytes32,
  type DescribedWork,
  type Hex,
  hashWork,
  idOf,
  leafOf,
  type Work,
  type WorkFields,
  type WorkInput,
  workOf,
} from './work.ts'
