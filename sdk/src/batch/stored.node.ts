import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { anchoredReceipt } from '../deposits/anchor.ts'
import { type Hex, idOf, type Work } from '../deposits/work.ts'
import { ColophonError } from '../errors/base.ts'
import { openTree } from '../merkle/merkle.node.ts'
import type { DepositReceipt } from '../receipt/index.ts'
import { KEYS, TREE, workOfWords } from './create.node.ts'
import { copyJournal } from './journal.node.ts'
import { lookUpKey } from './keyIndex.node.ts'
import { openRecords } from './records.node.ts'

/** One work of a stored batch. */
export interface StoredWork {
  /** Its number among the works of the batch, from 0. */
  index: number
  key: string
  /** Id of the deposit. */
  id: Hex
  work: Work
}

/** A batch on the disk, of which only what is asked for is read. */
export interface StoredBatch {
  root: Hex
  /** Works under the root. */
  count: number
  claimant: string
  chainId: number
  /** Whether the anchor is on the chain, as far as the folder knows. */
  anchored: boolean
  /** @throws BATCH_NO_SUCH_WORK, BATCH_DAMAGED */
  work(index: number): Promise<StoredWork>
  /** The work with this key, or undefined. */
  find(key: string): Promise<StoredWork | undefined>
  /** Sibling hashes from the work's leaf to the root: some 32 bytes a level are read. @throws as `work` */
  proof(index: number): Promise<Hex[]>
  /** The receipt of a work, as anybody can check it. @throws as `work`, and BATCH_UNFINISHED before the anchor is on the chain */
  receipt(index: number): Promise<DepositReceipt>
  close(): Promise<void>
}

/**
 * Opens a batch that `createBatch` has made.
 * @throws BATCH_NOT_FOUND, BATCH_UNFINISHED, BATCH_DAMAGED
 */
export async function openBatch(folder: string): Promise<StoredBatch> {
  if ((await stat(join(folder, 'works.bin')).catch(() => undefined)) === undefined)
    throw new ColophonError('BATCH_NOT_FOUND', `There is no batch of this form in ${folder}.`, {
      hint: 'Give the folder named as out.',
      details: { folder },
    })
  const state: { [type: string]: unknown } = {}
  for await (const entry of (await copyJournal(folder)).entries()) state[entry.type] = entry
  type Entries = import('./journal.node.ts').Entry
  const begun = state.batch as Extract<Entries, { type: 'batch' }> | undefined
  const closed = state.tree as Extract<Entries, { type: 'tree' }> | undefined
  const anchored = state.anchored as Extract<Entries, { type: 'anchored' }> | undefined
  if (begun === undefined || closed === undefined) throw unfinished(folder, 'its works are not all taken')
  const { claimant, chainId, registry } = begun
  const { root, count, refused = [] } = closed
  const records = await openRecords(folder, { write: false })
  const tree = await openTree(join(folder, TREE)).catch(async (fault: unknown) => {
    await records.close()
    throw fault
  })

  /** Number of the record of a work: those of refused files are between them. */
  function recordNumber(index: number): number {
    if (!Number.isInteger(index) || index < 0 || index >= count)
      throw new ColophonError('BATCH_NO_SUCH_WORK', `The batch has no work ${index}.`, {
        hint: `Works are numbered from 0 to ${count - 1}.`,
        details: { index, count },
      })
    let number = index
    for (const each of refused) {
      if (each > number) break
      number++
    }
    return number
  }

  async function workAt(index: number, number: number): Promise<StoredWork | undefined> {
    const { key, refusal, work: words } = await records.read(number)
    if (refusal !== undefined) return undefined
    const work = workOfWords(words)
    return { index, key, id: idOf(claimant, work), work }
  }

  const work = async (index: number): Promise<StoredWork> => (await workAt(index, recordNumber(index)))!

  return {
    root,
    count,
    claimant,
    chainId,
    anchored: anchored !== undefined,
    work,
    async find(key) {
      for (const number of await lookUpKey(join(folder, KEYS), key)) {
        const before = refused.filter((each) => each < number).length
        const found = await workAt(number - before, number)
        if (found?.key === key) return found
      }
      return undefined
    },
    async proof(index) {
      recordNumber(index)
      return await tree.proof(index)
    },
    async receipt(index) {
      if (anchored === undefined) throw unfinished(folder, 'its anchor is not on the chain')
      const { id, work: facts } = await work(index)
      const { transaction, block, time, by } = anchored
      const anchor = { root, by, count: BigInt(count), manifest: closed.manifest, transaction, block, time }
      return anchoredReceipt({ chainId, registry }, anchor, { id, claimant, work: facts, proof: await tree.proof(index) })
    },
    async close() {
      await Promise.all([records.close(), tree.close()])
    },
  }
}

function unfinished(folder: string, why: string): ColophonError {
  return new ColophonError('BATCH_UNFINISHED', `The batch is not finished: ${why}.`, {
    hint: 'Run createBatch again with the same source and folder.',
    details: { folder },
  })
}
