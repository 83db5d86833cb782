import { formatUnits, parseUnits } from 'ethers'
import type { Currency, CurrencyFacts, Money } from '../currency/index.ts'
import { ColophonError } from '../errors/base.ts'
import type { Revenue } from '../revenue/index.ts'

/**
 * An amount as people write it, e.g. `0.05`, in the currency's smallest unit.
 * @throws USAGE
 */
export async function amountFrom(revenue: Pick<Revenue, 'currency'>, text: string, currency: Currency = 'native'): Promise<bigint> {
  const { decimals, symbol } = await revenue.currency(currency)
  try {
    const amount = parseUnits(text, decimals)
    if (amount >= 0n) return amount
  } catch {
    // Reported below.
  }
  throw new ColophonError('USAGE', `${text} is no amount of ${symbol}.`, {
    hint: `Write a number with ${decimals} decimals at most, such as 0.05.`,
    details: { amount: text, currency },
  })
}

/** An amount for people: `0.05 ETH`. */
export function moneyText(amount: bigint, { symbol, decimals }: CurrencyFacts): string {
  return `${formatUnits(amount, decimals).replace(/\.0$/, '')} ${symbol}`
}

/** Amounts for people, one line each. */
export async function moneyLines(revenue: Pick<Revenue, 'currency'>, amounts: readonly Money[]): Promise<string[]> {
  return await Promise.all(amounts.map(async ({ amount, currency }) => moneyText(amount, await revenue.currency(currency))))
}
