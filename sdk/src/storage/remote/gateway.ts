import { sha256 } from '@noble/hashes/sha2.js'
import { ColophonError } from '../../errors/base.ts'
import { publicUrl } from '../../errors/publicUrl.ts'
import { type Blocks, equal } from '../blocks.ts'
import { digestToCid } from '../cid.ts'
import { createStorage, type Storage } from '../storage.ts'
import { type Persistence, request } from './http.ts'
import { LARGEST_BLOCK } from './kubo.ts'

/**
 * Reads from IPFS gateways, trusting none: blocks are asked for one by one (trustless gateway, `format=raw`) and each is hashed again. A gateway that is down or lies is
 * passed over for the next.
 *
 * @param gateways addresses before `/ipfs/CID`, in the order in which they are asked
 * @throws reading: ColophonError `BLOCK_NOT_FOUND` when no gateway has the block; `STORAGE_UNREACHABLE` when none answers; `BLOCK_TAMPERED` when all that answer lie.
 * Writing: `STORAGE_NOT_WRITABLE`
 */
export function openGateways(gateways: readonly string[], persistence: Persistence = {}): Storage {
  const readOnly = async (): Promise<never> => {
    throw new ColophonError('STORAGE_NOT_WRITABLE', 'Gateways are for reading only.', {
      hint: 'Put files into a store, a Kubo node or a pinning service.',
      details: { gateways: gateways.map(publicUrl) },
    })
  }
  const fetched = async (digest: Uint8Array, cid: string): Promise<Uint8Array | undefined> => {
    const faults: ColophonError[] = []
    let lie: ColophonError | undefined
    let absent = false
    for (const gateway of gateways) {
      const url = `${gateway.replace(/\/+$/, '')}/ipfs/${cid}?format=raw`
      try {
        const { status, bytes } = await request(url, {
          headers: { accept: 'application/vnd.ipld.raw' },
          limit: LARGEST_BLOCK,
          retries: 1,
          ...persistence,
        })
        if (status !== 200) absent = true
        else if (equal(sha256(bytes), digest)) return bytes
        else
          lie = new ColophonError('BLOCK_TAMPERED', `${publicUrl(gateway)} gives other bytes for ${cid} than its own.`, {
            hint: 'Do not use this gateway; ask others.',
            details: { cid, gateway: publicUrl(gateway) },
          })
      } catch (fault) {
        if (!(fault instanceof ColophonError)) throw fault
        faults.push(fault)
      }
    }
    if (lie !== undefined) throw lie
    if (!absent && faults.length > 0) throw faults[0]!
    return undefined
  }
  const blocks: Blocks = {
    read: (digest, cid) => fetched(digest, cid?.toString() ?? digestToCid(digest)),
    has: async (digest) => (await fetched(digest, digestToCid(digest))) !== undefined,
    write: readOnly,
    remove: readOnly,
    async *list() {},
    pins: async () => [],
    pin: readOnly,
    unpin: readOnly,
    notices: { post: async () => async () => {}, posted: async () => [] },
    close: async () => {},
  }
  return createStorage(blocks)
}
