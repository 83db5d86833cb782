import type { ClaimStatus, Hex } from '@colophon/sdk'
import type { ReactNode } from 'react'
import { Action } from '../action/index.ts'
import { type Chain, useChain, useLoad } from '../chain/index.ts'
import { Citation } from '../citation/index.ts'
import { useMessages } from '../i18n/index.tsx'
import { ExactAmount, useMoney } from '../money/index.ts'
import { Answer } from './Answer.tsx'
import { type ClaimsContract, claimsAt } from './contracts.ts'
import { claimsMessages } from './messages.ts'
import { AcceptSettlement, OfferSettlement, SubmitEvidence } from './Settlement.tsx'

export interface MovesProps {
  status: ClaimStatus
  /** Who holds the rights in the disputed deposit. */
  holder: string | undefined
}

/** What the account can do now. Where a time has to come first, the chain says so before anything is spent. */
export function Moves({ status, holder }: MovesProps): ReactNode {
  const texts = useMessages(claimsMessages)
  const { account, colophon, deployment, provider, revision } = useChain()
  const { claim, phase } = status
  const isClaimant = account !== undefined && account === claim.claimant
  const answers = account !== undefined && !isClaimant && [status.respondent, claim.respondent, holder].includes(account)
  const open = claim.respondent === `0x${'0'.repeat(40)}` && BigInt(claim.suspectId) === 0n && !isClaimant && account !== undefined
  const loaded = useLoad(async () => {
    const contract = claimsAt(deployment, provider)
    if (contract === undefined) return undefined
    const [bond, freezeBond, latest] = await Promise.all([contract.MIN_BOND(), contract.FREEZE_BOND(), provider.getBlock('latest')])
    const credit = account === undefined ? 0n : await colophon.claims.creditOf(account)
    const now = latest!.timestamp
    return { bond, freezeBond, credit, now, enforceable: await isEnforceable(status, { contract, colophon, now }) }
  }, [account, deployment, provider, revision, status])
  const values = loaded.value
  if (values === undefined) return null
  const late = status.deadline.getTime() / 1000 < values.now
  const ref = { claim: status.id }
  const work = { name: texts.original, value: <Citation workId={claim.workId as Hex} size={40} /> }
  const step = (label: string, done: string, run: Parameters<typeof Action>[0]['run'], look?: 'primary' | 'danger'): ReactNode => (
    <Action
      {...(look === undefined ? {} : { look })}
      label={label}
      contract="InfringementClaims"
      facts={() => [work]}
      run={run}
      done={done}
    />
  )
  const unanswered = phase === 'filed' && !late
  const beforePanel = phase === 'filed' || phase === 'answered'
  const party = isClaimant || answers
  return (
    <section className="sheet stack">
      <h2>{texts.yourMove}</h2>
      <p className="small quiet">{isClaimant ? texts.asClaimant : answers ? texts.asRespondent : texts.asOther}</p>
      <div className="claim-moves">
        {unanswered && (answers || open) && <Answer status={status} bond={values.bond} />}
        {status.fee !== undefined && ((phase === 'answered' && party) || (phase === 'filed' && late && isClaimant)) && (
          <Action
            look="primary"
            label={texts.escalate}
            contract="InfringementClaims"
            facts={() => [{ name: texts.fee, value: <ExactAmount amount={status.fee!} currency="native" /> }, work]}
            run={(options) => colophon.claims.escalate(ref, options)}
            done={texts.escalated}
          />
        )}
        {beforePanel && isClaimant && <OfferSettlement status={status} />}
        {beforePanel && (answers || open) && <AcceptSettlement status={status} />}
        {party && phase !== 'closed' && phase !== 'ruled' && <SubmitEvidence status={status} />}
        {isClaimant && BigInt(claim.suspectId) !== 0n && phase === 'disputed' && status.freezeBond === 0n && (
          <Action
            label={texts.freeze}
            title={texts.freezeTitle}
            contract="InfringementClaims"
            facts={() => [{ name: texts.bond, value: <ExactAmount amount={values.freezeBond} currency="native" /> }, work]}
            run={(options) => colophon.claims.freeze(ref, options)}
            done={texts.frozen}
          >
            <p className="notice warn">{texts.freezeAbout}</p>
          </Action>
        )}
        {isClaimant && beforePanel && step(texts.retract, texts.retracted, (options) => colophon.claims.retract(ref, options), 'danger')}
        {phase === 'disputed' && party && status.fee !== undefined && (
          <Action
            label={texts.appeal}
            contract="InfringementClaims"
            facts={() => [{ name: texts.fee, value: <ExactAmount amount={status.fee!} currency="native" /> }, work]}
            run={(options) => colophon.claims.appeal(ref, options)}
            done={texts.appealed}
          />
        )}
        {(phase === 'ruled' || (late && phase !== 'closed')) &&
          step(texts.conclude, texts.concluded, (options) => colophon.claims.conclude(ref, options))}
        {values.enforceable && step(texts.enforce, texts.enforced, (options) => colophon.claims.enforce(ref, options))}
      </div>
      {phase === 'closed' && !values.enforceable && values.credit === 0n && <p>{texts.nothingToDo}</p>}
      {values.credit > 0n && <Credit amount={values.credit} />}
    </section>
  )
}

/** Whether what a closed claim means for the title of the disputed deposit is still to be done: to refute it, or to lift the claim's freeze. */
async function isEnforceable(
  { id, phase, outcome, claim: { suspectId } }: ClaimStatus,
  { contract, colophon, now }: { contract: ClaimsContract; now: number } & Pick<Chain, 'colophon'>,
): Promise<boolean> {
  if (phase !== 'closed' || BigInt(suspectId) === 0n) return false
  const [title, frozen] = await Promise.all([colophon.titles.get(suspectId), contract.freezeOf(suspectId)])
  return (outcome === 'refuted' && title?.refuted === false) || (frozen.claimId === id && Number(frozen.until) > now)
}

function Credit({ amount }: { amount: bigint }): ReactNode {
  const texts = useMessages(claimsMessages)
  const { colophon, account } = useChain()
  const { format } = useMoney()
  return (
    <div className="row">
      <span>
        {texts.credit}: <strong>{format(amount, 'native')}</strong>
      </span>
      <Action
        compact
        label={texts.withdraw}
        contract="InfringementClaims"
        facts={() => [
          { name: texts.amount, value: <ExactAmount amount={amount} currency="native" /> },
          { name: texts.credit, value: <code>{account}</code> },
        ]}
        run={(options) => colophon.claims.withdraw({}, options)}
        done={texts.withdrawn}
      />
    </div>
  )
}
