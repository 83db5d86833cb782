import type { Balances, Hex } from '@colophon/sdk'
import { formatUnits } from 'ethers'
import { type ReactNode, useMemo, useState } from 'react'
import { Action, NeedsWallet } from '../action/index.ts'
import { useChain, useLoad } from '../chain/index.ts'
import { AddressField, addressIn, Citation, Party, useRecipientFault, useTitles } from '../citation/index.ts'
import { LinkButton, PageHead } from '../design/index.ts'
import { useFormats, useMessages } from '../i18n/index.tsx'
import { ExactAmount, Sums, useMoney } from '../money/index.ts'
import { BarPlot, StepPlot } from '../plots/index.ts'
import { hrefOf } from '../routing/router.ts'
import { Empty, ErrorNotice, Loading } from '../states/index.tsx'
import { revenueMessages } from './messages.ts'
import { MOST_DRAWN, type Receipt, receiptsOf } from './received.ts'
import '../sections/sections.css'
import './revenue.css'

export default function RevenuePage(): ReactNode {
  const texts = useMessages(revenueMessages)
  const { account } = useChain()
  return (
    <>
      <PageHead title={texts.headline} about={texts.about} />
      {account === undefined ? (
        <NeedsWallet />
      ) : (
        <>
          <Waiting account={account} />
          <History account={account} />
        </>
      )}
    </>
  )
}

/** What can be taken now. */
function Waiting({ account }: { account: string }): ReactNode {
  const texts = useMessages(revenueMessages)
  const { colophon, deployment, revision } = useChain()
  const loaded = useLoad((signal) => colophon.revenue.balances(account, { signal }), [account, deployment, revision])
  if (loaded.value === undefined)
    return loaded.status === 'failed' ? <ErrorNotice error={loaded.error!} onRetry={loaded.reload} /> : <Loading />
  const { totals } = loaded.value
  if (totals.length === 0)
    return (
      <Empty title={texts.nothingDue}>
        <p>{texts.nothingDueAbout}</p>
        <LinkButton href={hrefOf('licenses', undefined, { part: 'offer' })}>{texts.offer}</LinkButton>
      </Empty>
    )
  return <Balance key={account} account={account} balances={loaded.value} />
}

