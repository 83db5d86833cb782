import { type Command, Option } from 'commander'
import { type Decision, type Proposal, parseBallot, ROLES, type Role, type Support } from '../../alliance/index.ts'
import { ColophonError } from '../../errors/base.ts'
import type { Action } from '../action.ts'
import { openChain, openWritingChain } from '../chain.ts'
import { facts, short, table } from '../layout.ts'
import { checkOutput, readText, writeJson } from '../output.ts'
import { addSendOptions, type SendFlags, send } from '../sending.ts'
import type { Session } from '../session.ts'
import { several } from '../values.ts'

interface ProposeFlags extends SendFlags {
  description: string
  admit?: string[]
  roles?: string[]
  suspend?: string[]
  reinstate?: string[]
  expel?: string[]
  currency?: string[]
  strikeOff?: string[]
}

interface VoteFlags extends SendFlags {
  reason?: string
  signOnly?: true
  out?: string
  force?: true
}

const SUPPORT: readonly Support[] = ['for', 'against', 'abstain']

export function addAlliance(program: Command, action: Action): void {
  const alliance = program
    .command('alliance')
    .summary('see members and proposals, propose, vote')
    .description('The alliance that decides on members, currencies and verifiers. Proposals are named by their ids.')

  alliance
    .command('members')
    .description('Lists the members and what they do.')
    .action(
      action<[], object>(async (session) => {
        const { colophon } = await openChain(session)
        const members = await colophon.alliance.members({ signal: session.signal })
        return {
          data: { members },
          text:
            members.length === 0
              ? 'No member.'
              : table(
                  members.map(({ account, roles, suspended, joinedAt }) => [
                    account,
                    roles.join(', '),
                    `since ${joinedAt.toISOString().slice(0, 10)}${suspended ? ', suspended' : ''}`,
                  ]),
                ),
        }
      }),
    )

  alliance
    .command('proposals')
    .description('Lists what was proposed, oldest first.')
    .action(
      action<[], object>(async (session) => {
        const { colophon } = await openChain(session)
        const found = await colophon.alliance.proposals({ signal: session.signal })
        const proposals = await Promise.all(found.map(({ id }) => colophon.alliance.proposal(id)))
        return {
          data: { proposals },
          text:
            proposals.length === 0
              ? 'No proposal.'
              : table(proposals.map(({ id, state, description }) => [String(id), state, description.split('\n')[0]!])),
        }
      }),
    )

  alliance
    .command('show')
    .description('Shows how a proposal stands.')
    .argument('<proposal>', 'its id')
    .action(
      action<[string], object>(async (session, _options, given) => {
        const { colophon } = await openChain(session)
        const proposal = await colophon.alliance.proposal(idOf(given), { signal: session.signal })
        return { data: proposal, text: proposalText(proposal) }
      }),
    )

  addSendOptions(
    alliance
      .command('propose')
      .description(`Proposes decisions; any member may. Roles: ${ROLES.join(', ')}.`)
      .requiredOption('--description <text>', 'what it is about, and why')
      .option('--admit <address=roles>', 'admit a member, as 0x…=owner,agency; may be repeated', each)
      .option('--roles <address=roles>', 'give a member other roles; may be repeated', each)
      .option('--suspend <address>', 'suspend a member; may be repeated', several<string>)
      .option('--reinstate <address>', 'reinstate a suspended member; may be repeated', several<string>)
      .option('--expel <address>', 'expel a member; may be repeated', several<string>)
      .option('--currency <token>', 'take payments in this ERC-20; may be repeated', several<string>)
      .option('--strike-off <token>', 'take it no longer; may be repeated', several<string>),
  ).action(
    action<[], ProposeFlags>(async (session, options) => {
      const decisions = decisionsOf(options)
      return await send(session, options, {
        what: 'The proposal',
        label: 'Proposing',
        write: ({ colophon }) => colophon.alliance.propose,
        input: { decisions, description: options.description },
        answer: (made) => ({
          data: { ...made, decisions },
          text: [
            `${session.terminal.mark('ok')} Proposed.`,
            '',
            facts([
              ['proposal', String(made.id)],
              ['transaction', short(made.transaction, session.verbose)],
            ]),
            '',
            `  To vote: colophon alliance vote ${made.id} for`,
          ].join('\n'),
        }),
      })
    }),
  )

  addSendOptions(
    alliance
      .command('vote')
      .description('Votes on a proposal; once, and for good. With --sign-only it is a file that anybody may submit, and costs nothing.')
      .argument('<proposal>', 'its id')
      .argument('<vote>', SUPPORT.join(', '))
      .option('--reason <text>', 'why')
      .addOption(new Option('--sign-only', 'sign a ballot and send nothing').conflicts('reason'))
      .option('--out <file>', 'the ballot; ballot-ADDRESS.json by default')
      .option('--force', 'write over that file if it is there'),
  ).action(
    action<[string, string], VoteFlags>(async (session, options, given, vote) => {
      const proposal = idOf(given)
      if (!SUPPORT.includes(vote as Support)) throw usage(`${vote} is no vote.`, `Vote ${SUPPORT.join(', ')}.`)
      const support = vote as Support
      if (options.signOnly === true) return await signBallot(session, options, proposal, support)
      return await send(session, options, {
        what: 'The vote',
        label: 'Voting',
        write: ({ colophon }) => colophon.alliance.vote,
        input: { proposal, support, ...(options.reason === undefined ? {} : { reason: options.reason }) },
        about: { proposal: given, vote },
        answer: (cast) => ({
          data: cast,
          text: [
            `${session.terminal.mark('ok')} Voted: ${support}.`,
            '',
            facts([['transaction', short(cast.transaction, session.verbose)]]),
          ].join('\n'),
        }),
      })
    }),
  )

  addSendOptions(
    alliance
      .command('submit')
      .description('Submits a ballot that a member has signed; anybody may.')
      .argument('<ballot>', 'file that alliance vote --sign-only wrote'),
  ).action(
    action<[string], SendFlags>(async (session, options, path) => {
      const ballot = parseBallot(await readText(path))
      return await send(session, options, {
        what: 'The ballot',
        label: 'Submitting',
        write: ({ colophon }) => colophon.alliance.submitBallot,
        input: ballot,
        about: { proposal: ballot.value.proposalId, voter: ballot.value.voter },
        answer: (cast) => ({
          data: cast,
          text: [
            `${session.terminal.mark('ok')} The vote of ${cast.voter} is cast.`,
            '',
            facts([['transaction', short(cast.transaction, session.verbose)]]),
          ].join('\n'),
        }),
      })
    }),
  )

  for (const [name, description, done] of [
    ['queue', 'Puts what was decided into the timelock. Anybody may.', 'Queued.'],
    ['execute', "Does what was decided, once the timelock's delay is over. Anybody may.", 'Done.'],
    ['cancel', 'Takes your proposal back before voting begins.', 'Cancelled.'],
  ] as const)
    addSendOptions(alliance.command(name).description(description).argument('<proposal>', 'its id')).action(
      action<[string], SendFlags>(async (session, options, given) => {
        const proposal = idOf(given)
        return await send<{ proposal: bigint }, { transaction: string; executableAt?: Date }>(session, options, {
          what: 'The step',
          label: 'Sending',
          write: ({ colophon }) => colophon.alliance[name] as never,
          input: { proposal },
          about: { proposal: given },
          answer: (step) => ({
            data: step,
            text: [
              `${session.terminal.mark('ok')} ${done}`,
              '',
              facts([
                ['can be executed', step.executableAt?.toISOString()],
                ['transaction', short(step.transaction, session.verbose)],
              ]),
            ].join('\n'),
          }),
        })
      }),
    )
}

