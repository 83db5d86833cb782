import { ColophonError } from '../errors/base.ts'

/** Batches of this form are files, which a page has no place for. */
export async function createBatchOn(): Promise<never> {
  throw new ColophonError('BATCH_UNSUPPORTED', 'A batch of this form is made by Node only.', {
    hint: 'In a browser build the tree with createMerkleTree and anchor its root, or use the command line: colophon batch FOLDER',
  })
}

/** As little as what it would estimate. */
export async function estimateBatchOn(): Promise<never> {
  return await createBatchOn()
}
