import type { BatchEstimate, CreatedBatch } from '../batch/create.node.ts'
import type { BatchSource, CreateBatchOptions } from '../batch/taking.node.ts'
import type { Connection } from '../client/connection.ts'
import type { Deposits } from './client.ts'

export interface BatchWrites {
  /**
   * Anchors any number of works, a million as well as a folder of photographs, with one transaction in the signer's name, in bounded memory. Node
   * only. Killed at any point it goes on when called again with the same source and folder, and pays once. `openBatch` of `@colophon/sdk/batch`
   * then gives works, proofs and receipts one by one.
   * @throws INVALID_BATCH, INVALID_WORK, BATCH_BUSY, BATCH_OTHER, BATCH_EMPTY, BATCH_REFUSED, BATCH_DAMAGED, FOLDER_NOT_FOUND, OUTPUT_UNWRITABLE,
   * TRANSACTION_PENDING, SIGNER_CANNOT_SIGN; in browsers BATCH_UNSUPPORTED
   */
  createBatch(source: BatchSource, options: CreateBatchOptions): Promise<CreatedBatch>
  /**
   * Says what `createBatch` would anchor and cost: reads every work, and sends, pins and keeps nothing. Node only.
   * @throws as `createBatch` before it pays
   */
  estimateBatch(source: BatchSource, options: CreateBatchOptions): Promise<BatchEstimate>
}

/** Batches of a connection; their code is loaded when it is used. */
export function createBatchWrites(connection: Connection, deposits: () => Deposits): BatchWrites {
  return {
    async createBatch(source, options) {
      const { createBatchOn } = await import('../batch/create.node.ts')
      return await createBatchOn(deposits(), await connection.signer(), source, options)
    },
    async estimateBatch(source, options) {
      const { estimateBatchOn } = await import('../batch/create.node.ts')
      return await estimateBatchOn(deposits(), await connection.signer(), source, options)
    },
  }
}
