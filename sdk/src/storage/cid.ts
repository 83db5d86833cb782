import { CID } from 'multiformats/cid'
import { create as createMultihash } from 'multiformats/hashes/digest'
import type { MultihashDigest } from 'multiformats/hashes/interface'
import { ColophonError } from '../errors/base.ts'

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

/** The sha2-256 multihash with this digest. */
export function multihashOf(digest: Uint8Array): MultihashDigest<typeof SHA2_256> {
  return createMultihash(SHA2_256, digest as Uint8Array<ArrayBuffer>)
}

/** Most bytes of a single block, IPFS's own chunk size. */
export const MAX_BLOCK_BYTES: number = 1 << 20

const RAW = 0x55

/** CIDv1 (raw) of the block with this SHA-256: what a deposit's `metadata` stands for. */
export function digestToCid(digest: Uint8Array): string {
  return CID.createV1(RAW, multihashOf(digest)).toString()
}

/** SHA-256 in a CID. @throws ColophonError `CID_INVALID`, `CID_UNSUPPORTED` */
export function cidToDigest(cid: string): Uint8Array {
  return parseCid(cid).multihash.digest
}
