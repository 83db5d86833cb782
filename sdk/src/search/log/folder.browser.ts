import { ColophonError } from '../../errors/base.ts'
import type { IndexLog } from './log.ts'

/** Browsers have no folders. */
export async function openFolderLog(folder: string): Promise<IndexLog> {
  throw new ColophonError('INDEX_NOT_WRITABLE', 'A browser cannot open a folder.', {
    hint: 'Use createSimilarityIndex(), and restore() a snapshot into it.',
    details: { folder },
  })
}
