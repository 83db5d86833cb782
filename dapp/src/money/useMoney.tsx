import { type ReactNode, useMemo } from 'react'
import { useChain, useLoad } from '../chain/index.ts'
import { Select, TextField } from '../design/index.ts'
import { useMessages } from '../i18n/index.tsx'
import { moneyMessages } from './messages.ts'
import { formatAmount, type MoneyKind, moneyKinds } from './money.ts'

export interface Amounts {
  kinds: readonly MoneyKind[]
  kindOf(currency: string): MoneyKind
  format(amount: bigint, currency: string): string
}

/** Amounts as people read them, in every currency that the contracts take. */
export function useMoney(): Amounts {
  const { colophon, deployment, settings } = useChain()
  const loaded = useLoad(() => moneyKinds(colophon, deployment, settings.currency), [deployment, settings])
  return useMemo(() => {
    const kinds = loaded.value ?? [{ currency: 'native', symbol: settings.currency, decimals: 18 }]
    // A token that nobody lists is shown in its smallest unit with its whole address, which is exact.
    const kindOf = (currency: string): MoneyKind =>
      kinds.find((kind) => kind.currency === currency) ?? { currency, symbol: `× 10⁻ⁿ ${currency}`, decimals: 0 }
    return { kinds, kindOf, format: (amount, currency) => formatAmount(amount, kindOf(currency)) }
  }, [loaded.value, settings])
}

/** An amount before one signs: to the last digit, with the token's whole address. */
export function ExactAmount({ amount, currency }: { amount: bigint; currency: string }): ReactNode {
  const { format } = useMoney()
  const texts = useMessages(moneyMessages)
  return (
    <>
      <strong>{format(amount, currency)}</strong>
      {currency !== 'native' && (
        <>
          <br />
          {texts.token} <code>{currency}</code>
        </>
      )}
    </>
  )
}

/** Several amounts, one a line. */
export function Sums({ sums, none }: { sums: readonly { amount: bigint; currency: string }[]; none?: string }): ReactNode {
  const { format } = useMoney()
  if (sums.length === 0) return <span className="quiet">{none ?? '0'}</span>
  return sums.map(({ amount, currency }) => (
    <span key={currency} className="sum">
      {format(amount, currency)}
    </span>
  ))
}

/** An amount and its currency, to be typed. */
export function AmountField({
  label,
  hint,
  fault,
  value,
  onChange,
  currency,
  onCurrency,
}: {
  label: string
  hint?: string
  fault?: string | undefined
  value: string
  onChange(value: string): void
  currency: string
  /** Where the currency is to be chosen. */
  onCurrency?: (currency: string) => void
}): ReactNode {
  const texts = useMessages(moneyMessages)
  const { kinds, kindOf } = useMoney()
  return (
    <div className="amount-field">
      <TextField
        label={`${label} (${kindOf(currency).symbol})`}
        {...(hint === undefined ? {} : { hint })}
        fault={fault}
        value={value}
        onChange={onChange}
        inputMode="decimal"
        autoComplete="off"
      />
      {onCurrency !== undefined && kinds.length > 1 && (
        <Select
          label={texts.currency}
          options={kinds.map(({ currency: id, symbol }) => ({ id, name: symbol, ...(id === 'native' ? {} : { about: id }) }))}
          value={currency}
          onChange={onCurrency}
        />
      )}
    </div>
  )
}
