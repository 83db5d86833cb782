// Parts of the project that most clones never build (the dApp, the documentation site) are packages of their own with a lockfile of their own: React, Vite
// and VitePress have no place in a fresh clone whose owner wants the SDK or the demo. What needs such a part installs it here, once for each state of its lockfile.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Installs the locked packages of the package in `folder` unless exactly these are there already; says whether they are. */
export function installOwnPackage(folder: string): boolean {
  const stamp = join(folder, 'node_modules', '.colophon-installed')
  const wanted = createHash('sha256')
    .update(readFileSync(join(folder, 'package-lock.json')))
    .digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return true
  console.log(`Installing the packages of ${folder} from the npm registry …`)
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error', '--prefer-offline'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
    timeout: 300_000,
    shell: process.platform === 'win32',
  })
  if (status !== 0) return false
  writeFileSync(stamp, wanted)
  return true
}
