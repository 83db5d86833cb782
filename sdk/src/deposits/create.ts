import type { Connection } from '../client/connection.ts'
import { defineWrite, type Write, type WriteOptions } from '../client/write.ts'
import { ColophonError } from '../errors/base.ts'
import type { DepositReceipt } from '../receipt/receipt.ts'
import { receiptsOfTransaction } from './receipts.ts'
import type { DepositReads, DepositRecord } from './records.ts'
import { registryAt, registryCall, registryInterface } from './registry.ts'
import { type Hex, idOf, type WorkInput, workOf } from './work.ts'

export interface CreateManyOptions extends WriteOptions {
  /** What to do about works already deposited: `'refuse'` (the default) sends nothing, `'skip'` deposits the others. */
  existing?: 'refuse' | 'skip'
}

export interface CreatedMany {
  receipts: DepositReceipt[]
  /** Works left out because they were there already; only with `existing: 'skip'`. */
  existing: DepositRecord[]
}

export interface CreateWrites {
  /**
   * Deposits a work in the signer's name.
   * @throws DEPOSIT_EXISTS, with the earlier record in its details, before anything is spent
   */
  create: Write<WorkInput, DepositReceipt, { id: Hex }>
  /**
   * Deposits several works in the signer's name in one transaction: all or none. About 250 fit the gas limit of a transaction.
   * With `{ existing: 'skip' }` an interrupted import goes on where it stopped and pays for nothing twice.
   * @throws DEPOSIT_EXISTS naming the first work that is there already; INVALID_BATCH when there is no work, or one twice
   */
  createMany: CreateMany
}

export interface CreateMany extends Write<readonly WorkInput[], CreatedMany, { ids: Hex[] }> {
  (works: readonly WorkInput[], options?: CreateManyOptions): Promise<CreatedMany>
}

/** Writes that deposit in the signer's own name. */
export function createCreateWrites(connection: Connection, reads: DepositReads): CreateWrites {
  const common = { connection, contract: 'CopyrightRegistry', interfaces: () => [registryInterface()] } as const

  const create = defineWrite<WorkInput, DepositReceipt, { id: Hex }>({
    ...common,
    action: 'depositing the work',
    encode: (input) => registryInterface().encodeFunctionData('deposit', [workOf(input)]),
    preview: (returned) => ({ id: registryInterface().decodeFunctionResult('deposit', returned)[0] }),
    result: async (mined) => firstOf(await receiptsOfTransaction(connection, reads, mined), mined.hash),
    explain: (error) => withEarlierRecord(error, reads),
  })

  const many = defineWrite<readonly WorkInput[], CreatedMany, { ids: Hex[] }>({
    ...common,
    action: 'depositing the works',
    encode: (input, { from }) => {
      const works = input.map(workOf)
      checkBatch(works.map((work) => idOf(from, work)))
      return registryInterface().encodeFunctionData('depositMany', [works])
    },
    preview: (returned) => ({ ids: [...registryInterface().decodeFunctionResult('depositMany', returned)[0]] }),
    result: async (mined) => ({ receipts: await receiptsOfTransaction(connection, reads, mined), existing: [] }),
    explain: (error) => withEarlierRecord(error, reads),
  })

  async function createMany(input: readonly WorkInput[], options: CreateManyOptions = {}): Promise<CreatedMany> {
    if (options.existing !== 'skip') return await many(input, options)
    const signer = await connection.signer()
    const from = await signer.getAddress()
    const { contract } = await registryAt(connection)
    const ids = input.map((work) => idOf(from, work))
    checkBatch(ids)
    const recorded = await registryCall('reading deposits', () => Promise.all(ids.map((id) => contract.depositOf(id))))
    const missing = input.filter((_, index) => recorded[index]!.recordedIn === 0n)
    const existing = await Promise.all(ids.filter((_, index) => recorded[index]!.recordedIn !== 0n).map((id) => reads.get(id)))
    const created = missing.length === 0 ? { receipts: [] } : await many(missing, options)
    return { receipts: created.receipts, existing: existing.filter((found) => found !== undefined) }
  }

  return { create, createMany: Object.assign(createMany, { simulate: many.simulate, estimate: many.estimate, populate: many.populate }) }
}

function checkBatch(ids: readonly Hex[]): void {
  if (ids.length === 0) throw new ColophonError('INVALID_BATCH', 'There is no work in the batch.', { hint: 'Give at least one work.' })
  const first = new Map<Hex, number>()
  for (const [index, id] of ids.entries()) {
    const earlier = first.get(id)
    if (earlier !== undefined)
      throw new ColophonError('INVALID_BATCH', `The works at ${earlier} and ${index} are the same.`, {
        hint: 'Leave one out: a work is deposited once by a claimant.',
        details: { id, indices: [earlier, index] },
      })
    first.set(id, index)
  }
}

/** The one receipt a transaction must have given. */
export function firstOf(receipts: readonly DepositReceipt[], transactionHash: string): DepositReceipt {
  const [receipt] = receipts
  if (receipt === undefined)
    throw new ColophonError('EVENT_MISSING', `Transaction ${transactionHash} was mined, but the RPC shows no deposit in it.`, {
      hint: 'Ask for its receipts again later; the RPC may lag behind.',
      details: { transactionHash },
    })
  return receipt
}

/** Puts the earlier record into a DEPOSIT_EXISTS error. */
export async function withEarlierRecord(error: ColophonError, reads: DepositReads): Promise<ColophonError> {
  if (error.code !== 'DEPOSIT_EXISTS' || typeof error.details.id !== 'string') return error
  const earlier = await reads.get(error.details.id).catch(() => undefined)
  if (earlier === undefined) return error
  const { claimant, kind, depositedAt, record } = earlier
  return new ColophonError('DEPOSIT_EXISTS', error.shortMessage, {
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    details: { ...error.details, earlier: { claimant, kind, depositedAt, ...record } },
    cause: error,
  })
}
