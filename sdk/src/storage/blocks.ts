import { sha256 } from '@noble/hashes/sha2.js'
import { CID } from 'multiformats/cid'
import { ColophonError } from '../errors/base.ts'
import { multihashOf } from './cid.ts'
import type { Notices } from './turns.ts'

/** Where blocks are kept, by content. Implementations write a block whole or not at all, and may be used by several processes at once. */
export interface Blocks {
  /** The bytes stored under this digest, unchecked; undefined when there are none. Those who ask by CID, not by digest, are given it too. */
  read(digest: Uint8Array, cid?: CID): Promise<Uint8Array | undefined>
  /** @throws ColophonError `STORAGE_FULL`, `STORAGE_NOT_WRITABLE` */
  write(digest: Uint8Array, bytes: Uint8Array): Promise<void>
  has(digest: Uint8Array): Promise<boolean>
  /** Only where blocks are far: whether this one is there already, by its word, so that it need not be sent again. What was sent is read and hashed in the end. */
  knows?(digest: Uint8Array): Promise<boolean>
  remove(digest: Uint8Array): Promise<void>
  /** Digests of all blocks, in no order. */
  list(): AsyncIterable<Uint8Array>
  /** Roots that {@link collect} keeps, as CID strings. */
  pins(): Promise<string[]>
  pin(cid: string): Promise<void>
  unpin(cid: string): Promise<void>
  /** Where all who use these blocks see who is putting and who is collecting. */
  notices: Notices
  close(): Promise<void>
}

/** The block of a CID, hashed again: whatever lies on the disk or comes over a wire, wrong bytes are never handed on. */
export async function readChecked(blocks: Blocks, cid: CID): Promise<Uint8Array> {
  const bytes = await blocks.read(cid.multihash.digest, cid)
  if (bytes === undefined) {
    throw new ColophonError('BLOCK_NOT_FOUND', `The store does not have ${cid}.`, {
      hint: 'Import a CAR file that holds it, or fetch it from a gateway.',
      details: { cid: cid.toString() },
    })
  }
  const digest = sha256(bytes)
  if (!equal(digest, cid.multihash.digest)) {
    throw new ColophonError('BLOCK_TAMPERED', `The bytes stored for ${cid} are not its bytes.`, {
      hint: 'The disk or somebody has changed them. Remove the block and import it again from a good copy.',
      details: { cid: cid.toString(), found: CID.createV1(cid.code, multihashOf(digest)).toString() },
    })
  }
  return bytes
}

export function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index])
}
