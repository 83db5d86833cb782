import type { LogDescription } from 'ethers'
import { type BoundContract, bindContract } from '../client/bound.ts'
import type { Connection } from '../client/connection.ts'
import { logsOf, type SearchOptions } from '../client/tokens.ts'
import { RevenueSplitter__factory } from '../contracts/generated/RevenueSplitter.ts'
import type { RevenueSplitter, RevenueSplitterInterface } from '../contracts/generated/types/RevenueSplitter.ts'
import { type Currency, currencyAddress, currencyNamed, type Money } from '../currency/index.ts'
import { addressOf, type Bytes32, type Hex } from '../deposits/work.ts'
import { idText, wordOf } from '../input/index.ts'
import { untilAborted } from '../progress/aborted.ts'
import { type Payee, splitHash } from './split.ts'

/** What an account can claim from one account of the splitter. */
export interface Due extends Money {
  workId: Hex
  /** Payees of the split under which it came in, not necessarily the one in force. */
  payees: Payee[]
  /** Place of the account among them. */
  index: number
}

/** Everything an account can take. */
export interface Balances {
  /** Revenue of works, to be claimed. */
  due: Due[]
  /** Credit: commissions, proceeds and refunds, to be withdrawn. */
  credit: Money[]
  /** Both together, by currency. */
  totals: Money[]
}

export interface BalanceOptions extends SearchOptions {
  /** Only these works; all by default, which reads every event of the splitter. */
  works?: readonly Bytes32[]
  /** Only this currency. */
  currency?: Currency
}

export type SplitterContract = BoundContract<RevenueSplitterInterface, RevenueSplitter>

export function bindSplitter(connection: Connection): SplitterContract {
  return bindContract(connection, 'RevenueSplitter', RevenueSplitter__factory)
}

/** Millionths of a unit, in which the splitter keeps its books. */
export const GRAINS = 1_000_000n

type EventName = 'SplitSet' | 'Paid' | 'PaidDirect' | 'Swept' | 'Credited' | 'DerivativeRegistered'

/** Decoded events of the splitter, oldest first; all of these events name a work or an account in their first topic. */
export async function* splitterEvents(
  splitter: SplitterContract,
  names: readonly EventName[],
  first: readonly Hex[] | undefined,
  options: SearchOptions,
): AsyncGenerator<LogDescription> {
  const face = splitter.face()
  const topics = [names.map((name) => face.getEvent(name as 'Paid').topicHash), first === undefined ? null : [...first]]
  for await (const log of logsOf(splitter, topics, options)) yield face.parseLog(log)!
}

/** The payees in a `SplitSet` event. */
export function payeesOf(event: LogDescription): Payee[] {
  return (event.args.payees as { account: string; share: bigint }[]).map(({ account, share }) => ({ account, share: Number(share) }))
}

/** What an account can take, from the events and the splitter's own books. */
export async function balancesOf(splitter: SplitterContract, holder: string, options: BalanceOptions): Promise<Balances> {
  const account = addressOf('account', holder)
  const works = options.works?.map((work) => wordOf('workId', work))
  const only = options.currency === undefined ? undefined : currencyAddress(options.currency)
  const alone: Payee[] = [{ account, share: 1_000_000 }]
  const aloneHash = splitHash(alone)
  const candidates = new Map<Hex, { splits: Map<Hex, Payee[]>; currencies: Set<string> }>()
  const of = (workId: bigint): { splits: Map<Hex, Payee[]>; currencies: Set<string> } => {
    const id = idText(workId)
    let found = candidates.get(id)
    if (found === undefined) {
      found = { splits: new Map(), currencies: new Set() }
      candidates.set(id, found)
    }
    return found
  }
  for await (const event of splitterEvents(splitter, ['SplitSet', 'Paid', 'PaidDirect', 'Swept'], works, options)) {
    const { workId, ancestor, currency, split } = event.args
    const work = of(workId ?? ancestor)
    if (event.name === 'SplitSet') {
      const payees = payeesOf(event)
      if (payees.some((payee) => payee.account === account)) work.splits.set(splitHash(payees), payees)
      continue
    }
    if (only === undefined || only === currency) work.currencies.add(currency)
    // A sweep does not say to which split it went, so the account's own is asked for as well.
    if (split === undefined || split === aloneHash) work.splits.set(aloneHash, alone)
  }
  const asked = [...candidates].flatMap(([workId, { splits, currencies }]) =>
    [...splits.values()].flatMap((payees) => [...currencies].map((currency) => ({ workId, payees, currency }))),
  )
  const found = await untilAborted(
    Promise.all(
      asked.map(async ({ workId, payees, currency }) => {
        const index = payees.findIndex((payee) => payee.account === account)
        const amount = await splitter.read('reading what is due', (contract) => contract.claimable(workId, payees, index, currency))
        return { workId, payees, index, amount, currency: currencyNamed(currency) }
      }),
    ),
    options.signal,
  )
  const due = found.filter(({ amount }) => amount > 0n)
  const credit = await creditOf(splitter, account, only, options)
  return { due, credit, totals: totalsOf([...due, ...credit]) }
}

async function creditOf(splitter: SplitterContract, account: string, only: string | undefined, options: SearchOptions): Promise<Money[]> {
  const currencies = new Set<string>()
  for await (const { args } of splitterEvents(splitter, ['Credited'], [wordOf('account', BigInt(account))], options))
    if (only === undefined || only === args.currency) currencies.add(args.currency)
  const amounts = await Promise.all(
    [...currencies].map(async (currency) => ({
      amount: (await splitter.read('reading credit', (contract) => contract.creditOf(account, currency))) / GRAINS,
      currency: currencyNamed(currency),
    })),
  )
  return amounts.filter(({ amount }) => amount > 0n)
}

/** Sums by currency. */
export function totalsOf(amounts: readonly Money[]): Money[] {
  const totals = new Map<Currency, bigint>()
  for (const { amount, currency } of amounts) totals.set(currency, (totals.get(currency) ?? 0n) + amount)
  return [...totals].map(([currency, amount]) => ({ amount, currency }))
}
