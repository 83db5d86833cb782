export { parseAmount } from './money.ts'
export { AmountField, ExactAmount, Sums, useMoney } from './useMoney.tsx'
