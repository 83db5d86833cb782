import { type ReactNode, useState } from 'react'
import { Action, NeedsWallet } from '../action/index.ts'
import { useChain, useLoad } from '../chain/index.ts'
import { Citation, Party } from '../citation/index.ts'
import { TextField } from '../design/index.ts'
import { useFormats, useMessages } from '../i18n/index.tsx'
import { ExactAmount, useMoney } from '../money/index.ts'
import { Empty, ErrorNotice, Loading } from '../states/index.tsx'
import { type ActiveAgreement, currencyOf, readAgreements } from './agreement.ts'
import { Ending } from './Ending.tsx'
import { agreementsMessages } from './messages.ts'
import { Schedule } from './Schedule.tsx'

/** The account's agreements: how each stands, and what is due. */
export function Mine(): ReactNode {
  const texts = useMessages(agreementsMessages)
  const { colophon, deployment, account, revision } = useChain()
  const loaded = useLoad(
    async (signal) => (account === undefined ? undefined : await readAgreements({ colophon, deployment }, account, signal)),
    [account, deployment, revision],
  )
  if (account === undefined) return <NeedsWallet />
  if (loaded.value === undefined)
    return loaded.status === 'failed' ? <ErrorNotice error={loaded.error!} onRetry={loaded.reload} /> : <Loading />
  if (loaded.value.length === 0)
    return (
      <Empty title={texts.none}>
        <p>{texts.noneAbout}</p>
      </Empty>
    )
  return (
    <ul className="sheets wide-sheets">
      {loaded.value.map((each) => (
        <AgreementSheet key={each.agreement.id} active={each} account={account} />
      ))}
    </ul>
  )
}

const TAGS = { due: 'warn', overdue: 'warn', inCure: 'bad', breached: 'bad', active: 'good', fulfilled: 'good' } as const

/** States in which there is nothing left to end. */
const OVER: readonly string[] = ['none', 'terminated']

function AgreementSheet({ active, account }: { active: ActiveAgreement; account: string }): ReactNode {
  const texts = useMessages(agreementsMessages)
  const { colophon } = useChain()
  const { date, moment } = useFormats()
  const { format } = useMoney()
  const { agreement, status, holder, depositReturned } = active
  const { value } = agreement
  const uses = account === value.licensee
  const { state, owed, surplus, dueAt, breachAt } = status
  const tag = TAGS[state as keyof typeof TAGS] ?? ''
  const work = { name: texts.work, value: <Citation workId={value.workId} size={40} /> }
  const holds = account === holder
  const other = {
    name: uses ? texts.licensor : texts.licensee,
    value: <Party account={uses ? (holder ?? value.grant.licensor) : value.licensee} />,
  }
  return (
    <li className="sheet" data-agreement={agreement.id}>
      <Citation workId={value.workId} />
      <p className="row">
        <span className={`tag ${tag}`}>{texts[`state_${state}`]}</span>
        <span className="tag">{uses ? texts.youLicensee : holds ? texts.youLicensor : texts.youLicensed}</span>
      </p>
      <dl className="facts">
        <dt>{texts.owed}</dt>
        <dd>{owed.amount === 0n ? texts.nothingOwed : <strong>{format(owed.amount, owed.currency)}</strong>}</dd>
        {surplus.amount > 0n && (
          <>
            <dt>{texts.surplus}</dt>
            <dd>{format(surplus.amount, surplus.currency)}</dd>
          </>
        )}
        {dueAt !== undefined && (
          <>
            <dt>{owed.amount > 0n ? texts.dueAt : texts.nextDue}</dt>
            <dd>{date(dueAt.getTime() / 1000)}</dd>
          </>
        )}
        {breachAt !== undefined && owed.amount > 0n && (
          <>
            <dt>{texts.breachAt}</dt>
            <dd>{moment(breachAt.getTime() / 1000)}</dd>
          </>
        )}
        {value.unitPrice !== '0' && (
          <>
            <dt>{texts.reported}</dt>
            <dd>{texts.reportedOf(status.reported, value.periods)}</dd>
          </>
        )}
        <dt>{other.name}</dt>
        <dd>{other.value}</dd>
      </dl>
      <Schedule agreement={agreement} reported={status.reported} />
      {(uses || holds) && !OVER.includes(state) && <Ending active={active} />}
      <div className="row">
        {owed.amount > 0n && uses && (
          <Action
            look="primary"
            label={texts.pay}
            title={texts.payTitle}
            contract="LicenseAgreements"
            facts={() => [{ name: texts.amount, value: <ExactAmount amount={owed.amount} currency={owed.currency} /> }, work, other]}
            run={(options) => colophon.agreements.pay({ agreement, amount: owed.amount }, options)}
            done={texts.paid}
          />
        )}
        {status.reportDue && uses && <Report active={active} />}
        {state === 'breached' && holds && (
          <Action
            look="danger"
            label={texts.terminate}
            title={texts.terminateTitle}
            contract="LicenseAgreements"
            facts={() => [work, other]}
            run={(options) => colophon.agreements.terminate(agreement, options)}
            done={texts.terminated}
          />
        )}
        {(state === 'fulfilled' || state === 'terminated') && value.grant.deposit !== '0' && !depositReturned && (
          <Action
            label={texts.returnDeposit}
            contract="LicenseAgreements"
            facts={() => [
              { name: texts.deposit, value: <ExactAmount amount={BigInt(value.grant.deposit)} currency={currencyOf(agreement)} /> },
              work,
            ]}
            run={(options) => colophon.agreements.returnDeposit(agreement, options)}
            done={texts.returned}
          />
        )}
      </div>
    </li>
  )
}

function Report({ active: { agreement, status } }: { active: ActiveAgreement }): ReactNode {
  const texts = useMessages(agreementsMessages)
  const { colophon } = useChain()
  const { format } = useMoney()
  const [text, setText] = useState('0')
  const units = /^\d{1,18}$/.test(text.trim()) ? BigInt(text.trim()) : undefined
  return (
    <Action
      label={texts.report}
      title={texts.reportTitle}
      contract="LicenseAgreements"
      ready={units !== undefined}
      facts={() => [
        { name: texts.period, value: String(status.reported + 1) },
        {
          name: texts.costs,
          value: units === undefined ? '–' : format(units * BigInt(agreement.value.unitPrice), currencyOf(agreement)),
        },
        { name: texts.work, value: <Citation workId={agreement.value.workId} size={40} /> },
      ]}
      run={(options) => colophon.agreements.reportUsage({ agreement, units: units!, period: status.reported }, options)}
      done={texts.reportedDone}
    >
      <TextField
        label={texts.units}
        value={text}
        onChange={setText}
        inputMode="numeric"
        fault={units === undefined ? texts.unitsFault : undefined}
      />
    </Action>
  )
}
