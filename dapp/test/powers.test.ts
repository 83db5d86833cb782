import { readFile } from 'node:fs/promises'
import type { Hex } from '@colophon/sdk'
import { ArbitrationPanel__factory, CopyrightAlliance__factory } from '@colophon/sdk/contracts'
import { expect } from 'chai'
import type { Locator, Page } from 'playwright-core'
import { become, finish, openAs, SEND } from './acting.ts'
import { type App, answer, app, choose, expectAccessible, type Opened } from './app.ts'

const [ADA, BO, CHEN, DEE, , FAY, , HANA] = [1, 2, 3, 4, 5, 6, 7, 8]

// What holders of rights, licenses and seats can do beyond trading; in one window that changes hands.
describe('dApp: what one can do with what one holds', function () {
  this.timeout(300_000)
  let running: App
  let opened: Opened
  let page: Page
  before(async function () {
    const found = await app()
    if (found === undefined) this.skip()
    running = found
    await running.restart()
    opened = await openAs(running, ADA, '#/licenses')
    page = opened.page
  })
  after(async () => {
    await opened?.close()
    await running?.restart()
  })
  afterEach(() => expect(opened.faults.splice(0)).to.deep.equal([]))

  const idOf = (name: string): Hex => running.seeded.works.get(name)!.receipt.id
  const address = (account: number): string => running.wallet(account).address
  const as = async (account: number, at: string): Promise<Page> => await become(opened, running, account, at)
  const press = async (name: string | RegExp, within: Page | Locator = page): Promise<void> =>
    await within.getByRole('button', { name, exact: true }).first().click()
  const step = async (name: string | RegExp, within: Page | Locator = page): Promise<void> => {
    await press(name, within)
    await finish(page)
  }
  /** What a press saves. */
  const saved = async (pressing: () => Promise<void>): Promise<{ name: string; mimeType: string; buffer: Buffer }> => {
    const [file] = await Promise.all([page.waitForEvent('download'), pressing()])
    return { name: file.suggestedFilename(), mimeType: 'application/json', buffer: await readFile((await file.path())!) }
  }

  const pass = async (seconds: number): Promise<void> => {
    await running.provider.send('evm_increaseTime', [seconds])
    await running.provider.send('evm_mine', [])
  }

  it('licenses: passes one on to an address that is shown whole, and says why others stay', async () => {
    const { licenses } = running.as(BO)
    const sell = async (terms: object): Promise<Hex> => {
      const offer = await licenses.sign({
        workId: idOf('blue-hills'),
        price: 0n,
        rights: ['display'],
        duration: { days: 30 },
        ...terms,
      } as never)
      return (await running.as(HANA).licenses.acquire({ offer })).licenseId
    }
    const free = await sell({ transferable: true })
    const stays = await sell({ transferable: false, rights: ['adapt'] })
    const exchangeOnly = await sell({ transferable: true, resalePercent: 2.25, rights: ['perform'] })

    await as(HANA, '#/licenses?part=mine')
    const sheet = (id: Hex): Locator => page.locator(`[data-license="${id}"]`)
    await sheet(stays).getByText('It cannot be passed on: its terms say that it stays with whoever got it').waitFor()
    await sheet(exchangeOnly).getByText('It cannot be passed on: 2.25 % of each resale goes to the work').waitFor()
    for (const id of [stays, exchangeOnly]) expect(await sheet(id).getByRole('button', { name: 'Pass it on' }).count()).to.equal(0)

    await press('Pass it on', sheet(free))
    const dialog = page.getByRole('dialog')
    const go = dialog.getByRole('button', { name: 'Go on to the wallet' })
    const field = dialog.getByLabel('Who gets it')
    const refused = async (text: string, why: string): Promise<void> => {
      await field.fill(text)
      await dialog.getByText(why).waitFor()
      expect(await go.isDisabled()).to.equal(true)
    }
    // One letter whose case is another: the checksum notices.
    await refused(
      address(DEE)
        .replace(/[a-f]/, (letter) => letter.toUpperCase())
        .replace(/^0X/, '0x'),
      'A letter of this address is mistyped',
    )
    await refused(address(HANA), 'That is your own account.')
    await refused(running.stack.deployment.contracts.LicenseToken!.address, 'That is a contract of Colophon')
    await refused(`0x${'0'.repeat(40)}`, 'Nobody has this address')
    await field.fill(address(DEE).toLowerCase())
    await dialog.locator('.review-facts').getByText(address(DEE)).waitFor()
    await expectAccessible(page, 'the dialog of a transfer')
    await finish(page)
    expect((await licenses.get(free))?.owner).to.equal(address(DEE))
    await sheet(free).waitFor({ state: 'detached' })
  })

  it('alliance: keeps the salt of a credential before anything is sent, through a reload; forgets that of what was rejected; revokes and renounces', async () => {
    const { identity } = running.as(FAY)
    await as(FAY, '#/alliance?part=verifiers')
    const vouch = async (account: number): Promise<void> => {
      await page.getByLabel('Account').fill(address(account))
      await choose(page, { name: 'passport.txt', mimeType: 'text/plain', buffer: Buffer.from('Chen Wei') })
      await press('Vouch for an account')
      await press('Go on to the wallet')
      await page.getByRole('heading', { name: SEND }).waitFor()
    }
    const kept = page.locator('[data-salts] li')
    await vouch(CHEN)
    await answer(page, false)
    await page.locator('[data-transaction=rejected]').waitFor()
    await press('Cancel')
    await as(FAY, '#/alliance?part=verifiers')
    await page.getByLabel('Account').waitFor()
    expect(await kept.count()).to.equal(0)

    // The wallet sends, and the page is gone before anything is in a block.
    await running.provider.send('evm_setAutomine', [false])
    try {
      await vouch(CHEN)
      await answer(page, true)
      await page.locator('[data-transaction=pending]').waitFor()
      await page.reload()
      await kept.getByText('not on the chain yet').waitFor()
    } finally {
      await running.provider.send('evm_setAutomine', [true])
      await running.provider.send('evm_mine', [])
    }
    await as(FAY, '#/alliance?part=verifiers')
    await kept.getByText('on the chain', { exact: true }).waitFor()
    const file = await saved(() => press('Save the file', kept))
    const salt = JSON.parse(file.buffer.toString()) as { claim: Hex; salt: Hex }
    const { credentialClaim } = await import('@colophon/sdk/identity')
    expect(credentialClaim(address(CHEN), Buffer.from('Chen Wei'), salt.salt).claim).to.equal(salt.claim)
    const events = await running.as(FAY).events.list({ contract: 'IdentityRegistry', event: 'Attested' })
    expect(events.map(({ values }) => values.claim)).to.include(salt.claim)
    await press('Forget it here', kept)
    await kept.waitFor({ state: 'detached' })
    expect(await identity.levelAt(address(CHEN))).to.equal('substantial')

    await step('Vouch no longer', page.locator(`[data-vouched="${address(CHEN)}"]`))
    expect(await identity.levelAt(address(CHEN))).to.equal('none')
    await pass(60)
    await identity.attest({ subject: address(CHEN), level: 'low', claim: salt.claim })
    await as(CHEN, '#/alliance?part=verifiers')
    await step('Renounce it')
    expect(await identity.levelAt(address(CHEN))).to.equal('none')
  })
  it('panel: an arbitrator leaves the seat before voting', async () => {
    const { contracts } = running.stack.deployment
    const claims = running.as(ADA).claims
    const alliance = CopyrightAlliance__factory.connect(contracts.CopyrightAlliance!.address, running.wallet(0))
    await (await alliance.setRoles(address(CHEN), 0b10101)).wait()
    await running.as(CHEN).panel.enlist({})
    await claims.escalate({ claim: running.seeded.claimId as Hex })
    const panel = ArbitrationPanel__factory.connect(contracts.ArbitrationPanel!.address, running.wallet(0))
    const dispute = await panel.disputeCount()
    while ((await panel.disputeOf(dispute)).phase === 1n) {
      for (let block = 0; block < 5; block++) await running.provider.send('evm_mine', [])
      await (await panel.draw(dispute)).wait()
    }
    await as(FAY, '#/claims?part=panel')
    const sheet = page.locator(`[data-dispute="${dispute}"]`)
    await press('Recuse yourself', sheet)
    await page.getByRole('dialog').getByText('It cannot be undone.').waitFor()
    await expectAccessible(page, 'the dialog of a recusal')
    await finish(page)
    await sheet.getByText('empty').waitFor()
    expect(await sheet.getByRole('button', { name: 'Recuse yourself' }).count()).to.equal(0)
    const { seats } = await running.as(FAY).panel.dispute(dispute)
    expect(seats.map(({ arbitrator }) => arbitrator))
      .to.include(undefined)
      .and.not.include(address(FAY))
    expect((await running.as(FAY).panel.standing(address(FAY))).enlisted).to.equal(true)
  })
})
