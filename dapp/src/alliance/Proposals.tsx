import type { Proposal, Support } from '@colophon/sdk'
import { type ReactNode, useState } from 'react'
import { Action } from '../action/index.ts'
import { useChain, useLoad } from '../chain/index.ts'
import { Party } from '../citation/index.ts'
import { RadioGroup, TextField } from '../design/index.ts'
import { useFormats, useMessages } from '../i18n/index.tsx'
import { Empty, ErrorNotice, Loading } from '../states/index.tsx'
import { type ExplainedCall, explainCall } from '../wallet/explainCall.ts'
import { allianceMessages } from './messages.ts'
import { Propose } from './Propose.tsx'

/** What members decide, newest first. */
export function Proposals(): ReactNode {
  const texts = useMessages(allianceMessages)
  const { colophon, deployment, provider, account, revision } = useChain()
  const loaded = useLoad(
    async (signal) => {
      if (deployment?.contracts.AllianceGovernor === undefined) return { proposals: [], now: 0, member: undefined }
      const [records, latest, member] = await Promise.all([
        colophon.alliance.proposals({ signal }),
        provider.getBlock('latest'),
        account === undefined ? undefined : colophon.alliance.member(account),
      ])
      const proposals = await Promise.all(records.reverse().map(({ id }) => colophon.alliance.proposal(id, { signal })))
      return { proposals, now: latest!.timestamp, member }
    },
    [account, deployment, provider, revision],
  )
  if (loaded.value === undefined)
    return loaded.status === 'failed' ? <ErrorNotice error={loaded.error!} onRetry={loaded.reload} /> : <Loading />
  const { proposals, now, member } = loaded.value
  const votes = member !== undefined && !member.suspended
  return (
    <>
      {proposals.length === 0 && <Empty title={texts.noProposals} />}
      <ul className="sheets wide-sheets">
        {proposals.map((proposal) => (
          <ProposalSheet key={String(proposal.id)} proposal={proposal} now={now} votes={votes} />
        ))}
      </ul>
      {votes ? <Propose /> : account !== undefined && <p className="quiet">{texts.onlyMembers}</p>}
    </>
  )
}

function ProposalSheet({ proposal, now, votes }: { proposal: Proposal; now: number; votes: boolean }): ReactNode {
  const texts = useMessages(allianceMessages)
  const { colophon, account } = useChain()
  const { moment } = useFormats()
  const { id, state, executableAt } = proposal
  const facts = [
    { name: texts.proposals, value: proposal.description },
    { name: texts.proposalId, value: <code>{String(id)}</code> },
  ]
  const write = { proposal: id }
  return (
    <li className="sheet" data-proposal={String(id)}>
      <p className="row">
        <span className={`tag ${state === 'active' || state === 'succeeded' ? 'good' : state === 'defeated' ? 'bad' : ''}`}>
          {texts[`state_${state}`]}
        </span>
      </p>
      <h2 className="proposal-words">{proposal.description}</h2>
      <dl className="facts">
        <dt>{texts.proposer}</dt>
        <dd>
          <Party account={proposal.proposer} />
        </dd>
        <dt>{texts.votesFrom}</dt>
        <dd>{moment(proposal.votesFrom.getTime() / 1000)}</dd>
        <dt>{texts.votesUntil}</dt>
        <dd>{moment(proposal.votesUntil.getTime() / 1000)}</dd>
        {executableAt !== undefined && (
          <>
            <dt>{texts.executable}</dt>
            <dd>{moment(executableAt.getTime() / 1000)}</dd>
          </>
        )}
      </dl>
      <Decisions proposal={proposal} />
      {state !== 'pending' && state !== 'canceled' && <Tally proposal={proposal} />}
      <div className="row">
        {state === 'active' && votes && <Vote proposal={proposal} />}
        {state === 'succeeded' && (
          <Action
            label={texts.queue}
            contract="AllianceGovernor"
            facts={facts}
            run={(options) => colophon.alliance.queue(write, options)}
            done={texts.queued}
          />
        )}
        {state === 'queued' && executableAt !== undefined && executableAt.getTime() / 1000 <= now && (
          <Action
            label={texts.execute}
            contract="AllianceGovernor"
            facts={facts}
            run={(options) => colophon.alliance.execute(write, options)}
            done={texts.executed}
          />
        )}
        {state === 'pending' && account === proposal.proposer && (
          <Action
            compact
            look="danger"
            label={texts.cancel}
            contract="AllianceGovernor"
            facts={facts}
            run={(options) => colophon.alliance.cancel(write, options)}
            done={texts.cancelled}
          />
        )}
      </div>
    </li>
  )
}

/** The calls of a proposal, as the contracts name them: words can promise anything, these are what will be done. */
function Decisions({ proposal }: { proposal: Proposal }): ReactNode {
  const texts = useMessages(allianceMessages)
  const { deployment } = useChain()
  const known = (deployment?.contracts ?? {}) as Record<string, { address: string }>
  const calls = proposal.targets.map((target, index) => ({ target, call: explained(target, proposal.calldatas[index]!, known) }))
  return (
    <details className="offer-terms small" open>
      <summary>{texts.does}</summary>
      {calls.map(({ target, call }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a proposal's calls never change
        <div key={index}>
          <p className="mono">
            {call === undefined ? target : `${call.contract}.${call.method}`}
            {call === undefined && ` ${proposal.calldatas[index]}`}
          </p>
          {call?.values.map(({ name, value }) => (
            <p key={name} className="mono">
              {name}: {value}
            </p>
          ))}
        </div>
      ))}
    </details>
  )
}

function explained(target: string, data: string, known: Record<string, { address: string }>): ExplainedCall | undefined {
  try {
    return explainCall(target, data, known)
  } catch {
    return undefined
  }
}

function Tally({ proposal: { votes, quorum } }: { proposal: Proposal }): ReactNode {
  const texts = useMessages(allianceMessages)
  const most = [votes.for, votes.against, votes.abstain, quorum ?? 0n, 1n].reduce((a, b) => (a > b ? a : b))
  return (
    <div className="tally">
      {(['for', 'against', 'abstain'] as const).map((name) => (
        <p key={name} className="tally-row">
          <span>{texts[name]}</span>
          <svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
            <rect className="well" width={100} height={6} />
            <rect className={name} width={Number((votes[name] * 100n) / most)} height={6} />
          </svg>
          <span>{String(votes[name])}</span>
        </p>
      ))}
      {quorum !== undefined && (
        <p className="small quiet">
          {texts.quorum}: {String(quorum)}
        </p>
      )}
    </div>
  )
}

function Vote({ proposal }: { proposal: Proposal }): ReactNode {
  const texts = useMessages(allianceMessages)
  const { colophon } = useChain()
  const [support, setSupport] = useState<Support>('for')
  const [reason, setReason] = useState('')
  return (
    <Action
      look="primary"
      label={texts.vote}
      title={texts.voteTitle}
      contract="AllianceGovernor"
      facts={() => [
        { name: texts.proposals, value: proposal.description },
        { name: texts.support, value: texts[support] },
      ]}
      run={(options) => colophon.alliance.vote({ proposal: proposal.id, support, reason: reason.trim() }, options)}
      done={texts.voted}
    >
      <p className="notice">{texts.voteAbout}</p>
      <RadioGroup
        label={texts.support}
        options={[
          { id: 'for', name: texts.for },
          { id: 'against', name: texts.against },
          { id: 'abstain', name: texts.abstain },
        ]}
        value={support}
        onChange={(id) => setSupport(id as Support)}
      />
      <TextField label={texts.reason} value={reason} onChange={setReason} maxLength={500} />
    </Action>
  )
}
