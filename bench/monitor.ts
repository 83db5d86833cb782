// A watch over a site of its own: what it finds and what it accuses wrongly, how fast it is, what memory it takes over time, and how many captures of its
// suspects validate and replay. `--seconds 1800` makes it the half hour that memory wants; by default it takes a minute and a half.
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { installPeer } from '../scripts/setup/peers.ts'
import { captureEvidence, validateWacz } from '../sdk/src/evidence/index.ts'
import { fingerprint } from '../sdk/src/fingerprint/index.ts'
import { type WatchedWork, type WatchReport, watch } from '../sdk/src/monitor/index.ts'
import { launchChromium } from '../sdk/test/browser/chromium.ts'
import { programFromDebian } from '../sdk/test/debian.ts'
import { capturedText, replayAll } from '../sdk/test/evidence/replay.ts'
import { type Shown, startWatchedSite } from '../sdk/test/monitor/site.ts'
import { median, replaceSection } from './report.ts'
import { table } from './table.ts'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    pages: { type: 'string', default: '600' },
    site: { type: 'boolean', default: false },
  },
})
const root = join(import.meta.dirname, '..')
const CAPTURES = 30

interface SiteFacts {
  origin: string
  host: string
  tlsHost: string
  innocent: number
  copies: Shown[]
  licensed: Shown[]
  scripted: Shown[]
  works: { id: string; file: string }[]
}

/** The site is a process of its own, so that its memory is not counted. */
async function serve(folder: string): Promise<void> {
  const site = await startWatchedSite({ innocent: Number(values.pages) })
  for (const { name, bytes } of site.works) writeFileSync(join(folder, name), bytes)
  const { origin, host, tlsHost, copies, licensed, scripted, innocent } = site
  const works = site.works.map(({ id, name }) => ({ id, file: join(folder, name) }))
  console.log(JSON.stringify({ origin, host, tlsHost, innocent, copies, licensed, scripted, works } satisfies SiteFacts))
}

