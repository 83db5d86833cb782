import type { Command } from 'commander'
import { type AgreementTerms, parseAgreement, parseTermination } from '../../agreements/index.ts'
import { CHANNELS, type Channel, type Duration, RIGHTS, type Right, TERRITORIES, type Territory } from '../../licenses/index.ts'
import type { Action } from '../action.ts'
import { openWritingChain } from '../chain.ts'
import { facts, short } from '../layout.ts'
import { amountFrom, moneyText } from '../money.ts'
import { checkOutput, readText, writeJson } from '../output.ts'
import { addSendOptions, type SendFlags, send } from '../sending.ts'
import type { Answer, Session } from '../session.ts'
import { count, date, percent, several, span } from '../values.ts'

interface ProposeFlags {
  licensee: string
  licensor?: string
  starts: Date
  right: Right[]
  territory?: Territory[]
  channel?: Channel[]
  duration: Duration
  currency?: string
  periods?: number
  periodDays?: number
  instalment?: string
  minimum?: string
  unitPrice?: string
  reportWithin?: number
  payWithin?: number
  grace?: number
  cure?: number
  downPayment?: string
  deposit?: string
  exclusive?: true
  transferable?: true
  derivative?: number
  document?: string
  out?: string
  force?: true
}

interface FileFlags {
  out?: string
  force?: true
}

/** How agreements begin and end. */
export function addAgreementMaking(agreement: Command, action: Action): void {
  agreement
    .command('propose')
    .description(
      `Writes an agreement, signs it and puts it into a file; nothing is sent. The other side signs it (agreement sign) or activates it.

Rights: ${RIGHTS.join(', ')}.
Territories: ${TERRITORIES.join(', ')}; the world by default.
Channels: ${CHANNELS.join(', ')}; all by default.`,
    )
    .argument('<work>', "the deposit's id")
    .requiredOption('--licensee <address>', 'who gets the license and pays')
    .option('--licensor <address>', 'who holds the rights; you by default')
    .requiredOption('--starts <date>', 'beginning of the first period; until then the agreement can be activated', date)
    .requiredOption('--right <name>', 'what it allows; may be repeated', several<Right>)
    .option('--territory <name>', 'where; may be repeated', several<Territory>)
    .option('--channel <name>', 'in which media; may be repeated', several<Channel>)
    .requiredOption('--duration <time>', 'how long the license runs: 1y, 90d, 12h or forever', span)
    .option('--currency <token>', "address of an ERC-20; the chain's coin by default")
    .option('--periods <number>', 'how many periods; none by default', count)
    .option('--period-days <days>', 'days of a period', count)
    .option('--instalment <amount>', "payable at each period's beginning")
    .option('--minimum <amount>', 'guaranteed for each period')
    .option('--unit-price <amount>', 'for each unit that is reported')
    .option('--report-within <days>', "days after a period's end to report; 10 by default", count)
    .option('--pay-within <days>', 'days after the due date to pay; 14 by default', count)
    .option('--grace <days>', 'days of lateness without consequence; 7 by default', count)
    .option('--cure <days>', 'days after that to avert the breach; 30 by default', count)
    .option('--down-payment <amount>', 'paid when it is activated')
    .option('--deposit <amount>', 'lodged when it is activated')
    .option('--exclusive', 'nobody else may have these rights there meanwhile')
    .option('--transferable', 'the license may change hands')
    .option('--derivative <percent>', 'of the revenue of derived works, what goes to the work', percent)
    .option('--document <cid>', 'the agreement in words')
    .option('--out <file>', 'the agreement; agreement-ID.json by default')
    .option('--force', 'write over that file if it is there')
    .action(action<[string], ProposeFlags>(propose))

  agreement
    .command('sign')
    .description('Signs an agreement as the other side, so that anybody can activate it.')
    .argument('<agreement>', "the agreement's file")
    .option('--out <file>', 'the signed agreement; the same file by default')
    .action(
      action<[string], FileFlags>(async (session, { out }, path) => {
        const { colophon } = await openWritingChain(session)
        const signed = await colophon.agreements.sign(parseAgreement(await readText(path)))
        const file = out ?? path
        if (out !== undefined) await checkOutput(out, undefined)
        await writeJson(file, signed)
        return {
          data: { file, ...signed },
          text: [
            `${session.terminal.mark('ok')} Signed.`,
            '',
            facts([['file', file]]),
            '',
            `  To activate it: colophon agreement activate ${file}`,
          ].join('\n'),
        }
      }),
    )

  addSendOptions(
    agreement
      .command('activate')
      .description('Brings an agreement into force: pays down payment and deposit, and the licensee gets the license.')
      .argument('<agreement>', "the agreement's file"),
  ).action(
    action<[string], SendFlags>(async (session, options, path) => {
      const signed = parseAgreement(await readText(path))
      return await send(session, options, {
        what: 'The agreement',
        label: 'Activating',
        write: ({ colophon }) => colophon.agreements.activate,
        input: signed,
        about: { agreement: signed.id },
        answer: async (activated, { colophon }) => ({
          data: activated,
          text: [
            `${session.terminal.mark('ok')} The agreement is in force.`,
            '',
            facts([
              ['agreement', activated.id],
              ['license', activated.licenseId],
              ['paid', moneyText(activated.paid.amount, await colophon.revenue.currency(activated.paid.currency))],
              ['transaction', short(activated.transaction, session.verbose)],
            ]),
          ].join('\n'),
        }),
      })
    }),
  )

  agreement
    .command('consent')
    .description('Signs that you agree to end an agreement; nothing is sent. The other side ends it with the file (agreement end).')
    .argument('<agreement>', "the agreement's file")
    .option('--until <date>', 'until when that counts; 30 days by default', date)
    .option('--out <file>', 'your consent; termination-ID.json by default')
    .option('--force', 'write over that file if it is there')
    .action(
      action<[string], FileFlags & { until?: Date }>(async (session, { until, out, force }, path) => {
        const signed = parseAgreement(await readText(path))
        const file = out ?? `termination-${signed.id.slice(2, 10)}.json`
        await checkOutput(file, force)
        const { colophon } = await openWritingChain(session)
        const consent = await colophon.agreements.signTermination({ agreement: signed, ...(until === undefined ? {} : { until }) })
        await writeJson(file, consent)
        return {
          data: { file, ...consent },
          text: [
            `${session.terminal.mark('ok')} Signed. The other side can end the agreement with this file.`,
            '',
            facts([
              ['agreement', signed.id],
              ['until', new Date(Number(consent.value.deadline) * 1000).toISOString()],
              ['file', file],
            ]),
          ].join('\n'),
        }
      }),
    )

  addSendOptions(
    agreement
      .command('end')
      .description("Ends an agreement and its license: with the other side's consent, or without it when it is breached.")
      .argument('<agreement>', "the agreement's file")
      .argument('[consent]', 'file that agreement consent wrote'),
  ).action(
    action<[string, string | undefined], SendFlags>(async (session, options, path, consent) => {
      const signed = parseAgreement(await readText(path))
      const common = { what: 'The end of the agreement', label: 'Ending', about: { agreement: signed.id } }
      const answer = (ended: { owed: { amount: bigint }; transaction: string }): Answer => ({
        data: ended,
        text: [
          `${session.terminal.mark('ok')} The agreement has ended.`,
          '',
          facts([['transaction', short(ended.transaction, session.verbose)]]),
        ].join('\n'),
      })
      if (consent === undefined)
        return await send(session, options, { ...common, write: ({ colophon }) => colophon.agreements.terminate, input: signed, answer })
      const termination = parseTermination(await readText(consent))
      return await send(session, options, {
        ...common,
        write: ({ colophon }) => colophon.agreements.terminateByConsent,
        input: { agreement: signed, termination },
        answer,
      })
    }),
  )
}

