// Builds the dApp when what it is made of is newer than the build.
import { spawnSync } from 'node:child_process'
import { globSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { dapp, installDapp } from '../setup/dapp.ts'

const root = join(import.meta.dirname, '..', '..')
/** Servers of this machine that replay captured pages; the header that the pages come with says which one it is. */
const LOCAL_REPLAY = 'http://127.0.0.1:* http://localhost:*'
/** Where the build lies. */
export const built: string = join(dapp, 'dist')

/**
 * Installs and builds what is missing or stale; says whether the packages it needs could be had.
 * @throws Error when they could and the build fails all the same
 */
export function buildDapp(): boolean {
  if (!installDapp()) return false
  const output = newest(['dapp/dist/index.html'])
  const input = newest([
    'dapp/src/**/*',
    'dapp/public/**/*',
    'dapp/build/**/*',
    'dapp/*.{json,ts,html}',
    'dapp/node_modules/.colophon-installed',
    'sdk/dist/**/*.js',
  ])
  // One that somebody made for a host elsewhere may frame another origin than ours.
  if (output > input && readFileSync(join(built, 'index.html'), 'utf8').includes(LOCAL_REPLAY)) return true
  console.log('Building the dApp …')
  const { status } = spawnSync(process.execPath, [join(dapp, 'node_modules', 'vite', 'bin', 'vite.js'), 'build', '--logLevel', 'warn'], {
    cwd: dapp,
    stdio: 'inherit',
    env: { ...process.env, COLOPHON_DAPP_REPLAY: LOCAL_REPLAY },
  })
  if (status !== 0) throw new Error('The dApp could not be built; what is wrong is above.')
  return true
}

function newest(patterns: string[]): number {
  return Math.max(0, ...globSync(patterns, { cwd: root }).map((file) => statSync(join(root, file)).mtimeMs))
}
