import type { TransactionReceipt } from 'ethers'
import { type Connection, type ConnectionOptions, createConnection } from '../client/connection.ts'
import { eventIn, eventsIn, type Mined, minedAt } from '../client/mined.ts'
import type { SearchOptions } from '../client/tokens.ts'
import type { Call, Write } from '../client/write.ts'
import type { RevenueSplitterInterface } from '../contracts/generated/types/RevenueSplitter.ts'
import { type Currency, type CurrencyFacts, currencyAddress, currencyFacts, currencyNamed, type Money, paying } from '../currency/index.ts'
import { addressOf, type Bytes32, type Hex } from '../deposits/work.ts'
import { ColophonError } from '../errors/base.ts'
import { amountOf, idText, wordOf } from '../input/index.ts'
import { bindTitle, standingOf } from '../titles/client.ts'
import { type BalanceOptions, type Balances, balancesOf, bindSplitter, payeesOf, splitterEvents, totalsOf } from './balances.ts'
import { createDerivativeWrites, type DerivativeWrites } from './derivatives.ts'
import { type Payee, type PayeeInput, splitHash, splitOf } from './split.ts'

export interface Payment {
  workId: Bytes32
  /** In the currency's smallest unit. */
  amount: bigint
  /** `'native'` by default. */
  currency?: Currency
}

export interface Paid extends Mined {
  workId: Hex
  /** What arrived: less than was sent for a token that takes a fee. */
  received: Money
}

/** The split in force of a work. */
export interface SplitRecord {
  workId: Hex
  /** The contract's name for it. */
  split: Hex
  /** Whether one was set; else the rights holder is the only payee. */
  isSet: boolean
  payees: Payee[]
}

export interface ClaimInput {
  /** Only of these works; of all by default. */
  works?: readonly Bytes32[]
  /** Only in this currency; in all by default. */
  currency?: Currency
  /** Who gets it; the signer by default. */
  to?: string
}

export interface Claimed extends Mined {
  /** What was claimed, work by work. */
  claims: (Money & { workId: Hex })[]
  /** The same by currency. */
  totals: Money[]
}

export interface Revenue extends DerivativeWrites {
  /**
   * Sets the split of a work for what it receives from now on. Payees need no order; shares are percentages or parts.
   * @throws INVALID_SPLIT, REVENUE_NOT_RIGHTS_HOLDER
   */
  setSplit: Write<{ workId: Bytes32; payees: readonly PayeeInput[] }, SplitRecord & Mined, { split: Hex; payees: Payee[] }>
  /** The split in force. */
  splitOf(workId: Bytes32, options?: SearchOptions): Promise<SplitRecord>
  /**
   * Pays a work: the payees of its split can claim. Tokens are approved for exactly the amount.
   * @throws INVALID_CURRENCY, BALANCE_TOO_LOW, INSUFFICIENT_FUNDS
   */
  pay: Write<Payment, Paid, { workId: Hex }>
  /**
   * Pays a work and sends each payee his part at once; who refuses it has credit.
   * @throws as `pay`
   */
  payDirect: Write<Payment, Paid, { workId: Hex }>
  /** What an account can take: revenue due, and credit. */
  balances(account: string, options?: BalanceOptions): Promise<Balances>
  /**
   * Claims all that is due to the signer of one work, in every currency and from every split it ever was in.
   * @throws NOTHING_DUE
   */
  claim: Write<{ workId: Bytes32; currency?: Currency; to?: string }, Claimed, { totals: Money[] }>
  /**
   * Claims all that is due to the signer, of every work, in one transaction.
   * @throws NOTHING_DUE
   */
  claimAll: Write<ClaimInput, Claimed, { totals: Money[] }>
  /**
   * Withdraws the signer's credit: commissions, proceeds, refunds.
   * @throws NOTHING_DUE
   */
  withdraw: Write<{ currency?: Currency; to?: string }, { withdrawn: Money } & Mined, { withdrawn: Money }>
  /** Symbol and decimals of a currency, and whether the splitter takes it. */
  currency(currency: Currency): Promise<CurrencyFacts & { taken: boolean }>
}

/** A revenue client of its own. */
export function createRevenue(options: ConnectionOptions): Revenue {
  return createRevenueOn(createConnection(options))
}