async function propose(session: Session, flags: ProposeFlags, workId: string): Promise<Answer> {
  const { colophon, address } = await openWritingChain(session)
  const amounts: Partial<Record<'instalment' | 'minimum' | 'unitPrice' | 'downPayment' | 'deposit', bigint>> = {}
  for (const name of ['instalment', 'minimum', 'unitPrice', 'downPayment', 'deposit'] as const) {
    const text = flags[name]
    if (text !== undefined) amounts[name] = await amountFrom(colophon.revenue, text, flags.currency)
  }
  const terms: AgreementTerms = {
    ...{ workId, licensor: flags.licensor ?? address, licensee: flags.licensee, startsAt: flags.starts },
    ...{ rights: flags.right, duration: flags.duration },
    ...amounts,
    ...(flags.currency === undefined ? {} : { currency: flags.currency }),
    ...(flags.territory === undefined ? {} : { territories: flags.territory }),
    ...(flags.channel === undefined ? {} : { channels: flags.channel }),
    ...(flags.periods === undefined ? {} : { periods: flags.periods }),
    ...(flags.periodDays === undefined ? {} : { periodDays: flags.periodDays }),
    ...(flags.reportWithin === undefined ? {} : { reportWithinDays: flags.reportWithin }),
    ...(flags.payWithin === undefined ? {} : { payWithinDays: flags.payWithin }),
    ...(flags.grace === undefined ? {} : { graceDays: flags.grace }),
    ...(flags.cure === undefined ? {} : { cureDays: flags.cure }),
    ...(flags.exclusive === undefined ? {} : { exclusive: true }),
    ...(flags.transferable === undefined ? {} : { transferable: true }),
    ...(flags.derivative === undefined ? {} : { derivativePercent: flags.derivative }),
    ...(flags.document === undefined ? {} : { document: flags.document }),
  }
  const signed = await colophon.agreements.propose(terms)
  const out = flags.out ?? `agreement-${signed.id.slice(2, 10)}.json`
  await checkOutput(out, flags.force)
  await writeJson(out, signed)
  const { value } = signed
  const currency = await colophon.revenue.currency(flags.currency ?? 'native')
  const amount = (units: string): string | undefined => (units === '0' ? undefined : moneyText(BigInt(units), currency))
  return {
    data: { file: out, ...signed },
    text: [
      `${session.terminal.mark('ok')} Signed. The other side signs or activates the file.`,
      '',
      facts([
        ['agreement', signed.id],
        ['work', value.workId],
        ['licensor', value.grant.licensor],
        ['licensee', value.licensee],
        ['starts', new Date(value.startsAt * 1000).toISOString()],
        ['periods', value.periods === 0 ? undefined : `${value.periods} of ${value.period / 86_400} days`],
        ['instalment', amount(value.instalment)],
        ['minimum', amount(value.minimum)],
        ['for each unit', amount(value.unitPrice)],
        ['down payment', amount(value.grant.downPayment)],
        ['deposit', amount(value.grant.deposit)],
        ['file', out],
      ]),
    ].join('\n'),
  }
}
