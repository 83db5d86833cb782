import { ColophonError } from '../errors/base.ts'
import type { Storage } from './storage.ts'

/** Browsers have no folders. */
export async function openBlockStore(folder: string): Promise<Storage> {
  throw new ColophonError('STORAGE_NOT_WRITABLE', 'A browser cannot open a folder.', {
    hint: 'Use createMemoryStore().',
    details: { folder },
  })
}
