import { sha256 } from '@noble/hashes/sha2.js'
import { CID } from 'multiformats/cid'
import { create as createMultihash } from 'multiformats/hashes/digest'
import type { MultihashDigest } from 'multiformats/hashes/interface'
import { ColophonError } from '../errors/base.ts'

/** Where blocks are kept, by content. Implementations write a block whole or not at all, and may be used by several processes at once. */
export interface Blocks {
  /** The bytes stored under this digest, unchecked; undefined when there are none. */
  read(digest: Uint8Array): Promise<Uint8Array | undefined>
  /** @throws ColophonError `STORAGE_FULL`, `STORAGE_NOT_WRITABLE` */
  write(digest: Uint8Array, bytes: Uint8Array): Promise<void>
  has(digest: Uint8Array): Promise<boolean>
  remove(digest: Uint8Array): Promise<void>
  /** Digests of all blocks, in no order. */
  list(): AsyncIterable<Uint8Array>
  /** Roots that {@link collect} keeps, as CID strings. */
  pins(): Promise<string[]>
  pin(cid: string): Promise<void>
  unpin(cid: string): Promise<void>
  close(): Promise<void>
}

/** Multihash code of sha2-256, the only one that this store writes and reads. */
export const SHA2_256 = 0x12

/** Parses a CID and makes sure that its block can be checked. @throws ColophonError `CID_INVALID`, `CID_UNSUPPORTED` */
export function parseCid(cid: string | CID): CID {
  let parsed: CID
  try {
    parsed = typeof cid === 'string' ? CID.parse(cid) : cid
  } catch (cause) {
    throw new ColophonError('CID_INVALID', `${String(cid).slice(0, 100)} is not a CID.`, {
      hint: 'Copy it whole; it begins with "baf" or "Qm".',
      cause,
    })
  }
  if (parsed.multihash.code !== SHA2_256) {
    throw new ColophonError('CID_UNSUPPORTED', `${parsed} is hashed with an algorithm that this store does not use.`, {
      hint: 'Only sha2-256 CIDs are supported, the default everywhere in IPFS.',
      details: { cid: parsed.toString(), multihash: parsed.multihash.code },
    })
  }
  return parsed
}

/** The block of a CID, hashed again: whatever lies on the disk or comes over a wire, wrong bytes are never handed on. */
export async function readChecked(blocks: Blocks, cid: CID): Promise<Uint8Array> {
  const bytes = await blocks.read(cid.multihash.digest)
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

/** The sha2-256 multihash with this digest. */
export function multihashOf(digest: Uint8Array): MultihashDigest<typeof SHA2_256> {
  return createMultihash(SHA2_256, digest as Uint8Array<ArrayBuffer>)
}

export function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index])
}
