import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Layer, Media } from '../fingerprint/index.ts'
import type { Finding, Ledger, Mark, VisitEntry } from './ledger.node.ts'
import type { WatchedWorks } from './matcher.ts'
import type { Permissions, Permitted } from './permissions.ts'

/** Where a copy is seen. */
export interface Sighting {
  /** The page, or the file itself where no page shows it. */
  page: string
  title?: string
  /** Address of the file; absent for the text of the page. */
  url?: string
  /** `img`, `background`, `video`, …; `text` for what the page itself says, `file` for a file of a folder. */
  element: string
  /** Not in the report before. */
  isNew: boolean
  /** Why the use is permitted, or no longer is. */
  permission?: string
}

/**
 * - `certain`: the same file.
 * - `strong`: a copy; no more than one pair of strangers in a million looks so.
 * - `possible`: so much alike that a person should look.
 */
export type Grade = 'certain' | 'strong' | 'possible'

/** A copy of a work that somebody shows. */
export interface Suspect {
  id: string
  work: { id: string; title?: string; file?: string }
  grade: Grade
  media: Media
  mediaType: string
  sha256: string
  size: number
  reason: string
  layers: Layer[]
  /** Share of pairs of strangers that look as much alike, at most. */
  falsePositiveRate?: number
  /** How many strangers this watch is to be expected to take for as much alike: the rate times all comparisons with files of this medium. */
  expectedByChance?: number
  code?: { type: number; bits: string }
  /** At most 100, new ones first. */
  sightings: Sighting[]
  /** How many there are. */
  sightingsCount: number
  isNew: boolean
  firstSeen: string
  /** Other encodings of the same work on the same pages: sizes of one picture. */
  variants: string[]
  /** Relative to the folder of the watch. */
  copy?: string
  picture?: string
  evidence?: NonNullable<Mark['evidence']>
  claim?: NonNullable<Mark['claim']>
  /** Why it is no suspect. */
  dismissed?: string
}

/** What could not be looked at, by reason. */
export interface Gaps {
  code: string
  count: number
  /** The first few, in sentences. */
  examples: string[]
}

/** What a watch has found, as of its last pass. */
export interface WatchReport {
  type: 'colophon-watch-report'
  version: 1
  pass: { number: number; begun: string; ended?: string }
  watched: { works: number }
  looked: { pages: number; files: number; lists: number; unchanged: number; comparisons: number; requests: number; bytes: number }
  /** Copies without permission, the surest first. */
  suspects: Suspect[]
  /** Copies that are shown with permission. */
  permitted: Suspect[]
  /** Suspects that were looked at and dismissed. */
  dismissed: Suspect[]
  /** Suspects of earlier passes that are no longer seen anywhere. */
  gone: Suspect[]
  gaps: Gaps[]
}

const MOST_SIGHTINGS = 100
const MOST_EXAMPLES = 10
const RANKS: Readonly<Record<Grade, number>> = { certain: 0, strong: 1, possible: 2 }

