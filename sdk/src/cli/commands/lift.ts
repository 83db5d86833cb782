import { resolve } from 'node:path'
import type { Command } from 'commander'
import { ColophonError } from '../../errors/base.ts'
import { parseReceipt } from '../../receipt/index.ts'
import type { Action } from '../action.ts'
import { confirmCost, costOf, openWritingChain } from '../chain.ts'
import { dryRun } from '../dryRun.ts'
import { checkOutput, readText, writeReceipt } from '../output.ts'
import type { Answer, Session } from '../session.ts'
import { addWriteOptions, depositedAnswer, sending, type WriteFlags } from './deposit.ts'

export function addLift(program: Command, action: Action): void {
  const command = program
    .command('lift')
    .summary('give an anchored work a record of its own')
    .description(
      `Turns one work of a batch into a full record on the chain, with the time of the batch's anchor. Its receipt is replaced by the new one.`,
    )
    .argument('<receipt>', 'receipt that batch wrote')
  addWriteOptions(command, 'receipt; replaces the one given by default').action(
    action<[string], WriteFlags>(async (session, options, path) => await lift(session, options, path)),
  )
}

/** Lifts the work of a receipt. */
export async function lift(session: Session, options: WriteFlags, path: string): Promise<Answer> {
  const receipt = parseReceipt(await readText(path))
  if (receipt.kind !== 'anchored')
    throw new ColophonError('NOT_ANCHORED', `The receipt is of a deposit that was ${receipt.kind}, which has its own record already.`, {
      hint: 'Only receipts that batch wrote can be lifted.',
      details: { kind: receipt.kind },
    })
  const out = options.out ?? path
  const chain = await openWritingChain(session)
  if (receipt.chainId !== chain.chainId)
    throw new ColophonError('WRONG_CHAIN', `The receipt is for chain ${receipt.chainId}, but this is chain ${chain.chainId}.`, {
      hint: 'Check --rpc; nothing was sent.',
      details: { expected: receipt.chainId, found: chain.chainId },
    })
  if (receipt.claimant !== chain.address)
    throw new ColophonError('WRONG_CLAIMANT', `The work belongs to ${receipt.claimant}, but the signer is ${chain.address}.`, {
      hint: 'Lift it with the account that made the batch.',
      details: { expected: receipt.claimant, found: chain.address },
    })
  const { root, proof } = receipt.anchor!
  const input = { root, proof, work: receipt.work }
  // The receipt that was given is meant to be replaced; any other file is not.
  if (!options.dryRun) await checkOutput(out, options.force === true || resolve(out) === resolve(path))
  const cost = await costOf(chain, await chain.colophon.deposits.lift.estimate(input))
  if (options.dryRun) return dryRun(chain, 'lift', { id: receipt.id }, cost)
  await confirmCost(session, chain.chainId, 'Lifting', cost, options.yes)
  const lifted = await sending(session, 'Lifting', (long) => chain.colophon.deposits.lift(input, long))
  await writeReceipt(out, lifted)
  return depositedAnswer(session, lifted, out)
}
