import type { ReactNode } from 'react'
import { Action } from '../action/index.ts'
import { useChain, useLoad } from '../chain/index.ts'
import { Party } from '../citation/index.ts'
import { LinkButton } from '../design/index.ts'
import { useFormats, useMessages } from '../i18n/index.tsx'
import { ExactAmount, useMoney } from '../money/index.ts'
import { hrefOf } from '../routing/router.ts'
import { Empty, ErrorNotice, Loading } from '../states/index.tsx'
import { panelStep } from './contracts.ts'
import { type Dispute, type PanelRead, readPanel } from './disputes.ts'
import { claimsMessages } from './messages.ts'
import { CastVote, OpenVote } from './Vote.tsx'

const DRAWING = 1
const COMMITTING = 2
const REVEALING = 3
const DECIDED = 4

/** The alliance's arbitrators at work. */
export function Panel(): ReactNode {
  const texts = useMessages(claimsMessages)
  const { colophon, deployment, provider, account, revision } = useChain()
  const loaded = useLoad(
    (signal) => readPanel({ colophon, deployment, provider, account }, signal),
    [account, deployment, provider, revision],
  )
  const panel = loaded.value
  if (loaded.status === 'failed') return <ErrorNotice error={loaded.error!} onRetry={loaded.reload} />
  if (panel === undefined) return loaded.status === 'ready' ? <Empty title={texts.noDisputes} /> : <Loading />
  return (
    <>
      {panel.own !== undefined && <Standing own={panel.own} now={panel.now} seatFee={panel.seatFee} />}
      {panel.disputes.length === 0 ? (
        <Empty title={texts.noDisputes} />
      ) : (
        <ul className="sheets claim-sheets">
          {panel.disputes.map((dispute) => (
            <DisputeSheet key={dispute.id} dispute={dispute} now={panel.now} />
          ))}
        </ul>
      )}
    </>
  )
}

function Standing({ own, now, seatFee }: { own: NonNullable<PanelRead['own']>; now: number; seatFee: bigint }): ReactNode {
  const texts = useMessages(claimsMessages)
  const { deployment, signer, account } = useChain()
  const { moment } = useFormats()
  const { format } = useMoney()
  const benched = own.benchedUntil > now
  return (
    <section className="sheet stack">
      <h2>{texts.standing}</h2>
      <p>{own.enlisted ? texts.isEnlisted : texts.notEnlisted}</p>
      {benched && (
        <p className="notice warn">
          {texts.benched} {moment(own.benchedUntil)}
        </p>
      )}
      <p className="small quiet">
        {texts.seatFee}: {format(seatFee, 'native')}
      </p>
      <div className="row">
        {own.enlisted && (
          <Action
            compact
            label={texts.retire}
            contract="ArbitrationPanel"
            facts={[]}
            run={(options) => panelStep(deployment, signer!, 'retire', [], options)}
            done={texts.retired}
          />
        )}
        {!own.enlisted && own.isArbitrator && !benched && (
          <Action
            compact
            label={texts.enlist}
            contract="ArbitrationPanel"
            facts={[]}
            run={(options) => panelStep(deployment, signer!, 'enlist', [], options)}
            done={texts.enlisted}
          />
        )}
        {own.credit > 0n && (
          <Action
            compact
            label={`${texts.withdraw} (${texts.pay})`}
            contract="ArbitrationPanel"
            facts={() => [{ name: texts.amount, value: <ExactAmount amount={own.credit} currency="native" /> }]}
            run={(options) => panelStep(deployment, signer!, 'withdraw', [account], options)}
            done={texts.withdrawn}
          />
        )}
      </div>
    </section>
  )
}

function DisputeSheet({ dispute, now }: { dispute: Dispute; now: number }): ReactNode {
  const texts = useMessages(claimsMessages)
  const { account } = useChain()
  const { moment } = useFormats()
  const own = dispute.seats.find(({ arbitrator }) => arbitrator !== undefined && arbitrator === account)
  const name = `panelPhase_${dispute.phase}` as 'panelPhase_1'
  return (
    <li className="sheet" data-dispute={String(dispute.id)}>
      <h2>{texts.dispute(String(dispute.id))}</h2>
      <p className="row">
        <span className="tag warn">{texts[name]}</span>
        <span className="small quiet">
          {texts.round(dispute.round + 1)}
          {dispute.phase <= DECIDED && ` · ${texts.until} ${moment(dispute.deadline)}`}
        </span>
      </p>
      {dispute.phase >= DECIDED && (
        <p>
          {texts.ruling}: <strong>{texts[`choice_${dispute.ruling}` as 'choice_0']}</strong>
        </p>
      )}
      <ul className="seats small" aria-label={texts.seats}>
        {dispute.seats.map(({ arbitrator, committed, revealed }, seat) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: seats keep their places
          <li key={seat}>
            {arbitrator !== undefined ? <Party account={arbitrator} /> : dispute.phase === DRAWING ? texts.emptySeat : texts.vacantSeat}{' '}
            <span className={revealed ? 'tag good' : 'tag'}>{revealed ? texts.opened : committed ? texts.sealed : texts.noVote}</span>
          </li>
        ))}
      </ul>
      <div className="row">
        {dispute.claimId !== undefined && (
          <LinkButton compact href={hrefOf('claims', dispute.claimId)}>
            {texts.seeClaim}
          </LinkButton>
        )}
        {own !== undefined && dispute.phase === COMMITTING && !own.committed && dispute.deadline >= now && (
          <>
            <CastVote dispute={dispute} />
            <Recuse dispute={dispute} />
          </>
        )}
        <AnybodysSteps dispute={dispute} now={now} />
      </div>
      {own?.committed === true && !own.revealed && dispute.phase <= REVEALING && (
        <OpenVote dispute={dispute} open={dispute.phase === REVEALING} />
      )}
    </li>
  )
}

/** Leaves the seat to nobody, before a vote is cast and while there is time. */
function Recuse({ dispute }: { dispute: Dispute }): ReactNode {
  const texts = useMessages(claimsMessages)
  const { deployment, signer } = useChain()
  return (
    <Action
      compact
      label={texts.recuse}
      title={texts.recuseTitle}
      contract="ArbitrationPanel"
      facts={() => [
        { name: texts.disputeNumber, value: String(dispute.id) },
        ...(dispute.claimId === undefined ? [] : [{ name: texts.claim, value: <code>{dispute.claimId}</code> }]),
      ]}
      run={(options) => panelStep(deployment, signer!, 'recuse', [dispute.id], options)}
      done={texts.recused}
    >
      <p className="notice">{texts.recuseAbout}</p>
    </Action>
  )
}

function AnybodysSteps({ dispute, now }: { dispute: Dispute; now: number }): ReactNode {
  const texts = useMessages(claimsMessages)
  const { deployment, signer } = useChain()
  const late = dispute.deadline < now
  const step = (name: 'draw' | 'advance' | 'execute', label: string, done: string): ReactNode => (
    <Action
      compact
      label={label}
      contract="ArbitrationPanel"
      facts={[{ name: texts.disputeNumber, value: String(dispute.id) }]}
      run={(options) => panelStep(deployment, signer!, name, [dispute.id], options)}
      done={done}
    />
  )
  if (dispute.phase === DRAWING && !late) return step('draw', texts.draw, texts.drawn)
  if (dispute.phase <= REVEALING && late) return step('advance', texts.advance, texts.advanced)
  if (dispute.phase === DECIDED && late && !dispute.delivered) return step('execute', texts.execute, texts.executed)
  return null
}
