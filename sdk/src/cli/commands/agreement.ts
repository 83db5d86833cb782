import type { Command } from 'commander'
import { type AgreementStatus, parseAgreement } from '../../agreements/index.ts'
import { ColophonError } from '../../errors/base.ts'
import type { Action } from '../action.ts'
import { openChain } from '../chain.ts'
import { facts, short } from '../layout.ts'
import { amountFrom, moneyText } from '../money.ts'
import { readText } from '../output.ts'
import { addSendOptions, type SendFlags, send } from '../sending.ts'
import { count } from '../values.ts'
import { addAgreementMaking } from './agreementMaking.ts'

const STATES: Record<AgreementStatus['state'], string> = {
  none: 'not activated',
  active: 'in force; nothing is to be done now',
  due: 'in force; something is to be paid or reported, in time',
  overdue: 'in force; something is late',
  inCure: 'in force; something is late, and doing it averts the breach',
  breached: 'breached; the license is suspended until everything due is done',
  fulfilled: 'fulfilled',
  terminated: 'terminated',
}

export function addAgreement(program: Command, action: Action): void {
  const agreement = program
    .command('agreement')
    .summary('make, pay, report under and end license agreements')
    .description('License agreements that both sides signed. Each is a file.')

  addAgreementMaking(agreement, action)

  agreement
    .command('status')
    .description('Shows how an agreement stands: what is owed, when it is due, when it would be breached.')
    .argument('<agreement>', "the agreement's file")
    .action(
      action<[string], object>(async (session, _options, path) => {
        const signed = parseAgreement(await readText(path))
        const { colophon } = await openChain(session)
        const status = await colophon.agreements.status(signed)
        const currency = await colophon.revenue.currency(status.owed.currency)
        const { value } = signed
        return {
          data: { ...status, licensor: value.grant.licensor, licensee: value.licensee, workId: value.workId },
          text: facts([
            ['agreement', status.id],
            ['work', value.workId],
            ['licensee', value.licensee],
            ['state', STATES[status.state]],
            ['owed', moneyText(status.owed.amount, currency)],
            ['paid in advance', status.surplus.amount === 0n ? undefined : moneyText(status.surplus.amount, currency)],
            [
              'reported',
              value.unitPrice === '0'
                ? undefined
                : `${status.reported} of ${value.periods} periods${status.reportDue ? '; the next is to be' : ''}`,
            ],
            ['due at', status.dueAt?.toISOString()],
            ['breached at', status.breachAt?.toISOString()],
          ]),
        }
      }),
    )

  addSendOptions(
    agreement
      .command('pay')
      .description('Pays what is owed under an agreement, or an amount.')
      .argument('<agreement>', "the agreement's file")
      .argument('[amount]', 'such as 0.5; all that is owed by default'),
  ).action(
    action<[string, string | undefined], SendFlags>(async (session, options, path, amount) => {
      const signed = parseAgreement(await readText(path))
      return await send(session, options, {
        what: 'The payment',
        label: 'Paying',
        write: ({ colophon }) => colophon.agreements.pay,
        input: async ({ colophon }) => {
          const { owed } = await colophon.agreements.status(signed)
          return {
            agreement: signed,
            ...(amount === undefined ? {} : { amount: await amountFrom(colophon.revenue, amount, owed.currency) }),
          }
        },
        about: { agreement: signed.id },
        answer: async (paid, { colophon }) => ({
          data: paid,
          text: [
            `${session.terminal.mark('ok')} Paid ${moneyText(paid.paid.amount, await colophon.revenue.currency(paid.paid.currency))}.`,
            '',
            facts([['transaction', short(paid.transaction, session.verbose)]]),
          ].join('\n'),
        }),
      })
    }),
  )

  addSendOptions(
    agreement
      .command('report')
      .description('Reports the units used in a period that is over.')
      .argument('<agreement>', "the agreement's file")
      .argument('<units>', 'how many')
      .option('--period <number>', 'of this period, from 1; the next that is to be reported by default', count),
  ).action(
    action<[string, string], SendFlags & { period?: number }>(async (session, options, path, units) => {
      const signed = parseAgreement(await readText(path))
      return await send(session, options, {
        what: 'The report',
        label: 'Reporting',
        write: ({ colophon }) => colophon.agreements.reportUsage,
        input: { agreement: signed, units: unitsFrom(units), ...(options.period === undefined ? {} : { period: options.period - 1 }) },
        about: { agreement: signed.id, units },
        answer: (reported) => ({
          data: reported,
          text: [
            `${session.terminal.mark('ok')} Reported ${reported.units.toLocaleString('en')} units for period ${reported.period + 1}.`,
            '',
            facts([['transaction', short(reported.transaction, session.verbose)]]),
          ].join('\n'),
        }),
      })
    }),
  )
}

function unitsFrom(text: string): bigint {
  if (/^\d{1,19}$/.test(text)) return BigInt(text)
  throw new ColophonError('USAGE', `${text} is no number of units.`, { hint: 'Write a whole number.' })
}
