import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type Command, InvalidArgumentError } from 'commander'
import { ColophonError } from '../../errors/base.ts'
import { findSuspect, markSuspect, type Permission, readReport, type Suspect, type WatchReport, watch } from '../../monitor/index.ts'
import type { Action } from '../action.ts'
import { openChain, type ReadingChain } from '../chain.ts'
import { EXIT } from '../exitCodes.ts'
import { counted, facts, short } from '../layout.ts'
import { addSendOptions } from '../sending.ts'
import type { Answer, Session } from '../session.ts'
import { count, span } from '../values.ts'
import { watchedWorks } from '../watchedWorks.ts'
import { wholeNumber } from './stack.ts'
import { actOn, type ClaimSuspectFlags } from './watchClaim.ts'

interface RunFlags {
  work: string[]
  folder: string
  permit?: string
  every?: number
  passes?: number
  depth: number
  pages: number
  hosts: number
  delay: number
  timeout: number
  maxSize: number
  allow?: string[]
  render?: true
  renderPages: number
}

const FOLDER = join('.colophon', 'watch')

export function addWatch(program: Command, action: Action): void {
  const command = program
    .command('watch')
    .summary('watch the web for copies of works')
    .description(`Visits pages, compares what they show with your works, and reports copies. From a suspect it is one command to captured evidence and a
filed claim. Everything it has seen is kept in a folder: a run that was stopped, however it was, goes on where it was.`)

  command
    .command('run')
    .description(
      `Visits what is named, and what it leads to: addresses of pages, sitemaps, feeds (RSS, Atom) and lists (CSV), folders and lists on this
machine. Robots.txt is obeyed, a host is asked once a second, and only what changed is fetched again. Writes report.html and report.json into the folder.

Exit code 0: nothing new; 1: new suspects; 3: nothing could be visited. For cron: one pass and an exit code; for a service: --every.`,
    )
    .argument('<source...>', 'what to watch')
    .requiredOption('--work <path...>', 'your works, or folders of them; a receipt beside a file gives the id of its deposit')
    .option('--folder <folder>', 'where the watch keeps what it has seen', FOLDER)
    .option('--permit <file>', 'permitted uses, as JSON')
    .optionsGroup('When:')
    .option('--every <time>', 'repeat, such as 6h, until Ctrl-C', interval)
    .option('--passes <number>', 'repeat so often', count)
    .optionsGroup('How far:')
    .option('--depth <links>', 'links to follow on the same host', wholeNumber(0, 100), 3)
    .option('--pages <number>', 'most pages of one host in one pass', count, 1000)
    .option('--max-size <mebibytes>', 'largest file that is looked at', wholeNumber(1, 1024), 64)
    .option('--render', 'let scripts place what pages show, in a headless Chromium; without it no script runs')
    .option('--render-pages <number>', 'most pages of one host whose scripts run in one pass', count, 200)
    .optionsGroup('How politely:')
    .option('--hosts <number>', 'hosts to visit at once', wholeNumber(1, 64), 4)
    .option('--delay <milliseconds>', 'between two requests to one host', wholeNumber(0, 3_600_000), 1000)
    .option('--timeout <seconds>', 'for one answer', wholeNumber(1, 600), 30)
    .option('--allow <host:port...>', 'addresses that may be visited though they are not public')
    .action(action<[string[]], RunFlags>(async (session, flags, sources) => await run(session, flags, sources)))

  command
    .command('show')
    .description('Shows the last report, or one suspect of it.')
    .argument('[suspect]', 'its id')
    .option('--folder <folder>', 'folder of the watch', FOLDER)
    .action(
      action<[string | undefined], { folder: string }>(async (session, { folder }, id) => {
        if (id === undefined) return summaryOf(session, await readReport(folder), folder)
        const suspect = await findSuspect(folder, id)
        return { data: suspect, text: described(session, suspect, folder).join('\n') }
      }),
    )

  command
    .command('dismiss')
    .description('Takes a suspect out of the reports to come.')
    .argument('<suspect>', 'its id')
    .requiredOption('--why <text>', 'why it is none; the reports say so')
    .option('--folder <folder>', 'folder of the watch', FOLDER)
    .action(
      action<[string], { folder: string; why: string }>(async (session, { folder, why }, id) => {
        await markSuspect(folder, id, { dismissed: why })
        return { data: { suspect: id, dismissed: why }, text: `${session.terminal.mark('ok')} Dismissed.` }
      }),
    )

  addSendOptions(
    command
      .command('claim')
      .description(
        `Captures the page of a suspect as evidence, with what it shares with your work drawn side by side, signs it, and files a claim that names it.
What was done already is not done again: run it once more to go on after a fault.`,
      )
      .argument('<suspect>', 'its id')
      .option('--folder <folder>', 'folder of the watch', FOLDER)
      .option('--page <url>', 'the page to capture, if the copy is seen on several; the first by default')
      .option('--respondent <address>', 'who is said to infringe')
      .option('--tsa <url>', 'time-stamping authority (RFC 3161) that witnesses the evidence')
      .option('--evidence-only', 'capture, file no claim')
      .option('--browser <file>', 'a Chromium other than the one that is installed')
      .option('--no-browser', 'capture over plain HTTP: the file itself, without screenshot')
      .option('--allow <host:port...>', 'addresses that may be captured though they are not public'),
  ).action(action<[string], ClaimSuspectFlags>(async (session, flags, id) => await actOn(session, flags, id)))
}

