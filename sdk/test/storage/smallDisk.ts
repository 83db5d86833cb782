import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A real file system of so many bytes; undefined where this process may not mount one. */
export function mountSmallDisk(bytes: number, access: 'rw' | 'ro' = 'rw'): { path: string; unmount: () => void } | undefined {
  const path = mkdtempSync(join(tmpdir(), 'colophon-disk-'))
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes},${access}`, 'tmpfs', path], { stdio: 'ignore' }).status !== 0) {
    rmSync(path, { recursive: true })
    return undefined
  }
  return {
    path,
    unmount: () => {
      spawnSync('umount', [path], { stdio: 'ignore' })
      rmSync(path, { recursive: true, force: true })
    },
  }
}
