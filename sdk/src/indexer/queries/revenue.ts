import { getAddress } from 'ethers'
import { type Currency, currencyAddress, currencyNamed } from '../../currency/index.ts'
import type { Bytes32 } from '../../deposits/work.ts'
import { invalidInput, secondsOf, wordOf } from '../../input/input.ts'
import type { Reader, Value } from '../database/database.ts'
import { AMOUNT_DIGITS } from '../facts.ts'
import { accountKey } from './page.ts'

const PERIODS = ['day', 'month', 'year', 'all'] as const
export type RevenuePeriod = (typeof PERIODS)[number]

/** Revenue of one period in one currency. */
export interface RevenueOfPeriod {
  /** First second of the period, UTC; of the first payment for `'all'`. */
  start: Date
  currency: Currency
  /** Units received, before commission and ancestors' shares, in the currency's smallest unit. */
  received: bigint
  payments: number
  /** Received of derivatives' revenue, in millionths of a unit: the splitter's own unit, so that nothing is lost. */
  royaltyGrains: bigint
  royalties: number
}

export interface RevenueQuery {
  /** `'month'` by default. */
  period?: RevenuePeriod
  /** Of one work; of all by default. */
  workId?: Bytes32
  /** Of all works that this account deposited. */
  claimant?: string
  currency?: Currency
  from?: Date | number
  until?: Date | number
}

/** Digits that the database adds up at once: sums of a million rows fit 64 bits. */
const PART = 12

/** Revenue by period and currency, oldest first. @throws INVALID_INPUT naming the field */
export async function revenueByPeriod(reader: Reader & { kind?: string }, query: RevenueQuery): Promise<RevenueOfPeriod[]> {
  const { period = 'month' } = query
  if (!PERIODS.includes(period)) throw invalidInput('period', period, `one of ${PERIODS.join(', ')}`)
  const clauses: string[] = []
  const values: Value[] = []
  const add = (clause: string, value: Value): void => {
    clauses.push(clause)
    values.push(value)
  }
  if (query.workId !== undefined) add('r.work = ?', wordOf('workId', query.workId))
  if (query.claimant !== undefined) add('r.work IN (SELECT w.id FROM works w WHERE w.claimant = ?)', accountKey('claimant', query.claimant))
  if (query.currency !== undefined) add('r.currency = ?', currencyAddress(query.currency).toLowerCase())
  if (query.from !== undefined) add('r.time >= ?', secondsOf('from', query.from))
  if (query.until !== undefined) add('r.time < ?', secondsOf('until', query.until))
  const parts = Array.from({ length: AMOUNT_DIGITS / PART }, (_, index) => index)
  const sums = parts.map((part) => `CAST(SUM(CAST(SUBSTR(r.amount, ${part * PART + 1}, ${PART}) AS BIGINT)) AS TEXT) AS part_${part}`)
  // Days, since both databases know them alike; months and years are added up here.
  const day = period === 'all' ? '0' : 'r.time / 86400'
  const rows = await reader.all<{ day: number; currency: string; kind: string; first: number; count: number } & Record<string, string>>(
    `SELECT ${day} AS day, r.currency, CASE r.kind WHEN 'royalty' THEN 'royalty' ELSE 'paid' END AS kind, MIN(r.time) AS first, COUNT(*) AS count,
     ${sums.join(', ')} FROM revenue r ${clauses.length === 0 ? '' : `WHERE ${clauses.join(' AND ')} `}GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`,
    values,
  )
  const found = new Map<string, RevenueOfPeriod>()
  for (const row of rows) {
    const amount = parts.reduce((sum, part) => sum * 10n ** BigInt(PART) + BigInt(row[`part_${part}`]!), 0n)
    const start = startOf(period, Number(row.day), Number(row.first))
    const key = `${period === 'all' ? '' : start.getTime()} ${row.currency}`
    let sum = found.get(key)
    if (sum === undefined) {
      sum = { start, currency: currencyNamed(getAddress(row.currency)), received: 0n, payments: 0, royaltyGrains: 0n, royalties: 0 }
      found.set(key, sum)
    }
    if (start < sum.start) sum.start = start
    if (row.kind === 'royalty') {
      sum.royaltyGrains += amount
      sum.royalties += Number(row.count)
    } else {
      sum.received += amount
      sum.payments += Number(row.count)
    }
  }
  return [...found.values()]
}

function startOf(period: RevenuePeriod, day: number, first: number): Date {
  if (period === 'all') return new Date(first * 1000)
  const date = new Date(day * 86_400_000)
  if (period === 'day') return date
  return new Date(Date.UTC(date.getUTCFullYear(), period === 'year' ? 0 : date.getUTCMonth(), 1))
}
