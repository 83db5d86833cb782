// The built dApp on a local stack with works on it, and a browser to look at it with: started once for all tests that want it.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { expect } from 'chai'
import type { Browser, Page } from 'playwright-core'
import { buildDapp } from '../../scripts/dapp/build.ts'
import { type LocalDapp, startDapp } from '../../scripts/dapp/dapp.ts'
import { type Seeded, seed } from '../../scripts/dapp/seed.ts'
import { launchChromium } from '../../sdk/test/browser/chromium.ts'

export interface App extends LocalDapp {
  browser: Browser
  seeded: Seeded
  /** Puts the chain back to how it was when its works lay on it, its clock too. */
  restart(): Promise<void>
}

export const ROOT: string = join(import.meta.dirname, '..', '..')
export const PHOTO: string = join(ROOT, 'examples', 'media', 'coffee.jpg')
export const ESSAY: string = join(ROOT, 'examples', 'media', 'on-colophons.md')
export const FILM: string = join(ROOT, 'examples', 'media', 'coffee.mp4')
export const REEL: string = join(ROOT, 'examples', 'media', 'coffee-reel.webm')
export const TUNE: string = join(ROOT, 'examples', 'media', 'tune.mp3')

let starting: Promise<App | undefined> | undefined

/** The running app; undefined where there is no browser, or where the dApp's packages cannot be had. */
export function app(): Promise<App | undefined> {
  starting ??= start()
  return starting
}

async function start(): Promise<App | undefined> {
  if (!buildDapp()) return undefined
  const browser = await launchChromium()
  if (browser === undefined) return undefined
  const dapp = await startDapp({ port: 0, rpcPort: 0, replayPort: 0 })
  const seeded = await seed(dapp)
  const { provider } = dapp
  let snapshot = await provider.send('evm_snapshot', [])
  return {
    ...{ ...dapp, browser, seeded },
    async restart() {
      await provider.send('evm_revert', [snapshot])
      snapshot = await provider.send('evm_snapshot', [])
    },
  }
}

after(async () => {
  const running = await starting
  await running?.browser.close()
  await running?.stop()
})

/** Sizes that the dApp is made for. */
export const DESKTOP = { width: 1440, height: 900 }
export const PHONE = { width: 360, height: 740 }

export interface Opened {
  page: Page
  /** What the page asked for, and what it sent along. */
  requests: { method: string; url: string; body: Buffer | null }[]
  /** What went wrong in it: faults, errors on the console, breaches of its security policy. */
  faults: string[]
  close(): Promise<void>
}

export interface OpenOptions {
  at?: string
  size?: { width: number; height: number }
  language?: 'en' | 'zh-CN'
  theme?: 'light' | 'dark'
  /** Runs in the page before it loads. */
  before?: string
}

/** A window of its own, with nothing kept from others. */
export async function open(
  running: App,
  { at = '', size = DESKTOP, language = 'en', theme = 'light', before }: OpenOptions = {},
): Promise<Opened> {
  const context = await running.browser.newContext({
    viewport: size,
    locale: language,
    colorScheme: theme,
    reducedMotion: 'reduce',
    acceptDownloads: true,
  })
  const page = await context.newPage()
  const requests: Opened['requests'] = []
  const faults: string[] = []
  page.on('request', (request) => requests.push({ method: request.method(), url: request.url(), body: request.postDataBuffer() }))
  page.on('pageerror', (fault) => faults.push(String(fault)))
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') faults.push(message.text())
  })
  await page.addInitScript(
    `addEventListener('securitypolicyviolation', (event) => console.error('policy: ' + event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sample))`,
  )
  if (before !== undefined) await page.addInitScript(before)
  await page.goto(`${running.url}${at}`)
  // The app itself, and not the first words that stand in for it.
  await page.locator('[data-page] h1').first().waitFor()
  return { page, requests, faults, close: () => context.close() }
}

/** Read when it is first needed: until the app is built, its packages may not be installed. */
const axe = (): string => readFileSync(createRequire(join(ROOT, 'dapp', 'package.json')).resolve('axe-core/axe.min.js'), 'utf8')

/** Expects axe to find nothing on the page as it is, by WCAG 2.2 AA and the best practices it knows. */
export async function expectAccessible(page: Page, what: string): Promise<void> {
  // Evaluated by the debugger, which no policy of the page hinders.
  await page.evaluate(axe())
  const found = (await page.evaluate(
    `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }).then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ target, failureSummary }) => target.join(' ') + ' ' + failureSummary).join(' | ')))`,
  )) as string[]
  expect(found, what).to.deep.equal([])
}

/** Connects the dev wallet, as Ada. */
export async function connect(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^(Connect a wallet|连接钱包)$/ }).click()
  await page.getByRole('button', { name: /Dev wallet/ }).click()
  await page.getByRole('button', { name: 'Ada' }).waitFor()
}

/** Answers the dev wallet's question. */
export async function answer(page: Page, agreed: boolean): Promise<void> {
  await page
    .getByRole('alertdialog')
    .getByRole('button', { name: agreed ? /^(Approve|同意)$/ : /^(Reject|拒绝)$/ })
    .click()
}

/** Gives the page a file, as choosing one does. */
export async function choose(page: Page, ...files: { name: string; mimeType: string; buffer: Buffer }[]): Promise<void> {
  await page.locator('input[type=file]').first().setInputFiles(files)
}
