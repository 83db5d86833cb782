// ReplayWeb.page, which shows captured pages as they were. It is under the AGPL, so it is no dependency and no part of any build: whoever wants it fetches it,
// unmodified, from the npm registry, and can put another in its place.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** The version that was tested. */
export const REPLAY_VIEWER = { name: 'replaywebpage', version: '2.5.3', license: 'AGPL-3.0-or-later' } as const
const SHA512 = 'nCj2PSON3BxeSJKE8AsYPyULv0XPZKJWfy4l9PyQre9SqwLZ+WKZVs/sfLqPOQ4GrH+0YkjbwOhr8cSTH08gsQ=='

const store = join(import.meta.dirname, '..', '..', '.peers', 'npm')

/** The folder with `ui.js` and `sw.js`; undefined where the package cannot be had. Its own dependencies are in these files already. */
export function fetchReplayViewer(): string | undefined {
  const folder = join(store, `${REPLAY_VIEWER.name}@${REPLAY_VIEWER.version}`)
  if (existsSync(folder)) return folder
  mkdirSync(store, { recursive: true })
  const draft = mkdtempSync(join(store, 'draft-'))
  try {
    const packed = spawnSync('npm', ['pack', '--silent', '--prefer-offline', `${REPLAY_VIEWER.name}@${REPLAY_VIEWER.version}`], {
      cwd: draft,
      timeout: 120_000,
      shell: process.platform === 'win32',
    })
    if (packed.status !== 0) return undefined
    const file = `${REPLAY_VIEWER.name}-${REPLAY_VIEWER.version}.tgz`
    const hash = createHash('sha512')
      .update(readFileSync(join(draft, file)))
      .digest('base64')
    if (hash !== SHA512) throw new Error(`The registry's ${file} is not the one that was tested: its SHA-512 is ${hash}.`)
    if (spawnSync('tar', ['xzf', file], { cwd: draft }).status !== 0) return undefined
    // Another process may have been quicker.
    if (!existsSync(folder)) renameSync(join(draft, 'package'), folder)
    return folder
  } finally {
    rmSync(draft, { recursive: true, force: true })
  }
}
