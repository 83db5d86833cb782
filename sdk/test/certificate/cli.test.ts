import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { startChain, type TestChain } from '../chain.ts'
import { type Ran, run } from '../cli/command.ts'
import { ESSAY, PHOTO } from '../fingerprint/media.ts'
import { needPeer } from '../needPeer.ts'

describe('cli: certificate', function () {
  needPeer('@fontsource/noto-serif-sc')
  this.timeout(120_000)
  let cwd: string
  let chain: TestChain
  const colophon = (...args: string[]): Promise<Ran> => run(args, { cwd, env: { COLOPHON_RPC_URL: chain.url } })

  before(async () => {
    chain = await startChain()
    cwd = mkdtempSync(join(tmpdir(), 'colophon-certificate-'))
    copyFileSync(PHOTO, join(cwd, 'photo.jpg'))
    copyFileSync(ESSAY, join(cwd, 'essay.md'))
    const deposited = await colophon('deposit', 'photo.jpg', '--title', '咖啡', '--creator', 'Rachel Michetti')
    expect(deposited.code, deposited.err).to.equal(0)
  })
  after(async () => {
    await chain.stop()
    rmSync(cwd, { recursive: true, force: true })
  })

  it('makes a certificate that verify believes, and one bit less that it does not', async () => {
    const made = await colophon('certificate', 'photo.jpg.receipt.json', '--file', 'photo.jpg', '--lang', 'zh', '--identity')
    expect(made.code, made.err).to.equal(0)
    expect(made.out).to.include('photo.jpg.pdf').and.include('the picture')
    const verified = await colophon('verify', 'photo.jpg.pdf', '--file', 'photo.jpg')
    expect(verified.code, verified.out).to.equal(0)
    expect(verified.out).to.include('✓ certificate').and.include('✓ preview').and.include('✓ identity').and.include('✓ record')

    const offline = await colophon('verify', 'photo.jpg.pdf', '--offline')
    expect([offline.code, offline.out.split('\n')[0]]).to.deep.equal([
      3,
      '– Incomplete: nothing speaks against it, but not all that it shows could be checked.',
    ])
    const pdf = readFileSync(join(cwd, 'photo.jpg.pdf'))
    for (const at of [3, pdf.indexOf('(certificate.json)') + 4]) {
      const changed = Buffer.from(pdf)
      changed[at]! ^= 1
      writeFileSync(join(cwd, 'changed.pdf'), changed)
      const refuted = await colophon('verify', 'changed.pdf', '--json')
      expect([refuted.code, refuted.json().verdict, refuted.json().checks[0].name]).to.deep.equal([1, 'refuted', 'certificate'])
    }
  })

  it('says what is missing or foreign, and writes nothing then', async () => {
    const codeOf = async (...args: string[]): Promise<string> => (await colophon('certificate', ...args, '--json')).json().error.code
    expect(await codeOf('photo.jpg.receipt.json', '--file', 'essay.md', '-o', 'a.pdf')).to.equal('CERTIFICATE_FILE_FOREIGN')
    expect(await codeOf('photo.jpg.receipt.json', '--store', 'nowhere', '-o', 'a.pdf')).to.equal('CERTIFICATE_DOCUMENT_MISSING')
    expect(await codeOf('photo.jpg.receipt.json', '--document', 'essay.md', '-o', 'a.pdf')).to.equal('CERTIFICATE_DOCUMENT_FOREIGN')
    expect(await codeOf('photo.jpg.receipt.json', '-o', 'photo.jpg')).to.equal('OUTPUT_EXISTS')
    expect(() => readFileSync(join(cwd, 'a.pdf'))).to.throw(/ENOENT/)
  })
})
