import { createStorage, type Storage } from './storage.ts'

/** A store that takes everything and keeps nothing: for the CIDs that things would have. */
export function createDryStore(): Storage {
  return createStorage({
    read: async () => undefined,
    write: async () => {},
    has: async () => false,
    remove: async () => {},
    async *list() {},
    pins: async () => [],
    pin: async () => {},
    unpin: async () => {},
    notices: { post: async () => async () => {}, posted: async () => [] },
    close: async () => {},
  })
}
