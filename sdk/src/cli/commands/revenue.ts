import type { Command } from 'commander'
import { ColophonError } from '../../errors/base.ts'
import type { PayeeInput, SplitRecord } from '../../revenue/index.ts'
import type { Action } from '../action.ts'
import { openChain, openWritingChain } from '../chain.ts'
import { facts, short, table } from '../layout.ts'
import { amountFrom, moneyLines, moneyText } from '../money.ts'
import { addSendOptions, type SendFlags, send } from '../sending.ts'
import type { Answer, Session } from '../session.ts'

interface CurrencyFlag {
  currency?: string
}

export function addRevenue(program: Command, action: Action): void {
  const revenue = program
    .command('revenue')
    .summary('split, pay and claim the revenue of works')
    .description('Revenue of works: who gets how much of it, what came in, what can be claimed.')

  addSendOptions(
    revenue
      .command('split')
      .description('Shows the split of a work, or sets it for what comes in from now on.')
      .argument('<work>', "the deposit's id")
      .argument('[payee...]', 'ADDRESS=PERCENT, which add up to 100; shows the split if there is none'),
  ).action(
    action<[string, string[]], SendFlags>(async (session, options, workId, payees) => {
      if (payees.length === 0) {
        const { colophon } = await openChain(session)
        return splitAnswer(session, await colophon.revenue.splitOf(workId, { signal: session.signal }))
      }
      return await send(session, options, {
        what: 'The split',
        label: 'Setting the split',
        write: ({ colophon }) => colophon.revenue.setSplit,
        input: { workId, payees: payees.map(payeeOf) },
        about: { work: workId },
        answer: (set) => splitAnswer(session, set, 'Set, for what comes in from now on.'),
      })
    }),
  )

  addSendOptions(
    revenue
      .command('pay')
      .description('Pays a work; the payees of its split can claim.')
      .argument('<work>', "the deposit's id")
      .argument('<amount>', 'such as 0.05')
      .option('--currency <token>', "address of an ERC-20; the chain's coin by default"),
  ).action(
    action<[string, string], SendFlags & CurrencyFlag>(async (session, options, workId, amount) => {
      const { currency } = options
      return await send(session, options, {
        what: `The payment of ${amount}`,
        label: 'Paying',
        write: ({ colophon }) => colophon.revenue.pay,
        input: async ({ colophon }) => ({
          workId,
          amount: await amountFrom(colophon.revenue, amount, currency),
          ...(currency === undefined ? {} : { currency }),
        }),
        about: { work: workId, amount },
        answer: async (paid, { colophon }) => ({
          data: paid,
          text: [
            `${session.terminal.mark('ok')} Paid.`,
            '',
            facts([
              ['work', paid.workId],
              ['received', moneyText(paid.received.amount, await colophon.revenue.currency(paid.received.currency))],
              ['transaction', short(paid.transaction, session.verbose)],
            ]),
          ].join('\n'),
        }),
      })
    }),
  )

  revenue
    .command('balances')
    .description('Shows what an account can claim and withdraw.')
    .argument('[account]', 'the one that signs by default')
    .option('--currency <token>', 'only in this currency')
    .action(
      action<[string | undefined], CurrencyFlag>(async (session, { currency }, given) => {
        const { colophon } = await openChain(session)
        const account = given ?? (await openWritingChain(session)).address
        const options = { signal: session.signal, ...(currency === undefined ? {} : { currency }) }
        const balances = await colophon.revenue.balances(account, options)
        const amounts = await moneyLines(colophon.revenue, balances.due)
        const credit = await moneyLines(colophon.revenue, balances.credit)
        const rows = [
          ...balances.due.map(({ workId }, index) => [short(workId, session.verbose), amounts[index]!]),
          ...credit.map((text) => ['credit', text]),
        ]
        return {
          data: { account, ...balances },
          text: rows.length === 0 ? `Nothing is due to ${account}.` : table(rows, [1]),
        }
      }),
    )

  addSendOptions(
    revenue
      .command('claim')
      .description('Claims what is due to you of some works, or of all.')
      .argument('[work...]', "deposits' ids; all works by default")
      .option('--currency <token>', 'only in this currency')
      .option('--to <address>', 'who gets it; you by default'),
  ).action(
    action<[string[]], SendFlags & CurrencyFlag & { to?: string }>(async (session, options, works) =>
      send(session, options, {
        what: 'Claiming',
        label: 'Claiming',
        write: ({ colophon }) => colophon.revenue.claimAll,
        input: {
          ...(works.length === 0 ? {} : { works }),
          ...(options.currency === undefined ? {} : { currency: options.currency }),
          ...(options.to === undefined ? {} : { to: options.to }),
        },
        answer: async (claimed, { colophon }) => ({
          data: claimed,
          text: [
            `${session.terminal.mark('ok')} Claimed ${(await moneyLines(colophon.revenue, claimed.totals)).join(', ')}.`,
            '',
            facts([
              ['works', new Set(claimed.claims.map(({ workId }) => workId)).size.toLocaleString('en')],
              ['transaction', short(claimed.transaction, session.verbose)],
            ]),
          ].join('\n'),
        }),
      }),
    ),
  )
}

/** `0x…=70`. */
function payeeOf(text: string): PayeeInput {
  const [account, percent, ...rest] = text.split('=')
  if (account === undefined || percent === undefined || percent.trim() === '' || rest.length > 0 || Number.isNaN(Number(percent)))
    throw new ColophonError('USAGE', `${text} is no payee.`, {
      hint: 'Write ADDRESS=PERCENT, such as 0x70997970C51812dc3A010C7d01b50e0d17dc79C8=70.',
    })
  return { account, percent: Number(percent) }
}

function splitAnswer({ terminal }: Session, split: SplitRecord, said?: string): Answer {
  return {
    data: split,
    text: [
      ...(said === undefined ? [] : [`${terminal.mark('ok')} ${said}`, '']),
      ...(split.isSet ? [] : ['No split is set; the rights holder has it all.', '']),
      table(
        split.payees.map(({ account, share }) => [account, `${share / 10_000} %`]),
        [1],
      ),
    ].join('\n'),
  }
}
