import { randomBytes } from 'node:crypto'
import { constants, copyFile, link, mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { ColophonError } from '../errors/base.ts'
import type { DepositReceipt } from '../receipt/index.ts'

/**
 * Makes sure that a file can be written, before anything is paid for.
 * @throws OUTPUT_EXISTS, OUTPUT_UNWRITABLE
 */
export async function checkOutput(file: string, force: boolean | undefined): Promise<void> {
  const found = await stat(file).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return undefined
    throw unwritable(file, cause)
  })
  if (found?.isDirectory() === true) throw unwritable(file, new Error('it is a folder'))
  if (force !== true && found !== undefined)
    throw new ColophonError('OUTPUT_EXISTS', `${file} is there already.`, {
      hint: 'Choose another name with --out, or write over it with --force.',
      details: { file },
    })
  try {
    await mkdir(dirname(resolve(file)), { recursive: true })
    await tryWriting(draftOf(file))
  } catch (cause) {
    throw unwritable(file, cause)
  }
}

/**
 * Writes JSON whole or not at all; a secret only its owner may read. With `overwrite: false` a file that is there stays as it is.
 * @throws OUTPUT_UNWRITABLE
 */
export async function writeJson(file: string, value: unknown, options: { secret?: boolean; overwrite?: boolean } = {}): Promise<void> {
  await writeText(file, `${JSON.stringify(value, null, 2)}\n`, options)
}

/** The same for any text. */
export async function writeText(file: string, text: string, options: { secret?: boolean; overwrite?: boolean } = {}): Promise<void> {
  const draft = draftOf(file)
  try {
    const handle = await open(draft, 'wx', options.secret === true ? 0o600 : 0o666)
    try {
      await handle.writeFile(text)
      await handle.sync()
    } finally {
      await handle.close()
    }
    if (options.overwrite === false) {
      // Unlike a rename, a link never takes the place of a file that came meanwhile.
      await link(draft, file).catch(async (fault: NodeJS.ErrnoException) => {
        if (fault.code === 'EEXIST') throw fault
        // Not every file system has links.
        await copyFile(draft, file, constants.COPYFILE_EXCL)
      })
      await rm(draft)
    } else await rename(draft, file)
  } catch (cause) {
    // Failing to tidy up must not hide why it was needed.
    await rm(draft, { force: true }).catch(() => undefined)
    throw unwritable(file, cause)
  }
}

/**
 * Writes bytes whole or not at all.
 * @throws OUTPUT_UNWRITABLE
 */
export async function writeBytes(file: string, bytes: Uint8Array): Promise<void> {
  const draft = draftOf(file)
  try {
    await writeFile(draft, bytes, { flag: 'wx', flush: true })
    await rename(draft, file)
  } catch (cause) {
    await rm(draft, { force: true }).catch(() => undefined)
    throw unwritable(file, cause)
  }
}

/** Bytes that are tried; the longest proofs give receipts of some 4,000. */
const TRIAL_SIZE = 16_384

/** Permissions and free space do not tell everything: only writing does. */
async function tryWriting(file: string): Promise<void> {
  try {
    await writeFile(file, new Uint8Array(TRIAL_SIZE), { flag: 'wx' })
  } catch (cause) {
    await rm(file, { force: true }).catch(() => undefined)
    throw cause
  }
  await rm(file, { force: true })
}

/** Beside the file, with a name of its own length: that of the file may leave no room for more. */
function draftOf(file: string): string {
  return join(dirname(resolve(file)), `.${randomBytes(8).toString('hex')}.tmp`)
}

/**
 * Writes the receipt of what was paid for; where that fails, the error has it, and says how to get it again.
 * @throws OUTPUT_UNWRITABLE
 */
export async function writeReceipt(file: string, receipt: DepositReceipt): Promise<void> {
  try {
    await writeJson(file, receipt)
  } catch (cause) {
    throw new ColophonError('OUTPUT_UNWRITABLE', `The deposit is on the chain, but its receipt ${file} cannot be written.`, {
      hint: `Do not deposit again. Make room, then: colophon receipt ${receipt.id}`,
      details: { file, receipt },
      cause,
    })
  }
}

function unwritable(file: string, cause: unknown): ColophonError {
  return new ColophonError('OUTPUT_UNWRITABLE', `${file} cannot be written: ${(cause as Error).message}.`, {
    hint: 'Check permissions and free space, or choose another place.',
    details: { file },
    cause,
  })
}

/**
 * Text of a small file.
 * @throws SOURCE_NOT_FOUND, SOURCE_NOT_READABLE
 */
export async function readText(file: string): Promise<string> {
  return (await readBytes(file)).toString('utf8')
}

/**
 * Bytes of a small file.
 * @throws SOURCE_NOT_FOUND, SOURCE_NOT_READABLE
 */
export async function readBytes(file: string): Promise<Buffer> {
  return await readFile(file).catch((cause: NodeJS.ErrnoException) => {
    throw cause.code === 'ENOENT'
      ? new ColophonError('SOURCE_NOT_FOUND', `There is no file ${file}.`, { hint: 'Check the path.', details: { path: file }, cause })
      : new ColophonError('SOURCE_NOT_READABLE', `${file} cannot be read: ${cause.message}.`, {
          hint: 'Check the path and its permissions.',
          details: { path: file },
          cause,
        })
  })
}
