import { type Command, Option } from 'commander'
import type { ChainEvent, Contracts, EventName, EventQuery } from '../../events/index.ts'
import type { Action } from '../action.ts'
import { openChain } from '../chain.ts'
import { short, table } from '../layout.ts'
import type { Session } from '../session.ts'
import { wholeNumber } from './stack.ts'

interface EventsFlags {
  where?: string[]
  fromBlock?: number
  toBlock?: number
  watch?: true
  confirmations: number
}

type AnyEvent = ChainEvent<keyof Contracts, EventName<keyof Contracts>>

export function addEvents(program: Command, action: Action): void {
  program
    .command('events')
    .summary('list the events of a contract, or follow them')
    .description(
      `Lists what a contract has told, oldest first, or follows it until Ctrl-C. Contracts and events are named as in docs/contracts, for instance
CopyrightRegistry Deposited. With --json each event that is followed is a line of its own.`,
    )
    .argument('<contract>', 'such as CopyrightRegistry')
    .argument('<event>', 'such as Deposited')
    .addOption(new Option('--where <name=value>', 'only with this value of an indexed parameter; may be repeated').argParser(each))
    .option('--from-block <number>', 'first block; the deployment, or with --watch the next one', wholeNumber(0, Number.MAX_SAFE_INTEGER))
    .addOption(
      new Option('--to-block <number>', 'last block; the newest by default')
        .argParser(wholeNumber(0, Number.MAX_SAFE_INTEGER))
        .conflicts('watch'),
    )
    .option('--watch', 'follow what comes, and what reorganisations take back')
    .option('--confirmations <blocks>', '--watch: blocks that must lie on top of an event', wholeNumber(0, 10_000), 0)
    .action(
      action<[string, string], EventsFlags>(async (session, options, contract, event) => {
        const { colophon } = await openChain(session)
        const where = Object.fromEntries((options.where ?? []).map(pairOf))
        const query = { contract, event, ...(options.where === undefined ? {} : { where }) } as EventQuery<
          keyof Contracts,
          EventName<keyof Contracts>
        >
        const fromBlock = options.fromBlock === undefined ? {} : { fromBlock: options.fromBlock }
        if (options.watch === true) {
          const { confirmations } = options
          const following = colophon.events.watch({ ...query, ...fromBlock, confirmations, signal: session.signal })
          try {
            for await (const change of following) tell(session, change)
          } catch (fault) {
            // Ctrl-C is how this is meant to end.
            if (!session.signal.aborted) throw fault
          }
          return
        }
        const bar = session.terminal.bar('Searching')
        const events: AnyEvent[] = await colophon.events
          .list(query, {
            ...fromBlock,
            ...(options.toBlock === undefined ? {} : { toBlock: options.toBlock }),
            ...{ signal: session.signal, onProgress: bar.onProgress },
          })
          .finally(bar.end)
        return {
          data: { events },
          text: events.length === 0 ? 'No event.' : table(events.map((each) => [String(each.block), valuesText(each, session.verbose)])),
        }
      }),
    )
}

/** One event that came, at once: lines can be read while more come. */
function tell(session: Session, change: AnyEvent & { kind: 'added' | 'removed' }): void {
  if (session.json) {
    const text = JSON.stringify(change, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value))
    process.stdout.write(`${text}\n`)
    return
  }
  const { terminal, verbose } = session
  session.answer({
    data: change,
    text: `${terminal.mark(change.kind === 'added' ? 'ok' : 'no')} ${change.block}  ${valuesText(change, verbose)}`,
  })
}

function valuesText({ values }: AnyEvent, verbose: boolean): string {
  return Object.entries(values as Record<string, unknown>)
    .map(([name, value]) => `${name} ${typeof value === 'string' ? short(value, verbose) : textOf(value)}`)
    .join('  ')
}

function textOf(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? each.toString() : each)).replaceAll('"', '')
}

function each(value: string, earlier: string[] = []): string[] {
  return [...earlier, value]
}

function pairOf(text: string): [string, string] {
  const at = text.indexOf('=')
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}
