import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { ColophonError } from '../errors/base.ts'
import type { ByteSource } from './source.ts'

/** A file on disk as a source. Browsers get `path.browser.ts` in its place, by the `browser` field of the package. */
export async function openPath(path: string): Promise<ByteSource> {
  const facts = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    throw cause.code === 'ENOENT' || cause.code === 'ENOTDIR'
      ? new ColophonError('SOURCE_NOT_FOUND', `There is no file ${path}.`, { hint: 'Check the path.', details: { path }, cause })
      : notReadable(path, cause)
  })
  if (!facts.isFile()) {
    throw new ColophonError('SOURCE_NOT_READABLE', `${path} is not a file.`, {
      hint: facts.isDirectory() ? 'Name a file in it, or use a batch for the whole folder.' : 'Name a regular file.',
      details: { path },
    })
  }
  return { name: basename(path), size: facts.size, path, open: () => read(path) }
}

async function* read(path: string): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(path, { highWaterMark: 1 << 20 })
  } catch (cause) {
    throw notReadable(path, cause as NodeJS.ErrnoException)
  }
}

function notReadable(path: string, cause: NodeJS.ErrnoException): ColophonError {
  return new ColophonError('SOURCE_NOT_READABLE', `${path} cannot be read: ${cause.message}.`, {
    hint: cause.code === 'EACCES' || cause.code === 'EPERM' ? 'Ask for permission to read it.' : 'Check the disk and the path.',
    details: { path, errno: cause.code },
    cause,
  })
}
