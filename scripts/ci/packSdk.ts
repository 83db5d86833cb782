import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { temporaryFolder } from '../temporary.ts'

export const root: string = join(import.meta.dirname, '..', '..')

/** Packs the SDK as `npm publish` would and returns what npm says about the tarball, which is there as long as this process is. */
export function packSdk(): { tarball: string; bytes: number; unpackedBytes: number; files: number } {
  const folder = temporaryFolder('pack')
  const packed = spawnSync('npm', ['pack', '--workspace', 'sdk', '--json', '--pack-destination', folder], { cwd: root, encoding: 'utf8' })
  if (packed.status !== 0) throw new Error(`npm pack failed:\n${packed.stderr}`)
  // npm 10 and 11 print an array, npm 12 an object keyed by package name.
  const report: unknown = JSON.parse(packed.stdout)
  const [entry] = Object.values(report as Record<string, { filename: string; size: number; unpackedSize: number; entryCount: number }>)
  if (entry === undefined) throw new Error('npm pack packed nothing')
  return { tarball: join(folder, entry.filename), bytes: entry.size, unpackedBytes: entry.unpackedSize, files: entry.entryCount }
}
