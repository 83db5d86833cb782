import { readFile } from 'node:fs/promises'
import type { Hex } from '@colophon/sdk'
import { ArbitrationPanel__factory, CopyrightAlliance__factory } from '@colophon/sdk/contracts'
import { expect } from 'chai'
import { parseEther } from 'ethers'
import type { Locator, Page } from 'playwright-core'
import { become, finish, openAs, pick, SEND, SIGN } from './acting.ts'
import { type App, answer, app, choose, expectAccessible, type Opened } from './app.ts'

const [ADA, BO, CHEN, DEE, , FAY, GAO, HANA] = [1, 2, 3, 4, 5, 6, 7, 8]

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
  it('agreements: one side signs that it may end, the other ends it with that file; and one that was proposed is withdrawn', async () => {
    const terms = {
      ...{ workId: idOf('coffee'), licensor: address(ADA), licensee: address(HANA), rights: ['display'] as const, duration: { years: 1 } },
      ...{ downPayment: parseEther('0.01'), deposit: parseEther('0.02'), instalment: parseEther('0.03'), periods: 2, periodDays: 90 },
      startsAt: new Date(Date.now() + 20 * 86_400_000),
    }
    const agreement = await running.as(ADA).agreements.propose(terms)
    await running.as(HANA).agreements.activate(agreement)
    const another = await running.as(ADA).agreements.propose({ ...terms, territories: ['easternAsia'] })

    const sheet = page.locator(`[data-agreement="${agreement.id}"]`)
    await as(ADA, '#/agreements')
    await sheet.getByText('End it by consent').click()
    await press('Sign that it may end', sheet)
    const dialog = page.getByRole('dialog')
    await dialog.getByText('The license ends at once').waitFor()
    await dialog.getByText('you cannot take the signature back').waitFor()
    await dialog.getByLabel('Days for which your signature counts').fill('0')
    await dialog.getByText('A whole number from 1 to 365.').waitFor()
    expect(await dialog.getByRole('button', { name: 'Go on to the wallet' }).isDisabled()).to.equal(true)
    await dialog.getByLabel('Days for which your signature counts').fill('7')
    await expectAccessible(page, 'the dialog of an end by consent')
    const file = await saved(() => finish(page, [SIGN]))
    expect(file.name).to.match(/^termination-/)
    // A signature alone ends nothing.
    expect((await running.as(ADA).agreements.status(agreement)).state).to.equal('active')

    await as(HANA, '#/agreements')
    await sheet.getByText('End it by consent').click()
    await press('End it with their signature', sheet)
    const give = async (content: string): Promise<void> =>
      await dialog
        .locator('input[type=file]')
        .setInputFiles({ name: 'termination.json', mimeType: 'application/json', buffer: Buffer.from(content) })
    await give('{}')
    await dialog.getByText('INVALID_SIGNED').waitFor()
    const elsewhere = await running.as(ADA).agreements.signTermination({ agreement: another })
    await give(JSON.stringify(elsewhere))
    await dialog.getByText('That file ends another agreement').waitFor()
    // What the licensee signed herself is no consent of the other side.
    await give(JSON.stringify(await running.as(HANA).agreements.signTermination({ agreement })))
    await press('Go on to the wallet')
    await dialog.locator('[data-transaction=failed]').getByText('SIGNATURE_INVALID').waitFor()
    await press('Cancel')
    await press('End it with their signature', sheet)
    await give(file.buffer.toString())
    await dialog.getByText('Their signature counts until').waitFor()
    await finish(page)
    await sheet.getByText('terminated', { exact: true }).waitFor()
    expect(await sheet.getByText('End it by consent').count()).to.equal(0)
    await step('Return the deposit', sheet)
    const { credit } = await running.as(HANA).revenue.balances(address(HANA))
    expect(credit).to.deep.include({ amount: parseEther('0.02'), currency: 'native' })

    await page.evaluate(`location.hash = '#/agreements?part=open'`)
    await choose(page, { name: 'agreement.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(another)) })
    const both = await saved(async () => {
      await press('Sign it too')
      await finish(page, [SIGN])
    })
    expect(JSON.parse(both.buffer.toString()))
      .to.have.property('countersignature')
      .that.matches(/^0x[0-9a-f]{130}$/)
    await step('Withdraw from it')
    await page.getByText('It was withdrawn, and can never come into force.').waitFor()
    const refused = await running
      .as(HANA)
      .agreements.activate(JSON.parse(both.buffer.toString()))
      .catch((fault) => fault.code)
    expect(refused).to.equal('AGREEMENT_EXISTS')
  })
  it('split: shares that add up, up to 32 payees, read before they are signed', async () => {
    const workId = idOf('harbour')
    const holder = (await running.as(ADA).titles.get(workId))!.rightsHolder
    const number = [1, 2, 3, 4, 5, 6, 7, 8].find((each) => address(each) === holder)!
    await as(number, `#/work/${workId}`)
    const section = page.locator('.work-split')
    await press('Change who is paid', section)
    const rows = section.locator('.payee-rows > li')
    const sum = section.locator('[data-sum]')
    const percent = (row: number): Locator => rows.nth(row).getByLabel('Share (%)')
    const payee = (row: number): Locator => rows.nth(row).getByRole('textbox', { name: /^Payee/ })
    await percent(0).fill('62.5')
    await press('Add a payee', section)
    await payee(1).fill(address(HANA))
    await percent(1).fill('30')
    await sum.getByText('The shares add up to 92.5 %: 7.5 % are missing.').waitFor()
    // Nothing is asked of the wallet while the shares do not add up.
    await press('Share it like this', section)
    expect(await page.getByRole('dialog').count()).to.equal(0)
    await percent(1).fill('37.50001')
    await section.getByText('Above 0 and at most 100').waitFor()
    await percent(1).fill('40')
    await sum.getByText('102.5 %: 2.5 % too much').waitFor()
    await percent(1).fill('37.5')
    await payee(1).fill(holder)
    await section.getByText('This account is among them already.').waitFor()
    await payee(1).fill(address(HANA))
    await expectAccessible(page, 'the editor of a split')
    await press('Share it like this', section)
    const dialog = page.getByRole('dialog')
    for (const each of ['62.5 %', '37.5 %', holder, address(HANA)])
      await dialog.locator('.review-facts').getByText(each, { exact: true }).first().waitFor()
    await finish(page)
    await section.locator('.payees').getByText('37.5 %').waitFor()
    const { payees } = await running.as(number).revenue.splitOf(workId)
    expect(payees.map(({ account, share }) => [account, share])).to.have.deep.members([
      [holder, 625_000],
      [address(HANA), 375_000],
    ])

    // As many as there may be.
    const many = Array.from({ length: 32 }, (_, index) => ({ account: `0x${String(index + 1).padStart(40, '0')}`, parts: index + 1 }))
    await running.as(number).revenue.setSplit({ workId, payees: many })
    await as(number, `#/work/${workId}`)
    await press('Change who is paid', section)
    await sum.getByText('The shares add up to 100 %.').waitFor()
    await section.getByText('32 of at most 32').waitFor()
    expect(await section.getByRole('button', { name: 'Add a payee' }).isDisabled()).to.equal(true)
    await section.getByText('You are not among them').waitFor()
    await press('Share equally', section)
    await sum.getByText('The shares add up to 100 %.').waitFor()
    await step('Share it like this', section)
    const { payees: all } = await running.as(number).revenue.splitOf(workId)
    expect(all.length).to.equal(32)
    expect(all.every(({ share }) => share === 31_250)).to.equal(true)

    await as(GAO, `#/work/${workId}`)
    await section.locator('.payees').getByText('3.125 %').first().waitFor()
    expect(await section.getByRole('button', { name: 'Change who is paid' }).count()).to.equal(0)
  })

  it('derivatives: agreed to by the parent’s holder or by a license, taken back, registered once, drawn, and what is owed taken up', async () => {
    // The seed says that snow was made from night; nobody agreed yet.
    const [parent, child] = [idOf('night-harbour'), idOf('snow-harbour')]
    await as(ADA, `#/work/${parent}`)
    const section = page.locator('.work-derivations')
    const dialog = page.getByRole('dialog')
    const go = dialog.getByRole('button', { name: 'Go on to the wallet' })
    const agree = async (share: string): Promise<void> => {
      await press('Agree to a derivative', section)
      await dialog.getByLabel('Id of the work made from it').fill(child)
      await dialog.getByLabel('Share (%)').fill(share)
    }
    await press('Agree to a derivative', section)
    await dialog.getByLabel('Share (%)').fill('12.5')
    for (const [text, why] of [
      ['0x12', 'An id has 0x and 64 digits.'],
      [parent, 'That is this work itself.'],
      [`0x${'ab'.repeat(32)}`, 'There is no such work on this chain.'],
    ] as const) {
      await dialog.getByLabel('Id of the work made from it').fill(text)
      await dialog.getByText(why).waitFor()
      expect(await go.isDisabled()).to.equal(true)
    }
    await dialog.getByLabel('Id of the work made from it').fill(`${running.url}#/work/${child}`)
    await dialog.locator('.review-facts').getByText(child).waitFor()
    await dialog.locator('.review-facts').getByText('12.5 %').waitFor()
    await expectAccessible(page, 'the dialog of an agreement to a derivative')
    await finish(page)
    const rows = section.locator('tbody tr')
    await rows.getByText('12.5 %, agreed to, not registered yet').waitFor()
    await step('Take it back', section)
    await section.locator('[data-grant]').waitFor({ state: 'detached' })
    await agree('10')
    await go.click()
    await page.getByRole('heading', { name: SEND }).waitFor()
    // While the wallet is asked, what it was asked cannot be changed in the review.
    expect(await page.locator('.review-form[inert]').count()).to.equal(1)
    await answer(page, true)
    await page.locator('[data-transaction=confirmed]').waitFor()
    await page.getByRole('button', { name: 'Close', exact: true }).click()

    // Night itself is registered by its license from the harbour first: a work that has derivatives cannot become one.
    const registrable = section.locator('[data-registrable]')
    await registrable.getByText('8 % of what it earns, by a license').waitFor()
    // Whoever has a work can agree to any share of another's: nothing is chosen that its holder did not choose.
    expect(await section.getByRole('button', { name: 'Register what it was made from' }).isDisabled()).to.equal(true)
    await registrable.getByText('8 % of what it earns, by a license').click()
    await press('Register what it was made from', section)
    await dialog.getByText('This is done once and for ever').waitFor()
    await finish(page)
    await rows.getByText('8 %, registered').waitFor()

    await as(BO, `#/work/${child}`)
    await registrable.getByText('10 % of what it earns').click()
    await step('Register what it was made from', section)
    await rows.getByText('10 %, registered').waitFor()
    const lineage = await running.as(BO).revenue.lineageOf(child)
    expect(lineage.map(({ workId, percent }) => [workId, percent])).to.have.deep.members([
      [parent, 10],
      [idOf('harbour'), 8],
    ])
    await running.as(FAY).revenue.pay({ workId: child, amount: parseEther('1') })
    await as(ADA, `#/work/${parent}`)
    await section.locator(`[data-owed="${child}"]`).getByText('0.1 ETH').waitFor()
    const before = (await running.as(ADA).revenue.balances(address(ADA))).totals.find(({ currency }) => currency === 'native')?.amount ?? 0n
    await step('Take it up', section)
    await section.locator(`[data-owed="${child}"]`).waitFor({ state: 'detached' })
    const after = (await running.as(ADA).revenue.balances(address(ADA))).totals.find(({ currency }) => currency === 'native')!.amount
    // Her part, of which the harbour has had its own already.
    expect(after - before).to.equal(parseEther('0.1'))
  })

  it('licenses: says by a license to adapt that a work of one’s own was made from another', async () => {
    const { offer } = await running.as(BO).licenses.open({
      workId: idOf('blue-hills'),
      price: 0n,
      rights: ['adapt'],
      duration: { days: 9 },
      derivativePercent: 7.25,
      territories: ['oceania'],
    })
    const { licenseId } = await running.as(ADA).licenses.acquire({ offer })
    await as(ADA, '#/licenses?part=mine')
    await press('I made a work from it', page.locator(`[data-license="${licenseId}"]`))
    await pick(page, 'Work of yours that was made from it', /^On colophons/)
    await page.getByRole('dialog').getByText('7.25 %').waitFor()
    await finish(page)
    const granted = await running.as(ADA).events.list({ contract: 'RevenueSplitter', event: 'DerivativeGranted' })
    const last = granted.at(-1)!.values
    expect([BigInt(last.parent), BigInt(last.child), Number(last.share)]).to.deep.equal([
      BigInt(idOf('blue-hills')),
      BigInt(idOf('essay')),
      72_500,
    ])
  })

  it('titles: minted, every offer withdrawn, the royalty lowered, the rights handed over', async () => {
    const workId = idOf('blue-hills')
    const offer = await running.as(BO).licenses.sign({ workId, price: 1n, rights: ['reproduce'] as const, duration: { days: 3 } })
    await as(BO, `#/work/${workId}`)
    const section = page.locator('.work-title')
    const dialog = page.getByRole('dialog')
    await press('Mint the title', section)
    await dialog.getByLabel('Of each later sale, to you (%)').fill('10.5')
    await dialog.getByText('A number from 0 to 10, with at most two decimals.').waitFor()
    await dialog.getByLabel('Of each later sale, to you (%)').fill('6')
    await finish(page)
    await step('Withdraw every offer', section)
    expect(await running.as(HANA).licenses.check(offer)).to.have.property('ok', false)
    await press('Lower the royalty', section)
    await dialog.getByLabel('Of each later sale, to you (%)').fill('6')
    await dialog.getByText('Less than the 6 % of now').waitFor()
    await dialog.getByLabel('Of each later sale, to you (%)').fill('2.5')
    await finish(page)
    expect((await running.as(BO).titles.get(workId))?.royaltyPercent).to.equal(2.5)
    await press('Hand the rights over', section)
    await dialog.getByText('Only they can give it back.').waitFor()
    await dialog.getByLabel('Who gets the rights').fill(address(HANA))
    await expectAccessible(page, 'the dialog in which rights are handed over')
    await finish(page)
    expect(await running.as(BO).titles.rightsHolderOf(workId)).to.equal(address(HANA))
    // Of later sales a part stays that of whoever made the deposit, who may lower it and do no more.
    await section.getByRole('button', { name: 'Hand the rights over' }).waitFor({ state: 'detached' })
    await section.getByRole('button', { name: 'Lower the royalty' }).waitFor()
    expect(await section.getByRole('button').count()).to.equal(1)
  })
  it('revenue: is claimed to an account that one chooses', async () => {
    const nobody = `0x${'5a'.repeat(20)}`
    await running.as(FAY).revenue.pay({ workId: idOf('essay'), amount: parseEther('0.04') })
    await as(ADA, '#/revenue')
    await press('Claim everything from works')
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Goes to').fill(running.stack.deployment.contracts.RevenueSplitter!.address)
    await dialog.getByText('That is a contract of Colophon').waitFor()
    expect(await dialog.getByRole('button', { name: 'Go on to the wallet' }).isDisabled()).to.equal(true)
    await dialog.getByLabel('Goes to').fill(nobody)
    await expectAccessible(page, 'the dialog of a claim')
    await finish(page)
    expect((await running.provider.getBalance(nobody)) >= parseEther('0.04')).to.equal(true)
  })
})