/** Gathers the report from the ledger, which is read several times from the disk: memory grows with the findings only. */
export async function gatherReport(ledger: Ledger, works: WatchedWorks, permissions: Permissions): Promise<WatchReport> {
  const looked: WatchReport['looked'] = {
    ...{ pages: 0, files: 0, lists: 0, unchanged: 0 },
    ...{ comparisons: comparisonsOf(ledger, works), requests: ledger.pass.requests, bytes: ledger.pass.bytes },
  }
  /** Content of suspects, and the addresses at which it was found. */
  const suspicious = new Map<string, string>()
  const gaps = new Map<string, Gaps>()
  for await (const entry of ledger.entries()) {
    if (entry.t === 'gap') {
      const gap = gaps.get(entry.code) ?? { code: entry.code, count: 0, examples: [] }
      gap.count++
      if (gap.examples.length < MOST_EXAMPLES) gap.examples.push(entry.reason)
      gaps.set(entry.code, gap)
      continue
    }
    const known = ledger.known(entry.url)
    if (entry.unchanged === true) looked.unchanged++
    const content = known?.content
    if (entry.role === 'medium') looked.files++
    else if (entry.role === 'page') looked.pages++
    else if (entry.role === 'list') looked.lists++
    if (content !== undefined && (ledger.foundIn(content)?.length ?? 0) > 0) suspicious.set(entry.url, content)
  }

  const before = await sightingsBefore(ledger.folder)
  const seen = new Map<string, Seen>()
  const shown = new Set<string>()
  const see = async (content: string, sighting: Omit<Sighting, 'isNew' | 'permission'>): Promise<void> => {
    for (const id of ledger.foundIn(content) ?? []) {
      const finding = ledger.findings.get(id)
      if (finding === undefined) continue
      const entry = seen.get(id) ?? { finding, suspect: [], permitted: [], suspectCount: 0, permittedCount: 0 }
      seen.set(id, entry)
      const permission = await permissions.of(sighting.page, finding.work)
      add(entry, { ...sighting, isNew: !before.has(`${id} ${sighting.page}`) }, permission)
    }
  }
  /** Pictures that a style sheet shows, by its address: they are seen on the pages that use it. */
  const styled = new Map<string, { url: string; content: string }[]>()
  for await (const visit of visitsOf(ledger)) {
    if (visit.role !== 'style') continue
    const media = (visit.next?.media ?? []).flatMap(({ url }) => {
      const content = suspicious.get(url)
      return content === undefined ? [] : [{ url, content }]
    })
    if (media.length > 0) styled.set(visit.url, media)
  }
  for await (const visit of visitsOf(ledger)) {
    if (visit.role === 'style') continue
    const known = ledger.known(visit.url)
    const title = visit.title === undefined || visit.title === '' ? {} : { title: visit.title }
    const page = visit.final ?? visit.url
    // The page's own content is its text; a list or medium is followed by what names it.
    if (visit.next !== undefined && known?.content !== undefined && suspicious.has(visit.url))
      await see(known.content, { page, ...title, element: 'text' })
    for (const { url, element } of visit.next?.media ?? []) {
      const content = suspicious.get(url)
      if (content === undefined) continue
      shown.add(url)
      await see(content, { page, ...title, url, element })
    }
    for (const { url, content } of (visit.next?.styles ?? []).flatMap((style) => styled.get(style) ?? [])) {
      shown.add(url)
      await see(content, { page, ...title, url, element: 'background' })
    }
  }
  // What no page shows was named by the watch list itself, or is a background of a style sheet that no page has any more.
  for await (const { url, next } of visitsOf(ledger)) {
    const content = suspicious.get(url)
    if (content === undefined || next !== undefined || shown.has(url)) continue
    await see(content, { page: url, url, element: url.startsWith('file:') ? 'file' : 'link' })
  }

  const report: WatchReport = {
    type: 'colophon-watch-report',
    version: 1,
    pass: {
      number: ledger.pass.number,
      begun: ledger.pass.begun,
      ...(ledger.pass.ended === undefined ? {} : { ended: ledger.pass.ended }),
    },
    watched: { works: works.size },
    looked,
    ...{ suspects: [], permitted: [], dismissed: [], gone: [] },
    gaps: [...gaps.values()].sort((a, b) => b.count - a.count),
  }
  for (const { finding, suspect, permitted, suspectCount, permittedCount } of seen.values()) {
    const mark = ledger.marks.get(finding.id) ?? {}
    if (permittedCount > 0) report.permitted.push(await suspectOf(finding, permitted, permittedCount, mark, ledger, works))
    if (suspectCount === 0) continue
    const made = await suspectOf(finding, suspect, suspectCount, mark, ledger, works)
    if (mark.dismissed === undefined) report.suspects.push(made)
    else report.dismissed.push(made)
  }
  for (const finding of ledger.findings.values())
    if (!seen.has(finding.id)) report.gone.push(await suspectOf(finding, [], 0, ledger.marks.get(finding.id) ?? {}, ledger, works))
  report.suspects = folded(report.suspects)
  report.permitted = folded(report.permitted)
  return report
}

/** Visits of the last pass, each with what it leads to. */
async function* visitsOf(ledger: Ledger): AsyncGenerator<VisitEntry> {
  for await (const entry of ledger.entries()) {
    if (entry.t !== 'visit') continue
    const known = ledger.known(entry.url)
    yield entry.unchanged === true && known !== undefined ? { ...(await ledger.visit(known)), pass: entry.pass } : entry
  }
}

