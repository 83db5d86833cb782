import type { Command } from 'commander'
import { ColophonError } from '../../errors/base.ts'
import type { TitleRecord } from '../../titles/index.ts'
import type { Action } from '../action.ts'
import { openChain } from '../chain.ts'
import { facts, short } from '../layout.ts'
import { addSendOptions, type SendFlags, send } from '../sending.ts'
import type { Answer, Session } from '../session.ts'
import { percent } from '../values.ts'

export function addTitle(program: Command, action: Action): void {
  const title = program
    .command('title')
    .summary('mint a title, show who holds the rights')
    .description('Titles of deposited works: the tokens by which rights are sold.')

  addSendOptions(
    title
      .command('mint')
      .description('Mints the title of a work that you deposited.')
      .argument('<work>', "the deposit's id")
      .option('--royalty <percent>', 'what you get of every later sale, 10 at most', percent, 0),
  ).action(
    action<[string], SendFlags & { royalty: number }>(async (session, options, workId) =>
      send(session, options, {
        what: 'The title',
        label: 'Minting',
        write: ({ colophon }) => colophon.titles.mint,
        input: { workId, royaltyPercent: options.royalty },
        about: { work: workId },
        answer: (minted) => ({
          data: minted,
          text: [
            `${session.terminal.mark('ok')} Minted.`,
            '',
            facts([
              ['work', minted.workId],
              ['owner', minted.owner],
              ['royalty', `${minted.royaltyPercent} %`],
              ['transaction', short(minted.transaction, session.verbose)],
            ]),
          ].join('\n'),
        }),
      }),
    ),
  )

  title
    .command('show')
    .description('Shows who holds the rights in a work, and how its title stands.')
    .argument('<work>', "the deposit's id")
    .action(
      action<[string], object>(async (session, _options, workId) => {
        const { colophon } = await openChain(session)
        const record = await colophon.titles.get(workId)
        if (record === undefined)
          throw new ColophonError('DEPOSIT_NOT_FOUND', `There is no deposit with id ${workId}.`, {
            hint: 'Check id and chain.',
            details: { id: workId },
          })
        return shown(session, record)
      }),
    )
}

function shown(_session: Session, record: TitleRecord): Answer {
  const { workId, rightsHolder, minted, epoch, royaltyPercent, frozenUntil, refuted } = record
  return {
    data: record,
    text: facts([
      ['work', workId],
      ['rights holder', rightsHolder],
      ['title', minted ? 'minted' : 'not minted; the claimant holds the rights'],
      ['royalty', minted ? `${royaltyPercent} %` : undefined],
      ['changes of hands', epoch === 0 ? undefined : String(epoch)],
      ['frozen until', frozenUntil?.toISOString()],
      ['refuted', refuted ? 'yes: a ruling found that the claimant had no right in it' : undefined],
    ]),
  }
}
