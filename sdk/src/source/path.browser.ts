import { ColophonError } from '../errors/base.ts'
import type { ByteSource } from './source.ts'

/** Browsers have no paths. */
export async function openPath(path: string): Promise<ByteSource> {
  throw new ColophonError('SOURCE_NOT_READABLE', 'A browser cannot open a path.', {
    hint: 'Give the File that the user chose, or its bytes.',
    details: { path },
  })
}
