import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import sharp from 'sharp'
import { createCertificate, verifyCertificate } from '../../src/certificate/index.ts'
import { createDocument } from '../../src/document/index.ts'
import { compare, type Fingerprint, fingerprint, type ImageFingerprint } from '../../src/fingerprint/index.ts'
import { createDeposits, idOf, workOf } from '../../src/index.ts'
import { createSimilarityIndex, type Hit } from '../../src/search/index.ts'
import { createMemoryStore } from '../../src/storage/index.ts'
import { hammingDistance } from '../../src/verify/file.ts'
import { startChain, type TestChain } from '../chain.ts'
import { ESSAY, PHOTO } from '../fingerprint/media.ts'
import { openTestPage, type TestPage } from './testPage.ts'

/** Bits of 256 that verification allows two decoders to differ in. */
const TOLERANCE = 8

describe('in Chromium', function () {
  // The first time, the browser itself may have to be installed.
  this.timeout(300_000)
  const files = new Map<string, Uint8Array | string>()
  let opened: TestPage | undefined
  let chain: TestChain | undefined

  before(async function () {
    const photo = readFileSync(PHOTO)
    files.set('/photo.jpg', photo)
    files.set('/photo.png', await sharp(photo).png().toBuffer())
    files.set('/photo.webp', await sharp(photo).webp({ quality: 80 }).toBuffer())
    files.set('/turned.jpg', await sharp(photo).rotate(90).withMetadata({ orientation: 8 }).jpeg({ quality: 95 }).toBuffer())
    files.set('/grey.png', await sharp(photo).greyscale().png().toBuffer())
    files.set('/alpha.png', await sharp(photo).ensureAlpha(0.5).png().toBuffer())
    files.set('/cut.jpg', photo.subarray(0, 2000))
    files.set('/essay.md', readFileSync(ESSAY))
    const fonts = join(import.meta.dirname, '..', '..', 'fonts')
    for (const name of readdirSync(fonts)) files.set(`/fonts/${name}`, readFileSync(join(fonts, name)))
    opened = await openTestPage('page.ts', files)
    if (opened === undefined) this.skip()
  })
  after(async () => {
    await opened?.close()
    await chain?.stop()
  })

  const call = <Answer>(name: string, ...args: unknown[]): Promise<Answer> => opened!.call<Answer>(name, ...args)

  it('finds a picture in an index that Node has made', async () => {
    const index = await createSimilarityIndex()
    await index.insertMany([
      { id: 'photo', fingerprint: await fingerprint(PHOTO) },
      { id: 'essay', fingerprint: await fingerprint(ESSAY) },
    ])
    const parts: Uint8Array[] = []
    for await (const part of index.snapshot()) parts.push(part)
    files.set('/index.snapshot', Buffer.concat(parts))
    const [hit, ...others] = await call<Hit[]>('searchFor', '/photo.webp', '/index.snapshot')
    expect(hit).to.deep.include({ id: 'photo', media: 'image', verdict: 'copy' })
    expect(others).to.deep.equal([])
    expect(await call('searchFor', '/essay.md', '/photo.jpg')).to.deep.equal({ error: 'INDEX_FOREIGN' })
    expect(await call('openIndex')).to.deep.equal({ error: 'INDEX_NOT_WRITABLE' })
  })

  it('gives a text the fingerprint that Node gives it', async () => {
    expect(await call('fingerprintOf', '/essay.md', {})).to.deep.equal(JSON.parse(JSON.stringify(await fingerprint(readFileSync(ESSAY)))))
  })

  for (const name of ['/photo.jpg', '/photo.png', '/photo.webp', '/turned.jpg', '/grey.png', '/alpha.png'])
    it(`sees in ${name.slice(1)} the picture that Node sees`, async () => {
      const here = (await fingerprint(files.get(name) as Uint8Array)) as ImageFingerprint
      const there = await call<ImageFingerprint>('fingerprintOf', name, {})
      expect(there).to.include({ media: 'image', sha256: here.sha256, size: here.size })
      expect(there.features).to.include({ width: here.features.width, height: here.features.height })
      expect(there.units).to.include({ data: here.units.data, instance: here.units.instance })
      expect(hammingDistance(here.code.bits, there.code.bits)).to.be.at.most(TOLERANCE)
      expect(compare(here, there).verdict).to.equal('identical')
      const original = (await fingerprint(files.get('/photo.jpg') as Uint8Array)) as Fingerprint
      expect(await call('compareWith', name, original))
        .to.have.property('verdict')
        .that.is.oneOf(['identical', 'copy'])
    })

  it('gives pictures of many forms the bits that Node gives them, or nearly', async () => {
    const photo = sharp(readFileSync(PHOTO))
    const size = (width: number, height: number) => photo.clone().resize(width, height, { fit: 'fill' })
    const forms: Record<string, Promise<Buffer>> = {
      'progressive.jpg': photo.clone().jpeg({ progressive: true, quality: 60 }).toBuffer(),
      'full-chroma.jpg': photo.clone().jpeg({ chromaSubsampling: '4:4:4', quality: 92 }).toBuffer(),
      'poor.jpg': photo.clone().jpeg({ quality: 12 }).toBuffer(),
      'grey.jpg': photo.clone().greyscale().jpeg().toBuffer(),
      'odd.jpg': size(301, 217).jpeg().toBuffer(),
      'tall.png': size(64, 900).png().toBuffer(),
      'tiny.png': size(33, 21).png().toBuffer(),
      'palette.png': photo.clone().png({ palette: true, colours: 16 }).toBuffer(),
      'deep.png': photo.clone().toColourspace('rgb16').png().toBuffer(),
      'lossless.webp': photo.clone().webp({ lossless: true }).toBuffer(),
      'film.gif': photo.clone().gif().toBuffer(),
      'dark.jpg': photo.clone().linear(0.2).jpeg().toBuffer(),
    }
    for (const [name, made] of Object.entries(forms)) {
      files.set(`/forms/${name}`, await made)
      const here = (await fingerprint(await made)) as ImageFingerprint
      const there = await call<ImageFingerprint>('fingerprintOf', `/forms/${name}`, {})
      expect(there.sha256, name).to.equal(here.sha256)
      expect(hammingDistance(here.code.bits, there.code.bits), name).to.be.at.most(TOLERANCE)
      expect(compare(here, there).verdict, name).to.equal('identical')
    }
  })

  it('refuses what cannot be decoded or is too large, with the codes of Node', async () => {
    expect(await call('fingerprintOf', '/cut.jpg', {})).to.deep.equal({ error: 'IMAGE_UNREADABLE' })
    expect(await call('fingerprintOf', '/photo.jpg', { maxPixels: 1000 })).to.deep.equal({ error: 'IMAGE_TOO_LARGE' })
    expect(await call('openFolder'))
      .to.have.property('error')
      .that.matches(/^STOR/)
  })

  it('names a file by the CID that Node names it by', async () => {
    const { cid } = await createMemoryStore().put(readFileSync(PHOTO))
    expect(await call('cidOf', '/photo.jpg')).to.equal(cid)
  })

  it('verifies a deposit from the file, its receipt and an RPC', async () => {
    chain = await startChain()
    const receipt = await createDeposits({ signer: chain.accounts[1]! }).create({ fingerprint: await fingerprint(readFileSync(PHOTO)) })
    expect(await call('verifyWith', '/photo.jpg', receipt, chain.url)).to.equal('verified')
    expect(await call('verifyWith', '/photo.png', receipt, chain.url)).to.equal('refuted')
  })

  it('sends no file anywhere', () => {
    const { asked, origin } = opened!
    const elsewhere = asked.filter((request) => !request.startsWith(`GET ${origin}`) && !(chain && request === `POST ${chain.url}/`))
    expect(elsewhere).to.deep.equal([])
  })

  it('makes the same certificate, byte for byte, and one with a picture that Node verifies', async () => {
    const found = await fingerprint(PHOTO)
    const document = createDocument(found, { title: 'Café', creators: [{ name: 'Ada' }] })
    const claimant = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
    const work = workOf({ fingerprint: found, document })
    const place = { transaction: `0x${'22'.repeat(32)}`, block: 7, time: 1_790_000_000 }
    const receipt = {
      type: 'colophon-deposit-receipt',
      version: 1,
      kind: 'direct',
      chainId: 1,
      registry: '0x5FbDB2315678afecb367f032d93F642f64180aa3',
      id: idOf(claimant, work),
      claimant,
      work,
      document: document.cid,
      depositedAt: place.time,
      record: place,
    }
    const input = { receipt, document: [...document.bytes] }
    const plain = await call<{ pdf: number[]; checks: string[] }>('certificateOf', input)
    expect(plain.checks).to.deep.equal(['certificate ok', 'preview skipped'])
    expect(Buffer.from(plain.pdf).equals(await createCertificate({ receipt, document: document.bytes }))).to.equal(true)
    const shown = await call<{ pdf: number[]; checks: string[] }>('certificateOf', input, '/photo.jpg')
    expect(shown.checks).to.deep.equal(['certificate ok', 'preview ok'])
    const { checks } = await verifyCertificate(Uint8Array.from(shown.pdf))
    expect(checks.slice(0, 2).map(({ status }) => status)).to.deep.equal(['ok', 'ok'])
  })
})