function Balance({ account, balances: { due, credit, totals } }: { account: string; balances: Balances }): ReactNode {
  const texts = useMessages(revenueMessages)
  const { colophon } = useChain()
  const { percent } = useFormats()
  const faultOf = useRecipientFault()
  /** Who gets it: oneself, or for an account that a token refuses another. */
  const [to, setTo] = useState(account)
  const [recipient, fault] = [addressIn(to), faultOf(to, true)]
  const sums = totalsOf(due)
  return (
    <section className="sheet stack balances">
      <h2>{texts.due}</h2>
      <p className="balance-total" data-due>
        <Sums sums={totals} />
      </p>
      {due.length > 0 && (
        <>
          <h3>{texts.fromWorks}</h3>
          <ul className="ledger">
            {due.map(({ workId, amount, currency, payees, index }) => (
              <li key={`${workId}-${currency}-${payees.length}-${index}`} className="balance-row">
                <Citation workId={workId} size={44} />
                <p className="small quiet">
                  {texts.share}: {percent(payees[index]!.share / 1_000_000)}
                </p>
                <p className="balance-amount">
                  <Sums sums={[{ amount, currency }]} />
                </p>
                <Action
                  compact
                  label={texts.claimOne}
                  contract="RevenueSplitter"
                  facts={() => [
                    { name: texts.amount, value: <ExactAmount amount={amount} currency={currency} /> },
                    { name: texts.work, value: <Citation workId={workId} size={40} /> },
                    { name: texts.to, value: <code>{account}</code> },
                  ]}
                  run={(options) => colophon.revenue.claim({ workId, currency }, options)}
                  done={texts.claimed}
                />
              </li>
            ))}
          </ul>
          <div className="row">
            <Action
              look="primary"
              label={texts.claimAll}
              title={texts.claimTitle}
              contract="RevenueSplitter"
              facts={() => [
                ...sums.map(({ amount, currency }) => ({
                  name: sums.length > 1 ? `${texts.amount} ${currency}` : texts.amount,
                  value: <ExactAmount amount={amount} currency={currency} />,
                })),
                { name: texts.to, value: <code>{recipient ?? '–'}</code> },
              ]}
              formFirst
              ready={fault === undefined}
              run={(options) => colophon.revenue.claimAll({ to: recipient! }, options)}
              done={recipient === account ? texts.claimed : texts.paidTo(recipient ?? '')}
            >
              <AddressField label={texts.to} hint={texts.toHint} value={to} onChange={setTo} fault={fault} />
            </Action>
          </div>
        </>
      )}
      {credit.length > 0 && (
        <>
          <h3>{texts.credit}</h3>
          <p className="small quiet">{texts.creditAbout}</p>
          <ul className="ledger">
            {credit.map(({ amount, currency }) => (
              <li key={currency} className="balance-row">
                <p className="balance-amount">
                  <Sums sums={[{ amount, currency }]} />
                </p>
                <Action
                  compact
                  label={texts.withdraw}
                  title={texts.withdrawTitle}
                  contract="RevenueSplitter"
                  facts={() => [
                    { name: texts.amount, value: <ExactAmount amount={amount} currency={currency} /> },
                    { name: texts.to, value: <code>{recipient ?? '–'}</code> },
                  ]}
                  formFirst
                  ready={fault === undefined}
                  run={(options) => colophon.revenue.withdraw({ currency, to: recipient! }, options)}
                  done={recipient === account ? texts.withdrawn : texts.paidTo(recipient ?? '')}
                >
                  <AddressField label={texts.to} hint={texts.toHint} value={to} onChange={setTo} fault={fault} />
                </Action>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  )
}

function totalsOf(sums: readonly { amount: bigint; currency: string }[]): { amount: bigint; currency: string }[] {
  const totals = new Map<string, bigint>()
  for (const { amount, currency } of sums) totals.set(currency, (totals.get(currency) ?? 0n) + amount)
  return [...totals].map(([currency, amount]) => ({ currency, amount }))
}

/** What was earned, drawn and in tables, each currency for itself: they cannot be added. */
function History({ account }: { account: string }): ReactNode {
  const texts = useMessages(revenueMessages)
  const { colophon, provider, deployment, revision } = useChain()
  const loaded = useLoad((signal) => receiptsOf({ colophon, provider }, account, signal), [account, deployment, provider, revision])
  const currencies = [...new Set(loaded.value?.receipts.map(({ currency }) => currency))]
  return (
    <section className="stack">
      <h2>{texts.history}</h2>
      <p className="quiet">{texts.historyAbout}</p>
      {loaded.status === 'failed' && <ErrorNotice error={loaded.error!} onRetry={loaded.reload} />}
      {loaded.value === undefined && loaded.status === 'loading' && <Loading />}
      {loaded.value?.receipts.length === 0 && <p>{texts.noHistory}</p>}
      {loaded.value !== undefined && loaded.value.total > MOST_DRAWN && (
        <p className="small quiet">{texts.more(MOST_DRAWN, loaded.value.total)}</p>
      )}
      {currencies.map((currency) => (
        <Plots key={currency} currency={currency} receipts={loaded.value!.receipts.filter((receipt) => receipt.currency === currency)} />
      ))}
    </section>
  )
}

function Plots({ currency, receipts }: { currency: string; receipts: readonly Receipt[] }): ReactNode {
  const texts = useMessages(revenueMessages)
  const { moment } = useFormats()
  const { kindOf, format } = useMoney()
  const { symbol, decimals } = kindOf(currency)
  const ids = useMemo<Hex[]>(() => [...new Set(receipts.map(({ workId }) => workId))], [receipts])
  const titleOf = useTitles(ids)
  let sum = 0n
  const steps = receipts.map((receipt) => {
    sum += receipt.part
    return { ...receipt, sum }
  })
  const works = ids
    .map((workId) => ({
      workId,
      amount: receipts.filter((receipt) => receipt.workId === workId).reduce((total, { part }) => total + part, 0n),
    }))
    .sort((a, b) => (a.amount < b.amount ? 1 : -1))
  return (
    <div className="plots">
      <div className="sheet">
        <StepPlot
          title={texts.earned}
          unit={symbol}
          points={steps.map(({ time, sum: value }) => ({ time, value: Number(formatUnits(value, decimals)) }))}
          table={{
            head: [texts.time, texts.work, texts.received, texts.yours, texts.sum, texts.payer],
            rows: steps.map((step) => [
              moment(step.time),
              titleOf(step.workId).title,
              format(step.amount, currency),
              format(step.part, currency),
              format(step.sum, currency),
              <Party key="payer" account={step.payer} />,
            ]),
          }}
        />
      </div>
      <div className="sheet">
        <BarPlot
          title={texts.byWork}
          unit={symbol}
          bars={works.map(({ workId, amount }) => ({
            name: titleOf(workId).title,
            value: Number(formatUnits(amount, decimals)),
            shown: format(amount, currency),
          }))}
          table={{
            head: [texts.work, texts.yours],
            rows: works.map(({ workId, amount }) => [titleOf(workId).title, format(amount, currency)]),
          }}
        />
      </div>
    </div>
  )
}
