import type { Hex } from '@colophon/sdk'
import type { DepositDocument } from '@colophon/sdk/document'
import { NO_DOCUMENT } from './catalogue.ts'

/** A document that is read: `missing` when nobody has it now, `invalid` when its bytes are none. */
export type DocumentState = { status: 'loading' | 'missing' | 'invalid' } | { status: 'ready'; document: DepositDocument }

export interface Documents {
  /** What is known of a document by its digest. */
  get(digest: Hex): DocumentState | undefined
  /** Asks for those that are not known yet. */
  want(digests: readonly Hex[]): void
  /** Asks again for those that nobody had: the network is back. */
  again(): void
  subscribe(changed: () => void): () => void
  /** Grows with every document that came. */
  version(): number
}

const LOADING: DocumentState = { status: 'loading' }

/**
 * Remembers documents that are read in the background.
 * @param read asks for documents; those that come are told, some at a time
 */
export function createDocuments(read: (digests: Hex[], tell: (found: [Hex, DocumentState][]) => void) => void): Documents {
  const known = new Map<Hex, DocumentState>()
  const listeners = new Set<() => void>()
  let version = 0

  const tell = (found: [Hex, DocumentState][]): void => {
    for (const [digest, state] of found) known.set(digest, state)
    version += found.length
    for (const listener of listeners) listener()
  }
  return {
    get(digest) {
      if (digest === NO_DOCUMENT) return undefined
      return known.get(digest) ?? LOADING
    },
    want(digests) {
      const asked: Hex[] = []
      for (const digest of digests) {
        if (digest === NO_DOCUMENT || known.has(digest)) continue
        known.set(digest, LOADING)
        asked.push(digest)
      }
      if (asked.length > 0) read(asked, tell)
    },
    again() {
      const missing = [...known].filter(([, { status }]) => status === 'missing').map(([digest]) => digest)
      // What is shown of them stays until there is an answer.
      if (missing.length > 0) read(missing, tell)
    },
    subscribe(changed) {
      listeners.add(changed)
      return () => listeners.delete(changed)
    },
    version: () => version,
  }
}
