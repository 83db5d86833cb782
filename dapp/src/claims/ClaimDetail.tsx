import type { ClaimStatus, ClaimStep, Hex } from '@colophon/sdk'
import { type ReactNode, useMemo } from 'react'
import { useChain, useLoad } from '../chain/index.ts'
import { Party, useTitles } from '../citation/index.ts'
import { LinkButton } from '../design/index.ts'
import { useFormats, useMessages } from '../i18n/index.tsx'
import { useMoney } from '../money/index.ts'
import { hrefOf } from '../routing/router.ts'
import { Empty, ErrorNotice, Hash, Loading } from '../states/index.tsx'
import { workMessages } from '../work/messages.ts'
import { Pair, PhaseTag } from './ClaimList.tsx'
import { Evidence } from './Evidence.tsx'
import { Moves } from './Moves.tsx'
import { claimsMessages } from './messages.ts'

const ID = /^0x[0-9a-f]{64}$/i

/** One claim: how it stands, what it rests on, what happened, and what one can do. */
export function ClaimDetail({ id }: { id: string }): ReactNode {
  const texts = useMessages(claimsMessages)
  const { colophon, deployment, revision } = useChain()
  const loaded = useLoad(
    async (signal) => {
      if (!ID.test(id)) return undefined
      const [status, trail] = await Promise.all([colophon.claims.status(id as Hex), colophon.claims.trail(id as Hex, { signal })])
      const { suspectId } = status.claim
      // Who holds the rights in a disputed deposit answers, whoever deposited it.
      const holder = BigInt(suspectId) === 0n ? undefined : await colophon.titles.rightsHolderOf(suspectId)
      return { status, trail, holder }
    },
    [id, deployment, revision],
  )
  const ids = useMemo<Hex[]>(() => (loaded.value === undefined ? [] : [loaded.value.status.claim.workId]), [loaded.value])
  const titleOf = useTitles(ids)
  const missing = loaded.error?.code === 'CLAIM_NOT_FOUND' || (loaded.status === 'ready' && loaded.value === undefined)
  if (missing)
    return (
      <Empty title={texts.missing}>
        <LinkButton href={hrefOf('claims')}>{texts.back}</LinkButton>
      </Empty>
    )
  if (loaded.value === undefined)
    return loaded.status === 'failed' ? <ErrorNotice error={loaded.error!} onRetry={loaded.reload} /> : <Loading />
  const { status, trail, holder } = loaded.value
  return (
    <article className="claim">
      <header className="stack">
        <h1>{texts.claimAbout(titleOf(status.claim.workId).title)}</h1>
        <p className="row">
          <PhaseTag status={status} />
        </p>
      </header>
      <div className="stack">
        <section className="sheet stack">
          <Pair workId={status.claim.workId} suspectId={status.claim.suspectId} />
          <Facts status={status} holder={holder} />
        </section>
        <Evidence digest={status.claim.evidence} />
      </div>
      <div className="stack">
        <Moves status={status} holder={holder} />
        <Steps trail={trail} />
        <div>
          <LinkButton compact href={hrefOf('claims')}>
            {texts.back}
          </LinkButton>
        </div>
      </div>
    </article>
  )
}

function Facts({ status, holder }: { status: ClaimStatus; holder: string | undefined }): ReactNode {
  const texts = useMessages(claimsMessages)
  const { format } = useMoney()
  const respondent = status.respondent ?? holder
  return (
    <dl className="facts">
      <dt>{texts.claimant}</dt>
      <dd>
        <Party account={status.claim.claimant} />
      </dd>
      <dt>{texts.respondent}</dt>
      <dd>{respondent === undefined ? texts.nobody : <Party account={respondent} />}</dd>
      <dt>{texts.bond}</dt>
      <dd>{format(status.bond, 'native')}</dd>
      {status.distance !== undefined && (
        <>
          <dt>{texts.distance}</dt>
          <dd>{texts.distanceBits(status.distance)}</dd>
        </>
      )}
      {status.outcome !== 'none' && (
        <>
          <dt>{texts.outcome}</dt>
          <dd>{texts[`outcome_${status.outcome}`]}</dd>
        </>
      )}
    </dl>
  )
}

function Steps({ trail }: { trail: readonly ClaimStep[] }): ReactNode {
  const texts = useMessages(claimsMessages)
  const names = useMessages(workMessages)
  const { moment } = useFormats()
  return (
    <section className="stack">
      <h2>{texts.steps}</h2>
      <ol className="claim-steps">
        {trail.map((step, index) => {
          const name = names[`event_${step.event}` as keyof typeof names]
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: a trail only grows at its end
            <li key={index}>
              <p className="small quiet">{moment(step.at.getTime() / 1000)}</p>
              <h3>{typeof name === 'string' ? name : step.event}</h3>
              <p className="small">
                <Hash value={step.transaction} label={names.transaction} />
              </p>
            </li>
          )
        })}
      </ol>
    </section>
  )
}
