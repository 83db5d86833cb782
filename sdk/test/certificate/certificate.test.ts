import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { keccak256 } from 'ethers'
import { decodeQR } from 'qr/decode.js'
import sharp from 'sharp'
import {
  type CertificateInput,
  createCertificate,
  identityAt,
  type Preview,
  previewOf,
  readCertificate,
  verifyCertificate,
} from '../../src/certificate/index.ts'
import { createConnection } from '../../src/client/index.ts'
import { idOf, workOf } from '../../src/deposits/work.ts'
import { createDocument, type WorkDescription } from '../../src/document/index.ts'
import { fingerprint, type Media } from '../../src/fingerprint/index.ts'
import { createDeposits, type DepositReceipt } from '../../src/index.ts'
import { proveDeposit } from '../../src/verify/index.ts'
import { startChain, type TestChain } from '../chain.ts'
import { programFromDebian } from '../debian.ts'
import { expectError } from '../expectError.ts'
import { blobs, ESSAY, FILM, PHOTO, REEL, TUNE } from '../fingerprint/media.ts'
import { needPeer } from '../needPeer.ts'

describe('certificate', function () {
  needPeer('@fontsource/noto-serif-sc')
  this.timeout(120_000)
  let chain: TestChain
  let folder: string
  let photo: { input: CertificateInput; pdf: Uint8Array }
  let essay: { input: CertificateInput; pdf: Uint8Array }
  let plain: { input: CertificateInput; pdf: Uint8Array }

  before(async () => {
    chain = await startChain()
    folder = mkdtempSync(join(tmpdir(), 'colophon-certificate-'))
    photo = await certified(PHOTO, 'image', { title: 'Coffee', creators: [{ name: 'Rachel Michetti', role: 'photographer' }] })
    essay = await certified(ESSAY, 'text', {
      title: '论书末题记',
      creators: [{ name: '王晓明', role: '作者' }],
      rightsHolder: { name: '题记社' },
    })
    plain = await certified(PHOTO, 'data', { title: 'Žluťoučký kůň', creators: [{ name: 'Ångström' }] })
  })
  after(async () => {
    await chain.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  /** Deposits a file and makes its certificate, in Chinese if its title is. */
  async function certified(
    file: string,
    media: Media,
    description: WorkDescription,
  ): Promise<{ input: CertificateInput; pdf: Uint8Array }> {
    const found = await fingerprint(file, { media })
    const document = createDocument(found, description)
    const receipt = await createDeposits({ signer: chain.accounts[1]! }).create({ fingerprint: found, document })
    const preview = await previewOf(file, media)
    const input: CertificateInput = {
      receipt,
      document: document.bytes,
      language: /\p{Script=Han}/u.test(description.title) ? 'zh' : 'en',
      ...(preview === undefined ? {} : { preview }),
    }
    return { input, pdf: await createCertificate(input) }
  }

  const online = (): { provider: TestChain['provider']; deployment: TestChain['deployment'] } => chain
  const write = (name: string, pdf: Uint8Array): string => {
    const file = join(folder, name)
    writeFileSync(file, pdf)
    return file
  }

  it('is verified against the chain, and by nobody’s word', async () => {
    for (const [{ pdf }, file] of [
      [photo, undefined],
      [essay, ESSAY],
      [plain, undefined],
    ] as const) {
      const { verdict, checks } = await verifyCertificate(pdf, { ...online(), ...(file === undefined ? {} : { file }) })
      expect(verdict, JSON.stringify(checks, null, 1)).to.equal('verified')
      expect(checks[0]).to.include({ name: 'certificate', status: 'ok' })
    }
    const { checks } = await verifyCertificate(photo.pdf, { ...online(), file: PHOTO })
    expect(checks.filter(({ ok }) => ok).map(({ name }) => name)).to.include.members([
      'certificate',
      'preview',
      'sha256',
      'record',
      'event',
    ])
  })

  it('with a proof in its receipt needs nothing but one block hash', async () => {
    const receipt = await proveDeposit(photo.input.receipt as DepositReceipt, { provider: chain.provider })
    const pdf = await createCertificate({ ...photo.input, receipt })
    const blockHash = keccak256(receipt.stateProof!.header)
    expect((await verifyCertificate(pdf, { blockHash })).verdict).to.equal('verified')
    expect((await verifyCertificate(pdf, { blockHash: `0x${'1'.repeat(64)}` })).verdict).to.equal('refuted')
  })

  it('is checked as far as that goes without a chain', async () => {
    const { verdict, checks, content } = await verifyCertificate(photo.pdf)
    expect(verdict).to.equal('incomplete')
    expect(checks.filter(({ ok }) => ok).map(({ name }) => name)).to.include.members([
      'certificate',
      'preview',
      'id',
      'document',
      'document-content',
    ])
    expect(content!.receipt).to.deep.equal(photo.input.receipt)
  })

  it('is the same file whenever it is made', async () => {
    expect(Buffer.from(await createCertificate(photo.input)).equals(photo.pdf)).to.equal(true)
  })

  it('is the same file in every version of this SDK: whoever changes the layout gives it a new version', async () => {
    const fixed = createDocument(
      { ...(await fingerprint(ESSAY, { media: 'data' })), size: 1 },
      { title: 'A title, 题目', creators: [{ name: 'Ada', role: 'author' }], rightsHolder: { name: 'Žofie' } },
    )
    const claimant = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
    const work = workOf({
      contentHash: `0x${'11'.repeat(32)}`,
      fingerprint: `0x${'5a'.repeat(32)}`,
      fingerprintType: 1,
      metadata: fixed.digest,
    })
    const place = { transaction: `0x${'22'.repeat(32)}` as const, block: 1234, time: 1_790_000_000 }
    const receipt: DepositReceipt = {
      type: 'colophon-deposit-receipt',
      version: 1,
      kind: 'direct',
      chainId: 1,
      registry: '0x5FbDB2315678afecb367f032d93F642f64180aa3',
      id: idOf(claimant, work),
      claimant,
      work,
      document: fixed.cid,
      depositedAt: place.time,
      record: place,
    }
    const hashes: string[] = []
    for (const language of ['en', 'zh'] as const)
      hashes.push(
        createHash('sha256')
          .update(await createCertificate({ receipt, document: fixed.bytes, language }))
          .digest('hex'),
      )
    expect(hashes).to.deep.equal([
      '2b9405787c6a58532b18a134904da392aee0cb8f9502773e3b3bd0ae205212ea',
      '28d11eeb200ca1fffd74f233c778f07141dae4f5774e3f0d66250295b2cfeba2',
    ])
  })

  describe('of recordings and films', () => {
    needPeer('node-av')
    let tune: { input: CertificateInput; pdf: Uint8Array }
    let film: { input: CertificateInput; pdf: Uint8Array }
    const previewCheck = async (pdf: Uint8Array, file?: string): Promise<(string | undefined)[]> => {
      const { verdict, checks } = await verifyCertificate(pdf, { ...online(), ...(file === undefined ? {} : { file }) })
      return [verdict, checks.find(({ name }) => name === 'preview')?.status]
    }
    before(async () => {
      tune = await certified(TUNE, 'audio', { title: 'A tune', creators: [{ name: 'Ada', role: 'composer' }] })
      film = await certified(FILM, 'video', { title: '咖啡', creators: [{ name: '王晓明', role: '导演' }] })
    })

    it('shows the waveform, which is that of the file', async () => {
      const { waveform } = readCertificate(tune.pdf).data
      expect(waveform).to.have.length(160)
      expect(Math.max(...waveform!)).to.equal(255)
      expect(Math.min(...waveform!)).to.be.lessThan(200)
      expect(await previewCheck(tune.pdf, TUNE)).to.deep.equal(['verified', 'ok'])
      expect(await previewCheck(tune.pdf)).to.deep.equal(['incomplete', 'skipped'])
      const drawn = await createCertificate({ ...tune.input, preview: { kind: 'waveform', bars: waveform!.toReversed() } })
      expect(await previewCheck(drawn, TUNE)).to.deep.equal(['refuted', 'failed'])
    })

    it('shows frames, which are those of the file', async () => {
      const { jpeg } = readCertificate(film.pdf)
      expect(await sharp(jpeg).metadata()).to.include({ width: 980, height: 490, format: 'jpeg', channels: 3 })
      expect(await previewCheck(film.pdf, FILM)).to.deep.equal(['verified', 'ok'])
      expect(await previewCheck(film.pdf)).to.deep.equal(['incomplete', 'skipped'])
      const other = (await previewOf(REEL, 'video'))!
      expect(await previewCheck(await createCertificate({ ...film.input, preview: other }), FILM)).to.deep.equal(['refuted', 'failed'])
    })

    it('draws no other numbers', async () => {
      for (const bars of [[], new Array(160).fill(256), new Array(160).fill(0.5), new Array(161).fill(1)])
        await expectError('CERTIFICATE_INPUT_INVALID', () => createCertificate({ ...tune.input, preview: { kind: 'waveform', bars } }))
    })
  })

  it('notices every changed bit, wherever it is', async () => {
    // The one with the Chinese page has the most kinds of objects, and the one with the picture the other.
    for (const { pdf } of [essay, photo]) {
      const starts = objectsOf(pdf)
      const regions = [0, ...starts, pdf.length]
      let flips = 0
      for (let index = 0; index + 1 < regions.length; index++) {
        const [from, to] = [regions[index]!, regions[index + 1]!]
        // The first bytes of the object, and two anywhere in it.
        for (const at of [from, from + Math.floor(Math.random() * (to - from)), from + Math.floor(Math.random() * (to - from))]) {
          const changed = pdf.slice()
          const bit = 1 << Math.floor(Math.random() * 8)
          changed[at]! ^= bit
          const { verdict, checks } = await verifyCertificate(changed)
          expect(verdict, `bit ${bit} of byte ${at}`).to.equal('refuted')
          expect(
            checks.some(({ status }) => status === 'failed'),
            `bit ${bit} of byte ${at}`,
          ).to.equal(true)
          flips++
        }
      }
      expect(flips).to.be.greaterThan(75)
    }
  })

  it('notices what is appended, cut off, and written into the page alone', async () => {
    const text = Buffer.from(photo.pdf)
    const appended = Buffer.concat([text, Buffer.from('\n% signed\n')])
    const cut = text.subarray(0, text.length - 1)
    // The same length, another page: two letters of its first words change places.
    const page = Buffer.from(text)
    const at = page.indexOf(' Tf [<') + 6
    const swapped = page.subarray(at, at + 8).toString('latin1')
    page.write(swapped.slice(4) + swapped.slice(0, 4), at, 'latin1')
    expect(page.equals(text), 'the swap changed something').to.equal(false)
    // A forger mends the identifier too.
    const mended = withIdentifier(page)
    expect((await verifyCertificate(mended)).checks[0]!.explanation).to.include('not what its own data gives')
    for (const changed of [appended, cut, page, mended, Buffer.from('%PDF-1.7\n'), new Uint8Array()]) {
      const { verdict, checks } = await verifyCertificate(changed)
      expect(verdict).to.equal('refuted')
      expect(checks[0]).to.include({ name: 'certificate', status: 'failed' })
    }
  })

  it('refutes forgeries that are whole in themselves', async () => {
    const receipt = photo.input.receipt as DepositReceipt
    const earlier = {
      ...receipt,
      depositedAt: receipt.depositedAt - 86_400,
      record: { ...receipt.record!, time: receipt.record!.time - 86_400 },
    }
    const backdated = await verifyCertificate(await createCertificate({ ...photo.input, receipt: earlier }), online())
    expect(backdated.checks[0]!.status).to.equal('ok')
    expect([backdated.verdict, statusOf(backdated, 'time')]).to.deep.equal(['refuted', 'failed'])

    const stranger: Preview = (await previewOf(await blobs(7), 'image'))!
    const other = await verifyCertificate(await createCertificate({ ...photo.input, preview: stranger }), online())
    expect([other.verdict, statusOf(other, 'preview')]).to.deep.equal(['refuted', 'failed'])

    const invented = await createCertificate({ ...essay.input, preview: { kind: 'excerpt', text: 'It was the best of times.' } })
    const quoted = await verifyCertificate(invented, { ...online(), file: ESSAY })
    expect([quoted.verdict, statusOf(quoted, 'preview')]).to.deep.equal(['refuted', 'failed'])
    expect((await verifyCertificate(invented, online())).verdict, 'an excerpt without the work proves nothing').to.equal('incomplete')

    const known = await createCertificate({ ...photo.input, identity: { registry: chain.accounts[5]!.address, level: 3 } })
    const unknown = await verifyCertificate(known, online())
    expect(unknown.verdict, 'nobody vouches for the level').to.not.equal('verified')
  })

  it('takes no document but the one that was deposited', async () => {
    const { bytes } = createDocument(await fingerprint(PHOTO), { title: 'Tea', creators: [{ name: 'Somebody else' }] })
    await expectError('CERTIFICATE_DOCUMENT_FOREIGN', () => createCertificate({ ...photo.input, document: bytes }))
  })

  it('states the identity that the registry has, and has it checked', async () => {
    const connection = createConnection({ provider: chain.provider, deployment: chain.deployment })
    const receipt = photo.input.receipt as DepositReceipt
    const identity = await identityAt(connection, receipt)
    if (identity === undefined) throw new Error('the local chain has a registry of identities')
    expect(identity.level, 'nobody has attested the account').to.equal(0)
    const pdf = await createCertificate({ ...photo.input, identity })
    expect((await verifyCertificate(pdf, online())).verdict).to.equal('verified')
    const raised = await verifyCertificate(await createCertificate({ ...photo.input, identity: { ...identity, level: 3 } }), online())
    expect([raised.verdict, statusOf(raised, 'identity')]).to.deep.equal(['refuted', 'failed'])
  })

  it('sets what the standard fonts lack in a font that is given, and wants it again', async () => {
    const cyrillic = createRequire(import.meta.url).resolve('@fontsource/noto-serif-sc/files/noto-serif-sc-cyrillic-400-normal.woff')
    const fonts = [{ name: 'Noto Cyrillic', bytes: new Uint8Array(readFileSync(cyrillic)) }]
    const found = await fingerprint(PHOTO)
    const document = createDocument(found, { title: 'Кофе', creators: [{ name: 'Анна' }] })
    const receipt = await createDeposits({ signer: chain.accounts[2]! }).create({ fingerprint: found, document })
    const fault = await expectError('FONT_LACKS_CHARACTER', () => createCertificate({ receipt, document: document.bytes }))
    expect(fault.details.codePoint).to.equal('U+041A')
    const pdf = await createCertificate({ receipt, document: document.bytes }, { fonts })
    expect((await verifyCertificate(pdf, { ...online(), fonts })).verdict).to.equal('verified')
    const without = await verifyCertificate(pdf, online())
    expect([without.verdict, without.checks[0]!.status]).to.deep.equal(['incomplete', 'skipped'])
    const changed = pdf.slice()
    changed[Buffer.from(pdf).indexOf('Noto Cyrillic')]! ^= 1
    expect((await verifyCertificate(changed, online())).verdict, 'damage is known without the font').to.equal('refuted')
    for (const bytes of [new Uint8Array(3), fonts[0]!.bytes.slice(0, 900), new TextEncoder().encode('wOF2 and then nothing of use')])
      await expectError('FONT_INVALID', () => createCertificate({ receipt }, { fonts: [{ name: 'Broken', bytes }] }))
  })

  it('refuses input that no page can be made from', async () => {
    await expectError('INVALID_RECEIPT', () => createCertificate({ receipt: '{}' }))
    await expectError('CERTIFICATE_INPUT_INVALID', () => createCertificate({ ...photo.input, language: 'fr' as 'en' }))
    for (const verifyAt of ['no address', '/relative', `https://a.example/${'x'.repeat(700)}`])
      await expectError('CERTIFICATE_INPUT_INVALID', () => createCertificate({ ...photo.input, verifyAt }))
    await expectError('CERTIFICATE_PICTURE_INVALID', () =>
      createCertificate({ ...photo.input, preview: { kind: 'picture', jpeg: new Uint8Array(readFileSync(ESSAY)) } }),
    )
    await expectError('CERTIFICATE_INVALID', () => readCertificate(new Uint8Array(readFileSync(PHOTO))))
  })

  it('shows even what nobody would call a title', async () => {
    for (const title of ['x'.repeat(400), 'word '.repeat(99).trim(), 'a\u0000b\u202ec\n\n<&">d', '题'.repeat(300), '́́́e'])
      for (const name of ['A', 'many names '.repeat(15).trim()]) {
        const found = await fingerprint(PHOTO, { media: 'data' })
        const document = createDocument(found, { title, creators: Array.from({ length: 12 }, () => ({ name })) })
        const receipt = { ...(plain.input.receipt as DepositReceipt) }
        receipt.work = workOf({ fingerprint: found, document })
        receipt.id = idOf(receipt.claimant, receipt.work)
        receipt.document = document.cid
        const made = createCertificate({ receipt, document: document.bytes })
        const pdf = title.startsWith('́') ? await made.catch((fault: { code: string }) => fault.code) : await made
        if (typeof pdf === 'string') expect(pdf).to.equal('FONT_LACKS_CHARACTER')
        else expect((await verifyCertificate(pdf)).checks[0]!.status, title.slice(0, 20)).to.equal('ok')
      }
  })

  it('is a PDF whose every object is where its table says', () => {
    for (const { pdf } of [photo, essay, plain]) {
      const text = Buffer.from(pdf).toString('latin1')
      const starts = objectsOf(pdf)
      expect(starts.length).to.be.greaterThan(20)
      for (const [index, start] of starts.entries()) expect(text.slice(start, start + 12)).to.match(new RegExp(`^${index + 1} 0 obj\n`))
      expect(text).to.include('<pdfaid:part>3</pdfaid:part>').and.include('/GTS_PDFA1').and.include('/AFRelationship /Source')
      expect(text, 'nothing that an archive forbids').to.not.match(/\/(JavaScript|Encrypt|Launch|Interpolate true)/)
    }
  })

  it('is read by other programs: its text, its attachments, its QR code', async function () {
    this.timeout(400_000)
    if (!programFromDebian('pdftotext', 'poppler-utils')) this.skip()
    const file = write('essay.pdf', essay.pdf)
    const text = spawnSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' }).stdout
    const receipt = essay.input.receipt as DepositReceipt
    for (const part of ['作品存证证书', '论书末题记', '题记社', receipt.id, receipt.work.contentHash]) expect(text).to.include(part)
    spawnSync('pdfdetach', ['-saveall', '-o', folder, file])
    expect(JSON.parse(readFileSync(join(folder, 'deposit.receipt.json'), 'utf8'))).to.deep.equal(receipt)
    expect(readFileSync(join(folder, 'deposit-document.json')).equals(essay.input.document!)).to.equal(true)
    const page = spawnSync('pdftoppm', ['-r', '300', '-png', file], { maxBuffer: 64 << 20 })
    expect(page.stderr.toString()).to.equal('')
    // The lower left corner, where the code is.
    const points = 300 / 72
    const { data, info } = await sharp(page.stdout)
      .extract({
        left: Math.round(50 * points),
        top: Math.round(700 * points),
        width: Math.round(100 * points),
        height: Math.round(100 * points),
      })
      .ensureAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true })
    expect(decodeQR({ width: info.width, height: info.height, data: new Uint8Array(data) })).to.equal(
      `colophon:verify?chain=31337&registry=${receipt.registry}&id=${receipt.id}`,
    )
  })

  it('passes qpdf', function () {
    this.timeout(400_000)
    if (!programFromDebian('qpdf', 'qpdf')) this.skip()
    for (const [name, { pdf }] of Object.entries({ photo, essay, plain })) {
      const { status, stdout, stderr } = spawnSync('qpdf', ['--check', write(`${name}.pdf`, pdf)], { encoding: 'utf8' })
      expect(status, stdout + stderr).to.equal(0)
    }
  })
})

function statusOf({ checks }: { checks: { name: string; status: string }[] }, name: string): string | undefined {
  return checks.find((check) => check.name === name)?.status
}

/** The file with the identifier that follows from its bytes. */
function withIdentifier(pdf: Uint8Array): Buffer {
  const file = Buffer.from(pdf)
  const at = file.lastIndexOf('/ID [<') + 6
  for (const place of [at, at + 35]) file.write('0'.repeat(32), place)
  const id = createHash('sha256').update(file).digest('hex').slice(0, 32)
  for (const place of [at, at + 35]) file.write(id, place)
  return file
}

/** Where the objects of a PDF begin, by its cross-reference table. */
function objectsOf(pdf: Uint8Array): number[] {
  const text = Buffer.from(pdf).toString('latin1')
  const start = Number(/startxref\n(\d+)\n%%EOF\n$/.exec(text)![1])
  return [...text.slice(start).matchAll(/^(\d{10}) 00000 n $/gm)].map(([, offset]) => Number(offset))
}