interface Seen {
  finding: Finding
  suspect: Sighting[]
  permitted: Sighting[]
  suspectCount: number
  permittedCount: number
}

function add(seen: Seen, sighting: Sighting, permission: Permitted | undefined): void {
  const kind = permission?.permitted === true ? 'permitted' : 'suspect'
  const list = seen[kind]
  // One page may show the same file twice.
  if (list.some(({ page, element }) => page === sighting.page && element === sighting.element)) return
  seen[`${kind}Count`]++
  const said = { ...sighting, ...(permission === undefined ? {} : { permission: permission.reason }) }
  if (list.length < MOST_SIGHTINGS) list.push(said)
  else if (said.isNew) {
    const old = list.findIndex(({ isNew }) => !isNew)
    if (old !== -1) list[old] = said
  }
}

async function suspectOf(
  finding: Finding,
  sightings: Sighting[],
  sightingsCount: number,
  mark: Mark,
  ledger: Ledger,
  works: WatchedWorks,
): Promise<Suspect> {
  const work = await works.get(finding.work)
  const { falsePositiveRate: rate, media } = finding
  const comparisons = (ledger.looked.get(media) ?? 0) * works.count(media)
  return {
    id: finding.id,
    work: {
      id: finding.work,
      ...(work?.title === undefined ? {} : { title: work.title }),
      ...(work?.file === undefined ? {} : { file: work.file }),
    },
    grade: finding.verdict === 'identical' ? 'certain' : finding.verdict === 'copy' ? 'strong' : 'possible',
    media,
    mediaType: finding.mediaType,
    sha256: finding.sha256,
    size: finding.size,
    reason: finding.reason,
    layers: finding.layers,
    ...(rate === undefined ? {} : { falsePositiveRate: rate, expectedByChance: rate * comparisons }),
    ...(finding.code === undefined ? {} : { code: finding.code }),
    sightings: sightings.sort((a, b) => Number(b.isNew) - Number(a.isNew)),
    sightingsCount,
    isNew: sightings.some(({ isNew }) => isNew),
    firstSeen: finding.firstSeen,
    variants: [],
    ...(finding.copy === undefined ? {} : { copy: finding.copy }),
    ...(finding.picture === undefined ? {} : { picture: finding.picture }),
    ...mark,
  }
}

/** Sorted by how sure they are; a suspect whose pages all show a surer one of the same work and medium is told with it. */
function folded(suspects: readonly Suspect[]): Suspect[] {
  const sorted = [...suspects].sort(
    (a, b) => RANKS[a.grade] - RANKS[b.grade] || (a.falsePositiveRate ?? 1) - (b.falsePositiveRate ?? 1) || b.size - a.size,
  )
  const kept: Suspect[] = []
  for (const suspect of sorted) {
    const pages = new Set(suspect.sightings.map(({ page }) => page))
    const surer = kept.find(
      (one) =>
        one.work.id === suspect.work.id &&
        one.media === suspect.media &&
        // What was acted upon stays a suspect of its own.
        suspect.evidence === undefined &&
        suspect.sightingsCount <= one.sightingsCount &&
        [...pages].every((page) => one.sightings.some((sighting) => sighting.page === page)),
    )
    if (surer === undefined) kept.push(suspect)
    else {
      surer.variants.push(suspect.id)
      surer.isNew ||= suspect.isNew
    }
  }
  return kept
}

function comparisonsOf(ledger: Ledger, works: WatchedWorks): number {
  let comparisons = 0
  for (const [media, count] of ledger.looked) comparisons += count * works.count(media)
  return comparisons
}

/** Sightings of the report before, as `finding page`. */
async function sightingsBefore(folder: string): Promise<Set<string>> {
  const text = await readFile(join(folder, 'report.json'), 'utf8').catch(() => undefined)
  const seen = new Set<string>()
  if (text === undefined) return seen
  let before: WatchReport
  try {
    before = JSON.parse(text) as WatchReport
  } catch {
    return seen
  }
  for (const { id, sightings, variants } of [...(before.suspects ?? []), ...(before.permitted ?? []), ...(before.dismissed ?? [])])
    for (const { page } of sightings) for (const one of [id, ...variants]) seen.add(`${one} ${page}`)
  return seen
}
