import { type Command, Option } from 'commander'
import {
  CHANNELS,
  type Channel,
  type Duration,
  type LicenseRecord,
  type OfferTerms,
  parseOffer,
  RIGHTS,
  type Right,
  readOffer,
  type SignedOffer,
  TERRITORIES,
  type Territory,
} from '../../licenses/index.ts'
import type { Action } from '../action.ts'
import { openChain, openWritingChain, type ReadingChain } from '../chain.ts'
import { facts, short } from '../layout.ts'
import { amountFrom, moneyText } from '../money.ts'
import { checkOutput, readText, writeJson } from '../output.ts'
import { addSendOptions, type SendFlags, send } from '../sending.ts'
import type { Answer, Session } from '../session.ts'
import { count, date, percent, several, span } from '../values.ts'

interface OfferFlags {
  price: string
  currency?: string
  right: Right[]
  territory?: Territory[]
  channel?: Channel[]
  duration: Duration
  supply?: number
  closes?: Date
  exclusive?: true
  transferable?: true
  renewable?: true
  resale?: number
  derivative?: number
  commission?: number
  platform?: string
  document?: string
  out?: string
  force?: true
}

interface BuyFlags extends SendFlags {
  platform?: string
  commission?: number
  recipient?: string
}

export function addLicense(program: Command, action: Action): void {
  const license = program
    .command('license')
    .summary('offer, buy, list and renew licenses')
    .description('Licenses of deposited works. An offer is signed, costs nothing, and can be taken by whoever has its file.')

  license
    .command('offer')
    .description(
      `Signs an offer and writes it to a file; nothing is sent.

Rights: ${RIGHTS.join(', ')}.
Territories: ${TERRITORIES.join(', ')}; the world by default.
Channels: ${CHANNELS.join(', ')}; all by default.`,
    )
    .argument('<work>', "the deposit's id")
    .requiredOption('--price <amount>', 'for one license, such as 0.05')
    .option('--currency <token>', "address of an ERC-20; the chain's coin by default")
    .requiredOption('--right <name>', 'what it allows; may be repeated', several<Right>)
    .option('--territory <name>', 'where; may be repeated', several<Territory>)
    .option('--channel <name>', 'in which media; may be repeated', several<Channel>)
    .requiredOption('--duration <time>', 'how long it runs: 1y, 90d, 12h or forever', span)
    .option('--supply <number>', 'how many can be sold; 1 by default', count)
    .option('--closes <date>', 'until when it can be taken; 30 days by default', date)
    .option('--exclusive', 'nobody else may have these rights there meanwhile')
    .option('--transferable', 'the license may change hands')
    .option('--renewable', 'it may be renewed at the same price while the offer stands')
    .option('--resale <percent>', 'of each resale, what goes to the work', percent)
    .option('--derivative <percent>', 'of the revenue of derived works, what goes to the work', percent)
    .option('--commission <percent>', 'most that a platform may keep', percent)
    .option('--platform <address>', 'who alone may keep it')
    .addOption(new Option('--document <cid>', 'the terms in words'))
    .option('--out <file>', 'the offer; offer-ID.json by default')
    .option('--force', 'write over that file if it is there')
    .action(action<[string], OfferFlags>(offer))

  addSendOptions(
    license
      .command('buy')
      .description('Takes an offer: pays its price and gets the license.')
      .argument('<offer>', 'file that license offer wrote')
      .option('--recipient <address>', 'who gets the license; you by default')
      .option('--platform <address>', 'who brought you, and gets the commission')
      .option('--commission <percent>', 'what it gets; all that the offer allows by default', percent),
  ).action(action<[string], BuyFlags>(buy))

  license
    .command('list')
    .description('Lists the licenses that an account holds, or those of a work.')
    .argument('[holder]', 'account; the one that signs by default')
    .option('--work <id>', 'the licenses of this work instead')
    .action(
      action<[string | undefined], { work?: string }>(async (session, { work }, holder) => {
        const { colophon } = await openChain(session)
        const options = { signal: session.signal }
        if (work !== undefined) return listed(session, await colophon.licenses.listByWork(work, options))
        const account = holder ?? (await openWritingChain(session)).address
        return listed(session, await colophon.licenses.listByHolder(account, options))
      }),
    )

  addSendOptions(
    license
      .command('renew')
      .description("Adds the offer's duration to a license that was sold under it, for the offer's price.")
      .argument('<license>', "the license's id")
      .argument('<offer>', 'the offer under which it was sold'),
  ).action(
    action<[string, string], SendFlags>(async (session, options, licenseId, path) => {
      const signed = parseOffer(await readText(path))
      return await send(session, options, {
        what: 'The renewal',
        label: 'Renewing',
        write: ({ colophon }) => colophon.licenses.renew,
        input: { licenseId, offer: signed },
        about: { license: licenseId },
        answer: async (renewed, chain) => ({
          data: renewed,
          text: [
            `${session.terminal.mark('ok')} Renewed.`,
            '',
            facts([
              ['license', renewed.licenseId],
              ['until', renewed.until.toISOString()],
              ['paid', await priceText(chain, signed)],
              ['transaction', short(renewed.transaction, session.verbose)],
            ]),
          ].join('\n'),
        }),
      })
    }),
  )
}

