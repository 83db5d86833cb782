import type { Dirent } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join, relative, resolve, sep } from 'node:path'
import { ColophonError } from '../errors/base.ts'

/** A file under the folder of a batch. */
export interface BatchFile {
  /** Path below the folder, with `/` between the names on every system. */
  path: string
  /** Path to open it by. */
  file: string
}

/**
 * Every regular file below a folder, sorted by name within each folder. Hidden files and folders, symbolic links and what lies below
 * `except` are left out.
 * @throws FOLDER_NOT_FOUND
 */
export async function* listFiles(folder: string, except?: string): AsyncGenerator<BatchFile> {
  const root = resolve(folder)
  const facts = await stat(root).catch(() => undefined)
  if (facts?.isDirectory() !== true)
    throw new ColophonError('FOLDER_NOT_FOUND', `There is no folder ${folder}.`, { hint: 'Check the path.', details: { folder } })
  yield* below(root, root, except === undefined ? undefined : resolve(except))
}

async function* below(root: string, at: string, except: string | undefined): AsyncGenerator<BatchFile> {
  if (at === except) return
  let entries: Dirent[]
  try {
    entries = await readdir(at, { withFileTypes: true })
  } catch (cause) {
    throw new ColophonError('FOLDER_NOT_READABLE', `The folder ${at} cannot be read.`, {
      hint: 'Check its permissions.',
      details: { folder: at },
      cause,
    })
  }
  entries.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
  for (const entry of entries) {
    if (entry.name.startsWith('.')) continue
    const file = join(at, entry.name)
    if (entry.isDirectory()) yield* below(root, file, except)
    else if (entry.isFile()) yield { path: relative(root, file).split(sep).join('/'), file }
  }
}
