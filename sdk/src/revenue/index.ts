/** Revenue of works: splits, payments, claims, and what derivatives owe. */
export type { BalanceOptions, Balances, Due } from './balances.ts'
export { type Claimed, type ClaimInput, createRevenue, type Paid, type Payment, type Revenue, type SplitRecord } from './client.ts'
export type { Ancestor, ParentInput } from './derivatives.ts'
export { type Payee, type PayeeInput, splitHash, splitOf } from './split.ts'
