import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { ColophonError } from '../../errors/base.ts'
import { captureEvidence, decodeManifest, signManifest } from '../../evidence/index.ts'
import { findSuspect, markSuspect, type Suspect } from '../../monitor/index.ts'
import { openBlockStore } from '../../storage/index.ts'
import { openWritingChain } from '../chain.ts'
import { folderFor, TOKEN, witnessed, writeFolder } from '../evidenceFolder.ts'
import { facts, short } from '../layout.ts'
import { moneyText } from '../money.ts'
import { type SendFlags, send } from '../sending.ts'
import type { Answer, Session } from '../session.ts'
import { workOf } from '../watchedWorks.ts'

export interface ClaimSuspectFlags extends SendFlags {
  folder: string
  page?: string
  respondent?: string
  tsa?: string
  evidenceOnly?: true
  browser: boolean | string
  allow?: string[]
}

/** From a suspect to a filed claim; each step is noted when it is done, and not done again. */
export async function actOn(session: Session, flags: ClaimSuspectFlags, id: string): Promise<Answer> {
  const suspect = await findSuspect(flags.folder, id)
  if (suspect.claim !== undefined) return claimedAnswer(session, suspect, suspect.claim, 'The claim is filed already.')
  if (flags.evidenceOnly !== true && !/^0x[0-9a-f]{64}$/.test(suspect.work.id))
    throw new ColophonError('USAGE', 'The work was watched by an id that is not of a deposit.', {
      hint: 'Keep the receipt beside the file as FILE.receipt.json and run the watch again; or capture with --evidence-only.',
      details: { suspect: id, work: suspect.work.id },
    })
  const evidence = await evidenceOf(session, flags, suspect)
  if (flags.evidenceOnly === true) return evidenceAnswer(session, suspect, evidence)
  return await send(session, flags, {
    what: 'The claim',
    label: 'Filing',
    write: ({ colophon }) => colophon.claims.file,
    input: {
      workId: suspect.work.id,
      evidence: evidence.cid,
      ...(flags.respondent === undefined ? {} : { respondent: flags.respondent }),
      ...(suspect.code === undefined ? {} : { fingerprint: suspect.code }),
    },
    about: { work: suspect.work.id, evidence: evidence.cid, page: evidence.page },
    answer: async (filed, { colophon }) => {
      await markSuspect(flags.folder, id, { claim: { id: filed.id, transaction: filed.transaction } })
      const bond = moneyText(filed.bond, await colophon.revenue.currency('native'))
      const done = { ...suspect, evidence, claim: { id: filed.id, transaction: filed.transaction } }
      return claimedAnswer(session, done, done.claim, 'Filed.', bond, filed.distance)
    },
  })
}

/** The file that was found on a page: a browser may not load it. */
function filesOf({ sightings }: Suspect, page: string): string[] {
  return sightings.flatMap((sighting) => (sighting.page === page && sighting.url?.startsWith('http') === true ? [sighting.url] : []))
}

type Captured = NonNullable<Suspect['evidence']>

/** The evidence that was captured before, or captured now. */
async function evidenceOf(session: Session, flags: ClaimSuspectFlags, suspect: Suspect): Promise<Captured> {
  const before = suspect.evidence
  if (before !== undefined && existsSync(join(before.folder, 'manifest.json'))) {
    if (flags.tsa !== undefined && !existsSync(join(before.folder, TOKEN))) {
      const { digest } = decodeManifest(await readFile(join(before.folder, 'manifest.json')))
      await witnessed(session, before.folder, digest, flags.tsa)
    }
    return before
  }
  const { file } = suspect.work
  if (file === undefined || !existsSync(file))
    throw new ColophonError('SOURCE_NOT_FOUND', `The work itself is not at ${file ?? 'any path that the watch knows'}.`, {
      hint: 'Put it back, so that the evidence can say what the page shares with it.',
      details: { path: file },
    })
  const url = addressFor(flags, suspect)
  const { fingerprint } = await workOf(session, file, flags.folder)
  const storage = await openBlockStore(session.settings.store)
  session.onEnd(() => storage.close())
  // Whoever cannot sign should learn it before the page is loaded.
  const { wallet } = (await openWritingChain(session)).account
  const bar = session.terminal.bar('Capturing')
  const evidence = await captureEvidence(url, {
    work: fingerprint,
    original: file,
    storage,
    allow: flags.allow ?? [],
    ...(flags.browser === true ? {} : { browser: flags.browser }),
    files: filesOf(suspect, url),
    signal: session.signal,
    onProgress: bar.onProgress,
  }).finally(bar.end)
  if (!evidence.manifest.media.some(({ match }) => match !== undefined && match.verdict !== 'different'))
    throw new ColophonError('SUSPECT_GONE', `${url} no longer shows a copy of the work.`, {
      hint: `The copy as it was found is ${suspect.copy === undefined ? 'not kept' : join(flags.folder, suspect.copy)}. Is it on another page? Name it with --page.`,
      details: { suspect: suspect.id, page: url, gaps: evidence.manifest.gaps },
    })
  const folder = resolve(await folderFor(url, flags.folder))
  await writeFolder(folder, evidence, await signManifest(evidence, wallet))
  const captured = { folder, cid: evidence.cid, page: evidence.manifest.finalUrl, at: evidence.manifest.capturedAt }
  await markSuspect(flags.folder, suspect.id, { evidence: captured })
  if (flags.tsa !== undefined) await witnessed(session, folder, evidence.digest, flags.tsa)
  return captured
}

/** Without a browser only the file itself can be had, as a page's pictures are not loaded then. */
function addressFor({ page, browser }: ClaimSuspectFlags, { sightings, media, id }: Suspect): string {
  if (page !== undefined) return page
  const sighting = sightings.find((each) => /^https?:/.test(each.page))
  if (sighting === undefined)
    throw new ColophonError('USAGE', 'The suspect is seen on no page of the web.', {
      hint: 'Only pages can be captured; for files of a folder name the page they came from with --page.',
      details: { suspect: id },
    })
  return browser === false && media !== 'text' ? (sighting.url ?? sighting.page) : sighting.page
}

function evidenceAnswer({ terminal, verbose }: Session, suspect: Suspect, evidence: Captured): Answer {
  return {
    data: { suspect: suspect.id, evidence },
    text: [
      `${terminal.mark('ok')} Captured ${evidence.page}.`,
      '',
      facts([
        ['evidence', short(evidence.cid, verbose)],
        ['folder', evidence.folder],
      ]),
      '',
      `  To file a claim with it: colophon watch claim ${suspect.id}`,
    ].join('\n'),
  }
}

function claimedAnswer(
  { terminal, verbose }: Session,
  { id, evidence, work }: Suspect,
  claim: { id: string; transaction: string },
  said: string,
  bond?: string,
  distance?: number,
): Answer {
  return {
    data: { suspect: id, evidence, claim, ...(distance === undefined ? {} : { distance }) },
    text: [
      `${terminal.mark('ok')} ${said}`,
      '',
      facts([
        ['claim', claim.id],
        ['work', short(work.id, verbose)],
        ['evidence', evidence === undefined ? undefined : evidence.folder],
        ['distance', distance === undefined ? undefined : `${distance} of 256 bits`],
        ['bond', bond],
        ['transaction', short(claim.transaction, verbose)],
      ]),
    ].join('\n'),
  }
}
