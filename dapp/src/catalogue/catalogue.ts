import type { Hex } from '@colophon/sdk'

/** A deposit as its event tells it; the document has the words. */
export interface Entry {
  id: Hex
  claimant: string
  contentHash: Hex
  fingerprint: Hex
  fingerprintType: number
  /** SHA-256 of the document; zero when there is none. */
  metadata: Hex
  salt: Hex
  block: number
  transaction: Hex
}

/** What else the chain knows of works, for filters. */
export interface Standing {
  /** Works with a license on offer that was opened on the chain. */
  offered: Set<string>
  /** Works on either side of a claim. */
  disputed: Set<string>
  refuted: Set<string>
}

export interface Catalogue extends Standing {
  /** Newest first. */
  entries: Entry[]
  byId: Map<string, Entry>
}

export const NO_DOCUMENT: Hex = `0x${'0'.repeat(64)}`

/** An id that the chain has as a number. */
export function word(value: bigint | string): Hex {
  return `0x${BigInt(value).toString(16).padStart(64, '0')}`
}
