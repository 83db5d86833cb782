import type { Command } from 'commander'
import { parseOpening, type SealOpening, type SealReceipt } from '../../deposits/index.ts'
import { ColophonError } from '../../errors/base.ts'
import { cidOfDigest } from '../../receipt/index.ts'
import type { Action } from '../action.ts'
import { announces } from '../announces.ts'
import { confirmCost, costOf, openWritingChain, type WritingChain } from '../chain.ts'
import { addDescriptionOptions, type DescriptionOptions } from '../description.ts'
import { dryRun } from '../dryRun.ts'
import { withHint } from '../hints.ts'
import { facts, moment, short } from '../layout.ts'
import { checkOutput, readText, writeJson, writeReceipt } from '../output.ts'
import type { Answer, Session } from '../session.ts'
import { addWriteOptions, depositedAnswer, prepareWork, sending, type WriteFlags } from './deposit.ts'
import { type MediaOptions, mediaOption } from './fingerprint.ts'

export function addSeal(program: Command, action: Action): void {
  const seal = program
    .command('seal')
    .summary('fix the time of a work without showing it')
    .description(
      `Puts a commitment on the chain that gives nothing of the work away, and writes the opening that reveals it later.
Keep the opening: without it the seal proves nothing. Until you unseal, nobody can copy the deposit.

If it was stopped between writing the opening and sending, give the opening instead of the work, and that very seal is sent.`,
    )
    .argument('<file>', 'the work, or the opening of a seal that was not sent')
    .addOption(mediaOption())
  addDescriptionOptions(seal)
  addWriteOptions(seal, 'opening; FILE.opening.json by default', { overwrite: false }).action(
    action<[string], DescriptionOptions & MediaOptions & WriteFlags>(async (session, options, file) =>
      (await announces(file, 'colophon-seal-opening')) ? await resume(session, options, file) : await begin(session, options, file),
    ),
  )

  const unseal = program
    .command('unseal')
    .summary('reveal a sealed work')
    .description('Reveals a sealed work: a full deposit with the time of the seal.')
    .argument('<opening>', 'file that seal wrote')
  addWriteOptions(unseal, 'receipt; FILE.receipt.json by default').action(
    action<[string], WriteFlags>(async (session, options, path) => {
      const opening = parseOpening(await readText(path))
      const out = options.out ?? `${path.replace(/\.opening\.json$/, '')}.receipt.json`
      const chain = await openWritingChain(session)
      if (!options.dryRun) await checkOutput(out, options.force)
      const cost = await costOf(chain, await chain.colophon.deposits.unseal.estimate(opening))
      if (options.dryRun) return dryRun(chain, 'unseal', { id: opening.commitment }, cost)
      await confirmCost(session, chain.chainId, 'Unsealing', cost, options.yes)
      const receipt = await sending(session, 'Unsealing', (long) => chain.colophon.deposits.unseal(opening, long))
      await writeReceipt(out, receipt)
      return depositedAnswer(session, receipt, out)
    }),
  )
}

/** Prepares a seal, keeps its opening and sends it. */
async function begin(session: Session, options: DescriptionOptions & MediaOptions & WriteFlags, file: string): Promise<Answer> {
  const out = options.out ?? `${file}.opening.json`
  const chain = await openWritingChain(session)
  const { found, pin } = await prepareWork(session, file, options)
  if (!options.dryRun) await checkOpening(out)
  const document = await pin()
  const opening = await chain.colophon.deposits.prepareSeal({ fingerprint: found, document })
  return await send(session, options, chain, opening, out, async () => {
    // The salt is on the disk before the seal is paid for: no crash can lose it.
    await writeJson(out, opening, { secret: true, overwrite: false })
  })
}

/** Sends the seal of an opening that was written before, unless it is on the chain already. */
async function resume(session: Session, options: WriteFlags, file: string): Promise<Answer> {
  if (options.out !== undefined)
    throw new ColophonError('USAGE', 'The opening is there; --out has nothing to write.', { hint: `colophon seal ${file}` })
  const opening = parseOpening(await readText(file))
  const chain = await openWritingChain(session)
  const stands = await chain.colophon.deposits.getSeal(opening.claimant, opening.commitment)
  if (stands !== undefined) {
    const { claimant, commitment, transaction, block, time } = stands
    return sealedAnswer(
      session,
      { claimant, commitment, sealed: { transaction, block, time } },
      file,
      'It was sealed already; nothing was sent.',
    )
  }
  return await send(session, options, chain, opening, file, async () => {})
}

async function send(
  session: Session,
  options: WriteFlags,
  chain: WritingChain,
  opening: SealOpening,
  out: string,
  keep: () => Promise<void>,
): Promise<Answer> {
  const { deposits } = chain.colophon
  const cost = await costOf(chain, await deposits.seal.estimate(opening))
  const document = cidOfDigest(opening.work.metadata)
  if (options.dryRun) return dryRun(chain, 'seal', { claimant: opening.claimant, document }, cost)
  await confirmCost(session, chain.chainId, 'The seal', cost, options.yes)
  await keep()
  const sealed = await sending(session, 'Sealing', (long) => deposits.seal(opening, long)).catch((fault: unknown) => {
    if (!(fault instanceof ColophonError)) throw fault
    const pending = fault.code === 'TRANSACTION_PENDING'
    throw withHint(
      fault,
      pending
        ? `Do not send it again. Once it is mined the seal stands; keep ${out} secret and safe.`
        : `${fault.hint ?? ''} The opening is kept: colophon seal ${out} sends it.`.trim(),
    )
  })
  return sealedAnswer(session, sealed, out, 'Sealed. The chain knows that you have something, not what.')
}

function sealedAnswer({ terminal, verbose }: Session, sealed: SealReceipt, out: string, said: string): Answer {
  return {
    data: { opening: out, ...sealed },
    text: [
      `${terminal.mark('ok')} ${said}`,
      '',
      facts([
        ['commitment', short(sealed.commitment, verbose)],
        ['claimant', sealed.claimant],
        ['sealed at', moment(sealed.sealed.time)],
        ['transaction', short(sealed.sealed.transaction, verbose)],
        ['opening', out],
      ]),
      '',
      `  Keep ${out} secret and safe. To reveal the work: colophon unseal ${out}`,
    ].join('\n'),
  }
}

/** An opening is the only key to its seal, so none is ever written over. */
async function checkOpening(out: string): Promise<void> {
  await checkOutput(out, false).catch((fault: unknown) => {
    if (!(fault instanceof ColophonError) || fault.code !== 'OUTPUT_EXISTS') throw fault
    throw withHint(
      fault,
      `Openings are never written over: a seal without its opening is lost. To send that seal: colophon seal ${out}; for another: --out.`,
    )
  })
}
