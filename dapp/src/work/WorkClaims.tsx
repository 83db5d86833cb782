import type { ClaimStatus, ClaimStep, Hex } from '@colophon/sdk'
import type { ReactNode } from 'react'
import { word } from '../catalogue/index.ts'
import { useChain, useLoad } from '../chain/index.ts'
import { Citation } from '../citation/index.ts'
import { LinkButton } from '../design/index.ts'
import { useFormats, useMessages } from '../i18n/index.tsx'
import { hrefOf } from '../routing/router.ts'
import { ErrorNotice, Loading } from '../states/index.tsx'
import { workMessages } from './messages.ts'

/** Claims on either side of which the work is. */
export function WorkClaims({ workId }: { workId: Hex }): ReactNode {
  const texts = useMessages(workMessages)
  const { moment } = useFormats()
  const { colophon, deployment, revision } = useChain()
  const loaded = useLoad(
    async (signal) => {
      if (deployment?.contracts.InfringementClaims === undefined) return []
      // A claim's event has no topic for the suspect, so all of them are looked through.
      const filed = await colophon.events.list({ contract: 'InfringementClaims', event: 'ClaimFiled' }, { signal })
      const concerned = filed.filter(({ values }) => [word(values.workId), word(values.suspectId)].includes(workId))
      return await Promise.all(
        concerned.map(async ({ values: { id } }) => {
          const [status, trail] = await Promise.all([colophon.claims.status(id), colophon.claims.trail(id as Hex, { signal })])
          return { status, trail }
        }),
      )
    },
    [workId, deployment, revision],
  )
  return (
    <section className="sheet stack work-claims">
      <h2>{texts.claims}</h2>
      {loaded.status === 'loading' && loaded.value === undefined && <Loading />}
      {loaded.status === 'failed' && <ErrorNotice error={loaded.error!} onRetry={loaded.reload} />}
      {loaded.value?.length === 0 && <p className="quiet">{texts.noClaims}</p>}
      <ul className="stack">
        {loaded.value?.map(({ status, trail }) => (
          <Claim key={status.id} status={status} trail={trail} workId={workId} moment={moment} />
        ))}
      </ul>
    </section>
  )
}

function Claim({
  status,
  trail,
  workId,
  moment,
}: {
  status: ClaimStatus
  trail: readonly ClaimStep[]
  workId: Hex
  moment: (seconds: number) => string
}): ReactNode {
  const texts = useMessages(workMessages)
  const original = status.claim.workId === workId
  const other = original ? status.claim.suspectId : status.claim.workId
  return (
    <li className="stack">
      <p className="row">
        <span className={status.phase === 'closed' ? 'tag' : 'tag warn'}>{texts[`phase_${status.phase}`]}</span>
        <span>{original ? texts.asOriginal : texts.asSuspect}</span>
      </p>
      {status.phase !== 'closed' && (
        <p className="small quiet">
          {texts.until} {moment(status.deadline.getTime() / 1000)}
        </p>
      )}
      {status.distance !== undefined && <p className="small">{texts.distance(status.distance)}</p>}
      {BigInt(other) !== 0n && <Citation workId={other} size={40} />}
      <ol className="work-steps small" aria-label={texts.steps}>
        {trail.map((step, index) => {
          const name = texts[`event_${step.event}` as keyof typeof texts]
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: a trail only grows at its end
            <li key={index}>
              {typeof name === 'string' ? name : step.event} <span className="quiet">{moment(step.at.getTime() / 1000)}</span>
            </li>
          )
        })}
      </ol>
      <p>
        <LinkButton compact href={hrefOf('claims', status.id)}>
          {texts.follow}
        </LinkButton>
      </p>
    </li>
  )
}
