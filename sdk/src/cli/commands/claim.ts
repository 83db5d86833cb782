import type { Command } from 'commander'
import { type ClaimMoved, type ClaimStatus, parseSettlement, readSettlement } from '../../claims/index.ts'
import { ColophonError } from '../../errors/base.ts'
import type { Channel, Territory } from '../../terms/index.ts'
import type { Action } from '../action.ts'
import { openChain, openWritingChain } from '../chain.ts'
import { facts, short } from '../layout.ts'
import { amountFrom, moneyText } from '../money.ts'
import { checkOutput, readText, writeJson } from '../output.ts'
import { addSendOptions, type SendFlags, send } from '../sending.ts'
import type { Answer, Session } from '../session.ts'
import { date } from '../values.ts'

interface FileFlags extends SendFlags {
  evidence: string
  respondent?: string
  suspect?: string
  code?: string
  codeType?: string
}

interface RespondFlags extends SendFlags {
  evidence?: string
  license?: string
  territory?: Territory
  channel?: Channel
  earlier?: string
  acceptForum?: true
}

interface SettleFlags extends SendFlags {
  amount?: string
  currency?: string
  offer?: string
  covers?: Date
  deadline?: Date
  out?: string
  force?: true
  license?: string
}

export function addClaim(program: Command, action: Action): void {
  const claim = program
    .command('claim')
    .summary('claim that a work was copied, answer, settle')
    .description('Claims that a work was copied. Each has an id, and leaves a trail on the chain.')

  addSendOptions(
    claim
      .command('file')
      .description('Files a claim about a work of yours, with a bond.')
      .argument('<work>', "your deposit's id")
      .requiredOption('--evidence <cid>', 'the evidence bundle: its CID or digest')
      .option('--respondent <address>', 'who is said to infringe')
      .option('--suspect <id>', 'the deposit of the copy, if it was deposited')
      .option('--code <hex>', "the copy's robust fingerprint; the contract computes the distance")
      .option('--code-type <number>', 'its algorithm, as in the deposit', '1'),
  ).action(
    action<[string], FileFlags>(async (session, options, workId) =>
      send(session, options, {
        what: 'The claim',
        label: 'Filing',
        write: ({ colophon }) => colophon.claims.file,
        input: {
          workId,
          evidence: options.evidence,
          ...(options.respondent === undefined ? {} : { respondent: options.respondent }),
          ...(options.suspect === undefined ? {} : { suspectId: options.suspect }),
          ...(options.code === undefined ? {} : { fingerprint: { type: Number(options.codeType), bits: options.code } }),
        },
        about: { work: workId },
        answer: async (filed, { colophon }) => ({
          data: filed,
          text: [
            `${session.terminal.mark('ok')} Filed.`,
            '',
            facts([
              ['claim', filed.id],
              ['distance', filed.distance === undefined ? undefined : `${filed.distance} of 256 bits`],
              ['bond', moneyText(filed.bond, await colophon.revenue.currency('native'))],
              ['transaction', short(filed.transaction, session.verbose)],
            ]),
          ].join('\n'),
        }),
      }),
    ),
  )

  claim
    .command('show')
    .description('Shows how a claim stands, and every step of it.')
    .argument('<claim>', "the claim's id")
    .action(
      action<[string], object>(async (session, _options, id) => {
        const { colophon } = await openChain(session)
        const status = await colophon.claims.status(id)
        const trail = await colophon.claims.trail(id, { signal: session.signal })
        return {
          data: { ...status, trail },
          text: [
            await statusText(status, async (amount) => moneyText(amount, await colophon.revenue.currency('native'))),
            '',
            ...trail.map(({ event, at }) => `  ${at.toISOString().slice(0, 19).replace('T', ' ')} UTC  ${event}`),
          ].join('\n'),
        }
      }),
    )

  addSendOptions(
    claim
      .command('respond')
      .description('Answers a claim: denies it with a bond, or shows a license (--license) or an earlier deposit (--earlier) without one.')
      .argument('<claim>', "the claim's id")
      .option('--evidence <uri>', 'of an ERC-1497 document')
      .option('--license <id>', 'a license of the work')
      .option('--territory <name>', 'where the work was used; with --license')
      .option('--channel <name>', 'in which medium; with --license')
      .option('--earlier <id>', 'a deposit of yours, older and of the same content')
      .option('--accept-forum', "let the claim's own arbitrator decide"),
  ).action(
    action<[string], RespondFlags>(async (session, options, id) => {
      const { license, earlier, evidence, territory, channel } = options
      const answer = (moved: ClaimMoved): Answer => movedAnswer(session, moved, 'Answered.')
      const common = { claim: id, acceptsForum: options.acceptForum === true }
      const texts = { what: 'The answer', label: 'Answering', about: { claim: id }, answer }
      if (license !== undefined) {
        if (territory === undefined || channel === undefined)
          throw new ColophonError('USAGE', 'Where was the work used?', { hint: 'Give --territory and --channel with --license.' })
        return await send(session, options, {
          ...texts,
          write: ({ colophon }) => colophon.claims.respondWithLicense,
          input: { ...common, licenseId: license, territory, channel },
        })
      }
      if (earlier !== undefined)
        return await send(session, options, {
          ...texts,
          write: ({ colophon }) => colophon.claims.respondWithDeposit,
          input: { ...common, earlierId: earlier },
        })
      return await send(session, options, {
        ...texts,
        write: ({ colophon }) => colophon.claims.respond,
        input: { ...common, ...(evidence === undefined ? {} : { evidence }) },
      })
    }),
  )

  addSendOptions(
    claim
      .command('settle')
      .description(
        `Given a claim of yours, signs what you ask for and writes it to a file, which costs nothing. Given such a file, takes the settlement and pays it.`,
      )
      .argument('<claim>', "the claim's id, or the settlement's file")
      .option('--amount <amount>', 'to be paid to the work, such as 0.05')
      .option('--currency <token>', "address of an ERC-20; the chain's coin by default")
      .option('--offer <id>', 'offer of which a license is to be taken')
      .option('--covers <date>', 'from when on use is settled', date)
      .option('--deadline <date>', 'until when it can be taken; 14 days by default', date)
      .option('--license <id>', 'the license that the settlement asks for, when taking it')
      .option('--out <file>', 'the settlement; settlement-ID.json by default')
      .option('--force', 'write over that file if it is there'),
  ).action(
    action<[string], SettleFlags>(async (session, options, given) =>
      /^0x[0-9a-fA-F]{64}$/.test(given) ? await offerSettlement(session, options, given) : await takeSettlement(session, options, given),
    ),
  )
}

