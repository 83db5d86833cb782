import type { Command } from 'commander'
import { ColophonError } from '../../errors/base.ts'
import { parseOrder, readOrder, type TokenRef } from '../../exchange/index.ts'
import type { Action } from '../action.ts'
import { openWritingChain } from '../chain.ts'
import { facts, short } from '../layout.ts'
import { amountFrom, moneyText } from '../money.ts'
import { checkOutput, readText, writeJson } from '../output.ts'
import { addSendOptions, type SendFlags, send } from '../sending.ts'
import type { Answer, Session } from '../session.ts'
import { date } from '../values.ts'

interface SellFlags extends SendFlags {
  price: string
  currency?: string
  license?: true
  buyer?: string
  expires?: Date
  out?: string
  force?: true
}

export function addExchange(program: Command, action: Action): void {
  const exchange = program
    .command('exchange')
    .summary('sell and buy titles and licenses')
    .description('Sales of titles and licenses by signed orders. An order is a file, and can be filled by whoever has it.')

  addSendOptions(
    exchange
      .command('sell')
      .description(
        'Signs the sale of a title or license and writes it to a file. Where the exchange may not take the token yet, it is allowed to first, this one alone.',
      )
      .argument('<token>', "the work's id, for its title; or with --license the license's id")
      .requiredOption('--price <amount>', 'such as 1.5; royalty or resale fee included')
      .option('--currency <token>', "address of an ERC-20; the chain's coin by default")
      .option('--license', 'it is a license')
      .option('--buyer <address>', 'who alone may buy')
      .option('--expires <date>', 'until when; 30 days by default', date)
      .option('--out <file>', 'the order; order-ID.json by default')
      .option('--force', 'write over that file if it is there'),
  ).action(action<[string], SellFlags>(sell))

  addSendOptions(
    exchange.command('buy').description('Buys what an order sells, at its price.').argument('<order>', 'file that exchange sell wrote'),
  ).action(
    action<[string], SendFlags>(async (session, options, path) => {
      const order = parseOrder(await readText(path))
      return await send(session, options, {
        what: 'The purchase',
        label: 'Buying',
        write: ({ colophon }) => colophon.exchange.fill,
        input: order,
        about: { order: order.id },
        answer: async (sold, { colophon }) => {
          const unit = await colophon.revenue.currency(sold.paid.currency)
          return {
            data: sold,
            text: [
              `${session.terminal.mark('ok')} Bought.`,
              '',
              facts([
                ...Object.entries(sold.token),
                ['seller', sold.seller],
                ['paid', moneyText(sold.paid.amount, unit)],
                ['of it royalty or fee', sold.fee === 0n ? undefined : moneyText(sold.fee, unit)],
                ['transaction', short(sold.transaction, session.verbose)],
              ]),
            ].join('\n'),
          }
        },
      })
    }),
  )
}

async function sell(session: Session, options: SellFlags, given: string): Promise<Answer> {
  const chain = await openWritingChain(session)
  const { exchange, revenue } = chain.colophon
  const { currency, buyer, expires } = options
  const token: TokenRef = options.license === true ? { license: given } : { title: given }
  const terms = {
    token,
    price: await amountFrom(revenue, options.price, currency),
    ...(currency === undefined ? {} : { currency }),
    ...(buyer === undefined ? {} : { buyer }),
    ...(expires === undefined ? {} : { expiresAt: expires }),
  }
  if (options.out !== undefined && options.dryRun !== true) await checkOutput(options.out, options.force)
  const sign = async (): Promise<Answer> => {
    const order = await exchange.sign(terms)
    const out = options.out ?? `order-${order.id.slice(2, 10)}.json`
    await checkOutput(out, options.force)
    await writeJson(out, order)
    const read = readOrder(order)
    return {
      data: { file: out, ...order },
      text: [
        `${session.terminal.mark('ok')} Signed. Whoever has the file can buy.`,
        '',
        facts([
          ['order', order.id],
          ...Object.entries(read.token),
          ['price', moneyText(read.price, await revenue.currency(read.currency))],
          ['until', read.expiresAt.toISOString()],
          ['file', out],
        ]),
        '',
        `  To buy it: colophon exchange buy ${out}`,
      ].join('\n'),
    }
  }
  try {
    return await sign()
  } catch (fault) {
    if (!(fault instanceof ColophonError) || fault.code !== 'TOKEN_NOT_APPROVED') throw fault
  }
  const texts = {
    what: 'Allowing the exchange to take the token',
    label: 'Allowing',
    about: { ...token } as Record<string, string>,
    answer: sign,
  }
  if ('license' in token)
    return await send(session, options, { ...texts, write: ({ colophon }) => colophon.exchange.approveLicense, input: { license: given } })
  return await send(session, options, { ...texts, write: ({ colophon }) => colophon.exchange.approveTitle, input: { title: given } })
}
