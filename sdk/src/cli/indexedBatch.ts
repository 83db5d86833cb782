import { stat } from 'node:fs/promises'
import { basename, join, relative, resolve } from 'node:path'
import { type BatchEstimate, type BatchSource, type CreateBatchOptions, type CreatedBatch, openBatch } from '../batch/index.ts'
import type { WorkDescription } from '../document/index.ts'
import { ColophonError } from '../errors/base.ts'
import type { DepositReceipt } from '../receipt/index.ts'
import { openSimilarityIndex } from '../search/index.ts'
import { openBlockStore } from '../storage/index.ts'
import { anchoredText, refusedLines } from './anchoredBatch.ts'
import { checkCatalogue, itemsOfCatalogue } from './catalogue.ts'
import { confirmCost, costOf, openWritingChain, type WritingChain } from './chain.ts'
import type { BatchFlags } from './commands/batch.ts'
import { describe, readDescription } from './description.ts'
import { dryRun } from './dryRun.ts'
import { counted, short } from './layout.ts'
import { checkOutput, writeJson } from './output.ts'
import type { Answer, Session } from './session.ts'

/** Anchors a folder or a catalogue with its proofs in one indexed file. */
export async function indexedBatch(session: Session, options: BatchFlags, path: string, out: string): Promise<Answer> {
  const { signal, terminal } = session
  const common = options.description === undefined ? {} : await readDescription(options.description)
  const single =
    options.descriptions === undefined ? {} : await readDescription<Record<string, Partial<WorkDescription>>>(options.descriptions)
  const isFolder = (await stat(path).catch(() => undefined))?.isDirectory() !== false
  const catalogue = isFolder ? undefined : await checkCatalogue(path, signal)
  const documents = options.documents && (catalogue?.hasFiles ?? true)
  if (!documents && options.index !== undefined)
    throw new ColophonError('USAGE', 'An index needs documents: what was found is said in them.', {
      hint: options.documents ? 'Leave --index out: this catalogue names no files.' : 'Leave out --index or --no-documents.',
    })
  const described = (known: Partial<WorkDescription>, name: string): WorkDescription =>
    describe(session, options, { ...common, ...known }, basename(name))
  // Whose works they are is asked before an hour of fingerprinting; a catalogue may say it line by line.
  if (documents && isFolder) described({}, 'any')
  const chain = await openWritingChain(session)
  const storage = documents ? await openBlockStore(session.settings.store) : undefined
  if (storage !== undefined) session.onEnd(() => storage.close())
  const index = options.index === undefined ? undefined : await openSimilarityIndex(options.index, options.dryRun ? { mode: 'read' } : {})
  if (index !== undefined) session.onEnd(() => index.close())
  const source: BatchSource = isFolder ? path : itemsOfCatalogue(path, documents ? described : undefined)
  const bar = terminal.bar(basename(resolve(path)))
  const batch: CreateBatchOptions = {
    out,
    ...(storage && { storage }),
    ...(documents && isFolder && { describe: (key) => described(Object.hasOwn(single, key) ? single[key]! : {}, key) }),
    refused: options.skip ? 'skip' : 'stop',
    ...(options.unsupported && { unsupported: options.unsupported }),
    ...(options.jobs !== undefined && { threads: options.jobs }),
    ...(index && { index, lookAlikes: options.despiteLookAlikes ? ('deposit' as const) : ('refuse' as const) }),
    ...(catalogue && { total: catalogue.count }),
    confirm: async ({ count, gas }) => {
      bar.end()
      await confirmCost(session, chain.chainId, `Anchoring ${counted(count, 'work')}`, await costOf(chain, gas), options.yes)
    },
    signal,
    onProgress: bar.onProgress,
  }
  const { deposits } = chain.colophon
  if (options.dryRun) return await forecast(session, chain, await deposits.estimateBatch(source, batch).finally(bar.end))
  return answerOf(session, await deposits.createBatch(source, batch).finally(bar.end), out)
}

async function forecast(session: Session, chain: WritingChain, estimate: BatchEstimate): Promise<Answer> {
  const { root, count, gas, refused, alreadyAnchored } = estimate
  const answer = dryRun(chain, 'batch', { works: String(count), root: short(root, session.verbose) }, await costOf(chain, gas))
  return {
    data: { ...(answer.data as object), root, count, refused, alreadyAnchored },
    text: [answer.text, ...leftOut(session, refused)].join('\n'),
  }
}

function answerOf(session: Session, result: CreatedBatch, out: string): Answer {
  const folder = relative('.', out) || '.'
  return {
    data: { ...result, out },
    text: anchoredText(session, {
      ...result,
      made: [['proofs', folder]],
      leftOut: leftOut(session, result.refused),
      next: `Keep ${folder}: it has the proofs. The receipt of a work: colophon receipt KEY --batch ${folder}`,
    }),
  }
}

function leftOut(session: Session, refused: CreatedBatch['refused']): string[] {
  return refusedLines(
    session,
    refused.map(({ key, message }) => [key, message]),
  )
}

/** Whether a folder has a batch of this form. */
export async function isIndexedBatch(folder: string): Promise<boolean> {
  return (await stat(join(folder, 'works.bin')).catch(() => undefined))?.isFile() === true
}

/**
 * The receipt of one work of an indexed batch.
 * @param name the work's key, or its number from 0
 * @throws BATCH_NOT_FOUND, BATCH_UNFINISHED, BATCH_DAMAGED, BATCH_NO_SUCH_WORK
 */
export async function receiptOfWork(folder: string, name: string): Promise<DepositReceipt> {
  const batch = await openBatch(folder)
  try {
    const index = (await batch.find(name))?.index ?? (/^\d{1,9}$/.test(name) ? Number(name) : undefined)
    if (index === undefined || index >= batch.count)
      throw new ColophonError('BATCH_NO_SUCH_WORK', `The batch has no work ${name}.`, {
        hint: 'A work is named by its key, which in a folder is the path below it, or by its number from 0.',
        details: { folder, work: name, count: batch.count },
      })
    return await batch.receipt(index)
  } finally {
    await batch.close()
  }
}

/** Writes the receipt of a work of an indexed batch, unless it is there, and says where. @throws as `receiptOfWork`, and OUTPUT_UNWRITABLE */
export async function writeReceiptToLift(folder: string, name: string): Promise<string> {
  const receipt = await receiptOfWork(folder, name)
  const file = join(folder, 'receipts', `${receipt.id}.receipt.json`)
  if ((await stat(file).catch(() => undefined)) !== undefined) return file
  await checkOutput(file, undefined)
  await writeJson(file, receipt)
  return file
}
