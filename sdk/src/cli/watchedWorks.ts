import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, readFile, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { listFiles } from '../batch/index.ts'
import { ColophonError } from '../errors/base.ts'
import type { Fingerprint } from '../fingerprint/index.ts'
import type { WatchedWork } from '../monitor/index.ts'
import { parseReceipt } from '../receipt/index.ts'
import { fingerprintFile } from './commands/fingerprint.ts'
import { writeText } from './output.ts'
import type { Session } from './session.ts'

/** Version of the fingerprints that are kept; with another they are computed anew. */
const VERSION = 1

/**
 * Works given by their files, or by folders of them. A receipt beside a file gives the id of its deposit; without one the id says what it is. Fingerprints are kept in the folder of the watch, so that
 * the next run need not compute them.
 *
 * @throws ColophonError `SOURCE_NOT_FOUND`, and what fingerprinting throws
 */
export async function* watchedWorks(session: Session, paths: readonly string[], folder: string): AsyncGenerator<WatchedWork> {
  for (const path of paths) {
    const facts = await stat(path).catch(() => undefined)
    if (facts?.isDirectory() !== true) {
      yield await workOf(session, path, folder)
      continue
    }
    for await (const { file } of listFiles(path, { except: folder })) {
      const work = await workOf(session, file, folder).catch((fault: unknown) => {
        session.signal.throwIfAborted()
        if (!(fault instanceof ColophonError) || fault.code === 'OUTPUT_UNWRITABLE') throw fault
        session.terminal.note(`${file} is not watched for: ${fault.shortMessage}`)
        return undefined
      })
      if (work !== undefined) yield work
    }
  }
}

export async function workOf(session: Session, file: string, folder: string): Promise<WatchedWork> {
  const fingerprint = await keptFingerprint(session, file, folder)
  const receipt = await readFile(`${file}.receipt.json`, 'utf8')
    .then(parseReceipt)
    .catch((fault: unknown) => {
      if ((fault as NodeJS.ErrnoException).code === 'ENOENT') return undefined
      throw fault
    })
  // A receipt of an earlier version of the file is not this work's.
  const own = receipt !== undefined && receipt.work.contentHash === fingerprint.sha256
  return { id: own ? receipt.id : `sha256:${fingerprint.sha256.slice(2)}`, fingerprint, title: basename(file), file }
}

async function keptFingerprint(session: Session, file: string, folder: string): Promise<Fingerprint> {
  const sha256 = await hashOf(file)
  const kept = join(folder, 'works', `${sha256}-${VERSION}.json`)
  const text = await readFile(kept, 'utf8').catch(() => undefined)
  if (text !== undefined) {
    try {
      return JSON.parse(text) as Fingerprint
    } catch {
      // Written anew below.
    }
  }
  const found = await fingerprintFile(session, file)
  await mkdir(join(folder, 'works'), { recursive: true })
  await writeText(kept, JSON.stringify(found))
  return found
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256')
  try {
    for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer)
  } catch (cause) {
    throw new ColophonError('SOURCE_NOT_FOUND', `${file} cannot be read: ${(cause as Error).message}.`, {
      hint: 'Check the path and its permissions.',
      details: { path: file },
      cause,
    })
  }
  return hash.digest('hex')
}
