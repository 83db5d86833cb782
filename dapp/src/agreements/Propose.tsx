import type { AgreementTerms, Hex, SignedAgreement } from '@colophon/sdk'
import { RIGHTS, type Right } from '@colophon/sdk/licenses'
import { type ReactNode, useState } from 'react'
import { Action, NeedsWallet, signing } from '../action/index.ts'
import { useChain } from '../chain/index.ts'
import { Citation, citationMessages, useOwnWorks, WorkSelect } from '../citation/index.ts'
import { Button, Checkbox, LinkButton, Options, TextField } from '../design/index.ts'
import { useFormats, useMessages } from '../i18n/index.tsx'
import { asRead } from '../licenses/draft.ts'
import { licensesMessages } from '../licenses/messages.ts'
import { AmountField, ExactAmount, parseAmount, useMoney } from '../money/index.ts'
import { hrefOf } from '../routing/router.ts'
import { download } from '../saving/index.ts'
import { Empty, Loading } from '../states/index.tsx'
import { useWords, wordsMessages } from '../terms/index.ts'
import { agreementsMessages } from './messages.ts'

const ADDRESS = /^0x[0-9a-f]{40}$/i
const DAY = 86_400_000
const AMOUNTS = ['downPayment', 'deposit', 'instalment', 'minimum', 'unitPrice'] as const

/** Writes an agreement for a work of one's own. */
export function Propose(): ReactNode {
  const texts = useMessages(citationMessages)
  const { account } = useChain()
  const own = useOwnWorks()
  if (account === undefined) return <NeedsWallet />
  if (own.status === 'loading' && own.works.length === 0) return <Loading />
  if (own.works.length === 0)
    return (
      <Empty title={texts.noWorks}>
        <LinkButton href={hrefOf('deposit')}>{texts.deposit}</LinkButton>
      </Empty>
    )
  return <Form works={own.works} account={account} />
}

function whole(text: string, least: number, most: number): number | undefined {
  if (!/^\d{1,4}$/.test(text.trim())) return undefined
  const value = Number(text)
  return value >= least && value <= most ? value : undefined
}

