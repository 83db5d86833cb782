import type { Connection } from '../client/connection.ts'
import { defineWrite, type Write, type WriteOptions } from '../client/write.ts'
import { ColophonError } from '../errors/base.ts'
import type { Fingerprint } from '../fingerprint/index.ts'
import { invalidInput } from '../input/input.ts'
import type { DepositReceipt } from '../receipt/receipt.ts'
import { checkOriginality, type Originality } from '../search/originality.ts'
import type { SimilarityIndex } from '../search/similarityIndex.ts'
import { receiptsOfTransaction } from './receipts.ts'
import type { DepositReads, DepositRecord } from './records.ts'
import { registryAt, registryCall, registryInterface } from './registry.ts'
import { type Bytes32, type Hex, idOf, type WorkInput, workOf } from './work.ts'

export interface CreateManyOptions extends WriteOptions {
  /** What to do about works already deposited: `'refuse'` (the default) sends nothing, `'skip'` deposits the others. */
  existing?: 'refuse' | 'skip'
}

/** What a deposit is checked for before it is made. */
export interface OriginalityCheck {
  /** Where look-alikes are looked for; the deposit is added to it when it is made. */
  index: Pick<SimilarityIndex, 'search' | 'explain' | 'insert'>
  /**
   * Makes the document of the deposit, with what was found in it: `(found) => pinWork(storage, fingerprint, { ...description, ...found })`. Nothing has been
   * sent or paid then.
   */
  document(found: { originality: Originality }): Promise<{ digest: Bytes32 }>
  /** Asked where there are look-alikes, before the document is made: whether to go on. Without it they end the deposit. */
  decide?(originality: Originality): boolean | Promise<boolean>
}

export interface CreateOptions extends WriteOptions {
  /** Looks for look-alikes first. */
  originality?: OriginalityCheck
}

/** What is deposited after a check: the document is made by it. */
export interface CheckedWork {
  fingerprint: Fingerprint
  document?: undefined
  salt?: Bytes32
}

export interface Create extends Write<WorkInput, DepositReceipt, { id: Hex }> {
  (work: WorkInput, options?: CreateOptions & { originality?: undefined }): Promise<DepositReceipt>
  (work: CheckedWork, options: CreateOptions): Promise<DepositReceipt>
}

export interface CreatedMany {
  receipts: DepositReceipt[]
  /** Works left out because they were there already; only with `existing: 'skip'`. */
  existing: DepositRecord[]
}

export interface CreateWrites {
  /**
   * Deposits a work in the signer's name. With `originality` an index is asked for look-alikes first, and the document says what it knew.
   * @throws DEPOSIT_EXISTS, with the earlier record in its details, before anything is spent; LOOK_ALIKES_FOUND where there are some and `decide` did not
   * agree, before anything is pinned or paid
   */
  create: Create
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

  const one = defineWrite<WorkInput, DepositReceipt, { id: Hex }>({
    ...common,
    action: 'depositing the work',
    encode: (input) => registryInterface().encodeFunctionData('deposit', [workOf(input)]),
    preview: (returned) => ({ id: registryInterface().decodeFunctionResult('deposit', returned)[0] }),
    result: async (mined) => firstOf(await receiptsOfTransaction(connection, reads, mined), mined.hash),
    explain: (error) => withEarlierRecord(error, reads),
  })

  async function create(input: WorkInput | CheckedWork, options: CreateOptions = {}): Promise<DepositReceipt> {
    const { originality: check, ...write } = options
    if (check === undefined) return await one(input, write)
    const { fingerprint, salt } = input as CheckedWork
    if (fingerprint?.version !== 1 || (input as CheckedWork).document !== undefined)
      throw invalidInput(
        'work',
        Object.keys(input).join(', '),
        'a fingerprint as fingerprint() gives it, and no document: the check makes it',
      )
    const document = await check.document({ originality: await agreed(check, fingerprint, write.signal) })
    const receipt = await one({ fingerprint, document, ...(salt === undefined ? {} : { salt }) }, write)
    await check.index.insert({ id: receipt.id, fingerprint })
    return receipt
  }

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

  return {
    create: Object.assign(create, { simulate: one.simulate, estimate: one.estimate, populate: one.populate }) as Create,
    createMany: Object.assign(createMany, { simulate: many.simulate, estimate: many.estimate, populate: many.populate }),
  }
}

/** What the index knows of works like this one, where whoever deposits agrees to go on. */
async function agreed(
  { index, decide }: OriginalityCheck,
  fingerprint: Fingerprint,
  signal: AbortSignal | undefined,
): Promise<Originality> {
  const originality = await checkOriginality(index, fingerprint, signal === undefined ? {} : { signal })
  const { lookAlikes } = originality
  if (lookAlikes.length > 0 && (await decide?.(originality)) !== true)
    throw new ColophonError('LOOK_ALIKES_FOUND', `The index has ${lookAlikes.length} works like this one; nothing was sent.`, {
      hint: 'Look at them; where `decide` answers true it is deposited nevertheless, and its document says what was found.',
      details: { lookAlikes },
    })
  return originality
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
