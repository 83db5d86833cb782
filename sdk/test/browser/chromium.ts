import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/usr/bin/google-chrome-stable']

/** A browser that is on the machine, or Debian's, installed now; undefined where neither can be had. */
export async function launchChromium(): Promise<Browser | undefined> {
  const executablePath = [process.env.COLOPHON_CHROMIUM, ...PLACES].find((path) => path !== undefined && existsSync(path)) ?? install()
  if (executablePath === undefined) return undefined
  // Root, as in containers, has no use for the sandbox, and the pages are our own.
  return await chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] })
}

function install(): string | undefined {
  if (process.getuid?.() !== 0 || spawnSync('apt-get', ['--version']).status !== 0) return undefined
  const run = (...args: string[]): boolean =>
    spawnSync('apt-get', args, { stdio: 'ignore', timeout: 240_000, env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }).status ===
    0
  const install = ['install', '--yes', '--no-install-recommends', 'chromium']
  if (!run(...install)) {
    run('update')
    run(...install)
  }
  return PLACES.find((path) => existsSync(path))
}