/** A revenue client on a connection that others share. */
export function createRevenueOn(connection: Connection): Revenue {
  const splitter = bindSplitter(connection)
  const titles = bindTitle(connection)
  const face = (): RevenueSplitterInterface => splitter.face()
  const place = (mined: TransactionReceipt): Promise<Mined> => minedAt(connection.provider, mined)

  async function splitInForce(workId: Bytes32, options: SearchOptions = {}): Promise<SplitRecord> {
    const id = wordOf('workId', workId)
    const { holder } = await standingOf(titles, id)
    const { split, isSet } = await splitter.read('reading a split', (contract) => contract.splitOf(id))
    if (!isSet) return { workId: id, split: split as Hex, isSet, payees: [{ account: holder, share: 1_000_000 }] }
    for await (const event of splitterEvents(splitter, ['SplitSet'], [id], options)) {
      const payees = payeesOf(event)
      if (splitHash(payees) === split) return { workId: id, split: split as Hex, isSet, payees }
    }
    throw new ColophonError('EVENT_MISSING', `The RPC does not have the event that set the split of ${id}.`, {
      hint: 'Use an RPC that keeps the logs of old blocks.',
      details: { workId: id, split },
    })
  }

  /** The call that claims everything an account can, and what it is. */
  async function claiming(account: string, { works, currency, to }: ClaimInput): Promise<Call & { expected: Money[] }> {
    const options = { ...(works === undefined ? {} : { works }), ...(currency === undefined ? {} : { currency }) }
    const { due } = await balancesOf(splitter, account, options)
    if (due.length === 0)
      throw new ColophonError('NOTHING_DUE', `Nothing is due to ${account}.`, {
        hint: 'It may have been claimed already, wait as credit (withdraw) or with a derivative (sweep).',
        details: { account, ...(works === undefined ? {} : { works: works.map((work) => wordOf('workId', work)) }) },
      })
    // Neighbours with the same currency are sent together.
    const items = due
      .map((each) => ({ ...each, currency: currencyAddress(each.currency) }))
      .sort((a, b) => (a.currency < b.currency ? -1 : a.currency > b.currency ? 1 : 0))
    const recipient = to === undefined ? account : addressOf('to', to)
    return { data: face().encodeFunctionData('claimAll', [items, recipient]), expected: totalsOf(due) }
  }

  async function claimed(mined: TransactionReceipt, address: string): Promise<Claimed> {
    const claims = eventsIn(mined, address, face(), 'Claimed').map(({ args }) => ({
      workId: idText(args.workId),
      amount: args.due as bigint,
      currency: currencyNamed(args.currency),
    }))
    return { claims, totals: totalsOf(claims), ...(await place(mined)) }
  }

  const call = (
    workId: Bytes32,
    { amount, currency }: Payment,
    address: string,
    encode: (...parts: [Hex, string, bigint]) => string,
  ): Call => {
    const paid = [wordOf('workId', workId), currencyAddress(currency), amountOf('amount', amount, { least: 1n })] as const
    return { data: encode(...paid), ...paying(paid[1], paid[2], address) }
  }

  /** Whether the splitter takes the currency, before tokens are approved to it. */
  async function checkCurrency({ currency }: Payment): Promise<void> {
    const address = currencyAddress(currency)
    const { allowed } = await splitter.read('reading a currency', (contract) => contract.currencyOf(address))
    if (!allowed)
      throw new ColophonError('INVALID_CURRENCY', `The splitter does not take the currency ${address}.`, {
        hint: 'Pay in coins, or in a token that the alliance has listed.',
        details: { currency: address },
      })
  }

  return {
    ...createDerivativeWrites(splitter),

    setSplit: splitter.write({
      action: 'setting the split',
      encode: ({ workId, payees }) => face().encodeFunctionData('setSplit', [wordOf('workId', workId), splitOf(payees)]),
      preview: (_, { payees }) => ({ split: splitHash(splitOf(payees)), payees: splitOf(payees) }),
      result: async (mined, _, { address }) => {
        const event = eventIn(mined, address, face(), 'SplitSet')
        const payees = payeesOf(event)
        return { workId: idText(event.args.workId), split: splitHash(payees), isSet: true, payees, ...(await place(mined)) }
      },
    }),

    splitOf: splitInForce,

    pay: splitter.write({
      action: 'paying the work',
      encode: (input, { address }) => call(input.workId, input, address, (...paid) => face().encodeFunctionData('pay', paid)),
      precheck: checkCurrency,
      preview: (_, { workId }) => ({ workId: wordOf('workId', workId) }),
      result: async (mined, _, { address }) => {
        const { workId, currency, amount } = eventIn(mined, address, face(), 'Paid').args
        return { workId: idText(workId), received: { amount, currency: currencyNamed(currency) }, ...(await place(mined)) }
      },
    }),

    payDirect: splitter.write({
      action: 'paying the payees of the work',
      encode: async (input, { address }) => {
        const { payees } = await splitInForce(input.workId)
        return call(input.workId, input, address, (id, currency, amount) =>
          face().encodeFunctionData('payDirect', [id, payees, currency, amount]),
        )
      },
      precheck: checkCurrency,
      preview: (_, { workId }) => ({ workId: wordOf('workId', workId) }),
      result: async (mined, _, { address }) => {
        const { workId, currency, amount } = eventIn(mined, address, face(), 'PaidDirect').args
        return { workId: idText(workId), received: { amount, currency: currencyNamed(currency) }, ...(await place(mined)) }
      },
    }),

    balances: (account, options = {}) => balancesOf(splitter, account, options),

    claim: splitter.write({
      action: 'claiming the revenue',
      encode: (input, { from }) => claiming(from, { ...input, works: [input.workId] }),
      preview: (_returned, _input, _context, expected) => ({ totals: expected as Money[] }),
      result: (mined, _, { address }) => claimed(mined, address),
    }),

    claimAll: splitter.write({
      action: 'claiming the revenue',
      encode: (input, { from }) => claiming(from, input),
      preview: (_returned, _input, _context, expected) => ({ totals: expected as Money[] }),
      result: (mined, _, { address }) => claimed(mined, address),
    }),

    withdraw: splitter.write({
      action: 'withdrawing the credit',
      encode: ({ currency, to }, { from }) =>
        face().encodeFunctionData('withdrawTo', [currencyAddress(currency), to === undefined ? from : addressOf('to', to)]),
      preview: (returned, { currency }) => ({
        withdrawn: { amount: face().decodeFunctionResult('withdrawTo', returned)[0], currency: currencyNamed(currencyAddress(currency)) },
      }),
      result: async (mined, _, { address }) => {
        const { currency, due } = eventIn(mined, address, face(), 'Withdrawn').args
        return { withdrawn: { amount: due, currency: currencyNamed(currency) }, ...(await place(mined)) }
      },
    }),

    async currency(currency) {
      const address = currencyAddress(currency)
      const [facts, { allowed }] = await Promise.all([
        currencyFacts(connection, currency),
        splitter.read('reading a currency', (contract) => contract.currencyOf(address)),
      ])
      return { ...facts, taken: facts.currency === 'native' || allowed }
    },
  }
}
