import type { Colophon, Deployment } from '@colophon/sdk'
import { formatUnits, parseUnits } from 'ethers'

/** A currency in which the contracts take payment. */
export interface MoneyKind {
  /** `'native'`, or the token's address. */
  currency: string
  symbol: string
  decimals: number
}

const known = new WeakMap<Deployment, Promise<MoneyKind[]>>()

/** The chain's coin and the tokens that the alliance has listed; asked for once. */
export function moneyKinds(colophon: Colophon, deployment: Deployment | undefined, coin: string): Promise<MoneyKind[]> {
  const native: MoneyKind = { currency: 'native', symbol: coin, decimals: 18 }
  if (deployment?.contracts.RevenueSplitter === undefined) return Promise.resolve([native])
  let found = known.get(deployment)
  if (found === undefined) {
    found = read(colophon, native)
    known.set(deployment, found)
    found.catch(() => known.delete(deployment))
  }
  return found
}

async function read(colophon: Colophon, native: MoneyKind): Promise<MoneyKind[]> {
  const events = await colophon.events.list({ contract: 'RevenueSplitter', event: 'CurrencySet' })
  // Tokens that were struck off too: what is due in them can still be claimed.
  const tokens = [...new Set(events.map(({ values }) => values.currency))].filter((token) => BigInt(token) !== 0n)
  return [native, ...(await Promise.all(tokens.map((token) => colophon.revenue.currency(token))))]
}

/** An amount to its last digit, without zeros at the end. */
export function formatAmount(amount: bigint, { decimals, symbol }: MoneyKind): string {
  return `${formatUnits(amount, decimals).replace(/\.0$/, '')} ${symbol}`
}

/** An amount that somebody typed, or undefined. A word of the chain has 78 digits at most. */
export function parseAmount(text: string, decimals: number): bigint | undefined {
  const trimmed = text.trim()
  if (!/^\d{1,78}(\.\d+)?$/.test(trimmed)) return undefined
  try {
    return parseUnits(trimmed, decimals)
  } catch {
    return undefined
  }
}
