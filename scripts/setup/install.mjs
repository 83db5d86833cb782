// What every command of the README does first: install when node_modules is missing or older than the lockfile, and
// say which Node runs the rest. Runs on the machine's own Node (>= 20), before anything is installed: plain JavaScript.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const binaries = join(root, 'node_modules', '.bin')
const stamp = join(root, 'node_modules', '.colophon-installed')

/** The project's own Node 24, installed from the registry like any other dependency. */
export const node = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')

/** The environment for child processes: the project's binaries, its Node included, come first. */
export const environment = { ...process.env, PATH: `${binaries}${delimiter}${process.env.PATH ?? ''}` }

/** What decides which packages are installed; a new script or entry point does not. */
function locked() {
  const hash = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')))
  for (const file of ['package.json', 'sdk/package.json']) {
    const { dependencies, devDependencies, peerDependencies, workspaces, bin, allowScripts } = JSON.parse(
      readFileSync(join(root, file), 'utf8'),
    )
    hash.update(JSON.stringify([dependencies, devDependencies, peerDependencies, workspaces, bin, allowScripts]))
  }
  return hash.digest('hex')
}

const LEAN = ' lean'

/**
 * Installs the locked dependencies unless exactly these are there already. The root's `dependencies` build the contracts and run the demo;
 * its `devDependencies`, which a lean installation leaves out, are what all else needs besides: almost half of all packages.
 */
export function ensureInstalled({ lean = false } = {}) {
  const [major] = process.versions.node.split('.').map(Number)
  if (major < 20) {
    console.error(`Colophon needs Node.js 20 or newer; this is ${process.version}.`)
    process.exit(1)
  }
  const wanted = locked()
  const installed = existsSync(node) && existsSync(stamp) ? readFileSync(stamp, 'utf8') : ''
  if (installed === wanted || (lean && installed === wanted + LEAN)) return
  console.log('Installing dependencies from the npm registry …')
  const npm = process.env.npm_execpath
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error', lean ? '--omit=dev' : '--include=dev']
  const result =
    npm !== undefined && /npm-cli\.[cm]?js$/.test(npm)
      ? spawnSync(process.execPath, [npm, ...args], { cwd: root, stdio: 'inherit' })
      : spawnSync('npm', args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' })
  if (result.status !== 0) {
    console.error('The dependencies could not be installed. Check the network and the npm registry, then run the command again.')
    process.exit(result.status ?? 1)
  }
  writeFileSync(stamp, lean ? wanted + LEAN : wanted)
}

/** Runs one step with the project's Node and ends this process if it fails. */
export function step(args, options = {}) {
  const result = spawnSync(node, args, { cwd: root, stdio: 'inherit', env: environment, ...options })
  if (result.signal) process.kill(process.pid, result.signal)
  if (result.status !== 0) process.exit(result.status ?? 1)
}
