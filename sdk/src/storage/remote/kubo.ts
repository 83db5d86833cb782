import { CID } from 'multiformats/cid'
import { ColophonError } from '../../errors/base.ts'
import { publicUrl } from '../../errors/publicUrl.ts'
import type { Blocks } from '../blocks.ts'
import { digestToCid, parseCid } from '../cid.ts'
import { createStorage, type Storage } from '../storage.ts'
import { type Answer, jsonOf, type Persistence, type Request, refused, request, storageFull } from './http.ts'

export interface KuboOptions extends Persistence {
  /** Address of the RPC; `http://127.0.0.1:5001` by default. */
  url?: string
  /** Value of the Authorization header, where the RPC wants one. */
  authorization?: string
}

/** Most bytes of a block that IPFS nodes exchange, with room for the largest that anybody makes. */
export const LARGEST_BLOCK: number = 4 << 20

/**
 * A Kubo node's block store, by its RPC: the same CIDs, and every block that is read is hashed again here. Files are pinned recursively in the node;
 * `collect` is the node's own garbage collection, which knows what else it has to keep, and which forgets blocks that are being put by others.
 *
 * @throws ColophonError as `Storage` does, and `STORAGE_UNREACHABLE`, `STORAGE_REFUSED`
 */
export function openKuboStore(options: KuboOptions = {}): Storage {
  const { url = 'http://127.0.0.1:5001', authorization, ...persistence } = options
  const base = `${url.replace(/\/+$/, '')}/api/v0/`
  const headers = authorization === undefined ? {} : { authorization }

  async function call(command: string, args: Readonly<Record<string, string>>, more: Request = {}): Promise<Answer> {
    const answer = await request(`${base}${command}?${new URLSearchParams(args)}`, { method: 'POST', headers, ...persistence, ...more })
    if (answer.status === 401 || answer.status === 403) throw refused(url, `status ${answer.status}`)
    return answer
  }

  /** The reason that Kubo gives for a refusal; undefined when the answer is one. */
  function fault(answer: Answer): string | undefined {
    if (answer.status === 200) return undefined
    try {
      const { Message } = JSON.parse(new TextDecoder().decode(answer.bytes)) as { Message?: string }
      if (typeof Message === 'string') return Message.slice(0, 300)
    } catch {
      // Not Kubo's way to refuse.
    }
    return `status ${answer.status}`
  }

  function must(answer: Answer): Answer {
    const why = fault(answer)
    if (why === undefined) return answer
    if (/no space left|storage.{0,20}(full|exceeded)|max storage/i.test(why)) throw storageFull(url)
    throw refused(url, why)
  }

  async function hasBlock(digest: Uint8Array): Promise<boolean> {
    const answer = await call('block/stat', { arg: digestToCid(digest), offline: 'true' })
    const why = fault(answer)
    if (why === undefined) return true
    if (/not found|could not find/i.test(why)) return false
    throw refused(url, why)
  }

  const blocks: Blocks = {
    async read(digest) {
      const answer = await call('block/get', { arg: digestToCid(digest), offline: 'true' }, { limit: LARGEST_BLOCK })
      const why = fault(answer)
      if (why === undefined) return answer.bytes
      if (/not found|could not find/i.test(why)) return undefined
      throw refused(url, why)
    },
    async write(digest, bytes) {
      const form = (): FormData => {
        const made = new FormData()
        made.append('data', new Blob([bytes as Uint8Array<ArrayBuffer>]), 'block')
        return made
      }
      const answer = must(await call('block/put', { 'cid-codec': 'raw', mhtype: 'sha2-256', 'allow-big-block': 'false' }, { body: form }))
      const { Key } = jsonOf(url, answer) as { Key?: unknown }
      if (Key !== digestToCid(digest)) throw refused(url, `it stored a block under ${String(Key).slice(0, 100)}, not under its own name`)
    },
    has: hasBlock,
    knows: hasBlock,
    async remove(digest) {
      must(await call('block/rm', { arg: digestToCid(digest), force: 'true' }))
    },
    async *list() {
      const answer = must(await call('refs/local', {}, { limit: 256 << 20 }))
      for (const { Ref } of lines(answer)) if (typeof Ref === 'string') yield CID.parse(Ref).multihash.digest
    },
    async pins() {
      const { Keys } = jsonOf(url, must(await call('pin/ls', { type: 'recursive' }, { limit: 256 << 20 }))) as {
        Keys?: Record<string, unknown>
      }
      return Object.keys(Keys ?? {})
    },
    async pin(cid) {
      const answer = await call('pin/add', { arg: cid, offline: 'true' })
      if (/not found|could not find/i.test(fault(answer) ?? ''))
        throw new ColophonError('BLOCK_NOT_FOUND', `The node does not have all of ${cid}.`, {
          hint: 'Import a CAR file that holds it.',
          details: { cid, url: publicUrl(url) },
        })
      must(answer)
    },
    async unpin(cid) {
      const why = fault(await call('pin/rm', { arg: cid }))
      if (why !== undefined && !/not pinned/i.test(why)) throw refused(url, why)
    },
    // The node minds its own turns.
    notices: { post: async () => async () => {}, posted: async () => [] },
    close: async () => {},
  }
  const lines = ({ bytes }: Answer): Record<string, unknown>[] =>
    new TextDecoder()
      .decode(bytes)
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>)

  return {
    ...createStorage(blocks),
    pin: async (cid) => blocks.pin(parseCid(cid).toString()),
    async collect({ signal } = {}) {
      const answer = must(
        await call('repo/gc', { 'stream-errors': 'false', quiet: 'true' }, { signal, limit: 256 << 20, timeout: 600_000 }),
      )
      return lines(answer).filter(({ Key }) => Key !== undefined).length
    },
  }
}
