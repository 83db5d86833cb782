import { openFolderLog } from './log/folder.node.ts'
import { createMemoryLog } from './log/log.ts'
import { createIndex, type SimilarityIndex } from './similarityIndex.ts'

/** An index in memory, in browsers too. */
export async function createSimilarityIndex(): Promise<SimilarityIndex> {
  return await createIndex(async () => createMemoryLog())
}

export interface OpenIndexOptions {
  /**
   * `'write'`, the default: makes the folder if there is none; one process at a time. `'read'`: any number of processes, beside the writer;
   * they see what was there when they opened it, and after `refresh` what came since.
   */
  mode?: 'write' | 'read'
  /** Bytes after which the writer begins a new file; 256 MiB by default. */
  fileBytes?: number
}

/**
 * Opens the index in a folder. Everything that was acknowledged is in it, however the process before ended.
 *
 * @throws ColophonError `INDEX_LOCKED`, `INDEX_NOT_FOUND`, `INDEX_FOREIGN`, `INDEX_UNSUPPORTED`, `INDEX_DAMAGED`, `INDEX_NOT_WRITABLE`
 */
export async function openSimilarityIndex(folder: string, { mode = 'write', fileBytes }: OpenIndexOptions = {}): Promise<SimilarityIndex> {
  const index = await createIndex((load) => openFolderLog(folder, mode, load, fileBytes))
  void index.settled()
  return index
}
