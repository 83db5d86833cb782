import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A new temporary folder that is removed when this process ends, also when it is told to by a signal. */
export function temporaryFolder(name: string): string {
  if (process.listenerCount('SIGTERM') === 0) for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1))
  const folder = mkdtempSync(join(tmpdir(), `colophon-${name}-`))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }))
  return folder
}

/**
 * Gives this process and all it starts a temporary folder of their own, so that what a test leaves there when it fails or is killed goes with
 * this process.
 */
export function keepTemporaryFilesApart(name: string): string {
  const folder = temporaryFolder(name)
  Object.assign(process.env, { TMPDIR: folder, TEMP: folder, TMP: folder })
  return folder
}
