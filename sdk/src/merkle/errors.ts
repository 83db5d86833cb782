import { ColophonError, type ColophonErrorOptions } from '../errors/base.ts'

/**
 * What can go wrong here.
 *
 * - `MERKLE_EMPTY`: a tree of no leaves.
 * - `MERKLE_TOO_LARGE`: more leaves than 2^24, whose nodes fill 1 GiB.
 * - `MERKLE_INVALID_NODE`: a leaf, node or hash that is not 32 bytes, or an address that is not 20.
 * - `MERKLE_NO_SUCH_LEAF`: an index outside the tree.
 * - `MERKLE_FOREIGN`: bytes or a file that are no Merkle tree of ours, or of a newer version.
 * - `MERKLE_DAMAGED`: a tree that was cut off or changed since it was written.
 * - `MERKLE_UNREADABLE`: a file that cannot be opened or read.
 * - `MERKLE_UNWRITABLE`: a file that cannot be written; what was there before is untouched.
 */
export type MerkleErrorCode =
  | 'MERKLE_EMPTY'
  | 'MERKLE_TOO_LARGE'
  | 'MERKLE_INVALID_NODE'
  | 'MERKLE_NO_SUCH_LEAF'
  | 'MERKLE_FOREIGN'
  | 'MERKLE_DAMAGED'
  | 'MERKLE_UNREADABLE'
  | 'MERKLE_UNWRITABLE'

export function merkleError(code: MerkleErrorCode, message: string, options: ColophonErrorOptions = {}): ColophonError {
  return new ColophonError(code, message, options)
}

/** Checks that `index` names one of `size` leaves. */
export function checkIndex(index: number, size: number): void {
  if (Number.isInteger(index) && index >= 0 && index < size) return
  throw merkleError('MERKLE_NO_SUCH_LEAF', `The tree has leaves 0 to ${size - 1}, none with index ${String(index)}.`, {
    details: { index: String(index), size },
  })
}
