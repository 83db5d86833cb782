/**
 * Batches: a folder of works under one anchor, resumable. Node only.
 *
 * @packageDocumentation
 */
export {
  type BatchForecast,
  type BatchOptions,
  type BatchPlan,
  type BatchResult,
  type FoundLookAlikes,
  planBatch,
  type RefusedFile,
  runBatch,
} from './batch.node.ts'
export type { BatchEstimate, CreatedBatch } from './create.node.ts'
export { type BatchFile, type ListOptions, listFiles } from './files.node.ts'
export { receiptFileOf } from './receipts.node.ts'
export { openBatch, type StoredBatch, type StoredWork } from './stored.node.ts'
export type { BatchItem, BatchSource, CreateBatchOptions, RefusedItem } from './taking.node.ts'
