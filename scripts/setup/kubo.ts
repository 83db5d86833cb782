// Finds Kubo's `ipfs`, or builds it with Go: `node scripts/setup/kubo.ts` prints its path, or says why there is none and ends with 1.
// The build takes minutes and is kept outside the repository, in the user's cache.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** Builds with every Go from 1.22 on. Later ones carry a database that reaches into Go's runtime, and stop building with each new Go. */
const VERSION = 'v0.30.0'
const PACKAGE = 'github.com/ipfs/kubo/cmd/ipfs'

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
  // As a requirement of a module, since `go install PACKAGE@VERSION` asks for a list of versions that not every mirror has.
  writeFileSync(join(cache, 'go.mod'), `module colophon/kubo\n\ngo 1.22\n\nrequire github.com/ipfs/kubo ${VERSION}\n`)
  const made = spawnSync('go', ['build', '-mod=mod', '-o', `${built}.part`, PACKAGE], {
    cwd: cache,
    encoding: 'utf8',
    timeout: 15 * 60_000,
    env: { ...process.env, GOFLAGS: '' },
  })
  // Renamed when it is whole: a build that was stopped leaves no program that cannot run.
  if (made.status === 0) renameSync(`${built}.part`, built)
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
