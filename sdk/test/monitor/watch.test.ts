import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { fingerprint } from '../../src/fingerprint/index.ts'
import {
  findSuspect,
  markSuspect,
  readReport,
  type WatchedWork,
  type WatchOptions,
  type WatchReport,
  watch,
} from '../../src/monitor/index.ts'
import { programFromDebian } from '../debian.ts'
import { expectError } from '../expectError.ts'
import { needPeer } from '../needPeer.ts'
import { mountSmallDisk } from '../storage/smallDisk.ts'
import { startWatchedSite, type WatchedSite } from './site.ts'

const pathOf = (url: string): string => new URL(url).pathname
/** Pages of suspects, with the work that each shows. */
const found = (suspects: WatchReport['suspects']): Map<string, string> =>
  new Map(suspects.flatMap(({ work, sightings }) => sightings.map(({ page }) => [pathOf(page), work.id] as const)))

describe('monitor: a site of 240 pages', function () {
  this.timeout(120_000)
  needPeer('node-av')
  let site: WatchedSite
  let folder: string
  let works: WatchedWork[]
  let report: WatchReport
  const options = (name: string, more: Partial<WatchOptions> = {}): WatchOptions => ({
    folder: join(folder, name),
    sources: [`${site.origin}/`, `${site.origin}/feed.xml`, `${site.origin}/list.csv`],
    works,
    politeness: { delay: 0, timeout: 700, backOff: 20, allow: [site.host, site.tlsHost] },
    limits: { depth: 12, pages: 300, pageBytes: 1 << 20, mediumBytes: 4 << 20 },
    permissions: [{ where: `${site.origin}/licensed/`, note: 'a customer' }],
    ...more,
  })

  before(async function () {
    this.timeout(300_000)
    if (!programFromDebian('ffmpeg', 'ffmpeg')) this.skip()
    site = await startWatchedSite({ innocent: 180 })
    folder = mkdtempSync(join(tmpdir(), 'colophon-watch-'))
    works = []
    for (const { id, name, bytes } of site.works) {
      const file = join(folder, name)
      writeFileSync(file, bytes)
      works.push({ id, file, title: name, fingerprint: await fingerprint(file) })
    }
    report = await watch(options('first'))
  })
  after(async () => {
    await site?.stop()
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
  })

  it('reports every copy under twenty-five attacks in four media, whatever way the page shows it, and nothing else', () => {
    expect(report.looked.pages).to.be.greaterThan(200)
    expect(new Set(site.copies.map(({ attack }) => attack)).size).to.equal(25)
    expect(new Set(site.copies.map(({ media }) => media)).size).to.equal(4)
    const pages = found(report.suspects)
    for (const { page, work, attack } of site.copies) expect(pages.get(page), `${attack} on ${page}`).to.equal(work)
    expect([...pages.keys()].sort()).to.deep.equal(site.copies.map(({ page }) => page).sort())
    for (const { page, way } of site.copies) {
      const sighting = report.suspects.flatMap(({ sightings }) => sightings).find((one) => pathOf(one.page) === page)!
      expect(sighting.element, page).to.equal(way)
    }
  })

  it('grades them by a measured rate, and says how many strangers are to be expected', () => {
    for (const { grade, falsePositiveRate, expectedByChance, layers } of report.suspects) {
      expect(grade).to.be.oneOf(['certain', 'strong', 'possible'])
      expect(falsePositiveRate).to.be.within(0, 1e-5)
      expect(expectedByChance).to.be.lessThan(0.01)
      expect(layers).to.not.have.length(0)
    }
    const excerpt = report.suspects.find(({ sightings }) => pathOf(sightings[0]!.page) === '/radio/4')!
    expect(excerpt.grade).to.equal('possible')
  })

  it('tells permitted uses apart, and one file on two pages once', () => {
    const pages = found(report.permitted)
    expect([...pages].sort()).to.deep.equal(site.licensed.map(({ page, work }) => [page, work]).sort())
    expect(report.permitted[0]!.sightings[0]!.permission).to.include('a customer')
    const twice = report.suspects.filter(({ sightings }) => sightings.some(({ page }) => /\/shop\/(0|again)$/.test(page)))
    expect(twice.map(({ sightings }) => sightings.map(({ page }) => pathOf(page)).sort())).to.deep.equal([['/shop/0', '/shop/again']])
  })

  it('keeps away from what is excluded, private, endless, broken or too large, and says so', () => {
    expect(site.asked.filter((path) => path.startsWith('/private'))).to.deep.equal([])
    const gaps = new Map(report.gaps.map(({ code, count, examples }) => [code, { count, examples: examples.join('\n') }]))
    expect(gaps.get('ROBOTS')?.examples).to.match(/^The robots.txt of \S+ excludes http:\S+private.secret.$/)
    expect(gaps.get('ADDRESS_REFUSED')!.count).to.equal(5)
    expect(gaps.get('ADDRESS_REFUSED')!.examples).to.include('169.254.169.254').and.include('10.1.2.3').and.include('::1')
    expect(gaps.get('HOST_UNKNOWN')!.examples).to.equal('No address is known for no-such-host.invalid.')
    expect(gaps.get('REDIRECTS')!.count).to.equal(2)
    expect(gaps.get('TOO_LARGE')!.examples).to.include('/traps/large.mp4').and.include('/traps/endless.mp4').and.include('/traps/bomb')
    expect(gaps.get('STATUS')!.examples).to.include('/traps/failing')
    expect(gaps.get('FETCH_FAILED')!.examples).to.include('/traps/slow').and.include('/traps/torn').and.include('https://127.0.0.1')
    // Of the two gibibytes that are on offer no more than buffers hold came.
    expect(site.streamed()).to.be.lessThan(64 << 20)
    const months = site.asked.filter((path) => path.startsWith('/traps/calendar')).length
    expect(months).to.be.within(5, 100)
    // What asked to come back later was visited later.
    expect(site.asked.filter((path) => path === '/traps/busy').length).to.be.greaterThan(1)
    expect(gaps.has('BUSY')).to.equal(false)
  })

  it('writes a page that stands alone, with both pictures of each match in it', () => {
    const page = readFileSync(join(folder, 'first', 'report.html'), 'utf8')
    expect(page).to.not.match(/<script|src="(?!data:)/)
    expect(page.match(/<img [^>]*src="data:image\/svg\+xml/g)!.length).to.be.greaterThan(10)
    const picture = report.suspects.find(({ media }) => media === 'image')!.picture!
    const drawn = readFileSync(join(folder, 'first', picture), 'utf8')
    expect(drawn.match(/href="data:image\/jpeg/g)).to.have.length(2)
    for (const { id } of report.suspects) expect(page).to.include(`id="${id}"`)
    expect(JSON.parse(readFileSync(join(folder, 'first', 'report.json'), 'utf8'))).to.deep.equal(JSON.parse(JSON.stringify(report)))
    expect(readdirSync(join(folder, 'first', 'suspects')).some((name) => name.endsWith('.tmp'))).to.equal(false)
  })

  it('asks the second time only whether anything changed, and finds what did', async () => {
    const before = site.unchanged()
    const other = await fingerprint(site.works[1]!.bytes)
    expect(other.media).to.equal('image')
    const putBack = site.replace('/files/other-0-0.jpg', site.works[2]!.bytes)
    const second = await watch(options('first'))
    putBack()
    expect(site.unchanged() - before).to.be.greaterThan(250)
    expect(second.looked.unchanged).to.equal(site.unchanged() - before)
    expect(second.pass.number).to.equal(2)
    const fresh = second.suspects.filter(({ isNew }) => isNew)
    expect(fresh.map(({ work, grade }) => [work.id, grade])).to.deep.equal([['picture-2', 'certain']])
    expect(found(fresh).get('/news/0')).to.equal('picture-2')
    expect(second.suspects).to.have.length(report.suspects.length + 1)
    expect(found(second.permitted)).to.deep.equal(found(report.permitted))
  })

  it('takes a dismissed suspect out of the next report, and names what is gone', async () => {
    const where = join(folder, 'first')
    const { id } = report.suspects[0]!
    await markSuspect(where, id, { dismissed: 'It is a friend.' })
    expect((await findSuspect(where, id)).dismissed).to.equal('It is a friend.')
    const putBack = site.replace('/radio/0', Buffer.from('<html><title>Empty</title></html>'))
    const third = await watch(options('first'))
    putBack()
    expect(third.dismissed.map((one) => one.id)).to.deep.equal([id])
    expect(third.suspects.some((one) => one.id === id)).to.equal(false)
    const gone = report.suspects.find(({ sightings }) => pathOf(sightings[0]!.page) === '/radio/0')!
    expect(third.gone.map((one) => one.id)).to.include(gone.id)
    await expectError('SUSPECT_UNKNOWN', () => findSuspect(where, 'nothing'))
    await expectError('SUSPECT_UNKNOWN', () => markSuspect(where, 'nothing', {}))
  })

  it('goes on where it was, however often it is killed', async () => {
    const where = join(folder, 'killed')
    const list = join(folder, 'works.json')
    writeFileSync(list, JSON.stringify(works))
    const sources = [`${site.origin}/pages.xml`]
    const politeness = { delay: 0, timeout: 400, backOff: 10, allow: [site.host] }
    const program = join(import.meta.dirname, 'watchUntilKilled.ts')
    site.asked.length = 0
    let kills = 0
    for (const after of [15, 45]) {
      const child = spawn(process.execPath, [program, JSON.stringify({ folder: where, sources, politeness, after }), list], {
        stdio: 'inherit',
      })
      const [, signal] = (await once(child, 'exit')) as [number | null, string | null]
      expect(signal).to.equal('SIGKILL')
      kills++
    }
    expect(existsSync(join(where, 'report.json'))).to.equal(false)
    // A line that was being written when the process died.
    appendFileSync(join(where, 'journal.jsonl'), '{"t":"visit","pass":1,"url":"http')
    const resumed = await watch(options('killed', { sources, politeness, limits: { depth: 1 } }))
    const asked = new Map<string, number>()
    for (const path of site.asked) asked.set(path, (asked.get(path) ?? 0) + 1)
    const twice = [...asked].filter(([path, times]) => times > 1 && !path.startsWith('/traps') && path !== '/robots.txt')
    // Of what was visited only the address that was being looked at when the process died is visited again.
    expect(twice.reduce((sum, [, times]) => sum + times - 1, 0)).to.be.at.most(kills)
    const listed = new Set(resumed.suspects.flatMap(({ sightings }) => sightings.map(({ page }) => pathOf(page))))
    const expected = site.copies.filter(({ page }) => asked.has(page)).map(({ page }) => page)
    expect([...listed].sort()).to.deep.equal(expected.sort())
    expect(expected).to.not.have.length(0)
    // Nothing that was seen before the process died is missing from the report.
    expect(resumed.looked.pages).to.be.at.least([...asked.keys()].filter((path) => /^\/(shop|radio|blog|news)\/[^.]+$/.test(path)).length)
    expect(resumed.pass.number).to.equal(1)
  })

  it('says so when the disk is full, and goes on when there is room', async function () {
    const disk = mountSmallDisk(64 << 10)
    if (disk === undefined) this.skip()
    try {
      const small = options('full', { folder: join(disk.path, 'watch'), sources: [`${site.origin}/pages.xml`], limits: { depth: 1 } })
      await expectError('OUTPUT_UNWRITABLE', () => watch(small))
      expect(existsSync(join(disk.path, 'watch', 'report.json'))).to.equal(false)
      expect(spawnSync('mount', ['-o', 'remount,size=32m', disk.path]).status).to.equal(0)
      const finished = await watch(small)
      expect(finished.pass).to.include({ number: 1 })
      const listed = site.copies.filter(({ page }) => site.asked.includes(page)).map(({ page }) => page)
      for (const page of found(finished.suspects).keys()) expect(listed).to.include(page)
      expect(finished.suspects).to.not.have.length(0)
    } finally {
      disk.unmount()
    }
  })

  it('looks through folders, and into a list on the disk', async () => {
    const media = join(folder, 'media')
    mkdirSync(join(media, 'deep'), { recursive: true })
    writeFileSync(join(media, 'deep', 'mine.jpg'), site.works[0]!.bytes)
    writeFileSync(join(media, 'other.txt'), 'A text of nobody. '.repeat(20))
    const list = join(folder, 'links.txt')
    writeFileSync(list, `# pages to look at\n${site.origin}/shop/1\n`)
    const local = options('local', { sources: [media, list], permissions: [], limits: { depth: 0 } })
    const first = await watch(local)
    expect(first.suspects.map(({ work, grade }) => [work.id, grade])).to.deep.equal([
      ['picture-0', 'certain'],
      ['picture-1', 'strong'],
    ])
    expect(first.suspects[0]!.sightings[0]!.element).to.equal('file')
    const second = await watch(local)
    expect(second.looked.unchanged).to.be.at.least(2)
    expect(second.suspects.filter(({ isNew }) => isNew)).to.deep.equal([])
  })

  it('looks at everything anew when other works are watched', async () => {
    const alone = works.filter(({ id }) => id === 'text-1')
    const again = await watch(options('local', { sources: [`${site.origin}/blog/1`], works: alone, permissions: [], limits: { depth: 0 } }))
    expect(found(again.suspects)).to.deep.equal(new Map([['/blog/1', 'text-1']]))
  })

  it('counts a license while it is in force', async () => {
    const sources = [`${site.origin}/licensed/show`]
    const permissions = [{ where: `${site.origin}/licensed/`, license: '7', territory: 'westernEurope', channel: 'web' }] as const
    const asked: string[] = []
    for (const active of [true, false]) {
      const licenseInForce = async (license: string, work: string): Promise<boolean> => {
        asked.push(`${license} ${work}`)
        return active
      }
      const with7 = await watch(options('licenses', { sources, permissions, licenseInForce, limits: { depth: 0 } }))
      expect([with7.permitted.length, with7.suspects.length]).to.deep.equal(active ? [1, 0] : [0, 1])
      if (!active) expect(with7.suspects[0]!.sightings[0]!.permission).to.include('not in force')
    }
    expect(asked).to.deep.equal(['7 picture-1', '7 picture-1'])
    const unchecked = await watch(options('licenses', { sources, permissions, limits: { depth: 0 } }))
    expect(unchecked.suspects[0]!.sightings[0]!.permission).to.include('could not be checked')
  })

  it('refuses mistakes before it visits anything, and a folder that is in use', async () => {
    site.asked.length = 0
    const wrong: Partial<WatchOptions>[] = [
      { sources: [] },
      { sources: [join(folder, 'nowhere')] },
      { sources: ['http://user:secret@example.org/'] },
      { works: [] },
      { permissions: [{ where: 'not a host!' }] },
      { permissions: [{ where: 'example.org', until: 'some day' }] },
      { permissions: [{ where: 'example.org', license: '1' }] },
    ]
    for (const more of wrong) await expectError('WATCH_INPUT_INVALID', () => watch(options('wrong', more)))
    expect(site.asked).to.deep.equal([])
    const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
    try {
      const mark = join(folder, 'busy', `lock-${other.pid}-0123456789ab-0123456789abcdef`)
      mkdirSync(join(folder, 'busy'))
      writeFileSync(mark, '')
      await expectError('WATCH_BUSY', () => watch(options('busy')))
    } finally {
      other.kill()
    }
    mkdirSync(join(folder, 'damaged'))
    writeFileSync(join(folder, 'damaged', 'journal.jsonl'), '{"t":"pass","number":1,"at":"x","watching":"y"}\n{"t":\n')
    await expectError('WATCH_DAMAGED', () => watch(options('damaged')))
    await expectError('WATCH_NOT_FOUND', () => readReport(join(folder, 'nowhere')))
  })

  it('repeats passes on a schedule, tells of each, and ends when aborted', async () => {
    const passes: number[] = []
    const scheduled = options('schedule', { sources: [`${site.origin}/shop/1`], limits: { depth: 0 } })
    await watch({ ...scheduled, every: 1, passes: 3, onReport: ({ pass }) => void passes.push(pass.number) })
    expect(passes).to.deep.equal([1, 2, 3])
    const controller = new AbortController()
    const endless = watch({
      ...scheduled,
      every: 3_600_000,
      signal: controller.signal,
      onReport: () => controller.abort(new Error('enough')),
    })
    expect(await endless.catch((fault: Error) => fault.message)).to.equal('enough')
  })
})
