import { type Command, InvalidArgumentError } from 'commander'
import { ColophonError } from '../../errors/base.ts'
import { startStack } from '../../stack/index.ts'
import type { Action } from '../action.ts'
import { facts, table } from '../layout.ts'

interface StackFlags {
  port: number
  state?: string
  blockTime?: number
  keys?: true
}

export function addStack(program: Command, action: Action): void {
  program
    .command('stack')
    .summary('run a local chain with the contracts on it')
    .description('Runs a local chain on 127.0.0.1 with the contracts set up, until Ctrl-C. Nothing is kept unless --state names a file.')
    .option('--port <number>', 'port to listen on; 0 takes any free one', wholeNumber(0, 65_535), 8545)
    .option('--state <file>', 'keep the chain in this file from one run to the next')
    .option('--block-time <seconds>', 'a block every so many seconds, instead of one for each transaction', wholeNumber(1, 3600))
    .option('--keys', 'show the private keys of the development accounts')
    .action(
      action<[], StackFlags>(async (session, { port, state, blockTime, keys }) => {
        const { terminal, signal, verbose } = session
        const bar = terminal.bar('Starting the local chain')
        const stack = await startStack({
          port,
          ...(state === undefined ? {} : { state }),
          ...(blockTime === undefined ? {} : { blockTime }),
          signal,
          onProgress: bar.onProgress,
        }).finally(bar.end)
        const { url, deployment, accounts } = stack
        const contracts = Object.entries(deployment.contracts).map(([name, contract]) => [name, contract!.address] as const)
        session.answer({
          data: {
            rpcUrl: url,
            chainId: deployment.chainId,
            contracts: Object.fromEntries(contracts),
            accounts,
            ...(state === undefined ? {} : { state }),
          },
          text: [
            terminal.style('bold', 'The local chain is running.'),
            '',
            facts([['RPC', url], ['chain', String(deployment.chainId)], ['state', state ?? 'in memory, gone when it ends'], ...contracts]),
            '',
            '  Development accounts, 10,000 ether each. Their keys are public.',
            table(accounts.map(({ address, privateKey }, index) => [String(index), address, ...(keys || verbose ? [privateKey] : [])])),
            '',
            `  In another terminal: colophon deposit FILE --creator "Your Name"${port === 8545 ? '' : ` --rpc ${url}`}`,
            '  Ctrl-C ends it.',
          ].join('\n'),
        })
        const interrupted = new Promise<'interrupted'>((resolve) => {
          if (signal.aborted) resolve('interrupted')
          signal.addEventListener('abort', () => resolve('interrupted'), { once: true })
        })
        const why = await Promise.race([interrupted, stack.ended.then(() => 'ended' as const)])
        await stack.stop()
        // Ctrl-C is how a stack is meant to end.
        if (why === 'ended' && !signal.aborted)
          throw new ColophonError('STACK_FAILED', 'The local chain ended by itself.', { hint: 'Start it again.', details: { url } })
        terminal.note(state === undefined ? 'The local chain has ended.' : `The local chain has ended; its state is in ${state}.`)
      }),
    )
}

/** A parser for commander. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (!/^\d+$/.test(text) || value < least || value > most)
      throw new InvalidArgumentError(`It should be a whole number from ${least} to ${most}.`)
    return value
  }
}
