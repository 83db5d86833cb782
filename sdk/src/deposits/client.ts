import { type Connection, type ConnectionOptions, createConnection } from '../client/connection.ts'
import { type AnchorWrites, createAnchorWrites } from './anchor.ts'
import { type BatchWrites, createBatchWrites } from './batch.ts'
import { type CreateWrites, createCreateWrites } from './create.ts'
import { createReceipts, type DepositReceipts } from './receipts.ts'
import { createReads, type DepositReads } from './records.ts'
import { createSealWrites, type SealWrites } from './seal.ts'
import { createSignedWrites, type SignedWrites } from './signed.ts'

/** Everything one does with the registry. */
export interface Deposits extends DepositReads, DepositReceipts, CreateWrites, SignedWrites, SealWrites, AnchorWrites, BatchWrites {}

/** A deposits client of its own, for those who need nothing else of the SDK. */
export function createDeposits(options: ConnectionOptions): Deposits {
  return createDepositsOn(createConnection(options))
}

/** A deposits client on a connection that other clients share. */
export function createDepositsOn(connection: Connection): Deposits {
  const reads = createReads(connection)
  const deposits: Deposits = {
    ...reads,
    ...createReceipts(connection, reads),
    ...createCreateWrites(connection, reads),
    ...createSignedWrites(connection, reads),
    ...createSealWrites(connection, reads),
    ...createAnchorWrites(connection, reads),
    ...createBatchWrites(connection, () => deposits),
  }
  return deposits
}
