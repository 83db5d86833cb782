// What people do in the dApp: reviews that are gone through, wallets that are answered, forms that are filled in.
import type { Page } from 'playwright-core'
import { type App, answer, type Opened, type OpenOptions, open } from './app.ts'

/** What the dev wallet asks. */
export type Question = 'Send this transaction?' | 'Sign this?'

export const SEND: Question = 'Send this transaction?'
export const SIGN: Question = 'Sign this?'

/** A window in which the account is connected already. */
export async function openAs(running: App, account: number, at: string, look: OpenOptions = {}): Promise<Opened> {
  const kept = JSON.stringify({ id: 'dev.colophon.wallet', account: running.wallet(account).address })
  // Once: who becomes another account later stays it through a reload.
  const before = `localStorage.getItem('colophon.wallet') ?? localStorage.setItem('colophon.wallet', ${JSON.stringify(kept)})`
  return await open(running, { ...look, at, before })
}

/** The same window as another account, at another page, with everything read anew. */
export async function become({ page }: Opened, running: App, account: number, at: string): Promise<Page> {
  const kept = JSON.stringify({ id: 'dev.colophon.wallet', account: running.wallet(account).address })
  await page.evaluate(`localStorage.setItem('colophon.wallet', ${JSON.stringify(kept)}); location.hash = ${JSON.stringify(at)}`)
  await page.reload()
  await page.locator('[data-page] h1').first().waitFor()
  return page
}

/** Goes through the review, agrees in the wallet as often as it asks, and waits for the end. */
export async function finish(page: Page, questions: readonly Question[] = [SEND]): Promise<void> {
  await page.getByRole('button', { name: 'Go on to the wallet' }).click()
  const failed = page.locator('[data-transaction=failed]')
  // A failure says why at once, rather than after the test's time.
  const seen = async (wanted: ReturnType<Page['locator']>): Promise<void> => {
    await wanted.or(failed).first().waitFor()
    if (await failed.isVisible()) throw new Error(`It failed: ${await failed.textContent()}`)
  }
  for (const question of questions) {
    await seen(page.getByRole('heading', { name: question }))
    await answer(page, true)
  }
  await seen(page.locator('[data-transaction=confirmed]'))
  await page.getByRole('button', { name: 'Close', exact: true }).click()
}

/** Chooses in a list. */
export async function pick(page: Page, label: string, option: string | RegExp): Promise<void> {
  await page.getByRole('button', { name: label }).first().click()
  await page.getByRole('option', { name: option }).click()
}
