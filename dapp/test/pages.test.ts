import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { copyPicture } from '../../scripts/demo/works.ts'
import { type App, app, DESKTOP, expectAccessible, type Opened, open, PHONE, PHOTO, ROOT } from './app.ts'

/** Their names, so that a page that is added is looked at too. */
const PAGES = [...pageNames(), 'no-such-page'].map((name) => `#/${name}`)

describe('dApp: pages', function () {
  this.timeout(300_000)
  let running: App
  before(async function () {
    const found = await app()
    if (found === undefined) this.skip()
    running = found
  })
  const looks = [
    { language: 'en', theme: 'light', size: DESKTOP },
    { language: 'zh-CN', theme: 'dark', size: PHONE },
  ] as const

  for (const look of looks)
    describe(`in ${look.language}, ${look.theme}, at ${look.size.width} px`, () => {
      let opened: Opened
      before(async () => {
        opened = await open(running, look)
      })
      after(() => opened?.close())

      for (const at of PAGES)
        it(`${at} is axe clean, within the policy, and as wide as the window`, async () => {
          const { page, faults } = opened
          const argument = at === '#/work' ? `/${running.seeded.works.get('coffee')!.receipt.id}` : ''
          await page.evaluate(`location.hash = ${JSON.stringify(`${at}${argument}`)}`)
          await page.locator(`[data-page="${at.slice(2)}"] h1`).waitFor()
          if (at === '#/work') await page.locator('.timeline .event').first().waitFor()
          if (at === '#/discover') await page.locator('.work-card').first().waitFor()
          await expectAccessible(page, `${at} in ${look.language}`)
          expect(await page.evaluate('document.documentElement.lang')).to.equal(look.language)
          expect(await page.evaluate('document.documentElement.scrollWidth')).to.be.at.most(look.size.width)
          expect(faults).to.deep.equal([])
        })
    })

  it('shows a work with its licenses, its claim, and a story of which every link holds', async () => {
    const { receipt } = running.seeded.works.get('coffee')!
    const { page, close } = await open(running, { at: `#/work/${receipt.id}` })
    try {
      await page.getByText('Every link holds').waitFor()
      await page.getByRole('heading', { name: 'Coffee' }).waitFor()
      await page.locator('.offer-price', { hasText: '0.05 ETH' }).waitFor()
      await page.getByText('97 of 100 left').waitFor()
      await page.getByText('As the work that was copied').waitFor()
      expect(await page.locator('.timeline .event h3').allTextContents()).to.include.members([
        'Deposited',
        'License sold',
        'Claim filed',
        'Claim answered',
      ])
    } finally {
      await close()
    }
  })

  it('shows what a work earned, what it was made from and what was made of it, drawn and as lists', async () => {
    const idOf = (name: string): string => running.seeded.works.get(name)!.receipt.id
    const { page, faults, close } = await open(running, { at: `#/work/${idOf('night-harbour')}` })
    try {
      await page.getByRole('img', { name: 'Earned so far (ETH)' }).waitFor()
      const earned = page.locator('.work-revenue')
      await earned.getByText('The same as a table').click()
      await earned.getByRole('cell', { name: '0.13 ETH', exact: true }).waitFor()
      await page.getByRole('img', { name: 'Works that it comes from, and works that come from it' }).waitFor()
      const rows = page.locator('.work-derivations tbody tr')
      await rows.getByRole('link', { name: '六点的港口' }).waitFor()
      await rows.getByRole('link', { name: 'The harbour in snow' }).waitFor()
      expect(await rows.allTextContents()).to.have.members([
        'The harbour by night六点的港口8 %, by license',
        'The harbour in snowThe harbour by nightnone; its document names the source',
      ])
      await expectAccessible(page, 'a derived work')
      expect(faults).to.deep.equal([])
    } finally {
      await close()
    }
  })

  it('follows a claim from the work to its evidence, and shows the archive without running it', async () => {
    const { page, faults, close } = await open(running, { at: `#/work/${running.seeded.works.get('coffee')!.receipt.id}`, size: PHONE })
    try {
      await page.locator('.work-steps li', { hasText: 'Claim answered' }).waitFor()
      await page.getByRole('link', { name: 'Follow this claim' }).click()
      await page.getByRole('button', { name: 'Fetch the archive and check it' }).click()
      await page.getByText('Archive and manifest agree.').waitFor()
      const archive = page.locator('[data-archive]')
      const picture = archive.locator('.archive-pictures img')
      await picture.first().waitFor()
      expect(await page.evaluate(`document.querySelector('.archive-pictures img').decode().then(() => true)`)).to.equal(true)
      const row = archive.getByRole('row', { name: /coffee-for-sale\.jpg/ })
      const hash = (await row.locator('code').textContent())!
      expect(hash).to.equal(
        `0x${createHash('sha256')
          .update(await copyPicture(readFileSync(PHOTO)))
          .digest('hex')}`,
      )
      await expectAccessible(page, 'an archive')
      expect(await page.evaluate('document.documentElement.scrollWidth')).to.be.at.most(PHONE.width)
      expect(faults).to.deep.equal([])
    } finally {
      await close()
    }
  })

  it('works by keyboard: the first tab skips to the page, the menu of a phone opens and closes', async () => {
    const { page, close } = await open(running, { size: PHONE })
    try {
      await page.keyboard.press('Tab')
      await page.keyboard.press('Enter')
      expect(await page.evaluate('document.activeElement.id')).to.equal('main')
      await page.getByRole('button', { name: 'All pages' }).press('Enter')
      await page.getByRole('link', { name: 'Verify', exact: true }).press('Enter')
      await page.getByRole('heading', { level: 1, name: 'Verify' }).waitFor()
    } finally {
      await close()
    }
  })

  it('changes language and theme, and remembers both', async () => {
    const { page, close } = await open(running)
    try {
      await page.getByRole('button', { name: '简体中文' }).click()
      await page.getByRole('heading', { level: 1, name: '给您的作品盖上印记。' }).waitFor()
      await page.getByRole('button', { name: '外观: 深色' }).click()
      await page.reload()
      await page.getByRole('heading', { level: 1, name: '给您的作品盖上印记。' }).waitFor()
      expect(await page.evaluate('document.documentElement.dataset.theme')).to.equal('dark')
    } finally {
      await close()
    }
  })

  it('says that it is offline, and that it is back', async () => {
    const { page, close } = await open(running)
    try {
      await page.context().setOffline(true)
      await page.getByText('You are offline.').waitFor()
      await page.context().setOffline(false)
      await page.getByText('You are offline.').waitFor({ state: 'detached' })
    } finally {
      await close()
    }
  })

  it('finds a wallet that announces itself, notices that it is on another chain, and switches it', async () => {
    const before = `{
      let chain = '0x1'
      const listeners = {}
      const provider = {
        on: (event, listener) => { (listeners[event] ??= []).push(listener) },
        removeListener() {},
        request: async ({ method, params }) => {
          if (method === 'eth_requestAccounts' || method === 'eth_accounts') return ['${running.wallet(2).address}']
          if (method === 'eth_chainId') return chain
          if (method === 'wallet_switchEthereumChain') throw Object.assign(new Error('unknown chain'), { code: 4902 })
          if (method === 'wallet_addEthereumChain') { chain = params[0].chainId; return null }
          throw Object.assign(new Error(method), { code: 4200 })
        },
      }
      const detail = { info: { uuid: 'u', name: 'Test <b>wallet</b>', rdns: 'org.example.wallet', icon: 'https://elsewhere.example/icon.png' }, provider }
      const announce = () => dispatchEvent(new CustomEvent('eip6963:announceProvider', { detail }))
      addEventListener('eip6963:requestProvider', announce)
    }`
    const { page, requests, close } = await open(running, { before })
    try {
      await page.getByRole('button', { name: 'Connect a wallet' }).click()
      await expectAccessible(page, 'the list of wallets')
      await page.getByRole('button', { name: 'Connect Test <b>wallet</b>' }).click()
      await page.getByText('Your wallet is on chain 1.').waitFor()
      await page.getByRole('button', { name: 'Switch the wallet' }).click()
      await page.getByText('Your wallet is on chain 1.').waitFor({ state: 'detached' })
      expect(requests.filter(({ url }) => url.includes('elsewhere'))).to.deep.equal([])
    } finally {
      await close()
    }
  })
})

/** As `pages.ts` lists them; its pages are components, which Node does not read. */
function pageNames(): string[] {
  const source = readFileSync(join(ROOT, 'dapp', 'src', 'app', 'pages.ts'), 'utf8')
  return [...source.matchAll(/\{ path: '([^']*)'/g)].map(([, name]) => name!)
}
