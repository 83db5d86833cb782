import type { Dirent } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join, relative, resolve, sep } from 'node:path'
import { ColophonError } from '../errors/base.ts'
import { announcedType } from '../source/announced.node.ts'

/** A file under the folder of a batch. */
export interface BatchFile {
  /** Path below the folder, with `/` between the names on every system. */
  path: string
  /** Path to open it by. */
  file: string
}

export interface ListOptions {
  /** Folder to leave out with everything below it. */
  except?: string
  /** Told the path of each file and folder that is Colophon's own and left out. */
  onOwn?(path: string): void
}

/**
 * Every regular file below a folder, sorted by name within each folder. Hidden files and folders, symbolic links and what lies below
 * `except` are left out, and so are Colophon's own files, which are no works: receipts, openings, requests, the results of batches, block
 * stores.
 * @throws FOLDER_NOT_FOUND, FOLDER_NOT_READABLE
 */
export async function* listFiles(folder: string, { except, onOwn }: ListOptions = {}): AsyncGenerator<BatchFile> {
  const root = resolve(folder)
  const facts = await stat(root).catch(() => undefined)
  if (facts?.isDirectory() !== true)
    throw new ColophonError('FOLDER_NOT_FOUND', `There is no folder ${folder}.`, { hint: 'Check the path.', details: { folder } })
  yield* below(root, root, except === undefined ? undefined : resolve(except), onOwn)
}

async function* below(
  root: string,
  at: string,
  except: string | undefined,
  onOwn: ((path: string) => void) | undefined,
): AsyncGenerator<BatchFile> {
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
  const pathOf = (file: string): string => relative(root, file).split(sep).join('/')
  if (await isOwnFolder(at, entries)) {
    onOwn?.(`${pathOf(at)}/`)
    return
  }
  entries.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
  for (const entry of entries) {
    if (entry.name.startsWith('.')) continue
    const file = join(at, entry.name)
    if (entry.isDirectory()) yield* below(root, file, except, onOwn)
    else if (entry.isFile()) {
      if (await isOwnFile(file)) onOwn?.(pathOf(file))
      else yield { path: pathOf(file), file }
    }
  }
}

async function isOwnFile(file: string): Promise<boolean> {
  return file.endsWith('.json') && (await announcedType(file))?.startsWith('colophon-') === true
}

/** The results of a batch, or a block store. */
async function isOwnFolder(at: string, entries: readonly Dirent[]): Promise<boolean> {
  const has = (name: string): boolean => entries.some((entry) => entry.name === name && entry.isFile())
  if (has('journal.jsonl') && (await announcedType(join(at, 'journal.jsonl'))) === 'batch') return true
  return has('format') && (await readFile(join(at, 'format'), 'utf8').catch(() => '')).startsWith('colophon block store')
}