async function signBallot(
  session: Session,
  { out, force }: VoteFlags,
  proposal: bigint,
  support: Support,
): Promise<{ data: unknown; text: string }> {
  const { colophon, address } = await openWritingChain(session)
  const file = out ?? `ballot-${address.slice(2, 10)}.json`
  await checkOutput(file, force)
  const ballot = await colophon.alliance.signBallot({ proposal, support })
  await writeJson(file, ballot)
  return {
    data: { file, ...ballot },
    text: [`${session.terminal.mark('ok')} Signed. Anybody may submit the file: colophon alliance submit ${file}`].join('\n'),
  }
}

function decisionsOf(flags: ProposeFlags): Decision[] {
  const withRoles = (text: string): [string, Role[]] => {
    const [account = '', roles = ''] = text.split('=')
    if (roles === '') throw usage(`${text} names no roles.`, 'Write them as 0x…=owner,agency.')
    return [account, roles.split(',').map((role) => role.trim()) as Role[]]
  }
  const decisions: Decision[] = [
    ...(flags.admit ?? []).map(withRoles).map(([admit, roles]) => ({ admit, roles })),
    ...(flags.roles ?? []).map(withRoles).map(([setRoles, roles]) => ({ setRoles, roles })),
    ...(flags.suspend ?? []).map((suspend) => ({ suspend })),
    ...(flags.reinstate ?? []).map((reinstate) => ({ reinstate })),
    ...(flags.expel ?? []).map((expel) => ({ expel })),
    ...(flags.currency ?? []).map((currency) => ({ currency, allowed: true })),
    ...(flags.strikeOff ?? []).map((currency) => ({ currency, allowed: false })),
  ]
  if (decisions.length === 0) throw usage('Nothing is proposed.', 'Say what: --admit, --roles, --suspend, --expel, --currency …')
  return decisions
}

function proposalText({ id, state, description, proposer, votes, votesFrom, votesUntil, executableAt, quorum }: Proposal): string {
  return facts([
    ['proposal', String(id)],
    ['about', description],
    ['state', state],
    ['proposed by', proposer],
    ['votes', `${votes.for} for, ${votes.against} against, ${votes.abstain} abstain`],
    ['needed', quorum === undefined ? undefined : `${quorum} for or abstaining`],
    ['voting', `${votesFrom.toISOString()} to ${votesUntil.toISOString()}`],
    ['can be executed', executableAt?.toISOString()],
  ])
}

function idOf(text: string): bigint {
  if (/^(0x[0-9a-fA-F]{1,64}|\d{1,78})$/.test(text)) return BigInt(text)
  throw usage(`${text} is no proposal's id.`, 'Take it from: colophon alliance proposals')
}

/** Options whose lists have commas of their own. */
function each(value: string, earlier: string[] = []): string[] {
  return [...earlier, value]
}

function usage(message: string, hint: string): ColophonError {
  return new ColophonError('USAGE', message, { hint })
}
