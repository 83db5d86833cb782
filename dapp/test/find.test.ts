import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { DepositReceipt } from '@colophon/sdk'
import { createCertificate } from '@colophon/sdk/certificate'
import { verify } from '@colophon/sdk/verify'
import { expect } from 'chai'
import { strFromU8, unzipSync } from 'fflate'
import sharp from 'sharp'
import { type App, answer, app, choose, connect, expectAccessible, type Opened, open, PHONE, PHOTO } from './app.ts'
import { picture } from './pictures.ts'

const JPEG = 'image/jpeg'

describe('dApp: finding and proving', function () {
  this.timeout(300_000)
  let running: App
  let opened: Opened
  before(async function () {
    const found = await app()
    if (found === undefined) this.skip()
    running = found
  })
  afterEach(async () => {
    await opened?.close()
  })

  it('finds works by words, kind and standing', async () => {
    opened = await open(running, { at: '#/discover' })
    const { page } = opened
    const titles = page.locator('.work-title')
    await page.getByLabel('Search', { exact: true }).fill('陈墨 港口')
    await page.getByText('六点的港口').waitFor()
    expect(await titles.allTextContents()).to.deep.equal(['六点的港口'])
    await page.getByLabel('Search', { exact: true }).fill('no such thing anywhere')
    await page.getByText('No work fits.').waitFor()
    await page.getByLabel('Search', { exact: true }).fill('')
    await page.getByRole('button', { name: /Kind/ }).click()
    await page.getByRole('option', { name: 'Recording' }).click()
    await page.getByText('Tune 2026').waitFor()
    expect(await titles.count()).to.equal(1)
    await page.getByRole('button', { name: /Kind/ }).click()
    await page.getByRole('option', { name: 'All kinds' }).click()
    await page.getByRole('button', { name: /Standing/ }).click()
    await page.getByRole('option', { name: 'In a dispute' }).click()
    await page.getByText('My coffee').waitFor()
    const disputed = await titles.allTextContents()
    expect(disputed).to.include.members(['Coffee', 'My coffee']).and.not.include('Tune 2026')
  })

  it('keeps few of many works in the page', async () => {
    opened = await open(running, { at: '#/discover' })
    await opened.page.locator('.work-card').first().waitFor()
    expect(await opened.page.locator('.work-cell').count()).to.be.lessThan(60)
  })

  it('finds by a cut and turned piece of a picture whose it is', async () => {
    opened = await open(running, { at: '#/discover' })
    const { width = 0, height = 0 } = await sharp(PHOTO).metadata()
    const piece = await sharp(PHOTO)
      .extract({
        left: Math.round(width * 0.1),
        top: Math.round(height * 0.1),
        width: Math.round(width * 0.75),
        height: Math.round(height * 0.75),
      })
      .rotate(90)
      .jpeg({ quality: 70 })
      .toBuffer()
    await choose(opened.page, { name: 'piece.jpg', mimeType: JPEG, buffer: piece })
    const found = opened.page.locator('.look-alike').filter({ has: opened.page.getByRole('link', { name: 'Coffee', exact: true }) })
    await found.getByText('A copy of the same work').waitFor()
    await found.getByText('There it is turned clockwise by 270°.').waitFor()
    await expectAccessible(opened.page, 'what was found by a file')
    await opened.close()
    opened = await open(running, { at: '#/discover', language: 'zh-CN', size: PHONE })
    await choose(opened.page, { name: 'piece.jpg', mimeType: JPEG, buffer: piece })
    await opened.page.locator('.look-alike-why').getByText('画面在该作品中顺时针旋转了 270°。').first().waitFor()
    await expectAccessible(opened.page, 'what was found by a file, in Chinese')
  })

  it('verifies a file without a wallet, and says when it is another by one bit', async () => {
    opened = await open(running, { at: '#/verify' })
    const { page } = opened
    const photo = readFileSync(PHOTO)
    await choose(page, { name: 'coffee.jpg', mimeType: JPEG, buffer: photo })
    await page.locator('[data-verdict=verified]').waitFor()
    await expectAccessible(page, 'a verification')
    const tampered = Buffer.from(photo)
    tampered[tampered.length - 900]! ^= 1
    await choose(page, { name: 'coffee.jpg', mimeType: JPEG, buffer: tampered })
    await page.locator('[data-verdict=not-found]').waitFor()
    expect(opened.requests.every(({ url }) => url.startsWith(running.url))).to.equal(true)
    expect(opened.faults).to.deep.equal([])
  })

  it('verifies an id, and a receipt against a file', async () => {
    const { receipt } = running.seeded.works.get('leaves')!
    opened = await open(running, { at: '#/verify' })
    const { page } = opened
    await page.getByLabel('Id of a deposit').fill('0x12')
    await page.getByRole('button', { name: 'Verify' }).click()
    await page.getByText('That is no id').waitFor()
    await page.getByLabel('Id of a deposit').fill(receipt.id)
    await page.getByRole('button', { name: 'Verify' }).click()
    await page.locator('[data-verdict=verified]').waitFor()
    await choose(page, { name: 'leaves.receipt.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(receipt)) })
    await choose(page, { name: 'coffee.jpg', mimeType: JPEG, buffer: readFileSync(PHOTO) })
    await page.locator('[data-verdict=refuted]').waitFor()
    await page.getByText('The file, byte for byte').waitFor()
  })

  it('says in Chinese what every check came to', async () => {
    const { receipt } = running.seeded.works.get('leaves')!
    opened = await open(running, { at: `#/verify/${receipt.id}`, language: 'zh-CN', size: PHONE })
    const { page } = opened
    await page.locator('[data-verdict=verified]').waitFor()
    await choose(page, { name: 'coffee.jpg', mimeType: JPEG, buffer: readFileSync(PHOTO) })
    await page.locator('[data-verdict=refuted]').waitFor()
    await page.getByText('文件不是所存证的那一个：至少有一个字节不同。').waitFor()
    const sentences = await page.locator('.checks p.small').allTextContents()
    expect(sentences.length).to.be.greaterThan(10)
    for (const sentence of sentences)
      expect(/\p{Script=Han}/u.test(sentence) && !/[a-z]{2,} [a-z]{2,}/.test(sentence), sentence).to.equal(true)
    expect(await page.locator('.checks [lang=en]').count()).to.equal(0)
    await expectAccessible(page, 'a verification in Chinese')
    expect(opened.faults).to.deep.equal([])
  })

  it('verifies a certificate to the last byte', async () => {
    const { receipt } = running.seeded.works.get('coffee')!
    const pdf = Buffer.from(await createCertificate({ receipt, document: await running.storage.get(receipt.document!) }))
    opened = await open(running, { at: '#/verify' })
    const { page } = opened
    await choose(page, { name: 'certificate.pdf', mimeType: 'application/pdf', buffer: pdf })
    await page.locator('[data-verdict=verified]').waitFor()
    await page.getByText('Every byte of the certificate').waitFor()
    const retouched = Buffer.from(pdf)
    retouched[retouched.length >> 1]! ^= 1
    await choose(page, { name: 'certificate.pdf', mimeType: 'application/pdf', buffer: retouched })
    await page.locator('[data-verdict=refuted]').waitFor()
  })

  it('anchors a folder with one signature, and gives each file a receipt that proves itself', async () => {
    opened = await open(running, { at: '#/batch' })
    const { page } = opened
    const files = await Promise.all(
      [11, 12, 13].map(async (seed) => ({ name: `plate-${seed}.jpg`, mimeType: JPEG, buffer: await picture(seed) })),
    )
    await connect(page)
    await choose(page, ...files, { ...files[0]!, name: 'again.jpg' })
    await page.getByLabel('Creator of all of them').fill('Ada')
    await page.getByRole('button', { name: 'Anchor 3 works' }).click()
    await answer(page, true)
    await page.locator('[data-batch="3"]').waitFor()
    // A reload before the download loses nothing.
    await page.reload()
    await page.getByText('A batch was sent before').waitFor()
    await expectAccessible(page, 'a finished batch')
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Receipts (ZIP)' }).click()])
    const receipts = unzipSync(new Uint8Array(await readFile((await download.path())!)))
    expect(Object.keys(receipts).sort()).to.deep.equal(files.map(({ name }) => `${name}.receipt.json`))
    const receipt = JSON.parse(strFromU8(receipts['plate-12.jpg.receipt.json']!)) as DepositReceipt
    const { provider, storage, stack } = running
    const { verdict } = await verify({ file: files[1]!.buffer, receipt }, { provider, storage, deployment: stack.deployment })
    expect(verdict).to.equal('verified')
  })
})
