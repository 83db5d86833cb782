import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { lstat, mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import { ColophonError } from '../errors/base.ts'
import type { DepositReceipt } from '../receipt/index.ts'

/** Where the receipt of a work is. */
export function receiptFileOf(receipts: string, path: string): string {
  return `${join(receipts, ...path.split('/'))}.receipt.json`
}

/** Bytes that a name may have on every file system in use. */
const NAME_LIMIT = 255

/**
 * Makes sure that the receipts of these works can be written, before anything is paid for. Unless `dry`, it makes their folders and tries
 * each.
 * @throws OUTPUT_UNWRITABLE
 */
export async function checkReceipts(
  receipts: string,
  paths: AsyncIterable<string>,
  { dry = false }: { dry?: boolean } = {},
): Promise<void> {
  const files: string[] = []
  const folders = new Set([receipts])
  for await (const path of paths) {
    const file = receiptFileOf(receipts, path)
    for (const name of relative(receipts, file).split(sep))
      if (Buffer.byteLength(name) > NAME_LIMIT)
        throw unusable(file, `${name} has more than ${NAME_LIMIT} bytes`, 'Give the file in the folder a shorter name, or take it out.')
    folders.add(dirname(file))
    files.push(file)
  }
  for (const folder of dry ? [] : folders) {
    try {
      await mkdir(folder, { recursive: true })
      const draft = draftIn(folder)
      try {
        await (await open(draft, 'wx')).close()
      } finally {
        await rm(draft, { force: true })
      }
    } catch (cause) {
      throw unusable(folder, (cause as Error).message, 'Check permissions and free space, or choose another folder for the results.', cause)
    }
  }
  // Only now that all folders are there: one may be where a receipt is to go.
  for (const file of files) {
    const found = await lstat(file).catch((cause: NodeJS.ErrnoException) => {
      if (cause.code === 'ENOENT') return undefined
      throw unusable(file, cause.message, 'Choose another folder for the results.', cause)
    })
    if (found !== undefined && !found.isFile())
      throw unusable(file, 'something else has that name', 'Rename the file in the folder, or choose another folder for the results.')
  }
}

function unusable(file: string, why: string, hint: string, cause?: unknown): ColophonError {
  return new ColophonError('OUTPUT_UNWRITABLE', `The receipt ${file} could not be written: ${why}. Nothing was paid.`, {
    hint,
    details: { file },
    cause,
  })
}

/** A name of its own length, however long the names of the works are. */
function draftIn(folder: string): string {
  return join(folder, `.${randomBytes(8).toString('hex')}.tmp`)
}

/** Writes a receipt whole, unless it is to be kept and there. */
export async function writeReceipt(file: string, receipt: DepositReceipt, keep: boolean): Promise<void> {
  if (keep && existsSync(file)) return
  const folder = dirname(file)
  const draft = draftIn(folder)
  try {
    await mkdir(folder, { recursive: true })
    const handle = await open(draft, 'wx')
    try {
      await handle.writeFile(`${JSON.stringify(receipt, null, 2)}\n`)
    } finally {
      await handle.close()
    }
    await rename(draft, file)
  } catch (cause) {
    // Failing to tidy up must not hide why it was needed.
    await rm(draft, { force: true }).catch(() => undefined)
    throw new ColophonError('OUTPUT_UNWRITABLE', `The receipt ${file} cannot be written.`, {
      hint: 'The batch is anchored: make room and run it again to get the receipts; nothing is paid twice.',
      details: { file },
      cause,
    })
  }
}
