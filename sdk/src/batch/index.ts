/**
 * Batches: a folder of works under one anchor, resumable. Node only.
 *
 * @packageDocumentation
 */
export { type BatchOptions, type BatchPlan, type BatchResult, type RefusedFile, receiptFileOf, runBatch } from './batch.node.ts'
export { type BatchFile, listFiles } from './files.node.ts'
