import { ZeroAddress } from 'ethers'
import type { Connection } from '../client/connection.ts'
import type { Call } from '../client/write.ts'
import { addressOf } from '../deposits/work.ts'
import { chainError } from '../errors/chain.ts'
import { tokenAt } from './token.ts'

/** `'native'` for the chain's coin, or the address of an ERC-20 token. */
export type Currency = string

/** An amount with its currency. */
export interface Money {
  /** In the currency's smallest unit: wei, or the token's. */
  amount: bigint
  currency: Currency
}

/** A currency, as people know it. */
export interface CurrencyFacts {
  currency: Currency
  symbol: string
  /** An amount of 10^decimals is one. */
  decimals: number
}

/** How the contracts name a currency: the zero address is the chain's coin. */
export function currencyAddress(currency: Currency | undefined): string {
  return currency === undefined || currency === 'native' ? ZeroAddress : addressOf('currency', currency)
}

/** A currency by its address in the contracts. */
export function currencyNamed(address: string): Currency {
  return address === ZeroAddress ? 'native' : addressOf('currency', address)
}

/** What a call sends or spends to pay an amount: coins along, or tokens that `spender` takes. */
export function paying(address: string, amount: bigint, spender: string): Pick<Call, 'value' | 'spends'> {
  if (address === ZeroAddress) return { value: amount }
  return amount === 0n ? {} : { spends: { token: address, spender, amount } }
}

/** Symbol and decimals of a currency. The chain's coin is called ETH, whatever the chain calls it, and has 18 decimals. */
export async function currencyFacts(connection: Connection, currency: Currency): Promise<CurrencyFacts> {
  const address = currencyAddress(currency)
  if (address === ZeroAddress) return { currency: 'native', symbol: 'ETH', decimals: 18 }
  const token = tokenAt(connection, address)
  const [symbol, decimals] = await Promise.all([
    token.getFunction('symbol').staticCall() as Promise<string>,
    token.getFunction('decimals').staticCall() as Promise<bigint>,
  ]).catch((fault: unknown) => {
    throw chainError(fault, { action: `asking the token ${address}`, details: { token: address } })
  })
  return { currency: address, symbol, decimals: Number(decimals) }
}
