import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { Wallet } from 'ethers'
import { unzipSync, type Zippable, zipSync } from 'fflate'
import {
  captureEvidence,
  decodeManifest,
  type Evidence,
  encodeManifest,
  isSignedBy,
  signManifest,
  validateWacz,
} from '../../src/evidence/index.ts'
import { fingerprint } from '../../src/fingerprint/index.ts'
import { createMemoryStore } from '../../src/storage/index.ts'
import { launchChromium } from '../browser/chromium.ts'
import { expectError } from '../expectError.ts'
import { FILM, PHOTO } from '../fingerprint/media.ts'
import { needPeer } from '../needPeer.ts'
import { replay } from './replay.ts'
import { type Site, startSite } from './site.ts'

const PYTHON = process.env.COLOPHON_PYTHON ?? 'python3'

/** Browsers that a process has started itself. */
function browsersOf(parent: number): number[] {
  return readdirSync('/proc').flatMap((entry) => {
    if (!/^\d+$/.test(entry)) return []
    try {
      const [, name, ppid] = /\((.*)\) \S (\d+)/.exec(readFileSync(`/proc/${entry}/stat`, 'latin1'))!
      return /chrom/.test(name!) && Number(ppid) === parent ? [Number(entry)] : []
    } catch {
      // Ended meanwhile.
      return []
    }
  })
}

