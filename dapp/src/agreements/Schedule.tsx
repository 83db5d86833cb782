import type { SignedAgreement } from '@colophon/sdk'
import type { ReactNode } from 'react'
import { useFormats, useMessages } from '../i18n/index.tsx'
import { useMoney } from '../money/index.ts'
import { useWords } from '../terms/index.ts'
import { currencyOf, useOf } from './agreement.ts'
import { agreementsMessages } from './messages.ts'

/** Periods that are listed; an agreement may have thousands. */
const MOST_LISTED = 60

/** What falls due when, period by period, and what the license allows. */
export function Schedule({ agreement, reported = 0 }: { agreement: SignedAgreement; reported?: number }): ReactNode {
  const texts = useMessages(agreementsMessages)
  const { date } = useFormats()
  const { format } = useMoney()
  const { sentences } = useWords()
  const { value } = agreement
  const currency = currencyOf(agreement)
  const money = (amount: string): string => (amount === '0' ? '–' : format(BigInt(amount), currency))
  const periods = Array.from({ length: Math.min(value.periods, MOST_LISTED) }, (_, index) => value.startsAt + index * value.period)
  return (
    <>
      <details className="offer-terms">
        <summary>{texts.allows}</summary>
        <ul className="sentences">
          {sentences(useOf(agreement)).map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      </details>
      <details className="offer-terms">
        <summary>{texts.schedule}</summary>
        {periods.length === 0 ? (
          <p>{texts.noPeriods}</p>
        ) : (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
          <section className="table-scroll" tabIndex={0} aria-label={texts.schedule}>
            <table className="table">
              <thead>
                <tr>
                  <th scope="col">{texts.period}</th>
                  <th scope="col">{texts.from}</th>
                  <th scope="col">{texts.to}</th>
                  <th scope="col">{texts.instalment}</th>
                  <th scope="col">{texts.minimum}</th>
                  <th scope="col">{texts.unitPrice}</th>
                  {value.unitPrice !== '0' && <th scope="col">{texts.reportBy}</th>}
                </tr>
              </thead>
              <tbody>
                {periods.map((from, index) => (
                  <tr key={from}>
                    <td>
                      {index + 1}
                      {index < reported && ' ✓'}
                    </td>
                    <td>{date(from)}</td>
                    <td>{date(from + value.period - 1)}</td>
                    <td>{money(value.instalment)}</td>
                    <td>{money(value.minimum)}</td>
                    <td>{money(value.unitPrice)}</td>
                    {value.unitPrice !== '0' && <td>{date(from + value.period + value.reportWithin)}</td>}
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
        )}
      </details>
    </>
  )
}
