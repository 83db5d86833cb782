import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { launchChromium } from '../browser/chromium.ts'
import { startChain, type TestChain } from '../chain.ts'
import { type Ran, run } from '../cli/command.ts'
import { ESSAY, PHOTO } from '../fingerprint/media.ts'
import { type Site, startSite } from './site.ts'

describe('cli: evidence', function () {
  this.timeout(300_000)
  let site: Site
  let cwd: string
  let chain: TestChain
  const colophon = (...args: string[]): Promise<Ran> => run(args, { cwd, env: { COLOPHON_RPC_URL: chain.url } })

  before(async function () {
    const browser = await launchChromium()
    if (browser === undefined) this.skip()
    await browser.close()
    site = await startSite()
    chain = await startChain()
    cwd = mkdtempSync(join(tmpdir(), 'colophon-evidence-'))
    copyFileSync(PHOTO, join(cwd, 'photo.jpg'))
    copyFileSync(ESSAY, join(cwd, 'essay.md'))
  })
  after(async () => {
    await site?.stop()
    await chain?.stop()
    if (cwd !== undefined) rmSync(cwd, { recursive: true, force: true })
  })

  it('captures, signs, finds the copy, and verifies what it wrote', async () => {
    const captured = await colophon(
      'capture',
      site.origin,
      '--work',
      'photo.jpg',
      '--allow',
      site.host,
      '--sign',
      '--out',
      'found.evidence',
    )
    expect(captured.code, captured.out + captured.err).to.equal(0)
    expect(captured.out).to.include('Copies of photo.jpg').and.include('/copy.jpg').and.include(chain.accounts[0]!.address)
    expect(readdirSync(join(cwd, 'found.evidence')).sort()).to.deep.equal(['manifest.json', 'matches', 'page.wacz', 'signature.json'])
    expect(captured.out).to.include('Side by side: ')
    for (const what of ['found.evidence', 'found.evidence/manifest.json']) {
      const verified = await colophon('verify', what)
      expect(verified.code, verified.out).to.equal(0)
      expect(verified.out).to.include('✓ archive').and.include('✓ signature').and.include('Stolen & shown')
    }
    const again = await colophon('capture', site.origin, '--allow', site.host, '--out', 'found.evidence', '--json')
    expect([again.code, again.json().error.code]).to.deep.equal([2, 'OUTPUT_EXISTS'])

    const archive = join(cwd, 'found.evidence', 'page.wacz')
    const bytes = readFileSync(archive)
    bytes[bytes.length >> 1]! ^= 1
    writeFileSync(archive, bytes)
    const refuted = await colophon('verify', 'found.evidence', '--json')
    expect([refuted.code, refuted.json().verdict]).to.deep.equal([1, 'refuted'])
    rmSync(archive)
    const without = await colophon('verify', 'found.evidence', '--json')
    expect([without.code, without.json().verdict]).to.deep.equal([3, 'incomplete'])
    writeFileSync(join(cwd, 'found.evidence', 'manifest.json'), '{}')
    expect((await colophon('verify', 'found.evidence', '--json')).json().error.code).to.equal('EVIDENCE_INVALID')
  })

  it('says when there is no copy, and writes nothing where nothing was captured', async () => {
    const other = await colophon('capture', `${site.origin}/gone`, '--work', 'essay.md', '--allow', site.host, '--no-browser', '--json')
    expect([other.code, other.json().mode]).to.deep.equal([1, 'http'])
    expect(existsSync(other.json().folder)).to.equal(true)
    const before = readdirSync(cwd)
    const refused = await colophon('capture', site.origin, '--json')
    expect([refused.code, refused.json().error.code]).to.deep.equal([2, 'ADDRESS_REFUSED'])
    expect(readdirSync(cwd)).to.deep.equal(before)
    const silent = await colophon('capture', site.origin, '--allow', site.host, '--no-browser', '--tsa', 'http://127.0.0.1:9/', '--json')
    expect([silent.code, silent.json().error.code]).to.deep.equal([3, 'TIMESTAMP_UNAVAILABLE'])
    // What was captured is not lost with the authority.
    const folder = /colophon timestamp (\S+)/.exec(silent.json().error.hint)![1]!
    expect((await colophon('verify', folder)).code).to.equal(0)
    expect((await colophon('timestamp', folder, '--tsa', 'http://127.0.0.1:9/', '--json')).json().error.code).to.equal(
      'TIMESTAMP_UNAVAILABLE',
    )
    expect((await colophon('timestamp', 'nowhere', '--tsa', 'http://127.0.0.1:9/', '--json')).json().error.code).to.equal(
      'SOURCE_NOT_FOUND',
    )
  })
})
