import type { Command } from 'commander'
import { ColophonError } from '../../errors/base.ts'
import type { DepositReceipt } from '../../receipt/index.ts'
import { openChain, type ReadingChain } from '../chain.ts'
import { checkOutput, writeReceipt } from '../output.ts'
import type { Action } from '../program.ts'
import { depositedAnswer } from './deposit.ts'

export function addReceipt(program: Command, action: Action): void {
  program
    .command('receipt')
    .summary('write the receipt of a deposit again')
    .description(
      `Makes the receipt of a recorded deposit anew, from the chain alone: for receipts that were lost, or never written because a
command was stopped after it had sent its transaction.`,
    )
    .argument('<id>', 'id of the deposit, or hash of the transaction that made it')
    .option('--out <file>', 'receipt; ID.receipt.json by default')
    .option('--force', 'write over that file if it is there')
    .action(
      action<[string], { out?: string; force?: true }>(async (session, options, given) => {
        if (!/^0x[0-9a-fA-F]{64}$/.test(given))
          throw new ColophonError('USAGE', `This is neither an id nor the hash of a transaction: ${given}.`, {
            hint: 'Both are 0x and 64 hex digits.',
          })
        const receipt = await receiptFor(await openChain(session), given)
        const out = options.out ?? `${receipt.id}.receipt.json`
        await checkOutput(out, options.force)
        await writeReceipt(out, receipt)
        return depositedAnswer(session, receipt, out, { said: 'The receipt, made from what the chain has.' })
      }),
    )
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
