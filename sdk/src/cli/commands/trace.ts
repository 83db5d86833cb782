import { existsSync } from 'node:fs'
import type { Command } from 'commander'
import { decodeDocument } from '../../document/index.ts'
import { parseReceipt } from '../../receipt/index.ts'
import { openBlockStore, type Storage } from '../../storage/index.ts'
import { type Link, sentenceOf, type Trail, trace, trailPage } from '../../trail/index.ts'
import type { Action } from '../action.ts'
import { announces } from '../announces.ts'
import { openChain } from '../chain.ts'
import { EXIT } from '../exitCodes.ts'
import { counted, moment, short } from '../layout.ts'
import { checkOutput, readText, writeBytes } from '../output.ts'
import type { Answer, Session } from '../session.ts'

export function addTrace(program: Command, action: Action): void {
  program
    .command('trace')
    .summary('show what became of a work, from deposit to ruling')
    .description(
      `Follows a work through the contracts: deposit, title and who held it, licenses, claims on either side, evidence, rulings. Every link is checked:
that its transaction wrote it, that its contract is the deployment's, that ids are hashes of what they stand for, that the contract agrees today, and that documents at
hand hash to their CIDs.

Exit code 0: every link holds; 1: one does not; 3: not everything could be asked.`,
    )
    .argument('<id>', 'id of the deposit, or its receipt')
    .option('--html <file>', 'write it as a page, too')
    .option('--force', 'write over that file if it is there')
    .action(
      action<[string], { html?: string; force?: true }>(async (session, options, given) => {
        const id = (await announces(given, 'colophon-deposit-receipt')) ? parseReceipt(await readText(given)).id : given
        if (options.html !== undefined) await checkOutput(options.html, options.force)
        const { provider, deployment } = await openChain(session)
        const store = existsSync(session.settings.store) ? await openBlockStore(session.settings.store) : undefined
        if (store !== undefined) session.onEnd(() => store.close())
        const bar = session.terminal.bar('Following the trail')
        const trail = await trace(id, {
          provider,
          deployment,
          signal: session.signal,
          onProgress: bar.onProgress,
          ...(store === undefined ? {} : { storage: store }),
        }).finally(bar.end)
        if (options.html !== undefined) {
          const title = await titleOf(trail, store)
          await writeBytes(options.html, new TextEncoder().encode(trailPage(trail, title === undefined ? {} : { title })))
        }
        return answerOf(session, trail, options.html)
      }),
    )
}

/** The title in the deposit document, where the store has it. */
async function titleOf({ links }: Trail, store: Storage | undefined): Promise<string | undefined> {
  const cid = links.find(({ event }) => event === 'Deposited')?.cids[0]?.cid
  if (cid === undefined || store === undefined) return undefined
  return await store
    .get(cid)
    .then((bytes) => decodeDocument(bytes).document.title)
    .catch(() => undefined)
}

const VERDICTS = {
  verified: { mark: 'ok', text: 'every link holds.', exitCode: EXIT.ok },
  refuted: { mark: 'no', text: 'at least one link does not hold.', exitCode: EXIT.no },
  incomplete: { mark: 'open', text: 'nothing speaks against it, but not everything could be checked.', exitCode: EXIT.environment },
} as const

function answerOf({ terminal, verbose }: Session, trail: Trail, page: string | undefined): Answer {
  const { mark, text, exitCode } = VERDICTS[trail.verdict]
  const shortened = (value: string): string => value.replace(/\w{40,}/g, (long) => short(long, verbose))
  const entry = (link: Link): string[] => {
    const shown = link.checks.filter(({ status }) => status === 'failed' || verbose)
    const sign = link.checks.some(({ status }) => status === 'failed')
      ? 'no'
      : link.checks.some(({ name, status }) => status === 'skipped' && name !== 'document')
        ? 'open'
        : 'ok'
    return [
      `  ${terminal.mark(sign)} ${moment(link.time)}  ${link.stage.padEnd(8)}  ${shortened(sentenceOf(link))}`,
      `      ${shortened(`block ${link.block}, transaction ${link.transaction}`)}`,
      ...link.cids.map(({ name, cid }) => `      ${name} ${shortened(cid)}`),
      ...shown.map(
        (check) =>
          `      ${terminal.mark(check.status === 'ok' ? 'ok' : check.status === 'failed' ? 'no' : 'open')} ${check.name}: ${shortened(check.explanation)}`,
      ),
    ]
  }
  return {
    data: trail,
    text: [
      `${terminal.mark(mark)} ${terminal.style('bold', `${counted(trail.links.length, 'link')}: ${text}`)}`,
      ...(page === undefined ? [] : [`  The page is in ${page}.`]),
      '',
      ...trail.links.flatMap(entry),
      ...(trail.gaps.length === 0 ? [] : ['', ...trail.gaps.map((gap) => `  ${gap}`)]),
    ].join('\n'),
    exitCode,
  }
}
