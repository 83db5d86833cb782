import { existsSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { type Command, Option } from 'commander'
import { type BatchForecast, type BatchOptions, type BatchResult, planBatch, receiptFileOf, runBatch } from '../../batch/index.ts'
import type { WorkDescription } from '../../document/index.ts'
import { ColophonError } from '../../errors/base.ts'
import { openSimilarityIndex } from '../../search/index.ts'
import { createDryStore, openBlockStore } from '../../storage/index.ts'
import type { Action } from '../action.ts'
import { anchoredText, refusedLines } from '../anchoredBatch.ts'
import { confirmCost, costOf, openWritingChain, type WritingChain } from '../chain.ts'
import { addDescriptionOptions, type DescriptionOptions, describe, readDescription } from '../description.ts'
import { dryRun } from '../dryRun.ts'
import { EXIT } from '../exitCodes.ts'
import { indexedBatch, isIndexedBatch, writeReceiptToLift } from '../indexedBatch.ts'
import { counted, short } from '../layout.ts'
import type { Answer, Session } from '../session.ts'
import { lift } from './lift.ts'
import { wholeNumber } from './stack.ts'

export interface BatchFlags extends DescriptionOptions {
  out?: string
  indexed?: true
  documents: boolean
  skip?: true
  unsupported?: 'refuse' | 'data'
  descriptions?: string
  jobs?: number
  lift?: string
  index?: string
  despiteLookAlikes?: true
  yes?: true
  dryRun?: true
}

export function addBatch(program: Command, action: Action): void {
  const command = program
    .command('batch')
    .summary('deposit a folder with one transaction')
    .description(
      `Deposits every file of a folder: fingerprints them, pins their documents, anchors them all with one transaction and writes a receipt
for each. Stopped or killed, it goes on where it was when run again, and never pays twice.

For very many works, up to 16,777,216, give --indexed: their proofs are then in one indexed file, from which colophon receipt KEY --batch takes
each receipt. The works may be in a catalogue instead of a folder, a JSON object a line: {"key", "contentHash", "fingerprint", "fingerprintType"}
for what is known already, {"key", "file", "description"} for files to read.`,
    )
    .argument('<works>', 'folder with the works, and folders in it; hidden files are left out. With --indexed also a catalogue')
    .option('--out <folder>', 'journal, and receipts or proofs; WORKS.colophon by default')
    .option('--indexed', 'for very many works: proofs in one indexed file, no receipt for each, no list of the works in the storage')
    .option('--no-documents', 'with --indexed: pin no documents; works are known by their fingerprints alone')
    .option('--skip', 'leave out files that cannot be deposited, instead of stopping before anything is paid')
    .addOption(
      new Option(
        '--unsupported <what>',
        'files without a robust fingerprint: refuse them, or take them as data, by identity alone',
      ).choices(['refuse', 'data']),
    )
    .option('--jobs <number>', 'files in work at the same time; one for each processor by default', wholeNumber(1, 256))
    .option(
      '--index <folder>',
      'look for look-alikes of each work in this index first, say in its document what was found, and add the works to it',
    )
    .option('--despite-look-alikes', 'deposit works even if there are any')
    .option('--yes', 'agree to the cost beforehand')
    .option('--dry-run', 'say what it would do and cost; send, pin and write nothing')
    .option('--lift <file>', 'instead: give this file (with --indexed, this key) of the finished batch a record of its own')
  addDescriptionOptions(command)
    .option('--descriptions <file>', 'JSON object from path in the folder to description, for what differs from file to file')
    .action(
      action<[string], BatchFlags>(async (session, options, folder) => {
        // Resolved first: `.` has no name that something could be put behind.
        const out = options.out ?? relative('.', `${resolve(folder)}.colophon`)
        if (options.lift !== undefined) {
          const receipt = (await isIndexedBatch(out))
            ? await writeReceiptToLift(out, options.lift)
            : receiptToLift(folder, out, options.lift)
          return await lift(session, { ...(options.yes && { yes: true }), ...(options.dryRun && { dryRun: true }) }, receipt)
        }
        if (options.indexed) return await indexedBatch(session, options, folder, out)
        if (!options.documents)
          throw new ColophonError('USAGE', 'Only a batch with --indexed can do without documents.', { hint: 'Add --indexed.' })
        return await batch(session, options, folder, out)
      }),
    )
}

async function batch(session: Session, options: BatchFlags, folder: string, out: string): Promise<Answer> {
  const common = options.description === undefined ? {} : await readDescription(options.description)
  const single =
    options.descriptions === undefined ? {} : await readDescription<Record<string, Partial<WorkDescription>>>(options.descriptions)
  // Whose works they are is asked before an hour of fingerprinting.
  describe(session, options, common, 'any')
  const chain = await openWritingChain(session)
  const storage = options.dryRun ? createDryStore() : await openBlockStore(session.settings.store)
  session.onEnd(() => storage.close())
  const index = options.index === undefined ? undefined : await openSimilarityIndex(options.index, options.dryRun ? { mode: 'read' } : {})
  if (index !== undefined) session.onEnd(() => index.close())
  const bar = session.terminal.bar(basename(resolve(folder)))
  const run: BatchOptions = {
    folder,
    out,
    storage,
    colophon: chain.colophon,
    signer: chain.account.wallet.connect(chain.provider),
    describe: (path) => describe(session, options, { ...common, ...(Object.hasOwn(single, path) ? single[path] : {}) }, basename(path)),
    refused: options.skip ? 'skip' : 'stop',
    ...(index === undefined ? {} : { index, lookAlikes: options.despiteLookAlikes ? ('deposit' as const) : ('stop' as const) }),
    ...(options.unsupported === undefined ? {} : { unsupported: options.unsupported }),
    ...(options.jobs === undefined ? {} : { concurrency: options.jobs }),
    confirm: async ({ count, gas, lookAlikes }) => {
      bar.end()
      const { count: alike, first } = lookAlikes ?? { count: 0, first: [] }
      if (alike > 0) session.terminal.note(`${counted(alike, 'work')} with look-alikes in the index:`)
      for (const { path, lookAlikes: own } of first.slice(0, 20)) {
        for (const { deposit, verdict, reason } of own) session.terminal.note(`  ${path}  ${verdict}  ${deposit ?? ''}  ${reason}`)
      }
      const cost = await costOf(chain, gas)
      await confirmCost(session, chain.chainId, `Anchoring ${counted(count, 'work')}`, cost, options.yes)
    },
    signal: session.signal,
    onProgress: bar.onProgress,
  }
  if (options.dryRun) return await forecast(session, chain, await planBatch(run).finally(bar.end))
  return answerOf(session, await runBatch(run).finally(bar.end), folder)
}

async function forecast(session: Session, chain: WritingChain, plan: BatchForecast): Promise<Answer> {
  const { verbose } = session
  const { root, count, manifestCid, gas, lookAlikes, refused, own, later, alreadyAnchored } = plan
  const answer = dryRun(
    chain,
    'batch',
    { works: String(count), root: short(root, verbose), manifest: short(manifestCid, verbose) },
    await costOf(chain, gas),
  )
  return {
    data: { ...(answer.data as object), root, count, manifestCid, ...(lookAlikes && { lookAlikes }), refused, own, later, alreadyAnchored },
    text: [answer.text, ...leftOut(session, plan)].join('\n'),
  }
}

function answerOf(session: Session, result: BatchResult, folder: string): Answer {
  const { manifestCid, receipts } = result
  return {
    data: result,
    text: anchoredText(session, {
      ...result,
      made: [
        ['manifest', short(manifestCid, session.verbose)],
        ['receipts', relative('.', receipts) || '.'],
      ],
      leftOut: leftOut(session, result),
      next: `Anyone can check a work with: colophon verify ${relative('.', receiptFileOf(receipts, 'NAME'))} --file ${join(folder, 'NAME')}`,
    }),
    exitCode: EXIT.ok,
  }
}

/** Lines on the files that are no part of the batch. */
function leftOut(session: Session, { refused, own, later }: Pick<BatchResult, 'refused' | 'own' | 'later'>): string[] {
  const named = session.verbose ? own : own.slice(0, 3)
  const more = own.length - named.length
  return [
    ...refusedLines(
      session,
      refused.map(({ path, message }) => [path, message]),
    ),
    ...(own.length === 0
      ? []
      : [
          '',
          `  Colophon's own files are no works and were left out: ${named.join(', ')}${more > 0 ? ` and ${more} more (--verbose)` : ''}.`,
        ]),
    ...(later.length === 0
      ? []
      : ['', `  ${counted(later.length, 'file')} came or changed after the batch was closed. Deposit them with another --out.`]),
  ]
}

/** The receipt of a file of the folder, named by its path in the folder or by its path from here. */
function receiptToLift(folder: string, out: string, file: string): string {
  const receipts = join(out, 'receipts')
  const inside = relative(resolve(folder), resolve(file)).split(/[/\\]/).join('/')
  for (const path of [file, inside]) {
    const candidate = receiptFileOf(receipts, path)
    if (!relative(receipts, candidate).startsWith('..') && existsSync(candidate)) return candidate
  }
  throw new ColophonError('RECEIPT_NOT_FOUND', `The batch has no receipt for ${file}.`, {
    hint: `Finish the batch first, and name a file of ${dirname(join(folder, 'x'))}.`,
    details: { file, receipts },
  })
}
