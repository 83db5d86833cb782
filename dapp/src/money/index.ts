export { formatAmount, type MoneyKind, parseAmount } from './money.ts'
export { AmountField, type Amounts, ExactAmount, Sums, useMoney } from './useMoney.tsx'