/** Milliseconds. */
function interval(text: string): number {
  const duration = span(text)
  if (duration === 'forever') throw new InvalidArgumentError('It should be a time such as 6h, 1d, 30s.')
  const { years = 0, days = 0, hours = 0, seconds = 0 } = duration as Partial<Record<'years' | 'days' | 'hours' | 'seconds', number>>
  return (((years * 365 + days) * 24 + hours) * 3600 + seconds) * 1000
}

async function run(session: Session, flags: RunFlags, sources: readonly string[]): Promise<Answer> {
  const { folder, every, passes } = flags
  const permissions = flags.permit === undefined ? [] : await permissionsFrom(flags.permit)
  const licensed = permissions.some(({ license }) => license !== undefined)
  const chain = licensed ? await openChain(session) : undefined
  const bar = session.terminal.bar('Watching')
  const report = await watch({
    folder,
    sources,
    works: watchedWorks(session, flags.work, folder),
    permissions,
    ...(chain === undefined ? {} : { licenseInForce: licenseCheck(chain) }),
    ...(every === undefined ? {} : { every }),
    ...(passes === undefined ? {} : { passes }),
    hosts: flags.hosts,
    limits: { depth: flags.depth, pages: flags.pages, mediumBytes: flags.maxSize << 20 },
    politeness: { delay: flags.delay, timeout: flags.timeout * 1000, allow: flags.allow ?? [] },
    ...(flags.render === undefined ? {} : { render: { pages: flags.renderPages } }),
    signal: session.signal,
    onProgress: bar.onProgress,
    // One answer a pass; the last one is the command's own.
    onReport: (report) => {
      if (every !== undefined && (passes === undefined || report.pass.number < passes)) session.answer(summaryOf(session, report, folder))
    },
  }).finally(bar.end)
  return summaryOf(session, report, folder)
}

function licenseCheck({ colophon }: ReadingChain) {
  return async (license: string, work: string, { territory, channel }: Permission): Promise<boolean> => {
    const record = await colophon.licenses.get(license)
    // A license of another work allows nothing.
    if (record === undefined || record.workId.toLowerCase() !== work.toLowerCase()) return false
    return await colophon.licenses.isActive(license, { territory: territory!, channel: channel! })
  }
}

async function permissionsFrom(file: string): Promise<Permission[]> {
  if ((await stat(file).catch(() => undefined)) === undefined)
    throw new ColophonError('SOURCE_NOT_FOUND', `There is no file ${file}.`, { hint: 'Check the path.', details: { path: file } })
  try {
    const list = JSON.parse(await readFile(file, 'utf8')) as unknown
    if (Array.isArray(list) && list.every((each) => typeof each === 'object' && each !== null)) return list as Permission[]
  } catch {
    // Told below.
  }
  throw new ColophonError('WATCH_INPUT_INVALID', `${file} is no list of permissions.`, {
    hint: 'It should be a JSON array of objects such as { "where": "example.org", "work": "0x…" }.',
    details: { file },
  })
}

function summaryOf(session: Session, report: WatchReport, folder: string): Answer {
  const { suspects, permitted, looked, gaps, pass } = report
  const fresh = suspects.filter(({ isNew }) => isNew)
  const visited = looked.pages + looked.files + looked.lists
  const shown = fresh.slice(0, 20)
  return {
    data: { folder, ...report },
    text: [
      fresh.length === 0
        ? `${session.terminal.mark(visited === 0 ? 'open' : 'ok')} ${visited === 0 ? 'Nothing could be visited.' : 'Nothing new.'}`
        : `${session.terminal.mark('no')} ${session.terminal.style('bold', `${counted(fresh.length, 'new suspect')}.`)}`,
      '',
      facts([
        ['pass', `${pass.number}, ${pass.ended === undefined ? 'not ended' : `ended ${pass.ended}`}`],
        [
          'visited',
          `${counted(looked.pages, 'page')}, ${counted(looked.files, 'file')}, ${counted(looked.lists, 'list')}; ${looked.unchanged} unchanged`,
        ],
        ['suspects', String(suspects.length)],
        ['permitted', permitted.length === 0 ? undefined : String(permitted.length)],
        ['not visited', gaps.length === 0 ? undefined : gaps.map(({ code, count: number }) => `${number} ${code}`).join(', ')],
        ['report', join(folder, 'report.html')],
      ]),
      ...shown.flatMap((suspect) => ['', ...described(session, suspect, folder)]),
      ...(fresh.length > shown.length ? ['', `  and ${fresh.length - shown.length} more in the report`] : []),
      ...(fresh.length === 0 ? [] : ['', `  To act upon one: colophon watch claim ${fresh[0]!.id}`]),
    ].join('\n'),
    exitCode: fresh.length > 0 ? EXIT.no : visited === 0 ? EXIT.environment : EXIT.ok,
  }
}

function described({ verbose }: Session, suspect: Suspect, folder: string): string[] {
  const { id, grade, work, sightings, sightingsCount, reason, picture, dismissed, evidence, claim } = suspect
  const more = sightingsCount - Math.min(3, sightings.length)
  return [
    `  ${id}  ${grade.toUpperCase()}  ${work.title ?? short(work.id, verbose)}`,
    `      ${reason}`,
    ...sightings.slice(0, 3).map(({ page, permission }) => `      ${page}${permission === undefined ? '' : `  (${permission})`}`),
    ...(more > 0 ? [`      and on ${counted(more, 'other page')}`] : []),
    ...(picture === undefined ? [] : [`      Side by side: ${join(folder, picture)}`]),
    ...(dismissed === undefined ? [] : [`      Dismissed: ${dismissed}`]),
    ...(evidence === undefined ? [] : [`      Evidence: ${evidence.folder}`]),
    ...(claim === undefined ? [] : [`      Claim: ${short(claim.id, verbose)}`]),
  ]
}
