import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { DepositReceipt } from '@colophon/sdk'
import { verifyCertificate } from '@colophon/sdk/certificate'
import { fingerprint } from '@colophon/sdk/fingerprint'
import { verify } from '@colophon/sdk/verify'
import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { copyPicture } from '../../scripts/demo/works.ts'
import {
  type App,
  answer,
  app,
  choose,
  connect,
  ESSAY,
  expectAccessible,
  FILM,
  type Opened,
  open,
  PHONE,
  PHOTO,
  REEL,
  TUNE,
} from './app.ts'
import { picture } from './pictures.ts'

const JPEG = 'image/jpeg'

describe('dApp: depositing', function () {
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

  /** Up to the words, with the file fingerprinted and compared. */
  const begin = async (
    file: { name: string; mimeType: string; buffer: Buffer },
    options: Parameters<typeof open>[1] = {},
  ): Promise<Page> => {
    opened = await open(running, { at: '#/deposit', ...options })
    await choose(opened.page, file)
    await opened.page.locator('[data-lookalikes]').waitFor()
    return opened.page
  }
  const press = async (page: Page, name = 'Deposit'): Promise<void> =>
    await page.getByRole('main').getByRole('button', { name, exact: true }).click()
  const downloaded = async (page: Page, button: string): Promise<Buffer> => {
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: button }).first().click()])
    return await readFile((await file.path())!)
  }

  it('takes a picture from the drop to the certificate with three presses and one signature, and sends it nowhere', async () => {
    const photo = await picture(1)
    const page = await begin({ name: 'evening-light.jpg', mimeType: JPEG, buffer: photo })
    expect(await page.locator('[data-lookalikes]').getAttribute('data-lookalikes')).to.equal('0')
    expect(await page.getByLabel('Title').inputValue()).to.equal('Evening light')
    expect(await page.getByLabel('Creator').inputValue()).to.equal('Ada')
    await expectAccessible(page, 'the words of a deposit')

    await press(page)
    await page.getByRole('button', { name: /Dev wallet/ }).click()
    await page.getByText('CopyrightRegistry').waitFor()
    await expectAccessible(page, 'the question of the dev wallet')
    await answer(page, true)
    await page.locator('[data-done=deposit]').waitFor()
    await expectAccessible(page, 'a finished deposit')

    const receipt = JSON.parse((await downloaded(page, 'Receipt (JSON)')).toString()) as DepositReceipt
    expect(receipt.claimant).to.equal(running.wallet(1).address)
    const { provider, storage, stack } = running
    const checked = await verify({ file: photo, receipt }, { provider, storage, deployment: stack.deployment })
    expect(checked.verdict).to.equal('verified')
    const certificate = await downloaded(page, 'Certificate (PDF)')
    const proved = await verifyCertificate(new Uint8Array(certificate), { provider, deployment: stack.deployment, file: photo })
    expect(proved.verdict).to.equal('verified')
    expect(proved.checks.find(({ name }) => name === 'preview')?.status).to.equal('ok')

    const { requests, faults } = opened
    expect(requests.filter(({ url }) => !url.startsWith(running.url) && !url.startsWith('blob:')).map(({ url }) => url)).to.deep.equal([])
    const piece = photo.subarray(photo.length >> 1, (photo.length >> 1) + 48)
    const sent = requests.flatMap(({ body }) => body ?? [])
    expect(sent.length).to.be.greaterThan(5)
    for (const body of sent) {
      expect(body.includes(piece)).to.equal(false)
      expect(body.toString('latin1')).to.not.include(piece.toString('base64').slice(4, 40))
      expect(body.toString('latin1')).to.not.include(piece.toString('hex'))
    }
    expect(faults).to.deep.equal([])
  })

  it('deposits a text on a phone, paid by the sponsor: the signer needs no coins', async () => {
    const text = Buffer.from(`${'A ferry leaves the harbour at six, and the lamps go out one after another. '.repeat(12)}\n${Math.PI}`)
    const page = await begin({ name: 'ferry.txt', mimeType: 'text/plain', buffer: text }, { size: PHONE })
    await page.locator('.choice', { hasText: 'You only sign' }).click()
    await connect(page)
    await press(page)
    await page.getByRole('alertdialog').getByText('work.contentHash').waitFor()
    await answer(page, true)
    await page.locator('[data-done=deposit]').waitFor()
    expect(await page.evaluate('document.documentElement.scrollWidth')).to.be.at.most(PHONE.width)
    const [record] = await running.as(1).deposits.find((await fingerprint(text)).sha256)
    expect(record).to.include({ kind: 'signed', claimant: running.wallet(1).address })
    expect(opened.faults).to.deep.equal([])
  })

  it('explains that a recording is deposited already', async () => {
    const page = await begin({ name: 'tune.mp3', mimeType: 'audio/mpeg', buffer: readFileSync(TUNE) })
    await page.getByText('The very same file').waitFor()
    await page.getByRole('link', { name: 'Tune 2026' }).waitFor()
  })

  it('deposits a film, and finds it again in another that shows a piece of it', async () => {
    const bytes = readFileSync(FILM)
    const page = await begin({ name: 'pouring-coffee.mp4', mimeType: 'video/mp4', buffer: bytes })
    expect(await page.locator('[data-lookalikes]').getAttribute('data-lookalikes')).to.equal('0')
    await connect(page)
    await press(page)
    await answer(page, true)
    await page.locator('[data-done=deposit]').waitFor()
    const receipt = JSON.parse((await downloaded(page, 'Receipt (JSON)')).toString()) as DepositReceipt
    const { provider, storage, stack } = running
    expect((await verify({ file: bytes, receipt }, { provider, storage, deployment: stack.deployment })).verdict).to.equal('verified')
    expect(receipt.work.fingerprintType).to.equal(4)
    await page.getByRole('button', { name: 'Deposit another' }).click()
    // Five seconds of it: mirrored, with bars, a tenth faster, in another format.
    await choose(page, { name: 'reel.webm', mimeType: 'video/webm', buffer: readFileSync(REEL) })
    await page
      .locator('.look-alike')
      .filter({ has: page.getByRole('link', { name: 'Pouring coffee' }) })
      .waitFor()
    expect(opened.faults).to.deep.equal([])
  })

  it('recognises a copy of a picture and says what was measured', async () => {
    const page = await begin({ name: 'mine.jpg', mimeType: JPEG, buffer: Buffer.from(await copyPicture(readFileSync(PHOTO))) })
    const original = page.locator('.look-alike').filter({ has: page.getByRole('link', { name: 'Coffee', exact: true }) })
    await original.getByText('A copy of the same work').waitFor()
    await original.getByText('What was measured').click()
    await original.getByRole('rowheader', { name: 'Look of the whole (PDQ)' }).waitFor()
    await expectAccessible(page, 'look-alikes')
  })

  it('sends nothing when the wallet says no, and goes on when asked again', async () => {
    const photo = await picture(2)
    const page = await begin({ name: 'no.jpg', mimeType: JPEG, buffer: photo })
    await connect(page)
    await press(page)
    await answer(page, false)
    await page.locator('[data-transaction=rejected]').waitFor()
    expect(await running.as(1).deposits.find((await fingerprint(photo)).sha256)).to.deep.equal([])
    await page.getByRole('button', { name: 'Try again' }).click()
    await answer(page, true)
    await page.locator('[data-done=deposit]').waitFor()
  })

  it('shows the error of the SDK with its hint when the same account says the same again', async () => {
    const file = { name: 'twice.jpg', mimeType: JPEG, buffer: await picture(5) }
    const page = await begin(file)
    await connect(page)
    await press(page)
    await answer(page, true)
    await page.locator('[data-done=deposit]').waitFor()
    await page.getByRole('button', { name: 'Deposit another' }).click()
    await choose(page, file)
    await page.getByText('The very same file').waitFor()
    await press(page)
    await page.locator('[data-transaction=failed]').getByText('DEPOSIT_EXISTS').waitFor()
  })

  it('goes on after a reload in the middle, with file, words and look-alikes', async () => {
    const photo = await picture(3)
    const page = await begin({ name: 'half.jpg', mimeType: JPEG, buffer: photo })
    await page.getByLabel('Title').fill('Halfway there')
    await page.reload()
    await page.getByText('You were here before').waitFor()
    expect(await page.getByLabel('Title').inputValue()).to.equal('Halfway there')
    await connect(page)
    await press(page)
    await answer(page, true)
    await page.getByText('“Halfway there”').waitFor()
  })

  it('finds a deposit that was sent before the reload, and does not send it twice', async () => {
    const photo = await picture(4)
    const page = await begin({ name: 'sent.jpg', mimeType: JPEG, buffer: photo })
    await connect(page)
    await running.provider.send('evm_setAutomine', [false])
    try {
      await press(page)
      await answer(page, true)
      await page.locator('[data-transaction=pending]').waitFor()
      await page.reload()
      await page.getByText('Looking what became of it').waitFor()
    } finally {
      await running.provider.send('evm_setAutomine', [true])
      await running.provider.send('evm_mine', [])
    }
    await page.locator('[data-done=deposit]').waitFor()
    expect(await running.as(1).deposits.find((await fingerprint(photo)).sha256)).to.have.length(1)
  })

  it('seals a work, keeps its key, and shows it later with the time of the seal', async () => {
    const text = readFileSync(ESSAY, 'utf8').split('\n').slice(3).join('\n')
    const page = await begin({ name: 'novel.md', mimeType: 'text/markdown', buffer: Buffer.from(text) })
    await page.locator('.choice', { hasText: 'The time is fixed now' }).click()
    await connect(page)
    await press(page, 'Seal')
    await answer(page, true)
    await page.locator('[data-done=seal]').waitFor()
    const before = await running.provider.getBlock('latest')
    const key = JSON.parse((await downloaded(page, 'Key of the seal (JSON)')).toString()) as { type: string; commitment: `0x${string}` }
    expect(key.type).to.equal('colophon-seal-opening')
    expect(await running.as(1).deposits.get(key.commitment)).to.equal(undefined)
    await page.getByRole('button', { name: 'Show the work now' }).click()
    await answer(page, true)
    await page.getByText('Deposited in this browser').waitFor()
    const shown = await running.as(1).deposits.get(key.commitment)
    expect(shown).to.include({ kind: 'unsealed', depositedAt: before!.timestamp })
    expect(shown!.record.block).to.be.greaterThan(before!.number)
  })

  it('ends the computation at once when it is cancelled', async () => {
    opened = await open(running, { at: '#/deposit' })
    const { page } = opened
    await choose(page, {
      name: 'long.txt',
      mimeType: 'text/plain',
      buffer: Buffer.alloc(6 << 20, 'colophon is a word that ends a book and begins a claim. '),
    })
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByText('Drop a picture, a recording, a film or a text').waitFor()
    // The browser tells of it in its own time; the test's patience is the limit.
    const computing = (): boolean => page.workers().some((worker) => !worker.url().includes('/reader-'))
    while (computing()) await page.waitForEvent('worker', { timeout: 50 }).catch(() => undefined)
  })

  for (const [language, words] of [
    ['en', 'Error FINGERPRINT_UNSUPPORTED'],
    ['zh-CN', '无法为这种文件计算指纹。'],
  ] as const)
    it(`refuses what no fingerprint can be made of, in ${language}`, async () => {
      opened = await open(running, { at: '#/deposit', language })
      await choose(opened.page, {
        name: 'data.bin',
        mimeType: 'application/octet-stream',
        buffer: Buffer.from([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]),
      })
      await opened.page.getByText(words).waitFor()
      await opened.page.getByText('FINGERPRINT_UNSUPPORTED').waitFor()
    })
})
