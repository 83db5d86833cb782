// Runs after `npm install` and `npm ci`, on whatever Node npm itself uses, so plain JavaScript.
//
// Hardhat's node (EDR) ships one binary package per platform, each asking for Node >= 22. npm running on an older
// Node skips such optional packages without a word, and Hardhat then cannot start. The project brings its own
// Node 24 as a dev dependency; when EDR does not load under it, npm is run once more with that Node.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const bundledNode = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
const guard = 'COLOPHON_POSTINSTALL'

function edrLoads() {
  const edr = createRequire(join(root, 'package.json')).resolve('@nomicfoundation/edr')
  return spawnSync(bundledNode, ['-e', `require(${JSON.stringify(edr)})`], { stdio: 'ignore' }).status === 0
}

if (process.env[guard] === undefined && existsSync(bundledNode) && !edrLoads()) {
  const npmCli = process.env.npm_execpath
  if (npmCli === undefined || !/\.[cm]?js$/.test(npmCli)) {
    console.warn('colophon: EDR is missing for this platform. Install with npm (not another package manager), or use Node 22.13 or newer.')
    process.exit(0)
  }
  const again = spawnSync(
    bundledNode,
    // Which dependencies, `npm_config_omit` says, which this run inherits.
    [npmCli, 'install', '--no-save', '--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
    { cwd: root, stdio: 'inherit', env: { ...process.env, [guard]: '1' } },
  )
  if (again.status !== 0 || !edrLoads()) {
    console.error('colophon: the Hardhat node (EDR) could not be installed. Use Node 22.13 or newer and run `npm ci` again.')
    process.exit(1)
  }
}
