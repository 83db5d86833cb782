import { createWriteStream } from 'node:fs'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { ColophonError } from '../../errors/base.ts'
import type { DecodeVideoOptions } from './decode.ts'

/** A film as a file: decoders go back and forth in it. */
export interface FilmFile {
  path: string
  /** Throws if the file is no longer what was read at first, and removes what was made. */
  close(options: { check: boolean }): Promise<void>
}

/** Reads the chunks to their end and says where the film lies: where it was, or in a temporary file that only this user can read. */
export async function filmFile(
  chunks: AsyncIterable<Uint8Array>,
  { path, name, signal }: Pick<DecodeVideoOptions, 'path' | 'name' | 'signal'>,
): Promise<FilmFile> {
  if (path !== undefined) {
    const place = resolve(path)
    const before = await stat(place)
    for await (const _ of chunks) signal?.throwIfAborted()
    return {
      path: place,
      async close({ check }) {
        if (!check) return
        const after = await stat(place).catch(() => undefined)
        if (after !== undefined && after.size === before.size && after.mtimeMs === before.mtimeMs && after.ino === before.ino) return
        throw new ColophonError('SOURCE_NOT_READABLE', `${name ?? path} was changed while it was read.`, {
          hint: 'Wait until it is written, and try again.',
          details: { path },
        })
      },
    }
  }
  const folder = await mkdtemp(join(tmpdir(), 'colophon-film-'))
  const close = (): Promise<void> => rm(folder, { recursive: true, force: true })
  try {
    const place = join(folder, 'film')
    await pipeline(chunks, createWriteStream(place, { mode: 0o600 }), signal === undefined ? {} : { signal })
    return { path: place, close }
  } catch (cause) {
    await close()
    // Of a call that was aborted the reason is wanted.
    signal?.throwIfAborted()
    throw cause
  }
}