const folder = process.env.BENCH_FOLDER ?? mkdtempSync(join(tmpdir(), 'colophon-bench-watch-'))
if (values.site) await serve(folder)
else {
  if (!installPeer('node-av')) throw new Error('Recordings and films need node-av, and no registry is to be had.')
  if (!programFromDebian('ffmpeg', 'ffmpeg')) throw new Error('Films are made by FFmpeg, which cannot be had from Debian.')
  const arguments_ = [import.meta.filename, '--site', '--pages', values.pages]
  const server = spawn(process.execPath, arguments_, {
    env: { ...process.env, BENCH_FOLDER: folder },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    const site = await new Promise<SiteFacts>((resolve, reject) => {
      createInterface({ input: server.stdout }).once('line', (line) => resolve(JSON.parse(line) as SiteFacts))
      server.once('exit', (code) => reject(new Error(`The site ended with ${code}.`)))
    })
    await measure(site)
  } finally {
    server.kill()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function measure(site: SiteFacts): Promise<void> {
  const load = Number(loadavg()[0]!.toFixed(1))
  const works: WatchedWork[] = []
  for (const { id, file } of site.works) works.push({ id, file, fingerprint: await fingerprint(file) })
  const pass = async (name: string): Promise<{ report: WatchReport; seconds: number; processor: number }> => {
    const started = performance.now()
    const cpu = process.cpuUsage()
    const report = await watch({
      folder: join(folder, name),
      sources: [`${site.origin}/`, `${site.origin}/feed.xml`, `${site.origin}/list.csv`],
      works,
      politeness: { delay: 0, timeout: 1000, backOff: 20, allow: [site.host, site.tlsHost] },
      limits: { depth: 40, pages: Number(values.pages) + 150, pageBytes: 1 << 20, mediumBytes: 4 << 20 },
      permissions: [{ where: `${site.origin}/licensed/` }],
    })
    const { user, system } = process.cpuUsage(cpu)
    return { report, seconds: (performance.now() - started) / 1000, processor: (user + system) / 1e6 }
  }

  // As many first and second passes as the time allows; memory after each.
  const rounds: { first: number; processor: number; again: number; rss: number; heap: number }[] = []
  const until = performance.now() + Number(values.seconds) * 1000
  let report: WatchReport | undefined
  do {
    const name = `watch-${rounds.length}`
    const first = await pass(name)
    const again = await pass(name)
    report ??= first.report
    const { rss, heapUsed } = process.memoryUsage()
    rounds.push({ first: first.seconds, processor: first.processor, again: again.seconds, rss: rss / 2 ** 20, heap: heapUsed / 2 ** 20 })
    if (rounds.length > 1) rmSync(join(folder, name), { recursive: true })
  } while (performance.now() < until)

  const pathOf = (url: string): string => new URL(url).pathname
  const reported = report.suspects.flatMap(({ work, grade, sightings }) =>
    sightings.map(({ page }) => ({ page: pathOf(page), work: work.id, grade })),
  )
  const isTrue = ({ page, work }: { page: string; work: string }): boolean =>
    site.copies.some((copy) => copy.page === page && copy.work === work)
  const found = site.copies.filter(({ page, work }) => reported.some((one) => one.page === page && one.work === work))
  const byMedia = (['image', 'audio', 'video', 'text'] as const).map((media) => {
    const all = site.copies.filter((copy) => copy.media === media)
    return { media, copies: all.length, found: all.filter((copy) => found.includes(copy)).length }
  })
  const permitted = report.permitted.flatMap(({ work, sightings }) => sightings.map(({ page }) => ({ page: pathOf(page), work: work.id })))

  const captures: { seconds: number; valid: boolean; matched: boolean; archive: Uint8Array; url: string; text: string }[] = []
  let placed: { copies: number; found: number } | undefined
  let replayed: number | undefined
  const browser = await launchChromium()
  await browser?.close()
  if (browser !== undefined) {
    for (const { sightings, work } of report.suspects.slice(0, CAPTURES)) {
      const started = performance.now()
      const { file, fingerprint: print } = works.find(({ id }) => id === work.id)!
      const { page, url } = sightings[0]!
      const files = url === undefined ? [] : [url]
      const { archive, manifest } = await captureEvidence(page, { work: print, original: file!, allow: [site.host], files })
      captures.push({
        seconds: (performance.now() - started) / 1000,
        valid: validateWacz(archive).valid,
        matched: manifest.media.some(({ match }) => match !== undefined && match.verdict !== 'different'),
        archive,
        url: manifest.finalUrl,
        text: capturedText(archive),
      })
    }
    const shown = await replayAll(captures)
    replayed = shown?.filter(({ text, outside }, index) => {
      const same = squeezed(text) === squeezed(captures[index]!.text) && outside.length === 0
      if (!same) console.error(`${captures[index]!.url} replays otherwise:`, { text, captured: captures[index]!.text, outside })
      return same
    }).length
    const { suspects } = await watch({
      folder: join(folder, 'rendered'),
      sources: [0, 1, 2, 3, 4].map((page) => `${site.origin}/scripted/${page}`),
      works,
      politeness: { delay: 0, allow: [site.host] },
      limits: { depth: 1 },
      render: true,
    })
    const seen = new Set(suspects.flatMap(({ work, sightings }) => sightings.map(({ page }) => `${pathOf(page)} ${work.id}`)))
    placed = { copies: site.scripted.length, found: site.scripted.filter(({ page, work }) => seen.has(`${page} ${work}`)).length }
  }

  const rounded = (value: number): number => Number(value.toPrecision(3))
  const addresses = report.looked.pages + report.looked.files + report.looked.lists
  const rate = (of: 'first' | 'again' | 'processor'): number => rounded(addresses / median(rounds.map((round) => round[of])))
  const results = {
    site: {
      pages: report.looked.pages,
      files: report.looked.files,
      lists: report.looked.lists,
      innocent: site.innocent,
      gaps: report.gaps.length,
    },
    found: {
      copies: site.copies.length,
      reported: reported.length,
      true: reported.filter(isTrue).length,
      recall: found.length / site.copies.length,
    },
    byMedia,
    precision: reported.filter(isTrue).length / reported.length,
    ...(placed === undefined ? {} : { placedByScripts: placed }),
    permitted: { expected: site.licensed.length, told: permitted.length },
    speed: { addressesPerSecond: rate('first'), byProcessorTime: rate('processor'), unchangedPerSecond: rate('again') },
    memory: {
      passes: rounds.length * 2,
      rssMB: rounds.map(({ rss }) => Math.round(rss)),
      heapMB: rounds.map(({ heap }) => Math.round(heap)),
    },
    captures: {
      count: captures.length,
      valid: captures.filter(({ valid }) => valid).length,
      matched: captures.filter(({ matched }) => matched).length,
      ...(replayed === undefined ? {} : { replayed }),
      ...(captures.length === 0 ? {} : { medianSeconds: rounded(median(captures.map(({ seconds }) => seconds))) }),
    },
  }
  const machine = { node: process.version, processor: cpus()[0]?.model ?? 'unknown', cores: availableParallelism(), load }
  mkdirSync(join(root, 'bench', 'results'), { recursive: true })
  const json = JSON.stringify({ machine, seconds: Number(values.seconds), results }, null, 2)
  const flat = json.replace(/\[\s+([\d.,\s]+?)\s+\]/g, (_, list: string) => `[${list.replace(/\s+/g, ' ')}]`)
  writeFileSync(join(root, 'bench', 'results', 'monitor.json'), `${flat}\n`)
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`
  const [least, most] = [Math.min(...results.memory.rssMB), Math.max(...results.memory.rssMB)]
  const quarters = [0, 1, 2, 3].flatMap((quarter) => {
    const part = results.memory.rssMB.filter((_, round) => Math.floor((4 * round) / rounds.length) === quarter)
    return part.length === 0 ? [] : [Math.round(median(part))]
  })
  const lines = [
    `Node ${machine.node}, ${machine.processor}, ${machine.cores} cores, load ${load} from other work at the start; ${rounds.length * 2} passes over ${results.site.pages} pages, ${results.site.files} files and ${results.site.lists} lists.`,
    '',
    table(
      ['What', 'Figure'],
      [
        [
          'copies found, of those on pages that may be visited',
          `${found.length} of ${site.copies.length} (${percent(results.found.recall)})`,
        ],
        ...byMedia.map(({ media, copies, found: hit }) => [`— ${media}`, `${hit} of ${copies}`]),
        ['copies that only scripts place, with `render`', placed === undefined ? 'no browser' : `${placed.found} of ${placed.copies}`],
        ['reported sightings that are copies', `${results.found.true} of ${reported.length} (${percent(results.precision)})`],
        ['permitted uses told apart', `${permitted.length} of ${site.licensed.length}`],
        ['addresses a second, everything new', `${results.speed.addressesPerSecond} (${results.speed.byProcessorTime} by processor time)`],
        ['addresses a second, nothing changed', `${results.speed.unchangedPerSecond}`],
        [
          `memory of the process after each two passes, MB (${rounds.length} times)`,
          `${least}–${most}; medians of the quarters ${quarters.join(', ')}`,
        ],
        ['captures of suspects that validate', `${results.captures.valid} of ${captures.length}`],
        [
          '— that ReplayWeb.page replays offline, with the same text',
          replayed === undefined ? 'not to be had' : `${replayed} of ${captures.length}`,
        ],
        ['— whose copy was extracted and matched', `${results.captures.matched} of ${captures.length}`],
        ['a capture, median', results.captures.medianSeconds === undefined ? 'no browser' : `${results.captures.medianSeconds} s`],
      ],
    ),
  ]
  replaceSection(join(root, 'docs', 'benchmarks.md'), 'monitor', lines.join('\n'))
  console.log(lines.join('\n'))
}

function squeezed(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}
