import { randomBytes } from 'node:crypto'
import { constants, existsSync } from 'node:fs'
import { access, mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { ColophonError } from '../errors/base.ts'

/**
 * Makes sure that a file can be written, before anything is paid for.
 * @throws OUTPUT_EXISTS, OUTPUT_UNWRITABLE
 */
export async function checkOutput(file: string, force: boolean | undefined): Promise<void> {
  if (force !== true && existsSync(file))
    throw new ColophonError('OUTPUT_EXISTS', `${file} is there already.`, {
      hint: 'Choose another name with --out, or write over it with --force.',
      details: { file },
    })
  try {
    await mkdir(dirname(resolve(file)), { recursive: true })
    await access(dirname(resolve(file)), constants.W_OK)
  } catch (cause) {
    throw unwritable(file, cause)
  }
}

/**
 * Writes JSON whole or not at all; a secret only its owner may read.
 * @throws OUTPUT_UNWRITABLE
 */
export async function writeJson(file: string, value: unknown, options: { secret?: boolean } = {}): Promise<void> {
  const draft = `${file}.${randomBytes(6).toString('hex')}.tmp`
  try {
    const handle = await open(draft, 'wx', options.secret === true ? 0o600 : 0o666)
    try {
      await handle.writeFile(`${JSON.stringify(value, null, 2)}\n`)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(draft, file)
  } catch (cause) {
    await rm(draft, { force: true })
    throw unwritable(file, cause)
  }
}

function unwritable(file: string, cause: unknown): ColophonError {
  return new ColophonError('OUTPUT_UNWRITABLE', `${file} cannot be written: ${(cause as Error).message}.`, {
    hint: 'Check permissions and free space, or choose another place with --out.',
    details: { file },
    cause,
  })
}

/**
 * Text of a small file.
 * @throws SOURCE_NOT_FOUND, SOURCE_NOT_READABLE
 */
export async function readText(file: string): Promise<string> {
  return await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw cause.code === 'ENOENT'
      ? new ColophonError('SOURCE_NOT_FOUND', `There is no file ${file}.`, { hint: 'Check the path.', details: { path: file }, cause })
      : new ColophonError('SOURCE_NOT_READABLE', `${file} cannot be read: ${cause.message}.`, {
          hint: 'Check the path and its permissions.',
          details: { path: file },
          cause,
        })
  })
}