async function offerSettlement(session: Session, options: SettleFlags, id: string): Promise<Answer> {
  const { colophon } = await openWritingChain(session)
  const { amount, currency, offer, covers, deadline } = options
  const signed = await colophon.claims.offerSettlement(id, {
    coversFrom: covers ?? 0,
    ...(amount === undefined ? {} : { amount: await amountFrom(colophon.revenue, amount, currency) }),
    ...(currency === undefined ? {} : { currency }),
    ...(offer === undefined ? {} : { offerId: offer }),
    ...(deadline === undefined ? {} : { deadline }),
  })
  const out = options.out ?? `settlement-${signed.id.slice(2, 10)}.json`
  await checkOutput(out, options.force)
  await writeJson(out, signed)
  const read = readSettlement(signed)
  return {
    data: { file: out, ...signed },
    text: [
      `${session.terminal.mark('ok')} Signed. The respondent can take it.`,
      '',
      facts([
        ['claim', read.claimId],
        ['amount', moneyText(read.amount, await colophon.revenue.currency(read.currency))],
        ['license of', read.offerId],
        ['until', read.deadline.toISOString()],
        ['file', out],
      ]),
      '',
      `  To take it: colophon claim settle ${out}`,
    ].join('\n'),
  }
}

async function takeSettlement(session: Session, options: SettleFlags, path: string): Promise<Answer> {
  const settlement = parseSettlement(await readText(path))
  return await send(session, options, {
    what: 'The settlement',
    label: 'Settling',
    write: ({ colophon }) => colophon.claims.acceptSettlement,
    input: { claim: settlement.value.claimId, settlement, ...(options.license === undefined ? {} : { licenseId: options.license }) },
    about: { claim: settlement.value.claimId },
    answer: (moved) => movedAnswer(session, moved, 'Settled.'),
  })
}

function movedAnswer({ terminal, verbose }: Session, moved: ClaimMoved, said: string): Answer {
  return {
    data: moved,
    text: [
      `${terminal.mark('ok')} ${said}`,
      '',
      facts([
        ['claim', moved.id],
        ['transaction', short(moved.transaction, verbose)],
      ]),
    ].join('\n'),
  }
}

async function statusText(status: ClaimStatus, money: (amount: bigint) => Promise<string>): Promise<string> {
  const { claim, phase, outcome } = status
  return facts([
    ['claim', status.id],
    ['phase', phase],
    ['outcome', outcome === 'none' ? undefined : outcome],
    ['work', claim.workId],
    ['claimant', `${claim.claimant}${status.standing ? '' : ', who does not hold the rights in the work'}`],
    ['respondent', status.respondent ?? 'unknown'],
    ['distance', status.distance === undefined ? undefined : `${status.distance} of 256 bits`],
    ['bond', await money(status.bond)],
    ['until', phase === 'closed' || phase === 'ruled' ? undefined : status.deadline.toISOString()],
    ['arbitrator', status.arbitrator],
    ['fee', status.fee === undefined ? undefined : await money(status.fee)],
  ])
}
