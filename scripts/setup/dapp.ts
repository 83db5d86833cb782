// The dApp is a package of its own with a lockfile of its own: React and Vite have no place in a fresh clone whose owner wants the SDK or the demo.
// What needs it (`npm start`, its tests, the checks) installs it here, once for each state of its lockfile.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..', '..')
/** Where the dApp lies. */
export const dapp: string = join(root, 'dapp')
const stamp = join(dapp, 'node_modules', '.colophon-installed')

/** Installs the dApp's locked packages unless exactly these are there already; says whether they are. */
export function installDapp(): boolean {
  const wanted = createHash('sha256')
    .update(readFileSync(join(dapp, 'package-lock.json')))
    .digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return true
  console.log('Installing the dApp from the npm registry …')
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error', '--prefer-offline'], {
    cwd: dapp,
    stdio: ['ignore', 'ignore', 'inherit'],
    timeout: 300_000,
    shell: process.platform === 'win32',
  })
  if (status !== 0) return false
  writeFileSync(stamp, wanted)
  return true
}