function Form({ works, account }: { works: readonly Hex[]; account: string }): ReactNode {
  const texts = useMessages(agreementsMessages)
  const license = useMessages(licensesMessages)
  const names = useMessages(wordsMessages)
  const { colophon } = useChain()
  const { date } = useFormats()
  const { kindOf } = useMoney()
  const { sentences } = useWords()
  const [workId, setWorkId] = useState<Hex | ''>('')
  const [licensee, setLicensee] = useState('')
  const [rights, setRights] = useState<Right[]>(['reproduce', 'display', 'commercial'])
  const [exclusive, setExclusive] = useState(false)
  const [currency, setCurrency] = useState('native')
  const [money, setMoney] = useState({ downPayment: '0.1', deposit: '0', instalment: '0.05', minimum: '0', unitPrice: '0' })
  const [starts, setStarts] = useState(() => new Date(Date.now() + 14 * DAY).toISOString().slice(0, 10))
  const [periods, setPeriods] = useState('4')
  const [periodDays, setPeriodDays] = useState('91')
  const [years, setYears] = useState('1')
  const [tried, setTried] = useState(false)
  const [signed, setSigned] = useState<SignedAgreement>()
  const { decimals } = kindOf(currency)
  const amounts = Object.fromEntries(AMOUNTS.map((name) => [name, parseAmount(money[name], decimals)])) as Record<
    (typeof AMOUNTS)[number],
    bigint | undefined
  >
  const startsAt = new Date(`${starts}T12:00:00Z`)
  const count = whole(periods, 0, 400)
  const days = whole(periodDays, 61, 366)
  const span = whole(years, 1, 99)
  const faults = {
    work: workId === '' ? texts.workFault : undefined,
    licensee: ADDRESS.test(licensee.trim()) ? undefined : texts.addressFault,
    rights: rights.some((right) => right !== 'commercial' && right !== 'sublicense') ? undefined : license.rightsFault,
    starts: Number.isNaN(startsAt.getTime()) || startsAt.getTime() < Date.now() ? texts.startsFault : undefined,
    periods: count === undefined ? texts.periodsFault : undefined,
    periodDays: days === undefined ? texts.periodDaysFault : undefined,
    years: span === undefined ? texts.yearsFault : undefined,
    ...Object.fromEntries(AMOUNTS.map((name) => [name, amounts[name] === undefined ? texts.amountFault : undefined])),
  } as Record<string, string | undefined>
  const shown = (name: string): string | undefined => (tried ? faults[name] : undefined)
  const use = { rights, duration: { years: span ?? 1 }, exclusive }
  const terms = (): AgreementTerms => ({
    ...use,
    ...(amounts as Record<(typeof AMOUNTS)[number], bigint>),
    workId,
    licensor: account,
    licensee: licensee.trim(),
    currency,
    startsAt,
    periods: count!,
    periodDays: days!,
  })
  const lines = sentences(asRead({ ...use, workId: workId || '0x', price: 0n }))
  const save = (agreement: SignedAgreement): void =>
    download(`agreement-${agreement.id.slice(2, 12)}.json`, 'application/json', JSON.stringify(agreement, null, 2))
  return (
    <div className="split-view">
      <div className="editor">
        <WorkSelect works={works} value={workId} onChange={setWorkId} fault={shown('work')} />
        <TextField label={texts.licensee} mono value={licensee} onChange={setLicensee} fault={shown('licensee')} autoComplete="off" />
        <Options
          legend={license.rights}
          options={RIGHTS.map((id) => ({ id, name: names[id], about: names[`${id}About`] }))}
          chosen={rights}
          onChange={(chosen) => setRights(RIGHTS.filter((right) => chosen.includes(right)))}
          fault={shown('rights')}
        />
        <Checkbox isSelected={exclusive} onChange={setExclusive} hint={license.exclusiveAbout}>
          {texts.exclusive}
        </Checkbox>
        <fieldset className="options stack">
          <legend>{texts.time}</legend>
          <div className="form-grid">
            <TextField
              label={texts.starts}
              hint={texts.startsHint}
              type="date"
              value={starts}
              onChange={setStarts}
              fault={shown('starts')}
            />
            <TextField label={texts.periods} value={periods} onChange={setPeriods} inputMode="numeric" fault={shown('periods')} />
            <TextField
              label={texts.periodDays}
              value={periodDays}
              onChange={setPeriodDays}
              inputMode="numeric"
              fault={shown('periodDays')}
            />
            <TextField label={texts.years} value={years} onChange={setYears} inputMode="numeric" fault={shown('years')} />
          </div>
        </fieldset>
        <fieldset className="options stack">
          <legend>{texts.money}</legend>
          <div className="form-grid">
            {AMOUNTS.map((name, index) => (
              <AmountField
                key={name}
                label={texts[name]}
                value={money[name]}
                onChange={(value) => setMoney((before) => ({ ...before, [name]: value }))}
                currency={currency}
                {...(index === 0 ? { onCurrency: setCurrency } : {})}
                fault={shown(name)}
              />
            ))}
          </div>
        </fieldset>
      </div>
      <aside className="sheet stack preview" aria-label={texts.preview}>
        <h2>{texts.preview}</h2>
        {workId !== '' && <Citation workId={workId} />}
        <ul className="sentences">
          {lines.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
        <div className="row">
          <Action
            look="primary"
            label={texts.sign}
            title={texts.signTitle}
            contract="LicenseAgreements"
            prepare={() => {
              setTried(true)
              return Object.values(faults).every((fault) => fault === undefined)
            }}
            facts={() => [
              { name: texts.work, value: <Citation workId={workId as Hex} size={40} /> },
              { name: texts.licensee, value: <code>{licensee.trim()}</code> },
              { name: texts.starts, value: date(startsAt.getTime() / 1000) },
              { name: texts.periods, value: `${count} × ${days}` },
              ...AMOUNTS.map((name) => ({ name: texts[name], value: <ExactAmount amount={amounts[name]!} currency={currency} /> })),
              { name: texts.allows, value: lines.join(' ') },
            ]}
            run={(options) => signing(options, () => colophon.agreements.propose(terms()))}
            onDone={(agreement) => {
              setSigned(agreement)
              save(agreement)
            }}
            done={texts.signed}
          />
          {signed !== undefined && <Button onPress={() => save(signed)}>{texts.save}</Button>}
        </div>
      </aside>
    </div>
  )
}
