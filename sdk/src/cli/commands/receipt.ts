import type { Command } from 'commander'
import { ColophonError } from '../../errors/base.ts'
import { proveDeposit, readEventProof, readStateProof } from '../../proof/index.ts'
import { type DepositReceipt, parseReceipt } from '../../receipt/index.ts'
import type { Action } from '../action.ts'
import { announces } from '../announces.ts'
import { openChain, type ReadingChain } from '../chain.ts'
import { receiptOfWork } from '../indexedBatch.ts'
import { checkOutput, readText, writeReceipt } from '../output.ts'
import type { Answer, Session } from '../session.ts'
import { depositedAnswer } from './deposit.ts'

export function addReceipt(program: Command, action: Action): void {
  program
    .command('receipt')
    .summary('write the receipt of a deposit again')
    .description(
      `Makes the receipt of a recorded deposit anew, from the chain alone: for receipts that were lost, or never written because a
command was stopped after it had sent its transaction. With --proof it can be checked without an RPC, by whoever trusts one block hash.

With --batch, takes the receipt of one work out of what batch --indexed has made, without asking the chain.`,
    )
    .argument(
      '<id>',
      'id of the deposit, hash of the transaction that made it, or a receipt to add --proof to; with --batch key or number of the work',
    )
    .option('--batch <folder>', 'take it from this indexed batch')
    .option('--out <file>', 'receipt; ID.receipt.json by default')
    .option('--proof', 'with a Merkle proof from a block hash, so that verify --block-hash needs no RPC')
    .option('--force', 'write over that file if it is there')
    .action(
      action<[string], { batch?: string; out?: string; force?: true; proof?: true }>(async (session, options, given) => {
        if (options.batch !== undefined) return await fromBatch(session, options, options.batch, given)
        const kept = options.proof === true && (await announces(given, 'colophon-deposit-receipt'))
        if (!kept && !/^0x[0-9a-fA-F]{64}$/.test(given))
          throw new ColophonError('USAGE', `This is neither an id nor the hash of a transaction: ${given}.`, {
            hint: 'Both are 0x and 64 hex digits.',
          })
        const chain = await openChain(session)
        const found = kept ? parseReceipt(await readText(given)) : await receiptFor(chain, given)
        const out = options.out ?? (kept ? given : `${found.id}.receipt.json`)
        await checkOutput(out, options.force === true || (kept && out === given) ? true : undefined)
        const receipt = options.proof === true ? await proveDeposit(found, { provider: chain.provider, signal: session.signal }) : found
        await writeReceipt(out, receipt)
        const block = (readStateProof(receipt) ?? readEventProof(receipt))?.block
        return depositedAnswer(session, receipt, out, {
          said:
            block === undefined
              ? 'The receipt, made from what the chain has.'
              : `The receipt, proven by block ${block.number}, ${block.hash}.`,
        })
      }),
    )
}

async function fromBatch(
  session: Session,
  options: { out?: string; force?: true; proof?: true },
  folder: string,
  work: string,
): Promise<Answer> {
  const stored = await receiptOfWork(folder, work)
  const out = options.out ?? `${stored.id}.receipt.json`
  await checkOutput(out, options.force)
  const receipt =
    options.proof === true ? await proveDeposit(stored, { provider: (await openChain(session)).provider, signal: session.signal }) : stored
  await writeReceipt(out, receipt)
  return depositedAnswer(session, receipt, out, { said: 'The receipt, from the proofs of the batch.' })
}

/** Ids and transaction hashes look the same, so both are tried. */
async function receiptFor({ colophon: { deposits } }: ReadingChain, given: string): Promise<DepositReceipt> {
  try {
    return await deposits.receipt(given)
  } catch (fault) {
    if (!(fault instanceof ColophonError) || fault.code !== 'DEPOSIT_NOT_FOUND') throw fault
  }
  const receipts = await deposits.receipts(given).catch((fault: unknown) => {
    if (!(fault instanceof ColophonError) || fault.code !== 'TRANSACTION_NOT_FOUND') throw fault
    throw notFound(given, 'The chain has neither a deposit nor a transaction of that name')
  })
  const [receipt, second] = receipts
  if (receipt === undefined) throw notFound(given, 'The transaction made no deposit')
  if (second !== undefined)
    throw new ColophonError('USAGE', `The transaction made ${receipts.length} deposits.`, {
      hint: `Ask for each by its id: ${receipts.map(({ id }) => id).join(', ')}`,
      details: { ids: receipts.map(({ id }) => id) },
    })
  return receipt
}

function notFound(given: string, why: string): ColophonError {
  return new ColophonError('DEPOSIT_NOT_FOUND', `${why}: ${given}.`, {
    hint: 'Check the chain. A sealed work has no deposit before it is unsealed, a work of a batch none before it is lifted.',
    details: { given },
  })
}
