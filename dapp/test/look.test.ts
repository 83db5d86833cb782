import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import sharp from 'sharp'
import { openAs } from './acting.ts'
import { type App, app, DESKTOP, type Opened, type OpenOptions, open, PHONE, ROOT } from './app.ts'

const FOLDER = join(import.meta.dirname, 'looks')
const ADA = 1
/** What the last run saw, which git ignores. */
const SEEN = join(ROOT, '.colophon', 'looks')
/** Widths at which pictures are compared: what is read (times, addresses) blurs, what is seen (places, sizes, inks) does not. */
const SMALL = { [DESKTOP.width]: 240, [PHONE.width]: 120 }
const TALLEST = 3000
/** Of 255, beyond which a pixel is another. */
const STEP = 36
/** Of the pixels, that may be another: times that have other digits, edges that another version of the browser smooths otherwise. */
const MOST = 0.025

/** Whether a title or a part of the page is still on its way. */
const UNSETTLED = `[...document.querySelectorAll('main *')].some((node) => node.children.length === 0 && (node.textContent === '…' || (node.matches('[role=status]') && /^(Loading|正在)/.test(node.textContent))))`

// Pictures that somebody looked at. COLOPHON_UPDATE_LOOKS=1 takes them anew; then look at them.
describe('dApp: looks', function () {
  this.timeout(300_000)
  let running: App
  before(async function () {
    const found = await app()
    if (found === undefined) this.skip()
    running = found
    await running.restart()
  })

  const id = (name: string): string => running.seeded.works.get(name)!.receipt.id
  const LOOKS = [
    { name: 'desktop', look: { size: DESKTOP } },
    { name: 'phone-dark-zh', look: { size: PHONE, theme: 'dark', language: 'zh-CN' } },
  ] as const satisfies { name: string; look: OpenOptions }[]
  const PAGES: { name: string; at: () => string; seen: string; as?: number }[] = [
    { name: 'start', at: () => '#/', seen: '.work-card' },
    { name: 'discover', at: () => '#/discover', seen: '.work-card' },
    { name: 'work', at: () => `#/work/${id('night-harbour')}`, seen: '.timeline .event' },
    { name: 'deposit', at: () => '#/deposit', seen: '.drop' },
    { name: 'licenses', at: () => '#/licenses', seen: '[data-offer]', as: ADA },
    { name: 'revenue', at: () => '#/revenue', seen: '.plot svg', as: ADA },
    { name: 'claim', at: () => `#/claims/${running.seeded.claimId}`, seen: '.claim-moves', as: ADA },
    { name: 'exchange', at: () => '#/exchange', seen: '[data-auction]', as: ADA },
  ]

  for (const { name: lookName, look } of LOOKS)
    describe(lookName, () => {
      let stranger: Opened
      let ada: Opened
      before(async () => {
        stranger = await open(running, look)
        ada = await openAs(running, ADA, '', look)
      })
      after(async () => {
        await stranger?.close()
        await ada?.close()
      })
      for (const { name, at, seen, as } of PAGES)
        it(`${name} looks as it did when somebody looked at it`, async () => {
          const { page } = as === undefined ? stranger : ada
          await page.evaluate(`location.hash = ${JSON.stringify(at())}`)
          // Of that page: the one before it stays until it is made.
          await page
            .locator(`[data-page="${at().slice(2).split('/')[0]}"] ${seen}`)
            .first()
            .waitFor()
          // Titles come in their own time, and so do fonts.
          while (await page.evaluate(UNSETTLED)) await page.waitForTimeout(50)
          await page.evaluate('document.fonts.ready.then(() => true)')
          // What was paid in the same second in one run is not in another.
          const mask = [page.locator('.plot-frame:has(.plot-line)')]
          const shot = await page.screenshot({ fullPage: true, animations: 'disabled', mask, maskColor: '#888888' })
          const found = await small(shot)
          const path = join(FOLDER, `${name}-${lookName}.webp`)
          if (process.env.COLOPHON_UPDATE_LOOKS !== undefined) {
            mkdirSync(FOLDER, { recursive: true })
            writeFileSync(path, found)
            const whole = process.env.COLOPHON_UPDATE_LOOKS
            if (existsSync(whole)) writeFileSync(join(whole, `${name}-${lookName}.png`), shot)
            return
          }
          const [one, kept] = await Promise.all([pixels(found), pixels(readFileSync(path))])
          // For whoever wants to see what is another.
          mkdirSync(SEEN, { recursive: true })
          writeFileSync(join(SEEN, `${name}-${lookName}.png`), shot)
          expect(one.info.height, 'height, in parts of the picture').to.be.closeTo(kept.info.height, Math.max(3, kept.info.height * 0.03))
          expect(difference(one.data, kept.data), 'share of the pixels that are another').to.be.at.most(MOST)
        })
    })

  it('tells a page whose parts moved, or whose ink changed, from itself', async () => {
    const path = join(FOLDER, 'start-desktop.webp')
    const { data, info } = await pixels(readFileSync(path))
    const moved = Buffer.concat([data.subarray(info.width * 3 * 12), data.subarray(0, info.width * 3 * 12)])
    const inked = data.map((value, index) => (index % 3 === 0 ? 255 - value : value))
    for (const other of [moved, inked]) expect(difference(other, data)).to.be.greaterThan(MOST)
  })
})

/** As it is kept: what compression changes, it changes in both that are compared. */
async function small(shot: Buffer): Promise<Buffer> {
  const { width = 0, height = 0 } = await sharp(shot).metadata()
  return await sharp(shot)
    .extract({ left: 0, top: 0, width, height: Math.min(height, TALLEST) })
    .resize({ width: SMALL[width]!, kernel: 'mitchell' })
    .webp({ quality: 70, effort: 6 })
    .toBuffer()
}

async function pixels(picture: Buffer): Promise<{ data: Buffer; info: { width: number; height: number } }> {
  return await sharp(picture).removeAlpha().raw().toBuffer({ resolveWithObject: true })
}

/** Share of the pixels both have that differ by more than {@link STEP} in a channel. */
function difference(a: Uint8Array, b: Uint8Array): number {
  const pixels = Math.min(a.length, b.length) / 3
  let other = 0
  for (let pixel = 0; pixel < pixels; pixel++)
    if ([0, 1, 2].some((channel) => Math.abs(a[pixel * 3 + channel]! - b[pixel * 3 + channel]!) > STEP)) other++
  return other / pixels
}
