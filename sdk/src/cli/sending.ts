import type { Command } from 'commander'
import type { Populated, Write, WriteOptions } from '../client/write.ts'
import { ColophonError } from '../errors/base.ts'
import { chainError } from '../errors/chain.ts'
import { type Cost, confirmCost, costOf, openWritingChain, type WritingChain } from './chain.ts'
import { dryRun } from './dryRun.ts'
import type { Answer, Session } from './session.ts'

/** Flags of everything that sends a transaction. */
export interface SendFlags {
  yes?: true
  dryRun?: true
}

/** Options of everything that sends a transaction and writes no file. */
export function addSendOptions(command: Command): Command {
  return command
    .optionsGroup('Sending:')
    .option('--yes', 'agree to the cost beforehand')
    .option('--dry-run', 'say what it would do and cost; send nothing')
}

/** One transaction of a command. */
export interface Sending<Input, Result> {
  /** As it begins a sentence: `'The license'`. */
  what: string
  /** As a progress bar says it: `'Buying'`. */
  label: string
  // biome-ignore lint/suspicious/noExplicitAny: a command does not look at previews
  write: (chain: WritingChain) => Write<Input, Result, any>
  input: Input | ((chain: WritingChain) => Input | Promise<Input>)
  /** Name and value pairs that a dry run shows. */
  about?: Record<string, string>
  answer: (result: Result, chain: WritingChain) => Answer | Promise<Answer>
}

/** Estimates, asks where money is real, sends, answers. */
export async function send<Input, Result>(session: Session, flags: SendFlags, sending: Sending<Input, Result>): Promise<Answer> {
  const chain = await openWritingChain(session)
  const write = sending.write(chain)
  const input = typeof sending.input === 'function' ? await (sending.input as (chain: WritingChain) => Input)(chain) : sending.input
  const { cost, approval } = await estimated(chain, write, input)
  if (flags.dryRun === true) return dryRun(chain, sending.what, sending.about ?? {}, cost, approval)
  const what = approval === undefined ? sending.what : `${sending.what}, with the approval of ${approval} units of the token before it,`
  await confirmCost(session, chain.chainId, what, cost, flags.yes)
  const bar = session.terminal.bar(sending.label)
  const options: WriteOptions = { signal: session.signal, onProgress: bar.onProgress }
  try {
    const result = await write(input, options)
    bar.end()
    return await sending.answer(result, chain)
  } finally {
    bar.end()
  }
}

/** Cost of a write; before its approval only that of the approval can be known. */
async function estimated<Input, Result>(
  chain: WritingChain,
  write: Write<Input, Result, unknown>,
  input: Input,
): Promise<{ cost: Cost; approval?: string }> {
  try {
    return { cost: await costOf(chain, await write.estimate(input)) }
  } catch (fault) {
    if (!(fault instanceof ColophonError) || fault.code !== 'ALLOWANCE_MISSING') throw fault
    const { approval }: Populated = await write.populate(input)
    const gas = await chain.provider.estimateGas(approval!).catch((cause: unknown) => {
      throw chainError(cause, { action: 'estimating the approval' })
    })
    return { cost: await costOf(chain, gas), approval: String(fault.details.needed) }
  }
}
