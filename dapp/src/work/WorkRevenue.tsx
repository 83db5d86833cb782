import type { Hex } from '@colophon/sdk'
import { formatUnits } from 'ethers'
import type { ReactNode } from 'react'
import { useChain, useLoad } from '../chain/index.ts'
import { Party } from '../citation/index.ts'
import { useFormats, useMessages } from '../i18n/index.tsx'
import { useMoney } from '../money/index.ts'
import { StepPlot } from '../plots/index.ts'
import { ErrorNotice } from '../states/index.tsx'
import { workMessages } from './messages.ts'
import { MOST_DRAWN, type Payment, paymentsTo } from './payments.ts'

/** What a work has earned, drawn and as a table, each currency for itself. Nothing where it has earned nothing. */
export function WorkRevenue({ workId }: { workId: Hex }): ReactNode {
  const texts = useMessages(workMessages)
  const { colophon, provider, deployment, revision } = useChain()
  const loaded = useLoad(
    (signal) => paymentsTo(workId, { colophon, provider, deployment }, signal),
    [workId, deployment, provider, revision],
  )
  if (loaded.status === 'failed') return <ErrorNotice error={loaded.error!} onRetry={loaded.reload} />
  if (loaded.value === undefined || loaded.value.total === 0) return null
  const { payments, total } = loaded.value
  return (
    <section className="sheet stack work-revenue">
      <h2>{texts.revenue}</h2>
      <p className="quiet small">{texts.revenueAbout}</p>
      {total > MOST_DRAWN && <p className="small quiet">{texts.newest(MOST_DRAWN, total)}</p>}
      {[...new Set(payments.map(({ currency }) => currency))].map((currency) => (
        <Earned key={currency} currency={currency} payments={payments.filter((payment) => payment.currency === currency)} />
      ))}
    </section>
  )
}

function Earned({ currency, payments }: { currency: string; payments: readonly Payment[] }): ReactNode {
  const texts = useMessages(workMessages)
  const { moment } = useFormats()
  const { kindOf, format } = useMoney()
  const { symbol, decimals } = kindOf(currency)
  let sum = 0n
  const steps = payments.map((payment) => {
    sum += payment.amount
    return { ...payment, sum }
  })
  return (
    <StepPlot
      title={texts.earned}
      unit={symbol}
      points={steps.map(({ time, sum: value }) => ({ time, value: Number(formatUnits(value, decimals)) }))}
      table={{
        head: [texts.when, texts.paid, texts.sum, texts.payer],
        rows: steps.map(({ time, amount, sum: total, payer }) => [
          moment(time),
          format(amount, currency),
          format(total, currency),
          <Party key="payer" account={payer} />,
        ]),
      }}
    />
  )
}
