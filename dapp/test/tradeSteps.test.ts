import { readFile } from 'node:fs/promises'
import type { Hex } from '@colophon/sdk'
import { ArbitrationPanel__factory, CopyrightAlliance__factory } from '@colophon/sdk/contracts'
import { expect } from 'chai'
import { parseEther } from 'ethers'
import type { Locator, Page } from 'playwright-core'
import { become, finish, openAs, pick, SEND, SIGN } from './acting.ts'
import { type App, app, choose, type Opened } from './app.ts'

const [ADA, BO, CHEN, DEE, EMRE, FAY, GAO, HANA] = [1, 2, 3, 4, 5, 6, 7, 8]
const DAY = 86_400
const SALT = `0x${'11'.repeat(32)}`

// Every step that others do not take, on a chain whose clock is moved; in one window that changes hands, because a page load costs more than a step.
describe('dApp: every step of a trade', function () {
  this.timeout(300_000)
  let running: App
  let opened: Opened
  let page: Page
  before(async function () {
    const found = await app()
    if (found === undefined) this.skip()
    running = found
    await running.restart()
    opened = await openAs(running, ADA, '#/claims')
    page = opened.page
  })
  after(async () => {
    await opened?.close()
    // Other tests live in the present.
    await running?.restart()
  })
  afterEach(() => expect(opened.faults.splice(0)).to.deep.equal([]))

  const idOf = (name: string): Hex => running.seeded.works.get(name)!.receipt.id
  const as = async (account: number, at: string): Promise<Page> => await become(opened, running, account, at)
  const press = async (name: string | RegExp, within: Page | Locator = page): Promise<void> =>
    await within.getByRole('button', { name, exact: true }).first().click()
  const step = async (name: string | RegExp, within: Page | Locator = page): Promise<void> => {
    await press(name, within)
    await finish(page)
  }
  const gone = async (name: string, within: Page | Locator = page): Promise<void> =>
    await within.getByRole('button', { name, exact: true }).waitFor({ state: 'detached' })
  /** What a press saves. */
  const saved = async (pressing: () => Promise<void>): Promise<{ name: string; mimeType: string; buffer: Buffer }> => {
    const [file] = await Promise.all([page.waitForEvent('download'), pressing()])
    return { name: file.suggestedFilename(), mimeType: 'application/json', buffer: await readFile((await file.path())!) }
  }
  const pass = async (seconds: number): Promise<void> => {
    await running.provider.send('evm_increaseTime', [seconds])
    await running.provider.send('evm_mine', [])
  }
  const panelOf = (account: number) =>
    ArbitrationPanel__factory.connect(running.stack.deployment.contracts.ArbitrationPanel!.address, running.wallet(account))
  const balance = (account: number): Promise<bigint> => running.provider.getBalance(running.wallet(account).address)
  const outcome = async (id: Hex): Promise<string> => {
    const { phase, outcome: found } = await running.as(ADA).claims.status(id)
    return phase === 'closed' ? found : phase
  }

  it('licenses: signs an offer into a file, sells from that file, and withdraws an offer that was open', async () => {
    await as(DEE, '#/licenses?part=offer')
    await pick(page, 'Work', /^Tune/)
    await page.getByLabel('Price (ETH)').fill('0.031')
    await page.locator('.choice', { hasText: 'As a signed file' }).click()
    await press('Sign the offer')
    const file = await saved(async () => {
      await finish(page, [SIGN])
      await press('Save the offer')
    })
    await page.evaluate(`location.hash = '#/licenses?part=offered'`)
    const own = page.locator('li.sheet', { hasText: '0.08 ETH' })
    await step('Withdraw', own)
    await own.getByText('closed', { exact: true }).waitFor()

    await as(HANA, '#/licenses')
    await page.locator('[data-offer]').first().waitFor()
    expect(await page.locator('[data-offer]', { hasText: 'Tune 2026' }).count()).to.equal(0)
    await choose(page, file)
    await step('Buy this license', page.locator('[data-offer]', { hasText: '0.031 ETH' }))
    const licenses = await running.as(HANA).licenses.listByHolder(running.wallet(HANA).address)
    expect(licenses.find(({ workId }) => workId === idOf('tune'))?.inForce).to.equal(true)
  })

  it('exchange: signs a license away, withdraws that, auctions titles, takes one back, and settles the other', async () => {
    await as(ADA, '#/exchange?part=sell')
    await pick(page, 'What you sell', /^License: 六点的港口/)
    await page.getByLabel('Price (ETH)').fill('0.9')
    await press('Sign the offer to sell')
    await finish(page, [SEND, SIGN])
    await page.evaluate(`location.hash = '#/exchange?part=market'`)
    const order = page.locator('[data-order]', { hasText: '0.9 ETH' })
    await step('Withdraw the offer', order)
    await order.getByText('withdrawn', { exact: true }).waitFor()
    await press('Remove from this browser', order)
    await order.waitFor({ state: 'detached' })

    await page.evaluate(`location.hash = '#/exchange?part=sell'`)
    await pick(page, 'What you sell', /^Title: Coffee/)
    await step('Mint the title')
    await page.locator('.choice', { hasText: 'By auction' }).click()
    await page.getByLabel('First bid from (ETH)').fill('3')
    await page.getByLabel('Days').fill('2')
    await press('Open the auction')
    await finish(page, [SEND, SEND])
    await page.evaluate(`location.hash = '#/exchange?part=market'`)
    const auction = page.locator('[data-auction]', { hasText: 'Coffee' })
    await step('Take it back', auction)
    await auction.getByText('not sold').waitFor()
    expect(await running.as(ADA).titles.rightsHolderOf(idOf('coffee'))).to.equal(running.wallet(ADA).address)
  })

  it('agreements: proposes one in a file, and the other side brings it into force', async () => {
    await as(ADA, '#/agreements?part=propose')
    await pick(page, 'Work', /^On colophons/)
    await page.getByLabel('Licensee').fill(running.wallet(HANA).address)
    await page.getByLabel('Deposit (ETH)').fill('0.02')
    await page.getByLabel('For each use (ETH)').fill('0.001')
    await page.getByLabel('Periods').fill('1')
    await page.getByLabel('Days of a period').fill('90')
    await press('Sign the proposal')
    const file = await saved(() => finish(page, [SIGN]))
    await as(HANA, '#/agreements?part=open')
    await choose(page, file)
    await page.getByText('0.02 ETH').waitFor()
    await step('Bring it into force')
    await page.getByText('It is in force already.').waitFor()
  })

  let retracted: Hex
  let licensed: Hex
  let settled: Hex
  let earlier: Hex
  it('claims: takes one back, answers with a license and with an earlier deposit, and settles one', async () => {
    const claims = running.as(ADA).claims
    const { cid: evidence } = await running.storage.put(Buffer.from('A note: it hangs in a shop window.'))
    const against = async (account: number): Promise<Hex> =>
      (await claims.file({ workId: idOf('coffee'), respondent: running.wallet(account).address, evidence })).id
    ;[retracted, licensed, settled] = [await against(BO), await against(CHEN), await against(FAY)]
    await as(ADA, `#/claims/${retracted}`)
    await step('Take the claim back')
    await page.getByText('taken back').first().waitFor()
    // What comes back waits as credit, and is taken.
    await step('Withdraw')
    await page.getByText('Nothing is up to you here now.').waitFor()
    expect(await outcome(retracted)).to.equal('retracted')
    expect(await claims.creditOf(running.wallet(ADA).address)).to.equal(0n)

    await page.evaluate(`location.hash = '#/claims/${settled}'`)
    await press('Offer a settlement')
    await page.getByLabel('Amount (ETH)').fill('0.21')
    const file = await saved(() => finish(page, [SIGN]))
    await as(FAY, `#/claims/${settled}`)
    await press('Open a settlement that you were offered')
    await choose(page, file)
    await page.getByRole('dialog').getByText('0.21 ETH').waitFor()
    await press('Accept and pay')
    await finish(page)
    await page.getByText('settled', { exact: true }).first().waitFor()
    expect(await outcome(settled)).to.equal('settled')

    await as(CHEN, `#/claims/${licensed}`)
    await step('Show a license')
    await page.getByRole('heading', { name: 'License shown in defence' }).waitFor()
    expect(await outcome(licensed)).to.equal('answered')

    // Emre deposits Ada's work and claims that hers is the copy; but hers is older.
    const again = await running.as(EMRE).deposits.create({ fingerprint: running.seeded.works.get('coffee')!.print })
    earlier = (await running.as(EMRE).claims.file({ workId: again.id, suspectId: idOf('coffee'), evidence })).id
    await as(ADA, `#/claims/${earlier}`)
    await step('Show an earlier deposit')
    await page.getByRole('heading', { name: 'Earlier deposit shown in defence' }).waitFor()
    expect(await outcome(earlier)).to.equal('answered')
  })

  it('revenue: claims what one work earned, and withdraws a commission', async () => {
    // Ada brings a buyer for a work of Bo's.
    const { offer } = await running.as(BO).licenses.open({
      ...{ workId: idOf('blue-hills'), price: parseEther('0.3'), rights: ['display'], duration: { days: 30 } },
      ...{ territories: ['oceania'], commissionPercent: 10 },
    })
    await running.as(CHEN).licenses.acquire({ offer, platform: running.wallet(ADA).address, commissionPercent: 10 })
    await as(ADA, '#/revenue')
    const row = page.locator('.balance-row', { hasText: 'Coffee' }).first()
    const before = await balance(ADA)
    await step('Claim', row)
    await row.waitFor({ state: 'detached' })
    const between = await balance(ADA)
    expect(between > before).to.equal(true)
    await step('Withdraw')
    await gone('Withdraw')
    expect((await balance(ADA)) - between > parseEther('0.02')).to.equal(true)
  })

  it('alliance: votes, queues and carries out what was decided; takes a proposal back; vouches; resigns', async () => {
    const [proposal] = await running.as(BO).alliance.proposals()
    await as(ADA, '#/alliance?part=proposals')
    await page.getByLabel('Whom it concerns').fill(running.wallet(GAO).address)
    await page.getByLabel('Reasons, for those who vote').fill('Gao deposits what is not his.')
    await step('Propose it')
    const mine = page.locator('[data-proposal]', { hasText: 'Gao deposits what is not his.' })
    await step('Take it back', mine)
    await mine.getByText('taken back', { exact: true }).waitFor()

    const sheet = page.locator(`[data-proposal="${proposal!.id}"]`)
    await pass(DAY)
    for (const member of [BO, CHEN, DEE, HANA]) await running.as(member).alliance.vote({ proposal: proposal!.id, support: 'for' })
    await as(ADA, '#/alliance?part=proposals')
    await press('Vote', sheet)
    await page.getByLabel('Reason (optional, public)').fill('He keeps his word.')
    await finish(page)
    expect((await running.as(ADA).alliance.proposal(proposal!.id)).votes.for).to.equal(5n)
    await pass(5 * DAY)
    await as(ADA, '#/alliance?part=proposals')
    await step('Queue it', sheet)
    await pass(2 * DAY)
    await as(ADA, '#/alliance?part=proposals')
    await step('Carry it out', sheet)
    await sheet.getByText('carried out', { exact: true }).waitFor()
    expect(await running.as(ADA).alliance.isMember(running.wallet(EMRE).address, 'agency')).to.equal(true)

    await as(FAY, '#/alliance?part=verifiers')
    await page.getByLabel('Account').fill(running.wallet(BO).address)
    await choose(page, { name: 'passport.txt', mimeType: 'text/plain', buffer: Buffer.from('Bo Lindqvist') })
    const kept = await saved(() => step('Vouch for an account'))
    expect(JSON.parse(kept.buffer.toString())).to.include({ type: 'colophon-credential-salt', level: 'substantial' })
    expect(await running.as(BO).identity.levelAt(running.wallet(BO).address)).to.equal('substantial')

    await as(DEE, '#/alliance')
    await step('Resign')
    await page.getByText('You are no member.').waitFor()
    expect(await running.as(DEE).alliance.member(running.wallet(DEE).address)).to.equal(undefined)
  })

  it('panel and claim: enlisted, drawn, ruled, appealed, told, closed, carried out, paid', async () => {
    const claim = running.seeded.claimId as Hex
    const alliance = CopyrightAlliance__factory.connect(running.stack.deployment.contracts.CopyrightAlliance!.address, running.wallet(0))
    await (await alliance.setRoles(running.wallet(CHEN).address, 0b10101)).wait()

    await as(CHEN, '#/claims?part=panel')
    await step('Enlist')
    await page.getByText('You are enlisted and can be drawn.').waitFor()

    await as(ADA, `#/claims/${claim}`)
    await press('Submit evidence')
    await page.getByLabel('Address of more evidence').fill('https://example.org/shop')
    await finish(page)
    await page.getByRole('heading', { name: 'Evidence submitted' }).waitFor()
    await step('Take it to the panel')
    await step('Freeze the title')
    await page.getByRole('heading', { name: 'Freeze of the title asked for' }).waitFor()

    const panel = panelOf(ADA)
    const dispute = await panel.disputeCount()
    await page.evaluate(`location.hash = '#/claims?part=panel'`)
    const sheet = page.locator(`[data-dispute="${dispute}"]`)
    for (let turn = 0; (await panel.disputeOf(dispute)).phase === 1n; turn++) {
      for (let block = 0; block < 5; block++) await running.provider.send('evm_mine', [])
      if (turn === 0) await step('Draw the seats', sheet)
      else await (await panel.draw(dispute)).wait()
    }
    for (const who of [FAY, HANA, CHEN]) {
      const commitment = await panel.commitmentOf(dispute, 0n, running.wallet(who).address, 3n, SALT)
      await (await panelOf(who).commit(dispute, commitment, { gasLimit: 1_000_000n })).wait()
    }
    for (const who of [FAY, HANA, CHEN]) await (await panelOf(who).reveal(dispute, 3n, SALT, { gasLimit: 1_000_000n })).wait()

    await as(GAO, `#/claims/${claim}`)
    await step('Appeal')
    await page.getByRole('heading', { name: 'Appealed' }).waitFor()
    // Nobody is left to be drawn: the panel's time runs out, and the first ruling stands.
    await pass(3 * DAY + 1)
    await as(GAO, '#/claims?part=panel')
    await step('Go on to the next phase', sheet)
    await pass(3 * DAY + 1)
    await as(GAO, '#/claims?part=panel')
    await step('Tell the claim the ruling', sheet)
    await gone('Tell the claim the ruling', sheet)

    await as(ADA, `#/claims/${claim}`)
    await step('Close the claim')
    await page.getByText('upheld, and the copy’s deposit refuted').waitFor()
    await step('Carry out the outcome')
    await gone('Carry out the outcome')
    expect((await running.as(ADA).titles.get(idOf('copy')))?.refuted).to.equal(true)
    await step('Withdraw')
    await page.getByText('Nothing is up to you here now.').waitFor()

    await as(FAY, '#/claims?part=panel')
    const before = await balance(FAY)
    await step('Withdraw (Pay for votes)')
    expect((await balance(FAY)) > before).to.equal(true)
    await step('Leave the pool')
    await page.getByText('You are not enlisted.').waitFor()
  })

  it('after the time: an auction is settled, a usage reported, a breach ended, and its deposit given back once', async () => {
    await as(CHEN, '#/exchange')
    const auction = page.locator('[data-auction]', { hasText: 'Thirty-four leaves' })
    await step('Settle the auction', auction)
    await auction.getByText('sold', { exact: true }).waitFor()
    expect(await running.as(CHEN).titles.rightsHolderOf(idOf('leaves'))).to.equal(running.wallet(CHEN).address)

    await pass(110 * DAY)
    await as(HANA, '#/agreements')
    const sheet = page.locator('[data-agreement]', { hasText: 'On colophons' })
    await press('Report usage', sheet)
    await page.getByLabel('Uses in this period').fill('7')
    await finish(page)
    await sheet.getByText('1 of 1').waitFor()
    await pass(60 * DAY)
    await as(ADA, '#/agreements')
    await sheet.getByText('breached').waitFor()
    await step('Terminate', sheet)
    await sheet.getByText('terminated').waitFor()
    await step('Return the deposit', sheet)
    await gone('Return the deposit', sheet)
  })
})
