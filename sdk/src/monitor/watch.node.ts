import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ColophonError } from '../errors/base.ts'
import { keep } from './examine.node.ts'
import { type Mark, openLedger } from './ledger.node.ts'
import { createWatchedWorks, type WatchedWork } from './matcher.ts'
import { type PassOptions, runPass } from './pass.node.ts'
import { createPermissions, type LicenseCheck, type Permission } from './permissions.ts'
import { gatherReport, type Suspect, type WatchReport } from './report.node.ts'
import { reportPage } from './reportPage.node.ts'
import { pause } from './visitor.node.ts'

export interface WatchOptions extends Omit<PassOptions, 'works'> {
  /** Where the watch keeps what it has seen, its reports, and the copies that it found. */
  folder: string
  works: Iterable<WatchedWork> | AsyncIterable<WatchedWork>
  /** Uses that are no infringement. */
  permissions?: readonly Permission[]
  /** Says whether a license that a permission names is in force; without it no license counts. */
  licenseInForce?: LicenseCheck
  /** Milliseconds from the beginning of a pass to that of the next; without it there is one pass. */
  every?: number
  /** Passes after which to end; without end by default when `every` is given. */
  passes?: number
  /** Told of each report when it is written. */
  onReport?: (report: WatchReport) => void | Promise<void>
}

/** Changes when works are compared in another way than before, so that everything is looked at anew. */
const METHOD = 2

/**
 * Watches for copies of works: visits what the watch list leads to, compares what it finds, and writes `report.json` and `report.html`. What was seen is kept in the
 * folder; a pass that was interrupted, however it was, goes on where it was.
 *
 * @returns the last report
 * @throws ColophonError `WATCH_INPUT_INVALID`, `WATCH_BUSY`, `WATCH_DAMAGED`, `OUTPUT_UNWRITABLE`; the signal's reason when aborted
 */
export async function watch(options: WatchOptions): Promise<WatchReport> {
  const { folder, signal, every, passes = every === undefined ? 1 : Number.POSITIVE_INFINITY, permissions = [], licenseInForce } = options
  signal?.throwIfAborted()
  // A mistake in the list ends the call before anything is visited.
  createPermissions(permissions, licenseInForce)
  if (options.sources.length === 0)
    throw new ColophonError('WATCH_INPUT_INVALID', 'There is nothing to watch.', { hint: 'Give addresses, folders or lists.' })
  const works = await createWatchedWorks(options.works)
  try {
    if (works.size === 0)
      throw new ColophonError('WATCH_INPUT_INVALID', 'There is no work to watch for.', {
        hint: 'Give at least one.',
        details: { works: 0 },
      })
    const watching = createHash('sha256').update(`${METHOD} ${works.digest}`).digest('hex')
    for (let done = 1; ; done++) {
      // Between passes the folder is free, so that suspects can be acted upon.
      const ledger = await openLedger(folder, true)
      let report: WatchReport
      let begun: number
      try {
        const { pass } = ledger
        if (pass.ended !== undefined || pass.watching !== watching) await ledger.begin(watching)
        begun = Date.parse(ledger.pass.begun)
        await runPass(ledger, { ...options, works })
        // Licenses may have ended since the pass before.
        report = await gatherReport(ledger, works, createPermissions(permissions, licenseInForce))
        await writeReport(folder, report)
      } finally {
        await ledger.close()
      }
      await options.onReport?.(report)
      if (done >= passes || every === undefined) return report
      await pause(begun + every - Date.now(), signal)
    }
  } finally {
    await works.close()
  }
}

async function writeReport(folder: string, report: WatchReport): Promise<void> {
  let page = ''
  for await (const part of reportPage(report, folder)) page += part
  await keep(folder, 'report.html', page)
  await keep(folder, 'report.json', `${JSON.stringify(report, null, 2)}\n`)
}

/**
 * A suspect of a watch, as its ledger has it, with where it was seen when the last report was written.
 *
 * @throws ColophonError `SUSPECT_UNKNOWN`, `WATCH_NOT_FOUND`, `WATCH_DAMAGED`
 */
export async function findSuspect(folder: string, id: string): Promise<Suspect> {
  const report = await readReport(folder)
  const found = [...report.suspects, ...report.permitted, ...report.dismissed, ...report.gone].filter((each) => each.id === id)
  if (found[0] === undefined)
    throw new ColophonError('SUSPECT_UNKNOWN', `The watch in ${folder} has no suspect ${id}.`, {
      hint: 'Ids are in report.html and report.json.',
      details: { folder, id },
    })
  const ledger = await openLedger(folder, false)
  try {
    return { ...found[0], ...ledger.marks.get(id) }
  } finally {
    await ledger.close()
  }
}

/**
 * Notes what was done about a suspect; a reason for which it is no suspect takes it out of the next report.
 *
 * @throws ColophonError `WATCH_BUSY` while a pass runs, `WATCH_NOT_FOUND`, `OUTPUT_UNWRITABLE`
 */
export async function markSuspect(folder: string, id: string, mark: Mark): Promise<void> {
  await (await openLedger(folder, false)).close()
  const ledger = await openLedger(folder, true)
  try {
    if (!ledger.findings.has(id))
      throw new ColophonError('SUSPECT_UNKNOWN', `The watch in ${folder} has no suspect ${id}.`, {
        hint: 'Ids are in report.html and report.json.',
        details: { folder, id },
      })
    await ledger.mark(id, mark)
  } finally {
    await ledger.close()
  }
}

/** The report that was written last. @throws ColophonError `WATCH_NOT_FOUND` */
export async function readReport(folder: string): Promise<WatchReport> {
  try {
    return JSON.parse(await readFile(join(folder, 'report.json'), 'utf8')) as WatchReport
  } catch (cause) {
    throw new ColophonError('WATCH_NOT_FOUND', `There is no report in ${folder}.`, {
      hint: 'Name the folder of a watch that has ended a pass, or begin one with: colophon watch run',
      details: { folder },
      cause,
    })
  }
}
