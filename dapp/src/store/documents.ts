import type { Storage } from '@colophon/sdk/storage'
import type { Settings } from '../settings/settings.ts'
import { isBlock, readBlock } from './blocks.ts'
import { keep, kept } from './database.ts'

/**
 * Reads content by CID: from this browser if it has it, else from the gateways. Every block is hashed again by the SDK, whoever gave it.
 */
export interface Reader {
  get(cid: string, options?: { signal?: AbortSignal; limit?: number }): Promise<Uint8Array>
}

let storageCode: Promise<typeof import('@colophon/sdk/storage')> | undefined
const opened = new Map<string, Promise<Storage>>()

/** The SDK's storage is loaded when the first document is asked for. */
export function readerOf(settings: Settings): Reader {
  return {
    async get(cid, options = {}) {
      options.signal?.throwIfAborted()
      if (isBlock(cid)) return await readBlock(settings.gateways, cid, options.signal)
      const own = await kept<Uint8Array>('blocks', cid).catch(() => undefined)
      if (own !== undefined && (await hashesTo(own, cid))) return own
      const bytes = await (await gatewaysOf(settings)).get(cid, { limit: 4 << 20, ...options })
      await keep('blocks', cid, bytes).catch(() => undefined)
      return bytes
    },
  }
}

/** What a browser extension or another app of this origin may have changed is not believed either. */
async function hashesTo(bytes: Uint8Array, cid: string): Promise<boolean> {
  storageCode ??= import('@colophon/sdk/storage')
  const { createMemoryStore } = await storageCode
  return (await createMemoryStore().put(bytes)).cid === cid
}

async function gatewaysOf(settings: Settings): Promise<Storage> {
  const key = settings.gateways.join(' ')
  const known = opened.get(key)
  if (known !== undefined) return await known
  storageCode ??= import('@colophon/sdk/storage')
  const storage = storageCode.then(({ openGateways }) => openGateways(settings.gateways, { timeout: 10_000, retries: 1 }))
  opened.set(key, storage)
  return await storage
}

/**
 * Puts content into this browser and, unless it is to stay here, into the storage that others read, where one is configured.
 * @param content puts the same into any store, and says its CIDs
 */
export async function publish(
  settings: Settings,
  content: { put(storage: Storage): Promise<string[]> },
  { here = false }: { here?: boolean } = {},
): Promise<void> {
  storageCode ??= import('@colophon/sdk/storage')
  const { createMemoryStore, openKuboStore } = await storageCode
  const memory = createMemoryStore()
  for (const cid of await content.put(memory)) await keep('blocks', cid, await memory.get(cid))
  if (!here && settings.storage !== undefined) await content.put(openKuboStore({ url: settings.storage, timeout: 10_000, retries: 1 }))
}

/** Publishes what was kept here alone. */
export async function republish(settings: Settings, cids: readonly string[]): Promise<void> {
  if (settings.storage === undefined) return
  storageCode ??= import('@colophon/sdk/storage')
  const { openKuboStore } = await storageCode
  const storage = openKuboStore({ url: settings.storage, timeout: 10_000, retries: 1 })
  for (const cid of cids) {
    const bytes = await kept<Uint8Array>('blocks', cid)
    if (bytes === undefined) continue
    if (isBlock(cid)) await storage.putBlock(bytes)
    else await storage.put(bytes)
  }
}
