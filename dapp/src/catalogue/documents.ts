import type { Hex } from '@colophon/sdk'
import type { DepositDocument } from '@colophon/sdk/document'
import { NO_DOCUMENT } from './catalogue.ts'

/** A document that is read: `missing` when nobody has it now, `invalid` when its bytes are none. */
export type DocumentState = { status: 'loading' | 'missing' | 'invalid' } | { status: 'ready'; document: DepositDocument }

export interface Documents {
  /** What is known of a document by its digest; asks for it the first time. */
  get(digest: Hex): DocumentState | undefined
  /** Asks for many, a few at a time. */
  want(digests: readonly Hex[]): void
  subscribe(changed: () => void): () => void
  /** Grows with every document that came. */
  version(): number
}

const AT_ONCE = 6
const LOADING: DocumentState = { status: 'loading' }

/** Reads documents in the background and remembers them. */
export function createDocuments(read: (digest: Hex) => Promise<DocumentState>): Documents {
  const known = new Map<Hex, DocumentState>()
  let queue: Hex[] = []
  const listeners = new Set<() => void>()
  let running = 0
  let version = 0
  let telling = false

  const tell = (): void => {
    version++
    if (telling) return
    telling = true
    // Many come at once: pages draw them together.
    setTimeout(() => {
      telling = false
      for (const listener of listeners) listener()
    }, 60)
  }
  const next = (): void => {
    while (running < AT_ONCE) {
      const digest = queue.shift()
      if (digest === undefined) return
      running++
      read(digest)
        .catch((): DocumentState => ({ status: 'missing' }))
        .then((state) => {
          known.set(digest, state)
          running--
          tell()
          next()
        })
    }
  }
  const want = (digests: readonly Hex[]): void => {
    const asked: Hex[] = []
    for (const digest of digests) {
      if (digest === NO_DOCUMENT || known.has(digest)) continue
      known.set(digest, LOADING)
      asked.push(digest)
    }
    // What is wanted now before what was wanted earlier: it is what is looked at.
    if (asked.length > 0) queue = [...asked, ...queue]
    next()
  }
  return {
    get(digest) {
      if (digest === NO_DOCUMENT) return undefined
      return known.get(digest) ?? LOADING
    },
    want,
    subscribe(changed) {
      listeners.add(changed)
      return () => listeners.delete(changed)
    },
    version: () => version,
  }
}
