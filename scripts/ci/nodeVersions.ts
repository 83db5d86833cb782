// Installs the packed SDK into an empty project, as a user would, and runs it on each Node line it promises to support.
import { spawnSync } from 'node:child_process'
import { cpSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from '../temporary.ts'
import { packSdk, root } from './packSdk.ts'

const { tarball } = packSdk()
let failed = false
for (const version of ['20', '22', '24']) {
  const folder = temporaryFolder(`node${version}`)
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }))
  // The oldest has no SQLite of its own.
  const peers = ['sharp', 'ethers', ...(version === '20' ? ['libsql'] : [])]
  run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', `node@${version}`, ...peers, tarball], folder)
  cpSync(join(root, 'examples', 'smoke.mjs'), join(folder, 'smoke.mjs'))
  cpSync(join(root, 'examples', 'media'), join(folder, 'media'), { recursive: true })
  const node = join(folder, 'node_modules', 'node', 'bin', 'node')
  if (!run(node, ['smoke.mjs'], folder) || !run(node, ['node_modules/@colophon/sdk/dist/cli/main.js', '--version'], folder)) failed = true
}
process.exit(failed ? 1 : 0)

function run(command: string, args: string[], cwd: string): boolean {
  const { status } = spawnSync(command, args, { cwd, stdio: 'inherit' })
  if (status !== 0) console.error(`failed: ${command} ${args.join(' ')}`)
  return status === 0
}