describe('evidence: capture', function () {
  this.timeout(300_000)
  let site: Site
  let evidence: Evidence
  const storage = createMemoryStore()
  const stages = new Set<string>()

  before(async function () {
    const browser = await launchChromium()
    if (browser === undefined) this.skip()
    await browser.close()
    site = await startSite()
    const work = await fingerprint(readFileSync(PHOTO))
    evidence = await captureEvidence(`${site.origin}/moved`, {
      allow: [site.host],
      work,
      original: PHOTO,
      storage,
      onProgress: ({ stage }) => stages.add(stage),
    })
  })
  after(async () => {
    await site?.stop()
    await storage.close()
  })

  it('names the tool by the version of the package', () => {
    const { name, version } = JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', 'package.json'), 'utf8'))
    expect(evidence.manifest.tool).to.equal(`${name} ${version}`)
  })

  it('records the page with everything it loaded, and how it looked', async () => {
    const { manifest, archive } = evidence
    expect(manifest).to.include({ mode: 'browser', title: 'Stolen & shown', url: `${site.origin}/moved`, finalUrl: `${site.origin}/` })
    expect(manifest.gaps).to.deep.equal([])
    expect(manifest.hosts).to.deep.equal([{ host: '127.0.0.1', address: '127.0.0.1' }])
    expect(Math.abs(manifest.clock!.aheadMs)).to.be.below(60_000)
    expect([...stages]).to.deep.equal(['load', 'media', 'pack'])
    const { responses } = validateWacz(archive)
    expect(responses.map(({ url, status }) => `${status} ${url.slice(site.origin.length)}`)).to.have.members([
      '302 /moved',
      '200 /',
      '200 /style.css',
      '200 /copy.jpg',
      '200 /noise.png',
      '200 /data.json',
    ])
    const warc = Buffer.from(await gunzipAll(unzipSync(archive)['archive/data.warc.gz']!)).toString('latin1')
    for (const kind of ['screenshot', 'dom', 'text', 'pdf']) expect(warc).to.include(`WARC-Target-URI: urn:${kind}:`)
    expect(warc)
      .to.include('Loaded by a script.')
      .and.include('q=1')
      .and.include('WARC-IP-Address: 127.0.0.1')
      .and.include('\x89PNG')
      .and.include('%PDF-')
  })

  it('finds the copy on the page, and takes nothing else for one', () => {
    const media = evidence.manifest.media.map(({ url, element, match }) => [url.slice(site.origin.length), element, match?.verdict])
    expect(media).to.deep.equal([
      ['/copy.jpg', 'img', 'copy'],
      ['/noise.png', 'background', 'different'],
      ['/', 'page', undefined],
    ])
    expect(evidence.manifest.media[0]!.match!.explanation).to.match(/shows \d+ % of the first/)
  })

  it('has the copy and the work side by side in the archive', () => {
    const { picture } = evidence.manifest.media[0]!.match!
    expect(evidence.manifest.media[1]!.match).to.not.have.property('picture')
    const files = unzipSync(evidence.archive)
    const drawn = files[picture!.path]!
    expect(createHash('sha256').update(drawn).digest('hex')).to.equal(picture!.sha256.slice(2))
    expect(new TextDecoder().decode(drawn).match(/<image [^>]*href="data:image\/jpeg/g)).to.have.length(2)
    expect(new TextDecoder().decode(files['datapackage.json'])).to.include(picture!.path)
    expect(evidence.pictures.map(({ path }) => path)).to.deep.equal([picture!.path])
  })

  describe('of a page with a film', () => {
    needPeer('node-av')
    let cinema: Evidence
    before(async () => {
      const work = await fingerprint(FILM)
      cinema = await captureEvidence(`${site.origin}/cinema`, {
        allow: [site.host],
        work,
        original: FILM,
        files: [`${site.origin}/photo.jpg`, `${site.origin}/film.mp4`],
      })
    })

    it('keeps film and sound whole, though a browser asks for parts only, and compares them', () => {
      const { media, gaps } = cinema.manifest
      expect(
        media.map(({ url, element, mediaType, match }) => [url.slice(site.origin.length), element, mediaType, match?.verdict]),
      ).to.deep.equal([
        ['/noise.png', 'meta', 'image/png', undefined],
        ['/film.mp4', 'video', 'video/mp4', 'identical'],
        ['/moved.jpg', 'poster', 'image/jpeg', undefined],
        ['/tune.mp3', 'audio', 'audio/mpeg', undefined],
        ['/film.mp4?again', 'embed', 'video/mp4', 'identical'],
        ['/photo.jpg', 'given', 'image/jpeg', undefined],
        ['/cinema', 'page', 'text/plain', undefined],
      ])
      expect(media[1]!.sha256.slice(2)).to.equal(createHash('sha256').update(readFileSync(FILM)).digest('hex'))
      expect(media[3]!.iscc).to.match(/^ISCC:/)
      // A film in a frame of its own keeps its connection.
      expect(gaps.filter((gap) => gap !== 'The page never became quiet.')).to.deep.equal([])
      const { responses, problems } = validateWacz(cinema.archive)
      expect(problems).to.deep.equal([])
      expect(responses.map(({ url, status }) => `${status} ${url.slice(site.origin.length)}`)).to.include.members([
        '200 /film.mp4',
        '200 /tune.mp3',
        '302 /moved.jpg',
        '404 /missing.mp4',
      ])
      expect(responses.filter(({ status }) => status === 206)).to.deep.equal([])
    })

    it('says what a limit left out of it', async () => {
      const { manifest } = await captureEvidence(`${site.origin}/cinema`, { allow: [site.host], maxBytes: 100_000 })
      expect(manifest.gaps.join('\n')).to.match(/The film http:\S+film.mp4 is (not kept whole|beyond the limit)/)
      expect(manifest.media.map(({ url }) => url)).to.not.include(`${site.origin}/film.mp4`)
    })
  })

  it('pins archive and manifest under the CIDs it names', async () => {
    expect(await storage.pins()).to.have.members([evidence.cid, evidence.manifest.archive.cid])
    expect(decodeManifest(await storage.get(evidence.cid)).manifest).to.deep.equal(evidence.manifest)
    expect(Buffer.from(await storage.get(evidence.manifest.archive.cid, { limit: 1 << 26 })).equals(evidence.archive)).to.equal(true)
    await expectError('EVIDENCE_INVALID', () => decodeManifest(new TextEncoder().encode('{}')))
    await expectError('EVIDENCE_INVALID', () => decodeManifest(new TextEncoder().encode('no')))
    await expectError('EVIDENCE_INVALID', () => decodeManifest(new TextEncoder().encode(JSON.stringify(evidence.manifest, null, 1))))
  })

  it('reads no manifest with a field that a capture would not write: it comes from the other side of a dispute', async () => {
    const { archive } = evidence.manifest
    const needed = Object.keys(evidence.manifest).filter((name) => !['clock', 'work'].includes(name))
    const [medium] = evidence.manifest.media
    const match = { verdict: 'same', explanation: {} }
    const changes: Record<string, unknown>[] = [
      ...needed.flatMap((name) => [{ [name]: undefined }, { [name]: 7 }, { [name]: { toString: 'x' } }, { [name]: [null] }]),
      ...[{ url: 'javascript:alert(1)' }, { finalUrl: 'data:text/html,x' }, { capturedAt: 'today' }, { mode: 'mind' }, { gaps: [7] }],
      ...[{ clock: { server: 7, aheadMs: 1 } }, { work: {} }, { hosts: [{}] }, { tls: [{ origin: 'x', certificates: ['x'] }] }],
      ...[{ archive: { ...archive, size: -1 } }, { archive: { ...archive, sha256: '0x00' } }],
      ...[{ media: [{}] }, { media: [{ ...medium, url: {} }] }, { media: [{ ...medium, match }] }, { media: [{ ...medium, problem: 7 }] }],
    ]
    for (const change of changes) {
      const { bytes } = encodeManifest(JSON.parse(JSON.stringify({ ...evidence.manifest, ...change })))
      await expectError('EVIDENCE_INVALID', () => decodeManifest(bytes))
    }
  })

  it('writes archives that its own validator and py-wacz find valid', async function () {
    const report = validateWacz(evidence.archive)
    expect(report.problems).to.deep.equal([])
    expect(report).to.include({ valid: true, title: 'Stolen & shown', mainPage: `${site.origin}/` })
    if (spawnSync(PYTHON, ['-c', 'import wacz']).status !== 0) this.skip()
    const folder = mkdtempSync(join(tmpdir(), 'colophon-wacz-'))
    try {
      const file = join(folder, 'page.wacz')
      writeFileSync(file, evidence.archive)
      const ran = spawnSync(PYTHON, [
        '-c',
        `import sys; from wacz.main import main; sys.exit(main(['validate', '-f', ${JSON.stringify(file)}]))`,
      ])
      expect(ran.stdout.toString() + ran.stderr.toString())
        .to.include('valid')
        .and.not.include('invalid')
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('is replayed by ReplayWeb.page, offline', async function () {
    const replayed = await replay(evidence.archive, `${site.origin}/`)
    if (replayed === undefined) this.skip()
    expect(replayed.text).to.include('A page').and.include('Loaded by a script.')
    expect(replayed.pictures).to.equal(1)
    expect(replayed.outside).to.deep.equal([])
  })

  it('shows every byte that was changed afterwards', async () => {
    const files = unzipSync(evidence.archive)
    const repacked = (change: (each: Record<string, Uint8Array>) => void): Uint8Array => {
      const copy = Object.fromEntries(Object.entries(files).map(([path, bytes]) => [path, bytes.slice()]))
      change(copy)
      return zipSync(Object.fromEntries(Object.entries(copy).map(([path, bytes]) => [path, [bytes, { level: 0 }]])) as Zippable)
    }
    const problemsOf = (change: (each: Record<string, Uint8Array>) => void): string[] =>
      validateWacz(repacked(change)).problems.map(({ where, problem }) => `${where} ${problem}`)
    expect(problemsOf(() => {})).to.deep.equal([])
    for (const path of Object.keys(files)) {
      const flipped = problemsOf((each) => {
        each[path]![Math.floor(each[path]!.length / 2)]! ^= 1
      })
      expect(flipped, path).not.to.deep.equal([])
      expect(
        problemsOf((each) => delete each[path]),
        path,
      ).not.to.deep.equal([])
    }
    expect(problemsOf((each) => (each['more.txt'] = new Uint8Array(1)))).to.deep.equal(['more.txt is there, but not listed'])
    // With hashes mended in the data package, the digests inside the WARC still tell.
    await expectError('WACZ_UNREADABLE', () => validateWacz(new Uint8Array(100)))
  })

  it('is signed in words a wallet can show', async () => {
    const wallet = Wallet.createRandom()
    const signature = await signManifest(evidence, wallet)
    expect(signature).to.include({ signer: wallet.address, manifest: evidence.digest })
    expect(isSignedBy(evidence, signature)).to.equal(true)
    expect(isSignedBy(evidence, { ...signature, signer: Wallet.createRandom().address })).to.equal(false)
    expect(isSignedBy(evidence, { ...signature, signature: '0x12' })).to.equal(false)
    const other = { ...evidence, digest: `0x${'00'.repeat(32)}` as const }
    expect(isSignedBy(other, signature)).to.equal(false)
    expect(isSignedBy(other, { ...signature, manifest: other.digest })).to.equal(false)
  })

  describe('keeps out of private networks', () => {
    it('refuses them at once, by name and by number', async () => {
      const asked = site.asked.length
      for (const url of [
        site.origin,
        'http://localhost:8099/',
        'http://[::1]/',
        'http://10.0.0.1/',
        'http://169.254.169.254/',
        'http://[::ffff:7f00:1]/',
      ])
        for (const browser of [undefined, false] as const)
          await expectError('ADDRESS_REFUSED', () => captureEvidence(url, { timeout: 20_000, ...(browser === false ? { browser } : {}) }))
      expect(site.asked).to.have.length(asked)
    })

    it('refuses them behind a redirect', async () => {
      for (const browser of [undefined, false] as const) {
        const refused = await captureEvidence(`${site.origin}/inside`, {
          allow: [site.host],
          timeout: 20_000,
          ...(browser === false ? { browser } : {}),
        }).then(
          ({ manifest }) => manifest.gaps.join(),
          (fault: { code: string }) => fault.code,
        )
        expect(refused).to.match(/ADDRESS_REFUSED|CAPTURE_FAILED|not public/)
      }
    })

    it('refuses them to what is in the page, and says so', async () => {
      const { manifest } = await captureEvidence(`${site.origin}/leaks`, { allow: [site.host] })
      expect(manifest.title).to.equal('Leaks')
      expect(manifest.gaps.join('\n')).to.include('127.0.0.1:8099 was not reached: its address is not public')
    })
  })

  describe('faces pages that misbehave', () => {
    it('captures a page that never ends as far as it came', async () => {
      const { manifest } = await captureEvidence(`${site.origin}/slow`, { allow: [site.host], timeout: 3000 })
      expect(manifest.gaps.join('\n')).to.include('did not finish')
    })

    it('cuts what is too large', async () => {
      const cut = await captureEvidence(`${site.origin}/huge`, { allow: [site.host], timeout: 15_000, maxBytes: 2 << 20 }).then(
        ({ manifest }) => manifest.gaps.join(),
        (fault: { code: string }) => fault.code,
      )
      expect(cut).to.match(/CAPTURE_FAILED|more than|More than|beyond/)
      for (const path of ['/huge', '/bomb'])
        await expectError('CAPTURE_FAILED', () =>
          captureEvidence(`${site.origin}${path}`, { allow: [site.host], browser: false, maxBytes: 2 << 20 }),
        )
    })

    it('gives up on loops and on servers that are not there, with a reason', async () => {
      for (const browser of [undefined, false] as const) {
        const options = { allow: [site.host, '127.0.0.1:9'], timeout: 20_000, ...(browser === false ? { browser } : {}) }
        for (const url of [`${site.origin}/loop`, 'http://127.0.0.1:9/'])
          expect((await expectError('CAPTURE_FAILED', () => captureEvidence(url, options))).shortMessage).to.include(url)
      }
      for (const url of ['ftp://example.org/', 'not an address', 'http://user:secret@example.org/'])
        await expectError('URL_INVALID', () => captureEvidence(url))
      await expectError('DEPENDENCY_MISSING', () => captureEvidence(site.origin, { browser: '/nowhere/chromium' }))
    })

    it('says so when the browser crashes, and captures the next page', async () => {
      let killed = 0
      site.crash = () => {
        for (const pid of browsersOf(process.pid)) {
          process.kill(pid, 'SIGKILL')
          killed++
        }
      }
      await expectError('CAPTURE_FAILED', () => captureEvidence(`${site.origin}/crash`, { allow: [site.host], timeout: 15_000 }))
      delete site.crash
      expect(killed).to.be.greaterThan(0)
      const { manifest } = await captureEvidence(`${site.origin}/gone`, { allow: [site.host] })
      expect(manifest.title).to.equal('Gone')
    })

    it('keeps what a page that is gone says', async () => {
      const { manifest, archive } = await captureEvidence(`${site.origin}/gone`, { allow: [site.host] })
      expect(manifest.title).to.equal('Gone')
      expect(validateWacz(archive).responses[0]).to.include({ status: 404 })
    })

    it('stops when it is told to', async () => {
      const controller = new AbortController()
      const reason = new Error('enough')
      setTimeout(() => controller.abort(reason), 800)
      const stopped = await captureEvidence(`${site.origin}/slow`, { allow: [site.host], signal: controller.signal }).catch(
        (fault: unknown) => fault,
      )
      expect(stopped).to.equal(reason)
      // Whenever it is told, no browser is left behind.
      for (const delay of [0, 20, 80]) {
        const stop = new AbortController()
        setTimeout(() => stop.abort(reason), delay)
        await captureEvidence(`${site.origin}/slow`, { allow: [site.host], signal: stop.signal }).catch(() => undefined)
      }
      for (let tries = 0; browsersOf(process.pid).length > 0 && tries < 300; tries++)
        await new Promise((resolve) => setTimeout(resolve, 100))
      expect(browsersOf(process.pid)).to.deep.equal([])
    })
  })

  it('captures over plain HTTP where there is no browser, and says so', async () => {
    const work = await fingerprint(readFileSync(PHOTO))
    const { manifest, archive } = await captureEvidence(`${site.origin}/photo.jpg`, { allow: [site.host], browser: false, work })
    expect(manifest).to.include({ mode: 'http' })
    expect(manifest.gaps[0]).to.include('without a browser')
    expect(manifest.media[0]).to.deep.include({ element: 'page', mediaType: 'image/jpeg' })
    expect(manifest.media[0]!.match!.verdict).to.equal('identical')
    expect(validateWacz(archive).problems).to.deep.equal([])
    const page = await captureEvidence(`${site.origin}/moved`, { allow: [site.host], browser: false })
    expect(validateWacz(page.archive).responses.map(({ status }) => status)).to.deep.equal([302, 200])
    expect(page.manifest.title).to.equal('Stolen &amp; shown')
  })
})

/** Every member of a gzip file of several. */
async function gunzipAll(bytes: Uint8Array): Promise<Uint8Array> {
  const { gunzipSync } = await import('node:zlib')
  return gunzipSync(bytes)
}
