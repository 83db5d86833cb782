import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'
import { fromDebian } from '../debian.ts'

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/usr/bin/google-chrome-stable']

/** A browser that is on the machine, or Debian's, installed now; undefined where neither can be had. */
export async function launchChromium(): Promise<Browser | undefined> {
  const find = (): string | undefined => [process.env.COLOPHON_CHROMIUM, ...PLACES].find((path) => path !== undefined && existsSync(path))
  if (!fromDebian('chromium', () => find() !== undefined)) return undefined
  const executablePath = find()!
  // Root, as in containers, has no use for the sandbox, and the pages are our own.
  return await chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] })
}
