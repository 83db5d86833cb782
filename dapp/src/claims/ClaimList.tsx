import type { ClaimStatus, Hex } from '@colophon/sdk'
import type { ReactNode } from 'react'
import { word } from '../catalogue/index.ts'
import { useChain, useLoad } from '../chain/index.ts'
import { Citation, useOwnWorks } from '../citation/index.ts'
import { LinkButton } from '../design/index.ts'
import { useFormats, useMessages } from '../i18n/index.tsx'
import { hrefOf } from '../routing/router.ts'
import { Empty, ErrorNotice, Loading } from '../states/index.tsx'
import { workMessages } from '../work/messages.ts'
import { claimsMessages } from './messages.ts'

/** Every claim there is, the account's own first, then by the last that was filed. */
export function ClaimList(): ReactNode {
  const texts = useMessages(claimsMessages)
  const { colophon, deployment, account, revision } = useChain()
  const own = useOwnWorks()
  const loaded = useLoad(
    async (signal) => {
      if (deployment?.contracts.InfringementClaims === undefined) return []
      const filed = await colophon.events.list({ contract: 'InfringementClaims', event: 'ClaimFiled' }, { signal })
      return (await Promise.all(filed.map(({ values }) => colophon.claims.status(values.id)))).reverse()
    },
    [deployment, revision],
  )
  if (loaded.value === undefined)
    return loaded.status === 'failed' ? <ErrorNotice error={loaded.error!} onRetry={loaded.reload} /> : <Loading />
  if (loaded.value.length === 0)
    return (
      <Empty title={texts.none}>
        <p>{texts.noneAbout}</p>
        <LinkButton href={hrefOf('claims', undefined, { part: 'file' })}>{texts.file}</LinkButton>
      </Empty>
    )
  const concerns = ({ claim, respondent }: ClaimStatus): boolean =>
    account !== undefined && ([claim.claimant, respondent, claim.respondent].includes(account) || own.works.includes(word(claim.suspectId)))
  const sorted = [...loaded.value].sort((a, b) => Number(concerns(b)) - Number(concerns(a)))
  return (
    <>
      {account !== undefined && <p className="small quiet">{texts.mineFirst}</p>}
      <ul className="sheets claim-sheets">
        {sorted.map((status) => (
          <ClaimSheet key={status.id} status={status} concerns={concerns(status)} />
        ))}
      </ul>
    </>
  )
}

function ClaimSheet({ status, concerns }: { status: ClaimStatus; concerns: boolean }): ReactNode {
  const texts = useMessages(claimsMessages)
  const { claim } = status
  return (
    <li className="sheet">
      <p className="row">
        <PhaseTag status={status} />
        {concerns && <span className="tag">{texts.yours}</span>}
      </p>
      <Pair workId={claim.workId} suspectId={claim.suspectId} />
      <div className="row">
        <LinkButton compact href={hrefOf('claims', status.id)}>
          {texts.follow}
        </LinkButton>
      </div>
    </li>
  )
}

/** How far a claim is, or how it ended. */
export function PhaseTag({ status }: { status: ClaimStatus }): ReactNode {
  const texts = useMessages(claimsMessages)
  const phases = useMessages(workMessages)
  const { moment } = useFormats()
  if (status.phase === 'closed') return <span className="tag">{texts[`outcome_${status.outcome}`]}</span>
  return (
    <>
      <span className="tag warn">{phases[`phase_${status.phase}`]}</span>
      <span className="small quiet">
        {texts.until} {moment(status.deadline.getTime() / 1000)}
      </span>
    </>
  )
}

/** The work and its suspected copy. */
export function Pair({ workId, suspectId }: { workId: Hex; suspectId: Hex }): ReactNode {
  const texts = useMessages(claimsMessages)
  return (
    <dl className="claim-pair">
      <div>
        <dt>{texts.original}</dt>
        <dd>
          <Citation workId={workId} />
        </dd>
      </div>
      <div>
        <dt>{texts.suspect}</dt>
        <dd>{BigInt(suspectId) === 0n ? texts.noSuspect : <Citation workId={suspectId} />}</dd>
      </div>
    </dl>
  )
}
