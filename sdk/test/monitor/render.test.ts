import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { fingerprint } from '../../src/fingerprint/index.ts'
import { type WatchedWork, type WatchOptions, type WatchReport, watch } from '../../src/monitor/index.ts'
import { launchChromium } from '../browser/chromium.ts'
import { programFromDebian } from '../debian.ts'
import { expectError } from '../expectError.ts'
import { needPeer } from '../needPeer.ts'
import { startWatchedSite, type WatchedSite } from './site.ts'

const shownIn = ({ suspects }: WatchReport): string[] =>
  suspects.flatMap(({ work, sightings }) => sightings.map(({ page, element }) => `${new URL(page).pathname} ${work.id} ${element}`)).sort()

describe('monitor: pages that scripts put together', function () {
  this.timeout(120_000)
  needPeer('node-av')
  let site: WatchedSite
  let folder: string
  let works: WatchedWork[]
  const options = (name: string, paths: readonly string[], more: Partial<WatchOptions> = {}): WatchOptions => ({
    folder: join(folder, name),
    sources: paths.map((path) => `${site.origin}${path}`),
    works,
    politeness: { delay: 0, timeout: 2000, backOff: 20, allow: [site.host] },
    limits: { depth: 1 },
    render: { timeout: 20_000 },
    ...more,
  })
  const scripted = ['/scripted/0', '/scripted/1', '/scripted/2', '/scripted/3', '/scripted/4']

  before(async function () {
    this.timeout(300_000)
    const browser = await launchChromium()
    if (browser === undefined || !programFromDebian('ffmpeg', 'ffmpeg')) this.skip()
    await browser.close()
    site = await startWatchedSite({ innocent: 0 })
    folder = mkdtempSync(join(tmpdir(), 'colophon-render-'))
    works = []
    for (const { id, name, bytes } of site.works) {
      const file = join(folder, name)
      writeFileSync(file, bytes)
      works.push({ id, file, fingerprint: await fingerprint(file) })
    }
  })
  after(async () => {
    await site?.stop()
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
  })

  it('shows what they place, what they link to and what they write, with one request at a time to a host', async () => {
    const expected = site.scripted.map(({ page, work, way }) => `${page} ${work} ${way}`).sort()
    site.asked.length = 0
    site.mostAtOnce()
    const report = await watch(options('scripted', scripted))
    expect(shownIn(report)).to.deep.equal(expected)
    expect(report.gaps).to.deep.equal([])
    expect(site.mostAtOnce()).to.equal(1)
    // The document is not asked for again by the browser, a script once for all pages, and a picture only to be looked at.
    for (const path of ['/scripted/0', '/scripted/app.js', '/files/late.jpg', '/files/late.mp4'])
      expect(
        site.asked.filter((asked) => asked === path),
        path,
      ).to.have.length(1)
    const again = await watch(options('scripted', scripted))
    expect(shownIn(again)).to.deep.equal(expected)
    expect(again.suspects.filter(({ isNew }) => isNew)).to.deep.equal([])
  })

  it('sees none of it where scripts do not run', async () => {
    const { render: _, ...still } = options('still', scripted)
    expect(shownIn(await watch(still))).to.deep.equal([])
  })

  it('puts no more pages of a host together than it may, and says so', async () => {
    const report = await watch(options('few', scripted, { render: { pages: 1 } }))
    expect(shownIn(report)).to.have.length(1)
    expect(report.gaps.map(({ code, examples }) => [code, examples.length])).to.deep.equal([['LIMIT', 1]])
    expect(report.gaps[0]!.examples[0]).to.include('More than 1 pages with scripts')
  })

  it('gives scripts no way but through the visitor, and ends those that do not end', async () => {
    site.asked.length = 0
    const report = await watch(options('unruly', site.unruly, { render: { timeout: 3000, requests: 10 }, limits: { depth: 0 } }))
    const gaps = new Map(report.gaps.map(({ code, examples }) => [code, examples.sort().join('\n')]))
    // The site's private server fails the suite when anything reaches it.
    expect([...gaps.keys()].sort()).to.deep.equal(['ADDRESS_REFUSED', 'RENDER_FAILED', 'ROBOTS'])
    expect(gaps.get('ROBOTS')).to.include('/private/data.json')
    expect(gaps.get('ADDRESS_REFUSED')).to.include('127.0.0.1').and.include('169.254.169.254')
    expect(gaps.get('RENDER_FAILED')).to.include('/unruly/spin').and.include('/unruly/fill').and.not.include('/unruly/leak')
    expect(site.asked.filter((path) => /^\w+ |private|take|beacon/.test(path))).to.deep.equal([])
    expect(site.asked.filter((path) => path.startsWith('/unruly/chat'))).to.have.length(11)
    // What the page said before its script went round in circles.
    expect(shownIn(report)).to.deep.equal([`/unruly/spin ${site.copies[2]!.work} img`])
  })

  it('says what is missing before it visits anything', async () => {
    site.asked.length = 0
    const fault = await expectError('DEPENDENCY_MISSING', () =>
      watch(options('missing', scripted, { render: { browser: '/nowhere/chromium' } })),
    )
    expect(fault.hint).to.include('COLOPHON_CHROMIUM')
    const broken = await expectError('DEPENDENCY_MISSING', () => watch(options('missing', scripted, { render: { browser: '/bin/false' } })))
    expect(broken.shortMessage).to.include('/bin/false cannot be started')
    expect(site.asked).to.deep.equal([])
  })

  it('stops when it is told to', async () => {
    const controller = new AbortController()
    setTimeout(() => controller.abort(new Error('enough')), 1500)
    const stopped = watch(options('stopped', ['/unruly/spin'], { signal: controller.signal }))
    expect(await stopped.catch((fault: Error) => fault.message)).to.equal('enough')
  })
})
