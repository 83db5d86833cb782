import { sha256 } from 'ethers'
import type { Hex, Work } from '../deposits/work.ts'
import { cidOfDigest, type DepositReceipt } from '../receipt/receipt.ts'
import { type Check, compared, skipped } from './check.ts'

/** What verification reads from a deposit document. */
export interface DocumentFacts {
  contentHash?: string
  iscc?: string
}

/** The document's bytes against the digest that the deposit commits to. */
export function checkDocument(work: Work, bytes: Uint8Array): Check {
  return compared(
    'document',
    cidOfDigest(work.metadata),
    cidOfDigest(sha256(bytes) as Hex),
    'The document is the one whose CID was deposited.',
    'The document is not the one that was deposited: its CID differs.',
  )
}

/** Reads what can be compared; a document of another format simply has less to compare. */
export function documentFacts(bytes: Uint8Array): DocumentFacts {
  let parsed: Record<string, unknown>
  try {
    parsed = objectOf(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)))
  } catch {
    return {}
  }
  const { sha256: contentHash } = objectOf(parsed.media)
  const { code: iscc } = objectOf(parsed.iscc)
  return { ...(typeof contentHash === 'string' ? { contentHash } : {}), ...(typeof iscc === 'string' ? { iscc } : {}) }
}

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

/** Whether the document speaks of the file that was deposited with it. */
export function checkDocumentContent({ work }: DepositReceipt, facts: DocumentFacts): Check {
  if (facts.contentHash === undefined) return skipped('document-content', 'The document does not name the SHA-256 of its file.')
  return compared(
    'document-content',
    work.contentHash,
    `0x${facts.contentHash.replace(/^0x/, '').toLowerCase()}`,
    'The document names the file that was deposited with it.',
    'The document names another file than the one deposited with it.',
  )
}
