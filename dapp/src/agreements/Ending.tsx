import type { SignedAgreement, SignedTermination } from '@colophon/sdk'
import { parseTermination } from '@colophon/sdk/agreements'
import { ColophonError } from '@colophon/sdk/errors'
import { type ReactNode, useState } from 'react'
import { Action, signing } from '../action/index.ts'
import { useChain } from '../chain/index.ts'
import { Citation, Party } from '../citation/index.ts'
import { Button, TextField } from '../design/index.ts'
import { FileDrop } from '../files/index.ts'
import { useFormats, useMessages } from '../i18n/index.tsx'
import { ExactAmount } from '../money/index.ts'
import { download } from '../saving/index.ts'
import { ErrorNotice } from '../states/index.tsx'
import { type ActiveAgreement, currencyOf } from './agreement.ts'
import { agreementsMessages } from './messages.ts'
import './agreements.css'

const DAY = 86_400

/** The end that both sides want: one signs a file, the other ends it with that. */
export function Ending({ active }: { active: ActiveAgreement }): ReactNode {
  const texts = useMessages(agreementsMessages)
  return (
    <details className="offer-terms">
      <summary>{texts.endTogether}</summary>
      <div className="stack ending">
        <p className="small">{texts.endTogetherAbout}</p>
        <div className="row">
          <Agree active={active} />
          <Complete active={active} />
        </div>
      </div>
    </details>
  )
}

/** What an end comes to, for this agreement as it stands. */
function Consequences({ active: { agreement, status } }: { active: ActiveAgreement }): ReactNode {
  const texts = useMessages(agreementsMessages)
  return (
    <ul className="consequences">
      <li>{texts.endsLicense}</li>
      <li>{status.owed.amount > 0n ? texts.endsOwing : texts.endsClear}</li>
      <li>{texts.endsPaid}</li>
      {agreement.value.grant.deposit !== '0' && <li>{texts.endsDeposit}</li>}
      <li>{texts.endsForGood}</li>
    </ul>
  )
}

function useEndFacts({ agreement, status }: ActiveAgreement): () => { name: string; value: ReactNode }[] {
  const texts = useMessages(agreementsMessages)
  const { value } = agreement
  return () => [
    { name: texts.work, value: <Citation workId={value.workId} size={40} /> },
    { name: texts.licensee, value: <Party account={value.licensee} /> },
    { name: texts.owed, value: <ExactAmount amount={status.owed.amount} currency={currencyOf(agreement)} /> },
    ...(value.grant.deposit === '0'
      ? []
      : [{ name: texts.deposit, value: <ExactAmount amount={BigInt(value.grant.deposit)} currency={currencyOf(agreement)} /> }]),
    { name: texts.id, value: <code>{agreement.id}</code> },
  ]
}

function Agree({ active }: { active: ActiveAgreement }): ReactNode {
  const texts = useMessages(agreementsMessages)
  const { colophon, provider } = useChain()
  const { moment } = useFormats()
  const facts = useEndFacts(active)
  const [days, setDays] = useState('30')
  const count = /^\d{1,3}$/.test(days.trim()) && Number(days) >= 1 && Number(days) <= 365 ? Number(days) : undefined
  const save = (termination: SignedTermination): void =>
    download(`termination-${active.agreement.id.slice(2, 12)}.json`, 'application/json', JSON.stringify(termination, null, 2))
  return (
    <Action
      compact
      label={texts.agreeToEnd}
      title={texts.agreeToEndTitle}
      formFirst
      contract="LicenseAgreements"
      ready={count !== undefined}
      facts={facts}
      run={(options) =>
        signing(options, async () => {
          const now = (await provider.getBlock('latest'))!.timestamp
          return await colophon.agreements.signTermination({ agreement: active.agreement, until: now + count! * DAY })
        })
      }
      onDone={save}
      done={(termination) => (
        <>
          {texts.agreedToEnd(moment(Number(termination.value.deadline)))}{' '}
          <Button compact onPress={() => save(termination)}>
            {texts.saveEnd}
          </Button>
        </>
      )}
    >
      <div className="notice warn stack">
        <p>{texts.agreeToEndAbout}</p>
        <Consequences active={active} />
      </div>
      <TextField
        label={texts.endDays}
        hint={texts.endDaysHint}
        value={days}
        onChange={setDays}
        inputMode="numeric"
        fault={count === undefined ? texts.endDaysFault : undefined}
      />
    </Action>
  )
}

/** What a file of the other side's says of this agreement; `'other'` for one that ends another. */
function read(text: string, { id }: SignedAgreement): SignedTermination | ColophonError | 'other' {
  try {
    const termination = parseTermination(text)
    return termination.value.agreementId === id ? termination : 'other'
  } catch (fault) {
    if (fault instanceof ColophonError) return fault
    throw fault
  }
}

function Complete({ active }: { active: ActiveAgreement }): ReactNode {
  const texts = useMessages(agreementsMessages)
  const { colophon } = useChain()
  const { moment } = useFormats()
  const facts = useEndFacts(active)
  const [given, setGiven] = useState<ReturnType<typeof read>>()
  const termination = given === undefined || given === 'other' || given instanceof ColophonError ? undefined : given
  return (
    <Action
      compact
      look="danger"
      label={texts.completeEnd}
      title={texts.completeEndTitle}
      formFirst
      contract="LicenseAgreements"
      ready={termination !== undefined}
      facts={() => [
        ...facts(),
        ...(termination === undefined ? [] : [{ name: texts.endSignedUntil, value: moment(Number(termination.value.deadline)) }]),
      ]}
      run={(options) => colophon.agreements.terminateByConsent({ agreement: active.agreement, termination: termination! }, options)}
      done={texts.terminated}
    >
      <div className="notice warn">
        <Consequences active={active} />
      </div>
      <FileDrop
        title={texts.endFile}
        about={texts.endFileAbout}
        accept={['application/json', '.json']}
        onFiles={([file]) => void file?.text().then((text) => setGiven(read(text, active.agreement)))}
      />
      {given === 'other' && (
        <p className="notice bad" role="alert">
          {texts.endOther}
        </p>
      )}
      {given instanceof ColophonError && <ErrorNotice error={given} />}
    </Action>
  )
}
