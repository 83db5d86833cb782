import type { Command } from 'commander'
import { formatEther } from 'ethers'
import { ColophonError } from '../../errors/base.ts'
import type { PreparedVote } from '../../panel/index.ts'
import type { Action } from '../action.ts'
import { openChain, openWritingChain } from '../chain.ts'
import { facts, short } from '../layout.ts'
import { checkOutput, readText, writeJson } from '../output.ts'
import { addSendOptions, type SendFlags, send } from '../sending.ts'

interface VoteFlags extends SendFlags {
  out?: string
  force?: true
}

export function addPanel(program: Command, action: Action): void {
  const panel = program
    .command('panel')
    .summary('arbitrate: enlist, vote in secret, see disputes')
    .description('The panel of arbitrators, drawn by lot from members with the role. Disputes are named by their numbers.')

  for (const [name, description, done] of [
    ['enlist', 'Enters the pool from which arbitrators are drawn.', 'You can be drawn.'],
    ['retire', 'Leaves the pool; you keep the seats you have.', 'You can no longer be drawn.'],
  ] as const)
    addSendOptions(panel.command(name).description(description)).action(
      action<[], SendFlags>(async (session, options) =>
        send(session, options, {
          what: 'The step',
          label: 'Sending',
          write: ({ colophon }) => colophon.panel[name],
          input: {},
          answer: (step) => ({
            data: step,
            text: [`${session.terminal.mark('ok')} ${done}`, '', facts([['transaction', short(step.transaction, session.verbose)]])].join(
              '\n',
            ),
          }),
        }),
      ),
    )

  panel
    .command('show')
    .description('Shows how a dispute stands.')
    .argument('<dispute>', 'its number')
    .action(
      action<[string], object>(async (session, _options, given) => {
        const { colophon } = await openChain(session)
        const dispute = await colophon.panel.dispute(numberOf(given))
        const { id, phase, round, seats, deadline, ruling, delivered, fee } = dispute
        return {
          data: dispute,
          text: facts([
            ['dispute', String(id)],
            ['phase', phase],
            ['round', String(round + 1)],
            ['seats', `${seats.filter(({ arbitrator }) => arbitrator !== undefined).length} of ${seats.length} filled`],
            [
              'votes',
              `${seats.filter(({ committed }) => committed).length} committed, ${seats.filter(({ revealed }) => revealed).length} shown`,
            ],
            ['until', phase === 'solved' ? undefined : deadline.toISOString()],
            ['ruling', ruling === 0 ? undefined : `${ruling}${delivered ? ', delivered' : ''}`],
            ['fee', `${formatEther(fee)} of the chain's coin`],
          ]),
        }
      }),
    )

  addSendOptions(
    panel
      .command('vote')
      .description('Commits to a vote in secret. It is written to a file first: keep it, without it the vote cannot be shown.')
      .argument('<dispute>', 'its number')
      .argument('<ruling>', 'for claims: 1 for the claimant, 2 for the respondent, 3 for the claimant and the deposit is refuted, 0 none')
      .option('--out <file>', 'the vote; vote-DISPUTE.json by default')
      .option('--force', 'write over that file if it is there'),
  ).action(
    action<[string, string], VoteFlags>(async (session, options, given, ruling) => {
      const file = options.out ?? `vote-${given}.json`
      await checkOutput(file, options.force)
      const { colophon } = await openWritingChain(session)
      const vote = await colophon.panel.prepareVote({ dispute: numberOf(given), choice: Number(numberOf(ruling)) })
      if (options.dryRun !== true) await writeJson(file, vote, { secret: true })
      return await send(session, options, {
        what: 'The vote',
        label: 'Voting',
        write: (chain) => chain.colophon.panel.commit,
        input: vote,
        about: { dispute: given },
        answer: (step) => ({
          data: { file, ...step },
          text: [
            `${session.terminal.mark('ok')} Voted, sealed. Show it when all have voted: colophon panel reveal ${file}`,
            '',
            facts([
              ['vote', file],
              ['transaction', short(step.transaction, session.verbose)],
            ]),
          ].join('\n'),
        }),
      })
    }),
  )

  addSendOptions(
    panel.command('reveal').description('Shows a vote that you have committed to.').argument('<vote>', 'file that panel vote wrote'),
  ).action(
    action<[string], SendFlags>(async (session, options, path) => {
      const vote = await readVote(path)
      return await send(session, options, {
        what: 'The vote',
        label: 'Showing',
        write: ({ colophon }) => colophon.panel.reveal,
        input: vote,
        answer: (step) => ({
          data: step,
          text: [
            `${session.terminal.mark('ok')} Shown: ${step.choice}.`,
            '',
            facts([['transaction', short(step.transaction, session.verbose)]]),
          ].join('\n'),
        }),
      })
    }),
  )

  for (const [name, description] of [
    ['draw', 'Fills seats by lot. Anybody may.'],
    ['advance', "Goes on when a phase's time is over. Anybody may."],
    ['execute', 'Delivers the ruling, once it can no longer be appealed. Anybody may.'],
    ['recuse', 'Leaves your seat before you have voted.'],
  ] as const)
    addSendOptions(panel.command(name).description(description).argument('<dispute>', 'its number')).action(
      action<[string], SendFlags>(async (session, options, given) =>
        send<{ dispute: bigint }, { transaction: string }>(session, options, {
          what: 'The step',
          label: 'Sending',
          write: ({ colophon }) => colophon.panel[name] as never,
          input: { dispute: numberOf(given) },
          about: { dispute: given },
          answer: async (step, { colophon }) => ({
            data: step,
            text: [
              `${session.terminal.mark('ok')} Done; the dispute is ${(await colophon.panel.dispute(numberOf(given))).phase}.`,
              '',
              facts([['transaction', short(step.transaction, session.verbose)]]),
            ].join('\n'),
          }),
        }),
      ),
    )

  addSendOptions(panel.command('withdraw').description('Withdraws your pay.')).action(
    action<[], SendFlags>(async (session, options) =>
      send(session, options, {
        what: 'The withdrawal',
        label: 'Withdrawing',
        write: ({ colophon }) => colophon.panel.withdraw,
        input: {},
        answer: (paid) => ({
          data: paid,
          text: `${session.terminal.mark('ok')} Withdrew ${formatEther(paid.amount)} of the chain's coin.`,
        }),
      }),
    ),
  )
}

async function readVote(path: string): Promise<PreparedVote> {
  try {
    return JSON.parse(await readText(path)) as PreparedVote
  } catch (cause) {
    if (cause instanceof ColophonError) throw cause
    throw new ColophonError('INVALID_VOTE', `${path} is no vote.`, { hint: 'Use the file that panel vote wrote.', cause })
  }
}

function numberOf(text: string): bigint {
  if (/^\d{1,78}$/.test(text)) return BigInt(text)
  throw new ColophonError('USAGE', `${text} is no number.`, { hint: 'The number of a dispute, as claim show has it, or of a ruling.' })
}
