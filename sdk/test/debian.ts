import { spawnSync } from 'node:child_process'

/**
 * Whether something is on the machine, or in one of Debian's packages that could be installed now. Only root installs, and only where there is
 * apt; `there` is asked before and after.
 */
export function fromDebian(name: string, there: () => boolean): boolean {
  if (there()) return true
  if (process.getuid?.() !== 0 || spawnSync('apt-get', ['--version']).status !== 0) return false
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const run = (...args: string[]): void => void spawnSync('apt-get', args, { stdio: 'ignore', timeout: 240_000, env })
  // Another suite may be installing at the same time.
  const install = (): void => run('install', '--yes', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=200', name)
  // An installation that was broken off leaves packages half set up, and apt then refuses every other.
  spawnSync('dpkg', ['--configure', '-a'], { stdio: 'ignore', timeout: 240_000, env })
  install()
  if (there()) return true
  // The lists of packages may be older than the packages.
  run('update')
  install()
  return there()
}

/** The same for a program on the path. */
export function programFromDebian(program: string, name: string): boolean {
  return fromDebian(name, () => spawnSync(program, ['-version']).error === undefined)
}
