// Finds Kubo's `ipfs`, or builds it with Go: `node scripts/setup/kubo.ts` prints its path, or says why there is none and ends with 1.
// The build takes minutes and is kept outside the repository, in the user's cache.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

const MODULE = 'github.com/ipfs/kubo/cmd/ipfs@latest'

/** Path of `ipfs`, or why there is none. */
export function findKubo(): { path: string } | { reason: string } {
  const named = process.env.COLOPHON_IPFS
  if (named !== undefined) return existsSync(named) ? { path: named } : { reason: `COLOPHON_IPFS names ${named}, which is not there` }
  const onPath = spawnSync('ipfs', ['version'], { encoding: 'utf8' })
  if (onPath.status === 0) return { path: 'ipfs' }
  const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'colophon', 'kubo')
  const built = join(cache, 'ipfs')
  if (existsSync(built)) return { path: built }
  if (spawnSync('go', ['version']).status !== 0) return { reason: 'neither ipfs nor Go is installed' }
  mkdirSync(cache, { recursive: true })
  const made = spawnSync('go', ['install', MODULE], {
    cwd: cache,
    encoding: 'utf8',
    timeout: 15 * 60_000,
    env: { ...process.env, GOBIN: cache, GOFLAGS: '' },
  })
  if (made.status === 0 && existsSync(built)) return { path: built }
  const why = `${made.stderr ?? ''}`.trim().split('\n').at(-1)?.trim() ?? ''
  return { reason: `Go cannot build Kubo: ${why || made.error?.message || `status ${made.status}`}` }
}

if (import.meta.main) {
  const found = findKubo()
  if ('reason' in found) {
    console.error(found.reason)
    process.exit(1)
  }
  console.log(found.path)
}
