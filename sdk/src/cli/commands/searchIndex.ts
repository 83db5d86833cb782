import { join } from 'node:path'
import type { Command } from 'commander'
import { ColophonError } from '../../errors/base.ts'
import { type Hit, type IndexedWork, openSimilarityIndex } from '../../search/index.ts'
import type { Action } from '../action.ts'
import { EXIT } from '../exitCodes.ts'
import { counted, facts, short, table } from '../layout.ts'
import type { Answer, Session } from '../session.ts'
import { bytes } from '../terminal.ts'
import { addChainIndex } from './chainIndex.ts'
import { fingerprintFile, type MediaOptions, mediaOption } from './fingerprint.ts'
import { wholeNumber } from './stack.ts'

interface IndexFlags extends MediaOptions {
  index: string
  id?: string
  threshold?: number
  most?: number
}

/** Where look-alikes are looked for. */
export const SIMILARITY_FOLDER: string = join('.colophon', 'index')

export function addIndex(program: Command, action: Action): void {
  const index = program
    .command('index')
    .summary('find look-alikes, and index a chain')
    .description(
      `Keeps works in an index on this machine and finds those that look or read like another (add, search, verify);
keeps what happened on a chain in a database and answers questions about it (sync, serve).`,
    )
  const place = (command: Command): Command => command.option('--index <folder>', 'where the index is', SIMILARITY_FOLDER)

  place(index.command('add'))
    .summary('add works by their fingerprints')
    .description('Adds works by their fingerprints, each under its SHA-256 or the id given.')
    .argument('<file...>', 'works')
    .option('--id <id>', 'id of the work, such as that of its deposit')
    .addOption(mediaOption())
    .action(action<[string[]], IndexFlags>((session, options, files) => add(session, options, files)))

  place(index.command('search'))
    .summary('find works like this one')
    .description('Finds works like this one. Exit code 0: some found, 1: none.')
    .argument('<file>', 'a work')
    .option('--threshold <bits>', 'bits of 256 in which codes may differ', wholeNumber(0, 75))
    .option('--most <count>', 'most works to show', wholeNumber(1, 10_000))
    .addOption(mediaOption())
    .action(action<[string], IndexFlags>((session, options, file) => search(session, options, file)))

  place(index.command('verify'))
    .description('Reads all of the index and checks it.')
    .action(action<[], IndexFlags>((session, options) => verify(session, options)))

  addChainIndex(index, action)
}

async function add(session: Session, options: IndexFlags, files: readonly string[]): Promise<Answer> {
  if (options.id !== undefined && files.length > 1) throw usage('Several files cannot have one id.', 'colophon index add FILE --id ID')
  const index = await openSimilarityIndex(options.index)
  session.onEnd(() => index.close())
  const added: { file: string; id: string }[] = []
  async function* works(): AsyncGenerator<IndexedWork> {
    for (const file of files) {
      const fingerprint = await fingerprintFile(session, file, options)
      const id = options.id ?? fingerprint.sha256
      added.push({ file, id })
      yield { id, fingerprint }
    }
  }
  await index.insertMany(works(), { signal: session.signal })
  return {
    data: { index: options.index, added, works: await index.size() },
    text: `${session.terminal.mark('ok')} Added ${counted(added.length, 'work')}; the index has ${counted(await index.size(), 'work')}.`,
  }
}

async function search(session: Session, options: IndexFlags, file: string): Promise<Answer> {
  const fingerprint = await fingerprintFile(session, file, options)
  const index = await openSimilarityIndex(options.index, { mode: 'read' })
  session.onEnd(() => index.close())
  const { threshold, most } = options
  const hits = await index.search(fingerprint, {
    ...(threshold === undefined ? {} : { threshold }),
    ...(most === undefined ? {} : { k: most }),
    exact: true,
    signal: session.signal,
  })
  const found: (Hit & { reason: string })[] = []
  for (const hit of hits) found.push({ ...hit, reason: (await index.explain(fingerprint, hit.id)).reason })
  return {
    data: { index: options.index, file, found },
    text:
      found.length === 0
        ? `Nothing in the index is like ${file}.`
        : table(found.map(({ id, verdict, reason }) => [verdict.toUpperCase(), short(id, session.verbose), reason])),
    exitCode: found.length === 0 ? EXIT.no : EXIT.ok,
  }
}

async function verify(session: Session, options: IndexFlags): Promise<Answer> {
  const index = await openSimilarityIndex(options.index, { mode: 'read' })
  session.onEnd(() => index.close())
  const bar = session.terminal.bar('Checking')
  try {
    const report = await index.verify({ signal: session.signal, onProgress: bar.onProgress })
    return {
      data: { index: options.index, ...report },
      text: [
        `${session.terminal.mark('ok')} The index is whole.`,
        '',
        facts([
          ['works', report.works.toLocaleString('en')],
          ['codes', report.codes.toLocaleString('en')],
          ['keys', report.keys.toLocaleString('en')],
          ['removed', report.dead === 0 ? undefined : report.dead.toLocaleString('en')],
          ['size', bytes(report.bytes)],
        ]),
      ].join('\n'),
    }
  } finally {
    bar.end()
  }
}

function usage(message: string, hint: string): ColophonError {
  return new ColophonError('USAGE', message, { hint })
}