async function offer(session: Session, flags: OfferFlags, workId: string): Promise<Answer> {
  const chain = await openWritingChain(session)
  const { licenses, revenue } = chain.colophon
  const terms: OfferTerms = {
    workId,
    price: await amountFrom(revenue, flags.price, flags.currency),
    rights: flags.right,
    duration: flags.duration,
    ...(flags.currency === undefined ? {} : { currency: flags.currency }),
    ...(flags.territory === undefined ? {} : { territories: flags.territory }),
    ...(flags.channel === undefined ? {} : { channels: flags.channel }),
    ...(flags.supply === undefined ? {} : { supply: flags.supply }),
    ...(flags.closes === undefined ? {} : { closesAt: flags.closes }),
    ...(flags.exclusive === undefined ? {} : { exclusive: true }),
    ...(flags.transferable === undefined ? {} : { transferable: true }),
    ...(flags.renewable === undefined ? {} : { renewable: true }),
    ...(flags.resale === undefined ? {} : { resalePercent: flags.resale }),
    ...(flags.derivative === undefined ? {} : { derivativePercent: flags.derivative }),
    ...(flags.commission === undefined ? {} : { commissionPercent: flags.commission }),
    ...(flags.platform === undefined ? {} : { platform: flags.platform }),
    ...(flags.document === undefined ? {} : { document: flags.document }),
  }
  const signed = await licenses.sign(terms)
  const out = flags.out ?? `offer-${signed.id.slice(2, 10)}.json`
  await checkOutput(out, flags.force)
  await writeJson(out, signed)
  const read = readOffer(signed)
  return {
    data: { file: out, ...signed },
    text: [
      `${session.terminal.mark('ok')} Signed. Whoever has the file can take the offer.`,
      '',
      facts([
        ['offer', signed.id],
        ['work', read.workId],
        ['price', await priceText(chain, signed)],
        ['allows', read.rights.join(', ')],
        ['where', namesText(read.territories)],
        ['channels', namesText(read.channels)],
        ['runs', durationText(read.duration)],
        ['exclusive', read.exclusive ? 'yes' : undefined],
        ['can be taken', `${read.supply.toLocaleString('en')} times, until ${read.closesAt.toISOString()}`],
        ['file', out],
      ]),
      '',
      `  To buy it: colophon license buy ${out}`,
    ].join('\n'),
  }
}

async function buy(session: Session, flags: BuyFlags, path: string): Promise<Answer> {
  const signed = parseOffer(await readText(path))
  return await send(session, flags, {
    what: 'The license',
    label: 'Buying',
    write: ({ colophon }) => colophon.licenses.acquire,
    input: {
      offer: signed,
      ...(flags.recipient === undefined ? {} : { recipient: flags.recipient }),
      ...(flags.platform === undefined ? {} : { platform: flags.platform }),
      ...(flags.commission === undefined ? {} : { commissionPercent: flags.commission }),
    },
    about: { offer: signed.id },
    answer: async (bought, chain) => ({
      data: bought,
      text: [
        `${session.terminal.mark('ok')} Bought.`,
        '',
        facts([
          ['license', bought.licenseId],
          ['owner', bought.owner],
          ['until', bought.until?.toISOString() ?? 'no end'],
          ['paid', await priceText(chain, signed)],
          ['transaction', short(bought.transaction, session.verbose)],
        ]),
      ].join('\n'),
    }),
  })
}

function listed(session: Session, licenses: readonly LicenseRecord[]): Answer {
  const one = (record: LicenseRecord): string =>
    [
      `${session.terminal.mark(record.inForce ? 'ok' : 'no')} ${record.licenseId}`,
      facts([
        ['work', short(record.workId, session.verbose)],
        ['owner', record.owner],
        ['allows', record.rights.join(', ')],
        ['where', namesText(record.territories)],
        ['channels', namesText(record.channels)],
        ['until', record.until?.toISOString() ?? 'no end'],
        ['exclusive', record.exclusive ? 'yes' : undefined],
      ]),
    ].join('\n')
  return { data: { licenses }, text: licenses.length === 0 ? 'No license.' : licenses.map(one).join('\n\n') }
}

async function priceText({ colophon }: ReadingChain, signed: SignedOffer): Promise<string> {
  const { price, currency } = readOffer(signed)
  return moneyText(price, await colophon.revenue.currency(currency))
}

/** A list of names, or the one word that stands for all of them. */
function namesText(names: 'world' | 'all' | readonly string[]): string {
  return typeof names === 'string' ? names : names.join(', ')
}

function durationText(duration: 'forever' | number): string {
  return duration === 'forever' ? 'forever' : `${(duration / 86_400).toLocaleString('en', { maximumFractionDigits: 1 })} days`
}
