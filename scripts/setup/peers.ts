// Packages that the SDK asks for only when they are used, and that are too large for every clone: node-av brings FFmpeg (167 MB, GPL), pdfjs-dist
// a drawing library, the Chinese font has 87 MB, mediabunny 12. `npm ci` leaves them out; tests and benchmarks that need one fetch it here, once, and link it into node_modules.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const root = join(import.meta.dirname, '..', '..')
const modules = join(root, 'node_modules')
/** Outside of node_modules, which `npm ci` empties. */
const store = join(root, '.peers', 'npm')

/** What is fetched: the version that was tested, and whether its optional packages do anything for us. */
const PEERS = {
  // Its binary is an optional package, one for each platform.
  'node-av': { version: '6.1.1', optional: true },
  // Reads films in browsers; in Node nothing asks for it.
  mediabunny: { version: '1.61.0', optional: false },
  // Draws; the SDK only reads.
  'pdfjs-dist': { version: '5.4.296', optional: false },
  // SQLite for Node 20; its binary is an optional package, one for each platform.
  libsql: { version: '0.5.29', optional: true },
  pg: { version: '8.23.1', optional: false },
  '@fontsource/noto-serif-sc': { version: '5.3.0', optional: false },
} as const

/** Makes a package importable from anywhere in the project, and says whether it is: without a registry it may not be. */
export function installPeer(name: keyof typeof PEERS): boolean {
  const link = join(modules, name)
  if (existsSync(link)) return true
  const { version, optional } = PEERS[name]
  const folder = join(store, `${name}@${version}`)
  if (!existsSync(folder)) {
    mkdirSync(dirname(folder), { recursive: true })
    const draft = mkdtempSync(join(store, 'draft-'))
    try {
      writeFileSync(join(draft, 'package.json'), JSON.stringify({ private: true, dependencies: { [name]: version } }))
      const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error', '--prefer-offline']
      const { status } = spawnSync('npm', [...args, ...(optional ? [] : ['--omit=optional'])], {
        cwd: draft,
        stdio: ['ignore', 'ignore', 'inherit'],
        timeout: 300_000,
        shell: process.platform === 'win32',
      })
      if (status !== 0) return false
      // Another process may have been quicker.
      if (!existsSync(folder)) renameSync(draft, folder)
    } finally {
      rmSync(draft, { recursive: true, force: true })
    }
  }
  // A link to a folder that is gone does not exist, but is in the way.
  rmSync(link, { force: true })
  mkdirSync(dirname(link), { recursive: true })
  symlinkSync(join(folder, 'node_modules', name), link, 'junction')
  return true
}
