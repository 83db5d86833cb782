import type { Blocks } from './blocks.ts'
import { createStorage, type Storage } from './storage.ts'
import type { Doing } from './turns.ts'

/** A store that lives as long as the object; for browsers and tests. */
export function createMemoryStore(): Storage {
  const blocks = new Map<string, Uint8Array>()
  const pins = new Set<string>()
  const notices = new Set<{ doing: Doing }>()
  const key = (digest: Uint8Array): string => digest.join()
  const memory: Blocks = {
    read: async (digest) => blocks.get(key(digest)),
    write: async (digest, bytes) => {
      blocks.set(key(digest), bytes.slice())
    },
    has: async (digest) => blocks.has(key(digest)),
    remove: async (digest) => {
      blocks.delete(key(digest))
    },
    async *list() {
      for (const digest of [...blocks.keys()]) yield Uint8Array.from(digest.split(','), Number)
    },
    pins: async () => [...pins],
    pin: async (cid) => {
      pins.add(cid)
    },
    unpin: async (cid) => {
      pins.delete(cid)
    },
    notices: {
      async post(doing) {
        const notice = { doing }
        notices.add(notice)
        return async () => {
          notices.delete(notice)
        }
      },
      posted: async (doing) => [...notices].filter((notice) => notice.doing === doing).map(() => ({})),
    },
    close: async () => {},
  }
  return createStorage(memory)
}
