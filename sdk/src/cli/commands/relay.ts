import { join } from 'node:path'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { formatUnits, parseUnits } from 'ethers'
import type { Level } from '../../identity/index.ts'
import type { RelayMode } from '../../relay/index.ts'
import { startRelay } from '../../relay/server.node.ts'
import type { Action } from '../action.ts'
import { openWritingChain } from '../chain.ts'
import { counted, facts } from '../layout.ts'
import { wholeNumber } from './stack.ts'

interface RelayFlags {
  folder: string
  port: number
  host: string
  mode: RelayMode
  batchSize?: number
  batchSeconds: number
  maxFee: bigint
  confirmations?: number
  quota?: Partial<Record<Level, number>>
  capacity: number
  rate: number
  burst: number
  trustProxy?: true
  origin: string[]
}

const LEVELS: readonly string[] = ['none', 'low', 'substantial', 'high'] satisfies Level[]

export function addRelay(program: Command, action: Action): void {
  program
    .command('relay')
    .summary('pay for the deposits of others')
    .description(
      `Takes deposits that their claimants have signed over HTTP, and pays for them in batches with the account, until Ctrl-C. What was accepted is
on the disk, and goes on at the next start. Nothing else may use the account meanwhile. It needs the package fastify.

Creators use it with: colophon deposit FILE --relay URL`,
    )
    .optionsGroup('Deposits:')
    .option('--folder <folder>', 'folder of the queue', join('.colophon', 'relay'))
    .addOption(new Option('--mode <mode>', 'a record each, or a Merkle root a batch').choices(['record', 'anchor']).default('record'))
    .option('--batch-size <number>', 'deposits that go together, at most; 100, with anchor 1024', wholeNumber(1, 65_536))
    .option('--batch-seconds <number>', 'how long the first of a batch waits for others', wholeNumber(0, 86_400), 5)
    .addOption(
      new Option('--max-fee <gwei>', 'most to pay for a unit of gas; it waits while the chain asks more')
        .argParser(gwei)
        .default(parseUnits('100', 'gwei'), '100'),
    )
    .option('--confirmations <number>', 'blocks until a deposit is settled; 12, on the local chain 1', wholeNumber(1, 10_000))
    .option(
      '--quota <level=number>',
      'deposits a day of one claimant verified at none, low, substantial or high; may be repeated (none=0 low=100 substantial=1000 high=10000)',
      quota,
    )
    .option('--capacity <number>', 'requests that may wait', wholeNumber(1, 10_000_000), 100_000)
    .optionsGroup('Listening:')
    .option('--port <number>', 'port to listen on; 0 takes any free one', wholeNumber(0, 65_535), 8787)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--rate <number>', 'requests a second of one address', wholeNumber(1, 1_000_000), 20)
    .option('--burst <number>', 'requests at once of one address', wholeNumber(1, 1_000_000), 200)
    .option('--trust-proxy', 'believe X-Forwarded-For; only behind a proxy that sets it')
    .option('--origin <origin>', 'a page that may ask from browsers, such as https://app.example; may be repeated', origin, [])
    .action(
      action<[], RelayFlags>(async (session, flags) => {
        const { terminal, signal } = session
        const chain = await openWritingChain(session)
        const relay = await startRelay({
          signer: chain.signer,
          deployment: chain.deployment,
          folder: flags.folder,
          mode: flags.mode,
          batch: { ...(flags.batchSize === undefined ? {} : { size: flags.batchSize }), seconds: flags.batchSeconds },
          maxFeePerGas: flags.maxFee,
          ...(flags.confirmations === undefined ? {} : { confirmations: flags.confirmations }),
          ...(flags.quota === undefined ? {} : { quota: flags.quota }),
          capacity: flags.capacity,
          rate: { perSecond: flags.rate, burst: flags.burst },
          host: flags.host,
          port: flags.port,
          trustProxy: flags.trustProxy === true,
          origins: flags.origin,
        })
        const { url, info } = relay
        session.answer({
          data: { url, ...info, unfinished: relay.unfinished },
          text: [
            terminal.style('bold', 'The relay is running.'),
            '',
            facts([
              ['URL', url],
              ['chain', String(info.chainId)],
              ['pays', info.account],
              ['mode', info.mode],
              [
                'quota',
                Object.entries(info.quota)
                  .map(([level, count]) => `${level} ${count}`)
                  .join(', '),
              ],
              ['fee ceiling', `${formatUnits(info.maxFeePerGas, 'gwei')} gwei`],
              ['from before', relay.unfinished === 0 ? undefined : counted(relay.unfinished, 'deposit')],
            ]),
            '',
            `  Creators deposit with: colophon deposit FILE --relay ${url}`,
            `  For programs: ${url}/openapi.json, ${url}/metrics`,
            '  Ctrl-C ends it.',
          ].join('\n'),
        })
        await new Promise<void>((resolve) => {
          if (signal.aborted) resolve()
          signal.addEventListener('abort', () => resolve(), { once: true })
        })
        await relay.stop()
        const { unfinished } = relay
        terminal.note(
          unfinished === 0
            ? 'The relay has ended.'
            : `The relay has ended; ${counted(unfinished, 'deposit')} will go on at the next start.`,
        )
      }),
    )
}

function gwei(text: string): bigint {
  if (!/^\d{1,9}(\.\d{1,9})?$/.test(text) || Number(text) === 0)
    throw new InvalidArgumentError('It should be an amount of gwei, such as 30 or 0.5.')
  return parseUnits(text, 'gwei')
}

function origin(text: string, before: string[]): string[] {
  if (!URL.canParse(text) || new URL(text).origin !== text)
    throw new InvalidArgumentError('It should be an origin such as https://app.example.')
  return [...before, text]
}

function quota(text: string, before: Partial<Record<Level, number>> = {}): Partial<Record<Level, number>> {
  const [, level, count] = /^([a-z]+)=(\d{1,9})$/.exec(text) ?? []
  if (level === undefined || !LEVELS.includes(level))
    throw new InvalidArgumentError(`It should be a level and a number, such as low=100; levels are ${LEVELS.join(', ')}.`)
  return { ...before, [level]: Number(count) }
}
