import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { createColophon } from '../../src/index.ts'
import { launchChromium } from '../browser/chromium.ts'
import { startChain, type TestChain } from '../chain.ts'
import { type Ran, run, start } from '../cli/command.ts'
import { type Site, startSite } from '../evidence/site.ts'
import { ESSAY, PHOTO } from '../fingerprint/media.ts'

describe('cli: watch', function () {
  this.timeout(300_000)
  let site: Site
  let cwd: string
  let chain: TestChain
  let deposit: string
  const colophon = (...args: string[]): Promise<Ran> => run(args, { cwd, env: { COLOPHON_RPC_URL: chain.url } })
  const watching = (...more: string[]): string[] => [
    ...[
      'watch',
      'run',
      `${site.origin}/`,
      '--work',
      'works',
      '--delay',
      '0',
      '--timeout',
      '2',
      '--allow',
      site.host,
      '--depth',
      '0',
      ...more,
    ],
  ]

  before(async function () {
    const browser = await launchChromium()
    if (browser === undefined) this.skip()
    await browser.close()
    site = await startSite()
    chain = await startChain()
    cwd = mkdtempSync(join(tmpdir(), 'colophon-watch-cli-'))
    mkdirSync(join(cwd, 'works'))
    copyFileSync(PHOTO, join(cwd, 'works', 'photo.jpg'))
    deposit = (await colophon('deposit', 'works/photo.jpg', '--creator', 'Ada', '--json')).json().id
    copyFileSync(ESSAY, join(cwd, 'works', 'essay.md'))
  })
  after(async () => {
    await site?.stop()
    await chain?.stop()
    if (cwd !== undefined) rmSync(cwd, { recursive: true, force: true })
  })

  it('tells by its exit code whether there is anything new', async () => {
    const first = await colophon(...watching('--json'))
    expect(first.code, first.out + first.err).to.equal(1)
    const { suspects, folder } = first.json()
    expect(suspects.map(({ media, work }: { media: string; work: { id: string } }) => [media, work.id === deposit])).to.have.deep.members([
      ['image', true],
      ['text', false],
    ])
    expect(readdirSync(join(cwd, folder)).sort()).to.deep.equal(['journal.jsonl', 'report.html', 'report.json', 'suspects', 'works'])
    const second = await colophon(...watching())
    expect(second.code, second.out + second.err).to.equal(0)
    expect(second.out)
      .to.include('Nothing new')
      .and.match(/suspects +2\n/)
    const nothing = await colophon(
      ...['watch', 'run', 'http://10.0.0.1/', '--work', 'works', '--folder', 'elsewhere', '--delay', '0', '--json'],
    )
    expect([nothing.code, nothing.json().gaps[0].code]).to.deep.equal([3, 'ADDRESS_REFUSED'])
    const wrong = await colophon('watch', 'run', 'nowhere', '--work', 'works', '--json')
    expect([wrong.code, wrong.json().error.code]).to.deep.equal([2, 'WATCH_INPUT_INVALID'])
    for (const permit of ['[1]', 'nonsense']) {
      writeFileSync(join(cwd, 'permit.json'), permit)
      const refused = await colophon(...watching('--permit', 'permit.json', '--json'))
      expect([refused.code, refused.json().error.code]).to.deep.equal([2, 'WATCH_INPUT_INVALID'])
    }
    expect((await colophon(...watching('--permit', 'none.json', '--json'))).json().error.code).to.equal('SOURCE_NOT_FOUND')
  })

  it('goes from a suspect to evidence with both pictures and a filed claim, and does nothing twice', async () => {
    const { suspects } = JSON.parse(readFileSync(join(cwd, '.colophon/watch/report.json'), 'utf8'))
    const { id } = suspects.find(({ media }: { media: string }) => media === 'image')
    const text = suspects.find(({ media }: { media: string }) => media === 'text')

    // Killed in the middle of the capture: nothing half-written is left to be trusted, and the same command finishes the work.
    site.asked.length = 0
    const killed = start(['watch', 'claim', id, '--evidence-only', '--allow', site.host], { cwd, env: { COLOPHON_RPC_URL: chain.url } })
    while (!site.asked.includes('/data.json') && killed.child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 20))
    killed.child.kill('SIGKILL')
    await killed.ended
    expect(readdirSync(join(cwd, '.colophon/watch')).filter((name) => name.endsWith('.evidence'))).to.deep.equal([])

    const captured = await colophon('watch', 'claim', id, '--evidence-only', '--allow', site.host, '--json')
    expect(captured.code, captured.out + captured.err).to.equal(0)
    const { evidence } = captured.json()
    const manifest = JSON.parse(readFileSync(join(evidence.folder, 'manifest.json'), 'utf8'))
    const matched = manifest.media.find(({ match }: { match?: { verdict: string } }) => match?.verdict === 'copy')
    const picture = readFileSync(join(evidence.folder, matched.match.picture.path), 'utf8')
    expect(picture.match(/href="data:image\/jpeg/g)).to.have.length(2)
    expect((await colophon('verify', evidence.folder)).code).to.equal(0)

    const claimed = await colophon('watch', 'claim', id, '--respondent', chain.accounts[5]!.address, '--json')
    expect(claimed.code, claimed.out + claimed.err).to.equal(0)
    const answer = claimed.json()
    expect(answer.evidence).to.deep.equal(evidence)
    expect(answer.distance).to.be.within(0, 31)
    const status = await createColophon({ provider: chain.provider }).claims.status(answer.claim.id)
    expect(status.claim.workId).to.equal(deposit)

    const again = await colophon('watch', 'claim', id, '--json')
    expect([again.code, again.json().claim]).to.deep.equal([0, answer.claim])
    expect((await colophon('watch', 'show', id)).out).to.include('Claim: 0x')
    const evidences = readdirSync(join(cwd, '.colophon/watch')).filter((name) => name.endsWith('.evidence'))
    expect(evidences).to.have.length(1)

    // The text was never deposited: it can be captured, not claimed.
    expect((await colophon('watch', 'claim', text.id, '--json')).json().error.code).to.equal('USAGE')
    const elsewhere = await colophon(
      ...['watch', 'claim', text.id, '--evidence-only', '--no-browser', '--page', `${site.origin}/gone`, '--allow', site.host, '--json'],
    )
    expect([elsewhere.code, elsewhere.json().error.code]).to.deep.equal([2, 'SUSPECT_GONE'])
    expect(readdirSync(join(cwd, '.colophon/watch')).filter((name) => name.endsWith('.evidence'))).to.have.length(1)
  })

  it('lets scripts place what pages show, where it is told to', async () => {
    const filled = (folder: string, ...more: string[]): Promise<Ran> =>
      colophon(
        ...['watch', 'run', `${site.origin}/filled`, '--work', 'works', '--delay', '0', '--allow', site.host, '--depth', '0'],
        ...['--folder', folder, '--json', ...more],
      )
    const still = await filled('still')
    expect([still.code, still.json().suspects.length], still.err).to.deep.equal([0, 0])
    const rendered = await filled('rendered', '--render', '--render-pages', '5')
    expect([rendered.code, rendered.json().suspects.length], rendered.err).to.deep.equal([1, 1])
    expect(rendered.json().suspects[0].sightings[0].page).to.equal(`${site.origin}/filled`)
  })

  it('dismisses, and shows', async () => {
    const shown = await colophon('watch', 'show')
    expect(shown.code).to.equal(0)
    const { suspects } = JSON.parse(readFileSync(join(cwd, '.colophon/watch/report.json'), 'utf8'))
    const text = suspects.find(({ media }: { media: string }) => media === 'text')
    expect((await colophon('watch', 'dismiss', text.id, '--why', 'It is quoted with leave.')).code).to.equal(0)
    const next = await colophon(...watching('--json'))
    expect(next.json().dismissed.map((each: { dismissed: string }) => each.dismissed)).to.deep.equal(['It is quoted with leave.'])
    expect((await colophon('watch', 'show', 'nothing', '--json')).json().error.code).to.equal('SUSPECT_UNKNOWN')
    expect((await colophon('watch', 'show', '--folder', 'nowhere', '--json')).json().error.code).to.equal('WATCH_NOT_FOUND')
  })

  it('takes a license of the chain into account, while it is in force and of this work', async () => {
    const author = createColophon({ signer: chain.accounts[0]! })
    const buyer = createColophon({ signer: chain.accounts[3]! })
    const offer = await author.licenses.sign({
      workId: deposit,
      price: 0n,
      duration: { days: 30 },
      rights: ['display'],
      territories: ['westernEurope'],
      channels: ['web'],
    })
    const { licenseId } = await buyer.licenses.acquire({ offer })
    const permit = (license: string): void =>
      writeFileSync(join(cwd, 'permit.json'), JSON.stringify([{ where: site.host, license, territory: 'westernEurope', channel: 'web' }]))
    permit(licenseId)
    const licensed = (await colophon(...watching('--permit', 'permit.json', '--json'))).json()
    expect([licensed.permitted.length, licensed.suspects.length]).to.deep.equal([1, 0])
    permit(`0x${'7'.repeat(64)}`)
    const other = (await colophon(...watching('--permit', 'permit.json', '--json'))).json()
    expect([other.permitted.length, other.suspects.length]).to.deep.equal([0, 1])
    await chain.pass(31 * 86_400)
    permit(licenseId)
    const expired = (await colophon(...watching('--permit', 'permit.json', '--json'))).json()
    expect([expired.permitted.length, expired.suspects.length]).to.deep.equal([0, 1])
    expect(expired.suspects[0].sightings[0].permission).to.include('not in force')
  })

  it('repeats until it is interrupted', async () => {
    const { child, ended } = start(watching('--folder', 'repeated', '--every', '1s', '--json'), {
      cwd,
      env: { COLOPHON_RPC_URL: chain.url },
    })
    let passes = 0
    let stopping = false
    child.stdout!.on('data', (chunk: Buffer) => {
      passes += chunk.toString().match(/"colophon-watch-report"/g)?.length ?? 0
      if (passes >= 2 && !stopping) stopping = child.kill('SIGINT')
    })
    const { code } = await ended
    expect([code, passes >= 2]).to.deep.equal([130, true])
    expect(existsSync(join(cwd, 'repeated', 'report.html'))).to.equal(true)
    expect(readdirSync(join(cwd, 'repeated')).some((name) => name.startsWith('lock-'))).to.equal(false)
  })
})
