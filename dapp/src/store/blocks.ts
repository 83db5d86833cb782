// Blocks, as documents are: read without the SDK's storage, in workers too.
import { ColophonError, cidOfDigest } from '@colophon/sdk'
import { keep, kept } from './database.ts'

/** A block from this browser if it has it, else from the gateways; whoever gave it, its hash is computed again. */
export async function readBlock(gateways: readonly string[], cid: string, signal?: AbortSignal): Promise<Uint8Array> {
  const own = await kept<Uint8Array>('blocks', cid).catch(() => undefined)
  // What a browser extension or another app of this origin may have changed is not believed either.
  if (own !== undefined && (await cidOfBlock(own)) === cid) return own
  const bytes = await blockFrom(gateways, cid, signal)
  await keep('blocks', cid, bytes).catch(() => undefined)
  return bytes
}

/** Whether a CID is that of one block, hashed with SHA-256: documents are. */
export function isBlock(cid: string): boolean {
  return /^bafkrei[a-z2-7]{52}$/.test(cid)
}

const MOST_BLOCK_BYTES = 1 << 20

/** One block from the first gateway that has it and does not lie: a few lines, where files need all of the SDK's storage. */
async function blockFrom(gateways: readonly string[], cid: string, signal: AbortSignal | undefined): Promise<Uint8Array> {
  let fault: unknown
  for (const gateway of gateways) {
    try {
      const answer = await fetch(`${gateway}/ipfs/${cid}?format=raw`, {
        headers: { accept: 'application/vnd.ipld.raw' },
        signal: AbortSignal.any([...(signal === undefined ? [] : [signal]), AbortSignal.timeout(10_000)]),
      })
      if (!answer.ok) continue
      const bytes = await bodyOf(answer)
      if (bytes !== undefined && (await cidOfBlock(bytes)) === cid) return bytes
    } catch (cause) {
      signal?.throwIfAborted()
      fault = cause
    }
  }
  throw new ColophonError('BLOCK_NOT_FOUND', `No gateway gives ${cid}.`, {
    hint: 'Ask again later, or ask the depositor for the document.',
    details: { cid },
    cause: fault,
  })
}

/** The body, if it is no longer than a block may be: what goes on beyond that is left to the gateway. */
async function bodyOf(answer: Response): Promise<Uint8Array | undefined> {
  const reader = answer.body?.getReader()
  const parts: Uint8Array<ArrayBuffer>[] = []
  let size = 0
  for (;;) {
    const part = (await reader?.read())?.value
    if (part === undefined) break
    parts.push(part)
    size += part.length
    if (size <= MOST_BLOCK_BYTES) continue
    await reader!.cancel()
    return undefined
  }
  return parts.length === 1 ? parts[0] : new Uint8Array(await new Blob(parts).arrayBuffer())
}

async function cidOfBlock(bytes: Uint8Array): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>))
  return cidOfDigest(`0x${[...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`)
}
