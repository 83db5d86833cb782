import { cidOfDigest, type Hex, type SignedOrder } from '@colophon/sdk'
import { ArbitrationPanel__factory } from '@colophon/sdk/contracts'
import { decodeManifest } from '@colophon/sdk/evidence'
import { expect } from 'chai'
import { parseEther } from 'ethers'
import type { Page } from 'playwright-core'
import { orderToText } from '../src/exchange/orders.ts'
import { finish, openAs as openWindow, pick, SEND, SIGN } from './acting.ts'
import { type App, answer, app, choose, DESKTOP, expectAccessible, type Opened, type OpenOptions, PHONE } from './app.ts'

const [ADA, BO, EMRE, FAY, HANA] = [1, 2, 5, 6, 8]

describe('dApp: trading', function () {
  this.timeout(300_000)
  let running: App
  let windows: Opened[] = []
  before(async function () {
    const found = await app()
    if (found === undefined) this.skip()
    running = found
  })
  afterEach(async () => {
    for (const { close } of windows) await close()
    windows = []
  })

  async function openAs(account: number, at: string, look: OpenOptions = {}): Promise<Page> {
    const opened = await openWindow(running, account, at, look)
    windows.push(opened)
    return opened.page
  }
  const idOf = (name: string): Hex => running.seeded.works.get(name)!.receipt.id

  it('publishes an offer with its words; another account buys it, after a refusal that costs nothing, and sees it; the seller claims', async () => {
    const seller = await openAs(ADA, '#/licenses?part=offer')
    await seller.getByRole('button', { name: 'Publish the offer' }).click()
    await seller.getByRole('alert').getByText('Choose a work.').waitFor()
    await pick(seller, 'Work', /^Coffee/)
    await seller.getByLabel('Price (ETH)').fill('0.0725')
    await seller.getByLabel(/^Distribute/).check({ force: true })
    await seller.getByText('You may do this with the work: reproduce, distribute, and display.').waitFor()
    await seller.getByRole('button', { name: 'Publish the offer' }).click()
    await finish(seller)

    const buyer = await openAs(BO, '#/licenses')
    const offer = buyer.locator('[data-offer]', { hasText: '0.0725 ETH' })
    await offer.getByRole('button', { name: 'Buy this license' }).click()
    const review = buyer.getByRole('dialog')
    await review.getByText('0.0725 ETH').waitFor()
    await review.getByText(running.wallet(ADA).address).waitFor()
    await buyer.getByRole('button', { name: 'Go on to the wallet' }).click()
    await answer(buyer, false)
    await buyer.locator('[data-transaction=rejected]').waitFor()
    expect((await running.as(BO).licenses.listByHolder(running.wallet(BO).address)).length).to.equal(0)
    await finish(buyer)
    await buyer.getByRole('tab', { name: 'My licenses' }).click()
    await buyer.locator('[data-license]', { hasText: 'Coffee' }).getByText('In force').waitFor()
    const [license] = await running.as(BO).licenses.listByHolder(running.wallet(BO).address)
    expect(license?.rights).to.deep.equal(['reproduce', 'distribute', 'display', 'commercial'])

    // The words that were bound to it are where its hash says.
    const opened = await running.as(BO).events.list({ contract: 'LicenseToken', event: 'OfferOpened' })
    const words = new TextDecoder().decode(await running.storage.get(cidOfDigest(opened.at(-1)!.values.document as Hex)))
    expect((JSON.parse(words) as { sentences: string[] }).sentences).to.include('You may earn money with it.')

    const account = running.wallet(ADA).address
    const { totals } = await running.as(ADA).revenue.balances(account)
    expect(totals[0]!.amount >= (parseEther('0.0725') * 8n) / 10n).to.equal(true)
    await seller.goto(`${running.url}#/revenue`)
    await seller.getByRole('button', { name: 'Claim everything from works' }).click()
    await finish(seller)
    await seller.getByText('Nothing waits for you now.').waitFor()
    expect((await running.as(ADA).revenue.balances(account)).totals).to.deep.equal([])
  })

  it('reminds of ends with a calendar file, and renews', async () => {
    const page = await openAs(ADA, '#/licenses?part=mine')
    await page.getByText('One license ends within 30 days.').waitFor()
    const saved = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Reminders for your calendar' }).click()
    expect((await saved).suggestedFilename()).to.equal('licenses.ics')
    const tune = page.locator('[data-license]', { hasText: 'Tune 2026' })
    await tune.getByRole('button', { name: 'Renew' }).click()
    await finish(page)
    await page.getByText('One license ends within 30 days.').waitFor({ state: 'detached' })
  })

  it('draws what was earned, with the same numbers in a table', async () => {
    const page = await openAs(BO, '#/revenue')
    await page.getByRole('img', { name: 'Earned so far (ETH)' }).waitFor()
    const figure = page.locator('figure', { hasText: 'Earned so far' })
    await figure.getByText('The same as a table').click()
    // Bo has a fifth of what Coffee earns, and all of the hills'.
    await figure.getByRole('cell', { name: '0.01 ETH', exact: true }).first().waitFor()
    expect(await figure.getByRole('cell', { name: '0.4 ETH', exact: true }).count()).to.be.at.least(1)
  })

  it('files a claim with captured evidence, refuses an archive that was changed, and the other side denies', async () => {
    const { claim } = await running.as(ADA).claims.status(running.seeded.claimId as Hex)
    const manifest = await running.storage.get(cidOfDigest(claim.evidence))
    const archive = await running.storage.get(decodeManifest(manifest).manifest.archive.cid)
    const changed = Buffer.from(archive)
    changed[changed.length >> 1]! ^= 1
    const files = (wacz: Uint8Array) => [
      { name: 'manifest.json', mimeType: 'application/json', buffer: Buffer.from(manifest) },
      { name: 'page.wacz', mimeType: 'application/wacz', buffer: Buffer.from(wacz) },
    ]
    const page = await openAs(ADA, `#/claims?part=file&suspect=${idOf('weave')}`)
    await page.getByRole('button', { name: 'Your work' }).waitFor()
    await choose(page, ...files(changed))
    await page.getByText('The archive is not the one that the manifest names. Do not file it.').waitFor()
    await choose(page, ...files(archive))
    await page.getByText('Archive and manifest agree.').waitFor()
    await pick(page, 'Your work', /^Coffee/)
    await page.getByRole('button', { name: 'File the claim' }).click()
    await page.getByRole('dialog').getByText('0.05 ETH').waitFor()
    await finish(page)
    await page.getByRole('link', { name: 'See the claim' }).click()
    await page.getByRole('heading', { name: 'Claim: Coffee' }).waitFor()
    await page.getByText('Posters for your kitchen').first().waitFor()
    await page.getByRole('button', { name: 'Fetch the archive and check it' }).click()
    await page.getByText('Archive and manifest agree.').waitFor()

    const other = await openAs(EMRE, page.url().slice(page.url().indexOf('#')))
    await other.getByRole('button', { name: 'Deny it' }).click()
    await finish(other)
    await other.getByRole('heading', { name: 'Claim answered' }).waitFor()
    const [found] = await running.as(EMRE).claims.listByRespondent(running.wallet(EMRE).address)
    const filed = await running.as(ADA).claims.listByWork(idOf('coffee'))
    const last = filed.at(-1)!
    expect(found === undefined || found.id === last.id).to.equal(true)
    expect((await running.as(ADA).claims.status(last.id)).phase).to.equal('answered')
  })

  it('keeps the secret of a sealed vote, and opens the vote with it after a reload', async () => {
    const page = await openAs(ADA, '#/claims?part=panel')
    await page.getByRole('button', { name: 'Cast a sealed vote' }).click()
    await page.getByText('The claim is wrong').click()
    await finish(page)
    await page.getByText('Your sealed vote is kept in this browser:').waitFor()
    const { address } = running.stack.deployment.contracts.ArbitrationPanel!
    for (const arbitrator of [FAY, HANA]) {
      const panel = ArbitrationPanel__factory.connect(address, running.wallet(arbitrator))
      const salt = `0x${'11'.repeat(32)}`
      await (
        await panel.commit(1n, await panel.commitmentOf(1n, 0n, running.wallet(arbitrator).address, 1n, salt), { gasLimit: 1_000_000n })
      ).wait()
    }
    await page.reload()
    await page.getByRole('button', { name: 'Open my vote' }).click()
    await finish(page)
    await page.locator('[data-dispute] .tag', { hasText: 'opened' }).waitFor()
    expect(await ArbitrationPanel__factory.connect(address, running.provider).votesFor(1n, 2n)).to.equal(1n)
  })

  it('mints a title, lists it by a signed offer, and another buys it from the link', async () => {
    const seller = await openAs(ADA, '#/exchange?part=sell')
    await pick(seller, 'What you sell', /On colophons/)
    await seller.getByRole('button', { name: 'Mint the title' }).click()
    await finish(seller)
    await seller.getByLabel('Price (ETH)').fill('1.5')
    await seller.getByRole('button', { name: 'Sign the offer to sell' }).click()
    await finish(seller, [SEND, SIGN])
    const kept = (await seller.evaluate(`localStorage.getItem('colophon.orders.31337')`)) as string
    const [order] = JSON.parse(kept) as SignedOrder[]

    const buyer = await openAs(BO, `#/exchange?order=${orderToText(order!)}`)
    const sheet = buyer.locator(`[data-order="${order!.id}"]`)
    await sheet.getByText('1.5 ETH').waitFor()
    await sheet.getByRole('button', { name: 'Buy' }).click()
    await finish(buyer)
    await sheet.getByText('sold', { exact: true }).waitFor()
    expect(await running.as(BO).titles.rightsHolderOf(idOf('essay'))).to.equal(running.wallet(BO).address)
  })

  it('bids no less than the least, and takes back what was outbid', async () => {
    const page = await openAs(ADA, '#/exchange')
    const sheet = page.locator('[data-auction]', { hasText: '夜里的窗' })
    await sheet.getByRole('button', { name: 'Bid' }).click()
    await page.getByLabel('Your bid (ETH)').fill('0.1')
    await page.getByText('An amount of 0.2 ETH or more.').waitFor()
    expect(await page.getByRole('button', { name: 'Go on to the wallet' }).isDisabled()).to.equal(true)
    await page.getByLabel('Your bid (ETH)').fill('0.25')
    await finish(page)
    await sheet.getByText('0.25 ETH').waitFor()
    const rival = await openAs(BO, '#/exchange')
    await rival.locator('[data-auction]', { hasText: '夜里的窗' }).getByRole('button', { name: 'Bid' }).click()
    await finish(rival)
    await page.reload()
    await page.getByText('Bids that were outbid').waitFor()
    await page.getByRole('button', { name: 'Take them back' }).click()
    await finish(page)
    await page.getByText('Bids that were outbid').waitFor({ state: 'detached' })
  })

  it('shows what is due under an agreement, and pays it', async () => {
    const page = await openAs(ADA, '#/agreements')
    const sheet = page.locator('[data-agreement]', { hasText: 'Orbits' })
    await sheet.getByText('payment due').waitFor()
    await sheet.getByRole('button', { name: 'Pay what is due' }).click()
    await page.getByRole('dialog').getByText('0.03 ETH').waitFor()
    await finish(page)
    await sheet.getByText('in force').waitFor()
  })

  it('proposes to members what the calls say', async () => {
    const page = await openAs(ADA, '#/alliance?part=proposals')
    await page.getByLabel('Whom it concerns').fill(running.wallet(7).address)
    await page.getByLabel('Reasons, for those who vote').fill('Gao runs a platform for photographs.')
    await page.getByRole('button', { name: 'Propose it' }).click()
    await finish(page)
    const sheet = page.locator('[data-proposal]', { hasText: 'Gao runs a platform' })
    await sheet.getByText('CopyrightAlliance.admit').waitFor()
    await sheet.getByText(`account: ${running.wallet(7).address}`).waitFor()
    expect((await running.as(ADA).alliance.proposals()).length).to.equal(2)
  })

  const SECTIONS = {
    licenses: ['shop', 'mine', 'offer', 'offered'],
    claims: ['all', 'file', 'panel'],
    exchange: ['market', 'sell'],
    agreements: ['mine', 'propose', 'open'],
    alliance: ['members', 'proposals', 'verifiers'],
    revenue: [''],
  }
  for (const look of [
    { language: 'en', theme: 'light', size: DESKTOP },
    { language: 'zh-CN', theme: 'dark', size: PHONE },
  ] as const)
    it(`is axe clean and as wide as the window in ${look.language}, connected, in every part and in a review`, async () => {
      const page = await openAs(ADA, '#/licenses', look)
      const { faults } = windows[0]!
      for (const [name, parts] of Object.entries(SECTIONS))
        for (const part of parts) {
          await page.evaluate(`location.hash = '#/${name}${part === '' ? '' : `?part=${part}`}'`)
          // The page before it, or its other part, stays until it is made.
          await page.locator(`[data-page="${name}"]${part === '' ? ':not([data-part])' : `[data-part="${part}"]`} h1`).waitFor()
          await page.locator('.sheet, form, .drop, .editor').first().waitFor()
          await expectAccessible(page, `${name} ${part} in ${look.language}`)
          expect(await page.evaluate('document.documentElement.scrollWidth'), `${name} ${part}`).to.be.at.most(look.size.width)
        }
      await page.evaluate(`location.hash = '#/claims/${running.seeded.claimId}'`)
      await page.locator('.claim-steps li').first().waitFor()
      await expectAccessible(page, 'a claim')
      await page.locator('.claim-moves button').first().click()
      await page.getByRole('dialog').waitFor()
      await expectAccessible(page, 'a review')
      expect(faults).to.deep.equal([])
    })
})
