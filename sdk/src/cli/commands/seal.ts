import type { Command } from 'commander'
import { parseOpening } from '../../deposits/index.ts'
import { ColophonError } from '../../errors/base.ts'
import { confirmCost, costOf, openWritingChain } from '../chain.ts'
import { addDescriptionOptions, type DescriptionOptions } from '../description.ts'
import { withHint } from '../hints.ts'
import { facts, moment, short } from '../layout.ts'
import { checkOutput, readText, writeJson, writeReceipt } from '../output.ts'
import type { Action } from '../program.ts'
import { addWriteOptions, depositedAnswer, dryRun, prepareWork, sending, type WriteFlags } from './deposit.ts'
import { type MediaOptions, mediaOption } from './fingerprint.ts'

export function addSeal(program: Command, action: Action): void {
  const seal = program
    .command('seal')
    .summary('fix the time of a work without showing it')
    .description(
      `Puts a commitment on the chain that gives nothing of the work away, and writes the opening that reveals it later.
Keep the opening: without it the seal proves nothing. Until you unseal, nobody can copy the deposit.`,
    )
    .argument('<file>', 'the work')
    .addOption(mediaOption())
  addDescriptionOptions(seal)
  addWriteOptions(seal, 'opening; FILE.opening.json by default').action(
    action<[string], DescriptionOptions & MediaOptions & WriteFlags>(async (session, options, file) => {
      const out = options.out ?? `${file}.opening.json`
      const chain = await openWritingChain(session)
      const { found, pin } = await prepareWork(session, file, options)
      if (!options.dryRun) await checkOutput(out, options.force)
      const document = await pin()
      const opening = await chain.colophon.deposits.prepareSeal({ fingerprint: found, document })
      const cost = await costOf(chain, await chain.colophon.deposits.seal.estimate(opening))
      if (options.dryRun) return dryRun(chain, 'seal', { claimant: chain.address, document: document.cid }, cost)
      await confirmCost(session, chain.chainId, 'The seal', cost, options.yes)
      // The salt is on the disk before the seal is paid for: no crash can lose it.
      await writeJson(out, opening, { secret: true })
      const sealed = await sending(session, 'Sealing', (long) => chain.colophon.deposits.seal(opening, long)).catch((fault: unknown) => {
        if (!(fault instanceof ColophonError) || fault.code !== 'TRANSACTION_PENDING') throw fault
        throw withHint(fault, `Do not send it again. Once it is mined the seal stands; keep ${out} secret and safe.`)
      })
      return {
        data: { opening: out, ...sealed },
        text: [
          `${session.terminal.mark('ok')} Sealed. The chain knows that you have something, not what.`,
          '',
          facts([
            ['commitment', short(sealed.commitment, session.verbose)],
            ['claimant', sealed.claimant],
            ['sealed at', moment(sealed.sealed.time)],
            ['transaction', short(sealed.sealed.transaction, session.verbose)],
            ['opening', out],
          ]),
          '',
          `  Keep ${out} secret and safe. To reveal the work: colophon unseal ${out}`,
        ].join('\n'),
      }
    }),
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
