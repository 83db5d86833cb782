import { invalidInput } from '../input/input.ts'
import { openFolderLog } from './log/folder.node.ts'
import { createMemoryLog } from './log/log.ts'
import { keyFilesIn, openKept, scratchIn } from './log/scratch.node.ts'
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
  /**
   * Bytes of new records after which what is known is kept beside them, so that the next who opens the index need not read them; 32 MiB by default, and
   * never fewer than 20 for each work. Of what `insertMany` adds it is written at the end.
   */
  checkpointBytes?: number
  /**
   * Keys of a medium that are held in memory, some 30 bytes each; 32 million by default. Of more, those before are looked up in files in the folder (of a reader that keeps none, in nameless ones, or among the system's
   * temporary files where the folder cannot be written to), 12 bytes each: a million pictures have five hundred million.
   */
  keysInMemory?: number
}

const KEYS_IN_MEMORY = 1 << 25
const CHECKPOINT_BYTES = 1 << 25

/**
 * Opens the index in a folder. Everything that was acknowledged is in it, however the process before ended.
 *
 * @throws ColophonError `INDEX_LOCKED`, `INDEX_NOT_FOUND`, `INDEX_FOREIGN`, `INDEX_UNSUPPORTED`, `INDEX_DAMAGED`, `INDEX_NOT_WRITABLE`, `INVALID_INPUT`
 */
export async function openSimilarityIndex(
  folder: string,
  { mode = 'write', fileBytes, checkpointBytes = CHECKPOINT_BYTES, keysInMemory = KEYS_IN_MEMORY }: OpenIndexOptions = {},
): Promise<SimilarityIndex> {
  if (!Number.isInteger(keysInMemory) || keysInMemory < 1) throw invalidInput('keysInMemory', keysInMemory, 'a whole number from 1')
  if (!Number.isInteger(checkpointBytes) || checkpointBytes < 1)
    throw invalidInput('checkpointBytes', checkpointBytes, 'a whole number from 1')
  const scratch = scratchIn(folder)
  const files = mode === 'write' ? keyFilesIn(folder) : scratch === undefined ? undefined : { scratch, open: openKept(folder) }
  const index = await createIndex(
    (load, resume) => openFolderLog(folder, mode, load, resume, fileBytes),
    files === undefined ? undefined : { ...files, inMemory: keysInMemory },
    checkpointBytes,
  )
  void index.settled()
  return index
}
